#!/usr/bin/python3
"""Which instants python-icalendar with dateutil finds in calendar texts: one JSON string a line in,
{UID: [[start, end], ...]} a line out, sorted; seconds since 1970, or "2026-06-17" for dates. Zones come from the
VTIMEZONEs in the text, through dateutil's tzical, and from nothing else."""

import datetime
import functools
import io
import json
import sys

import dateutil.rrule
import dateutil.tz
import icalendar

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)


@functools.lru_cache(maxsize=2000)
def zone_of(text):
    return dateutil.tz.tzical(io.StringIO(text)).get()


def zones_of(calendar):
    return {str(zone["TZID"]): zone_of(zone.to_ical().decode().replace("\r\n", "\n"))
            for zone in calendar.walk("VTIMEZONE")}


def time_of(component, name, zones):
    found = component.get(name)
    if found is None:
        return None
    return aware(found.dt, found.params.get("TZID"), zones)


def aware(value, tzid, zones):
    if not isinstance(value, datetime.datetime):
        return value
    if tzid:
        return value.replace(tzinfo=zones[str(tzid)])
    if value.tzinfo is None:
        raise ValueError(f"{value} has no zone")
    return value.astimezone(UTC)


def said(value):
    return int(value.timestamp()) if isinstance(value, datetime.datetime) else value.isoformat()


def end_of(component, start, zones):
    end = time_of(component, "DTEND", zones)
    if end is not None:
        return end
    return start + component["DURATION"].dt


def plus(start, length):
    """So much elapsed time later."""
    if not isinstance(start, datetime.datetime):
        return start + length
    return start.astimezone(UTC) + length


def starts_of(master, start, zones):
    rule = master["RRULE"].to_ical().decode()
    if not isinstance(start, datetime.datetime):
        at = datetime.datetime.combine(start, datetime.time())
        found = [one.date() for one in dateutil.rrule.rrulestr(rule, dtstart=at)]
    else:
        found = list(dateutil.rrule.rrulestr(rule, dtstart=start))
    gone = master.get("EXDATE", [])
    for one in gone if isinstance(gone, list) else [gone]:
        for value in one.dts:
            found.remove(aware(value.dt, one.params.get("TZID"), zones))
    return found


def events_of(calendar, zones):
    series = {}
    for event in calendar.walk("VEVENT"):
        series.setdefault(str(event["UID"]), []).append(event)
    for uid, events in series.items():
        found = []
        replaced = set()
        for event in events:
            if "RECURRENCE-ID" in event:
                replaced.add(said(time_of(event, "RECURRENCE-ID", zones)))
                start = time_of(event, "DTSTART", zones)
                found.append([said(start), said(end_of(event, start, zones))])
        for event in events:
            if "RECURRENCE-ID" in event:
                continue
            start = time_of(event, "DTSTART", zones)
            if "RRULE" not in event:
                found.append([said(start), said(end_of(event, start, zones))])
                continue
            end = end_of(event, start, zones)
            length = (end - start if not isinstance(start, datetime.datetime)
                      else end.astimezone(UTC) - start.astimezone(UTC))
            for one in starts_of(event, start, zones):
                if said(one) not in replaced:
                    found.append([said(one), said(plus(one, length))])
        yield uid, sorted(found)


def main():
    for line in sys.stdin:
        try:
            calendar = icalendar.Calendar.from_ical(json.loads(line))
            answer = dict(events_of(calendar, zones_of(calendar)))
        except Exception as error:  # whatever a reader stumbles over is this text's answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer))


main()
