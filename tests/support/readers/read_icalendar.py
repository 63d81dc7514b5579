#!/usr/bin/python3
"""Reads iCalendar text (standard input) with python3-icalendar and prints the readers' normal form.

Instants come from the VTIMEZONEs in the text, resolved twice (icalendar's own to_tz and dateutil's tzical);
both must agree, and for a zone the machine knows, Python's zoneinfo must agree as well.
"""

import datetime
import io
import json
import sys
import zoneinfo

import dateutil.tz
import icalendar
import pytz

UTC = datetime.timezone.utc


class Zones:
    def __init__(self, calendar):
        self._zones, self._texts = {}, {}
        for zone in calendar.walk("VTIMEZONE"):
            name = str(zone["TZID"])
            self._zones[name] = zone.to_tz()
            text = io.StringIO(zone.to_ical().decode().replace("\r\n", "\n"))
            self._texts[name] = dateutil.tz.tzical(text).get(name)

    def instant(self, wall, name):
        if name not in self._zones:
            raise ValueError(f"{name} has no VTIMEZONE in this text")
        readings = {"icalendar": self._zones[name].localize(wall).astimezone(UTC),
                    "dateutil": wall.replace(tzinfo=self._texts[name]).astimezone(UTC)}
        if name in zoneinfo.available_timezones():
            readings["zoneinfo"] = wall.replace(tzinfo=zoneinfo.ZoneInfo(name)).astimezone(UTC)
        if len(set(readings.values())) != 1:
            raise ValueError(f"{wall} {name} is read in different ways: {readings}")
        return readings["dateutil"]


def said(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def time_of(component, name, zones):
    found = component.get(name)
    if found is None:
        return None
    value = found.dt
    if isinstance(value, datetime.datetime):
        tzid = found.params.get("TZID")
        if tzid:
            return zones.instant(value.replace(tzinfo=None), str(tzid))
        if value.tzinfo not in (pytz.utc, UTC) and value.utcoffset() != datetime.timedelta(0):
            raise ValueError(f"{name} {value} has no zone")
        if value.tzinfo is None:
            raise ValueError(f"{name} {value} has no zone")
    return value


def address(value):
    text = str(value)
    return (text[7:] if text.lower().startswith("mailto:") else text).lower()


def attendees(event):
    found = event.get("ATTENDEE", [])
    found = found if isinstance(found, list) else [found]
    return sorted(({"address": address(one), "partstat": str(one.params.get("PARTSTAT", "NEEDS-ACTION"))}
                   for one in found), key=lambda one: one["address"])


def entry(event, zones, method):
    start = time_of(event, "DTSTART", zones)
    all_day = not isinstance(start, datetime.datetime)
    end = time_of(event, "DTEND", zones)
    if end is None:
        length = event.get("DURATION")
        end = start + (length.dt if length is not None else datetime.timedelta(days=1 if all_day else 0))
    instance = time_of(event, "RECURRENCE-ID", zones)
    return {
        "uid": str(event["UID"]),
        "recurrence_id": None if instance is None else said(instance),
        "start_utc": said(start),
        "end_utc": said(end),
        "all_day": all_day,
        "status": str(event["STATUS"]).upper() if "STATUS" in event else None,
        "summary": str(event.get("SUMMARY", "")),
        "sequence": int(event.get("SEQUENCE", 0)),
        "transparent": str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT",
        "attendees": attendees(event),
        "organizer": address(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        "method": method,
    }


def main():
    calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
    zones = Zones(calendar)
    method = str(calendar["METHOD"]).upper() if "METHOD" in calendar else None
    json.dump([entry(event, zones, method) for event in calendar.walk("VEVENT")], sys.stdout)


main()
