"""Settings: one table behind file, environment, flags, help, example and page; what is wrong stops the start, all of it
at once, a line each with place, key, reason and remedy."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import certificates  # noqa: E402
from mail_server import MailServer, free_port  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import ROOT, Service, binary, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("settings", expected=["B35"])
tearDownModule = card.finish


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONVOKE_") or name.startswith("CONVOKE_TEST_")}
    return {**kept, **more}


def convoke(*arguments, cwd=None, **environment):
    return subprocess.run([binary(), *arguments], cwd=cwd, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)


class Place(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="settings-")
        self.addCleanup(self._folder.cleanup)
        self.place = pathlib.Path(self._folder.name)

    def refused(self, text, *words, arguments=(), **environment):
        """Serve and --check-config end with 1, say the same lines, and nothing was made. The lines."""
        path = self.place / "convoke.toml"
        path.write_text(text)
        lines = {}
        for form in (["serve"], ["serve", "--check-config"]):
            done = convoke(*form, "--config", str(path), *arguments, cwd=self.place, **environment)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            lines[len(form)] = [line.removeprefix("convoke: ").replace(str(path), "convoke.toml") for line in done.stderr.splitlines()]
        self.assertEqual(lines[1], lines[2])
        for word in words:
            self.assertIn(word, "\n".join(lines[1]))
        self.assertFalse((self.place / "convoke.db").exists(), "a refused start makes no database")
        return lines[1]


class Refusals(Place):
    def test_unknown_key(self):
        self.assertEqual(self.refused("[http]\nlisen = \"127.0.0.1:0\"\n"),
                         ["convoke.toml:2: http.lisen: there is no such setting; did you mean http.listen?"])

    def test_port_99999(self):
        line, = self.refused("[http]\n\nlisten = \"127.0.0.1:99999\"\n")
        self.assertRegex(line, r"^convoke.toml:3: http.listen: must be ADDRESS:PORT with a port from 0 to 65535, e.g. ")

    def test_all_faults_at_once_with_their_places(self):
        lines = self.refused("[http]\nlisten = \"127.0.0.1:99999\"\nbase_url = \"events.example\"\n\n[mial]\nfrom = \"x\"\n\n[reminders]\nbefore = [\"soon\"]\n",
                             arguments=["--mail.connections", "many"], CONVOKE_HTP_THREADS="2")
        self.assertEqual([line.split(": ")[0] for line in lines],
                         ["convoke.toml:2", "convoke.toml:3", "convoke.toml:5", "convoke.toml:9", "CONVOKE_HTP_THREADS", "--mail.connections"])

    def test_text_that_is_not_toml(self):
        self.assertRegex(self.refused("[http\n")[0], r"^convoke.toml:1:\d+: not TOML: ")
        self.assertRegex(self.refused("[http]\nthreads = 1\nthreads = 2\n")[0], r"^convoke.toml:3:\d+: not TOML: ")

    def test_files_that_cannot_be_read(self):
        certificate, key = self.place / "c.pem", self.place / "k.pem"
        certificate.write_text("no certificate")
        lines = self.refused(f"[http]\ntls_certificate = \"{certificate}\"\ntls_key = \"{key}\"\n[mail]\nca_file = \"{self.place}\"\n")
        self.assertEqual([line.split(": ")[:2] for line in lines], [["convoke.toml:3", "http.tls_key"], ["convoke.toml:5", "mail.ca_file"]])
        self.assertIn("name a file that is there", lines[0])

    def test_a_key_of_another_certificate(self):
        one, other = certificates.Authority(self.place / "a"), certificates.Authority(self.place / "b")
        certificate, _ = one.issue("127.0.0.1")
        _, key = other.issue("127.0.0.1")
        line, = self.refused(f"[http]\ntls_certificate = \"{certificate}\"\ntls_key = \"{key}\"\n", "http.tls_key")
        self.assertIn("convoke.toml:3", line)

    def test_a_duration_out_of_range_and_a_user_without_password(self):
        self.refused("[links]\npromise = \"P900D\"\n", "convoke.toml:2: links.promise: ")
        self.refused("[mail]\ntransport = \"smtps://user@127.0.0.1\"\n", "convoke.toml:2: mail.transport: ", "password_file")

    def test_a_folder_for_the_database_that_is_not_there(self):
        self.refused("[store]\nurl = \"sqlite:nowhere/convoke.db\"\n", "convoke.toml:2: store.url: ", "no such directory")

    def test_a_file_that_is_not_there(self):
        done = convoke("serve", "--config", "nowhere.toml", cwd=self.place)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere.toml: cannot be read", done.stderr)

    def test_every_command_refuses_them(self):
        for command in (["migrate"], ["token", "create", "--name", "x", "--role", "admin"], ["outbox", "list"], ["demo"]):
            with self.subTest(command):
                done = convoke(*command, cwd=self.place, CONVOKE_HTP_LISTEN="127.0.0.1:0")
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertEqual(done.stderr, "convoke: CONVOKE_HTP_LISTEN: names no setting; did you mean CONVOKE_HTTP_LISTEN?\n")
        self.assertEqual(os.listdir(self.place), [])

    def test_doctor_says_the_same_lines(self):
        (self.place / "convoke.toml").write_text("[http]\nlisten = \"127.0.0.1:99999\"\nport = 1\n")
        start = convoke("serve", "--config", "convoke.toml", cwd=self.place).stderr.splitlines()
        done = convoke("doctor", "--config", "convoke.toml", cwd=self.place)
        self.assertEqual(done.returncode, 1)
        said = [line for line in done.stdout.splitlines() if line.startswith("FAULT  settings: ")]
        self.assertEqual([line.removeprefix("FAULT  settings: ") for line in said], [line.removeprefix("convoke: ") for line in start])


class TheFive(Place):
    def test_configuration_that_cannot_work(self):
        """Unknown key, port 99999, unreadable key file, wrong password, newer database: each refused with one line."""
        (self.place / "c.pem").write_text("x")
        refused = {
            "unknown key": self.one_line("[http]\nlisen = \"127.0.0.1:0\"\n", "convoke.toml:2: http.lisen: "),
            "port 99999": self.one_line("[http]\nlisten = \"127.0.0.1:99999\"\n", "convoke.toml:2: http.listen: "),
            "unreadable key file": self.one_line(f"[http]\ntls_certificate = \"{self.place}/c.pem\"\ntls_key = \"{self.place}/k.pem\"\n",
                                                 "convoke.toml:3: http.tls_key: "),
        }
        convoke("migrate", "--store.url", "sqlite:newer.db", cwd=self.place)
        with contextlib.closing(sqlite3.connect(self.place / "newer.db")) as database, database:
            database.execute(_LATER)
        refused["newer database"] = self.one_line("[store]\nurl = \"sqlite:newer.db\"\n", "convoke.toml:2: store.url: the database is newer")
        with MailServer(mechanisms="plain") as mail:
            wrong = self.place / "password"
            wrong.write_text("guess\n")
            section = {**mail.settings(), "password_file": str(wrong)}
            (self.place / "convoke.toml").write_text("[mail]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in section.items()))
            done = convoke("doctor", "--config", "convoke.toml", cwd=self.place)
            faults = [line for line in done.stdout.splitlines() if line.startswith("FAULT")]
            print(done.stdout, file=sys.stderr)
            refused["wrong password"] = done.returncode == 1 and len(faults) == 1 and faults[0].startswith("FAULT  mail: ") and \
                "password" in faults[0]
            section["password_file"] = mail.password_file
            (self.place / "convoke.toml").write_text("[mail]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in section.items()))
            right = convoke("doctor", "--config", "convoke.toml", cwd=self.place)
            self.assertEqual(right.returncode, 0, right.stdout)
        card.line("B35 configuration that cannot work", f"{sum(refused.values())}/{len(refused)} refused with one line", "5/5", all(refused.values()))

    def one_line(self, text, start):
        lines = self.refused(text)
        return len(lines) == 1 and lines[0].startswith(start)


_LATER = ("INSERT INTO schema_migration (number, name, checksum, applied_at) SELECT number + 1, 'later', checksum, applied_at "
          "FROM schema_migration WHERE number = (SELECT MAX(number) FROM schema_migration)")


class Accepted(Place):
    def test_right_settings_pass_the_check_and_nothing_is_made(self):
        done = convoke("serve", "--check-config", cwd=self.place)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual(os.listdir(self.place), [])

    def test_others_variables_are_left_alone(self):
        done = convoke("serve", "--check-config", cwd=self.place, CONVOKE_BINARY="x", CONVOKE_HOME="x", CONVOKE_TEST_SCALE="quick")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_example_is_taken_as_it_stands_and_uncommented(self):
        example = convoke("settings", cwd=self.place).stdout
        whole = re.sub(r"(?m)^#(\w)", r"\1", example)
        self.assertNotEqual(example, whole)
        for text in (example, whole):
            (self.place / "c.toml").write_text(text)
            done = convoke("serve", "--check-config", "--config", "c.toml", cwd=self.place)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_page_in_the_repository_is_the_table(self):
        page = convoke("settings", "--markdown", cwd=self.place).stdout
        self.assertEqual((ROOT / "deploy/examples/settings.md").read_text(), page,
                         "renew it: convoke settings --markdown > deploy/examples/settings.md")

    def test_help_names_every_setting_in_all_its_forms(self):
        text = convoke("--help", cwd=self.place).stdout
        page = convoke("settings", "--markdown", cwd=self.place).stdout
        forms = re.findall(r"<br>`(CONVOKE_\w+)`<br>`(--[\w.]+)`", page)
        self.assertGreater(len(forms), 15)
        for form in sum(forms, ()):
            self.assertIn(form, text)


class Starting:
    def test_a_second_serve_on_the_same_database(self):
        with Service(self.engine) as service:
            port = free_port()
            other = ["serve", "--config", str(service.config), "--http.listen", f"127.0.0.1:{port}"]
            if self.engine == "sqlite":
                done = convoke(*other, cwd=service.place)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"another `convoke serve` (process {service.pid}) runs on this database", done.stderr)
                self.assertEqual(service.run("outbox", "list").returncode, 0, "commands beside it are welcome")
                service.kill()
                service.start()  # the lock died with the process
            else:
                process = subprocess.Popen([binary(), *other], cwd=service.place, env=clean_environment(), stdout=subprocess.PIPE,
                                           stderr=subprocess.STDOUT)
                try:
                    wait_until(lambda: service_answers(port), 20, "the second service on PostgreSQL")
                finally:
                    process.terminate()
                    process.communicate(timeout=20)

    def test_an_address_in_use(self):
        with Service(self.engine) as service:
            (service.place / "other.toml").write_text(f"[http]\nlisten = \"127.0.0.1:{service.port}\"\n[store]\nurl = \"sqlite:other.db\"\n")
            done = convoke("serve", "--config", "other.toml", cwd=service.place)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr, f"convoke: other.toml:2: http.listen: 127.0.0.1:{service.port} is in use by another program: "
                                          "stop that one or choose another port\n")
            self.assertEqual(convoke("serve", "--check-config", "--config", str(service.config)).returncode, 0,
                             "a running service holds its own address")

    def test_a_database_newer_than_the_program(self):
        with Service(self.engine) as service:
            service.stop()
            run_sql(service, _LATER)
            lines = set()
            for command in (["serve"], ["serve", "--check-config"]):
                done = convoke(*command, "--config", str(service.config), cwd=service.place)
                self.assertEqual(done.returncode, 1)
                lines.add(done.stderr)
            line, = lines
            self.assertRegex(line, r"^convoke: \S+convoke.toml:\d+: store.url: the database is newer than this program: .*; run the newer program")
            doctor = convoke("doctor", "--config", str(service.config), "--json", cwd=service.place)
            self.assertEqual(doctor.returncode, 1)
            database, = [check for check in json.loads(doctor.stdout) if check["check"] == "database"]
            self.assertEqual(database["result"], "fault")
            self.assertIn("newer than this program", database["text"])
            run_sql(service, "DELETE FROM schema_migration WHERE name = 'later'")
            service.start()


def run_sql(service, statement):
    """One statement on the service's database, behind its back."""
    if service.engine == "sqlite":
        with contextlib.closing(sqlite3.connect(service.place / "convoke.db", timeout=10)) as database, database:
            database.execute(statement)
    else:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", service.database_url, "-c", statement], check=True)


def service_answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


globals().update(both_engines(Starting))

if __name__ == "__main__":
    unittest.main()
