"""The right instant, in every zone, on every day: schedules beside and far from clock changes, as REQUEST and as feed,
read back by ical.js, python-icalendar with dateutil and libical, against Python's zoneinfo."""

import concurrent.futures
import os
import random
import sys
import time
import unittest

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support")
sys.path.insert(0, SUPPORT)

import programs  # noqa: E402
import schedules  # noqa: E402

# Schedules a zone; every so many of them also goes out as an invitation of its own.
COUNT = {"quick": 3, "commit": 6, "full": 2000}[os.environ.get("CONVOKE_TEST_SCALE", "commit")]
REQUESTS = {"quick": 3, "commit": 5, "full": 20}[os.environ.get("CONVOKE_TEST_SCALE", "commit")]
FEED = 50
IRREGULAR = {"Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Nuuk", "America/Santiago",
             "America/Scoresbysund", "Asia/Gaza", "Asia/Hebron", "Asia/Jerusalem"}


def readers():
    here = os.path.join(SUPPORT, "readers")
    return {"ical.js": ["node", os.path.join(here, "instants_icaljs.mjs")],
            "python-icalendar": ["/usr/bin/python3", os.path.join(here, "instants_icalendar.py")],
            "libical": [programs.program("libical_instants")]}


def differences(texts, expected, given=None):
    """[(reader, UID, what it finds, what is true)] over texts and the entries each holds."""
    out = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        asked = {name: pool.submit(programs.answers, command, texts)
                 for name, command in (given or readers()).items()}
        for name, future in asked.items():
            for found, true in zip(future.result(), expected):
                if "error" in found:
                    out.append((name, ",".join(sorted(true)), found["error"], ""))
                    continue
                for uid in set(true) | set(found):
                    if found.get(uid) != true.get(uid):
                        out.append((name, uid, found.get(uid), true.get(uid)))
    return out


class Zones(unittest.TestCase):
    def check_zones(self, zones, seed):
        """Every schedule of these zones through writer and readers: the differences, how many entries and instants."""
        chance = random.Random(seed)
        orders, expected = [], []
        for zone in zones:
            made = [schedules.made(chance, zone, f"{zone.replace('/', '.')}-{n}@x") for n in range(COUNT)]
            for at in range(0, len(made), FEED):
                part = made[at:at + FEED]
                orders.append({"form": "feed", "entries": part})
                expected.append({one["uid"]: schedules.instants(one) for one in part})
            for one in made[::REQUESTS]:
                orders.append({"form": "request", "entries": [one]})
                expected.append({one["uid"]: schedules.instants(one)})
        texts = programs.answers([programs.program("calendar_texts")], orders)
        for text in texts:
            self.assertEqual(text["refused"], {})
        wrong = differences([text["ics"] for text in texts], expected)
        return wrong, sum(map(len, expected)), sum(len(v) for one in expected for v in one.values())

    def test_every_zone(self):
        zones = schedules.zones()
        self.assertGreater(len(zones), 500)
        self.assertLessEqual(IRREGULAR, set(zones))
        started, wrong, entries, instants = time.monotonic(), [], 0, 0
        batch = max(1, 4000 // COUNT)
        for at in range(0, len(zones), batch):
            seen = self.check_zones(zones[at:at + batch], f"zones {at} {COUNT}")
            wrong += seen[0]
            entries, instants = entries + seen[1], instants + seen[2]
        print(f"{len(zones)} zones, {entries} entries, {instants} occurrences, three readers: {len(wrong)} differences "
              f"({time.monotonic() - started:.0f} s)")
        self.assertEqual(wrong[:5], [])

    def test_a_yearly_rule_ends_early_on_new_year_s_day(self):
        """East of Greenwich the UTC of UNTIL lies in the year before; ical.js then finds no date in a rule that begins with it."""
        made = [{"uid": f"{zone}@x", "timeZone": zone, "duration": "PT60M", "start": "2031-01-01T03:25:00",
                 "rule": "FREQ=YEARLY;UNTIL=20310101T032500"} for zone in ("Asia/Kabul", "Europe/Athens", "Pacific/Auckland", "UTC", "America/New_York")]
        text = programs.answers([programs.program("calendar_texts")], [{"form": "feed", "entries": made}])[0]["ics"]
        expected = [{one["uid"]: schedules.instants(one) for one in made}]
        self.assertEqual({len(times) for times in expected[0].values()}, {1})
        self.assertEqual(differences([text], expected), [])
        exact = text.replace("UNTIL=20310101T000000Z", "UNTIL=20301231T225500Z", 1)
        self.assertEqual([one[0] for one in differences([exact], expected)], ["ical.js"])  # the control

    def test_negative_control_the_library_s_own_vtimezone(self):
        """With what libical writes for Dublin a reader refuses the text, and without its X- lines is an hour wrong."""
        chance = random.Random("dublin")
        made = [schedules.made(chance, "Europe/Dublin", f"{n}@x") for n in range(100)]
        text = programs.answers([programs.program("calendar_texts")], [{"form": "feed", "entries": made}])[0]["ics"]
        own = programs.answers([programs.program("libical_instants")], [{"zone": "Europe/Dublin"}])[0]["vtimezone"]
        begin, end = text.index("BEGIN:VTIMEZONE"), text.index("END:VTIMEZONE\r\n") + len("END:VTIMEZONE\r\n")
        expected = [{one["uid"]: schedules.instants(one) for one in made}]
        self.assertEqual(differences([text], expected), [])
        wrong = differences([text[:begin] + own + text[end:]], expected)
        print(f"with libical's own VTIMEZONE: {len(wrong)} differences, by {sorted({one[0] for one in wrong})}")
        self.assertGreater(len(wrong), 0)
        bare = "".join(line for line in own.splitlines(True) if not line.startswith("X-"))
        wrong = differences([text[:begin] + bare + text[end:]], expected)
        shifts = {true[0] - found[0] for _, _, both, truth in wrong for found, true in zip(both, truth)
                  if isinstance(both, list)}
        print(f"without its X- lines: {len(wrong)} differences, by {sorted({one[0] for one in wrong})}, off by {shifts} s")
        self.assertIn(3600, {abs(shift) for shift in shifts})

    def test_negative_control_a_clock_change_a_week_late(self):
        chance = random.Random("brussels")
        made = [schedules.made(chance, "Europe/Brussels", f"{n}@x") for n in range(40)]
        text = programs.answers([programs.program("calendar_texts")], [{"form": "feed", "entries": made}])[0]["ics"]
        late = text.replace("BYMONTH=10;BYDAY=-1SU", "BYMONTH=11;BYDAY=1SU")
        self.assertNotEqual(late, text)
        wrong = differences([late], [{one["uid"]: schedules.instants(one) for one in made}])
        self.assertEqual({one[0] for one in wrong}, set(readers()))


if __name__ == "__main__":
    unittest.main()
