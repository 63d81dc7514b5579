"""Links that open a door by themselves: kept as hashes or sealed, good for one purpose, gone when renewed (K1–K5)."""

import email
import email.policy
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines, scaled  # noqa: E402
from visitor import Visitor  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("link_tokens", expected=["K1", "K2", "K3", "K4", "K5"])
tearDownModule = card.finish

LINK = re.compile(r"/(?:answer|sign-in|feeds)/([0-9a-zA-Z_-]{20,})|rsvp\+([0-9a-z]{20,})@")


def many_members(count, start=0):
    found = []
    for number in range(start, start + count):
        member = dict(people.members(151)[number % 151])
        member["email"] = f"m{number}@tokens.convoke.example"
        found.append(member)
    return found


def mails(service):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in service.mail_files()]


def text_of(mail):
    """All that a recipient sees, decoded, calendars unfolded."""
    parts = [str(value) for value in mail.values()]
    for part in mail.walk():
        if not part.is_multipart():
            content = part.get_content()
            parts.append(re.sub(r"\r?\n[ \t]", "", content if isinstance(content, str) else content.decode("utf-8", "replace")))
    return "\n".join(parts)


def tokens_in(text):
    return {first or second for first, second in LINK.findall(text)}


def path_of(url):
    return urllib.parse.urlsplit(url).path


