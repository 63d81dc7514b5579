"""What two readers could understand differently is refused, and what follows it is never executed (H1–H10, H13, H14).

Every probe is followed on the same connection by a request that would make a community. The answer must have the
status of the table, the connection must end, and the community must not be there afterwards.
"""

import itertools
import json
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import raw_http  # noqa: E402
import world  # noqa: E402
from certificates import Authority  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service  # noqa: E402

card = Scorecard("framing_gate", expected=["H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H13", "H14"])
tearDownModule = card.finish

_numbers = itertools.count(1)


class Gate:
    """A service, a token and communities whose making shows that a request was executed."""

    def __init__(self, service, tls_ca=None):
        self.service, self.token, self.tls_ca, self.made = service, service.token, tls_ca, []

    def post(self, *fields, slug=None, line="POST /api/v1/communities HTTP/1.1", body=None, token=True):
        """(head without its end, body, slug) of a request that makes a community; fields are further header lines."""
        slug = slug or f"probe-{next(_numbers)}"
        if body is None:
            body = json.dumps({"slug": slug, "name": slug, "timeZone": "Europe/Rome", "language": "en",
                               "contactEmail": "a@b.example"}).encode()
        lines = [line, f"Host: {self.host}", "Content-Type: application/json"]
        if token:
            lines.append(f"Authorization: Bearer {self.token}")
        lines += fields
        return "\r\n".join(lines).encode("latin-1"), body, slug

    @property
    def host(self):
        return f"127.0.0.1:{self.service.port}"

    def smuggled(self):
        """A whole, well-formed request that makes a community."""
        head, body, slug = self.post()
        self.made.append(slug)
        return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    def ask(self, data, **how):
        return raw_http.ask(self.service.port, data, tls_ca=self.tls_ca, **how)

    def exists(self, slug):
        return self.service.api("GET", f"/communities/{slug}").status == 200


