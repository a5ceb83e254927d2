"""The folder that --out names: made, locked while a run works in it, and the files of it that the launcher cares for."""
import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
import time

from launcher import ledger
from launcher.console import say
from launcher.ending import BAD_USAGE, Stop

_WAIT_FOR_OTHERS_S = 10


class Folder:
    def __init__(self, path, others_write=False):
        """Makes the folder; Stop where that is not possible. `others_write`: workers that are not ours may be at work in it."""
        self._others_write = others_write
        self.path = os.path.abspath(path)
        try:
            os.makedirs(self.path, mode=0o755, exist_ok=True)
            self.lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            os.makedirs(self / "logs", exist_ok=True)
        except FileExistsError:
            raise Stop(BAD_USAGE, f"--out {path} is a file; wanted is a folder") from None
        except OSError as error:
            raise Stop(BAD_USAGE, f"--out {path} cannot be used: {error.strerror}") from None

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def __enter__(self):
        """Waits a moment for the programs of a run whose launcher was killed; Stop where another run goes on in here. The
        programs that write the ledger inherit the lock, and so hold it as long as they live."""
        deadline = time.monotonic() + _WAIT_FOR_OTHERS_S
        told = False
        while not self._try_lock():
            if time.monotonic() > deadline:
                raise Stop(BAD_USAGE, f"another run is working in {self.path}")
            if not told:
                say(f"another run is still working in {self.path}; waiting for it")
                told = True
            time.sleep(0.05)
        if not self._others_write:
            self.remove_partial_files()
        return self

    def __exit__(self, *_):
        os.close(self.lock)

    def _try_lock(self):
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno != errno.EWOULDBLOCK  # a file system without locks: trust the user
        return True

    def remove_partial_files(self):
        shutil.rmtree(self / ".partial", ignore_errors=True)

    def log(self, name):
        return os.path.join(self.path, "logs", name + ".log")

    def version_of(self, name):
        """Changes whenever that file is written anew; None where there is none."""
        try:
            status = os.stat(self / name)
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)

    def last_outcome(self):
        """Changes whenever the ledger got another outcome."""
        try:
            # Its own `with` would not close it: three open files for each death of a worker.
            with contextlib.closing(ledger.connect(self / "ledger.sqlite", patience_s=1)) as opened:
                return opened.execute("SELECT max(seq) FROM links").fetchone()
        except sqlite3.Error:
            return None
