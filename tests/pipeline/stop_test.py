"""Ctrl-C and its kin, programs that stand still, strangers."""

import os
import pathlib
import signal
import socket
import subprocess
import unittest

from thumbline import BIN, PROGRAMS, TestCase, Thumbline, children_of, program_of, run, wait_until

# ZMTP 3.1, greeting: signature, version, mechanism NULL, no server (https://rfc.zeromq.org/spec/37/).
NULL_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(1) + bytes(31)
LISTENING = "0A"  # the state, in /proc/net/tcp (proc(5))


class StopTest(TestCase):
    def command(self, links, *options):
        return ("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--resizers", "2", "--size", "16",
                *options)

    def started(self, links, settled, *options):
        """A run that has got so far."""
        started = Thumbline(*self.command(links, *options))
        wait_until(f"{settled} outcomes", lambda: self.out.settled() >= settled)
        return started

    def check_stop(self, number):
        links = self.slow_links(1500)
        started = self.started(links, 100, *self.few_transfers)
        programs = [pid for pid in children_of(started.process.pid) if program_of(pid).startswith("thumbline-")]
        self.assertEqual(len(programs), 5)
        started.process.send_signal(number)
        result = started.result()
        self.assertEqual(result.code, 3, result)
        self.assertIn("the same command", result.err)
        self.assertEqual([pid for pid in programs if program_of(pid)], [])
        self.assertFalse((self.out / ".partial").exists())
        settled = {link for link, *_ in self.out.ledger()}
        self.assertLess(len(settled), len(links))
        asked = self.asked()
        self.end_delays()
        again = run(*self.command(links))
        self.assertEqual(again.code, 0, again)
        self.check_each_has_one_outcome(links)
        for link in settled:
            path = link.removeprefix(self.gallery.url)
            self.assertEqual(self.asked()[path], asked[path], "what was done is not done again")

    def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(self):
        self.check_stop(signal.SIGINT)

    def test_sigterm_too(self):
        self.check_stop(signal.SIGTERM)

    def test_ctrl_c_before_anything_is_done(self):
        links = self.many_links(50)
        started = Thumbline(*self.command(links))
        started.wait_for_program("collector")
        started.process.send_signal(signal.SIGINT)
        self.assertEqual(started.result().code, 3)
        self.assertEqual(run(*self.command(links)).code, 0)
        self.check_each_has_one_outcome(links)

    def test_ctrl_c_before_the_list_has_ended(self):
        """It comes through a pipe, and the same command would have another one."""
        for command in ("run", "compare"):
            started = Thumbline(command, "--links", "-", "--out", self.out.path, stdin=subprocess.PIPE)
            wait_until("the beginning of a list", lambda: list(self.out.path.glob(".links.txt-*.part")))
            started.process.send_signal(signal.SIGINT)
            result = started.result()
            self.assertEqual(result.code, 3, result)
            self.assertIn("before the list had ended", result.err)
            self.assertNotIn("the same command", result.err)
            self.assertEqual(self.out.files("."), [])

    def test_a_second_ctrl_c_waits_for_nobody(self):
        started = self.started([*self.many_links(20), self.fault("hang/a.jpg")], 20)
        fetcher, = started.programs("fetcher")
        started.process.send_signal(signal.SIGINT)
        started.process.send_signal(signal.SIGINT)
        result = started.result()
        self.assertEqual(result.code, 3, result)
        self.assertEqual(program_of(fetcher), "")

    def test_a_resizer_that_stands_still_does_not_hold_up_the_run(self):
        links = self.slow_links(300)
        started = self.started(links, 50, *self.few_transfers)
        stopped = started.programs("resizer")[0]
        os.kill(stopped, signal.SIGSTOP)
        self.end_delays()
        result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(program_of(stopped), "")
        self.check_each_has_one_outcome(links)

    def test_two_runs_in_one_folder(self):
        started = self.started([*self.many_links(20), self.fault("hang/a.jpg")], 20)
        second = run(*self.command(self.many_links(20)))
        self.assertEqual(second.code, 2, second)
        self.assertIn("another run", second.err)
        started.process.send_signal(signal.SIGINT)
        self.assertEqual(started.result().code, 3)

    def test_programs_end_with_their_launcher(self):
        started = self.started([*self.many_links(20), self.fault("hang/a.jpg")], 20)
        programs = children_of(started.process.pid)
        os.kill(started.process.pid, signal.SIGKILL)
        started.process.communicate()
        wait_until("their end", lambda: not [pid for pid in programs if program_of(pid)])

    def test_strangers_without_the_key_are_turned_away(self):
        started = self.started([*self.many_links(20), self.fault("hang/a.jpg")], 20)
        ports = [port for name in PROGRAMS for pid in started.programs(name) for port in listening_ports(pid)]
        self.assertEqual(len(ports), 4, "results, receipts, links, paths")
        for port in ports:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
                sock.sendall(NULL_GREETING)
                while sock.recv(4096):
                    pass  # the other side's greeting, then the end
        other = self.here / "other"
        self.assertEqual(run("fetch", "--links", self.list_of([]), "--out", other).code, 0)
        collector, = started.programs("collector")
        fetcher, = started.programs("fetcher")
        stranger = subprocess.Popen(
            [BIN / "thumbline-resizer", "--key", other / "run.key", "--store", other,
             "--from", f"tcp://127.0.0.1:{listening_ports(fetcher)[0]}",
             "--results", f"tcp://127.0.0.1:{listening_ports(collector)[0]}"], stderr=subprocess.DEVNULL)
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.terminate)
        wait_until("the refusal", lambda: "turned away" in (self.out / "logs/fetcher-1.log").read_text())
        started.process.send_signal(signal.SIGINT)
        self.assertEqual(started.result().code, 3)
        self.assertEqual((self.out / "run.key").stat().st_mode & 0o777, 0o600)


def listening_ports(pid):
    """The TCP ports on which this process listens."""
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{fd}")
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    ports = []
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                ports.append(int(fields[1].partition(":")[2], 16))
    return sorted(ports)


if __name__ == "__main__":
    unittest.main()
