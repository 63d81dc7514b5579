"""64 clients retry every request 2 to 50 times, at once and across kill -9: each is done exactly once, and all who ask
get the same bytes."""

import collections
import http.client
import json
import os
import random
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from patient import Service  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import ENGINES, both_engines, scaled  # noqa: E402

CLIENTS = 64
ATTEMPTS = scaled(1_000, 4_000, 100_000)
KILLS = scaled(2, 6, 100)

card = Scorecard("idempotency_crash", expected=[f"R5-{engine}" for engine in (*ENGINES, "two-processes")])
tearDownModule = card.finish


class Wanted:
    """One request that is retried; `bodies` are the answers to its attempts."""

    def __init__(self, number, path, body, status, token):
        self.number, self.path, self.body, self.status, self.token = number, path, json.dumps(body).encode(), status, token
        self.answers = collections.Counter()


class Load:
    """All attempts in one shuffled line, taken by the clients; what fails for want of a connection goes back into it."""

    def __init__(self, services, wanted, attempts):
        self.services, self.line, self.lock = services, attempts, threading.Lock()
        self.up = [threading.Event() for _ in services]
        for event in self.up:
            event.set()
        self.answered, self.total, self.cut, self.in_progress, self.odd = 0, len(attempts), 0, 0, []
        self.progress = threading.Condition(self.lock)

    def take(self):
        with self.lock:
            return self.line.pop() if self.line else None

    def back(self, wanted):
        with self.lock:
            self.line.insert(random.randrange(len(self.line) + 1), wanted)

    def client(self, number):
        index = number % len(self.services)
        connection = None
        while True:
            wanted = self.take()
            if wanted is None:
                with self.lock:
                    if self.answered >= self.total:
                        return
                    self.progress.wait(0.05)  # somebody's attempt may still come back
                continue
            self.up[index].wait(60)
            try:
                connection = connection or self.services[index].connect()
                connection.request("POST", "/api/v1" + wanted.path, wanted.body, {
                    "Authorization": f"Bearer {wanted.token}", "Content-Type": "application/json",
                    "Idempotency-Key": f'"key-{wanted.number}"'})
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                if connection is not None:
                    connection.close()
                connection = None
                with self.lock:
                    self.cut += 1
                self.back(wanted)
                continue
            self.judge(wanted, answer, body)

    def judge(self, wanted, answer, body):
        if answer.status == 503 or (answer.status == 409 and b"idempotency_in_progress" in body):
            with self.lock:
                self.in_progress += answer.status == 409
                if not answer.headers["Retry-After"]:
                    self.odd.append(f"{answer.status} without Retry-After")
            self.back(wanted)
            return
        with self.lock:
            wanted.answers[(answer.status, body, answer.headers["Location"], answer.headers["ETag"],
                            answer.headers["Content-Type"])] += 1
            self.answered += 1
            self.progress.notify_all()

    def wait_for(self, count):
        with self.lock:
            while self.answered < count:
                if not self.progress.wait(60):
                    raise AssertionError(f"{self.answered} of {self.total} answered, and nothing for a minute")

    def run(self, kills):
        clients = [threading.Thread(target=self.client, args=(n,), daemon=True) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        for kill in range(kills):
            self.wait_for((kill + 1) * self.total // (kills + 1))
            victim = kill % len(self.services)
            self.services[victim].kill()  # while its clients are asking
            self.up[victim].clear()
            self.services[victim].start()
            self.up[victim].set()
        self.wait_for(self.total)
        for client in clients:
            client.join(60)


class IdempotencyCrash:
    def requests(self, service, count):
        """What is asked: mostly new events; some that are refused; two tokens that use the same keys."""
        world.community(service)
        other = service.cli("token", "create", "--name", "other", "--role", "organiser", "--community", "cop-mi").strip()
        full = world.create(service, world.on_site_event(registration={"policy": "open", "capacity": {"onSite": 1}}))
        service.api("POST", f"/events/{full['id']}/registrations", expect=201,
                    json={"email": "first@convoke.example", "name": "First", "mode": "on-site"})
        wanted, attempts = [], []
        while len(attempts) < count:
            number = len(wanted)
            token = service.token if number % 4 else other
            if number % 10 == 9:
                one = Wanted(number // 2, f"/events/{full['id']}/registrations",
                             {"email": f"p{number}@convoke.example", "name": "Late", "mode": "on-site"}, 409, token)
                one.number = f"full-{number}"
            else:
                # Numbers 4n and 4n+1 share a key, under two tokens.
                one = Wanted(number - (number % 4 == 1), "/events", world.on_site_event(title=f"Event {number}"), 201, token)
            wanted.append(one)
            attempts += [one] * min(random.choice((2, 2, 3, 3, 4, 5, 8, 50)), max(2, count - len(attempts)))
        random.shuffle(attempts)
        return wanted, attempts

    def check(self, service, load, wanted, name, kills):
        self.assertEqual(load.odd, [])
        wrong_status = [one.number for one in wanted if any(answer[0] != one.status for answer in one.answers)]
        self.assertEqual(wrong_status, [], [one.answers for one in wanted if one.number in wrong_status][:1])
        differing = sum(len(one.answers) != 1 for one in wanted)
        titles = collections.Counter(event["title"] for event in service.items("/events?state=draft"))
        created = [one for one in wanted if one.status == 201]
        not_once = sum(titles[json.loads(one.body)["title"]] != 1 for one in created)
        strange = sum(titles.values()) - len(created)
        print(f"{name}: {load.answered} requests for {len(wanted)} effects, {kills} kills, {load.cut} connections cut, "
              f"{load.in_progress} told to wait", file=sys.stderr)
        if kills:
            self.assertGreater(load.cut, 0, "no kill hit a request: this test has tested nothing")
        card.line(f"R5-{name} retried requests done exactly once",
                  f"{load.answered} requests, {kills} kills: {not_once + strange} not once, {differing} replies differ",
                  f"{ATTEMPTS} requests, {KILLS} kills: 0, 0", not_once == strange == differing == 0 and load.answered >= ATTEMPTS)

    def run_load(self, services, name):
        wanted, attempts = self.requests(services[0], ATTEMPTS)
        for service in services[1:]:
            service._token = services[0].token
        load = Load(services, wanted, attempts)
        load.run(KILLS)
        self.check(services[0], load, wanted, name, KILLS)

    def test_retried_across_kills(self):
        with Service(self.engine) as service:
            self.run_load([service], self.engine)


class TwoProcesses(IdempotencyCrash, unittest.TestCase):
    """Retries that meet in two processes on one database, which are killed in turn."""

    def test_retried_across_kills(self):
        with Service("postgresql") as service, Service("postgresql", beside=service) as other:
            self.run_load([service, other], "two-processes")


globals().update(both_engines(IdempotencyCrash))

if __name__ == "__main__":
    unittest.main()
