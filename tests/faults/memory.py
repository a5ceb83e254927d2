"""What processes cost while they run."""

import os
import pathlib
import threading


def peak_kib(pid):
    """The most memory that was resident at once so far; 0 where the process is gone."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def handles(pid):
    """Open files and sockets; 0 where the process is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


class Watch:
    """Inside `with`, looks again and again at what the programs of one kind take: `memory_kib` and `handles` are the most that
    was seen."""

    def __init__(self, started, kind):
        self.memory_kib = self.handles = 0
        self._started = started
        self._kind = kind
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look_on(self):
        while not self._over.wait(0.05):
            for pid in self._started.programs(self._kind):
                self.memory_kib = max(self.memory_kib, peak_kib(pid))
                self.handles = max(self.handles, handles(pid))
