"""The folder that --out names: made, locked while a run works in it, and the files of it that the launcher cares for."""
import contextlib
import errno
import fcntl
import os
import time

from launcher import ownership, whole_file
from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Stop
from launcher.made import NAMES, Made

_WAIT_FOR_OTHERS_S = 10


class Folder:
    def __init__(self, path, command, others_write=False):
        """Makes the folder for that command; Stop where that is not possible, where somebody else could lead thumbline out of it,
        and where it holds what thumbline has not made. `others_write`: workers that are not ours may be at work in it."""
        self._command = command
        self._others_write = others_write
        self.path = os.path.abspath(path)
        try:
            os.makedirs(self.path, mode=0o755, exist_ok=True)
            ownership.check(self.path)
            self.lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
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
        try:
            self.made = Made(self.path)
            self.made.claim(*NAMES[self._command])
            os.makedirs(self / "logs", exist_ok=True)
        except OSError as error:
            os.close(self.lock)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Stop(CANNOT_GO_ON, f"no room left in {self.path}; make room and run the same command again") from None
            raise Stop(BAD_USAGE, f"--out {self.path} cannot be used: {error.strerror}") from None
        except Stop:
            os.close(self.lock)
            raise
        if not self._others_write:
            self.remove_partial_files()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.made.forget_if_nothing_came()
        os.close(self.lock)

    def _try_lock(self):
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno != errno.EWOULDBLOCK  # a file system without locks: trust the user
        return True

    def check_in_place(self, files):
        """Stop where the folder, or one of these files of it, is not there any more: a program that is started again would begin
        anew in another folder, with another ledger or key."""
        try:
            in_place = os.path.samestat(os.stat(self.path), os.fstat(self.lock))
        except FileNotFoundError:
            in_place = False
        except OSError:
            return  # a file server that is away for a moment
        if not in_place:
            raise Stop(CANNOT_GO_ON, f"{self.path} was moved or removed while the run was at work in it; move it back (a new folder of "
                                     "that name has what came since) and run the same command again")
        for name in files:
            if not os.path.exists(self / name):
                raise Stop(CANNOT_GO_ON, f"{self / name} was removed while the run was at work; put it back, if you have it, and run the "
                                         "same command again")

    def remove_partial_files(self):
        """What was being written when its process was killed."""
        whole_file.sweep(self.path)

    def glob(self, pattern):
        """The paths of those of its files."""
        import glob

        return glob.glob(os.path.join(glob.escape(self.path), pattern))

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
        import sqlite3

        from launcher import ledger

        try:
            # Its own `with` would not close it: three open files for each death of a worker.
            with contextlib.closing(ledger.connect(self / "ledger.sqlite", patience_s=1)) as opened:
                return opened.execute("SELECT max(seq) FROM links").fetchone()
        except sqlite3.Error:
            return None
