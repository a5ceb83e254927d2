"""All of it without a network: a local gallery stands in for Imgur, its API and its pictures."""
import argparse
import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile

from launcher import programs, sources
from launcher.console import say, show
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, OK, Interrupted, Stop, how_it_ended
from launcher.folder import Folder
from launcher.run import Run
from launcher.whole_file import append_only

_MARK = ".demo"  # in a folder that an earlier demo has made


def demo(options):
    """Starts afresh each time: there is no gallery any more at the address of the one before."""
    if not _is_free(options.out):
        raise Stop(BAD_USAGE, f"--out {options.out} holds something else than a demo")
    with Folder(options.out, "demo") as folder, tempfile.TemporaryDirectory(prefix="thumbline-gallery-") as pictures:
        open(folder / _MARK, "a", opener=append_only).close()
        programs.ensure((*programs.NAMES, "thumbline-draw"))
        _clear(folder)
        tell = (lambda text: None) if options.quiet else say
        tell(f"drawing {options.pictures} pictures")
        _draw(options.pictures, pictures)
        with _gallery(pictures) as url:
            tell(f"a gallery on this machine, {url}, stands in for Imgur")
            own_options = argparse.Namespace(**{**vars(options), "command": "run", "links": None, "imgur": options.pictures,
                                                "imgur_api": url, "client_id": "demo", "allow_private": True})
            try:
                code = Run("run", own_options, folder, sources.producer_source(own_options, folder)).execute()
            except (Interrupted, Stop):
                tell("a demo begins anew each time, with another gallery")
                raise
    if code == OK and not options.quiet:
        _show_the_way(options.out)
    return code


def _is_free(path):
    return not os.path.isdir(path) or not os.listdir(path) or os.path.exists(os.path.join(path, _MARK))


def _clear(folder):
    """Removes what the demo before has made, file by file: somebody may have laid something beside it."""
    for name in _names_of_pictures(folder):
        for path in (*folder.glob(f"images/{name}.*"), *folder.glob(f"thumbnails/{name}_thumbnail.*")):
            os.remove(path)
    for name in ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "summary.json", "results.csv", "gallery-links.txt"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(folder / name)
    for name in ("images", "thumbnails"):
        with contextlib.suppress(OSError):  # it is not there, or not empty
            os.rmdir(folder / name)


def _names_of_pictures(folder):
    """Patterns for NAME (README) of each link that the demo before got from its gallery: .../ID.jpg."""
    names = set()
    with contextlib.suppress(FileNotFoundError), open(folder / "gallery-links.txt", errors="replace") as links:
        for link in map(str.strip, links):
            stem = link.rpartition("/")[2].partition(".")[0]
            if stem.isalnum():
                names.add(f"{stem}-{hashlib.sha256(link.encode()).hexdigest()[:12]}*")
    return names


def _draw(count, folder):
    drawer = programs.path("thumbline-draw")
    code = subprocess.run([drawer, folder, "--count", str(count)]).returncode
    if code != 0:
        raise Stop(CANNOT_GO_ON, f"the gallery's pictures could not be drawn into {folder}: {drawer} {how_it_ended(code)}, see above")


def _show_the_way(out):
    show(f"""
The pictures are in {out}/images, their thumbnails in {out}/thumbnails.
What became of each link: {out}/results.csv, and with SQL: {out}/ledger.sqlite

Next, with links of your own, one a line:
  {programs.COMMAND} run --links links.txt --out pictures
and what threads and processes are worth on this machine:
  {programs.COMMAND} compare --links links.txt --out comparison
""")


@contextlib.contextmanager
def _gallery(pictures):
    """The gallery's URL, as long as it is open."""
    server = subprocess.Popen([sys.executable, programs.GALLERY, pictures], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              start_new_session=True)
    try:
        said, _, url = server.stdout.readline().decode().strip().rpartition(" ")
        if not said:
            raise Stop(CANNOT_GO_ON, "the gallery did not start, see above")
        yield url
    finally:
        server.terminate()
        server.wait()
