#!/usr/bin/python3
"""Reads iCalendar text (standard input) with libical 3 (Evolution's and KDE's reader) through ctypes and prints
the readers' normal form. DTSTART and DTEND are resolved by the VTIMEZONEs in the text; RECURRENCE-ID through
icalproperty_get_datetime_with_component, because icalcomponent_get_recurrenceid ignores its zone.
"""

import ctypes
import datetime
import json
import sys

ical = ctypes.CDLL("libical.so.3")
libc = ctypes.CDLL(None)
Pointer, Int, Text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p


class Time(ctypes.Structure):
    _fields_ = [(name, Int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date",
                                         "is_daylight")] + [("zone", Pointer)]


class Duration(ctypes.Structure):
    _fields_ = [("is_neg", Int)] + [(name, ctypes.c_uint) for name in ("days", "weeks", "hours", "minutes", "seconds")]


def function(name, result, *arguments):
    found = getattr(ical, name)
    found.restype, found.argtypes = result, arguments
    return found


parse = function("icalparser_parse_string", Pointer, Text)
free = function("icalcomponent_free", None, Pointer)
kind_from = function("icalcomponent_string_to_kind", Int, Text)
property_kind_from = function("icalproperty_string_to_kind", Int, Text)
parameter_kind_from = function("icalparameter_string_to_kind", Int, Text)
is_a = function("icalcomponent_isa", Int, Pointer)
first_component = function("icalcomponent_get_first_component", Pointer, Pointer, Int)
next_component = function("icalcomponent_get_next_component", Pointer, Pointer, Int)
first_property = function("icalcomponent_get_first_property", Pointer, Pointer, Int)
next_property = function("icalcomponent_get_next_property", Pointer, Pointer, Int)
property_value = function("icalproperty_get_value_as_string_r", Pointer, Pointer)
property_text = function("icalproperty_get_value", Pointer, Pointer)
text_value = function("icalvalue_get_text", Text, Pointer)
parameter_text = function("icalproperty_get_parameter_as_string_r", Pointer, Pointer, Text)
count_errors = function("icalcomponent_count_errors", Int, Pointer)
start_of = function("icalcomponent_get_dtstart", Time, Pointer)
end_of = function("icalcomponent_get_dtend", Time, Pointer)
date_time_of = function("icalproperty_get_datetime_with_component", Time, Pointer, Pointer)
seconds_of = function("icaltime_as_timet_with_zone", ctypes.c_long, Time, Pointer)
is_utc = function("icaltime_is_utc", Int, Time)
is_null = function("icaltime_is_null_time", Int, Time)


def taken(pointer):
    """The text behind a pointer that libical gave away."""
    if not pointer:
        return None
    text = ctypes.cast(pointer, Text).value.decode()
    libc.free(ctypes.c_void_p(pointer))
    return text


def each(first, following, component, kind):
    found = first(component, kind)
    while found:
        yield found
        found = following(component, kind)


def properties(component, name):
    return each(first_property, next_property, component, property_kind_from(name.encode()))


def value(component, name):
    found = next(properties(component, name), None)
    return taken(property_value(found)) if found else None


def text(component, name):
    """A TEXT value with its escapes undone."""
    found = next(properties(component, name), None)
    return text_value(property_text(found)).decode() if found else None


def said(time):
    if time.is_date:
        return f"{time.year:04d}-{time.month:02d}-{time.day:02d}"
    if not time.zone and not is_utc(time):
        raise ValueError(f"{time.year}-{time.month}-{time.day} {time.hour}:{time.minute} has no zone in this text")
    instant = datetime.datetime.fromtimestamp(seconds_of(time, time.zone), datetime.timezone.utc)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def address(given):
    if given is None:
        return None
    return (given[7:] if given.lower().startswith("mailto:") else given).lower()


def upper(given):
    return None if given is None else given.upper()


def check_zones(event, declared):
    """libical would silently take a zone of its own for one that the text does not declare."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        for found in properties(event, name):
            zone = taken(parameter_text(found, b"TZID"))
            if zone is not None and zone not in declared:
                raise ValueError(f"{name} names {zone}, which has no VTIMEZONE in this text")


def entry(event, method):
    start, end = start_of(event), end_of(event)
    instance = next(properties(event, "RECURRENCE-ID"), None)
    return {
        "uid": text(event, "UID"),
        "recurrence_id": said(date_time_of(instance, event)) if instance else None,
        "start_utc": said(start),
        "end_utc": said(end),
        "all_day": bool(start.is_date),
        "status": upper(value(event, "STATUS")),
        "summary": text(event, "SUMMARY") or "",
        "sequence": int(value(event, "SEQUENCE") or 0),
        "transparent": upper(value(event, "TRANSP")) == "TRANSPARENT",
        "attendees": sorted(({"address": address(taken(property_value(one))),
                              "partstat": taken(parameter_text(one, b"PARTSTAT")) or "NEEDS-ACTION"}
                             for one in properties(event, "ATTENDEE")), key=lambda one: one["address"]),
        "organizer": address(value(event, "ORGANIZER")),
        "method": method,
    }


def main():
    calendar = parse(sys.stdin.buffer.read())
    if not calendar or is_a(calendar) != kind_from(b"VCALENDAR"):
        raise ValueError("not one VCALENDAR")
    if count_errors(calendar):
        raise ValueError(f"libical found {count_errors(calendar)} errors")
    method = upper(value(calendar, "METHOD"))
    zones = each(first_component, next_component, calendar, kind_from(b"VTIMEZONE"))
    declared = {value(zone, "TZID") for zone in list(zones)}
    events = list(each(first_component, next_component, calendar, kind_from(b"VEVENT")))
    for event in events:
        check_zones(event, declared)
    json.dump([entry(event, method) for event in events], sys.stdout)
    free(calendar)


main()
