"""A full disk, too few open files, a ledger that is damaged: a clear end, nothing dropped, and the same command goes on."""

import contextlib
import os
import shutil
import subprocess
import unittest

import oracle
from oracle import report, scale
from processes import kill_everything
from thumbline import Thumbline, run

LINKS = scale(200, 1000)


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    """A file system of its own of that size at `folder`; gives a function that makes it larger."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        raise unittest.SkipTest("mounting a small file system is not allowed here: run it as root to try full disks")
    try:
        yield lambda more: subprocess.run(["mount", "-o", f"remount,size={more}k", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class DiskTest(oracle.Case):
    pictures_side = 300

    def check_stops_and_goes_on(self, fault, kilobytes, enlarge):
        links = self.many_links(LINKS)
        for again in range(2):  # with the disk as full as before
            stopped = run(*self.command(links))
            self.assertEqual(stopped.code, 3, stopped)
            self.assertRegex(stopped.err, "no room left|No space left", stopped)
            self.assertRegex(stopped.err, "make room|again", stopped)
            settled = self.out.ledger() if (self.out / "ledger.sqlite").exists() and self.out.settled() else []
            self.assertEqual([row for row in settled if row[1] != "done"], [])
        enlarge(1 << 20)
        went_on = run(*self.command(links))
        self.assertEqual(went_on.code, 0, went_on)
        rows = {row[0]: row for row in self.out.ledger()}
        self.assertEqual([row for row in settled if rows[row[0]] != row], [])
        self.check_oracle(links)
        report(fault, "2 times, then with room", f"at {kilobytes} KB: exit 3 and what to do, nothing failed for it; went on to the end")

    def test_the_whole_folder(self):
        sizes = (100, 300, 700, 1500, 3000)
        for kilobytes in scale(self.chance.sample(sizes[:4], 2), sizes):  # the last has room for all of the selection
            with self.subTest(kilobytes=kilobytes):
                self.setUp()
                self.out.path.mkdir()
                with small_disk(self.out.path, kilobytes) as enlarge:
                    self.check_stops_and_goes_on("full disk: store, ledger, logs", kilobytes, enlarge)

    def test_the_ledger_alone(self):
        """The pictures lie on another, roomy disk."""
        for kilobytes in scale((120,), (60, 120, 200)):
            with self.subTest(kilobytes=kilobytes):
                self.setUp()
                self.out.path.mkdir()
                roomy = self.here / "roomy"
                with small_disk(self.out.path, kilobytes) as enlarge:
                    for name in ("images", "thumbnails", ".partial", "logs"):
                        (roomy / name).mkdir(parents=True)
                        (self.out / name).symlink_to(roomy / name)
                    self.check_stops_and_goes_on("full disk: the ledger's alone", kilobytes, enlarge)


class UnusableFolderTest(oracle.Case):
    """A folder of the run's that no picture gets into is no fault of the links."""

    def check_stops(self, links):
        stopped = run(*self.command(links))
        self.assertEqual(stopped.code, 3, stopped)
        self.assertRegex(stopped.err, "images", stopped)
        self.assertRegex(stopped.err, "again", stopped)
        self.assertEqual([row for row in self.out.ledger() if row[1] != "done"], [])

    def check_goes_on(self, links, fault):
        went_on = run(*self.command(links))
        self.assertEqual(went_on.code, 0, went_on)
        self.check_oracle(links)
        report(fault, f"1, {LINKS} links", "exit 3 and what to do, nothing failed for it; went on to the end")

    def test_a_file_in_its_place(self):
        links = self.many_links(LINKS)
        self.assertEqual(run(*self.command(links[:10])).code, 0)
        (self.out / "images").rename(self.here / "images")
        (self.out / "images").write_text("")
        self.check_stops(links)
        (self.out / "images").unlink()
        (self.here / "images").rename(self.out / "images")
        self.check_goes_on(links, "images/ is no folder")

    def test_another_file_system(self):
        links = self.many_links(LINKS)
        (self.out / "images").mkdir(parents=True)
        with small_disk(self.out / "images", 10_000):
            self.check_stops(links)
        self.check_goes_on(links, "images/ is another file system")


