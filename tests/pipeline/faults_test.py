"""Every way in which a download fails ends as the reason that docs/outcomes.md gives it: in ledger, CSV and summary."""

import collections
import contextlib
import json
import pathlib
import socket
import socketserver
import threading
import unittest

from thumbline import TestCase, Thumbline, run


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextlib.contextmanager
def server_without_tls():
    """Answers every connection by plain HTTP; gives its port."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1000)
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class FaultsTest(TestCase):
    def reasons(self, expected, *options):
        """Runs over the links of `expected` and compares what became of each."""
        result = run("run", "--links", self.list_of(expected), "--out", self.out.path, "--allow-private", "--attempts", "2", *options)
        self.assertEqual(result.code, 0, result)
        ledger = {link: reason or "done" for link, _, reason, _ in self.out.ledger()}
        self.assertEqual(ledger, expected)
        self.assertEqual({link: line["reason"] or line["outcome"] for link, line in self.out.results().items()}, expected)
        counted = collections.Counter(reason for reason in expected.values() if reason != "done")
        self.assertEqual(self.out.summary()["reasons"], dict(counted))
        self.assertEqual(self.out.files(".partial") if (self.out / ".partial").exists() else [], [])
        for reason in counted:
            self.assertIn(reason, result.out)
        return result

    def test_what_a_server_can_answer(self):
        good = self.gallery.links()[0]
        self.reasons({
            good: "done",
            self.fault("status/404/a.jpg"): "http-404",
            self.fault("status/403/a.jpg"): "http-403",
            self.fault("status/410/a.jpg"): "http-410",
            self.fault("status/500/a.jpg"): "http-500",
            self.fault("429/1/0/a.jpg"): "done",
            self.fault("429/99/0/b.jpg"): "rate-limited",
            self.fault("503/1/0/a.jpg"): "done",
            self.fault("redirect/3/a.jpg"): "done",
            self.fault("redirect/9/a.jpg"): "done",
            self.fault("redirect/12/a.jpg"): "too-many-redirects",
            self.fault("redirect-loop/a.jpg"): "too-many-redirects",
            self.fault("html/a.jpg"): "not-an-image",
            self.fault("empty/a.jpg"): "not-an-image",
            self.fault("wrong-type/a.jpg"): "done",
            self.fault("gif/a.gif"): "unsupported-format",
            self.gallery.get("/deleted.txt").body.decode().split()[0]: "removed",
        })

    def test_what_a_connection_can_do(self):
        with server_without_tls() as port:
            self.reasons({
                self.fault("cut/40/a.jpg"): "truncated",
                self.fault("wrong-length/a.jpg"): "truncated",
                self.fault("reset/40/a.jpg"): "reset",
                f"http://127.0.0.1:{free_port()}/a.jpg": "connect",
                "http://no-such-host.invalid/a.jpg": "dns",
                f"https://127.0.0.1:{port}/a.jpg": "tls",
            })

    def test_what_takes_too_long_or_is_too_much(self):
        self.reasons({
            self.fault("hang/a.jpg"): "timeout",
            self.fault("slow/1/a.jpg"): "timeout",
            self.fault("endless/a.jpg"): "too-large",
            self.fault("huge/5000000/a.jpg"): "too-large",
        }, "--timeout", "2s", "--max-bytes", "1MB")

    def test_what_a_picture_can_be(self):
        self.reasons({
            self.fault("truncated-jpeg/a.jpg"): "truncated",
            self.fault("corrupt-png/a.png"): "corrupt",
            self.fault("huge-pixels/a.png"): "too-many-pixels",
        })

    def test_what_a_picture_on_this_machine_can_be(self):
        """A scan bomb: a progressive picture whose last scan is there two hundred times."""
        data = next(data for data in map(pathlib.Path.read_bytes, sorted(self.pictures_folder.glob("*.jpg"))) if b"\xff\xc2" in data)
        last_scan = data[data.rindex(b"\xff\xda"):-2]
        bomb = self.here / "bomb.jpg"
        bomb.write_bytes(data[:-2] + last_scan * 200 + data[-2:])
        missing = self.here / "missing.jpg"
        result = run("resize", "--images", self.list_of([str(bomb), str(missing)]), "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        reasons = sorted(reason for _, _, reason, _ in self.out.ledger())
        self.assertEqual(reasons, ["decode-limit", "io"])
        self.assertEqual(self.out.summary()["reasons"], {"decode-limit": 1, "io": 1})

    def test_what_a_link_can_be(self):
        self.reasons({
            "ftp://127.0.0.1/a.jpg": "bad-link",
            "http://user:secret@127.0.0.1/a.jpg": "bad-link",
            "not a link": "bad-link",
        })

    def test_a_host_that_is_not_named_in_ascii(self):
        """RFC 5890; *.localhost is this machine: RFC 6761, 6.3."""
        link = self.gallery.links()[0].replace("127.0.0.1", "bücher.localhost")
        result = run("fetch", "--links", self.list_of([link]), "--out", self.out.path, "--allow-private", environment={"LC_ALL": "C"})
        self.assertEqual(result.code, 0, result)
        self.assertEqual([row[:2] for row in self.out.ledger()], [(link, "done")])

    def test_an_answer_that_says_when_to_come_back_is_waited_for(self):
        link = self.fault("429/1/1/b.jpg")
        self.reasons({link: "done"})
        attempts, = self.out.ledger("SELECT attempts FROM links")[0]
        self.assertEqual(attempts, 2)
        self.assertEqual(self.asked()["/fault/429/1/1/b.jpg"], 2)

    def test_a_redirect_does_not_get_around_the_rules(self):
        link = self.fault("redirect-to/file%3A%2F%2F%2Fetc%2Fpasswd")
        run("run", "--links", self.list_of([link]), "--out", self.out.path, "--allow-private", "--attempts", "1")
        (_, outcome, reason, _), = self.out.ledger()
        self.assertEqual(outcome, "failed")
        self.assertEqual(reason, "http-302")
        self.assertEqual(json.dumps(self.out.summary()["reasons"]), json.dumps({reason: 1}))

    def test_files_that_may_not_grow_are_named_and_raising_the_limit_goes_on(self):
        command = ("run", "--links", self.list_of(self.gallery.links()), "--out", self.out.path, "--allow-private")
        for kilobytes in (1, 8, 64):
            limit = f'ulimit -f {kilobytes * 2}; exec "$@"'  # in units of 512 bytes
            stopped = Thumbline(*command, before=("sh", "-c", limit, "sh")).result()
            self.assertEqual(stopped.code, 3, stopped)
            self.assertIn("ulimit -f", stopped.err)
            self.assertNotIn("SIGXFSZ", stopped.err)
        self.assertEqual(run(*command).code, 0)
        self.check_each_has_one_outcome(self.gallery.links())


if __name__ == "__main__":
    unittest.main()
