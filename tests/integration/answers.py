"""Answers pressed in a calendar come in by mail, through a real Postfix and LMTP: each counts once, for the right person;
what is not clear is kept for the organisers and changes nothing; none is lost."""

import contextlib
import email.utils
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import calendar_answers as shapes  # noqa: E402
import people  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer, free_port  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines, in_parallel, scaled  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("answers", expected=["B32", "B33"])
tearDownModule = card.finish  # noqa: N816 - unittest's name

DOMAIN = "answers.convoke.example"


class ByMail:
    engine = None
    invited = 6

    @classmethod
    def setUpClass(cls):
        # An address of its own on loopback: a free port could be taken by others while Postfix starts.
        listen = f"127.{random.randrange(1, 255)}.{random.randrange(256)}.{random.randrange(1, 255)}:{free_port()}"
        cls.mail = cls.enterClassContext(MailServer(answers=(DOMAIN, listen)))
        cls.service = cls.enterClassContext(Service(cls.engine, {"mail": cls.mail.settings(reply_to=f"rsvp@{DOMAIN}", lmtp_listen=listen)}))
        cls.members = people.members(cls.invited)
        world.community(cls.service)
        world.import_members(cls.service, cls.members)

    def setUp(self):
        self.seen_lines = len(self.lines())

    def invite(self, **more):
        """An event everybody is invited to, and the invitations in the order of the members."""
        before = {message.path for message in self.mail.messages()}
        event = world.create(self.service, world.online_event(**more))
        self.mail.wait_for(len(before) + len(self.members))
        fresh = [shapes.Invitation(message) for message in self.mail.messages()
                 if message.path not in before and "METHOD:REQUEST" in message.calendar()]
        found = {invitation.attendee: invitation for invitation in fresh}
        self.assertEqual(set(found), {member["email"] for member in self.members})
        return event, [found[member["email"]] for member in self.members]

    def bring(self, content, invitation, recipient=None):
        self.mail.hand_in("somewhere@mail.example", [recipient or invitation.reply_to], content)

    def taken(self):
        """All has been handed over: nothing waits in the mail server."""
        self.mail.settle(180)

    def answers(self, **query):
        return self.service.items("/answers?" + "&".join(f"{name}={value}" for name, value in query.items()))

    def statuses(self, event):
        return {one["email"]: one["status"] for one in self.service.items(f"/events/{event['id']}/registrations")}

    def lines(self):
        return [line["action"] for line in self.service.items("/audit")]

    def new_lines(self):
        """Newest first."""
        lines = self.lines()
        return lines[:len(lines) - self.seen_lines]


