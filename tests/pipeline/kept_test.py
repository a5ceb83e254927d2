"""Connections that are kept for the next request, and fail it: over HTTP/2 and TLS. Without TLS: tests/fetcher/request_test.cpp."""

import sys
import unittest

from http2_server import INTERNAL_ERROR, REFUSED_STREAM, Http2Server
from thumbline import ROOT, Folder, TestCase, run

sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.authority import Authority  # noqa: E402

LINKS = 12


def refuse(connection, stream):
    connection.reset(stream, REFUSED_STREAM)


def fail(connection, stream):
    connection.reset(stream, INTERNAL_ERROR)


def fail_halfway(connection, stream):
    connection.answer(stream, missing=5)
    connection.reset(stream, INTERNAL_ERROR)


def say_goodbye(connection, stream):
    connection.say_goodbye(last_stream=1)
    connection.close()


def close(connection, stream):
    connection.close()


def close_halfway(connection, stream):
    connection.answer(stream, missing=5)
    connection.close()


def talk_nonsense(connection, stream):
    connection.say(b"220 mail.example speaks another language\r\n")
    connection.close()


WAYS_TO_FAIL = (refuse, fail, fail_halfway, say_goodbye, close, close_halfway, talk_nonsense)


class KeptTest(TestCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.here)
        self.certificate, self.key = self.authority.sign(["127.0.0.1"])

    def fetch(self, script, transfers):
        """How many connections and how many attempts it took until all links were done."""
        with Http2Server(self.certificate, self.key, script) as server:
            links = [f"https://127.0.0.1:{server.port}/{number}.gif" for number in range(LINKS)]
            out = self.here / f"out-{server.port}"
            result = run("fetch", "--links", self.list_of(links), "--out", out, "--allow-private", "--ca-file", self.authority.certificate,
                         "--threads", "1", "--transfers", transfers, "--attempts", "2", "--quiet", "--strict")
        self.assertEqual(result.code, 0, result)
        return server.connections, sum(attempts for _, _, _, attempts in Folder(out).ledger())

    def test_each_connection_answers_once(self):
        for fail_it in WAYS_TO_FAIL:
            with self.subTest(fail_it.__name__):
                def script(connection, number, stream, fail_it=fail_it):
                    if number == 1:
                        connection.answer(stream)
                    else:
                        fail_it(connection, stream)
                connections, attempts = self.fetch(script, transfers=1)
                self.assertGreaterEqual(connections, LINKS // 2)
                self.assertEqual(attempts, LINKS)

    def test_many_transfers_lose_one_connection(self):
        """They share the new one, too. Only who has opened the first one may need another attempt: its answer may get lost. Each
        has got a part of its answer: else libcurl asks again by itself."""
        def script(connection, number, stream):
            connection.answer(stream, missing=5 if connection.number == 1 and number > 1 else 0)
            if connection.number == 1 and number == LINKS:
                connection.close()
        connections, attempts = self.fetch(script, transfers=16)
        self.assertLessEqual(connections, 3)
        self.assertLessEqual(attempts, LINKS + 1)


if __name__ == "__main__":
    unittest.main()
