"""How often one may ask the API: a busy script goes through, a runaway one and a guesser are told when to come back."""

import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from patient import Service  # noqa: E402
from service import in_parallel, scaled  # noqa: E402

CLIENTS = 64
CALLS = scaled(10, 60, 4_000)  # of each client
GUESSES = 400


def raw(service, token, connection=None, headers=None):
    return service.request("GET", "/api/v1/communities", headers={"Authorization": f"Bearer {token}", **(headers or {})},
                           connection=connection)


def guess(n):
    return f"cvk_{n:043d}"


class ApiLimits(unittest.TestCase):
    def too_many(self, answer):
        self.assertEqual((answer.status, answer.headers.get_content_type()), (429, "application/problem+json"), answer)
        self.assertEqual(answer.json["code"], "rate_limited")
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

    def test_busy_scripts_never_meet_a_limit(self):
        with Service() as service:
            world.community(service)
            for member in people.members():  # 151, as fast as they can be sent
                service.api("POST", "/communities/cop-mi/members", json=member, expect=201)

            def client(_):
                connection = service.connect()
                try:
                    return {raw(service, service.token, connection).status for _ in range(CALLS)}
                finally:
                    connection.close()

            self.assertEqual(set().union(*in_parallel(CLIENTS, client)), {200})

    def test_a_runaway_script_is_told_when_to_come_back(self):
        with Service(settings={"http": {"api_requests_per_second": 1, "api_request_burst": 20}}) as service:
            world.community(service)
            other = service.cli("token", "create", "--name", "other", "--role", "admin").strip()
            answers = [raw(service, service.token) for _ in range(40)]
            refused = [answer for answer in answers if answer.status != 200]
            self.assertGreater(len(refused), 10)
            for answer in refused:
                self.too_many(answer)
            self.assertEqual(raw(service, other).status, 200, "a token's limit is its own")

    def test_a_guesser_does_not_go_on_and_disturbs_nobody(self):
        with Service() as service:
            world.community(service)
            known = service.token
            self.assertEqual(raw(service, known).status, 200)
            began = time.monotonic()
            statuses = [raw(service, guess(n)) for n in range(GUESSES)]
            took = time.monotonic() - began
            tried = sum(answer.status == 401 for answer in statuses)
            # A bucket of 300, refilled by 5 a second: what the machine's slowness adds is counted in.
            self.assertLessEqual(tried, 300 + 5 * took + 1)
            refused = [answer for answer in statuses if answer.status != 401]
            if took < (GUESSES - 300) / 5:
                self.assertTrue(refused)
            for answer in refused:
                self.too_many(answer)
                self.assertNotIn("WWW-Authenticate", answer.headers)
            # Who was right before goes on from the same address, also while it is being used for guessing.
            stop = threading.Event()

            def guesser():
                number = GUESSES
                while not stop.is_set():
                    raw(service, guess(number))
                    number += 1

            thread = threading.Thread(target=guesser)
            thread.start()
            try:
                self.assertEqual({raw(service, known).status for _ in range(50)}, {200})
            finally:
                stop.set()
                thread.join()
            # Without a token nothing is guessed, and nobody counted.
            self.assertEqual({service.request("GET", "/api/v1/communities").status for _ in range(50)}, {401})

    def test_each_address_behind_the_proxy_for_itself(self):
        with Service(settings={"http": {"trusted_proxies": ["127.0.0.1"]}}) as service:
            def from_address(address, n):
                return raw(service, guess(n), headers={"X-Forwarded-For": address}).status

            began = time.monotonic()
            first = [from_address(f"2001:db8:1:1::{n % 7 + 1:x}", n) for n in range(GUESSES)]
            if time.monotonic() - began < (GUESSES - 300) / 5:
                self.assertIn(429, first, "one /64 is one guesser")
            self.assertEqual(from_address("2001:db8:1:2::1", 1), 401)
            # A token that was right once has a limit of its own, not its address's (1,000 a second, 10,000 at once).
            raw(service, service.token)

            count = scaled(200, 2_000, 6_000)

            def statuses(**headers):
                def client(_):
                    connection = service.connect()
                    try:
                        return {service.request("GET", "/api/v1/communities", None, headers, connection).status
                                for _ in range(count)}
                    finally:
                        connection.close()

                started = time.monotonic()
                found = set().union(*in_parallel(8, client))
                return found, time.monotonic() - started

            self.assertEqual(statuses(Authorization=f"Bearer {service.token}", **{"X-Forwarded-For": "192.0.2.7"})[0], {200})
            if 8 * count > 10_000:  # the control: without a token the address's limit is met
                found, took = statuses(**{"X-Forwarded-For": "192.0.2.8"})
                self.assertTrue(429 in found or took > (8 * count - 10_000) / 1_000, (found, took))


if __name__ == "__main__":
    unittest.main()
