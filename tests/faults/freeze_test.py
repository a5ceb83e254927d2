"""A worker that is stopped for longer than a lease and then goes on: its late results change nothing."""

import hashlib
import os
import pathlib
import signal
import threading
import time

import oracle
from gated_server import Answer, GatedServer
from oracle import report, scale
from thumbline import Thumbline, wait_until

LINKS = scale(300, 1000)
TIMES = scale(2, 10)
LONGER_THAN_A_LEASE_S = scale(3, 10)  # the shortest is 2 s


def cpu_ticks(pid):
    """How long the process has worked so far, and whether it waits for something now."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]), fields[0] == "S"


class FreezeTest(oracle.Case):
    pictures_side = 800

    def setUp(self):
        super().setUp()
        self.gate = threading.Event()
        self.addCleanup(self.gate.set)

    def everything(self, links):
        """All that the ledger says of these links, and the digests of all files."""
        rows = [row for row in self.out.ledger("SELECT * FROM links ORDER BY seq") if row[2] in links]
        return rows, {kind: oracle.fingerprints(self.out, kind) for kind in ("images", "thumbnails")}

    def wait_until_at_rest(self, pid):
        """Until the process has done what there was to do for it."""
        before, _ = cpu_ticks(pid)
        seen = []

        def at_rest():
            seen.append(cpu_ticks(pid))
            time.sleep(0.1)
            return len(seen) > 3 and all(waits for _, waits in seen[-3:]) and seen[-1][0] == seen[-3][0]

        wait_until("a worker at rest", at_rest)
        self.assertGreaterEqual(seen[-1][0], before)

    def check_freeze(self, kind):
        links = self.slow_links(LINKS)
        small = min(self.pictures_folder.glob("*.jpg"), key=lambda file: file.stat().st_size).read_bytes()
        with GatedServer({"/last.jpg": [Answer(small, self.gate)]}) as server:
            last = f"{server.url}/last.jpg"
            started = Thumbline(*self.command([*links, last], *self.few_transfers))
            self.wait_for_settled(self.chance.randrange(1, LINKS // 2), started)
            victim = self.chance.choice(started.programs(kind))
            os.kill(victim, signal.SIGSTOP)
            began = time.monotonic()
            self.wait_for_settled(LINKS, started)
            wait_until("a lease to run out", lambda: time.monotonic() - began > LONGER_THAN_A_LEASE_S)
            settled = set(links)
            before = self.everything(settled)
            self.assertEqual(len(before[0]), LINKS)
            os.kill(victim, signal.SIGCONT)
            self.wait_until_at_rest(victim)
            self.assertEqual(self.everything(settled), before)
            self.gate.set()
            result = started.result()
            self.assertEqual(result.code, 0, result)
            self.assertEqual(self.everything(settled)[0], before[0])
            self.check_oracle([*links, last])
        report(f"SIGSTOP of a {kind} for longer than a lease, then SIGCONT", f"1 time, {LINKS} links",
               "what it had went to others; late results changed no row and no file")

    def check_late_bytes(self, first, second):
        """The stopped fetcher has half of one picture when another fetcher gets another picture from the same link."""
        answers = {"/late.jpg": [Answer(first, self.gate, before=len(first) * 9 // 10), Answer(second)]}
        end = threading.Event()
        self.addCleanup(end.set)
        answers["/last.jpg"] = [Answer(second, end)]
        with GatedServer(answers) as server:
            late, last = f"{server.url}/late.jpg", f"{server.url}/last.jpg"
            # Many that are quick make leases short.
            started = Thumbline(*self.command([*self.many_links(200), late, last]))
            aside = wait_until("half a picture", lambda: self.half_of(late))
            victim = int(aside.name.split("-")[2])
            os.kill(victim, signal.SIGSTOP)

            self.wait_for_settled(201, started)
            rows = self.out.ledger(f"SELECT image, image_bytes FROM links WHERE link = '{late}'")
            self.assertEqual(rows[0][1], len(second))
            self.gate.set()
            os.kill(victim, signal.SIGCONT)
            wait_until("the late picture", lambda: not aside.exists())
            self.wait_until_at_rest(victim)
            end.set()
            result = started.result()
            self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.ledger(f"SELECT image, image_bytes FROM links WHERE link = '{late}'"), rows)
        name = rows[0][0]
        self.assertEqual(hashlib.sha256((self.out / name).read_bytes()).hexdigest(), hashlib.sha256(second).hexdigest())
        stem = pathlib.Path(name).stem
        self.assertEqual([file for file in self.out.files("images") if file.startswith(stem)], [pathlib.Path(name).name])
        report("another picture from the same link, by a fetcher that was stopped for longer than the lease", "1",
               "the first one stayed")

    def half_of(self, link):
        """The file into which the first bytes of this picture went; None where there is none yet."""
        identity = int.from_bytes(hashlib.sha256(link.encode()).digest()[:8])
        files = list((self.out / ".partial").glob(f"{identity:016x}-*-*"))
        return files[0] if files and files[0].stat().st_size > 0 else None

    def large(self, kind, longest=1):
        """The bytes of one of the largest pictures of this kind."""
        files = sorted(self.pictures_folder.glob(f"*.{kind}"), key=lambda file: file.stat().st_size)
        return files[-longest].read_bytes()

    def test_fetchers(self):
        for _ in range(TIMES):
            with self.subTest():
                self.setUp()
                self.check_freeze("fetcher")

    def test_resizers(self):
        for _ in range(TIMES):
            with self.subTest():
                self.setUp()
                self.check_freeze("resizer")

    def test_a_late_picture_of_the_same_kind(self):
        self.check_late_bytes(self.large("png"), self.large("png", 2))

    def test_a_late_picture_of_another_kind(self):
        self.check_late_bytes(self.large("png"), self.large("jpg"))


if __name__ == "__main__":
    oracle.main()
