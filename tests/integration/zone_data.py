"""A new tz database moves what is kept as wall time: noticed at start, told to those who hold the entry. The database is
made to hold what an older tz database would have left there: other instants, and another mark of the zone's rules."""

import os
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service  # noqa: E402


def change(service, *statements):
    path = service.database_url.removeprefix("sqlite:")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


class ZoneData(unittest.TestCase):
    def test_events_that_moved_are_issued_again_once(self):
        with MailServer() as mail, Service("sqlite", {"mail": mail.settings()}) as service:
            world.community(service)
            member = dict(people.members(1)[0])
            member.update(world.add_member(service, member))
            moved = world.create(service, world.online_event() | {"timeZone": "Europe/Dublin"})
            still = world.create(service, world.online_event())
            mail.wait_for(2)
            service.restart()  # the marks of both zones are noted
            mail.settle()
            self.assertEqual(mail.count(), 2, "nothing moved, nothing is sent")
            service.stop()
            change(service, "UPDATE event SET starts_at = starts_at + 3600, ends_at = ends_at + 3600 "
                            "WHERE definition LIKE '%Europe/Dublin%'",
                   "UPDATE instance SET value = '0000000000000000' WHERE name = 'zone:Europe/Dublin'")
            service.start()
            mail.wait_for(3)
            update = mail.messages(member["email"])[-1]
            imip_check.check(self, update)
            found = readers.read_by_all(update.calendar())[0]
            self.assertEqual((found["uid"], found["sequence"], found["start_utc"]),
                             (moved["uid"], 1, world.instant(moved["start"], "Europe/Dublin")))
            self.assertIn("The rules for clocks in Dublin have changed", update.text())
            self.assertIn("clock_rules_changed", service.log_text())
            self.assertEqual(service.api("GET", f"/events/{still['id']}").json["sequence"], 0)
            service.restart()
            mail.settle()
            self.assertEqual(mail.count(), 3, "once is enough")

    def test_a_series_whose_later_dates_moved(self):
        with Service("sqlite") as service:
            world.community(service)
            event = world.create(service, world.online_event() | {"recurrenceRules": [
                {"@type": "RecurrenceRule", "frequency": "weekly", "count": 40}]})
            service.restart()
            self.assertEqual(service.api("GET", f"/events/{event['id']}").json["sequence"], 0)
            service.stop()
            change(service, "UPDATE instance SET value = '0000000000000000' WHERE name = 'zone:Europe/Brussels'")
            service.start()
            self.assertEqual(service.api("GET", f"/events/{event['id']}").json["sequence"], 1)


if __name__ == "__main__":
    unittest.main()
