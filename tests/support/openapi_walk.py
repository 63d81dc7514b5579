"""A walk through the whole API by the examples of its own description: every operation for its success, then for the
problems it says it can answer. Each function needs what those before it made."""

import http.client

import world
from service import Answer
from waiting import wait_until

UNKNOWN = {"id": "0000000000000", "slug": "no-such-slug", "group": "no-such-group", "delivery": "0000000000000"}
KEY = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}


class Walk:
    def __init__(self, service, contract):
        self.service, self.contract, self.example = service, contract, contract.example
        self.organiser = self.stranger = None

    def everything(self):
        self.description()
        self.communities()
        self.members()
        self.groups()
        self.programmes()
        self.events()
        self.lives_of_events()
        self.registrations()
        self.rules_of_registration()
        self.answers()
        self.mails()
        self.webhooks()
        self.answers_by_mail()
        self.audit()

    # -- calling ---------------------------------------------------------------------------------------------

    def call(self, name, path=None, body=None, expect=None, **more):
        return self.contract.call(self.service, name, path, body=body, expect=expect, **more)

    def fails(self, name, path, code, body=None, expect=409, **more):
        answer = self.call(name, path, body, expect, **more)
        assert answer.json["code"] == code, (name, code, answer)

    def make(self, name, path, body):
        """A POST that creates: what it made, after a look where Location points to."""
        answer = self.call(name, path, body, 201)
        seen = self.service.request("GET", answer.headers["Location"], headers={"Authorization": f"Bearer {self.service.token}"})
        assert seen.status == 200 and seen.json["id"] == answer.json["id"], (name, answer.headers["Location"], seen)
        assert seen.etag == answer.etag, (name, seen.etag, answer.etag)
        return answer.json

    def change(self, name, path, body, expect=200, **more):
        return self.call(name, path, body, expect, headers={"If-Match": "*"}, **more)

    def problems(self, name, path=None, body=None):
        """What every operation of its sort answers to a bad request."""
        method, _, operation = self.contract.operations[name]
        described = self.contract.responses(name)
        changing = {"headers": {"If-Match": "*"}} if method == "patch" else {}
        self.call(name, path, body, 401, token="", **changing)
        self.call(name, path, body, 401, token="cvk_" + "x" * 43, **changing)
        self.call(name, path, body, 400, suffix="?broken=%zz", **changing)
        for key in path or {}:
            self.call(name, {**path, key: UNKNOWN[key]}, body, 404, **changing)
        if "requestBody" in operation:
            self.call(name, path, expect=400, raw=("application/json", b'{"cut": '), **changing)
            self.call(name, path, expect=415, raw=("text/plain", b"{}"), **changing)
            self.call(name, path, {**(body or {}), "nobodyKnows": 1}, 422, **changing)
            self.too_large(name, method, path)
        if method == "post":
            self.fails(name, path, "idempotency_key_reused", body, 422, headers=KEY)
        if method == "patch":
            self.call(name, path, body, 428)
            self.call(name, path, body, 412, headers={"If-Match": '"r999999"'})
        if method == "get":
            wait_until(lambda: self.call(name, path, headers={"If-None-Match": self.call(name, path, expect=200).etag}).status == 304,
                       60, f"{name} to answer the same twice")  # jobs may write in between
        if method == "get" and 422 in described:
            self.call(name, path, expect=422, query={"nobodyKnows": 1})
            self.call(name, path, expect=422, query={"limit": 0})
            self.call(name, path, expect=400, query={"cursor": "nowhere"})
        if 406 in described:
            self.call(name, path, expect=406, accept="application/x-unheard-of")

    def too_large(self, name, method, path):
        """Refused by its head; nothing of the body is sent."""
        target = self.contract.target(name, path)
        connection = self.service.connect()
        try:
            connection.putrequest(method.upper(), target)
            for field, value in (("Authorization", f"Bearer {self.service.token}"), ("If-Match", "*"),
                                 ("Content-Type", "application/json"), ("Content-Length", str(64 << 20))):
                connection.putheader(field, value)
            connection.endheaders()
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except http.client.HTTPException as error:
            raise AssertionError(f"{name}: a body that is too large ended the connection: {error!r}") from None
        finally:
            connection.close()
        assert answer.status == 413, (name, answer)
        self.contract.check(name, answer)

    # -- resources -------------------------------------------------------------------------------------------

    def description(self):
        etag = self.call("getDescription", expect=200, token="").etag
        self.call("getDescription", expect=304, token="", headers={"If-None-Match": etag})

    def communities(self):
        new = self.example("NewCommunity")
        made = self.make("createCommunity", None, new)
        once = self.call("createCommunity", None, {**new, "slug": "cop-once"}, 201, headers=KEY)
        slug = {"slug": made["slug"]}
        self.make("createCommunity", None, {**new, "slug": "cop-other"})
        create = ("token", "create", "--name", "walk", "--role", "organiser", "--community")
        self.organiser = self.service.cli(*create, made["slug"]).strip()
        self.stranger = self.service.cli(*create, "cop-other").strip()
        self.problems("createCommunity", None, new)
        self.fails("createCommunity", None, "already_exists", new)
        self.fails("createCommunity", None, "forbidden", {**new, "slug": "cop-third"}, 403, token=self.organiser)

        again = self.call("createCommunity", None, {**new, "slug": "cop-once"}, 201, headers=KEY)
        assert (once.body, "true") == (again.body, again.headers["Idempotent-Replayed"]), again
        self.call("createCommunity", None, new, 400, headers={"Idempotency-Key": "two, keys"})

        self.problems("listCommunities")
        page = self.call("listCommunities", query={"limit": 1}, expect=200).json
        assert len(page["items"]) == 1 and page["next"], page
        self.call("listCommunities", query={"limit": 1, "cursor": page["next"]}, expect=200)
        self.problems("getCommunity", slug)
        patch = self.example("CommunityPatch")
        self.problems("changeCommunity", slug, patch)
        self.change("changeCommunity", slug, patch)

    def members(self):
        place, new = {"slug": "cop-mi"}, self.example("NewMember")
        made = self.make("addMember", place, new)
        self.problems("addMember", place, new)
        self.fails("addMember", place, "already_exists", new)
        self.problems("listMembers", place)
        self.call("listMembers", place, expect=200, accept="text/csv")
        self.member = {**place, "id": made["id"]}
        self.problems("getMember", self.member)
        self.problems("changeMember", self.member, self.example("MemberPatch"))
        self.change("changeMember", self.member, self.example("MemberPatch"))
        gone = {**place, "id": self.make("addMember", place, {**new, "email": "gone@ngo.example"})["id"]}
        self.problems("removeMember", gone)
        self.call("removeMember", gone, expect=412, headers={"If-Match": '"r9"'})
        self.call("removeMember", gone, expect=204)

    def groups(self):
        place, new = {"slug": "cop-mi"}, self.example("NewGroup")
        group = {**place, "group": self.make("createGroup", place, new)["slug"]}
        self.problems("createGroup", place, new)
        self.fails("createGroup", place, "already_exists", new)
        self.problems("listGroups", place)
        self.problems("getGroup", group)
        self.problems("changeGroup", group, self.example("GroupPatch"))
        self.change("changeGroup", group, self.example("GroupPatch"))
        inside = {**group, "id": self.member["id"]}
        for _ in range(2):
            self.call("putGroupMember", inside, expect=204)
        self.problems("putGroupMember", inside)
        self.problems("listGroupMembers", group)
        self.problems("removeGroupMember", inside)
        self.call("removeGroupMember", inside, expect=204)
        self.call("removeGroupMember", inside, expect=404)

    def programmes(self):
        place, new = {"slug": "cop-mi"}, self.example("NewProgramme")
        programme = {**place, "id": self.make("createProgramme", place, new)["id"]}
        self.problems("createProgramme", place, new)
        self.problems("listProgrammes", place)
        self.problems("getProgramme", programme)
        self.problems("changeProgramme", programme, self.example("ProgrammePatch"))
        self.change("changeProgramme", programme, self.example("ProgrammePatch"))
        gone = {**place, "id": self.make("createProgramme", place, new)["id"]}
        self.problems("removeProgramme", gone)
        self.call("removeProgramme", gone, expect=412, headers={"If-Match": '"r9"'})
        self.call("removeProgramme", gone, expect=204)

    # -- events ----------------------------------------------------------------------------------------------

    def event(self, example, publish=None, **changes):
        made = self.make("createEvent", None, self.example(example, **changes))
        if publish is not None:
            self.call("publishEvent", {"id": made["id"]}, publish, 200)
        return {"id": made["id"]}

    def events(self):
        self.online = self.event("NewEvent-online")
        self.visit = self.event("NewEvent-study-visit", registration={
            **self.example("NewEvent-study-visit")["registration"], "policy": "members", "closes": None})
        self.window = self.event("NewEvent-window")
        self.event("NewEvent-days")
        series = self.event("NewEvent-series", {})
        self.problems("createEvent", None, self.example("NewEvent-online"))
        self.problems("listEvents")
        self.call("listEvents", query={"community": "no-such-slug"}, expect=404)
        self.call("listEvents", query={"from": "tomorrow"}, expect=422)
        self.call("listEvents", query={"state": "wished-for"}, expect=422)
        self.call("listEvents", query={"community": "cop-mi", "from": "2026-01-01", "to": "2037-01-01T00:00:00Z", "state": "draft"},
                  expect=200)
        for event in (self.online, self.visit, self.window, series):
            for accept in ("application/json", "application/jscalendar+json", "text/calendar"):
                answer = self.call("getEvent", event, expect=200, accept=accept)
                assert answer.headers["Content-Type"].startswith(accept), answer.headers["Content-Type"]
        self.problems("getEvent", self.online)
        self.problems("changeEvent", self.online, self.example("EventPatch-link"))
        self.change("changeEvent", self.online, self.example("EventPatch-link"))
        self.problems("forecastMails", self.online)

    def lives_of_events(self):
        self.problems("publishEvent", self.online, self.example("Publication-plain"))
        self.call("publishEvent", self.online, self.example("Publication-plain"), 200)
        self.call("publishEvent", self.online, expect=200)  # no body at all
        later = self.event("NewEvent-online", virtualLocations=None)
        self.fails("publishEvent", later, "link_missing", {})
        self.call("publishEvent", later, self.example("Publication"), 200)
        self.fails("publishEvent", self.online, "forbidden", {}, 403, token=self.stranger)
        self.fails("changeEvent", self.online, "forbidden", {"title": "Mine"}, 403, token=self.stranger, headers={"If-Match": "*"})
        assert "virtualLocations" not in self.call("getEvent", self.online, expect=200, token=self.stranger).json

        self.call("publishEvent", self.window, {}, 200)
        self.call("forecastMails", self.window, expect=200)
        fixed = self.change("changeEvent", self.window, self.example("EventPatch-fix")).json
        assert "provisional" not in fixed and fixed["linkDue"], fixed
        self.fails("changeEvent", self.window, "invalid_state",
                   {"provisional": self.example("NewEvent-window")["provisional"]}, headers={"If-Match": "*"})
        unlinked = self.event("NewEvent-window", {}, format="online")
        fix = {key: value for key, value in self.example("EventPatch-fix").items() if key != "linkDue"}
        self.fails("changeEvent", unlinked, "link_missing", fix, headers={"If-Match": "*"})

        series, split = self.event("NewEvent-series", {}), self.example("EventSplit")
        self.problems("splitEvent", series, split)
        self.fails("splitEvent", series, "forbidden", split, 403, token=self.stranger)
        self.fails("splitEvent", series, "changed_meanwhile", split, 412, headers={"If-Match": '"r99"'})
        self.fails("splitEvent", series, "link_missing", {**split, "virtualLocations": None})
        self.fails("splitEvent", self.online, "recurrence_invalid", split, 422)
        rest = self.make("splitEvent", series, split)
        for one in (series, {"id": rest["id"]}):
            assert self.call("getEvent", one, expect=200).json["relatedTo"], one
        booked = self.event("NewEvent-series", {}, registration={"policy": "open"})
        self.register(booked, "first@ngo.example")
        self.fails("splitEvent", booked, "capacity_below_booked", {**split, "registration": {"capacity": {"online": 0}}})
        self.call("cancelEvent", booked, {}, 200)
        self.fails("splitEvent", booked, "event_cancelled", split, 410)

        past = self.event("NewEvent-online", {}, start=world.in_days(-30))
        assert self.call("getEvent", past, expect=200).json["state"] == "completed"
        self.fails("cancelEvent", past, "invalid_state", {})
        self.fails("cancelEvent", later, "forbidden", {}, 403, token=self.stranger)
        self.problems("cancelEvent", later, self.example("Cancellation"))
        self.call("cancelEvent", later, self.example("Cancellation"), 200)
        self.call("cancelEvent", later, expect=200)
        self.fails("publishEvent", later, "event_cancelled", {}, 410)
        self.fails("changeEvent", later, "event_cancelled", {"title": "Again"}, 410, headers={"If-Match": "*"})
        self.cancelled = later

    # -- registrations -----------------------------------------------------------------------------------------

    def register(self, event, email, expect=201, **more):
        return self.call("register", event, {"email": email, **more}, expect).json

    def registrations(self):
        self.call("publishEvent", self.visit, {}, 200)
        made = self.make("register", self.visit, self.example("NewRegistration"))
        self.problems("register", self.visit, self.example("NewRegistration"))
        self.fails("register", self.visit, "already_registered", self.example("NewRegistration"))
        self.make("register", self.online, self.example("NewRegistration-guest"))
        self.problems("listRegistrations", self.visit)
        self.call("listRegistrations", self.visit, expect=200, accept="text/csv")
        self.fails("listRegistrations", self.online, "forbidden", expect=403, token=self.stranger)
        self.problems("getRegistration", {"id": made["id"]})
        self.fails("changeEvent", self.visit, "capacity_below_booked", {"registration": {"capacity": {"onSite": 0}}},
                   headers={"If-Match": "*"})

    def rules_of_registration(self):
        def refused(code, event, expect=409, **more):
            self.fails("register", event, code, {"email": "late@ngo.example", "country": "PL"}, expect, **more)

        rules = {"policy": "open", "capacity": {"online": 1}}
        full = self.event("NewEvent-online", {}, registration=rules)
        self.register(full, "first@ngo.example")
        refused("event_full", full)
        queue = self.event("NewEvent-online", {}, registration={**rules, "waitlist": True})
        self.register(queue, "first@ngo.example")
        assert self.register(queue, "second@ngo.example")["position"] == 1
        limited = self.event("NewEvent-online", {}, registration={"policy": "open", "limits": {"perCountry": 1}})
        self.register(limited, "first@ngo.example", country="PL")
        refused("limit_reached", limited)
        refused("registration_closed", self.event("NewEvent-online", {}, registration={"opens": world.in_days(1)}))
        refused("event_provisional", self.event("NewEvent-window", {}))
        refused("invalid_state", self.event("NewEvent-online"))
        refused("event_cancelled", self.cancelled, 410)
        refused("forbidden", full, 403, token=self.stranger)

    def answers(self):
        """confirm, decline, cancel, approve, attend: each also where the event is cancelled and where it cannot be."""
        names = ("confirmRegistration", "declineRegistration", "cancelRegistration", "approveRegistration", "attendRegistration")
        nothing = self.example("Nothing")
        today = {"start": world.in_days(-1), "duration": "P4D", "reminders": []}
        hybrid = self.event("NewEvent-online", {}, format="hybrid", registration={"policy": "open", "capacity": {"onSite": 1}}, **today)
        places = {name: {"id": self.register(hybrid, f"{name}@ngo.example", mode="online")["id"]} for name in names[:3]}
        for name in names[:3]:
            self.problems(name, places[name], nothing if name != "confirmRegistration" else self.example("Confirmation"))
        self.call("confirmRegistration", places["confirmRegistration"], self.example("Confirmation"), 200)
        self.call("confirmRegistration", places["confirmRegistration"], {"mode": "on-site"}, 200)
        self.fails("confirmRegistration", places["cancelRegistration"], "event_full", {"mode": "on-site"})
        self.call("declineRegistration", places["declineRegistration"], nothing, 200)
        self.call("cancelRegistration", places["cancelRegistration"], expect=200)  # no body at all

        attended = {"id": self.register(hybrid, "attended@ngo.example", mode="online")["id"]}
        self.problems("attendRegistration", attended, nothing)
        self.call("attendRegistration", attended, nothing, 200)
        for name in names[:4]:
            self.fails(name, attended, "invalid_state", nothing)
        self.fails("attendRegistration", places["cancelRegistration"], "invalid_state", nothing)

        rules = {"policy": "approval", "capacity": {"online": 1}, "limits": {"perCountry": 1}}
        decided = self.event("NewEvent-online", {}, registration=rules)
        first, second, third = [{"id": self.register(decided, f"{one}@ngo.example", country=country)["id"]}
                                for one, country in (("first", "PL"), ("second", "IE"), ("third", "PL"))]
        self.problems("approveRegistration", first, nothing)
        assert self.call("approveRegistration", first, nothing, 200).json["status"] == "confirmed"
        self.fails("approveRegistration", second, "event_full", nothing)
        self.change("changeEvent", decided, {"registration": {"capacity": {"online": 9}}})
        self.fails("approveRegistration", third, "limit_reached", nothing)
        self.change("changeEvent", decided, {"registration": {"policy": "open"}})
        self.call("declineRegistration", third, nothing, 200)
        self.fails("confirmRegistration", third, "limit_reached", nothing)
        given_back = {"id": self.register(decided, "fourth@ngo.example", country="AT")["id"]}
        self.call("cancelRegistration", given_back, nothing, 200)
        self.change("changeEvent", decided, {"registration": {"closes": world.in_days(-1)}})
        self.fails("confirmRegistration", given_back, "registration_closed", nothing)
        self.call("cancelEvent", decided, {}, 200)
        for name in names:
            self.fails(name, first, "event_cancelled", nothing, 410)

    # -- looking -----------------------------------------------------------------------------------------------

    def mails(self):
        self.problems("listMails")
        mails = self.call("listMails", query={"event": self.online["id"], "limit": 200}, expect=200).json["items"]
        assert mails, "the published event has been mailed about"
        self.call("listMails", query={"recipient": mails[0]["recipient"], "state": mails[0]["state"]}, expect=200)
        self.call("listMails", query={"event": UNKNOWN["id"]}, expect=404)
        self.call("listMails", query={"state": "lost"}, expect=422)
        self.problems("getMail", {"id": mails[0]["id"]})
        self.call("forecastMails", self.online, expect=200)

    def answers_by_mail(self):
        self.problems("listAnswers")
        self.call("listAnswers", query={"event": self.online["id"], "state": "unverified", "limit": 200}, expect=200)
        self.call("listAnswers", query={"event": UNKNOWN["id"]}, expect=404)
        self.call("listAnswers", query={"state": "lost"}, expect=422)

    def webhooks(self):
        """The receiver does not exist: deliveries wait for it."""
        place, new = {"slug": "cop-mi"}, self.example("NewWebhook")
        made = self.make("createWebhook", place, self.example("NewWebhook-secret"))
        hook = {**place, "id": made["id"]}
        self.problems("createWebhook", place, new)
        self.problems("listWebhooks", place)
        self.problems("getWebhook", hook)
        assert made["secret"] and "secret" not in self.call("getWebhook", hook, expect=200).json
        self.problems("testWebhook", hook)
        delivery = {**hook, "delivery": self.call("testWebhook", hook, expect=202).json["id"]}
        self.problems("listDeliveries", hook)
        self.problems("retryDelivery", delivery)
        wait_until(lambda: self.call("retryDelivery", delivery).status == 202, 60, "the delivery not to be under way")
        self.problems("changeWebhook", hook, self.example("WebhookPatch"))
        self.change("changeWebhook", hook, self.example("WebhookPatch"))
        self.fails("testWebhook", hook, "invalid_state")
        self.fails("retryDelivery", delivery, "invalid_state")
        for _ in range(19):
            self.call("createWebhook", place, new, 201)
        self.fails("createWebhook", place, "limit_reached", new)
        self.problems("removeWebhook", hook)
        self.call("removeWebhook", hook, expect=204)

    def audit(self):
        self.problems("listAudit")
        self.call("listAudit", query={"community": "cop-mi", "event": self.online["id"]}, expect=200)
        self.call("listAudit", query={"community": "no-such-slug"}, expect=404)