class Counting(ByMail):
    def test_each_program_counts_once_however_often_it_is_delivered(self):
        event, invitations = self.invite()
        for invitation, write in zip(invitations, shapes.PROGRAMS.values()):
            content = write(invitation, "ACCEPTED")
            for _ in range(3):
                self.bring(content, invitation)
        self.bring(shapes.apple(invitations[4], "DECLINED"), invitations[4])
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual([statuses[one.attendee] for one in invitations], ["confirmed"] * 4 + ["declined", "invited"])
        counted = self.answers(event=event["id"])
        self.assertEqual(sorted((one["state"], one["answer"]) for one in counted), [("counted", "accepted")] * 4 + [("counted", "declined")],
                         world.show(counted))
        self.assertEqual(sorted(one["from"] for one in counted), sorted(one.attendee for one in invitations[:5]))
        self.assertEqual(self.new_lines().count("registration.confirm"), 4)
        self.assertNotIn("answer.keep", self.new_lines())
        confirmations = [row for row in world.outbox(self.service, event=event["id"]) if row["kind"] == "confirmation"]
        self.assertEqual(len(confirmations), 4, world.show(confirmations))

    def test_the_newest_answer_holds_in_whatever_order_they_come(self):
        event, invitations = self.invite()
        one, other, third = invitations[:3]
        self.bring(shapes.google(one, "DECLINED", dtstamp=shapes.stamp(60)), one)
        self.taken()
        self.bring(shapes.google(one, "ACCEPTED", dtstamp=shapes.stamp(-60)), one)
        # Some programs echo the DTSTAMP of the invitation: then the last that comes is the last that was pressed.
        echo = shapes.stamp()
        for word in ("ACCEPTED", "DECLINED", "ACCEPTED"):
            self.bring(shapes.apple(other, word, dtstamp=echo), other)
            self.taken()
        self.bring(shapes.thunderbird(third, "TENTATIVE"), third)
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual([statuses[name.attendee] for name in (one, other, third)], ["declined", "confirmed", "invited"])
        noted = {(answer["from"], answer["reason"]) for answer in self.answers(event=event["id"], state="noted")}
        self.assertEqual(noted, {(one.attendee, "answered_since"), (third.attendee, "tentative")})

    def test_an_answer_to_the_old_time_accepts_no_new_one(self):
        event, invitations = self.invite()
        first, second = invitations[:2]
        before = self.mail.count()
        self.service.patch(f"/events/{event['id']}", {"start": world.in_days(31)})
        self.mail.wait_for(before + len(self.members))
        self.bring(shapes.outlook(first, "ACCEPTED"), first)
        renewed = [shapes.Invitation(message) for message in self.mail.messages(second.attendee)][-1]
        self.assertGreater(renewed.sequence, second.sequence)
        self.bring(shapes.outlook(renewed, "ACCEPTED"), renewed)
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual((statuses[first.attendee], statuses[second.attendee]), ("invited", "confirmed"))
        self.assertEqual([(one["from"], one["reason"]) for one in self.answers(event=event["id"], state="noted")], [(first.attendee, "older_version")])

    def test_a_delayed_answer_does_not_override_a_newer_click(self):
        event, invitations = self.invite()
        one, other, third = invitations[:3]
        registrations = {row["email"]: row["id"] for row in self.service.items(f"/events/{event['id']}/registrations")}

        def written(content, seconds):
            """The mail as if it had been on its way so long."""
            date = email.utils.formatdate(time.time() - seconds, localtime=False).encode()
            return re.sub(rb"(?m)^Date: [^\r\n]*", b"Date: " + date, content)

        def decide(invitation, word):
            self.service.api("POST", f"/registrations/{registrations[invitation.attendee]}/{word}", json={}, expect=200)

        # Accepted in a calendar an hour ago; the mail was under way while they declined on the page.
        for invitation in (one, other):
            decide(invitation, "decline")
        self.bring(written(shapes.google(one, "ACCEPTED", dtstamp=shapes.stamp(-3600)), 3600), one)
        # What echoes the invitation's DTSTAMP is as old as its Date, and new when that is.
        self.bring(shapes.apple(other, "ACCEPTED", dtstamp=shapes.stamp(-3600)), other)
        decide(third, "confirm")
        self.bring(written(shapes.outlook(third, "DECLINED", dtstamp=shapes.stamp(-60)), 60), third)
        # What is late and says what holds anyway, and a perhaps, are nothing to look at.
        same, perhaps = invitations[4:6]
        decide(same, "confirm")
        decide(perhaps, "decline")
        self.bring(written(shapes.google(same, "ACCEPTED", dtstamp=shapes.stamp(-3600)), 3600), same)
        self.bring(written(shapes.google(perhaps, "TENTATIVE", dtstamp=shapes.stamp(-3600)), 3600), perhaps)
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual([statuses[name.attendee] for name in (one, other, third, same, perhaps)],
                         ["declined", "confirmed", "confirmed", "confirmed", "declined"])
        late = {answer["from"]: answer for answer in self.answers(event=event["id"], state="noted")}
        self.assertEqual({name: answer["reason"] for name, answer in late.items()},
                         {one.attendee: "late", third.attendee: "late", same.attendee: "already_so", perhaps.attendee: "tentative"})
        self.assertIn("newer decision", late[one.attendee]["detail"])
        # Whoever changes their mind after the click is heard. Answers by mail are not measured against the arrival of
        # others: what was written later counts.
        fourth = invitations[3]
        self.bring(shapes.google(one, "ACCEPTED", dtstamp=shapes.stamp(2)), one)
        self.bring(written(shapes.google(fourth, "ACCEPTED", dtstamp=shapes.stamp(-600)), 600), fourth)
        self.taken()
        self.bring(written(shapes.google(fourth, "DECLINED", dtstamp=shapes.stamp(-300)), 300), fourth)
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual([statuses[name.attendee] for name in (one, fourth)], ["confirmed", "declined"])

    def test_the_rules_of_the_event_hold(self):
        event, invitations = self.invite(registration={"policy": "members", "capacity": {"online": 1}, "waitlist": True})
        for invitation in invitations[:3]:
            self.bring(shapes.google(invitation, "ACCEPTED"), invitation)
            self.taken()
        self.bring(shapes.google(invitations[0], "DECLINED", dtstamp=shapes.stamp(5)), invitations[0])
        self.taken()
        statuses = self.statuses(event)
        self.assertEqual([statuses[one.attendee] for one in invitations[:3]], ["declined", "confirmed", "waitlisted"])
        full, invitations = self.invite(title="Full", registration={"policy": "members", "capacity": {"online": 1}})
        for invitation in invitations[:2]:
            self.bring(shapes.google(invitation, "ACCEPTED"), invitation)
            self.taken()
        self.assertEqual(sorted(self.statuses(full)[one.attendee] for one in invitations[:2]), ["confirmed", "invited"])
        self.assertEqual([one["reason"] for one in self.answers(event=full["id"], state="unprocessed")], ["event_full"])


