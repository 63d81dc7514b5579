"""Answers to invitations, in the shapes in which calendar programs send them (RFC 6047).

    invitation = Invitation(message)          # a mail from mail_server that carries a METHOD:REQUEST
    mail.hand_in(invitation.attendee, [invitation.reply_to], google(invitation, "ACCEPTED"))
"""

import base64
import datetime
import email.utils
import itertools
import quopri
import re

_number = itertools.count(1)


def _unfolded(text):
    return re.sub(r"\r?\n[ \t]", "", text)


class Invitation:
    """What an attendee's calendar knows of an invitation."""

    def __init__(self, message):
        text = _unfolded(message.calendar())
        entry = text[text.index("BEGIN:VEVENT"):]
        self.uid = re.search(r"^UID:(.*?)\r?$", entry, re.M)[1]
        self.sequence = int(re.search(r"^SEQUENCE:(\d+)", entry, re.M)[1])
        self.organizer = re.search(r"^ORGANIZER[^\n]*?mailto:([^\s;]+)", entry, re.M | re.I)[1]
        self.attendee = re.search(r"^ATTENDEE[^\n]*?mailto:([^\s;]+)", entry, re.M | re.I)[1]
        self.start = re.search(r"^(DTSTART[^\r\n]*)", entry, re.M)[1]
        self.reply_to = email.utils.parseaddr(str(message.mail["Reply-To"]))[1]
        self.text = message.calendar()
        self.message_id = message.message_id


