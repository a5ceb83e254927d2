"""One run over one folder: collector, producer, fetchers and resizers from the first to the last link."""
import os
import signal
import subprocess

from launcher import ending, programs, requests
from launcher.child import Child
from launcher.console import say, show
from launcher.ending import Interrupted, Stop
from launcher.options import passed_on
from launcher.ports import Ports
from launcher.signals import Signals
from launcher.supervisor import Supervisor

# After the collector's farewell those who hear of it end first. Where the collector goes on, somebody else has ended them.
_FAREWELL_S = 2.0
# The settings of an earlier run are refused by the collector, which says so; the producer may be the first to end.
_REFUSAL_S = 2.0
_STATE_KEEPERS_FINAL = (ending.BAD_USAGE, ending.CANNOT_GO_ON)


class Run:
    """`source` is what the producer is told about where links come from; `silent` keeps the table from standard output."""

    def __init__(self, command, options, folder, source, silent=False):
        self._fetches = command != "resize"
        self._resizes = command != "fetch"
        self._options = options
        self._folder = folder
        self._source = source
        self._silent = silent
        self._over = False
        self._ends = False  # as the collector says
        self._dismissed = set()  # workers that were told to end, and have not been started again
        self._invocation = os.urandom(8).hex()
        self._summary_before = folder.version_of("summary.json")
        self._ports = Ports(getattr(options, "listen", None))
        self._given_out = "links" if self._fetches else "paths"  # by the producer
        doors = ["door"] if self._ports.open_to_others else []
        self._collector = self._child("collector", listens=["results", "receipts"], keeps_state=True, on_terminal=True,
                                      heard=self._hear_collector)
        self._producer = self._child("producer", listens=[self._given_out, *doors], keeps_state=True, heard=self._tell_of_hosts)
        self._fetchers = [self._child("fetcher", n, listens=[f"paths-{n}"] if self._resizes else [])
                          for n in range(1, options.fetchers + 1)] if self._fetches else []
        self._resizers = [self._child("resizer", n) for n in range(1, options.resizers + 1)] if self._resizes else []
        self._hosts = self._remote_hosts(options.hosts) if getattr(options, "hosts", None) else []

    def execute(self):
        """The collector's exit code: every link has its outcome. Raises Stop or Interrupted where the run did not get there;
        no program is left either way."""
        with Signals() as signals:
            stdout = subprocess.DEVNULL if self._silent else None
            supervisor = Supervisor(signals, self._folder.last_outcome, stdout)
            try:
                self._ports.open([name for child in (self._producer, self._collector, *self._fetchers) for name in child.listens])
                self._go(supervisor)
            except Interrupted:
                supervisor.end(*self._in_order(), by=signal.SIGINT)
                if self._collector.exit_code == ending.CANNOT_GO_ON:  # it has said how far the run is
                    raise Stop(ending.CANNOT_GO_ON) from None
                raise
            finally:
                supervisor.end(*self._in_order(), by=signal.SIGINT)
                supervisor.close()
                self._ports.close()
                if not self._ports.open_to_others or self._over:  # else somebody may be writing there
                    self._folder.remove_partial_files()
        if self._ports.open_to_others and not self._silent:
            from launcher.shares import shares

            show(shares(self._folder / "ledger.sqlite"))
        return self._collector.exit_code

    def _in_order(self):
        """Whoever makes results ends first, so that the collector gets to commit what there is. Before it takes any, it has
        nothing to commit and need not be asked."""
        workers = [*self._hosts, *self._fetchers, *self._resizers]
        return [self._producer, *workers], [self._collector] if self._collector.has_announced("results") else []

    def _go(self, supervisor):
        """As soon as there is a key, which the collector makes, one program of each kind is started; the others when the producer
        has more than one link to give out. The run may be over before that."""
        self._start(supervisor, [self._collector], until=lambda: self._collector.has_announced("key"))
        first, others = [self._producer, *self._fetchers[:1], *self._resizers[:1]], [*self._fetchers[1:], *self._resizers[1:]]
        self._start(supervisor, first, until=lambda: self._producer.has_announced("ready"))
        if self._ports.open_to_others and not self._ends and not (self._options.quiet and self._options.listen):
            self._tell_who_may_join()
        self._start(supervisor, self._hosts, until=lambda: self._producer.has_announced("more"))
        self._start(supervisor, others, until=lambda: False)

    def _start(self, supervisor, children, until):
        """Nobody any more when the run is at its end."""
        for child in [] if self._ends else children:
            supervisor.start(child)
        supervisor.wait(lambda: self._over or until(), lambda child: self._take_care(supervisor, child))

    def _take_care(self, supervisor, child):
        """The deaths that mean something else than starting again."""
        if child in self._hosts:
            child.after_death(supervisor)
            nobody_is_left = not self._fetchers and not self._resizers and all(host.given_up for host in self._hosts)
            if nobody_is_left and not self._is_complete():
                raise Stop(ending.CANNOT_GO_ON, "no machine is left to do the work")
            return True
        if child is self._collector and child.exit_code in (ending.OK, ending.SOME_FAILED):
            # It ends so, too, where somebody asked it to; then there is no new summary.
            self._over = self._is_complete()
            return self._over
        if child in self._dismissed:
            if not self._ends:
                self._recall(supervisor, child)
            return True
        if child is self._collector or child.exit_code != ending.OK:
            self._ends = False  # who is started again now may find something to do
            for worker in [worker for worker in self._dismissed if worker.buried]:
                self._recall(supervisor, worker)
        told_of_the_end = [self._producer, *(self._fetchers + self._resizers if self._ports.open_to_others else [])]
        if child in told_of_the_end and child.exit_code == ending.OK:
            supervisor.start_later(child, _FAREWELL_S)
            return True
        if child is self._producer and child.exit_code == ending.BAD_USAGE:
            if self._collector.ends_within(_REFUSAL_S) and self._collector.exit_code == ending.BAD_USAGE:
                raise Stop(ending.BAD_USAGE)
        if not child.ended_for_good:
            made = ("ledger.sqlite", "run.key") if self._collector.has_announced("results") else ()
            self._folder.check_in_place(made)
        return False

    def _is_complete(self):
        """Whether the collector has written its summary: then workers hear of the end, maybe before it has ended itself."""
        return self._folder.version_of("summary.json") != self._summary_before

    def _tell_who_may_join(self):
        say(f"workers may join at port {self._ports.port('door')}, with the key {self._folder / 'run.key'}")
        if self._fetches and not self._fetchers and not self._hosts:
            say("nothing is downloaded before a worker with fetchers has joined")
        if self._resizes and not self._resizers and not self._hosts:
            say("no thumbnail is made before a worker with resizers has joined")

    def _hear_collector(self, what, _):
        """Of the end: every link has its outcome, and files are written while the workers end. Those of a run that others may
        join hear of it from the producer, as all do."""
        if what != "over":
            return
        self._ends = True
        if not self._ports.open_to_others:
            self._dismissed.update(self._fetchers + self._resizers)
            for worker in self._dismissed:
                worker.send_signal(signal.SIGINT)
                worker.send_signal(signal.SIGCONT)  # one that was stopped would not hear the other

    def _recall(self, supervisor, worker):
        self._dismissed.discard(worker)
        supervisor.start_later(worker, _FAREWELL_S)

    def _tell_of_hosts(self, what, host):
        """Who came and went; this machine is at work anyway."""
        own = host == os.uname().nodename and (self._fetchers or self._resizers)
        if what in ("joined", "left") and not own and not self._options.quiet:
            say(f"{host} has {what}")

    def _child(self, program, number=None, listens=(), keeps_state=False, on_terminal=False, heard=None):
        """`listens`: its sockets among the run's ports."""
        name = program if number is None else f"{program}-{number}"
        lock = (self._folder.lock,) if keeps_state else ()
        return Child(name, programs.path(f"thumbline-{program}"), getattr(self, f"_{program}_arguments"), self._folder.log(name),
                     on_terminal=on_terminal, final_codes=_STATE_KEEPERS_FINAL if keeps_state else (ending.BAD_USAGE,),
                     inherits=lambda: (*lock, *self._ports.inherited(listens)), listens=listens, heard=heard,
                     environment=requests.environment(program, self._options))

    def _remote_hosts(self, file):
        from launcher import hosts
        from launcher.remote import RemoteHost

        folder = self._folder
        return [RemoteHost(host, self._options, lambda: self._ports.port("door"), folder / "run.key", folder.log(f"host-{host.name}"))
                for host in hosts.read(file)]

    def _common(self, program):
        return ["--key", self._folder / "run.key", *passed_on(program, self._options)]

    def _collector_arguments(self, child):
        return [*self._common("collector"), "--out", self._folder.path, "--invocation", self._invocation,
                "--results", self._ports.to_bind("results"), "--receipts", self._ports.to_bind("receipts"),
                "--progress", "none" if self._options.quiet else "auto",
                *(["--local-stores"] if getattr(self._options, "store", None) == "local" else []),
                # The others have the first one's key.
                *([] if child.has_announced("key") else ["--create-key"])]

    def _producer_arguments(self, child):
        return [*self._common("producer"), *self._source, *([] if self._resizes else ["--fetch-only"]),
                "--bind", self._ports.to_bind(self._given_out), "--results", self._ports.endpoint("results"),
                "--receipts", self._ports.endpoint("receipts"), *self._door_arguments()]

    def _door_arguments(self):
        if not self._ports.open_to_others:
            return []
        return ["--door", self._ports.to_bind("door"), "--folder", self._folder.path,
                *(["--allow-private"] if getattr(self._options, "allow_private", False) else []),
                *(["--local-stores"] if self._options.store == "local" else [])]

    def _fetcher_arguments(self, child):
        paths = [argument for name in child.listens for argument in ("--paths", self._ports.to_bind(name))]
        if self._ports.open_to_others:
            return [*self._common("fetcher"), *self._meeting_point(), *paths]
        return [*self._common("fetcher"), "--store", self._folder.path, "--links", self._ports.endpoint("links"),
                "--results", self._ports.endpoint("results"), *paths,
                *(["--exclusive"] if len(self._fetchers) == 1 else [])]

    def _resizer_arguments(self, child):
        if self._ports.open_to_others:
            return [*self._common("resizer"), *self._meeting_point()]
        makers, option = (self._fetchers, "--from") if self._fetchers else ([self._producer], "--from-producer")
        return [*self._common("resizer"), "--store", self._folder.path, "--results", self._ports.endpoint("results"),
                *(argument for maker in makers for name in maker.listens for argument in (option, self._ports.endpoint(name)))]

    def _meeting_point(self):
        return ["--head", self._ports.endpoint("door"), "--store", self._folder.path]
