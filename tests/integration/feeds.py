"""Calendar feeds over HTTP: what they hold, for whom, and that their bytes change only when they show something new."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from service import Service, both_engines  # noqa: E402


class Feeds:
    def prepare(self, service):
        world.community(service)
        self.member = world.add_member(service, people.members(1)[0])
        self.events = [
            world.create(service, world.online_event(30, title="Fixed: \"quotes\", commas; Łódź")),
            world.create(service, world.provisional_event(90, 110, title="A window")),
            world.create(service, world.on_site_event(
                60, title="Study visit", kind="study-visit", start=world.day_in(60) + "T00:00:00", showWithoutTime=True,
                duration="P2D")),
        ]
        world.create(service, world.online_event(40, title="A draft"), publish=False)

    def get(self, service, url, **headers):
        return service.request("GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def test_a_member_s_feed(self):
        with Service(self.engine) as service:
            self.prepare(service)
            url = self.member["feedUrl"]
            self.assertRegex(url, r"/feeds/[A-Za-z0-9_.~-]{22,}\.ics$")
            answer = self.get(service, url)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["Content-Type"].lower().replace(" ", ""), "text/calendar;charset=utf-8")
            for line in ("REFRESH-INTERVAL;VALUE=DURATION:", "X-PUBLISHED-TTL:"):
                self.assertIn("\r\n" + line, answer.text)
            self.assertNotIn("METHOD:", answer.text)
            found = {entry["summary"]: entry for entry in readers.read_by_all(answer.body)}
            self.assertEqual({entry["uid"] for entry in found.values()}, {event["uid"] for event in self.events})
            fixed = next(entry for summary, entry in found.items() if "Łódź" in summary)
            self.assertEqual(fixed["start_utc"], world.instant(world.in_days(30), world.BRUSSELS))
            self.assertIn('Fixed: "quotes", commas; Łódź', fixed["summary"])
            window = next(entry for summary, entry in found.items() if "A window" in summary)
            self.assertEqual((window["start_utc"], window["end_utc"], window["status"], window["transparent"]),
                             (world.day_in(90), world.day_in(111), "TENTATIVE", True))
            visit = next(entry for summary, entry in found.items() if "Study visit" in summary)
            self.assertEqual((visit["start_utc"], visit["end_utc"], visit["all_day"]),
                             (world.day_in(60), world.day_in(62), True))
            for entry in found.values():
                self.assertEqual((entry["attendees"], entry["method"]), ([], None))

    def test_the_answers_of_http(self):
        with Service(self.engine) as service:
            self.prepare(service)
            for url in (self.member["feedUrl"], "/c/cop-mi/calendar.ics", f"/e/{self.events[0]['id']}.ics"):
                with self.subTest(url.split("/")[-1]):
                    answer = self.get(service, url)
                    self.assertEqual(answer.status, 200)
                    self.assertRegex(answer.etag, r'^"[^"]{8,}"$')
                    again = self.get(service, url, If_None_Match=answer.etag)
                    self.assertEqual((again.status, again.body, again.etag), (304, b"", answer.etag))
                    other = self.get(service, url, If_None_Match='"something-else"')
                    self.assertEqual((other.status, other.body), (200, answer.body))
                    head = service.request("HEAD", url)
                    self.assertEqual((head.status, head.body, head.etag), (200, b"", answer.etag))
                    zipped = self.get(service, url, Accept_Encoding="gzip")
                    self.assertEqual(zipped.headers["Content-Encoding"], "gzip")
                    self.assertEqual(zipped.text.encode(), answer.body)
                    self.assertLess(len(zipped.body), len(answer.body))
                    self.assertIn("accept-encoding", (zipped.headers["Vary"] or "").lower())

    def test_public_feeds_hold_no_link_and_no_name(self):
        with Service(self.engine) as service:
            self.prepare(service)
            event = self.events[0]
            person = "Very Particular Name"
            service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
                "email": "particular@convoke.example", "name": person, "mode": "online"})
            self.assertIn("https://meet.example/abc", self.get(service, self.member["feedUrl"]).text.replace("\r\n ", ""))
            for url in ("/c/cop-mi/calendar.ics", f"/e/{event['id']}.ics", f"/e/{event['id']}", "/c/cop-mi"):
                text = self.get(service, url).text.replace("\r\n ", "")
                self.assertNotIn("meet.example", text, url)
                self.assertNotIn(person, text, url)
                self.assertNotIn("particular@", text, url)

    def test_bytes_change_only_with_what_they_show(self):
        with Service(self.engine) as service:
            self.prepare(service)
            url = self.member["feedUrl"]
            before = self.get(service, url)
            world.add_member(service, people.members(2)[1])
            world.create(service, world.online_event(50, title="Another draft"), publish=False)
            service.restart()
            self.assertEqual((self.get(service, url).body, self.get(service, url).etag), (before.body, before.etag))
            service.patch(f"/events/{self.events[0]['id']}", {"title": "Renamed"})
            after = self.get(service, url)
            self.assertNotEqual((after.etag, after.body), (before.etag, before.body))
            self.assertIn("SUMMARY:Renamed", after.text)
            self.assertEqual(self.get(service, url, If_None_Match=before.etag).status, 200)

    def test_unknown_feeds_are_not_found(self):
        with Service(self.engine) as service:
            self.prepare(service)
            url = self.member["feedUrl"]
            token = url.split("/")[-1][:-4]
            changed = ("a" if token[-1] != "a" else "b").join(token.rsplit(token[-1], 1))
            answers = [self.get(service, url.replace(token, other)) for other in (token[:-1], changed, "x" * len(token))]
            self.assertEqual([answer.status for answer in answers], [404, 404, 404])
            self.assertEqual(len({answer.body for answer in answers}), 1)
            self.assertEqual(self.get(service, "/c/nobody/calendar.ics").status, 404)


globals().update(both_engines(Feeds))
