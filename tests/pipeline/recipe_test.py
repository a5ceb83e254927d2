"""How thumbnails shall look: each option changes what a user finds."""

import struct
import unittest

import png_picture
from thumbline import Folder, TestCase, run

BASELINE, PROGRESSIVE = 0xC0, 0xC2  # the frame's marker; T.81, table B.1
DARK_BLUE = (0x10, 0x20, 0x30)


def frame(jpeg):
    """The marker of a JPEG's frame."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    return jpeg[at + 1]


def flat(width, height, *colour):
    return png_picture.made(width, height, lambda x, y: colour)


def bright(side):
    """Of many bytes as a JPEG, and black nowhere."""
    return png_picture.made(side, side, lambda x, y: (128 + x * 57 * y % 128, 128 + x * 23 % 128, 128 + y * 91 % 128, 255))


class RecipeTest(TestCase):
    pictures = 30
    runs = 0

    def resized(self, picture, *options, name="picture.png"):
        """A run of its own over this one picture: its line of results.csv, and the thumbnail where there is one."""
        self.runs += 1
        file = self.here / f"from-{self.runs}" / name
        file.parent.mkdir()
        file.write_bytes(picture)
        out = Folder(self.here / f"to-{self.runs}")
        result = run("resize", "--images", file.parent, "--out", out.path, "--resizers", "1", *options)
        self.assertEqual(result.code, 0, result)
        line, = out.results().values()
        return line, (out / line["thumbnail"]).read_bytes() if line["thumbnail"] else None

    def thumbnail(self, picture, *options, name="picture.png"):
        line, thumbnail = self.resized(picture, *options, name=name)
        self.assertEqual(line["outcome"], "done", line)
        return thumbnail

    def size(self, picture, *options):
        rows = png_picture.pixels(self.thumbnail(picture, *options))
        return len(rows[0]), len(rows)

    def jpeg_pixels(self, jpeg):
        return png_picture.pixels(self.thumbnail(jpeg, "--format", "png", name="picture.jpg"))

    def test_enlarge(self):
        small = flat(16, 8, 200, 0, 0, 255)
        self.assertEqual(self.size(small), (16, 8))
        self.assertEqual(self.size(small, "--enlarge"), (128, 64))
        self.assertEqual(self.size(flat(16, 16, 200, 0, 0, 255), "--enlarge"), (128, 128))
        pad = ("--fit", "pad", "--size", "64")
        for options, inside in ((pad, 16 * 8), ((*pad, "--enlarge"), 64 * 32)):
            rows = png_picture.pixels(self.thumbnail(small, *options))
            self.assertEqual((len(rows[0]), len(rows)), (64, 64))
            self.assertEqual(sum(pixel == (200, 0, 0, 255) for row in rows for pixel in row), inside, options)

    def test_quality(self):
        low, usual, high = (len(self.thumbnail(bright(64), "--format", "jpeg", *options))
                            for options in (("--quality", "30"), (), ("--quality", "95")))
        self.assertLess(low, usual)
        self.assertLess(usual, high)

    def test_progressive(self):
        self.assertEqual(frame(self.thumbnail(bright(64), "--format", "jpeg")), BASELINE)
        self.assertEqual(frame(self.thumbnail(bright(64), "--format", "jpeg", "--progressive")), PROGRESSIVE)

    def test_background_of_the_border(self):
        pad = ("--fit", "pad", "--size", "32")
        picture = flat(16, 16, 200, 0, 0, 255)
        for options, border in (((), (255, 255, 255)), (("--background", "#102030"), DARK_BLUE), (("--background", "black"), (0, 0, 0)),
                                (("--background", "#F80"), (255, 136, 0))):
            rows = png_picture.pixels(self.thumbnail(picture, *pad, *options))
            self.assertEqual((rows[0][0], rows[31][31]), ((*border, 255), (*border, 255)), options)
            self.assertEqual(rows[16][16], (200, 0, 0, 255), options)

    def test_background_under_what_is_transparent(self):
        clear = flat(16, 16, 200, 0, 0, 0)
        for options, colour in (((), (255, 255, 255)), (("--background", "#102030"), DARK_BLUE)):
            rows = self.jpeg_pixels(self.thumbnail(clear, "--format", "jpeg", *options))
            for seen, wanted in zip(rows[8][8], colour):
                self.assertLessEqual(abs(seen - wanted), 3, options)  # JPEG rounds
        # PNG stays as transparent as it is.
        rows = png_picture.pixels(self.thumbnail(clear, "--background", "#102030"))
        self.assertEqual({pixel[3] for row in rows for pixel in row}, {0})

    def test_tolerate_a_truncated_picture(self):
        for options in ((), ("--progressive",)):
            jpeg = self.thumbnail(bright(128), "--format", "jpeg", "--quality", "95", *options)
            half = jpeg[:len(jpeg) // 2]
            line, thumbnail = self.resized(half, name="half.jpg")
            self.assertEqual((line["outcome"], line["reason"], thumbnail), ("failed", "truncated", None))
            rows = png_picture.pixels(self.thumbnail(half, "--tolerate", "truncated", "--format", "png", name="half.jpg"))
            self.assertGreater(len(set(rows[0])), 1, "what is there")
            if not options:  # a progressive one has something of each row
                self.assertEqual(len(set(rows[127])), 1, "what is missing is plain")

    def test_tolerate_a_truncated_png(self):
        png = bright(128)
        half = png[:len(png) // 2]
        line, _ = self.resized(half)
        self.assertEqual(line["reason"], "truncated")
        rows = png_picture.pixels(self.thumbnail(half, "--tolerate", "truncated"))
        self.assertEqual(rows[0], png_picture.pixels(png)[0], "what is there")
        self.assertEqual({pixel[3] for pixel in rows[127]}, {0}, "what is missing is transparent")

    def test_tolerate_a_damaged_picture(self):
        png = bytearray(bright(128))
        png[png.index(b"IEND") - 5] ^= 1  # the last byte of the pixels' checksum
        for options in ((), ("--tolerate", "truncated")):
            line, _ = self.resized(bytes(png), *options)
            self.assertEqual((line["outcome"], line["reason"]), ("failed", "corrupt"), options)
        rows = png_picture.pixels(self.thumbnail(bytes(png), "--tolerate", "damaged"))
        self.assertEqual(rows, png_picture.pixels(bright(128)))
        half = bright(128)[:len(png) // 2]
        self.thumbnail(half, "--tolerate", "damaged")  # includes what ends early

    def test_memory_for_a_picture_can_be_limited_and_the_message_says_how(self):
        line, _ = self.resized(bright(128), "--max-memory", "1k")
        self.assertEqual((line["outcome"], line["reason"]), ("failed", "decode-limit"))
        self.assertIn("--max-memory", line["detail"])
        self.thumbnail(bright(128), "--max-memory", "1MiB")

    def test_tolerance_is_no_leave_to_break_off_a_download(self):
        whole = next(file.name for file in sorted(self.pictures_folder.glob("*.jpg")) if frame(file.read_bytes()) == BASELINE)
        half, broken_off = self.fault(f"truncated-jpeg/{whole}"), self.fault(f"cut/400/{whole}")
        command = ("run", "--links", self.list_of([half, broken_off]), "--allow-private", "--attempts", "1")
        for options, reason in (((), "truncated"), (("--tolerate", "truncated"), "")):
            out = Folder(self.here / f"out{len(options)}")
            result = run(*command, "--out", out.path, *options)
            self.assertEqual(result.code, 0, result)
            self.assertEqual({link: line["reason"] for link, line in out.results().items()}, {half: reason, broken_off: "truncated"})

    def test_all_of_it_reaches_what_was_downloaded(self):
        link = next(link for link in self.gallery.links() if link.endswith(".png"))
        result = run("run", "--links", self.list_of([link]), "--out", self.out.path, "--allow-private", "--size", "300x200", "--fit",
                     "pad", "--enlarge", "--format", "jpeg", "--progressive", "--quality", "100", "--background", "#102030")
        self.assertEqual(result.code, 0, result)
        line, = self.out.results().values()
        thumbnail = (self.out / line["thumbnail"]).read_bytes()
        self.assertEqual((line["thumbnail_width"], line["thumbnail_height"], frame(thumbnail)), ("300", "200", PROGRESSIVE))

    def test_other_settings_on_the_same_folder_are_refused(self):
        command = ("run", "--links", self.list_of(self.gallery.links()[:2]), "--out", self.out.path, "--allow-private")
        self.assertEqual(run(*command, "--quality", "30").code, 0)
        before = self.out.contents("thumbnails")
        for options in ((), ("--quality", "31"), ("--quality", "30", "--enlarge"), ("--quality", "30", "--progressive"),
                        ("--quality", "30", "--background", "black"), ("--quality", "30", "--tolerate", "truncated")):
            other = run(*command, *options)
            self.assertEqual(other.code, 2, other)
            self.assertIn("quality 30", other.err)
            self.assertEqual(len(other.err.strip().splitlines()), 1, other)
        self.assertEqual(run(*command, "--quality", "30", "--background", "#fff").code, 0, "white is what it was")
        self.assertEqual(self.out.contents("thumbnails"), before)


if __name__ == "__main__":
    unittest.main()
