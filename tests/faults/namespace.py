"""A network of the test's own: nothing gets into it or out of it, and it is gone with the test."""

import os
import pathlib
import shutil
import subprocess
import sys

_INSIDE = "THUMBLINE_FAULTS_INSIDE"


def enter():
    """Runs the rest of the program in a fresh network with a loopback device alone, and with mounts of its own. Gives the reason
    where this machine does not allow that; nothing has changed then."""
    if os.environ.get(_INSIDE) == "yes":
        ip("link", "set", "lo", "up")
        return None
    if shutil.which("ip") is None:
        return "iproute2 (ip) is not installed"
    command = ["unshare", "--net", "--mount", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        command.append("--map-root-user")
    probe = subprocess.run([*command, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if probe.returncode != 0:
        return f"no network namespace here: {probe.stderr.strip()}"
    os.environ[_INSIDE] = "yes"
    ended = subprocess.run([*command, sys.executable, *sys.argv])
    sys.exit(ended.returncode if ended.returncode >= 0 else 1)


def ip(*words):
    subprocess.run(["ip", *map(str, words)], check=True)


def use_resolver(folder, address):
    """Names are asked for at this address, by everything that is started from now on; `folder` is for the files."""
    resolv, nsswitch = pathlib.Path(folder) / "resolv.conf", pathlib.Path(folder) / "nsswitch.conf"
    resolv.write_text(f"nameserver {address}\noptions timeout:2 attempts:2\n")
    nsswitch.write_text("hosts: files dns\n")
    for file, target in ((resolv, "/etc/resolv.conf"), (nsswitch, "/etc/nsswitch.conf")):
        if os.path.exists(target):
            subprocess.run(["mount", "--bind", file, os.path.realpath(target)], check=True)


class Machine:
    """Another machine: a network of its own that hangs on ours by one cable. `address` is its own, `head` is ours."""

    def __init__(self, number):
        self.address, self.head = f"198.18.{number}.2", f"198.18.{number}.1"
        self._near, self._far = f"near{number}", f"far{number}"
        # It ends with us: then nobody has the other end of its standard input any more.
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo here; exec cat"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self._holder.stdout.readline()
        ip("link", "add", self._near, "type", "veth", "peer", "name", self._far, "netns", self._holder.pid)
        ip("address", "add", f"{self.head}/24", "dev", self._near)
        ip("link", "set", self._near, "up")
        for words in (["link", "set", "lo", "up"], ["address", "add", f"{self.address}/24", "dev", self._far],
                      ["link", "set", self._far, "up"]):
            self._ip(*words)

    def _enter(self):
        return ["nsenter", "--net", "--target", str(self._holder.pid)]

    def start(self, *command, **options):
        """A process on that machine."""
        return subprocess.Popen([*self._enter(), *map(str, command)], **options)

    def unplug(self):
        """Nothing gets through in either direction, and nobody is told: frames go out to a card that nobody has."""
        nobody = "02:00:00:00:00:01"
        ip("neighbour", "replace", self.address, "lladdr", nobody, "dev", self._near, "nud", "permanent")
        self._ip("neighbour", "replace", self.head, "lladdr", nobody, "dev", self._far, "nud", "permanent")

    def plug_in(self):
        ip("neighbour", "del", self.address, "dev", self._near)
        self._ip("neighbour", "del", self.head, "dev", self._far)

    def forget(self):
        """Our side of the connections with it is gone, too, as after a power cut: while it is unplugged, it does not hear of that.
        A kernel that cannot do so (INET_DIAG_DESTROY) goes on trying to tell it."""
        subprocess.run(["ss", "--kill", "--tcp", "dst", self.address], check=True, stdout=subprocess.DEVNULL)

    def _ip(self, *words):
        subprocess.run([*self._enter(), "ip", *words], check=True)

    def stop(self):
        ip("link", "del", self._near)  # now: a network with processes in it would stay for a while
        self._holder.communicate()
