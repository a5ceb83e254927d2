"""A Slurm of one node that is the test's own: munge, controller and node in a temporary folder, in a network without a way out."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pipeline"))

import namespace  # noqa: E402
from thumbline import wait_until  # noqa: E402

_PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "scontrol")
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_ADDRESS = "198.18.0.1"  # RFC 2544: nobody's; Slurm wants one that is no loopback address
_CPUS = 8  # so many tasks at once; the machine may have fewer cores


def enter():
    """As namespace.enter(): None, or why there can be no Slurm here."""
    if os.environ.get("THUMBLINE_SLURM") != "yes":
        return "a Slurm is asked for by scripts/test --slurm"
    missing = [program for program in _PROGRAMS if shutil.which(program, path=_PATH) is None]
    if missing:
        return f"{missing[0]} is not installed (scripts/install-deps --slurm)"
    if os.geteuid() != 0:
        return "only root can start a Slurm"
    return namespace.enter()


class Slurm:
    """Inside `with`, a node that takes jobs. `folder` is for all that the three servers write."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._servers = []
        self._conf = self._folder / "slurm.conf"
        self._munge_socket = self._folder / "munge.socket"
        self._environment = {**os.environ, "SLURM_CONF": str(self._conf), "PATH": _PATH}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in reversed(self._servers):
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _start(self):
        self._be_known_by_name()
        for folder in ("state", "spool"):
            (self._folder / folder).mkdir()
        self._folder.chmod(0o755)
        key = self._folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        self._serve("munged", "--foreground", "--force", "--key-file", key, "--socket", self._munge_socket, "--pid-file",
                    self._folder / "munged.pid", "--seed-file", self._folder / "munged.seed", "--log-file", self._folder / "munged.log")
        wait_until("munge", self._munge_socket.exists)
        self._conf.write_text(self._settings())
        self._serve("slurmctld", "-D", "-i")
        self._serve("slurmd", "-D", "-N", "node")
        wait_until("a node that takes jobs", lambda: "State=IDLE " in self._ask("scontrol", "show", "node", "node"))

    def _be_known_by_name(self):
        """As on any cluster, and in this network alone."""
        namespace.ip("link", "add", "dev", "cluster", "type", "bridge")
        namespace.ip("address", "add", f"{_ADDRESS}/24", "dev", "cluster")
        namespace.ip("link", "set", "cluster", "up")
        self._folder.mkdir(parents=True)
        hosts = self._folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{_ADDRESS} {socket.gethostname()}\n")
        subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)

    def _settings(self):
        """As few of Slurm's parts as there can be: this machine may lack control groups, and has no accounts."""
        name = socket.gethostname().partition(".")[0]
        return f"""ClusterName=thumbline
SlurmctldHost={name}({_ADDRESS})
AuthType=auth/munge
AuthInfo=socket={self._munge_socket}
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={self._folder}/state
SlurmdSpoolDir={self._folder}/spool
SlurmctldPidFile={self._folder}/slurmctld.pid
SlurmdPidFile={self._folder}/slurmd.pid
SlurmctldLogFile={self._folder}/slurmctld.log
SlurmdLogFile={self._folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MinJobAge=3600
KillWait=30
ReturnToService=2
NodeName=node NodeHostname={name} NodeAddr={_ADDRESS} CPUs={_CPUS} State=UNKNOWN
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
"""

    def _serve(self, program, *arguments):
        said = open(self._folder / f"{program}.said", "w")
        with said:
            # Should the test be killed, they end with it.
            command = ["setpriv", "--pdeathsig", "TERM", shutil.which(program, path=_PATH), *map(str, arguments)]
            self._servers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self._environment))

    def _ask(self, *command, check=False):
        ended = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self._environment)
        if check and ended.returncode != 0:
            raise AssertionError(f"{command}: {ended.stdout}")
        return ended.stdout

    def submit(self, script, *arguments, options=(), environment=None):
        """A Job of this batch script. `options`: of sbatch."""
        output = self._folder / "output-%j.txt"
        command = ["sbatch", "--parsable", f"--output={output}", *options, script, *arguments]
        ended = subprocess.run([*map(str, command)], capture_output=True, text=True, env={**self._environment, **(environment or {})})
        if ended.returncode != 0:
            raise AssertionError(f"sbatch: {ended.stderr}")
        number = ended.stdout.strip()
        return Job(self, number, self._folder / f"output-{number}.txt")

    def scancel(self, *words):
        self._ask("scancel", *words, check=True)

    def show(self, job):
        """What the controller knows of a job, by name."""
        words = self._ask("scontrol", "--oneliner", "show", "job", job, check=True).split()
        return dict(word.partition("=")[::2] for word in words)

    def steps(self, job):
        """The steps of a job that run."""
        return [line.split()[0] for line in self._ask("squeue", "--noheader", "--steps", "--jobs", job).splitlines() if line]

    def logs(self):
        """What the servers had to say, for people."""
        return "".join(f"--- {file.name}\n{file.read_text(errors='replace')[-3000:]}\n"
                       for file in sorted(self._folder.iterdir()) if file.suffix in (".log", ".said"))


class Job:
    def __init__(self, slurm, number, output):
        self.number, self._slurm, self._output = number, slurm, output

    @property
    def state(self):
        return self._slurm.show(self.number)["JobState"]

    @property
    def ended(self):
        return self.state not in ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING")

    def wait(self):
        """Until it has ended; its state and its exit code."""
        wait_until(f"the end of job {self.number}", lambda: self.ended)
        known = self._slurm.show(self.number)
        return known["JobState"], int(known["ExitCode"].partition(":")[0])

    def output(self):
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    def __repr__(self):
        return f"job {self.number} ({self.state}):\n{self.output()}"
