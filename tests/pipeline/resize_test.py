"""resize: the thumbnails of what is on this machine, in the tree that it is in."""

import csv
import os
import shutil
import unittest

from thumbline import Folder, TestCase, run


class ResizeTest(TestCase):
    def setUp(self):
        super().setUp()
        self.tree = self.here / "pictures"
        names = sorted(path.name for path in self.pictures_folder.iterdir() if path.stem != "removed")[:12]
        self.placed = {}
        for number, name in enumerate(names):
            folder = ("", "summer", "summer/by the sea", "ünïcode")[number % 4]
            (self.tree / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(self.pictures_folder / name, self.tree / folder / name)
            stem, dot, extension = name.rpartition(".")
            self.placed[f"{folder}/{name}".lstrip("/")] = f"{folder}/{stem}_thumbnail.{extension}".lstrip("/")

    def test_the_tree_and_its_names_are_kept(self):
        (self.tree / "notes.txt").write_text("no picture\n")
        result = run("resize", "--images", self.tree, "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.files("thumbnails"), sorted(self.placed.values()))
        self.assertFalse((self.out / "images").exists())
        summary = self.out.summary()
        self.assertEqual((summary["done"], summary["stages"]["resize"]["count"], summary["stages"]["fetch"]["count"]), (12, 12, 0))

    def test_a_name_that_is_no_utf8_opens_as_it_stands_in_the_results(self):
        name = b"caf\xe9 \xff\xc3\xa9"
        picture = os.path.join(os.fsencode(self.tree), name + b".png")
        shutil.copy(next(self.pictures_folder.glob("*.png")), picture)
        self.assertEqual(run("resize", "--images", self.tree, "--out", self.out.path).code, 0)
        with open(self.out / "results.csv", newline="", errors="surrogateescape") as file:
            line, = (line for line in csv.DictReader(file) if os.fsencode(line["name"]) == name)
        self.assertEqual(os.fsencode(line["link"]), name + b".png")
        self.assertTrue((self.tree / line["link"]).exists())
        self.assertTrue((self.out / line["thumbnail"]).exists())

    def test_again_makes_only_what_is_new(self):
        command = ("resize", "--images", self.tree, "--out", self.out.path)
        self.assertEqual(run(*command).code, 0)
        before = {name: (self.out / "thumbnails" / name).stat().st_mtime_ns for name in self.out.files("thumbnails")}
        shutil.copy(next(self.tree.glob("*.*")), self.tree / "another.jpg")
        self.assertEqual(run(*command).code, 0)
        self.assertEqual(self.out.summary()["links"], 13)
        self.assertEqual({name: (self.out / "thumbnails" / name).stat().st_mtime_ns for name in before}, before)

    def test_pictures_of_another_folder_are_not_taken_for_those_of_the_same_names(self):
        other = self.here / "other"
        shutil.copytree(self.tree, other)
        self.assertEqual(run("resize", "--images", self.tree, "--out", self.out.path).code, 0)
        for folders in ((other,), (self.tree, other)):
            refused = run("resize", "--images", *folders, "--out", self.out.path)
            self.assertEqual(refused.code, 2, refused)
            self.assertIn(str(other), refused.err)
            self.assertIn("another --out", refused.err)
        for same in (f"{self.tree}/", f"{other}/../{self.tree.name}/."):
            self.assertEqual(run("resize", "--images", same, "--out", self.out.path).code, 0)

    def test_another_kind_keeps_the_whole_old_name(self):
        result = run("resize", "--images", self.tree, "--out", self.out.path, "--format", "png")
        self.assertEqual(result.code, 0, result)
        for name in self.placed:
            thumbnail = name.rpartition(".")[0] + "_thumbnail.png" if name.endswith(".png") else name + "_thumbnail.png"
            self.assertTrue((self.out / "thumbnails" / thumbnail).exists(), thumbnail)

    def test_a_list_of_pictures_on_standard_input(self):
        chosen = [self.tree / name for name in list(self.placed)[:3]]
        result = run("resize", "--images", "-", "--out", self.out.path, given="".join(f"{path}\n" for path in chosen))
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["done"], 3)

    def test_thumbnails_of_what_was_fetched_before(self):
        fetched = self.here / "fetched"
        self.assertEqual(run("fetch", "--links", self.list_of(self.gallery.links()), "--out", fetched, "--allow-private").code, 0)
        result = run("resize", "--images", fetched / "images", "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(len(self.out.files("thumbnails")), self.pictures)

    def test_a_broken_picture_is_a_reason_not_an_end(self):
        (self.tree / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
        (self.tree / "empty.png").write_bytes(b"")
        result = run("resize", "--images", self.tree, "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        summary = self.out.summary()
        self.assertEqual((summary["done"], summary["failed"]), (12, 2))

    def test_no_picture_is_taken_for_another_and_no_two_get_one_thumbnail(self):
        picture = self.pictures_folder / sorted(path.name for path in self.pictures_folder.glob("*.jpg"))[0]
        tree = self.here / "same"
        for name in ("x", "x.", "x.jpg", "x.foo", "x.foo.jpg", "x.jpg.jpg", "sub/x.jpg", "@/x.jpg"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, tree / name)
        beside = self.here / "x.jpg"
        shutil.copy(picture, beside)
        pictures = [tree, beside, tree / "sub/../x.jpg", f"{tree}/../x.jpg"]
        result = run("resize", "--images", *pictures, "--out", self.out.path)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.out.summary()["done"], 9)
        self.assertEqual(len(self.out.files("thumbnails")), 9)
        self.assertIn("x_thumbnail.jpg", self.out.files("thumbnails"))
        rows = {row[0]: row[1] for row in self.out.ledger("SELECT link, thumbnail FROM links")}
        self.assertEqual(len(set(rows.values())), 9)
        self.assertEqual(rows[str(beside.resolve())], f"thumbnails/@{beside.resolve()}"[:-4] + "_thumbnail.jpg")

    def test_what_is_no_file_holds_up_nobody(self):
        fifo = self.here / "fifo.jpg"
        os.mkfifo(fifo)
        chosen = [fifo, "/dev/zero", *(self.tree / name for name in list(self.placed)[:3])]
        result = run("resize", "--images", "-", "--out", self.out.path, given="".join(f"{path}\n" for path in chosen))
        self.assertEqual(result.code, 0, result)
        self.assertEqual((self.out.summary()["done"], self.out.summary()["reasons"]), (3, {"not-an-image": 2}))

    def test_out_may_be_the_folder_of_the_pictures(self):
        result = run("resize", "--images", self.tree, "--out", self.tree)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(Folder(self.tree).files("thumbnails"), sorted(self.placed.values()))
        for name in self.placed:
            self.assertTrue((self.tree / name).exists())


if __name__ == "__main__":
    unittest.main()
