"""The folder of a run, as the launcher sees it."""

import contextlib
import gc
import os
import pathlib
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.folder import Folder  # noqa: E402


class FolderTest(unittest.TestCase):
    def test_looking_at_the_ledger_leaves_nothing_open(self):
        """A launcher looks at each death of a worker, and may see very many."""
        # The name has signs that mean something in SQLite's URIs.
        with tempfile.TemporaryDirectory(suffix="u#1?%20") as path, Folder(path) as folder:
            with contextlib.closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
                ledger.execute("PRAGMA journal_mode = WAL")
                ledger.execute("CREATE TABLE links (seq INTEGER PRIMARY KEY)")
                ledger.execute("INSERT INTO links VALUES (7)")
                ledger.commit()
            gc.disable()
            self.addCleanup(gc.enable)
            before = len(os.listdir("/proc/self/fd"))
            for _ in range(20):
                self.assertEqual(folder.last_outcome(), (7,))
            self.assertEqual(len(os.listdir("/proc/self/fd")), before)


if __name__ == "__main__":
    unittest.main()
