"""A whole `fetch` of links that each have a host of their own, which refuses: how fast, to the end, and at what cost."""
import contextlib
import dataclasses
import os
import pathlib
import socket
import sqlite3
import subprocess
import time

from benchmarks import ground

_BETWEEN_LOOKS_S = 0.2


@dataclasses.dataclass
class Figures:
    """Processor time is that of all programs, memory the most that the fetcher had. The rates are links settled a second."""
    wall_s: float
    rate: float
    last_half_rate: float
    processor_s: float
    fetcher_s: float
    fetcher_mb: float
    failed: int


def addresses(count):
    """Of so many hosts, all of them loopback; no more than 15 million."""
    return (f"127.{2 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}" for number in range(count))


@contextlib.contextmanager
def closed_port():
    """One that nobody listens at, at no address, and nobody else gets."""
    with socket.socket() as held:
        held.bind(("", 0))
        yield held.getsockname()[1]


def measure(folder, count):
    """Such a run in this folder."""
    out = folder / "out"
    with closed_port() as port:
        with open(folder / "links.txt", "w") as file:
            file.writelines(f"http://{address}:{port}/x.jpg\n" for address in addresses(count))
        began = time.monotonic()
        command = [ground.ROOT / "scripts/thumbline", "fetch", "--links", folder / "links.txt", "--out", out, "--quiet", "--allow-private"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as launcher:
            half_s, programs = _watch(launcher, out / "ledger.sqlite", count // 2, began)
    wall_s = time.monotonic() - began
    failed = ground.rows_of(out / "ledger.sqlite", "SELECT count(*) FROM links WHERE reason = 'connect'")[0][0]
    if failed != count or "thumbline-fetcher" not in programs:
        raise ground.CannotMeasure(f"{failed} of {count} links have failed to connect")
    fetcher = programs["thumbline-fetcher"]
    return Figures(wall_s, count / wall_s, (count - count // 2) / (wall_s - half_s), sum(program.processor_s for program in programs.values()),
                   fetcher.processor_s, fetcher.memory_mb, failed)


@dataclasses.dataclass
class _Program:
    processor_s: float
    memory_mb: float


def _watch(launcher, ledger, half, began):
    """Until it ends. When half of the links were settled, and what each program took, as last seen."""
    programs, half_s = {}, None
    while launcher.poll() is None:
        for name, program in _children(launcher.pid):
            programs[name] = program
        if half_s is None and _settled(ledger) >= half:
            half_s = time.monotonic() - began
        time.sleep(_BETWEEN_LOOKS_S)
    return half_s or 0, programs


def _settled(ledger):
    with contextlib.suppress(sqlite3.Error):
        return ground.rows_of(ledger, "SELECT ifnull(max(seq), 0) FROM links")[0][0]
    return 0  # it is not there yet


def _children(launcher):
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == launcher:
                status = (path / "status").read_text()
                name = pathlib.Path(os.readlink(path / "exe")).name
                yield name, _Program((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
                                     int(status.partition("VmHWM:")[2].split()[0]) / 1000)
