"""What a machine of --hosts is told."""

import argparse
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.hosts import Host  # noqa: E402
from launcher.remote import RemoteHost  # noqa: E402


def command(**settings):
    """The words of the command over there, from one that has `settings` in its line."""
    remote = RemoteHost(Host("left", settings), argparse.Namespace(), lambda: 7200, "run.key", "left.log")
    return remote._remote_command()


class RemoteTest(unittest.TestCase):
    def test_the_head_is_where_the_line_says(self):
        for head, told in (("192.0.2.1", "192.0.2.1:7200"), ("2001:db8::1", "[2001:db8::1]:7200"), ("[2001:db8::1]", "[2001:db8::1]:7200")):
            self.assertIn(told, command(head=head))
        self.assertIn(":7200", command())  # where ssh comes from

    def test_a_line_says_more_than_the_options(self):
        words = command(resizers="8", folder="/mnt/run")
        self.assertEqual(words[words.index("--resizers") + 1], "8")
        self.assertEqual(words[words.index("--folder") + 1], "/mnt/run")


if __name__ == "__main__":
    unittest.main()
