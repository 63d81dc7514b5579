"""Properties over random input: our expansion of rules is dateutil's; write, read, write is a fixed point."""

import datetime
import os
import random
import sys
import unittest
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import dateutil.rrule  # noqa: E402
import programs  # noqa: E402
import schedules  # noqa: E402

RULES = {"quick": 200, "commit": 500, "full": 10000}[os.environ.get("CONVOKE_TEST_SCALE", "commit")]
DAYS = schedules.DAYS
dateutil.rrule.datetime.MAXYEAR = 2042  # else it looks for 30 February until the year 9999
LIMIT = 40
SPAN = datetime.timedelta(days=3653)  # no series is longer


def some(chance, values, most):
    return sorted(chance.sample(values, chance.randint(1, most)), key=values.index)


def rule(chance):
    """A rule of any shape that RFC 5545 gives a meaning to and we take; weeks begin on Monday."""
    frequency = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={frequency}"]
    if chance.random() < 0.5:
        parts.append(f"INTERVAL={chance.choice([2, 3, 4, 5, 7, 12])}")
    if chance.random() < (0.4 if frequency == "YEARLY" else 0.2):
        parts.append("BYMONTH=" + ",".join(map(str, some(chance, list(range(1, 13)), 4))))
    by_month = parts[-1].startswith("BYMONTH=")
    if frequency != "WEEKLY" and chance.random() < 0.35:
        choices = [*range(1, 32), *range(-31, 0)]
        parts.append("BYMONTHDAY=" + ",".join(map(str, some(chance, choices, 4))))
    if chance.random() < 0.5:
        days = some(chance, list(DAYS), 4)
        if frequency in ("MONTHLY", "YEARLY") and chance.random() < 0.5 and "BYMONTHDAY" not in parts[-1]:
            most = 53 if frequency == "YEARLY" and not by_month and chance.random() < 0.3 else 5
            days = [f"{chance.choice([*range(1, most + 1), *range(-most, 0)])}{day}" for day in days]
        parts.append("BYDAY=" + ",".join(days))
    # In a week's first period dateutil counts positions from the start's day on, not from the week's first.
    if frequency != "WEEKLY" and any(p.startswith(("BYDAY", "BYMONTHDAY")) for p in parts) and chance.random() < 0.3:
        parts.append("BYSETPOS=" + ",".join(map(str, some(chance, [1, 2, 3, -1, -2], 2))))
    end = chance.random()
    return ";".join(parts), end


def by_dateutil(text, start):
    out = []
    for at in dateutil.rrule.rrulestr(text, dtstart=start, cache=False):
        if at > start + SPAN or len(out) == LIMIT:
            break
        out.append(at.isoformat())
    return out


class Properties(unittest.TestCase):
    def expansions(self, seed):
        """[(rule, start, what we give)]"""
        chance, orders = random.Random(seed), []
        for _ in range(RULES):
            start = datetime.datetime(2026, 1, 1, 9) + datetime.timedelta(days=chance.randrange(1500),
                                                                          minutes=chance.randrange(1440))
            text, end = rule(chance)
            if end < 0.3:
                text += f";COUNT={chance.randint(1, 60)}"
            elif end < 0.6:
                text += f";UNTIL={(start + datetime.timedelta(days=chance.randrange(2000))).strftime('%Y%m%dT%H%M%S')}"
            orders.append({"expand": text, "start": start.isoformat(), "limit": LIMIT})
        return list(zip(orders, programs.answers([programs.program("calendar_texts")], orders)))

    def test_expansion_is_dateutil_s(self):
        dates = 0
        for order, answer in self.expansions("rules"):
            start = datetime.datetime.fromisoformat(order["start"])
            self.assertEqual(answer.get("starts"), by_dateutil(order["expand"], start), order)
            dates += len(answer["starts"])
        print(f"{RULES} rules, {dates} dates: dateutil agrees on every one")

    def test_negative_control_weeks_that_begin_on_sunday(self):
        wrong = [order for order, answer in self.expansions("rules") if answer.get("starts")
                 != by_dateutil(order["expand"] + ";WKST=SU", datetime.datetime.fromisoformat(order["start"]))]
        self.assertGreater(len(wrong), 0)

    def test_write_read_write_is_a_fixed_point(self):
        """Our reader finds in our text the instants it was made from, and what was read makes the same text again."""
        chance, zones = random.Random("fixed point"), schedules.zones()
        writer = [programs.program("calendar_texts")]
        made = [schedules.made(chance, chance.choice(zones), f"{n}@x") for n in range(RULES)]
        single = [one for one in made if "rule" not in one]
        first = programs.answers(writer, [{"form": "request", "entries": [one]} for one in single])
        read = programs.answers(writer, [{"reread": text["ics"]} for text in first])
        again = []
        for one, found in zip(single, read):
            component = found["components"][0]
            self.assertEqual([component["start"], component["end"]], schedules.instants(one)[0], one)
            again.append(reconstructed(one, component))
        second = programs.answers(writer, [{"form": "request", "entries": [one]} for one in again])
        for a, b in zip(first, second):
            self.assertEqual(a["ics"], b["ics"])
        print(f"{len(single)} entries written, read, written: the same octets")

    def test_every_date_of_a_series_is_read_at_its_instant(self):
        chance, zones = random.Random("dates"), ["Africa/Casablanca", "Asia/Jerusalem", "Africa/Cairo"]
        writer, series = [programs.program("calendar_texts")], []
        while len(series) < 50:
            one = schedules.made(chance, chance.choice(zones), f"{len(series)}@x")
            if "rule" in one and "allDay" not in one:
                series.append(one)
        texts = programs.answers(writer, [{"form": "request", "entries": [one]} for one in series])
        by_date = [(one, text) for one, text in zip(series, texts) if "\r\nRRULE" not in text["ics"]]
        self.assertGreater(len(by_date), 20)  # where nothing changes while the series lasts, it stays a rule
        read = programs.answers(writer, [{"reread": text["ics"]} for _, text in by_date])
        for (one, _), text in zip(by_date, read):
            found = sorted([c["start"], c["end"]] for c in text["components"])
            self.assertEqual(found, schedules.instants(one), one)
            self.assertEqual({c["uid"] for c in text["components"]}, {one["uid"]})
            self.assertEqual(len({c["recurrenceId"] for c in text["components"]}), len(found))


def reconstructed(one, component):
    """The entry that the instants read describe, in the zone it was written in."""
    if "allDay" in one:
        start, end = (datetime.date.fromisoformat(component[name]) for name in ("start", "end"))
        return one | {"start": f"{start}T00:00:00", "duration": f"P{(end - start).days}D"}

    local = datetime.datetime.fromtimestamp(component["start"], zoneinfo.ZoneInfo(one["timeZone"]))
    minutes = (component["end"] - component["start"]) // 60
    return one | {"start": local.replace(tzinfo=None).isoformat(), "duration": f"PT{minutes}M"}


if __name__ == "__main__":
    unittest.main()