class Kept(ByMail):
    def quiet(self, event, invitations, expected, mails):
        """Everybody is as they were, what came is kept as expected, and not one mail has left because of it."""
        self.taken()
        self.assertEqual(set(self.statuses(event).values()), {"invited"})
        found = sorted((one["state"], one["reason"]) for one in self.answers(event=event["id"]))
        self.assertEqual(found, sorted(expected), world.show(self.answers(event=event["id"])))
        self.assertEqual(len(world.outbox(self.service, event=event["id"])), len(invitations))
        self.assertEqual(self.mail.count(), mails)
        self.assertEqual(self.new_lines().count("answer.keep"), len(expected))

    def test_somebody_else_with_the_right_token(self):
        event, invitations = self.invite()
        mails = self.mail.count()
        one, two, three = invitations[:3]
        forged = shapes.google(one, "ACCEPTED", sender="somebody@elsewhere.example")
        for _ in range(3):
            self.bring(forged, one)
        # Two authors, and a word in the name that looks like the address.
        self.bring(shapes.apple(two, "ACCEPTED", sender=f"{two.attendee}, other@elsewhere.example"), two)
        self.bring(shapes.apple(three, "ACCEPTED", sender=f'"{three.attendee}" <other@elsewhere.example>'), three)
        # The right person's answer under somebody else's tag, and under a tag that was made up.
        self.bring(shapes.google(one, "ACCEPTED"), one, two.reply_to)
        made_up = re.sub(r"\+.*@", "+" + "0" * 39 + "@", one.reply_to)
        self.bring(shapes.google(one, "ACCEPTED"), one, made_up)
        self.bring(shapes.google(one, "ACCEPTED"), one, f"rsvp@{DOMAIN}")
        expected = [("unverified", "another_sender")] * 4 + [("unverified", "unknown_link")] * 2
        self.quiet(event, invitations, expected, mails)
        kept = [answer["from"] for answer in self.answers(event=event["id"], state="unverified")]
        card.line(f"B32 reply from another address with the right token ({self.engine})",
                  f"{len(kept)} kept, 0 counted, 0 mails sent", "not counted, shown to the organiser, at most 1 note",
                  "somebody@elsewhere.example" in kept)
        # The same answer from the right address counts: the test fails for the reason it says.
        self.bring(shapes.google(one, "ACCEPTED"), one)
        self.taken()
        self.assertEqual(self.statuses(event)[one.attendee], "confirmed")

    def test_what_no_program_should_decide(self):
        event, invitations = self.invite()
        mails = self.mail.count()
        one = invitations[0]
        request = one.text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")
        large = shapes.reply(one, "ACCEPTED", more=[f"X-FILLER-{n}:{'x' * 900}" for n in range(300)])
        self.assertGreater(len(large), 256 * 1024)
        for content in (
                shapes.plain(one, shapes.reply(one, "ACCEPTED", attendees=[one.attendee, invitations[1].attendee])),
                shapes.plain(one, request, method="REQUEST"),
                shapes.plain(one, shapes.reply(one, "ACCEPTED", method="CANCEL")),
                shapes.plain(one, shapes.reply(one, "ACCEPTED", method="PUBLISH")),
                shapes.plain(one, large)):
            for _ in range(2):
                self.bring(content, one)
        self.quiet(event, invitations, [("unprocessed", "several_attendees"), ("unprocessed", "calendar_too_large"),
                                        *[("unprocessed", "method_without_effect")] * 3], mails)
        card.line(f"B33 two ATTENDEEs, METHOD:REQUEST, more than 256 KB ({self.engine})", "5 kept with their reason, 0 mails sent",
                  "kept as unprocessed, no answer loop", True)

    def test_what_people_and_machines_write(self):
        event, invitations = self.invite()
        mails = self.mail.count()
        one = invitations[0]
        report = ("--r\r\nContent-Type: text/plain\r\n\r\nYour mail was not delivered.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
                  "Reporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
                  f"--r\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{shapes.reply(one, 'ACCEPTED')}\r\n--r--\r\n")
        proposal = shapes.reply(one, "TENTATIVE", method="COUNTER", attendees=[], start="DTSTART:20310617T080000Z",
                                more=("DTEND:20310617T093000Z", "COMMENT:Could we start later?"))
        for content in (
                shapes.words(one, "I am away until Monday.", more=("Auto-Submitted: auto-replied",)),
                shapes.words(one, "I would love to come! Is there parking?"),
                shapes.mail(shapes.headers(one, "MAILER-DAEMON@mail.example", more=(
                    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',)), report),
                shapes.mail(shapes.headers(one, one.attendee, more=(
                    'Content-Type: application/ms-tnef; name="winmail.dat"', "Content-Transfer-Encoding: base64")), "eJ8+IgAA\r\n"),
                shapes.plain(one, proposal, method="COUNTER"),
                shapes.plain(one, shapes.reply(one, "NEEDS-ACTION", method="REFRESH")),
                shapes.plain(one, "BEGIN:VCALENDAR\r\nthis is no calendar\r\n", method="REPLY"),
                shapes.plain(one, shapes.reply(one, "ACCEPTED").replace(f"UID:{one.uid}", "UID:another@elsewhere.example"))):
            self.bring(content, one)
        self.quiet(event, invitations, [("unprocessed", reason) for reason in (
            "automatic", "no_calendar", "bounce", "tnef", "proposes_another_time", "asks_again", "calendar_unreadable", "another_entry")], mails)
        proposed = next(answer for answer in self.answers(event=event["id"]) if answer["reason"] == "proposes_another_time")
        self.assertIn("17 June 2031, 10:00 (Brussels, UTC+2)", proposed["detail"])
        self.assertEqual(proposed["comment"], "Could we start later?")
        # What quotes links is not to be read in a copy of the tables.
        stored = self.column("SELECT content FROM mail_answer")
        self.assertNotIn("parking", stored)

    def column(self, statement):
        """All values of a column, as text."""
        url = self.service.database_url
        if self.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:"))) as database:
                values = [row[0] for row in database.execute(statement)]
            return " ".join(value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in values)
        done = subprocess.run(["psql", "-X", "-A", "-t", "-d", url, "-c", statement.replace("content", "encode(content, 'escape')")],
                              stdout=subprocess.PIPE, check=True)
        return done.stdout.decode(errors="replace")

    def test_an_erased_person_leaves_no_answer_behind(self):
        event, invitations = self.invite()
        one = invitations[-1]
        self.bring(shapes.google(one, "ACCEPTED"), one)
        self.bring(shapes.words(one, "Looking forward!"), one)
        self.taken()
        self.assertEqual(len(self.answers(event=event["id"])), 2)
        self.assertIn("no_calendar", self.service.cli("person", "export", one.attendee))
        type(self).members = self.members[:-1]
        self.service.cli("person", "erase", one.attendee, "--yes")
        self.assertEqual(self.answers(event=event["id"]), [])
        self.assertNotIn(one.attendee, self.column("SELECT sender FROM mail_answer"))
        # A late answer of theirs opens nothing.
        self.bring(shapes.google(one, "ACCEPTED"), one)
        self.taken()
        self.assertEqual([answer["reason"] for answer in self.answers(event=event["id"])], ["unknown_link"])


class NoneIsLost(ByMail):
    invited = scaled(8, 12, 151)

    def test_a_crash_while_they_come_in(self):
        event, invitations = self.invite()
        half = len(invitations) // 2

        def accept(index):
            self.bring(shapes.google(invitations[index], "ACCEPTED"), invitations[index])

        in_parallel(half, accept)
        wait_until(lambda: "confirmed" in self.statuses(event).values(), 30, "the first that counts")
        self.service.kill()
        in_parallel(len(invitations) - half, lambda index: accept(half + index))
        self.service.start()
        self.taken()
        self.assertEqual(set(self.statuses(event).values()), {"confirmed"})
        counted = self.answers(event=event["id"])
        self.assertEqual((len(counted), {answer["state"] for answer in counted}), (len(invitations), {"counted"}))
        self.assertEqual(self.new_lines().count("registration.confirm"), len(invitations))

    def test_a_database_that_is_away(self):
        event, invitations = self.invite()
        one = invitations[0]
        self.away(True)
        self.bring(shapes.google(one, "ACCEPTED"), one)
        wait_until(lambda: re.search(r"status=deferred .*451 4\.3\.0", self.mail.log()), 60, "the mail to be put off")
        self.assertEqual(self.mail.queued(), 1)
        self.away(False)
        self.taken()
        wait_until(lambda: self.service.request("GET", "/readyz").status == 200, 30, "the service to be ready")
        self.assertEqual(self.statuses(event)[one.attendee], "confirmed")
        self.assertRegex(self.mail.log(), r"status=sent \(250 2\.0\.0 kept")

    def away(self, gone):
        if self.engine == "sqlite":
            # No file of the service may grow: what a full disk does.
            _, hard = resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE, (0 if gone else hard, hard))
            return
        url = self.service.database_url
        name = url.rsplit("/", 1)[1]
        statements = [f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {"false" if gone else "true"}']
        if gone:
            statements.append(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        for statement in statements:
            subprocess.run(["psql", "-X", "-q", "-t", "-d", os.environ["CONVOKE_TEST_POSTGRESQL"], "-c", statement], check=True,
                           stdout=subprocess.DEVNULL)


globals().update(both_engines(Counting, Kept, NoneIsLost))

if __name__ == "__main__":
    unittest.main()
