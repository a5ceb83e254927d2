"""What must hold whatever goes wrong, for all tests of this folder.

Each link has exactly one outcome in the ledger: none is lost, none is made up, none is there twice. The files are byte for byte
those of an undisturbed run, and nothing half-written stands under a final name.

    THUMBLINE_FAULTS=full       the whole numbers; without it a selection that takes a few minutes
    THUMBLINE_FAULTS_SEED=N     the moments and victims of an earlier run; printed where a test fails
    THUMBLINE_FAULTS_REPORT=F   a line for each fault is added to F: fault, times tried, what happened (tab-separated)
"""

import collections
import hashlib
import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pipeline"))

import thumbline  # noqa: E402
from thumbline import Folder, run  # noqa: E402

FULL = os.environ.get("THUMBLINE_FAULTS") == "full"
SEED = int(os.environ.get("THUMBLINE_FAULTS_SEED") or random.SystemRandom().randrange(2**32))


def scale(selection, full):
    """A number of the issue (`full`), or what a short run takes instead."""
    return full if FULL else selection


def report(fault, tried, happened):
    """A row of the table."""
    row = "\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in (fault, tried, happened))
    if "THUMBLINE_FAULTS_REPORT" in os.environ:
        with open(os.environ["THUMBLINE_FAULTS_REPORT"], "a") as file:
            file.write(row + "\n")
    print(row.replace("\t", " | "), flush=True)


def fingerprints(folder, kind):
    """The digests of the files below `kind` by their relative paths."""
    return {name: hashlib.sha256((folder / kind / name).read_bytes()).hexdigest() for name in folder.files(kind)}


class Case(thumbline.TestCase):
    """A test with chance of its own, which follows from the seed, and the oracle."""

    options = ("--allow-private", "--fetchers", "2", "--resizers", "2", "--size", "16", "--quiet")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._undisturbed = {}

    def setUp(self):
        super().setUp()
        self.chance = random.Random(f"{SEED} {self.id().rpartition('.')[2]}")

    def _formatMessage(self, message, standard):  # noqa: N802: unittest's name
        return f"{super()._formatMessage(message, standard)} : seed {SEED}"

    def command(self, links, *options, out=None):
        """The arguments of `run` over these links."""
        return ("run", "--links", self.list_of(links), "--out", (out or self.out).path, *self.options, *options)

    def undisturbed(self, links, *options):
        """What a run over these links leaves when nobody disturbs it: the digests of its files, by "images" and "thumbnails". Ends
        the gallery's delays, for it has nothing to wait for."""
        self.end_delays()
        key = (tuple(links), options)
        if key not in self._undisturbed:
            with tempfile.TemporaryDirectory() as folder:
                quiet = Folder(os.path.join(folder, "out"))
                result = run(*self.command(links, *options, out=quiet))
                self.assertEqual(result.code, 0, result)
                self._undisturbed[key] = {kind: fingerprints(quiet, kind) for kind in ("images", "thumbnails")}
        return self._undisturbed[key]

    def check_oracle(self, links, *options, reasons=None, out=None):
        """Holds what is in the run's folder against the links, and against an undisturbed run with these options. `reasons`:
        of those links that must not end as done, and of which an undisturbed run would know nothing."""
        out = out or self.out
        self.check_outcomes(links, reasons or {}, out)
        good = [link for link in links if link not in (reasons or {})]
        self.check_files(self.undisturbed(good, *options), out)

    def check_outcomes(self, links, reasons, out=None):
        """Exactly one outcome for each link: its reason of `reasons`, else done."""
        out = out or self.out
        with out.open_ledger() as ledger:
            self.assertEqual(ledger.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        rows = out.ledger("SELECT link, coalesce(reason, outcome) FROM links")
        times = collections.Counter(link for link, _ in rows)
        wanted = set(links)
        self.assertEqual(sorted(wanted - set(times)), [], "lost")
        self.assertEqual(sorted(set(times) - wanted), [], "unexpected")
        self.assertEqual([link for link, count in times.items() if count > 1], [], "more than once")
        self.assertEqual({link: became for link, became in rows if became != reasons.get(link, "done")}, {}, "another outcome")
        results = out.results()
        self.assertEqual({link: line["reason"] or line["outcome"] for link, line in results.items()}, dict(rows), "results.csv")

    def check_files(self, expected, out=None):
        """The files are those, byte for byte, and nothing is left of what was being written."""
        out = out or self.out
        for kind in ("images", "thumbnails"):
            there = fingerprints(out, kind)
            self.assertEqual(sorted(expected[kind].keys() - there.keys()), [], f"missing in {kind}")
            self.assertEqual(sorted(there.keys() - expected[kind].keys()), [], f"unexpected in {kind}")
            self.assertEqual([name for name in there if there[name] != expected[kind][name]], [], f"other bytes in {kind}")
        self.check_nothing_is_left_half_written(out)

    def check_nothing_is_left_half_written(self, out=None):
        out = out or self.out
        self.assertEqual([name for name in out.files(".") if name.startswith(".partial") or name.endswith(".part")], [])
        recorded = {path for row in out.ledger("SELECT image, thumbnail FROM links") for path in row if path}
        there = {f"{kind}/{name}" for kind in ("images", "thumbnails") for name in out.files(kind)}
        self.assertEqual(sorted(recorded - there), [], "recorded, but not there")


def main():
    """unittest.main(), and the seed where a test failed."""
    ended = unittest.main(module="__main__", exit=False).result
    if not ended.wasSuccessful():
        print(f"the seed was {SEED}: THUMBLINE_FAULTS_SEED={SEED} does the same again", file=sys.stderr)
    sys.exit(not ended.wasSuccessful())
