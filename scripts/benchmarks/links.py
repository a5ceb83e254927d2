"""scripts/bench links: what the head can do, with stand-ins for all workers, and how soon it is back after a kill -9."""
import os
import pathlib
import signal
import subprocess
import time

from benchmarks import ground
from launcher.quantities import count_text, duration_text, rate_text
from launcher.table import aligned

PROGRAMS = ("thumbline-producer", "thumbline-collector", "thumbline-stand-in")
STAND_INS = 2


class Program:
    def __init__(self, name, *arguments, announces=True):
        read_end, write_end = os.pipe()
        command = [ground.ROOT / "build/release/bin" / name, *arguments, *(["--announce-fd", write_end] if announces else [])]
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, pass_fds=(write_end,))
        os.close(write_end)
        self._lines = os.fdopen(read_end)

    def endpoint(self, wanted):
        """Waits until the program announces it."""
        for line in self._lines:
            what, _, endpoint = line.strip().partition(" ")
            if what == wanted:
                return endpoint
        raise ground.CannotMeasure(f"a program ended without {wanted}")

    def most_memory_mb(self):
        return self._memory_mb("VmHWM:")

    def memory_mb(self):
        return self._memory_mb("VmRSS:")

    def _memory_mb(self, which):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(which)[2].split()[0]) / 1000

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def processor_s(self):
        """Of all its threads, so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Head:
    """Collector and producer over a list of links; `more`: arguments of the producer."""

    def __init__(self, folder, links, *more):
        self._folder, self._links, self._more = folder, links, more
        self._results = self._receipts = self._bound = "tcp://127.0.0.1:*"
        self.start()

    def start(self):
        """Again at the same endpoints. How long it took until the producer knew what the ledger has."""
        began = time.monotonic()
        key = ["--key", self._folder / "run.key"]
        self.collector = Program("thumbline-collector", *key, "--create-key", "--out", self._folder, "--results", self._results,
                                 "--receipts", self._receipts, "--progress", "none")
        self._results, self._receipts = self.collector.endpoint("results"), self.collector.endpoint("receipts")
        self.producer = Program("thumbline-producer", *key, "--links", self._links, "--bind", self._bound, "--results", self._results,
                                "--receipts", self._receipts, *self._more)
        self._bound = self.producer.endpoint("links")
        if "--door" in self._more:
            self.door = self.producer.endpoint("door")
        self.producer.endpoint("ready")
        return time.monotonic() - began

    def stand_in(self):
        return Program("thumbline-stand-in", self._folder / "run.key", self._bound, self._results, announces=False)

    def settled(self):
        return ground.rows_of(self._folder / "ledger.sqlite", "SELECT count(*) FROM links")[0][0]

    def wait(self):
        """Until it is over; the most memory and the processor time that each took, as last seen."""
        took = {}
        while self.collector.process.poll() is None:
            for name in ("producer", "collector"):
                try:
                    program = getattr(self, name)
                    took[name] = (program.most_memory_mb(), program.processor_s())
                except (OSError, IndexError):
                    pass  # it has just ended
            time.sleep(0.1)
        self.producer.process.wait()
        return took


def run(count):
    """Prints a table: one run without a disturbance, one in whose middle both are killed."""
    ground.build(*PROGRAMS)
    with ground.scratch() as scratch:
        links = scratch / "links.txt"
        with open(links, "w") as file:
            file.writelines(f"https://pictures{number % 100}.example/{number}.jpg\n" for number in range(count))
        rows = [["links", "time", "links/s", "producer", "collector", "ledger", "ready again after"]]
        for name, disturbed in (("undisturbed", False), ("both killed in the middle", True)):
            ground.say(f"{count_text(count)} links, {name}")
            rows.append([f"{count_text(count)}, {name}", *_one(scratch / name.replace(" ", "-"), links, count, disturbed)])
    print(aligned(rows))


def _one(folder, links, count, disturbed):
    folder.mkdir()
    head = Head(folder, links)
    stand_ins = [head.stand_in() for _ in range(STAND_INS)]
    began = time.monotonic()
    again = "-"
    try:
        if disturbed:
            while head.settled() < count / 2:
                time.sleep(0.1)
            for program in (head.producer, head.collector):
                program.kill()
            again = duration_text(head.start())
        figures = head.wait()
    finally:
        for program in (*stand_ins, head.producer, head.collector):
            program.kill()
    took = time.monotonic() - began
    if head.settled() != count:
        raise ground.CannotMeasure(f"{head.settled()} of {count} links are in the ledger")
    each = (f"{memory_mb:.0f} MB, {1e6 * processor_s / count:.0f} µs/link" for memory_mb, processor_s in
            (figures["producer"], figures["collector"]))
    ledger_bytes = (folder / "ledger.sqlite").stat().st_size / count
    return [duration_text(took), rate_text(count / took), *each, f"{ledger_bytes:.0f} B/link", again]
