"""A picture that kills or hangs every decoder which touches it, among many: it ends for itself, the others go on; and the other
outcomes that only a fault can bring about."""

import statistics
import threading

import oracle
from gated_server import Answer, GatedServer
from oracle import report, scale
from processes import kill
from thumbline import Thumbline, wait_until

LINKS = scale(200, 1000)
WORD = b"thumbline-fault"


def with_fault(jpeg):
    """The same picture with a comment in it."""
    return jpeg[:2] + b"\xff\xfe" + (len(WORD) + 2).to_bytes(2) + WORD + jpeg[2:]


class DecoderFaultsTest(oracle.Case):
    def setUp(self):
        super().setUp()
        small = min(self.pictures_folder.glob("*.jpg"), key=lambda file: file.stat().st_size).read_bytes()
        self.server = GatedServer({"/fatal.jpg": [Answer(with_fault(small))]})
        self.enterContext(self.server)
        self.fatal = f"{self.server.url}/fatal.jpg"

    def among(self, count):
        links = self.slow_links(count)
        links.insert(self.chance.randrange(count // 4), self.fatal)
        return links

    def check_files_of_others(self, links, reason):
        """The fatal picture was downloaded and has no thumbnail; all others are as they would be without it."""
        self.check_outcomes(links, {self.fatal: reason})
        expected = self.undisturbed(tuple(link for link in links if link != self.fatal))
        own = self.out.ledger(f"SELECT image FROM links WHERE link = '{self.fatal}'")[0][0].removeprefix("images/")
        there = {kind: oracle.fingerprints(self.out, kind) for kind in ("images", "thumbnails")}
        there["images"].pop(own)
        self.assertEqual(there, expected)

    def row(self, *columns):
        return self.out.ledger(f"SELECT {', '.join(columns)} FROM links WHERE link = '{self.fatal}'")[0]

    def test_that_kills(self):
        links = self.among(LINKS)
        started = Thumbline(*self.command(links, *self.few_transfers), environment={"THUMBLINE_FAULT": "crash:" + WORD.decode()})
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.check_files_of_others(links, "crashed-the-resizer")
        attempts, detail = self.row("attempts", "detail")
        self.assertGreaterEqual(attempts, 5)
        self.assertIn("signal", detail)
        self.assertNotIn("starting it again", result.err)  # no resizer died, its decoders did
        report(f"a picture that kills its decoder, among {LINKS}", 1,
               f"crashed-the-resizer after {attempts} attempts; no resizer died; the others as undisturbed")

    def test_that_takes_it_over(self):
        """It lies, or speaks twice, or floods its output, or writes to whatever it can."""
        for effect, reason in {"lie": "crashed-the-resizer", "twice": "corrupt", "flood": None, "write": None}.items():
            with self.subTest(effect=effect):
                links = self.among(LINKS // 4)
                started = Thumbline(*self.command(links, *self.few_transfers),
                                    environment={"THUMBLINE_FAULT": f"{effect}:{WORD.decode()}"})
                result = started.result()
                self.assertEqual(result.code, 0, result)
                self.assertLess(len(result.out) + len(result.err), 20_000)
                if reason:
                    self.check_files_of_others(links, reason)
                else:
                    self.check_outcomes(links, {})
                self.setUp()

    def test_that_hangs(self):
        if not oracle.FULL:
            self.skipTest("takes the time limit of a picture, 30 s: scripts/test --faults")
        for _ in range(5):  # a busy machine may have other things to do for a while
            links = self.among(LINKS * 2)
            started = Thumbline(*self.command(links, *self.few_transfers), environment={"THUMBLINE_FAULT": "hang:" + WORD.decode()})
            result = started.result()
            self.assertEqual(result.code, 0, result)
            self.check_files_of_others(links, "decode-limit")
            kept = self.speed_kept()
            if kept >= 0.9:
                break
            self.setUp()
        self.assertGreaterEqual(kept, 0.9)
        report(f"a picture that hangs its decoder, among {2 * LINKS}", 1,
               f"decode-limit after {self.row('attempts')[0]} attempts; the others kept {kept:.0%} of their speed meanwhile")

    def speed_kept(self):
        """Downloads set the pace. Outcomes a second while the decoder hung, against those of the rest of the run."""
        ended, took = self.row("resize_ended_us", "resize_us")
        times = sorted(row[0] for row in self.out.ledger(f"SELECT resize_ended_us FROM links WHERE link != '{self.fatal}'"))
        hung = [ended - took <= time <= ended for time in times]
        meanwhile = sum(hung) / (min(ended, times[-1]) - (ended - took))
        rest_us = (times[-1] - times[0]) - (min(ended, times[-1]) - (ended - took))
        if rest_us < 2e6:  # no rest to speak of: against the run's own quiet rate, second by second
            per_s = statistics.median(sum(start <= time < start + 1e6 for time in times)
                                      for start in range(times[0], times[-1] - 1_000_000, 1_000_000))
            return meanwhile * 1e6 / per_s
        return meanwhile / ((len(times) - sum(hung)) / rest_us)


class RareOutcomesTest(oracle.Case):
    def test_lost(self):
        """A fetcher gets the link and dies of it, each time; others get through."""
        if not oracle.FULL:
            self.skipTest("takes all leases of a link, the last of them 75 s: scripts/test --faults")
        gate = threading.Event()
        self.addCleanup(gate.set)
        with GatedServer({"/deadly.jpg": [Answer(b"never sent", gate)]}) as server:
            self.addCleanup(gate.set)
            deadly = f"{server.url}/deadly.jpg"
            # So many that others get through all the time, some minutes long: else nobody knows whether any fetcher is there.
            others = [self.fault(f"delay/100/{number}.jpg") for number in range(10_000)]
            links = [*others[:100], deadly, *others[100:]]
            started = Thumbline(*self.command(links, "--fetchers", "1", "--threads", "1", "--transfers", "4"))
            deaths = 0

            def asked_again():
                return server.asked["/deadly.jpg"] > deaths or started.process.poll() is not None

            while wait_until("another try, or the end", asked_again) and started.process.poll() is None:
                deaths = server.asked["/deadly.jpg"]
                for pid in started.programs("fetcher"):
                    kill(pid)
            gate.set()
            result = started.result()
        self.assertEqual(result.code, 0, result)
        self.check_outcomes(links, {deadly: "lost"})
        attempts = self.out.ledger(f"SELECT attempts FROM links WHERE link = '{deadly}'")[0][0]
        report("a link that kills each fetcher", f"{deaths} deaths", f"lost after {attempts} attempts; the others done")


if __name__ == "__main__":
    oracle.main()
