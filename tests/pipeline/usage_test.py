"""What is wrong with a command is said in one line; then the exit code is 2 and nothing was started."""

import os
import subprocess
import unittest

from thumbline import BIN, PROGRAMS, TestCase, Thumbline, run


class UsageTest(TestCase):
    pictures = 2

    def refused(self, words, *arguments, environment=None):
        result = run(*arguments, environment=environment)
        self.assertEqual((result.code, result.out), (2, ""), result)
        self.assertEqual(len(result.err.splitlines()), 1, result)
        self.assertTrue(result.err.startswith("thumbline"), result)
        for word in words:
            self.assertIn(word, result.err)
        self.assertFalse((self.out / "ledger.sqlite").exists())

    def refused_run(self, words, *options):
        self.refused(words, "run", "--links", self.list_of([]), "--out", self.out.path, *options)

    def test_no_command_or_none_that_there_is(self):
        self.refused(["run", "compare", "demo"])
        self.refused(["shrink"], "shrink")

    def test_options(self):
        self.refused_run(["--fast"], "--fast")
        self.refused_run(["--threads", "0"], "--threads", "0")
        self.refused_run(["--threads", "many"], "--threads", "many")
        self.refused_run(["--transfers"], "--transfers", "100000")
        self.refused_run(["--size", "12y"], "--size", "12y")
        self.refused_run(["--size", "0x5"], "--size", "0x5")
        self.refused_run(["--fit", "stretch"], "--fit", "stretch")
        self.refused_run(["--format", "gif"], "--format", "gif")
        for quality in ("0", "101", "-5", "best"):
            self.refused_run(["--quality", quality, "1 to 100"], "--quality", quality)
        for colour in ("red", "102030", "#12", "#1234567", "#12345g", ""):
            self.refused_run(["--background", colour, "'#102030'"], "--background", colour)
        self.refused_run(["--tolerate", "corrupt", "truncated"], "--tolerate", "corrupt")
        self.refused_run(["--enlarge"], "--enlarge=yes")
        self.refused_run(["--max-bytes", "lots"], "--max-bytes", "lots")
        self.refused_run(["--timeout", "-1"], "--timeout=-1")
        self.refused_run(["--window"], "--window")
        self.refused_run(["--ca-file", "No such file"], "--ca-file", self.here / "missing.pem")
        self.refused_run(["--ca-file", "no certificate"], "--ca-file", __file__)
        self.refused(["--out"], "run", "--links", self.list_of([]))
        self.refused(["--links", "--imgur"], "run", "--out", self.out.path)
        self.refused(["--lnks", "run --help"], "run", "--lnks", self.list_of([]), "--out", self.out.path)
        self.refused(["--size", "fetch --help"], "fetch", "--links", self.list_of([]), "--out", self.out.path, "--size", "64")
        self.refused_run(["--store local", "resizers"], "--listen", "0", "--store", "local", "--resizers", "0")
        self.refused(["--links", "--imgur"], "run", "--out", self.out.path, "--links", self.list_of([]), "--imgur", "5")

    def test_an_option_cannot_be_shortened(self):
        self.refused_run(["--allow"], "--allow")

    def test_lists_and_folders_that_cannot_be_read(self):
        missing = self.here / "missing.txt"
        self.refused([str(missing), "No such file"], "run", "--links", missing, "--out", self.out.path)
        self.refused([str(missing), "No such file"], "resize", "--images", missing, "--out", self.out.path)
        self.refused(["folder"], "fetch", "--links", self.here, "--out", self.out.path)

    def test_a_list_that_is_no_text(self):
        for text in ("http://127.0.0.1/a.jpg\n".encode("utf-16"), next(self.pictures_folder.glob("*.jpg")).read_bytes()):
            file = self.list_of([])
            file.write_bytes(text)
            self.refused([str(file), "no text"], "run", "--links", file, "--out", self.out.path)

    def test_a_list_of_another_kind(self):
        """Refused as a whole: read line by line, each line would fail."""
        for name, text in (("list.csv", "url,text\nhttp://127.0.0.1/a.jpg,cat\n"), ("list.jsonl", '{"url": "http://127.0.0.1/a.jpg"}\n'),
                           ("list.tsv", "http://127.0.0.1/a.jpg\tcat\n")):
            file = self.here / name
            file.write_text(text)
            for command in ("run", "fetch", "compare"):
                self.refused([str(file), "one a line"], command, "--links", file, "--out", self.out.path)
                self.assertFalse(self.out.path.exists())
            folder = self.here / "from-stdin"
            result = run("run", "--links", "-", "--out", folder, given=text)
            self.assertEqual((result.code, result.out), (2, ""), result)
            self.assertIn("one a line", result.err)
            self.assertEqual(list(folder.iterdir()), [])

    def test_a_standard_input_that_is_closed(self):
        closed = ("sh", "-c", 'exec "$@" <&-', "sh")
        for option, *command in (("--links", "run", "--links", "-"), ("--images", "resize", "--images", "-"), ("--links", "compare", "--links", "-")):
            result = Thumbline(*command, "--out", self.out.path, before=closed).result()
            self.assertEqual(result.code, 2, result)
            self.assertIn(f"{option} -: standard input is closed", result.err)
            self.assertFalse(self.out.path.exists())

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_list_that_only_others_may_read(self):
        secret = self.list_of([])
        secret.chmod(0)
        self.refused([str(secret), "Permission denied"], "run", "--links", secret, "--out", self.out.path)

    def test_an_out_that_is_no_folder(self):
        file = self.list_of([])
        self.refused(["--out", str(file)], "run", "--links", file, "--out", file)

    def test_an_out_that_holds_something_else(self):
        for name in ("links.txt", "images/holiday.jpg", "results.csv"):
            mine = self.out / name
            mine.parent.mkdir(parents=True, exist_ok=True)
            mine.write_text("the user's")
            result = run("run", "--links", "-", "--out", self.out.path, given="http://127.0.0.1/a.jpg\n")
            self.assertEqual((result.code, result.out), (2, ""), result)
            self.assertIn(name.partition("/")[0], result.err)
            self.assertIn("has not made", result.err)
            self.assertEqual(self.out.files("."), [name])
            self.assertEqual(mine.read_text(), "the user's")
            mine.unlink()

    def test_names_that_a_terminal_would_obey(self):
        for command in (("run", "--links", "\x1b]0;mine\x07", "--out", self.out.path),
                        ("run", "--links", self.list_of([]), "--out", self.out.path, "--hosts", self.here / "\x1b[31m")):
            result = run(*command)
            self.assertEqual(result.code, 2, result)
            self.assertNotIn("\x1b", result.err)

    def test_the_gallery_wants_a_client_id(self):
        self.refused(["IMGUR_CLIENT_ID", "--client-id"], "run", "--imgur", "5", "--out", self.out.path,
                     environment={"IMGUR_CLIENT_ID": ""})
        self.refused(["client id"], "run", "--imgur", "5", "--out", self.out.path, environment={"IMGUR_CLIENT_ID": "a b"})

    def test_help_has_examples(self):
        for command in ("run", "fetch", "resize", "compare", "demo"):
            result = run(command, "--help")
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertIn(f"scripts/thumbline {command}", result.out)
            self.assertIn("exit codes:", result.out)

    def test_the_version_is_that_of_the_programs(self):
        result = run("--version")
        self.assertEqual((result.code, result.err), (0, ""), result)
        for program in PROGRAMS:
            said = subprocess.run([BIN / f"thumbline-{program}", "--version"], capture_output=True, text=True, check=True).stdout
            self.assertEqual(result.out, said)

    def test_sizes_and_times_with_units(self):
        result = run("run", "--links", self.list_of(self.gallery.links()), "--out", self.out.path, "--allow-private", "--max-bytes",
                     "32MiB", "--max-pixels", "100Mpx", "--timeout", "1m")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["done"], self.pictures)


if __name__ == "__main__":
    unittest.main()
