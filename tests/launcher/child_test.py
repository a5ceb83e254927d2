"""A program of a run, as the launcher sees it."""

import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.child import Child  # noqa: E402
from launcher.ending import CANNOT_GO_ON  # noqa: E402


class ChildTest(unittest.TestCase):
    def ended(self, *scripts):
        """A child that has run these lines of shell, one after the other; say() announces."""
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "program"
            child = Child("name", program, lambda child: [], program.with_suffix(".log"), final_codes=(CANNOT_GO_ON,))
            for script in scripts:
                program.write_text('#!/bin/bash\nwhile [ "$1" != --announce-fd ]; do shift; done\nsay() { echo "$1 -" >&$fd; }\n'
                                   f"fd=$2\n{script}\n")
                program.chmod(0o755)
                child.start(time.monotonic())
                child.reap()
                for pipe in child.pipes:
                    pipe.close()
        return child

    def test_who_dies_after_its_key_and_before_its_sockets_did_not_get_through_its_start(self):
        self.assertFalse(self.ended("exit 3").was_at_work)
        self.assertFalse(self.ended("say key; exit 3").was_at_work)
        self.assertTrue(self.ended("say key; say results; exit 3").was_at_work)
        self.assertFalse(self.ended("say results; exit 3", "say key; exit 3").was_at_work)

    def test_the_announcements_of_earlier_processes_count(self):
        self.assertTrue(self.ended("say key", "exit 0").has_announced("key"))

    def test_whether_another_try_would_end_the_same_way(self):
        self.assertTrue(self.ended("say key; exit 3").ended_for_good)
        self.assertTrue(self.ended("kill -9 $$", "exit 3").ended_for_good)
        self.assertTrue(self.ended("say ready; exit 3").ended_for_good)
        # It was at work once: what is in its way now may be gone in a moment.
        self.assertFalse(self.ended("say ready; kill -9 $$", "exit 3").ended_for_good)
        self.assertTrue(self.ended("say ready; kill -9 $$", "exit 2").ended_for_good)


if __name__ == "__main__":
    unittest.main()
