"""kill -9 in the middle of 151 mails: everyone gets theirs; what arrives twice was in the moment of doubt between the
final dot and the 250, and is the same mail to the byte."""

import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import threading

import people  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines, scaled  # noqa: E402
from smtp_peer import SmtpPeer  # noqa: E402
from waiting import wait_until  # noqa: E402

MEMBERS, CONNECTIONS = 151, 4
KILLS = scaled(3, 10, 10)


class MailCrash:
    def window(self, service):
        world.community(service)
        world.import_members(service, people.members(MEMBERS))
        return world.create(service, world.provisional_event(60, 75))

    def fix(self, service, event):
        service.patch(f"/events/{event['id']}", {
            "start": world.in_days(65), "timeZone": world.BRUSSELS, "duration": "PT2H", "provisional": None,
            "virtualLocations": {"1": {"@type": "VirtualLocation", "name": "Room", "uri": "https://meet.example/x"}}})

    def check(self, copies, in_doubt):
        """copies: (recipient, Message-ID, bytes) of every mail that arrived."""
        by_id, by_recipient = collections.defaultdict(set), collections.defaultdict(set)
        for recipient, message_id, data in copies:
            by_id[message_id].add((recipient, data))
            by_recipient[recipient].add(message_id)
        self.assertEqual(set(by_recipient), {member["email"].lower() for member in people.members(MEMBERS)})
        self.assertEqual([one for one in by_recipient.items() if len(one[1]) != 1], [], "two different mails to one person")
        self.assertEqual([one for one, found in by_id.items() if len(found) != 1], [], "one Message-ID, different bytes")
        doubles = len(copies) - len(by_id)
        print(f"{self.engine}: {len(copies)} mails, {doubles} doubles, {in_doubt} in doubt at the kills", file=sys.stderr)
        self.assertLessEqual(doubles, in_doubt)

    def finished(self, service, event):
        return all(row["state"] == "sent" for row in world.outbox(service, event=event["id"]))

    def test_killed_between_the_final_dot_and_the_250(self):
        """The peer has every open mail in full and holds its answer back when the kill comes: the worst moment."""
        for _ in range(scaled(1, 1, 20)):
            hold, release = threading.Event(), threading.Event()
            stages = collections.Counter()

            def answer(stage, mail):
                stages[stage] += 1
                if stage == "end" and hold.is_set():
                    release.wait(60)

            with SmtpPeer(answer) as peer, \
                    Service(self.engine, {"mail": peer.settings(connections=CONNECTIONS)}) as service:
                event = self.window(service)
                self.fix(service, event)
                in_doubt = 0
                for kill in range(KILLS):
                    wanted = (kill + 1) * MEMBERS // (KILLS + 2)
                    wait_until(lambda: len({mail.recipient for mail in peer.received}) >= wanted, 120,
                               f"{wanted} mails before kill {kill + 1}", interval=0.002)
                    release.clear()
                    hold.set()
                    # Mails may be leased to the owner killed before: then nothing new comes until the lease is over.
                    wait_until(lambda: peer.in_data >= 1 or self.finished(service, event), 60, "a mail in DATA",
                               interval=0.01)
                    service.kill()
                    in_doubt += CONNECTIONS  # each has one at most: in DATA, or answered and not yet marked
                    hold.clear()
                    release.set()
                    wait_until(lambda: peer.in_data == 0, 20, "the peer to notice")
                    service.start()
                wait_until(lambda: self.finished(service, event), 120, "the rest to be sent", interval=0.2)
                self.assertGreater(in_doubt, 0, "no kill fell into DATA: this test has tested nothing")
                self.check([(mail.recipient.lower(), self.message_id(mail.data), mail.data) for mail in peer.received],
                           in_doubt)

    @staticmethod
    def message_id(data):
        head = data.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ").lower()
        return next(line for line in head.split(b"\r\n") if line.startswith(b"message-id:")).split(b":", 1)[1].strip()

    def test_killed_at_any_moment_through_postfix(self):
        with MailServer() as mail, \
                Service(self.engine, {"mail": mail.settings(connections=CONNECTIONS)}) as service:
            event = self.window(service)
            self.fix(service, event)
            for kill in range(KILLS):
                wanted = (kill + 1) * MEMBERS // (KILLS + 2)
                wait_until(lambda: mail.count() >= wanted, 120, f"{wanted} mails before kill {kill + 1}", interval=0.002)
                service.kill()
                service.start()
            wait_until(lambda: self.finished(service, event), 120, "the rest to be sent", interval=0.2)
            mail.settle()
            self.check([(message.mailbox, message.message_id, message.raw) for message in mail.messages()],
                       KILLS * CONNECTIONS)


globals().update(both_engines(MailCrash))
