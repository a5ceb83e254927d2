"""Links that lead into our own network: nobody there hears of them, whatever names, redirects and proxies say."""

import namespace

NO_NETWORK = namespace.enter()

import re  # noqa: E402
import tempfile  # noqa: E402
import unittest  # noqa: E402
from urllib.parse import quote  # noqa: E402

import oracle  # noqa: E402
from canary import Canary  # noqa: E402
from forwarder import Forwarder  # noqa: E402
from names_server import NameServer  # noqa: E402
from oracle import report, scale  # noqa: E402
from thumbline import run  # noqa: E402

# An address of the open internet, which lives in the test's network alone; and where clouds keep their secrets.
PUBLIC, METADATA, ULA = "93.184.216.34", "169.254.169.254", "fd00::1"
AZURE = "168.63.129.16"  # its service for virtual machines, at an address like any other
# What a network that has IPv6 alone makes of IPv4 addresses (RFC 6052): that of PUBLIC, and of 127.0.0.1.
NAT64, NAT64_INSIDE = "64:ff9b::5db8:d822", "64:ff9b::7f00:1"
NAME_SERVER = "127.0.0.53"
TIMES = scale(10, 100)


def as_recorded(link):
    """Scheme and host in lower case."""
    return re.sub(r"^[^/]*//[^/]*", lambda found: found[0].lower(), link)


