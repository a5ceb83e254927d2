"""How pictures are asked for: header fields, user agent, proxies; and who hears of secrets."""

import contextlib
import http.server
import pathlib
import sys
import threading
import unittest

from https_test import https_server
from thumbline import ROOT, TestCase, Thumbline, children_of, run, wait_until

sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.authority import Authority  # noqa: E402

PICTURE = b"GIF89a\1\0\1\0\0\0\0;"
SECRET = "Zr0FjYqsecret"


class Server:
    """Notes the requests that come; also as a proxy. `wait` is an event before which nobody is answered."""

    def __init__(self, wait=None):
        self.requests = []
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                if wait:
                    wait.wait()
                self.send_response(200)
                self.send_header("Content-Length", str(len(PICTURE)))
                self.end_headers()
                self.wfile.write(PICTURE)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def links(self, count):
        return [f"http://127.0.0.1:{self.port}/{number}.gif" for number in range(count)]


def command_lines(pid):
    """Of a process and all below it."""
    with contextlib.suppress(OSError):
        yield pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    for child in children_of(pid):
        yield from command_lines(child)


class RequestsTest(TestCase):
    def fetch(self, links, *options, environment=None):
        result = run("fetch", "--links", self.list_of(links), "--out", self.out.path, "--quiet", *options, environment=environment)
        self.assertEqual(result.code, 0, result)
        return {reason or "done" for _, _, reason, _ in self.out.ledger()}

    def check_nobody_tells(self, *texts):
        for path in self.out.path.rglob("*"):
            if path.is_file():
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)
        for text in texts:
            self.assertNotIn(SECRET, text)

    def test_fields_and_user_agent_reach_the_server(self):
        with Server() as server:
            self.fetch(server.links(2), "--allow-private", "--header", "X-One: 1", "--header", "X-Two: a, b", "--user-agent", "me (+https://a.example/)")
        for _, headers in server.requests:
            self.assertEqual((headers["X-One"], headers["X-Two"], headers["User-Agent"]), ("1", "a, b", "me (+https://a.example/)"))

    def test_a_secret_reaches_the_server_and_nobody_else(self):
        answer = threading.Event()
        fields = self.here / "fields"
        fields.write_text(f"Authorization: Bearer {SECRET}\n\nX-Key: {SECRET}\n")
        with Server(answer) as server:
            started = Thumbline("fetch", "--links", self.list_of(server.links(2)), "--out", self.out.path, "--allow-private", "--listen", "0",
                                "--header", f"@{fields}")
            wait_until("a request", lambda: server.requests)
            lines = list(command_lines(started.process.pid))
            answer.set()
            result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertGreater(len(lines), 3)
        self.assertEqual({headers["Authorization"] for _, headers in server.requests}, {f"Bearer {SECRET}"})
        self.assertEqual({headers["X-Key"] for _, headers in server.requests}, {SECRET})
        self.check_nobody_tells(*lines, result.out, result.err)

    def test_workers_that_join_ask_as_the_run_wants_it(self):
        environment = {"XDG_CACHE_HOME": str(self.here / "cache")}
        with Server() as server:
            head = Thumbline("fetch", "--links", self.list_of(server.links(3)), "--out", self.out.path, "--allow-private", "--listen", "0",
                             "--fetchers", "0", "--header", f"X-Key: {SECRET}", "--user-agent", "me", environment=environment)
            port = wait_until("the port", lambda: head.process.stderr.readline().partition(" port ")[2].partition(",")[0])
            worker = Thumbline("worker", "--head", f"127.0.0.1:{port}", "--key", self.out / "run.key", "--allow-private", "--resizers", "0",
                               environment=environment)
            self.assertEqual(head.result().code, 0)
            self.assertEqual(worker.result().code, 0)
        self.assertEqual({(headers["X-Key"], headers["User-Agent"]) for _, headers in server.requests}, {(SECRET, "me")})
        for log in (self.here / "cache").rglob("*.log"):
            self.assertNotIn(SECRET, log.read_text())
        self.check_nobody_tells()

    def test_a_proxy_is_asked_and_its_password_kept(self):
        with Server() as proxy:
            links = [f"http://pictures.invalid/{number}.gif" for number in range(2)]
            reasons = self.fetch([*links, "http://10.0.0.1/x.gif"], "--proxy", f"http://user:{SECRET}@127.0.0.1:{proxy.port}")
        self.assertEqual(reasons, {"done", "refused-address"})
        self.assertEqual({path for path, _ in proxy.requests}, set(links))
        self.check_nobody_tells()

    def test_the_environment_s_proxy_is_asked_unless_there_shall_be_none(self):
        with Server() as proxy, Server() as server:
            environment = {"http_proxy": f"http://127.0.0.1:{proxy.port}"}
            self.fetch(server.links(1), "--allow-private", environment=environment)
            self.assertEqual((len(proxy.requests), len(server.requests)), (1, 0))
            self.fetch([f"{link}?2" for link in server.links(1)], "--allow-private", "--proxy", "", environment=environment)
            self.assertEqual((len(proxy.requests), len(server.requests)), (1, 1))

    def test_certificates_need_not_be_valid(self):
        name = next(path.name for path in pathlib.Path(self.pictures_folder).iterdir() if path.name != "removed.png")
        with https_server(self.pictures_folder, *Authority(self.here).sign(["127.0.0.2"])) as (port, _):
            self.assertEqual(self.fetch([f"https://127.0.0.1:{port}/{name}"], "--allow-private", "--insecure"), {"done"})

    def test_a_field_that_is_thumbline_s_own_ends_the_command(self):
        result = run("fetch", "--links", self.list_of(["http://127.0.0.1/x"]), "--out", self.out.path, "--header", f"Range: {SECRET}")
        self.assertEqual(result.code, 2, result)
        self.assertIn("range", result.err)
        self.check_nobody_tells(result.err)


if __name__ == "__main__":
    unittest.main()
