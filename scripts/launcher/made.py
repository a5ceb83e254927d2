"""Which entries of a run's folder thumbline has made; anything else in there is the user's, and never replaced or removed."""
import json
import os
import stat

from launcher.ending import BAD_USAGE, Stop
from launcher.whole_file import whole_file

FILE = ".thumbline"
_OF_EACH_RUN = ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "results.csv", "summary.json", "logs")
NAMES = {  # that each command makes
    "run": (*_OF_EACH_RUN, "images", "thumbnails"),
    "fetch": (*_OF_EACH_RUN, "images"),
    "resize": (*_OF_EACH_RUN, "thumbnails"),
    "compare": (*_OF_EACH_RUN, "images", "thumbnails", "compare"),
    "demo": (*_OF_EACH_RUN, "images", "thumbnails", "gallery-links.txt", ".demo"),
}
_OF_OLDER = {name for names in NAMES.values() for name in names}  # what a thumbline that kept no list made for sure
_LEDGER_MARK = (68, b"thmb")  # SQLite's application_id, as collector/ledger_schema.h has it


class Made:
    """Kept in FOLDER/.thumbline: the names, and for copies of lists what tells whether they were changed since."""

    def __init__(self, folder):
        self._folder = folder
        self._file = os.path.join(folder, FILE)
        self._names = self._read()
        self._is_new = self._names is None
        self._is_older = self._is_new and (_has_ledger(folder) or _has_comparison(folder) or os.path.exists(os.path.join(folder, ".demo")))
        self._names = self._names or {}
        if self._is_older and os.path.lexists(os.path.join(folder, "gallery-links.txt")):
            self._names["gallery-links.txt"] = None

    def claim(self, *names):
        """These may be made, and replaced later. Stop where one is there that thumbline has not made."""
        taken = [name for name in names if not self._may_take(name)]
        if taken:
            these = f"{', '.join(taken)}, which thumbline has not made" if len(taken) < 4 else f"{len(taken)} things that thumbline has not made"
            raise Stop(BAD_USAGE, f"--out {self._folder} holds {these}: give a folder of its own, or move them away")
        new = {name: None for name in names if name not in self._names}
        if new:
            self._names |= new
            self._write()

    def note_copy(self, name):
        """This file was just written, and will not be changed by thumbline: somebody who changes it keeps it. Nothing happens
        where it is the user's."""
        if name not in self._names:
            return
        self._names[name] = _state_of(os.path.join(self._folder, name))
        self._write()

    def forget_if_nothing_came(self):
        """A folder in which nothing was begun is as it was."""
        if self._is_new and not any(_holds_something(os.path.join(self._folder, name)) for name in self._names):
            os.remove(self._file)
            os.rmdir(os.path.join(self._folder, "logs"))

    def _may_take(self, name):
        path = os.path.join(self._folder, name)
        if not os.path.lexists(path):
            return True
        if name in self._names:
            return self._names[name] in (None, _state_of(path))
        return (self._is_older and name in _OF_OLDER) or (os.path.isdir(path) and not os.listdir(path))

    def _read(self):
        """None where there is none."""
        try:
            if not stat.S_ISREG(os.lstat(self._file).st_mode):
                raise ValueError
            with open(self._file) as file:
                names = json.load(file)["made"]
            if not isinstance(names, dict):
                raise ValueError
            return names
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise Stop(BAD_USAGE, f"--out: {self._file} cannot be read as what thumbline writes there: give another --out, or move it away") from None

    def _write(self):
        with whole_file(self._folder, FILE) as file:
            json.dump({"about": "what thumbline has made in this folder, and may replace", "made": self._names}, file, indent=1)


def _state_of(path):
    status = os.lstat(path)
    return [status.st_ino, status.st_size, status.st_mtime_ns]


def _holds_something(path):
    return bool(os.listdir(path)) if os.path.isdir(path) else os.path.lexists(path)


def _has_ledger(folder):
    """Of a thumbline that kept no such list, or of its programs started one by one."""
    offset, mark = _LEDGER_MARK
    try:
        with open(os.path.join(folder, "ledger.sqlite"), "rb") as file:
            file.seek(offset)
            return file.read(len(mark)) == mark
    except OSError:
        return False


def _has_comparison(folder):
    try:
        with open(os.path.join(folder, "compare", "settings.json")) as file:
            return {"fetchers", "threads", "transfers"} <= json.load(file).keys()
    except (OSError, ValueError, AttributeError):
        return False
