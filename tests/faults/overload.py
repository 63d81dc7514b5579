"""Ten times more than the service can take: what it accepts is answered in time, the rest is told to come back, and
afterwards all is as before.

The load is wrk with many connections that ask again at once (new members, each a durable write that causes no mail).
Beside it probes send the same request at a steady rate: their answers are what a person would get. Since most of theirs
are refused like all others, the time of every accepted request is read from the service's own log as well.
"""

# Runs alone.

import json
import re
import statistics
import subprocess
import tempfile
import threading
import time
import unittest

import http.client
import world
from service import Service, scaled

SECONDS = scaled(4, 10, 60)
CONNECTIONS = 64 * 10  # 64 keep the service busy
_LUA = """
local body = [==[{"email":"%s%d@convoke.example","name":"Load","organisation":"A","category":"NGO","country":"IE","language":"en","timeZone":"Europe/Dublin","role":"member"}]==]
local number = 0
local counter = 0
function setup(thread) thread:set("thread_name", "t" .. counter); counter = counter + 1 end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer TOKEN"
function request() number = number + 1; return wrk.format(nil, nil, nil, body:format(thread_name .. "-RUN-", number)) end
"""


class Probe(threading.Thread):
    """Brings a member every so often; keeps status, seconds and Retry-After of each answer."""

    def __init__(self, service, path, token, name, every=0.05):
        super().__init__(daemon=True)
        self._service, self._path, self._token, self._name, self._every = service, path, token, name, every
        self._ended, self.answers, self.broken = threading.Event(), [], 0

    def run(self):
        number = 0
        while not self._ended.wait(self._every):
            number += 1
            body = json.dumps({"email": f"{self._name}-{number}@convoke.example", "name": "Probe", "organisation": "A", "category": "NGO",
                               "country": "IE", "language": "en", "timeZone": "Europe/Dublin", "role": "member"})
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=20)
            try:
                connection.request("POST", self._path, body, {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                self.answers.append((answer.status, time.monotonic() - began, answer.getheader("Retry-After")))
            except OSError:
                self.broken += 1
            finally:
                connection.close()

    def end(self):
        self._ended.set()
        self.join()


def _p99(seconds):
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


class _Overload:
    engine = None

    def test_what_is_accepted_is_answered_in_time(self):
        with Service(engine=self.engine, settings={"http": {"connections_per_address": 5000}}) as service:
            world.community(service)
            path = "/api/v1/communities/cop-mi/members"
            token = service.token

            def probed(name, seconds=0.0, beside=None):
                probes = [Probe(service, path, token, f"{name}{number}") for number in range(16)]
                for probe in probes:
                    probe.start()
                if beside:
                    beside()
                else:
                    time.sleep(seconds)  # the length of the measurement
                for probe in probes:
                    probe.end()
                return [one for probe in probes for one in probe.answers], sum(probe.broken for probe in probes)

            before, _ = probed("before", seconds=2)
            outcome = {}
            during, broken = probed("during", beside=lambda: outcome.update(text=self._load(service, path, token, "a")))
            time.sleep(5)  # what the promise allows
            after, _ = probed("after", seconds=2)

            served = [int(us) / 1e6 for us in re.findall(r"route=/api/v1/communities/\{slug\}/members status=201 .*? us=(\d+)", service.log_text())]
            accepted = [seconds for status, seconds, _ in during if status == 201]
            refused = [(status, wait) for status, _, wait in during if status != 201]
            calm, recovered = (statistics.median(one[1] for one in answers) for answers in (before, after))
            print(f"{self.engine}: {len(accepted)} accepted with p99 {_p99(accepted or [99]) * 1000:.0f} ms, {len(refused)} refused, "
                  f"{len(served)} in the service's log with p99 {_p99(served) * 1000:.0f} ms, "
                  f"{broken} without answer; median before {calm * 1000:.1f} ms, after {recovered * 1000:.1f} ms\n{outcome['text']}")
            self.assertGreater(len(accepted), 10)
            self.assertLess(_p99(accepted), 0.5)
            self.assertLess(_p99(served), 0.5)
            self.assertEqual([one for one in refused if one[0] not in (429, 503) or not int(one[1] or 0) > 0], [])
            self.assertEqual({one[0] for one in after}, {201})
            self.assertLess(recovered, max(2 * calm, calm + 0.02))

    def _load(self, service, path, token, run):
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(_LUA.replace("TOKEN", token).replace("RUN", run))
            script.flush()
            done = subprocess.run(["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "20s", "-s", script.name,
                                   service.url + path], capture_output=True, text=True, check=True)
        return done.stdout


class Overload_sqlite(_Overload, unittest.TestCase):
    engine = "sqlite"


class Overload_postgresql(_Overload, unittest.TestCase):
    engine = "postgresql"
