"""What a change of an event mails: an update with SEQUENCE + 1 where the time, place or link changed, nothing for a
corrected typo, METHOD:CANCEL to everyone who holds the entry. Read from real mailboxes."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402


class Changes:
    def test_invitation_update_typo_and_cancellation(self):
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            world.community(service)
            asked, going, refusing = members = [dict(member) for member in people.members(3)]
            for member in members:
                member.update(world.add_member(service, member))
            self.assertEqual(mail.count(), 0, "adding a member sends nothing")

            event = world.create(service, world.online_event(), publish=False)
            self.assertEqual(world.outbox(service), [], "a draft sends nothing")
            service.api("POST", f"/events/{event['id']}/publish", json={}, expect=200)
            mail.wait_for(3)
            first = {message.mailbox: message for message in mail.messages()}
            self.assertEqual(set(first), {member["email"] for member in members})
            for message in first.values():
                imip_check.check(self, message)
                entry = imip_check.event_of(message.calendar())
                self.assertEqual((entry.one("SEQUENCE"), entry.one("UID")), ("0", event["uid"]))
                self.assertIn("https://meet.example/abc", message.text())
                self.assertIn("https://meet.example/abc", imip_check.unfold(message.calendar()))

            answers = {one["email"]: one for one in service.items(f"/events/{event['id']}/registrations")}
            self.assertEqual({one["status"] for one in answers.values()}, {"invited"})
            service.api("POST", f"/registrations/{answers[going['email']]['id']}/confirm", json={}, expect=200)
            service.api("POST", f"/registrations/{answers[refusing['email']]['id']}/decline", json={}, expect=200)
            mail.wait_for(4, address=None)
            mail.settle()
            before = {address: len(mail.messages(address)) for address in first}

            # A corrected typo asks nobody to answer again.
            service.patch(f"/events/{event['id']}", {"description": "Corrected"})
            # The time moves by an hour: who holds the entry is told, and asked again.
            service.patch(f"/events/{event['id']}", {"start": world.in_days(30, 11)})
            for address in (asked["email"], going["email"]):
                mail.wait_for(before[address] + 1, address=address)
                update = mail.messages(address)[-1]
                imip_check.check(self, update)
                entry = imip_check.event_of(update.calendar())
                self.assertEqual((entry.one("UID"), entry.one("SEQUENCE")), (event["uid"], "1"))
                self.assertEqual(entry.all("ATTENDEE")[0][0]["PARTSTAT"], "NEEDS-ACTION")
                self.assertEqual(readers.read_by_all(update.calendar())[0]["start_utc"],
                                 world.instant(world.in_days(30, 11), world.BRUSSELS))
                self.assertEqual(str(update.mail["In-Reply-To"]), first[address].message_id)
                self.assertNotEqual(update.message_id, first[address].message_id)

            # Another link: told, not asked again.
            before = {address: len(mail.messages(address)) for address in first}
            service.patch(f"/events/{event['id']}", {"virtualLocations": {
                "1": {"@type": "VirtualLocation", "name": "Plenary room", "uri": "https://meet.example/other"}}})
            mail.wait_for(before[asked["email"]] + 1, address=asked["email"])
            update = mail.messages(asked["email"])[-1]
            self.assertEqual(imip_check.event_of(update.calendar()).one("SEQUENCE"), "2")
            self.assertIn("https://meet.example/other", update.text())

            mail.wait_for(before[going["email"]] + 1, address=going["email"])
            before = {address: len(mail.messages(address)) for address in first}
            service.api("POST", f"/events/{event['id']}/cancel", json={"reason": "The speaker is ill"}, expect=200)
            for address in (asked["email"], going["email"]):
                mail.wait_for(before[address] + 1, address=address)
                cancel = mail.messages(address)[-1]
                imip_check.check(self, cancel, "CANCEL")
                entry = imip_check.event_of(cancel.calendar())
                self.assertEqual((entry.one("UID"), entry.one("SEQUENCE"), entry.one("STATUS")),
                                 (event["uid"], "3", "CANCELLED"))
                self.assertIn("The speaker is ill", cancel.text())
            # One who declined holds no entry and is not told of the cancellation; nobody hears of anything twice.
            mail.settle()
            self.assertEqual(len(mail.messages(refusing["email"])), before[refusing["email"]])
            rows = world.outbox(service, event=event["id"])
            self.assertEqual([row for row in rows if row["state"] not in ("sent", "superseded")], [])
            self.assertEqual(mail.count(), sum(row["state"] == "sent" for row in rows))

            feed = service.request("GET", going["feedUrl"]).text
            entry = readers.read_by_all(feed)[0]
            self.assertEqual((entry["uid"], entry["status"], entry["transparent"]), (event["uid"], "CANCELLED", True))

    def test_a_link_that_is_not_there_yet(self):
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            world.community(service)
            member = people.members(1)[0]
            world.add_member(service, member)
            event = world.create(service, world.online_event(virtualLocations=None), publish=False)
            refused = service.api("POST", f"/events/{event['id']}/publish", json={}, expect=409)
            self.assertEqual(refused.json["code"], "link_missing")
            self.assertEqual(world.outbox(service), [])
            service.api("POST", f"/events/{event['id']}/publish", json={"linkDue": world.day_in(20)}, expect=200)
            invitation = mail.wait_for(1)[0]
            imip_check.check(self, invitation)
            day = str(int(world.day_in(20)[8:]))
            self.assertRegex(invitation.text(), rf"(?i)link[^.]*\b{day}\b|\b{day}\b[^.]*link")


globals().update(both_engines(Changes))