def probes(gate):
    """(line of the card, what, bytes, statuses that are right)"""
    host = f"Host: {gate.host}\r\n"

    def get(rest="", line="GET /readyz HTTP/1.1", with_host=True):
        return (line + "\r\n" + (host if with_host else "") + rest + "\r\n").encode("latin-1")

    def post(*lines, after=b"", version="HTTP/1.1", body=b""):
        head, _, _ = gate.post(*lines, line=f"POST /api/v1/communities {version}", slug="never", body=body)
        return head + b"\r\n\r\n" + after

    length, coding = "Content-Length: 5", "Transfer-Encoding: chunked"
    yield "H1", "length, then chunked", post(length, coding, after=b"0\r\n\r\n"), (400,)
    yield "H1", "chunked, then length", post(coding, length, after=b"0\r\n\r\n"), (400,)
    yield "H1", "length and gzip", post(length, "Transfer-Encoding: gzip", after=b"hello"), (400,)
    yield "H1", "length 0 and chunked", post("Content-Length: 0", coding, after=b"0\r\n\r\n"), (400,)
    yield "H1", "length and identity", post(length, "Transfer-Encoding: identity", after=b"hello"), (400,)
    for value in ("gzip", "xchunked", "chunked, gzip", "gzip, chunked", "chunked, chunked", "identity", "", "chunked;q=1",
                  '"chunked"', "chunked\x0b", "\x0bchunked", "chunk\xebd"):
        yield "H2", repr(value), post(f"Transfer-Encoding: {value}", after=b"0\r\n\r\n"), (400, 501)
    yield "H2", "two lines", post(coding, coding, after=b"0\r\n\r\n"), (400, 501)
    yield "H2", "two lines, one foreign", post(coding, "Transfer-Encoding: identity", after=b"0\r\n\r\n"), (400, 501)
    yield "H2", "on GET", get("Transfer-Encoding: xchunked\r\n"), (400, 501)
    yield "H3", "chunked in 1.0", post(coding, after=b"0\r\n\r\n", version="HTTP/1.0"), (400,)
    yield "H3", "chunked in 1.0, kept alive", post(coding, "Connection: keep-alive", after=b"0\r\n\r\n",
                                                  version="HTTP/1.0"), (400,)
    for value in ("5, 5", "5,6", "+5", "-5", "0x5", "1 5", "", "5;", "5.0", "1e1", "18446744073709551621",
                  "99999999999999999999", "\u0665"):
        raw = f"Content-Length: {value}".encode().decode("latin-1")
        yield "H4", repr(value), post(raw, after=b"hello"), (400,)
    yield "H4", "twice, equal", post(length, length, after=b"hello"), (400,)
    yield "H4", "twice, different", post(length, "Content-Length: 0", after=b"hello"), (400,)
    yield "H4", "twice, other case", post(length, "content-length: 5", after=b"hello"), (400,)
    yield "H5", "no Host", get(with_host=False), (400,)
    yield "H5", "two Hosts", get(host), (400,)
    yield "H5", "Host not ours", get("Host: evil.example\r\n", "GET / HTTP/1.1", False), (400, 421)
    yield "H5", "Host not ours, API", get("Host: evil.example\r\n", "GET /api/v1/communities HTTP/1.1", False), (400, 421)
    yield "H5", "empty Host", get("Host:\r\n", with_host=False), (400,)
    yield "H5", "Host with path", get("Host: 127.0.0.1/x\r\n", with_host=False), (400,)
    yield "H5", "Host with user", get("Host: a@127.0.0.1\r\n", with_host=False), (400,)
    yield "H5", "two names in Host", get(f"Host: {gate.host}, evil.example\r\n", with_host=False), (400,)
    yield "H5", "absolute form, other host", get(line="GET http://evil.example/readyz HTTP/1.1"), (400,)
    yield "H5", "absolute form, user", get(line=f"GET http://a@{gate.host}/readyz HTTP/1.1"), (400,)
    yield "H5", "absolute form, other scheme", get(line="GET ftp://127.0.0.1/ HTTP/1.1"), (400,)
    yield "H6", "obs-fold", get("A: b\r\n c\r\n"), (400,)
    yield "H6", "obs-fold, tab", get("A: b\r\n\tc\r\n"), (400,)
    yield "H6", "space before colon", get("A : b\r\n"), (400,)
    yield "H6", "space before the length's colon", post("Content-Length : 5", after=b"hello"), (400,)
    yield "H6", "NUL", get("A: b\0c\r\n"), (400,)
    yield "H6", "bare CR", get("A: b\rc\r\n"), (400,)
    yield "H6", "bare LF", get("A: b\nContent-Length: 5\r\n"), (400,)
    yield "H6", "bare LF only", f"GET /readyz HTTP/1.1\nHost: {gate.host}\n\n".encode(), (400,)
    yield "H6", "8-bit in target", get(line="GET /readyz\xe9 HTTP/1.1"), (400,)
    yield "H6", "control in target", get(line="GET /readyz\x01 HTTP/1.1"), (400,)
    yield "H6", "tab in target", get(line="GET /readyz\tx HTTP/1.1"), (400,)
    yield "H6", "space in target", get(line="GET /readyz x HTTP/1.1"), (400,)
    yield "H6", "DEL in a field", get("A: \x7f\r\n"), (400,)
    yield "H6", "no colon", get("abc\r\n"), (400,)
    yield "H6", "HTTP/0.9", b"GET /readyz\r\n\r\n", (400,)
    yield "H8", "header of 9 KB", get("A: " + "a" * 9000 + "\r\n"), (431,)
    yield "H8", "101 fields", get("".join(f"A{i}: b\r\n" for i in range(100))), (431,)
    yield "H8", "target of 5 KB", get(line="GET /" + "a" * 5000 + " HTTP/1.1"), (414,)
    yield "H8", "target without end", b"GET /" + b"a" * 20000, (414,)
    yield "H8", "chunk extension of 300 B", post(coding, after=b"1;" + b"e" * 300 + b"\r\na\r\n0\r\n\r\n"), (400,)
    yield "H8", "chunk size without end", post(coding, after=b"0" * 5000), (400,)
    yield "H10", "TRACE", get(line="TRACE / HTTP/1.1"), (405, 501)
    yield "H10", "CONNECT", get(line="CONNECT evil.example:443 HTTP/1.1"), (405, 501)
    yield "H10", "unknown", get(line="BREW / HTTP/1.1"), (405, 501)
    yield "H10", "lower case", get(line="get / HTTP/1.1"), (405, 501)
    yield "H10", "PROPFIND", get(line="PROPFIND / HTTP/1.1"), (405, 501)


