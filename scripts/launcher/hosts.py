"""The file of --hosts: which machines work for a run, and with what."""
import collections
import itertools
import re

from launcher.ending import BAD_USAGE, Stop

_NUMBERS = ("fetchers", "threads", "transfers", "resizers", "port")
_TEXTS = ("bin", "folder", "head")


class Host:
    """`login` is what ssh is told; `name` what people are told."""

    def __init__(self, login, settings):
        self.login = login
        self.name = login.rpartition("@")[2]
        self.numbers = {name: int(settings[name]) for name in _NUMBERS if name in settings}
        self.bin = settings.get("bin")  # the folder of its thumbline; None: as here
        self.folder = settings.get("folder")  # where it sees the run's; None: as here
        self.head = settings.get("head")  # this machine's address for it; None: the one that ssh comes from


def read(path):
    """Stop where a line is none."""
    try:
        with open(path) as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(BAD_USAGE, f"--hosts {path}: {getattr(error, 'strerror', None) or 'is no text'}") from None
    hosts = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if words:
            hosts.append(_host(f"--hosts {path}, line {number}", words))
    if not hosts:
        raise Stop(BAD_USAGE, f"--hosts {path}: there is no host in it")
    _tell_apart(hosts)
    return hosts


def _tell_apart(hosts):
    """Two lines for one machine are two workers, with a name each."""
    times = collections.Counter(host.name for host in hosts)
    taken = set(times)
    for host in hosts:
        if times[host.name] > 1:
            host.name = next(name for number in itertools.count(1) if (name := f"{host.name}-{number}") not in taken)
            taken.add(host.name)


def _host(place, words):
    login, *pairs = words
    if not re.fullmatch(r"[A-Za-z0-9_.@:%\[\]-]+", login) or login.startswith("-"):
        raise Stop(BAD_USAGE, f"{place}: {login} is no host")
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not value or name not in (*_NUMBERS, *_TEXTS):
            raise Stop(BAD_USAGE, f"{place}: {pair}: wanted is one of {', '.join((*_NUMBERS, *_TEXTS))}, and = and its value")
        if name in _NUMBERS and not re.fullmatch("[0-9]{1,5}", value):
            raise Stop(BAD_USAGE, f"{place}: {pair}: {value} is no number")
        if name == "port" and not 0 < int(value) < 65536:
            raise Stop(BAD_USAGE, f"{place}: {pair}: a port is a number below 65536")
        if name in ("bin", "folder") and not value.startswith("/"):
            raise Stop(BAD_USAGE, f"{place}: {pair}: wanted is a whole path, from / on")
        settings[name] = value
    if settings.get("fetchers") == "0" and settings.get("resizers") == "0":
        raise Stop(BAD_USAGE, f"{place}: without fetchers and resizers it has nothing to do")
    return Host(login, settings)
