"""The programs of a run start side by side, whichever is ready first."""

import re
import shlex
import signal
import unittest

from thumbline import BIN, PROGRAMS, TestCase, Thumbline, children_of, program_of, run, wait_until


class StartTest(TestCase):
    pictures = 6

    def with_programs(self, **instead):
        """The environment for a run whose programs are these lines of shell where one is named; in them $real is the program."""
        folder = self.here / "bin"
        folder.mkdir(exist_ok=True)
        for name in PROGRAMS:
            real = BIN / f"thumbline-{name}"
            program = folder / real.name
            program.write_text(f"#!/bin/sh\nreal={shlex.quote(str(real))}\n" + instead.get(name, 'exec "$real" "$@"') + "\n")
            program.chmod(0o755)
        return {"THUMBLINE_BIN": str(folder)}

    def held_back(self, until="go"):
        """A program that starts when the test has made this file."""
        return f"until [ -e {shlex.quote(str(self.here / until))} ]; do sleep 0.05; done; exec \"$real\" \"$@\""

    def let(self, which="go"):
        (self.here / which).touch()

    def begin(self, links, *options, crash_at=None, **instead):
        environment = self.with_programs(**instead)
        if crash_at:
            environment["THUMBLINE_CRASH_AT"] = f"{crash_at}:{self.here / 'died'}"
        started = Thumbline("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--resizers", "2", *options,
                            environment=environment)
        self.addCleanup(lambda: started.process.poll() is None and started.process.kill())
        return started

    def expect_all_done(self, started, links):
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.err.count("starting it again"), 0, result)
        self.check_each_has_one_outcome(links)

    def test_any_of_them_may_be_the_last_to_start(self):
        for number, late in enumerate(("producer", "fetcher", "resizer")):
            with self.subTest(late):
                self.out.path = self.here / f"out-{number}"
                (self.here / "go").unlink(missing_ok=True)
                links = self.gallery.links()
                started = self.begin(links, **{late: self.held_back()})
                for name in PROGRAMS:
                    if name != late:
                        started.wait_for_program(name)
                self.let()
                self.expect_all_done(started, links)

    def test_one_link_needs_one_worker_of_each_kind_and_more_have_all(self):
        links = self.slow_links(30, milliseconds=500)
        options = ("--fetchers", "2", "--resizers", "3", "--transfers", "2", "--threads", "1")
        self.assertEqual(self.begin(links[:1], *options).result().code, 0)
        self.assertEqual({log.stem for log in (self.out / "logs").iterdir()}, {"collector", "producer", "fetcher-1", "resizer-1"})
        started = self.begin(links, *options)
        wait_until("all workers", lambda: len(started.programs("fetcher")) == 2 and len(started.programs("resizer")) == 3)
        self.end_delays()
        self.expect_all_done(started, links)

    def test_a_collector_that_comes_back_finds_the_others_waiting(self):
        links = self.gallery.links()
        begun = shlex.quote(str(self.here / "begun"))
        started = self.begin(links, collector=f'[ ! -e {begun} ] && touch {begun} && exec "$real" "$@"; ' + self.held_back(),
                             producer=self.held_back("producer"))
        started.wait_for_program("fetcher")
        started.kill("collector")
        self.let("producer")
        started.wait_for_program("producer")
        self.assertEqual(started.programs("collector"), [])
        self.let()
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)

    def test_workers_come_back_where_the_end_did_not_come(self):
        """They are told to end while the collector writes its files. Here it dies of that; and so does the producer, who then
        finds another link in the list."""
        links = self.gallery.links()
        begun = shlex.quote(str(self.here / "begun"))
        started = self.begin(links[:-1], crash_at="collector:before-files",
                             collector=f'[ ! -e {begun} ] && touch {begun} && exec "$real" "$@"; ' + self.held_back())
        wait_until("the collector's death", (self.here / "died").exists)
        self.list_of(links)
        started.kill("producer")
        self.let()
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertCountEqual(re.findall("(\\S+) \\(process.* starting it again", result.err), ["collector", "producer"], result)
        self.check_each_has_one_outcome(links)

    def test_ctrl_c_while_some_are_still_starting(self):
        for late in ("collector", "producer", "fetcher", "resizer"):
            with self.subTest(late):
                started = self.begin(self.gallery.links(), **{late: self.held_back()})
                if late == "collector":
                    wait_until("the start", lambda: children_of(started.process.pid))
                else:
                    for name in PROGRAMS:
                        if name != late:
                            started.wait_for_program(name)
                programs = children_of(started.process.pid)
                started.process.send_signal(signal.SIGINT)
                result = started.result()
                self.assertEqual(result.code, 3, result)
                self.assertIn("same command", result.err)
                self.assertEqual([pid for pid in programs if program_of(pid)], [])

    def test_one_that_cannot_start_ends_the_run_and_is_named(self):
        result = self.begin(self.gallery.links(), fetcher="echo no luck >&2; kill -9 $$").result()
        self.assertEqual(result.code, 3, result)
        self.assertIn("fetcher-1 keeps dying (was ended by SIGKILL, 9 times in a row)\n  no luck", result.err)
        result = self.begin(self.gallery.links(), resizer="echo this cannot be >&2; exit 2").result()
        self.assertEqual(result.code, 2, result)
        self.assertIn("thumbline: this cannot be\n", result.err)

    def test_settings_that_do_not_fit_the_folder(self):
        links = self.gallery.links()
        self.assertEqual(run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private").code, 0)
        result = self.begin(links, "--size", "64").result()
        self.assertEqual(result.code, 2, result)
        self.assertIn("other settings", result.err)
        self.check_each_has_one_outcome(links)


if __name__ == "__main__":
    unittest.main()
