#!/usr/bin/env python3
"""A local stand-in for Imgur: its API, its pictures, and every way in which a download can fail.

    python3 scripts/gallery/server.py PICTURES_DIR [--address A] [--port 0] [--announce FILE] [--seed N] [--delay-ms N] ...

    /3/...             the API; wants "Authorization: Client-ID anything"       api.py
    /ID.ext            a picture, whatever the extension; deleted ones lead to /removed.png
    /links.txt         the links of all pictures, one a line; /deleted.txt those of the deleted ones
    /fault/KIND/...    faults on demand                                         faults.py
    /requests.json     how often each path was asked for; /requests/reset starts anew
    /delays/end        whoever waits for a delayed answer has it now, and nothing is delayed until /delays/begin
"""

import argparse
import asyncio
import collections
import os
import pathlib
import signal
import sys
from urllib.parse import quote, unquote

from api import Api, Gallery
from connection import Connection, Reply
from faults import PAGE, Faults
from pictures import Pictures, content_type, gif

BACKLOG = 4096
MP4_START = bytes.fromhex("0000001866747970") + b"mp42\0\0\0\0mp42isom"


class Site:
    """What stands behind every path."""

    def __init__(self, options, connections):
        self._connections = connections
        self._delay_s = options.delay_ms / 1000
        self._delays = True
        self._pictures = Pictures(options.pictures)
        self._gallery = Gallery(self._pictures, options.seed, options.per_page)
        self._options = options
        self._asked = collections.Counter()
        self._faults = Faults(self._pictures, self._asked.__getitem__)
        self._deleted = set(self._gallery.deleted)
        self._animated = {key: Reply(200, gif(), "image/gif") for key in self._gallery.animated}
        self._base = None
        self._api = None

    def open_at(self, base):
        """Links are absolute: `base` is what they start with."""
        self._base = base
        self._api = Api(self._gallery, base, self._options.api_429_after, self._options.api_403_after)

    def answer(self, request):
        path = request.path
        if request.method not in ("GET", "HEAD", "POST"):
            return Reply(405, b"GET, HEAD or POST\n", Allow="GET, HEAD, POST")
        if path.startswith("/requests"):
            return self._requests(path)
        if path.startswith("/delays/"):
            return self._set_delays(path)
        self._asked[path] += 1
        if path.startswith("/fault/"):
            reply = self._faults.answer(request)
        else:
            reply = self._api.answer(request) if path.startswith("/3/") else self._file(request)
            reply.delay_s = self._delay_s
        if isinstance(reply, Reply) and not self._delays:
            reply.delay_s = 0
        return reply

    def _requests(self, path):
        if path == "/requests.json":
            return Reply.of_json(self._asked)
        if path == "/requests/reset":
            self._asked.clear()
            return Reply.of_json({})
        return Reply(404)

    def _set_delays(self, path):
        if path not in ("/delays/end", "/delays/begin"):
            return Reply(404)
        self._delays = path == "/delays/begin"
        if not self._delays:
            for connection in list(self._connections):
                connection.end_delay()
        return Reply.of_json({})

    def _file(self, request):
        name = unquote(request.path[1:])
        picture = self._pictures.removed if name == "removed.png" else self._pictures.find(name)
        if picture:
            if request.headers.get("if-none-match") == picture.etag:
                return Reply(304, ETag=picture.etag)
            return Reply(200, picture.data, content_type(name), ETag=picture.etag)
        return self._other(name)

    def _other(self, name):
        identity, _, extension = name.rpartition(".")
        if identity in self._deleted:
            return Reply(302, Location="/removed.png")
        if name == "links.txt":
            return self._list(self._pictures.name(key) for key in self._pictures.ids)
        if name == "deleted.txt":
            return self._list(f"{key}.jpg" for key in self._gallery.deleted)
        if identity in self._animated and extension != "gifv":
            return Reply(200, MP4_START, "video/mp4") if extension == "mp4" else Reply(200, gif(), "image/gif")
        if name.startswith("a/") or identity in self._animated:
            return Reply(200, PAGE, "text/html; charset=utf-8")
        return Reply(200, __doc__.encode()) if not name else Reply(404, b"no such picture\n")

    def _list(self, names):
        return Reply(200, "".join(f"{self._base}/{quote(name)}\n" for name in names).encode())


def announce(url, file):
    if file:  # first: whoever has read the line may look for the file
        aside = file.with_name(file.name + f".{os.getpid()}")
        aside.write_text(url + "\n")
        aside.rename(file)
    print(f"listening on {url}", flush=True)


async def serve(options):
    connections = set()
    site = Site(options, connections)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: Connection(site.answer, connections), options.address, options.port, backlog=BACKLOG)
    url = f"http://{options.address}:{server.sockets[0].getsockname()[1]}"
    site.open_at(url)
    announce(url, options.announce)
    await stop.wait()
    server.close()
    for connection in list(connections):
        connection.transport.abort()


def parse(arguments):
    parser = argparse.ArgumentParser(description="A local stand-in for Imgur.")
    parser.add_argument("pictures", metavar="PICTURES_DIR", help="the .jpg and .png files to show")
    parser.add_argument("--address", default="127.0.0.1", help="of this machine, where it listens (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses (default)")
    parser.add_argument("--announce", metavar="FILE", type=pathlib.Path, help="write the URL to this file once it can be used")
    parser.add_argument("--seed", type=int, default=1, help="of the albums, repeats and deletions (default 1)")
    parser.add_argument("--delay-ms", type=float, default=0, help="wait that long before each answer (default 0)")
    parser.add_argument("--per-page", type=int, default=60, help="items on a page of the API (default 60)")
    parser.add_argument("--api-429-after", metavar="PAGE", type=int,
                        help="answer the first page after this one by 429 once (-1: the very first)")
    parser.add_argument("--api-403-after", metavar="PAGE", type=int,
                        help="answer the first page after this one by 403 \"over capacity\" once")
    options = parser.parse_args(arguments)
    if not os.path.isdir(options.pictures):
        parser.error(f"there is no folder {options.pictures}")
    return options


def main():
    try:
        asyncio.run(serve(parse(sys.argv[1:])))
    except OSError as error:
        sys.exit(f"server.py: {error}")


if __name__ == "__main__":
    main()
