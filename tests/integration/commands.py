"""The commands of the one binary, beside a running service: results alone on standard output, everything else beside."""

import re
import subprocess
import tempfile
import unittest
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from service import Service, binary, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

COMMANDS = ["serve", "migrate", "token create", "login-link", "import programme", "import members", "outbox list",
            "outbox show", "outbox retry", "person export", "person erase", "doctor", "demo"]


class Help(unittest.TestCase):
    def test_every_command_explains_itself(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            whole = subprocess.run([binary(), "--help"], cwd=elsewhere, stdout=subprocess.PIPE, text=True, timeout=20)
            self.assertEqual(whole.returncode, 0)
            for command in COMMANDS:
                with self.subTest(command):
                    self.assertIn(command.split()[0], whole.stdout)
                    own = subprocess.run([binary(), *command.split(), "--help"], cwd=elsewhere, stdout=subprocess.PIPE,
                                         text=True, timeout=20)
                    self.assertEqual(own.returncode, 0)
                    self.assertGreater(len(own.stdout), 60)
            self.assertEqual(os.listdir(elsewhere), [], "help leaves nothing behind")

    def test_an_unknown_command_is_an_error(self):
        done = subprocess.run([binary(), "dance"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertIn("dance", done.stderr)

    def test_wrong_settings_stop_it_with_a_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            for text, word in [("[http]\nlisten = \"127.0.0.1:99999\"\n", "listen"), ("[http]\nlisten_on = 1\n", "listen_on"),
                               ("[mail]\ntransport = \"carrier:pigeon\"\n", "transport"), ("[http\n", "toml")]:
                path = os.path.join(folder, "c.toml")
                with open(path, "w") as file:
                    file.write(text)
                done = subprocess.run([binary(), "serve", "--config", path], cwd=folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True, timeout=20)
                with self.subTest(word):
                    self.assertNotEqual(done.returncode, 0)
                    self.assertIn(word, done.stderr)


class Beside:
    def test_token_link_and_outbox(self):
        with Service(self.engine) as service:
            token = service.run("token", "create", "--name", "t", "--role", "admin")
            self.assertEqual((token.returncode, token.stdout.count("\n")), (0, 1), token.stderr)
            self.assertRegex(token.stdout.strip(), r"^[A-Za-z0-9_.~-]{22,}$")
            world.community(service)
            member = people.members(1)[0]
            world.add_member(service, member)
            link = service.run("login-link", member["email"])
            self.assertEqual(link.returncode, 0, link.stderr)
            self.assertRegex(link.stdout, rf"^{re.escape(service.url)}/\S+\n$")
            page = service.request("GET", link.stdout.strip())
            self.assertEqual(page.status, 200)
            self.assertIn("<button", page.text)
            cookies = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie", []))
            self.assertIn("/sign-in", service.request("GET", "/me", headers={"Cookie": cookies}).text,
                          "looking at the page signs nobody in")

            event = world.create(service, world.online_event())
            wait_until(lambda: len(service.mail_files()) == 1, 10, "the invitation")
            wait_until(lambda: world.outbox(service)[0]["state"] == "sent", 10, "the row")
            listed = service.cli("outbox", "list")
            self.assertIn(member["email"], listed)
            row = world.outbox(service, event=event["id"])[0]
            shown = service.cli("outbox", "show", str(row["id"]))
            self.assertIn(row["messageId"].strip("<>"), shown)
            again = service.run("outbox", "retry", str(row["id"]))
            self.assertNotEqual(again.returncode, 0, "a sent mail is not sent again")

    def test_doctor(self):
        with Service(self.engine) as service:
            done = service.run("doctor")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertGreater(len(done.stdout.splitlines()), 4)
        with Service(self.engine, {"mail": {"transport": "smtp://127.0.0.1:1"}}) as service:
            done = service.run("doctor")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertRegex(done.stdout + done.stderr, "(?i)smtp|mail")

    def test_members_from_a_file(self):
        with Service(self.engine) as service:
            world.community(service)
            members = people.members()
            path = service.place / "members.csv"
            path.write_text(people.as_csv(members))
            service.cli("import", "members", str(path), "--community", "cop-mi", "--dry-run")
            self.assertEqual(service.items("/communities/cop-mi/members"), [])
            service.cli("import", "members", str(path), "--community", "cop-mi")
            stored = service.items("/communities/cop-mi/members")
            self.assertEqual({one["email"]: one["timeZone"] for one in stored},
                             {one["email"]: one["timeZone"] for one in members})
            service.cli("import", "members", str(path), "--community", "cop-mi")
            self.assertEqual(service.items("/communities/cop-mi/members"), stored)
            self.assertEqual(world.outbox(service), [])

    def test_bad_rows_are_all_listed_and_nothing_is_taken(self):
        with Service(self.engine) as service:
            world.community(service)
            rows = people.members(10)
            rows[3]["email"] = "not an address"
            rows[7]["timeZone"] = "Europe/Brusels"
            path = service.place / "members.csv"
            path.write_text(people.as_csv(rows))
            done = service.run("import", "members", str(path), "--community", "cop-mi")
            self.assertNotEqual(done.returncode, 0)
            for words in ("row 5", "email", "row 9", "timeZone"):
                self.assertIn(words, done.stdout + done.stderr)
            self.assertEqual(service.items("/communities/cop-mi/members"), [])

    def test_migrate_again_changes_nothing(self):
        with Service(self.engine) as service:
            world.community(service)
            service.cli("migrate")
            self.assertEqual(len(service.items("/communities")), 1)


globals().update(both_engines(Beside))

if __name__ == "__main__":
    unittest.main()
