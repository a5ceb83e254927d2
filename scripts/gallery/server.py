#!/usr/bin/env python3
"""A local stand-in for Imgur: its API and its pictures. What `thumbline demo` downloads from.

    python3 scripts/gallery/server.py PICTURES_DIR      prints "listening on URL"; ends with SIGTERM

    /3/...             the API; wants "Authorization: Client-ID anything"       api.py
    /ID.ext            a picture, whatever the extension; deleted ones lead to /removed.png
"""

import asyncio
import os
import signal
import sys
from urllib.parse import unquote

from api import Api, Gallery
from connection import Connection, Reply
from pictures import Pictures, content_type, gif

ADDRESS = "127.0.0.1"
BACKLOG = 4096
PER_PAGE = 60
SEED = 1
MP4_START = bytes.fromhex("0000001866747970") + b"mp42\0\0\0\0mp42isom"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Not a picture</title></head><body><p>A page.</p></body></html>\n"


class Site:
    """Answers every path. Has to be told its own URL (`open_at`) before it is asked for the first one."""

    def __init__(self, folder, seed=SEED, per_page=PER_PAGE):
        self.pictures = Pictures(folder)
        self.gallery = Gallery(self.pictures, seed, per_page)
        self.base = None
        self._api = None
        self._deleted = set(self.gallery.deleted)
        self._animated = set(self.gallery.animated)

    def open_at(self, base):
        """Links are absolute: `base` is what they start with."""
        self.base = base
        self._api = self.make_api(base)

    def make_api(self, base):
        return Api(self.gallery, base)

    def answer(self, request):
        if request.method not in ("GET", "HEAD", "POST"):
            return Reply(405, b"GET, HEAD or POST\n", Allow="GET, HEAD, POST")
        return self._api.answer(request) if request.path.startswith("/3/") else self._file(request)

    def _file(self, request):
        name = unquote(request.path[1:])
        picture = self.pictures.removed if name == "removed.png" else self.pictures.find(name)
        if picture:
            if request.headers.get("if-none-match") == picture.etag:
                return Reply(304, ETag=picture.etag)
            return Reply(200, picture.data, content_type(name), ETag=picture.etag)
        return self.other(name)

    def other(self, name):
        identity, _, extension = name.rpartition(".")
        if identity in self._deleted:
            return Reply(302, Location="/removed.png")
        if identity in self._animated and extension != "gifv":
            return Reply(200, MP4_START, "video/mp4") if extension == "mp4" else Reply(200, gif(), "image/gif")
        if name.startswith("a/") or identity in self._animated:
            return Reply(200, PAGE, "text/html; charset=utf-8")
        return Reply(404, b"no such picture\n")


def announce(url):
    print(f"listening on {url}", flush=True)


async def serve(site, connection_type=Connection, address=ADDRESS, port=0, announce=announce):
    """Until SIGTERM or SIGINT. Port 0: the system chooses."""
    connections = set()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: connection_type(site.answer, connections), address, port, backlog=BACKLOG)
    url = f"http://{address}:{server.sockets[0].getsockname()[1]}"
    site.open_at(url)
    announce(url)
    await stop.wait()
    server.close()
    for connection in list(connections):
        connection.transport.abort()


def main():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit("usage: server.py PICTURES_DIR")
    try:
        asyncio.run(serve(Site(sys.argv[1])))
    except OSError as error:
        sys.exit(f"server.py: {error}")


if __name__ == "__main__":
    main()
