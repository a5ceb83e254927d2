"""Where the links come from: what the user named, in a form that a producer which is started again can read once more."""
import os
import stat
import sys

from launcher import list_format
from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Interrupted, Stop
from launcher.whole_file import whole_file

_LONGEST_PIECE = 1 << 16
_SPACES = " \t\r\n\v\f\u00a0\u2028\u2029\u202f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200e)))  # as in producer/pasted_link.cpp


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
                    begin = file.read(list_format.LOOKED_AT)
                if option == "--links":
                    _refuse_other_kinds(path, begin)
        except OSError as error:
            raise Stop(BAD_USAGE, f"{option} {path}: {error.strerror}") from None
        if option == "--links" and os.path.isdir(path):
            raise Stop(BAD_USAGE, f"{option} {path}: this is a folder; wanted is a list of links")


def _refuse_other_kinds(path, beginning):
    if why := list_format.refusal(path, beginning):
        raise Stop(BAD_USAGE, f"--links {path}: {why}")


def producer_source(options, folder):
    """The producer's options that say where links come from."""
    if options.command == "resize":
        paths = [lasting(path, folder, f"paths-{number}.txt") for number, path in enumerate(options.images, 1)]
        return ["--images", *paths, "--skip", folder / "thumbnails"]
    if options.links:
        return ["--links", lasting(options.links, folder, "links.txt", is_of_links=True)]
    if options.client_id:
        os.environ["IMGUR_CLIENT_ID"] = options.client_id  # where no other user of this machine sees it
    folder.made.claim("gallery-links.txt")
    api = ["--imgur-api", options.imgur_api] if options.imgur_api else []
    return ["--imgur", str(options.imgur), *api, "--spool", folder / "gallery-links.txt"]


def lasting(path, folder, keep_as, is_of_links=False):
    """`path` itself, or, where that is a pipe or standard input, the file `keep_as` of the folder, into which all of it is read
    first."""
    if path != "-" and not _is_stream(path):
        return path
    if path != "-":
        say(f"reading the list from the FIFO {path}, until its writer closes it")
    elif sys.stdin.isatty():
        say("reading from the terminal; Ctrl-D ends the list")
    return copy(path, folder, keep_as, is_of_links)


def _is_stream(path):
    """Whether it can be read only once. Other devices are not read as a whole: some never end."""
    mode = os.stat(path).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or (stat.S_ISCHR(mode) and path in ("/dev/stdin", "/dev/tty"))


def copy(source, folder, name, is_of_links=False):
    """The path of the copy. `source` is a path, or - for standard input; nobody sees half of it, and no file of the user's is
    replaced. With `is_of_links`, Stop where it is another kind of list."""
    import filecmp
    import shutil

    path = folder / name

    def is_another_list(new):
        if os.path.isfile(path) and filecmp.cmp(new, path, shallow=False):
            return False
        folder.made.claim(name)
        return True

    try:
        with (open(sys.stdin.fileno() if source == "-" else source, "rb", closefd=source != "-") as read,
              whole_file(folder.path, name, "wb", is_wanted=is_another_list) as written):
            beginning = read.read(list_format.LOOKED_AT)
            if is_of_links:
                _refuse_other_kinds(source, beginning)
            written.write(beginning)
            shutil.copyfileobj(read, written)
    except Interrupted:
        raise Stop(CANNOT_GO_ON, "stopped before the list had ended; nothing was started") from None
    folder.made.note_copy(name)
    return path


def has_links(path):
    """Whether a list has more than comments and empty lines; as producer/line_source.cpp reads it."""
    with open(path, "rb") as file:
        lines = (line.decode("utf-8", "replace").strip(_SPACES) for line in _beginnings_of_lines(file))
        return any(line and not line.startswith("#") for line in lines)


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
