"""Where the programs of a run listen: for each other alone, or for workers on other machines too."""
import contextlib
import errno
import socket

from launcher.ending import CANNOT_GO_ON, Stop

DEFAULT = 7117  # where workers ask; the run's other ports follow it
DOOR, LINKS, RESULTS, PATHS = 0, 1, 2, 3  # PATHS and beyond: a fetcher each


class Ports:
    """`listen`: the first of some ports in a row, 0 for any that are free; None: only this machine's programs can connect."""

    def __init__(self, listen):
        self.open = listen is not None
        self._first = listen

    def check(self, fetchers):
        """Stop where somebody else has one of them, or nobody may have it: all that are wanted are named."""
        if not self._first:
            return
        wanted = range(self._first, self._first + PATHS + fetchers)
        for port in wanted:
            try:
                with contextlib.closing(socket.socket(socket.AF_INET6)) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the programs do
                    probe.bind(("::", port))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    return  # the programs' own messages tell of what is stranger
                raise Stop(CANNOT_GO_ON, f"--listen {self._first} takes the ports {wanted[0]} to {wanted[-1]}, and {port} cannot be had: "
                           f"{error.strerror.lower()}; choose others by --listen PORT") from None

    def endpoint(self, which):
        """To bind."""
        if not self.open:
            return "tcp://127.0.0.1:*"
        return f"tcp://*:{self._first + which if self._first else '*'}"


def with_port(host, port):
    """HOST:PORT; an IPv6 address gets the brackets that it needs there."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def port_of(endpoint):
    return int(endpoint.rpartition(":")[2])


def from_here(endpoint):
    """To connect to, from this machine, where something is bound at every address."""
    return f"tcp://127.0.0.1:{port_of(endpoint)}"
