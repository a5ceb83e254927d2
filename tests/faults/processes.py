"""The processes of a run, and killing them."""

import os
import signal
import threading

from thumbline import children_of, program_of

BETWEEN_KILLS_S = 0.2
MOST_IN_A_ROW = 50


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
    """Inside `with`, one program after the other dies, at random: one of the named kinds every `interval_s`. `progress()` is anything
    that changes when the run advances: where 50 deaths have kept it from that (a busy machine may take longer for a start than
    they leave it), the next comes when it has."""

    def __init__(self, started, kinds, chance, progress, interval_s=BETWEEN_KILLS_S):
        self.kills = 0
        self._started = started
        self._kinds = kinds
        self._chance = chance
        self._progress = progress
        self._interval_s = interval_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._kill_on)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _kill_on(self):
        in_a_row, reached = 0, None
        while not self._over.wait(self._interval_s):
            in_a_row, before, reached = in_a_row + 1, reached, self._progress()
            if reached != before:
                in_a_row = 0
            if in_a_row > MOST_IN_A_ROW:
                continue
            alive = [pid for kind in self._kinds for pid in self._started.programs(kind)]
            if alive:
                self.kills += kill(self._chance.choice(alive))
