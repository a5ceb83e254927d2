"""Where a run's head is asked: what a user gives as --head."""
import os
import re

from launcher import ports
from launcher.ending import BAD_USAGE, Stop


def endpoint(head):
    """HOST or HOST:PORT, also as the programs and the README have it: tcp://HOST:PORT. Started by ssh without a host, it is
    where that comes from. Stop where it is nothing of that."""
    address = head.removeprefix("tcp://")
    has_port = re.search(r"^[^:]*:\d+$|\]:\d+$", address)
    host, _, port = address.rpartition(":") if has_port else (address, "", str(ports.DEFAULT))
    if not host:
        host = os.environ.get("SSH_CONNECTION", "").partition(" ")[0]
        if not host:
            raise Stop(BAD_USAGE, f"--head {head}: wanted is HOST or HOST:PORT")
    if "@" in host or "/" in host or not 0 < int(port) < 65536:
        raise Stop(BAD_USAGE, f"--head {head}: wanted is HOST or HOST:PORT, without a user's name, and with a port below 65536")
    return "tcp://" + ports.with_port(host, port)
