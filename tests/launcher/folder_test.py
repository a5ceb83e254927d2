"""The folder of a run, as the launcher sees it: whose it is, and what in it thumbline has made."""

import contextlib
import errno
import gc
import os
import pathlib
import sqlite3
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.ending import Stop  # noqa: E402
from launcher.folder import Folder  # noqa: E402
from launcher.sources import copy, has_links  # noqa: E402
from launcher.whole_file import whole_file  # noqa: E402

SOMEBODY_ELSE = 4242


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.here = pathlib.Path(temporary.name)
        self.out = self.here / "out"

    def put(self, name, text="the user's"):
        file = self.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def refused(self, command="run"):
        """Why; what is in the folder stays as it was."""
        before = self.contents()
        with self.assertRaises(Stop) as stop, Folder(self.out, command):
            pass
        self.assertEqual(stop.exception.code, 2)
        self.assertEqual(self.contents(), before)
        return str(stop.exception)

    def contents(self):
        return {path: path.read_bytes() for path in self.here.rglob("*") if path.is_file()}


class FolderTest(Case):
    def test_looking_at_the_ledger_leaves_nothing_open(self):
        """A launcher looks at each death of a worker, and may see very many."""
        # The name has signs that mean something in SQLite's URIs.
        with tempfile.TemporaryDirectory(suffix="u#1?%20") as path, Folder(path, "run") as folder:
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

    def test_what_the_user_has_there_is_refused_and_left_alone(self):
        for command, name in (("run", "images/holiday.jpg"), ("run", "thumbnails/a.jpg"), ("fetch", "results.csv"), ("run", "summary.json"),
                              ("resize", "thumbnails/a.jpg"), ("compare", "compare/notes"), ("compare", "images/a.jpg"),
                              ("run", "ledger.sqlite"), ("run", "logs/mail.log"), ("run", ".thumbline")):
            with self.subTest(command=command, name=name):
                self.setUp()
                self.put(name)
                self.assertIn(name.partition("/")[0], self.refused(command))

    def test_what_no_command_makes_does_not_matter(self):
        self.put("notes.txt")
        self.put("images/a.jpg")  # `resize` makes none
        with Folder(self.out, "resize"):
            pass
        self.assertEqual(self.refused("run").count("images"), 1)

    def test_what_thumbline_has_made_is_its_own_ever_after(self):
        with Folder(self.out, "run"):
            self.put("images/a.jpg")
            self.put("results.csv")
        with Folder(self.out, "run"):
            pass

    def test_a_full_disk_is_no_bad_usage(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        with unittest.mock.patch("launcher.made.whole_file", side_effect=full), self.assertRaises(Stop) as stop, Folder(self.out, "run"):
            pass
        self.assertEqual(stop.exception.code, 3)
        self.assertIn("make room", str(stop.exception))

    def test_a_folder_in_which_nothing_was_begun_is_as_it_was(self):
        notes = self.put("notes.txt")
        with Folder(self.out, "run"):
            pass
        self.assertEqual(list(self.out.iterdir()), [notes])

    def test_a_folder_from_before_this_was_noted_can_be_continued(self):
        self.put("images/a.jpg")
        with contextlib.closing(sqlite3.connect(self.out / "ledger.sqlite")) as ledger:
            ledger.execute(f"PRAGMA application_id = {0x74686d62}")
            ledger.execute("CREATE TABLE links (seq INTEGER PRIMARY KEY)")
        mine = self.put("links.txt")  # as with --out . and a list of the user's
        source = self.here / "list"
        source.write_text("http://h/a.jpg\n")
        with Folder(self.out, "run") as folder:
            with self.assertRaises(Stop):
                copy(str(source), folder, "links.txt")
            source.write_text("the user's")
            self.assertEqual(copy(str(source), folder, "links.txt"), str(mine))
            source.write_text("another")
            with self.assertRaises(Stop):
                copy(str(source), folder, "links.txt")
        self.assertEqual(mine.read_text(), "the user's")

    def test_a_copied_list_takes_no_file_of_the_users(self):
        source = self.here / "list"
        source.write_text("http://h/a.jpg\n")
        mine = self.put("links.txt")
        with Folder(self.out, "run") as folder:
            with self.assertRaises(Stop) as stop:
                copy(str(source), folder, "links.txt")
            self.assertEqual(stop.exception.code, 2)
            self.assertEqual(mine.read_text(), "the user's")
            mine.unlink()
            for _ in range(2):
                self.assertEqual(pathlib.Path(copy(str(source), folder, "links.txt")).read_bytes(), source.read_bytes())
            mine.write_text("the copy, and what the user has added to it")
            with self.assertRaises(Stop):
                copy(str(source), folder, "links.txt")
        self.assertIn("has added", mine.read_text())

    def test_only_what_thumbline_was_writing_is_swept_away(self):
        mine = self.put(".partial/notes.part")
        shown = self.put("x-h-1-0123456789abcdef.part")
        ours = [self.put(f".partial/{name}") for name in ("00000000000000ab-host-17-0123456789abcdef-5.part", "x-h-1-0123456789abcdef.part")]
        ours.append(self.put(".results.csv-h-1-0123456789abcdef-7.part"))
        with Folder(self.out, "run"):
            self.assertTrue(mine.exists() and shown.exists())
            self.assertEqual([file for file in ours if file.exists()], [])

    def test_a_file_is_whole_or_not_there(self):
        self.out.mkdir()
        with self.assertRaises(KeyError), whole_file(self.out, "a") as file:
            file.write("half")
            raise KeyError
        self.assertEqual(list(self.out.iterdir()), [])

    def test_a_file_is_put_aside_where_it_is_to_be(self):
        """FOLDER/.partial may be a link to another disk."""
        elsewhere = self.here / "elsewhere"
        elsewhere.mkdir()
        self.out.mkdir()
        (self.out / ".partial").symlink_to(elsewhere)
        with whole_file(self.out, "a") as file:
            file.write("whole")
            self.assertEqual(list(elsewhere.iterdir()), [])
        self.assertEqual((self.out / "a").read_text(), "whole")

    def test_a_line_of_any_length_is_looked_at_in_pieces(self):
        for text, expected in ((b"# " + b"x" * 200_000, False), (b"x" * 200_000, True), (b"#\n\xef\xbb\xbf \n# b" + b" c" * 70_000 + b"\na", True)):
            file = self.here / "list"
            file.write_bytes(text)
            self.assertEqual(has_links(file), expected)


class OwnershipTest(Case):
    def test_a_folder_that_everybody_may_change_is_refused(self):
        self.out.mkdir()
        self.out.chmod(0o777)
        self.assertIn("chmod", self.refused())
        self.out.chmod(0o1777)
        with Folder(self.out, "run"):
            pass
        (self.out / "images").mkdir()
        (self.out / "images").chmod(0o777)
        self.assertIn("images", self.refused())

    @unittest.skipIf(os.geteuid() != 0, "only root can give files away")
    def test_a_folder_of_somebody_else_is_refused(self):
        self.out.mkdir()
        os.chown(self.out, SOMEBODY_ELSE, -1)
        self.assertIn(f"user {SOMEBODY_ELSE}", self.refused())

    @unittest.skipIf(os.geteuid() != 0, "only root can give files away")
    def test_so_is_what_somebody_else_has_laid_into_ones_own(self):
        for name in ("run.key", "coordinator.key", ".store-id", "logs/collector.log", ".partial", "images", "ledger.sqlite"):
            with self.subTest(name=name):
                self.setUp()
                path = self.put(name)
                os.chown(path, SOMEBODY_ELSE, -1)
                self.assertIn(name, self.refused())

    def test_links_are_not_followed(self):
        for name in ("run.key", "logs/collector.log", "results.csv", "links.txt", "ledger.sqlite", ".thumbline", ".store-id"):
            with self.subTest(name=name):
                self.setUp()
                elsewhere = self.here / "elsewhere"
                elsewhere.write_text("the user's")
                (self.out / name).parent.mkdir(parents=True)
                (self.out / name).symlink_to(elsewhere)
                self.assertIn("link", self.refused())

    def test_a_folder_that_the_user_has_laid_elsewhere_loses_nothing(self):
        elsewhere = self.here / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "thesis.txt").write_text("the user's")
        self.out.mkdir()
        (self.out / ".partial").symlink_to(elsewhere)
        with Folder(self.out, "run"):
            pass
        self.assertEqual((elsewhere / "thesis.txt").read_text(), "the user's")
        self.assertTrue((self.out / ".partial").is_symlink())

    @unittest.skipIf(os.geteuid() != 0, "only root can give files away")
    def test_one_that_leads_to_somebody_elses_is_refused(self):
        elsewhere = self.here / "elsewhere"
        elsewhere.mkdir()
        os.chown(elsewhere, SOMEBODY_ELSE, -1)
        self.out.mkdir()
        (self.out / "images").symlink_to(elsewhere)
        self.assertIn("link", self.refused())


if __name__ == "__main__":
    unittest.main()
