"""Everything that may go wrong with a download, on demand: /fault/KIND[/ARGUMENT...]/NAME.

NAME is a picture of the gallery, with any extension; any other name stands for one of the pictures too, always the same one,
so that a test may make up as many links as it likes. Each fault follows from its path alone.
"""

import asyncio
from urllib.parse import unquote

from connection import Reply
from pictures import content_type, gif, png
from server import PAGE

PIECE = 64 * 1024
TICK_S = 0.05  # between the pieces of a slow answer
JPEG_START = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
CLAIMED_SIDE = 60000


class Faults:
    """Answers below /fault/. `asked(path)` tells how often a path was asked for, this time included."""

    def __init__(self, pictures, asked):
        self._pictures = pictures
        self._asked = asked

    def answer(self, request):
        """A Reply, or what plays the fault on the connection."""
        kind, *rest = request.path.removeprefix("/fault/").split("/")
        fault = getattr(self, "_" + kind.replace("-", "_").lower(), None) if kind in KINDS else None
        if fault is None:
            return Reply(404, f"no such fault; there are: {' '.join(KINDS)}\n".encode())
        try:
            return fault(request, *rest)
        except (TypeError, ValueError):
            return Reply(400, f"use {KINDS[kind]}\n".encode())

    def _picture(self, name, kind=None):
        """The whole answer for a picture, as it ought to be."""
        picture = self._pictures.some(unquote(name), kind)
        if picture is None:
            return Reply(404, b"the gallery has no such picture\n")
        return Reply(200, picture.data, content_type(name), ETag=picture.etag)

    # Slow.

    def _delay(self, request, milliseconds, name):
        reply = self._picture(name)
        reply.delay_s = int(milliseconds) / 1000
        return reply

    def _slow(self, request, bytes_per_second, name):
        reply, rate = self._picture(name), int(bytes_per_second)
        if rate <= 0:
            raise ValueError(rate)

        async def play(connection, _):
            connection.send(reply.head(request.keep_alive))
            loop = asyncio.get_running_loop()
            start, sent = loop.time(), 0
            while sent < len(reply.body):
                due = min(len(reply.body), max(sent + 1, int((loop.time() - start) * rate)))
                connection.send(reply.body[sent:due])
                sent = due
                await connection.sent()
                await asyncio.sleep(max(TICK_S, start + (sent + 1) / rate - loop.time()))
            if not request.keep_alive:
                connection.close()
        return play

    def _hang(self, request, name):
        async def play(connection, _):
            await asyncio.get_running_loop().create_future()
        return play

    # Cut off.

    def _cut(self, request, count, name):
        reply, count = self._picture(name), int(count)

        async def play(connection, _):
            connection.send(reply.head(request.keep_alive) + reply.body[:count])
            connection.close()
        return play

    def _reset(self, request, count, name):
        reply, count = self._picture(name), int(count)

        async def play(connection, _):
            connection.send(reply.head(request.keep_alive) + reply.body[:count])
            await connection.reset()
        return play

    def _wrong_length(self, request, name):
        reply = self._picture(name)

        async def play(connection, _):
            connection.send(reply.head(request.keep_alive, length=len(reply.body) + 1000) + reply.body)
            connection.close()
        return play

    # Another size than one would like.

    def _endless(self, request, name):
        async def play(connection, _):
            connection.send(Reply(content_type=content_type(name)).head(request.keep_alive, length=-1))
            connection.send(b"%x\r\n%b\r\n" % (len(JPEG_START), JPEG_START))
            piece = b"%x\r\n%b\r\n" % (PIECE, bytes(PIECE))
            while True:
                connection.send(piece)
                await connection.sent()
        return play

    def _huge(self, request, size, name):
        size = int(size)

        async def play(connection, _):
            connection.send(Reply(content_type=content_type(name)).head(request.keep_alive, length=size))
            start = png(CLAIMED_SIDE, CLAIMED_SIDE, b"")[:PIECE] if name.endswith(".png") else JPEG_START
            left = size
            piece = start[:left] + bytes(max(0, min(left, PIECE) - len(start)))
            while left > 0:
                connection.send(piece[:left])
                left -= min(left, len(piece))
                await connection.sent()
                piece = bytes(PIECE)
            if not request.keep_alive:
                connection.close()
        return play

    def _empty(self, request, name):
        return Reply(200, b"", content_type(name))

    # Another answer.

    def _status(self, request, status, name):
        if not 200 <= int(status) <= 599:
            raise ValueError(status)
        return Reply(int(status), f"status {status}, as asked\n".encode())

    def _429(self, request, times, retry_after, name):
        return self._at_first(429, request, times, retry_after, name)

    def _503(self, request, times, retry_after, name):
        return self._at_first(503, request, times, retry_after, name)

    def _at_first(self, status, request, times, retry_after, name):
        if self._asked(request.path) <= int(times):
            return Reply(status, b"not now\n", Retry_After=int(retry_after))
        return self._picture(name)

    def _redirect(self, request, hops, name):
        if int(hops) > 0:
            return Reply(302, Location=f"/fault/redirect/{int(hops) - 1}/{name}")
        return self._picture(name)

    def _redirect_loop(self, request, name):
        return Reply(302, Location=request.path)

    def _redirect_to(self, request, *url):
        if not url:
            raise ValueError(url)
        return Reply(302, Location=unquote("/".join(url)))

    # Another thing than a picture.

    def _html(self, request, name):
        return Reply(200, PAGE, "text/html; charset=utf-8")

    def _wrong_type(self, request, name):
        reply = self._picture(name)
        reply.headers["Content-Type"] = "text/html; charset=utf-8"
        return reply

    def _gif(self, request, name="x.gif"):
        return Reply(200, gif(), "image/gif")

    # A bad picture.

    def _truncated_jpeg(self, request, name):
        reply = self._picture(name, "jpg")
        reply.body = reply.body[: len(reply.body) // 2]
        return reply

    def _corrupt_png(self, request, name):
        reply = self._picture(name, "png")
        body, middle = bytearray(reply.body), len(reply.body) // 2
        body[middle:middle + 16] = bytes(byte ^ 0x55 for byte in body[middle:middle + 16])
        reply.body = bytes(body)
        return reply

    def _huge_pixels(self, request, name):
        return Reply(200, png(CLAIMED_SIDE, CLAIMED_SIDE, bytes(CLAIMED_SIDE + 1)), "image/png")


KINDS = {
    "delay": "/fault/delay/MILLISECONDS/NAME",
    "slow": "/fault/slow/BYTES_PER_SECOND/NAME",
    "hang": "/fault/hang/NAME",
    "cut": "/fault/cut/BYTES/NAME",
    "reset": "/fault/reset/BYTES/NAME",
    "wrong-length": "/fault/wrong-length/NAME",
    "endless": "/fault/endless/NAME",
    "huge": "/fault/huge/BYTES/NAME",
    "empty": "/fault/empty/NAME",
    "status": "/fault/status/STATUS/NAME",
    "429": "/fault/429/TIMES/RETRY_AFTER/NAME",
    "503": "/fault/503/TIMES/RETRY_AFTER/NAME",
    "redirect": "/fault/redirect/HOPS/NAME",
    "redirect-loop": "/fault/redirect-loop/NAME",
    "redirect-to": "/fault/redirect-to/ENCODED_URL",
    "html": "/fault/html/NAME",
    "wrong-type": "/fault/wrong-type/NAME",
    "gif": "/fault/gif[/NAME]",
    "truncated-jpeg": "/fault/truncated-jpeg/NAME",
    "corrupt-png": "/fault/corrupt-png/NAME",
    "huge-pixels": "/fault/huge-pixels/NAME",
}
