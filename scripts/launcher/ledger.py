"""The ledger of a run, for reading alone: SQLite, which the collector writes."""
import os
import sqlite3
import urllib.parse


def connect(path, patience_s, at_rest=False):
    """Raises sqlite3.Error. `at_rest`: nobody writes to it any more; then nothing is left beside it by who reads it."""
    # A write-ahead log that is still there belongs to the ledger.
    immutable = "&immutable=1" if at_rest and not os.path.exists(f"{path}-wal") else ""
    # SQLite takes the path as part of a URI, in which # and ? and % mean something.
    return sqlite3.connect(f"file:{urllib.parse.quote(os.fsencode(path))}?mode=ro{immutable}", uri=True, timeout=patience_s)
