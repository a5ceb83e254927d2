"""Which machine has done how much."""

import contextlib
import io
import pathlib
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.shares import shares  # noqa: E402


class SharesTest(unittest.TestCase):
    def setUp(self):
        # Signs that mean something in SQLite's URIs.
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(suffix="u#1?mode=rwc&%20")))

    def ledger_of(self, *workers):
        path = self.folder / "ledger.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as ledger:
            ledger.execute("CREATE TABLE links (fetcher, fetch_us, resizer, resize_us)")
            ledger.executemany("INSERT INTO links VALUES (?, 1000000, ?, 2000000)", workers)
            ledger.commit()
        return path

    def test_a_row_for_each_machine(self):
        _, _, left, right = shares(self.ledger_of(("left:1", "left:2"), ("left:1", "right:3"))).splitlines()
        self.assertEqual(left.split(), ["left", "2", "2.00", "s", "1", "2.00", "s"])
        self.assertEqual(right.split(), ["right", "0", "-", "1", "2.00", "s"])

    def test_names_that_no_terminal_should_see(self):
        _, _, *hosts = shares(self.ledger_of((b"b\xfcro:1", "left:2"), ("\x1b[2J:1", "left:2"))).splitlines()
        self.assertEqual([line.split()[0] for line in hosts], ["?[2J", "b\ufffdro", "left"])

    def test_nothing_of_one_machine_alone(self):
        self.assertEqual(shares(self.ledger_of(("left:1", "left:2"))), "")

    def test_a_ledger_that_cannot_be_read_is_said_and_no_more(self):
        path = self.folder / "ledger.sqlite"
        path.write_text("this is no ledger, whatever its name may say")
        for ledger in (path, self.folder / "missing.sqlite"):
            with contextlib.redirect_stderr(io.StringIO()) as said:
                self.assertEqual(shares(ledger), "")
            self.assertIn(str(ledger), said.getvalue())


if __name__ == "__main__":
    unittest.main()
