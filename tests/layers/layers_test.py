"""What may include what (ARCHITECTURE.md), held against the #include lines; and that each source has its test."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("producer", "fetcher", "resizer", "collector")

# Folder -> the folders of this project that it may include from, beside itself. The most exact folder counts.
MAY_INCLUDE = {
    "proto": (),
    "common/base": (),
    "common/net": ("common/base", "proto"),
    "producer": ("common/base", "common/net", "proto"),
    "fetcher": ("common/base", "common/net", "proto"),
    "resizer": ("common/base", "common/net", "proto", "resizer/image", "resizer/image/raster"),
    "resizer/image": ("common/base", "resizer/image/raster"),
    "resizer/image/raster": ("common/base", "resizer/image"),
    "resizer/image/jpeg": ("common/base", "resizer/image", "resizer/image/raster"),
    "resizer/image/png": ("common/base", "resizer/image", "resizer/image/raster"),
    "collector": ("common/base", "common/net", "proto"),
    "scripts/benchmarks": ("common/base", "common/net", "proto", "resizer/image"),
    "scripts/gallery/draw": (),
}

# Sources that may include more: the table of codecs is the one place that knows them.
MAY_ALSO_INCLUDE = {"resizer/image/codecs.cpp": ("resizer/image/jpeg", "resizer/image/png")}

# Folder -> the only libraries' headers that it may include, beside the standard's. Folders that are not here may include any.
MAY_USE = {
    "resizer/image": set(),
    "resizer/image/raster": {"lcms2.h"},
    "resizer/image/jpeg": {"jpeglib.h", "jerror.h"},
    "resizer/image/png": {"png.h", "libdeflate.h"},
    "proto": set(),
}

# Sources without a test at the same path, and what tests them instead.
TESTED_ELSEWHERE = {
    "collector/options.cpp": "tests/collector/collector_test.cpp starts the program; tests/pipeline/usage_test.py",
    "collector/run.cpp": "tests/collector/collector_test.cpp: it is the whole program",
    "collector/run_totals.cpp": "tests/collector/run_figures_test.cpp: it is most of those; and live_figures_test.cpp",
    "common/base/clock.cpp": "asks the system, decides nothing",
    "common/net/doorkeeper.cpp": "tests/common/net/network_test.cpp: who gets in and who does not",
    "common/net/message.cpp": "tests/common/net/network_test.cpp and dispatcher_test.cpp send and receive by it",
    "fetcher/lane.cpp": "tests/fetcher/transfer_test.cpp runs every transfer in a lane",
    "fetcher/options.cpp": "tests/fetcher/fetcher_test.cpp starts the program; tests/pipeline/usage_test.py",
    "fetcher/reconnect_queue.cpp": "tests/pipeline/kept_test.py: transfers that lose one connection",
    "fetcher/outcome_queue.cpp": "tests/fetcher/fetcher_test.cpp: what a collector gets",
    "producer/imgur_api.cpp": "tests/pipeline/run_test.py against the local gallery's API; its answers: gallery_page_test.cpp",
    "producer/imgur_source.cpp": "tests/pipeline/run_test.py: albums, repeats, 429",
    "producer/producer.cpp": "tests/pipeline: its rules are those of the lease book, which has its test",
    "producer/publisher.cpp": "tests/pipeline/run_test.py and resize_test.py: links, and paths",
    "resizer/decoder.cpp": "tests/resizer/resizer_test.cpp: pictures that kill it included",
    "resizer/decoder_process.cpp": "tests/resizer/resizer_test.cpp: pictures that kill it included",
    "resizer/image/jpeg/jpeg_error_handler.cpp": "tests/resizer/image/jpeg/jpeg_decoder_test.cpp: errors come out as failures",
    "resizer/image/jpeg/jpeg_source.cpp": "tests/resizer/image/jpeg/jpeg_decoder_test.cpp: whole pictures, cut ones, scans left out",
    "resizer/image/jpeg/jpeg_encoder.cpp": "tests/resizer/image/thumbnail_test.cpp reads what it wrote",
    "resizer/image/png/png_data.cpp": "tests/resizer/image/png/png_decoder_test.cpp: every kind of PNG goes through it",
    "resizer/image/png/png_error_handler.cpp": "tests/resizer/image/png/png_decoder_test.cpp: errors come out as failures",
    "resizer/image/png/png_encoder.cpp": "tests/resizer/image/thumbnail_test.cpp reads what it wrote",
    "resizer/fault_injection.cpp": "tests/faults/decoder_faults_test.py: it does something to tests alone",
    "resizer/options.cpp": "tests/resizer/resizer_test.cpp starts the program; tests/pipeline/usage_test.py",
    "scripts/benchmarks/shrink_folder.cpp": "a tool for measuring: all it does is the library's",
}


def sources(folder=""):
    """All C++ files of the project below `folder`, the tests and what was built apart."""
    for path in sorted((ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in (".h", ".cpp") and name.split("/")[0] in {*PROGRAMS, "proto", "common", "scripts"}:
            yield name


def code_of(name):
    """The text without comments and strings, #include lines apart."""
    text = (ROOT / name).read_text()
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", text, flags=re.DOTALL)


