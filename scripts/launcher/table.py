"""Rows of text in aligned columns."""


_TERMINAL = 80  # columns that every terminal has


def aligned(rows):
    """The first row is the heading. The first column is aligned to the left, the others, which are numbers, to the right. As in
    the collector's table (collector/table.cpp)."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= _TERMINAL else " "
    lines = [gap.join(cell.rjust(width) if column else cell.ljust(width)
                      for column, (cell, width) in enumerate(zip(row, widths))) for row in rows]
    lines.insert(1, gap.join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines) + "\n"
