"""A server that speaks HTTP/2 over TLS (RFC 9113), just enough to answer requests, and to break off as it is told."""

import contextlib
import itertools
import socket
import ssl
import struct
import threading

PICTURE = b"GIF89a\1\0\1\0\0\0\0;"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
ACK, END_STREAM, END_HEADERS = 1, 1, 4
INTERNAL_ERROR, REFUSED_STREAM = 2, 7
STATUS_200 = b"\x88"  # the eighth of HPACK's static table (RFC 7541)


class Connection:
    """One of a client's; `number` of the server's, from 1."""

    def __init__(self, sock, number):
        self._socket = sock
        self.number = number

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def send(self, kind, flags, stream, payload=b""):
        self._socket.sendall(struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload)

    def answer(self, stream, missing=0):
        """With the picture, or with a part of it, and then nothing."""
        self.send(HEADERS, END_HEADERS, stream, STATUS_200)
        self.send(DATA, 0 if missing else END_STREAM, stream, PICTURE[:len(PICTURE) - missing])

    def reset(self, stream, error):
        self.send(RST_STREAM, 0, stream, struct.pack(">I", error))

    def say_goodbye(self, last_stream):
        self.send(GOAWAY, 0, 0, struct.pack(">II", last_stream, 0))

    def say(self, garbage):
        self._socket.sendall(garbage)

    def close(self):
        raise ConnectionError


class Http2Server:
    """`script(connection, number, stream)` answers the how manieth request of a connection, from 1."""

    def __init__(self, certificate, key, script):
        self._script = script
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._context.set_alpn_protocols(["h2"])
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock = self._listener.accept()[0]
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock, number):
        with contextlib.suppress(OSError), sock, self._context.wrap_socket(sock, server_side=True) as secure:
            connection = Connection(secure, number)
            if connection.read(len(PREFACE)) != PREFACE:
                return
            connection.send(SETTINGS, 0, 0)
            requests = itertools.count(1)
            while True:
                length, kind, flags, stream = struct.unpack(">IBBI", b"\0" + connection.read(9))
                payload = connection.read(length)
                if kind == HEADERS:
                    self._script(connection, next(requests), stream)
                elif kind in (SETTINGS, PING) and not flags & ACK:
                    connection.send(kind, ACK, 0, payload if kind == PING else b"")
