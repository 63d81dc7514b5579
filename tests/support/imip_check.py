"""Whether a mail is the calendar mail that Outlook, Gmail, Apple and Thunderbird act upon.

`faults(message)` lists everything that is wrong with an invitation, an update or a cancellation as it arrived
(a mail_server.Message), by rules named after RFC 5545, 5546 and 6047 and what those clients are known to need.
`check(test, message, method)` fails a test with that list. Written without our own parser, on Python's `email`.
"""

import re

_WIRE_LINE = 998  # RFC 5322 §2.1.1


def unfold(text):
    return re.sub(r"\r?\n[ \t]", "", text)


def split_line(line):
    """(NAME, {PARAMETER: value}, value) of one unfolded content line (RFC 5545 §3.1, RFC 6868)."""
    match = re.match(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$',
                     line, re.S)
    if match is None:
        raise ValueError(f"not a content line: {line!r}")
    parameters = {}
    for name, value in re.findall(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)', match[2]):
        plain = value.strip('"')
        parameters[name.upper()] = plain.replace("^n", "\n").replace("^'", '"').replace("^^", "^")
    return match[1].upper(), parameters, match[3]


class Component:
    def __init__(self, name):
        self.name, self.properties, self.parts = name, [], []

    def all(self, name):
        return [(parameters, value) for found, parameters, value in self.properties if found == name]

    def one(self, name):
        """The value of a property that must stand there at most once; None when it does not."""
        found = self.all(name)
        return found[0][1] if found else None

    def children(self, name):
        return [part for part in self.parts if part.name == name]


def parse(text):
    root = Component("")
    stack = [root]
    for line in unfold(text).splitlines():
        name, parameters, value = split_line(line)
        if name == "BEGIN":
            part = Component(value.upper())
            stack[-1].parts.append(part)
            stack.append(part)
        elif name == "END":
            if stack[-1].name != value.upper():
                raise ValueError(f"END:{value} closes {stack[-1].name}")
            stack.pop()
        else:
            stack[-1].properties.append((name, parameters, value))
    if len(stack) != 1 or len(root.parts) != 1 or root.parts[0].name != "VCALENDAR":
        raise ValueError("not exactly one whole VCALENDAR")
    return root.parts[0]


def event_of(text):
    """The one VEVENT of a message."""
    return parse(text).children("VEVENT")[0]


def address(value):
    return re.sub(r"(?i)^mailto:", "", value).lower()


def text_of(value):
    """A TEXT value with its escapes undone."""
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)


def _structure(message, say):
    mail = message.mail
    if mail.get_content_type() != "multipart/mixed":
        return say("M1", f"top level is {mail.get_content_type()}, not multipart/mixed")
    parts = list(mail.iter_parts())
    kinds = [part.get_content_type() for part in parts]
    if kinds != ["multipart/alternative", "application/ics"]:
        return say("M1", f"multipart/mixed holds {kinds}")
    inner = list(parts[0].iter_parts())
    kinds = [part.get_content_type() for part in inner]
    if kinds != ["text/plain", "text/html", "text/calendar"]:
        return say("M1", f"multipart/alternative holds {kinds}")
    calendar, attachment = inner[2], parts[1]
    for part in inner:
        if (part.get_content_charset() or "").lower() != "utf-8":
            say("M1", f"{part.get_content_type()} has charset {part.get_content_charset()}")
    if attachment.get_content_disposition() != "attachment" or attachment.get_filename() != "invite.ics":
        say("M1", "the second part is not an attachment named invite.ics")
    if attachment.get("Content-Transfer-Encoding", "").lower() != "base64":
        say("M1", "invite.ics is not base64")
    if attachment.get_payload(decode=True) != calendar.get_payload(decode=True):
        say("M1", "invite.ics differs from the text/calendar part")
    if calendar.get_content_disposition() == "attachment":
        say("M4", "text/calendar is an attachment")
    if calendar.get("Content-Transfer-Encoding", "").lower() not in ("base64", "quoted-printable"):
        say("M4", f"text/calendar is sent as {calendar.get('Content-Transfer-Encoding')}")


