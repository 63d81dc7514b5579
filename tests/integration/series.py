"""A series in mail and feed: one date moved or cancelled is one mail with its RECURRENCE-ID and nothing beside it; what
calendars cannot take as a rule goes date by date under the one UID."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402


def weekly(count=6, **rule):
    return {"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": count, **rule}]}


class Series:
    def begin(self, service, event):
        world.community(service)
        member = dict(people.members(1)[0])
        member.update(world.add_member(service, member))
        return member, world.create(service, event)

    def next_mail(self, mail, member, seen):
        mail.wait_for(seen + 1, address=member["email"])
        return mail.messages(member["email"])[seen]

    def told_apart(self, messages, words, words_of_a_change):
        """Mails about dates that merely belong to the series do not speak of a change."""
        self.assertEqual(len(messages), 2)
        for message in messages:
            text = " ".join(message.text().split())
            self.assertIn(words, text)
            self.assertNotIn(words_of_a_change, text.lower())

    def test_one_date(self):
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            member, event = self.begin(service, world.online_event() | weekly())
            first = self.next_mail(mail, member, 0)
            entry = imip_check.event_of(first.calendar())
            self.assertTrue(entry.one("RRULE"))
            self.assertEqual(entry.one("SEQUENCE"), "0")

            # The second date moves to another hour and place: one mail, holding that date alone.
            second, third = world.in_days(37), world.in_days(44)
            service.patch(f"/events/{event['id']}", {"recurrenceOverrides": {second: {"start": world.in_days(37, 14),
                                                                                     "title": "At two"}}})
            moved = self.next_mail(mail, member, 1)
            imip_check.check(self, moved)
            entries = readers.read_by_all(moved.calendar())
            self.assertEqual([(one["uid"], one["recurrence_id"], one["start_utc"], one["summary"], one["sequence"])
                              for one in entries],
                             [(event["uid"], world.instant(second, world.BRUSSELS),
                               world.instant(world.in_days(37, 14), world.BRUSSELS), "At two", 1)])
            self.assertIn("One date of the series has changed", moved.text())
            self.assertIn("14:00", moved.text())

            # The third is cancelled.
            service.patch(f"/events/{event['id']}", {"recurrenceOverrides": {third: {"excluded": True}}})
            gone = self.next_mail(mail, member, 2)
            imip_check.check(self, gone, "CANCEL")
            entry = imip_check.event_of(gone.calendar())
            self.assertEqual((entry.one("UID"), entry.one("STATUS"), entry.one("SEQUENCE")), (event["uid"], "CANCELLED", "2"))
            self.assertEqual(readers.read_by_all(gone.calendar())[0]["recurrence_id"], world.instant(third, world.BRUSSELS))
            self.assertIn("This date of the series is cancelled", gone.text())
            self.assertIsNone(entry.one("RRULE"))

            # Everything moves by an hour: one mail for the whole series.
            service.patch(f"/events/{event['id']}", {"start": world.in_days(30, 11), "recurrenceOverrides": None})
            whole = self.next_mail(mail, member, 3)
            entry = imip_check.event_of(whole.calendar())
            self.assertTrue(entry.one("RRULE"))
            mail.settle()
            self.assertEqual(mail.count(), 4)

    def test_who_comes_after_dates_were_changed(self):
        """The series without its changed dates, then each of them in a mail of its own: a mail with both is refused by
        Outlook. More than a handful stay in the one text, and the organiser is told."""
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            member, event = self.begin(service, world.online_event() | weekly(10))
            self.next_mail(mail, member, 0)
            first, second, third = (world.in_days(30 + 7 * week) for week in (0, 1, 2))
            moved = {second: {"start": world.in_days(37, 14)}, third: {"title": "With guests"}, first: {"excluded": True}}
            service.patch(f"/events/{event['id']}", {"recurrenceOverrides": moved})
            mail.wait_for(4, address=member["email"])

            late, other = (dict(person) for person in people.members(5)[3:])
            for person, language in ((late, "fr"), (other, "de")):
                service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
                    "email": person["email"], "name": person["name"], "mode": "online", "language": language})
                mail.wait_for(3, address=person["email"])
            mail.settle()
            self.told_apart(mail.messages(late["email"])[1:], "Cette date de la série diffère des autres", "a changé")
            self.told_apart(mail.messages(other["email"])[1:], "Dieser Termin der Reihe ist anders", "geändert")
            series, *dates = mail.messages(late["email"])
            for message in (series, *dates):
                imip_check.check(self, message)
            entries = imip_check.parse(series.calendar()).children("VEVENT")
            self.assertEqual([(bool(entry.one("RRULE")), entry.one("RECURRENCE-ID")) for entry in entries], [(True, None)])
            self.assertTrue(entries[0].one("EXDATE"))
            single = [readers.read_by_all(message.calendar()) for message in dates]
            self.assertEqual([[(one["uid"], one["recurrence_id"], one["start_utc"], one["summary"]) for one in all]
                              for all in single],
                             [[(event["uid"], world.instant(second, world.BRUSSELS),
                                world.instant(world.in_days(37, 14), world.BRUSSELS), event["title"])],
                              [(event["uid"], world.instant(third, world.BRUSSELS),
                                world.instant(third, world.BRUSSELS), "With guests")]])
            stands = [imip_check.event_of(message.calendar()) for message in dates]
            self.assertEqual({entry.all("ATTENDEE")[0][0]["PARTSTAT"] for entry in stands}, {"ACCEPTED"})
            self.assertGreaterEqual([entry.one("DTSTAMP") for entry in stands], [entries[0].one("DTSTAMP")] * 2)

            # Another place: everybody gets the series and its changed dates again, in this order.
            before = {address: len(mail.messages(address)) for address in (member["email"], late["email"])}
            service.patch(f"/events/{event['id']}", {"virtualLocations": {
                "1": {"@type": "VirtualLocation", "name": "Room", "uri": "https://meet.example/other"}}})
            for address, count in before.items():
                mail.wait_for(count + 3, address=address)
            mail.settle()
            for address, count in before.items():
                told = [imip_check.event_of(message.calendar()) for message in mail.messages(address)[count:]]
                self.assertEqual([bool(entry.one("RECURRENCE-ID")) for entry in told], [False, True, True])
                self.assertEqual({entry.one("SEQUENCE") for entry in told}, {"2"})
            self.told_apart(mail.messages(member["email"])[-2:], "This date of the series is unlike the others", "has changed")

            # Too many changed dates for mails of their own.
            many = {world.in_days(30 + 7 * week): {"title": "With guests"} for week in range(1, 7)}
            event = service.patch(f"/events/{event['id']}", {"recurrenceOverrides": many}).json
            self.assertEqual([(one["pointer"], one["code"]) for one in event["warnings"]],
                             [("/recurrenceOverrides", "limit_reached")])
            last = dict(people.members(3)[2])
            service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
                "email": last["email"], "name": last["name"], "mode": "online"})
            mail.wait_for(1, address=last["email"])
            mail.settle()
            whole, = mail.messages(last["email"])
            self.assertEqual(len(imip_check.parse(whole.calendar()).children("VEVENT")), 7)

    def test_date_by_date(self):
        """The last working day of each month is no rule for Outlook."""
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            days = [{"@type": "NDay", "day": day} for day in ("mo", "tu", "we", "th", "fr", "sa", "su")]
            start = "2027-05-31T10:00:00"
            member, event = self.begin(service, world.online_event() | {"start": start, "recurrenceRules": [
                {"@type": "RecurrenceRule", "frequency": "monthly", "count": 4, "byDay": days, "bySetPosition": [-1]}]})
            first = self.next_mail(mail, member, 0)
            entries = readers.read_by_all(first.calendar())
            self.assertEqual({one["uid"] for one in entries}, {event["uid"]})
            self.assertEqual([one["start_utc"][:10] for one in entries], ["2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31"])
            self.assertIsNone(imip_check.event_of(first.calendar()).one("RRULE"))
            # Another rule would leave dates in calendars that nothing takes back.
            answer = service.api("PATCH", f"/events/{event['id']}", json={"start": "2027-05-30T10:00:00", "recurrenceRules": [
                {"@type": "RecurrenceRule", "frequency": "monthly", "count": 4, "byMonthDay": [30]}]},
                headers={"If-Match": service.api("GET", f"/events/{event['id']}").etag})
            self.assertIn(answer.status, (409, 422))
            self.assertIn("one by one", answer.text)
            # An added date is one more mail.
            service.patch(f"/events/{event['id']}", {"recurrenceOverrides": {"2027-06-15T10:00:00": {"title": "Extra"}}})
            added = readers.read_by_all(self.next_mail(mail, member, 1).calendar())
            self.assertEqual([(one["recurrence_id"], one["start_utc"], one["summary"]) for one in added],
                             [("2027-06-15T08:00:00Z", "2027-06-15T08:00:00Z", "Extra")])

    def test_dates_in_the_hours_that_clocks_skip_or_repeat(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.on_site_event() | {
                "start": "2027-03-27T02:30:00", "timeZone": "Europe/Brussels",
                "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "daily", "count": 3}]}, publish=False)
            self.assertEqual([one["pointer"] for one in event["warnings"]], ["/recurrenceOverrides/2027-03-28T02:30:00"])
            self.assertIn("03:30", event["warnings"][0]["detail"])
            plain = world.create(service, world.on_site_event(), publish=False)
            self.assertNotIn("warnings", plain)


globals().update(both_engines(Series))
