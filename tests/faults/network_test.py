"""The network between head and workers: connections that break in the middle, partitions, peers that are gone without a word."""

import contextlib
import shutil
import subprocess
import sys
import time
import unittest

import namespace

NO_NETWORK = namespace.enter()

import oracle  # noqa: E402
from by_hand import Run  # noqa: E402
from forwarder import Forwarder, ResetLoop  # noqa: E402
from oracle import report, scale  # noqa: E402
from thumbline import local_gallery  # noqa: E402

LINKS = scale(600, 6000)
PARTITION_S = scale(3, 10)
PARTITIONS = scale(1, 5)


class NetworkTest(oracle.Case):
    def setUp(self):
        super().setUp()
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def start_run(self, links, listen="127.0.0.1"):
        return self.stack.enter_context(Run(self.out, self.list_of(links), listen=listen))

    def test_connections_that_are_reset_in_mid_stream(self):
        links = self.slow_links(LINKS)
        run = self.start_run(links)

        def through(port):
            return self.stack.enter_context(Forwarder(int(port)))

        to_links, to_results, from_fetcher = through(run.links), through(run.results), through(run.results)
        wires = [to_links, to_results, from_fetcher]
        for _ in range(2):
            fetcher = run.start_fetcher(*self.few_transfers, links=to_links.port, results=from_fetcher.port)
            to_paths = through(fetcher.port("paths"))
            wires.append(to_paths)
            run.start_resizer(to_paths.port, results=to_results.port)
        with ResetLoop(wires, self.chance, 0.1):
            run.finish()
        resets = sum(wire.resets for wire in wires)
        self.assertGreater(resets, 0, "the run was over too soon")
        self.check_oracle(links)
        report("connections between workers and head reset in mid-stream", f"{resets} resets, {LINKS} links",
               "each link one outcome, files as undisturbed, no process died")

    def machine(self, number):
        """Another machine, which has the same gallery at the same place."""
        machine = namespace.Machine(number)
        self.stack.callback(machine.stop)
        gallery = machine.start(sys.executable, local_gallery.SERVER, self.pictures_folder,
                                "--port", self.gallery.port, stdout=subprocess.PIPE)
        self.stack.callback(gallery.stdout.close)
        self.stack.callback(gallery.wait)
        self.stack.callback(gallery.kill)
        self.assertIn(b"listening", gallery.stdout.readline())
        return machine

    def start_workers(self, run, machine):
        fetcher = run.start_fetcher(*self.few_transfers, head=machine.head, machine=machine)
        resizers = [run.start_resizer(fetcher.port("paths"), head=machine.head, machine=machine) for _ in range(2)]
        return [fetcher, *resizers]

    @unittest.skipIf(NO_NETWORK, NO_NETWORK)
    def test_a_partition(self):
        """Whoever is on the other side goes on when it is over; how long it lasts is the test here, nothing is awaited by it."""
        links = self.slow_links(LINKS)
        run = self.start_run(links, listen="0.0.0.0")
        machine = self.machine(1)
        self.start_workers(run, machine)
        for moment in sorted(self.chance.sample(range(1, LINKS * 3 // 4), PARTITIONS)):
            self.wait_for_settled(moment)
            machine.unplug()
            time.sleep(PARTITION_S)
            machine.plug_in()
        run.finish()
        self.check_oracle(links)
        report(f"all workers cut off from the head for {PARTITION_S} s, nobody told", f"{PARTITIONS} times, {LINKS} links",
               "each link one outcome, files as undisturbed, no process died")

    @unittest.skipIf(NO_NETWORK, NO_NETWORK)
    def test_a_machine_that_is_gone_without_a_word(self):
        """Its connections stand for ever as far as the head can see; another machine takes over."""
        links = self.slow_links(LINKS)
        run = self.start_run(links, listen="0.0.0.0")
        gone, other = self.machine(1), self.machine(2)
        workers = self.start_workers(run, gone)
        self.wait_for_settled(LINKS // 3)
        gone.unplug()
        for worker in workers:
            worker.stop()
            run.programs.remove(worker)
        self.start_workers(run, other)
        run.finish()
        shutil.rmtree(self.out / ".partial", ignore_errors=True)  # of the dead; the launcher would do so, or a fetcher an hour later
        self.check_oracle(links)
        report("a machine with all workers gone without a word (half-open connections)", f"1 time, {LINKS} links",
               "another takes over: each link one outcome, files as undisturbed")

    @unittest.skipIf(NO_NETWORK, NO_NETWORK)
    def test_a_head_that_was_gone_without_a_word(self):
        """The workers' connections stand as far as they can see; a new head is at the same place."""
        links = self.slow_links(LINKS)
        run = self.start_run(links, listen="0.0.0.0")
        machine = self.machine(1)
        self.start_workers(run, machine)
        self.wait_for_settled(LINKS // 3)
        machine.unplug()
        run.stop_head()
        machine.forget()
        run.start_head_again()
        machine.plug_in()
        run.finish()
        self.check_oracle(links)
        report("producer and collector gone without a word, and started again (half-open connections)", f"1 time, {LINKS} links",
               "the workers find them again: each link one outcome, files as undisturbed")


if __name__ == "__main__":
    oracle.main()
