"""What the launcher shows."""

import io
import os
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import console, log  # noqa: E402


class ConsoleTest(unittest.TestCase):
    def test_what_comes_from_outside_commands_no_terminal(self):
        self.assertEqual(console.visible("café 日本"), "café 日本")
        self.assertEqual(console.visible("a\x1b]0;x\x07\r\x9b\u202e"), "a\\x1b]0;x\\x07\\r\\x9b\\u202e")
        self.assertEqual(console.visible(os.fsdecode(b"caf\xe9")), "caf\\udce9")
        with unittest.mock.patch("sys.stderr", io.StringIO()) as said:
            console.say("host a\x1b[2Jb\nhas left")
        self.assertEqual(said.getvalue(), "thumbline: host a\\x1b[2Jb\nhas left\n")

    def test_nobody_listens(self):
        closed = unittest.mock.Mock(**{"isatty.return_value": False, "write.side_effect": BrokenPipeError})
        with unittest.mock.patch("sys.stderr", closed):
            console.say("hello")
        closed.write.assert_called_once()


class LogTest(unittest.TestCase):
    def test_a_log_keeps_its_beginning_and_its_end(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.object(log, "MOST_BYTES", 1000):
            path = os.path.join(folder, "fetcher-1.log")
            for number in range(1000):
                log.add_line(path, f"line {number}\x1b")
            texts = {name: pathlib.Path(folder, name).read_text() for name in os.listdir(folder)}
        self.assertEqual(sorted(texts), ["fetcher-1.before.log", "fetcher-1.first.log", "fetcher-1.log"])
        self.assertTrue(texts["fetcher-1.first.log"].startswith("line 0\\x1b\n"))
        self.assertTrue(texts["fetcher-1.log"].endswith("line 999\\x1b\n"))
        self.assertLess(max(map(len, texts.values())), 1100)

    def test_a_log_is_not_written_through_a_link(self):
        with tempfile.TemporaryDirectory() as folder:
            precious = pathlib.Path(folder, "precious")
            precious.write_text("text")
            os.symlink(precious, os.path.join(folder, "a.log"))
            log.add_line(os.path.join(folder, "a.log"), "line")
            self.assertEqual(precious.read_text(), "text")


if __name__ == "__main__":
    unittest.main()
