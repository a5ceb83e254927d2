"""Each role dies once at each step that matters (common/base/crash_point.h has the list), and nothing shows."""

import re

import oracle
from oracle import report, scale
from thumbline import ROOT, Thumbline, run

LINKS = scale(60, 600)
POINTS = re.findall(r'"([a-z]+:[a-z-]+)"', (ROOT / "common" / "base" / "crash_point.cpp").read_text())


class CrashPointsTest(oracle.Case):
    pictures_side = 800  # so that some are longer than the block in which a fetcher writes
    bad_link = "ftp://127.0.0.1/a.jpg"  # the producer itself ends this one

    def check_point(self, point):
        largest = max(self.pictures_folder.iterdir(), key=lambda file: file.stat().st_size)
        links = [f"{self.gallery.url}/{largest.name}", *self.gallery.links()[:3], *self.many_links(LINKS)]
        missing = self.fault("status/404/a.jpg")
        bad = {self.bad_link: "bad-link", missing: "http-404"}
        chosen = [*links, *bad]
        self.chance.shuffle(chosen)
        file = self.here / "died"
        started = Thumbline(*self.command(chosen), environment={"THUMBLINE_CRASH_AT": f"{point}:{file}"})
        result = started.result()
        self.assertTrue(file.exists(), f"nobody came by {point}")
        self.assertEqual(result.code, 0, result)
        # At its very end a program may die unnoticed.
        if not point.endswith("farewell"):
            self.assertRegex(result.err, rf"{point.partition(':')[0]}\S* \(process \d+\) was ended by SIGKILL; starting it again")
        self.check_outcomes(chosen, bad)
        self.check_files(self.undisturbed(tuple(links)))
        if not oracle.FULL and not point.startswith("collector"):
            return
        # The same command finds nothing left to do.
        self.gallery.get("/requests/reset", "POST")
        self.assertEqual(run(*self.command(chosen)).code, 0)
        self.assertEqual([path for path in self.asked() if not path.startswith("/requests")], [])
        self.check_outcomes(chosen, bad)


def test_of(point):
    def test(self):
        self.check_point(point)
        report(f"death at {point}", "1", "started again; each link one outcome, files as undisturbed")

    return test


for name in POINTS:
    setattr(CrashPointsTest, "test_" + re.sub("[:-]", "_", name), test_of(name))


class ListTest(oracle.unittest.TestCase):
    def test_every_point_of_the_list_is_tried(self):
        declared = re.findall(r"^  (\w+),?\s+///<", (ROOT / "common" / "base" / "crash_point.h").read_text(), re.MULTILINE)
        self.assertEqual([re.sub("[:-]", "_", point) for point in POINTS], declared)


if __name__ == "__main__":
    oracle.main()
