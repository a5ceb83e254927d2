"""Takes part in a run that another machine has begun: fetchers and resizers here, told by the head where all others are."""
import os
import signal
import socket
import tempfile

from launcher import door, programs, requests
from launcher.child import Child
from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, OK, Interrupted, Stop
from launcher.leash import Leash
from launcher.options import passed_on
from launcher.signals import Signals
from launcher.supervisor import Supervisor

_DRAIN_S = 90.0  # the programs' own limits are shorter
_LOOK_S = 1.0
_OTHERS_FOLLOW_S = 5.0  # by then what happened to all of a machine's programs has ended them all
_AT_WORK = "at work (Ctrl-C: finish what is in hand and leave)"
_NEWS = {
    "silent": "the head is silent: waiting some minutes for it to come back (Ctrl-C leaves)",
    "back": "the head is back",
}
_LOOSE_END = "--key -: standard input has ended, and so this worker: it has to stay open (else: --key FILE)"


class Worker:
    def __init__(self, options, key, leash=None):
        """`leash` tells when whoever started this worker is gone."""
        self._options = options
        self._leash = leash
        self._head = door.endpoint(options.head)
        self._key = key
        self._logs = os.path.join(_cache(), "logs")
        self._name = options.name or socket.gethostname()
        self._told = None  # the last that was heard of the head
        self._is_at_work = False
        self._refusal = None  # why this machine cannot take part as it is
        self._local_folder = None  # where the head shares none
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
                supervisor.wait(self._is_over, lambda child: self._take_care(supervisor, child))
            except Interrupted:
                say("leaving: finishing what is in hand (once more: at once)")
                supervisor.end(self._fetchers, self._resizers, patience_s=_DRAIN_S)  # in this order: they may need each other
                return OK
            finally:
                supervisor.end((*self._fetchers, *self._resizers), by=signal.SIGINT)
                supervisor.close()
        if self._refusal:
            raise Stop(BAD_USAGE, self._refusal)
        if self._leash and self._leash.is_broken:
            raise Stop(CANNOT_GO_ON, "" if self._leash.had_a_holder else _LOOSE_END)
        if not self._options.quiet:
            say("the run is over")
        return OK

    @property
    def _children(self):
        return (*self._fetchers, *self._resizers)

    def _is_over(self):
        return self._refusal or (self._leash and self._leash.is_broken) or all(child.exit_code == OK for child in self._children)

    def _take_care(self, supervisor, child):
        """The deaths that mean something else than starting again."""
        if child.exit_code == OK:
            self._note_work()  # the others may have waited for this one alone
            return True
        if child.exit_code != CANNOT_GO_ON:
            return False
        # One of many that were at work may have run out of memory or processes. What keeps one from its start, or happens to the
        # head or to all of this machine, would end another try, too.
        others_go_on = any(other.exit_code not in (OK, CANNOT_GO_ON) for other in self._children)
        if self._told == "silent" or not child.has_announced("ready") or not others_go_on:
            raise Stop(CANNOT_GO_ON, "\n".join(child.last_words()))
        why = "".join(f": {line}" for line in child.last_words()[-1:])
        say(f"{child.name} (process {child.pid}) cannot go on{why}; starting it again in {_OTHERS_FOLLOW_S:.0f} s")
        supervisor.start_later(child, _OTHERS_FOLLOW_S)
        return True

    def _child(self, program, number):
        name = f"{program}-{number}"
        return Child(name, programs.path(f"thumbline-{program}"), lambda child: self._arguments(program, number),
                     os.path.join(self._logs, f"{self._name}-{os.getpid()}-{name}.log"), heard=self._hear,
                     environment=requests.environment(program, self._options))

    def _hear(self, what, where):
        """Of one of the programs, which all say the same."""
        if what == "ready":
            self._note_work()
            if self._told == "silent":  # and whoever said that may be gone
                what = "back"
        if what == "local":
            self._note_local_folder(where)
        elif what in _NEWS and what != self._told:
            self._told = what
            self._say(_NEWS[what])

    def _note_work(self):
        """Once all are at work. Those for whom the run has none (resizers in `fetch`) have ended already."""
        idle = [child for child in self._children if not child.has_announced("ready")]
        if self._is_at_work or self._refusal or len(idle) == len(self._children) or not all(child.exit_code == OK for child in idle):
            return
        self._is_at_work = True
        if self._leash:
            print("ready -", flush=True)  # for whoever holds the leash
        self._say(_AT_WORK)

    def _note_local_folder(self, folder):
        """Where machines share no folder, resizers get what is downloaded into their own, and nothing else."""
        if not self._resizers:
            self._refusal = "this run shares no folder (--store local): a machine that downloads needs resizers, too"
        elif not self._fetchers and self._local_folder is None:
            self._say("this run shares no folder (--store local): the resizers here get only what fetchers of this machine download "
                      f"into {folder}")
        self._local_folder = folder

    def _say(self, news):
        if not self._options.quiet:
            say(news)

    def _arguments(self, program, number):
        arguments = ["--head", self._head, "--key", self._key, "--name", self._name, *passed_on(program, self._options)]
        if self._options.folder:
            arguments += ["--store", self._options.folder]
        if program == "fetcher":
            first = self._options.port
            arguments += ["--paths", f"tcp://*:{first + number - 1 if first else '*'}"]
        return arguments


def work(options):
    if not options.fetchers and not options.resizers:
        raise Stop(BAD_USAGE, "a worker without fetchers and resizers has nothing to do")
    door.endpoint(options.head)  # before anything is built
    if options.key != "-":
        if not os.path.exists(options.key):
            raise Stop(BAD_USAGE, f"--key {options.key}: there is no such file; it is run.key in the folder of the run")
        if os.path.isdir(options.key):
            raise Stop(BAD_USAGE, f"--key {options.key}: this is a folder; wanted is the file run.key in the folder of the run")
        programs.ensure()
        return Worker(options, os.path.abspath(options.key)).work()
    leash = Leash()
    with tempfile.TemporaryDirectory(prefix="thumbline-") as folder:
        key = os.path.join(folder, "run.key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(leash.key())
        programs.ensure()
        return Worker(options, key, leash).work()


def _cache():
    given = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(given if given.startswith("/") else os.path.expanduser("~/.cache"), "thumbline")
