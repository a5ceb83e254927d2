"""A gallery of a few small pictures, drawn and served for one test file, and a client that sees every byte."""

import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

DRAW = os.environ.get("THUMBLINE_DRAW", "thumbline-draw")
SERVER = pathlib.Path(__file__).resolve().parent / "faulty_server.py"
PATIENCE_S = 60
CLIENT = {"Authorization": "Client-ID test"}


def draw(folder, *options):
    subprocess.run([DRAW, str(folder), *map(str, options)], check=True)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """A running server; ends with `stop()` or with its `with`."""

    def __init__(self, pictures, *options):
        command = [sys.executable, str(SERVER), str(pictures), *map(str, options)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise RuntimeError(f"the server says {line!r}")
        self.url = line.split()[-1]
        self.host, self.port = urlsplit(self.url).hostname, urlsplit(self.url).port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """The exit code after SIGTERM."""
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        return code

    def get(self, path, method="GET", **headers):
        """One request on a connection of its own; follows no redirect. `path` may be a whole link."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request(method, path.removeprefix(self.url), headers=headers)
            return Answer(connection.getresponse())

    def api(self, path):
        return self.get("/3/" + path, **CLIENT)

    def page(self, number):
        return self.api(f"gallery/random/random/{number}").json()["data"]

    def pages(self):
        """All pages that have items."""
        pages = []
        while items := self.page(len(pages)):
            pages.append(items)
        return pages

    def links(self):
        return self.get("/links.txt").body.decode().split()

    def connect(self):
        """A plain socket."""
        return socket.create_connection((self.host, self.port), timeout=PATIENCE_S)

    def raw(self, path):
        """A socket on which `path` was asked for."""
        sock = self.connect()
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        return sock


def read_head(sock):
    """The head of an answer as (status, headers by lower-case name), and what came behind it."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            raise EOFError(data)
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body


def read_to_end(sock):
    """Everything up to the end, and whether that was a reset."""
    data = b""
    try:
        while more := sock.recv(65536):
            data += more
    except ConnectionResetError:
        return data, True
    return data, False


@contextlib.contextmanager
def drawn_folder(count=90, max_side=120, *options):
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, "--count", count, "--max-side", max_side, *options)
        yield pathlib.Path(folder)
