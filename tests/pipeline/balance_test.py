"""Work goes where there is room, whoever came first and however fast each is."""

import collections
import os
import pathlib
import signal
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

import by_hand  # noqa: E402
from thumbline import Folder, TestCase, wait_until  # noqa: E402

QUICK_MS, SLOW_MS = 15, 300
PICTURES = 200


class BalanceTest(TestCase):
    pictures_side = 64

    def folder(self, name):
        folder = Folder(self.here / name)
        folder.path.mkdir()
        return folder

    def run_with(self, out, waits, count):
        """Resizers that wait so many milliseconds at each picture."""
        with by_hand.Run(out, self.list_of(self.many_links(count))) as started:
            paths = started.start_fetcher().port("paths")
            for wait in waits:
                with unittest.mock.patch.dict(os.environ, {"THUMBLINE_DELAY_MS": str(wait)}):
                    started.start_resizer(paths)
            started.finish()
        return out.summary()["stages"]["resize"]

    def by_worker(self, out, column="resizer"):
        return collections.Counter(row[0] for row in out.ledger(f"SELECT {column} FROM links"))

    def test_a_slow_one_does_not_hold_up_the_end(self):
        alone = self.run_with(self.folder("alone"), (QUICK_MS,), PICTURES)
        both = self.run_with(self.folder("both"), (QUICK_MS, SLOW_MS), PICTURES)
        ideal_s = alone["wall_s"] / (1 + QUICK_MS / SLOW_MS)
        self.assertLessEqual(both["wall_s"], 1.3 * ideal_s)

    def test_those_who_come_a_little_later_get_their_share(self):
        out = self.folder("four")
        with by_hand.Run(out, self.list_of(self.many_links(10 * PICTURES))) as started:
            paths = started.start_fetcher().port("paths")
            with unittest.mock.patch.dict(os.environ, {"THUMBLINE_DELAY_MS": "5"}):
                for number in range(4):  # each when the one before is at work, which takes it some 50 ms
                    started.start_resizer(paths).port("ready")
            started.finish()
        shares = self.by_worker(out).values()
        self.assertEqual(len(shares), 4)
        self.assertLessEqual(max(shares), 1.5 * min(shares), shares)

    def test_a_fetcher_that_stalls_holds_few_links(self):
        out = self.folder("stalled")
        few = ("--threads", "1", "--transfers", "8")
        with by_hand.Run(out, self.list_of([self.fault(f"delay/10/{number}.jpg") for number in range(1500)])) as started:
            stalls, goes_on = started.start_fetcher(*few), started.start_fetcher(*few)
            ports = stalls.port("paths"), goes_on.port("paths")
            for _ in ports:
                started.start_resizer(ports[0], "--from", f"tcp://127.0.0.1:{ports[1]}")
            wait_until("some outcomes", lambda: out.settled() > 200)
            stalls.process.send_signal(signal.SIGSTOP)
            started.finish()
            stalls.process.send_signal(signal.SIGCONT)
        again = out.ledger("SELECT count(*) FROM links WHERE attempts > 1")[0][0]
        self.assertLessEqual(again, 50)


if __name__ == "__main__":
    unittest.main()
