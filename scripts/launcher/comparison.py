"""The rows of `compare`, its table, and its files."""
import csv
import json
import os
import shutil

from launcher import quantities
from launcher.table import aligned
from launcher.whole_file import whole_file


class Row:
    """One way of working: a run of its own in a folder of its own, so that nothing is cached from the row before. `changes`
    are those to the user's options; `than`: the row that it is faster than."""

    def __init__(self, folder, name, command, description, changes, than=None):
        self.folder = os.path.join(folder, "compare", name)
        self.command = command
        self.description = description
        self.changes = changes
        self.than = than
        self.images = os.path.join(self.folder, "images")
        self.thumbnails = os.path.join(self.folder, "thumbnails")
        self._finished = self.folder + ".json"

    def finish(self):
        """Notes that the run has ended as it should."""
        os.rename(os.path.join(self.folder, "summary.json"), self._finished)

    def remove(self):
        """Makes room for a new beginning. What is in this folder is a run's: it is below `compare`, which is thumbline's own."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget(self):
        os.remove(self._finished)

    def summary(self):
        """What the collector wrote; None where the row is not finished."""
        try:
            with open(self._finished) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def stage(self):
        return self.summary()["stages"][self.command]

    def result(self):
        """An entry of `compare` in summary.json."""
        stage = self.stage()
        time_s, images = stage["wall_s"], stage["count"]
        serial_s = self.than.stage()["wall_s"] if self.than else time_s
        return {"description": self.description, "time_s": time_s, "images": images,
                "images_per_s": round(images / time_s, 6) if time_s else 0,
                "speedup": round(serial_s / time_s, 6) if time_s else 0}


def table(rows, results):
    lines = [["description", "time taken", "images", "images/s", "speed-up"]]
    for row, result in zip(rows, results):
        if not result["time_s"]:
            lines.append([row.description, "-", "0", "-", "-"])
            continue
        lines.append([row.description, quantities.duration_text(result["time_s"]), quantities.count_text(result["images"]),
                      quantities.rate_text(result["images_per_s"]), f"{result['speedup']:.2f}x" if row.than else "1x"])
    return aligned(lines)


def write_summary(folder, rows, results):
    """The keys of a run's summary, of the two parallel rows taken together, and the rows themselves."""
    fetch, resize = rows[1].summary(), rows[3].summary()
    reasons = dict(fetch["reasons"])
    for reason, count in resize["reasons"].items():
        reasons[reason] = reasons.get(reason, 0) + count
    summary = {
        "links": fetch["links"],
        "done": resize["done"],
        "failed": fetch["failed"] + resize["failed"],
        "reasons": reasons,
        "attempts": fetch["attempts"] + resize["attempts"] - resize["links"],  # the first for a thumbnail is no link's
        "wall_s": round(sum(row.summary()["wall_s"] for row in rows), 6),
        "stages": {"fetch": fetch["stages"]["fetch"], "resize": resize["stages"]["resize"]},
        "compare": results,
    }
    with whole_file(folder, "summary.json") as file:
        json.dump(summary, file, indent=2)
        file.write("\n")
    return summary


def write_results(folder, rows):
    """One line a link: the download's of row 2, with what row 4 says about its picture."""
    thumbnails = {}
    with open(os.path.join(rows[3].folder, "results.csv"), newline="") as file:
        for line in csv.DictReader(file):
            thumbnails[os.path.basename(line["link"])] = line
    with (open(os.path.join(rows[1].folder, "results.csv"), newline="") as file,
          whole_file(folder, "results.csv", newline="") as joined):
        lines = csv.DictReader(file)
        writer = csv.DictWriter(joined, lines.fieldnames, lineterminator="\n")
        writer.writeheader()
        of_a_thumbnail = lines.fieldnames[lines.fieldnames.index("image_width"):]
        for line in lines:
            thumbnail = thumbnails.get(os.path.basename(line["image"]))
            if thumbnail and line["outcome"] == "done":
                line.update({name: thumbnail[name] for name in ("outcome", "reason", "detail", *of_a_thumbnail)})
            writer.writerow(line)
