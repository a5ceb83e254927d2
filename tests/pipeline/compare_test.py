"""compare: four ways side by side, each with all the work done."""

import contextlib
import json
import shutil
import signal
import sqlite3
import unittest

from thumbline import TestCase, Thumbline, run, wait_until


class CompareTest(TestCase):
    def compare(self, links, *options):
        return ("compare", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--threads", "2",
                "--transfers", "4", "--resizers", "2", *options)

    def check_table(self, result, count):
        self.assertEqual(result.code, 0, result)
        heading, _, *rows = result.out.splitlines()
        for word in ("description", "time taken", "images", "images/s", "speed-up"):
            self.assertIn(word, heading)
        self.assertEqual([row["images"] for row in self.out.summary()["compare"]], [count] * 4)
        for row, entry in zip(rows, self.out.summary()["compare"]):
            self.assertTrue(row.startswith(entry["description"]), row)
            self.assertGreater(entry["time_s"], 0)
            self.assertAlmostEqual(entry["images_per_s"], count / entry["time_s"], places=3)

    def test_each_row_does_all_the_work(self):
        links = self.gallery.links()
        result = run(*self.compare(links))
        self.check_table(result, len(links))
        asked = self.asked()
        self.assertEqual({asked[link.removeprefix(self.gallery.url)] for link in links}, {2})
        summary = self.out.summary()
        self.assertEqual((summary["links"], summary["done"], summary["failed"]), (len(links), len(links), 0))
        self.assertEqual(len(self.out.files("images")), len(links))
        self.assertEqual(len(self.out.files("thumbnails")), len(links))
        self.assertEqual(summary["stages"]["fetch"]["count"], len(links))
        self.assertEqual(summary["stages"]["resize"]["count"], len(links))
        speedups = [row["speedup"] for row in summary["compare"]]
        self.assertEqual((speedups[0], speedups[2]), (1, 1))
        results = self.out.results()
        self.assertEqual(set(results), set(links))
        for line in results.values():
            self.assertTrue((self.out / line["image"]).exists() and (self.out / line["thumbnail"]).exists(), line)
        # Nothing of the serial rows lies about.
        pictures = [path for path in (self.out / "compare").rglob("*") if path.suffix in (".jpg", ".png")]
        self.assertEqual(pictures, [])

    def test_the_table_comes_again_without_the_work(self):
        command = self.compare(self.gallery.links()[:6])
        first = run(*command)
        asked = self.asked()
        again = run(*command)
        self.assertEqual(again.out, first.out)
        self.assertEqual(self.asked(), asked)

    def test_failures_are_counted_once(self):
        links = [*self.gallery.links()[:4], self.fault("status/404/a.jpg"), self.fault("corrupt-png/b.png")]
        result = run(*self.compare(links))
        self.assertEqual(result.code, 0, result)
        summary = self.out.summary()
        self.assertEqual((summary["links"], summary["done"], summary["failed"]), (6, 4, 2))
        self.assertEqual(summary["reasons"], {"http-404": 1, "corrupt": 1})
        reasons = {line["reason"] for line in self.out.results().values() if line["outcome"] == "failed"}
        self.assertEqual(reasons, {"http-404", "corrupt"})
        self.assertIn("\n2 of 6 links failed (results.csv says which)\n", result.out)
        self.assertEqual(summary["wall_s"], round(summary["wall_s"], 6))

    def test_a_row_that_was_interrupted_starts_afresh(self):
        links = self.gallery.links()[:8] + self.slow_links(1, 4000)
        command = self.compare(links)
        comparison = Thumbline(*command)
        wait_until("the second row", (self.out / "compare/2-download-threads/ledger.sqlite").exists)
        comparison.process.send_signal(signal.SIGINT)
        stopped = comparison.result()
        self.assertEqual(stopped.code, 3, stopped)
        self.assertIn("the same command", stopped.err)
        self.assertIn("row 2 of 4 will begin anew", stopped.err)
        asked = self.asked()
        self.end_delays()
        self.check_table(run(*command), len(links))
        for link in links:
            path = link.removeprefix(self.gallery.url)
            self.assertEqual(self.asked()[path] - asked[path], 1, "the first row was finished, the second was not")

    def test_an_empty_list_is_no_comparison_and_no_failure(self):
        empty = self.here / "empty.txt"
        empty.write_text("\ufeff# nothing\n\n  # yet\n")
        for links, named, given in ((empty, str(empty), None), ("-", "standard input", empty.read_text()), ("-", "standard input", "")):
            result = run("compare", "--links", links, "--out", self.out.path, given=given)
            self.assertEqual(result.code, 0, result)
            self.assertEqual(result.err, f"thumbline: there are no links in {named}\n")
        self.check_table(run(*self.compare(self.gallery.links()[:3])), 3)  # the folder is as good as new

    def test_no_other_command_works_in_its_folder(self):
        links = self.gallery.links()[:3]
        self.assertEqual(run(*self.compare(links)).code, 0)
        before = self.out.summary()
        result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private")
        self.assertEqual(result.code, 2, result)
        self.assertIn("holds a comparison", result.err)
        self.assertEqual(self.out.summary(), before)

    def test_settings_that_were_cut_off_are_written_again(self):
        """As when the disk was full."""
        command = self.compare(self.gallery.links()[:3])
        self.assertEqual(run(*command).code, 0)
        settings = self.out / "compare/settings.json"
        whole = settings.read_text()
        for rest in (whole[:20], ""):
            settings.write_text(rest)
            result = run(*command)
            self.assertEqual(result.code, 0, result)
            self.assertEqual(settings.read_text(), whole)

    def test_other_settings_are_refused(self):
        command = self.compare(self.gallery.links()[:3])
        self.assertEqual(run(*command).code, 0)
        other = run(*command, "--resizers", "3")
        self.assertEqual(other.code, 2, other)
        self.assertIn("--resizers", other.err)
        for option in (["--enlarge"], ["--quality", "30"], ["--progressive"], ["--background", "black"], ["--tolerate", "truncated"]):
            other = run(*command, *option)
            self.assertEqual(other.code, 2, other)
            self.assertIn(option[0], other.err)

    def test_a_comparison_from_before_an_option_was_there_can_be_continued(self):
        command = self.compare(self.gallery.links()[:3])
        first = run(*command)
        file = self.out / "compare/settings.json"
        settings = json.loads(file.read_text())
        for name in ("enlarge", "quality", "progressive", "background", "tolerate"):
            del settings[name]
        file.write_text(json.dumps(settings))
        again = run(*command)
        self.assertEqual((again.code, again.out), (0, first.out), again)
        self.assertEqual(run(*command, "--enlarge").code, 2)

    def test_both_rows_of_thumbnails_are_made_by_the_recipe(self):
        result = run(*self.compare(self.gallery.links()[:4], "--format", "jpeg", "--progressive", "--enlarge", "--fit", "pad",
                                   "--quality", "30"))
        self.check_table(result, 4)
        one, many = (sqlite3.connect(self.out / f"compare/{row}/ledger.sqlite") for row in ("3-resize-one", "4-resize-many"))
        with contextlib.closing(one), contextlib.closing(many):
            question = "SELECT value FROM meta WHERE key = 'settings'"
            self.assertEqual(one.execute(question).fetchall(), many.execute(question).fetchall())
        for thumbnail in self.out.contents("thumbnails").values():
            self.assertIn(b"\xff\xc2", thumbnail)

    def test_what_the_user_has_in_the_folder_stays(self):
        for name in ("images/holiday.jpg", "thumbnails/holiday_thumbnail.jpg", "links.txt", "results.csv"):
            with self.subTest(name=name):
                self.setUp()
                mine = self.out / name
                mine.parent.mkdir(parents=True)
                mine.write_text("the user's")
                links = self.gallery.links()[:2]
                before = self.asked()
                refused = run(*self.compare(links))
                self.assertEqual(refused.code, 2, refused)
                self.assertIn(name.partition("/")[0], refused.err)
                self.assertIn("folder of its own", refused.err)
                self.assertEqual(mine.read_text(), "the user's")
                self.assertEqual(self.asked(), before, "nothing was started")

    def test_what_was_added_to_its_pictures_stays(self):
        command = self.compare(self.gallery.links()[:3])
        self.assertEqual(run(*command).code, 0)
        added = self.out / "images/holiday.jpg"
        added.write_text("the user's")
        self.assertEqual(run(*command).code, 0)
        shutil.rmtree(self.out / "compare")  # so that all of it begins anew
        again = run(*command)
        self.assertEqual(again.code, 2, again)
        self.assertIn(str(self.out / "images"), again.err)
        self.assertEqual(added.read_text(), "the user's")


if __name__ == "__main__":
    unittest.main()
