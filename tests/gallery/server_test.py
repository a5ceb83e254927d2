"""Plain serving: pictures, lists, counts, connections, the end."""

import http.client
import pathlib
import struct
import tempfile
import threading
import time
import unittest

from local_gallery import PATIENCE_S, Server, drawn_folder, read_head, read_to_end


class Serving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(drawn_folder())
        cls.server = cls.enterClassContext(Server(cls.folder))
        cls.files = {path.name: path.read_bytes() for path in cls.folder.iterdir()}

    def test_the_list_has_every_picture_and_each_link_gives_its_file(self):
        links = self.server.links()
        self.assertEqual({link.rpartition("/")[2] for link in links}, self.files.keys())
        for link in links:
            answer = self.server.get(link)
            self.assertEqual((answer.status, answer.body), (200, self.files[link.rpartition("/")[2]]))

    def test_any_extension_gives_the_picture_and_names_its_type(self):
        name = min(name for name in self.files if name.endswith(".jpg"))
        for extension, mime in (("jpg", "image/jpeg"), ("png", "image/png"), ("jpeg", "image/jpeg")):
            answer = self.server.get(f"/{name[:-4]}.{extension}")
            self.assertEqual((answer.body, answer.headers["Content-Type"]), (self.files[name], mime))

    def test_an_etag_saves_the_second_time(self):
        path = self.server.links()[0]
        etag = self.server.get(path).headers["ETag"]
        again = self.server.get(path, **{"If-None-Match": etag})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(self.server.get(path, **{"If-None-Match": '"other"'}).status, 200)

    def test_deleted_pictures_lead_to_the_removed_one(self):
        link = self.server.get("/deleted.txt").body.decode().split()[0]
        answer = self.server.get(link)
        self.assertEqual((answer.status, answer.headers["Location"]), (302, "/removed.png"))
        removed = self.server.get("/removed.png").body
        self.assertEqual(removed[:4] + removed[16:24], b"\x89PNG" + struct.pack(">II", 161, 81))  # the size of Imgur's

    def test_unknown_ids_and_ways_out_of_the_folder_are_a_404(self):
        for path in ("/nothere.jpg", "/../server.py", "/..%2f..%2fetc%2fpasswd", "/" + "x" * 9000):
            with self.subTest(path[:20]):
                self.assertEqual(self.server.get(path).status, 404)

    def test_head_has_the_length_and_no_body(self):
        link = self.server.links()[0]
        answer = self.server.get(link, method="HEAD")
        self.assertEqual(int(answer.headers["Content-Length"]), len(self.server.get(link).body))
        self.assertEqual(answer.body, b"")

    def test_one_connection_serves_many_requests(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=PATIENCE_S)
        sockets = set()
        for link in self.server.links()[:20]:
            connection.request("GET", link.removeprefix(self.server.url))
            self.assertEqual(connection.getresponse().read(), self.files[link.rpartition("/")[2]])
            sockets.add(connection.sock)
        self.assertEqual(len(sockets), 1)
        connection.close()

    def test_requests_sent_ahead_are_answered_in_order(self):
        names = [link.rpartition("/")[2] for link in self.server.links()[:3]]
        with self.server.connect() as sock:
            requests = [f"GET /fault/delay/{30 - 10 * i}/{name} HTTP/1.1\r\n\r\n" for i, name in enumerate(names)]
            requests.append("GET /removed.png HTTP/1.1\r\nConnection: close\r\n\r\n")
            sock.sendall("".join(requests).encode())
            data, _ = read_to_end(sock)
        places = [data.find(self.files[name]) for name in names]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))

    def test_connection_close_is_heeded(self):
        with self.server.connect() as sock:
            sock.sendall(b"GET /removed.png HTTP/1.1\r\nConnection: close\r\n\r\n")
            data, was_reset = read_to_end(sock)
        self.assertTrue(data.endswith(self.server.get("/removed.png").body))
        self.assertFalse(was_reset)

    def test_what_is_no_http_is_refused_and_cut_off(self):
        for nonsense in (b"hello\r\n\r\n", b"GET / HTTP/2\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
                         b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000):
            with self.subTest(nonsense[:20]), self.server.connect() as sock:
                sock.sendall(nonsense)
                status, _, _ = read_head(sock)
                self.assertIn(status, (400, 431))

    def test_counts_by_path(self):
        self.server.get("/requests/reset", method="POST")
        links = self.server.links()[:2]
        for link in (links[0], links[1], links[0]):
            self.server.get(link)
        counts = self.server.get("/requests.json").json()
        self.assertEqual(counts, {"/links.txt": 1, links[0].removeprefix(self.server.url): 2,
                                  links[1].removeprefix(self.server.url): 1})


class Delay(unittest.TestCase):
    def test_waits_run_side_by_side(self):
        clients, wait_s = 32, 0.5
        with drawn_folder(5, 64) as folder, Server(folder, "--delay-ms", wait_s * 1000) as server:
            link = server.links()[0]
            took = []

            def ask():
                start = time.monotonic()
                server.get(link)
                took.append(time.monotonic() - start)
            threads = [threading.Thread(target=ask) for _ in range(clients)]
            start = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(len(took), clients)
            self.assertGreaterEqual(min(took), wait_s)
            self.assertLess(time.monotonic() - start, clients * wait_s / 2)


class Start(unittest.TestCase):
    def test_the_url_is_announced_and_sigterm_ends_it_in_the_midst_of_requests(self):
        with drawn_folder(3, 64) as folder, tempfile.TemporaryDirectory() as aside:
            file = pathlib.Path(aside) / "url"
            with Server(folder, "--announce", file) as server:
                self.assertEqual(file.read_text().strip(), server.url)
                self.assertEqual([path.name for path in pathlib.Path(aside).iterdir()], ["url"])
                with server.raw("/fault/endless/x.jpg") as endless, server.raw("/fault/hang/x.jpg"):
                    read_head(endless)
                    self.assertEqual(server.stop(), 0)

    def test_a_folder_may_hold_broken_pictures(self):
        with drawn_folder(2, 64) as folder:
            for number, data in enumerate((b"", b"\x89PNG", b"\xff\xd8\xff\xe1\x00\x0aExif\0\0MM", b"text")):
                (folder / f"broken{number}.jpg").write_bytes(data)
            with Server(folder) as server:
                self.assertEqual(server.api("image/broken2").json()["data"]["width"], 0)
                self.assertGreaterEqual(len(server.page(0)), 6)


if __name__ == "__main__":
    unittest.main()