class Links:
    def prepared(self, count):
        """A service with members who have been invited to an event; feed URLs by address."""
        service = self.enterContext(Service(self.engine))
        world.community(service)
        world.import_members(service, many_members(count))
        self.event = world.create(service, world.online_event())
        wait_until(lambda: len(service.mail_files()) >= count, 300, "all invitations to be written")
        return service

    def feeds(self, service):
        return {member["email"]: path_of(member["feedUrl"]) for member in service.items("/communities/cop-mi/members")}

    def answer_link(self, service, address):
        for mail in mails(service):
            if mail["To"].addresses[0].addr_spec == address:
                found = re.search(r"/e/[0-9a-z]+/answer/[0-9a-z]+", text_of(mail))
                if found:
                    return found[0]
        raise AssertionError(f"no mail with an answer's link to {address}")

    def dump(self, service):
        """Everything the database holds, as bytes to search in: what a copy of its files or a dump shows."""
        if self.engine == "sqlite":
            base = service.place / "convoke.db"
            held = [path.read_bytes() for path in (base, pathlib.Path(f"{base}-wal")) if path.exists()]
            with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as database:  # values across pages, whole
                tables = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
                for table in tables:
                    for row in database.execute(f'SELECT * FROM "{table}"'):
                        held += [value if isinstance(value, bytes) else str(value).encode() for value in row]
            return b"\n".join(held)
        text = subprocess.run(["pg_dump", "--data-only", "-d", service.database_url], stdout=subprocess.PIPE, check=True).stdout
        return text + b"\n".join(bytes.fromhex(found.decode()) for found in re.findall(rb"\\x((?:[0-9a-f]{2})+)", text))

    @staticmethod
    def found_in(dump, tokens):
        """Tokens of which a half of the secret part can be read in the dump."""
        halves = {}
        for token in tokens:
            secret = (token[13:] if len(token) == 39 else token).lower()  # a link's first 13 characters name its subject
            for half in (secret[:len(secret) // 2], secret[len(secret) // 2:]):
                halves[half.encode()] = token
        lengths, found = {len(half) for half in halves}, set()
        for run in re.findall(rb"[0-9a-z_-]{12,}", dump.lower()):
            for length in lengths:
                found |= {halves[run[at:at + length]] for at in range(len(run) - length + 1) if run[at:at + length] in halves}
        return sorted(found)

    def test_k1_no_token_in_the_database(self):
        count = scaled(60, 150, 1000)
        service = self.prepared(count)
        world.import_members(service, many_members(1000, start=count))  # has a feed each, was told nothing yet
        tokens = {feed.split("/")[-1][:-4] for feed in self.feeds(service).values()}
        for mail in mails(service):
            tokens |= tokens_in(text_of(mail))
        for number in range(10):
            tokens.add(service.cli("token", "create", "--name", f"t{number}", "--role", "admin").strip())
            visitor = Visitor(service)
            tokens.add(path_of(visitor.sign_in(f"m{number}@tokens.convoke.example")).split("/")[-1])
            tokens |= {value for name, value in visitor.cookies.items() if "form" not in name and len(value) > 20}
            asking = Visitor(service)
            asking.get("/sign-in")
            asking.post("/sign-in", email=f"m{number + 20}@tokens.convoke.example")
        wait_until(lambda: sum("/sign-in/" in text_of(mail) for mail in mails(service)) >= 10, 60, "mails with sign-in links")
        for mail in mails(service):
            tokens |= tokens_in(text_of(mail))
        dump = self.dump(service)
        # What proves that the search would find something: the members' addresses and the mails' Message-IDs are there.
        self.assertIn(b"m7@tokens.convoke.example", dump)
        self.assertIn(mails(service)[0]["Message-ID"].strip("<>").encode(), dump)
        self.assertIn(min(tokens), self.found_in(dump + b" x" + min(tokens).encode() + b"x", tokens))
        found = self.found_in(dump, tokens)
        # A retry sends the same bytes, so they are kept, and an administrator can see them.
        mail = next(mail for mail in service.items("/outbox") if mail["kind"] == "invitation")
        shown = service.cli("outbox", "show", mail["id"])
        frozen = next(path for path in service.mail_files() if mail["messageId"].strip("<>").encode() in path.read_bytes())
        same = frozen.read_bytes().replace(b"\r\n", b"\n").decode() in shown.replace("\r\n", "\n")
        card.line(f"K1 tokens in a dump, {self.engine}", f"{len(found)} of {len(tokens)} in {len(dump) // 1024} KB"
                  f"{'' if same else '; outbox show differs from what was sent'}",
                  f"0 of ≥ {1000 + 2 * count}; outbox show has the mail", not found and len(tokens) >= 1000 + 2 * count and same)

    def test_k2_one_purpose_a_token(self):
        service = self.prepared(3)
        one, other = "m0@tokens.convoke.example", "m1@tokens.convoke.example"
        feed = self.feeds(service)[one].split("/")[-1][:-4]
        answer = self.answer_link(service, one).split("/")[-1]
        link = path_of(service.cli("login-link", one)).strip().split("/")[-1]
        visitor = Visitor(service)
        visitor.sign_in(one)
        session = next(value for name, value in visitor.cookies.items() if name.endswith("session"))
        api = service.token
        second = world.create(service, world.online_event(title="Another"))
        doors = {
            "feed": lambda token: service.request("GET", f"/feeds/{token}.ics").status == 200,
            "answer": lambda token: service.request("GET", f"/e/{self.event['id']}/answer/{token}").status == 200,
            "other event": lambda token: service.request("GET", f"/e/{second['id']}/answer/{token}").status == 200,
            "sign-in": lambda token: 'method="post" action="/sign-in/' in
            service.request("GET", f"/sign-in/{token}").text.replace("\n", " "),
            "api": lambda token: service.api("GET", "/communities", token=token).status == 200,
            "session": lambda token: one in service.request(
                "GET", "/me", headers={"Cookie": f"{next(n for n in visitor.cookies if n.endswith('session'))}={token}"}).text,
        }
        tokens = {"feed": feed, "answer": answer, "sign-in": link, "session": session, "api": api}
        wrong, tried = [], 0
        for kind, token in tokens.items():
            for door, opens in doors.items():
                tried += 1
                if opens(urllib.parse.quote(token)) != (kind == door):
                    wrong.append(f"{kind} token at {door}: {'closed' if kind == door else 'open'}")
        feed_text = service.request("GET", self.feeds(service)[other]).text
        if one in feed_text:
            wrong.append("another's feed names the person")
        card.line(f"K2 one purpose a token, {self.engine}", "; ".join(wrong) or f"{tried} of {tried} doors",
                  "each opens its own door alone", not wrong)

    def gone_within(self, opens, seconds):
        """After how long a door is closed; None when it is not in time."""
        started = time.monotonic()
        while opens():
            if time.monotonic() - started > seconds:
                return None
            time.sleep(0.02)
        return time.monotonic() - started

    def test_k3_renewed_and_erased(self):
        service = self.prepared(3)
        one, two = "m0@tokens.convoke.example", "m1@tokens.convoke.example"
        old = self.feeds(service)[one]
        visitor = Visitor(service)
        visitor.sign_in(one)
        service.request("GET", old)  # so that it is kept ready to be answered
        visitor.get("/me")
        renewed = visitor.post("/me/feed")
        after = {"renewed feed": self.gone_within(lambda: service.request("GET", old).status != 404, 1)}
        new = self.feeds(service)[one]
        fresh = service.request("GET", new).status
        feed, answer = self.feeds(service)[two], self.answer_link(service, two)
        link = path_of(service.cli("login-link", two)).strip()
        visitor = Visitor(service)
        visitor.sign_in(two)
        reached = [service.request("GET", path).status for path in (feed, answer, link)]
        service.cli("person", "erase", two, "--yes")  # another process than the one that serves
        after["erased person's feed"] = self.gone_within(lambda: service.request("GET", feed).status != 404, 1)
        after["erased person's answer link"] = self.gone_within(lambda: service.request("GET", answer).status not in (404, 410), 1)
        after["erased person's sign-in link"] = self.gone_within(
            lambda: 'action="/sign-in/' in service.request("GET", link).text, 1)
        after["erased person's session"] = self.gone_within(lambda: two in visitor.get("/me").text, 1)
        good = renewed.status == 303 and fresh == 200 and new != old and reached == [200, 200, 200]
        card.line(f"K3 renewed and erased, {self.engine}",
                  ", ".join(f"{what} {'open' if span is None else f'{span:.2f} s'}" for what, span in after.items()) +
                  ("" if good else f"; before: {renewed.status} {fresh} {reached}"),
                  "closed within 1 s, a new feed opens", good and None not in after.values())

    def test_k4_no_token_where_others_look(self):
        service = self.prepared(5)
        one = "m0@tokens.convoke.example"
        feeds = self.feeds(service)
        answer = self.answer_link(service, one)
        visitor = Visitor(service)
        link = path_of(visitor.sign_in(one))
        visitor.get("/me")
        secrets = {feeds[one].split("/")[-1][:-4], answer.split("/")[-1], link.split("/")[-1], service.token,
                   *(value for name, value in visitor.cookies.items() if name.endswith("session"))}
        seen, where = [], []

        def look(what, text):
            seen.append(what)
            where.extend(what for secret in secrets if secret.lower() in text.lower() or secret[13:].lower() in text.lower())

        referrers = {}
        question = f"/e/{self.event['id']}/cancel?token={answer.split('/')[-1]}"
        for path in (feeds[one], answer, question, service.cli("login-link", one).strip()):
            page = visitor.get(path)
            referrers[path] = page.headers.get("Referrer-Policy")
            look(f"title of {path.split('/')[1]}", "".join(re.findall(r"(?s)<title>.*?</title>", page.text)))
        # Errors about what holds a token: wrong door, spent, cut, wrong method, wrong form.
        token = answer.split("/")[-1]
        for method, path in (("GET", f"/feeds/{token}.ics"), ("GET", f"/feeds/{token}"), ("GET", f"/sign-in/{token}x"),
                             ("GET", f"/e/{self.event['id']}/answer/{token[:-1]}"), ("DELETE", answer), ("GET", f"/x/{token}"),
                             ("GET", f"/e/nothing/answer/{token}"), ("POST", f"/sign-in/{token}"), ("GET", f"/api/v1/{token}"),
                             ("GET", f"/api/v1/events?cursor={token}"), ("GET", f"/{token}?%zz"), ("POST", answer),
                             ("GET", f"/static/{token}.css")):
            found = service.request(method, path)
            if found.status < 400 and method != "GET":
                where.append(f"{method} {path.split('/')[1]} answered {found.status}")
            if found.status >= 400:
                look(f"error {method} {path.split('/')[1]} {found.status}", found.text + str(found.headers))
        wrong_bearer = service.api("GET", "/communities", token=f"{service.token}x")
        look("error of a wrong bearer", wrong_bearer.text + str(wrong_bearer.headers))
        look("metrics", service.request("GET", "/metrics").text)
        for mail in mails(service):
            look("subject", mail["Subject"])
        for mail in service.items("/outbox"):
            look("outbox", str(mail))
        service.stop()  # what it has said is written down by then
        look("log", service.log_text())
        bare = [path for path, policy in referrers.items() if policy != "no-referrer"]
        self.assertIn("route=/feeds/{token}.ics", service.log_text())  # the log has the requests
        card.line(f"K4 tokens where others look, {self.engine}", f"{len(where)} in {len(seen)} places"
                  f"{': ' + ', '.join(where[:5]) if where else ''}; {len(bare)} pages with Referer",
                  "0 in logs, errors, titles, metrics, subjects; no-referrer", not where and not bare and len(seen) > 15)

    def test_k5_feeds(self):
        service = self.prepared(2)
        right = self.feeds(service)["m0@tokens.convoke.example"]
        wrong, answer = [], service.request("GET", right)
        if not answer.headers.get("Cache-Control", "").startswith("private") or answer.headers.get("X-Robots-Tag") != "noindex" \
                or answer.status != 200:
            wrong.append(f"headers {answer.headers}")
        token = right.split("/")[-1][:-4]
        swapped = token[:-1] + ("0" if token[-1] != "0" else "1")
        misses = [service.request("GET", path) for path in (
            f"/feeds/{swapped}.ics", f"/feeds/{token[:-1]}.ics", f"/feeds/{token}0.ics", "/feeds/x.ics", "/feeds/.ics",
            f"/feeds/{'0' * 39}.ics", f"/feeds/{token[:13]}{'z' * 26}.ics", "/feeds/%F0%9F%92%A9.ics")]
        told = {(miss.status, miss.body, miss.headers.get("Content-Type"), miss.headers.get("Cache-Control")) for miss in misses}
        if len(told) != 1 or misses[0].status != 404 or not misses[0].headers["Content-Type"].startswith("text/plain"):
            wrong.append(f"misses differ: {told}")
        statuses = [service.request("GET", f"/feeds/guess{number}.ics") for number in range(100)]
        limited = next((miss for miss in statuses if miss.status == 429), None)
        if limited is None or not re.fullmatch(r"\d+", limited.headers.get("Retry-After", "")):
            wrong.append("guessing is never told to slow down")
        if any(service.request("GET", right).status != 200 for _ in range(20)):
            wrong.append("the right token is punished for the guesses")
        card.line(f"K5 feeds and wrong tokens, {self.engine}", "; ".join(wrong) or f"{len(misses)} misses alike, 429 after "
                  f"{sum(miss.status == 404 for miss in statuses)} more, right token 200",
                  "private, noindex; same 404; 429 with Retry-After for guesses alone", not wrong)


globals().update(both_engines(Links))
del Links
