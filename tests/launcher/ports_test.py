"""The sockets of a run."""

import errno
import os
import pathlib
import re
import socket
import subprocess
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from launcher import ports  # noqa: E402
from launcher.ending import CANNOT_GO_ON, Stop  # noqa: E402


class PortsTest(unittest.TestCase):
    def opened(self, listen, *names):
        opened = ports.Ports(listen)
        self.addCleanup(opened.close)
        opened.open(names)
        return opened

    def row_of(self, length):
        """The first of some ports in a row that nobody has."""
        for _ in range(100):
            first = self.opened(0, "door").port("door") + 1
            tried = ports.Ports(first)
            try:
                tried.open(["door", "links", "results", *(f"paths-{n}" for n in range(length - 3))])
                return first
            except Stop:
                continue
            finally:
                tried.close()
        self.fail("there are no ports in a row")

    def test_who_connects_before_the_program_is_there_waits_for_it(self):
        opened = self.opened(None, "results")
        with socket.create_connection(("127.0.0.1", opened.port("results")), timeout=60) as early:
            early.sendall(b"hello")
            fd, = opened.inherited(["results"])
            self.assertEqual(opened.to_bind("results"), f"fd://{fd}")
            program = "import socket, sys; print(socket.socket(fileno=int(sys.argv[1])).accept()[0].recv(9))"
            heard = subprocess.run([sys.executable, "-c", program, str(fd)], pass_fds=[fd], capture_output=True, text=True)
        self.assertEqual(heard.stdout, "b'hello'\n", heard.stderr)

    def test_other_programs_do_not_inherit_it(self):
        fd, = self.opened(None, "results").inherited(["results"])
        self.assertFalse(os.get_inheritable(fd))

    def test_only_this_machine_can_connect_unless_others_may_join(self):
        private = self.opened(None, "links", "results", "receipts")
        shared = self.opened(0, "door", "links", "results", "receipts", "paths-1")
        for opened, names, where in ((private, ("links", "results", "receipts"), "127.0.0.1"), (shared, ("receipts",), "127.0.0.1"),
                                     (shared, ("door", "links", "results", "paths-1"), None)):
            for name in names:
                address = opened._sockets[name].getsockname()[0]
                self.assertIn(address, (where,) if where else ("::", "0.0.0.0"), name)
                self.assertEqual(opened.endpoint(name), f"tcp://127.0.0.1:{opened.port(name)}")
                socket.create_connection(("127.0.0.1", opened.port(name)), timeout=60).close()

    def test_they_are_in_a_row_in_the_order_of_the_readme(self):
        first = self.row_of(5)
        opened = self.opened(first, "paths-1", "results", "receipts", "links", "door", "paths-2")
        self.assertEqual([opened.port(name) - first for name in ("door", "links", "results", "paths-1", "paths-2")], [0, 1, 2, 3, 4])

    def test_a_port_that_another_has_is_named_with_all_that_are_wanted(self):
        first = self.row_of(4)
        self.opened(first, "results")
        with self.assertRaises(Stop) as stop:
            self.opened(first, "door", "links", "results", "paths-1")
        self.assertEqual(stop.exception.code, CANNOT_GO_ON)
        self.assertTrue(re.search(f"takes the ports {first} to {first + 3}, and {first + 2} cannot be had: .*; choose others by --listen PORT",
                                  str(stop.exception)), stop.exception)

    def test_a_system_without_ipv6(self):
        whole = socket.socket

        def without(family=-1, *others, **more):
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
            return whole(family, *others, **more)

        with unittest.mock.patch.object(ports.socket, "socket", without):
            opened = self.opened(0, "door")
        socket.create_connection(("127.0.0.1", opened.port("door")), timeout=60).close()

    def test_a_tight_hop_keeps_little_for_who_is_not_there_yet(self):
        """What the kernel holds back for a worker that stands still is out of reach for the others."""
        opened = self.opened(None, "links", "results")
        sizes = {}
        for name in ("links", "results"):
            with socket.create_connection(("127.0.0.1", opened.port(name)), timeout=60):
                opened._sockets[name].setblocking(True)
                with opened._sockets[name].accept()[0] as accepted:
                    sizes[name] = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        self.assertLess(sizes["links"], 16384)
        self.assertLess(sizes["links"], sizes["results"])


if __name__ == "__main__":
    unittest.main()
