"""A run on three machines: a head, and workers that are started by ssh or join."""

import os
import signal
import time
import unittest

import host

NO_HOSTS = host.enter()

import cluster  # noqa: E402
import oracle  # noqa: E402
from cluster import LINKS  # noqa: E402
from oracle import fingerprints, report  # noqa: E402
from thumbline import Folder, wait_until  # noqa: E402


@unittest.skipIf(NO_HOSTS, NO_HOSTS)
class RunTest(cluster.Case):
    def test_a_shared_folder(self):
        first, second = self.host(), self.host()
        started = self.start_run(first, second)
        self.wait_for_shares(first, second)
        result = self.expect_the_end(started)
        self.check_oracle(self.links)
        for machine in (first, second):
            self.assertRegex(result.out, rf"(?m)^{machine.address} .*\d", "the table of machines")
        self.expect_nothing_left(first, second)
        report("two machines started by ssh, shared folder", f"{LINKS} links", "each link one outcome, files as on one machine")

    def test_a_folder_that_lies_elsewhere(self):
        """On a machine that is known by a name of ssh's settings alone."""
        there = self.here / "there"
        machine = self.host(elsewhere={str(there): str(self.here)})
        line = f"{machine.name} {self.per_machine} folder={there / 'out'}"
        self.expect_the_end(self.start_run(lines=[line]))
        self.check_oracle(self.links)

    def test_fetching_alone_and_thumbnails_alone(self):
        first, second = self.host(), self.host()
        self.expect_the_end(self.start_run(first, second, command="fetch"))
        expected = self.undisturbed(self.links)
        self.assertEqual(fingerprints(self.out, "images"), expected["images"])
        self.assertEqual(self.out.files("thumbnails"), [])
        pictures, self.out = self.out / "images", Folder(self.here / "thumbs")
        self.expect_the_end(self.start_run(first, second, command="resize", source=("--images", pictures)))
        thumbnails = fingerprints(self.out, "thumbnails")
        self.assertEqual(sorted(thumbnails.values()), sorted(expected["thumbnails"].values()))
        self.expect_nothing_left(first, second)

    def test_no_shared_folder(self):
        """Nobody sees the head's folder; thumbnails come home, originals stay."""
        first, second = self.host(hidden=[self.here]), self.host(hidden=[self.here])
        started = self.start_run(first, second, options=("--store", "local"))
        self.wait_for_shares(first, second)
        self.expect_the_end(started)
        expected = self.undisturbed(self.links)
        self.check_outcomes(self.links, {})
        self.assertEqual(fingerprints(self.out, "thumbnails"), expected["thumbnails"])
        self.assertEqual(self.out.files("images"), [])
        originals = {}
        for machine in (first, second):
            runs = list((machine.home / ".cache" / "thumbline").glob("*/images"))
            self.assertEqual(len(runs), 1, machine.name)
            originals |= fingerprints(Folder(runs[0].parent), "images")
        self.assertEqual(originals, expected["images"])
        self.expect_nothing_left(first, second)
        report("two machines started by ssh, no shared folder", f"{LINKS} links",
               "each link one outcome, thumbnails as on one machine, originals where they were fetched")

    def lose_one_and_win_one(self, *options, **settings):
        """One machine is cut off in mid-run, another one joins while there still is much to do."""
        lost, other, joins = self.host(**settings), self.host(**settings), self.host(**settings)
        started = self.start_run(lost, other, options=options)
        self.wait_for_share(lost)
        self.wait_for_settled(LINKS // 4)
        lost.unplug()
        began = time.monotonic()
        self.start_worker(joins)
        self.wait_for_share(joins)
        took = time.monotonic() - began
        self.expect_the_end(started)
        self.check_outcomes(self.links, {})
        self.assertEqual(fingerprints(self.out, "thumbnails"), self.undisturbed(self.links)["thumbnails"])
        self.expect_nothing_left(other, joins)
        return took, lost

    def test_one_is_lost_and_another_joins(self):
        took, lost = self.lose_one_and_win_one()
        # It hears nothing any more, and nobody can tell it.
        wait_until("the end of the worker that is cut off", lambda: not lost.thumblines())
        report("a machine cut off in mid-run, another joins by `worker`", f"{LINKS} links",
               f"each link one outcome, files as on one machine; the first thumbnail {took:.1f} s after the command")

    def test_one_is_lost_and_another_joins_without_a_shared_folder(self):
        took, _ = self.lose_one_and_win_one("--store", "local", hidden=[self.here])
        report("a machine cut off in mid-run, another joins by `worker`; no shared folder", f"{LINKS} links",
               f"each link one outcome, thumbnails as on one machine; the first thumbnail {took:.1f} s after the command")

    def test_one_loses_its_power(self):
        lost, other = self.host(), self.host()
        started = self.start_run(lost, other)
        self.wait_for_share(lost)
        lost.stop()
        self.expect_the_end(started)
        self.check_outcomes(self.links, {})
        report("a machine loses its power", f"{LINKS} links", "each link one outcome")

    def test_a_short_cut(self):
        """Whoever was cut off for some seconds goes on, as if nothing had been."""
        machine, other = self.host(), self.host()
        started = self.start_run(machine, other)
        self.wait_for_share(machine)
        machine.unplug()
        time.sleep(3)
        machine.plug_in()
        self.expect_the_end(started)
        self.check_oracle(self.links)
        self.expect_nothing_left(machine, other)

    def test_ctrl_c_ends_everything_everywhere(self):
        first, second = self.host(), self.host()
        started = self.start_run(first, second)
        self.wait_for_shares(first, second)
        began = time.monotonic()
        started.process.send_signal(signal.SIGINT)
        self.expect_the_end(started, 3)
        self.expect_nothing_left(first, second)
        took = time.monotonic() - began
        self.assertLess(self.out.settled(), LINKS, "the run was over too soon")
        self.expect_the_end(self.start_run(first, second))
        self.check_oracle(self.links)
        report("Ctrl-C of a run on two machines", f"{LINKS} links",
               f"no process anywhere after {took:.1f} s; the same command continues")

    def test_ctrl_c_while_one_is_cut_off(self):
        """Nobody waits for it, and it ends by itself."""
        lost, other = self.host(), self.host()
        started = self.start_run(lost, other)
        self.wait_for_share(lost)
        lost.unplug()
        started.process.send_signal(signal.SIGINT)
        self.expect_the_end(started, 3)
        self.expect_nothing_left(other)

    def test_a_head_that_is_killed_takes_everything_along(self):
        first, second = self.host(), self.host()
        started = self.start_run(first, second)
        self.wait_for_share(first)
        began = time.monotonic()
        started.process.kill()
        started.process.communicate()
        self.expect_nothing_left(first, second)
        report("kill -9 of the head's launcher", f"{LINKS} links", f"no process anywhere after {time.monotonic() - began:.1f} s")

    def test_the_end_of_ssh_is_the_end_of_its_worker(self):
        first, second = self.host(), self.host()
        started = self.start_run(first, second)
        self.wait_for_share(first)
        before = set(first.thumblines())
        client = [pid for pid in cluster.processes_here() if first.address in cluster.command_line(pid)]
        self.assertEqual(len(client), 1)
        os.kill(client[0], signal.SIGKILL)
        wait_until("the end of the worker", lambda: not before & set(first.thumblines()))
        self.expect_the_end(started)
        self.check_outcomes(self.links, {})
        self.expect_nothing_left(first, second)

    def test_one_that_leaves_hands_back_what_it_has(self):
        """Nothing is fetched twice, and nothing waits for a lease to run out."""
        leaves, stays = self.host(), self.host()
        started = self.start_run(stays)
        worker = self.start_worker(leaves)
        self.wait_for_share(leaves)
        worker.send_signal(signal.SIGTERM)
        left = worker.result()
        self.assertEqual(left.code, 0, left)
        self.assertEqual(leaves.thumblines(), [])
        self.expect_the_end(started)
        self.check_oracle(self.links)
        self.assertEqual({path: times for path, times in self.asked().items() if times > 1 and "/delay/" in path}, {})


if __name__ == "__main__":
    oracle.main()
