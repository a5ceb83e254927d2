"""scripts/bench workers: what workers cost the producer that only say that they are there."""
import time

from benchmarks import ground
from benchmarks.links import Head, Program
from launcher.quantities import count_text
from launcher.table import aligned

PROGRAMS = ("thumbline-producer", "thumbline-collector", "thumbline-stand-in")
SETTLING_S = 10  # until all have heard how often they are to say so
MEASURED_S = 20


def run(counts):
    """Prints a table: a row for each count of workers."""
    ground.build(*PROGRAMS)
    rows = [["workers", "all there after", "producer", "memory"]]
    with ground.scratch() as scratch:
        links = scratch / "links.txt"
        links.write_text("https://pictures.example/nobody-takes-this.jpg\n")
        for count in (0, *counts):
            ground.say(f"{count_text(count)} workers")
            folder = scratch / str(count)
            folder.mkdir()
            rows.append([count_text(count), *_one(folder, links, count)])
    print(aligned(rows))


def _one(folder, links, count):
    head = Head(folder, links, "--door", "tcp://127.0.0.1:*", "--folder", folder)
    programs = [head.collector, head.producer]
    took = "-"
    try:
        if count > 0:
            began = time.monotonic()
            programs.append(Program("thumbline-stand-in", "--workers", count, folder / "run.key", head.door, announces=False))
            _wait_for_connections(head.producer, count)
            took = f"{time.monotonic() - began:.1f} s"
        time.sleep(SETTLING_S)
        began, before = time.monotonic(), head.producer.processor_s()
        time.sleep(MEASURED_S)
        cores = (head.producer.processor_s() - before) / (time.monotonic() - began)
        return [took, f"{cores:.3f} cores", f"{head.producer.memory_mb():.0f} MB"]
    finally:
        for program in programs:
            program.kill()


def _wait_for_connections(producer, count, longest_s=300):
    most = time.monotonic() + longest_s
    while producer.open_files() < count:
        if time.monotonic() > most:
            raise ground.CannotMeasure(f"the producer has {producer.open_files()} files open, and {count} workers want to connect: "
                                       f"raise the limit of open files (ulimit -Hn), or measure fewer")
        time.sleep(0.1)
