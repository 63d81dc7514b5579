"""Three readers of iCalendar that are not ours, asked the same question."""

import json
import os
import subprocess

_HERE = os.path.dirname(os.path.abspath(__file__))
READERS = {"ical.js": ["node", os.path.join(_HERE, "read_icaljs.mjs")],
           "python-icalendar": ["/usr/bin/python3", os.path.join(_HERE, "read_icalendar.py")],
           "libical": ["/usr/bin/python3", os.path.join(_HERE, "read_libical.py")]}


class Unreadable(AssertionError):
    pass


def read(reader, text):
    """What one reader finds in a calendar: a list of entries in the normal form, ordered by UID and instance."""
    sent = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(READERS[reader], input=sent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        raise Unreadable(f"{reader}: {done.stderr.decode()[-1500:]}\n{sent.decode(errors='replace')[:3000]}")
    return sorted(json.loads(done.stdout), key=lambda entry: (entry["uid"], entry["recurrence_id"] or ""))


def read_by_all(text):
    """What all three find; raises when they differ."""
    found = {reader: read(reader, text) for reader in READERS}
    first = found["libical"]
    for reader, entries in found.items():
        for one, other in zip(first, entries):
            if one != other:
                keys = [key for key in one if one[key] != other.get(key)]
                raise Unreadable(f"libical and {reader} differ on {one['uid']}: "
                                 + "; ".join(f"{key}: {one[key]!r} and {other.get(key)!r}" for key in keys))
        if len(entries) != len(first):
            raise Unreadable(f"libical finds {len(first)} entries, {reader} {len(entries)}")
    return first
