"""demo: no network, no account."""

import unittest

from thumbline import BIN, PROGRAMS, TestCase, run


class DemoTest(TestCase):
    pictures = 1

    def test_a_gallery_a_run_a_table_and_what_to_try_next(self):
        for time in ("first", "second"):
            result = run("demo", "--pictures", "30", "--out", self.out.path)
            self.assertEqual(result.code, 0, f"{time}: {result}")
            summary = self.out.summary()
            self.assertEqual(summary["links"], 30, time)
            self.assertGreater(summary["done"], 20)
            self.assertLessEqual(set(summary["reasons"]), {"removed", "unsupported-format"})
            self.assertEqual(len(self.out.files("thumbnails")), summary["done"])
            for word in ("download", "thumbnails", str(self.out / "images"), "scripts/thumbline run --links", "compare"):
                self.assertIn(word, result.out)

    def test_pictures_that_cannot_be_drawn(self):
        programs = self.here / "bin"
        programs.mkdir()
        for program in PROGRAMS:
            (programs / f"thumbline-{program}").symlink_to(BIN / f"thumbline-{program}")
        (programs / "thumbline-draw").symlink_to("/bin/false")
        result = run("demo", "--out", self.out.path, environment={"THUMBLINE_BIN": str(programs)})
        self.assertEqual(result.code, 3, result)
        self.assertIn(f"{programs}/thumbline-draw ended with 1", result.err.splitlines()[-1])

    def test_a_demo_that_could_not_begin_begins_in_the_same_folder(self):
        missing = run("demo", "--out", self.out.path, environment={"THUMBLINE_BIN": str(self.here)})
        self.assertEqual(missing.code, 3, missing)
        result = run("demo", "--pictures", "5", "--out", self.out.path, "--quiet")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertNotIn("Next", result.out)

    def test_a_folder_with_something_else_is_left_alone(self):
        self.out.path.mkdir()
        (self.out / "images").mkdir()
        result = run("demo", "--out", self.out.path)
        self.assertEqual(result.code, 2, result)
        self.assertTrue((self.out / "images").exists())

    def test_the_next_demo_removes_what_the_last_one_made_and_nothing_else(self):
        command = ("demo", "--pictures", "5", "--out", self.out.path, "--quiet")
        self.assertEqual(run(*command).code, 0)
        first = self.out.files("images")
        for name in ("images/holiday.jpg", "ledger.sqlite.backup"):
            (self.out / name).write_text("the user's")
        result = run(*command)
        self.assertEqual(result.code, 0, result)
        for name in ("images/holiday.jpg", "ledger.sqlite.backup"):
            self.assertEqual((self.out / name).read_text(), "the user's")
        self.assertEqual(len(self.out.files("images")), len(first) + 1)


if __name__ == "__main__":
    unittest.main()
