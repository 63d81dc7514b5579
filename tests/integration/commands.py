"""The commands of the one binary, beside a running service: results alone on standard output, everything else beside."""

import json
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
            "outbox show", "outbox retry", "person export", "person erase", "doctor", "demo", "token list", "token revoke",
            "audit list", "audit verify", "settings", "completion bash", "completion zsh", "completion fish", "lint"]


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

    def test_what_was_meant_is_offered(self):
        for line, code, words in [(["dance"], 2, ["dance", "convoke --help"]), (["tokn", "create"], 2, ["did you mean convoke token?"]),
                                  (["token", "crate"], 2, ["token crate", "did you mean convoke token create?"]),
                                  (["import", "members", "x.csv", "--comunity", "a"], 2, ["--comunity", "did you mean --community?"]),
                                  (["outbox", "list", "--state", "lost"], 2, ["--state", "pending"]),
                                  (["doctor", "--http.listn", "x"], 2, ["did you mean --http.listen?"]),
                                  (["token", "create", "--name", "x"], 2, ["--role", "required"]), ([], 2, ["--help"]), (["--bogus"], 2, ["--bogus"])]:
            with self.subTest(line), tempfile.TemporaryDirectory() as elsewhere:
                done = subprocess.run([binary(), *line], cwd=elsewhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                for word in words:
                    self.assertIn(word, done.stderr)
                self.assertLessEqual(len(done.stderr.splitlines()), 2)
                self.assertEqual(os.listdir(elsewhere), [], "a line that is not understood does nothing")

    def test_exit_codes_are_what_help_says(self):
        text = subprocess.run([binary(), "--help"], stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("Exit codes: 0 done; 1 the command failed, or doctor found a fault; 2 the line was not understood.", text)
        with tempfile.TemporaryDirectory() as folder:
            for line, code in [(["--version"], 0), (["settings"], 0), (["login-link", "nobody@convoke.example"], 1),
                               (["import", "members", "absent.csv", "--community", "x"], 1), (["outbox", "show", "x"], 1),
                               (["doctor", "--mail.transport", "smtp://127.0.0.1:1"], 1), (["doctor"], 0), (["dance"], 2)]:
                with self.subTest(line):
                    self.assertEqual(subprocess.run([binary(), *line], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                                    stderr=subprocess.DEVNULL, timeout=60).returncode, code)

    def test_version_is_one_line_with_the_zones(self):
        said = subprocess.run([binary(), "--version"], stdout=subprocess.PIPE, text=True).stdout
        self.assertRegex(said, r"^convoke \d+\.\d+\.\d+ \(tz .+\)\n$")


def at_a_terminal(arguments, cwd, typed=b""):
    """Runs a command whose standard input and error are a terminal: (exit code, standard output, what the terminal showed)."""
    control, terminal = os.openpty()
    process = subprocess.Popen([binary(), *arguments], cwd=cwd, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, start_new_session=True)
    os.close(terminal)
    shown = b""
    try:
        os.write(control, typed)
        while True:
            try:
                part = os.read(control, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        output = process.stdout.read()
        return process.wait(30), output.decode(), shown.decode()
    finally:
        os.close(control)
        process.stdout.close()
        if process.poll() is None:
            process.kill()
            process.wait()


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

    def test_tokens_are_listed_and_revoked(self):
        with Service(self.engine) as service:
            world.community(service)
            text = service.cli("token", "create", "--name", "the script", "--role", "organiser", "--community", "cop-mi").strip()
            self.assertEqual(service.api("GET", "/communities/cop-mi/members", token=text).status, 200)
            listed = [line.split("\t") for line in service.cli("token", "list").splitlines()]
            mine, = [line for line in listed if line[5] == "the script"]
            self.assertEqual((mine[1], mine[4]), ("organiser", "valid"))
            self.assertNotIn(text, service.cli("token", "list"), "the token itself is never said again")
            service.cli("token", "revoke", mine[0])
            self.assertEqual(service.api("GET", "/communities/cop-mi/members", token=text).status, 401)
            again = service.run("token", "revoke", mine[0])
            self.assertEqual((again.returncode, again.stdout), (1, ""))
            one, = [token for token in json.loads(service.cli("token", "list", "--json")) if token["name"] == "the script"]
            self.assertIn("revoked", one)

    def test_the_audit_log(self):
        with Service(self.engine) as service:
            world.community(service)
            service.cli("login-link", world.add_member(service, people.members(1)[0])["email"])
            lines = service.cli("audit", "list").splitlines()
            self.assertGreater(len(lines), 2)
            self.assertIn("command", lines[0], "the newest first: the command's own")
            self.assertEqual(len(json.loads(service.cli("audit", "list", "--json"))), len(lines))
            self.assertEqual(service.cli("audit", "list", "--limit", "1").splitlines(), lines[:1])
            self.assertTrue(all("cop-mi" in line for line in service.cli("audit", "list", "--community", "cop-mi").splitlines()))
            wait_until(lambda: re.search(r"(?m)^whole\t[1-9]\d* lines\thead [0-9a-f]{64}$", service.cli("audit", "verify")), 20, "a chain")
            head = service.cli("audit", "verify").split()[-1]
            self.assertEqual(service.run("audit", "verify", "--head", head).returncode, 0)
            self.assertEqual(service.run("audit", "verify", "--head", "0" * 63 + "1").returncode, 1)

    def test_doctor(self):
        with Service(self.engine) as service:
            done = service.run("doctor")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            results = {line[7:].split(": ")[0]: line[:7].strip() for line in done.stdout.splitlines()}
            self.assertEqual(results, {"settings": "ok", "program": "ok", "database": "ok", "disk": "ok", "time zones": "ok", "mail": "ok",
                                       "base URL": "warn", "clock": "ok", "open files": results["open files"]})
            told = json.loads(service.cli("doctor", "--json", "--deep"))
            self.assertEqual({check["check"]: check["result"] for check in told}, results)
            if self.engine == "sqlite":
                self.assertIn("undamaged", next(check["text"] for check in told if check["check"] == "database"))
        with Service(self.engine, {"mail": {"transport": "smtp://127.0.0.1:1"}}) as service:
            done = service.run("doctor")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertRegex(done.stdout, "(?m)^FAULT  mail: ")

    def test_progress_is_for_terminals_alone(self):
        with Service(self.engine) as service:
            world.community(service)
            path = service.place / "members.csv"
            path.write_text(people.as_csv(people.members()))
            line = ["import", "members", str(path), "--community", "cop-mi", "--dry-run", "--config", str(service.config)]
            code, output, shown = at_a_terminal(line, service.place)
            self.assertEqual(code, 0, shown)
            self.assertIn("importing members", shown)
            self.assertTrue(shown.endswith("\x1b[K"), "the line is wiped away in the end")
            self.assertEqual(output, "dry run: 151 members: 151 added, 0 changed, 0 unchanged\n")
            self.assertEqual(service.run(*line[:-2]).stderr, "")

    def test_all_long_work_shows_how_far_it_is(self):
        with Service(self.engine) as service:
            world.community(service)
            world.import_members(service, people.members(30))
            email = people.members(1)[0]["email"]
            world.create(service, world.online_event())
            wait_until(lambda: len(service.mail_files()) == 30, 30, "the invitations")
            ids = [row["id"] for row in world.outbox(service)]
            table = service.place / "events.md"
            table.write_text("# Work programme 2031\n\n| Title | Date | Format |\n| --- | --- | --- |\n" + "".join(
                f"| Event {n} | {1 + n % 28} March 2031 | online |\n" for n in range(40)))
            for words, pattern in (
                    (["import", "programme", str(table), "--community", "cop-mi"], "importing the programme: 40 of 40, 100 %, finishing"),
                    (["demo"], r"loading the demonstration community: (\d\d\d) of \1, 100 %, finishing"),
                    (["audit", "verify"], r"following the chain: (\d+) of \1, 100 %, finishing"),
                    (["outbox", "retry", *ids], f"sending again: {len(ids)} of {len(ids)}, 100 %, finishing"),
                    (["person", "export", email], r"gathering what is held: \d+ s"),
                    (["doctor"], r"checking base URL: \d+ s")):
                with self.subTest(words[:2]):
                    if words[0] == "audit":
                        wait_until(lambda: "not chained yet" not in service.run("audit", "verify").stderr, 20, "the lines to be chained")
                    line = [*words, "--config", str(service.config)]
                    _, output, shown = at_a_terminal(line, service.place)
                    self.assertRegex(shown, pattern)
                    self.assertNotIn("\r", output, "progress is no result")
                    quiet = service.run(*words)
                    self.assertNotIn("\r", quiet.stderr + quiet.stdout)

    def test_several_mails_are_sent_again(self):
        with Service(self.engine) as service:
            world.community(service)
            world.import_members(service, people.members(2))
            world.create(service, world.online_event())
            wait_until(lambda: len(service.mail_files()) == 2, 30, "the invitations")
            ids = [row["id"] for row in world.outbox(service)]
            done = service.run("outbox", "retry", *ids)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            for one in ids:
                self.assertIn(one, done.stderr, "each that was not failed is named")
            self.assertIn("0 mails are due again", done.stderr)
            self.assertIn("is no id", service.run("outbox", "retry", ids[0], "x").stderr)

    def test_erasing_asks_first(self):
        with Service(self.engine) as service:
            world.community(service)
            email = world.add_member(service, people.members(1)[0])["email"]
            line = ["person", "erase", email, "--config", str(service.config)]
            done = service.run(*line[:-2])
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("--yes", done.stderr)
            code, _, shown = at_a_terminal(line, service.place, b"somebody\n")
            self.assertEqual(code, 1)
            self.assertIn("cannot be undone", shown)
            self.assertEqual(len(service.items("/communities/cop-mi/members")), 1)
            code, _, shown = at_a_terminal(line, service.place, email.encode() + b"\n")
            self.assertEqual(code, 0, shown)
            self.assertEqual(service.items("/communities/cop-mi/members"), [])

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

    def test_lists_as_spreadsheets_leave_them(self):
        """Any delimiter, a byte-order mark, Latin-1; one bad row of 500 is named and nothing is taken."""
        with Service(self.engine) as service:
            world.community(service)
            path = service.place / "members.csv"
            header = "email,name,organisation,country,language,timeZone,role\n"
            rows = [f"m{n:03d}@convoke.example,Zoë Müller {n},Org,DE,de,Europe/Berlin,member\n" for n in range(500)]
            for name, data in [("semicolon", (header + "".join(rows[:3])).replace(",", ";").encode()),
                               ("tab", (header + "".join(rows[:3])).replace(",", "\t").encode()),
                               ("mark", b"\xef\xbb\xbf" + (header + "".join(rows[:3])).encode())]:
                with self.subTest(name):
                    path.write_bytes(data)
                    done = json.loads(service.cli("import", "members", str(path), "--community", "cop-mi", "--dry-run", "--json"))
                    self.assertEqual(done, {"dryRun": True, "members": 3, "added": 3, "changed": 0, "unchanged": 0})
            bad = list(rows)
            bad[336] = "m336@convoke,Zoë,Org,Atlantis,de,Europe/Berlin,member\n"
            for name, data, places in [("one bad row of 500", (header + "".join(bad)).encode(), ["row 338, column email", "row 338, column country"]),
                                       ("pipes", (header + "".join(rows[:3])).replace(",", "|").encode(), [""]),
                                       ("Latin-1", (header + "".join(rows[:3])).encode("latin-1"), ["row 2"])]:
                with self.subTest(name):
                    path.write_bytes(data)
                    done = service.run("import", "members", str(path), "--community", "cop-mi")
                    self.assertEqual((done.returncode, done.stdout), (1, ""))
                    for place in places:
                        self.assertIn(place, done.stderr)
                    told = service.run("import", "members", str(path), "--community", "cop-mi", "--json")
                    self.assertEqual(told.returncode, 1)
                    faults = json.loads(told.stdout)["faults"]
                    self.assertTrue(all(fault["code"] and fault["detail"] for fault in faults), faults)
                    if name.startswith("one"):
                        self.assertEqual([fault["place"] for fault in faults], places)
            self.assertEqual(service.items("/communities/cop-mi/members"), [])
            self.assertEqual(world.outbox(service), [])

    def test_migrate_again_changes_nothing(self):
        with Service(self.engine) as service:
            world.community(service)
            service.cli("migrate")
            self.assertEqual(len(service.items("/communities")), 1)


globals().update(both_engines(Beside))

if __name__ == "__main__":
    unittest.main()
