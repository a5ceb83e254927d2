"""Sizes and durations as people write and read them."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import quantities  # noqa: E402


class ReadingTest(unittest.TestCase):
    def test_sizes(self):
        for text, number in (("1000", 1000), ("500k", 500_000), ("32MiB", 32 << 20), ("32 mib", 32 << 20), ("1.5GB", 1_500_000_000),
                             ("100Mpx", 100_000_000), ("7px", 7), ("7B", 7)):
            self.assertEqual(quantities.parse_count(text), number, text)

    def test_times(self):
        for text, seconds in (("60", 60), ("60s", 60), ("1m", 60), ("2min", 120), ("500ms", 0.5), ("0.5", 0.5), ("1h", 3600)):
            self.assertEqual(quantities.parse_seconds(text), seconds, text)

    def test_rates(self):
        for text, per_second in (("5", 5), ("0.5", 0.5), ("5/s", 5), ("30/m", 0.5), ("30/min", 0.5), ("1000/h", 1000 / 3600), ("1/h", 1 / 3600)):
            self.assertAlmostEqual(quantities.parse_rate(text), per_second, msg=text)
        for text in ("", "0", "-1", "/s", "5/", "5/d", "5 apples", "0.5/h", "1e9", "nan"):
            with self.assertRaises(ValueError, msg=text):
                quantities.parse_rate(text)

    def test_what_is_neither(self):
        for text in ("", "MiB", "-1", "1e9", "0", "3 apples", "1,5k", "nan", "٣", "9" * 400):
            for parse in (quantities.parse_count, quantities.parse_seconds):
                with self.assertRaises(ValueError, msg=text):
                    parse(text)


class WritingTest(unittest.TestCase):
    def test_durations(self):
        for seconds, text in ((0.0042, "4.2 ms"), (0.287, "287 ms"), (0.9994, "999 ms"), (0.9996, "1.00 s"), (4.053, "4.05 s"),
                              (59.94, "59.9 s"), (59.96, "1 min 00 s"), (124.4, "2 min 04 s"), (3599.6, "1 h 00 min"),
                              (3900, "1 h 05 min")):
            self.assertEqual(quantities.duration_text(seconds), text)

    def test_counts_and_rates(self):
        self.assertEqual(quantities.count_text(1234567), "1 234 567")
        self.assertEqual([quantities.rate_text(rate) for rate in (0.5, 9.996, 99.96, 1234.5)], ["0.50", "10.0", "100", "1 235"])


if __name__ == "__main__":
    unittest.main()