class Framing(unittest.TestCase):
    tls = False

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        tls = None
        if cls.tls:
            authority = Authority(cls.folder.name)
            tls = (*authority.issue("server"), authority.ca_file)
        cls.service = cls.enterClassContext(Service(tls=tls))
        cls.gate = Gate(cls.service, tls and tls[2])
        cls.over = " over TLS" if cls.tls else ""

    def check(self, line, name, rounds):
        """One line for many probes: (what, bytes, right statuses)."""
        wrong, count = [], 0
        for what, data, right in rounds:
            self.gate.made.clear()
            reply = self.gate.ask(data + self.gate.smuggled())
            executed = any(self.gate.exists(slug) for slug in self.gate.made + ["never"])
            if len(reply.statuses) != 1 or reply.statuses[0] not in right or not reply.closed or executed:
                wrong.append(f"{what}: {reply}{' EXECUTED' if executed else ''}")
            elif line == "H10" and not reply.responses[0].headers.get("allow"):
                wrong.append(f"{what}: no Allow")
            count += 1
        statuses = "/".join(str(status) for status in sorted({status for probe in rounds for status in probe[2]}))
        card.line(f"{line} {name}{self.over}", f"{count - len(wrong)} of {count}: " + ("; ".join(wrong) or "as wanted"),
                  f"all {statuses}, closed, next request not executed", not wrong and count > 0)

    def test_the_next_request_would_be_executed(self):
        """The control of the probes: after a good request the same bytes do make a community."""
        self.gate.made.clear()
        reply = self.gate.ask(f"GET /readyz HTTP/1.1\r\nHost: {self.gate.host}\r\n\r\n".encode() + self.gate.smuggled(), quiet=1)
        self.assertEqual((reply.statuses, reply.closed), ([200, 201], False), reply)
        self.assertTrue(self.gate.exists(self.gate.made[0]))

    def lines(self, line, name):
        self.check(line, name, [probe[1:] for probe in probes(self.gate) if probe[0] == line])

    def test_h1(self):
        self.lines("H1", "Content-Length with Transfer-Encoding")

    def test_h2(self):
        self.lines("H2", "Transfer-Encoding other than chunked")

    def test_h3(self):
        self.lines("H3", "chunked in HTTP/1.0")

    def test_h4(self):
        self.lines("H4", "Content-Length repeated, listed or no number")

    def test_h5(self):
        self.lines("H5", "Host missing, doubled or foreign")

    def test_h6(self):
        self.lines("H6", "folds, stray line ends, forbidden bytes")

    def test_h8(self):
        self.lines("H8", "sizes of head, fields, target, chunk extension")

    def test_h10(self):
        self.lines("H10", "methods nobody uses")

    def test_h7_trailers(self):
        gate, wrong = self.gate, []

        def chunked(*trailers, token=True):
            head, body, slug = gate.post("Transfer-Encoding: chunked", token=token)
            return (head + b"\r\n\r\n%x\r\n" % len(body) + body + b"\r\n0\r\n" +
                    "".join(f"{line}\r\n" for line in trailers).encode() + b"\r\n"), slug

        data, slug = chunked(f"Authorization: Bearer {gate.token}", f"Cookie: session={gate.token}", token=False)
        reply = gate.ask(data, quiet=1)
        if reply.statuses != [401] or gate.exists(slug):
            wrong.append(f"Authorization: {reply}")
        data, slug = chunked("Content-Length: 0", "Host: evil.example", "Transfer-Encoding: gzip",
                             "Content-Type: text/plain", "Authorization: Bearer wrong")
        gate.made.clear()
        reply = gate.ask(data + gate.smuggled(), quiet=1)
        if reply.statuses != [201, 201] or not gate.exists(slug):  # as if they were not there
            wrong.append(f"framing fields: {reply}")
        for what, lines in (("one of 5 KB", ["A: " + "a" * 5000]), ("200 of 40 B", ["A: " + "a" * 40] * 200)):
            data, slug = chunked(*lines)
            gate.made.clear()
            reply = gate.ask(data + gate.smuggled())
            if reply.statuses != [400] or not reply.closed or gate.exists(slug) or gate.exists(gate.made[0]):
                wrong.append(f"{what}: {reply}")
        card.line(f"H7 trailers{self.over}", "; ".join(wrong) or "4 of 4 as wanted", "no effect; over 4 KB 400, closed, not executed",
                  not wrong)

    def test_h9_bodies_too_long(self):
        gate, wrong = self.gate, []
        large = b" " * 70_000
        for what, extra, sent in (("announced", "Content-Length: 70000", large),
                                  ("announced, not sent", "Content-Length: 70000", b""),
                                  ("2 MB announced, not sent", "Content-Length: 2097152", b""),
                                  ("expecting 100", "Content-Length: 70000\r\nExpect: 100-continue", b""),
                                  ("chunks", "Transfer-Encoding: chunked", b"%x\r\n" % len(large) + large + b"\r\n0\r\n\r\n"),
                                  ("chunk announced, not sent", "Transfer-Encoding: chunked", b"7fffffff\r\n")):
            head, _, _ = gate.post(extra, slug="never")
            gate.made.clear()
            smuggled = gate.smuggled() if sent else b""
            reply = gate.ask(head + b"\r\n\r\n" + sent + smuggled)
            if reply.statuses != [413] or not reply.closed or any(gate.exists(slug) for slug in gate.made):
                wrong.append(f"{what}: {reply}")
            elif b"65536" not in reply.responses[0].body:
                wrong.append(f"{what}: the limit is not named")
        card.line(f"H9 body over the route's limit{self.over}", "; ".join(wrong) or "6 of 6 as wanted",
                  "413 before it is read, limit named, closed", not wrong)


