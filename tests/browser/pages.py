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
import tempfile
import unittest
import urllib.parse

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
        cls.walker, cls.answerer = [world.add_member(service, {**person, "language": "en"}) for person in people.members(3)[1:]]
        cls.organiser = world.add_member(service, {"email": "desk@convoke.example", "name": "The Desk", "role": "organiser"})
        cls.open = world.create(service, world.on_site_event(
            title=HOSTILE, description="First line\n<b>second</b> line",
            registration={"policy": "open", "capacity": {"onSite": 40}, "waitlist": True}))
        cls.window = world.create(service, world.provisional_event(90, 110, title="A window"))
        cls.online = world.create(service, world.online_event(title="Online for members"))
        cls.series = world.create(service, world.online_event(title="A series", recurrenceRules=[
            {"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}]), publish=False)
        cls.night = world.create(service, world.on_site_event(title="A night walk", start="2027-03-27T02:30:00", recurrenceRules=[
            {"@type": "RecurrenceRule", "frequency": "daily", "count": 3}]), publish=False)

    def walk(self, check, meanwhile=None, **given):
        """Runs one check of walk.mjs; `meanwhile(link_file)` may put a link there while the browser waits for it."""
        screenshots = os.environ.get("CONVOKE_TEST_SCREENSHOTS")
        with tempfile.TemporaryDirectory() as folder:
            link_file = os.path.join(folder, "link")
            given = {"base": self.service.url, "linkFile": link_file,
                     **({"screenshots": screenshots} if screenshots else {}), **given}
            browser = subprocess.Popen(["node", os.path.join(HERE, "walk.mjs"), check, json.dumps(given)],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                if meanwhile:
                    meanwhile(link_file)
                out, errors = browser.communicate(timeout=120)
            except BaseException:
                browser.kill()
                print(browser.communicate()[1], file=sys.stderr)
                raise
        self.assertEqual(browser.returncode, 0, errors)
        result = json.loads(out)
        self.assertEqual(result["foreign"], [], "everything comes from the service itself")
        self.assertEqual(result["console"], [], "the browser complains of nothing, no policy is hurt")
        self.assertEqual(result["violations"], [])
        return {page["name"]: page for page in result["pages"]}

    def status_of(self, event, address):
        found = self.service.items(f"/events/{event['id']}/registrations")
        return next((one["status"] for one in found if one["email"] == address), None)

    def test_somebody_registers_without_javascript(self):
        address = self.walker["email"]
        before = len(mails_to(self.service, address))

        def hand_over(link_file):
            mail = wait_until(lambda: [m for m in mails_to(self.service, address) if m["Subject"].startswith("Please confirm")],
                              30, "the mail that confirms the address")[-1]
            self.assertEqual(self.status_of(self.open, address), "held")
            link = next(link for link in links_in(self.service, mail) if "/answer/" in link)
            with open(link_file + ".new", "w") as file:
                file.write(link)
            os.rename(link_file + ".new", link_file)

        seen = self.walk("register", hand_over, community="CoP Migrant Integration", event="Paths", email=address)
        self.assertIn(HOSTILE, seen["event"]["text"])
        self.assertIn("<b>second</b>", seen["event"]["text"])
        self.assertRegex(seen["event"]["text"], r"\b10:00\b")
        self.assertEqual(self.status_of(self.open, address), "confirmed")
        wait_until(lambda: len(mails_to(self.service, address)) >= before + 2, 10, "the confirmation")

    def test_an_unknown_address_gets_the_same_words(self):
        """Whether somebody is a member is nobody else's business."""
        def words(address):
            page = self.service.request("GET", f"/e/{self.open['id']}/register")
            token = re.search(r'name="_csrf" value="([^"]*)"', page.text)[1]
            cookie = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie", []))
            answer = self.service.request("POST", f"/e/{self.open['id']}/register", urllib.parse.urlencode(
                {"_csrf": token, "email": address, "answer": "address"}).encode(),
                {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": self.service.url})
            return answer.status, answer.headers["Location"]

        known, unknown = words(self.member["email"]), words("nobody.knows@convoke.example")
        self.assertEqual(known, unknown)
        self.assertIn(known[0], (302, 303))
        self.assertEqual(mails_to(self.service, "nobody.knows@convoke.example"), [])

    def test_the_answer_link_of_an_invitation(self):
        address = self.answerer["email"]
        invitation = wait_until(lambda: [m for m in mails_to(self.service, address) if "Online for members" in m["Subject"]],
                                10, "the invitation")[0]
        link = next(link for link in links_in(self.service, invitation) if "/answer/" in link)
        self.assertEqual(self.status_of(self.online, address), "invited")
        for method in ("GET", "HEAD"):
            self.assertEqual(self.service.request(method, link).status, 200)
        self.assertEqual(self.status_of(self.online, address), "invited", "looking at a link changes nothing")
        self.walk("answer", link=link)
        self.assertEqual(self.status_of(self.online, address), "cancelled")

    def test_a_member_signs_in_and_sees_their_own(self):
        link = self.service.cli("login-link", self.member["email"]).strip()
        seen = self.walk("pages", signIn=link, paths={"me": "/me"})
        self.assertIn("Online for members", seen["me"]["text"])
        again = self.service.request("GET", link)
        self.assertEqual(again.status, 200)
        self.assertNotIn('action="/sign-in/', again.text, "the link works once")

    def test_an_organiser_sees_events_registrations_and_mails(self):
        link = self.service.cli("login-link", self.organiser["email"]).strip()
        seen = self.walk("pages", signIn=link, paths={
            "organise": "/organise", "organise-community": "/organise/cop-mi",
            "organise-event": f"/organise/cop-mi/e/{self.online['id']}",
            "organise-window": f"/organise/cop-mi/e/{self.window['id']}",
            "organise-fix": f"/organise/cop-mi/e/{self.window['id']}/date",
            "organise-split": f"/organise/cop-mi/e/{self.series['id']}/split",
            "organise-cancel": f"/organise/cop-mi/e/{self.online['id']}/cancel",
            "organise-clocks": f"/organise/cop-mi/e/{self.night['id']}", "organise-members": "/organise/cop-mi/members"})
        self.assertIn("skip 02:30", seen["organise-clocks"]["text"])
        self.assertIn(self.member["email"], seen["organise-members"]["text"])
        self.assertIn("Online for members", seen["organise-community"]["text"])
        self.assertIn(self.member["email"], seen["organise-event"]["text"])

    def test_pages_for_everybody(self):
        paths = {"accessibility": "/accessibility", "privacy": "/privacy", "me-anonymous": "/me",
                 "organise-anonymous": "/organise", "window": f"/e/{self.window['id']}",
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
        for path in ("/", "/c/cop-mi", f"/e/{self.open['id']}", f"/e/{self.open['id']}/register", "/me", "/organise"):
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
