"""deploy/run, the one command of the README: it serves the demonstration and says where everything is.

Runs against the release build, which it makes itself if need be.
"""
# Runs alone.
# Not in quick.

import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import readers  # noqa: E402
from mail_server import free_port  # noqa: E402
from service import ROOT  # noqa: E402
from waiting import wait_until  # noqa: E402


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


class DeployRun(unittest.TestCase):
    def test_it_serves_the_demonstration_and_stops(self):
        with tempfile.TemporaryDirectory() as home:
            address = f"127.0.0.1:{free_port()}"
            environment = dict(os.environ, CONVOKE_HOME=home, CONVOKE_ADDRESS=address)
            for attempt in ("first", "again"):
                with self.subTest(attempt):
                    done = subprocess.run([ROOT / "deploy" / "run", "--detach"], env=environment, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True, timeout=900)
                    self.assertEqual(done.returncode, 0, done.stdout)
                    pid = int(re.search(r"kill (\d+)", done.stdout)[1])
                    try:
                        self.look(done.stdout, f"http://{address}", home)
                    finally:
                        os.kill(pid, signal.SIGTERM)
                        wait_until(lambda: not self.alive(pid), 6, "the service to end")

    @staticmethod
    def alive(pid):
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def look(self, said, base, home):
        self.assertIn(base, said)
        link = re.search(r"Organiser signs in (\S+)", said)[1]
        feed = re.search(r"member's feed +(\S+)", said)[1]
        self.assertTrue(link.startswith(base) and feed.startswith(base), said)
        self.assertEqual(get(link)[0], 200)
        self.assertGreater(len(readers.read_by_all(get(feed)[1])), 3)
        self.assertIn("Convoke", get(base + "/")[1])
        self.assertIn(home, said)
        self.assertTrue(os.path.exists(os.path.join(home, "convoke.db")))


if __name__ == "__main__":
    unittest.main()
