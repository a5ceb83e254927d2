"""scripts/bench web: whole `fetch` commands against `curl --parallel`, on hosts that an nginx plays; and hosts that refuse."""
import contextlib
import dataclasses
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile

from benchmarks import ground, timing
from benchmarks.authority import Authority
from benchmarks.web_server import Refusal, WebServer, addresses
from launcher.quantities import count_text, duration_text
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
_REFUSED_LINKS = 400
_REFUSALS = {
    "429": Refusal(429),
    "503": Refusal(503),
    "429, Retry-After 0": Refusal(429, "0"),
    "503, Retry-After 1": Refusal(503, "1"),
    "429, Retry-After a date": Refusal(429, "date"),
}


def run(rounds, most_links, only):
    """Prints a table of the scenarios in turn with curl, and one of hosts that refuse. Both of those whose name has `only` in it."""
    scenarios = [scenario for scenario in _SCENARIOS if only in scenario.name]
    refusals = {name: refusal for name, refusal in _REFUSALS.items() if only in _refusing(name)}
    if not scenarios and not refusals:
        raise ground.CannotMeasure(f"there is no {only}; there are: {', '.join([scenario.name for scenario in _SCENARIOS] + [*map(_refusing, _REFUSALS)])}")
    if scenarios and shutil.which("curl") is None:
        raise ground.CannotMeasure("curl is missing: scripts/install-deps --dev")
    ground.build(*PROGRAMS)
    with _scratch() as scratch:
        material = Material(scratch)
        if scenarios:
            rows = [["pictures", "thumbline", "curl", "time", "processor time", "connections", "each takes", "done", "failed"]]
            for scenario in scenarios:
                links = min(scenario.links, most_links)
                ground.say(f"{scenario.name}: {count_text(links)} pictures, {rounds} rounds")
                rows.append(_beside_curl(material, dataclasses.replace(scenario, links=links, hosts=min(scenario.hosts, links)), rounds))
            print(aligned(rows))
        if refusals:
            rows = [["refusals", "ideal", "thumbline", "done", "failed", "requests", "refused"]]
            for name, refusal in refusals.items():
                links = min(_REFUSED_LINKS, most_links)
                ground.say(f"{_refusing(name)}: {links} links, {refusal.rate} requests a second allowed")
                rows.append([name, *_refused(material, refusal, links)])
            print(aligned(rows))


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
