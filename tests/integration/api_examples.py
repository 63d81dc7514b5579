"""deploy/examples/api.md does what it says: its commands are run as they stand, in one shell, against a fresh service; and
its check of a webhook's signature tells what the service signs from what it does not."""

import hashlib
import hmac
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from service import ROOT, Service, binary  # noqa: E402
from waiting import wait_until  # noqa: E402

PAGE = (ROOT / "deploy" / "examples" / "api.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def run(service, script):
    """Runs a script where `convoke` is the service's own; stops at the first command that fails."""
    folder = pathlib.Path(service.place)
    shim = folder / "convoke"
    shim.write_text(f'#!/bin/sh\nexec "{binary()}" "$@" --config "{service.config}"\n')
    shim.chmod(0o755)
    return subprocess.run(["bash", "-eu", "-o", "pipefail", "-x", "-c", script], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120,
                          env={**os.environ, "HOST": service.url, "PATH": f"{folder}:{os.environ['PATH']}"})


class Examples(unittest.TestCase):
    def test_every_command_of_the_page(self):
        with Service() as service:
            done = run(service, "\n".join(blocks("bash")))
            self.assertEqual(done.returncode, 0, done.stderr[-3000:] + done.stdout[-2000:])
            for said in ("BEGIN:VCALENDAR", "link_missing", "changed_meanwhile", '"status":"confirmed"', "niamh@ngo.example\n",
                         "giulia@comune.example\n", "event.publish", '"type":"ping"', '"state":"cancelled"'):
                self.assertIn(said, done.stdout)
            mails = service.items("/outbox")
            self.assertLessEqual({"invitation", "confirmation", "cancellation"}, {mail["kind"] for mail in mails})
            wait_until(lambda: len(service.mail_files()) >= 4, 30, "the mails the page speaks of")

    def test_a_command_that_fails_is_found(self):
        """Control: the same page against a service that refuses its token."""
        with Service() as service:
            done = run(service, "\n".join(blocks("bash")).replace("Bearer $TOKEN", "Bearer nothing"))
            self.assertNotEqual(done.returncode, 0)

    def test_every_block_is_run(self):
        languages = re.findall(r"^```(\w*)$", PAGE, re.M)
        self.assertEqual({one for one in languages if one}, {"bash", "python"})
        self.assertEqual(len(languages), 2 * len(blocks("bash") + blocks("python")))

    def test_the_check_of_a_signature(self):
        names = {}
        exec("\n".join(blocks("python")), names)
        genuine, secret, body = names["is_genuine"], "whsec_abcdefghijklmnop", b'{"id":"1","type":"ping"}'

        def signed(key, at, text):
            return f"t={at},v1=" + hmac.new(key.encode(), f"{at}.".encode() + text, hashlib.sha256).hexdigest()

        now = int(time.time())
        self.assertTrue(genuine(secret, signed(secret, now, body), body))
        self.assertFalse(genuine(secret, signed("another-secret-altogether", now, body), body))
        self.assertFalse(genuine(secret, signed(secret, now, body), body + b" "))
        self.assertFalse(genuine(secret, signed(secret, now - 3600, body), body))


if __name__ == "__main__":
    unittest.main()
