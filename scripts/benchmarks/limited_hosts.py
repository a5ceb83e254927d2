"""scripts/bench web: hosts that limit their rate, with fetchers on several machines, and many of them beside a good one."""
import dataclasses
import json
import os
import re
import subprocess
import threading
import time

from benchmarks import ground
from benchmarks.web_server import WebServer, addresses
from launcher.quantities import count_text, duration_text

SEVERAL_FETCHERS = "three fetchers, refusing"
BESIDE_GOOD_LINKS = "good links beside refusing hosts"
_LIMITED_HOSTS, _LINKS_OF_EACH, _GOOD_LINKS = 1000, 4, 2000
_GOOD_RATE = 500  # requests a second: as a network lets them wait, so that it is not the processor which they share
_MAY_JOIN = re.compile(r"workers may join at port (\d+),")


def several_fetchers(material, refusals, count):
    """Rows of a run with one fetcher of its own, and two of a worker that joins it with a folder of its own."""
    yield ["3 fetchers, refusals", "ideal", "thumbline", "done", "failed", "requests", "refused"]
    for name, refusal in refusals.items():
        ground.say(f"{SEVERAL_FETCHERS}, by {name}: {count} links")
        with material.fresh("scenario") as folder, WebServer(folder / "server", material.pictures["small"], addresses(1), refusal=refusal) as server:
            began = time.monotonic()
            summary = _with_worker(folder, server.links(count, material.names("small")))
            took, requests = time.monotonic() - began, server.take_requests()
        yield [name, duration_text((count - refusal.burst) / refusal.rate), duration_text(took), count_text(summary["done"]),
               count_text(summary["failed"]), count_text(requests.count), f"{requests.refused / max(1, requests.count):.0%}"]


def _with_worker(folder, links):
    (folder / "links.txt").write_text("".join(f"{link}\n" for link in links))
    program = ground.ROOT / "scripts/thumbline"
    run = subprocess.Popen([program, "fetch", "--links", folder / "links.txt", "--out", folder / "out", "--allow-private", "--listen", "0",
                            "--store", "local", "--fetchers", "1"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    port = next((found[1] for found in map(_MAY_JOIN.search, run.stderr) if found), None)
    threading.Thread(target=run.stderr.read, daemon=True).start()  # or else it would wait for a reader
    if port is None:
        run.wait()
        raise ground.CannotMeasure("the run does not say where workers may join it")
    (folder / "worker").mkdir()
    worker = subprocess.Popen([program, "worker", "--head", f"127.0.0.1:{port}", "--key", folder / "out/run.key", "--fetchers", "2",
                               "--resizers", "0", "--folder", folder / "worker", "--allow-private"], stdin=subprocess.DEVNULL,
                              env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run.wait()
    finally:
        worker.terminate()
        worker.wait()
    return json.loads((folder / "out/summary.json").read_text())


@dataclasses.dataclass
class _Good:
    """Links of a host that refuses nothing. `rate`: of their downloads, from the first to the last."""
    rate: float
    done: int


def beside_good_links(material, refusal, rounds, good_count=_GOOD_LINKS):
    """Rows of good links alone, and beside hosts that take one request a second each, with a few links for each of those."""
    yield ["good links", "links/s", "share", "done", "all done after"]
    hosts = addresses(_LIMITED_HOSTS + 1)
    slow = dataclasses.replace(refusal, rate=1, burst=1)
    with material.fresh("scenario") as folder, \
            WebServer(folder / "limited", material.pictures["tiny"], hosts[1:], refusal=slow) as limited, \
            WebServer(folder / "good", material.pictures["small"], hosts[:1], paced=_GOOD_RATE) as good:
        good_links = good.links(good_count, material.names("small"))
        limited_links = limited.links(_LIMITED_HOSTS * _LINKS_OF_EACH, material.names("tiny"))
        times = len(limited_links) // len(good_links)
        mixed = [link for number, link in enumerate(good_links) for link in (*limited_links[number * times:(number + 1) * times], link)]
        alone, beside = [], []
        for number in range(rounds):
            ground.say(f"{BESIDE_GOOD_LINKS}: round {number + 1} of {rounds}")
            alone.append(_fetch(material, good_links, good)[0])
            beside.append(_fetch(material, mixed, good))
    best_alone = max(one.rate for one in alone)
    best, took = max(beside, key=lambda one: one[0].rate)
    yield ["alone", f"{best_alone:.0f}", "", count_text(alone[0].done), ""]
    yield [f"beside {count_text(len(limited_links))} of {_LIMITED_HOSTS} hosts", f"{best.rate:.0f}", f"{best.rate / best_alone:.2f}",
           count_text(best.done), duration_text(took)]


def _fetch(material, links, good):
    with material.fresh("fetch") as folder:
        (folder / "links.txt").write_text("".join(f"{link}\n" for link in links))
        began = time.monotonic()
        subprocess.run([ground.ROOT / "scripts/thumbline", "fetch", "--links", folder / "links.txt", "--out", folder / "out", "--quiet",
                        "--allow-private"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        took = time.monotonic() - began
        ended = [row[0] for row in ground.rows_of(folder / "out/ledger.sqlite", "SELECT fetch_ended_us FROM links WHERE outcome = 'done' AND "
                                                  f"link LIKE '%:{good.port}/%' ORDER BY fetch_ended_us")]
    good.take_requests()
    return _Good(len(ended) / max(1e-6, (ended[-1] - ended[0]) / 1e6), len(ended)), took
