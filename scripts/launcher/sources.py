"""Where the links come from: what the user named, in a form that a producer which is started again can read once more."""
import codecs
import contextlib
import os
import shutil
import stat
import sys

from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Interrupted, Stop


_LOOKED_AT = 4096  # bytes of a list


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
        paths = [lasting(path, folder / f"paths-{number}.txt") for number, path in enumerate(options.images, 1)]
        return ["--images", *paths, "--skip", folder / "thumbnails"]
    if options.links:
        return ["--links", lasting(options.links, folder / "links.txt")]
    if options.client_id:
        os.environ["IMGUR_CLIENT_ID"] = options.client_id  # where no other user of this machine sees it
    api = ["--imgur-api", options.imgur_api] if options.imgur_api else []
    return ["--imgur", str(options.imgur), *api, "--spool", folder / "gallery-links.txt"]


def lasting(path, keep_as):
    """`path` itself, or, where that is a pipe or standard input, the file `keep_as`, into which all of it is read first."""
    if path != "-" and (os.path.isdir(path) or stat.S_ISREG(os.stat(path).st_mode)):
        return path
    if path == "-" and sys.stdin.isatty():
        say("reading from the terminal; Ctrl-D ends the list")
    copy(sys.stdin.fileno() if path == "-" else path, keep_as)
    return keep_as


def copy(source, to):
    """`source` is a path or a file descriptor; nobody sees half of it."""
    aside = to + ".partial"
    try:
        with open(source, "rb", closefd=isinstance(source, str)) as read, open(aside, "wb") as written:
            shutil.copyfileobj(read, written)
        os.replace(aside, to)
    except Interrupted:
        raise Stop(CANNOT_GO_ON, "stopped before the list had ended; nothing was started") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(aside)


def has_links(path):
    """Whether a list has more than comments and empty lines; as producer/line_source.cpp reads it."""
    with open(path, "rb") as file:
        lines = (line.removeprefix(codecs.BOM_UTF8).strip() for line in file)
        return any(line and not line.startswith(b"#") for line in lines)


def _named(options):
    if options.command == "resize":
        return [("--images", path) for path in options.images]
    return [("--links", options.links)] if getattr(options, "links", None) else []
