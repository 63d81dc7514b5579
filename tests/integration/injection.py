"""What somebody writes stays text: in a spreadsheet, in SQL, in a mail's template, in the log (I4–I6)."""

import csv
import email
import email.policy
import html
import io
import os
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import people  # noqa: E402
import world  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, both_engines  # noqa: E402
from visitor import Visitor  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("injection", expected=["I4", "I5", "I6"])
tearDownModule = card.finish

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "'=1+1", "''=1", " =1+1", "＝1+1"]
CANARY = "qqcanaryqq"
HOSTILE = [f"{CANARY}' OR '1'='1", f"{CANARY}'; DROP TABLE person; --", f'{CANARY}" OR ""="', f"{CANARY}\\'; SELECT 1; --",
           f"{CANARY}$1 $2 {{}}", f"{CANARY}/*x*/ UNION SELECT 1,2,3 --", f"{CANARY}%27%20OR%201=1", f"{CANARY}') RETURNING id; --"]


class Spreadsheets(unittest.TestCase):
    def test_i4_no_cell_is_a_formula(self):
        """Members and registrations, exported as CSV."""
        with Service() as service:
            world.community(service)
            taken = []
            for number, text in enumerate(FORMULAS):
                member = dict(people.members(1)[0], email=f"f{number}@convoke.example", name=text, organisation=text, category=text)
                if service.api("POST", "/communities/cop-mi/members", json=member).status == 201:
                    taken.append(text)
            event = world.create(service, world.online_event(registration={"policy": "open", "questions": [
                {"id": "q", "type": "text", "label": "=HYPERLINK(A1)", "required": False}]}))
            for number, text in enumerate(FORMULAS):
                service.api("POST", f"/events/{event['id']}/registrations", json={
                    "email": f"r{number}@convoke.example", "name": text, "mode": "online", "organisation": text, "answers": {"q": text}})
            cells, bad = 0, []
            for path in ("/communities/cop-mi/members", f"/events/{event['id']}/registrations"):
                text = service.api("GET", path, headers={"Accept": "text/csv"}, expect=200).text
                for row in csv.reader(io.StringIO(text)):
                    for cell in row:
                        cells += 1
                        if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"):
                            bad.append(cell)
                # A space in front is kept by quotes: some spreadsheets trim what is not quoted.
                bad += re.findall(r"(?m)(?:^|,) +[=+@-][^,]*", text)
            card.line("I4 CSV export", f"{len(bad)} of {cells} cells{': ' + repr(bad[:3]) if bad else ''}, {len(taken)} hostile members",
                      "0 begin with = + - @ TAB CR NUL", not bad and len(taken) >= 6 and cells > 100)


class Statements(unittest.TestCase):
    # Where SQL is put together at run time, and of what: clauses of our own and the numbers of parameters.
    COMPOSED = {"answers.cpp": {"where"}, "events.cpp": {"sql", "group", "all"}, "figures.cpp": {"sql"}, "id_list.cpp": {"sql"}, "outbox.cpp": {"sql", "where"},
                "transaction.cpp": {"sql"}, "migrations.cpp": {"create_table", "text", "sql"}}
    STORE = pathlib.Path(__file__).resolve().parents[2] / "service" / "store"

    def strays(self, name, text):
        """Statements whose text holds more than literals, upper-case macros and what COMPOSED allows."""
        found = []
        for call in re.finditer(r"\btx\.(?:query|execute)\(", text):
            at, depth = call.end(), 0
            while at < len(text) and (depth or text[at] not in ",)"):
                literal = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at)
                if literal:
                    at = literal.end()
                    continue
                depth += (text[at] in "({") - (text[at] in ")}")
                at += 1
            argument = re.sub(r'"(?:[^"\\]|\\.)*"', " ", text[call.end():at])
            argument = re.sub(r"//.*", " ", argument)
            argument = re.sub(r"std::string\s*\(\s*(?:skip_locked\(tx\))?\s*\)", " ", argument)
            names = set(re.findall(r"[A-Za-z_]\w*", argument)) - set(re.findall(r"\b[A-Z_]+\b", argument))
            if names - self.COMPOSED.get(name, set()):
                found.append(f"{name}: {' '.join(text[call.start():at].split())[:120]}")
        return found

    def test_i5_no_statement_is_built_from_values(self):
        files = sorted(self.STORE.rglob("*.cpp"))
        found, calls = [], 0
        for path in files:
            text = path.read_text()
            calls += len(re.findall(r"\btx\.(?:query|execute)\(", text))
            found += self.strays(path.name, text)
        # The control: what the check is there to find.
        for planted in ('tx.query("SELECT 1 FROM person WHERE email = \'" + email + "\'")', 'tx.execute(std::string("DELETE ") + name, {})',
                        'tx.query(fmt(email), {})'):
            self.assertTrue(self.strays("people.cpp", planted), planted)
        self.assertFalse(self.strays("people.cpp", 'tx.query("SELECT 1 " COLUMNS "x, y" // why\n "z", {email})'))
        card.line("I5 statements in the source", f"{len(found)} of {calls} calls{': ' + found[0] if found else ''}",
                  "0 built from values", not found and calls > 100)


