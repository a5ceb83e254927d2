"""Small pictures that would keep a processor busy for minutes, among many good ones: each ends by what it is, none by the clock."""

import struct
import zlib

import oracle
from gated_server import Answer, GatedServer
from oracle import report, scale
from thumbline import run

LINKS = scale(200, 2000)
TIMES = scale(2, 20)  # of each picture


def segment(marker, data):
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(width, height, frame, scans, tables=b""):
    """Three components. `scans`: their components, first and last coefficient, and coded data."""
    file = b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64) + tables
    file += segment(frame, struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)))
    for components, first, last, data in scans:
        file += segment(0xDA, bytes((len(components),)) + b"".join(bytes((one, 0)) for one in components) + bytes((first, last, 0))) + data
    return file + b"\xff\xd9"


def arithmetic_scans():
    """100 scans without data, of which an arithmetic decoder makes something all the same (ITU-T T.81, D.2.6)."""
    return jpeg(4000, 4000, 0xC9, [((1 + i % 3,), 0, 63, b"") for i in range(99)])


def runs_of_nothing():
    """Scans of Huffman codes that say "nothing in the next 32,767 blocks" (G.1.2.2)."""
    tables = segment(0xC4, b"\x00\1" + bytes(15) + b"\0") + segment(0xC4, b"\x10\1\1" + bytes(14) + b"\0\xe0")
    means = bytes((250 * 250 * 3 + 7) // 8)
    nothing = b"\xbf\xff\0\xbf\xff\0"  # 10, then 14 bits, twice
    return jpeg(2000, 2000, 0xC2, [((1, 2, 3), 0, 0, means)] + [((1 + i % 3,), 1, 63, nothing) for i in range(95)], tables)


def no_data():
    """A header of 256 million pixels, and no pixels."""
    tables = segment(0xC4, b"\x00\1" + bytes(15) + b"\0") + segment(0xC4, b"\x10\1\1" + bytes(14) + b"\0\xe0")
    return jpeg(16000, 16000, 0xC0, [((1, 2, 3), 0, 63, b"")], tables)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour_type, rows, interlaced=0, *chunks):
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def packed_zeros(count):
    packer = zlib.compressobj(9)
    some = bytes(1 << 20)
    return b"".join(packer.compress(some[:min(len(some), count - at)]) for at in range(0, count, len(some))) + packer.flush()


def unpacked_to_much():
    """A palette of two colours, one of them transparent: of each bit become four bytes, in seven passes."""
    side = 16384
    return png(side, side, 1, 3, packed_zeros(side * side // 8 + 2 * side), 1, chunk(b"PLTE", bytes(6)), chunk(b"tRNS", b"\0\1"))


def rows_of_one():
    return png(1, 60_000_000, 1, 0, packed_zeros(120_000_000))


def profile(elements):
    """Of a monitor, with processing elements that are all the same one (ICC.1:2010, 10.14)."""
    curve = b"curf\0\0\0\0\0\1\0\0" + b"parf\0\0\0\0\0\0\0\0" + bytes(16)
    curves = b"cvst\0\0\0\0\0\3\0\3" + struct.pack(">II", 36, len(curve)) * 3 + curve
    tag = b"mpet\0\0\0\0\0\3\0\3" + struct.pack(">I", elements) + struct.pack(">II", 16 + 8 * elements, len(curves)) * elements + curves
    tags = struct.pack(">I", 1) + b"D2B1" + struct.pack(">II", 144, len(tag))
    head = struct.pack(">I4sI", 144 + len(tag), bytes(4), 0x0430_0000) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    return head.ljust(128, b"\0") + tags + tag


def costly_profile():
    name = b"x\0\0"
    return png(64, 64, 8, 2, zlib.compress(bytes(64 * 193)), 0, chunk(b"iCCP", name + zlib.compress(profile(50_000), 9)))


# What each has to become. `done`: as a picture without a profile.
PICTURES = {
    "/arithmetic.jpg": (arithmetic_scans, "decode-limit"),
    "/runs.jpg": (runs_of_nothing, "done"),
    "/empty.jpg": (no_data, "truncated"),
    "/passes.png": (unpacked_to_much, "decode-limit"),
    "/rows.png": (rows_of_one, "decode-limit"),
    "/profile.png": (costly_profile, "done"),
}


class PicturesTest(oracle.Case):
    def test_small_pictures_that_ask_for_much_work(self):
        bodies = {path: make() for path, (make, _) in PICTURES.items()}
        for path, body in bodies.items():
            self.assertLess(len(body), 120_000, path)
        paths = {f"{path}?{number}": path for path in bodies for number in range(TIMES)}
        with GatedServer({asked: [Answer(bodies[path])] for asked, path in paths.items()}) as server:
            became = {server.url + asked: PICTURES[path][1] for asked, path in paths.items()}
            good = self.many_links(LINKS)
            links = good + list(became)
            self.chance.shuffle(links)
            undisturbed = self.undisturbed(good)
            result = run(*self.command(links))
        self.assertEqual(result.code, 0, result)
        self.check_outcomes(links, {link: reason for link, reason in became.items() if reason != "done"})
        there = oracle.fingerprints(self.out, "thumbnails")
        for name, digest in undisturbed["thumbnails"].items():
            self.assertEqual(there.get(name), digest, name)
        by_the_clock = self.out.ledger("SELECT link, detail FROM links WHERE detail LIKE '%took longer%'")
        self.assertEqual(by_the_clock, [])
        longest = self.out.ledger("SELECT max(resize_us) FROM links WHERE link LIKE '%?%'")[0][0]
        report(f"pictures below 120 KB that ask for minutes of work, among {LINKS}", len(became),
               f"decode-limit, truncated, or done without their profile; at most {longest / 1e6:.2f} s; the others as undisturbed")


if __name__ == "__main__":
    oracle.main()
