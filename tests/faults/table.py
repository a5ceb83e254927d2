"""Prints what the tests have reported as a table: table.py FILE."""

import os
import sys

HEADING = ("fault", "times tried", "what happened")


def lines(rows):
    rows = [HEADING, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADING))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def main(file):
    if not os.path.exists(file):
        sys.exit("no fault was reported")
    with open(file) as report:
        print("\n".join(lines([tuple(line.rstrip("\n").split("\t")) for line in report])))


if __name__ == "__main__":
    main(sys.argv[1])
