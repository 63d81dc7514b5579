"""A clock that cannot be right: said at the start and by the doctor; mails and reminders wait until it is right."""

import datetime
import json
import email.utils
import os
import shutil
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import certificates  # noqa: E402
import people  # noqa: E402
import world  # noqa: E402
from moved_clock import Clock, MovedService  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402
from webhook_receiver import Receiver  # noqa: E402

card = Scorecard("clock", expected=["B36-clock"])
tearDownModule = card.finish
WRONG = "@2001-02-03 04:05:06"
HOLDS = 4.0  # seconds in which what is due would have happened


class FakedService(MovedService):
    def _is_ready(self):
        """It serves; ready it is not under a wrong clock."""
        if self._process.poll() is not None:
            raise RuntimeError(f"convoke serve ended with {self._process.returncode}:\n{self.log_text()[-4000:]}")
        try:
            return self.request("GET", "/healthz").status == 200
        except OSError:
            return False


class Held:
    def never(self, happens, why):
        """It would have happened within HOLDS."""
        until = time.monotonic() + HOLDS
        wait_until(lambda: happens() or time.monotonic() > until, HOLDS + 10, "the time in which it would have happened")
        self.assertFalse(happens(), why)

    def test_mails_wait_for_a_right_clock(self):
        with Clock() as clock:
            clock.set(WRONG)
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
                self.never(service.mail_files, "nothing is sent under a clock that cannot be right")
                clock.set("+0d")
                wait_until(lambda: len(service.mail_files()) == 1, 10, "the invitation, now that the clock is right")
                self.assertIn("clock_plausible", service.log_text())
                wait_until(lambda: service.request("GET", "/readyz").status == 200, 10, "readiness")

    def test_the_same_mail_leaves_at_once_under_a_right_clock(self):
        """What the wait above would have seen without the guard."""
        with Clock() as clock:
            with FakedService(clock, engine=self.engine) as service:
                self.assertNotIn("clock_implausible", service.log_text())
                world.community(service)
                world.add_member(service, people.members(1)[0])
                world.create(service, world.online_event())
                wait_until(lambda: len(service.mail_files()) == 1, 3, "the invitation")

    def tries(self, service):
        """How often a webhook was tried."""
        lines = service.request("GET", "/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("convoke_webhook_tries_total{"))

    def test_webhooks_wait_for_a_right_clock(self):
        folder = tempfile.mkdtemp(prefix="clock-webhooks-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with Receiver(certificates.Authority(folder)) as receiver, Clock(WRONG) as clock:
            with FakedService(clock, engine=self.engine, settings={"webhooks": receiver.settings()}) as service:
                world.community(service)
                service.api("POST", "/communities/cop-mi/webhooks", json={"url": receiver.url, "events": ["*"]}, expect=201)
                world.create(service, world.online_event(), publish=False)
                self.never(lambda: receiver.requests or self.tries(service), "no delivery is tried under a clock that cannot be right")
                clock.set("+0d")
                wait_until(lambda: [one.event for one in receiver.requests] == ["event.created"], 10, "the delivery, once the clock is right")
                wait_until(lambda: self.tries(service) == 1, 10, "its figure")

    def test_a_clock_that_goes_wrong_while_it_serves(self):
        with Clock() as clock, FakedService(clock, engine=self.engine) as service:
            world.community(service)
            world.add_member(service, people.members(1)[0])
            self.assertNotIn("clock_implausible", service.log_text())
            clock.set(WRONG)
            world.create(service, world.online_event())
            now = email.utils.parsedate_to_datetime(service.request("GET", "/healthz").headers["Date"])
            self.assertEqual(now.year, 2001)
            soon = (now + datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
            over = world.create(service, world.online_event(start=soon, timeZone="Etc/UTC", duration="PT1S", reminders=[]))

            def happens():
                return service.mail_files() or service.api("GET", f"/events/{over['id']}").json["state"] != "published"
            self.never(happens, "no mail leaves, no event is over by such a clock")
            self.assertIn("clock_implausible", service.log_text())
            clock.set("+0d")
            wait_until(lambda: service.api("GET", f"/events/{over['id']}").json["state"] == "completed", 10, "the event's end")
            wait_until(service.mail_files, 10, "the invitation")

    def test_a_held_service_still_stops(self):
        with Clock() as clock:
            clock.set(WRONG)
            with FakedService(clock, engine=self.engine) as service:
                service.stop()


class Zones(unittest.TestCase):
    def test_what_has_moved_with_the_rules_waits_for_a_right_clock(self):
        """By such a clock every event of the past is still to come, and would be issued anew."""
        with Clock() as clock, FakedService(clock) as service:
            world.community(service)
            event = world.create(service, world.online_event())
            service.stop()
            with sqlite3.connect(service.place / "convoke.db") as database:
                database.execute("UPDATE event SET starts_at = starts_at + 3600, ends_at = ends_at + 3600")
            database.close()
            clock.set(WRONG)
            service.start()
            self.assertEqual(service.api("GET", f"/events/{event['id']}").json["sequence"], 0)
            clock.set("+0d")
            wait_until(lambda: service.api("GET", f"/events/{event['id']}").json["sequence"] == 1, 10, "the event, issued anew")


class Doctor(unittest.TestCase):
    def clock_of(self, service, clock):
        with clock.around():
            done = service.run("doctor", "--json")
        return next(check for check in json.loads(done.stdout) if check["check"] == "clock"), done.returncode

    def test_it_names_a_clock_that_cannot_be_right(self):
        with Service("sqlite") as service, Clock() as clock:
            service.stop()
            seen = []
            for when, result, words in [("+0d", "ok", ""), (WRONG, "fault", "set the clock"),
                                        ("-30d", "fault", "before "), ("+400d", "ok", "")]:
                clock.set(when)
                check, code = self.clock_of(service, clock)
                with self.subTest(when):
                    seen.append((check["result"], code) == (result, 1 if result == "fault" else 0) and words in check["text"])
                    self.assertTrue(seen[-1], check)
            with clock.around():
                clock.set(WRONG)
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
