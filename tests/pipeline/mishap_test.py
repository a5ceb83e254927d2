"""What becomes of a run's folder, ledger, key or list while the run is at work, and of its files while the machine is off."""

import contextlib
import os
import shutil
import sqlite3
import unittest

from thumbline import Folder, TestCase, Thumbline, run, wait_until

LINKS = 60


class MishapTest(TestCase):
    def started(self, links, *options):
        """A run that has something in its ledger and a lot to do."""
        started = Thumbline("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--quiet",
                            *self.few_transfers, *options)
        self.wait_for_settled(1, started)
        return started

    def check_stopped(self, started, why):
        result = started.result()
        self.assertEqual(result.code, 3, result)
        self.assertIn(why, result.err)
        self.assertIn("run the same command again", result.err)
        return result

    def check_goes_on(self, links):
        self.end_delays()
        result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--quiet")
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)

    def test_the_folder_is_moved(self):
        links = self.slow_links(LINKS, 500)
        started = self.started(links)
        os.rename(self.out.path, self.here / "elsewhere")
        self.check_stopped(started, f"{self.out.path} was moved or removed")
        shutil.rmtree(self.out.path, ignore_errors=True)  # what came since
        os.rename(self.here / "elsewhere", self.out.path)
        self.check_goes_on(links)

    def test_the_folder_is_moved_and_the_collector_dies(self):
        links = self.slow_links(LINKS, 500)
        started = self.started(links)
        os.rename(self.out.path, self.here / "elsewhere")
        started.kill("collector")
        self.check_stopped(started, f"{self.out.path} was moved or removed")
        self.assertFalse((self.out / "ledger.sqlite").exists())

    def test_the_ledger_is_removed(self):
        started = self.started(self.slow_links(LINKS, 500))
        (self.out / "ledger.sqlite").unlink()
        self.check_stopped(started, "ledger.sqlite was moved, removed or replaced")

    def test_the_key_is_removed_and_the_collector_dies(self):
        links = self.slow_links(LINKS, 500)
        started = self.started(links)
        (self.out / "run.key").unlink()
        started.kill("collector")
        self.check_stopped(started, "run.key was removed")
        self.check_goes_on(links)

    def test_the_list_is_emptied_and_the_producer_dies(self):
        links = self.slow_links(LINKS, 500)
        for others in ((), ("collector",)):
            with self.subTest(others=others):
                self.out = Folder(self.here / f"out{len(others)}")
                started = self.started(links)
                wait_until("the producer to have read all", self.has_read_all)
                (self.here / "list.txt").write_text("")
                for program in ("producer", *others):
                    started.kill(program)
                self.check_stopped(started, "list.txt has got shorter while the run was at work")
        self.check_goes_on(links)

    def has_read_all(self):
        return self.out.ledger("SELECT links_read FROM sessions ORDER BY session DESC LIMIT 1") == [(LINKS,)]

    def test_a_list_may_get_shorter_between_two_runs(self):
        links = self.many_links(10)
        self.check_goes_on(links)
        self.assertEqual(run("run", "--links", self.list_of(links[:3]), "--out", self.out.path, "--allow-private").code, 0)

    def test_other_failed_links_keep_their_outcome(self):
        """Those that another list has named, and those of this one that are not out again yet."""
        of_a, of_b = self.fault("status/404/a.jpg"), self.fault("status/404/b.jpg")
        command = ("run", "--out", self.out.path, "--allow-private", "--quiet")
        for link in (of_a, of_b):
            self.assertEqual(run(*command, "--links", self.list_of([link])).code, 0)
        result = run(*command, "--links", self.list_of([of_b]), "--retry-failed")
        self.assertEqual(result.code, 0, result)
        self.assertEqual({link: reason for link, _, reason, _ in self.out.ledger()}, {of_a: "http-404", of_b: "http-404"})
        asked = self.asked()
        self.assertEqual((asked["/fault/status/404/a.jpg"], asked["/fault/status/404/b.jpg"]), (1, 2))
        self.assertEqual(self.out.summary()["links"], 2)

    def test_what_a_power_loss_took_is_done_again(self):
        links = self.many_links(30)
        command = ("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--quiet")
        self.assertEqual(run(*command, environment={"THUMBLINE_BOOT_ID": "one"}).code, 0)
        with self.out.open_ledger() as ledger:
            self.assertEqual(ledger.execute("SELECT value FROM meta WHERE key = 'synced_boot'").fetchone(), ("one",))
        images, thumbnails = self.out.contents("images"), self.out.contents("thumbnails")
        for number, (kind, name) in enumerate([("images", name) for name in list(images)[:9]] +
                                              [("thumbnails", name) for name in list(thumbnails)[9:18]]):
            path = self.out / kind / name
            size = path.stat().st_size
            if number % 3 == 0:
                os.truncate(path, 0)
            elif number % 3 == 1:
                path.write_bytes(bytes(size))
            else:
                path.unlink()
        # This one's outcome was not on the disk, either.
        forgotten = list(images)[-1]
        (self.out / "images" / forgotten).write_bytes(bytes(len(images[forgotten])))
        self.change_ledger(f"DELETE FROM links WHERE image = 'images/{forgotten}'; UPDATE sessions SET done = done - 1;"
                           "UPDATE meta SET value = 0 WHERE key = 'synced_seq'")
        result = run(*command, environment={"THUMBLINE_BOOT_ID": "two"})
        self.assertEqual(result.code, 0, result)
        self.assertRegex(result.err, "of the last (29|30) outcomes, the files of 18 were lost; they are done again")
        self.assertEqual((self.out.contents("images"), self.out.contents("thumbnails")), (images, thumbnails))
        self.check_each_has_one_outcome(links)
        again = run(*command, environment={"THUMBLINE_BOOT_ID": "two"})
        self.assertEqual((again.code, again.err), (0, ""))

    def change_ledger(self, statements):
        with contextlib.closing(sqlite3.connect(self.out / "ledger.sqlite")) as ledger:
            ledger.executescript(statements)

    def test_a_table_that_nobody_reads(self):
        links = self.many_links(5)
        command = ("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private")
        for shell in ('exec "$@" >&-', '"$@" | exec true', 'exec "$@" >&- 2>&- <&-'):
            with self.subTest(shell=shell):
                result = Thumbline(*command, before=("bash", "-o", "pipefail", "-c", shell, "bash")).result()
                self.assertEqual(result.code, 0, result)
                self.assertEqual(self.out.summary()["links"], 5)


if __name__ == "__main__":
    unittest.main()
