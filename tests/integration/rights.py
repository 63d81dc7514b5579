"""Rights: every operation of the API and every form of the pages against the table of rights, and what else could get
around it: fields nobody asked for, other people's ids, rights that have been withdrawn."""

import os
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import rights_table as table  # noqa: E402
import world  # noqa: E402
from rights_table import OURS, SECRET, THEIRS  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from patient import Service  # noqa: E402
from service import ROOT, both_engines  # noqa: E402

card = Scorecard("rights", expected=["A1", "A2", "A3", "A4"])
tearDownModule = card.finish

ROOT_PATH = "/api/v1"
# Of other resources, of the database, and what attackers try first.
FORBIDDEN = {"id", "role", "owner", "status", "capacity", "created_at", "created", "updated", "updated_at", "state", "sequence",
             "uid", "revision", "isAdmin", "admin", "community_id", "communityId", "person_id", "position", "feed_version",
             "feedUrl", "secret", "hash", "token", "__proto__", "constructor"}


def token(service, name, *role):
    return service.cli("token", "create", "--name", name, "--role", *role).strip()


def organisers(service):
    """Two communities, and tokens for all who may call the API or try to."""
    for slug in (OURS, THEIRS):
        # No name of ours may tell who reads it elsewhere.
        world.community(service, slug=slug, name=SECRET if slug == OURS else "Theirs")
    tokens = {"organiser": token(service, "ours", "organiser", "--community", OURS),
              "stranger": token(service, "theirs", "organiser", "--community", THEIRS),
              "admin": token(service, "admin", "admin"),
              "revoked": token(service, "revoked", "organiser", "--community", OURS),
              "garbage": "cvk_" + "A" * 43, "none": ""}
    listed = service.cli("token", "list").splitlines()
    service.cli("token", "revoke", next(line for line in listed if "revoked" in line.split("\t")[-1]).split("\t")[0])
    return tokens


def operations(service):
    """"METHOD /path" of all that the server says it has, to its description."""
    described = service.api("GET", "/openapi.json", token="", expect=200).json
    return {f"{method.upper()} {path.removeprefix(ROOT_PATH)}": (operation, described)
            for path, of_path in described["paths"].items()
            for method, operation in of_path.items() if method in ("get", "post", "put", "patch", "delete")}


def show(lines):
    for line in lines:
        print(line, file=sys.stderr)


def _without(word, answer):
    """The answer without the word that was asked for, which it may repeat."""
    answer.body = answer.body.replace(word.encode(), b"WORD")
    return answer


def changes(service):
    """How many state changes there were: lines of the audit log."""
    return len(service.items("/audit"))


