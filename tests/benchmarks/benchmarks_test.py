"""What scripts/bench measures with."""

import datetime
import email.utils
import ipaddress
import itertools
import pathlib
import random
import shutil
import socket
import ssl
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from benchmarks import closed_ports, corpus, ground, start, timing, web  # noqa: E402
from benchmarks.authority import Authority  # noqa: E402
from benchmarks.web_server import Refusal, Requests, WebServer, addresses  # noqa: E402

CORE = min(timing.os.sched_getaffinity(0))


class TimingTest(unittest.TestCase):
    def test_the_processor_time_of_children_counts_and_waiting_does_not(self):
        busy = timing.measure(["sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"], CORE)
        waiting = timing.measure(["sleep", "0.5"], CORE)
        self.assertLess(waiting.processor_s, busy.processor_s)
        self.assertGreater(waiting.wall_s, waiting.processor_s)

    def test_what_fails_is_not_measured(self):
        for command in (["false"], ["/no/such/program"]):
            with self.assertRaises(OSError):
                timing.measure(command, CORE)

    def test_the_first_round_does_not_count(self):
        costs = timing.in_turn([["true"], ["true"]], rounds=2, core=CORE)
        self.assertEqual([len(mine) for mine in costs], [2, 2])

    def test_the_median_is_of_the_figure_asked_for(self):
        costs = [timing.Cost(wall_s, 9) for wall_s in (5, 1, 3)]
        self.assertEqual(timing.median(costs, "wall_s"), 3)


class StartTest(unittest.TestCase):
    def test_each_command_is_set_beside_curl(self):
        costs = {name: [timing.Cost(wall_s, 0.01) for wall_s in walls]
                 for name, walls in (("run", (0.06, 0.9, 0.05)), ("curl", (0.02, 0.02, 0.02)))}
        self.assertEqual([row[-1] for row in start.rows_of(costs)], ["beside curl", "3.0x", "1.0x"])


class CorpusTest(unittest.TestCase):
    def test_the_plan_is_the_same_each_time_and_as_mixed_as_it_says(self):
        pictures = corpus.plan(500, 20, random.Random(7))
        self.assertEqual(pictures, corpus.plan(500, 20, random.Random(7)))
        self.assertAlmostEqual(sum(picture.is_jpeg for picture in pictures) / 500, 0.8, delta=0.08)
        self.assertTrue(all(picture.width * picture.height <= 16e6 for picture in pictures))
        self.assertTrue(all(0 <= picture.photograph < 20 for picture in pictures))


class AddressesTest(unittest.TestCase):
    def test_each_host_has_a_loopback_address_of_its_own(self):
        found = addresses(600)
        self.assertEqual(len(set(found)), 600)
        for address in found:
            parts = [int(part) for part in address.split(".")]
            self.assertEqual(parts[0], 127)
            self.assertTrue(all(0 <= part <= 255 for part in parts) and 0 < parts[3] < 255, address)


class ClosedPortsTest(unittest.TestCase):
    def test_each_link_has_a_loopback_address_of_its_own(self):
        found = set(closed_ports.addresses(200_000))
        self.assertEqual(len(found), 200_000)
        self.assertTrue(all(ipaddress.ip_address(address).is_loopback for address in itertools.islice(found, 1000)))

    def test_nobody_answers_at_any_of_them(self):
        with closed_ports.closed_port() as port:
            for address in ("127.0.0.1", *closed_ports.addresses(3)):
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection((address, port), timeout=60)


class WebTest(unittest.TestCase):
    def test_a_scenario_that_there_is_not_is_refused_before_anything_is_built(self):
        with self.assertRaisesRegex(ground.CannotMeasure, "there is no gopher; there are: 120 HTTPS hosts, .* refusing by 429, .* a closed port"):
            web.run(1, 1, "gopher")


@unittest.skipUnless(shutil.which("nginx", path="/usr/sbin:/usr/bin"), "there is no nginx: scripts/install-deps --dev")
class WebServerTest(unittest.TestCase):
    def setUp(self):
        self.here = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.here.chmod(0o755)
        (self.here / "pictures").mkdir()
        for name in ("a.jpg", "b.png"):
            (self.here / "pictures" / name).write_text(name)

    def server(self, hosts, **options):
        return self.enterContext(WebServer(self.here / "server", self.here / "pictures", hosts, **options))

    def test_links_are_spread_over_the_hosts_and_each_answers_with_a_certificate_for_its_address(self):
        hosts = addresses(3)
        authority = Authority(self.here)
        server = self.server(hosts, certificate=authority.sign(hosts), http2=True)
        links = server.links(6, ["a.jpg", "b.png"])
        self.assertEqual(len(set(links)), 6)
        self.assertTrue(all(sum(f"//{host}:" in link for link in links) == 2 for host in hosts))
        trusting = ssl.create_default_context(cafile=authority.certificate)
        bodies = [urllib.request.urlopen(link, context=trusting, timeout=60).read() for link in links]
        self.assertEqual(bodies, [b"a.jpg", b"b.png"] * 3)
        while len((self.here / "server/access.log").read_text().splitlines()) < 6:
            time.sleep(0.01)  # nginx writes a line after the answer, maybe after we have it
        self.assertEqual(server.take_requests(), Requests(count=6, refused=0, connections=6))
        self.assertEqual(server.take_requests(), Requests(count=0, refused=0, connections=0))
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(links[0], timeout=60)  # nobody else trusts it

    def test_a_host_that_limits_its_rate_refuses_and_may_say_until_when(self):
        for retry_after in ("", "0", "1", "date"):
            with WebServer(self.here / f"server-{retry_after}", self.here / "pictures", addresses(1),
                           refusal=Refusal(503, retry_after, rate=1, burst=1)) as server:
                link = server.links(1, ["a.jpg"])[0]
                headers = None
                for _ in range(10):
                    try:
                        urllib.request.urlopen(link, timeout=60).read()
                    except urllib.error.HTTPError as refused:
                        self.assertEqual(refused.code, 503)
                        headers = refused.headers
                self.assertIsNotNone(headers)
                self.assertGreater(server.take_requests().refused, 0)
            said = headers["Retry-After"]
            if retry_after == "date":
                ahead = email.utils.parsedate_to_datetime(said) - email.utils.parsedate_to_datetime(headers["Date"])
                self.assertIn(ahead, (datetime.timedelta(seconds=0), datetime.timedelta(seconds=1)))
            else:
                self.assertEqual(said or "", retry_after)


if __name__ == "__main__":
    unittest.main()
