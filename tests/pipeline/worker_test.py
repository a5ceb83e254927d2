"""Workers that join a run by its head alone, as those of other machines do."""

import contextlib
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from thumbline import BIN, PATIENCE_S, PROGRAMS, Folder, TestCase, Thumbline, run, wait_until

LINKS = 1000
TRANSFERS = ("--threads", "1", "--transfers", "16")


def hiding(folder):
    """What to put before a command that is not to see what is in this folder."""
    return "unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs "$0" && exec "$@"', str(folder)


def no_mounts():
    """Why a process here cannot have mounts of its own, which takes root's rights and a root folder that is a mount; None where
    it can."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            probe = subprocess.run([*hiding(folder), "true"], capture_output=True, text=True)
        except OSError as error:
            return f"no mounts of its own here: {error}"
    return f"no mounts of its own here: {probe.stderr.strip()}" if probe.returncode != 0 else None


NO_MOUNTS = no_mounts()


def free_ports(count):
    """The first of so many in a row, all free now. Not of those that the system gives to whoever asks for any: a head that is
    stopped gives its ports back, and shall have them again."""
    lowest_given = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        first = random.randrange(10_000, lowest_given - count)
        with contextlib.ExitStack() as sockets:
            try:
                for port in range(first, first + count):
                    sockets.enter_context(socket.create_server(("", port)))
            except OSError:
                continue
            return first


class WorkerTest(TestCase):
    def setUp(self):
        super().setUp()
        self.links = self.slow_links(LINKS, 250)  # a quarter of a minute for one fetcher, in which others get there
        self.environment = {"XDG_CACHE_HOME": str(self.here / "cache")}
        self.started = []
        self.addCleanup(self.end_all)

    def end_all(self):
        for command in self.started:
            if command.process.poll() is None:
                command.process.send_signal(signal.SIGTERM)
                command.process.communicate(timeout=PATIENCE_S)

    def start(self, *arguments):
        self.started.append(Thumbline(*arguments, environment=self.environment))
        return self.started[-1]

    def begin(self, *options, links=None, port=0):
        """A run that others may join; at which port."""
        head = self.start("run", "--links", self.list_of(links or self.links), "--out", self.out.path, "--allow-private", "--listen", port,
                          *TRANSFERS, *options)
        return head, f"127.0.0.1:{self.port_of(head)}"

    def worker_that_waits_at(self, port):
        """One that has done a part of a run, which was stopped."""
        head, door = self.begin("--fetchers", "0", "--resizers", "0", port=port)
        worker = self.join(door, "left", "--resizers", "1")
        self.wait_for_share_of("left")
        head.process.send_signal(signal.SIGINT)
        self.assertEqual(head.result().code, 3)
        return worker

    def said_by_workers(self):
        return "".join(log.read_text() for log in (self.here / "cache" / "thumbline" / "logs").iterdir())

    def port_of(self, head):
        said = ""
        while not (port := re.search(r"port (\d+)", said)):
            line = head.process.stderr.readline()
            self.assertNotEqual(line, "", "the head ended before it listened")
            said += line
        return port[1]

    def join(self, door, name, *options, key=None):
        return self.start("worker", "--head", door, "--key", key or self.out / "run.key", "--name", name, "--allow-private",
                          *TRANSFERS, *options)

    def expect_the_end(self, *commands):
        """Nothing is left to wait for, so the gallery answers at once."""
        self.end_delays()
        for command in commands:
            result = command.result()
            self.assertEqual(result.code, 0, result)
        return result

    def workers(self, column="resizer"):
        return {row[0].rpartition(":")[0] for row in self.out.ledger(f"SELECT DISTINCT {column} FROM links WHERE {column} IS NOT NULL")}

    def wait_for_share_of(self, name, column="resizer"):
        wait_until(f"a {column} on {name}", lambda: self.out.settled() and name in self.workers(column))

    def test_the_head_leaves_all_work_to_those_who_join(self):
        head, door = self.begin("--fetchers", "0", "--resizers", "0")
        left = self.join(door, "left", "--resizers", "1")
        right = self.join(door, "right", "--fetchers", "0", "--resizers", "1")
        for name in ("left", "right"):
            self.wait_for_share_of(name)
        self.expect_the_end(head, left, right)
        self.check_each_has_one_outcome(self.links)
        self.assertEqual(self.workers("fetcher"), {"left"})
        self.assertEqual(self.workers("resizer"), {"left", "right"})

    def test_one_joins_and_leaves_again(self):
        one_of_each = ("--fetchers", "1", "--resizers", "1")
        head, door = self.begin(*one_of_each)
        guest = self.join(door, "guest", *one_of_each)
        self.wait_for_share_of("guest", "fetcher")
        guest.process.send_signal(signal.SIGTERM)
        left = guest.result()
        self.assertEqual(left.code, 0, left)
        self.assertIn("leaving", left.err)
        result = self.expect_the_end(head)
        self.check_each_has_one_outcome(self.links)
        self.assertIn("guest", result.out)  # in the table of shares

    def test_without_a_shared_folder_originals_stay_and_thumbnails_come_home(self):
        shared = Folder(self.here / "shared")
        links = self.links[:100]
        self.end_delays()
        self.assertEqual(run("run", "--links", self.list_of(links), "--out", shared.path, "--allow-private").code, 0)
        head, door = self.begin("--store", "local", "--fetchers", "0", "--resizers", "0", links=links)
        own = Folder(self.here / "own")
        guest = self.join(door, "guest", "--folder", own.path)
        self.expect_the_end(guest, head)
        self.assertEqual(self.out.contents("thumbnails"), shared.contents("thumbnails"))
        self.assertEqual(own.contents("images"), shared.contents("images"))
        self.assertEqual(self.out.files("images"), [])
        self.assertFalse((own / "thumbnails").exists())

    def test_a_folder_with_signs_that_mean_something_in_a_uri(self):
        self.out = Folder(self.here / "u#1?mode=memory&%20")
        links = self.links[:20]
        head, door = self.begin("--fetchers", "0", links=links)
        guest = self.join(f"tcp://{door}", "guest", "--resizers", "0")
        result = self.expect_the_end(guest, head)
        self.check_each_has_one_outcome(links)
        self.assertIn("guest", result.out)  # in the table of shares
        self.assertEqual([path.name for path in self.here.iterdir() if path.name.startswith("u")], [self.out.path.name])

    def test_hosts_that_hear_of_the_end_before_the_collector_has_ended(self):
        """The head's programs are slow to end; the only machine that works is away by then."""
        programs = self.here / "bin"
        programs.mkdir()
        for program in PROGRAMS:
            (programs / f"thumbline-{program}").symlink_to(BIN / f"thumbline-{program}")
        hosts, ssh, collector = self.here / "hosts.txt", self.here / "ssh", programs / "thumbline-collector"
        hosts.write_text("left resizers=1\n")
        ssh.write_text('#!/bin/sh\nfor last in "$@"; do :; done\nSSH_CONNECTION="127.0.0.1 1 127.0.0.1 22" exec sh -c "exec $last"\n')
        collector.unlink()
        # Once the launcher, its parent, has no child any more that is a worker, it has a moment to say that no machine is left.
        collector.write_text(f"""#!/bin/sh
{BIN}/thumbline-collector "$@" || exit
while cat $(sed 's,[0-9][0-9]*,/proc/&/comm,g' /proc/$PPID/task/$PPID/children) | grep -q python3; do sleep 0.05; done
sleep 1
""")
        for file in (ssh, collector):
            file.chmod(0o755)
        self.environment |= {"THUMBLINE_BIN": str(programs), "THUMBLINE_SSH": str(ssh)}
        links = self.links[:20]
        result = self.start("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--listen", "0", "--hosts", hosts,
                            "--fetchers", "0", "--resizers", "0").result()
        self.assertEqual(result.code, 0, result)
        self.check_each_has_one_outcome(links)

    def test_who_cannot_take_part_is_told_why(self):
        head, door = self.begin("--fetchers", "0", "--resizers", "0")
        other = Folder(self.here / "other")
        self.assertEqual(run("run", "--links", self.list_of(self.links[:1]), "--out", other.path, "--allow-private").code, 0)
        for words, code, options in (
                ("is not there", 2, {"more": ("--folder", self.here / "not-there")}),
                ("is not the run's folder", 2, {"more": ("--folder", other.path)}),
                ("does not let us in", 3, {"key": other / "run.key"})):
            with self.subTest(words):
                result = self.join(door, "guest", *options.get("more", ()), key=options.get("key")).result()
                self.assertEqual(result.code, code, result)
                self.assertIn(words, result.err)
        for address, words in (("127.0.0.1:1", "nobody listens there"), ("no.such.name.invalid", "no address of that name")):
            with self.subTest(words):
                result = self.join(address, "guest").result()
                self.assertEqual(result.code, 3, result)
                self.assertIn("cannot be reached", result.err)
                self.assertIn(words, result.err)
        self.assertIsNone(head.process.poll())

    def test_a_port_that_somebody_else_has_is_named_with_all_that_are_wanted(self):
        first = free_ports(4)
        with socket.create_server(("", first + 1)):
            result = self.start("run", "--links", self.list_of(self.links), "--out", self.out.path, "--listen", first, "--fetchers", "0").result()
        self.assertEqual(result.code, 3, result)
        self.assertIn(f"{first} to {first + 2}", result.err)
        self.assertIn(f"{first + 1} cannot be had", result.err)
        self.assertIn("--listen", result.err)

    def test_a_head_that_is_started_again_finds_its_workers_again(self):
        options = ("--fetchers", "0", "--resizers", "0")
        head, door = self.begin(*options)
        worker = self.join(door, "left", "--resizers", "1")
        self.wait_for_share_of("left")
        for name in ("producer", "collector"):
            head.kill(name)
        self.expect_the_end(head, worker)
        self.check_each_has_one_outcome(self.links)

    def test_a_head_that_was_stopped_goes_on_with_the_workers_that_waited(self):
        options, port = ("--fetchers", "0", "--resizers", "0"), free_ports(4)
        head, door = self.begin(*options, port=port)
        worker = self.join(door, "left", "--resizers", "2")
        for count in (50, 100):
            wait_until("some outcomes", lambda: self.out.settled() > count)
            head.process.send_signal(signal.SIGINT)
            self.assertEqual(head.result().code, 3)
            head, _ = self.begin(*options, port=port)
        self.expect_the_end(head, worker)
        self.check_each_has_one_outcome(self.links)

    def test_workers_that_waited_hear_of_the_end_where_nothing_was_left_to_do(self):
        port = free_ports(4)
        worker = self.worker_that_waits_at(port)
        self.end_delays()
        self.assertEqual(run("run", "--links", self.list_of(self.links), "--out", self.out.path, "--allow-private").code, 0)
        head, _ = self.begin("--fetchers", "0", "--resizers", "0", port=port)
        result = self.expect_the_end(head, worker)
        self.assertIn("the run is over", result.err)

    def test_a_worker_that_waited_does_not_serve_another_run_that_begins_there(self):
        """Its files would lie in the old one's folder, and its outcomes are of other links."""
        port = free_ports(4)
        worker = self.worker_that_waits_at(port)
        other = Folder(self.here / "other")
        other.path.mkdir()
        for key in ("coordinator.key", "run.key"):
            shutil.copy2(self.out / key, other / key)
        links = [self.fault(f"delay/30/other-{number}.jpg") for number in range(20)]
        second = self.start("run", "--links", self.list_of(links), "--out", other.path, "--allow-private", "--listen", port, "--fetchers", "1",
                            "--resizers", "1")
        result = second.result()
        self.assertEqual(result.code, 0, result)
        worker.result()
        self.assertIn("has begun another run", self.said_by_workers())
        self.assertEqual(sorted(row[0] for row in other.ledger()), sorted(links))
        self.assertEqual(len(other.files("images")), len(links))

    @unittest.skipIf(NO_MOUNTS, NO_MOUNTS)
    def test_a_machine_that_does_not_see_the_pictures_leaves_them_to_others(self):
        pictures = self.here / "pictures"
        pictures.mkdir()
        links = self.links[:100]
        self.end_delays()
        self.assertEqual(run("fetch", "--links", self.list_of(links), "--out", self.here / "fetched", "--allow-private").code, 0)
        for picture in (self.here / "fetched" / "images").iterdir():
            shutil.move(picture, pictures)
        head = self.start("resize", "--images", pictures, "--out", self.out.path, "--listen", 0, "--resizers", "0")
        door = f"127.0.0.1:{self.port_of(head)}"
        blind = Thumbline("worker", "--head", door, "--key", self.out / "run.key", "--name", "blind", "--resizers", "2", environment=self.environment,
                          before=hiding(pictures))
        self.started.append(blind)
        left = blind.result()
        self.assertEqual(left.code, 2, left)
        self.assertIn(f"cannot open {pictures}", left.err)
        sees = self.join(door, "sees", "--resizers", "1")
        self.expect_the_end(head, sees)
        self.assertEqual([row for row in self.out.ledger() if row[1] != "done"], [])
        self.assertEqual(len(self.out.files("thumbnails")), len(links))

    def test_a_worker_that_would_refuse_the_links_of_the_run_does_not_take_part(self):
        _, door = self.begin("--fetchers", "0", "--resizers", "0")
        result = self.start("worker", "--head", door, "--key", self.out / "run.key").result()
        self.assertEqual(result.code, 2, result)
        self.assertIn("--allow-private", result.err)
        self.assertEqual(self.out.settled(), 0)

    def test_a_worker_ends_with_whoever_started_it(self):
        _, door = self.begin("--fetchers", "0", "--resizers", "0")
        key = (self.out / "run.key").read_text()
        worker = Thumbline("worker", "--head", door, "--key", "-", "--name", "left", "--allow-private", stdin=-1, environment=self.environment)
        self.started.append(worker)
        worker.process.stdin.write(key)
        worker.process.stdin.flush()
        self.wait_for_share_of("left")
        result = worker.result()  # closes its standard input
        self.assertEqual(result.code, 3, result)


if __name__ == "__main__":
    unittest.main()
