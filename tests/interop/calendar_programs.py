"""Programs that people use, subscribed to a running server: each shows the right hour, in every zone people live in, on
both sides of both clock changes of 2027; and the new hour after a change."""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from service import Service  # noqa: E402
from thunderbird import Thunderbird  # noqa: E402
from waiting import wait_until  # noqa: E402

ZONES = ("Europe/Dublin", "Europe/Brussels", "Europe/Athens", "Atlantic/Azores")
# Friday before and Monday after the last Sundays of March and October 2027.
DAYS = ("2027-03-26", "2027-03-29", "2027-10-29", "2027-11-01")
# Where people's clocks are set; the events' own zones beside it.
WALL = {"Europe/Brussels": "10:00:00", "Europe/Dublin": "13:30:00", "Atlantic/Azores": "15:15:00"}


def shown(wall, zone, local):
    """Day and HH:MM of a wall time in `zone` on a clock in `local`, and the instant, by Python's own zone data."""
    moment = datetime.datetime.fromisoformat(wall).replace(tzinfo=zoneinfo.ZoneInfo(zone))
    there = moment.astimezone(zoneinfo.ZoneInfo(local))
    return there.strftime("%Y-%m-%d"), there.strftime("%H:%M"), int(moment.timestamp())


class Subscribed:
    """A service with events around both changes and a series through the first."""

    def __init__(self):
        self.service = Service()

    def __enter__(self):
        service = self.service.__enter__()
        world.community(service)
        self.url = world.add_member(service, people.members(1)[0])["feedUrl"]
        self.walls, self.events = [], {}
        for zone, time in WALL.items():
            for day in DAYS:
                title = f"{zone} on {day}"
                self.events[title] = world.create(service, world.online_event(
                    title=title, start=f"{day}T{time}", timeZone=zone, duration="PT1H"))
                self.walls.append((title, f"{day}T{time}", zone))
        world.create(service, world.online_event(
            title="Weekly", start="2027-03-15T09:30:00", timeZone="Europe/Athens", duration="PT1H",
            recurrenceRules=[{"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}]))
        for day in ("2027-03-15", "2027-03-22", "2027-03-29", "2027-04-05"):
            self.walls.append(("Weekly", f"{day}T09:30:00", "Europe/Athens"))
        return self

    def __exit__(self, *error):
        return self.service.__exit__(*error)

    def move(self, title, wall):
        """To another hour; what the programs must show from then on."""
        self.service.patch(f"/events/{self.events[title]['id']}", {"start": wall})
        self.walls = [(name, wall if name == title else at, zone) for name, at, zone in self.walls]

    def expected(self, local):
        return sorted((*shown(wall, zone, local)[:2], title) for title, wall, zone in self.walls)


class VdirsyncerAndKhal(unittest.TestCase):
    def test_the_right_hour(self):
        with Subscribed() as world_of, tempfile.TemporaryDirectory(prefix="khal-") as place:
            place = pathlib.Path(place)
            self.configure(place, world_of.url)
            self.sync(place)
            for local in ZONES:
                self.assertEqual(self.listed(place, local), world_of.expected(local), local)
            # A week after the change of clocks, at an hour that is not the old one on any clock.
            title = "Europe/Brussels on 2027-03-29"
            before = self.listed(place, "Europe/Dublin")
            world_of.move(title, "2027-03-30T16:45:00")
            self.sync(place)
            for local in ZONES:
                self.assertEqual(self.listed(place, local), world_of.expected(local), f"{local}, after the change")
            self.assertNotEqual(self.listed(place, "Europe/Dublin"), before)

    def test_a_wrong_hour_is_seen(self):
        """The comparison itself: with the zone's rules taken out of the feed's texts the hour is another."""
        with Subscribed() as world_of, tempfile.TemporaryDirectory(prefix="khal-") as place:
            place = pathlib.Path(place)
            self.configure(place, world_of.url)
            self.sync(place)
            for file in (place / "calendar").glob("*.ics"):
                text = file.read_text()
                file.write_text(re.sub(r"DTSTART;TZID=[^:]+:(\d{8}T\d{6})", r"DTSTART:\1Z",
                                       re.sub(r"DTEND;TZID=[^:]+:(\d{8}T\d{6})", r"DTEND:\1Z", text)))
            self.assertNotEqual(self.listed(place, "Europe/Dublin"), world_of.expected("Europe/Dublin"))

    def configure(self, place, url):
        (place / "calendar").mkdir()
        (place / "vdirsyncer.conf").write_text(f"""[general]
status_path = "{place}/status/"
[pair convoke]
a = "here"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{place}/calendar"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
""")

    def run_program(self, place, *command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=120, env={**os.environ, "HOME": str(place), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                                                "XDG_CONFIG_HOME": str(place), "XDG_DATA_HOME": str(place),
                                                "XDG_CACHE_HOME": str(place)})
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def sync(self, place):
        for step in ("discover", "sync"):
            self.run_program(place, "/usr/bin/vdirsyncer", "-c", str(place / "vdirsyncer.conf"), step)

    def listed(self, place, local):
        """(day, HH:MM, title) of everything khal shows with its clock in `local`."""
        name = local.replace("/", "-")
        (place / f"khal-{name}.conf").write_text(f"""[calendars]
[[convoke]]
path = {place}/calendar
[locale]
local_timezone = {local}
default_timezone = {local}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {place}/khal-{name}.db
""")
        text = self.run_program(place, "/usr/bin/khal", "-c", str(place / f"khal-{name}.conf"), "list", "--day-format", "",
                                "--format", "{start-date}|{start-time}|{title}|", "2027-03-01", "270d")
        return sorted(tuple(line.split("|")[:3]) for line in text.splitlines() if line.count("|") >= 3)


class ThunderbirdShows(unittest.TestCase):
    def test_the_right_hour(self):
        with Subscribed() as world_of:
            for local in ZONES if os.environ.get("CONVOKE_TEST_SCALE") == "full" else ("Europe/Dublin",):
                with self.subTest(local), Thunderbird(world_of.url, local) as program:
                    wait_until(lambda: len(self.read(program)) >= len(world_of.walls), 120, "the feed in Thunderbird", interval=1)
                    self.compare(program, world_of, local)
                    for day in ("20270329", "20271101"):
                        self.keep_picture(program, f"thunderbird-{local.replace('/', '-')}-{day}.png", day)
                    if local == "Europe/Dublin":
                        world_of.move("Europe/Brussels on 2027-03-29", "2027-03-30T16:45:00")
                        self.assertNotEqual(self.seen(program), world_of.expected(local), "the comparison sees an old hour")
                        program.refresh()
                        wait_until(lambda: self.seen(program) == world_of.expected(local), 60, "the new hour in Thunderbird", interval=1)
                        self.compare(program, world_of, local)
                        self.keep_picture(program, "thunderbird-moved.png", "20270330")

    def read(self, program):
        return program.occurrences("20270301T000000Z", "20271201T000000Z")

    def seen(self, program):
        return sorted((f"{one['day'][:4]}-{one['day'][4:6]}-{one['day'][6:]}", one["time"], one["title"])
                      for one in self.read(program))

    def compare(self, program, world_of, local):
        self.assertEqual(self.seen(program), world_of.expected(local))
        instants = sorted((one["utc"], one["title"]) for one in self.read(program))
        self.assertEqual(instants, sorted((shown(wall, zone, local)[2], title) for title, wall, zone in world_of.walls))
        self.assertEqual({one["zone"] for one in self.read(program)}, {local})

    def keep_picture(self, program, name, day):
        """A folder for pictures, as for those of the pages; otherwise it is taken and thrown away."""
        folder = os.environ.get("CONVOKE_TEST_SCREENSHOTS")
        with tempfile.TemporaryDirectory(prefix="picture-") as other:
            path = pathlib.Path(folder or other) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            program.picture(path, day)
            self.assertGreater(path.stat().st_size, 10_000)
            if folder:
                print(f"picture: {path}", file=sys.stderr)
