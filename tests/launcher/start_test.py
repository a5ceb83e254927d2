"""How the command gets to its work."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"

# Each takes longer to import than the launcher needs for its own part of a run.
HEAVY = {"base64", "bz2", "csv", "email", "filecmp", "glob", "hashlib", "http", "importlib.util", "inspect", "lzma", "random",
         "runpy", "secrets", "shlex", "shutil", "site", "sqlite3", "tempfile", "typing", "unicodedata", "urllib"}

# What a run needs until its programs work.
RUN = f"""
import sys
sys.path.insert(0, {str(SCRIPTS)!r})
from launcher import main, options
import launcher.folder, launcher.run
options.parse(sys.argv[1:])
print(*sys.modules, sep="\\n")
"""


def thumbline(command, *arguments, path=None, **how):
    environment = {**os.environ, **({"PATH": path} if path else {})}
    return subprocess.run([*command, *arguments], env=environment, text=True, stderr=subprocess.PIPE,
                          **{"stdout": subprocess.PIPE, **how})


class StartTest(unittest.TestCase):
    def test_a_run_imports_nothing_that_it_does_not_need(self):
        for arguments in (["run", "--links", "l", "--out", "o"], ["fetch", "--links", "l", "--out", "o"], ["resize", "--images", "i", "--out", "o"]):
            asked = thumbline([sys.executable, "-I", "-S", "-c", RUN], *arguments)
            self.assertEqual(asked.returncode, 0, asked.stderr)
            imported = set(asked.stdout.split())
            self.assertIn("launcher.run", imported)
            self.assertEqual(imported & HEAVY, set(), arguments)

    def test_it_is_found_however_it_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            here = pathlib.Path(folder)
            (here / "link").symlink_to(SCRIPTS / "thumbline")
            (here / "scripts").symlink_to(SCRIPTS)
            (here / "below").mkdir()
            (here / "below" / "relative").symlink_to("../link")
            for command, where, path in (([SCRIPTS / "thumbline"], "/", None), ([here / "link"], "/", None), (["./link"], here, None),
                                         (["./below/relative"], here, None), ([here / "scripts" / "thumbline"], "/", None),
                                         (["sh", "thumbline"], SCRIPTS, None), (["thumbline"], "/", f"{SCRIPTS}:{os.environ['PATH']}")):
                asked = thumbline(command, "--version", cwd=where, path=path)
                self.assertRegex(asked.stdout, "^thumbline [0-9.]+\n$", (command, asked.stderr))

    @unittest.skipUnless(os.access("/usr/bin/python3", os.X_OK), "this system's Python is elsewhere")
    def test_the_systems_python_comes_before_a_wrapper(self):
        with tempfile.TemporaryDirectory() as folder:
            wrapper = pathlib.Path(folder) / "python3"
            wrapper.write_text("#!/bin/sh\nexit 9\n")
            wrapper.chmod(0o755)
            asked = thumbline([SCRIPTS / "thumbline"], "--version", path=f"{folder}:{os.environ['PATH']}")
            self.assertEqual(asked.returncode, 0, asked.stderr)

    def test_help_of_a_command_shows_its_options_at_the_width_of_the_terminal(self):
        for columns in (60, 140):
            asked = subprocess.run([SCRIPTS / "thumbline", "run", "--help"], env={**os.environ, "COLUMNS": str(columns)}, text=True,
                                   capture_output=True, check=True)
            self.assertIn("--retry-failed", asked.stdout)
            described = [line for line in asked.stdout.partition("downloading:")[2].partition("examples:")[0].splitlines() if line]
            self.assertLessEqual(max(map(len, described)), columns)
            self.assertGreater(max(map(len, described)), columns - 30)

    def test_what_cannot_be_printed_is_no_success(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(thumbline([SCRIPTS / "thumbline"], "--help", stdout=full).returncode, 3)

    def test_without_python_it_says_so(self):
        """In a copy without install-deps, where nothing is installed."""
        with tempfile.TemporaryDirectory() as folder:
            command = pathlib.Path(folder) / "thumbline"
            command.write_text((SCRIPTS / "thumbline").read_text().replace("/usr/bin/python3", "/nowhere/python3"))
            asked = thumbline([shutil.which("sh"), command], "--version", path=folder)
            self.assertEqual((asked.returncode, asked.stderr), (3, "thumbline: python3 is missing\n"))


if __name__ == "__main__":
    unittest.main()
