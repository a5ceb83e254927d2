"""A wire between workers and head that breaks: TCP through a port of its own, connections reset whenever somebody says so."""

import contextlib
import os
import random
import select
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time: close() sends an RST


class Forwarder:
    """Passes bytes between those who connect to `port` of `address` and 127.0.0.1:`target`. One thread."""

    def __init__(self, target, address="127.0.0.1"):
        self._target = target
        self._listener = socket.create_server(
            (address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET, backlog=1024)
        self.port = self._listener.getsockname()[1]
        self._peers = {}  # each end to the other
        self._unsent = {}  # what an end has not taken yet; its peer is not read meanwhile
        self._wishes, self._wish = os.pipe()
        self.resets = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.write(self._wish, b"s")
        self._thread.join()
        for sock in (*self._peers, self._listener):
            sock.close()
        os.close(self._wish)
        os.close(self._wishes)

    def reset(self):
        """Ends all connections, in the middle of whatever they carry."""
        os.write(self._wish, b"r")

    def _run(self):
        while True:
            full = [sock for sock in self._peers if self._unsent[sock]]
            wanted = [sock for sock, peer in self._peers.items() if not self._unsent[peer]]
            readable, writable, _ = select.select([self._wishes, self._listener, *wanted], full, [])
            if self._wishes in readable:
                if os.read(self._wishes, 1) == b"s":
                    return
                self._reset_all()
                continue
            if self._listener in readable:
                self._accept()
            for sock in writable:
                self._send(sock)
            for sock in readable:
                if sock in self._peers:
                    self._read(sock)

    def _accept(self):
        near, _ = self._listener.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        for sock, peer in ((near, far), (far, near)):
            sock.setblocking(False)
            self._peers[sock], self._unsent[sock] = peer, b""

    def _read(self, sock):
        try:
            data = sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            return self._end(sock)
        self._unsent[self._peers[sock]] = data
        self._send(self._peers[sock])

    def _send(self, sock):
        if sock not in self._peers:
            return
        try:
            self._unsent[sock] = self._unsent[sock][sock.send(self._unsent[sock]):]
        except BlockingIOError:
            pass
        except OSError:
            self._end(sock)

    def _reset_all(self):
        for near in list(self._peers):
            if near in self._peers:
                self.resets += 1
                self._end(near)

    def _end(self, sock):
        for end in (sock, self._peers[sock]):
            del self._peers[end], self._unsent[end]
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()


class ResetLoop:
    """Inside `with`, forwarders reset their connections at random moments, `mean_s` apart."""

    def __init__(self, forwarders, chance, mean_s):
        self._forwarders, self._chance, self._mean_s = forwarders, random.Random(chance.random()), mean_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(self._chance.expovariate(1 / self._mean_s)):
            self._chance.choice(self._forwarders).reset()
