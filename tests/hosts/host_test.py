"""The machines that the other tests of this folder stand on."""

import contextlib
import pathlib
import subprocess
import tempfile
import unittest

import host

from thumbline import wait_until

NO_HOSTS = host.enter()

ANSWER_S = 60  # only something that hangs takes that long
NO_ANSWER_S = 2  # on a cable that is whole, an answer takes a thousandth of that


@unittest.skipIf(NO_HOSTS, NO_HOSTS)
class HostTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.here = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.cable = self.stack.enter_context(host.Cable(self.here / "machines"))

    def ssh(self, to, command, *options):
        return subprocess.run([*self.cable.ssh, *options, to, command], capture_output=True, text=True, timeout=ANSWER_S)

    def session(self, to, command):
        """A command over ssh that goes on; it has said `begun`."""
        session = subprocess.Popen([*self.cable.ssh, to, f"echo begun; {command}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   text=True)
        self.addCleanup(session.communicate)
        self.addCleanup(session.kill)  # or it would wait for a machine that is no more, and whoever runs this test for it
        self.assertEqual(session.stdout.readline(), "begun\n")
        return session

    def reaches(self, there, address):
        """Whether a machine gets an answer from an address."""
        return there.start("timeout", NO_ANSWER_S, "bash", "-c", f"exec 3<>/dev/tcp/{address}/22 && read -t {NO_ANSWER_S} -u 3",
                           stderr=subprocess.DEVNULL).wait() == 0

    def test_the_head_logs_in_to_each(self):
        for machine in (self.cable.host(), self.cable.host()):
            for name in (machine.name, machine.address, f"root@{machine.address}"):
                said = self.ssh(name, "hostname; echo $SSH_CONNECTION; pwd")
                self.assertEqual(said.returncode, 0, said)
                name_there, connection, home = said.stdout.splitlines()
                self.assertEqual(name_there, machine.name)
                self.assertEqual((connection.split()[0], connection.split()[2]), (host.HEAD, machine.address))
                self.assertEqual(home, str(machine.home))

    def test_an_unplugged_one_is_gone_and_the_others_go_on(self):
        gone, other = self.cable.host(), self.cable.host()
        self.assertTrue(self.reaches(other, gone.address))
        gone.unplug()
        self.assertFalse(self.reaches(other, gone.address))
        self.assertEqual(self.ssh(other.name, "hostname").stdout, f"{other.name}\n")
        self.assertNotEqual(self.ssh(gone.name, "hostname", "-o", "ConnectTimeout=1").returncode, 0)
        gone.plug_in()
        self.assertEqual(self.ssh(gone.name, "hostname").stdout, f"{gone.name}\n")

    def test_an_open_connection_survives_a_short_cut(self):
        """As with a real cable: nobody is told."""
        machine = self.cable.host()
        session = self.session(machine.name, "read line; echo $line")
        machine.unplug()
        session.stdin.write("still here\n")
        session.stdin.flush()
        machine.plug_in()
        self.assertEqual(session.communicate(timeout=ANSWER_S)[0], "still here\n")

    def test_a_folder_is_hidden_or_elsewhere(self):
        shared, other = self.here / "shared", self.here / "other"
        shared.mkdir()
        (shared / "file").write_text("ours")
        seeing, hiding = self.cable.host(elsewhere={str(other): str(shared)}), self.cable.host(hidden=[str(shared)])
        self.assertEqual(self.ssh(seeing.name, f"cat {shared}/file {other}/file").stdout, "oursours")
        self.assertEqual(self.ssh(hiding.name, f"ls {shared}; echo theirs > {shared}/file; cat {shared}/file").stdout, "theirs\n")
        self.assertEqual((shared / "file").read_text(), "ours")
        self.assertEqual(list(other.iterdir()), [])

    def test_what_runs_there_is_seen_and_ends_with_the_machine(self):
        machine = self.cable.host()
        session = self.session(machine.name, "exec sleep 1000")
        sleeper = wait_until("its process", lambda: [pid for pid, command in machine.processes().items() if command == "sleep 1000"])[0]
        machine.stop()
        self.assertFalse(pathlib.Path(f"/proc/{sleeper}").exists())
        self.assertIsNone(session.poll())  # nobody has told it

    def test_who_has_no_key_gets_in_nowhere(self):
        machine = self.cable.host(lets_in=False)
        said = self.ssh(machine.name, "hostname")
        self.assertEqual(said.returncode, 255)
        self.assertIn("Permission denied", said.stderr)


if __name__ == "__main__":
    unittest.main()
