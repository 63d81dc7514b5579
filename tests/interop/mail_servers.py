"""The mail servers of these tests are what they claim: TLS is a must, a login is asked for, nothing leaves the machine."""

import os
import smtplib
import ssl
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from mail_server import MailServer  # noqa: E402
from smtp_peer import DROP, SmtpPeer  # noqa: E402

TEXT = "From: a@convoke.example\r\nMessage-ID: <1@convoke.example>\r\nSubject: Hello\r\n\r\n.A line\r\n"


def client(server):
    connection = smtplib.SMTP("127.0.0.1", server.port, timeout=20)
    connection.starttls(context=ssl.create_default_context(cafile=server.ca_file))
    return connection


class Postfix(unittest.TestCase):
    def test_delivers_what_it_took_and_only_over_tls(self):
        with MailServer() as mail:
            with smtplib.SMTP("127.0.0.1", mail.port) as plain, self.assertRaises(smtplib.SMTPException):
                plain.sendmail("a@convoke.example", ["b@other.example"], TEXT)
            with client(mail) as secure:
                secure.sendmail("a@convoke.example", ["B@Other.example"], TEXT)
                secure.sendmail("a@convoke.example", ["someone@localhost.example"], TEXT)
            found = mail.wait_for(2)
            self.assertEqual({message.mailbox for message in found}, {"b@other.example", "someone@localhost.example"})
            self.assertTrue(found[0].raw.startswith(b"From: a@convoke.example\nMessage-ID: <1@convoke.example>\n"))
            self.assertTrue(found[0].raw.endswith(b"\n.A line\n"))

    def test_a_login_is_asked_for(self):
        with MailServer(mechanisms="plain") as mail:
            with client(mail) as secure, self.assertRaises(smtplib.SMTPRecipientsRefused):
                secure.sendmail("a@convoke.example", ["b@other.example"], TEXT)
            with client(mail) as secure, self.assertRaises(smtplib.SMTPAuthenticationError):
                secure.login(mail.USER, "wrong")
            with client(mail) as secure:
                secure.login(mail.USER, mail.PASSWORD)
                secure.sendmail("a@convoke.example", ["b@other.example"], TEXT)
            mail.wait_for(1)

    def test_a_strange_name_is_a_strange_name(self):
        with MailServer(names=("DNS:other.example",)) as mail, self.assertRaises(ssl.SSLCertVerificationError):
            client(mail)


class Peer(unittest.TestCase):
    def test_takes_refuses_and_drops(self):
        fates = {"gone@x.example": ("rcpt", "550 5.1.1 no"), "doubt@x.example": ("end", DROP)}

        def answer(stage, mail):
            wanted, reply = fates.get(mail.recipient, (None, None))
            return reply if stage == wanted else None

        with SmtpPeer(answer) as peer:
            with client(peer) as secure:
                secure.sendmail("a@convoke.example", ["good@x.example"], TEXT)
                with self.assertRaises(smtplib.SMTPRecipientsRefused):
                    secure.sendmail("a@convoke.example", ["gone@x.example"], TEXT)
            with client(peer) as secure, self.assertRaises(smtplib.SMTPException):
                secure.sendmail("a@convoke.example", ["doubt@x.example"], TEXT)
            self.assertEqual([(mail.recipient, mail.acknowledged) for mail in peer.received],
                             [("good@x.example", True), ("doubt@x.example", False)])
            self.assertTrue(peer.received[0].data.endswith(b"\r\n.A line\r\n"))


if __name__ == "__main__":
    unittest.main()
