"""Mail goes out over verified TLS and with a login that the server asked for, or it does not go out at all."""

import re
import unittest
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from certificates import Authority  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402
from smtp_peer import DROP, SmtpPeer  # noqa: E402
from waiting import wait_until  # noqa: E402


def invite_one(service):
    world.community(service)
    world.add_member(service, people.members(1)[0])
    return world.create(service, world.online_event())


class Delivered(unittest.TestCase):
    """What a right configuration delivers; each through a Postfix of its own."""

    def delivered(self, **server):
        with MailServer(**server) as mail, Service(settings={"mail": mail.settings()}) as service:
            event = invite_one(service)
            mail.wait_for(1)
            wait_until(lambda: world.outbox(service, event=event["id"])[0]["state"] == "sent", 10, "the row to be sent")
            return mail.log()

    def test_starttls(self):
        self.assertRegex(self.delivered(), r"TLS connection established from .*TLSv1\.[23]")

    def test_tls_from_the_first_byte(self):
        self.assertRegex(self.delivered(implicit=True), r"TLS connection established from .*TLSv1\.[23]")

    def test_auth_plain(self):
        self.assertIn("sasl_method=PLAIN, sasl_username=convoke", self.delivered(mechanisms="plain"))

    def test_auth_login(self):
        self.assertIn("sasl_method=LOGIN, sasl_username=convoke", self.delivered(mechanisms="login"))

    def test_auth_over_implicit_tls(self):
        self.assertIn("sasl_username=convoke", self.delivered(mechanisms="plain login", implicit=True))


class Refused(unittest.TestCase):
    """What is wrong on the way: nothing is sent, the row stays and says why."""

    def stays(self, settings, evidence):
        """The lastError of an invitation that does not go out."""
        with Service(settings={"mail": settings}) as service:
            event = invite_one(service)

            def row():
                found = world.outbox(service, event=event["id"])[0]
                return found if found.get("lastError") else None

            found = wait_until(row, 20, "lastError")
            self.assertIn(found["state"], ("pending", "sending"))
            evidence()
            return found["lastError"]

    def nothing_in(self, mail):
        def check():
            self.assertEqual((mail.count(), mail.queued()), (0, 0))
            self.assertNotIn("sasl_username", mail.log())
            self.assertNotIn("from=<", mail.log())
        return check

    def test_a_certificate_for_another_name(self):
        with MailServer(names=("DNS:other.example", "IP:127.0.0.9")) as mail:
            self.assertRegex(self.stays(mail.settings(), self.nothing_in(mail)), r"(?i)certificate|host|name|verif")

    def test_a_certificate_of_an_unknown_authority(self):
        with MailServer(mechanisms="plain") as mail:
            settings = mail.settings()
            stranger = Authority(str(mail.place / "stranger"))
            settings["ca_file"] = stranger.ca_file
            self.assertRegex(self.stays(settings, self.nothing_in(mail)), r"(?i)certificate|verif")

    def test_the_control_delivers(self):
        """The same server under its right name takes the mail: the tests above fail for the reason they say."""
        with MailServer(names=("DNS:other.example", "IP:127.0.0.1")) as mail, \
                Service(settings={"mail": mail.settings()}) as service:
            invite_one(service)
            mail.wait_for(1)

    def test_a_server_without_starttls(self):
        with SmtpPeer(starttls=False) as peer:
            def no_mail():
                self.assertEqual([c for c in peer.commands if re.match("(?i)(AUTH|MAIL|RCPT|DATA)", c)], [])
            self.assertRegex(self.stays(peer.settings(), no_mail), r"(?i)STARTTLS|TLS")

    def test_a_wrong_password(self):
        with MailServer(mechanisms="plain") as mail:
            settings = mail.settings()
            wrong = mail.place / "etc" / "wrong"
            wrong.write_text("not this one\n")
            wrong.chmod(0o600)
            settings["password_file"] = str(wrong)
            with self.subTest("nothing is sent"):
                error = self.stays(settings, lambda: self.assertEqual(mail.count(), 0))
                self.assertRegex(error, "535|(?i:auth|login|password)")
                self.assertNotIn("not this one", error)


class Answers:
    """What the server says about a mail decides what becomes of it."""

    def test_later_never_and_in_doubt(self):
        members = people.members(4)
        fates = {"later": members[0]["email"], "never": members[1]["email"], "doubt": members[2]["email"]}
        tried = {}

        def answer(stage, mail):
            address = mail.recipient
            first = tried.setdefault((stage, address), 0) == 0
            tried[(stage, address)] += 1
            if stage == "rcpt" and address == fates["later"] and first:
                return "451 4.3.0 come back later"
            if stage == "rcpt" and address == fates["never"]:
                return "550 5.1.1 no such user"
            if stage == "end" and address == fates["doubt"] and first:
                return DROP
            return None

        with SmtpPeer(answer) as peer, Service(self.engine, {"mail": peer.settings()}) as service:
            world.community(service)
            for member in members:
                world.add_member(service, member)
            event = world.create(service, world.online_event())

            def states():
                return {row["recipient"]: row for row in world.outbox(service, event=event["id"])}

            wait_until(lambda: states()[fates["never"]]["state"] == "failed", 20, "the refused one")
            self.assertIn("no such user", states()[fates["never"]]["lastError"])
            wait_until(lambda: states()[members[3]["email"]]["state"] == "sent", 20, "the good one")
            wait_until(lambda: "come back later" in (states()[fates["later"]].get("lastError") or ""), 20, "the reason")
            # The first pause after a temporary refusal is a minute.
            for fate in ("later", "doubt"):
                wait_until(lambda: states()[fates[fate]]["state"] == "sent", 100, f"'{fate}' to be sent", interval=0.5)
            twice = [mail for mail in peer.received if mail.recipient == fates["doubt"]]
            self.assertEqual(len(twice), 2)
            self.assertEqual(twice[0].data, twice[1].data, "the same bytes under the same Message-ID")
            self.assertEqual(len([mail for mail in peer.received if mail.recipient == fates["later"]]), 1)
            self.assertEqual(tried[("rcpt", fates["never"])], 1)


globals().update(both_engines(Answers))

if __name__ == "__main__":
    unittest.main()