class OpenFilesTest(oracle.Case):
    def test_too_few(self):
        links = self.many_links(LINKS)
        for most in scale((24, 48), (16, 20, 24, 28, 32, 40, 48, 64, 96, 128)):
            with self.subTest(most=most):
                self.setUp()
                command = self.command(links)
                limited = Thumbline(*command, before=("sh", "-c", f'ulimit -n {most}; exec "$@"', "sh")).result()
                self.assertIn(limited.code, (0, 3), limited)
                if limited.code == 3:
                    self.assertRegex(limited.err, "(?i)open files|keeps dying", limited)
                # Whoever is short of files is this machine: no link has failed for it.
                settled = self.out.ledger() if self.out.settled() else []
                self.assertEqual([row for row in settled if row[1] != "done"], [])
                self.assertEqual(run(*command).code, 0)
                self.check_oracle(links)
                report("RLIMIT_NOFILE too low", f"1 time, {most}", f"exit {limited.code}; with the usual limit it went on to the end")


class LedgerTest(oracle.Case):
    """Whoever opens a ledger that is not as it was left says so, or knows all that it knew."""

    def finished_or_killed(self, links, kill):
        """A run's folder, whole or with the WAL of a collector that was killed."""
        started = Thumbline(*self.command(links))
        if kill:
            self.wait_for_settled(len(links) // 2, started)
            kill_everything(started)
        else:
            self.assertEqual(started.result().code, 0)

    def check_damage(self, what, file, damage, links, rows):
        damage(file)
        ended = run(*self.command(links))
        self.assertIn(ended.code, (0, 2, 3), ended)
        if ended.code == 0:
            there = {row[0]: row for row in self.out.ledger()}
            if file.name == "ledger.sqlite":  # what a WAL has lost is done again
                self.assertEqual([row for row in rows if there.get(row[0]) != row], [], "dropped or changed without a word")
            self.check_oracle(links)
            return "unharmed"
        self.assertIn("ledger.sqlite" if ended.code == 3 else "settings", ended.err, ended)
        self.assertRegex(ended.err, "move it away|run the same command again|another --out|use that one", ended)
        for rest in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                (self.out / f"ledger.sqlite{rest}").unlink()
        self.assertEqual(run(*self.command(links)).code, 0)
        self.check_oracle(links)
        return "refused"

    def damages(self, file):
        """Names of damages, and what does them."""
        size = file.stat().st_size
        cut, bit = self.chance.randrange(size), self.chance.randrange(size * 8)

        def flip(path):
            data = bytearray(path.read_bytes())
            data[bit // 8] ^= 1 << bit % 8
            path.write_bytes(data)

        return {"cut": lambda path: os.truncate(path, cut), "with a flipped bit": flip}

    def check_damaged(self, kill, times):
        links = self.many_links(scale(60, 200))
        self.finished_or_killed(links, kill)
        whole = self.here / "whole"
        shutil.copytree(self.out.path, whole)
        rows = self.out.ledger()  # closes it, which may end the WAL
        # A WAL that is whole in the ledger has no bytes, nor has a ledger that is whole in its WAL.
        files = [path.relative_to(whole) for path in (whole / "ledger.sqlite", whole / "ledger.sqlite-wal")
                 if path.exists() and path.stat().st_size > 0]
        became = {}
        for number in range(times):
            name = files[number % len(files)]
            for what, damage in self.damages(whole / name).items():
                shutil.rmtree(self.out.path)
                shutil.copytree(whole, self.out.path)
                with self.subTest(number=number, what=what, file=name.name):
                    end = self.check_damage(what, self.out / name.name, damage, links, rows)
                    became.setdefault((name.name, what), []).append(end)
        for (name, what), ends in became.items():
            report(f"{name} {what} at random, after {'kill -9' if kill else 'the end'}", len(ends),
                   ", ".join(f"{ends.count(end)} {end}" for end in sorted(set(ends))) + "; no settled row dropped without a word")

    def test_of_a_finished_run(self):
        self.check_damaged(False, scale(3, 60))

    def test_of_a_killed_run(self):
        self.check_damaged(True, scale(4, 60))

    def test_emptied(self):
        links = self.many_links(20)
        self.finished_or_killed(links, False)
        rows = self.out.ledger()
        self.assertEqual(self.check_damage("emptied", self.out / "ledger.sqlite", lambda file: os.truncate(file, 0), links, rows),
                         "refused")
        report("ledger.sqlite cut to nothing", 1, "refused")


if __name__ == "__main__":
    oracle.main()
