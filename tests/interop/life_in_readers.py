"""One event from a quarter of a year to its end, as people's programs see it: subscribers take the whole feed each time,
readers of mail apply what they are sent, one message after the other. After every step each reader knows exactly what
is true, under one UID."""

import email
import email.policy
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import programs  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

_HERE = os.path.dirname(os.path.abspath(readers.__file__))


def _expanding():
    return {"ical.js": ["node", os.path.join(_HERE, "instants_icaljs.mjs")],
            "python-icalendar": ["/usr/bin/python3", os.path.join(_HERE, "instants_icalendar.py")],
            "libical": [programs.program("libical_instants")]}


def _blocks(text, name):
    return re.findall(rf"^BEGIN:{name}\r\n.*?^END:{name}\r\n", text, re.M | re.S)


def _value(block, name):
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*)\r$", block.replace("\r\n ", ""), re.M)
    return found and found[1]


class Inbox:
    """A calendar that grows by mail (RFC 5546): by UID and RECURRENCE-ID, a higher SEQUENCE wins, then a later DTSTAMP."""

    def __init__(self):
        self._kept, self._zones = {}, {}

    def apply(self, text):
        for zone in _blocks(text, "VTIMEZONE"):
            self._zones[_value(zone, "TZID")] = zone
        # The reader understands it before anything is applied.
        readers.read_by_all(text)
        method = _value(text, "METHOD")
        for event in _blocks(text, "VEVENT"):
            uid, instance = _value(event, "UID"), _value(event, "RECURRENCE-ID")
            version = (int(_value(event, "SEQUENCE")), _value(event, "DTSTAMP"))
            old = self._kept.get((uid, instance))
            if old and old[0] >= version:
                continue
            if method == "CANCEL" and not instance:
                # The whole series goes, with its changed dates.
                for key in [key for key in self._kept if key[0] == uid and key[1]]:
                    del self._kept[key]
            self._kept[uid, instance] = (version, event)

    def text(self):
        return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Convoke//Tests//EN\r\n" + "".join(self._zones.values()) +
                "".join(event for _, event in self._kept.values()) + "END:VCALENDAR\r\n")

    def cancelled(self):
        return bool(self._kept) and all(_value(event, "STATUS") == "CANCELLED" for _, event in self._kept.values())

    def __len__(self):
        return len(self._kept)


class Life:
    def test_life(self):
        with Service(self.engine) as service:
            world.community(service)
            self.service, self.inbox, self.mails = service, Inbox(), 0
            self.feed = world.add_member(service, people.members(1)[0])["feedUrl"]
            event = world.create(service, world.on_site_event(
                start=None, timeZone=None, duration=None, provisional={"earliest": "2027-04-01", "latest": "2027-06-30"}))
            self.uid, self.path = event["uid"], f"/events/{event['id']}"
            zone = world.BRUSSELS

            def at(day, start, end):
                return [int(self.seconds(f"{day}T{hour}:00", zone)) for hour in (start, end)]

            self.expect("quarter", [["2027-04-01", "2027-07-01"]], "TENTATIVE", mails=0)
            service.patch(self.path, {"provisional": {"earliest": "2027-06-07", "latest": "2027-06-18"}})
            self.expect("window", [["2027-06-07", "2027-06-19"]], "TENTATIVE", mails=0)
            service.patch(self.path, {"start": "2027-06-16T00:00:00", "showWithoutTime": True, "duration": "P1D", "timeZone": zone})
            self.expect("day", [["2027-06-16", "2027-06-17"]], "TENTATIVE", mails=1)
            service.patch(self.path, {"start": "2027-06-16T10:00:00", "showWithoutTime": None, "duration": "PT2H"})
            self.expect("hour", [at("2027-06-16", "10:00", "12:00")], "TENTATIVE", mails=2)
            service.patch(self.path, {"start": "2027-10-14T14:00:00"})
            self.expect("moved", [at("2027-10-14", "14:00", "16:00")], "TENTATIVE", mails=3)
            # A series now, through the end of summer time.
            service.patch(self.path, {"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}]})
            days = ["2027-10-14", "2027-10-21", "2027-10-28", "2027-11-04"]
            self.expect("series", [at(day, "14:00", "16:00") for day in days], "TENTATIVE", mails=4)
            service.patch(self.path, {"recurrenceOverrides": {"2027-11-04T14:00:00": {"start": "2027-11-05T09:30:00"}}})
            ends = [at(day, "14:00", "16:00") for day in days[:3]] + [at("2027-11-05", "09:30", "11:30")]
            self.expect("one date moved", ends, "TENTATIVE", mails=5)
            # What one step too few leaves behind is seen.
            with self.assertRaises(AssertionError):
                self.check("as if nothing had moved", [at(day, "14:00", "16:00") for day in days], "TENTATIVE", mails=5)
            service.api("POST", self.path + "/cancel", json={"reason": "No speaker"}, expect=200)
            self.expect("cancelled", None, "CANCELLED", mails=6)

    def seconds(self, wall, zone):
        import datetime
        import zoneinfo
        return datetime.datetime.fromisoformat(wall).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()

    def take_mails(self, count):
        """Applies what has come since the last step, in the order it was sent."""
        files = wait_until(lambda: (found := self.service.mail_files()) and len(found) >= count and found, 20,
                           f"{count} mails") if count else self.service.mail_files()
        self.assertEqual(len(files), count)
        for file in sorted(files, key=lambda one: one.stat().st_mtime_ns)[self.mails:]:
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
            text = part.get_payload(decode=True).decode()
            self.assertEqual({_value(one, "UID") for one in _blocks(text, "VEVENT")}, {self.uid})
            self.inbox.apply(text)
        self.mails = count

    def expect(self, step, times, status, mails):
        """`times`: [start, end] of every occurrence; None: everything is cancelled."""
        with self.subTest(step):
            self.check(step, times, status, mails)

    def check(self, step, times, status, mails):
        self.take_mails(mails)
        feed = self.service.request("GET", self.feed).text
        entries = readers.read_by_all(feed)
        self.assertEqual({entry["uid"] for entry in entries}, {self.uid}, step)
        self.assertEqual({entry["status"] for entry in entries}, {status}, step)
        if times is None:
            self.assertTrue(all(entry["transparent"] for entry in entries))
            self.assertTrue(self.inbox.cancelled(), self.inbox.text())
            self.assertEqual({entry["status"] for entry in readers.read_by_all(self.inbox.text())}, {"CANCELLED"})
            return
        # A subscriber has the feed; who reads mails has them once there is something to attend.
        known = {"feed": feed} | ({"mails": self.inbox.text()} if mails else {})
        for reader, command in _expanding().items():
            for where, answer in zip(known, programs.answers(command, list(known.values()))):
                self.assertEqual(answer, {self.uid: sorted(times)}, f"{step}: {where} in {reader}")
        if not mails:
            self.assertEqual(len(self.inbox), 0)


globals().update(both_engines(Life))


class Order(unittest.TestCase):
    def test_an_old_message_changes_nothing(self):
        """The rule of the inbox itself."""
        def text(sequence, start):
            return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\n"
                    f"DTSTAMP:20260101T000000Z\r\nSEQUENCE:{sequence}\r\nDTSTART:{start}\r\nDTEND:20270601T120000Z\r\n"
                    "SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        inbox = Inbox()
        for message in (text(2, "20270601T100000Z"), text(1, "20270601T090000Z")):
            inbox.apply(message)
        self.assertIn("DTSTART:20270601T100000Z", inbox.text())
