"""The audit log: every change leaves exactly its lines, who and from which request, and nobody changes them unseen."""

import re
import sqlite3
import subprocess

import people
import world
from service import ROOT, Service, both_engines, in_parallel, scaled
from visitor import Visitor
from waiting import wait_until

# What changes the service's own bookkeeping only: a session's end moves with its use, a mail's marks with its sending.
PAGES = ROOT / "service" / "web" / "routes.cpp"


def lines(service, **query):
    joined = "&".join(f"{name}={value}" for name, value in query.items())
    return service.items("/audit" + (f"?{joined}" if joined else ""))


class EveryChange:
    engine = None

    def setUp(self):
        self.service = Service(self.engine)
        self.service.__enter__()
        self.addCleanup(self.service.__exit__, None, None, None)
        self.called, self.requests = set(), set()
        self.seen = {line["id"] for line in lines(self.service)}

    def leaves(self, *actions, who=None):
        """The lines that are new since the last look are these, by this kind of actor."""
        fresh = [line for line in reversed(lines(self.service)) if line["id"] not in self.seen]
        self.seen |= {line["id"] for line in fresh}
        self.assertEqual([line["action"] for line in fresh], list(actions), world.show(fresh))
        if who and fresh:
            self.assertEqual(fresh[0]["actor"]["kind"], who, world.show(fresh[0]))
        return fresh

    def api(self, method, pattern, path, *actions, json=None, expect=None):
        self.called.add((method, "/api/v1" + pattern))
        for _ in range(5):  # a webhook's failing delivery may change it between the two
            headers = {"If-Match": self.service.api("GET", path, expect=200).etag} if method == "PATCH" else None
            answer = self.service.api(method, path, json=json, headers=headers)
            if answer.status != 412:
                break
        self.assertIn(answer.status, (expect,) if expect else (200, 201, 202, 204), f"{method} {path}: {answer}")
        for line in self.leaves(*actions):
            self.assertEqual(line["requestId"], answer.headers["X-Request-Id"])
        return answer.json if answer.body else None

    def page(self, visitor, pattern, path, *actions, who="person", **fields):
        self.called.add(("POST", pattern))
        answer = visitor.post(path, **fields)
        self.assertIn(answer.status, (200, 303), f"POST {path}: {answer}")
        for line in self.leaves(*actions, who=who):
            self.assertEqual(line["requestId"], answer.headers["X-Request-Id"])
        return answer

    def test_every_way_to_change_something_leaves_its_line(self):
        service = self.service
        self.api_calls()
        self.pages()
        self.commands()
        written = {(method.upper(), path) for path, item in service.request("GET", "/api/v1/openapi.json").json["paths"].items()
                   for method in item if method in ("post", "put", "patch", "delete")}
        written = {(method, path if path.startswith("/api/v1") else "/api/v1" + path) for method, path in written}
        shape = lambda entry: (entry[0], re.sub(r"\{[^}]*\}", "{}", entry[1]))
        self.assertEqual({shape(entry) for entry in written} - {shape(entry) for entry in self.called}, set(),
                         "operations that no step of this test calls")
        posted = set(re.findall(r'\{post, "([^"]+)"', PAGES.read_text()))
        self.assertGreater(len(posted), 8)
        self.assertEqual(posted - {path for method, path in self.called if method == "POST"}, set(), "forms that no step sends")
        for line in lines(service):
            self.assertNotIn("@", world.show(line))

    def test_a_verb_without_its_line_is_found(self):
        """The control of all the others: a change whose line is missing, as of a verb that forgot it."""
        service = self.service
        made = self.api("POST", "/communities", "/communities", "community.create", json={
            "slug": "cop-mi", "name": "CoP", "timeZone": world.BRUSSELS, "language": "en", "contactEmail": "desk@cop.convoke.example"})
        self.assertEqual(made["slug"], "cop-mi")
        for drop in Chain.unguard(self):
            Chain.sql(self, service, drop)
        answered = service.api

        def forgetful(method, path, **more):
            answer = answered(method, path, **more)
            if method == "PATCH":
                Chain.sql(self, service, "DELETE FROM change_log WHERE action = 'community.change'")
            return answer
        service.api = forgetful
        with self.assertRaisesRegex(AssertionError, "community.change"):
            self.api("PATCH", "/communities/{slug}", "/communities/cop-mi", "community.change", json={"name": "CoP MI"})

    def api_calls(self):
        api = self.api
        api("POST", "/communities", "/communities", "community.create", json={
            "slug": "cop-mi", "name": "CoP", "timeZone": world.BRUSSELS, "language": "en", "contactEmail": "desk@cop.convoke.example"})
        api("PATCH", "/communities/{slug}", "/communities/cop-mi", "community.change", json={"name": "CoP MI"})
        api("PATCH", "/communities/{slug}", "/communities/cop-mi", json={"name": "CoP MI"})  # the same again changes nothing
        member = api("POST", "/communities/{slug}/members", "/communities/cop-mi/members", "member.add",
                     json={"email": "a@people.convoke.example", "name": "A", "role": "organiser"})
        path = f"/communities/cop-mi/members/{member['id']}"
        api("PATCH", "/communities/{slug}/members/{id}", path, "member.change", json={"name": "Anna"})
        api("POST", "/communities/{slug}/groups", "/communities/cop-mi/groups", "group.create", json={"slug": "wg", "name": "WG"})
        group = "/communities/cop-mi/groups/wg"
        api("PATCH", "/communities/{slug}/groups/{group}", group, "group.change", json={"name": "WG 1"})
        api("PUT", "/communities/{slug}/groups/{group}/members/{id}", f"{group}/members/{member['id']}", "group.member.add")
        api("PUT", "/communities/{slug}/groups/{group}/members/{id}", f"{group}/members/{member['id']}")
        api("DELETE", "/communities/{slug}/groups/{group}/members/{id}", f"{group}/members/{member['id']}", "group.member.remove")
        other = api("POST", "/communities/{slug}/members", "/communities/cop-mi/members", "member.add",
                    json={"email": "gone@people.convoke.example", "name": "Gone"})
        api("DELETE", "/communities/{slug}/members/{id}", f"/communities/cop-mi/members/{other['id']}", "member.remove")
        programme = api("POST", "/communities/{slug}/programmes", "/communities/cop-mi/programmes", "programme.create",
                        json={"title": "P", "period": "2031"})
        path = f"/communities/cop-mi/programmes/{programme['id']}"
        api("PATCH", "/communities/{slug}/programmes/{id}", path, "programme.change", json={"title": "P1"})
        api("DELETE", "/communities/{slug}/programmes/{id}", path, "programme.remove")
        hook = api("POST", "/communities/{slug}/webhooks", "/communities/cop-mi/webhooks", "webhook.create",
                   json={"url": "https://hooks.example/", "events": ["event.cancelled"], "state": "active"})
        path = f"/communities/cop-mi/webhooks/{hook['id']}"
        ping = api("POST", "/communities/{slug}/webhooks/{id}/test", path + "/test", "webhook.test", json={})
        # The receiver's name does not exist; pausing it ends the delivery, which can be made again afterwards.
        api("PATCH", "/communities/{slug}/webhooks/{id}", path, "webhook.change", json={"state": "paused"})
        wait_until(lambda: self.service.items(path + "/deliveries")[0]["state"] == "superseded", 30, "the end of the ping")
        api("PATCH", "/communities/{slug}/webhooks/{id}", path, "webhook.change", json={"state": "active"})
        api("POST", "/communities/{slug}/webhooks/{id}/deliveries/{delivery}/retry", f"{path}/deliveries/{ping['id']}/retry",
            "webhook.retry", json={})
        api("DELETE", "/communities/{slug}/webhooks/{id}", path, "webhook.remove")
        event = api("POST", "/events", "/events", "event.create", json=world.online_event(registration={
            "policy": "approval", "capacity": {"online": 1}, "waitlist": True}))
        path = f"/events/{event['id']}"
        api("PATCH", "/events/{id}", path, "event.change", json={"title": "Another"})
        api("POST", "/events/{id}/publish", path + "/publish", "event.publish", json={})
        series = api("POST", "/events", "/events", "event.create", json=world.online_event(
            recurrenceRules=[{"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}]))
        api("POST", "/events/{id}/split", f"/events/{series['id']}/split", "event.split", "event.create", json={"from": world.in_days(37)})
        first, second = (api("POST", "/events/{id}/registrations", path + "/registrations", "registration.create", json={
            "email": f"r{number}@people.convoke.example", "name": "R", "mode": "online"}) for number in (1, 2))
        registrations = "/registrations/{id}/"
        for one, name in ((first, "approve"), (second, "approve")):
            api("POST", registrations + name, f"/registrations/{one['id']}/{name}", f"registration.{name}", json={})
        api("POST", registrations + "cancel", f"/registrations/{first['id']}/cancel", "registration.cancel",
            "registration.promote", json={})
        api("POST", registrations + "confirm", f"/registrations/{first['id']}/confirm", "registration.confirm", json={})
        api("POST", registrations + "decline", f"/registrations/{first['id']}/decline", "registration.decline", json={})
        api("POST", "/events/{id}/cancel", path + "/cancel", "event.cancel", json={"reason": "r"})
        today = api("POST", "/events", "/events", "event.create", json=world.on_site_event(
            start=world.in_days(0, 0), showWithoutTime=True, duration="P2D"))
        api("POST", "/events/{id}/publish", f"/events/{today['id']}/publish", "event.publish", json={})
        came = api("POST", "/events/{id}/registrations", f"/events/{today['id']}/registrations", "registration.create", json={
            "email": "came@people.convoke.example", "name": "C", "mode": "on-site"})
        api("POST", registrations + "attend", f"/registrations/{came['id']}/attend", "registration.attend", json={})

    def pages(self):
        service, page = self.service, self.page
        stranger, member = Visitor(service), Visitor(service)
        stranger.get("/sign-in")
        page(stranger, "/sign-in", "/sign-in", "sign-in.request", who="anonymous", email="a@people.convoke.example")
        page(stranger, "/sign-in", "/sign-in", who="anonymous", email="nobody@people.convoke.example")
        link = service.cli("login-link", "a@people.convoke.example").strip()
        self.leaves("sign-in.link", who="command")
        path = "/sign-in/" + link.rsplit("/", 1)[1]
        member.get(path)
        page(member, "/sign-in/{token}", path, "sign-in.use", who="link")
        member.get("/me")
        page(member, "/me", "/me", "person.change", "person.choose-feed", name="Anna B", language="en", zone="Europe/Brussels")
        member.get("/me")
        page(member, "/me/feed", "/me/feed", "person.renew-feed")

        event = service.api("POST", "/events", json=world.provisional_event(40, 60, registration={"policy": "open"}), expect=201).json
        self.leaves("event.create")
        desk = f"/organise/cop-mi/e/{event['id']}"
        member.get(desk + "/publish")
        page(member, "/organise/{slug}/e/{id}/publish", desk + "/publish", "event.publish")
        form = member.get(desk + "/date").text
        hidden = re.search(r'name="revision" value="([^"]*)"', form)[1]
        page(member, "/organise/{slug}/e/{id}/date", desk + "/date", "event.change", revision=hidden, date=world.day_in(45),
             time="10:00", duration="2:00", zone=world.BRUSSELS, link="https://meet.example/abc")

        series = service.api("POST", "/events", expect=201, json=world.on_site_event(
            recurrenceRules=[{"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}])).json
        self.leaves("event.create")
        split = f"/organise/cop-mi/e/{series['id']}/split"
        member.get(split)
        page(member, "/organise/{slug}/e/{id}/split", split, **{"from": world.in_days(37)}, time="14:00", title="T", place="P")  # asks first
        page(member, "/organise/{slug}/e/{id}/split", split, "event.split", "event.create", **{"from": world.in_days(37)}, time="14:00",
             title="T", place="P", sure="yes")

        register = f"/e/{event['id']}/register"
        stranger.get(register)
        page(stranger, "/e/{id}/register", register, "registration.hold", who="anonymous", answer="accept",
             email="new@people.convoke.example", name="New", mode="online")
        mail = wait_until(lambda: next((one for one in world.outbox(service, event=event["id"], state="sent")
                                        if one["kind"] == "address-check"), None), 30, "the mail to the stranger")
        text = service.cli("outbox", "show", mail["id"]).replace("=\n", "").replace("=3D", "=")
        answer_path = re.search(rf"/e/{event['id']}/answer/[0-9a-z]+", text)[0]
        holder = Visitor(service)
        holder.get(answer_path)
        page(holder, "/e/{id}/answer/{token}", answer_path, "registration.confirm", who="link", answer="accept", name="New",
             mode="online", token=answer_path.rsplit("/", 1)[1])
        member.get(register)
        page(member, "/e/{id}/register", register, "registration.confirm", answer="accept", mode="online", name="Anna B")
        member.get(f"/e/{event['id']}/cancel")
        page(member, "/e/{id}/cancel", f"/e/{event['id']}/cancel", "registration.cancel")
        other = next(one for one in service.items(f"/events/{event['id']}/registrations") if one["status"] == "confirmed")
        member.get(desk)
        page(member, "/organise/{slug}/e/{id}/registrations/{registration}", f"{desk}/registrations/{other['id']}",
             "registration.cancel", answer="cancel")
        member.get(desk + "/cancel")
        page(member, "/organise/{slug}/e/{id}/cancel", desk + "/cancel", "event.cancel", reason="too few")
        member.get("/me")
        page(member, "/sign-out", "/sign-out", "sign-in.end")

    def commands(self):
        service = self.service
        service.cli("token", "create", "--name", "scripts", "--role", "organiser", "--community", "cop-mi")
        made = self.leaves("token.create", who="command")
        self.assertNotIn("requestId", made[0])
        world.import_members(service, people.members(3))
        self.leaves("member.add", "member.add", "member.add", who="command")
        erased = service.cli("audit", "list", "--json")
        self.assertIn("token.create", erased)
        service.cli("person", "erase", "a@people.convoke.example", "--yes")
        fresh = self.leaves("person.erase", who="command")
        self.assertTrue(fresh[0]["person"])
        self.assertNotIn("people.convoke.example", service.cli("audit", "list", "--json"))


class Chain:
    engine = None

    def test_the_chain_grows_and_shows_every_change_of_it(self):
        with Service(self.engine) as service:
            world.community(service)
            count = scaled(20, 60, 600)
            in_parallel(6, lambda worker: [world.add_member(service, {"email": f"m{worker}-{number}@chain.convoke.example", "name": "M"})
                                           for number in range(count // 6)])
            whole = wait_until(lambda: self.verified(service), 20, "all lines to be chained")
            head, length = whole
            self.assertGreaterEqual(length, count // 6 * 6)
            self.assertEqual([line["position"] for line in reversed(lines(service))].count(None), 0)
            world.add_member(service, {"email": "later@chain.convoke.example", "name": "M"})
            wait_until(lambda: (self.verified(service) or ("", 0))[1] > length, 20, "the next line")
            self.assertEqual(service.run("audit", "verify", "--head", head).returncode, 0)
            self.assertEqual(service.run("audit", "verify", "--head", "0" * 63 + "1").returncode, 1)
            service.stop()
            for statement, word in (("UPDATE change_log SET actor = 'person:1' WHERE position = 5", "5"),
                                    ("DELETE FROM change_log WHERE position = 5", "5")):
                with self.assertRaises(Exception, msg=statement):
                    self.sql(service, statement)
            self.assertEqual(service.run("audit", "verify").returncode, 0)
            # Who may drop the triggers can change lines, but not unseen.
            for drop in self.unguard():
                self.sql(service, drop)
            self.sql(service, "UPDATE change_log SET actor = 'person:1' WHERE position = 5")
            broken = service.run("audit", "verify")
            self.assertEqual(broken.returncode, 1)
            self.assertIn("line 5 ", broken.stderr)
            self.sql(service, "DELETE FROM change_log WHERE position = 5")
            self.assertIn("line 5 of the chain is missing", service.run("audit", "verify").stderr)
            self.sql(service, "DELETE FROM change_log WHERE position >= 5")
            self.assertIn("the chain ends with line 4", service.run("audit", "verify").stderr)
            service.start()

    @staticmethod
    def verified(service):
        done = service.run("audit", "verify")
        if done.returncode != 0 or "not chained yet" in done.stderr:
            return None
        found = re.search(r"(\d+) lines\thead ([0-9a-f]{64})", done.stdout)
        return found[2], int(found[1])

    def unguard(self):
        if self.engine == "sqlite":
            return ["DROP TRIGGER change_log_stays", "DROP TRIGGER change_log_unchanged"]
        return ["DROP TRIGGER change_log_stays ON change_log"]

    def sql(self, service, statement):
        if self.engine == "sqlite":
            database = sqlite3.connect(service.database_url[len("sqlite:"):])
            try:
                with database:
                    database.execute(statement)
            finally:
                database.close()
        else:
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", service.database_url, "-c", statement], check=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Reading:
    engine = None

    def test_organisers_see_their_communities_only(self):
        with Service(self.engine) as service:
            world.community(service)
            world.community(service, slug="cop-ees", name="CoP EES")
            joint = world.create(service, world.online_event(communities=["cop-mi", "cop-ees"]))
            alone = world.create(service, world.online_event(communities=["cop-mi"]))
            token = service.cli("token", "create", "--name", "ees", "--role", "organiser", "--community", "cop-ees").strip()
            own = lambda query: service.api("GET", "/audit" + query, token=token)
            actions = [(line["action"], line.get("event")) for line in own("").json["items"]]
            self.assertIn(("event.publish", joint["id"]), actions)
            self.assertNotIn(("event.publish", alone["id"]), actions)
            self.assertIn("token.create", [action for action, _ in actions])
            self.assertEqual(own("?community=cop-mi").status, 404)
            self.assertEqual(own(f"?event={alone['id']}").status, 404)
            self.assertEqual([line["action"] for line in own(f"?event={joint['id']}").json["items"]], ["event.publish", "event.create"])
            actor = own(f"?event={joint['id']}").json["items"][0]["actor"]
            self.assertEqual((actor["kind"], actor["name"]), ("token", "tests"))
            self.assertEqual(service.api("GET", "/audit", token="").status, 401)
            self.assertEqual(own("?actor=x").status, 422)
            everything = lines(service)
            paged, cursor = [], ""
            while cursor is not None:
                page = service.api("GET", f"/audit?limit=2{cursor and '&cursor=' + cursor}", expect=200).json
                paged, cursor = paged + page["items"], page["next"]
            self.assertEqual([line["id"] for line in paged], [line["id"] for line in everything])
            self.assertEqual([line["id"] for line in paged], sorted((line["id"] for line in paged), reverse=True))


globals().update(both_engines(EveryChange, Chain, Reading))
