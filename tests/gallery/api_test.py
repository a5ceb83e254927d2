"""The stand-in for Imgur's API."""

import collections
import unittest

from local_gallery import CLIENT, Server, drawn_folder

COUNT = 120


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(drawn_folder(COUNT, 100))
        cls.server = cls.enterClassContext(Server(cls.folder, "--per-page", 30))
        cls.pages = cls.server.pages()
        cls.items = [item for page in cls.pages for item in page]
        cls.albums = {item["id"]: item for item in cls.items if item["is_album"]}

    def images(self):
        """Every image, those of whole albums too."""
        single = [item for item in self.items if not item["is_album"]]
        return single + [image for key in self.albums for image in self.server.api(f"album/{key}/images").json()["data"]]

    def test_it_wants_a_client_id(self):
        answer = self.server.get("/3/gallery/random/random/0")
        self.assertEqual((answer.status, answer.json()["status"], answer.json()["success"]), (401, 401, False))
        for wrong in ("Bearer abc", "Client-ID", "Client-ID ", "Client-ID a/b"):
            with self.subTest(wrong):
                answer = self.server.get("/3/gallery/random/random/0", Authorization=wrong)
                self.assertEqual((answer.status, answer.json()["success"]), (403, False))

    def test_pages_are_full_but_for_the_last_and_then_empty(self):
        self.assertEqual({len(page) for page in self.pages[:-1]}, {30})
        self.assertTrue(1 <= len(self.pages[-1]) <= 30)
        beyond = self.server.api(f"gallery/random/random/{len(self.pages) + 3}").json()
        self.assertEqual(beyond, {"data": [], "success": True, "status": 200})

    def test_a_page_is_the_same_when_asked_for_again(self):
        self.assertEqual(self.server.page(1), self.pages[1])

    def test_all_pictures_are_listed_and_some_come_again_on_another_page(self):
        ids = {path.stem for path in self.folder.iterdir()}
        self.assertLessEqual(ids, {image["id"] for image in self.images()})
        seen = collections.defaultdict(list)
        for number, page in enumerate(self.pages):
            for item in page:
                seen[item["id"]].append(number)
        repeated = [pages for pages in seen.values() if len(pages) > 1]
        self.assertTrue(repeated)
        for pages in repeated:
            self.assertGreater(len(set(pages)), 1)

    def test_images_say_what_their_files_are(self):
        wrong = 0
        for image in self.images():
            answer = self.server.get(image["link"])
            if answer.status == 302 or image["animated"]:
                continue
            self.assertEqual(image["size"], len(answer.body))
            is_png = answer.body.startswith(b"\x89PNG")
            self.assertEqual(image["type"], "image/png" if is_png else "image/jpeg")
            self.assertGreater(min(image["width"], image["height"]), 0)
            wrong += image["link"].endswith(".png") != is_png
        self.assertEqual(wrong, COUNT // 15, "links with the wrong extension")

    def test_albums_may_list_fewer_pictures_than_they_have(self):
        listed = [(len(album.get("images", [])), album["images_count"]) for album in self.albums.values()]
        self.assertTrue(any(have == count for have, count in listed))
        self.assertTrue(any(0 < have < count for have, count in listed))
        self.assertTrue(any("images" not in album for album in self.albums.values()))
        for key, album in self.albums.items():
            images = self.server.api(f"album/{key}/images").json()["data"]
            self.assertEqual(len(images), album["images_count"])
            self.assertEqual(images[: len(album.get("images", []))], album.get("images", []))
            self.assertEqual(self.server.api(f"album/{key}").json()["data"]["images"], images)
            self.assertEqual(self.server.get(album["link"]).headers["Content-Type"].split(";")[0], "text/html")

    def test_some_lead_to_the_removed_picture(self):
        gone = {image["id"] for image in self.images() if self.server.get(image["link"]).status == 302}
        self.assertEqual(len(gone), COUNT // 50)
        self.assertEqual(gone, {link.rpartition("/")[2].partition(".")[0]
                                for link in self.server.get("/deleted.txt").body.decode().split()})

    def test_animated_ones_are_gifs_with_a_film_beside_them(self):
        animated = [image for image in self.images() if image["animated"]]
        self.assertTrue(animated)
        for image in animated:
            self.assertEqual(image["type"], "image/gif")
            self.assertTrue(self.server.get(image["link"]).body.startswith(b"GIF89a"))
            self.assertEqual(self.server.get(image["mp4"]).headers["Content-Type"], "video/mp4")
            self.assertIn("text/html", self.server.get(image["gifv"]).headers["Content-Type"])

    def test_an_image_can_be_asked_for_alone(self):
        image = self.images()[0]
        self.assertEqual(self.server.api(f"image/{image['id']}").json()["data"], image)

    def test_what_is_not_there_is_a_404(self):
        for path in ("image/nowhere", "album/nowhere", "album/nowhere/images", "nothing"):
            with self.subTest(path):
                answer = self.server.api(path)
                self.assertEqual((answer.status, answer.json()["success"]), (404, False))

    def test_every_answer_says_what_is_left(self):
        def left():
            headers = self.server.api("credits").headers
            for name in ("UserLimit", "UserReset", "ClientLimit", "ClientRemaining"):
                self.assertGreater(int(headers[f"X-RateLimit-{name}"]), 0)
            return int(headers["X-RateLimit-UserRemaining"])
        self.assertEqual(left() - left(), 1)
        answer = self.server.api("credits")
        self.assertEqual(answer.json()["data"]["UserRemaining"], int(answer.headers["X-RateLimit-UserRemaining"]))


class Busy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(drawn_folder(40, 64))

    def test_429_comes_once(self):
        with Server(self.folder, "--per-page", 10, "--api-429-after", 1) as server:
            answers = [server.api(f"gallery/random/random/{page}") for page in (0, 1, 2, 2, 3)]
            self.assertEqual([answer.status for answer in answers], [200, 200, 429, 200, 200])
            self.assertEqual(answers[2].headers["Retry-After"], "1")
            self.assertFalse(answers[2].json()["success"])

    def test_over_capacity_comes_once(self):
        with Server(self.folder, "--per-page", 10, "--api-403-after", -1) as server:
            first, second = (server.api("gallery/random/random/0") for _ in range(2))
            self.assertEqual((first.status, second.status), (403, 200))
            self.assertIn("over capacity", first.json()["data"]["error"])

    def test_nothing_is_left_after_the_limit(self):
        with Server(self.folder) as server:
            limit = int(server.api("credits").headers["X-RateLimit-UserLimit"])
            for _ in range(limit - 1):
                answer = server.api("credits")
            self.assertEqual((answer.status, answer.headers["X-RateLimit-UserRemaining"]), (200, "0"))
            answer = server.get("/3/credits", **CLIENT)
            self.assertEqual(answer.status, 429)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)


class Seeds(unittest.TestCase):
    def test_the_seed_decides_what_is_deleted(self):
        with drawn_folder(20, 64) as folder:
            def deleted(seed):
                with Server(folder, "--seed", seed) as server:
                    return [link.rpartition("/")[2] for link in server.get("/deleted.txt").body.decode().split()]
            self.assertEqual(deleted(3), deleted(3))
            self.assertNotEqual(deleted(3), deleted(4))

    def test_a_gallery_of_no_pictures_or_of_few_can_be_served(self):
        for count in (0, 1, 3, 5):
            with self.subTest(count), drawn_folder(count, 64) as folder, Server(folder) as server:
                self.assertEqual(len(server.links()), count)
                self.assertGreaterEqual(sum(map(len, server.pages())), min(count, 1))


if __name__ == "__main__":
    unittest.main()