@unittest.skipIf(NO_NETWORK, NO_NETWORK)
class SsrfTest(oracle.Case):
    options = ("--fetchers", "1", "--resizers", "1", "--size", "16", "--quiet")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = tempfile.TemporaryDirectory()
        cls.addClassCleanup(files.cleanup)
        namespace.use_resolver(files.name, NAME_SERVER)
        for address in (PUBLIC, METADATA, AZURE):
            namespace.ip("address", "add", f"{address}/32", "dev", "lo")
        for address in (ULA, NAT64, NAT64_INSIDE):
            namespace.ip("address", "add", f"{address}/128", "dev", "lo", "nodad")

    def setUp(self):
        super().setUp()
        # The gallery, as the open internet sees it; the canary is at the same port of all addresses within.
        self.names = self.enterContext(NameServer(NAME_SERVER))
        self.port = self.enterContext(Forwarder(self.gallery.port, PUBLIC)).port
        self.canary = self.enterContext(Canary(("127.0.0.1", "::1", METADATA, ULA, AZURE, NAT64_INSIDE), self.port))
        self.names.answers.update({
            "gallery.example": [[PUBLIC]],
            "home.example": [["127.0.0.1"]],
            "metadata.example": [[METADATA]],
            "inside.example": [[ULA]],
            "mapped.example": [["::ffff:127.0.0.1"]],
            "translated.example": [[NAT64]],
            "translated-inside.example": [[NAT64_INSIDE]],
        })
        self.inside = [
            "127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "[::127.0.0.1]", METADATA, "[::ffff:169.254.169.254]", f"[{ULA}]", "home.example", "HOME.example.",
            "metadata.example", "inside.example", "mapped.example", AZURE, f"[::ffff:{AZURE}]", "2822734096", f"[{NAT64_INSIDE}]",
            "[64:ff9b::127.0.0.1]", "translated-inside.example",
        ]

    def public(self, path, host="gallery.example"):
        """A link to the gallery by a name that is at a public address."""
        return f"http://{host}:{self.port}/fault/{path}"

    def check(self, fault, reasons, *options, environment=None):
        """Runs over these links, each of which ends with its reason, and good ones; the canary must not have heard of any."""
        good = [self.public(f"delay/0/good{number}.jpg") for number in range(TIMES)]
        links = good + list(reasons)
        self.chance.shuffle(links)
        result = run(*self.command(links, "--attempts", "2", *options), environment=environment)
        self.assertEqual(result.code, 0, result)
        reasons = {as_recorded(link): reason for link, reason in reasons.items()}
        became = {link: reason or "done" for link, _, reason, _ in self.out.ledger()}
        self.check_outcomes([*map(as_recorded, links)], {link: became.get(link) for link in reasons})
        self.assertEqual({link: became[link] for link in reasons if became[link] not in reasons[link]}, {})
        self.assertEqual(self.canary.heard, b"")
        self.assertEqual(self.canary.visits, 0)
        all_reasons = ", ".join(sorted({became[link] for link in reasons})) or "done"
        report(f"SSRF: {fault}", f"{len(reasons)} links among {len(good)} good ones",
               f"{all_reasons}; no connection to the canary, not one byte")

    def other_schemes(self):
        at = f"127.0.0.1:{self.port}"
        return ["file:///etc/passwd", f"file://{at}/x.jpg", f"ftp://{at}/x.jpg", f"gopher://{at}/x", f"dict://{at}/x",
                f"scp://{at}/x", f"http://gallery.example@{at}/x.jpg", f"http://user:secret@{at}/x.jpg", f"http://gallery.example:80@{at}/x.jpg"]

    def test_links_that_lead_inside(self):
        reasons = {f"http://{host}:{self.port}/{number}.jpg": ("refused-address",)
                   for host in self.inside for number in range(scale(1, 20))}
        reasons.update((link, ("bad-link",)) for link in self.other_schemes())
        self.check("links to addresses within, in every spelling, and schemes other than http(s)", reasons)

    def test_redirects_that_lead_inside(self):
        targets = {f"http://{host}:{self.port}/latest/meta-data/": ("refused-address",) for host in self.inside}
        targets[f"//127.0.0.1:{self.port}/x.jpg"] = ("refused-address",)
        targets.update((link, ("http-302",)) for link in self.other_schemes())
        reasons = {self.public(f"redirect-to/{quote(target, safe='')}"): reason for target, reason in targets.items()}
        self.check("redirects from outside to addresses within, to file:, ftp:, userinfo@, ...", reasons)

    def test_names_that_change(self):
        """From outside to inside between two look-ups, or at both at once; each lane of the fetcher asks for itself."""
        reasons = {}
        for number in range(TIMES):
            inside = self.chance.choice(["127.0.0.1", METADATA, ULA])
            changes, both = f"changes{number}.example", f"both{number}.example"
            self.names.answers[changes] = [[PUBLIC], [inside]]
            self.names.answers[both] = [self.chance.sample([PUBLIC, inside], 2)]
            for copy in range(8):
                for host in (changes, both):
                    reasons[self.public(f"delay/20/{copy}.jpg", host)] = ("done", "refused-address")
        self.check("names that turn from a public address to one within, or have both", reasons,
                   "--threads", "8", "--transfers", "2")
        refused = self.out.ledger("SELECT count(*) FROM links WHERE reason = 'refused-address'")[0][0]
        self.assertGreater(refused, 0, "no name was looked up again")

    def test_hosts_behind_a_translator(self):
        """A network that has IPv6 alone reaches the IPv4 internet, and nothing else, by NAT64."""
        with Forwarder(self.gallery.port, NAT64) as translator:
            reasons = {f"http://{host}:{translator.port}/fault/delay/0/{number}.jpg": ("done",)
                       for host in ("translated.example", f"[{NAT64}]") for number in range(TIMES)}
            self.check("links to the IPv4 internet by NAT64", reasons)

    def test_proxies_of_the_environment(self):
        """A proxy looks up names by itself. Addresses within do not even get there."""
        proxy = f"http://127.0.0.1:{self.port}"
        names = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")
        reasons = {f"{scheme}://{host}:{self.port}/{number}.jpg": ("refused-address",)
                   for number, host in enumerate(self.inside) if not host.lower().rstrip(".").endswith(".example")
                   for scheme in ("http", "https")}
        self.check("links to addresses within, where the environment has a proxy", reasons,
                   environment={**{name: proxy for name in names}, "no_proxy": "gallery.example"})


if __name__ == "__main__":
    oracle.main()
