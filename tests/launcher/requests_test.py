"""How pictures are asked for."""

import argparse
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import options, requests  # noqa: E402
from launcher.ending import Stop  # noqa: E402

RUN = ("run", "--links", "list", "--out", "out")


class RequestsTest(unittest.TestCase):
    def refusal(self, *arguments):
        with self.assertRaises(Stop) as stop:
            options.parse([*RUN, *arguments])
        return str(stop.exception)

    def test_fields_come_one_by_one_and_from_files(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("X-Key: a\n\nX-Other:b\n")
            file.flush()
            parsed = options.parse([*RUN, "--header", "Accept: image/png", "--header", f"@{file.name}"])
        self.assertEqual(parsed.header, ["Accept: image/png", "X-Key: a", "X-Other:b"])

    def test_what_is_no_field_is_refused_and_not_shown(self):
        for text in ("secret", "secret:", "a secret: b", ": secret", "X: secret\nY: b", "X: secret\x00"):
            said = self.refusal("--header", text)
            self.assertIn("'Name: value'", said)
            self.assertNotIn("secret", said)
        self.assertIn("No such file", self.refusal("--header", "@/nowhere/at/all"))

    def test_what_is_no_proxy_is_refused_and_not_shown(self):
        for text in ("ftp://user:secret@host", "http://user:secret@", "secret host"):
            self.assertNotIn("secret", self.refusal("--proxy", text))

    def test_secrets_are_on_no_command_line(self):
        parsed = options.parse([*RUN, "--header", "X-Key: secret", "--proxy", "http://user:secret@host:3128"])
        for program in ("producer", "fetcher", "resizer", "collector"):
            self.assertNotIn("secret", " ".join(options.passed_on(program, parsed)))
        self.assertEqual(requests.environment("fetcher", parsed), {requests.HEADERS: "X-Key: secret", requests.PROXY: "http://user:secret@host:3128"})
        self.assertEqual(requests.environment("producer", parsed), {requests.HEADERS: "X-Key: secret"})
        self.assertEqual(requests.environment("resizer", parsed), {})
        self.assertEqual(requests.environment("fetcher", argparse.Namespace()), {})

    def test_fields_of_the_environment_stay(self):
        parsed = options.parse([*RUN, "--header", "X: 1"])
        with unittest.mock.patch.dict("os.environ", {requests.HEADERS: "Y: 2"}):
            self.assertEqual(requests.environment("fetcher", parsed)[requests.HEADERS], "Y: 2\nX: 1")

    def test_no_proxy_at_all(self):
        parsed = options.parse([*RUN, "--proxy", ""])
        self.assertEqual(options.passed_on("fetcher", parsed)[-2:], ["--proxy", ""])
        self.assertEqual(requests.environment("fetcher", parsed), {})

    def test_a_proxy_s_password_goes_to_no_other_machine(self):
        self.assertIn("--hosts", self.refusal("--hosts", "hosts.txt", "--proxy", "http://user:secret@host"))
        parsed = options.parse([*RUN, "--hosts", "hosts.txt", "--proxy", "http://host:3128"])
        self.assertIn("http://host:3128", options.passed_on("worker", parsed))


if __name__ == "__main__":
    unittest.main()
