"""run and fetch, from a list, standard input and a gallery; and again."""

import unittest

from thumbline import TestCase, Thumbline, run


class RunTest(TestCase):
    def test_each_link_ends_as_picture_and_thumbnail(self):
        links = self.gallery.links()
        result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private")
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)
        self.assertEqual(len(links), self.pictures)
        summary = self.out.summary()
        self.assertEqual((summary["links"], summary["done"], summary["failed"]), (len(links), len(links), 0))
        for stage in ("fetch", "resize"):
            self.assertEqual(summary["stages"][stage]["count"], len(links))
            self.assertLessEqual(summary["stages"][stage]["p50_ms"], summary["stages"][stage]["max_ms"])
        for word in ("download", "thumbnails", "p95", "slowest"):
            self.assertIn(word, result.out)

    def test_the_same_command_again_asks_for_nothing(self):
        links = self.list_of(self.gallery.links())
        command = ("run", "--links", links, "--out", self.out.path, "--allow-private")
        self.assertEqual(run(*command).code, 0)
        before, asked = self.out.ledger(), self.asked()
        again = run(*command)
        self.assertEqual(again.code, 0, again)
        self.assertEqual(self.out.ledger(), before)
        self.assertEqual(self.asked(), asked)
        self.assertIn("download", again.out)

    def test_more_links_are_added_to_what_is_there(self):
        first, both = self.gallery.links()[:10], self.gallery.links()[:25]
        run("run", "--links", self.list_of(first), "--out", self.out.path, "--allow-private")
        result = run("run", "--links", self.list_of(both), "--out", self.out.path, "--allow-private")
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(both)
        self.assertEqual({self.asked()[link.removeprefix(self.gallery.url)] for link in both}, {1})

    def test_standard_input_with_comments_and_repeats(self):
        links = self.gallery.links()[:5]
        text = "# five links\r\n\r\n" + "\r\n".join(links) + "\n" + links[0] + "\n  " + links[1] + "  \n"
        result = run("run", "--links", "-", "--out", self.out.path, "--allow-private", given=text)
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)
        self.assertIn("2 repeated", result.out)

    def test_links_as_people_paste_them(self):
        """One outcome for each, however it is written; what is requested is a URL."""
        host = self.gallery.url.removeprefix("http://")
        link = self.fault("delay/0/a.jpg")
        same = [link, f"<{link}>", f'"{link}",', f"\u00a0{link}\u200b", f"HTTP://{host}/fault/./delay/0/a.jpg#top", link + "?", f"{link},"]
        others = [self.fault(f"delay/0/{name}") for name in ('a b.jpg', 'a[1]|"2".jpg', "\u00e4.jpg", "a,b.jpg", "a%20c.jpg")]
        repeats = [self.fault("delay/0/a%20b.jpg"), self.fault("delay/0/%c3%a4.jpg"), f"http:/{host}/fault/delay/0/a,b.jpg,"]
        failed = {
            "https://i.imgur.com/AbCdEf6.gifv": "unsupported-format", "https://imgur.com/a/AlBum01": "not-an-image",
            "ftp://h/a.jpg": "bad-link", "//h/a.jpg": "bad-link", "data:image/png;base64,AA": "bad-link", "file:///a.jpg": "bad-link",
            "s3://b/a.jpg": "bad-link", "a.jpg": "bad-link", f"{link} {link}": "bad-link"}
        result = run("run", "--links", self.list_of([*same, *others, *repeats, *failed]), "--out", self.out.path, "--allow-private")
        self.assertEqual(result.code, 0, result)
        outcomes = {link: reason for link, _, reason, _ in self.out.ledger()}
        self.assertEqual(outcomes, {**dict.fromkeys([link, *others], None), **failed})
        self.assertIn(f"{len(same) - 1 + len(repeats)} repeated", result.out)
        self.assertEqual({path: count for path, count in self.asked().items() if path.startswith("/fault/")}, dict.fromkeys(
            [f"/fault/delay/0/{name}" for name in ("a.jpg", "a%20b.jpg", "a%5B1%5D%7C%222%22.jpg", "%C3%A4.jpg", "a,b.jpg", "a%20c.jpg")], 1))

    def test_a_list_that_says_less_than_what_it_lists(self):
        result = run("run", "--links", self.list_of([f"{self.gallery.url.removeprefix('http://')}/a.jpg"]), "--out", self.out.path,
                     "--allow-private", "--attempts", "1")
        self.assertEqual(result.code, 0, result)
        self.assertIn("1 link has no scheme", result.err)
        self.assertEqual([row[0] for row in self.out.ledger()], [self.gallery.url.replace("http:", "https:") + "/a.jpg"])

    def test_an_empty_list_is_an_empty_table(self):
        result = run("run", "--links", self.list_of([]), "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["links"], 0)

    def test_other_settings_on_the_same_folder_are_refused(self):
        command = ("run", "--links", self.list_of(self.gallery.links()[:3]), "--out", self.out.path, "--allow-private")
        self.assertEqual(run(*command).code, 0)
        before = self.out.ledger()
        other = run(*command, "--size", "64")
        self.assertEqual(other.code, 2, other)
        self.assertIn("128x128", other.err)
        self.assertIn("64x64", other.err)
        self.assertEqual(len(other.err.strip().splitlines()), 1, other)
        self.assertEqual(self.out.ledger(), before)

    def test_size_fit_and_format_are_those_asked_for(self):
        links = self.gallery.links()[:4]
        result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--size", "32x20", "--fit",
                     "cover", "--format", "png")
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)
        for line in self.out.results().values():
            self.assertEqual((line["thumbnail_width"], line["thumbnail_height"]), ("32", "20"))
            self.assertEqual((self.out / line["thumbnail"]).read_bytes()[:4], b"\x89PNG")

    def test_several_fetchers_and_resizers_share_the_work(self):
        links = self.many_links(400)
        result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--fetchers", "2",
                     "--threads", "1", "--resizers", "3")
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)
        self.assertEqual(len(self.out.ledger("SELECT DISTINCT fetcher FROM links")), 2)
        self.assertEqual(len(self.out.ledger("SELECT DISTINCT resizer FROM links")), 3)

    def test_fetch_makes_no_thumbnails(self):
        links = self.gallery.links()
        result = run("fetch", "--links", self.list_of(links), "--out", self.out.path, "--allow-private")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(len(self.out.files("images")), len(links))
        self.assertFalse((self.out / "thumbnails").exists())
        self.assertEqual(self.out.summary()["stages"]["resize"]["count"], 0)

    def test_local_addresses_are_refused_unless_allowed(self):
        result = run("run", "--links", self.list_of(self.gallery.links()[:2]), "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["reasons"], {"refused-address": 2})
        self.assertEqual([path for path in self.asked() if path != "/links.txt"], [])

    def test_strict_says_by_its_exit_code_that_a_link_failed(self):
        command = ("run", "--links", self.list_of([self.gallery.links()[0], self.fault("status/404/a.jpg")]), "--out",
                   self.out.path, "--allow-private", "--strict")
        self.assertEqual(run(*command).code, 1)
        self.assertEqual(run(*command).code, 1)

    def test_failed_links_are_tried_again_when_asked(self):
        gone = self.fault("status/404/a.jpg")
        command = ("run", "--links", self.list_of([self.gallery.links()[0], gone]), "--out", self.out.path, "--allow-private")
        self.assertEqual(run(*command).code, 0)
        self.assertEqual(run(*command).code, 0)
        self.assertEqual(self.asked()["/fault/status/404/a.jpg"], 1)
        self.assertEqual(run(*command, "--retry-failed").code, 0)
        self.assertEqual(self.asked()["/fault/status/404/a.jpg"], 2)
        self.assertEqual(self.out.summary()["links"], 2)

    def test_quiet_leaves_the_table_alone(self):
        result = run("run", "--links", self.list_of(self.gallery.links()), "--out", self.out.path, "--allow-private", "--quiet")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("download", result.out)

    def test_a_table_that_cannot_be_written(self):
        command = ("run", "--links", self.list_of(self.gallery.links()[:5]), "--out", self.out.path, "--allow-private")
        result = Thumbline(*command, before=("sh", "-c", 'exec "$@" >/dev/full', "sh")).result()
        self.assertEqual(result.code, 3, result)
        self.assertIn("the table cannot be written: No space left", result.err)
        again = run(*command)
        self.assertEqual(again.code, 0, again)
        self.assertIn("download", again.out)


class GalleryTest(TestCase):
    pictures = 150

    def run_imgur(self, count):
        return run("run", "--imgur", count, "--imgur-api", self.gallery.url, "--out", self.out.path, "--allow-private",
                   environment={"IMGUR_CLIENT_ID": "test"})

    def ids(self):
        return [link.rpartition("/")[2].partition(".")[0] for link in self.out.results()]

    def drawn(self):
        return {path.stem for path in self.pictures_folder.iterdir()} - {"removed"}

    def test_albums_repeats_and_deleted_pictures(self):
        result = self.run_imgur(10_000)
        self.assertEqual(result.code, 0, result)
        ids = self.ids()
        self.assertEqual(len(ids), len(set(ids)), "an item that came twice")
        self.assertEqual(self.drawn() - set(ids), set(), "also those in albums")
        failed = {line["link"]: line["reason"] for line in self.out.results().values() if line["outcome"] == "failed"}
        deleted = set(self.gallery.get("/deleted.txt").body.decode().split())
        self.assertEqual({link for link, reason in failed.items() if reason == "removed"}, deleted)
        for line in self.out.results().values():
            if line["outcome"] == "done":
                kind = {b"\xff\xd8": ".jpg", b"\x89P": ".png"}[(self.out / line["image"]).read_bytes()[:2]]
                self.assertTrue(line["image"].endswith(kind), line["image"])

    def test_so_many_and_not_more(self):
        result = self.run_imgur(25)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["links"], 25)
        asked = self.asked()
        self.assertEqual(self.run_imgur(25).code, 0)
        self.assertEqual(self.asked(), asked)


    def test_a_gallery_that_cannot_be_had(self):
        result = run("run", "--imgur", "5", "--imgur-api", f"{self.gallery.url}/nothing", "--client-id", "test", "--out", self.out.path)
        self.assertEqual(result.code, 3, result)
        self.assertIn("Imgur's gallery cannot be had: ", result.err)
        self.assertIn("404", result.err)


class BusyGalleryTest(GalleryTest):
    """The API answers once by 429 and once by "over capacity"; where that ends a run early, it says so, and the same command
    gets the rest."""

    gallery_options = ("--api-429-after", 0, "--api-403-after", 1)

    def test_albums_repeats_and_deleted_pictures(self):
        for _ in range(3):
            result = self.run_imgur(10_000)
            self.assertEqual(result.code, 0, result)
            if self.drawn() <= set(self.ids()):
                return
            self.assertIn("Imgur", result.err)
            self.assertGreater(self.out.summary()["done"], 0)
        self.fail(f"not all pictures after three runs: {result}")


if __name__ == "__main__":
    unittest.main()
