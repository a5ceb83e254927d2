"""scripts/bench sandbox: what it costs that the decoder has no rights."""
import json

from benchmarks import ground, timing
from launcher.quantities import duration_text
from launcher.table import aligned

PROGRAMS = ("thumbline-producer", "thumbline-fetcher", "thumbline-collector", "thumbline-resizer")


def run(folder, rounds, core):
    """Prints a table of whole `resize` commands, with and without."""
    ground.build(*PROGRAMS)
    pictures = ground.pictures(folder)
    with ground.scratch() as scratch:
        def command(wish, number):
            return [ground.ROOT / "scripts/thumbline", "resize", "--images", pictures[0].parent, "--out", scratch / f"{wish}-{number}",
                    "--resizers", "1", "--sandbox", wish, "--quiet"]

        wishes = ("off", "require")
        ground.say(f"{rounds} rounds of resize with one resizer, without and with the sandbox")
        costs = {wish: [] for wish in wishes}
        for number in range(rounds + 1):
            for wish in wishes:
                cost = timing.measure(command(wish, number), core)
                done = json.loads((scratch / f"{wish}-{number}" / "summary.json").read_text())["done"]
                if done != len(pictures):
                    raise ground.CannotMeasure(f"with --sandbox {wish} {done} of {len(pictures)} pictures were done")
                if number > 0:  # the first round fills the page cache
                    costs[wish].append(cost)
    rows = [["one core", "time", "processor time", "speed"]]
    without = timing.median(costs["off"], "wall_s")
    for wish in wishes:
        wall = timing.median(costs[wish], "wall_s")
        rows.append([f"--sandbox {wish}", duration_text(wall), duration_text(timing.median(costs[wish], "processor_s")),
                     f"{without / wall:.3f}x"])
    print(aligned(rows))
