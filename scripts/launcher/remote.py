"""A machine of --hosts: its worker, started by ssh."""
import contextlib
import os
import shlex
import signal
import subprocess
import threading
import time

from launcher import ending, programs
from launcher.child import Child
from launcher.console import say
from launcher.line_pipe import LinePipe
from launcher.options import passed_on
from launcher.ports import with_port

# A worker whose connection breaks without a word hears nothing any more, and ends after some of these.
_BETWEEN_SIGNS_S = 5
# Where it says so itself, and where it has no thumbline (as shells report it).
_IN_VAIN = (ending.BAD_USAGE, 126, 127)
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1, 30
_SSH_OPTIONS = ("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3")


class RemoteHost(Child):
    """`door()` gives the port at which workers ask, `key` the file with the run's key: what is in it goes over ssh's standard
    input, where nobody sees it."""

    def __init__(self, host, options, door, key, log):
        super().__init__(f"host {host.name}", None, None, log)
        self.given_up = False
        self._host = host
        self._options = options
        self._door = door
        self._key = key
        self._failures = 0

    def start(self, now, stdout=None):
        # What a worker says on standard output is when it is at work.
        said, errors = LinePipe(self._take_announcement), LinePipe(self._take_error)
        self.pipes = [said, errors]
        self._is_up = False
        self._last_lines.clear()
        command = [*shlex.split(os.environ.get("THUMBLINE_SSH", "ssh")), *_SSH_OPTIONS, self._host.login, shlex.join(self._remote_command())]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said.write_end, stderr=errors.write_end,
                                             start_new_session=True)
        finally:
            for pipe in self.pipes:
                pipe.close_write_end()
        self.started_at = now
        self.buried = False
        threading.Thread(target=_give_signs_of_life, args=(self._process, self._key), daemon=True).start()

    def send_signal(self, number):
        """The worker over there hears of it by the end of its standard input; then the connection ends, too."""
        if number == signal.SIGKILL:
            super().send_signal(number)
        elif self._process is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def after_death(self, supervisor):
        """A machine that is away is no reason to end the run: it is tried again, unless that would be in vain."""
        if self.exit_code in _IN_VAIN:
            say(f"{self.name} cannot take part; the run goes on without it")
        if self.exit_code in (ending.OK, *_IN_VAIN):
            self.given_up = True
            return
        self._failures = 0 if self._is_up else self._failures + 1
        wait_s = min(_FIRST_WAIT_S * 2 ** self._failures, _LONGEST_WAIT_S)
        what = "is gone" if self._is_up else "cannot be reached"
        say(f"{self.name} {what}; trying again in {wait_s} s")
        supervisor.start_later(self, wait_s)

    def _remote_command(self):
        """What it does as this machine does, unless its line says otherwise."""
        host, options = self._host, self._options
        numbers = {"threads": getattr(options, "threads", None), "transfers": getattr(options, "transfers", None), **host.numbers}
        words = [os.path.join(host.bin or programs.COMMAND_FOLDER, "thumbline"), "worker", "--key", "-", "--name", host.name,
                 "--head", with_port(host.head or "", self._door()), *passed_on("worker", options)]
        for name, value in numbers.items():
            words += [f"--{name}", str(value)] if value is not None else []
        return [*words, *(["--folder", host.folder] if host.folder else [])]

    def _take_error(self, line):
        super()._take_error(line)
        say(f"{self._host.name}: {line.removeprefix('thumbline: ')}")


def _give_signs_of_life(process, key):
    with contextlib.suppress(OSError, ValueError):  # it has ended, or it was told to
        with open(key, "rb") as file:
            process.stdin.write(file.read())
        while True:
            process.stdin.write(b"\n")
            process.stdin.flush()
            time.sleep(_BETWEEN_SIGNS_S)
