"""kill -9: a worker, all workers, who keeps the state, everything."""

import contextlib
import time

import oracle
from oracle import report, scale
from processes import KillLoop, kill, kill_everything
from thumbline import PROGRAMS, Folder, Thumbline, run, wait_until

LINKS = scale(1000, 10_000)
TIMES = scale(4, 20)
MANY = scale(3000, 200_000)


class KillTest(oracle.Case):
    def kill_on(self, kinds):
        """Kills one of these kinds every 200 ms, from the first outcome to the end of the run."""
        links = self.slow_links(LINKS)
        started = Thumbline(*self.command(links, *self.few_transfers))
        self.wait_for_settled(1, started)
        with KillLoop(started, kinds, self.chance, self.out.settled) as loop:
            result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertGreater(loop.kills, 0, "the run was over too soon")
        self.check_oracle(links)
        report(f"kill -9 a random {' or '.join(kinds)} every 200 ms", f"{loop.kills} kills, {LINKS} links",
               "each link one outcome, files as undisturbed")

    def test_a_random_worker_all_the_time(self):
        self.kill_on(("fetcher", "resizer"))

    def test_who_keeps_the_state_all_the_time(self):
        self.kill_on(("producer", "collector"))

    def test_any_of_them_all_the_time_and_the_ledger_grows(self):
        """What has to be done again for each death must not grow with what is done already."""
        links = self.many_links(MANY)
        took_s = []
        for disturbed in (False, True):
            self.out = Folder(self.here / f"out-{disturbed}")
            began = time.monotonic()
            started = Thumbline(*self.command(links, "--threads", "2"))
            with contextlib.ExitStack() as loops:
                if disturbed:
                    self.wait_for_settled(1, started)
                    loop = loops.enter_context(KillLoop(started, PROGRAMS, self.chance, self.out.settled, interval_s=0.3))
                _, said = started.process.communicate()
            took_s.append(time.monotonic() - began)
            self.assertEqual(started.process.returncode, 0, said[-2000:])
            self.check_outcomes(links, {})
        ratio = took_s[1] / took_s[0]
        report("kill -9 a random process every 300 ms, to the end", f"{loop.kills} kills, {MANY} links",
               f"each link one outcome; {took_s[1]:.0f} s, {ratio:.2f} times the {took_s[0]:.0f} s of an undisturbed run")
        if oracle.FULL:
            self.assertLess(ratio, 1.3)

    def moments(self):
        """Numbers of outcomes, spread over a run; what is left after the last of them takes a while."""
        return sorted(self.chance.sample(range(1, LINKS * 3 // 4), TIMES))

    def run_and_disturb(self, fault, disturb, *options):
        """Calls `disturb(started)` at some moments; the run goes on by itself each time."""
        links = self.slow_links(LINKS)
        started = Thumbline(*self.command(links, *self.few_transfers, *options))
        for moment in self.moments():
            self.wait_for_settled(moment, started)
            disturb(started)
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.check_oracle(links)
        report(fault, f"{TIMES} times, {LINKS} links", "each link one outcome, files as undisturbed")

    def test_all_workers_at_once(self):
        def disturb(started):
            for pid in started.programs("fetcher") + started.programs("resizer"):
                kill(pid)

        self.run_and_disturb("kill -9 all fetchers and resizers at once", disturb)

    def test_the_last_of_its_kind(self):
        def disturb(started):
            kind = self.chance.choice(("fetcher", "resizer"))
            kill(started.wait_for_program(kind))

        self.run_and_disturb("kill -9 the only fetcher, the only resizer", disturb, "--fetchers", "1", "--resizers", "1")

    def test_everything_at_the_same_moment(self):
        """The launcher, too; the same command is given again each time."""
        links = self.slow_links(LINKS)
        command = self.command(links, *self.few_transfers)
        for moment in self.moments():
            started = Thumbline(*command)
            wait_until(f"{moment} outcomes", lambda: self.out.settled() >= moment or started.process.poll() is not None)
            self.assertIsNone(started.process.poll(), started.result() if started.process.poll() is not None else "")
            kill_everything(started)
        self.end_delays()
        result = run(*command)
        self.assertEqual(result.code, 0, result)
        self.check_oracle(links)
        report("kill -9 all processes at the same moment, launcher too; same command again", f"{TIMES} times, {LINKS} links",
               "each link one outcome, files as undisturbed")


if __name__ == "__main__":
    oracle.main()
