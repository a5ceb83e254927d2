"""Web servers that nobody would wish for: what they answer is wrong on purpose, or they do not answer at all."""

import contextlib
import email.utils
import functools
import gzip
import socket
import socketserver
import threading
import time
import zlib

BOMB_BYTES = 64 << 20
EMPTY_BLOCKS = 64 << 10  # of deflate, in a piece that is repeated
PIECES = 1 << 10
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # RFC 1952


def head(status, *lines):
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


@functools.cache
def nested_blocks():
    """gzip within gzip, four times, of stored blocks without a byte (RFC 1951, 3.2.4): small, long to decode, and then nothing."""
    blocks = bytes((0, 0, 0, 255, 255)) * EMPTY_BLOCKS
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    second = packer.compress(GZIP) + b"".join(packer.compress(blocks) for _ in range(PIECES)) + packer.flush()
    return gzip.compress(gzip.compress(second))


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


class HostileServer:
    """Answers /KIND/ARGUMENT/NAME by the method of that name; `picture` is a whole JPEG. Each connection has one answer."""

    def __init__(self, picture):
        self.picture = picture
        self._bomb = gzip.compress(picture + bytes(BOMB_BYTES))

        class Answer(socketserver.BaseRequestHandler):
            def handle(handler):  # noqa: N805: `self` is the server that answers
                with contextlib.suppress(OSError):
                    self._answer(handler.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 1024

        self._server = Server(("", 0), Answer)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def link(self, kind, argument, name):
        if kind == "coded":
            nested_blocks()  # now, and not while somebody waits for the answer
        # Who refuses one link after the other is a host of its own: what it says holds for all of its links.
        host = f"127.0.2.{zlib.crc32(argument.encode()) % 250 + 1}" if kind == "busy" else "127.0.0.1"
        return f"http://{host}:{self.port}/{kind}/{argument}/{name}"

    def _answer(self, connection):
        asked = b""
        while b"\r\n\r\n" not in asked:
            more = connection.recv(65536)
            if not more:
                return
            asked += more
        _, kind, argument, _ = asked.split(b" ")[1].decode().split("/")
        getattr(self, kind)(connection, argument)

    def shorter(self, connection, missing):
        """Says that the body is so much shorter than it is."""
        connection.sendall(head("200 OK", f"Content-Length: {len(self.picture) - int(missing)}") + self.picture)

    def longer(self, connection, more):
        """Says that the body is longer, and hangs up behind it."""
        connection.sendall(head("200 OK", f"Content-Length: {len(self.picture) + int(more)}") + self.picture)

    def nonsense(self, connection, length):
        """A length that is none."""
        connection.sendall(head("200 OK", f"Content-Length: {length}") + self.picture)

    def endless(self, connection, _):
        """A picture that never ends, without any length."""
        connection.sendall(head("200 OK", "Content-Type: image/jpeg", "Connection: close") + self.picture[:-2])
        while True:
            connection.sendall(bytes(65536))

    def headers(self, connection, _):
        """A head that never ends."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")

    def drip(self, connection, _):
        """A byte each second."""
        connection.sendall(head("200 OK", f"Content-Length: {len(self.picture)}"))
        for byte in self.picture:
            connection.sendall(bytes((byte,)))
            time.sleep(1)

    def bomb(self, connection, _):
        """A small body that says to be a large one, compressed."""
        connection.sendall(head("200 OK", "Content-Encoding: gzip", f"Content-Length: {len(self._bomb)}") + self._bomb)

    def coded(self, connection, codings):
        """A transfer coding that nobody asked for, or several: "gzip,gzip"."""
        fields = (f"Transfer-Encoding: {codings.replace(',', ', ')}, chunked",)
        connection.sendall(head("200 OK", *fields) + chunk(nested_blocks()) + chunk(b""))

    def trailers(self, connection, _):
        """A picture in chunks, and a trailer that never ends."""
        connection.sendall(head("200 OK", "Transfer-Encoding: chunked") + chunk(self.picture) + b"0\r\n")
        while True:
            connection.sendall(b"X:\r\n" * 16384)

    def extensions(self, connection, _):
        """A chunk with an extension that never ends."""
        connection.sendall(head("200 OK", "Transfer-Encoding: chunked") + chunk(self.picture) + b"1;")
        while True:
            connection.sendall(b"x" * 65536)

    def interim(self, connection, _):
        """Responses that announce another one, for ever."""
        while True:
            connection.sendall(head("103 Early Hints", "Link: </x>") * 1024)

    def unending_redirect(self, connection, _):
        """A redirect whose body never ends."""
        connection.sendall(head("302 Found", "Location: /coded/gzip/x.jpg", "Transfer-Encoding: chunked"))
        while True:
            connection.sendall(chunk(bytes(65536)))

    def unending_error(self, connection, _):
        """An error whose body never ends."""
        connection.sendall(head("404 Not Found", "Transfer-Encoding: chunked"))
        while True:
            connection.sendall(chunk(bytes(65536)))

    def around(self, connection, argument):
        """A ring of two links."""
        other = {"a": "b", "b": "a"}[argument]
        connection.sendall(head("302 Found", f"Location: /around/{other}/x.jpg", "Content-Length: 0", "Connection: close"))

    def busy(self, connection, argument):
        """STATUS-WHEN: not now; come back at that time, which is "past", "soon" (a date), or what stands there."""
        status, _, when = argument.partition("-")
        if when in ("past", "soon"):
            when = email.utils.formatdate(time.time() + (-3600 if when == "past" else 2), usegmt=True)
        connection.sendall(head(f"{status} Not now", f"Retry-After: {when}", "Content-Length: 0", "Connection: close"))


class BlackHole:
    """Hosts that never answer a SYN: one port of every address of 127/8, with a queue that is full and that nobody empties."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(("", 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._queue = []
        for _ in range(4):  # more than fit; the last ones wait for ever, and that is what shows that it is full
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._queue.append(waiting)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in (*self._queue, self._listener):
            sock.close()

    def link_of_one_host(self, number):
        return f"http://127.9.9.9:{self.port}/{number}.jpg"

    def link(self, number):
        """Each number is another host."""
        return f"http://127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}:{self.port}/{number}.jpg"
