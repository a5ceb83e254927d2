"""The sockets at which the programs of a run listen: for each other alone, or for workers on other machines too."""
import errno
import socket

from launcher.ending import CANNOT_GO_ON, Stop

DEFAULT = 7117  # where workers ask; the run's other ports follow it
_FIRST = ("door", "links", "results")  # then those of the fetchers
_PRIVATE = ("receipts",)  # nobody on another machine wants these
_WAITING = 1024  # connections; as in common/net/network.cpp
_TIGHT = {"links": 4096}  # bytes of a connection's buffers in the kernel; as Flow::tight() in common/net/network.h


class Ports:
    """`listen`: the first of some ports in a row, 0 for any that are free; None: only this machine's programs can connect.

    All sockets are open before the first program is started, and until the run has ended; each program inherits those at which
    it takes connections. So all can be started at once, in any order: who connects to one that is not there yet, or is started
    again, waits in the kernel until it is."""

    def __init__(self, listen):
        self.open_to_others = listen is not None
        self._first = listen
        self._sockets = {}

    def open(self, names):
        """Stop where somebody else has one of the ports, or nobody may have it: all that are wanted are named."""
        fetchers = [name for name in names if name not in _FIRST + _PRIVATE]
        places = {name: place for place, name in enumerate([*_FIRST, *fetchers])}
        for name in names:
            is_open = self.open_to_others and name not in _PRIVATE
            port = self._first + places[name] if is_open and self._first else 0
            try:
                self._sockets[name] = _listen(is_open, port, _TIGHT.get(name))
            except OSError as error:
                if port == 0:
                    raise Stop(CANNOT_GO_ON, f"cannot listen for {name}: {error.strerror}") from None
                last = self._first + len(places) - 1
                raise Stop(CANNOT_GO_ON, f"--listen {self._first} takes the ports {self._first} to {last}, and {port} cannot be had: "
                           f"{error.strerror.lower()}; choose others by --listen PORT") from None

    def close(self):
        for opened in self._sockets.values():
            opened.close()
        self._sockets.clear()

    def inherited(self, names):
        """The descriptors, for the program that takes the connections."""
        return tuple(self._sockets[name].fileno() for name in names)

    def to_bind(self, name):
        """What that program is told (common/net/network.h)."""
        return f"fd://{self._sockets[name].fileno()}"

    def port(self, name):
        return self._sockets[name].getsockname()[1]

    def endpoint(self, name):
        """To connect to, from this machine."""
        return f"tcp://127.0.0.1:{self.port(name)}"


def _listen(is_open, port, buffer_bytes):
    opened = _socket(socket.AF_INET6 if is_open else socket.AF_INET)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if buffer_bytes:  # connections have what their listener had when they were made
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        if opened.family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        opened.bind(("" if is_open else "127.0.0.1", port))
        opened.listen(_WAITING)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return opened


def _socket(family):
    try:
        return socket.socket(family)
    except OSError as error:
        if error.errno != errno.EAFNOSUPPORT:
            raise
        return socket.socket(socket.AF_INET)  # a system without IPv6


def with_port(host, port):
    """HOST:PORT; an IPv6 address gets the brackets that it needs there."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
