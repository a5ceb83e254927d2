"""The command line."""

import contextlib
import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import options  # noqa: E402
from launcher.ending import BAD_USAGE, Stop  # noqa: E402


class OptionsTest(unittest.TestCase):
    def refusal(self, *arguments):
        with self.assertRaises(Stop) as stop:
            options.parse(arguments)
        self.assertEqual(stop.exception.code, BAD_USAGE)
        return str(stop.exception)

    def test_what_is_unknown_is_said_before_what_is_missing(self):
        self.assertEqual(self.refusal("run", "--lnks", "list", "--out", "out"), "unknown: --lnks (see scripts/thumbline run --help)")
        self.assertEqual(self.refusal("run", "--lnks=list", "--out", "out"), "unknown: --lnks (see scripts/thumbline run --help)")
        self.assertEqual(self.refusal("--lnks", "run"), "unknown: --lnks (see scripts/thumbline --help)")

    def test_an_option_of_another_command_is_unknown_to_this_one(self):
        self.assertEqual(self.refusal("fetch", "--links", "list", "--out", "out", "--size", "64"),
                         "unknown: --size (see scripts/thumbline fetch --help)")

    def test_a_word_too_many(self):
        self.assertEqual(self.refusal("run", "--links", "list", "more", "--out", "out"), "unknown: more (see scripts/thumbline run --help)")

    def test_a_list_without_its_option(self):
        self.assertIn("is it --links list.txt?", self.refusal("run", "list.txt", "--out", "out"))
        self.assertIn("is it --images folder?", self.refusal("resize", "folder"))

    def test_values_that_look_like_options(self):
        self.assertEqual(options.parse(["run", "--links=--list", "--out", "--a folder"]).out, "--a folder")
        self.assertEqual(options.parse(["run", "--links=--list", "--out=o"]).links, "--list")
        self.assertIn("-5", self.refusal("run", "--links", "list", "--out", "out", "--quality", "-5"))

    def test_an_option_that_is_given_twice(self):
        self.assertIn("--links is given twice", self.refusal("run", "--links", "a", "--links=b", "--out", "out"))
        self.assertEqual(options.parse(["resize", "--images", "a", "b", "--images", "c", "--out", "out"]).images, ["a", "b", "c"])
        self.assertEqual(options.parse(["run", "--links", "a", "--out", "out", "--threads", "2", "--threads", "3"]).threads, 3)

    def test_a_folder_without_a_name(self):
        for command in (["run", "--links", "a", "--out", ""], ["demo", "--out="]):
            self.assertIn("--out: the name of a folder is wanted", self.refusal(*command))

    def test_help_comes_before_what_is_wrong_after_it(self):
        with contextlib.redirect_stdout(io.StringIO()) as said, self.assertRaises(SystemExit):
            options.parse(["run", "--help", "--lnks"])
        self.assertIn("--links", said.getvalue())

    def test_without_a_shared_folder_who_downloads_needs_resizers(self):
        head = ("--links", "list", "--out", "out", "--listen", "0", "--store", "local", "--resizers", "0")
        self.assertIn("--store local", self.refusal("run", *head))
        self.assertEqual(options.parse(["run", *head, "--fetchers", "0"]).store, "local")
        self.assertEqual(options.parse(["fetch", *head[:-2]]).store, "local")

    def test_defaults_are_said(self):
        with contextlib.redirect_stdout(io.StringIO()) as said, self.assertRaises(SystemExit):
            options.parse(["run", "--help"])
        told = " ".join(said.getvalue().split())
        for words in ("at once (default: 2048)", "at most (default: 5)", "one host (default: as many as there are)", "each fetcher of its own"):
            self.assertIn(words, told)


if __name__ == "__main__":
    unittest.main()
