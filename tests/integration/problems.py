"""What the API refuses and how it says so: problem details with code and pointers, preconditions, no half changes."""

import datetime
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import zoneinfo

import world  # noqa: E402
from service import Service, both_engines  # noqa: E402


def last_sunday(year, month):
    day = datetime.date(year, month, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


class Problems:
    def problem(self, answer, status, code):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers.get_content_type(), "application/problem+json")
        found = answer.json
        for name in ("type", "title", "status", "detail", "code", "requestId"):
            self.assertIn(name, found)
        self.assertEqual((found["status"], found["code"]), (status, code), found)
        return found

    def test_refusals(self):
        with Service(self.engine) as service:
            world.community(service)
            post = lambda path, body, **more: service.api("POST", path, json=body, **more)  # noqa: E731
            with self.subTest("no token"):
                self.assertEqual(post("/communities", {}, token="").status, 401)
            with self.subTest("a wrong token"):
                self.assertEqual(post("/communities", {}, token="x" * 40).status, 401)
            with self.subTest("no such thing"):
                for path in ("/events/999999", "/communities/nobody", "/nothing"):
                    answer = service.api("GET", path)
                    self.assertEqual((answer.status, answer.headers.get_content_type()), (404, "application/problem+json"))
            with self.subTest("unknown field"):
                found = self.problem(post("/events", world.online_event(isAdmin=True)), 422, "unknown_field")
                self.assertIn("/isAdmin", [error["pointer"] for error in found["errors"]])
            with self.subTest("everything wrong at once"):
                answer = post("/events", {"communities": ["cop-mi"], "kind": "party", "format": "nowhere",
                                          "start": "2027-02-30T10:00:00", "timeZone": "Europe/Brusels", "duration": "2h"})
                self.assertEqual(answer.status, 422, answer)
                pointers = {error["pointer"] for error in answer.json["errors"]}
                self.assertLessEqual({"/kind", "/format", "/title"}, pointers)
                self.assertTrue(pointers & {"/start", "/timeZone", "/duration"}, pointers)
            with self.subTest("cut JSON"):
                answer = service.request("POST", "/api/v1/events", b'{"title": ', {
                    "Authorization": f"Bearer {service.token}", "Content-Type": "application/json"})
                self.assertEqual((answer.status, answer.headers.get_content_type()), (400, "application/problem+json"))
            with self.subTest("not JSON"):
                answer = service.request("POST", "/api/v1/events", b"title=x", {
                    "Authorization": f"Bearer {service.token}", "Content-Type": "text/plain"})
                self.assertEqual(answer.status, 415)
            with self.subTest("an address that would inject a header"):
                event = world.create(service, world.on_site_event())
                answer = post(f"/events/{event['id']}/registrations",
                              {"email": "a@b.example\r\nBcc: x@y.example", "name": "x", "mode": "on-site"})
                self.assertEqual(answer.status, 422, answer)
            self.assertEqual(len(service.items("/events")), 1)

    def test_times_that_do_not_exist_or_exist_twice(self):
        with Service(self.engine) as service:
            world.community(service)
            year = datetime.datetime.now(zoneinfo.ZoneInfo("UTC")).year + 1
            for day, code, readings in [
                    (last_sunday(year, 3), "local_time_does_not_exist", ("03:30",)),
                    (last_sunday(year, 10), "local_time_ambiguous", ("+02:00", "+01:00"))]:
                with self.subTest(code):
                    answer = service.api("POST", "/events", json=world.online_event(start=f"{day}T02:30:00"))
                    self.assertEqual(answer.status, 422, answer)
                    self.assertIn(code, {error["code"] for error in answer.json["errors"]} | {answer.json["code"]})
                    for reading in readings:
                        self.assertIn(reading, answer.text)
            self.assertEqual(service.items("/events"), [])

    def test_preconditions(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.on_site_event(), publish=False)
            path = f"/events/{event['id']}"
            got = service.api("GET", path, expect=200)
            self.assertRegex(got.etag, '^"')
            self.problem(service.api("PATCH", path, json={"title": "x"}), 428, "precondition_required")
            changed = service.api("PATCH", path, json={"title": "First"}, headers={"If-Match": got.etag}, expect=200)
            self.assertNotEqual(changed.etag, got.etag)
            stale = service.api("PATCH", path, json={"title": "Second"}, headers={"If-Match": got.etag})
            self.problem(stale, 412, "changed_meanwhile")
            self.assertEqual(service.api("GET", path).json["title"], "First")
            again = service.api("GET", path, headers={"If-None-Match": changed.etag})
            self.assertEqual((again.status, again.body), (304, b""))

    def test_full_and_closed(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.on_site_event(registration={"policy": "open", "capacity": {"onSite": 1}}))
            path = f"/events/{event['id']}/registrations"
            person = {"email": "one@convoke.example", "name": "One", "mode": "on-site"}
            service.api("POST", path, json=person, expect=201)
            self.problem(service.api("POST", path, json=person), 409, "already_registered")
            self.problem(service.api("POST", path, json={**person, "email": "two@convoke.example"}), 409, "event_full")
            window = world.create(service, world.provisional_event(100, 110))
            self.problem(service.api("POST", f"/events/{window['id']}/registrations", json=person), 409, "event_provisional")
            service.api("POST", f"/events/{event['id']}/cancel", json={"reason": "x"}, expect=200)
            answer = service.api("POST", path, json={**person, "email": "three@convoke.example"})
            self.assertIn(answer.status, (409, 410), answer)
            self.assertEqual(answer.json["code"], "event_cancelled")

    def test_an_organiser_sees_only_their_own(self):
        with Service(self.engine) as service:
            world.community(service)
            world.community(service, slug="cop-ees", name="CoP EES")
            event = world.create(service, world.on_site_event(), publish=False)
            token = service.cli("token", "create", "--name", "ees", "--role", "organiser", "--community", "cop-ees").strip()
            self.assertEqual(service.api("GET", f"/events/{event['id']}", token=token).status, 404)
            self.assertIn(service.api("POST", "/events", json=world.on_site_event(), token=token).status, (403, 404, 422))
            self.assertIn(service.api("GET", "/communities/cop-mi/members", token=token).status, (403, 404))
            self.assertEqual(service.api("GET", "/communities/cop-ees/members", token=token).status, 200)


globals().update(both_engines(Problems))
