"""`convoke lint`: silent on what we write, names what is wrong in other people's calendars, never breaks on one."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from scenario import absent  # noqa: E402
from service import binary  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "unit" / "calendar" / "golden"
SHARED = ROOT.parent / "shared" / "fixtures"


def lint(text, *arguments):
    return subprocess.run([binary(), "lint", "-", *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def golden(name):
    return (GOLDEN / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Lint(unittest.TestCase):
    def test_our_own_texts_are_right(self):
        for name in ("request.ics", "request-all-day.ics", "cancel.ics", "feed.ics"):
            with self.subTest(name):
                done = lint(golden(name))
                self.assertEqual((done.returncode, done.stdout), (0, b""), done.stdout)
                self.assertIn(b"is right", done.stderr)

    def test_a_fault_is_named_with_its_line_and_ends_with_1(self):
        text = golden("request.ics").replace(b"TZID:Europe/Brussels", b"TZID:Europe/Paris")
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "wrong.ics")
            pathlib.Path(path).write_bytes(text)
            done = subprocess.run([binary(), "lint", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        line = next(number for number, each in enumerate(text.split(b"\r\n"), 1) if each.startswith(b"DTSTART;TZID"))
        self.assertIn(f"{path}:{line}: error: Z3: ", done.stdout)
        self.assertEqual({f["rule"] for f in json.loads(lint(text, "--json").stdout)}, {"Z3"})

    def test_what_the_mail_says_is_compared(self):
        done = json.loads(lint(golden("request.ics"), "--json", "--method", "CANCEL", "--recipient", "else@org.example",
                               "--organizer", "rsvp+other@events.example").stdout)
        self.assertEqual({f["rule"] for f in done}, {"M2", "M9", "S9"})

    def test_warnings_alone_are_no_fault(self):
        text = golden("feed.ics").replace(b"X-PUBLISHED-TTL:PT1H\r\n", b"")
        done = lint(text, "--json")
        self.assertEqual((done.returncode, [f["severity"] for f in json.loads(done.stdout)]), (0, ["warning"]))

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([binary(), "lint", "/nowhere.ics"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("/nowhere.ics", done.stderr)


class Others(unittest.TestCase):
    def test_other_peoples_calendars_are_judged(self):
        if not SHARED.is_dir():
            absent("the shared fixtures")
        expected = {  # the peculiarity that the collection names for each, as the linter says it
            "apple-reply-method-twice.ics": "M3", "bom.ics": "M5", "broken-stray-line.ics": "RFC 5545 §3.1", "blank-tzid.ics": "Z5",
            "google-request-tzid-brt.ics": "Z3", "latin1.ics": "RFC 5545 §3.1", "ms-custom-tz.ics": "Z3", "tzid-city-list.ics": "Z3",
            "tzid-freeassociation-prefix.ics": "Z3", "tzid-non-ascii.ics": "Z4", "vtimezone-after-event.ics": "Z3",
            "yahoo-reply-status-twice.ics": "S7", "dst-only-vtimezone.ics": "Z7", "bad-wrapping.ics": "M5", "outlook2010-request.ics": "Z4"}
        files = sorted((SHARED / "ical").glob("*.ics"))
        self.assertGreater(len(files), 30)
        for path in files:
            with self.subTest(path.name):
                done = lint(path.read_bytes(), "--json")
                self.assertIn(done.returncode, (0, 1), done.stderr)
                rules = {f["rule"] for f in json.loads(done.stdout)}
                if path.name in expected:
                    self.assertIn(expected[path.name], rules)


if __name__ == "__main__":
    unittest.main()
