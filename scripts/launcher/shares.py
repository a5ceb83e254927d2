"""Which machine has done how much of a run."""
import contextlib
import sqlite3

from launcher import ledger
from launcher.console import say, visible
from launcher.quantities import count_text, duration_text
from launcher.table import aligned

_QUESTION = "SELECT {worker}, count(*), total({time}) FROM links WHERE {worker} IS NOT NULL AND {time} IS NOT NULL GROUP BY 1"


def shares(ledger_path):
    """A table, or nothing where there was one machine alone. The run is over: a ledger that cannot be read is no reason to fail."""
    try:
        hosts = _by_host(ledger_path)
    except sqlite3.Error as error:
        say(f"which machine has done how much is not known: {ledger_path} cannot be read: {error}")
        return ""
    if len(hosts) < 2:
        return ""
    rows = [["machine", "downloads", "busy time", "thumbnails", "busy time"]]
    for host, share in sorted(hosts.items()):
        rows.append([visible(host), *(text for count, seconds in share for text in (count_text(count), duration_text(seconds) if count else "-"))])
    return aligned(rows)


def _host_of(worker):
    """For people: workers call themselves what they like, in bytes that need not be UTF-8."""
    name = worker.decode(errors="replace") if isinstance(worker, bytes) else worker
    return "".join(character if character.isprintable() else "?" for character in name.rpartition(":")[0])


def _by_host(ledger_path):
    """Host -> number and seconds, of downloads and of thumbnails."""
    hosts = {}
    with contextlib.closing(ledger.connect(ledger_path, patience_s=10, at_rest=True)) as opened:
        for column, (worker, time) in enumerate((("fetcher", "fetch_us"), ("resizer", "resize_us"))):
            for name, count, us in opened.execute(_QUESTION.format(worker=worker, time=time)):
                share = hosts.setdefault(_host_of(name), [[0, 0.0], [0, 0.0]])[column]
                share[0] += count
                share[1] += us / 1e6
    return hosts
