#!/usr/bin/env python3
"""The gallery of `scripts/gallery` as tests need it: it fails on demand, counts requests, and says what it has.

    python3 tests/gallery/faulty_server.py PICTURES_DIR [--address A] [--port 0] [--announce FILE] [--seed N] [--delay-ms N] ...

    /fault/KIND/...    faults on demand                                         faults.py
    /links.txt         the links of all pictures, one a line; /deleted.txt those of the deleted ones
    /requests.json     how often each path was asked for; /requests/reset starts anew
    /delays/end        whoever waits for a delayed answer has it now, and nothing is delayed until /delays/begin
    anything else      as in scripts/gallery/server.py; the API's rate limits    limited_api.py
"""

import argparse
import asyncio
import collections
import os
import pathlib
import sys
import time
from urllib.parse import quote

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "gallery"))

import server  # noqa: E402
from connection import Reply  # noqa: E402
from faults import Faults  # noqa: E402
from faulty_connection import FaultyConnection  # noqa: E402
from limited_api import LimitedApi  # noqa: E402


class Allowance:
    """A token bucket; without a rate it takes everything."""

    def __init__(self, per_second, at_once):
        self._per_second, self._at_once = per_second, at_once
        self._tokens, self._looked = at_once, time.monotonic()

    def takes(self):
        if not self._per_second:
            return True
        now = time.monotonic()
        self._tokens = min(self._at_once, self._tokens + (now - self._looked) * self._per_second)
        self._looked = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class FaultySite(server.Site):
    def __init__(self, options):
        super().__init__(options.pictures, options.seed, options.per_page)
        self._options = options
        self._asked = collections.Counter()
        self._faults = Faults(self.pictures, self._asked.__getitem__)
        self._allowance = Allowance(options.requests_per_s, options.requests_at_once)

    def make_api(self, base):
        return LimitedApi(self.gallery, base, self._options.api_429_after, self._options.api_403_after)

    def answer(self, request):
        path = request.path
        if path.startswith("/requests"):
            return self._requests(path)
        if path in ("/delays/end", "/delays/begin"):
            FaultyConnection.set_delays(path == "/delays/begin")
            return Reply.of_json({})
        self._asked[path] += 1
        if not self._allowance.takes():
            return Reply(429, b"too many requests\n")
        if path.startswith("/fault/") and request.method in ("GET", "HEAD", "POST"):
            return self._faults.answer(request)
        reply = super().answer(request)
        reply.delay_s = self._options.delay_ms / 1000
        return reply

    def _requests(self, path):
        if path == "/requests.json":
            return Reply.of_json(self._asked)
        if path == "/requests/reset":
            self._asked.clear()
            return Reply.of_json({})
        return Reply(404)

    def other(self, name):
        if name == "links.txt":
            return self._list(self.pictures.name(key) for key in self.pictures.ids)
        if name == "deleted.txt":
            return self._list(f"{key}.jpg" for key in self.gallery.deleted)
        return super().other(name)

    def _list(self, names):
        return Reply(200, "".join(f"{self.base}/{quote(name)}\n" for name in names).encode())


def announce(url, file):
    if file:  # before the line: its reader may look for the file at once
        aside = file.with_name(file.name + f".{os.getpid()}")
        aside.write_text(url + "\n")
        aside.rename(file)
    server.announce(url)


def parse(arguments):
    parser = argparse.ArgumentParser(description="A local stand-in for Imgur that fails on demand.")
    parser.add_argument("pictures", metavar="PICTURES_DIR", help="the .jpg and .png files to show")
    parser.add_argument("--address", default=server.ADDRESS, help="of this machine, where it listens (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses (default)")
    parser.add_argument("--announce", metavar="FILE", type=pathlib.Path, help="write the URL to this file once it can be used")
    parser.add_argument("--seed", type=int, default=server.SEED, help="of the albums, repeats and deletions (default %(default)s)")
    parser.add_argument("--delay-ms", type=float, default=0, help="wait that long before each answer (default 0)")
    parser.add_argument("--per-page", type=int, default=server.PER_PAGE, help="items on a page of the API (default %(default)s)")
    parser.add_argument("--api-429-after", metavar="PAGE", type=int,
                        help="answer the first page after this one by 429 once (-1: the very first)")
    parser.add_argument("--api-403-after", metavar="PAGE", type=int,
                        help="answer the first page after this one by 403 \"over capacity\" once")
    parser.add_argument("--requests-per-s", metavar="N", type=float, help="answer more requests than that by 429 (default: no limit)")
    parser.add_argument("--requests-at-once", metavar="N", type=float, default=10, help="so many more of them may come at once (default 10)")
    options = parser.parse_args(arguments)
    if not os.path.isdir(options.pictures):
        parser.error(f"there is no folder {options.pictures}")
    return options


def main():
    options = parse(sys.argv[1:])
    try:
        asyncio.run(server.serve(FaultySite(options), FaultyConnection, options.address, options.port,
                                 lambda url: announce(url, options.announce)))
    except OSError as error:
        sys.exit(f"faulty_server.py: {error}")


if __name__ == "__main__":
    main()
