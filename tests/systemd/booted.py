"""A systemd of the test's own: the first of a tree of processes that ends with it. It knows the units that it is given and no
others of this machine, so that nothing of this machine is started."""

import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pipeline"))

import namespace  # noqa: E402
from thumbline import children_of, wait_until  # noqa: E402

_SYSTEMD = "/lib/systemd/systemd"
# What every service wants to be there before it. There is nothing to be done for them here.
_TARGETS = ("sysinit", "basic", "network", "network-online", "multi-user", "shutdown", "umount", "final")
_FIRST = """
set -eu
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mount -t cgroup2 cgroup2 "$1/cgroup"
mkdir "$1/cgroup/$2"
echo $$ >"$1/cgroup/$2/cgroup.procs"
exec unshare --cgroup sh -c '
  for of_this_machine in /proc/sys /sys; do
    mount --bind $of_this_machine $of_this_machine
    mount -o remount,ro,bind $of_this_machine
  done
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mount --make-rshared / # within these mounts: services hear of what systemd mounts for them
  exec env container=other SYSTEMD_UNIT_PATH="$1/units" SYSTEMD_GENERATOR_PATH=/nonexistent \
    SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/nonexistent "$3" --system --unit=multi-user.target --log-target=console --show-status=no
' sh "$@"
"""


def enter():
    """As namespace.enter(): None, or why there can be no systemd here."""
    if not os.access(_SYSTEMD, os.X_OK) or shutil.which("systemctl") is None:
        return "systemd is not installed"
    if os.geteuid() != 0:
        return "only root can have a systemd of its own"
    if "cgroup2" not in pathlib.Path("/proc/filesystems").read_text():
        return "this kernel has no control groups of the second kind"
    return namespace.enter()


def _removed(group):
    try:
        os.rmdir(group)
    except OSError:  # somebody in it is about to end
        return False
    return True


class Systemd:
    """Inside `with`, it runs. `folder` is for what it needs; `units` are files by their names."""

    def __init__(self, folder, units):
        self._folder = pathlib.Path(folder)
        self._group = f"thumbline-{os.getpid()}"
        self._log = self._folder / "systemd.log"
        for folder in ("units", "cgroup"):
            (self._folder / folder).mkdir(parents=True)
        targets = {f"{name}.target": "[Unit]\nDefaultDependencies=no\n" for name in _TARGETS}
        for name, text in {**targets, **units}.items():
            (self._folder / "units" / name).write_text(text)

    def __enter__(self):
        with open(self._log, "w") as log:
            self._holder = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "sh", "-c",
                 _FIRST, "sh", self._folder, self._group, _SYSTEMD], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until("systemd", lambda: self._holder.poll() is not None or self._is_up())
            if self._holder.poll() is not None:
                raise RuntimeError(f"systemd does not start: {self.log()}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._holder.kill()
        self._holder.wait()
        groups = self._folder / "cgroup"
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", groups], check=True)
        try:
            for group, _, _ in os.walk(groups / self._group, topdown=False):
                wait_until(f"the end of all that ran in {group}", lambda: _removed(group))
        finally:
            subprocess.run(["umount", groups], check=True)

    def _is_up(self):
        return bool(children_of(self._holder.pid)) and self.run("systemctl", "is-system-running").strip() in ("running", "degraded")

    def run(self, *command):
        """A command beside it; what it printed."""
        first = children_of(self._holder.pid)[0]
        ended = subprocess.run(["nsenter", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--target", str(first), "--", *map(str, command)],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return ended.stdout

    def systemctl(self, *words):
        said = self.run("systemctl", *words)
        if said:
            raise AssertionError(f"systemctl {words}: {said}\n{self.run('systemctl', 'status', '--no-pager', '--full', '*.service')}")

    def show(self, unit):
        """Its properties by name."""
        return dict(line.partition("=")[::2] for line in self.run("systemctl", "show", unit).splitlines())

    def log(self):
        return self._log.read_text(errors="replace")
