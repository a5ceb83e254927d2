"""A worker's care for its programs. Shell scripts stand in for these, so that they say and do what a test wants."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = 60  # less than a worker gives its programs for what is in hand
NAMES = ("producer", "fetcher", "resizer", "collector")
STAND_IN = """#!/bin/sh
here={here}
while [ $# -gt 0 ]; do
  case $1 in --announce-fd) fd=$2 ;; esac
  shift
done
announce() {{ echo "$*" >/proc/self/fd/$fd; }}
wait_for() {{ until [ -e "$here/$1" ]; do sleep 0.05; done; }}
{body}
"""
AT_WORK = "announce ready -; exec sleep 100"
KEY = "public\nsecret\n"


def wait_until(what, condition):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


class WorkerTest(unittest.TestCase):
    def setUp(self):
        self.here = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.here / "run.key").write_text(KEY)
        self.said = self.here / "said"
        for name in NAMES:
            self.stand_in(name, "exit 1")

    def stand_in(self, name, body):
        file = self.here / f"thumbline-{name}"
        file.write_text(STAND_IN.format(here=self.here, body=body))
        file.chmod(0o755)

    def start(self, *options, fetcher=AT_WORK, resizer=AT_WORK, key=None, stdin=subprocess.DEVNULL):
        self.stand_in("fetcher", fetcher)
        self.stand_in("resizer", resizer)
        with open(self.said, "w") as said:
            worker = subprocess.Popen(
                [ROOT / "scripts/thumbline", "worker", "--head", "head", "--key", key or self.here / "run.key", "--resizers", "1", *options],
                stdin=stdin, stdout=subprocess.PIPE, stderr=said,
                env={**os.environ, "THUMBLINE_BIN": str(self.here), "XDG_CACHE_HOME": str(self.here / "cache")})
        self.addCleanup(self.end, worker)
        return worker

    def end(self, worker):
        if worker.poll() is None:
            worker.kill()
        for pipe in (worker.stdin, worker.stdout):
            if pipe:
                pipe.close()
        worker.wait()

    def wait_to_hear(self, words):
        wait_until(words, lambda: words in self.said.read_text())

    def check_end(self, worker, code, *words):
        self.assertEqual(worker.wait(PATIENCE_S), code, self.said.read_text())
        for word in words:
            self.assertIn(word, self.said.read_text())
        self.assertNotIn("Traceback", self.said.read_text())

    def test_one_that_was_at_work_and_cannot_go_on_is_started_again(self):
        once = """
if [ -e "$here/again" ]; then announce ready -; touch "$here/over"; exit 0; fi
announce ready -; touch "$here/again"; echo no memory >&2; exit 3"""
        self.check_end(self.start(fetcher=once, resizer="announce ready -; wait_for over"), 0, "starting it again", "the run is over")

    def test_where_no_program_can_go_on_the_worker_cannot(self):
        """As when the head has begun another run."""
        ends = 'echo once >>"$here/starts"; announce ready -; touch "$here/ready-{0}"; wait_for ready-{1}; echo another run >&2; exit 3'
        self.check_end(self.start(fetcher=ends.format(1, 2), resizer=ends.format(2, 1)), 3, "another run")
        self.assertEqual((self.here / "starts").read_text(), "once\nonce\n")

    def test_one_that_never_got_to_work_ends_the_worker(self):
        self.check_end(self.start(fetcher="echo nobody is there >&2; exit 3"), 3, "nobody is there")

    def test_one_whose_head_fell_silent_ends_the_worker(self):
        silent = 'echo once >>"$here/starts"; announce ready -; announce silent -; echo silent for minutes >&2; exit 3'
        self.check_end(self.start("--resizers", "0", fetcher=silent), 3, "silent for minutes")
        self.assertEqual((self.here / "starts").read_text(), "once\n")

    def test_a_second_ctrl_c_waits_for_nobody(self):
        stubborn = f"trap '' INT TERM; {AT_WORK}"
        worker = self.start(fetcher=stubborn, resizer=stubborn)
        for words in ("at work", "leaving"):
            self.wait_to_hear(words)
            worker.send_signal(signal.SIGINT)
        self.check_end(worker, 0)

    def test_programs_for_whom_the_run_has_no_work_are_not_waited_for(self):
        """Resizers in `fetch`, whenever they end."""
        for fetcher, resizer in (("wait_for ended; announce ready -; wait_for over", 'touch "$here/ended"'),
                                 ('announce ready -; touch "$here/ready"; wait_for over', "wait_for ready")):
            with self.subTest(fetcher):
                worker = self.start(fetcher=fetcher, resizer=resizer)
                self.wait_to_hear("at work")
                (self.here / "over").touch()
                self.check_end(worker, 0)
                self.assertEqual(self.said.read_text().count("at work"), 1)
            (self.here / "over").unlink()

    def test_nobody_is_at_work_where_there_is_none(self):
        self.check_end(self.start(fetcher="exit 0", resizer="exit 0"), 0, "the run is over")
        self.assertNotIn("at work", self.said.read_text())

    def test_one_that_downloads_for_nobody_is_refused(self):
        self.check_end(self.start("--resizers", "0", fetcher=f"announce local /cache/run; {AT_WORK}"), 2, "--store local", "needs resizers")
        self.assertNotIn("at work", self.said.read_text())

    def test_resizers_that_get_what_others_download_into_their_folder_are_told_once(self):
        worker = self.start("--fetchers", "0", "--resizers", "2", resizer="announce local /cache/run; announce ready -; wait_for over")
        self.wait_to_hear("at work")
        (self.here / "over").touch()
        self.check_end(worker, 0, "--store local")
        self.assertEqual(self.said.read_text().count("/cache/run"), 1)

    def test_both_are_told_nothing(self):
        local = "announce local /cache/run; announce ready -"
        self.check_end(self.start(fetcher=local, resizer=local), 0)
        self.assertNotIn("local", self.said.read_text())

    def test_a_key_of_standard_input_that_cannot_stay_open(self):
        with open(self.here / "run.key") as key:
            self.check_end(self.start(key="-", stdin=key), 2, "standard input is a file")
        worker = self.start(key="-", stdin=subprocess.PIPE)
        worker.stdin.write(KEY.encode())
        worker.stdin.close()
        self.check_end(worker, 3, "standard input has ended")
        self.assertEqual(len(self.said.read_text().splitlines()), 1 + ("at work" in self.said.read_text()))

    def test_whoever_gives_signs_of_life_knows_why_they_end(self):
        worker = self.start("--quiet", key="-", stdin=subprocess.PIPE)
        worker.stdin.write(KEY.encode() + b"\n")
        worker.stdin.flush()
        self.assertEqual(worker.stdout.readline(), b"ready -\n")
        worker.stdin.close()
        self.check_end(worker, 3)
        self.assertEqual(self.said.read_text(), "")


if __name__ == "__main__":
    unittest.main()
