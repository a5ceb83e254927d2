"""scripts/systemd: what systemd-analyze says of it."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

UNITS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "systemd"
SERVICES = ("thumbline-fetcher@.service", "thumbline-resizer@.service")
WORST_EXPOSURE = 20  # tenths, of 100; a service that nothing confines has 96
NO_ANALYZE = None if shutil.which("systemd-analyze") else "systemd-analyze is not installed"


def settings(name):
    """A unit's settings by section and key, the values in their order."""
    sections, lines = {}, (UNITS / name).read_text().splitlines()
    for line in lines:
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return sections


@unittest.skipIf(NO_ANALYZE, NO_ANALYZE)
class UnitsTest(unittest.TestCase):
    def setUp(self):
        """The units beside each other, with the programs of this build."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.here = pathlib.Path(temporary.name)
        for unit in UNITS.iterdir():
            if unit.suffix in (".service", ".target"):
                (self.here / unit.name).write_text(unit.read_text().replace("/usr/local/bin", os.environ["THUMBLINE_BIN"]))

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", "--no-pager", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={**os.environ, "SYSTEMD_COLORS": "0"})

    def test_systemd_has_nothing_to_say_about_them(self):
        units = sorted(self.here.iterdir())
        self.assertGreater(len(units), len(SERVICES))
        said = self.analyze("verify", *units)
        about_ours = [line for line in said.stdout.splitlines() if "thumbline" in line]
        self.assertEqual(about_ours, [])
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_they_are_hardly_exposed(self):
        for service in SERVICES:
            said = self.analyze("security", "--offline=true", f"--threshold={WORST_EXPOSURE}", self.here / service)
            if "unrecognized option" in said.stdout:
                self.skipTest("this systemd-analyze cannot judge a unit that is not loaded")
            self.assertEqual(said.returncode, 0, said.stdout)
            self.assertRegex(said.stdout, "Overall exposure level for thumbline")

    def test_a_resizer_may_confine_its_decoder(self):
        """What sandbox.cpp calls is let through, or `--sandbox require` would not start."""
        let_through = self.allowed_calls("thumbline-resizer@.service")
        source = (UNITS.parents[1] / "resizer" / "sandbox.cpp").read_text()
        called = set(re.findall(r"SYS_(landlock\w+)", source)) | {"seccomp", "prctl", "prlimit64"}
        self.assertGreater(len(called), 4)
        self.assertEqual(called - let_through, set())

    def allowed_calls(self, unit):
        calls = set()
        for words in settings(unit)["Service"]["SystemCallFilter"]:
            names = {name for word in words.removeprefix("~").split() for name in self.group(word)}
            calls = calls - names if words.startswith("~") else calls | names
        return calls

    def group(self, word):
        """The calls that a word of SystemCallFilter= stands for."""
        if not word.startswith("@"):
            return {word}
        said = self.analyze("syscall-filter", word)
        self.assertEqual(said.returncode, 0, said.stdout)
        names = [line.strip() for line in said.stdout.splitlines()[1:] if line.startswith(" ") and not line.strip().startswith("#")]
        return {call for name in names for call in self.group(name)}

    def test_both_are_confined_alike(self):
        """What one may do that the other may not is what the two do differently."""
        fetcher, resizer = (settings(service)["Service"] for service in SERVICES)
        differing = {key for key in {*fetcher, *resizer} if fetcher.get(key) != resizer.get(key)}
        self.assertEqual(differing, {"ExecStart", "KillMode", "TimeoutStopSec", "OOMPolicy", "TasksMax", "Nice", "SystemCallFilter"})


if __name__ == "__main__":
    unittest.main()
