"""The main job on the demonstration community: a window of days becomes an hour, and 151 people are invited to it
through a real mail server with TLS, each by their own clock; the feed shows the same entry before and after."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

# Hours that people in these zones read against Brussels, summer and winter alike.
BESIDE_BRUSSELS = {"Europe/Dublin": -1, "Europe/Athens": 1, "Atlantic/Azores": -2}


class MainJob:
    def demo(self, service):
        service.cli("demo")
        members = {one["slug"]: service.items(f"/communities/{one['slug']}/members") for one in service.items("/communities")}
        self.slug = max(members, key=lambda slug: len(members[slug]))
        return members[self.slug]

    def provisional(self, service):
        events = service.items(f"/events?community={self.slug}")
        found = [event for event in events if event.get("provisional") and event["state"] == "published"
                 and event["format"] == "online"] or                 [event for event in events if event.get("provisional") and event["state"] == "published"]
        self.assertTrue(found, "the demo has no published event with a window")
        return found[0]

    def fix(self, service, event):
        """Fixes the window to its first day at 10:00 in Brussels; returns the wall time."""
        start = event["provisional"]["earliest"] + "T10:00:00"
        change = {"start": start, "timeZone": "Europe/Brussels", "duration": "PT2H", "provisional": None}
        if event["format"] != "on-site":
            change["virtualLocations"] = {"1": {"@type": "VirtualLocation", "name": "Room",
                                                "uri": "https://meet.example/fixed"}}
        service.patch(f"/events/{event['id']}", change)
        return start

    def test_a_window_becomes_an_hour_for_151_people(self):
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            members = self.demo(service)
            self.assertEqual(len(members), 151)
            self.assertEqual(len({member["country"] for member in members}), 21)
            event = self.provisional(service)
            uid = event["uid"]
            dublin = next(member for member in members if member["timeZone"] == "Europe/Dublin")
            before = self.entry_in_feed(service, dublin, uid)
            self.assertTrue(before["all_day"])
            self.assertEqual((before["status"], before["transparent"]), ("TENTATIVE", True))
            self.assertEqual(before["start_utc"], event["provisional"]["earliest"])
            # The mails of other, already fixed events of the demonstration are not counted.
            earlier = {mail_row["id"] for mail_row in world.outbox(service)}

            start = self.fix(service, event)
            rows = [row for row in world.outbox(service, event=event["id"]) if row["id"] not in earlier]
            self.assertEqual(len(rows), 151)
            self.assertEqual({row["kind"] for row in rows}, {"invitation"})
            addresses = {member["email"].lower() for member in members}
            mail.wait_for(151, timeout=60)
            wait_until(lambda: len(self.of_event(mail, uid)) >= 151, 60, "151 invitations", interval=0.5)
            mail.settle()
            sent = self.of_event(mail, uid)
            self.assertEqual({message.mailbox for message in sent}, addresses)
            self.assertEqual(len(sent), 151)
            self.assertEqual(len({message.message_id for message in sent}), 151)
            self.assertIn("Anonymous TLS connection established", mail.log())
            self.check_mails(sent, members, start)
            wait_until(lambda: all(row["state"] == "sent" for row in world.outbox(service, event=event["id"])), 10,
                       "the outbox to say sent")

            after = self.entry_in_feed(service, dublin, uid)
            self.assertEqual((after["uid"], after["all_day"], after["start_utc"]),
                             (uid, False, world.instant(start, "Europe/Brussels")))
            self.assertGreater(after["sequence"], before["sequence"])
            mailed = next(message for message in sent if message.mailbox == dublin["email"].lower())
            self.assertEqual(readers.read_by_all(mailed.calendar())[0]["start_utc"], after["start_utc"])

    @staticmethod
    def of_event(mail, uid):
        return [message for message in mail.messages() if uid in imip_check.unfold(message.calendar())]

    def entry_in_feed(self, service, member, uid):
        answer = service.request("GET", member["feedUrl"])
        self.assertEqual(answer.status, 200)
        found = [entry for entry in readers.read_by_all(answer.text) if entry["uid"] == uid]
        self.assertEqual(len(found), 1, answer.text)
        return found[0]

    def check_mails(self, sent, members, start):
        by_address = {member["email"].lower(): member for member in members}
        hour = int(start[11:13])
        seen = set()
        for message in sent:
            member = by_address[message.mailbox]
            zone = member["timeZone"]
            clock = world.clock(start, "Europe/Brussels", zone)
            for text in (message.text("text/plain"), message.text("text/html")):
                self.assertIn(clock, text, f"{message.mailbox} in {zone}\n{text}")
                self.assertIn("10:00", text, f"the event's own clock for {message.mailbox}")
                self.assertLessEqual(text.index(clock), text.index("10:00"), "the reader's own clock comes first")
            if zone in BESIDE_BRUSSELS:
                self.assertEqual(clock, f"{hour + BESIDE_BRUSSELS[zone]:02d}:00")
                seen.add(zone)
            entry = imip_check.event_of(message.calendar())
            parameters, value = entry.all("DTSTART")[0]
            self.assertEqual((parameters.get("TZID"), value), ("Europe/Brussels", start.replace("-", "").replace(":", "")))
            imip_check.check(self, message)
        self.assertEqual(seen, set(BESIDE_BRUSSELS), "the demonstration lacks one of these zones")

    def test_the_demonstration_twice_changes_nothing(self):
        with Service(self.engine) as service:
            self.demo(service)
            events = service.items(f"/events?community={self.slug}")
            mails = world.outbox(service)
            members = service.items(f"/communities/{self.slug}/members")
            service.cli("demo")
            self.assertEqual(service.items(f"/events?community={self.slug}"), events)
            self.assertEqual(service.items(f"/communities/{self.slug}/members"), members)
            self.assertEqual([row["id"] for row in world.outbox(service)], [row["id"] for row in mails])


globals().update(both_engines(MainJob))
