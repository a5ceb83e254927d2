"""scripts/bench start: how long commands take that have one picture to get or to make, beside one curl."""
import contextlib
import functools
import http.server
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading

from benchmarks import ground, timing
from launcher.quantities import duration_text
from launcher.table import aligned

PROGRAMS = ("thumbline-producer", "thumbline-fetcher", "thumbline-collector", "thumbline-resizer", "thumbline-draw")
_IN_MEMORY = pathlib.Path("/dev/shm")


def run(rounds):
    """Prints a table of whole commands, each on a new folder, in turn."""
    if shutil.which("curl") is None:
        raise ground.CannotMeasure("curl is missing: scripts/install-deps --dev")
    draw = ground.build(*PROGRAMS)
    with tempfile.TemporaryDirectory(prefix="thumbline-bench-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        scratch = pathlib.Path(folder)
        subprocess.run([draw, scratch / "www", "--count", "1"], check=True, stdout=subprocess.DEVNULL)
        picture, = (scratch / "www").iterdir()
        with _served(picture.parent) as url:
            (scratch / "list.txt").write_text(f"{url}/{picture.name}\n")
            ground.say(f"{rounds} rounds of each command with one picture")
            costs = measured(scratch, picture, f"{url}/{picture.name}", rounds)
    print(aligned(rows_of(costs)))


def measured(scratch, picture, link, rounds):
    """The costs of each command; the first round is not counted."""
    thumbline, out = ground.ROOT / "scripts/thumbline", scratch / "out"
    from_list = ["--links", scratch / "list.txt", "--allow-private", "--out", out]
    commands = {"run": [thumbline, "run", *from_list], "fetch": [thumbline, "fetch", *from_list],
                "resize": [thumbline, "resize", "--images", picture, "--out", out],
                "curl": ["curl", "--silent", "--fail", "--output", scratch / "picture", link]}
    costs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = timing.measure(command, None)
            if number > 0:
                costs[name].append(cost)
            if out.is_dir():
                if json.loads((out / "summary.json").read_text())["done"] != 1:
                    raise ground.CannotMeasure(f"{name} did not get the picture")
                shutil.rmtree(out)
    return costs


def rows_of(costs):
    rows = [["one picture", "time", "processor time", "beside curl"]]
    curl = timing.median(costs["curl"], "wall_s")
    for name, mine in costs.items():
        wall = timing.median(mine, "wall_s")
        rows.append([name, duration_text(wall), duration_text(timing.median(mine, "processor_s")), f"{wall / curl:.1f}x"])
    return rows


@contextlib.contextmanager
def _served(folder):
    """The URL of a server of these files."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass
