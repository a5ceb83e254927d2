"""scripts/bench web: whole `fetch` commands against `curl --parallel`, on hosts that an nginx plays; hosts that refuse; closed ports."""
import contextlib
import dataclasses
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile

from benchmarks import closed_ports, ground, limited_hosts, timing
from benchmarks.authority import Authority
from benchmarks.web_server import Refusal, WebServer, addresses
from launcher.quantities import count_text, duration_text, rate_text
from launcher.table import aligned

PROGRAMS = ("thumbline-producer", "thumbline-fetcher", "thumbline-collector", "thumbline-resizer", "thumbline-draw")
_AT_ONCE = 64  # transfers, of either
_IN_MEMORY = pathlib.Path("/dev/shm")


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    links: int
    hosts: int
    https: bool = True
    http2: bool = False
    pictures: str = "small"
    command: str = "fetch"


@dataclasses.dataclass
class Run:
    """Of one command. `done` and `failed` are links."""
    cost: timing.Cost
    requests: object
    done: int
    failed: int


_SCENARIOS = (
    Scenario("120 HTTPS hosts", 1200, 120),
    Scenario("120 HTTPS hosts, HTTP/2", 1200, 120, http2=True),
    Scenario("253 HTTPS hosts", 2530, 253),
    Scenario("one HTTPS host", 5000, 1),
    Scenario("one HTTPS host, HTTP/2", 5000, 1, http2=True),
    Scenario("one host, 16x16, fetch", 10_000, 1, https=False, pictures="tiny"),
    Scenario("one host, 16x16, run", 10_000, 1, https=False, pictures="tiny", command="run"),
)
_CLOSED_PORTS = "a closed port at a host of its own for each link"
_CLOSED_PORT_LINKS = 1_000_000
_REFUSED_LINKS = 400
_REFUSALS = {
    "429": Refusal(429),
    "503": Refusal(503),
    "429, Retry-After 0": Refusal(429, "0"),
    "503, Retry-After 1": Refusal(503, "1"),
    "429, Retry-After a date": Refusal(429, "date"),
}
_OTHERS = (limited_hosts.SEVERAL_FETCHERS, limited_hosts.BESIDE_GOOD_LINKS, _CLOSED_PORTS)


def run(rounds, most_links, only):
    """Prints tables: the scenarios in turn with curl, hosts that refuse, and closed ports; of those whose name has `only` in it."""
    scenarios = [scenario for scenario in _SCENARIOS if only in scenario.name]
    refusals = {name: refusal for name, refusal in _REFUSALS.items() if only in _refusing(name)}
    others = [name for name in _OTHERS if only in name]
    if not scenarios and not refusals and not others:
        names = [*(scenario.name for scenario in _SCENARIOS), *map(_refusing, _REFUSALS), *_OTHERS]
        raise ground.CannotMeasure(f"there is no {only}; there are: {', '.join(names)}")
    if scenarios and shutil.which("curl") is None:
        raise ground.CannotMeasure("curl is missing: scripts/install-deps --dev")
    ground.build(*PROGRAMS)
    with _scratch() as scratch:
        material = Material(scratch)
        if scenarios:
            print(aligned(list(_scenario_rows(material, scenarios, rounds, most_links))))
        if refusals:
            print(aligned(list(_refusal_rows(material, refusals, min(_REFUSED_LINKS, most_links)))))
        if limited_hosts.SEVERAL_FETCHERS in others:
            print(aligned(list(limited_hosts.several_fetchers(material, _REFUSALS, min(_REFUSED_LINKS, most_links)))))
        if limited_hosts.BESIDE_GOOD_LINKS in others:
            print(aligned(list(limited_hosts.beside_good_links(material, Refusal(429), rounds))))
        if _CLOSED_PORTS in others:
            print(aligned(list(_closed_port_rows(material, min(_CLOSED_PORT_LINKS, most_links)))))


def _scenario_rows(material, scenarios, rounds, most_links):
    yield ["pictures", "thumbline", "curl", "time", "processor time", "connections", "each takes", "done", "failed"]
    for scenario in scenarios:
        links = min(scenario.links, most_links)
        ground.say(f"{scenario.name}: {count_text(links)} pictures, {rounds} rounds")
        yield _beside_curl(material, dataclasses.replace(scenario, links=links, hosts=min(scenario.hosts, links)), rounds)


def _refusal_rows(material, refusals, links):
    yield ["refusals", "ideal", "thumbline", "done", "failed", "requests", "refused"]
    for name, refusal in refusals.items():
        ground.say(f"{_refusing(name)}: {links} links, {refusal.rate} requests a second allowed")
        yield [name, *_refused(material, refusal, links)]