class Api:
    def call(self, service, operation, made, who, **more):
        path, body, headers = made
        return service.api(operation.split()[0], path, json=body, headers=headers, token=who, **more)

    def test_every_operation_for_everybody(self):
        with Service(self.engine) as service:
            tokens = organisers(service)
            have = set(operations(service))
            missing, extra = have - set(table.API), set(table.API) - have
            self.assertEqual((missing, extra), (set(), set()), "tests/support/rights_table.py needs a row for each operation")
            made = {operation: row.make(service) for operation, row in table.API.items()}
            published = {operation: make(service) for operation, (make, _) in table.PUBLISHED.items()}
            member = service.items(f"/communities/{OURS}/members")[0]
            tokens["participant"] = member["feedUrl"].rsplit("/", 1)[1].removesuffix(".ics")
            before, differences, calls, leaks = changes(service), [], 0, []

            def compare(operation, actor, wanted, answer):
                nonlocal calls
                calls += 1
                if answer.status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
                    differences.append(f"{operation} for {actor}: {wanted} expected, got {answer}"[:400])

            for operation, row in table.API.items():
                for actor in ("none", "garbage", "revoked", "participant"):
                    compare(operation, actor, row.anonymous, self.call(service, operation, made[operation], tokens[actor]))
                answer = self.call(service, operation, made[operation], tokens["stranger"])
                compare(operation, "stranger", row.stranger, answer)
                # A problem may repeat what was asked; lists and resources hold nothing of ours.
                if answer.status < 300 and operation != "GET /openapi.json" and SECRET in answer.text:
                    leaks.append(operation)
            for operation, (_, wanted) in table.PUBLISHED.items():
                answer = self.call(service, operation, published[operation], tokens["stranger"])
                compare(operation + " published", "stranger", wanted, answer)
                if "https://meet.example" in answer.text:
                    leaks.append(operation + " published")
            self.assertEqual(changes(service), before, "somebody without the right has changed something")
            for operation, row in table.API.items():
                for actor in ("organiser", "admin"):
                    wanted = row.admin or row.organiser if actor == "admin" else row.organiser
                    compare(operation, actor, wanted, self.call(service, operation, row.make(service), tokens[actor]))
            show(differences + leaks)
            card.line(f"A1 operations of the API by who calls ({self.engine})",
                      f"{len(table.API)} operations, {calls} calls, {len(differences)} differences, {len(leaks)} leaks",
                      "every operation has a row; 0, 0", not differences and not leaks)

    def test_fields_nobody_asked_for(self):
        with Service(self.engine) as service:
            tokens = organisers(service)
            described = operations(service)
            words = FORBIDDEN | {name for schema in next(iter(described.values()))[1]["components"]["schemas"].values()
                                 for name in _properties(schema, next(iter(described.values()))[1])}
            tried, taken, routes = 0, [], 0
            for operation, (description, document) in described.items():
                content = description.get("requestBody", {}).get("content", {})
                if not content:
                    continue
                routes += 1
                known = set()
                for media in content.values():
                    known |= _properties(media.get("schema", {}), document)
                path, body, headers = table.API[operation].make(service)
                before = changes(service)
                strange = sorted(words - known - set(body or {}))
                for start in range(0, len(strange), 10):
                    some = strange[start:start + 10]
                    answer = self.call(service, operation, (path, {**(body or {}), **{name: "1" for name in some}}, headers),
                                       tokens["admin"])
                    refused = set()
                    if answer.status == 422:
                        refused = {error["pointer"] for error in answer.json["errors"] if error["code"] == "unknown_field"}
                    taken += [f"{operation} {name}: {answer}"[:300] for name in some if "/" + name not in refused]
                    tried += len(some)
                if changes(service) != before:
                    taken.append(f"{operation}: something changed")
            show(taken)
            card.line(f"A2 fields nobody asked for ({self.engine})",
                      f"{tried} fields to {routes} operations, {len(taken)} taken", "all 422 unknown_field, 0 changes", not taken)

    def test_ids_of_others(self):
        with Service(self.engine) as service:
            tokens = organisers(service)
            theirs = tokens["stranger"]
            tells, tried = [], 0
            nowhere = {"slug": "nowhere", "group": "nowhere"}

            def same(what, ours, missing):
                """An id of somebody else's is answered like one that does not exist."""
                nonlocal tried
                tried += 1
                seen = [(a.status, a.json["code"], a.json["detail"]) if a.status >= 400 else (a.status, a.body) for a in (ours, missing)]
                if seen[0] != seen[1]:
                    tells.append(f"{what}: {seen[0]} but {seen[1]} for nothing"[:500])

            # In the path, one parameter at a time and all at once.
            for operation, row in table.API.items():
                if "{" not in operation or row.stranger != 404:
                    continue
                path, body, headers = row.make(service)
                template = operation.split()[1].split("/")
                parts = path.split("/")
                gone = "/".join(nowhere.get(t[1:-1], "0000000000001") if t.startswith("{") else p for t, p in zip(template, parts))
                same(operation, self.call(service, operation, (path, body, headers), theirs),
                     self.call(service, operation, (gone, body, headers), theirs))
                # Nested: their own community with something of ours in it.
                if template[1] == "communities" and len(template) > 3 and "{" in "".join(template[4:]):
                    nested = path.replace(f"/communities/{OURS}/", f"/communities/{THEIRS}/")
                    lost = gone.replace("/communities/nowhere/", f"/communities/{THEIRS}/")
                    same(operation + " nested", self.call(service, operation, (nested, body, headers), theirs),
                         self.call(service, operation, (lost, body, headers), theirs))
            # In the query.
            event = table.API["GET /events/{id}"].make(service)[0].rsplit("/", 1)[1]
            same("/audit?community", *(_without(slug, service.api("GET", f"/audit?community={slug}", token=theirs))
                                       for slug in (OURS, "nowhere")))
            # That there is a community, and what it has published, is on the pages for everybody; its drafts are not.
            drafts = service.api("GET", f"/events?state=draft&community={OURS}", token=theirs, expect=200)
            self.assertEqual(drafts.json["items"], [])
            for path in ("/outbox?event={}", "/audit?event={}", "/answers?event={}"):
                same(path, *(service.api("GET", path.format(one), token=theirs) for one in (event, "0000000000001")))
            self._ids_in_bodies(service, theirs, same)
            show(tells)
            card.line(f"A3 ids of other communities ({self.engine})", f"{tried} places, {len(tells)} tell", "as ids that do not exist: 0",
                      not tells)

    def _ids_in_bodies(self, service, theirs, same):
        own = service.api("POST", "/events", token=theirs, expect=201,
                          json=world.on_site_event(communities=[THEIRS], title="Own"))
        path = "/events/" + own.json["id"]

        def change(body):
            return service.api("PATCH", path, json=body, token=theirs, headers={"If-Match": own.etag})

        def create(**more):
            return service.api("POST", "/events", json=world.on_site_event(**{"communities": [THEIRS], **more}), token=theirs)

        group = table.API["GET /communities/{slug}/groups/{group}"].make(service)[0].rsplit("/", 1)[1]
        for what, ours, missing in [
                ("communities", lambda: create(communities=[OURS]), lambda: create(communities=["nowhere"])),
                ("joint", lambda: create(communities=[THEIRS, OURS]), lambda: create(communities=[THEIRS, "nowhere"])),
                ("moved", lambda: change({"communities": [OURS]}), lambda: change({"communities": ["nowhere"]})),
                ("group", lambda: create(workingGroup=group), lambda: create(workingGroup="nowhere"))]:
            answers = [ours(), missing()]
            self.assertEqual({answer.status for answer in answers}, {422}, (what, answers))
            same("body: " + what, _without(group if what == "group" else OURS, answers[0]), _without("nowhere", answers[1]))
        self.assertEqual(service.api("GET", path, token=theirs).etag, own.etag)

    def test_a_right_that_is_withdrawn(self):
        with Service(self.engine) as service:
            organisers(service)
            kept, late = [], []
            fresh = token(service, "fresh", "organiser", "--community", OURS)
            connection = service.connect()
            self.assertEqual(service.api("GET", "/events", token=fresh, connection=connection).status, 200)
            listed = next(line for line in service.cli("token", "list").splitlines() if line.split("\t")[-1] == "fresh")
            service.cli("token", "revoke", listed.split("\t")[0])
            for method, path, body in [("GET", "/events", None), ("POST", "/events", table.event_body())]:
                answer = service.api(method, path, json=body, token=fresh, connection=connection)
                kept.append(answer.status)
                if answer.status != 401:
                    late.append(f"revoked: {method} {path}: {answer}")
            connection.close()

            # A person: role lowered, then membership ended, then erased; each time the session and connection stay.
            desk = world.add_member(service, {**table.member_body(), "role": "organiser"}, slug=OURS)
            browser = Browser(service, desk["email"])
            publish = table.API["POST /events/{id}/publish"]
            member = f"/communities/{OURS}/members/{desk['id']}"

            def try_publish():
                path = publish.make(service)[0]
                answer = browser.post(f"/organise/{OURS}/e/{path.split('/')[2]}/publish")
                return service.api("GET", "/events/" + path.split("/")[2]).json["state"], answer

            self.assertEqual(try_publish()[0], "published")
            service.patch(member, {"role": "member"})
            steps = [("role lowered", try_publish())]
            service.patch(member, {"role": "organiser"})
            self.assertEqual(try_publish()[0], "published")
            service.api("DELETE", member, expect=204)
            steps.append(("membership ended", try_publish()))
            service.cli("person", "erase", desk["email"], "--yes")
            steps.append(("erased", try_publish()))
            for what, (state, answer) in steps:
                kept.append(answer.status)
                if state != "draft":
                    late.append(f"{what}: {answer}")
            self.assertEqual(browser.get("/me").text.count('action="/sign-in"'), 1, "an erased person is signed out")
            browser.close()
            show(late)
            card.line(f"A4 rights withdrawn, in open connections ({self.engine})", f"{len(kept)} tried, {len(late)} allowed", "0", not late)


