"""What kind of list a file is."""

import gzip
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher.list_format import LOOKED_AT, kind_of, refusal  # noqa: E402


class ListFormatTest(unittest.TestCase):
    def check(self, kind, name, text):
        with self.subTest(name=name, text=text[:80]):
            self.assertEqual(kind_of(name, text if isinstance(text, bytes) else text.encode()), kind)

    def test_lists_of_one_link_a_line(self):
        for text in (
                "", "\n", "# only a comment, and no link\n", "https://h/a.jpg\n", "https://h/a.jpg", "\ufeffhttps://h/a.jpg\nhttps://h/b.jpg\n",
                "https://h/a.jpg,\nhttps://h/b.jpg,\n", '"https://h/a.jpg",\n"https://h/b.jpg",\n', "<https://h/a.jpg>\n'https://h/b.jpg'\n",
                "https://h/a.jpg\t# one, two\nhttps://h/b.jpg\t# three\n", "no link, just words\nhttps://h/a.jpg\n", "[section]\nhttps://h/a.jpg\n",
                "www.example.com/a.jpg\n", "https://h/a.jpg\ncat,dog\nhttps://h/b.jpg,cat\n"):
            self.check("", "list.txt", text)
            self.check("", "-", text)

    def test_links_with_commas_within(self):
        for text in (
                "https://h/iiif/full/400,/0/default.jpg\nhttps://h/iiif/full/500,/0/default.jpg\n",
                "https://h/w_200,h_300/v1/a.jpg\nhttps://h/w_200,h_300/v1/b.jpg\n",
                "https://h/a.jpg?x-oss-process=image/resize,w_800\nhttps://h/b.jpg?x-oss-process=image/resize,w_800\n",
                "https://h/a.jpg?f=1,2;3\nhttps://h/b.jpg?f=1,2;3\n", "https://h/a.jpg,b.jpg\nhttps://h/c.jpg,d.jpg\n",
                "https://h/a.jpg,cat\n"):
            self.check("", "list.txt", text)

    def test_csv_and_tsv(self):
        self.check("CSV", "list.csv", "https://host/a.jpg,cat\n")
        for text in ("https://h/a.jpg,cat\nhttps://h/b.jpg,dog\n", "url,caption\nhttps://h/a.jpg,cat\n", "id,image_url\n1,https://h/a.jpg\n",
                     "1,https://h/a.jpg\n2,https://h/b.jpg\n", '"https://h/a","a cat, black"\n"https://h/b","a dog"\n',
                     "https://h/a.jpg;cat\nhttps://h/b.jpg;dog\n", "# exported\n\nURL;TEXT\nhttps://h/a.jpg;cat\n"):
            for name in ("list.csv", "LIST.CSV", "list.txt", "-"):
                self.check("CSV", name, text)
        for text in ("https://h/a.jpg\tcat\n", "cat\thttps://h/a.jpg\ncat\thttps://h/b.jpg\n", "url\tcaption\nhttps://h/a.jpg\tcat\n"):
            for name in ("list.tsv", "list.txt", "-"):
                self.check("TSV", name, text)
        self.check("CSV", "list.csv", "url\nhttps://h/a.jpg\n")
        self.check("", "list.csv", "https://h/a.jpg\nhttps://h/b.jpg\n")
        self.check("", "list.tsv", "https://h/a.jpg\nhttps://h/b.jpg\n")

    def test_json(self):
        for name in ("list.jsonl", "list.txt", "-"):
            self.check("JSON Lines", name, '{"url": "https://h/a.jpg"}\n{"url": "https://h/b.jpg"}\n')
        for name in ("list.json", "list.txt", "-"):
            self.check("JSON", name, '[\n  "https://h/a.jpg"\n]\n')
            self.check("JSON", name, '["https://h/a.jpg", "https://h/b.jpg"]')
            self.check("JSON", name, '{\n  "url": "https://h/a.jpg"\n}\n')
            self.check("JSON", name, ' [{"url": "https://h/a.jpg"},\n')

    def test_bytes(self):
        for name in ("list.gz", "list.txt", "-"):
            self.check("gzip", name, gzip.compress(b"https://h/a.jpg\n"))
            self.check("Zstandard", name, b"\x28\xb5\x2f\xfd\x04\x00")
            self.check("Parquet", name, b"PAR1\x15\x04\x15")
            self.check("no text", name, "https://h/a.jpg\n".encode("utf-16"))
        self.check("", "list.txt", b"https://h/\xe9.jpg\n")

    def test_a_list_that_is_looked_at_in_part(self):
        lines = "".join(f"https://h/{number}.jpg,cat {number}\n" for number in range(1000)).encode()
        self.check("CSV", "list.txt", lines[:LOOKED_AT])
        self.check("", "list.txt", (b"https://h/a.jpg\n" * 1000)[:LOOKED_AT])
        self.check("", "list.txt", b"x" * LOOKED_AT)

    def test_the_refusal_says_what_it_is_and_what_to_do(self):
        self.assertEqual(refusal("list.txt", b"https://h/a.jpg\n"), "")
        for words, name, beginning in ((("gzip", "zcat links.txt.gz"), "/data/links.txt.gz", b"\x1f\x8b\x08"),
                                       (("JSON Lines", "jq"), "a.jsonl", b'{"url": "x"}\n'), (("CSV", "one a line"), "a.csv", b"url,text\n")):
            for word in words:
                self.assertIn(word, refusal(name, beginning))


if __name__ == "__main__":
    unittest.main()
