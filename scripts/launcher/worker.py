"""Takes part in a run that another machine has begun: fetchers and resizers here, told by the head where all others are."""
import os
import re
import signal
import socket
import tempfile
import time

from launcher import ending, ports, programs
from launcher.child import Child
from launcher.console import say
from launcher.ending import BAD_USAGE, Interrupted, Stop
from launcher.options import passed_on
from launcher.signals import Signals
from launcher.supervisor import Supervisor

_DRAIN_S = 90.0  # the programs' own limits are shorter
_LOOK_S = 1.0
_NEWS = {
    "ready": "at work (Ctrl-C: finish what is in hand and leave)",
    "silent": "the head is silent: waiting some minutes for it to come back (Ctrl-C leaves)",
    "back": "the head is back",
}


class Worker:
    def __init__(self, options, key, leash=None):
        """`leash` tells when whoever started this worker is gone."""
        self._options = options
        self._leash = leash
        self._head = _door(options.head)
        self._key = key
        self._logs = os.path.join(_cache(), "logs")
        self._name = options.name or socket.gethostname()
        self._told = None  # the last that was said
        os.makedirs(self._logs, exist_ok=True)
        self._fetchers = [self._child("fetcher", n) for n in range(1, options.fetchers + 1)]
        self._resizers = [self._child("resizer", n) for n in range(1, options.resizers + 1)]

    def work(self):
        """Until the run is over. Asked to end, it finishes what is in hand; asked again, it ends at once."""
        with Signals() as signals:
            supervisor = Supervisor(signals, lambda: None, look_s=_LOOK_S)
            if self._leash:
                supervisor.listen(self._leash)
            if not self._leash and not self._options.quiet:
                say(f"asking the head {self._head.removeprefix('tcp://')} where the work is")
            try:
                for child in (*self._fetchers, *self._resizers):
                    supervisor.start(child)
                supervisor.wait(self._is_over, self._has_left)
            except Interrupted:
                say("leaving: finishing what is in hand (once more: at once)")
                for group in (self._fetchers, self._resizers):  # in this order: they may need each other
                    supervisor.end(group, patience_s=_DRAIN_S)
                return ending.OK
            finally:
                supervisor.end((*self._fetchers, *self._resizers), by=signal.SIGINT)
                supervisor.close()
        if self._leash and self._leash.is_broken():
            raise Stop(ending.CANNOT_GO_ON)  # nobody is there to be told
        if not self._options.quiet:
            say("the run is over")
        return ending.OK

    def _is_over(self):
        children = (*self._fetchers, *self._resizers)
        return (self._leash and self._leash.is_broken()) or all(child.exit_code == ending.OK for child in children)

    def _has_left(self, child):
        return child.exit_code == ending.OK

    def _child(self, program, number):
        name = f"{program}-{number}"
        return Child(name, programs.path(f"thumbline-{program}"), lambda child: self._arguments(program, number),
                     os.path.join(self._logs, f"{self._name}-{os.getpid()}-{name}.log"), final_codes=(ending.BAD_USAGE, ending.CANNOT_GO_ON),
                     heard=self._tell)

    def _tell(self, what, _):
        """Once, however many programs say it."""
        if what == "ready" and not all(child.has_announced("ready") for child in (*self._fetchers, *self._resizers)):
            return
        if self._leash and what == "ready":
            print("ready -", flush=True)  # for whoever holds the leash
        if what in _NEWS and what != self._told and not self._options.quiet:
            self._told = what
            say(_NEWS[what])

    def _arguments(self, program, number):
        arguments = ["--head", self._head, "--key", self._key, "--name", self._name, *passed_on(program, self._options)]
        if self._options.folder:
            arguments += ["--store", self._options.folder]
        if program == "fetcher":
            first = self._options.port
            arguments += ["--paths", f"tcp://*:{first + number - 1 if first else '*'}"]
        return arguments


class Leash:
    """Standard input, on which whoever started this worker gives a sign of life now and then."""

    _LONGEST_SILENCE_S = 30.0

    def __init__(self):
        os.set_blocking(0, False)
        self._heard = time.monotonic()
        self._ended = False

    def fileno(self):
        return 0

    def read(self):
        """Takes what is there; False once nothing can come any more."""
        try:
            self._ended = not os.read(0, 4096)
        except BlockingIOError:
            return True
        self._heard = time.monotonic()
        return not self._ended

    def is_broken(self):
        return self._ended or time.monotonic() - self._heard > self._LONGEST_SILENCE_S


def work(options):
    if not options.fetchers and not options.resizers:
        raise Stop(BAD_USAGE, "a worker without fetchers and resizers has nothing to do")
    if options.key != "-":
        if not os.path.exists(options.key):
            raise Stop(BAD_USAGE, f"--key {options.key}: there is no such file; it is run.key in the folder of the run")
        programs.ensure()
        return Worker(options, os.path.abspath(options.key)).work()
    with tempfile.TemporaryDirectory(prefix="thumbline-") as folder:
        key = os.path.join(folder, "run.key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_key_from_stdin())
        programs.ensure()
        return Worker(options, key, Leash()).work()


def _key_from_stdin():
    """Its two lines, and not a byte more."""
    key = b""
    while key.count(b"\n") < 2 and len(key) < 1000:
        byte = os.read(0, 1)
        if not byte:
            raise Stop(BAD_USAGE, "--key -: there is no key on standard input")
        key += byte
    return key


def _door(head):
    """The endpoint at which the head is asked. Started by ssh without a host, it is where that comes from."""
    host, _, port = head.rpartition(":") if re.search(r"^[^:]*:\d+$|\]:\d+$", head) else (head, "", str(ports.DEFAULT))
    if not host:
        host = os.environ.get("SSH_CONNECTION", "").partition(" ")[0]
        if not host:
            raise Stop(BAD_USAGE, f"--head {head}: wanted is HOST or HOST:PORT")
    if "@" in host or not 0 < int(port) < 65536:
        raise Stop(BAD_USAGE, f"--head {head}: wanted is HOST or HOST:PORT, without a user's name, and with a port below 65536")
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"tcp://{host}:{port}"


def _cache():
    given = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(given if given.startswith("/") else os.path.expanduser("~/.cache"), "thumbline")