class Browser:
    """A person's browser: one connection, cookies, forms with their token. Without an address nobody is signed in."""

    def __init__(self, service, email=None):
        self.service, self.cookies, self.connection = service, {}, service.connect()
        start = "/sign-in"
        if email:
            path = urllib.parse.urlsplit(service.cli("login-link", email).strip()).path
            self.form_token = self._token(self.get(path))
            answer = self.post(path)
            assert answer.status == 303, answer
            start = "/me"
        self.form_token = self._token(self.get(start))

    @staticmethod
    def _token(page):
        return re.search(r'name="_csrf" value="([^"]*)"', page.text)[1]

    def _keep(self, answer):
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def _headers(self, **more):
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **more}

    def get(self, path):
        return self._keep(self.service.request("GET", path, headers=self._headers(), connection=self.connection))

    def post(self, path, **fields):
        body = urllib.parse.urlencode({"_csrf": self.form_token, **fields}).encode()
        return self._keep(self.service.request("POST", path, body, self._headers(**{
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.service.url}), self.connection))

    def close(self):
        self.connection.close()


class Pages:
    """Every form of the pages for everybody: who may not, changes nothing."""

    def setUp(self):
        with open(os.path.join(ROOT, "service", "web", "routes.cpp")) as file:
            self.forms = set(re.findall(r'\{post, "([^"]+)"', file.read()))

    def test_every_form_for_everybody(self):
        self.assertEqual(self.forms, set(table.PAGES), "tests/support/rights_table.py needs a row for each form")
        with Service(self.engine) as service:
            organisers(service)
            people = {}
            for who, slug, role in [("person", OURS, "member"), ("other", OURS, "member"), ("organiser", OURS, "organiser"),
                                    ("stranger", THEIRS, "organiser"), ("disabled", OURS, "organiser")]:
                people[who] = world.add_member(service, {**table.member_body(), "role": role}, slug=slug)
            browsers = {who: Browser(service, one["email"]) for who, one in people.items()}
            service.cli("person", "erase", people["disabled"]["email"], "--yes")
            browsers["anonymous"] = Browser(service)
            browsers["link"] = browsers["anonymous"]
            differences, calls = [], 0
            for form, allowed in table.PAGES.items():
                for who, browser in browsers.items():
                    if form in ("/sign-in", "/sign-in/{token}", "/sign-out"):
                        continue  # not a matter of who asks
                    path, fields = self.prepare(service, form, people, who)
                    before, theirs = changes(service), self.registration(service)
                    answer = browser.post(path, **fields)
                    calls += 1
                    changed = changes(service) > before
                    touched = form.startswith("/e/") and self.registration(service) != theirs
                    if changed != (who in allowed) or answer.status >= 500 or (touched and who not in ("person", "link")):
                        differences.append(f"POST {form} for {who}: {'changed' if changed else 'changed nothing'}: {answer}"[:300])
            for browser in browsers.values():
                browser.close()
            show(differences)
            card.line(f"A1 forms of the pages by who sends them ({self.engine})",
                      f"{len(table.PAGES)} forms, {calls} sent, {len(differences)} differences", "every form has a row; 0", not differences)

    def prepare(self, service, form, people, who):
        """Something of ours for the form to work on, with "person" registered for it."""
        self.registered = None
        if form == "/me":
            return form, {"name": f"Name {who}", "language": "en", "zone": world.BRUSSELS}
        if not form.startswith(("/e/", "/organise/")):
            return form, {}
        draft = form.endswith("/publish")
        event = {"communities": [OURS], "title": "Event", "registration": {"policy": "members"}}
        if form.endswith("/date"):
            made = world.create(service, world.provisional_event(60, 90, **event))
        else:
            rule = table.WEEKLY if form.endswith("/split") else {}
            made = world.create(service, world.on_site_event(**event, **rule), publish=not draft)
        path = form.replace("{id}", made["id"]).replace("{slug}", OURS)
        fields = {}
        if form.startswith("/e/") or "{registration}" in form:
            registration = service.api("POST", f"/events/{made['id']}/registrations", expect=201, json={
                "email": people["person"]["email"], "name": "Person", "mode": "on-site"}).json
            self.registered = "/registrations/" + registration["id"]
            path = path.replace("{registration}", registration["id"])
            fields = {"answer": "decline" if who in ("link", "person") and not form.endswith("/cancel") else "accept"}
            if form.endswith("{token}"):
                # Somebody else's link is the other person's right; everybody else here has none.
                path = path.replace("{token}", self.link(service, made, people) if who == "link" else "0" * 39)
            elif who == "link":
                fields["token"] = self.link(service, made, people)
        if form.endswith("/date"):
            revision = re.sub(r"\D", "", service.api("GET", f"/events/{made['id']}").etag)
            fields = {"date": world.day_in(65), "time": "10:00", "duration": "2:00", "zone": world.BRUSSELS,
                      "link": "https://meet.example/abc", "revision": revision}
        if form.endswith("/split"):
            fields = {"from": world.in_days(37), "time": "14:00", "title": "Event", "place": "Salerno", "sure": "yes"}
        return path, fields

    def registration(self, service):
        return service.api("GET", self.registered).etag if self.registered else None

    def link(self, service, event, people):
        """The answer link in the mail to "person"."""
        from waiting import wait_until

        def found():
            for file in service.mail_files():
                text = file.read_bytes().replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"=3D", b"=")
                if people["person"]["email"].encode() in text:
                    match = re.search(rf"/e/{event['id']}/answer/([a-z0-9]+)".encode(), text) or \
                        re.search(rf"/e/{event['id']}\S*token=([a-z0-9]+)".encode(), text)
                    if match:
                        return match[1].decode()
            return None

        return wait_until(found, 30, "a mail with a link")


def _properties(schema, document, depth=0):
    """The names of the members that a schema describes."""
    if depth > 8 or not isinstance(schema, dict):
        return set()
    if "$ref" in schema:
        return _properties(_resolve(schema["$ref"], document), document, depth + 1)
    names = set(schema.get("properties", {}))
    for word in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(word, []):
            names |= _properties(part, document, depth + 1)
    return names


def _resolve(reference, document):
    for part in reference.removeprefix("#/").split("/"):
        document = document[part]
    return document


globals().update(both_engines(Api, Pages))

if __name__ == "__main__":
    unittest.main()
