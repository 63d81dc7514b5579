"""A new tz database moves what is kept as wall time: noticed at start, told to those who hold the entry. Once with another
tz database, made by zic and put under the running program as a package's update is; and with a database that holds what
an older tz database would have left there: other instants, and another mark of the zone's rules."""

import datetime
import email
import email.policy
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import people  # noqa: E402
import readers  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, binary  # noqa: E402
from waiting import wait_until  # noqa: E402

ZONES = "/usr/share/zoneinfo"


def change(service, *statements):
    path = service.database_url.removeprefix("sqlite:")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


class ServiceWithZones(Service):
    """A service that sees a tz database of its own, in a copy at `zones`, and so do the commands beside it."""

    def _prepare(self):
        super()._prepare()
        self.zones = self.place / "zoneinfo"
        shutil.copytree(ZONES, self.zones, symlinks=True)
        self.program = self.place / "convoke"
        # Root has mounts of its own by -m; others need to be root of a user namespace for that.
        apart = "unshare -m" if os.geteuid() == 0 else "unshare -Urm"
        self.program.write_text(f"#!/bin/sh\nexec {apart} /bin/sh -c 'mount --bind \"$0\" {ZONES} && exec \"$@\"' "
                                f"{self.zones} {binary()} \"$@\"\n")
        self.program.chmod(0o755)

    def with_program(self, work):
        before = os.environ.get("CONVOKE_BINARY")
        os.environ["CONVOKE_BINARY"] = str(self.program)
        try:
            return work()
        finally:
            if before is None:
                del os.environ["CONVOKE_BINARY"]
            else:
                os.environ["CONVOKE_BINARY"] = before

    def start(self):
        self.with_program(super().start)

    def run(self, *arguments, stdin=None):
        return self.with_program(lambda: Service.run(self, *arguments, stdin=stdin))

    def compile_zone(self, source):
        """As the tzdata package's update does it: another file under the same name."""
        path = self.place / "zone.txt"
        path.write_text(source)
        subprocess.run(["zic", "-b", "fat", "-d", str(self.zones), str(path)], check=True,
                       env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})


def without_summer_time(last_year):
    """Rome as it would be if summer time ended for good with `last_year`."""
    return (f"Rule S 1981 {last_year} - Mar lastSun 1:00u 1:00 S\n"
            f"Rule S 1996 {last_year} - Oct lastSun 1:00u 0 -\n"
            "Zone Europe/Rome 1:00 S CE%sT\n")


class NewZone(unittest.TestCase):
    """Summer time is abolished: an event in summer is an hour later for everybody elsewhere, one in winter is not."""

    def mails(self, service):
        found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in service.mail_files()]
        return [(str(mail["Subject"]), mail.get_body(("plain",)).get_content(),
                 next((part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar"), "")) for mail in found]

    def settled(self, service):
        wait_until(lambda: all(row["state"] in ("sent", "superseded") for row in world.outbox(service)), 20, "all mails to leave")

    def test_a_zone_compiled_anew(self):
        year = datetime.datetime.now(datetime.timezone.utc).year + 1
        with ServiceWithZones("sqlite") as service:
            world.community(service)
            member = world.add_member(service, {**people.members(1)[0], "timeZone": "Africa/Tunis", "language": "en"})
            summer = world.create(service, world.online_event(title="In summer", timeZone="Europe/Rome", start=f"{year}-07-15T10:00:00"))
            winter = world.create(service, world.online_event(title="In winter", timeZone="Europe/Rome", start=f"{year}-12-15T10:00:00"))
            self.settled(service)
            self.assertEqual(len(self.mails(service)), 2)
            self.assertIn("09:00–11:30 (Tunis, UTC+1)", next(text for subject, text, _ in self.mails(service) if "summer" in subject))
            service.restart()
            self.settled(service)
            self.assertEqual(len(self.mails(service)), 2, "the same rules: nothing is sent")
            self.assertNotIn("Europe/Rome", service.cli("doctor"))
            feed = service.request("GET", member["feedUrl"]).text

            # The update comes while the service runs: it goes on with the rules it knows, in instants and VTIMEZONE alike.
            service.compile_zone(without_summer_time(year - 1))
            service.patch(f"/events/{winter['id']}", {"description": "Changed meanwhile"})
            running = service.request("GET", member["feedUrl"]).text
            self.assertIn("Changed meanwhile", running)
            zone = re.compile(r"BEGIN:VTIMEZONE.*END:VTIMEZONE", re.S)
            self.assertEqual(zone.search(running)[0], zone.search(feed)[0])
            self.assertEqual(service.request("GET", "/readyz").status, 200)
            self.settled(service)
            self.assertEqual(len(self.mails(service)), 2)
            told = service.run("doctor").stdout
            self.assertIn("the clock rules changed for Europe/Rome: restart", told)

            service.restart()
            self.assertIn("clock_rules_changed", service.log_text())
            wait_until(lambda: len(self.mails(service)) == 3, 20, "the update")
            subject, text, calendar = next(mail for mail in self.mails(service) if "Updated" in mail[0])
            self.assertIn("In summer", subject)
            self.assertIn("10:00–12:30 (Tunis, UTC+1)", text)
            self.assertIn("The rules for clocks in Rome have changed", text)
            entry = imip_check.event_of(calendar)
            self.assertEqual((entry.one("UID"), entry.one("SEQUENCE"), entry.one("DTSTART")),
                             (summer["uid"], "1", f"{year}0715T100000"))
            self.assertNotIn("TZOFFSETTO:+0200", calendar)
            feed = service.request("GET", member["feedUrl"]).text
            self.assertNotIn("TZOFFSETTO:+0200", zone.search(feed)[0])
            for event, sequence in ((summer, 1), (winter, 0)):
                self.assertEqual(service.api("GET", f"/events/{event['id']}").json["sequence"], sequence, event["title"])
            self.assertNotIn("Europe/Rome", service.cli("doctor"))
            service.restart()
            self.settled(service)
            self.assertEqual(len(self.mails(service)), 3, "once is enough")


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
