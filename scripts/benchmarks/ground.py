"""What every benchmark stands on: programs that are built, pictures, a folder for what comes out."""
import contextlib
import importlib.util
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

from benchmarks import corpus

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
_PACKAGES = {"PIL": "python3-pil", "numpy": "python3-numpy"}


class CannotMeasure(Exception):
    """Why, and what to do."""


def say(message):
    print(f"bench: {message}", file=sys.stderr)


def need(*modules):
    """Raises CannotMeasure where one of Python's is missing."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise CannotMeasure(f"Python's {module} is missing: apt-get install {_PACKAGES[module]}")


def build(*programs):
    """The path of the last one."""
    say("building")
    if subprocess.run([ROOT / "scripts/build", "release", *programs], check=False).returncode != 0:
        raise CannotMeasure("the build failed, see above")
    return ROOT / "build/release/bin" / programs[-1]


def pictures(folder):
    """Paths of all that are in the folder, or in the corpus, which is made where it is not there yet."""
    if folder is None:
        need("PIL")
        folder = ROOT / "build/corpus"
        say(f"making the pictures in {folder}, where they are not there yet")
        try:
            corpus.make(folder)
        except LookupError as error:
            raise CannotMeasure(error) from error
    found = sorted(path.resolve() for path in folder.iterdir() if path.suffix in (".jpg", ".png"))
    if not found:
        raise CannotMeasure(f"there are no .jpg and .png pictures in {folder}")
    return found


def rows_of(ledger, question):
    with contextlib.closing(sqlite3.connect(f"file:{urllib.parse.quote(os.fsencode(ledger))}?mode=ro", uri=True, timeout=60)) as database:
        return database.execute(question).fetchall()


@contextlib.contextmanager
def scratch():
    """A folder that is gone afterwards; on the disk that the project is on, not in memory."""
    with tempfile.TemporaryDirectory(prefix="thumbline-bench-", dir=ROOT / "build") as folder:
        yield pathlib.Path(folder)
