"""What the secretariat's desk shows to be seen to: dates that clocks skip or repeat, answers by mail that changed nothing
and what to do about each, webhooks that are paused and why, and when each member's calendar was fetched last."""

import email
import email.policy
import html
import os
import re
import smtplib
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from mail_server import free_port  # noqa: E402
from service import Service, both_engines  # noqa: E402
from visitor import Visitor  # noqa: E402
from waiting import wait_until  # noqa: E402

DOMAIN = "answers.convoke.example"
DESK = "desk@convoke.example"


def words(answer):
    """The text of a page, in one line."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))


class Desk:
    def prepare(self, service, language="en"):
        world.community(service)
        world.add_member(service, {"email": DESK, "name": "The Desk", "role": "organiser", "language": language})
        browser = Visitor(service)
        browser.sign_in(DESK)
        return browser

    def test_dates_that_clocks_skip_or_repeat(self):
        with Service(self.engine) as service:
            browser = self.prepare(service)
            daily = {"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "daily", "count": 3}]}
            skipped = world.create(service, world.on_site_event(start="2027-03-27T02:30:00") | daily, publish=False)
            repeated = world.create(service, world.on_site_event(start="2027-10-30T02:30:00") | daily, publish=False)
            plain = world.create(service, world.on_site_event(), publish=False)
            pages = {}
            for event in (skipped, repeated, plain):
                for verb in ("", "/publish"):
                    answer = browser.get(f"/organise/cop-mi/e/{event['id']}{verb}")
                    self.assertEqual(answer.status, 200)
                    pages[event["id"], verb] = words(answer)
            for verb in ("", "/publish"):
                self.assertIn("On 28 March 2027 the clocks in Brussels skip 02:30: this date begins at 03:30 there.", pages[skipped["id"], verb])
                self.assertIn("On 31 October 2027 it is 02:30 twice in Brussels: this date begins the first time.", pages[repeated["id"], verb])
                self.assertNotIn("the clocks in Brussels skip", pages[plain["id"], verb])
            self.assertNotIn("Good to know", pages[plain["id"], ""])
            browser.get(f"/organise/cop-mi/e/{skipped['id']}", headers={"Accept-Language": "fr"})

    def test_many_changed_dates(self):
        with Service(self.engine) as service:
            browser = self.prepare(service)
            event = world.create(service, world.on_site_event() | {
                "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": 8}],
                "recurrenceOverrides": {world.in_days(30 + 7 * week): {"title": "With guests"} for week in range(6)}}, publish=False)
            self.assertIn("More than 5 dates of the series are changed", words(browser.get(f"/organise/cop-mi/e/{event['id']}")))

    def test_answers_that_changed_nothing(self):
        port = free_port()
        settings = {"mail": {"reply_to": f"rsvp@{DOMAIN}", "lmtp_listen": f"127.0.0.1:{port}"}}
        with Service(self.engine, settings) as service:
            browser = self.prepare(service)
            member = people.members(1)[0]
            world.add_member(service, member)
            event = world.create(service, world.online_event(title="Answered"))
            other = world.create(service, world.online_event(title="Another"))
            page = f"/organise/cop-mi/e/{event['id']}"
            self.assertNotIn("changed nothing", words(browser.get(page)))

            def invitation():
                for path in service.mail_files():
                    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                    if member["email"] in mail["To"] and event["title"] in mail["Subject"]:
                        return mail
                return None
            reply_to = wait_until(invitation, 60, "the invitation")["Reply-To"].addresses[0].addr_spec
            mine = (f"From: {member['email']}\r\nTo: {reply_to}\r\nMessage-ID: <1@ngo.example>\r\nMIME-Version: 1.0\r\n"
                    "Content-Type: text/plain\r\n\r\nIs there <b>parking</b>?\r\n")
            reply = ("From: somebody@elsewhere.example\r\nTo: x@y.example\r\nMessage-ID: <2@elsewhere.example>\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                     f"PRODID:-//X//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{event['uid']}\r\nDTSTAMP:20260101T000000Z\r\nSEQUENCE:0\r\n"
                     f"COMMENT:Of course <script>\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{member['email']}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
            with smtplib.LMTP("127.0.0.1", port) as lmtp:
                for mail in (mine, reply):
                    self.assertEqual(lmtp.sendmail("x@ngo.example", [reply_to], mail), {})
            answer = browser.get(page)
            seen = words(answer)
            self.assertIn("Answers by mail that changed nothing", seen)
            self.assertRegex(seen, r"somebody@elsewhere\.example Suspicious Accepted Of course <script> .* It came from another address than the "
                                   r"person's\. .* It may be forged\. Ask the person")
            self.assertRegex(seen, rf"{re.escape(member['email'])} For a person to read .*Somebody wrote in words\. .* Ask the person")
            self.assertNotIn("<script>", answer.text)
            self.assertNotIn("changed nothing", words(browser.get(f"/organise/cop-mi/e/{other['id']}")))
            # A member sees nothing of it.
            stranger = Visitor(service)
            stranger.sign_in(member["email"])
            self.assertNotIn("elsewhere.example", stranger.get(page).text)

    def test_many_answers_the_newest_first(self):
        port = free_port()
        settings = {"mail": {"reply_to": f"rsvp@{DOMAIN}", "lmtp_listen": f"127.0.0.1:{port}"}}
        with Service(self.engine, settings) as service:
            browser = self.prepare(service)
            member = people.members(1)[0]
            world.add_member(service, member)
            event = world.create(service, world.online_event())
            page = f"/organise/cop-mi/e/{event['id']}"

            def invitation():
                for path in service.mail_files():
                    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                    if member["email"] in mail["To"] and event["title"] in mail["Subject"]:
                        return mail
                return None
            reply_to = wait_until(invitation, 60, "the invitation")["Reply-To"].addresses[0].addr_spec
            # One that asks by mail for a person's eyes: a calendar entry that is another one's.
            asks = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:another@elsewhere.example\r\n"
                    "DTSTAMP:20260101T000000Z\r\nSEQUENCE:0\r\nCOMMENT:Question {n}.\r\n"
                    f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{member['email']}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")

            def bring(count, kind, body, more="", start=0):
                with smtplib.LMTP("127.0.0.1", port) as lmtp:
                    for n in range(start, start + count):
                        mail = (f"From: {member['email']}\r\nTo: {reply_to}\r\nMessage-ID: <{kind[:4]}-{n}@ngo.example>\r\nMIME-Version: 1.0\r\n"
                                f"{more}Content-Type: {kind}\r\n\r\n" + body.replace("{n}", str(n)))
                        self.assertEqual(lmtp.sendmail("x@ngo.example", [reply_to], mail), {})

            def questions(text):
                return [int(n) for n in re.findall(r"Question (\d+)\.", text)]
            bring(3, "text/plain", "I am away.\r\n", more="Auto-Submitted: auto-replied\r\n")
            seen = browser.get(page)
            self.assertIn("Automatic replies, such as out of office: 3.", words(seen))
            self.assertNotIn("What to do", words(seen))
            bring(100, "text/calendar; method=REPLY", asks)
            seen = browser.get(page)
            self.assertEqual(questions(words(seen)), list(reversed(range(100))))
            self.assertNotIn("More answers", words(seen))
            bring(2, "text/calendar; method=REPLY", asks, start=100)
            seen = browser.get(page)
            self.assertEqual(questions(words(seen)), list(reversed(range(2, 102))))
            rest = browser.get(html.unescape(re.search(r'href="([^"]*\?answers=[^"]*)"', seen.text)[1]))
            self.assertEqual(questions(words(rest)), [1, 0])
            self.assertNotIn("More answers", words(rest))

    def test_webhooks_that_do_not_get_through(self):
        with Service(self.engine) as service:
            browser = self.prepare(service)
            hooks = "/communities/cop-mi/webhooks"
            self.assertNotIn("do not get through", words(browser.get("/organise/cop-mi")))
            hook = service.api("POST", hooks, json={"url": "https://receiver.example/secret-path?key=abc", "events": ["*"]}, expect=201).json
            self.assertNotIn("do not get through", words(browser.get("/organise/cop-mi")))
            service.patch(f"{hooks}/{hook['id']}", {"state": "paused"})
            seen = browser.get("/organise/cop-mi")
            self.assertRegex(words(seen), r"Webhooks that do not get through Paused receiver\.example , since .*set it to active")
            self.assertNotIn("secret-path", seen.text)
            service.patch(f"{hooks}/{hook['id']}", {"state": "active"})
            self.assertNotIn("do not get through", words(browser.get("/organise/cop-mi")))

    def test_when_calendars_were_fetched(self):
        with Service(self.engine) as service:
            browser = self.prepare(service)
            reader, silent = [dict(member) for member in people.members(2)]
            reader.update(world.add_member(service, reader))
            silent.update(world.add_member(service, silent))
            self.assertIn('href="/organise/cop-mi/members"', browser.get("/organise/cop-mi").text)
            service.request("GET", reader["feedUrl"], headers={"User-Agent": "Mozilla/5.0 (X11; rv:128.0) Gecko/20100101 Thunderbird/128.3.1"})

            def seen():
                page = words(browser.get("/organise/cop-mi/members"))
                return page if "Thunderbird" in page else None
            page = wait_until(seen, 20, "the fetch to be written down")
            self.assertRegex(page, rf"{re.escape(reader['email'])}[^@]*less than a minute ago Thunderbird")
            self.assertRegex(page, rf"{re.escape(silent['email'])}[^@]* never")
            stranger = Visitor(service)
            stranger.sign_in(silent["email"])
            refused = stranger.get("/organise/cop-mi/members")
            self.assertIn(refused.status, (403, 404))
            self.assertNotIn(reader["email"], refused.text)


globals().update(both_engines(Desk))
