"""Idempotency-Key as scripts meet it: the same reply to the byte, and what stands in the way of a key."""

import json
import os
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import rights_table as table  # noqa: E402
import world  # noqa: E402
from patient import Service  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import both_engines, in_parallel  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("idempotency", expected=["B29"])
tearDownModule = card.finish  # noqa: N816 - unittest's name

CLIENTS = 64
SAME = ("Location", "ETag", "Content-Type", "Retry-After")


def keyed(service, path, body, key, **more):
    return service.api("POST", path, json=body, headers={"Idempotency-Key": key}, **more)


class Idempotency:
    def same(self, first, again):
        self.assertEqual((first.status, first.body), (again.status, again.body))
        self.assertEqual([first.headers[name] for name in SAME], [again.headers[name] for name in SAME])
        self.assertEqual((first.headers["Idempotent-Replayed"], again.headers["Idempotent-Replayed"]), (None, "true"))
        self.assertEqual(again.headers["Cache-Control"], "no-store")

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.headers.get_content_type()), (status, "application/problem+json"), answer)
        self.assertEqual(answer.json["code"], code, answer)

    def test_every_post_gives_its_reply_again(self):
        with Service(self.engine) as service:
            world.community(service, slug=table.OURS, name="Ours")
            described = service.api("GET", "/openapi.json", expect=200).json["paths"]
            posts = {"POST " + path.removeprefix("/api/v1") for path, of_path in described.items() if "post" in of_path}
            self.assertEqual(posts, {one for one in table.API if one.startswith("POST ")},
                             "tests/support/rights_table.py needs a row for each operation")
            for number, operation in enumerate(sorted(posts)):
                with self.subTest(operation):
                    path, body, _ = table.API[operation].make(service)
                    first = keyed(service, path, body, f"key-{number}")
                    self.assertIn(first.status, (200, 201, 202, 409), first)
                    self.same(first, keyed(service, path, body, f"key-{number}"))
                    self.same(first, keyed(service, path, body, f'"key-{number}"'))
                    self.refused(keyed(service, path, {**body, "x": 1}, f"key-{number}"), 422, "idempotency_key_reused")

    def test_another_address_another_token_another_key(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.on_site_event(title="One")
            first = keyed(service, "/events", event, "k", expect=201)
            self.refused(keyed(service, "/communities", event, "k"), 422, "idempotency_key_reused")
            self.refused(keyed(service, "/events?x=1", event, "k"), 422, "idempotency_key_reused")
            self.assertNotEqual(keyed(service, "/events", event, "K", expect=201).json["id"], first.json["id"])
            other = service.cli("token", "create", "--name", "x", "--role", "organiser", "--community", "cop-mi").strip()
            theirs = keyed(service, "/events", event, "k", token=other, expect=201)
            self.assertNotEqual(theirs.json["id"], first.json["id"])
            self.assertIsNone(theirs.headers["Idempotent-Replayed"])
            self.same(first, keyed(service, "/events", event, "k"))
            self.assertEqual(len(service.items("/events")), 3)

    def test_a_refusal_is_an_answer_too(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.on_site_event(registration={"policy": "open", "capacity": {"onSite": 1}}))
            path = f"/events/{event['id']}/registrations"
            person = {"email": "one@convoke.example", "name": "One", "mode": "on-site"}
            held = service.api("POST", path, json=person, expect=201).json
            late = {**person, "email": "two@convoke.example"}
            first = keyed(service, path, late, "late")
            self.refused(first, 409, "event_full")
            service.api("POST", f"/registrations/{held['id']}/cancel", json={}, expect=200)
            self.same(first, keyed(service, path, late, "late"))
            self.assertEqual(keyed(service, path, late, "again").status, 201)

    def test_what_never_began_is_not_kept(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.on_site_event(title="One")
            self.refused(keyed(service, "/events", event, "k", token="cvk_" + "x" * 43), 401, "unauthenticated")
            self.refused(keyed(service, "/events", {**event, "kind": "party"}, "k"), 422, "invalid_value")
            cut = service.request("POST", "/api/v1/events", b'{"title": ', {
                "Authorization": f"Bearer {service.token}", "Content-Type": "application/json", "Idempotency-Key": "k"})
            self.refused(cut, 400, "json_syntax")
            first = keyed(service, "/events", event, "k", expect=201)
            self.same(first, keyed(service, "/events", event, "k"))
            # And what would never begin is another request than the one that was done.
            self.refused(keyed(service, "/events", {**event, "kind": "party"}, "k"), 422, "idempotency_key_reused")

    def test_what_is_no_key(self):
        with Service(self.engine) as service:
            world.community(service)
            for key in ("", " ", '"', '""', '"a', 'a"b', "a b", '"a b"', "a,b", "k" * 256, '"k";p=1', "kéy"):
                with self.subTest(key):
                    answer = service.request("POST", "/api/v1/events", json.dumps(world.on_site_event()).encode(), {
                        "Authorization": f"Bearer {service.token}", "Content-Type": "application/json",
                        "Idempotency-Key": key.encode()})
                    self.refused(answer, 400, "bad_request")
            self.assertEqual(service.items("/events"), [])
            self.assertEqual(keyed(service, "/events", world.on_site_event(), "k" * 255).status, 201)
            # Where a method is idempotent by itself, the field says nothing.
            self.assertEqual(service.api("GET", "/events", headers={"Idempotency-Key": "a b"}).status, 200)

    def test_all_at_once(self):
        with Service(self.engine) as service:
            world.community(service)
            service.token
            event = world.on_site_event(title="One")
            answers = in_parallel(CLIENTS, lambda n: keyed(service, "/events", event, "k"))
            self.assertEqual({answer.status for answer in answers}, {201})
            self.assertEqual(len({answer.body for answer in answers}), 1)
            self.assertEqual(sum(answer.headers["Idempotent-Replayed"] is None for answer in answers), 1)
            self.assertEqual(len(service.items("/events")), 1)

    def test_it_outlives_the_process_and_ends_with_the_token(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.on_site_event(title="One")
            token = service.cli("token", "create", "--name", "x", "--role", "admin").strip()
            first = keyed(service, "/events", event, "k", token=token, expect=201)
            service.kill()
            service.start()
            self.same(first, keyed(service, "/events", event, "k", token=token))
            listed = json.loads(service.cli("token", "list", "--json"))
            service.cli("token", "revoke", next(one["id"] for one in listed if one["name"] == "x"))
            self.refused(keyed(service, "/events", event, "k", token=token), 401, "unauthenticated")
            fresh = service.cli("token", "create", "--name", "y", "--role", "admin").strip()
            self.assertNotEqual(keyed(service, "/events", event, "k", token=fresh, expect=201).json["id"], first.json["id"])

    def test_with_a_person_the_reply_goes(self):
        with Service(self.engine) as service:
            world.community(service)
            body = {"email": "gone@convoke.example", "name": "Gone"}
            keyed(service, "/communities/cop-mi/members", body, "k", expect=201)
            kept = keyed(service, "/communities/cop-mi/members", {"email": "here@convoke.example", "name": "Here"}, "l", expect=201)
            service.cli("person", "erase", "gone@convoke.example", "--yes")
            again = keyed(service, "/communities/cop-mi/members", body, "k")
            self.refused(again, 410, "idempotency_reply_erased")
            self.assertNotIn("gone@", again.text)
            self.same(kept, keyed(service, "/communities/cop-mi/members", {"email": "here@convoke.example", "name": "Here"}, "l"))
            self.assertEqual([one["email"] for one in service.items("/communities/cop-mi/members")], ["here@convoke.example"])


class StillRunning(unittest.TestCase):
    def test_another_process_is_told_to_come_back(self):
        """The first request is kept waiting by a lock on its event; what comes to the other process meanwhile is
        refused at once, and gets the reply afterwards."""
        with Service("postgresql") as service, Service("postgresql", beside=service) as other:
            world.community(service)
            other._token = service.token
            event = world.create(service, world.on_site_event(registration={"policy": "open"}))
            path, body = f"/events/{event['id']}/registrations", {"email": "a@convoke.example", "name": "A", "mode": "on-site"}
            lock = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", service.database_url], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True)
            try:
                lock.stdin.write("BEGIN; SELECT count(*) FROM (SELECT 1 FROM event FOR UPDATE) AS locked;\n")
                lock.stdin.flush()
                self.assertEqual(lock.stdout.readline().strip(), "1")
                answers = []
                first = threading.Thread(target=lambda: answers.append(keyed(service, path, body, "k")))
                first.start()

                def waiting():
                    counted = subprocess.run(
                        ["psql", "-X", "-A", "-t", "-d", service.database_url, "-c",
                         "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"],
                        stdout=subprocess.PIPE, text=True, check=True)
                    return counted.stdout.strip() == "1"

                wait_until(waiting, 20, "the first request to hold its key")
                busy = keyed(other, path, body, "k")
                self.assertEqual((busy.status, busy.json["code"], busy.headers["Retry-After"]),
                                 (409, "idempotency_in_progress", "1"), busy)
                lock.stdin.write("ROLLBACK;\n")
                lock.stdin.flush()
                first.join(30)
                self.assertEqual(answers[0].status, 201, answers)
                again = keyed(other, path, body, "k", expect=201)
                self.assertEqual(again.body, answers[0].body)
                other_body = keyed(other, path, {**body, "name": "B"}, "k")
                card.line("B29 the same key with another body, and while it runs",
                          f"{other_body.status} {other_body.json['code']}; {busy.status} with Retry-After {busy.headers['Retry-After']}",
                          "422 idempotency_key_reused; 409 with Retry-After", other_body.status == 422 and other_body.json["code"] == "idempotency_key_reused")
                self.assertEqual(len(service.items(path)), 1)
            finally:
                lock.stdin.close()
                lock.wait(20)
                lock.stdout.close()


globals().update(both_engines(Idempotency))

if __name__ == "__main__":
    unittest.main()
