"""Servers that answer as they please, and hosts that do not answer: the other links go on, and the fetcher stays small."""

import time
import urllib.parse

import oracle
from hostile_server import BlackHole, HostileServer
from memory import Watch
from oracle import report, scale
from thumbline import Thumbline, wait_until

DEAD = scale(200, 1000)
LIVE = scale(400, 2000)
TIMES = scale(4, 40)  # of each answer
PAUSE_S = scale(20, 40)
MOST_MEMORY_KIB = 200_000  # whatever servers do


class HttpTest(oracle.Case):
    options = ("--allow-private", "--fetchers", "1", "--resizers", "2", "--size", "16", "--quiet")

    def watched(self, links, *options):
        """A run to its end, and what its fetcher took."""
        started = Thumbline(*self.command(links, *options))
        with Watch(started, "fetcher") as watch:
            result = started.result()
        self.assertEqual(result.code, 0, result)
        return watch

    def quiet_peak_kib(self, links):
        """The fetcher's memory where nothing is wrong."""
        out, self.out = self.out, oracle.Folder(self.here / "quiet")
        try:
            return self.watched(links).memory_kib
        finally:
            self.out = out

    def check_size(self, watch, links):
        quiet = self.quiet_peak_kib(links)
        self.assertGreater(quiet, 0)
        self.assertLess(watch.memory_kib, 3 * quiet, "the fetcher has grown")
        return f"fetcher {watch.memory_kib // 1024} MiB at most, {quiet // 1024} MiB undisturbed"

    def test_answers_that_are_wrong(self):
        good = self.many_links(LIVE)
        picture = self.gallery.get("/fault/delay/0/0.jpg").body
        with HostileServer(picture) as server:
            kinds = {
                ("shorter", len(picture) // 2): "truncated",
                ("longer", 1000): "truncated",
                ("nonsense", "-5"): "reset",
                ("nonsense", "99999999999999999999999"): "too-large",
                ("endless", 0): "too-large",
                ("headers", 0): "too-large",
                ("drip", 0): "timeout",
                ("bomb", 0): "too-large",
                ("around", "a"): "too-many-redirects",
                ("busy", "429-soon"): "rate-limited",
                ("busy", "503-soon"): "http-503",
                ("busy", "429-past"): "rate-limited",
                ("busy", "503--7"): "http-503",
                ("busy", "429-1000000000"): "rate-limited",
                ("busy", "503-99999999999999999999"): "http-503",
                ("busy", "503-tomorrow"): "http-503",
            }
            reasons = {server.link(kind, argument, f"{number}.jpg"): reason
                       for (kind, argument), reason in kinds.items() for number in range(TIMES)}
            links = good + list(reasons)
            self.chance.shuffle(links)
            watch = self.watched(links, "--attempts", "2", "--timeout", "6s", "--max-bytes", "4MB")
        self.check_outcomes(links, reasons)
        size = self.check_size(watch, good)
        for (kind, argument), reason in kinds.items():
            report(f"HTTP: {kind} {argument}", f"{TIMES} links among {LIVE} good ones", f"all {reason}; {size}")

    def seconds_until_done(self, good, links, *options):
        """How long it takes until the good ones of these links are done, and what the fetcher takes meanwhile."""
        begin = time.monotonic()
        started = Thumbline(*self.command(links, *options))
        with Watch(started, "fetcher") as watch:
            wait_until("all good links", lambda: self.settled_among(good) == len(good))
            seconds = time.monotonic() - begin
            result = started.result()
        self.assertEqual(result.code, 0, result)
        return seconds, watch

    def check_attack(self, kind, argument, reason, count):
        good = self.many_links(LIVE)
        options = ("--attempts", "2", "--timeout", "20s", "--max-bytes", "4MB")
        picture = self.gallery.get("/fault/delay/0/0.jpg").body
        out, self.out = self.out, oracle.Folder(self.here / f"quiet-{kind}")
        quiet, _ = self.seconds_until_done(good, good, *options)
        self.out = out
        with HostileServer(picture) as server:
            reasons = {server.link(kind, argument, f"{number}.jpg"): reason for number in range(count)}
            links = good + list(reasons)
            self.chance.shuffle(links)
            seconds, watch = self.seconds_until_done(good, links, *options)
        self.check_outcomes(links, reasons)
        self.check_nothing_is_left_half_written()
        # The server needs the processor, too, and the machine may have other work: the figure is in the report.
        self.assertLess(seconds, 10 * quiet + 10, "the good links were held up")
        self.assertLess(watch.memory_kib, MOST_MEMORY_KIB, "the fetcher has grown")
        report(f"attack: {kind} {argument}", f"{count} links among {LIVE} good ones",
               f"all {reason}; the good ones done at {quiet / seconds:.2f} of their speed; fetcher {watch.memory_kib // 1024} MiB at most")

    def test_attacks_with_what_nobody_counts(self):
        attacks = (("coded", "gzip,gzip,gzip,gzip", "not-an-image", 4), ("coded", "zstd,zstd", "not-an-image", 4),
                   ("trailers", 0, "too-large", scale(16, 64)), ("extensions", 0, "too-large", scale(4, 16)),
                   ("interim", 0, "too-large", scale(4, 16)), ("unending_redirect", 0, "too-large", scale(4, 16)),
                   ("unending_error", 0, "http-404", scale(4, 16)))
        for kind, argument, reason, count in attacks:
            with self.subTest(kind=kind, argument=argument):
                self.setUp()
                self.check_attack(kind, argument, reason, count)

    def test_a_host_that_links_of_another_lead_to_pauses_alone(self):
        good = self.many_links(LIVE)
        with HostileServer(b"") as server:
            target = f"http://localhost:{server.port}/busy/429-{PAUSE_S}"
            reasons = {self.fault("redirect-to/" + urllib.parse.quote(f"{target}/{number}.jpg", safe="")): "rate-limited"
                       for number in range(TIMES)}
            links = list(reasons) + good
            begin = time.monotonic()
            started = Thumbline(*self.command(links, "--attempts", "2"))
            wait_until("all links of the host that leads on", lambda: self.settled_among(good) == LIVE)
            seconds = time.monotonic() - begin
            given_up = self.settled_among(reasons)
            result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(given_up, 0, "the host's own links waited for the pause of another")
        self.check_outcomes(links, reasons)
        report("429 by a host that links of another lead to", f"{TIMES} links among {LIVE} good ones, Retry-After {PAUSE_S}",
               f"the good ones are through after {seconds:.1f} s, before any of those may be asked again")

    def test_hosts_that_never_answer_do_not_hold_up_the_others(self):
        self.check_dead(f"{DEAD} hosts", BlackHole.link)

    def test_a_host_that_never_answers_does_not_hold_up_the_others_with_its_many_links(self):
        self.check_dead(f"1 host with {DEAD} links", BlackHole.link_of_one_host)

    def check_dead(self, hosts, link):
        good = self.many_links(LIVE)
        with BlackHole() as hole:
            reasons = {link(hole, number): "timeout" for number in range(DEAD)}
            links = good + list(reasons)
            self.chance.shuffle(links)
            begin = time.monotonic()
            started = Thumbline(*self.command(links, "--attempts", "2", "--timeout", scale("8s", "60s")))
            with Watch(started, "fetcher") as watch:
                wait_until("all links of the others", lambda: self.settled_among(good) == LIVE)
                seconds = time.monotonic() - begin
                given_up = self.settled_among(reasons)
                result = started.result()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(given_up, 0, f"a dead host was given up before the others were through, {seconds:.1f} s")
        self.check_oracle(links, reasons=reasons)
        size = self.check_size(watch, good)
        report("hosts that never answer a SYN", f"{hosts} among {LIVE} good links",
               f"all good links done after {seconds:.1f} s, before any dead host was given up; {size}, {watch.handles} handles")

    def settled_among(self, links):
        wanted = set(links)
        if not self.out.settled():
            return 0
        return sum(link in wanted for link, in self.out.ledger("SELECT link FROM links"))


if __name__ == "__main__":
    oracle.main()
