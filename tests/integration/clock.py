"""A clock that cannot be right: said at the start and by the doctor; mails and reminders wait until it is right."""

import datetime
import json
import os
import sys
import tempfile
import time
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("clock", expected=["B36-clock"])
tearDownModule = card.finish
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class Clock:
    """A clock for one process, in a file: set() moves it while the process runs."""

    def __init__(self):
        if not os.path.exists(LIBRARY):
            raise FileNotFoundError(f"{LIBRARY}: deploy/setup --tests installs faketime")
        self._file = tempfile.NamedTemporaryFile("w", prefix="clock-")
        self.variables = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": self._file.name, "FAKETIME_NO_CACHE": "1",
                          "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "TZ": "UTC"}

    def set(self, when):
        self._file.seek(0)
        self._file.truncate()
        self._file.write(when)
        self._file.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def around(self):
        """Processes started meanwhile have this clock."""
        return unittest.mock.patch.dict(os.environ, self.variables)


class FakedService(Service):
    def __init__(self, clock, **more):
        super().__init__(**more)
        self._clock = clock

    def start(self):
        with self._clock.around():
            super().start()

    def _is_ready(self):
        """It serves; ready it is not under a wrong clock."""
        if self._process.poll() is not None:
            raise RuntimeError(f"convoke serve ended with {self._process.returncode}:\n{self.log_text()[-4000:]}")
        try:
            return self.request("GET", "/healthz").status == 200
        except OSError:
            return False


class Held:
    def test_mails_wait_for_a_right_clock(self):
        with Clock() as clock:
            clock.set("@2001-02-03 04:05:06")
            with FakedService(clock, engine=self.engine) as service:
                self.assertIn("clock_implausible", service.log_text())
                self.assertIn("set the clock", service.log_text())
                health = service.request("GET", "/readyz")
                self.assertEqual(health.status, 503)
                self.assertIn("clock", health.text)
                world.community(service)
                world.add_member(service, people.members(1)[0])
                # Commands have the right clock; the invitation is due at once.
                event = world.create(service, world.online_event())
                rows = world.outbox(service, event=event["id"])
                self.assertEqual(len(rows), 1)
                until = time.monotonic() + 3
                wait_until(lambda: service.mail_files() or time.monotonic() > until, 10, "three seconds, in which a mail would have left")
                self.assertEqual(service.mail_files(), [], "nothing is sent under a clock that cannot be right")
                clock.set("+0d")
                wait_until(lambda: len(service.mail_files()) == 1, 10, "the invitation, now that the clock is right")
                self.assertIn("clock_plausible", service.log_text())
                wait_until(lambda: service.request("GET", "/readyz").status == 200, 10, "readiness")

    def test_the_same_mail_leaves_at_once_under_a_right_clock(self):
        """What the wait above would have seen without the guard."""
        with Clock() as clock:
            clock.set("+0d")
            with FakedService(clock, engine=self.engine) as service:
                self.assertNotIn("clock_implausible", service.log_text())
                world.community(service)
                world.add_member(service, people.members(1)[0])
                world.create(service, world.online_event())
                wait_until(lambda: len(service.mail_files()) == 1, 3, "the invitation")

    def test_a_held_service_still_stops(self):
        with Clock() as clock:
            clock.set("@2001-02-03 04:05:06")
            with FakedService(clock, engine=self.engine) as service:
                service.stop()


class Doctor(unittest.TestCase):
    def clock_of(self, service, clock):
        with clock.around():
            done = service.run("doctor", "--json")
        return next(check for check in json.loads(done.stdout) if check["check"] == "clock"), done.returncode

    def test_it_names_a_clock_that_cannot_be_right(self):
        with Service("sqlite") as service, Clock() as clock:
            service.stop()
            seen = []
            for when, result, words in [("+0d", "ok", ""), ("@2001-02-03 04:05:06", "fault", "set the clock"),
                                        ("-30d", "fault", "before "), ("+400d", "ok", "")]:
                clock.set(when)
                check, code = self.clock_of(service, clock)
                with self.subTest(when):
                    seen.append((check["result"], code) == (result, 1 if result == "fault" else 0) and words in check["text"])
                    self.assertTrue(seen[-1], check)
            with clock.around():
                clock.set("@2001-02-03 04:05:06")
                self.assertIn("clock_implausible", service.run("doctor").stdout)
            # The database was written a year from now: today is before that.
            later = datetime.datetime.now().timestamp() + 365 * 86400
            os.utime(service.place / "convoke.db", (later, later))
            clock.set("+0d")
            check, _ = self.clock_of(service, clock)
            seen.append("before the database was last written" in check["text"])
            self.assertTrue(seen[-1], check)
            card.line("B36-clock before the build date or the last write", f"{sum(seen)}/{len(seen)} named, mails held",
                      "clock_implausible, mails held", all(seen))


globals().update(both_engines(Held))

if __name__ == "__main__":
    unittest.main()
