"""Whoever sends a form full of faults is told of all of them at once: each writable address of the API, with a fault in
every field, names exactly these places. Lists have bounds, and notice a damaged cursor."""

import csv
import datetime
import io
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from service import Service, both_engines  # noqa: E402

NO_ZONE, NO_LANGUAGE, TURNED = "CEST", "klingon", "a\u202eb"


def last_sunday_of_march():
    day = datetime.date(datetime.date.today().year + 1, 3, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


COMMUNITY = ({"slug": "No Slug", "name": " ", "timeZone": NO_ZONE, "language": NO_LANGUAGE, "contactEmail": "nobody", "isAdmin": 1},
             ["/slug", "/name", "/timeZone", "/language", "/contactEmail", "/isAdmin"])
MEMBER = ({"email": "nobody", "name": 5, "organisation": TURNED, "category": [], "country": "Atlantis", "language": NO_LANGUAGE,
           "timeZone": NO_ZONE, "role": "boss", "id": "x"},
          ["/email", "/name", "/organisation", "/category", "/country", "/language", "/timeZone", "/role", "/id"])
GROUP = ({"slug": "--", "name": "", "members": []}, ["/slug", "/name", "/members"])
PROGRAMME = ({"title": "", "period": "x" * 41, "objectives": [{"code": "", "title": 5, "topics": [{"code": "x" * 41, "title": "", "x": 1}, 7]}],
              "outputs": [{"type": 5, "title": "", "due": 7, "topics": [5, " "], "x": 1}], "owner": "me"},
             ["/title", "/period", "/objectives/0/code", "/objectives/0/title", "/objectives/0/topics/0/code", "/objectives/0/topics/0/title",
              "/objectives/0/topics/0/x", "/objectives/0/topics/1", "/outputs/0/type", "/outputs/0/title", "/outputs/0/due",
              "/outputs/0/topics/0", "/outputs/0/topics/1", "/outputs/0/x", "/owner"])
_RULE, _PLACE, _LINK, _FORM = "/recurrenceRules/0", "/locations/1", "/virtualLocations/1", "/registration"
EVENT = ({"communities": [5, " "], "kind": "party", "format": "nowhere", "title": " ", "description": 5,
          "start": f"{last_sunday_of_march()}T02:30:00", "timeZone": "Europe/Brussels", "duration": "two hours", "showWithoutTime": "no",
          "recurrenceRules": [{"@type": "Rule", "frequency": "secondly", "interval": 0, "count": 0, "until": "x",
                               "byDay": [{"day": "xx", "nthOfPeriod": 9}], "byMonthDay": [0], "byMonth": ["13"], "bySetPosition": [0], "x": 1}],
          "recurrenceOverrides": {"tomorrow": {}},
          "locations": {"1": {"@type": "Place", "name": 5, "description": 5, "coordinates": "here", "x": 1}},
          "virtualLocations": {"1": {"@type": "Room", "name": 5, "uri": "javascript:alert(1)", "x": 1}},
          "locale": "english language", "interpretation": ["x y", 5],
          "registration": {"policy": "closed", "opens": "x", "closes": "y", "capacity": {"onSite": -1, "online": 2.5, "x": 1},
                           "limits": {"perOrganisation": 0, "perCountry": "2", "x": 1}, "waitlist": "yes",
                           "questions": [{"id": "", "type": "essay", "label": "", "required": "no", "sensitive": 1, "options": "x", "x": 1}], "x": 1},
          "reminders": ["P400D", 5, "P1D", "later"], "topics": [5], "workingGroup": 5, "certainty": "perhaps", "isAdmin": True},
         ["/communities/0", "/communities/1", "/kind", "/format", "/title", "/description", "/start", "/duration", "/showWithoutTime",
          *(_RULE + part for part in ("/@type", "/frequency", "/interval", "/count", "/until", "/byDay/0/day", "/byDay/0/nthOfPeriod",
                                      "/byMonthDay", "/byMonth", "/bySetPosition", "/x")),
          "/recurrenceOverrides/tomorrow",
          *(_PLACE + part for part in ("/@type", "/name", "/description", "/coordinates", "/x")),
          *(_LINK + part for part in ("/@type", "/name", "/uri", "/x")),
          "/locale", "/interpretation/0", "/interpretation/1",
          *(_FORM + part for part in ("/policy", "/opens", "/closes", "/capacity/onSite", "/capacity/online", "/capacity/x",
                                      "/limits/perOrganisation", "/limits/perCountry", "/limits/x", "/waitlist", "/questions/0/id",
                                      "/questions/0/type", "/questions/0/label", "/questions/0/required", "/questions/0/sensitive",
                                      "/questions/0/options", "/questions/0/x", "/x")),
          "/reminders/0", "/reminders/1", "/reminders/3", "/topics/0", "/workingGroup", "/certainty", "/isAdmin"])
REGISTRATION = ({"email": "nobody", "name": 5, "mode": "by boat", "language": NO_LANGUAGE, "timeZone": NO_ZONE, "organisation": TURNED,
                 "country": "Atlantis", "answers": {"diet": True, "day": "third", "bus": "perhaps", "colour": "red"}, "status": "confirmed"},
                ["/email", "/name", "/mode", "/language", "/timeZone", "/organisation", "/country", "/answers/diet", "/answers/day",
                 "/answers/bus", "/answers/colour", "/answers/why", "/status"])
QUESTIONS = [{"id": "diet", "type": "text", "label": "Diet"}, {"id": "day", "type": "choice", "label": "Day", "options": ["first", "second"]},
             {"id": "bus", "type": "boolean", "label": "Bus"}, {"id": "why", "type": "text", "label": "Why", "required": True}]


class EveryFault:
    @classmethod
    def setUpClass(cls):
        cls.service = service = Service(cls.engine)
        cls.enterClassContext(service)
        world.community(service)
        cls.member = world.add_member(service, {"email": "anna@convoke.example", "name": "Anna"})["id"]
        service.api("POST", "/communities/cop-mi/groups", json={"slug": "drafting", "name": "Drafting"}, expect=201)
        cls.programme = service.api("POST", "/communities/cop-mi/programmes", expect=201, json={
            "title": "Work programme", "period": "2027", "objectives": [{"code": "01", "title": "Paths", "topics": [
                {"code": "01 PT 01", "title": "Skills"}, {"code": "01 PT 02", "title": "Housing"}]}]}).json["id"]
        cls.event = world.create(service, world.on_site_event(registration={"policy": "open", "questions": QUESTIONS}))["id"]
        cls.registration = service.api("POST", f"/events/{cls.event}/registrations", expect=201, json={
            "email": "bela@convoke.example", "name": "Béla", "answers": {"why": "x"}}).json["id"]

    def faults(self, method, path, body, pointers):
        with self.subTest(f"{method} {path}"):
            headers = {"If-Match": self.service.api("GET", path, expect=200).etag} if method == "PATCH" else {}
            answer = self.service.api(method, path, json=body, headers=headers)
            self.assertEqual(answer.status, 422, answer)
            found = [error["pointer"] for error in answer.json["errors"]]
            self.assertEqual(sorted(set(found)), sorted(pointers), answer)
            self.assertTrue(all(error["detail"] and error["code"] for error in answer.json["errors"]), answer)

    def test_every_writable_address(self):
        home = "/communities/cop-mi"
        table = [("POST", "/communities", *COMMUNITY), ("PATCH", home, *COMMUNITY),
                 ("POST", home + "/members", *MEMBER), ("PATCH", f"{home}/members/{self.member}", *MEMBER),
                 ("POST", home + "/groups", *GROUP), ("PATCH", home + "/groups/drafting", *GROUP),
                 ("POST", home + "/programmes", *PROGRAMME), ("PATCH", f"{home}/programmes/{self.programme}", *PROGRAMME),
                 ("POST", "/events", *EVENT),
                 ("PATCH", f"/events/{self.event}", {**EVENT[0], "linkDue": "soon"}, [*EVENT[1], "/linkDue"]),
                 ("POST", "/events", world.provisional_event(20, 30) | {"provisional": {"earliest": "soon", "latest": 5, "x": 1}, "start": "x"},
                  ["/start", "/provisional/earliest", "/provisional/latest", "/provisional/x"]),
                 ("POST", f"/events/{self.event}/publish", {"linkDue": 5, "x": 1}, ["/linkDue", "/x"]),
                 ("POST", f"/events/{self.event}/cancel", {"reason": TURNED, "x": 1}, ["/reason", "/x"]),
                 ("POST", f"/events/{self.event}/registrations", *REGISTRATION),
                 ("POST", f"/registrations/{self.registration}/confirm", {"mode": "by boat", "x": 1}, ["/mode", "/x"])]
        table += [("POST", f"/registrations/{self.registration}/{verb}", {"x": 1}, ["/x"]) for verb in ("decline", "cancel", "approve", "attend")]
        for row in table:
            self.faults(*row)
        self.assertEqual(len(self.service.items("/events")), 1)
        self.assertEqual(self.service.api("GET", f"/registrations/{self.registration}").json["status"], "confirmed")

    def test_what_only_the_database_knows(self):
        self.faults("POST", "/events", world.on_site_event(communities=["cop-mi", "nobody"], workingGroup="none", topics=["01 PT 01", "99"]),
                    ["/communities/1", "/workingGroup", "/topics/1"])
        answer = self.service.api("POST", "/events", json=world.on_site_event(topics=["99"]))
        self.assertIn("01 PT 01, 01 PT 02", answer.text)
        named = self.service.api("POST", "/events", json=world.on_site_event(topics=["01 PT 02"]), expect=201).json
        self.faults("PATCH", f"/events/{named['id']}", {"topics": ["01 PT 02", "x"]}, ["/topics/1"])
        # A topic that the programme lost may stay with the events that have it.
        place = f"/communities/cop-mi/programmes/{self.programme}"
        self.service.patch(place, {"objectives": [{"code": "01", "title": "Paths", "topics": [{"code": "01 PT 01", "title": "Skills"}]}]})
        self.service.patch(f"/events/{named['id']}", {"title": "Changed"})
        self.faults("POST", "/events", world.on_site_event(topics=["01 PT 02"]), ["/topics/0"])
        self.service.patch(place, {"objectives": [{"code": "01", "title": "Paths", "topics": [
            {"code": "01 PT 01", "title": "Skills"}, {"code": "01 PT 02", "title": "Housing"}]}]})
        world.community(self.service, slug="without", name="Without a programme")
        self.service.api("POST", "/events", json=world.on_site_event(communities=["without"], topics=["anything"]), expect=201)

    def test_who_came_is_known_only_then(self):
        place = f"/registrations/{self.registration}"
        answer = self.service.api("POST", place + "/attend", json={})
        self.assertEqual((answer.status, answer.json["code"]), (409, "invalid_state"), answer)
        self.assertRegex(answer.json["detail"], r"can be noted from \d+ \w+ \d{4}, 00:00 \(Brussels, UTC\+\d\) on")
        self.assertEqual(self.service.api("GET", place).json["status"], "confirmed")

    def test_words_that_are_not_among_the_known(self):
        for path, word in (("/events?state=done", "draft, published, completed or cancelled"), ("/outbox?state=done", "superseded")):
            answer = self.service.api("GET", path)
            self.assertEqual((answer.status, answer.json["code"]), (422, "invalid_value"), answer)
            self.assertIn(word, answer.text)
        for field, word in (("kind", "study-visit"), ("format", "hybrid")):
            self.assertIn(word, self.service.api("POST", "/events", json=world.on_site_event() | {field: "x"}).text)

    def test_a_slash_too_many(self):
        answer = self.service.api("GET", "/events/")
        self.assertEqual(answer.status, 404)
        self.assertIn("/api/v1/events", answer.json["detail"])
        self.assertIn("/api/v1/events", self.service.api("POST", "/events/", json={}).json["detail"])
        self.assertNotIn("slash", self.service.api("GET", "/nothing/").json["detail"])
        page = self.service.request("GET", "/c/cop-mi/?month=2027-01")
        self.assertEqual((page.status, page.headers["Location"]), (308, "/c/cop-mi?month=2027-01"))
        self.assertNotIn("Location", self.service.request("GET", "//elsewhere.example/").headers)


class Lists:
    @classmethod
    def setUpClass(cls):
        cls.service = service = Service(cls.engine)
        cls.enterClassContext(service)
        world.community(service)
        service.api("POST", "/communities/cop-mi/groups", json={"slug": "drafting", "name": "Drafting"}, expect=201)
        cls.event = world.create(service, world.on_site_event(registration={"policy": "open", "capacity": {"onSite": 3}, "waitlist": True,
                                                                             "questions": [{"id": "diet", "type": "text", "label": "=Diet, please"}]}))["id"]
        cls.addresses = [f"person{n}@convoke.example" for n in range(7)]
        for address in cls.addresses:
            member = world.add_member(service, {"email": address, "name": "Per, \"Son\""})
            service.api("PUT", f"/communities/cop-mi/groups/drafting/members/{member['id']}")
            service.api("POST", f"/events/{cls.event}/registrations", json={"email": address, "answers": {"diet": "@none"}}, expect=201)
        service.api("POST", "/communities/cop-mi/programmes", json={"title": "P", "objectives": []}, expect=201)
        cls.lists = ["/communities", "/communities/cop-mi/members", "/communities/cop-mi/groups", "/communities/cop-mi/groups/drafting/members",
                     "/communities/cop-mi/programmes", "/events", f"/events/{cls.event}/registrations", f"/events/{cls.event}/forecast", "/outbox"]

    def test_pages_have_bounds(self):
        for path in self.lists:
            with self.subTest(path):
                for limit in ("0", "201", "-1", "x", "2.5", "1e1", "99999999999999999999", ""):
                    answer = self.service.api("GET", f"{path}?limit={limit}")
                    self.assertEqual((answer.status, answer.json["code"]), (422, "out_of_range"), answer)
                    self.assertIn("1 to 200", answer.json["detail"])
                self.service.api("GET", f"{path}?limit=200", expect=200)
                answer = self.service.api("GET", f"{path}?offset=5")
                self.assertEqual((answer.status, answer.json["code"]), (422, "unknown_field"), answer)

    def test_page_by_page_is_the_whole(self):
        for path in self.lists:
            with self.subTest(path):
                whole = self.service.api("GET", f"{path}?limit=200", expect=200).json
                self.assertIsNone(whole["next"])
                parts, cursor = [], ""
                while cursor is not None:
                    page = self.service.api("GET", f"{path}?limit=2" + (f"&cursor={cursor}" if cursor else ""), expect=200).json
                    self.assertLessEqual(len(page["items"]), 2)
                    parts += page["items"]
                    cursor = page["next"]
                self.assertEqual(parts, whole["items"])
        self.assertEqual([one["email"] for one in self.service.items("/communities/cop-mi/groups/drafting/members")], self.addresses)

    def test_a_damaged_cursor_is_noticed(self):
        for path in ("/communities/cop-mi/members", "/outbox", f"/events/{self.event}/registrations"):
            cursor = self.service.api("GET", f"{path}?limit=1", expect=200).json["next"]
            for damaged in (cursor[:-1], cursor[1:], cursor + "0", "x", "", "1", *(cursor[:at] + ("3" if cursor[at] != "3" else "5") + cursor[at + 1:]
                                                                              for at in range(len(cursor)))):
                answer = self.service.api("GET", f"{path}?limit=1&cursor={damaged}")
                self.assertEqual((answer.status, answer.json["code"]), (400, "bad_request"), answer)

    def test_a_cursor_belongs_to_its_list(self):
        cursors = {path: self.service.api("GET", f"{path}?limit=1", expect=200).json["next"] for path in self.lists}
        given = {path: cursor for path, cursor in cursors.items() if cursor}
        self.assertGreater(len(given), 3)
        for path in self.lists:
            for other, cursor in given.items():
                with self.subTest(path=path, other=other):
                    answer = self.service.api("GET", f"{path}?limit=1&cursor={cursor}")
                    if path == other:
                        self.assertEqual(answer.status, 200, answer)
                    else:
                        self.assertEqual((answer.status, answer.json["code"]), (400, "bad_request"), answer)
                        self.assertEqual(answer.json["errors"][0]["pointer"], "/cursor")

    def test_rows_that_come_and_go_between_pages(self):
        """Who pages meets everything that stays once, and what came meanwhile at most once."""
        service = self.service
        world.community(service, slug="cop-ees")

        def add(name):
            return world.add_member(service, {"email": f"{name}@ees.convoke.example", "name": name}, slug="cop-ees")["id"]
        path, stay, come, seen, cursor = "/communities/cop-ees/members", [add(f"m{n}") for n in range(6)], [], [], ""
        while cursor is not None:
            page = service.api("GET", f"{path}?limit=2" + (f"&cursor={cursor}" if cursor else ""), expect=200).json
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]
            if len(come) < 3:
                # What has been read goes, and by that what follows moves up; the cursor's own row as well.
                gone = seen[-1]
                service.api("DELETE", f"{path}/{gone}", expect=204)
                come.append(add(f"late{len(come)}"))
        self.assertEqual(sorted(seen), sorted(set(seen)), "nobody twice")
        self.assertEqual(set(stay) - set(seen), set(), "nobody lost")
        self.assertEqual(set(come) - set(seen), set(), "who came before the end was reached stands at the end")

        def line():
            return service.api("POST", f"{path}", json={"email": f"x{len(come)}@ees.convoke.example", "name": "X"}, expect=201)
        before, seen, cursor = [one["id"] for one in service.items("/audit?community=cop-ees")], [], ""
        while cursor is not None:  # newest first: what comes stands before all that is still to be read
            page = service.api("GET", "/audit?community=cop-ees&limit=2" + (f"&cursor={cursor}" if cursor else ""), expect=200).json
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]
            come.append(line())
        self.assertEqual(seen, before)

    def test_lists_as_csv(self):
        members = self.service.api("GET", "/communities/cop-mi/members", headers={"Accept": "text/csv"}, expect=200)
        self.assertEqual(members.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
        rows = list(csv.reader(io.StringIO(members.text)))
        self.assertEqual(rows[0], ["email", "name", "organisation", "category", "country", "language", "timeZone", "role"])
        self.assertEqual([row[0] for row in rows[1:]], self.addresses)
        self.assertEqual(rows[1][1], "Per, \"Son\"")
        registrations = self.service.api("GET", f"/events/{self.event}/registrations", headers={"Accept": "text/csv"}, expect=200)
        rows = list(csv.reader(io.StringIO(registrations.text)))
        self.assertEqual(rows[0], ["id", "email", "name", "status", "mode", "position", "organisation", "country", "language", "timeZone",
                                   "'=Diet, please"])
        self.assertEqual([row[3] for row in rows[1:]], ["confirmed"] * 3 + ["waitlisted"] * 4)
        self.assertEqual([row[5] for row in rows[4:]], ["1", "2", "3", "4"])
        self.assertEqual(rows[1][-1], "'@none")
        self.assertNotIn("Link", registrations.headers)
        # From a cursor on it is the rest of the list.
        cursor = self.service.api("GET", f"/events/{self.event}/registrations?limit=5", expect=200).json["next"]
        rest = self.service.api("GET", f"/events/{self.event}/registrations?cursor={cursor}", headers={"Accept": "text/csv"}, expect=200)
        self.assertEqual([row[1] for row in list(csv.reader(io.StringIO(rest.text)))[1:]], self.addresses[5:])
        answer = self.service.api("GET", "/communities/cop-mi/members", headers={"Accept": "application/pdf"})
        self.assertEqual((answer.status, answer.json["code"]), (406, "not_acceptable"))


globals().update(both_engines(EveryFault, Lists))

if __name__ == "__main__":
    unittest.main()
