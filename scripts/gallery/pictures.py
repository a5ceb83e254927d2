"""The pictures of a folder, by their ids, and pictures made up byte by byte."""

import os
import pathlib
import struct
import zlib

CONTENT_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "mp4": "video/mp4",
}
KEPT_BYTES = 256 * 1024 * 1024  # of files, in memory


def content_type(name):
    """By the extension of a name, as Imgur goes: whatever the bytes are."""
    return CONTENT_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


class Picture:
    """A file of the folder."""

    def __init__(self, identity, name, data):
        self.id = identity
        self.name = name
        self.data = data
        self.etag = f'"{zlib.crc32(data):08x}-{len(data):x}"'

    @property
    def mime(self):
        return "image/png" if self.data[:4] == b"\x89PNG" else "image/gif" if self.data[:3] == b"GIF" else "image/jpeg"

    def size(self):
        """Width and height as it is seen, that is turned as its EXIF says; (0, 0) where the file is broken."""
        try:
            return struct.unpack(">II", self.data[16:24]) if self.mime == "image/png" else jpeg_size(self.data)
        except (struct.error, IndexError):
            return (0, 0)


def jpeg_segments(data):
    """(marker, content) up to the start of the first scan."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        yield marker, data[at + 4:at + 2 + length]
        if marker == 0xDA:
            return
        at += 2 + length


def exif_orientation(segment):
    """1 to 8; 1 where an APP1 segment says nothing."""
    tiff = segment[6:]
    order = ">" if tiff[:2] == b"MM" else "<"
    start, = struct.unpack_from(order + "I", tiff, 4)
    for entry in range(struct.unpack_from(order + "H", tiff, start)[0]):
        tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * entry)
        if tag == 0x0112:
            return value
    return 1


def jpeg_size(data):
    orientation = 1
    for marker, content in jpeg_segments(data):
        if marker == 0xE1 and content[:6] == b"Exif\0\0":
            orientation = exif_orientation(content)
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # SOFn
            height, width = struct.unpack_from(">HH", content, 1)
            return (height, width) if orientation >= 5 else (width, height)
    return (0, 0)


class Pictures:
    """The .jpg and .png files of a folder."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        files = sorted(entry.name for entry in os.scandir(self._folder) if entry.is_file())
        self._names = {os.path.splitext(name)[0]: name for name in files
                       if content_type(name) in ("image/jpeg", "image/png")}
        self.ids = list(self._names)
        self._of_kind = {extension: [key for key in self.ids if content_type(self._names[key]) == mime]
                         for extension, mime in (("jpg", "image/jpeg"), ("png", "image/png"))}
        self._kept = {}
        self._room = KEPT_BYTES
        self.removed = Picture("removed", "removed.png", grey_png(161, 81))  # Imgur's has that size

    def __len__(self):
        return len(self.ids)

    def name(self, identity):
        """The file's name, whose extension is right."""
        return self._names[identity]

    def find(self, name):
        """The picture with that id, whatever extension the name has; None where there is none."""
        identity = name.rpartition(".")[0] or name
        picture = self._kept.get(identity)
        if picture is None and identity in self._names:
            file = self._names[identity]
            picture = Picture(identity, file, (self._folder / file).read_bytes())
            if self._room >= len(picture.data):
                self._room -= len(picture.data)
                self._kept[identity] = picture
        return picture

    def some(self, name, extension=None):
        """The picture with that id; else one that always belongs to this name. With `extension` ("jpg" or "png") it is of
        that kind whatever the name says. None where the folder has no such picture."""
        choice = self.ids if extension is None else self._of_kind[extension]
        identity = name.rpartition(".")[0] or name
        if identity in self._names and (extension is None or identity in choice):
            return self.find(identity)
        return self.find(choice[zlib.crc32(name.encode()) % len(choice)]) if choice else None


# Made up.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows):
    """8 bits of grey; `rows` are the filtered bytes, which may be fewer than the header claims."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def grey_png(width, height, shade=128):
    return png(width, height, (b"\0" + bytes([shade]) * width) * height)


def gif(side=32):
    """Two frames, black and white, for ever (GIF89a). The codes are all 8 bits of colour in 9, with a clear code often
    enough that they never grow."""
    def frame(colour):
        codes, pixels = [], side * side
        for start in range(0, pixels, 200):
            codes += [256] + [colour] * min(200, pixels - start)
        bits = sum(code << (9 * place) for place, code in enumerate(codes + [257]))
        packed = bits.to_bytes((9 * (len(codes) + 1) + 7) // 8, "little")
        blocks = b"".join(bytes([len(packed[i:i + 255])]) + packed[i:i + 255] for i in range(0, len(packed), 255))
        return (b"\x21\xf9\x04\x00\x32\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0)
                + b"\x08" + blocks + b"\0")
    colours = b"".join(bytes([shade] * 3) for shade in range(256))
    return (b"GIF89a" + struct.pack("<HHBBB", side, side, 0xF7, 0, 0) + colours
            + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00" + frame(0) + frame(255) + b"\x3b")
