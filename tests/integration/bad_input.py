"""Bad input and the clear error it gets: status, code, place, and what would be right. Nothing is half done by it, and no
request costs more than a moment of the processor."""

import contextlib
import datetime
import email
import email.policy
import json
import os
import re
import sqlite3
import subprocess
import sys
import urllib.parse
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

MOST_CPU = 0.1  # seconds
ABROAD = {"email": "somebody@convoke.example", "name": "Some Body", "mode": "on-site"}

card = Scorecard("bad_input", expected=[f"B{n}" for n in (*range(1, 29), 30, 31, 34)])
tearDownModule = card.finish  # noqa: N816 - unittest's name


def last_sunday(month):
    day = datetime.date(datetime.date.today().year + 1, month, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


def cpu(pid):
    """Processor time of all threads, in seconds."""
    spent = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/schedstat") as file:
            spent += int(file.read().split()[0])
    return spent / 1e9


def table_sizes(service):
    """How many rows there are in every table that a request could change."""
    names = ("community", "member", "working_group", "working_group_member", "programme", "topic", "event", "registration",
             "person", "outbox", "change_log")
    if service.engine == "sqlite":
        with contextlib.closing(sqlite3.connect(f"file:{service.place}/convoke.db?mode=ro", uri=True)) as database:
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    done = subprocess.run(["psql", "-X", "-A", "-t", "-F", "=", "-v", "ON_ERROR_STOP=1", "-d", service.database_url, "-c", counts],
                          stdout=subprocess.PIPE, check=True, text=True)
    return {name: int(count) for name, count in (line.split("=") for line in done.stdout.split())}


class Attempts:
    """What one bad input was answered in all its forms: one line of the card."""

    def __init__(self, case, name, target):
        self.case, self.service, self.name, self.target = case, case.service, name, target
        self.seen, self.wrong, self.most_cpu = [], [], 0.0

    def __enter__(self):
        self.before = table_sizes(self.service)
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            return False
        after = table_sizes(self.service)
        if after != self.before:
            self.wrong.append(f"rows changed: {self.before} {after}")
        if self.most_cpu > MOST_CPU:
            self.wrong.append(f"{self.most_cpu * 1000:.0f} ms of processor")
        found = ", ".join(dict.fromkeys(self.seen)) + f"; {self.most_cpu * 1000:.1f} ms"
        for wrong in self.wrong:
            print(f"{self.name}: {wrong}", file=sys.stderr)
        with self.case.subTest(self.name):
            card.line(f"{self.name} ({self.case.engine})", found, f"{self.target}; <= 100 ms", not self.wrong)
        return False

    def changed(self):
        """What follows is allowed to have changed something: count anew."""
        self.before = table_sizes(self.service)

    def measured(self, work):
        started = cpu(self.service.pid)
        answer = work()
        self.most_cpu = max(self.most_cpu, cpu(self.service.pid) - started)
        return answer

    def check(self, right, what):
        if not right:
            self.wrong.append(str(what))

    def __call__(self, method, path, body=None, *, status, code, says=(), pointers=None, headers=None, token=None, members=None):
        """One request. `body`: text or bytes go as they are. `says`: in detail or a fault's detail; `pointers`: all of them."""
        raw = body.encode() if isinstance(body, str) else body
        if raw is not None and not isinstance(raw, bytes):
            raw = json.dumps(raw).encode()
        sent = {"Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json",
                "Authorization": f"Bearer {token or self.service.token}", **(headers or {})}
        answer = self.measured(lambda: self.service.request(method, "/api/v1" + path, raw, sent))
        self.look(answer, status, code, says, pointers, members)
        return answer

    def look(self, answer, status, code, says=(), pointers=None, members=None):
        if answer.headers.get_content_type() != "application/problem+json":
            return self.check(False, f"no problem document: {answer}")
        problem = answer.json
        self.seen.append(f"{answer.status} {problem['code']}")
        for name in ("type", "title", "status", "detail", "code", "requestId"):
            self.check(name in problem, f"no {name} in {problem}")
        self.check((answer.status, problem["status"], problem["code"]) == (status, status, code), f"{status} {code} expected: {problem}")
        text = " ".join([problem["detail"], *(error["detail"] for error in problem.get("errors", ()))])
        for word in says:
            self.check(word in text, f"{word!r} is not in {text!r}")
        if pointers is not None:
            found = {error["pointer"] for error in problem.get("errors", ())}
            self.check(found == set(pointers), f"pointers {sorted(found)}, not {sorted(pointers)}: {problem}")
        for name, value in (members or {}).items():
            self.check(problem.get(name) == value, f"{name} is {problem.get(name)!r}, not {value!r}")
        return None


class BadInput:
    @classmethod
    def setUpClass(cls):
        cls.service = Service(cls.engine)
        cls.enterClassContext(cls.service)
        world.community(cls.service)
        cls.service.token  # noqa: B018 - makes it, before anything is measured

    def attempts(self, name, target):
        return Attempts(self, name, target)

    def tearDown(self):
        log = self.service.log_text()
        for word in ("handler-threw", "engine-broken", "Traceback", "AddressSanitizer"):
            self.assertNotIn(word, log)

    def test_the_text_of_a_request(self):
        with self.attempts("B1 cut JSON", "400 json_syntax, line and column") as bad:
            bad("POST", "/communities", '{"name": ', status=400, code="json_syntax", says=["line 1, column 10"])
            bad("POST", "/events", '{\n  "title": "x",\n  "kind": ', status=400, code="json_syntax", says=["line 3"])
        with self.attempts("B2 10,000 brackets", "400 json_too_deep, limit named") as bad:
            bad("POST", "/communities", "[" * 10_000, status=400, code="json_too_deep", says=["32"])
            bad("POST", "/events", '{"a":' * 9_000, status=400, code="json_too_deep", says=["32"])
        with self.attempts("B3 a key twice", "400 json_duplicate_key, the key") as bad:
            bad("POST", "/communities/cop-mi/members", '{"email":"a","email":"b"}', status=400, code="json_duplicate_key", says=['"email"'])
            bad("POST", "/communities/cop-mi/members", '{"email":"a","\\u0065mail":"b"}', status=400, code="json_duplicate_key", says=['"email"'])
        with self.attempts("B4 numbers out of range", "422 out_of_range, both bounds") as bad:
            event = json.dumps(world.on_site_event(registration={"capacity": {"onSite": 111}}))
            for number in ("1e400", "2.5", "-1", "9223372036854775808", "1e19", "-1e400", "1000001"):
                bad("POST", "/events", event.replace("111", number), status=422, code="out_of_range", says=["0 to 1000000"],
                    pointers=["/registration/capacity/onSite"])
        with self.attempts("B5 not UTF-8, half a surrogate", "400 bad_encoding") as bad:
            for name in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\\ud800", b"\\ud800x", b"\\udc00", b"\\ud800\\u0041"):
                bad("POST", "/communities", b'{"slug":"x","timeZone":"Europe/Rome","name":"' + name + b'"}', status=400, code="bad_encoding")
        with self.attempts("B6 JSON as text/plain", "415, accepted types listed") as bad:
            for given in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
                bad("POST", "/communities", "{}", status=415, code="unsupported_media_type", says=["application/json"], headers={"Content-Type": given})
            bad("PATCH", "/communities/cop-mi", "{}", status=415, code="unsupported_media_type", says=["application/merge-patch+json"],
                headers={"Content-Type": "text/plain", "If-Match": "*"})
        with self.attempts("B7 2 MB to a route of 64 KB", "413 before reading, limit in text") as bad:
            head = (f"POST /api/v1/communities HTTP/1.1\r\nHost: 127.0.0.1:{self.service.port}\r\nAuthorization: Bearer {self.service.token}\r\n"
                    "Content-Type: application/json\r\nContent-Length: 2097152\r\n\r\n").encode()
            # Nothing of the body is ever sent: the answer can only have come before it.
            answer = bad.measured(lambda: self.raw(head))
            bad.look(answer, 413, "payload_too_large", ["65536"])
        with self.attempts("B8 unknown field", "422 unknown_field, pointer") as bad:
            bad("POST", "/events", world.on_site_event(isAdmin=True), status=422, code="unknown_field", pointers=["/isAdmin"])
            bad("POST", "/communities/cop-mi/members", {"email": "a@b.example", "is/Admin~": 1}, status=422, code="unknown_field",
                pointers=["/is~1Admin~0"])

    def raw(self, head):
        """Sends bytes and reads one answer, whatever is still missing of the request."""
        import http.client
        connection = self.service.connect()
        connection.connect()
        try:
            connection.sock.sendall(head)
            response = http.client.HTTPResponse(connection.sock, method="POST")
            response.begin()
            from service import Answer
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def test_times(self):
        gap, fold = last_sunday(3), last_sunday(10)
        with self.attempts("B9 an hour that is skipped", "422 local_time_does_not_exist, proposes 03:30") as bad:
            bad("POST", "/events", world.online_event(start=f"{gap}T02:30:00"), status=422, code="local_time_does_not_exist",
                says=["03:30"], pointers=["/start"], members={"later": f"{gap}T03:30:00+02:00"})
            bad("POST", "/events", world.on_site_event(start=f"{gap + datetime.timedelta(days=30)}T10:00:00",
                                                       registration={"closes": f"{gap}T02:30:00"}),
                status=422, code="local_time_does_not_exist", says=["03:30"], pointers=["/registration/closes"])
        with self.attempts("B10 an hour that comes twice", "422 local_time_ambiguous, both offsets") as bad:
            bad("POST", "/events", world.online_event(start=f"{fold}T02:30:00"), status=422, code="local_time_ambiguous",
                says=["+02:00", "+01:00"], pointers=["/start"],
                members={"earlier": f"{fold}T02:30:00+02:00", "later": f"{fold}T02:30:00+01:00"})
            bad("POST", "/events", world.online_event(start=f"{fold}T02:30:00", duration="long"), status=422, code="validation_failed",
                says=["+02:00", "+01:00"], pointers=["/start", "/duration"])
        with self.attempts("B11 zones that are none", "422 unknown_time_zone, nearest names") as bad:
            for zone, near in (("Europe/Brusels", "Europe/Brussels"), ("CEST", "Europe/Brussels"), ("GMT+1", "Europe/Brussels"),
                               ("Brussels", "Europe/Brussels"), ("Europe/Kyiw", "Europe/Kyiv"), ("../../etc/passwd", "")):
                bad("POST", "/events", world.online_event(timeZone=zone), status=422, code="unknown_time_zone", says=[near], pointers=["/timeZone"])
        with self.attempts("B12 an end before its beginning", "422 end_before_start, both pointers") as bad:
            for length in ("PT0S", "-PT2H", "P0D"):
                bad("POST", "/events", world.online_event(duration=length), status=422, code="end_before_start", pointers=["/start", "/duration"])
            bad("POST", "/events", world.provisional_event(60, 50), status=422, code="end_before_start",
                pointers=["/provisional/earliest", "/provisional/latest"])
            bad("POST", "/events", world.on_site_event(registration={"opens": world.in_days(9), "closes": world.in_days(8)}), status=422,
                code="end_before_start", pointers=["/registration/opens", "/registration/closes"])
            bad("POST", "/events", world.on_site_event(30, registration={"closes": world.in_days(31)}), status=422,
                code="end_before_start", pointers=["/registration/closes", "/duration"])
        with self.attempts("B13 days that are none", "422 invalid_date or out_of_range") as bad:
            for start, code in (("2027-02-30T10:00:00", "invalid_date"), ("0000-01-01T10:00:00", "invalid_date"),
                                ("10000-01-01T10:00:00", "invalid_date"), ("9999-01-01T10:00:00", "out_of_range"),
                                ("2027-06-17", "invalid_date"), ("2027-06-17T10:00:00Z", "invalid_date"), ("2027-06-17T24:00:00", "invalid_date")):
                bad("POST", "/events", world.online_event(start=start), status=422, code=code, pointers=["/start"])
            bad("POST", "/events", world.online_event(provisional={"earliest": "2027-02-30", "latest": "2027-13-01"}, start=None, timeZone=None,
                                                      duration=None), status=422, code="invalid_date",
                pointers=["/provisional/earliest", "/provisional/latest"])

    def test_recurrences_and_reminders(self):
        def series(**rule):
            return world.online_event(recurrenceRules=[rule])
        at = "/recurrenceRules/0"
        with self.attempts("B14 every second of February", "422 recurrence_not_supported, frequencies") as bad:
            bad("POST", "/events", series(frequency="secondly", byMonth=["2"], byMonthDay=[30]), status=422, code="recurrence_not_supported",
                says=["daily, weekly, monthly and yearly"], pointers=[at + "/frequency"])
        with self.attempts("B15 a thousand million days", "422 too_many_occurrences, limit") as bad:
            bad("POST", "/events", series(frequency="daily", count=1_000_000_000), status=422, code="too_many_occurrences", says=["1000"],
                pointers=[at + "/count"])
            bad("POST", "/events", series(frequency="daily", until="2037-01-01T00:00:00"), status=422, code="too_many_occurrences", says=["1000"],
                pointers=[at + "/until"])
            bad("POST", "/events", series(frequency="daily"), status=422, code="too_many_occurrences", pointers=[at + "/count"])
        with self.attempts("B16 each 30 February", "422 recurrence_never_happens") as bad:
            bad("POST", "/events", series(frequency="yearly", byMonth=["2"], byMonthDay=[30], count=5), status=422,
                code="recurrence_never_happens", pointers=[at])
        with self.attempts("B17 count and until, interval 0", "422 recurrence_invalid, which part") as bad:
            bad("POST", "/events", series(frequency="daily", count=3, until=world.in_days(40)), status=422, code="recurrence_invalid",
                pointers=[at + "/until"])
            bad("POST", "/events", series(frequency="daily", interval=0, count=3), status=422, code="recurrence_invalid", pointers=[at + "/interval"])
            bad("POST", "/events", series(frequency="daily", count=0), status=422, code="recurrence_invalid", pointers=[at + "/count"])
            bad("POST", "/events", series(frequency="daily", count=2.5), status=422, code="recurrence_invalid", pointers=[at + "/count"])
        with self.attempts("B18 reminders after the start, a year before", "422 reminder_offset, range") as bad:
            bad("POST", "/events", world.online_event(reminders=["P1D", "-PT1H", "P400D", "PT0S", "P1Y"]), status=422, code="reminder_offset",
                says=["before the start", "365 days"], pointers=["/reminders/1", "/reminders/2", "/reminders/3", "/reminders/4"])
        event = world.create(self.service, world.on_site_event(5, reminders=["P14D", "P7D", "P1D"]))
        with self.attempts("B19 a reminder that was due already", "201, warnings[] say skipped") as fine:
            answer = fine.measured(lambda: self.service.api("POST", f"/events/{event['id']}/registrations", json=ABROAD))
            fine.changed()
            warnings = answer.json.get("warnings", [])
            fine.seen.append(f"{answer.status}, {len(warnings)} warnings")
            fine.check(answer.status == 201, answer)
            fine.check([one["code"] for one in warnings] == ["reminder_already_due"] * 2, warnings)
            fine.check(all("skipped" in one["detail"] and re.search(r"\(Brussels, UTC\+\d\)", one["detail"]) for one in warnings), warnings)
            fine.check("P14D" in str(warnings) and "P7D" in str(warnings) and "P1D" not in str(warnings), warnings)

    def test_addresses_texts_and_links(self):
        event = world.create(self.service, world.on_site_event(20))
        path = f"/events/{event['id']}/registrations"
        with self.attempts("B20 addresses that are none", "422 email_invalid, what is wrong; nothing sent") as bad:
            for address, says in (("a@b\r\nBcc: x@y", "line end"), ("a b@c", "' '"), ("x" * 300 + "@b.example", "64"), ("<a@b.example>", "< >"),
                                  ("a@b.example\0", "control"), ("a@b", "domain"), ("a", "@"), ("a@@b.example", "more than one"),
                                  ("a@b.example\u2028Bcc: x", "domain")):
                for to in (path, "/communities/cop-mi/members"):
                    bad("POST", to, {"email": address}, status=422, code="email_invalid", says=[says], pointers=["/email"])
        with self.attempts("B21 letters outside ASCII", "domain to IDNA; local part 422 smtputf8_not_supported") as bad:
            bad("POST", path, {"email": "änna@convoke.example"}, status=422, code="smtputf8_not_supported", pointers=["/email"])
            answer = bad.measured(lambda: self.service.api("POST", path, json={"email": "anna@münchen.example"}))
            bad.changed()
            bad.seen.append(f"{answer.status} {answer.json.get('email')}")
            bad.check((answer.status, answer.json.get("email")) == (201, "anna@xn--mnchen-3ya.example"), answer)
        with self.attempts("B22 titles", "422 too_long, blank or control_character, in characters") as bad:
            def title(text, code, *says):
                bad("POST", "/events", world.on_site_event(title=text), status=422, code=code, says=says, pointers=["/title"])
            title("x" * 1_000_000, "too_long", "1000000 characters", "300")
            title("\U0001f600" * 301, "too_long", "301 characters")
            for blank in ("", "   ", "\u3000\u2003", "\u200b\u200d\u2060"):
                title(blank, "blank")
            for hostile, name in (("invoice\u202egpj.exe", "U+202E"), ("a\0b", "U+0000"), ("a\x1b[31m", "U+001B"), ("a\nb", "U+000A"),
                                  ("a\u2066b", "U+2066"), ("a\u0085b", "U+0085"), ("a\u2028b", "U+2028")):
                title(hostile, "control_character", name, "position")
            answer = self.service.api("POST", "/events", json=world.on_site_event(title="\U0001f600" * 300))
            bad.check(answer.status == 201, answer)
            bad.changed()
        with self.attempts("B23 links that are programs", "422 url_scheme, http and https only") as bad:
            for uri in ("javascript:alert(1)", "data:text/html,x", "vbscript:x", " https://meet.example", "JavaScript:alert(1)", "//meet.example",
                        "ftp://meet.example", "https://meet.example/\"onload=x", "https:meet.example"):
                bad("POST", "/events", world.online_event(virtualLocations={"1": {"uri": uri}}), status=422, code="url_scheme",
                    says=["https://"], pointers=["/virtualLocations/1/uri"])

    def test_seats(self):
        service = self.service
        hybrid = world.create(service, world.on_site_event(
            25, registration={"policy": "open", "waitlist": True, "capacity": {"onSite": 1}}) | {
                "format": "hybrid", "virtualLocations": {"1": {"uri": "https://meet.example/x"}}})
        path = f"/events/{hybrid['id']}/registrations"
        service.api("POST", path, json={**ABROAD, "email": "first@convoke.example"}, expect=201)
        online = service.api("POST", path, json={**ABROAD, "email": "second@convoke.example", "mode": "online"}, expect=201).json
        full = world.create(service, world.on_site_event(26, registration={"policy": "open", "capacity": {"onSite": 1}}))
        service.api("POST", f"/events/{full['id']}/registrations", json=ABROAD, expect=201)
        with self.attempts("B24 the event is full", "409 event_full, waiting-list link, places 0") as bad:
            bad("POST", f"/events/{full['id']}/registrations", {**ABROAD, "email": "late@convoke.example"}, status=409, code="event_full",
                says=["no waiting list"], members={"places": 0, "event": f"{service.url}/e/{full['id']}", "waitingList": None})
            answer = bad("POST", f"/registrations/{online['id']}/confirm", {"mode": "on-site"}, status=409, code="event_full",
                         says=["stays yours"], members={"places": 0, "waitingList": f"{service.url}/e/{hybrid['id']}/register"})
            bad.check(service.request("GET", answer.json.get("waitingList", "/nothing")).status == 200, "the link of the waiting list")
        with self.attempts("B25 registered already", "409 already_registered; to a stranger as the first time") as bad:
            bad("POST", path, {**ABROAD, "email": "First@convoke.example"}, status=409, code="already_registered", says=["confirmed"])
            new = bad.measured(lambda: self.strange_form(hybrid, "nobody@convoke.example", "online"))
            wait_until(lambda: self.mails_to("nobody@convoke.example"), 20, "the mail that checks the address")
            owner = bad.measured(lambda: self.strange_form(hybrid, "first@convoke.example", "online"))
            bad.check(new == owner, f"a stranger can tell: {new} {owner}")
            wait_until(lambda: any("Sign" in mail["Subject"] or "sign" in mail["Subject"] for mail in self.mails_to("first@convoke.example")), 20,
                       "the mail to the owner")
            bad.seen.append(f"stranger {new[0]}")
            bad.changed()
        closed = world.create(service, world.on_site_event(27, registration={"policy": "open", "closes": world.in_days(-1)}))
        later = world.create(service, world.on_site_event(27, registration={"policy": "open", "opens": world.in_days(5)}))
        gone = world.create(service, world.on_site_event(28))
        service.api("POST", f"/events/{gone['id']}/cancel", json={"reason": "The host is ill"}, expect=200)
        with self.attempts("B26 too late, cancelled", "409 registration_closed with time and zone; 410 event_cancelled") as bad:
            answer = bad("POST", f"/events/{closed['id']}/registrations", ABROAD, status=409, code="registration_closed",
                         says=["10:00 (Brussels, UTC+"], members={"timeZone": "Europe/Brussels"})
            bad.check(datetime.datetime.fromisoformat(answer.json["closed"]).replace(tzinfo=None).isoformat() == world.in_days(-1), answer)
            bad("POST", f"/events/{later['id']}/registrations", ABROAD, status=409, code="registration_closed", says=["opens on", "10:00 (Brussels"])
            bad("POST", f"/events/{gone['id']}/registrations", ABROAD, status=410, code="event_cancelled")
        with self.attempts("B27 capacity below what is booked", "409 capacity_below_booked, number and options") as bad:
            place = f"/events/{full['id']}"
            etag = service.api("GET", place).etag
            bad("PATCH", place, {"registration": {"capacity": {"onSite": 0}}}, headers={"If-Match": etag}, status=409, code="capacity_below_booked",
                says=["1 seat (on-site) is taken", "keep at least 1", "cancel 1"], pointers=["/registration/capacity/onSite"], members={"booked": 1})
        with self.attempts("B28 a stale edit", "412 changed_meanwhile with the ETag; 428") as bad:
            place = f"/events/{closed['id']}"
            etag = service.api("GET", place).etag
            service.api("PATCH", place, json={"title": "Newer"}, headers={"If-Match": etag}, expect=200)
            bad.changed()
            answer = bad("PATCH", place, {"title": "Older"}, headers={"If-Match": etag}, status=412, code="changed_meanwhile")
            bad.check(answer.etag == service.api("GET", place).etag, answer.headers)
            bad("PATCH", place, {"title": "x"}, status=428, code="precondition_required", says=["If-Match"])
            bad("PATCH", place, {"title": "x"}, headers={"If-Match": "3"}, status=400, code="bad_request")

    def mails_to(self, address):
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in self.service.mail_files()]
        return [mail for mail in mails if address in str(mail["To"])]

    def form(self, path, **fields):
        """Opens a page and sends its form as a browser does."""
        page = self.service.request("GET", path)
        token = re.search(r'name="_csrf" value="([^"]*)"', page.text)
        cookie = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie", []))
        return self.service.request("POST", path, urllib.parse.urlencode({"_csrf": token[1] if token else "", **fields}).encode(),
                                    {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": self.service.url})

    def strange_form(self, event, address, mode):
        answer = self.form(f"/e/{event['id']}/register", email=address, name="Some Body", answer="accept", mode=mode)
        return answer.status, answer.headers["Location"], answer.body

    def test_links_that_are_opened_twice_or_wrong(self):
        service = self.service
        member = world.add_member(service, {"email": "linked@convoke.example", "name": "Lin Ked", "language": "en"})
        event = world.create(service, world.on_site_event(22, title="A linked event"))
        invitation = wait_until(lambda: [mail for mail in self.mails_to("linked@convoke.example") if "linked event" in mail["Subject"]], 20,
                                "the invitation")[0]
        text = invitation.get_body(("plain",)).get_content()
        link = next(one for one in re.findall(rf"{re.escape(service.url)}/[^\s<>)]+", text) if "/answer/" in one)
        status_of = lambda: [one["status"] for one in service.items(f"/events/{event['id']}/registrations")]  # noqa: E731
        with self.attempts("B30 a link opened by a scanner, a button pressed twice", "GET changes nothing; the second POST says it is done") as fine:
            for _ in range(2):
                answer = fine.measured(lambda: service.request("GET", link))
                fine.check(answer.status == 200 and "<button" in answer.text, answer)
            fine.check(status_of() == ["invited"], status_of())
            statuses = []
            for _ in range(2):
                answer = fine.measured(lambda: self.form(link, answer="decline"))
                if answer.status in (302, 303):
                    answer = service.request("GET", urllib.parse.urljoin(link, answer.headers["Location"]))
                statuses.append(answer.status)
                fine.check(status_of() == ["declined"], status_of())
                fine.changed()
            fine.seen.append(f"GET 200, POST {statuses[0]} and {statuses[1]}")
            fine.check(statuses == [200, 200], statuses)
        with self.attempts("B31 feeds of nobody", "404, the same bytes, text/plain") as bad:
            erased = world.add_member(service, {"email": "erased@convoke.example", "name": "E. Rased"})
            service.cli("person", "erase", "erased@convoke.example", *(["--yes"] if "--yes" in service.run("person", "erase", "--help").stdout else []))
            bad.changed()
            path = urllib.parse.urlsplit(member["feedUrl"]).path
            fine = service.request("GET", path)
            bad.check(fine.status == 200, fine)
            unknown = path[:-6] + ("0" if path[-6] != "0" else "1") * 2 + path[-4:]
            shorter = path[:-5] + path[-4:]
            answers = [bad.measured(lambda place=place: service.request("GET", place)) for place in
                       (shorter, unknown, "/feeds/x.ics", urllib.parse.urlsplit(erased["feedUrl"]).path)]
            bad.seen.append(", ".join(str(answer.status) for answer in answers))
            bad.check({answer.status for answer in answers} == {404}, answers)
            bad.check(len({answer.body for answer in answers}) == 1, answers)
            bad.check({answer.headers.get_content_type() for answer in answers} == {"text/plain"}, answers[0].headers)

    def test_a_list_of_members_with_one_bad_row(self):
        service = self.service
        head = "email,name,country,language\n"
        good = "".join(f"import{n}@convoke.example,Müller {n},AT,de\n" for n in range(1, 500))
        def imported(content, *says):
            path = service.place / "list.csv"
            path.write_bytes(content)
            done = service.run("import", "members", str(path), "--community", "cop-mi")
            bad.check(done.returncode != 0, f"{says}: taken")
            bad.check(done.stdout == "", done.stdout)
            for word in says:
                bad.check(word in done.stderr, f"{word!r} is not in {done.stderr!r}")
            bad.seen.append(f"exit {done.returncode}")
        with self.attempts("B34 a list with faults", "row and column of each, nothing imported") as bad:
            rows = good.splitlines()
            rows[249] = "no address,Müller,Atlantis,de"
            imported((head + "\n".join(rows)).encode(), "row 251", "email", "country", "Atlantis")
            imported((head + good).encode("latin-1"), "row 2", "UTF-8")
            imported((head + good).encode("utf-16"), "UTF-8")
            imported((head + good).replace(",", "|").encode(), "comma")
            imported((head + 'a@b.example,"never closed,AT,de\n').encode(), "row 2")
        with self.attempts("B34 a list from a spreadsheet", "byte order mark and semicolons are understood") as fine:
            path = service.place / "list.csv"
            path.write_bytes(b"\xef\xbb\xbf" + (head + good).replace(",", ";").encode())
            done = service.run("import", "members", str(path), "--community", "cop-mi", "--dry-run")
            fine.check(done.returncode == 0 and "499 added" in done.stdout, done)
            fine.seen.append("exit 0")


globals().update(both_engines(BadInput))
