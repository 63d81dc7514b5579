#!/usr/bin/env python3
"""How soon a change is in a member's feed, and what a feed costs that is in no cache.

    tests/bench/feed_change.py [--rounds 200]

Wants a release build (CONVOKE_BINARY, default build/convoke) and a machine at rest. Counted from the answer to the
PATCH, which leaves after the commit, until the last byte of the new feed is here: with HTTP both ways, on one
connection. The feed's own part, the answer to the same question for an unchanged feed, stands beside it.
"""

import argparse
import http.client
import json
import pathlib
import statistics
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

import people  # noqa: E402
import world  # noqa: E402
from service import Service  # noqa: E402


class Client:
    def __init__(self, service):
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port)
        self._token = service.token

    def call(self, method, path, body=None, etag=None):
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if method == "PATCH":
            headers.update({"Content-Type": "application/merge-patch+json", "If-Match": etag})
        self._connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text), answer.getheader("ETag")

    def fetch(self, path, **headers):
        """Milliseconds until the whole answer is here, status, body."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return (time.perf_counter() - started) * 1000, answer.status, body, answer.getheader("ETag")


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure(events, rounds, zipped):
    """Milliseconds: of a feed right after a change of one of its events, and of the same feed unchanged."""
    headers = {"Accept-Encoding": "gzip"} if zipped else {}
    with Service() as service:
        world.community(service)
        feed = urllib.parse.urlsplit(world.add_member(service, people.members(1)[0])["feedUrl"]).path
        client = Client(service)
        changed = etag = None
        for number in range(events):
            made, _ = client.call("POST", "/events", world.online_event(days=20 + number % 300, title=f"Session {number}"))
            _, etag = client.call("POST", f"/events/{made['id']}/publish", {})
            changed = made["id"]
        after, unchanged, last = [], [], None
        for number in range(rounds):
            _, etag = client.call("PATCH", f"/events/{changed}", {"title": f"Round {number}"}, etag)
            took, status, body, tag = client.fetch(feed, **headers)
            if status != 200 or tag == last or (not zipped and f"Round {number}".encode() not in body):
                raise RuntimeError(f"round {number}: the change is not in the feed: {status} {tag}")
            last = tag
            after.append(took)
            unchanged.append(client.fetch(feed, **headers)[0])
        return after, unchanged, len(body)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=200)
    given = arguments.parse_args()
    missed = 0
    print(f"{'feed':<28} {'median':>9} {'p99':>9} {'cached':>9} {'bytes':>9}  target (median)")
    for events, target in ((100, 2.0), (1000, 10.0)):
        for zipped in (False, True):
            after, unchanged, size = measure(events, given.rounds if events <= 100 else max(20, given.rounds // 4), zipped)
            median = statistics.median(after)
            missed += median > target
            print(f"{f'{events} events' + (', gzip' if zipped else ''):<28} {median:>6.2f} ms {percentile(after, 0.99):>6.2f} ms "
                  f"{statistics.median(unchanged):>6.2f} ms {size:>9}  {'<=' if median <= target else 'missed:'} {target:g} ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