def _closed_port_rows(material, links):
    yield ["closed ports", "thumbline", "links/s", "second half", "each takes", "of the fetcher", "its memory", "failed"]
    ground.say(f"{_CLOSED_PORTS}: {count_text(links)} links")
    with material.fresh("closed-ports") as folder:
        figures = closed_ports.measure(folder, links)
    yield [count_text(links), duration_text(figures.wall_s), rate_text(figures.rate), rate_text(figures.last_half_rate),
           f"{1e6 * figures.processor_s / links:.0f} µs", f"{1e6 * figures.fetcher_s / links:.0f} µs", f"{figures.fetcher_mb:.0f} MB",
           count_text(figures.failed)]


def _refusing(name):
    return f"refusing by {name}"


class Material:
    """Pictures and certificates, once for all scenarios."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = Authority(folder)
        self.bundle = self.authority.bundle()
        self.pictures = {"small": folder / "small", "tiny": folder / "tiny"}
        for name, size in (("small", ["--max-side", "128"]), ("tiny", ["--size", "16x16"])):
            subprocess.run([ground.ROOT / "build/release/bin/thumbline-draw", self.pictures[name], "--count", "100", *size],
                           stdout=subprocess.DEVNULL, check=True)

    def names(self, pictures):
        return sorted(path.name for path in self.pictures[pictures].iterdir() if path.suffix in (".jpg", ".png"))

    @contextlib.contextmanager
    def fresh(self, name):
        """A folder that is gone afterwards."""
        folder = self.folder / name
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _beside_curl(material, scenario, rounds):
    """The row of the table."""
    hosts = addresses(scenario.hosts)
    certificate = material.authority.sign(hosts) if scenario.https else None
    with material.fresh("scenario") as folder, \
            WebServer(folder / "server", material.pictures[scenario.pictures], hosts, certificate, scenario.http2) as server:
        links = server.links(scenario.links, material.names(scenario.pictures))
        random.Random(7).shuffle(links)
        runs = {"thumbline": [], "curl": []}
        for number in range(rounds + 1):
            for name, measured in (("thumbline", _thumbline), ("curl", _curl)):
                one = measured(material, server, scenario.command, links)
                if number > 0:  # the first round fills the page cache
                    runs[name].append(one)
    own, curl = runs["thumbline"], runs["curl"]
    if any(one.failed for one in curl):
        raise ground.CannotMeasure(f"{scenario.name}: curl failed with some of the links")
    each_us = 1e6 * _median(own, "processor_s") / scenario.links
    return [f"{count_text(scenario.links)}, {scenario.name}", duration_text(_median(own, "wall_s")), duration_text(_median(curl, "wall_s")),
            f"{_median(own, 'wall_s') / _median(curl, 'wall_s'):.2f}x", f"{_median(own, 'processor_s') / _median(curl, 'processor_s'):.2f}x",
            f"{_connections(own)} to {_connections(curl)}", f"{each_us:.0f} µs", count_text(own[-1].done), count_text(own[-1].failed)]


def _refused(material, refusal, count):
    hosts = addresses(1)
    with material.fresh("scenario") as folder, WebServer(folder / "server", material.pictures["small"], hosts, refusal=refusal) as server:
        one = _thumbline(material, server, "fetch", server.links(count, material.names("small")))
    ideal_s = max(0, count - refusal.burst) / refusal.rate
    return [duration_text(ideal_s), duration_text(one.cost.wall_s), count_text(one.done), count_text(one.failed), count_text(one.requests.count),
            f"{one.requests.refused / max(1, one.requests.count):.0%}"]


def _thumbline(material, server, command, links):
    with material.fresh("thumbline") as folder:
        (folder / "links.txt").write_text("".join(f"{link}\n" for link in links))
        cost = _cost([ground.ROOT / "scripts/thumbline", command, "--links", folder / "links.txt", "--out", folder / "out", "--quiet",
                      "--allow-private", "--ca-file", material.bundle])
        summary = json.loads((folder / "out/summary.json").read_text())
        return Run(cost, server.take_requests(), summary["done"], summary["failed"])


def _curl(material, server, _command, links):
    with material.fresh("curl") as folder:
        (folder / "links.conf").write_text("".join(f'url = "{link}"\noutput = "{folder}/{number}"\n' for number, link in enumerate(links)))
        cost = _cost(["curl", "--disable", "--silent", "--fail", "--parallel", "--parallel-max", _AT_ONCE, "--cacert", material.bundle,
                      "--config", folder / "links.conf"])
        done = len(list(folder.iterdir())) - 1
        return Run(cost, server.take_requests(), done, len(links) - done)


def _cost(command):
    try:
        return timing.measure(command, core=None)
    except OSError as error:
        raise ground.CannotMeasure(error) from error


def _median(runs, figure):
    return timing.median([one.cost for one in runs], figure)


def _connections(runs):
    return count_text(int(statistics.median(one.requests.connections for one in runs)))


@contextlib.contextmanager
def _scratch():
    """In memory where there is room: what is measured is the network, not the disk."""
    in_memory = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > 1 << 30
    with tempfile.TemporaryDirectory(prefix="thumbline-bench-", dir=_IN_MEMORY if in_memory else ground.ROOT / "build") as folder:
        yield pathlib.Path(folder)