class FramingTls(Framing):
    tls = True


class Forwarded(unittest.TestCase):
    """H13: who asks, and how, is believed from configured proxies only."""

    def feed_miss(self, service, forwarded_for, source=None):
        data = (f"GET /feeds/nobody-{next(_numbers)}.ics HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n"
                f"X-Forwarded-For: {forwarded_for}\r\nConnection: close\r\n\r\n").encode()
        return raw_http.ask(service.port, data, source=source).statuses[0]

    def sign_in_cookie(self, service, *lines, source=None):
        data = (f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nConnection: close\r\n" +
                "".join(line + "\r\n" for line in lines) + "\r\n").encode()
        return raw_http.ask(service.port, data, source=source).responses[0].headers.get("strict-transport-security")

    def test_h13(self):
        wrong = []
        with Service() as service:
            if self.sign_in_cookie(service, "X-Forwarded-Proto: https") is not None:
                wrong.append("a stranger's X-Forwarded-Proto is believed")
            answers = [self.feed_miss(service, f"203.0.113.{i}", source="127.0.0.9") for i in range(150)]
            if 429 not in answers:
                wrong.append("X-Forwarded-For of a stranger gives him a new name each time")
        with Service(settings={"http": {"trusted_proxies": ["127.0.0.9/32"]}}) as service:
            if self.sign_in_cookie(service, "X-Forwarded-Proto: https", source="127.0.0.9") is None:
                wrong.append("the proxy's X-Forwarded-Proto is not believed")
            if self.sign_in_cookie(service, "X-Forwarded-Proto: https", source="127.0.0.8") is not None:
                wrong.append("X-Forwarded-Proto is believed from beside the proxy")
            if self.sign_in_cookie(service, "X-Forwarded-Proto: https, http", source="127.0.0.9") is not None:
                wrong.append("the first X-Forwarded-Proto counts, not the proxy's own")
            answers = [self.feed_miss(service, f"198.51.100.{i}, 203.0.113.7", source="127.0.0.9") for i in range(150)]
            if 429 not in answers:
                wrong.append("not the last untrusted hop is used")
            if self.feed_miss(service, "203.0.113.8", source="127.0.0.9") != 404:
                wrong.append("another client behind the same proxy is limited too")
            answers = [self.feed_miss(service, f"198.51.100.{i}, 203.0.113.9, 127.0.0.9", source="127.0.0.9") for i in range(150)]
            if 429 not in answers:
                wrong.append("a trusted hop in between is taken for the client")
        card.line("H13 X-Forwarded-For and -Proto", "; ".join(wrong) or "7 of 7 as wanted",
                  "ignored unless from a configured proxy; last untrusted hop", not wrong)


