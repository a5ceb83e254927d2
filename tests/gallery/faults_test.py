"""Each fault does what it says, seen from a plain socket where it matters."""

import struct
import time
import unittest
import zlib
from urllib.parse import quote

from local_gallery import Server, drawn_folder, read_head, read_to_end


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(drawn_folder())
        cls.server = cls.enterClassContext(Server(cls.folder))
        names = sorted(path.name for path in cls.folder.iterdir())
        cls.jpeg = next(name for name in names if name.endswith(".jpg"))
        cls.png = next(name for name in names if name.endswith(".png"))
        cls.jpeg_bytes = (cls.folder / cls.jpeg).read_bytes()
        cls.png_bytes = (cls.folder / cls.png).read_bytes()

    def raw(self, path):
        """(status, headers, body up to the end, whether it was reset)"""
        with self.server.raw(path) as sock:
            status, headers, body = read_head(sock)
            rest, was_reset = read_to_end(sock)
            return status, headers, body + rest, was_reset

    def follow(self, path):
        """(hops, answer)"""
        hops = 0
        while (answer := self.server.get(path)).status == 302 and hops < 20:
            path, hops = answer.headers["Location"], hops + 1
        return hops, answer

    # Slow.

    def test_delay(self):
        start = time.monotonic()
        self.assertEqual(self.server.get(f"/fault/delay/300/{self.jpeg}").body, self.jpeg_bytes)
        self.assertGreaterEqual(time.monotonic() - start, 0.3)

    def test_delays_end_on_demand_and_begin_again(self):
        path = f"/fault/delay/3600000/{self.jpeg}"
        with self.server.raw(path) as waits:
            while path not in self.server.get("/requests.json").json():
                pass  # it has not arrived
            self.server.get("/delays/end", "POST")
            _, headers, _ = read_head(waits)
            self.assertEqual(int(headers["content-length"]), len(self.jpeg_bytes))
        self.assertEqual(self.server.get(path).body, self.jpeg_bytes)
        self.server.get("/delays/begin", "POST")
        self.test_delay()

    def test_slow_keeps_to_its_rate(self):
        rate = len(self.jpeg_bytes) * 2
        start = time.monotonic()
        self.assertEqual(self.server.get(f"/fault/slow/{rate}/{self.jpeg}").body, self.jpeg_bytes)
        self.assertGreaterEqual(time.monotonic() - start, 0.4)

    def test_slow_sends_something_long_before_the_end(self):
        with self.server.raw(f"/fault/slow/20/{self.jpeg}") as sock:
            _, _, body = read_head(sock)
            while len(body) < 3:
                body += sock.recv(65536)
            self.assertEqual(body, self.jpeg_bytes[: len(body)])
            self.assertLess(len(body), len(self.jpeg_bytes))

    def test_hang_answers_nothing_while_others_are_served(self):
        with self.server.raw(f"/fault/hang/{self.jpeg}") as sock:
            sock.settimeout(0.3)
            self.assertEqual(self.server.get(f"/{self.jpeg}").status, 200)
            with self.assertRaises(TimeoutError):
                sock.recv(1)

    # Cut off.

    def test_cut_ends_early_although_the_length_says_all(self):
        status, headers, body, was_reset = self.raw(f"/fault/cut/100/{self.jpeg}")
        self.assertEqual((status, int(headers["content-length"])), (200, len(self.jpeg_bytes)))
        self.assertEqual((body, was_reset), (self.jpeg_bytes[:100], False))

    def test_reset_is_a_reset_after_the_bytes(self):
        for count in (0, 100, 1000):
            with self.subTest(count):
                _, headers, body, was_reset = self.raw(f"/fault/reset/{count}/{self.jpeg}")
                self.assertEqual(int(headers["content-length"]), len(self.jpeg_bytes))
                self.assertEqual((body, was_reset), (self.jpeg_bytes[:count], True))

    def test_wrong_length_says_more_than_there_is(self):
        _, headers, body, was_reset = self.raw(f"/fault/wrong-length/{self.jpeg}")
        self.assertEqual((body, was_reset), (self.jpeg_bytes, False))
        self.assertGreater(int(headers["content-length"]), len(body))

    # Sizes.

    def test_endless_goes_on_and_on(self):
        with self.server.raw("/fault/endless/x.jpg") as sock:
            status, headers, body = read_head(sock)
            self.assertEqual((status, headers["transfer-encoding"]), (200, "chunked"))
            self.assertNotIn("content-length", headers)
            body = bytearray(body)
            while len(body) < 50_000_000:
                body += sock.recv(1 << 20)
            size, _, rest = bytes(body[:100]).partition(b"\r\n")
            self.assertEqual(rest[:3], b"\xff\xd8\xff")
            self.assertEqual(rest[int(size, 16):][:2], b"\r\n")

    def test_huge_is_as_long_as_it_says(self):
        for size in (10, 65536, 3_000_001):
            with self.subTest(size):
                answer = self.server.get(f"/fault/huge/{size}/x.png")
                self.assertEqual(int(answer.headers["Content-Length"]), size)
                self.assertEqual(len(answer.body), size)
                self.assertTrue(answer.body.startswith(b"\x89PNG\r\n"))

    def test_empty(self):
        answer = self.server.get("/fault/empty/x.jpg")
        self.assertEqual((answer.status, answer.body, answer.headers["Content-Type"]), (200, b"", "image/jpeg"))

    # Other answers.

    def test_status(self):
        for status in (404, 410, 500, 503):
            self.assertEqual(self.server.get(f"/fault/status/{status}/x.jpg").status, status)

    def test_busy_at_first(self):
        for status in (429, 503):
            path = f"/fault/{status}/2/7/{self.jpeg}"
            answers = [self.server.get(path) for _ in range(4)]
            self.assertEqual([answer.status for answer in answers], [status, status, 200, 200])
            self.assertEqual(answers[0].headers["Retry-After"], "7")
            self.assertEqual(answers[2].body, self.jpeg_bytes)
            self.assertEqual(self.server.get(f"/fault/{status}/1/7/another.jpg").status, status)

    def test_redirects(self):
        for hops in (0, 1, 5, 6):
            took, answer = self.follow(f"/fault/redirect/{hops}/{self.jpeg}")
            self.assertEqual((took, answer.body), (hops, self.jpeg_bytes))
        self.assertEqual(self.follow("/fault/redirect-loop/x.jpg")[0], 20)

    def test_redirect_to_any_url(self):
        for url in ("http://169.254.169.254/latest/?a=b&c=d#e", "file:///etc/passwd", "ftp://x/y.jpg"):
            answer = self.server.get("/fault/redirect-to/" + quote(url, safe=""))
            self.assertEqual((answer.status, answer.headers["Location"]), (302, url))

    # Other things than the picture.

    def test_html(self):
        answer = self.server.get("/fault/html/x.jpg")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
        self.assertIn(b"<html>", answer.body)

    def test_wrong_type(self):
        answer = self.server.get(f"/fault/wrong-type/{self.jpeg}")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
        self.assertEqual(answer.body, self.jpeg_bytes)

    def test_gif(self):
        for path in ("/fault/gif", "/fault/gif/x.gif"):
            answer = self.server.get(path)
            self.assertEqual(answer.headers["Content-Type"], "image/gif")
            self.assertEqual((answer.body[:6], answer.body[-1:]), (b"GIF89a", b";"))

    def test_truncated_jpeg(self):
        answer = self.server.get(f"/fault/truncated-jpeg/{self.jpeg}")
        self.assertEqual(answer.body, self.jpeg_bytes[: len(self.jpeg_bytes) // 2])
        self.assertEqual(self.server.get(f"/fault/truncated-jpeg/{self.png}").body[:2], b"\xff\xd8", "a JPEG for any name")

    def test_corrupt_png(self):
        answer = self.server.get(f"/fault/corrupt-png/{self.png}")
        self.assertEqual(len(answer.body), len(self.png_bytes))
        self.assertEqual(answer.body[:33], self.png_bytes[:33], "the header is whole")
        self.assertNotEqual(answer.body, self.png_bytes)

    def test_huge_pixels_is_a_small_file_with_a_large_claim(self):
        body = self.server.get("/fault/huge-pixels/x.png").body
        self.assertLess(len(body), 10_000)
        self.assertEqual(struct.unpack(">II", body[16:24]), (60000, 60000))
        self.assertEqual(struct.unpack(">I", body[29:33])[0], zlib.crc32(body[12:29]))

    # All of them.

    def test_made_up_names_stand_for_a_picture_each(self):
        bodies = {self.server.get(f"/fault/delay/0/made-up-{i}.jpg").body for i in range(30)}
        self.assertGreater(len(bodies), 10)
        self.assertLessEqual(bodies, {path.read_bytes() for path in self.folder.iterdir()})
        self.assertEqual(*(self.server.get("/fault/delay/0/made-up-1.jpg").body for _ in range(2)))

    def test_what_is_no_fault_says_how_to_ask(self):
        self.assertEqual(self.server.get("/fault/nothing/x.jpg").status, 404)
        for path in ("/fault/delay/soon/x.jpg", "/fault/delay/x.jpg", "/fault/slow/0/x.jpg", "/fault/cut/x.jpg"):
            with self.subTest(path):
                answer = self.server.get(path)
                self.assertEqual(answer.status, 400)
                self.assertIn(b"/fault/", answer.body)

    def test_a_client_that_leaves_does_no_harm(self):
        for path in ("/fault/slow/20/x.jpg", "/fault/endless/x.jpg", "/fault/delay/20/x.jpg", "/fault/huge/100000000/x.png"):
            for _ in range(3):
                self.server.raw(path).close()
        self.assertEqual(self.server.get(f"/{self.jpeg}").status, 200)


if __name__ == "__main__":
    unittest.main()
