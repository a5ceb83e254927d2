"""Which certificates are trusted: the system's, or those of --ca-file. Whether TLS sessions are resumed."""

import contextlib
import http.server
import pathlib
import ssl
import sys
import threading
import unittest

from thumbline import ROOT, TestCase, run

sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.authority import Authority  # noqa: E402


@contextlib.contextmanager
def https_server(folder, certificate, key):
    """Serves the folder's files at all loopback addresses, over a new connection each. Gives its port, and a list to which it adds for
    each request whether its session was resumed."""
    resumed = []

    class Answer(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def do_GET(self):
            resumed.append(self.connection.session_reused)
            super().do_GET()

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass  # clients that do not trust it hang up

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Server(("", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1], resumed
        finally:
            server.shutdown()
            thread.join()


class HttpsTest(TestCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.here)
        self.hosts = [f"127.0.0.{number}" for number in range(1, 41)]
        self.names = sorted(path.name for path in pathlib.Path(self.pictures_folder).iterdir())[:4]
        self.port, self.resumed = self.enterContext(https_server(self.pictures_folder, *self.authority.sign(self.hosts)))
        self.links = [self.link(self.hosts[0], name) for name in self.names]

    def link(self, host, name):
        return f"https://{host}:{self.port}/{name}"

    def fetch(self, *options):
        result = run("fetch", "--links", self.list_of(self.links), "--out", self.out.path, "--allow-private", *options)
        self.assertEqual(result.code, 0, result)
        return {(outcome, reason) for _, outcome, reason, _ in self.out.ledger()}

    def test_a_server_is_trusted_by_its_authority(self):
        self.assertEqual(self.fetch("--ca-file", self.authority.certificate), {("done", None)})

    def test_a_server_of_an_unknown_authority_is_not(self):
        self.assertEqual(self.fetch(), {("failed", "tls")})

    def test_a_server_of_another_authority_is_not(self):
        other = self.here / "other"
        other.mkdir()
        self.assertEqual(self.fetch("--ca-file", Authority(other).certificate), {("failed", "tls")})

    def test_one_authority_of_many_is_enough(self):
        self.assertEqual(self.fetch("--ca-file", self.authority.bundle()), {("done", None)})

    def test_a_new_connection_to_a_known_host_resumes_its_session_also_where_there_are_many_hosts(self):
        self.links = [self.link(host, name) for name in self.names for host in self.hosts]
        self.assertEqual(self.fetch("--ca-file", self.authority.certificate, "--threads", "1", "--transfers", "1"), {("done", None)})
        self.assertEqual(len(self.resumed), len(self.links))
        self.assertGreater(sum(self.resumed), len(self.links) * 0.6, "of three quarters that can be")


if __name__ == "__main__":
    unittest.main()