class Responses(unittest.TestCase):
    """H14: a response has the bytes it announces, and no header of a stranger's making."""

    EVIL = "a\r\nX-Evil: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    def test_h14(self):
        wrong = []
        with Service() as service:
            world.community(service)
            event = world.create(service, world.online_event(title="T"))
            evil = "".join(f"%{byte:02x}" for byte in self.EVIL.encode())
            answer = service.api("POST", "/communities", json={
                "slug": self.EVIL, "name": self.EVIL, "timeZone": self.EVIL, "language": self.EVIL, "contactEmail": self.EVIL})
            if answer.status != 422:
                wrong.append(f"a community of control characters: {answer}")
            title = service.api("POST", "/events", json=world.online_event(title=self.EVIL))
            if title.status not in (201, 422):
                wrong.append(f"a title of control characters: {title}")
            paths = ["/", "/c/cop-mi", "/c/cop-mi/calendar.ics", f"/e/{event['id']}", f"/e/{event['id']}.ics",
                     f"/e/{event['id']}/register", "/me", "/organise", "/accessibility", "/privacy", "/healthz", "/readyz",
                     "/metrics", "/nowhere", "/api/v1/nowhere", "/api/v1/communities", "/api/v1/communities/cop-mi/members",
                     f"/api/v1/events/{event['id']}", f"/api/v1/events/{event['id']}/registrations",
                     f"/{evil}", f"/c/{evil}", f"/e/{evil}", f"/feeds/{evil}.ics", f"/me?next={evil}", f"/sign-in?next={evil}",
                     f"/c/cop-mi?lang={evil}&month={evil}", f"/e/{event['id']}?lang={evil}", f"/?next={evil}&lang={evil}",
                     f"/api/v1/events?community={evil}", f"/static/{evil}", f"/api/v1/communities/{evil}"]
            seen = 0
            for path in paths:
                for method in ("GET", "HEAD"):
                    for accept in ("*/*", "text/csv", "text/calendar", "application/jscalendar+json", "text/html"):
                        data = (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAccept: {accept}\r\n"
                                f"Accept-Language: de;q=x,%0d%0aX-Evil: 1\r\n"
                                f"Authorization: Bearer {service.token}\r\nConnection: close\r\n\r\n").encode()
                        reply = raw_http.ask(service.port, data, head_only=method == "HEAD")
                        seen += 1
                        if len(reply.responses) != 1 or reply.rest or not reply.closed:
                            wrong.append(f"{method} {path} {accept}: {len(reply.responses)} responses, rest {reply.rest[:80]!r}")
                        elif re.search(rb"(?im)^x-evil", reply.data.split(b"\r\n\r\n")[0]):
                            wrong.append(f"{method} {path} {accept}: a header of ours")
                        elif reply.responses[0].status >= 500:
                            wrong.append(f"{method} {path} {accept}: {reply.responses[0].status}")
            # What is sent on after a form, and the language a form was written in.
            for form in (f"email=a%40b.example&next={evil}&language={evil}", f"next={evil}"):
                for path in ("/sign-in", "/me", f"/e/{event['id']}/register"):
                    body = form.encode()
                    data = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nConnection: close\r\n"
                            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
                    reply = raw_http.ask(service.port, data)
                    seen += 1
                    if len(reply.responses) != 1 or reply.rest or b"\r\nX-Evil" in reply.data.split(b"\r\n\r\n")[0]:
                        wrong.append(f"POST {path}: {reply}")
        card.line("H14 responses", "; ".join(wrong[:5]) or f"{seen} of {seen} whole, none split",
                  "Content-Length equals bytes; user text never in a header", not wrong)


if __name__ == "__main__":
    unittest.main()
