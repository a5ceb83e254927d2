"""What `cmake --install` puts elsewhere works there, without the source tree."""

import os
import pathlib
import subprocess
import unittest

from thumbline import TestCase


class InstallTest(TestCase):
    def test_an_installed_thumbline_runs(self):
        prefix = self.here / "prefix"
        subprocess.run(["cmake", "--install", os.environ["THUMBLINE_BUILD"], "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        for script in (prefix / "share").rglob("*.py"):
            self.assertTrue(list((script.parent / "__pycache__").glob(f"{script.stem}.*.pyc")), f"{script} is compiled at each start")
        link = self.here / "thumbline"
        link.symlink_to(prefix / "bin" / "thumbline")
        environment = {name: value for name, value in os.environ.items() if name != "THUMBLINE_BIN"}
        links = self.gallery.links()
        result = subprocess.run([link, "run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private"],
                                env=environment, cwd="/", capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result)
        self.check_each_has_one_outcome(links)
        demo = subprocess.run([link, "demo", "--pictures", "5", "--out", self.here / "demo"], env=environment, cwd="/",
                              capture_output=True, text=True)
        self.assertEqual(demo.returncode, 0, demo)
        self.assertIn("\n  thumbline run --links", demo.stdout)  # there is no scripts/ here
        version = subprocess.run([link, "--version"], env=environment, cwd="/", capture_output=True, text=True)
        self.assertRegex(version.stdout, r"^thumbline [0-9]+\.[0-9.]+\n$")
        root = str(pathlib.Path(__file__).resolve().parents[2])
        for script in (prefix / "share").rglob("*.py"):
            self.assertNotIn(root, script.read_text())


if __name__ == "__main__":
    unittest.main()
