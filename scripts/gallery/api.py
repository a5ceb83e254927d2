"""Imgur's API, as far as a gallery's reader meets it, with the surprises of the real one.

Items are pictures, albums (some list only their first pictures, some none) and animated gifs. Some links have the wrong
extension, some items come again on a later page, and some lead to pictures that were deleted since.
"""

import random
import string

from connection import Reply

MOST_ALBUMS = 60  # Imgur limits requests an hour; each album costs one

LETTERS = string.ascii_letters + string.digits
TITLES = ("Evening", "Somewhere up north", "Found this today", "The view from here", "Before the rain", "Old and new",
          "Tried something", "Nobody was there", "Good morning", "One of many", "Look up", "Quiet")


def share(count, one_in):
    """One in so many of `count`, at least one where there are any."""
    return min(count, max(1, count // one_in))


class Gallery:
    """What the API lists: the same for the same pictures and seed."""

    def __init__(self, pictures, seed, per_page):
        self._pictures = pictures
        self._per_page = per_page
        self._chance = random.Random(seed)
        self.deleted = self._new_ids(share(len(pictures), 50))
        self.animated = self._new_ids(share(len(pictures), 40))
        self._wrong = set(self._chance.sample(pictures.ids, share(len(pictures), 15)))
        self._titles = {key: self._chance.choice(TITLES) for key in (*pictures.ids, *self.deleted, *self.animated)}
        self.albums = {}  # id: its pictures' ids
        self._listed = {}  # an album's id: how many of its pictures the gallery lists
        self._order = self._arrange()

    def _new_ids(self, count):
        return ["".join(self._chance.choices(LETTERS, k=7)) for _ in range(count)]

    def _arrange(self):
        """The ids of all items, in the order of the pages."""
        left = [*self._pictures.ids, *self.deleted]
        self._chance.shuffle(left)
        order = list(self.animated)
        for number in range(min(MOST_ALBUMS, share(len(left), 16)) if len(left) >= 4 else 0):
            album, = self._new_ids(1)
            size = min(len(left) // 2, self._chance.randint(2, 6))
            self.albums[album] = [left.pop() for _ in range(size)]
            # In turn: all of them, some of them, no list at all.
            self._listed[album] = (size, (size + 1) // 2, 0)[number % 3]
            order.append(album)
        order += left
        self._chance.shuffle(order)
        return self._with_repeats(order)

    def _with_repeats(self, order):
        """About one item in thirty comes again on a later page, as happens where a gallery moves on while it is read."""
        result = order[: self._per_page]
        for place, item in enumerate(order[self._per_page:]):
            if place % 30 == 0:
                result.append(self._chance.choice(result[: len(result) // self._per_page * self._per_page]))
            result.append(item)
        return result

    def page(self, number, base):
        """The items of a page; none after the last."""
        start = number * self._per_page
        return [self.album(key, base) if key in self.albums else self.image(key, base)
                for key in self._order[start:start + self._per_page]]

    def image(self, key, base):
        """An image as the API describes it; None where there is none."""
        if key in self.animated:
            return self._animated(key, base)
        if key in self.deleted:
            width, height, size, mime, extension = 1024, 768, 214013, "image/jpeg", "jpg"
        else:
            picture = self._pictures.find(key)
            if picture is None:
                return None
            (width, height), size, mime = picture.size(), len(picture.data), picture.mime
            extension = "png" if mime == "image/png" else "jpg"
            if key in self._wrong:
                extension = "jpg" if extension == "png" else "png"
        return {"id": key, "title": self._titles[key], "type": mime, "animated": False, "width": width, "height": height,
                "size": size, "link": f"{base}/{key}.{extension}", "is_album": False, "nsfw": False}

    def _animated(self, key, base):
        return {"id": key, "title": self._titles[key], "type": "image/gif", "animated": True, "width": 32, "height": 32,
                "size": 0, "link": f"{base}/{key}.gif", "gifv": f"{base}/{key}.gifv", "mp4": f"{base}/{key}.mp4",
                "looping": True, "is_album": False, "nsfw": False}

    def images(self, album, base):
        return [self.image(key, base) for key in self.albums[album]]

    def album(self, key, base, whole=False):
        """An album as a gallery lists it, or with all of its pictures."""
        images = self.images(key, base)
        cover = images[0]
        album = {"id": key, "title": "Album", "cover": cover["id"], "cover_width": cover["width"],
                 "cover_height": cover["height"], "link": f"{base}/a/{key}", "is_album": True, "images_count": len(images)}
        listed = len(images) if whole else self._listed[key]
        if listed:
            album["images"] = images[:listed]
        return album


class Api:
    """Answers below /3/."""

    def __init__(self, gallery, base):
        self.gallery = gallery
        self.base = base

    def answer(self, request):
        return self.refuse(request) or self.find(request, request.path.strip("/").split("/")[1:])

    def headers(self):
        """Of every answer, by their names with _ for -."""
        return {}

    def refuse(self, request):
        """The answer to a request without a client id; None where there is one."""
        scheme, _, client = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return self.bad(request, 401, "Authentication required")
        if scheme.lower() != "client-id" or not client.strip().isalnum():
            return self.bad(request, 403, "Invalid client_id")
        return None

    def find(self, request, parts):
        """`parts`: those of the path below /3/."""
        match parts:
            case ["gallery", *_, page] if page.isdigit():
                return self.page(request, int(page))
            case ["gallery", *_]:
                return self.page(request, 0)
            case ["album", key] if key in self.gallery.albums:
                return self.good(self.gallery.album(key, self.base, whole=True))
            case ["album", key, "images"] if key in self.gallery.albums:
                return self.good(self.gallery.images(key, self.base))
        return self.bad(request, 404, "Unable to find what you asked for")

    def page(self, request, number):
        return self.good(self.gallery.page(number, self.base))

    def good(self, data):
        return Reply.of_json({"data": data, "success": True, "status": 200}, **self.headers())

    def bad(self, request, status, text, **headers):
        data = {"error": text, "request": request.path, "method": request.method}
        return Reply.of_json({"data": data, "success": False, "status": status}, status, **self.headers(), **headers)
