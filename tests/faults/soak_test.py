"""A long run under kills, freezes and broken connections, one at random every few seconds: memory, open files and what lies on the
disk beside the pictures stay level. Runs for THUMBLINE_FAULTS_SOAK minutes; without that, not at all."""

import os
import pathlib
import signal
import statistics
import subprocess
import threading
import time
import unittest

import oracle
from oracle import report
from processes import kill, kill_everything
from thumbline import Thumbline

MINUTES = float(os.environ.get("THUMBLINE_FAULTS_SOAK") or 0)
LINKS_A_MINUTE = 4400  # what four transfers of 50 ms each do in spite of it all
BETWEEN_SAMPLES_S = 2
FROZEN_S = 4


class Samples:
    """Of one process: memory and open files, over its life."""

    def __init__(self, name):
        self.name = name
        self.rss_kb, self.open_files = [], []

    def take(self, pid):
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            self.open_files.append(len(os.listdir(f"/proc/{pid}/fd")))
        except OSError:  # it ends
            return
        rss = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
        self.rss_kb += rss

    @staticmethod
    def level(values, factor, slack, warm=0.25):
        """Whether the last quarter of the time is about what as long a time was after the first `warm` of it."""
        quarter = len(values) // 4
        start = int(len(values) * warm)
        early, late = statistics.median(values[start:start + quarter]), statistics.median(values[-quarter:])
        return late <= early * factor + slack, f"{early:.0f} -> {late:.0f}"


class Trouble(threading.Thread):
    """Does one bad thing after the other to a run until it is over. Some processes it spares: those are measured. In the first
    third of the time it also kills who keeps the state."""

    def __init__(self, started, chance, spared, third_s):
        super().__init__()
        self._launched, self._chance, self._spared = started, chance, spared
        self._third = time.monotonic() + third_s
        self._over = threading.Event()
        self.done = {"worker killed": 0, "producer or collector killed": 0, "worker frozen": 0, "connections cut": 0}

    def end(self):
        self._over.set()
        self.join()

    def run(self):
        while not self._over.wait(self._chance.uniform(0.5, 3)):
            what = self._chance.choices(("kill", "state", "freeze", "cut"), (8, 1, 2, 1))[0]
            if what == "state" and time.monotonic() < self._third:
                pids = self._launched.programs("producer") + self._launched.programs("collector")
                self.done["producer or collector killed"] += bool(pids) and kill(self._chance.choice(pids))
                continue
            workers = [pid for kind in ("fetcher", "resizer") for pid in self._launched.programs(kind) if pid not in self._spared]
            if not workers:
                continue
            victim = self._chance.choice(workers)
            if what == "freeze":
                self._freeze(victim)
            elif what == "cut":
                self._cut()
            else:
                self.done["worker killed"] += kill(victim)

    def _freeze(self, pid):
        try:
            os.kill(pid, signal.SIGSTOP)
            self._over.wait(self._chance.uniform(0, FROZEN_S))
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return
        self.done["worker frozen"] += 1

    def _cut(self):
        """Resets connections of this machine's programs to each other, where the kernel does that for us (ss -K)."""
        ports = [port for kind in ("producer", "collector", "fetcher") for pid in self._launched.programs(kind)
                 for port in listening_ports(pid)]
        if ports and subprocess.run(["ss", "-K", "sport", "=", f":{self._chance.choice(ports)}"], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).returncode == 0:
            self.done["connections cut"] += 1


def listening_ports(pid):
    try:
        said = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        return []
    return [line.split()[3].rpartition(":")[2] for line in said.splitlines() if f"pid={pid}," in line]


@unittest.skipUnless(MINUTES, "a soak is asked for by scripts/test --faults --soak MINUTES")
class SoakTest(oracle.Case):
    def test_everything_stays_level(self):
        links = self.slow_links(int(MINUTES * LINKS_A_MINUTE))
        started = Thumbline(*self.command(links, "--threads", "1", "--transfers", "2"))
        self.addCleanup(lambda: started.process.poll() is None and kill_everything(started))
        self.wait_for_settled(50, started)
        spared = {kind: started.programs(kind)[0] for kind in ("fetcher", "resizer")}
        trouble = Trouble(started, self.chance, set(spared.values()), MINUTES * 20)
        began = time.monotonic()
        trouble.start()
        try:
            samples, beside, said = self.sample(started, spared, began + MINUTES * 20)
        finally:
            trouble.end()
        minutes = (time.monotonic() - began) / 60
        self.assertEqual(started.process.returncode, 0, said[-2000:])
        self.check_levels(samples, beside, f"{minutes:.0f} min, {len(links)} links, {trouble.done}")
        self.check_oracle(links)
        report("all of it mixed for long: files and outcomes", f"{minutes:.0f} min, {len(links)} links",
               "each link one outcome, files as undisturbed")

    def sample(self, started, spared, from_when):
        """Until the run is over; with what it said. Who is killed in the beginning is measured from `from_when` on."""
        said = []
        reader = threading.Thread(target=lambda: said.extend(started.process.communicate()))
        reader.start()
        samples, beside = {}, []
        while reader.is_alive():
            pids = {"launcher": started.process.pid, **spared}
            if time.monotonic() > from_when:
                for kind in ("producer", "collector"):
                    pids.update({kind: pid for pid in started.programs(kind)})
            for name, pid in pids.items():
                samples.setdefault(name, Samples(name)).take(pid)
            beside.append(self.beside_the_pictures())
            reader.join(BETWEEN_SAMPLES_S)
        return samples, beside, said[1]

    def beside_the_pictures(self):
        """Kilobytes of .partial and the WAL."""
        total = 0
        for path in [*(self.out / ".partial").glob("*"), self.out / "ledger.sqlite-wal"]:
            try:
                total += path.stat().st_size
            except FileNotFoundError:
                pass
        return total / 1024

    def check_levels(self, samples, beside, tried):
        wrong = []
        for name, sample in samples.items():
            for what, values, factor, slack, warm in (("RSS, kB", sample.rss_kb, 1.5, 8192, 0.25),
                                                      ("open files", sample.open_files, 1.2, 8, 0)):
                level, text = Samples.level(values, factor, slack, warm)
                report(f"all of it mixed for long: {name}, {what}", tried, f"{text} (early against last quarter)")
                if not level:
                    wrong.append(f"{name}, {what}: {text}")
        level, text = Samples.level(beside, 2, 20 * 1024)
        report("all of it mixed for long: .partial and WAL, kB", tried, f"{text} (early against last quarter)")
        self.assertEqual(wrong + ([] if level else [text]), [])


if __name__ == "__main__":
    oracle.main()
