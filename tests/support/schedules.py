"""Random schedules, and the instants they mean by Python's zoneinfo and dateutil: the truth that calendar texts are
held against. A schedule is a dict as tests/programs/calendar_texts takes it."""

import datetime
import functools
import zoneinfo

import dateutil.rrule

UTC = datetime.timezone.utc
FIRST, LAST = datetime.datetime(2026, 1, 2), datetime.datetime(2037, 12, 1)
AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
         "US", "Canada", "Brazil", "Chile", "Mexico")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def zones():
    """Every current zone and its links, by area, and UTC; not the names without a place ('EST5EDT', 'Etc/GMT+3')."""
    return sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in AREAS and "/" in name) + ["UTC"]


def instant(local, zone):
    """RFC 5545 §3.3.5: in a gap the offset before it, in a fold the first pass."""
    return local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).astimezone(UTC)


def unique(local, zone):
    at = local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0)
    return (at.utcoffset() == at.replace(fold=1).utcoffset()
            and at.astimezone(UTC).astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) == local)


@functools.lru_cache(maxsize=None)
def changes(zone):
    """The wall times at which the zone's offset changes, roughly."""
    if zone == "UTC":
        return ()
    info, out = zoneinfo.ZoneInfo(zone), []
    step, at = datetime.timedelta(days=7), FIRST.replace(tzinfo=UTC)
    while at.replace(tzinfo=None) < LAST:
        low, high = at, at + step
        before = low.astimezone(info).utcoffset()
        if before != high.astimezone(info).utcoffset():
            while high - low > datetime.timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if middle.astimezone(info).utcoffset() == before else (low, middle)
            out.append(high.astimezone(info).replace(tzinfo=None, second=0, microsecond=0))
        at += step
    return tuple(out)


def _moment(chance, zone):
    """A wall time; every other one within two days of a clock change."""
    near = changes(zone)
    while True:
        if near and chance.random() < 0.5:
            at = chance.choice(near) + datetime.timedelta(minutes=5 * chance.randint(-576, 576))
            at -= datetime.timedelta(minutes=at.minute % 5)
        else:
            at = FIRST + datetime.timedelta(minutes=5 * chance.randrange(int((LAST - FIRST).total_seconds()) // 300))
        if FIRST <= at <= LAST and unique(at, zone):
            return at


def _length(chance):
    days = chance.choice([0, 0, 0, 0, 0, 1, 2])
    minutes = 15 * chance.randint(0 if days else 1, 40)
    return days, minutes


def duration_text(days, minutes):
    return "P" + (f"{days}D" if days else "") + (f"T{minutes}M" if minutes else "")


def rule(chance, start):
    """A rule of any shape we take that gives its own start."""
    day, week = DAYS[start.weekday()], (start.day - 1) // 7 + 1
    other = chance.choice(DAYS)
    shape = chance.choice([
        "FREQ=DAILY", "FREQ=WEEKLY", f"FREQ=WEEKLY;BYDAY={','.join(sorted({day, other}, key=DAYS.index))}",
        "FREQ=MONTHLY", f"FREQ=MONTHLY;BYMONTHDAY={start.day}", f"FREQ=MONTHLY;BYDAY={week}{day}" if week < 5 else "FREQ=WEEKLY",
        "FREQ=YEARLY", f"FREQ=YEARLY;BYMONTH={start.month};BYMONTHDAY={start.day}",
        f"FREQ=DAILY;BYDAY={','.join(sorted({day, other}, key=DAYS.index))}",
        f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, sorted({start.day, 12})))}",
        f"FREQ=MONTHLY;BYDAY={day};BYSETPOS={week}"])
    interval = chance.choice([1, 1, 1, 2, 3])
    return shape + (f";INTERVAL={interval}" if interval > 1 else "")


def rule_starts(text, start):
    """The first fifty at most, within ten years and so early in December 2037 that what is added later lies in it too."""
    out = []
    for at in dateutil.rrule.rrulestr(text, dtstart=start):
        if at >= min(LAST + datetime.timedelta(days=18), start + datetime.timedelta(days=3650)) or len(out) == 50:
            break
        out.append(at)
    return out


def made(chance, zone, uid):
    at = _moment(chance, zone)
    kind = chance.random()
    days, minutes = _length(chance)
    out = {"uid": uid, "timeZone": zone, "duration": duration_text(days, minutes)}
    if kind < 0.1:
        at = at.replace(hour=0, minute=0)
        out |= {"allDay": True, "duration": f"P{chance.randint(1, 4)}D"}
    out["start"] = at.isoformat()
    if kind < 0.05 or kind > 0.75:
        _recurring(chance, out, at)
    return out


def _recurring(chance, out, at):
    text = rule(chance, at)
    starts = rule_starts(text, at)
    wanted = chance.randint(1, min(12, len(starts)))
    if chance.random() < 0.5:
        out["rule"] = f"{text};COUNT={wanted}"
    else:
        out["rule"] = f"{text};UNTIL={starts[wanted - 1].strftime('%Y%m%dT%H%M%S')}"
    starts, overrides, zone = starts[:wanted], {}, out["timeZone"]
    for start in starts[1:]:
        if chance.random() < 0.15:
            overrides[start.isoformat()] = {"excluded": True}
        elif chance.random() < 0.15:
            if "allDay" in out:
                overrides[start.isoformat()] = {"start": (start + datetime.timedelta(days=1)).isoformat()}
            else:
                moved = start + datetime.timedelta(minutes=30 * chance.randint(-5, 50))
                if unique(moved, zone):
                    overrides[start.isoformat()] = {"start": moved.isoformat(), "duration": duration_text(0, 45)}
    if chance.random() < 0.1:
        added = starts[-1] + datetime.timedelta(days=chance.randint(1, 9))
        if unique(added, zone) and added.isoformat() not in overrides:
            overrides[added.isoformat()] = {"title": "Added"}
    if overrides:
        out["overrides"] = overrides


def _length_of(text):
    days, _, rest = text[1:].partition("T")
    return int(days[:-1] or 0) if days else 0, int(rest[:-1]) if rest else 0


def instants(schedule):
    """[[start, end], ...], sorted: seconds since 1970, or dates."""
    start = datetime.datetime.fromisoformat(schedule["start"])
    starts = [start]
    if "rule" in schedule:
        starts = list(dateutil.rrule.rrulestr(schedule["rule"], dtstart=start))
    overrides = schedule.get("overrides", {})
    starts += [datetime.datetime.fromisoformat(at) for at in overrides
               if datetime.datetime.fromisoformat(at) not in starts]
    out = []
    for one in starts:
        change = overrides.get(one.isoformat(), {})
        if "excluded" in change:
            continue
        at = datetime.datetime.fromisoformat(change.get("start", one.isoformat()))
        days, minutes = _length_of(change.get("duration", schedule["duration"]))
        if "allDay" in schedule:
            out.append([at.date().isoformat(), (at.date() + datetime.timedelta(days=days)).isoformat()])
            continue
        begin = instant(at, schedule["timeZone"])
        end = instant(at + datetime.timedelta(days=days), schedule["timeZone"]) + datetime.timedelta(minutes=minutes)
        out.append([int(begin.timestamp()), int(end.timestamp())])
    return sorted(out)
