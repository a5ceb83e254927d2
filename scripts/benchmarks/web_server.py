"""An nginx on loopback addresses that plays many hosts: over HTTP or HTTPS, with HTTP/2 or without, patient or limiting its rate."""
import collections
import contextlib
import dataclasses
import datetime
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from benchmarks import ground

_PATIENCE_S = 30
_REFUSING = (429, 503)


@dataclasses.dataclass(frozen=True)
class Refusal:
    """What a host answers that takes `rate` requests a second and a few more at once."""
    status: int
    retry_after: str = ""  # seconds, "date" for a second from now as a date, or nothing
    rate: int = 20
    burst: int = 10


@dataclasses.dataclass
class Requests:
    """What the server has seen."""
    count: int
    refused: int
    connections: int


def addresses(count):
    """Of so many hosts."""
    return [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(count)]


class WebServer:
    """Serves the files of a folder, at `port` of each of the addresses, until the end of `with`. `certificate` and its key make
    it HTTPS. With `paced`, each host answers so many requests a second, and lets the others wait. What follows a `?` makes links
    different, and nothing else."""

    def __init__(self, folder, pictures, hosts, certificate=None, http2=False, refusal=None, paced=0):
        if shutil.which("nginx", path=_search_path()) is None:
            raise ground.CannotMeasure("nginx is missing: scripts/install-deps --dev")
        self._folder = pathlib.Path(folder)
        self._pictures, self._hosts, self._certificate, self._http2, self._refusal = pictures, hosts, certificate, http2, refusal
        self._paced = paced
        self._log = self._folder / "access.log"

    def __enter__(self):
        self._folder.mkdir()
        self.port = _free_port(self._hosts[0])
        (self._folder / "nginx.conf").write_text(self._configuration())
        self._process = subprocess.Popen(
            ["nginx", "-p", self._folder, "-c", self._folder / "nginx.conf", "-e", self._folder / "error.log"],
            env={**os.environ, "PATH": _search_path(), "TZ": "UTC"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise ground.CannotMeasure(f"nginx does not start: {(self._folder / 'error.log').read_text()[-500:]}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def links(self, count, names):
        """All hosts in turn, and on each one these files in turn."""
        scheme = "https" if self._certificate else "http"
        return [f"{scheme}://{self._hosts[number % len(self._hosts)]}:{self.port}/{names[number % len(names)]}?{number}"
                for number in range(count)]

    def take_requests(self):
        """Those since the last call. Who asks has to know that they are over."""
        lines = [line.split() for line in self._log.read_text().splitlines()]
        os.truncate(self._log, 0)  # nginx appends
        statuses = collections.Counter(int(status) for _, status in lines)
        return Requests(len(lines), sum(statuses[status] for status in _REFUSING), len({connection for connection, _ in lines}))

    def _answers(self):
        with contextlib.suppress(OSError):
            socket.create_connection((self._hosts[-1], self.port)).close()
            return True
        return False

    def _configuration(self):
        kinds = "".join([" ssl" if self._certificate else "", " http2" if self._http2 else ""])
        listen = "\n".join(f"    listen {host}:{self.port}{kinds} backlog=1024;" for host in self._hosts)
        tls = f"    ssl_certificate {self._certificate[0]};\n    ssl_certificate_key {self._certificate[1]};\n" \
              "    ssl_session_cache shared:tls:10m;" if self._certificate else ""
        zone, limit = _limits(self._refusal) if self._refusal else _pace(self._paced) if self._paced else ("", "")
        scratch = "\n".join(f"  {kind}_temp_path {self._folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""\
daemon off;
{"user root;" if os.getuid() == 0 else ""}
worker_processes 2;
pid {self._folder}/nginx.pid;
error_log {self._folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  types {{ image/jpeg jpg; image/png png; }}
  log_format requests '$connection $status';
  access_log {self._log} requests;
{scratch}
{zone}
  server {{
{listen}
{tls}
    root {self._pictures};
{limit}
  }}
}}
"""


def _limits(refusal):
    """Outside of the server's block, and inside."""
    zone = f"  limit_req_zone $server_addr zone=all:1m rate={refusal.rate}r/s;\n"
    header = f"add_header Retry-After '{refusal.retry_after}' always;" if refusal.retry_after else ""
    if refusal.retry_after == "date":
        zone += _a_second_from_now()
        header = "add_header Retry-After $a_second_from_now always;"
    inside = f"""\
    location / {{ limit_req zone=all burst={refusal.burst} nodelay; limit_req_status {refusal.status}; }}
    error_page {refusal.status} @refused;
    location @refused {{ {header} return {refusal.status}; }}"""
    return zone, inside


def _pace(rate):
    """The same, for one that refuses nothing."""
    return f"  limit_req_zone $server_addr zone=all:1m rate={rate}r/s;\n", "    location / { limit_req zone=all burst=100000; }"


def _a_second_from_now():
    """A variable of nginx, which has the time in ISO 8601 alone: for today and tomorrow. In a minute's last second it is now."""
    today = datetime.datetime.now(datetime.timezone.utc)
    lines = [f'    "~^{day:%Y-%m-%d}T(?<minute>..:..):{second:02}" "{day:%a, %d %b %Y} $minute:{min(second + 1, 59):02} GMT";'
             for day in (today, today + datetime.timedelta(days=1)) for second in range(60)]
    return "\n".join(["  map $time_iso8601 $a_second_from_now {", *lines, "  }"])


def _free_port(host):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def _search_path():
    """Debian has it where only root looks."""
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
