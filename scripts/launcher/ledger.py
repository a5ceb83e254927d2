"""The ledger of a run, for reading alone: SQLite, which the collector writes."""
import os
import sqlite3
import urllib.parse


def connect(path, patience_s):
    """Raises sqlite3.Error. SQLite takes the path as part of a URI, in which # and ? and % mean something."""
    return sqlite3.connect(f"file:{urllib.parse.quote(os.fsencode(path))}?mode=ro", uri=True, timeout=patience_s)
