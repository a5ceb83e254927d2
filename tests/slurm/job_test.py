"""scripts/slurm/thumbline.sbatch as a user of a cluster submits it."""

import os
import pathlib
import signal
import tempfile
import time
import unittest

import slurm

NO_SLURM = slurm.enter()

import thumbline  # noqa: E402
from oracle import report  # noqa: E402
from thumbline import LAUNCHER, ROOT, wait_until  # noqa: E402

SCRIPT = ROOT / "scripts" / "slurm" / "thumbline.sbatch"
TASKS = 6  # a head, a fetcher, four resizers
LINKS = 400


def processes():
    """The command lines of what runs in this network, by process id."""
    here = os.readlink("/proc/self/ns/net")
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "ns/net") == here:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it ends
            continue
    return found


def programs():
    return [pid for pid, words in processes().items() if os.path.basename(words[0]).startswith("thumbline-")]


def resizing_launchers():
    """Of the tasks that are resizers."""
    return [pid for pid, words in processes().items() if "launcher" in " ".join(words[:3]) and "worker" in words
            and words[words.index("--fetchers") + 1] == "0"]


@unittest.skipIf(NO_SLURM, NO_SLURM)
class JobTest(thumbline.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.slurm = cls.enterClassContext(slurm.Slurm(pathlib.Path(temporary.name) / "slurm"))

    def submit(self, links, *options, tasks=TASKS, worker_options="", **environment):
        home = self.here / "home"
        home.mkdir(exist_ok=True)
        return self.slurm.submit(
            SCRIPT, "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--size", "16", *options,
            options=[f"--ntasks={tasks}"],
            environment={"THUMBLINE": str(LAUNCHER), "HOME": str(home), "WORKER_OPTIONS": f"--allow-private {worker_options}",
                         **environment})

    def expect(self, job, state, code):
        self.assertEqual(job.wait(), (state, code), f"{job}\n{self.slurm.logs()}")

    def test_a_job_is_a_whole_run(self):
        links = self.slow_links(LINKS)  # or else the first resizer has done all before another one is there
        began = time.monotonic()
        job = self.submit(links, "--quiet", worker_options="--threads 1 --transfers 4")
        self.expect(job, "COMPLETED", 0)
        took = time.monotonic() - began
        self.check_each_has_one_outcome(links)
        self.assertIn(f"{LINKS} links in ", job.output())
        workers = {row[0] for row in self.out.ledger("SELECT DISTINCT resizer FROM links")}
        self.assertGreater(len(workers), 1)
        self.assertEqual(programs(), [])
        report("a whole run as a Slurm job", f"{LINKS} links, {TASKS} tasks", f"each link one outcome; {took:.0f} s from sbatch to the end")

    def test_one_that_is_stopped_before_its_time_is_up_goes_on_when_it_is_submitted_again(self):
        """By the signal that Slurm sends before the time limit. What was in hand is finished, so nothing is done twice."""
        links = self.slow_links(LINKS)
        job = self.submit(links, worker_options="--threads 1 --transfers 4")
        wait_until("a quarter of the links", lambda: self.out.settled() >= LINKS // 4 or job.ended)
        self.slurm.scancel("--signal=TERM", "--batch", job.number)
        self.expect(job, "FAILED", 3)
        self.assertIn("the same sbatch continues the run", job.output())
        self.assertEqual(programs(), [])
        before = self.out.settled()
        self.assertLess(before, LINKS)
        job = self.submit(links)
        self.expect(job, "COMPLETED", 0)
        self.check_each_has_one_outcome(links)
        twice = [path for path, times in self.asked().items() if times > 1]
        self.assertEqual(twice, [])
        report("a Slurm job stopped by the signal before its time limit, and submitted again", f"{LINKS} links, {before} before",
               "each link one outcome, nothing done twice")

    def test_one_that_is_cancelled_leaves_nothing_running(self):
        links = self.slow_links(LINKS)
        job = self.submit(links, worker_options="--threads 1 --transfers 4")
        wait_until("an outcome", lambda: self.out.settled() or job.ended)
        self.slurm.scancel(job.number)
        wait_until("the end", lambda: job.ended)
        self.assertEqual(job.state, "CANCELLED")
        wait_until("the end of all programs", lambda: not programs())
        self.expect(self.submit(links), "COMPLETED", 0)
        self.check_each_has_one_outcome(links)

    def test_a_task_that_dies_costs_nothing(self):
        links = self.slow_links(LINKS)
        job = self.submit(links, worker_options="--threads 1 --transfers 8")
        wait_until("an outcome", lambda: self.out.settled() or job.ended)
        os.kill(resizing_launchers()[0], signal.SIGKILL)
        self.expect(job, "COMPLETED", 0)
        self.check_each_has_one_outcome(links)

    def test_what_cannot_be_is_said(self):
        job = self.submit(self.many_links(1), tasks=2)
        self.expect(job, "FAILED", 2)
        self.assertIn("2 tasks are too few", job.output())
        job = self.slurm.submit(SCRIPT, "--links", "list.txt", options=[f"--ntasks={TASKS}"])
        self.expect(job, "FAILED", 2)
        self.assertIn("--out", job.output())
        job = self.submit(self.many_links(1), "--no-such-option")
        self.expect(job, "FAILED", 2)
        self.assertIn("--no-such-option", job.output())


if __name__ == "__main__":
    unittest.main()
