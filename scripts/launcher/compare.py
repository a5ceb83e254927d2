"""The same pictures four ways, one after the other: what threads and processes are worth."""
import argparse
import hashlib
import json
import os
import shutil

from launcher import programs, sources
from launcher.comparison import Row, table, write_results, write_summary
from launcher.console import say, show
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, OK, SOME_FAILED, Interrupted, Stop
from launcher.folder import Folder
from launcher.quantities import count_text
from launcher.run import Run
from launcher.whole_file import whole_file

# What makes rows of two calls comparable; beside the links themselves.
_SETTINGS = ("imgur", "imgur_api", "fetchers", "threads", "transfers", "per_host", "per_host_rate", "timeout", "max_bytes", "user_agent",
             "max_redirects", "insecure", "resizers", "size",
             "fit", "format", "enlarge", "quality", "progressive", "background", "tolerate", "max_pixels", "max_memory", "sandbox")


def compare(options):
    """Rows that are finished are kept; one that was interrupted starts afresh, since its time would not be one run's."""
    with Folder(options.out, "compare") as folder:
        programs.ensure()
        if os.path.exists(folder / "ledger.sqlite"):
            raise Stop(BAD_USAGE, f"{folder.path} holds another run; give compare a folder of its own")
        os.makedirs(folder / "compare", exist_ok=True)
        links = _links(options, folder)
        if options.links and not sources.has_links(links):
            say(f"there are no links in {'standard input' if options.links == '-' else options.links}")
            return OK
        _check_settings(options, folder, links)
        rows = _rows(options, folder.path)
        _check_free(folder, rows)
        for number, row in enumerate(rows, 1):
            if row.summary() is None:
                if not options.quiet:
                    say(f"{number} of {len(rows)}: {row.description}")
                try:
                    _fill(row, options, _source(row, options, folder, links, rows))
                except (Interrupted, Stop) as early:
                    if not str(early):  # others have said why
                        say(f"finished rows are kept; row {number} of {len(rows)} will begin anew, for its time has to be that of one run")
                    raise
                _stop_without_pictures(row)
        _tidy(folder, rows)
        results = [row.result() for row in rows]
        summary = write_summary(folder.path, rows, results)
        write_results(folder.path, rows)
        show(table(rows, results))
        if summary["failed"]:
            show(f"{count_text(summary['failed'])} of {count_text(summary['links'])} links failed (results.csv says which)\n")
        show(f"{folder.path}: images, thumbnails, summary.json, results.csv\n")
        return SOME_FAILED if options.strict and summary["failed"] else OK


def _rows(options, folder):
    resizers = _many(options.resizers, "resizer")
    downloads = f"{_many(options.threads, 'thread')}, {_many(options.transfers, 'transfer')} each"
    if options.fetchers > 1:
        downloads = f"{options.fetchers} fetchers, {downloads}"
    serial = Row(folder, "1-download-serial", "fetch", "download, 1 thread, 1 transfer",
                 {"fetchers": 1, "threads": 1, "transfers": 1})
    threads = Row(folder, "2-download-threads", "fetch", f"download, {downloads}", {}, than=serial)
    one = Row(folder, "3-resize-one", "resize", "thumbnails, 1 resizer", {"resizers": 1})
    many = Row(folder, "4-resize-many", "resize", f"thumbnails, {resizers}", {}, than=one)
    return [serial, threads, one, many]


def _many(number, noun):
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _links(options, folder):
    """The list that both downloads read. Of a gallery, it is what the first download found there."""
    if not options.links:
        folder.made.claim("gallery-links.txt")
        return folder / "gallery-links.txt"
    links = folder / "links.txt"
    if options.links != "-" and os.path.exists(links) and os.path.samefile(options.links, links):
        return links
    return sources.copy(options.links, folder, "links.txt", is_of_links=True)


def _check_settings(options, folder, links):
    settings = {name: getattr(options, name) for name in _SETTINGS}
    # A switch that is off is as one that the thumbline which began the folder did not know.
    settings = {name: None if value is False else value for name, value in settings.items()}
    if options.links:
        with open(links, "rb") as file:
            settings["links"] = hashlib.file_digest(file, "sha256").hexdigest()
    kept = folder / "compare/settings.json"
    try:
        with open(kept) as file:
            before = json.load(file)
    except (FileNotFoundError, ValueError):  # there is none, or no whole one
        with whole_file(folder / "compare", "settings.json") as file:
            json.dump(settings, file, indent=2)
        return
    for name, value in settings.items():
        if before.get(name) != value:
            option = name.replace("_", "-")
            raise Stop(BAD_USAGE, f"{folder.path} was begun with other settings (--{option}); give another --out")


def _source(row, options, folder, links, rows):
    if row.command == "resize":
        return ["--images", rows[1].images]
    if options.links or row is not rows[0]:
        return ["--links", links]
    return sources.producer_source(options, folder)


def _fill(row, options, source):
    row.remove()
    own_options = argparse.Namespace(**{**vars(options), **row.changes, "strict": False, "retry_failed": False})
    with Folder(row.folder, row.command) as folder:
        code = Run(row.command, own_options, folder, source, silent=True).execute()
    if code != OK:
        raise Stop(CANNOT_GO_ON, f"{row.description}: ended with {code}")
    row.finish()


def _stop_without_pictures(row):
    """Four ways of doing nothing are no comparison. The row is forgotten, so that the same command tries again."""
    if row.command != "fetch" or row.summary()["done"]:
        return
    reasons = ", ".join(f"{count} {reason}" for reason, count in row.summary()["reasons"].items()) or "the list has no links"
    row.forget()
    hint = " (--allow-private connects to private and local addresses)" if "refused-address" in reasons else ""
    raise Stop(CANNOT_GO_ON, f"{row.description}: not one picture came: {reasons}{hint}")


def _places(folder, rows):
    """Where the pictures and thumbnails of the parallel rows, which stay, lie at first, and where at last."""
    return ((rows[1].images, folder / "images"), (rows[3].thumbnails, folder / "thumbnails"))


def _check_free(folder, rows):
    """Stop where those of this comparison would take the place of others."""
    for there, here in _places(folder, rows):
        is_to_come = os.path.isdir(there) or any(row.summary() is None for row in rows)
        if is_to_come and os.path.isdir(here) and os.listdir(here):
            raise Stop(BAD_USAGE, f"{here} is there already: give another --out, or move it away")


def _tidy(folder, rows):
    for there, here in _places(folder, rows):
        if os.path.isdir(there):
            os.rename(there, here)  # takes an empty folder's place, and no other's
    shutil.rmtree(rows[0].images, ignore_errors=True)
    shutil.rmtree(rows[2].thumbnails, ignore_errors=True)
