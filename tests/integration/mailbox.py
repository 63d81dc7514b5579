"""Answers that wait in a mailbox are fetched over IMAP from a real Dovecot: each counts once, also when the service or the
mail server is stopped in between, what people do in the mailbox disturbs nothing, and nothing is deleted."""

import contextlib
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import calendar_answers as shapes  # noqa: E402
import people  # noqa: E402
import world  # noqa: E402
from imap_server import ImapServer  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

REPLY_TO = "rsvp@box.convoke.example"


class Fetched:
    engine = None

    def setUp(self):
        stack = self.enterContext(contextlib.ExitStack())
        self.outgoing = stack.enter_context(MailServer())
        self.mailbox = stack.enter_context(ImapServer())
        # One file of authorities for both servers.
        both = self.mailbox.place / "authorities.pem"
        both.write_text(open(self.outgoing.ca_file).read() + open(self.mailbox.ca_file).read())
        section = self.outgoing.settings(reply_to=REPLY_TO, **self.mailbox.settings())
        self.service = stack.enter_context(Service(self.engine, {"mail": section | {"ca_file": str(both)}}))
        self.members = people.members(4)
        world.community(self.service)
        world.import_members(self.service, self.members)
        self.event = world.create(self.service, world.online_event())
        self.outgoing.wait_for(len(self.members))
        self.invitations = [shapes.Invitation(message) for message in self.outgoing.messages()]

    def status_of(self, invitation):
        return {one["email"]: one["status"] for one in self.service.items(f"/events/{self.event['id']}/registrations")}[invitation.attendee]

    def wait_for_status(self, invitation, status):
        wait_until(lambda: self.status_of(invitation) == status, 60, f"{status} for the answer in the mailbox")

    def test_answers_count_and_the_mailbox_is_left_as_it_was(self):
        one, other, third = self.invitations[:3]
        self.mailbox.deliver(one.reply_to, shapes.google(one, "ACCEPTED"))
        self.mailbox.deliver(None, shapes.apple(other, "DECLINED"))  # only its To names us
        self.wait_for_status(one, "confirmed")
        self.wait_for_status(other, "declined")

        # Somebody reads the mailbox with a mail program before the service does: it is taken all the same.
        self.mailbox.deliver(third.reply_to, shapes.outlook(third, "ACCEPTED"))
        person = self.mailbox.client()
        person.store("1:*", "+FLAGS", "\\Seen")
        person.logout()
        self.wait_for_status(third, "confirmed")
        wait_until(lambda: all(b"$ConvokeTaken" in flags for flags in self.mailbox.flags()), 30, "every mail to be marked")
        self.assertEqual(len(self.mailbox.flags()), 3)
        self.assertEqual(len(self.service.items("/answers")), 3)

    def test_what_names_none_of_our_addresses_is_kept_for_the_organisers(self):
        self.mailbox.deliver(None, b"From: someone@else.example\r\nTo: list@else.example\r\nSubject: hello\r\n"
                                   b"Message-ID: <1@else.example>\r\n\r\nNo calendar in here.\r\n")
        wait_until(lambda: self.service.items("/answers"), 60, "the mail to be kept")
        self.assertEqual([row["state"] for row in self.service.items("/answers")], ["unprocessed"])

    def test_servers_come_and_go(self):
        one, other, third = self.invitations[:3]
        self.mailbox.stop()
        self.mailbox.deliver(one.reply_to, shapes.google(one, "ACCEPTED"))
        self.mailbox.start()
        self.wait_for_status(one, "confirmed")
        self.service.stop()
        self.mailbox.deliver(other.reply_to, shapes.apple(other, "ACCEPTED"))
        self.service.start()
        self.wait_for_status(other, "confirmed")
        self.service.kill()
        self.mailbox.deliver(third.reply_to, shapes.thunderbird(third, "ACCEPTED"))
        self.service.start()
        self.wait_for_status(third, "confirmed")
        self.assertEqual(len(self.service.items("/answers")), 3)

    def test_a_wrong_password_or_certificate_is_told(self):
        doctor = self.service.run("doctor")
        self.assertIn("mailbox", doctor.stdout)
        self.mailbox.password_file.write_text("wrong\n")
        doctor = self.service.run("doctor")
        self.assertEqual(doctor.returncode, 1)
        self.assertIn("not let in as " + self.mailbox.USER, doctor.stdout)
        self.assertNotIn("wrong\n", doctor.stdout.split("not let in")[1].split("\n")[0])


globals().update(both_engines(Fetched))


if __name__ == "__main__":
    unittest.main()
