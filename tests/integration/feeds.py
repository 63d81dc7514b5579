"""Calendar feeds over HTTP: what they hold, for whom, and that their bytes change only when they show something new."""

import datetime
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from moved_clock import Clock, MovedService  # noqa: E402
from service import Service, both_engines  # noqa: E402
from visitor import Visitor  # noqa: E402
from waiting import wait_until  # noqa: E402


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

    def test_nothing_unrelated_changes_a_byte(self):
        """Every verb that shows nothing in this feed, one after the other; and each kind that does as the control."""
        with Service(self.engine) as service:
            self.prepare(service)
            url, fixed = self.member["feedUrl"], self.events[0]
            path = f"/events/{fixed['id']}"
            mine = service.api("POST", path + "/registrations", expect=201, json={
                "email": people.members(1)[0]["email"], "name": "Mine", "mode": "online"}).json["id"]
            other = world.add_member(service, people.members(2)[1])
            theirs = service.api("POST", path + "/registrations", expect=201, json={
                "email": people.members(2)[1]["email"], "name": "Theirs", "mode": "online"}).json["id"]
            draft = world.create(service, world.online_event(50, title="Another draft"), publish=False)
            unrelated = [
                ("capacity", lambda: service.patch(path, {"registration": {"capacity": {"onSite": 30}}})),
                ("questions", lambda: service.patch(path, {"registration": {"questions": [
                    {"id": "diet", "type": "text", "label": "Diet", "required": False, "sensitive": True}]}})),
                ("closing time", lambda: service.patch(path, {"registration": {"closes": world.in_days(29)}})),
                ("reminders", lambda: service.patch(path, {"reminders": ["P3D"]})),
                ("interpretation", lambda: service.patch(path, {"interpretation": ["fr"]})),
                ("published again", lambda: service.api("POST", path + "/publish", json={}, expect=200)),
                ("somebody else cancels", lambda: service.api("POST", f"/registrations/{theirs}/cancel", json={}, expect=200)),
                ("a draft changes", lambda: service.patch(f"/events/{draft['id']}", {"title": "Still a draft"})),
                ("a draft is cancelled", lambda: service.api("POST", f"/events/{draft['id']}/cancel", json={"reason": "x"}, expect=200)),
                ("a member's category", lambda: service.patch(f"/communities/cop-mi/members/{self.member['id']}", {"category": "NGO"})),
                ("another member goes", lambda: service.api("DELETE", f"/communities/cop-mi/members/{other['id']}", expect=204)),
                ("the community's contact", lambda: service.patch("/communities/cop-mi", {"contactEmail": "new@cop-mi.convoke.example"})),
                ("a working group", lambda: service.api("POST", "/communities/cop-mi/groups", json={"slug": "wg", "name": "WG"}, expect=201)),
                ("another community", lambda: world.community(service, "cop-ees", "Other")),
                ("a restart", service.restart),
            ]
            before = self.get(service, url)
            for what, act in unrelated:
                act()
                after = self.get(service, url)
                self.assertEqual((after.body, after.etag), (before.body, before.etag), what)
            related = [
                ("title", lambda: service.patch(path, {"title": "Renamed"})),
                ("description", lambda: service.patch(path, {"description": "New words"})),
                ("link", lambda: service.patch(path, {"virtualLocations": {"1": {"@type": "VirtualLocation", "name": "Plenary room",
                                                                                 "uri": "https://meet.example/other"}}})),
                ("time", lambda: service.patch(path, {"start": world.in_days(31)})),
                ("the own answer", lambda: service.api("POST", f"/registrations/{mine}/cancel", json={}, expect=200)),
                ("cancelled", lambda: service.api("POST", f"/events/{self.events[1]['id']}/cancel", json={"reason": "x"}, expect=200)),
            ]
            seen = [before.body]
            for what, act in related:
                act()
                body = self.get(service, url).body
                self.assertNotIn(body, seen, what)
                seen.append(body)

    def entry_of(self, text, uid):
        text = text.replace("\r\n ", "")
        return next(part for part in text.split("BEGIN:VEVENT")[1:] if f"UID:{uid}\r\n" in part)

    def value(self, text, name):
        return re.search(rf"^{re.escape(name)}(?:;[^:\r\n]*)?:(.*)\r$", text, re.M)[1]

    def test_stamps_and_head(self):
        with Service(self.engine) as service:
            world.community(service)
            member = world.add_member(service, people.members(1)[0])
            today = datetime.datetime.now(datetime.timezone.utc)
            urls = (member["feedUrl"], "/c/cop-mi/calendar.ics")
            for url in urls:
                empty = self.get(service, url).text
                self.assertNotIn("BEGIN:VEVENT", empty)
                stamp = datetime.datetime.strptime(self.value(empty, "LAST-MODIFIED"), "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
                self.assertLess(abs((today - stamp).total_seconds()), 600, "an empty feed is as old as its owner")
            event = world.create(service, world.online_event())
            for url in (*urls, f"/e/{event['id']}.ics"):
                text = self.get(service, url).text
                head = text.split("BEGIN:V", 2)[1].replace("\r\n ", "")
                for name in ("VERSION", "PRODID", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC", "X-WR-TIMEZONE", "COLOR",
                             "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "LAST-MODIFIED", "URL"):
                    self.assertTrue(self.value(head, name), name)
                self.assertNotIn("\r\nUID:", "\r\n" + head, "vdirsyncer would take it for that of every entry")
                for name in ("METHOD", "ATTENDEE", "ORGANIZER", "BEGIN:VALARM"):
                    self.assertNotIn("\r\n" + name, text)
                entry = self.entry_of(text, event["uid"])
                self.assertEqual(self.value(entry, "DTSTAMP"), self.value(entry, "LAST-MODIFIED"))
                self.assertEqual(self.value(head, "LAST-MODIFIED"), self.value(entry, "LAST-MODIFIED"))
                # Two changes within a second are two stamps.
            stamps = []
            for title in ("One", "Two", "Three"):
                service.patch(f"/events/{event['id']}", {"title": title})
                stamps.append(self.value(self.entry_of(self.get(service, urls[0]).text, event["uid"]), "DTSTAMP"))
            self.assertEqual(len(set(stamps)), 3)
            self.assertEqual(stamps, sorted(stamps))

    def test_what_an_entry_says_of_the_own_answer(self):
        with Service(self.engine) as service:
            self.prepare(service)
            event, email = self.events[0], people.members(1)[0]["email"]

            def entry():
                return self.entry_of(self.get(service, self.member["feedUrl"]).text, event["uid"])

            self.assertEqual([self.value(entry(), name) for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")],
                             ["TENTATIVE", "OPAQUE", "TENTATIVE"])
            registration = service.api("POST", f"/events/{event['id']}/registrations", expect=201,
                                       json={"email": email, "name": "Mine", "mode": "online"}).json["id"]
            self.assertEqual([self.value(entry(), name) for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")],
                             ["CONFIRMED", "OPAQUE", "BUSY"])
            self.assertIn("You take part online.", self.value(entry(), "DESCRIPTION"))
            service.api("POST", f"/registrations/{registration}/decline", json={}, expect=200)
            self.assertNotIn(event["uid"], self.get(service, self.member["feedUrl"]).text.replace("\r\n ", ""))
            # It is theirs alone: the community's calendar goes on.
            self.assertIn(event["uid"], self.get(service, "/c/cop-mi/calendar.ics").text.replace("\r\n ", ""))
            window = self.entry_of(self.get(service, self.member["feedUrl"]).text, self.events[1]["uid"])
            self.assertEqual([self.value(window, name) for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")],
                             ["TENTATIVE", "TRANSPARENT", "FREE"])
            self.assertIn("PROVISIONAL", self.value(window, "CATEGORIES"))
            self.assertRegex(self.value(window, "SUMMARY"), r"^TBC \(.*\): A window$")

    def test_cancelled_for_thirty_days(self):
        with Clock() as clock, MovedService(clock, engine=self.engine) as service:
            self.prepare(service)
            gone, stays = self.events[0], world.create(service, world.online_event(200, title="Later"))
            service.api("POST", f"/events/{gone['id']}/cancel", json={"reason": "Strike"}, expect=200)
            for days, there in ((0, True), (29, True), (31, False)):
                clock.set(f"+{days}d")
                for url in (self.member["feedUrl"], "/c/cop-mi/calendar.ics"):
                    text = wait_until(lambda: self.get(service, url).text)
                    unfolded = text.replace("\r\n ", "")
                    if there:
                        entry = self.entry_of(text, gone["uid"])
                        self.assertEqual([self.value(entry, name) for name in ("STATUS", "TRANSP", "SUMMARY")],
                                         ["CANCELLED", "TRANSPARENT", self.value(entry, "SUMMARY")])
                        self.assertTrue(self.value(entry, "SUMMARY").startswith("CANCELLED: "))
                        self.assertIn("Strike", self.value(entry, "DESCRIPTION"))
                        self.assertNotIn("VALARM", entry)
                    else:
                        wait_until(lambda: gone["uid"] not in self.get(service, url).text.replace("\r\n ", ""), 5,
                                   "the cancelled event's leave")
                    self.assertIn(stays["uid"], unfolded, "what is planned stays")

    def test_an_event_that_is_over(self):
        """That it is over, and who came, is shown by no calendar."""
        with Clock() as clock, MovedService(clock, engine=self.engine) as service:
            self.prepare(service)
            event = f"/events/{self.events[0]['id']}"
            mine = service.api("POST", event + "/registrations", expect=201, json={
                "email": people.members(1)[0]["email"], "name": "Mine", "mode": "online"}).json["id"]
            before = self.get(service, self.member["feedUrl"]).body
            clock.set("+32d")
            wait_until(lambda: service.api("GET", event).json["state"] == "completed", 20, "the event to be over")
            self.assertEqual(self.get(service, self.member["feedUrl"]).body, before)
            service.api("POST", f"/registrations/{mine}/attend", json={}, expect=200)
            self.assertEqual(service.items(event + "/registrations")[0]["status"], "attended")
            self.assertEqual(self.get(service, self.member["feedUrl"]).body, before)

    def test_three_months_back(self):
        with Clock() as clock, MovedService(clock, engine=self.engine) as service:
            self.prepare(service)
            uid = self.events[0]["uid"]
            for days, there in ((30 + 90, True), (30 + 95, False)):
                clock.set(f"+{days}d")
                wait_until(lambda: (uid in self.get(service, self.member["feedUrl"]).text.replace("\r\n ", "")) == there, 5,
                           f"the event {'still' if there else 'no more'} in the feed after {days} days")

    def save(self, visitor, **choices):
        member = people.members(1)[0]
        answer = visitor.post("/me", **{"name": member["name"], "organisation": member["organisation"], "country": member["country"],
                                        "language": "en", "zone": member["timeZone"], **choices})
        visitor.get("/me")
        return answer

    def test_a_member_s_choices(self):
        with Service(self.engine) as service:
            self.prepare(service)
            url = self.member["feedUrl"]
            visitor = Visitor(service)
            visitor.sign_in(people.members(1)[0]["email"])
            page = visitor.get("/me").text
            self.assertIn("webcal://", page)
            self.assertIn("QR code with the address of your calendar", page)
            default = self.get(service, url)
            self.assertNotIn("VALARM", default.text)
            self.assertIn(self.events[1]["uid"], default.text.replace("\r\n ", ""))
            public = self.get(service, "/c/cop-mi/calendar.ics").body

            for alarm in ("PT15M", "PT1H", "P1D"):
                self.assertEqual(self.save(visitor, provisional="yes", alarm=alarm).status, 303)
                text = self.get(service, url).text
                self.assertEqual(text.count("BEGIN:VALARM"), 2, "the fixed and the all-day event; the window has none")
                self.assertIn("VALARM", self.entry_of(text, self.events[0]["uid"]))
                self.assertNotIn("VALARM", self.entry_of(text, self.events[1]["uid"]))
                self.assertEqual(text.count(f"\r\nTRIGGER:-{alarm}\r\n"), 2)
                self.assertEqual(text.count("\r\nACTION:DISPLAY\r\n"), 2)
                self.assertRegex(visitor.page.text, rf'<option value="{alarm}" selected')
            self.assertEqual(self.save(visitor, provisional="yes", alarm="PT2H").status, 422)
            self.assertIn("-P1D", self.get(service, url).text, "what was refused has changed nothing")

            self.save(visitor)
            without = self.get(service, url)
            self.assertNotIn("VALARM", without.text)
            self.assertNotIn(self.events[1]["uid"], without.text.replace("\r\n ", ""))
            self.assertEqual(self.get(service, "/c/cop-mi/calendar.ics").body, public, "one member's choice is theirs")
            service.restart()
            self.assertEqual(self.get(service, url).body, without.body)

            self.save(visitor, provisional="yes")
            self.assertIn(self.events[1]["uid"], self.get(service, url).text.replace("\r\n ", ""))
            self.assertEqual(visitor.post("/me/feed").status, 303)
            self.assertEqual(self.get(service, url).status, 404)
            renewed = service.api("GET", f"/communities/cop-mi/members/{self.member['id']}").json["feedUrl"]
            self.assertNotEqual(renewed, url)
            self.assertEqual(self.get(service, renewed).status, 200)

    def test_who_fetched_it_last(self):
        with Service(self.engine) as service:
            self.prepare(service)
            url, email = self.member["feedUrl"], people.members(1)[0]["email"]
            visitor = Visitor(service)
            visitor.sign_in(email)
            self.assertIn("No calendar program has fetched this calendar yet", visitor.get("/me").text)
            service.request("HEAD", url)
            self.get(service, url.replace(".ics", "x.ics"), User_Agent="Thunderbird/153")
            agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0 of Somebody"
            etag = self.get(service, url, User_Agent=agent).etag
            wait_until(lambda: "Last fetched less than a minute ago by Thunderbird." in visitor.get("/me").text, 15, "the fetch on the page")
            record = service.cli("person", "export", email)
            self.assertIn('"Thunderbird"', record)
            self.assertNotIn("Somebody", record)
            # Within the minute nothing more is written, but what is left is not lost at the end.
            self.assertEqual(self.get(service, url, If_None_Match=etag, User_Agent="Google-Calendar-Importer").status, 304)
            service.restart()
            self.assertIn("Last fetched less than a minute ago by Google Calendar.", visitor.get("/me").text)
            service.cli("person", "erase", email, "--yes")
            self.assertEqual(self.get(service, url).status, 404)

    def test_robots_may_fetch_calendars(self):
        import urllib.robotparser
        with Service(self.engine) as service:
            self.prepare(service)
            answer = self.get(service, "/robots.txt")
            self.assertEqual((answer.status, answer.headers["Content-Type"].split(";")[0]), (200, "text/plain"))
            rules = urllib.robotparser.RobotFileParser()
            rules.parse(answer.text.splitlines())
            allowed = [self.member["feedUrl"], service.url + "/c/cop-mi/calendar.ics", service.url + f"/e/{self.events[0]['id']}.ics"]
            for url in allowed:
                self.assertTrue(rules.can_fetch("Google-Calendar-Importer", url), url)
            for path in ("/me", "/organise", "/api/v1/events"):
                self.assertFalse(rules.can_fetch("Google-Calendar-Importer", service.url + path), path)
            self.assertEqual(self.get(service, self.member["feedUrl"]).headers["X-Robots-Tag"], "noindex")

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

    def test_who_guesses_feeds_is_told_to_go_slower(self):
        with Service(self.engine, settings={"http": {"trusted_proxies": ["127.0.0.1"]}}) as service:
            self.prepare(service)
            url = self.member["feedUrl"]
            token = url.split("/")[-1][:-4]

            def status(address, path):
                return self.get(service, path, X_Forwarded_For=address)
            guesses = [status("192.0.2.1", url.replace(token, f"{n:0{len(token)}d}")) for n in range(60)]
            codes = [answer.status for answer in guesses]
            self.assertEqual(codes[:30], [404] * 30, "a few wrong addresses are nobody's attack")
            self.assertGreater(codes.count(429), 10, codes)
            slow = guesses[codes.index(429)]
            self.assertGreaterEqual(int(slow.headers["Retry-After"]), 1)
            # Neither the right calendar behind the same address nor anybody else has to wait.
            self.assertEqual(status("192.0.2.1", url).status, 200)
            self.assertEqual(status("192.0.2.2", url.replace(token, "x" * len(token))).status, 404)


globals().update(both_engines(Feeds))
