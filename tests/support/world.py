"""A community with members and events through the API: what most scenarios begin with."""

import datetime
import json
import zoneinfo

import people

BRUSSELS = "Europe/Brussels"


def community(service, slug="cop-mi", name="CoP Migrant Integration", zone=BRUSSELS):
    return service.api("POST", "/communities", expect=201, json={
        "slug": slug, "name": name, "timeZone": zone, "language": "en",
        "contactEmail": f"desk@{slug}.convoke.example"}).json


def add_member(service, member, slug="cop-mi"):
    """What the service says of the new member: id, feedUrl."""
    return service.api("POST", f"/communities/{slug}/members", json=member, expect=201).json


def import_members(service, members, slug="cop-mi"):
    path = service.place / f"members-{slug}.csv"
    path.write_text(people.as_csv(members))
    service.cli("import", "members", str(path), "--community", slug)


def in_days(days, hour=10, minute=0):
    """A wall time so many days from today, as the API writes it. Never inside a change of clocks' hour."""
    day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)
    return datetime.datetime(day.year, day.month, day.day, hour, minute).isoformat()


def day_in(days):
    return in_days(days)[:10]


def online_event(days=30, **more):
    """An online event of 2½ hours at 10:00 in Brussels with its link."""
    event = {"communities": ["cop-mi"], "kind": "event", "format": "online", "title": "Labour market paths",
             "start": in_days(days), "timeZone": BRUSSELS, "duration": "PT2H30M",
             "virtualLocations": {"1": {"@type": "VirtualLocation", "name": "Plenary room",
                                        "uri": "https://meet.example/abc"}},
             "reminders": []}
    event.update(more)
    return {key: value for key, value in event.items() if value is not None}


def on_site_event(days=30, **more):
    return online_event(days, format="on-site", virtualLocations=None, locations={
        "1": {"@type": "Location", "name": "Palazzo di Città", "description": "Via Roma 1, Salerno"}}, **more)


def provisional_event(first_day, last_day, **more):
    return online_event(start=None, timeZone=None, duration=None, virtualLocations=None,
                        provisional={"earliest": day_in(first_day), "latest": day_in(last_day)}, **more)


def create(service, event, publish=True):
    made = service.api("POST", "/events", json=event, expect=201).json
    if publish:
        made = service.api("POST", f"/events/{made['id']}/publish", json={}, expect=200).json
    return made


def outbox(service, **query):
    joined = "&".join(f"{name}={value}" for name, value in query.items())
    return service.items("/outbox" + (f"?{joined}" if joined else ""))


def instant(wall, zone):
    """The UTC instant of a wall time, as the calendar readers say it."""
    moment = datetime.datetime.fromisoformat(wall).replace(tzinfo=zoneinfo.ZoneInfo(zone))
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(wall, zone, other):
    """HH:MM that people in `other` read when it is `wall` in `zone`."""
    moment = datetime.datetime.fromisoformat(wall).replace(tzinfo=zoneinfo.ZoneInfo(zone))
    return moment.astimezone(zoneinfo.ZoneInfo(other)).strftime("%H:%M")


def show(value):
    return json.dumps(value, indent=1, ensure_ascii=False)[:3000]
