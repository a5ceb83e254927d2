"""HTTP/1.1 over one connection: reads requests, sends replies, and lets a fault misbehave on it.

Only as much of RFC 9112 as a gallery needs. A request is answered by a Reply, or by a coroutine that
writes to the connection itself.
"""

import asyncio
import fcntl
import json
import socket
import struct
import termios
from http import HTTPStatus

HEAD_LIMIT = 64 * 1024
REFUSAL_READ_S = 2  # how long a client that was refused may go on sending
BODY_LIMIT = 1024 * 1024
LAST_BYTES_PATIENCE_S = 2.0  # for the client's system to take what is sent before a reset


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
    __slots__ = ("status", "body", "headers", "delay_s")

    def __init__(self, status=200, body=b"", content_type="text/plain; charset=utf-8", **headers):
        """Headers by their names with _ for -; `delay_s` may be set afterwards."""
        self.status = status
        self.body = body
        self.headers = {"Content-Type": content_type}
        self.headers.update((name.replace("_", "-"), value) for name, value in headers.items())
        self.delay_s = 0.0

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
    """One client. `answer(request)` gives a Reply or a function that makes a coroutine of (connection, request)."""

    def __init__(self, answer, connections):
        self._answer = answer
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._busy = None  # the timer or task of the request at hand
        self._delayed = None  # the request and its reply, while they wait
        self._writable = asyncio.Event()
        self._writable.set()
        self.transport = None
        self._refused = False

    # What asyncio tells.

    def connection_made(self, transport):
        self.transport = transport
        self._connections.add(self)

    def connection_lost(self, error):
        self._connections.discard(self)
        self._writable.set()
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

    def pause_writing(self):
        self._writable.clear()

    def resume_writing(self):
        self._writable.set()

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
        answer = self._answer(request)
        if not isinstance(answer, Reply):
            self._busy = self._loop.create_task(self._perform(answer, request))
        elif answer.delay_s > 0:
            self._delayed = request, answer
            self._busy = self._loop.call_later(answer.delay_s, self.end_delay)
        else:
            self.reply(request, answer)

    def end_delay(self):
        """Answers what waits for its time, now."""
        if self._delayed is None:
            return
        self._busy.cancel()
        self.reply(*self._delayed)
        self._busy = self._delayed = None
        self._next_requests()

    async def _perform(self, play, request):
        try:
            await play(self, request)
        except Exception:
            self.transport.abort()  # the client must not wait for what will not come
            raise
        self._busy = None
        self._next_requests()

    # What a reply or a fault does.

    def reply(self, request, reply):
        head = reply.head(request.keep_alive)
        self.send(head if request.method == "HEAD" else head + reply.body)
        if not request.keep_alive:
            self.transport.close()

    def send(self, data):
        self.transport.write(data)

    async def sent(self):
        """Waits until most of what was sent is with the system; raises where the client has gone."""
        await self._writable.wait()
        if self.transport.is_closing():
            raise asyncio.CancelledError

    def close(self):
        """After everything that was sent."""
        self.transport.close()

    async def reset(self):
        """An RST, after the client's system has taken everything that was sent."""
        sock = self.transport.get_extra_info("socket")
        give_up = self._loop.time() + LAST_BYTES_PATIENCE_S
        while self._loop.time() < give_up and not self.transport.is_closing():
            waiting = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)))[0]
            if waiting == 0 and self.transport.get_write_buffer_size() == 0:
                break
            await asyncio.sleep(0.001)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
