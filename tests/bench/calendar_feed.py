"""Feeds and rules against libical doing the same work in the same run: ratios, whatever the machine.

    CONVOKE_BINARY=build/convoke python3 tests/bench/calendar_feed.py
"""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import programs  # noqa: E402

FEED, RULE = 8, 1


class CalendarFeed(unittest.TestCase):
    def test_faster_than_libical(self):
        run = subprocess.run([programs.program("bench_calendar_feed")], stdout=subprocess.PIPE, check=True)
        print(run.stdout.decode())
        for name, found in json.loads(run.stdout).items():
            with self.subTest(name):
                self.assertGreaterEqual(found["ratio"], FEED if name.startswith("feed") else RULE)


if __name__ == "__main__":
    unittest.main()
