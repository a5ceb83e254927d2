"""Strangers at the pipeline's sockets: without a key, with a wrong one, with garbage, and with the key but out of their mind."""

import contextlib
import resource
import socket
import struct
import subprocess

import oracle
from by_hand import Run
from memory import handles, peak_kib
from oracle import report, scale
from thumbline import BIN, PATIENCE_S, wait_until

LINKS = scale(500, 5000)
MESSAGES = scale(300, 20_000)
LARGE_MESSAGES = scale(20, 100)  # 5 MiB each
HALF_HANDSHAKES = scale(300, 1000)
UNFINISHED_FRAMES = 6000  # at all sockets together
MOST_MEMORY_KIB = 100_000
HANDLES = 1024  # what a process may usually have open

OUTSIDE = ("no-key", "own-key", "unlisted")
AS_PRODUCER = ("over", "hello", "plan", "made-up")
LIES = scale(20, 200)
INSIDE = ("random", "truncated", "version", "counts", "frames", "too-large", "unknown")
FRAME_SIZES = (4 << 20, 16_384)  # the second is as large as a frame may be
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"CURVE" + bytes(15) + b"\x00" + bytes(31)  # ZMTP 3.1, RFC 37


class Stranger:
    """A thumbline-stranger; ends with its `with`."""

    def __init__(self, kind, hop, port, key, seed, count, links=None):
        self.process = subprocess.Popen(
            [BIN / "thumbline-stranger", kind, hop, f"tcp://127.0.0.1:{port}", str(key), str(seed), str(count),
             *([f"tcp://127.0.0.1:{links}"] if links else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=PATIENCE_S)

    def wait_until_sent(self):
        line = self.process.stdout.readline()
        if line != "sent\n":
            raise AssertionError(f"the stranger said {line!r} and ended with {self.process.wait(PATIENCE_S)}")


class StrangersTest(oracle.Case):
    def setUp(self):
        super().setUp()
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.links = self.slow_links(LINKS)
        self.run_ = self.stack.enter_context(Run(self.out, self.list_of(self.links)))
        self.fetcher = self.run_.start_fetcher(*self.few_transfers)
        self.paths = self.fetcher.port("paths")
        self.bound = {"results": self.run_.results, "receipts": self.run_.receipts, "links": self.run_.links, "paths": self.paths}

    def start_resizers(self):
        for _ in range(2):
            self.run_.start_resizer(self.paths)

    def strangers(self, kinds, hops):
        """One of each kind at each hop, until the test ends; all that they have to say was said."""
        all_of_them = [Stranger(kind, hop, self.bound[hop], self.out / "run.key", self.chance.randrange(2**32),
                                LARGE_MESSAGES if kind == "too-large" else MESSAGES) for kind in kinds for hop in hops]
        for stranger in all_of_them:
            self.stack.enter_context(stranger)
        for stranger in all_of_them:
            stranger.wait_until_sent()

    def finish(self, fault, tried, happened=""):
        self.run_.finish()
        self.check_oracle(self.links)
        report(fault, tried, f"{happened}no process died, each link one outcome, files as undisturbed")

    def test_who_has_no_key_of_the_run(self):
        """What they send would end the run at once, and fill the ledger with links of theirs."""
        self.start_resizers()
        self.wait_for_settled(1)
        self.strangers(OUTSIDE, ("results", "paths"))
        self.finish("strangers with no key, with a key of their own, with our public key alone",
                    f"{len(OUTSIDE)} at 2 sockets each", "not a message was read, ")

    def test_who_has_the_key_and_is_out_of_its_mind(self):
        self.start_resizers()
        self.wait_for_settled(1)
        self.strangers(INSIDE, ("results", "paths"))
        self.finish("damaged messages from one who has the key: random, truncated, other versions, huge counts, many frames, "
                    "above the cap, outcomes of no link", f"{MESSAGES} of each at 2 sockets each")

    def test_who_has_the_key_of_workers_and_speaks_for_the_producer(self):
        """Any of it would end the run, show something, add rows or write files."""
        self.start_resizers()
        self.wait_for_settled(1)
        self.strangers(AS_PRODUCER, ("results",))
        self.strangers(("thief",), ("receipts",))
        self.finish("a worker that says in the producer's place that the run is over, another, or small, makes up links, and listens for "
                    "receipts", f"{MESSAGES} times each")
        self.check_nothing_of_strangers()

    def test_who_takes_links_and_lies_about_them(self):
        """With tokens that are right, and files that are not: other attempts make those links good."""
        liar = self.stack.enter_context(Stranger("liar", "results", self.run_.results, self.out / "run.key", 1, LIES, self.run_.links))
        self.start_resizers()
        liar.wait_until_sent()
        self.finish("a worker that takes links and hands over `.htaccess`, `sub/shell.php`, names that are too long, and bytes that are no picture",
                    f"{LIES} links")
        self.check_nothing_of_strangers()

    def check_nothing_of_strangers(self):
        self.assertEqual([], [*self.out.path.parent.glob("outside*"), *self.out.path.rglob(".htaccess"), *self.out.path.rglob("*.php")])
        for text in ("results.csv", "summary.json"):
            self.assertNotIn("owned", (self.out / text).read_text())

    def test_who_asks_for_more_pictures_than_there_are(self):
        """Takes what it gets and gives nothing back; it is there before the resizers."""
        self.strangers(("credit",), ("paths",))
        self.start_resizers()
        self.finish(f"credit for {2**32 - 1} pictures", f"{MESSAGES} times")

    def test_garbage(self):
        self.start_resizers()
        self.wait_for_settled(1)
        for _ in range(scale(50, 500)):
            for port in self.bound.values():
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port))) as sock:
                    start = self.chance.choice([b"", GREETING[:10], GREETING, b"GET / HTTP/1.1\r\n\r\n"])
                    sock.sendall(start + self.chance.randbytes(self.chance.randrange(5000)))
                    if self.chance.random() < 0.5:
                        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.finish("raw garbage, also behind a good greeting, also reset", f"{scale(50, 500)} times at each of 4 sockets")

    def test_half_handshakes(self):
        """They send a part of the greeting and stay. A process that had as few handles as is usual gets on."""
        programs = [self.run_.collector, self.run_.producer, self.fetcher]
        for program in programs:
            resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE, (HANDLES, HANDLES))
        guests = [socket.create_connection(("127.0.0.1", int(port)))
                  for port in self.bound.values() for _ in range(HALF_HANDSHAKES)]
        for guest in guests:
            self.stack.callback(guest.close)
            guest.sendall(GREETING[:self.chance.randrange(len(GREETING))])
        self.start_resizers()
        most = {program.name: 0 for program in programs}

        def look():
            for program in programs:
                most[program.name] = max(most[program.name], handles(program.process.pid))
            return self.out.settled() == LINKS

        wait_until("the end of the run", look)
        self.finish("half handshakes that stay", f"{HALF_HANDSHAKES} at each of 4 sockets",
                    f"at most {max(most.values())} handles open, ")

    def test_unfinished_frames(self):
        """Each announces a large frame before it has shown a key, and sends as much of it as is taken, but for the last byte."""
        _, most_handles = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(UNFINISHED_FRAMES, most_handles - 200)
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + 200, most_handles))
        programs = [self.run_.collector, self.run_.producer, self.fetcher]
        ports = [int(port) for port in self.bound.values()]
        guests = [self.guest_with_a_frame(ports[i % len(ports)], FRAME_SIZES[i // len(ports) % len(FRAME_SIZES)]) for i in range(count)]
        self.start_resizers()
        most = {program.name: 0 for program in programs}

        def look():
            for guest, rest in guests:
                with contextlib.suppress(OSError):  # it has no room now, or was turned away
                    del rest[:guest.send(rest[:100_000])]
            for program in programs:
                most[program.name] = max(most[program.name], peak_kib(program.process.pid))
            return self.out.settled() == LINKS

        wait_until("the end of the run", look)
        self.assertLess(max(most.values()), MOST_MEMORY_KIB, most)
        self.finish("greetings with an unfinished frame of 4 MiB, or of 16 KiB, behind them", f"{count} at 4 sockets",
                    f"none took more than {max(most.values()) // 1000} MB, ")

    def guest_with_a_frame(self, port, size):
        guest = socket.create_connection(("127.0.0.1", port))
        self.stack.callback(guest.close)
        guest.setblocking(False)
        command = b"\x06" + struct.pack(">Q", size)  # RFC 23: a command with a long size
        return guest, bytearray(GREETING + command + bytes(min(size, 1_000_000) - 1))


if __name__ == "__main__":
    oracle.main()
