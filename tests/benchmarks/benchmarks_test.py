"""What scripts/bench measures with."""

import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from benchmarks import corpus, timing  # noqa: E402

CORE = min(timing.os.sched_getaffinity(0))


class TimingTest(unittest.TestCase):
    def test_the_processor_time_of_children_counts_and_waiting_does_not(self):
        busy = timing.measure(["sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"], CORE)
        waiting = timing.measure(["sleep", "0.5"], CORE)
        self.assertLess(waiting.processor_s, busy.processor_s)
        self.assertGreater(waiting.wall_s, waiting.processor_s)

    def test_what_fails_is_not_measured(self):
        for command in (["false"], ["/no/such/program"]):
            with self.assertRaises(OSError):
                timing.measure(command, CORE)

    def test_the_first_round_does_not_count(self):
        costs = timing.in_turn([["true"], ["true"]], rounds=2, core=CORE)
        self.assertEqual([len(mine) for mine in costs], [2, 2])

    def test_the_median_is_of_the_figure_asked_for(self):
        costs = [timing.Cost(wall_s, 9) for wall_s in (5, 1, 3)]
        self.assertEqual(timing.median(costs, "wall_s"), 3)


class CorpusTest(unittest.TestCase):
    def test_the_plan_is_the_same_each_time_and_as_mixed_as_it_says(self):
        pictures = corpus.plan(500, 20, random.Random(7))
        self.assertEqual(pictures, corpus.plan(500, 20, random.Random(7)))
        self.assertAlmostEqual(sum(picture.is_jpeg for picture in pictures) / 500, 0.8, delta=0.08)
        self.assertTrue(all(picture.width * picture.height <= 16e6 for picture in pictures))
        self.assertTrue(all(0 <= picture.photograph < 20 for picture in pictures))


if __name__ == "__main__":
    unittest.main()