def stamp(seconds=0):
    """A DTSTAMP so many seconds from now."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _calendar(lines):
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])


def reply(invitation, partstat, method="REPLY", product="-//Example//Calendar//EN", attendees=None, organizer=True,
          dtstamp=None, sequence=None, more=(), start=None):
    """The calendar part alone. attendees: addresses; None: the invited one."""
    people = [invitation.attendee] if attendees is None else attendees
    return _calendar([
        f"PRODID:{product}", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{invitation.uid}",
        *([f"ORGANIZER:mailto:{invitation.organizer}"] if organizer else []),
        *(f"ATTENDEE;PARTSTAT={partstat}:mailto:{one}" for one in people),
        f"DTSTAMP:{dtstamp or stamp()}", start or invitation.start,
        f"SEQUENCE:{invitation.sequence if sequence is None else sequence}", *more, "END:VEVENT"])


def headers(invitation, sender, subject="Accepted", more=()):
    moment = email.utils.formatdate(localtime=False)
    return [f"From: {sender}", f"To: {invitation.reply_to}", f"Subject: {subject}", f"Date: {moment}",
            f"Message-ID: <{next(_number)}.{stamp()}@{sender.split('@')[-1].strip('>')}>", "MIME-Version: 1.0", *more]


def mail(head, body):
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def _wrapped(data):
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def outlook(invitation, partstat, sender=None, **more):
    """Exchange: the calendar is an alternative in base64; no ORGANIZER, no CN; a Windows zone; a COMMENT of a blank line."""
    lines = reply(invitation, partstat, product="Microsoft Exchange Server 2010", organizer=False, start="DTSTART;TZID=Romance Standard Time:"
                  + re.search(r":(\d{8}T\d{6})", invitation.start)[1], more=(
                      "COMMENT;LANGUAGE=en-GB:\\n", "SUMMARY;LANGUAGE=en-GB:Accepted: Labour market paths", "CLASS:PUBLIC", "PRIORITY:5",
                      "TRANSP:OPAQUE", "STATUS:CONFIRMED", "X-MICROSOFT-CDO-APPT-SEQUENCE:0"), **more)
    zone = ("BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n"
            "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
            "DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n"
            "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n")
    lines = lines.replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT", 1)
    head = headers(invitation, f"Somebody <{sender or invitation.attendee}>", more=(
        "Thread-Topic: Labour market paths", "X-MS-Has-Attach:", 'Content-Type: multipart/alternative; boundary="_000_ANSWER_"'))
    return mail(head, "--_000_ANSWER_\r\nContent-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: base64\r\n\r\nDQo=\r\n"
                "--_000_ANSWER_\r\nContent-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + _wrapped(lines.encode()) + "--_000_ANSWER_--\r\n")


def google(invitation, partstat, sender=None, **more):
    """Google: sent by its own calendar (Sender), says it is automatic, and brings the calendar twice."""
    lines = reply(invitation, partstat, product="-//Google Inc//Google Calendar 70.9054//EN", more=("STATUS:CONFIRMED", "TRANSP:OPAQUE"), **more)
    inner = quopri.encodestring(lines.replace("\r\n", "\n").encode()).decode().replace("\n", "\r\n")
    head = headers(invitation, f"Somebody <{sender or invitation.attendee}>", more=(
        "Sender: Calendar <calendar-notification@calendar.example>", "Auto-Submitted: auto-generated",
        'Content-Type: multipart/mixed; boundary="outer"'))
    return mail(head, "--outer\r\nContent-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n"
                "Content-Type: text/plain; charset=\"UTF-8\"\r\n\r\nSomebody has accepted this invitation.\r\n--inner\r\n"
                "Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + inner + "\r\n--inner--\r\n--outer\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n"
                "Content-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + _wrapped(lines.encode()) + "--outer--\r\n")


def apple(invitation, partstat, sender=None, **more):
    """Apple Mail: the calendar in 7 bit, behind a text of one blank."""
    lines = reply(invitation, partstat, product="-//Apple Inc.//macOS 14.5//EN", more=("CALSCALE:GREGORIAN", "TRANSP:OPAQUE"), **more)
    head = headers(invitation, sender or invitation.attendee, more=(
        'Content-Type: multipart/alternative; boundary="Apple-Mail-1"', "X-Mailer: Apple Mail (2.3774)"))
    return mail(head, "--Apple-Mail-1\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n \r\n"
                "--Apple-Mail-1\r\nContent-Type: text/calendar; charset=utf-8; name=\"invitation.ics\"\r\n"
                "Content-Disposition: attachment; filename=invitation.ics\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
                + lines + "--Apple-Mail-1--\r\n")


def thunderbird(invitation, partstat, sender=None, **more):
    """Thunderbird: 8 bit, and a copy as application/ics that is cut off."""
    lines = reply(invitation, partstat, product="-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", more=(
        "X-MOZ-RECEIVED-SEQUENCE:0", "X-MOZ-SEND-INVITATIONS:TRUE"), **more)
    head = headers(invitation, f'"Somebody, Else" <{sender or invitation.attendee}>', more=(
        'Content-Type: multipart/mixed; boundary="------------0mixed"', "User-Agent: Mozilla Thunderbird"))
    return mail(head, "--------------0mixed\r\nContent-Type: multipart/alternative; boundary=\"------------0alt\"\r\n\r\n"
                "--------------0alt\r\nContent-Type: text/plain; charset=UTF-8; format=flowed\r\n\r\nSomebody has accepted.\r\n"
                "--------------0alt\r\nContent-Type: text/calendar; method=REPLY; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + lines + "--------------0alt--\r\n--------------0mixed\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n"
                "Content-Disposition: attachment; filename=\"invite.ics\"\r\n\r\n" + lines[:200] + "\r\n--------------0mixed--\r\n")


PROGRAMS = {"outlook": outlook, "google": google, "apple": apple, "thunderbird": thunderbird}


def plain(invitation, calendar, sender=None, method=None, more=()):
    """A mail that is nothing but the calendar part."""
    kind = "text/calendar; charset=utf-8" + (f"; method={method}" if method else "")
    return mail(headers(invitation, sender or invitation.attendee, more=(*more, f"Content-Type: {kind}")), calendar)


def words(invitation, text, sender=None, more=()):
    """A mail without a calendar part."""
    return mail(headers(invitation, sender or invitation.attendee, "Re: Invitation", more=(*more, "Content-Type: text/plain; charset=utf-8")),
                text + "\r\n")
