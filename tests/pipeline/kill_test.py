"""kill -9 at any moment: the run goes on, and each link ends with exactly one outcome."""

import os
import random
import signal
import threading
import unittest

from thumbline import PROGRAMS, Folder, TestCase, Thumbline, run

LINKS = 2000


class KillTest(TestCase):
    undisturbed = None  # the thumbnails of a run in which nobody was killed

    def command(self, links, out=None):
        return ("run", "--links", self.list_of(links), "--out", out or self.out.path, "--allow-private", "--resizers", "2",
                "--fetchers", "2", "--size", "16")

    def check_nothing_shows(self, links):
        """One outcome for each link, and every thumbnail byte for byte that of an undisturbed run."""
        self.check_each_has_one_outcome(links)
        if KillTest.undisturbed is None:
            quiet = Folder(self.here / "undisturbed")
            self.assertEqual(run(*self.command(links, quiet.path)).code, 0)
            KillTest.undisturbed = quiet.contents("thumbnails")
        made = self.out.contents("thumbnails")
        self.assertEqual(made.keys(), self.undisturbed.keys())
        self.assertEqual([name for name in made if made[name] != self.undisturbed[name]], [])

    def check_after_kill(self, name):
        links = self.slow_links(LINKS)
        started = Thumbline(*self.command(links), *self.few_transfers)
        self.wait_for_settled(LINKS // 20, started)
        started.kill(name)
        self.end_delays()
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertIn(name, result.err)
        self.assertIn("starting it again", result.err)
        self.check_nothing_shows(links)

    def test_the_collector(self):
        self.check_after_kill("collector")

    def test_the_producer(self):
        self.check_after_kill("producer")

    def test_all_fetchers(self):
        self.check_after_kill("fetcher")

    def test_all_resizers(self):
        self.check_after_kill("resizer")

    def test_one_after_the_other_all_the_time(self):
        """Each 0.2 s another one, as long as the run goes on; the moment is the test here, nothing is awaited by it."""
        links = self.slow_links(LINKS)
        self.end_delays()
        seed = random.randrange(2**32)
        chance = random.Random(seed)
        started = Thumbline(*self.command(links))
        self.wait_for_settled(1, started)
        over = threading.Event()

        def kill_on():
            while not over.wait(0.2):
                started.kill(chance.choice(PROGRAMS))

        killer = threading.Thread(target=kill_on)
        killer.start()
        try:
            result = started.result()
        finally:
            over.set()
            killer.join()
        self.assertEqual(result.code, 0, f"seed {seed}: {result}")
        self.check_nothing_shows(links)

    def test_the_launcher_with_everything_it_started(self):
        links = self.slow_links(LINKS)
        started = Thumbline(*self.command(links), *self.few_transfers)
        self.wait_for_settled(LINKS // 20, started)
        os.kill(started.process.pid, signal.SIGKILL)
        started.process.communicate()
        self.end_delays()
        again = run(*self.command(links))
        self.assertEqual(again.code, 0, again)
        self.check_nothing_shows(links)

    def test_a_program_that_cannot_live_ends_the_run_with_its_last_words(self):
        bin_folder = self.here / "bin"
        bin_folder.mkdir()
        for name in PROGRAMS:
            (bin_folder / f"thumbline-{name}").symlink_to(os.path.join(os.environ["THUMBLINE_BIN"], f"thumbline-{name}"))
        broken = bin_folder / "thumbline-resizer"
        broken.unlink()
        broken.write_text("#!/bin/sh\necho 'no good at all' >&2\nexit 7\n")
        broken.chmod(0o755)
        result = run(*self.command(self.gallery.links()[:5]), environment={"THUMBLINE_BIN": str(bin_folder)})
        self.assertEqual(result.code, 3, result)
        self.assertIn("keeps dying", result.err)
        self.assertIn("no good at all", result.err)
        again = run(*self.command(self.gallery.links()[:5]))
        self.assertEqual(again.code, 0, again)
        self.check_each_has_one_outcome(self.gallery.links()[:5])


if __name__ == "__main__":
    unittest.main()
