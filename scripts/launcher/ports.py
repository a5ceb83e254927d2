"""Where the programs of a run listen: for each other alone, or for workers on other machines too."""

DEFAULT = 7117  # where workers ask; the run's other ports follow it
DOOR, LINKS, RESULTS, PATHS = 0, 1, 2, 3  # PATHS and beyond: a fetcher each


class Ports:
    """`listen`: the first of some ports in a row, 0 for any that are free; None: only this machine's programs can connect."""

    def __init__(self, listen):
        self.open = listen is not None
        self._first = listen

    def endpoint(self, which):
        """To bind."""
        if not self.open:
            return "tcp://127.0.0.1:*"
        return f"tcp://*:{self._first + which if self._first else '*'}"


def port_of(endpoint):
    return int(endpoint.rpartition(":")[2])


def from_here(endpoint):
    """To connect to, from this machine, where something is bound at every address."""
    return f"tcp://127.0.0.1:{port_of(endpoint)}"
