"""The three outside readers agree on texts we know the answer to, and notice texts that are wrong."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import readers  # noqa: E402

_DUBLIN = """BEGIN:VTIMEZONE
TZID:Europe/Dublin
BEGIN:DAYLIGHT
DTSTART:19960331T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:IST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events, zone=_DUBLIN, method=None):
    lines = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Convoke//tests//EN\n"
    lines += f"METHOD:{method}\n" if method else ""
    lines += zone + "".join(f"BEGIN:VEVENT\n{event}END:VEVENT\n" for event in events) + "END:VCALENDAR\n"
    return lines.replace("\n", "\r\n")


_TIMED = """UID:one@convoke.example
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Dublin:20270617T090000
DTEND;TZID=Europe/Dublin:20270617T113000
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY:Paths\\, work\\; and "Łódź"
ORGANIZER;CN=Desk:mailto:rsvp+abc@events.example
ATTENDEE;PARTSTAT=NEEDS-ACTION;CN="Ó Briain":mailto:Niamh@ie.example
"""
_WINDOW = """UID:two@convoke.example
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20271001
DTEND;VALUE=DATE:20271101
STATUS:TENTATIVE
TRANSP:TRANSPARENT
SUMMARY:TBC (October 2027): Forum
"""


class Agree(unittest.TestCase):
    def test_a_summer_entry_in_dublin(self):
        entry = readers.read_by_all(calendar(_TIMED, method="REQUEST"))[0]
        self.assertEqual(entry, {
            "uid": "one@convoke.example", "recurrence_id": None, "start_utc": "2027-06-17T08:00:00Z",
            "end_utc": "2027-06-17T10:30:00Z", "all_day": False, "status": "CONFIRMED",
            "summary": 'Paths, work; and "Łódź"', "sequence": 3, "transparent": False, "method": "REQUEST",
            "attendees": [{"address": "niamh@ie.example", "partstat": "NEEDS-ACTION"}],
            "organizer": "rsvp+abc@events.example"})

    def test_a_winter_entry_in_dublin(self):
        entry = readers.read_by_all(calendar(_TIMED.replace("20270617", "20271217")))[0]
        self.assertEqual((entry["start_utc"], entry["end_utc"]), ("2027-12-17T09:00:00Z", "2027-12-17T11:30:00Z"))

    def test_a_window_of_days(self):
        entry = readers.read_by_all(calendar(_WINDOW, zone=""))[0]
        self.assertEqual((entry["start_utc"], entry["end_utc"], entry["all_day"], entry["transparent"]),
                         ("2027-10-01", "2027-11-01", True, True))

    def test_duration_instead_of_an_end(self):
        entry = readers.read_by_all(calendar(_TIMED.replace("DTEND;TZID=Europe/Dublin:20270617T113000",
                                                            "DURATION:PT2H30M")))[0]
        self.assertEqual(entry["end_utc"], "2027-06-17T10:30:00Z")

    def test_an_instance_in_its_zone(self):
        master = _TIMED + "RRULE:FREQ=WEEKLY;COUNT=3\n"
        moved = _TIMED.replace("20270617T0", "20270624T1").replace("20270617T1", "20270624T2") + \
            "RECURRENCE-ID;TZID=Europe/Dublin:20270624T090000\n"
        entries = readers.read_by_all(calendar(master, moved))
        self.assertEqual([entry["recurrence_id"] for entry in entries], [None, "2027-06-24T08:00:00Z"])
        self.assertEqual(entries[1]["start_utc"], "2027-06-24T18:00:00Z")


class Notice(unittest.TestCase):
    """Negative controls: each of these must be refused by every reader."""

    def refused_by_all(self, text):
        for reader in readers.READERS:
            with self.subTest(reader), self.assertRaises(readers.Unreadable):
                readers.read(reader, text)

    def test_a_zone_without_its_vtimezone(self):
        self.refused_by_all(calendar(_TIMED, zone=""))

    def test_no_calendar_at_all(self):
        self.refused_by_all("hello\r\n")

    def test_a_wrong_offset_is_seen_beside_the_machines_zones(self):
        wrong = calendar(_TIMED, zone=_DUBLIN.replace("+0100", "+0200"))
        with self.assertRaises(readers.Unreadable):
            readers.read("python-icalendar", wrong)
        self.assertEqual(readers.read("ical.js", wrong)[0]["start_utc"], "2027-06-17T07:00:00Z")
        self.assertEqual(readers.read("libical", wrong)[0]["start_utc"], "2027-06-17T07:00:00Z")

    def test_a_vtimezone_dateutil_cannot_read(self):
        with self.assertRaises(readers.Unreadable):
            readers.read("python-icalendar", calendar(_TIMED, zone=_DUBLIN.replace(
                "TZID:Europe/Dublin\n", "TZID:Europe/Dublin\nX-LIC-LOCATION:Europe/Dublin\n")))


if __name__ == "__main__":
    unittest.main()
