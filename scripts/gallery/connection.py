"""HTTP/1.1 over one connection: reads requests and sends replies. Only as much of RFC 9112 as a gallery needs."""

import asyncio
import json
from http import HTTPStatus

HEAD_LIMIT = 64 * 1024
REFUSAL_READ_S = 2  # how long a client that was refused may go on sending
BODY_LIMIT = 1024 * 1024


def phrase(status):
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class Request:
    __slots__ = ("method", "target", "path", "headers", "keep_alive")

    def __init__(self, head):
        """`head`: the bytes before the empty line. ValueError where it is no request."""
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, version = first.split(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError(version)
        self.path = self.target.partition("?")[0]
        self.headers = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError(line)
            self.headers[name.strip().lower()] = value.strip()
        wish = self.headers.get("connection", "").lower()
        self.keep_alive = wish != "close" if version != "HTTP/1.0" else wish == "keep-alive"


class Reply:
    def __init__(self, status=200, body=b"", content_type="text/plain; charset=utf-8", **headers):
        """Headers by their names with _ for -."""
        self.status = status
        self.body = body
        self.headers = {"Content-Type": content_type}
        self.headers.update((name.replace("_", "-"), value) for name, value in headers.items())

    @classmethod
    def of_json(cls, value, status=200, **headers):
        return cls(status, json.dumps(value).encode(), "application/json", **headers)

    def head(self, keep_alive, length=None):
        """The status line and the headers; `length` instead of the body's own, -1 for chunks."""
        lines = [f"HTTP/1.1 {self.status} {phrase(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if length == -1:
            lines.append("Transfer-Encoding: chunked")
        elif self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body) if length is None else length}")
        lines.append("Connection: keep-alive\r\n\r\n" if keep_alive else "Connection: close\r\n\r\n")
        return "\r\n".join(lines).encode("latin-1")


class Connection(asyncio.Protocol):
    """One client. `answer(request)` gives a Reply."""

    def __init__(self, answer, connections):
        self._answer = answer
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._busy = None  # a timer or task that has yet to answer the request at hand
        self.transport = None
        self._refused = False

    # What asyncio tells.

    def connection_made(self, transport):
        self.transport = transport
        self._connections.add(self)

    def connection_lost(self, error):
        self._connections.discard(self)
        if self._busy:
            self._busy.cancel()

    def data_received(self, data):
        if self._refused:
            return
        self._received += data
        if self._busy is None:
            self._next_requests()
        elif len(self._received) > BODY_LIMIT:
            self.transport.abort()

    # Requests.

    def _next_requests(self):
        while self._busy is None and not self._refused and not self.transport.is_closing():
            request = self._read_request()
            if request is None:
                return
            self._begin(request)

    def _read_request(self):
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            if len(self._received) > HEAD_LIMIT:
                self._refuse(431)
            return None
        try:
            request = Request(bytes(self._received[:end]))
            length = int(request.headers.get("content-length", "0"))
            if not 0 <= length <= BODY_LIMIT:
                raise ValueError(length)
        except ValueError:
            self._refuse(400)
            return None
        if len(self._received) < end + 4 + length:
            return None  # nobody reads what is posted, but it has to be out of the way
        del self._received[: end + 4 + length]
        return request

    def _refuse(self, status):
        """Says so and reads on for a while: closing with unread data would send an RST that can overtake the answer."""
        self._refused = True
        self.send(Reply(status, phrase(status).encode()).head(False) + phrase(status).encode())
        self.transport.write_eof()
        self._loop.call_later(REFUSAL_READ_S, self.transport.abort)

    def _begin(self, request):
        self.reply(request, self._answer(request))

    def reply(self, request, reply):
        head = reply.head(request.keep_alive)
        self.send(head if request.method == "HEAD" else head + reply.body)
        if not request.keep_alive:
            self.transport.close()

    def send(self, data):
        self.transport.write(data)
