"""Which machine has done how much of a run."""
import contextlib
import sqlite3

from launcher.quantities import count_text, duration_text
from launcher.table import aligned

_QUESTION = "SELECT {worker}, count(*), total({time}) FROM links WHERE {worker} IS NOT NULL AND {time} IS NOT NULL GROUP BY 1"


def shares(ledger_path):
    """A table, or nothing where there was one machine alone."""
    hosts = {}
    with contextlib.closing(sqlite3.connect(f"file:{ledger_path}?mode=ro", uri=True, timeout=10)) as ledger:
        for column, (worker, time) in enumerate((("fetcher", "fetch_us"), ("resizer", "resize_us"))):
            for name, count, us in ledger.execute(_QUESTION.format(worker=worker, time=time)):
                share = hosts.setdefault(name.rpartition(":")[0], [[0, 0.0], [0, 0.0]])[column]
                share[0] += count
                share[1] += us / 1e6
    if len(hosts) < 2:
        return ""
    rows = [["machine", "downloads", "busy time", "thumbnails", "busy time"]]
    for host, share in sorted(hosts.items()):
        rows.append([host, *(text for count, seconds in share for text in (count_text(count), duration_text(seconds) if count else "-"))])
    return aligned(rows)
