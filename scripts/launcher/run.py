"""One run over one folder: collector, producer, fetchers and resizers from the first to the last link."""
import os
import signal
import subprocess

from launcher import ending, programs
from launcher.child import Child
from launcher.console import say, show
from launcher.ending import Interrupted, Stop
from launcher.options import passed_on
from launcher.ports import DOOR, LINKS, PATHS, RESULTS, Ports, from_here, port_of
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
        self._invocation = os.urandom(8).hex()
        self._summary_before = folder.version_of("summary.json")
        self._collector = self._child("collector", keeps_state=True, on_terminal=True)
        self._producer = self._child("producer", keeps_state=True, heard=self._tell_of_hosts)
        self._fetchers = [self._child("fetcher", n) for n in range(1, options.fetchers + 1)] if self._fetches else []
        self._resizers = [self._child("resizer", n) for n in range(1, options.resizers + 1)] if self._resizes else []
        self._ports = Ports(getattr(options, "listen", None))
        self._hosts = self._remote_hosts(options.hosts) if getattr(options, "hosts", None) else []

    def execute(self):
        """The collector's exit code: every link has its outcome. Raises Stop or Interrupted where the run did not get there;
        no program is left either way."""
        self._ports.check(len(self._fetchers))
        with Signals() as signals:
            stdout = subprocess.DEVNULL if self._silent else None
            supervisor = Supervisor(signals, self._folder.last_outcome, stdout)
            try:
                self._go(supervisor)
            except Interrupted:
                supervisor.end(*self._in_order(), by=signal.SIGINT)
                if self._collector.exit_code == ending.CANNOT_GO_ON:  # it has said how far the run is
                    raise Stop(ending.CANNOT_GO_ON) from None
                raise
            finally:
                supervisor.end(*self._in_order(), by=signal.SIGINT)
                supervisor.close()
                if not self._ports.open or self._over:  # else somebody may be writing there
                    self._folder.remove_partial_files()
        if self._ports.open and not self._silent:
            from launcher.shares import shares

            show(shares(self._folder / "ledger.sqlite"))
        return self._collector.exit_code

    def _in_order(self):
        """Whoever makes results ends first, so that the collector gets to commit what there is. Before there were any
        workers, it has nothing to commit and need not be asked."""
        workers = [*self._hosts, *self._fetchers, *self._resizers]
        return [self._producer, *workers], [self._collector] if any(worker.started_at for worker in workers) else []

    def _go(self, supervisor):
        """Each group of programs is started when those before it have said where they can be reached; the run may be over
        before that, where nothing is left to do."""
        steps = (
            ([self._collector], lambda: self._collector.has_announced("results", "receipts")),
            ([self._producer], lambda: self._producer.has_announced("ready")),
            (self._hosts, lambda: True),
            (self._fetchers, lambda: not self._resizers or all(fetcher.has_announced("paths") for fetcher in self._fetchers)),
            (self._resizers, lambda: False),
        )
        for programs_of_step, ready in steps:
            if programs_of_step is self._hosts and self._ports.open and not (self._options.quiet and self._options.listen):
                self._tell_who_may_join()
            for program in programs_of_step:
                supervisor.start(program)
            supervisor.wait(lambda: self._over or ready(), lambda child: self._take_care(supervisor, child))
            if self._over:
                return

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
        told_of_the_end = [self._producer, *(self._fetchers + self._resizers if self._ports.open else [])]
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
        say(f"workers may join at port {self._door_port()}, with the key {self._folder / 'run.key'}")
        if self._fetches and not self._fetchers and not self._hosts:
            say("nothing is downloaded before a worker with fetchers has joined")
        if self._resizes and not self._resizers and not self._hosts:
            say("no thumbnail is made before a worker with resizers has joined")

    def _tell_of_hosts(self, what, host):
        """Who came and went; this machine is at work anyway."""
        own = host == os.uname().nodename and (self._fetchers or self._resizers)
        if what in ("joined", "left") and not own and not self._options.quiet:
            say(f"{host} has {what}")

    def _child(self, program, number=None, keeps_state=False, on_terminal=False, heard=None):
        name = program if number is None else f"{program}-{number}"
        return Child(name, programs.path(f"thumbline-{program}"), getattr(self, f"_{program}_arguments"), self._folder.log(name),
                     on_terminal=on_terminal, final_codes=_STATE_KEEPERS_FINAL if keeps_state else (ending.BAD_USAGE,),
                     pass_fds=(self._folder.lock,) if keeps_state else (), heard=heard)

    def _remote_hosts(self, file):
        from launcher import hosts
        from launcher.remote import RemoteHost

        folder = self._folder
        return [RemoteHost(host, self._options, self._door_port, folder / "run.key", folder.log(f"host-{host.name}"))
                for host in hosts.read(file)]

    def _door_port(self):
        return port_of(self._producer.endpoint("door"))

    def _common(self, program):
        return ["--key", self._folder / "run.key", *passed_on(program, self._options)]

    def _collector_arguments(self, child):
        return [*self._common("collector"), "--out", self._folder.path, "--invocation", self._invocation,
                "--results", child.endpoint("results", self._ports.endpoint(RESULTS)), "--receipts", child.endpoint("receipts"),
                "--progress", "none" if self._options.quiet else "auto",
                *(["--local-stores"] if getattr(self._options, "store", None) == "local" else []),
                # The others have the first one's key.
                *([] if child.has_announced("results") else ["--create-key"])]

    def _producer_arguments(self, child):
        return [*self._common("producer"), *self._source, *([] if self._resizes else ["--fetch-only"]),
                "--bind", child.endpoint("links" if self._fetches else "paths", self._ports.endpoint(LINKS)),
                "--results", from_here(self._collector.endpoint("results")), "--receipts", self._collector.endpoint("receipts"),
                *self._door_arguments(child)]

    def _door_arguments(self, producer):
        if not self._ports.open:
            return []
        return ["--door", producer.endpoint("door", self._ports.endpoint(DOOR)), "--folder", self._folder.path,
                *(["--allow-private"] if getattr(self._options, "allow_private", False) else []),
                *(["--local-stores"] if self._options.store == "local" else [])]

    def _fetcher_arguments(self, child):
        if self._ports.open:
            which = PATHS + self._fetchers.index(child)
            return [*self._common("fetcher"), *self._meeting_point(), "--paths", child.endpoint("paths", self._ports.endpoint(which))]
        return [*self._common("fetcher"), "--store", self._folder.path, "--links", self._producer.endpoint("links"),
                "--results", self._collector.endpoint("results"),
                *(["--paths", child.endpoint("paths")] if self._resizes else []),
                *(["--exclusive"] if len(self._fetchers) == 1 else [])]

    def _resizer_arguments(self, child):
        if self._ports.open:
            return [*self._common("resizer"), *self._meeting_point()]
        makers, option = (self._fetchers, "--from") if self._fetchers else ([self._producer], "--from-producer")
        return [*self._common("resizer"), "--store", self._folder.path, "--results", self._collector.endpoint("results"),
                *(argument for maker in makers for argument in (option, maker.endpoint("paths")))]

    def _meeting_point(self):
        return ["--head", from_here(self._producer.endpoint("door")), "--store", self._folder.path]
