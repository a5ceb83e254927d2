"""Prints what the tests have reported as a table: table.py FILE."""

import collections
import os
import sys

HEADING = ("fault", "times tried", "what happened")


def together(rows):
    """Rows that say the same become one, which says how often."""
    return [(fault, tried if count == 1 else f"{count} x {tried}", happened)
            for (fault, tried, happened), count in collections.Counter(rows).items()]


def lines(rows):
    rows = [HEADING, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADING))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def main(file):
    if not os.path.exists(file):
        sys.exit("no fault was reported")
    with open(file) as report:
        print("\n".join(lines(together([tuple(line.rstrip("\n").split("\t")) for line in report]))))


if __name__ == "__main__":
    main(sys.argv[1])
