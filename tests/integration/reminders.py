"""A reminder leaves within five seconds of its time, moves with its event and is not sent for a cancelled one."""

import datetime
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import time
import zoneinfo

import people  # noqa: E402
import world  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

ZONE = "Asia/Tokyo"  # no change of clocks whenever this runs
LATEST = 5.0         # seconds after its time that a mail may leave
LEADS = (8, 25, 80)  # seconds until the first reminder: the first of these that leaves time to prepare on this machine


def wall(moment):
    return datetime.datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M:%S")


class Reminders:
    def confirmed(self, service, title, start):
        """An event that starts at this instant, with one confirmed person and a reminder an hour before."""
        event = world.create(service, world.online_event(
            title=title, start=wall(start), timeZone=ZONE, reminders=["PT1H"]))
        service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
            "email": self.member["email"], "name": self.member["name"], "mode": "online"})
        return event

    def reminders(self, service, event):
        """(instant the mail was written, parsed mail) of each reminder of this event."""
        ids = {row["messageId"].strip("<>") for row in world.outbox(service, event=event["id"]) if row["kind"] == "reminder"
               and row.get("messageId")}
        found = []
        for path in service.mail_files():
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if str(mail["Message-ID"]).strip("<> ") in ids:
                found.append((path.stat().st_mtime, mail))
        return found

    def wait_for_one(self, service, event, due):
        found = wait_until(lambda: self.reminders(service, event), due - time.time() + LATEST + 2, "the reminder")
        self.assertEqual(len(found), 1)
        written, mail = found[0]
        self.assertGreaterEqual(written, due - 1, "the reminder came before its time")
        self.assertLessEqual(written, due + LATEST, "the reminder came late")
        return mail

    def prepared_in_time(self, prepare):
        """(what prepare made, the instant its reminders count from); anew with more time when the machine was too slow."""
        for lead in LEADS:
            due = int(time.time()) + lead
            made = prepare(due)
            if time.time() < due - 1:
                return made, due
        self.fail("too slow to tell anything")

    def test_on_time_moved_and_cancelled(self):
        with Service(self.engine) as service:
            world.community(service)
            self.member = people.members(1)[0]
            world.add_member(service, self.member)

            def prepare(due):
                on_time = self.confirmed(service, "On time", due + 3600)
                moved = self.confirmed(service, "Moved", due + 3600 + 1)
                cancelled = self.confirmed(service, "Cancelled", due + 3600 + 2)
                given_up = self.confirmed(service, "Given up", due + 3600 + 2)
                control = self.confirmed(service, "Control", due + 3600 + 6)
                service.patch(f"/events/{moved['id']}", {"start": wall(due + 3600 + 8)})
                service.api("POST", f"/events/{cancelled['id']}/cancel", json={"reason": "The speaker is ill"}, expect=200)
                theirs = service.items(f"/events/{given_up['id']}/registrations")[0]
                service.api("POST", f"/registrations/{theirs['id']}/cancel", json={}, expect=200)
                return on_time, moved, cancelled, given_up, control

            (on_time, moved, cancelled, given_up, control), due = self.prepared_in_time(prepare)
            mail = self.wait_for_one(service, on_time, due)
            self.assertIsNone(next((part for part in mail.walk() if part.get_content_type() == "text/calendar"), None))
            self.assertIn("On time", str(mail["Subject"]))
            self.wait_for_one(service, control, due + 6)
            # The moved one answers to its old time no more, the others not at all.
            self.assertEqual(self.reminders(service, cancelled), [])
            self.assertEqual(self.reminders(service, given_up), [])
            self.wait_for_one(service, moved, due + 8)

    def test_after_a_restart_none_is_lost_and_none_comes_twice(self):
        with Service(self.engine) as service:
            world.community(service)
            self.member = people.members(1)[0]
            world.add_member(service, self.member)

            def prepare(due):
                event = self.confirmed(service, "Over a restart", due + 3600)
                # A mail that was under way at the kill stays its dead owner's for the length of a lease, and the
                # reminder behind it waits: mails to one person keep their order.
                wait_until(lambda: {row["state"] for row in world.outbox(service, event=event["id"])}
                           <= {"sent", "superseded"}, 30, "the confirmation")
                service.kill()
                service.start()
                return event

            event, due = self.prepared_in_time(prepare)
            self.wait_for_one(service, event, due)
            wait_until(lambda: all(row["state"] != "sending" for row in world.outbox(service)), 5, "the mark")
            service.kill()
            service.start()
            later, due = self.prepared_in_time(lambda due: self.confirmed(service, "After it", due + 3600))
            self.wait_for_one(service, later, due)
            self.assertEqual(len(self.reminders(service, event)), 1)


globals().update(both_engines(Reminders))
