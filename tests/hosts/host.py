"""Machines of the test's own, each with an SSH server: one head, where the test is, and others that all reach each other and it.

A machine is a network with an address of its own on one cable, a tree of processes that ends with it, a host name, and mounts of
its own: a folder may be hidden from it or lie elsewhere. What is nowhere else is shared: programs, packages, everybody's files.
"""

import os
import pathlib
import select
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pipeline"))

import namespace  # noqa: E402
from namespace import ip  # noqa: E402
from thumbline import BIN, wait_until  # noqa: E402

HEAD = "198.18.0.1"  # RFC 2544: nobody's addresses
_SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
# A shell that the machine's other processes hang on: when it is gone, so are they. It is told how to begin, then waits.
_FIRST = """
set -eu
hostname "$1"
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
ip link set lo up
echo here
exec cat
"""


def enter():
    """As namespace.enter(): None, or why there can be no machines here."""
    for missing, package in ((_SSHD, "openssh-server"), (shutil.which("ssh"), "openssh-client"), (shutil.which("ip"), "iproute2")):
        if missing is None:
            return f"{package} is not installed (scripts/install-deps --hosts)"
    if os.geteuid() != 0:
        return "only root can have machines of its own"
    return namespace.enter()


class Cable:
    """Connects the head and all hosts; one for each test. `folder` is for keys and settings."""

    _DEVICE = "cable"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.hosts = []
        ip("link", "add", "dev", self._DEVICE, "type", "bridge")
        ip("address", "add", f"{HEAD}/24", "dev", self._DEVICE)
        ip("link", "set", self._DEVICE, "up")
        self.user_key = self._make_key("user_key")
        self.ssh_config = self.folder / "ssh_config"
        self._write_ssh_config()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for host in self.hosts:
            host.stop()
        ip("link", "del", self._DEVICE)

    @property
    def ssh(self):
        """The words of a command that logs in to any of the hosts, by name or address, without asking anything."""
        return ["ssh", "-F", str(self.ssh_config)]

    def host(self, **settings):
        """Another machine, running; for `settings` see Host."""
        number = len(self.hosts) + 1
        self.hosts.append(Host(self, number, self._make_key(f"host_key_{number}"), **settings))
        self._write_ssh_config()
        self.hosts[-1].start_ssh_server()
        return self.hosts[-1]

    def connect(self, device):
        ip("link", "set", device, "master", self._DEVICE)

    def disconnect(self, device):
        ip("link", "set", device, "nomaster")

    def _make_key(self, name):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.folder / name], check=True)
        return self.folder / name

    def _write_ssh_config(self):
        known = self.folder / "known_hosts"
        known.write_text("".join(f"{host.name},{host.address} {host.public_key}\n" for host in self.hosts))
        names = "".join(f"Host {host.name}\n  HostName {host.address}\n" for host in self.hosts)
        self.ssh_config.write_text(f"""{names}Host *
  User root
  IdentityFile {self.user_key}
  IdentitiesOnly yes
  UserKnownHostsFile {known}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
""")


