"""The file of --hosts."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import hosts  # noqa: E402
from launcher.ending import BAD_USAGE, Stop  # noqa: E402


def read(text):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        return hosts.read(file.name)


class HostsTest(unittest.TestCase):
    def test_a_line_is_a_machine_with_what_it_shall_do(self):
        first, second = read("# ours\nuser@left fetchers=2 threads=4 resizers=8 bin=/opt/bin folder=/mnt/run port=7120\n\n  right # spare\n")
        self.assertEqual((first.login, first.name, first.bin, first.folder), ("user@left", "left", "/opt/bin", "/mnt/run"))
        self.assertEqual(first.numbers, {"fetchers": 2, "threads": 4, "resizers": 8, "port": 7120})
        self.assertEqual((second.login, second.name, second.numbers, second.bin), ("right", "right", {}, None))

    def test_two_lines_for_one_machine_have_names_of_their_own(self):
        for lines in ("left\nleft resizers=2\nright\n", "a@left\nb@left\nright\n", "left-1\nleft\nleft\n"):
            self.assertEqual(len({host.name for host in read(lines)}), 3, lines)

    def test_what_is_wrong_is_said_with_its_line(self):
        for line in ("left resizers", "left resizers=many", "left resizers=", "left cores=4", "-oProxyCommand=sh", "left;reboot", "left port=99999",
                     "left folder=data", "left fetchers=0 resizers=0"):
            with self.subTest(line), self.assertRaises(Stop) as stop:
                read(f"right\n{line}\n")
            self.assertEqual(stop.exception.code, BAD_USAGE)
            self.assertIn("line 2", str(stop.exception))

    def test_a_file_without_hosts_is_refused(self):
        for text in ("", "# nobody\n"):
            with self.assertRaises(Stop):
                read(text)
        with self.assertRaises(Stop):
            hosts.read("/not/there")


if __name__ == "__main__":
    unittest.main()
