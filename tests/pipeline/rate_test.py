"""A host that limits its rate gets all of its links done, and a ceiling holds for every host."""

import collections
import time
import unittest

from thumbline import TestCase, Thumbline, local_gallery, run, wait_until

PER_SECOND, AT_ONCE = 40, 10
LINKS = 200


class RateTest(TestCase):
    def test_a_host_that_limits_its_rate_has_all_its_links_done(self):
        """And hardly a request more than those, without using up any link's attempts."""
        options = ("--requests-per-s", PER_SECOND, "--requests-at-once", AT_ONCE)
        with local_gallery.Server(self.pictures_folder, *options) as limited:
            links = [f"{limited.url}/fault/delay/1/{number}.jpg" for number in range(LINKS)]
            result = run("run", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--attempts", "1", "--fetchers", "2")
            self.assertEqual(result.code, 0, result)
            asked = wait_until("an answer", lambda: self.requests_of(limited))
        self.assertEqual({row[1] for row in self.out.ledger()}, {"done"})
        self.check_each_has_one_outcome(links)
        self.assertLessEqual(sum(asked.values()), 1.5 * LINKS)
        tried = sum(attempts for _, _, _, attempts in self.out.ledger())
        self.assertGreaterEqual(tried, LINKS)
        self.assertLessEqual(tried, sum(asked.values()))

    def test_a_host_that_refuses_everything_ends_and_holds_up_nobody(self):
        with local_gallery.Server(self.pictures_folder, "--requests-per-s", "0.0001", "--requests-at-once", "0") as refusing:
            good = self.gallery.links()
            bad = [f"{refusing.url}/{number}.jpg" for number in range(300)]
            result = run("fetch", "--links", self.list_of([*bad, *good]), "--out", self.out.path, "--allow-private", "--attempts", "3")
            self.assertEqual(result.code, 0, result)
            asked = wait_until("an answer", lambda: self.requests_of(refusing))
        reasons = collections.Counter(reason for _, _, reason, _ in self.out.ledger())
        self.assertEqual(reasons, {"rate-limited": len(bad), None: len(good)})
        self.assertLess(sum(asked.values()), 60)
        order = [outcome for outcome, in self.out.ledger("SELECT outcome FROM links ORDER BY seq")]
        self.assertEqual(order[:len(good)], ["done"] * len(good))

    def test_a_ceiling_holds_over_all_fetchers(self):
        rate, count = 20, 60
        links = [self.fault(f"delay/1/{number}.jpg") for number in range(count)]
        began = time.monotonic()
        result = Thumbline("fetch", "--links", self.list_of(links), "--out", self.out.path, "--allow-private", "--fetchers", "3",
                           "--per-host-rate", f"{60 * rate}/m").result()
        self.assertEqual(result.code, 0, result)
        self.assertGreater(time.monotonic() - began, 0.9 * count / rate)
        ended = sorted(ended_us for ended_us, in self.out.ledger("SELECT fetch_ended_us FROM links"))
        self.assertGreater(ended[-1] - ended[0], 0.8e6 * count / rate)

    def requests_of(self, server):
        """Its list of requests is limited as all else, and is no request itself."""
        answer = server.get("/requests.json")
        return answer.json() if answer.status == 200 else None


if __name__ == "__main__":
    unittest.main()
