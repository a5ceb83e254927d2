"""When a program that died is started again."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import restarts  # noqa: E402

ENOUGH = 100  # deaths, by which somebody must have given up


class Restarts(restarts.Restarts):
    """Of a program that dies of its start, where nothing else is said."""

    def died(self, lived_s, progress, at_work=False, now_s=0):
        return super().died(lived_s, progress, at_work, now_s)


class RestartsTest(unittest.TestCase):
    def test_the_first_deaths_cost_no_time(self):
        self.assertEqual(Restarts().died(0.1, "somewhere"), 0)

    def test_waits_grow_and_end(self):
        restarts = Restarts()
        waits = []
        while (wait := restarts.died(0.1, "nowhere")) is not None:
            waits.append(wait)
            self.assertLess(len(waits), ENOUGH)
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], waits[0])

    def test_whoever_is_killed_while_the_run_advances_is_never_given_up(self):
        restarts = Restarts()
        for outcomes in range(ENOUGH):
            self.assertEqual(restarts.died(0.1, outcomes), 0)

    def test_whoever_lived_for_a_while_did_not_die_of_its_start(self):
        restarts = Restarts()
        for _ in range(ENOUGH):
            self.assertEqual(restarts.died(60, "nowhere"), 0)

    def test_whoever_was_killed_at_work_may_wait_for_the_leases_of_what_was_lost_with_it(self):
        """Killed twice a second: for 75 s there may be nothing that could advance."""
        restarts = Restarts()
        killed_s = 0.0
        while killed_s <= 75:
            wait = restarts.died(0.3, "nowhere", at_work=killed_s % 5 != 0, now_s=killed_s)  # one in ten at its start
            self.assertIsNotNone(wait, killed_s)
            self.assertLess(wait, 1)
            killed_s += 0.5
        while (wait := restarts.died(0.3, "nowhere", at_work=True, now_s=killed_s)) is not None:
            killed_s += 0.5
            self.assertLess(killed_s, 600)

    def test_getting_on_forgives(self):
        restarts = Restarts()
        for _ in range(5):
            restarts.died(0.1, "here")
        self.assertEqual(restarts.died(0.1, "there"), 0)
        self.assertEqual(restarts.in_a_row, 1)


if __name__ == "__main__":
    unittest.main()
