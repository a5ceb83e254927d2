"""The four programs without the launcher, as docs/machines.md starts them: each wherever the test wants it."""

import os
import signal
import subprocess

from thumbline import BIN, PATIENCE_S

STAY = ("collector", "producer")  # they end with the run; workers wait for more


class Program:
    """A running program. `machine` is where; None: here."""

    def __init__(self, name, *arguments, machine=None):
        self.name = name
        read_end, write_end = os.pipe()
        command = [BIN / f"thumbline-{name}", *arguments, "--announce-fd", write_end]
        start = machine.start if machine else lambda *words, **options: subprocess.Popen([*map(str, words)], **options)
        self.process = start(*command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(write_end,))
        os.close(write_end)
        self._lines = os.fdopen(read_end)
        self._announced = {}

    def port(self, what):
        """Of the endpoint that the program says to be bound for this."""
        while what not in self._announced:
            line = self._lines.readline()
            if not line:
                raise AssertionError(f"{self.name} has not said where its {what} are")
            word, _, endpoint = line.strip().partition(" ")
            self._announced[word] = endpoint.rpartition(":")[2]
        return self._announced[what]

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        if self.is_running():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._lines.close()


class Run:
    """A run over the links of a file. `out` is the folder, which all machines see at the same place."""

    def __init__(self, out, links_file, *producer_options, listen="127.0.0.1"):
        self.programs = []
        self._out, self._key, self._listen = out, out / "run.key", listen
        self._links_file, self._producer_options = links_file, producer_options
        self._start_head("*", "*", "*")

    def _start_head(self, results, receipts, links):
        """On these ports; `*`: any."""
        at = f"tcp://{self._listen}:"
        self.collector = self.start("collector", "--create-key", "--out", self._out.path, "--results", at + results,
                                    "--receipts", at + receipts, "--progress", "none")
        self.results, self.receipts = self.collector.port("results"), self.collector.port("receipts")
        self.producer = self.start("producer", "--links", self._links_file, "--bind", at + links,
                                   "--results", f"tcp://127.0.0.1:{self.results}", "--receipts", f"tcp://127.0.0.1:{self.receipts}",
                                   "--size", "16", *self._producer_options)
        self.links = self.producer.port("links")

    def stop_head(self):
        """kill -9 of collector and producer."""
        for program in (self.collector, self.producer):
            program.stop()
            self.programs.remove(program)

    def start_head_again(self):
        """By the same commands."""
        self._start_head(self.results, self.receipts, self.links)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.stop()

    def start(self, name, *arguments, machine=None):
        program = Program(name, "--key", self._key, *arguments, machine=machine)
        self.programs.append(program)
        return program

    def start_fetcher(self, *options, head="127.0.0.1", links=None, results=None, machine=None):
        """`links` and `results`: other ports on the way to the head's."""
        return self.start("fetcher", "--links", f"tcp://{head}:{links or self.links}",
                          "--results", f"tcp://{head}:{results or self.results}", "--store", self._out.path,
                          "--paths", f"tcp://{self._listen}:*", "--allow-private", *options, machine=machine)

    def start_resizer(self, paths, *options, head="127.0.0.1", source="127.0.0.1", results=None, machine=None):
        return self.start("resizer", "--from", f"tcp://{source}:{paths}", "--results", f"tcp://{head}:{results or self.results}",
                          "--store", self._out.path, *options, machine=machine)

    def finish(self):
        """Waits for the collector's and the producer's end; no worker may have ended before it was told to."""
        for program in (self.collector, self.producer):
            try:
                code = program.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"the {program.name} does not end") from None
            if code != 0:
                raise AssertionError(f"the {program.name} ended with {code}")
        dead = [(program.name, program.process.returncode) for program in self.programs
                if program.name not in STAY and not program.is_running()]
        if dead:
            raise AssertionError(f"ended on their own: {dead}")
