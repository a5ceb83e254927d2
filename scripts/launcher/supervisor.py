"""Keeps the programs of a run going: waits for what they announce, starts again who died, ends them all."""
import selectors
import signal
import time

from launcher import ending
from launcher.console import say
from launcher.ending import Interrupted, Stop, how_it_ended

_PATIENCE_S = 5.0  # between asking a program to end and ending it


class Supervisor:
    """`progress()` is anything that changes when the run advances; `stdout` takes the collector's table. Sleeps until
    something happens: a line in a pipe, a death, a signal, the time to start somebody again; with `look_s`, for so long at
    most."""

    def __init__(self, signals, progress, stdout=None, look_s=None):
        self._signals = signals
        self._progress = progress
        self._stdout = stdout
        self._look_s = look_s
        self._children = []
        self._due = {}  # who waits to be started again: child -> when
        self._selector = selectors.DefaultSelector()
        self._selector.register(signals.pipe, selectors.EVENT_READ)

    def start(self, child):
        """Starts the program and looks after it from now on."""
        self._children.append(child)
        self._launch(child)

    def listen(self, pipe):
        """Reads from it, too, whenever there is something."""
        self._selector.register(pipe, selectors.EVENT_READ)

    def start_later(self, child, wait_s):
        """Starts a program that ended again, `wait_s` seconds from now."""
        self._due[child] = time.monotonic() + wait_s

    def wait(self, until, on_death=lambda child: False):
        """Keeps everything going until `until()` is true. `on_death(child)` may take care of a death by saying True. Raises
        Interrupted, or Stop where a program cannot be kept going."""
        while not until():
            self._pass_time()
            if self._signals.take():
                raise Interrupted()
            self._bury_the_dead(on_death)
            self._start_who_is_due()

    def end(self, *groups, by=signal.SIGTERM, patience_s=_PATIENCE_S):
        """Asks the children of each group to end, group after group. Another signal in the meantime: all end at once."""
        self._due.clear()
        for group in groups:
            for child in group:
                child.send_signal(by)
                child.send_signal(signal.SIGCONT)  # one that was stopped would not hear the other
            deadline = time.monotonic() + patience_s
            while any(child.running for child in group) and time.monotonic() < deadline:
                self._pass_time(deadline)
                if self._signals.take():
                    patience_s = deadline = 0
            for child in group:
                child.send_signal(signal.SIGKILL)

    def close(self):
        """Ends whoever is left, without asking."""
        for child in self._children:
            child.send_signal(signal.SIGKILL)
        for child in self._children:
            child.reap()
            self._close_pipes(child)
        self._selector.close()

    def _launch(self, child):
        try:
            child.start(time.monotonic(), self._stdout)
        except OSError as error:
            raise Stop(ending.CANNOT_GO_ON, f"cannot start {child.name}: {error}") from None
        for pipe in child.pipes:
            self._selector.register(pipe, selectors.EVENT_READ)

    def _pass_time(self, deadline=None):
        moments = [*self._due.values()] + ([] if deadline is None else [deadline])
        if self._look_s is not None:
            moments.append(time.monotonic() + self._look_s)
        timeout = max(0.0, min(moments) - time.monotonic()) if moments else None
        for key, _ in self._selector.select(timeout):
            if key.fileobj is not self._signals.pipe and not key.fileobj.read():
                self._selector.unregister(key.fileobj)

    def _bury_the_dead(self, on_death):
        for child in self._children:
            if child.buried or child.running:
                continue
            self._close_pipes(child)
            child.buried = True
            if not on_death(child):
                self._resurrect(child)

    def _resurrect(self, child):
        how = how_it_ended(child.exit_code)
        if child.ended_for_good:
            raise Stop(child.exit_code, "\n".join(child.last_words()))
        now = time.monotonic()
        wait_s = child.restarts.died(now - child.started_at, self._progress(), child.was_at_work, now)
        if wait_s is None:
            words = "".join(f"\n  {line}" for line in child.last_words())
            raise Stop(ending.CANNOT_GO_ON, f"{child.name} keeps dying ({how}, {child.restarts.in_a_row} times in a row){words}")
        later = f" in {wait_s:.1f} s" if wait_s else ""
        say(f"{child.name} (process {child.pid}) {how}; starting it again{later}")
        self.start_later(child, wait_s)

    def _start_who_is_due(self):
        now = time.monotonic()
        for child in [child for child, due in self._due.items() if due <= now]:
            del self._due[child]
            self._launch(child)

    def _close_pipes(self, child):
        for pipe in child.pipes:
            if pipe in self._selector.get_map():
                self._selector.unregister(pipe)
            pipe.close()
        child.pipes = []
