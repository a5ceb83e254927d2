"""Where a run's head is asked."""

import os
import pathlib
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import door  # noqa: E402
from launcher.ending import BAD_USAGE, Stop  # noqa: E402


class DoorTest(unittest.TestCase):
    def test_a_host_with_or_without_a_port(self):
        for head, endpoint in (("head", "tcp://head:7117"), ("head:7200", "tcp://head:7200"), ("192.0.2.1", "tcp://192.0.2.1:7117"),
                               ("2001:db8::1", "tcp://[2001:db8::1]:7117"), ("[2001:db8::1]", "tcp://[2001:db8::1]:7117"),
                               ("[2001:db8::1]:7200", "tcp://[2001:db8::1]:7200")):
            self.assertEqual(door.endpoint(head), endpoint)
            self.assertEqual(door.endpoint("tcp://" + head), endpoint)

    def test_where_ssh_comes_from(self):
        for address, endpoint in (("192.0.2.7", "tcp://192.0.2.7:7117"), ("2001:db8::7", "tcp://[2001:db8::7]:7117")):
            with unittest.mock.patch.dict(os.environ, {"SSH_CONNECTION": f"{address} 50000 192.0.2.1 22"}):
                self.assertEqual(door.endpoint(":7117"), endpoint)

    def test_what_is_no_host(self):
        with unittest.mock.patch.dict(os.environ):
            os.environ.pop("SSH_CONNECTION", None)
            for head in ("", "tcp://", ":7117", "me@head", "head:0", "head:65536", "http://head", "tcp://head:7117/"):
                with self.subTest(head), self.assertRaises(Stop) as stop:
                    door.endpoint(head)
                self.assertEqual(stop.exception.code, BAD_USAGE)


if __name__ == "__main__":
    unittest.main()
