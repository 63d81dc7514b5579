"""The checker of calendar mails accepts a right mail and finds each fault that is put in."""

import email.message
import email.policy
import os
import pathlib
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
from mail_server import Message  # noqa: E402

_ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Convoke//EN
METHOD:REQUEST
BEGIN:VTIMEZONE
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
BEGIN:VEVENT
UID:abc@events.example
DTSTAMP:20270101T000000Z
SEQUENCE:0
DTSTART;TZID=Europe/Dublin:20270617T090000
DTEND;TZID=Europe/Dublin:20270617T113000
SUMMARY:Labour market paths
STATUS:CONFIRMED
ORGANIZER;CN=Desk:mailto:rsvp+tok@events.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;
 RSVP=TRUE;CN="Niamh":mailto:niamh@ie.example
URL:https://events.example/e/1
END:VEVENT
END:VCALENDAR
"""


def mail(ics=_ICS, plain="At 09:00 (Dublin, UTC+1)", method="REQUEST", encoding="base64", attachment=None, headers=()):
    text = ics.replace("\n", "\r\n")
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Desk <events@events.example>"
    message["To"] = "Niamh <niamh@ie.example>"
    message["Reply-To"] = "rsvp+tok@events.example"
    message["Subject"] = "Invitation: Łódź"
    message["Date"] = "Fri, 01 Jan 2027 00:00:00 +0000"
    message["Message-ID"] = "<one@events.example>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(plain)
    message.add_alternative(f"<p>{plain}</p>", subtype="html")
    message.add_alternative(text, subtype="calendar", cte=encoding, params={"method": method})
    message.add_attachment((attachment or text).encode(), maintype="application", subtype="ics", filename="invite.ics")
    for name, value in headers:
        del message[name]
        if value is not None:
            message[name] = value
    return message


class Stored(Message):
    """A mail as if it had been delivered."""

    def __init__(self, message, mailbox="niamh@ie.example"):
        self.mailbox, self.path, self.time = mailbox, pathlib.Path("none"), 0
        self.raw = message.as_bytes().replace(b"\r\n", b"\n")
        self.mail = email.message_from_bytes(self.raw, policy=email.policy.default)


class Checker(unittest.TestCase):
    def rules(self, message, **more):
        return {fault.split(":")[0] for fault in imip_check.faults(Stored(message, **more))}

    def test_a_right_mail_has_no_fault(self):
        imip_check.check(self, Stored(mail()))

    def test_each_fault_in_the_calendar_is_found(self):
        for rule, before, after in [
                ("M2", "METHOD:REQUEST", "METHOD:PUBLISH"), ("S5", "VERSION:2.0\n", ""),
                ("S5", "DTEND;TZID=Europe/Dublin:20270617T113000\n", ""), ("S1", "UID:abc@", "UID:Ł@"),
                ("S3", "DTSTAMP:20270101T000000Z", "DTSTAMP:20270101T000000"),
                ("Z5", "DTSTART;TZID=Europe/Dublin:20270617T090000", "DTSTART:20270617T090000Z"),
                ("Z3", "TZID=Europe/Dublin:20270617T0", "TZID=Europe/Rome:20270617T0"),
                ("Z4", "TZID:Europe/Dublin\n", "TZID:Europe/Dublin\nX-LIC-LOCATION:Europe/Dublin\n"),
                ("Z9", "TZOFFSETTO:+0100", "TZOFFSETTO:-0100"),
                ("Z6", "BYDAY=-1SU\nEND:DAYLIGHT", "BYDAY=-1SU;UNTIL=20371025T000000Z\nEND:DAYLIGHT"),
                ("M9", "mailto:niamh@", "mailto:other@"), ("S7", "RSVP=TRUE", "RSVP=FALSE"),
                ("S6", "mailto:rsvp+tok@", "mailto:desk@"), ("S8", "STATUS:CONFIRMED", "STATUS:CANCELLED"),
                ("S15", "https://events.example/e/1", "javascript:alert(1)"),
                ("M5", "SUMMARY:Labour market paths", "SUMMARY:" + "long " * 20),
                ("M5", "END:VEVENT\n", ""), ("M3", "END:VEVENT\n", "END:VEVENT\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\n")]:
            with self.subTest(rule=rule, after=after):
                self.assertIn(before, _ICS)
                self.assertIn(rule, self.rules(mail(_ICS.replace(before, after))))

    def test_each_fault_in_the_mail_is_found(self):
        for rule, message in [
                ("M2", mail(method="PUBLISH")), ("M4", mail(encoding="8bit")),
                ("M1", mail(attachment=_ICS)), ("M6", mail(plain="Tomorrow")),
                ("M11", mail(headers=[("Auto-Submitted", None)])),
                ("M11", mail(headers=[("X-Auto-Response-Suppress", "All")])),
                ("M12", mail(headers=[("Precedence", "bulk")])), ("M8", mail(headers=[("To", "a@b.c, d@e.f")])),
                ("M10", mail(headers=[("Message-ID", "one")])), ("M13", mail(headers=[("Reply-To", None)]))]:
            with self.subTest(rule=rule):
                self.assertIn(rule, self.rules(message))

    def test_the_wrong_mailbox_is_found(self):
        self.assertLessEqual({"M8", "M9"}, self.rules(mail(), mailbox="siobhan@ie.example"))


if __name__ == "__main__":
    unittest.main()