def _headers(message, method, say):
    mail = message.mail
    for name in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Reply-To"):
        if len(mail.get_all(name, [])) != 1:
            say("M13", f"{len(mail.get_all(name, []))} {name} headers")
    to = mail["To"].addresses if mail["To"] else ()
    if len(to) != 1 or to[0].addr_spec.lower() != message.mailbox:
        say("M8", f"To is {mail['To']}, the mailbox {message.mailbox}")
    if mail["Cc"] or mail["Bcc"]:
        say("M8", "has Cc or Bcc")
    if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", str(mail["Message-ID"])):
        say("M10", f"Message-ID {mail['Message-ID']}")
    if method != "REQUEST" and not (mail["In-Reply-To"] and mail["References"]):
        say("M10", "no In-Reply-To and References to the invitation")
    if str(mail["Auto-Submitted"]).lower() != "auto-generated":
        say("M11", f"Auto-Submitted is {mail['Auto-Submitted']}")
    suppressed = {word.strip() for word in str(mail["X-Auto-Response-Suppress"]).split(",")}
    if suppressed != {"OOF", "AutoReply"}:
        say("M11", f"X-Auto-Response-Suppress is {mail['X-Auto-Response-Suppress']}")
    for name in ("Precedence", "List-Id", "List-Unsubscribe"):
        if mail[name]:
            say("M12", f"has {name}")
    head = message.raw.split(b"\n\n", 1)[0]
    if any(byte > 127 for byte in head):
        say("M13", "non-ASCII bytes in the header")
    if max(len(line) for line in message.raw.split(b"\n")) > _WIRE_LINE:
        say("P13", "a line over 998 octets")


def _words(message, say):
    plain, page = message.text("text/plain"), message.text("text/html")
    for name, text in (("text/plain", plain), ("text/html", page)):
        if not re.search(r"\b\d\d:\d\d\b", text) and "DTSTART;VALUE=DATE:" not in message.calendar():
            say("M6", f"{name} names no time")
        if not re.search(r"UTC|GMT", text) and "DTSTART;VALUE=DATE:" not in message.calendar():
            say("M6", f"{name} names no UTC offset")
    if re.search(r"(?i)<script|javascript:", page):
        say("S15", "a script in the HTML part")


def _zones(calendar, say):
    zones = calendar.children("VTIMEZONE")
    declared = [zone.one("TZID") for zone in zones]
    if len(set(declared)) != len(declared):
        say("Z3", f"a VTIMEZONE twice: {declared}")
    used = {parameters["TZID"] for event in calendar.children("VEVENT")
            for _, parameters, _ in event.properties if "TZID" in parameters}
    if used != set(declared):
        say("Z3", f"TZIDs used {sorted(used)}, VTIMEZONEs {sorted(declared)}")
    kinds = [part.name for part in calendar.parts]
    if kinds != sorted(kinds, key=lambda kind: kind != "VTIMEZONE"):
        say("Z3", "a VTIMEZONE stands after the events")
    for zone in zones:
        name = zone.one("TZID")
        if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+", name):
            say("Z4", f"TZID {name} is not a plain IANA name")
        if any(property_name.startswith("X-") for property_name, _, _ in zone.properties):
            say("Z4", f"X- properties inside VTIMEZONE {name}")
        for kind in ("STANDARD", "DAYLIGHT"):
            if len(zone.children(kind)) > 1:
                say("Z6", f"{name} has {len(zone.children(kind))} {kind}")
        offsets = {}
        for part in zone.parts:
            offset = part.one("TZOFFSETTO") or ""
            if not re.fullmatch(r"[+-]\d{4}", offset):
                say("Z8", f"{name}: offset {offset!r}")
                continue
            offsets[part.name] = int(offset)
            rule = part.one("RRULE")
            if rule and ("UNTIL" in rule or "BYMONTHDAY" in rule or not rule.startswith("FREQ=YEARLY")):
                say("Z6", f"{name}: {rule}")
        if "STANDARD" not in offsets:
            say("Z6", f"{name} has no STANDARD")
        elif offsets.get("DAYLIGHT", 9999) < offsets["STANDARD"]:
            say("Z9", f"{name}: summer is labelled STANDARD")


def _calendar(message, raw, method, say):
    text = raw.decode("utf-8")
    if not text.startswith("BEGIN:VCALENDAR\r\n") or not text.endswith("END:VCALENDAR\r\n"):
        say("M5", "does not begin and end with VCALENDAR and CRLF")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        say("M5", "a bare CR or LF")
    for line in raw.split(b"\r\n"):
        if len(line) > 75:
            say("M5", f"a line of {len(line)} octets: {line[:80]!r}")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            say("M5", f"folded inside a character: {line!r}")
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        say("S15", "a control character")
    calendar = parse(text)
    if calendar.one("METHOD") != method:
        say("M2", f"METHOD is {calendar.one('METHOD')}")
    part = message.part("text/calendar")
    if (part.get_param("method") or "") != method:
        say("M2", f"method= is {part.get_param('method')}")
    if calendar.one("VERSION") != "2.0" or not calendar.one("PRODID"):
        say("S5", "VERSION or PRODID is missing")
    if calendar.one("CALSCALE") not in (None, "GREGORIAN"):
        say("S5", "CALSCALE")
    _zones(calendar, say)
    events = calendar.children("VEVENT")
    if len(events) != 1:
        return say("M3", f"{len(events)} VEVENTs")
    _event(message, events[0], method, say)