def includes(name):
    """(own, library): the files of the project and those of others that a source includes."""
    text = (ROOT / name).read_text()
    return (re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.MULTILINE),
            re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.MULTILINE))


def folder_of(name):
    """The most exact folder of MAY_INCLUDE that this file lies in."""
    fitting = [folder for folder in MAY_INCLUDE if name.startswith(folder + "/")]
    return max(fitting, key=len, default=None)


def is_standard(header):
    """Headers of C++ have no dot and no slash."""
    return re.fullmatch(r"[a-z_0-9]+", header) is not None


class LayersTest(unittest.TestCase):
    def test_there_is_something_to_check(self):
        self.assertGreater(len(list(sources())), 60)

    def test_each_source_lies_in_a_known_folder(self):
        self.assertEqual([name for name in sources() if folder_of(name) is None], [])

    def test_dependencies_point_one_way(self):
        for name in sources():
            folder = folder_of(name)
            for header in includes(name)[0]:
                with self.subTest(source=name, header=header):
                    self.assertIn(folder_of(header), {folder, *MAY_INCLUDE[folder], *MAY_ALSO_INCLUDE.get(name, ())})

    def test_includes_of_the_resizer_have_no_circles(self):
        """A source file and its header count as one."""
        unit = {name: name.rsplit(".", 1)[0] for name in sources("resizer")}
        needs = {}
        for name, its in unit.items():
            needs.setdefault(its, set()).update({unit[header] for header in includes(name)[0] if header in unit} - {its})
        done = set()

        def follow(its, path):
            if its in path:
                self.fail("circle: " + " -> ".join([*path[path.index(its):], its]))
            if its not in done:
                for other in sorted(needs[its]):
                    follow(other, [*path, its])
                done.add(its)

        for its in sorted(needs):
            follow(its, [])

    def test_no_program_knows_another(self):
        for name in sources():
            program = name.split("/")[0]
            if program == "scripts":
                continue  # no part of a program; MAY_INCLUDE says what it is for
            others = {*PROGRAMS} - {program}
            for header in includes(name)[0]:
                with self.subTest(source=name, header=header):
                    self.assertNotIn(header.split("/")[0], others)

    def test_the_project_is_included_by_its_paths_from_the_root(self):
        for name in sources():
            for header in includes(name)[0]:
                with self.subTest(source=name, header=header):
                    self.assertTrue(header.startswith("proto/") or header.startswith("pipeline.pb") or (ROOT / header).exists())

    def test_libraries_stay_where_they_belong(self):
        for name in sources():
            allowed = MAY_USE.get(folder_of(name))
            for header in includes(name)[1]:
                with self.subTest(source=name, header=header):
                    self.assertTrue(allowed is None or is_standard(header) or header in allowed)

    def test_the_clocks_are_asked_in_one_place(self):
        asking = [name for name in sources() if re.search(r"::now\s*\(|\b(clock_gettime|gettimeofday)\s*\(", code_of(name))]
        self.assertEqual(asking, ["common/base/clock.cpp"])

    def test_each_source_has_its_test(self):
        without = [name for name in sources() if name.endswith(".cpp") and not name.endswith("/main.cpp")
                   and not name.startswith("scripts/") and not (ROOT / "tests" / name.replace(".cpp", "_test.cpp")).exists()]
        self.assertEqual([name for name in without if name not in TESTED_ELSEWHERE], [])
        self.assertEqual([name for name in TESTED_ELSEWHERE if not (ROOT / name).exists()], [], "these are no more")


if __name__ == "__main__":
    unittest.main()
