"""What thumbline-draw writes, looked at byte by byte."""

import collections
import re
import struct
import subprocess
import tempfile
import unittest
import zlib

from local_gallery import DRAW, drawn_folder


def jpeg_segments(data):
    """[(marker, content)] of the segments before the first scan."""
    assert data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9"
    segments, at = [], 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        length, = struct.unpack_from(">H", data, at + 2)
        segments.append((data[at + 1], data[at + 4:at + 2 + length]))
        at += 2 + length
    return segments


def jpeg_frame(data):
    """(SOF marker, width, height, sampling factors of the components)"""
    for marker, content in jpeg_segments(data):
        if marker in (0xC0, 0xC1, 0xC2):
            _, height, width, count = struct.unpack_from(">BHHB", content)
            return marker, width, height, [content[7 + 3 * i] for i in range(count)]
    raise AssertionError("no frame")


def jpeg_orientation(data):
    """0 where there is no EXIF."""
    for marker, content in jpeg_segments(data):
        if marker == 0xE1:
            assert content[:6] == b"Exif\0\0"
            order = {b"MM\0\x2a": ">"}[content[6:10]]
            start, = struct.unpack_from(order + "I", content, 10)
            count, tag, kind, values, value = struct.unpack_from(order + "HHHIH", content, 6 + start)
            assert (count, tag, kind, values) == (1, 0x0112, 3, 1)
            return value
    return 0


def png_chunks(data):
    """{kind: content}, IDAT put together; every checksum is right."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = collections.defaultdict(bytes), 8
    while at < len(data):
        length, = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4:at + 8], data[at + 8:at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + content)
        chunks[kind] += content
        at += 12 + length
    assert kind == b"IEND"
    return chunks


def png_header(data):
    """(width, height, depth, colour type, interlaced)"""
    return (*struct.unpack_from(">IIBB", png_chunks(data)[b"IHDR"]), png_chunks(data)[b"IHDR"][12] == 1)


class Drawn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(drawn_folder(100, 200))
        cls.files = {path.name: path.read_bytes() for path in cls.folder.iterdir()}
        cls.jpegs = {name: data for name, data in cls.files.items() if name.endswith(".jpg")}
        cls.pngs = {name: data for name, data in cls.files.items() if name.endswith(".png")}

    def test_there_are_as_many_as_asked_for_with_names_as_imgur_gives(self):
        self.assertEqual(len(self.files), 100)
        for name in self.files:
            self.assertRegex(name, re.compile(r"^[A-Za-z0-9]{7}\.(jpg|png)$"))

    def test_four_in_five_are_jpeg(self):
        self.assertEqual(len(self.jpegs), 80)
        for name, data in self.jpegs.items():
            with self.subTest(name):
                _, width, height, _ = jpeg_frame(data)
                self.assertTrue(64 <= min(width, height) and max(width, height) <= 200)

    def test_jpegs_are_of_all_kinds(self):
        frames = [jpeg_frame(data) for data in self.jpegs.values()]
        progressive = sum(marker == 0xC2 for marker, *_ in frames)
        self.assertTrue(20 <= progressive <= 34, progressive)
        samplings = {tuple(factors) for *_, factors in frames}
        self.assertEqual(samplings, {(0x11,), (0x11, 0x11, 0x11), (0x21, 0x11, 0x11), (0x22, 0x11, 0x11)})
        self.assertEqual({jpeg_orientation(data) for data in self.jpegs.values()}, set(range(9)))

    def test_pngs_are_of_all_kinds(self):
        kinds = {png_header(data)[2:4] for data in self.pngs.values()}
        self.assertEqual(kinds, {(8, 2), (8, 6), (8, 4)})
        self.assertEqual({png_header(data)[4] for data in self.pngs.values()}, {True, False})

    def test_the_data_of_a_png_is_as_long_as_its_header_says(self):
        samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
        for name, data in self.pngs.items():
            width, height, depth, colour, interlaced = png_header(data)
            if not interlaced:
                with self.subTest(name):
                    row = 1 + width * samples[colour] * depth // 8
                    self.assertEqual(len(zlib.decompress(png_chunks(data)[b"IDAT"])), row * height)


class Repeatable(unittest.TestCase):
    def test_each_time_the_same_ones_and_more_where_more_are_asked_for(self):
        with drawn_folder(25, 150) as folder, drawn_folder(40, 150) as larger:
            few = {path.name: path.read_bytes() for path in folder.iterdir()}
            more = {path.name: path.read_bytes() for path in larger.iterdir()}
        self.assertEqual((len(few), len(more)), (25, 40))
        self.assertLessEqual(few.items(), more.items())


class Exact(unittest.TestCase):
    def test_every_picture_has_the_size_asked_for_as_it_is_seen(self):
        with drawn_folder(60, 1600, "--size", "40x24") as folder:
            for path in folder.iterdir():
                data = path.read_bytes()
                with self.subTest(path.name):
                    if path.suffix == ".png":
                        self.assertEqual(png_header(data)[:2], (40, 24))
                    else:
                        turned = jpeg_orientation(data) >= 5
                        self.assertEqual(jpeg_frame(data)[1:3], (24, 40) if turned else (40, 24))

    def test_the_smallest_and_the_flattest(self):
        for size in ("1x1", "2x1", "1x9", "65x7", "3x200"):
            with self.subTest(size), drawn_folder(80, 64, "--size", size) as folder:
                self.assertEqual(len(list(folder.iterdir())), 80)

    def test_what_is_no_size_is_refused(self):
        for size in ("40", "40x", "x24", "0x9", "40x24x9", "-4x4", "9999x1"):
            with self.subTest(size), tempfile.TemporaryDirectory() as folder:
                result = subprocess.run([DRAW, folder, f"--size={size}"], capture_output=True, text=True)
                self.assertEqual(result.returncode, 2)
                self.assertIn(size, result.stderr)


if __name__ == "__main__":
    unittest.main()