def _event(message, event, method, say):
    for name in ("UID", "DTSTAMP", "SEQUENCE", "ORGANIZER", "DTSTART", "SUMMARY"):
        if len(event.all(name)) != 1:
            say("S5", f"{len(event.all(name))} {name}")
    for name in ("STATUS", "DTEND", "DURATION", "LOCATION", "DESCRIPTION", "URL"):
        if len(event.all(name)) > 1:
            say("S5", f"{name} twice")
    if len(event.all("DTEND")) + len(event.all("DURATION")) != 1:
        say("S5", "neither or both of DTEND and DURATION")
    if not re.fullmatch(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+", event.one("UID") or "") or len(event.one("UID")) > 200:
        say("S1", f"UID {event.one('UID')}")
    if not re.fullmatch(r"\d{8}T\d{6}Z", event.one("DTSTAMP") or ""):
        say("S3", f"DTSTAMP {event.one('DTSTAMP')}")
    for name in ("DTSTART", "DTEND"):
        for parameters, value in event.all(name):
            if not (re.fullmatch(r"\d{8}T\d{6}", value) and "TZID" in parameters
                    or re.fullmatch(r"\d{8}", value) and parameters.get("VALUE") == "DATE"
                    or name == "DTEND" and re.fullmatch(r"\d{8}T\d{6}Z", value)):
                say("Z5", f"{name};{parameters}:{value} is neither local with a zone nor a date")
    attendees = event.all("ATTENDEE")
    if len(attendees) != 1 or address(attendees[0][1]) != message.mailbox:
        say("M9", f"ATTENDEEs {[value for _, value in attendees]}, the mailbox is {message.mailbox}")
    else:
        parameters = attendees[0][0]
        if method == "REQUEST":
            answer = parameters.get("PARTSTAT")
            if parameters.get("CUTYPE") != "INDIVIDUAL" or parameters.get("ROLE") != "REQ-PARTICIPANT":
                say("S7", f"ATTENDEE has CUTYPE={parameters.get('CUTYPE')} ROLE={parameters.get('ROLE')}")
            if answer not in ("NEEDS-ACTION", "ACCEPTED", "TENTATIVE"):
                say("S7", f"ATTENDEE has PARTSTAT={answer}")
            if answer == "NEEDS-ACTION" and parameters.get("RSVP") != "TRUE":
                say("S7", f"ATTENDEE is asked with RSVP={parameters.get('RSVP')}")
    organizers = event.all("ORGANIZER")
    if organizers:
        parameters, value = organizers[0]
        organizer, mail = address(value), message.mail
        if not value.lower().startswith("mailto:"):
            say("S6", f"ORGANIZER {value}")
        if "CN" not in parameters or "SENT-BY" in parameters:
            say("S6", f"ORGANIZER has {sorted(parameters)}")
        if mail["Reply-To"] and mail["Reply-To"].addresses[0].addr_spec.lower() != organizer:
            say("S6", f"Reply-To {mail['Reply-To']} is not ORGANIZER {organizer}")
        if organizer == message.mailbox:
            say("M9", "the recipient is the ORGANIZER")
    if method == "CANCEL" and event.one("STATUS") not in (None, "CANCELLED"):
        say("S8", f"STATUS {event.one('STATUS')} in a CANCEL")
    if method == "REQUEST" and event.one("STATUS") == "CANCELLED":
        say("S8", "STATUS:CANCELLED in a REQUEST")
    for name, parameters, value in event.properties:
        if name in ("URL", "CONFERENCE") and not re.fullmatch(r"https?://[^\s<>\"]+", value):
            say("S15", f"{name} {value!r}")
    if event.parts:
        say("S12", f"holds {[part.name for part in event.parts]}")
    if "<" in text_of(event.one("DESCRIPTION") or "") and re.search(r"</?(p|br|a|div)\b", text_of(event.one("DESCRIPTION"))):
        say("S14", "HTML in DESCRIPTION")


def faults(message, method="REQUEST"):
    """Everything that is wrong, as "RULE: what"; empty for a mail every client can act upon."""
    found = []

    def say(rule, what):
        found.append(f"{rule}: {what}")

    _headers(message, method, say)
    _structure(message, say)
    part = message.part("text/calendar")
    if part is None:
        say("M1", "no text/calendar part")
        return found
    _words(message, say)
    try:
        _calendar(message, part.get_payload(decode=True), method, say)
    except (ValueError, UnicodeDecodeError) as error:
        say("M5", str(error))
    return found


def check(test, message, method="REQUEST"):
    found = faults(message, method)
    test.assertEqual(found, [], f"{message.subject!r} to {message.mailbox}:\n" + "\n".join(found)
                     + "\n" + message.calendar())

