"""Which certificates are trusted: the system's, or those of --ca-file."""

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
    """Serves the folder's files; gives its port."""

    class Answer(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass  # clients that do not trust it hang up

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Server(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class HttpsTest(TestCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.here)
        names = sorted(path.name for path in pathlib.Path(self.pictures_folder).iterdir() if path.name != "removed.png")[:4]
        port = self.enterContext(https_server(self.pictures_folder, *self.authority.sign(["127.0.0.1"])))
        self.links = [f"https://127.0.0.1:{port}/{name}" for name in names]

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


if __name__ == "__main__":
    unittest.main()
