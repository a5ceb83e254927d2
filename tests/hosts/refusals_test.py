"""What a user is told where a machine cannot take part."""

import pathlib
import unittest

import host

NO_HOSTS = host.enter()

import cluster  # noqa: E402
import oracle  # noqa: E402
from cluster import HEAD, PORT  # noqa: E402
from thumbline import BIN, wait_until  # noqa: E402


@unittest.skipIf(NO_HOSTS, NO_HOSTS)
class RefusalsTest(cluster.Case):
    def expect_refusal(self, worker, code, *words):
        result = worker.result()
        self.assertEqual(result.code, code, result)
        for word in words:
            self.assertIn(word, result.out)
        self.assertNotIn("Traceback", result.out)

    def start_head_alone(self, *options):
        """It has links for a long time."""
        started = self.start_run(lines=[f"root@{self.host(lets_in=False).address}"], options=options)
        wait_until("the door", lambda: self.head_listens())
        return started

    def head_listens(self):
        listening = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:] + pathlib.Path("/proc/net/tcp6").read_text().splitlines()[1:]
        return any(line.split()[1].endswith(f":{PORT:04X}") and line.split()[3] == "0A" for line in listening)

    def test_another_key(self):
        self.start_head_alone()
        other = self.cable.folder / "other.key"
        other.touch(0o600)
        other.write_text(self.another_key())
        self.expect_refusal(self.start_worker(self.host(), key=other), 3, f"{HEAD}:{PORT}", "does not let us in")

    def another_key(self):
        """A whole one, of another run."""
        machine = self.host()
        collector = machine.start(BIN / "thumbline-collector", "--create-key", "--key", machine.home / "run.key", "--out", machine.home,
                      "--results", "tcp://127.0.0.1:*", "--receipts", "tcp://127.0.0.1:*", "--progress", "none")
        self.stack.callback(collector.wait)
        self.stack.callback(collector.kill)
        wait_until("another key", (machine.home / "run.key").exists)
        return (machine.home / "run.key").read_text()

    def test_no_head(self):
        self.start_head_alone()
        machine = self.host()
        heads = (f"{HEAD}:{PORT + 100}", "198.18.0.250", "no.such.name.invalid")
        for head, worker in [(head, self.start_worker(machine, head=head)) for head in heads]:
            self.expect_refusal(worker, 3, head, "cannot be reached")

    def test_a_folder_that_may_only_be_read(self):
        """Or else each picture that such a worker gets has failed for ever."""
        self.start_head_alone()
        machine = self.host()
        machine.run("mount", "--bind", self.out.path, self.out.path)
        machine.run("mount", "-o", "remount,ro,bind", self.out.path)
        self.expect_refusal(self.start_worker(machine), 2, str(self.out.path))
        self.assertEqual(self.out.settled(), 0)

    def test_a_folder_that_is_not_the_heads(self):
        self.start_head_alone()
        machine = self.host(hidden=[self.here])
        self.expect_refusal(self.start_worker(machine), 2, str(self.out.path), "is not there", "--folder")
        machine.run("mkdir", self.out.path)
        self.expect_refusal(self.start_worker(machine), 2, str(self.out.path), "is not the run's folder", "--folder")

    def test_one_that_ssh_cannot_reach_is_no_reason_to_stop(self):
        closed, absent, works = self.host(lets_in=False), self.host(), self.host()
        absent.stop()
        started = self.start_run(closed, absent, works)
        self.wait_for_words(started, "Permission denied", closed.address, absent.address)
        self.expect_the_end(started)
        self.check_oracle(self.links)

    def test_one_without_thumbline(self):
        without, works = self.host(), self.host()
        lines = [f"root@{without.address} bin=/not/there", f"root@{works.address} {self.per_machine}"]
        started = self.start_run(lines=lines)
        self.wait_for_words(started, f"{without.address} cannot take part", "/not/there/thumbline")
        self.expect_the_end(started)
        self.check_oracle(self.links)

    def test_nobody_at_all(self):
        machine = self.host()
        result = self.expect_the_end(self.start_run(lines=[f"root@{machine.address} bin=/not/there"]), 3)
        self.assertIn("no machine is left", result.err)


if __name__ == "__main__":
    oracle.main()
