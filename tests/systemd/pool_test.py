"""The units of scripts/systemd under a real systemd: a pool that takes part in one run after the other, confined as they say."""

import os
import pathlib
import shutil
import subprocess
import unittest
import unittest.mock

import booted

NO_SYSTEMD = booted.enter()

import thumbline  # noqa: E402
from thumbline import BIN, Folder, LAUNCHER, PROGRAMS, ROOT, Thumbline, wait_until  # noqa: E402

UNITS = ROOT / "scripts" / "systemd"
USER = "daemon"  # everywhere there is one; a pool of its own has a user of its own
POOL = ("thumbline-fetcher@1", "thumbline-resizer@1", "thumbline-resizer@2")
PORT = 7117
LINKS = 300


class Head(Thumbline):
    """As that user. It finds nothing of what root's environment says."""

    def __init__(self, *arguments):
        with unittest.mock.patch.object(thumbline, "LAUNCHER", "/srv/bin/thumbline"):
            super().__init__(*arguments, before=["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"],
                             environment={"THUMBLINE_BIN": "/srv/bin", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})

    def ended(self):
        return self.process.poll() is not None

    def stop(self):
        if not self.ended():
            self.process.kill()
            self.process.communicate()


@unittest.skipIf(NO_SYSTEMD, NO_SYSTEMD)
class PoolTest(thumbline.TestCase):
    def setUp(self):
        super().setUp()
        self.here.chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/srv"], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", "/srv"], check=True)
        self.install()
        os.mkdir("/srv/thumbline")
        shutil.chown("/srv/thumbline", USER)
        self.settings = self.here / "etc"
        self.settings.mkdir()
        self.systemd = self.enterContext(booted.Systemd(self.here / "systemd", self.units()))
        self.systemd.run("mount", "--bind", "/srv/bin", "/usr/local/bin")

    def install(self):
        """Into /srv, where that user can read it all."""
        os.mkdir("/srv/bin")
        for program in (LAUNCHER, *(BIN / f"thumbline-{name}" for name in PROGRAMS)):
            shutil.copy(program, "/srv/bin")
        shutil.copytree(ROOT / "scripts" / "launcher", "/srv/share/thumbline/launcher")

    def units(self):
        """As they are, but for a user that is there, /etc as it is, and a place for what they say."""
        log = f"StandardError=append:{self.here}/said.log"
        return {unit.name: unit.read_text().replace("User=thumbline", f"User={USER}\n{log}").replace("/etc/thumbline", str(self.settings))
                for unit in UNITS.iterdir() if unit.suffix in (".service", ".target")}

    def said(self):
        log = self.here / "said.log"
        return f"{log.read_text() if log.exists() else ''}\n{self.systemd.log()[-3000:]}"

    def start_run(self, name, links):
        """A head alone, in /srv/thumbline/NAME, which belongs to the pool's user; its key is the pool's."""
        out = Folder(f"/srv/thumbline/{name}")
        os.mkdir(out.path)
        shutil.chown(out.path, USER)
        key = self.settings / "run.key"
        if key.exists():
            shutil.copy(self.coordinator_key, out / "coordinator.key")
            shutil.chown(out / "coordinator.key", USER)
        head = Head("run", "--links", self.list_of(links), "--out", out.path, "--listen", PORT, "--fetchers", "0", "--resizers", "0",
                    "--size", "16")
        self.addCleanup(head.stop)
        if not key.exists():
            wait_until("the run's key", lambda: (out / "run.key").exists() or head.ended())
            shutil.copy(out / "run.key", key)
            self.coordinator_key = out / "coordinator.key"
        return out, head

    def start_pool(self, fetcher_options=""):
        # `require`: a decoder that the unit keeps from giving up its rights ends its resizer.
        (self.settings / "worker.conf").write_text(f"HEAD=tcp://127.0.0.1:{PORT}\nRESIZER_OPTIONS=--sandbox require\n"
                                                   f"FETCHER_OPTIONS=--allow-private {fetcher_options}\n")
        self.systemd.systemctl("start", "thumbline-workers.target", *POOL)

    def expect_the_end(self, out, head, links):
        result = head.result()
        self.assertEqual(result.code, 0, f"{result}\n{self.said()}")
        self.out = out
        self.check_each_has_one_outcome(links)

    def test_it_takes_part_in_one_run_after_the_other(self):
        links = self.many_links(LINKS)
        out, head = self.start_run("first", links)
        self.start_pool()
        self.expect_the_end(out, head, links)
        out, head = self.start_run("second", links)
        self.expect_the_end(out, head, links)
        owners = {pathlib.Path(out / "thumbnails" / name).owner() for name in out.files("thumbnails")}
        self.assertEqual(owners, {USER})

    def test_stopping_it_finishes_what_is_in_hand(self):
        """Nothing has to be done again by whoever takes over: no lease runs out, no link is asked for twice."""
        links = self.slow_links(LINKS, 100)
        out, head = self.start_run("run", links)
        self.start_pool("--threads 1 --transfers 4")
        wait_until("a tenth of the links", lambda: out.settled() >= LINKS // 10 or head.ended())
        self.systemd.systemctl("stop", "thumbline-workers.target")
        for unit in POOL:
            wait_until(f"the end of {unit}", lambda: self.systemd.show(unit)["ActiveState"] in ("inactive", "failed"))
            known = self.systemd.show(unit)
            self.assertEqual((known["Result"], known["ExecMainStatus"]), ("success", "0"), self.said())
        self.assertLess(out.settled(), LINKS)
        self.end_delays()
        self.systemd.systemctl("start", "thumbline-workers.target", *POOL)
        self.expect_the_end(out, head, links)
        self.assertEqual([path for path, times in self.asked().items() if times > 1], [])

    def test_who_dies_is_started_again(self):
        links = self.slow_links(LINKS)
        out, head = self.start_run("run", links)
        self.start_pool("--threads 1 --transfers 4")
        wait_until("an outcome", lambda: out.settled() or head.ended())
        self.systemd.systemctl("kill", "--signal=KILL", "thumbline-fetcher@1")
        self.end_delays()
        self.expect_the_end(out, head, links)
        self.assertGreaterEqual(int(self.systemd.show("thumbline-fetcher@1")["NRestarts"]), 1)


if __name__ == "__main__":
    unittest.main()
