"""scripts/thumbline as a user starts it, and what a user finds afterwards."""

import contextlib
import csv
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "gallery"))

import local_gallery  # noqa: E402

LAUNCHER = ROOT / "scripts" / "thumbline"
BIN = pathlib.Path(os.environ["THUMBLINE_BIN"])
PATIENCE_S = 300  # far more than anything here takes; only something that hangs takes that long
SANITIZERS = ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")
PROGRAMS = ("collector", "producer", "fetcher", "resizer")


def wait_until(what, condition):
    """The first true value of `condition`; fails where it stays false. Looks again and again: what is waited for is written by
    others."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


class Thumbline:
    """A command that runs. `before` are words in front of it, of a program that becomes it."""

    def __init__(self, *arguments, stdin=subprocess.DEVNULL, environment=None, before=()):
        self.process = subprocess.Popen(
            [*before, str(LAUNCHER), *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, env={**os.environ, **(environment or {})})

    def result(self, given=None):
        """Waits for the end; the exit code, standard output and standard error."""
        try:
            out, err = self.process.communicate(given, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
            out, err = self.process.communicate()
            raise AssertionError(f"did not end: {out}\n{err}") from None
        return Result(self.process.returncode, out, err)

    def programs(self, name):
        """The process ids of the running programs of this kind that the launcher has started."""
        return [pid for pid in children_of(self.process.pid) if program_of(pid) == f"thumbline-{name}"]

    def wait_for_program(self, name):
        return wait_until(f"a {name}", lambda: self.programs(name))[0]

    def kill(self, name):
        """Ends all programs of this kind as the machine's end would."""
        for pid in self.programs(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit code {self.code}\n{self.out}\n{self.err}"


def children_of(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def program_of(pid):
    """The name of the file that runs; empty where it is gone or not started yet."""
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def run(*arguments, given=None, environment=None):
    stdin = subprocess.DEVNULL if given is None else subprocess.PIPE
    return Thumbline(*arguments, stdin=stdin, environment=environment).result(given)


class Folder:
    """What a run has left."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __truediv__(self, name):
        return self.path / name

    def summary(self):
        return json.loads((self.path / "summary.json").read_text())

    def results(self):
        """The lines of results.csv by their link."""
        with open(self.path / "results.csv", newline="") as file:
            return {line["link"]: line for line in csv.DictReader(file)}

    def ledger(self, question="SELECT link, outcome, reason, attempts FROM links"):
        with self.open_ledger() as ledger:
            return ledger.execute(question).fetchall()

    def open_ledger(self):
        """For reading alone; to be used by `with`. As_uri() quotes what would mean something else in SQLite's URI."""
        uri = (self.path / "ledger.sqlite").absolute().as_uri()
        return contextlib.closing(sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=60))

    def settled(self):
        """How many links have their outcome, also while the run goes on."""
        try:
            return self.ledger("SELECT count(*) FROM links")[0][0]
        except sqlite3.Error:
            return 0

    def logs(self):
        """The last words of each program."""
        return "".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}\n" for log in sorted((self.path / "logs").glob("*.log")))

    def contents(self, folder):
        """The bytes of those files by their relative paths."""
        return {name: (self.path / folder / name).read_bytes() for name in self.files(folder)}

    def files(self, folder):
        """The files of a folder of it, as relative paths."""
        root = self.path / folder
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


class TestCase(unittest.TestCase):
    """A folder for each test, and one gallery for each class that says what is in it."""

    gallery_options = ()  # of the server
    pictures = 40
    pictures_side = 64  # at most, in pixels

    @classmethod
    def setUpClass(cls):
        cls._drawn = local_gallery.drawn_folder(cls.pictures, cls.pictures_side)
        cls.pictures_folder = cls._drawn.__enter__()
        cls.gallery = local_gallery.Server(cls.pictures_folder, *cls.gallery_options)

    @classmethod
    def tearDownClass(cls):
        cls.gallery.stop()
        cls._drawn.__exit__(None, None, None)

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.here = pathlib.Path(temporary.name)
        self.out = Folder(self.here / "out")
        self.expect_no_sanitizer_report()
        self.gallery.get("/requests/reset", "POST")
        self.gallery.get("/delays/begin", "POST")

    def expect_no_sanitizer_report(self):
        """In an instrumented build what a sanitizer finds ends the program, and the launcher starts another: the run goes on, and
        nobody would know. So the reports go into a folder, and the test fails where there is one."""
        reports = self.here / "sanitizer-reports"
        reports.mkdir()
        given = {name: f"{os.environ.get(name, '')}:log_path={reports}/report" for name in SANITIZERS}
        self.enterContext(unittest.mock.patch.dict(os.environ, given))

        def check():
            said = "\n".join(file.read_text(errors="replace") for file in sorted(reports.iterdir()))
            if said:
                self.fail(f"a sanitizer's report:\n{said}")

        self.addCleanup(check)

    def asked(self):
        """How often each path of the gallery was asked for in this test."""
        return self.gallery.get("/requests.json").json()

    def list_of(self, links):
        file = self.here / "list.txt"
        file.write_text("".join(link + "\n" for link in links))
        return file

    def fault(self, path):
        return f"{self.gallery.url}/fault/{path}"

    def end_delays(self):
        """The test has seen what it waited for: the gallery answers at once from now on."""
        self.gallery.get("/delays/end", "POST")

    def many_links(self, count):
        """Different links to the smallest pictures."""
        return [self.fault(f"delay/0/{number}.jpg") for number in range(count)]

    def slow_links(self, count, milliseconds=50):
        """Different links that take that long each: with `few_transfers`, a run over them takes long enough to be disturbed
        often."""
        return [self.fault(f"delay/{milliseconds}/{number}.jpg") for number in range(count)]

    few_transfers = ("--threads", "1", "--transfers", "8")

    def wait_for_settled(self, count, started=None):
        """Until so many links have their outcome; fails where the run has ended before."""
        def there():
            ended = started is not None and started.process.poll() is not None
            if self.out.settled() >= count:
                return True
            if ended:
                self.fail(f"the run ended before it had {count} outcomes: {started.result()}")
            return False

        try:
            wait_until(f"{count} outcomes", there)
        except AssertionError as vain:
            self.fail(f"{vain}; there are {self.out.settled()}; its programs said:\n{self.out.logs()}")

    def check_each_has_one_outcome(self, links, outcome="done"):
        """The promise: exactly one final outcome for each link, nothing lost, nothing made up, and the files are there."""
        rows = self.out.ledger("SELECT link, outcome, image, thumbnail FROM links")
        self.assertEqual(sorted(row[0] for row in rows), sorted(set(links)))
        self.assertEqual({row[1] for row in rows}, {outcome})
        self.assertEqual(self.out.files("images"), sorted(row[2].removeprefix("images/") for row in rows))
        self.assertEqual(self.out.files("thumbnails"), sorted(row[3].removeprefix("thumbnails/") for row in rows))
        self.assertEqual(set(self.out.results()), set(links))
        self.assertFalse((self.out / ".partial").exists())
