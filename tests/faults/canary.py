"""Somebody inside the walls whom no link may lead to; knows of everyone who came."""

import select
import socket
import threading


class Canary:
    """Listens at one port of these addresses."""

    def __init__(self, addresses, port):
        self._listeners = [
            socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET, backlog=128)
            for address in addresses]
        self.visits = 0
        self.heard = b""
        self._end, self._told = socket.socketpair()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end.close()
        self._thread.join()
        self._told.close()
        for listener in self._listeners:
            listener.close()

    def _listen(self):
        visitors = []
        while True:
            ready, _, _ = select.select([*self._listeners, self._told, *visitors], [], [])
            if self._told in ready:
                for visitor in visitors:
                    visitor.close()
                return
            for sock in ready:
                if sock in self._listeners:
                    visitors.append(sock.accept()[0])
                    self.visits += 1
                else:
                    self._hear(sock, visitors)

    def _hear(self, visitor, visitors):
        try:
            data = visitor.recv(4096)
        except OSError:
            data = b""
        self.heard += data
        if data:
            visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        visitors.remove(visitor)
        visitor.close()
