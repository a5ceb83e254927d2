"""What a command costs."""
import dataclasses
import os
import statistics
import sys
import time


@dataclasses.dataclass
class Cost:
    """Of one run of a whole process and its children."""
    wall_s: float
    processor_s: float


def measure(command, core):
    """Runs the command on one core (None: on all), without its output. Raises OSError where it fails."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        _become(command, core)
    _, status, usage = os.wait4(child, 0)
    wall_s = time.monotonic() - start
    if status != 0:
        raise OSError(f"this failed: {' '.join(str(word) for word in command)[:200]}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime)


def _become(command, core):
    try:
        if core is not None:
            os.sched_setaffinity(0, {core})
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.execvp(command[0], [str(word) for word in command])
    finally:
        print(f"cannot run {command[0]}", file=sys.stderr)
        os._exit(127)


def in_turn(commands, rounds, core):
    """The costs of each command: one run of each, then the next round, so that a slower minute slows down all of them. The
    first round is not counted: it fills the page cache."""
    costs = [[] for _ in commands]
    for number in range(rounds + 1):
        for command, mine in zip(commands, costs):
            cost = measure(command, core)
            if number > 0:
                mine.append(cost)
    return costs


def median(costs, figure):
    return statistics.median(getattr(cost, figure) for cost in costs)
