"""Where the links come from: what the user named, in a form that a producer which is started again can read once more."""
import codecs
import os
import stat
import sys

from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Interrupted, Stop
from launcher.whole_file import whole_file

_LOOKED_AT = 4096  # bytes of a list
_LONGEST_PIECE = 1 << 16


def check(options):
    """Stop where the user named something that cannot be read; before anything is made or started."""
    for option, path in _named(options):
        if path == "-":
            if sys.stdin is None:
                raise Stop(BAD_USAGE, f"{option} -: standard input is closed; give a file, or a list on standard input")
            continue
        try:
            if os.path.isdir(path):
                os.listdir(path)
            elif stat.S_ISREG(os.stat(path).st_mode):
                with open(path, "rb") as file:
                    begin = file.read(_LOOKED_AT)
                if option == "--links" and b"\0" in begin:
                    raise Stop(BAD_USAGE, f"{option} {path}: this is no text in UTF-8; wanted is a list of links, one a line")
        except OSError as error:
            raise Stop(BAD_USAGE, f"{option} {path}: {error.strerror}") from None
        if option == "--links" and os.path.isdir(path):
            raise Stop(BAD_USAGE, f"{option} {path}: this is a folder; wanted is a list of links")


def producer_source(options, folder):
    """The producer's options that say where links come from."""
    if options.command == "resize":
        paths = [lasting(path, folder, f"paths-{number}.txt") for number, path in enumerate(options.images, 1)]
        return ["--images", *paths, "--skip", folder / "thumbnails"]
    if options.links:
        return ["--links", lasting(options.links, folder, "links.txt")]
    if options.client_id:
        os.environ["IMGUR_CLIENT_ID"] = options.client_id  # where no other user of this machine sees it
    folder.made.claim("gallery-links.txt")
    api = ["--imgur-api", options.imgur_api] if options.imgur_api else []
    return ["--imgur", str(options.imgur), *api, "--spool", folder / "gallery-links.txt"]


def lasting(path, folder, keep_as):
    """`path` itself, or, where that is a pipe or standard input, the file `keep_as` of the folder, into which all of it is read
    first."""
    if path != "-" and not _is_stream(path):
        return path
    if path != "-":
        say(f"reading the list from the FIFO {path}, until its writer closes it")
    elif sys.stdin.isatty():
        say("reading from the terminal; Ctrl-D ends the list")
    return copy(sys.stdin.fileno() if path == "-" else path, folder, keep_as)


def _is_stream(path):
    """Whether it can be read only once. Other devices are not read as a whole: some never end."""
    mode = os.stat(path).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or (stat.S_ISCHR(mode) and path in ("/dev/stdin", "/dev/tty"))


def copy(source, folder, name):
    """The path of the copy. `source` is a path or a file descriptor; nobody sees half of it, and no file of the user's is replaced."""
    import filecmp
    import shutil

    path = folder / name

    def is_another_list(new):
        if os.path.isfile(path) and filecmp.cmp(new, path, shallow=False):
            return False
        folder.made.claim(name)
        return True

    try:
        with (open(source, "rb", closefd=isinstance(source, str)) as read,
              whole_file(folder.path, name, "wb", is_wanted=is_another_list) as written):
            shutil.copyfileobj(read, written)
    except Interrupted:
        raise Stop(CANNOT_GO_ON, "stopped before the list had ended; nothing was started") from None
    folder.made.note_copy(name)
    return path


def has_links(path):
    """Whether a list has more than comments and empty lines; as producer/line_source.cpp reads it."""
    with open(path, "rb") as file:
        lines = (line.removeprefix(codecs.BOM_UTF8).strip() for line in _beginnings_of_lines(file))
        return any(line and not line.startswith(b"#") for line in lines)


def _beginnings_of_lines(file):
    """As much of each as tells what it is: a line may have any length."""
    while piece := file.readline(_LONGEST_PIECE):
        yield piece
        while piece and not piece.endswith(b"\n"):
            piece = file.readline(_LONGEST_PIECE)


def _named(options):
    if options.command == "resize":
        return [("--images", path) for path in options.images]
    return [("--links", options.links)] if getattr(options, "links", None) else []
