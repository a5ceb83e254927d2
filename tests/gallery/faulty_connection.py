"""A connection on which an answer may come late, in pieces, or not at all."""

import asyncio
import fcntl
import socket
import struct
import termios

from connection import Connection, Reply

LAST_BYTES_PATIENCE_S = 2.0  # for the client's system to take what is sent before a reset


class FaultyConnection(Connection):
    """`answer(request)` gives a Reply, whose `delay_s` says how long it waits, or a function that makes a coroutine of
    (connection, request) and writes to the connection itself."""

    _delays = True
    _waiting = set()  # connections with a delayed reply

    def __init__(self, answer, connections):
        super().__init__(answer, connections)
        self._delayed = None  # the request and its reply, while they wait
        self._writable = asyncio.Event()
        self._writable.set()

    @classmethod
    def set_delays(cls, delays):
        """Of all connections. False: what waits is answered now."""
        cls._delays = delays
        if not delays:
            for connection in list(cls._waiting):
                connection._end_delay()

    # What asyncio tells.

    def connection_lost(self, error):
        super().connection_lost(error)
        self._waiting.discard(self)
        self._writable.set()

    def pause_writing(self):
        self._writable.clear()

    def resume_writing(self):
        self._writable.set()

    # Requests.

    def _begin(self, request):
        answer = self._answer(request)
        if not isinstance(answer, Reply):
            self._busy = self._loop.create_task(self._perform(answer, request))
        elif self._delays and getattr(answer, "delay_s", 0) > 0:
            self._delayed = request, answer
            self._waiting.add(self)
            self._busy = self._loop.call_later(answer.delay_s, self._end_delay)
        else:
            self.reply(request, answer)

    def _end_delay(self):
        self._waiting.discard(self)
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

    # What a fault does.

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
