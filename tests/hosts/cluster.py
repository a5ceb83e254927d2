"""A run whose head is here and whose workers are on machines of the test's own (host.py).

    THUMBLINE_HOSTS=full    2,000 pictures a run; without it some hundreds
"""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import host
import oracle
import thumbline
from host import HEAD
from thumbline import LAUNCHER, Thumbline, children_of, wait_until

FULL = os.environ.get("THUMBLINE_HOSTS") == "full"
LINKS = 2000 if FULL else 480
PORT = 7117  # in a network of our own
PICTURE_MS = 500  # that each answer takes until a test ends the delays


class Case(oracle.Case):
    """One cable and one gallery, at the head's address, for each class; machines for each test."""

    gallery_options = ("--address", HEAD)
    # Slow enough to be disturbed: alone a machine takes a quarter of a minute, in which others get there.
    per_machine = "fetchers=1 threads=1 transfers=16 resizers=2"
    options = ("--allow-private", "--size", "16")

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.cable = cls.enterClassContext(host.Cable(pathlib.Path(temporary.name) / "cable"))
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.links = self.slow_links(LINKS, PICTURE_MS)
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def host(self, **settings):
        """A machine; ends with the test."""
        machine = self.cable.host(**settings)
        self.stack.callback(machine.stop)
        return machine

    def start_run(self, *machines, lines=None, options=(), command="run", source=()):
        """The head, which works nowhere but on those machines. `lines`: of --hosts, instead of one for each machine; `source`:
        instead of the links."""
        file = self.here / "hosts"
        file.write_text("".join(line + "\n" for line in lines or [f"root@{machine.address} {self.per_machine}" for machine in machines]))
        idle = {"run": ("--fetchers", "0", "--resizers", "0"), "fetch": ("--fetchers", "0"), "resize": ("--resizers", "0")}[command]
        fetching = () if command == "resize" else ("--allow-private",)
        resizing = () if command == "fetch" else ("--size", "16")
        started = Thumbline(command, *(source or ("--links", self.list_of(self.links))), "--out", self.out.path, "--hosts", file, *idle,
                            *fetching, *resizing, *options, environment={"THUMBLINE_SSH": " ".join(self.cable.ssh)})
        self.stack.callback(self._end, started)
        return started

    def _end(self, started):
        if started.process.poll() is None:
            started.process.send_signal(signal.SIGTERM)
            started.process.communicate()

    def start_worker(self, machine, *options, key=None, head=f"{HEAD}:{PORT}"):
        """The command `worker` on that machine, by hand."""
        worker = Worker(machine, "--head", head, "--key", key or self.key(), "--threads", "1", "--transfers", "16", "--resizers", "2",
                        "--allow-private", *options)
        self.stack.callback(worker.stop)
        return worker

    def key(self):
        """A copy of the run's key, as somebody would bring it to another machine."""
        wait_until("the run's key", lambda: (self.out / "run.key").exists())
        copy = self.cable.folder / "run.key"
        shutil.copy(self.out / "run.key", copy)
        return copy

    def wait_for_words(self, started, *words):
        """Until the run has said all of them on standard error."""
        missing = set(words)
        while missing:
            line = started.process.stderr.readline()
            self.assertNotEqual(line, "", f"the run ended and did not say {missing}")
            missing = {word for word in missing if word not in line}

    def expect_the_end(self, started, code=0):
        """Nothing is left to wait for, so the gallery answers at once."""
        self.end_delays()
        result = started.result()
        self.assertEqual(result.code, code, result)
        return result

    def wait_for_share(self, machine, number=1):
        """Until this machine has made so many thumbnails."""
        wait_until(f"{number} thumbnails from {machine.name}", lambda: self.thumbnails_by(machine) >= number)

    def wait_for_shares(self, *machines):
        for machine in machines:
            self.wait_for_share(machine)

    def thumbnails_by(self, machine):
        if not self.out.settled():
            return 0
        names = (f"{machine.name}:%", f"{machine.address}:%")
        return self.out.ledger(f"SELECT count(*) FROM links WHERE resizer LIKE '{names[0]}' OR resizer LIKE '{names[1]}'")[0][0]

    def expect_nothing_left(self, *machines):
        """No process of thumbline, and none of ssh."""
        for machine in machines:
            wait_until(f"the end of {machine.processes()} on {machine.name}", lambda: not machine.processes())
        wait_until("the end of all that the head has started", lambda: not processes_here())


def processes_here():
    """The head's programs and SSH clients."""
    here = os.readlink("/proc/self/ns/net")
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "ns/net") == here:
                name = os.path.basename(os.readlink(entry / "exe"))
                if name.startswith("thumbline-") or name == "ssh":
                    found[int(entry.name)] = name
        except OSError:  # it ends
            continue
    return found


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


class Worker:
    """`thumbline worker` on a machine."""

    def __init__(self, machine, *options):
        self._machine = machine
        environment = {**os.environ, "HOME": str(machine.home)}
        self.process = machine.start(LAUNCHER, "worker", "--name", machine.name, *options, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)

    def send_signal(self, number):
        """nsenter has one child, the launcher."""
        os.kill(children_of(self.process.pid)[0], number)

    def stop(self):
        """And its machine."""
        self._machine.stop()
        self.process.communicate()

    def result(self):
        said, _ = self.process.communicate(timeout=thumbline.PATIENCE_S)
        return thumbline.Result(self.process.returncode, said, "")
