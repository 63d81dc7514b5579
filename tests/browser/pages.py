"""The pages in a real browser: the job is done with JavaScript off, nothing comes from elsewhere, axe finds no fault.

CONVOKE_TEST_SCREENSHOTS names a folder that keeps the pictures.
"""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from service import Service  # noqa: E402
from waiting import wait_until  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTILE = 'Paths & "quotes" <script>alert(1)</script> Łódź'


def mails_to(service, address):
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in service.mail_files()]
    return [mail for mail in found if mail["To"].addresses[0].addr_spec == address]


def links_in(service, mail):
    text = mail.get_body(("plain",)).get_content()
    return re.findall(rf"{re.escape(service.url)}/[^\s<>)]+", text)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        cls.enterClassContext(cls.service)
        service = cls.service
        world.community(service)
        cls.member = world.add_member(service, {**people.members(1)[0], "language": "en"})
        cls.organiser = world.add_member(service, {"email": "desk@convoke.example", "name": "The Desk", "role": "organiser"})
        cls.open = world.create(service, world.on_site_event(
            title=HOSTILE, description="First line\n<b>second</b> line",
            registration={"policy": "open", "capacity": {"onSite": 40}, "waitlist": True}))
        cls.window = world.create(service, world.provisional_event(90, 110, title="A window"))
        cls.online = world.create(service, world.online_event(title="Online for members"))

    def walk(self, check, **given):
        screenshots = os.environ.get("CONVOKE_TEST_SCREENSHOTS")
        given = {"base": self.service.url, **({"screenshots": screenshots} if screenshots else {}), **given}
        done = subprocess.run(["node", os.path.join(HERE, "walk.mjs"), check, json.dumps(given)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["foreign"], [], "everything comes from the service itself")
        self.assertEqual(result["console"], [], "the browser complains of nothing, no policy is hurt")
        self.assertEqual(result["violations"], [])
        return {page["name"]: page for page in result["pages"]}

    def status_of(self, event, address):
        found = self.service.items(f"/events/{event['id']}/registrations")
        return next((one["status"] for one in found if one["email"] == address), None)

    def test_a_stranger_registers_without_javascript(self):
        address = "stranger@convoke.example"
        seen = self.walk("register", community="CoP Migrant Integration", event=re.escape(HOSTILE)[:5].strip("\\"),
                         email=address, name="Stranger O'Brien")
        self.assertIn(HOSTILE, seen["event"]["text"])
        self.assertIn("<b>second</b>", seen["event"]["text"])
        self.assertRegex(seen["event"]["text"], r"\b10:00\b")
        self.assertEqual(self.status_of(self.open, address), "held", "a stranger's seat is held until the address is confirmed")
        mail = wait_until(lambda: mails_to(self.service, address), 10, "the mail that asks for the address")[0]
        link = next(link for link in links_in(self.service, mail) if "confirm" in link or "token" in link or "/r/" in link
                    or "/a/" in link or "answer" in link)
        before = self.status_of(self.open, address)
        self.assertEqual(self.service.request("GET", link).status, 200)
        self.assertEqual(self.status_of(self.open, address), before, "looking at a link changes nothing")
        self.walk("press", link=link, shot="confirm-address")
        self.assertEqual(self.status_of(self.open, address), "confirmed")

    def test_a_member_signs_in_and_sees_their_own(self):
        link = self.service.cli("login-link", self.member["email"]).strip()
        seen = self.walk("pages", signIn=link, paths={"me": "/me"})
        self.assertIn("Online for members", seen["me"]["text"])
        self.assertIn("/feeds/", seen["me"]["text"] + self.service.request("GET", self.member["feedUrl"]).text)
        again = self.service.request("GET", link)
        self.assertIn(again.status, (200, 404, 410))

    def test_an_organiser_sees_events_registrations_and_mails(self):
        link = self.service.cli("login-link", self.organiser["email"]).strip()
        seen = self.walk("pages", signIn=link, paths={
            "organise": "/organise/", "organise-event": f"/organise/events/{self.online['id']}"})
        self.assertIn("Online for members", seen["organise"]["text"])
        self.assertIn(self.member["email"], seen["organise-event"]["text"])

    def test_pages_for_everybody(self):
        paths = {"accessibility": "/accessibility", "privacy": "/privacy", "me-anonymous": "/me",
                 "organise-anonymous": "/organise/", "window": f"/e/{self.window['id']}",
                 "register-window": f"/e/{self.window['id']}/register", "programme": "/c/cop-mi"}
        for scripts in (False, True):
            with self.subTest(scripts=scripts):
                seen = self.walk("pages", paths=paths, scripts=scripts)
                self.assertNotRegex(seen["window"]["text"], r"\b\d\d:\d\d\b", "never a made-up hour")

    def test_on_a_narrow_screen(self):
        self.walk("pages", viewport={"width": 320, "height": 700}, paths={
            "narrow-programme": "/c/cop-mi", "narrow-event": f"/e/{self.open['id']}",
            "narrow-register": f"/e/{self.open['id']}/register"})

    def test_the_policy_of_every_page(self):
        for path in ("/", "/c/cop-mi", f"/e/{self.open['id']}", f"/e/{self.open['id']}/register", "/me", "/organise/"):
            with self.subTest(path):
                answer = self.service.request("GET", path)
                self.assertEqual(answer.status, 200)
                policy = answer.headers["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertIn("Referrer-Policy", answer.headers)
                self.assertNotIn("<script>alert", answer.text)

    def test_a_form_from_elsewhere_is_refused(self):
        count = len(self.service.items(f"/events/{self.open['id']}/registrations"))
        for headers in ({}, {"Origin": "https://elsewhere.example"}):
            answer = self.service.request("POST", f"/e/{self.open['id']}/register", b"email=x%40y.example&name=X",
                                          {"Content-Type": "application/x-www-form-urlencoded", **headers})
            self.assertIn(answer.status, (400, 403, 422), answer.status)
        self.assertEqual(len(self.service.items(f"/events/{self.open['id']}/registrations")), count)


if __name__ == "__main__":
    unittest.main()