class Databases:
    def statements_log(self, service):
        """Where PostgreSQL writes each statement's text, without its parameters; None on SQLite."""
        if self.engine != "postgresql":
            return None
        name = urllib.parse.urlsplit(service.database_url).path[1:]
        backend = self.psql(service, f"ALTER DATABASE \"{name}\" SET log_statement = 'all'; "
                            f"ALTER DATABASE \"{name}\" SET log_parameter_max_length = 0; SELECT pg_backend_pid()", parent=True)
        service.restart()  # settings of a database are for new connections
        return pathlib.Path(os.readlink(f"/proc/{backend}/fd/2"))

    @staticmethod
    def psql(service, statement, parent=False):
        with subprocess.Popen(["psql", "-X", "-A", "-t", "-q", "-d", service.database_url], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as client:
            for part in statement.split("; "):
                client.stdin.write(part + ";\n")
            client.stdin.flush()
            answer = client.stdout.readline().strip()
            if parent:
                with open(f"/proc/{answer}/stat") as stat:
                    answer = stat.read().rsplit(")", 1)[1].split()[1]
            client.stdin.close()
        return answer

    def test_i5_hostile_strings_through_every_parameter(self):
        with Service(self.engine) as service:
            world.community(service)
            member = world.add_member(service, people.members(1)[0])
            event = world.create(service, world.online_event(registration={"policy": "open"}))
            log = self.statements_log(service)
            began = log.stat().st_size if log else 0
            asked, wrong = 0, []
            before = len(service.items("/communities/cop-mi/members")), len(service.items("/communities"))

            def ask(method, path, **more):
                nonlocal asked
                asked += 1
                answer = service.api(method, path, **more)
                if answer.status >= 500:
                    wrong.append(f"{method} {path}: {answer}")
                return answer

            visitor = Visitor(service)
            for text in HOSTILE:
                quoted = urllib.parse.quote(text, safe="")
                for path in (f"/communities/{quoted}", f"/communities/{quoted}/members", f"/communities/cop-mi/members/{quoted}",
                             f"/communities/{quoted}/programmes", f"/events/{quoted}", f"/events/{quoted}/registrations",
                             f"/events/{quoted}/forecast", f"/outbox/{quoted}"):
                    if ask("GET", path).status == 200:
                        wrong.append(f"GET {path} found something")
                for path, names in (("/events", ("community", "from", "to", "state", "cursor", "limit")),
                                    ("/outbox", ("event", "recipient", "state", "cursor", "limit")),
                                    ("/communities/cop-mi/members", ("cursor", "limit"))):
                    for name in names:
                        found = ask("GET", f"{path}?{name}={quoted}")
                        if found.status == 200 and found.json.get("items"):
                            wrong.append(f"{path}?{name} found something")
                ask("GET", "/communities", token=text.encode("ascii", "ignore").decode())
                ask("GET", "/communities", headers={"Idempotency-Key": text, "If-None-Match": f'"{CANARY}"'})
                ask("POST", "/communities", json={"slug": text, "name": text, "timeZone": text, "language": text, "contactEmail": text})
                for field in ("email", "name", "organisation", "category", "country", "language", "timeZone", "role"):
                    ask("POST", "/communities/cop-mi/members", headers={"Idempotency-Key": '"%s"' % text.replace('"', "").replace("\\", "")},
                        json=dict(people.members(2)[1], **{field: text}))
                for field in ("title", "description", "kind", "format", "timeZone", "locale", "workingGroup", "topics"):
                    ask("POST", "/events", json=world.online_event(**{field: [text] if field == "topics" else text}))
                for field in ("email", "name", "organisation", "country", "language", "timeZone", "mode"):
                    ask("POST", f"/events/{event['id']}/registrations",
                        json={"email": "x@convoke.example", "name": "X", "mode": "online", field: text})
                ask("POST", "/communities/cop-mi/groups", json={"slug": text, "name": text})
                ask("POST", "/communities/cop-mi/programmes", json={"title": text, "period": text, "objectives": []})
                ask("POST", f"/events/{event['id']}/cancel", json={"reason": text, "x": text})
                for path in (f"/c/{quoted}", f"/c/{quoted}/calendar.ics", f"/e/{quoted}", f"/e/{quoted}.ics", f"/feeds/{quoted}.ics",
                             f"/sign-in/{quoted}", f"/e/{event['id']}/answer/{quoted}", f"/organise/{quoted}", f"/c/cop-mi?month={quoted}"):
                    asked += 1
                    if visitor.get(path).status >= 500:
                        wrong.append(f"GET {path}: {visitor.page}")
                for path, fields in (("/sign-in", {"email": text, "next": text}),
                                     (f"/e/{event['id']}/register", {"email": text, "name": text, "language": text, "timeZone": text})):
                    asked += 1
                    visitor.get(path)
                    if visitor.post(path, **fields).status >= 500:
                        wrong.append(f"POST {path}")
                for name in ("session", "__Host-session", "convoke_session"):
                    asked += 1
                    service.request("GET", "/me", headers={"Cookie": f"{name}={quoted}"})
            if service.api("GET", f"/communities/cop-mi/members/{member['id']}").status not in (200, 405, 404):
                wrong.append("the member is gone")
            after = len(service.items("/communities/cop-mi/members")), len(service.items("/communities"))
            if after[0] < before[0] or after[1] != before[1]:
                wrong.append(f"rows {before} became {after}")
            said = ""
            if log:
                with open(log, "rb") as file:
                    file.seek(began)
                    written = file.read().decode(errors="replace")
                statements = [line for line in written.splitlines() if re.search(r"LOG:\s+(execute|statement|parse)", line)]
                shown = [line for line in written.splitlines() if CANARY in line and "parameters" not in line and "Key (" not in line]
                if shown or len(statements) < 100:
                    wrong.append(f"{len(shown)} statements with a value in their text, of {len(statements)}: {shown[:1]}")
                said = f", {len(statements)} statements without a value in their text"
        card.line(f"I5 hostile strings, {self.engine}", "; ".join(wrong[:4]) or f"{asked} requests{said}",
                  "no 500, nothing found or lost, no value in a statement", not wrong)

    def test_i5_a_template_s_mark_is_text(self):
        marks = ["{{name}}", "{{{links.answer}}}", "{{#each}}x{{/each}}", "{{> letter}}", "${name}", "{1}", "%(name)s", "{{=<% %>=}}"]
        with Service(self.engine) as service:
            world.community(service, name="CoP {{title}}")
            member = dict(people.members(1)[0], language="en", name=" ".join(marks)[:90])
            world.add_member(service, member)
            event = world.create(service, world.online_event(title=" ".join(marks), description="\n".join(marks)))
            wait_until(lambda: service.mail_files(), 60, "the invitation")
            mail = email.message_from_bytes(service.mail_files()[0].read_bytes(), policy=email.policy.default)
            plain = mail.get_body(("plain",)).get_content()
            page = service.request("GET", f"/e/{event['id']}").text
        unread = lambda text: re.sub(r"\s+", " ", text)  # noqa: E731 - lines are wrapped
        missing = [mark for mark in marks if mark not in unread(plain) or mark not in mail["Subject"]]
        missing += [f"{mark} (page)" for mark in marks if mark not in html.unescape(page)]
        card.line(f"I5 marks of templates, {self.engine}", f"{len(missing)} of {len(marks)} read as marks"
                  f"{': ' + ', '.join(missing) if missing else ''}", "0: text stays text in mail, subject and page", not missing)


class Log(unittest.TestCase):
    def test_i6_one_line_stays_one_line(self):
        evil = "x\r\n2026-01-01T00:00:00.000Z info http forged\x1b[31m\x00\x9b\u2028"
        quoted = urllib.parse.quote(evil, safe="")
        with Service() as service:
            world.community(service)
            for path in (f"/{quoted}", f"/c/{quoted}", f"/e/{quoted}", f"/feeds/{quoted}.ics", f"/sign-in/{quoted}", f"/api/v1/{quoted}",
                         f"/api/v1/events?community={quoted}", f"/static/{quoted}"):
                service.request("GET", path, headers={"User-Agent": "x\x1b[31m", "Referer": "x\x1b]0;y\x07"} if "\x1b" not in path else {})
            service.api("POST", "/communities/cop-mi/members", json=dict(people.members(1)[0], name=evil, organisation=evil))
            service.api("POST", "/events", json=world.online_event(title=evil))
            service.api("GET", "/communities", headers={"Idempotency-Key": "\x7f"})
            for arguments in (("login-link", "x\ny\x1b[31m@convoke.example"), ("person", "export", "x\ry@convoke.example")):
                service.run(*arguments)
            service.stop()  # what it has said is written down by then
            text = service.log.read_bytes()
        lines = text.split(b"\n")
        odd = [line for line in lines if line and not re.match(rb"\d{4}-\d\d-\d\dT[\d:.]+Z (?:debug|info|warning|error|critical) |convoke: ", line)]
        raw = [line for line in lines if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]", line)]
        forged = [line for line in lines if re.match(rb"2026-01-01T00:00:00", line)]
        card.line("I6 the log", f"{len(odd)} odd, {len(raw)} with control characters, {len(forged)} forged of {len(lines)} lines"
                  f"{': ' + repr((odd + raw)[0])[:200] if odd or raw else ''}", "0, 0, 0", not (odd or raw or forged) and len(lines) > 8)


globals().update(both_engines(Databases))
del Databases

if __name__ == "__main__":
    unittest.main()
