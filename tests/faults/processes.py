"""The processes of a run, and killing them."""

import os
import signal
import threading

from thumbline import children_of, program_of

BETWEEN_KILLS_S = 0.2


def kill(pid):
    """Ends a process as the machine's end would; whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def decoders(resizer):
    """The processes in which a resizer decodes."""
    return [pid for pid in children_of(resizer) if program_of(pid) == "thumbline-resizer"]


def kill_everything(started):
    """The launcher and all that it has started, at the same moment: it is stopped first, so that it starts nobody again."""
    launcher = started.process.pid
    os.kill(launcher, signal.SIGSTOP)
    for pid in children_of(launcher):
        kill(pid)
    kill(launcher)
    started.process.communicate()


class KillLoop:
    """Inside `with`, one program after the other dies, at random: one of the named kinds every 200 ms."""

    def __init__(self, started, kinds, chance):
        self.kills = 0
        self._started = started
        self._kinds = kinds
        self._chance = chance
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._kill_on)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _kill_on(self):
        while not self._over.wait(BETWEEN_KILLS_S):
            alive = [pid for kind in self._kinds for pid in self._started.programs(kind)]
            if alive:
                self.kills += kill(self._chance.choice(alive))
