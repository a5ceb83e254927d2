"""One of the programs of a run: how it is started, what it announced, and what it said last."""
import collections
import os
import subprocess

from launcher import ending
from launcher.line_pipe import LinePipe
from launcher.log import add_line
from launcher.restarts import Restarts

_LAST_LINES = 5
# Announcements of programs that are still at their start.
_BEFORE_ALL_ELSE = ("key",)


class Child:
    """`arguments(child)` gives the command line, `inherits()` the descriptors that the program gets; both are asked at each
    start. `listens`: the names of its sockets, for whoever gives these."""

    def __init__(self, name, program, arguments, log, on_terminal=False, final_codes=(ending.BAD_USAGE,), inherits=lambda: (), listens=(),
                 heard=None, environment=None):
        self.name = name
        self.restarts = Restarts()
        self.pipes = []  # that have to be read while the program runs
        self.started_at = None
        self.buried = False  # its death was seen and dealt with
        self._program = program
        self._arguments = arguments
        self._log = log
        self._on_terminal = on_terminal  # the collector: its progress and its table are for the user
        self._final_codes = final_codes  # exit codes after which another try would end the same way
        self._inherits = inherits
        self.listens = listens
        self._heard = heard  # is told each announcement
        self._environment = environment or {}  # besides the launcher's own
        self._process = None
        self._announced = {}
        self._is_up = False
        self._has_been_up = False  # an earlier process
        self._last_lines = collections.deque(maxlen=_LAST_LINES)

    def start(self, now, stdout=None):
        """Starts the program. `stdout` is where one that is on the terminal prints; None: where the launcher prints."""
        announcements = LinePipe(self._take_announcement)
        errors = None if self._on_terminal else LinePipe(self._take_error)
        command = [self._program, *self._arguments(self), "--log", self._log, "--announce-fd", str(announcements.write_end),
                   "--die-with-parent"]
        self.pipes = [pipe for pipe in (announcements, errors) if pipe]
        self._has_been_up = self._has_been_up or self._is_up
        self._is_up = False
        self._last_lines.clear()
        try:
            # A session of its own: Ctrl-C in the terminal reaches the launcher alone, which decides what is to be done.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stdout if self._on_terminal else subprocess.DEVNULL,
                stderr=errors.write_end if errors else None, start_new_session=True,
                pass_fds=(announcements.write_end, *self._inherits()), env={**os.environ, **self._environment})
        finally:
            for pipe in self.pipes:
                pipe.close_write_end()
        self.started_at = now
        self.buried = False

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self):
        """Of the process that ended; negative: by this signal. None where it has not."""
        return self._process.returncode if self._process else None

    @property
    def ended_for_good(self):
        """Whether it said that another try would end the same way. Where a program that is started again does not get through its
        start any more, what is in its way may be there for a moment: that is worth another try."""
        in_vain = self._has_been_up and not self._is_up
        return self.exit_code == ending.BAD_USAGE or (self.exit_code in self._final_codes and not in_vain)

    @property
    def was_at_work(self):
        """Whether the process that runs, or ran last, got through its start."""
        return self._is_up

    def send_signal(self, number):
        if self.running:
            self._process.send_signal(number)

    def ends_within(self, seconds):
        """Waits for the end, at most so long; whether it came."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def reap(self):
        if self._process is not None:
            self._process.wait()

    def has_announced(self, *names):
        return all(name in self._announced for name in names)

    def last_words(self):
        """What the program said last: on standard error, else in its log. Nothing where the user has read it."""
        if self._last_lines or (self._on_terminal and self.exit_code >= 0):
            return list(self._last_lines)
        try:
            with open(self._log, "rb") as log:
                log.seek(max(0, os.fstat(log.fileno()).st_size - 2000))
                return log.read().decode(errors="replace").splitlines()[-_LAST_LINES:]
        except OSError:
            return []

    def _take_announcement(self, line):
        what, _, endpoint = line.partition(" ")
        self._announced[what] = endpoint
        self._is_up = self._is_up or what not in _BEFORE_ALL_ELSE
        if self._heard:
            self._heard(what, endpoint)

    def _take_error(self, line):
        self._last_lines.append(line)
        add_line(self._log, line)