class Host:
    """A machine beside the head. `hidden`: folders that are empty there, and whose new contents nobody else sees; `elsewhere`:
    folders of ours by the paths under which they lie there; `lets_in`: whether its SSH server knows the head's key."""

    def __init__(self, cable, number, host_key, hidden=(), elsewhere=None, lets_in=True):
        self.name, self.address = f"worker{number}", f"198.18.0.{number + 1}"
        self.public_key = host_key.with_suffix(".pub").read_text().strip()
        self._cable, self._host_key, self._lets_in = cable, host_key, lets_in
        self._folder = cable.folder / self.name
        self._folder.mkdir()
        self.home = self._folder / "home"
        self.home.mkdir(mode=0o700)
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "sh", "-c", _FIRST, "sh", self.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._holder.stdout.readline() != b"here\n":
            raise RuntimeError(f"there is no {self.name}")
        self._first = int(pathlib.Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text())
        self._end = os.pidfd_open(self._first)
        self._lay_the_cable(number)
        self._make_root_at_home()
        for folder in hidden:
            self.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder)
        for there, ours in (elsewhere or {}).items():
            os.makedirs(there, exist_ok=True)
            self.run("mount", "--bind", ours, there)

    def _lay_the_cable(self, number):
        self._near, far = f"near{number}", "eth0"
        ip("link", "add", "dev", self._near, "type", "veth", "peer", "name", far, "netns", self._first)
        self._cable.connect(self._near)
        ip("link", "set", self._near, "up")
        self.run("ip", "address", "add", f"{self.address}/24", "dev", far)
        self.run("ip", "link", "set", far, "up")

    def _make_root_at_home(self):
        """Root's home is the machine's own, and root is somebody who may log in."""
        for name, root in (("passwd", f"root:x:0:0:root:{self.home}:/bin/sh"), ("shadow", "root:*:19000:0:99999:7:::")):
            lines = pathlib.Path("/etc", name).read_text().splitlines()
            ours = self._folder / name
            ours.write_text("".join(line + "\n" for line in [root, *(line for line in lines if not line.startswith("root:"))]))
            self.run("mount", "--bind", ours, f"/etc/{name}")

    def start_ssh_server(self):
        config, log, keys = self._folder / "sshd_config", self._folder / "sshd.log", self._folder / "authorized_keys"
        keys.write_text(self._cable.user_key.with_suffix(".pub").read_text() if self._lets_in else "")
        config.write_text(f"""ListenAddress {self.address}
HostKey {self._host_key}
AuthorizedKeysFile {keys}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
UseDNS no
PrintMotd no
SetEnv THUMBLINE_BIN={BIN} PYTHONDONTWRITEBYTECODE=1
""")
        self._sshd = self.start(_SSHD, "-D", "-f", config, "-E", log, stdin=subprocess.DEVNULL)
        wait_until(f"the SSH server of {self.name}", lambda: log.exists() and "Server listening" in log.read_text())

    def start(self, *command, **options):
        """A process on that machine; what is given back is nsenter, which waits for it and ends as it does."""
        return subprocess.Popen([*self._enter(), *map(str, command)], **options)

    def run(self, *command):
        """A command on that machine; what it printed."""
        return subprocess.run([*self._enter(), *map(str, command)], check=True, stdout=subprocess.PIPE, text=True).stdout

    def _enter(self):
        return ["nsenter", "--net", "--mount", "--uts", "--ipc", "--pid", "--target", str(self._first), "--"]

    def unplug(self):
        """Nothing gets through in either direction, and nobody is told: the cable ends somewhere on the way."""
        self._cable.disconnect(self._near)

    def plug_in(self):
        self._cable.connect(self._near)

    def processes(self):
        """The command lines of all that runs there beside the machine itself: SSH's sessions and what they have started."""
        ours = os.readlink(f"/proc/{self._first}/ns/pid")
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "ns/pid") == ours:
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            except OSError:  # it ends
                continue
        own = {self._first, *self._ssh_server()}
        return {pid: command for pid, command in found.items() if command and pid not in own}

    def _ssh_server(self):
        try:
            return [int(pid) for pid in pathlib.Path(f"/proc/{self._sshd.pid}/task/{self._sshd.pid}/children").read_text().split()]
        except OSError:
            return []

    def thumblines(self, program=""):
        """The ids of the processes there that are launchers or programs of thumbline; `program`: those of this kind alone."""
        wanted = f"thumbline-{program}" if program else "thumbline"
        return [pid for pid, command in self.processes().items()
                if wanted in os.path.basename(command.split()[0]) or (not program and "scripts/launcher" in command)]

    def stop(self):
        """All that runs there ends at once, as when the power goes; comes back when nothing runs there any more."""
        if self._holder.poll() is None:
            subprocess.run(["ip", "link", "del", "dev", self._near], check=True)
            self._holder.kill()
            select.select([self._end], [], [])  # the first process of a tree is the last one to go: pid_namespaces(7)
            os.close(self._end)
        self._holder.communicate()
        self._sshd.wait()
