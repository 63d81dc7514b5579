"""Webhooks: every change is delivered once, signed, through the outbox; nobody leads the service into its own network."""

import ipaddress
import shutil
import socket
import ssl
import tempfile
import unittest

import certificates
import world
from mail_server import free_port
from service import Service, both_engines, scaled
from waiting import wait_until
from webhook_receiver import Receiver

HOOKS = "/communities/cop-mi/webhooks"


class Place(unittest.TestCase):
    engine = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="webhooks-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.authority = certificates.Authority(cls.folder)

    def receiver(self, **more):
        receiver = Receiver(self.authority, **more)
        self.enterContext(receiver)
        return receiver

    def service(self, receiver, **webhooks):
        service = self.enterContext(Service(self.engine, settings={"webhooks": {**receiver.settings(), **webhooks}}))
        world.community(service)
        return service

    def enterContext(self, context):  # noqa: N802 - unittest has it from Python 3.11 on
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    @staticmethod
    def hook(service, receiver, events=("*",), **more):
        return service.api("POST", HOOKS, json={"url": receiver.url, "events": list(events), **more}, expect=201).json

    @staticmethod
    def register(service, event, number):
        return service.api("POST", f"/events/{event['id']}/registrations", expect=201,
                           json={"email": f"p{number}@people.convoke.example", "name": f"Person {number}", "mode": "online"}).json


class Deliveries(Place):
    def test_every_change_is_told_once_in_order_and_signed(self):
        receiver = self.receiver()
        service = self.service(receiver)
        hook = self.hook(service, receiver)
        event = world.create(service, world.online_event())
        registration = self.register(service, event, 1)
        service.api("POST", f"/registrations/{registration['id']}/cancel", json={}, expect=200)
        service.patch(f"/events/{event['id']}", {"title": "Another title"})
        service.api("POST", f"/events/{event['id']}/cancel", json={"reason": "too few"}, expect=200)
        expected = ["event.created", "event.published", "registration.created", "registration.cancelled",
                    "event.changed", "event.cancelled"]
        wait_until(lambda: len(receiver.requests) >= len(expected), 20, "all deliveries")
        told = sorted(receiver.requests, key=lambda one: one.id)
        self.assertEqual([one.event for one in told], expected)
        self.assertEqual(len(set(receiver.ids())), len(expected))
        for one in told:
            self.assertTrue(one.signed_by(hook["secret"]), one.event)
            self.assertFalse(one.signed_by(hook["secret"] + "x"))
            self.assertEqual(one.path, "/hook?of=tests")
            body = one.json
            self.assertEqual((body["id"], body["type"], body["community"]), (one.id, one.event, "cop-mi"))
            self.assertEqual(body["event"]["id"], event["id"])
            self.assertNotIn(b"people.convoke.example", one.body)
            self.assertNotIn(b"Person 1", one.body)
        created = told[2].json
        self.assertEqual(created["registration"], {"id": registration["id"], "status": "confirmed", "mode": "online"})
        self.assertEqual(told[1].json["event"]["state"], "published")
        deliveries = service.items(f"{HOOKS}/{hook['id']}/deliveries")
        wait_until(lambda: all(one["state"] == "sent" for one in service.items(f"{HOOKS}/{hook['id']}/deliveries")), 10, "all marked")
        self.assertEqual(sorted(one["id"] for one in deliveries), sorted(receiver.ids()))

    def test_only_what_was_asked_for_is_told(self):
        receiver = self.receiver()
        service = self.service(receiver)
        hook = self.hook(service, receiver, events=["registration.confirmed", "event.cancelled"])
        event = world.create(service, world.online_event(registration={
            "policy": "members", "capacity": {"online": 1}, "waitlist": True}))
        first = self.register(service, event, 1)
        self.register(service, event, 2)
        service.api("POST", f"/registrations/{first['id']}/cancel", json={}, expect=200)
        wait_until(lambda: receiver.requests, 15, "the promotion")
        service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=202)
        wait_until(lambda: receiver.of("ping"), 15, "the ping")
        self.assertEqual([one.event for one in receiver.requests], ["registration.confirmed", "ping"])

    def test_a_retry_sends_the_same_bytes_under_the_same_id(self):
        receiver = self.receiver()
        service = self.service(receiver)
        hook = self.hook(service, receiver, events=["registration.created"])
        event = world.create(service, world.online_event())
        answers = [500, (302, {"Location": "https://127.0.0.1/elsewhere"}), None, 204]
        receiver.answer = lambda one: answers[min(len(receiver.requests), len(answers)) - 1]
        self.register(service, event, 1)
        wait_until(lambda: receiver.requests, 15, "the first try")
        state = wait_until(lambda: (lambda now: now if now["state"] == "failing" else None)(
            service.api("GET", f"{HOOKS}/{hook['id']}", expect=200).json), 10, "the receiver to be known as failing")
        self.assertIn("500", state["reason"])
        wait_until(lambda: len(receiver.requests) >= 2, 20, "the second try, by itself")
        delivery = receiver.requests[0].id
        for count in (3, 4):
            # The organiser need not wait for the next try.
            wait_until(lambda: self.delivery(service, hook)["state"] == "pending", 10, "the mark")
            service.api("POST", f"{HOOKS}/{hook['id']}/deliveries/{delivery}/retry", json={}, expect=202)
            wait_until(lambda: len(receiver.requests) >= count, 20, f"try {count}")
        wait_until(lambda: self.delivery(service, hook)["state"] == "sent", 10, "the mark")
        self.assertEqual(len({one.body for one in receiver.requests}), 1)
        self.assertEqual(set(receiver.ids()), {delivery})
        self.assertTrue(all(one.signed_by(hook["secret"]) for one in receiver.requests))
        self.assertEqual(service.api("GET", f"{HOOKS}/{hook['id']}", expect=200).json["state"], "active")
        self.assertEqual(self.delivery(service, hook)["attempts"], 4)
        service.api("POST", f"{HOOKS}/{hook['id']}/deliveries/{delivery}/retry", json={}, expect=409)

    @staticmethod
    def delivery(service, hook):
        return service.items(f"{HOOKS}/{hook['id']}/deliveries")[0]

    def test_gone_pauses_and_pausing_ends_what_is_open(self):
        receiver = self.receiver()
        service = self.service(receiver)
        hook = self.hook(service, receiver, events=["event.created"])
        receiver.answer = lambda one: 410
        world.create(service, world.online_event(), publish=False)
        wait_until(lambda: service.api("GET", f"{HOOKS}/{hook['id']}").json["state"] == "paused", 15, "the pause")
        self.assertEqual(self.delivery(service, hook)["state"], "failed")
        world.create(service, world.online_event(), publish=False)
        self.assertEqual(len(service.items(f"{HOOKS}/{hook['id']}/deliveries")), 1)
        service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=409)
        receiver.answer = lambda one: 204
        self.assertEqual(service.patch(f"{HOOKS}/{hook['id']}", {"state": "active"}).json["state"], "active")
        world.create(service, world.online_event(), publish=False)
        wait_until(lambda: len(receiver.requests) == 2, 15, "the delivery after the pause")

    def test_nothing_is_lost_when_the_service_is_killed(self):
        receiver = self.receiver()
        service = self.service(receiver)
        self.hook(service, receiver, events=["registration.created"])
        event = world.create(service, world.online_event())
        acknowledged = []
        for round_ in range(scaled(1, 2, 20)):
            for number in range(12):
                acknowledged.append(self.register(service, event, f"{round_}-{number}")["id"])
            service.kill()
            service.start()
        # On PostgreSQL the dead process's leases run for 30 s.
        told = lambda: {one.json["registration"]["id"] for one in receiver.requests}
        wait_until(lambda: told() >= set(acknowledged), 60, "a delivery of every registration")
        self.assertEqual(told(), set(acknowledged))
        bodies = {}
        for one in receiver.requests:
            self.assertEqual(bodies.setdefault(one.id, one.body), one.body)
        self.assertEqual(len(bodies), len(acknowledged))

    def test_a_dead_receiver_holds_up_neither_mails_nor_others(self):
        receiver, dead = self.receiver(), self.receiver(certificate="dead")
        service = self.service(receiver, ports=[str(receiver.port), str(dead.port)])
        released = []
        dead.answer = lambda one: wait_until(lambda: released, 120, "the end of the test") and None
        self.addCleanup(released.append, True)
        self.hook(service, dead)
        self.hook(service, receiver, events=["registration.created"])
        event = world.create(service, world.online_event())
        wait_until(lambda: dead.requests, 15, "the dead one to hold a delivery")
        count = scaled(5, 20, 100)
        for number in range(count):
            self.register(service, event, number)
        wait_until(lambda: len(receiver.requests) == count, 15, "the other receiver's deliveries")
        confirmations = lambda: [mail for mail in world.outbox(service, event=event["id"], state="sent") if mail["kind"] == "confirmation"]
        wait_until(lambda: len(confirmations()) == count, 15, "the mails")


class Trust(Place):
    def test_certificates_are_checked(self):
        other = certificates.Authority(tempfile.mkdtemp(prefix="other-", dir=self.folder))
        wrong_name = self.receiver(names=("DNS:elsewhere.example",), certificate="wrong-name")
        unknown = Receiver(other)
        self.enterContext(unknown)
        old = self.receiver(certificate="old", tls=ssl.TLSVersion.TLSv1_1)
        service = self.service(wrong_name, ports=[str(one.port) for one in (wrong_name, unknown, old)])
        for receiver in (wrong_name, unknown, old):
            hook = self.hook(service, receiver)
            service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=202)
            wait_until(lambda: Deliveries.delivery(service, hook).get("lastError"), 15, "the refusal")
            self.assertIn("TLS", Deliveries.delivery(service, hook)["lastError"])
            self.assertEqual(receiver.requests, [])

    def test_private_addresses_are_refused_when_named_and_when_looked_up(self):
        receiver = self.receiver()
        service = self.service(receiver, allow_private=False, ports=["443", str(receiver.port)])
        for host in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "localhost",
                     "2130706433", "0x7f.1", "0177.0.0.1", "metadata.google.internal", "[64:ff9b::7f00:1]", "100.64.0.1"):
            refused = service.api("POST", HOOKS, json={"url": f"https://{host}/", "events": ["*"]})
            self.assertEqual(refused.status, 422, f"{host}: {refused}")
            self.assertEqual(refused.json["errors"][0]["pointer"], "/url")
        for url in ("http://hooks.example/", "https://user:secret@hooks.example/", "https://hooks.example:8443/",
                    "https://hooks.example/#part", "ftp://hooks.example/", "hooks.example", "https:///path"):
            self.assertEqual(service.api("POST", HOOKS, json={"url": url, "events": ["*"]}).status, 422, url)
        name = self.harmless_name()
        hook = service.api("POST", HOOKS, json={"url": f"https://{name}:{receiver.port}/", "events": ["*"]}, expect=201).json
        service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=202)
        error = wait_until(lambda: Deliveries.delivery(service, hook).get("lastError"), 20, "the refusal")
        self.assertIn("refused: the name stands for an address of a private network", error)
        self.assertEqual(receiver.requests, [])
        # With the protection off the very same name is connected to, and only its certificate stops it.
        service.stop()
        service.config.write_text(service.config.read_text().replace("allow_private = false", "allow_private = true"))
        service.start()
        service.api("POST", f"{HOOKS}/{hook['id']}/deliveries/{Deliveries.delivery(service, hook)['id']}/retry", json={}, expect=202)
        wait_until(lambda: "refused:" not in Deliveries.delivery(service, hook).get("lastError", "refused:"), 30, "the connection")

    def harmless_name(self):
        """One that looks like any other and stands for this machine: /etc/hosts has some."""
        for name in (socket.gethostname(), "ip6-localhost", "ip6-loopback"):
            try:
                found = {entry[4][0] for entry in socket.getaddrinfo(name, 443)}
            except OSError:
                continue
            if found and not any(ipaddress.ip_address(one).is_global for one in found):
                return name
        self.fail("this machine has no name of its own in /etc/hosts")

    def test_the_secret_is_shown_once_and_never_stored_in_clear(self):
        receiver = self.receiver()
        service = self.service(receiver)
        hook = self.hook(service, receiver, secret="my-own-secret-0123456789")
        self.assertEqual(hook["secret"], "my-own-secret-0123456789")
        shown = service.api("GET", f"{HOOKS}/{hook['id']}", expect=200)
        self.assertNotIn("my-own-secret", shown.text + service.api("GET", HOOKS, expect=200).text)
        service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=202)
        wait_until(lambda: receiver.requests, 15, "the ping")
        self.assertTrue(receiver.requests[0].signed_by("my-own-secret-0123456789"))
        self.assertNotIn("my-own-secret", service.log_text())
        if self.engine == "sqlite":
            for name in ("convoke.db", "convoke.db-wal"):
                path = service.place / name
                self.assertNotIn(b"my-own-secret", path.read_bytes() if path.exists() else b"")
        service.patch(f"{HOOKS}/{hook['id']}", {"secret": "another-secret-0123456789"})
        service.api("POST", f"{HOOKS}/{hook['id']}/test", json={}, expect=202)
        wait_until(lambda: len(receiver.requests) == 2, 15, "the second ping")
        self.assertTrue(receiver.requests[1].signed_by("another-secret-0123456789"))

    def test_only_organisers_of_the_community(self):
        receiver = self.receiver()
        service = self.service(receiver)
        world.community(service, slug="cop-ees", name="CoP Employment")
        hook = self.hook(service, receiver)
        other = service.cli("token", "create", "--name", "other", "--role", "organiser", "--community", "cop-ees").strip()
        for method, path in (("GET", HOOKS), ("POST", HOOKS), ("GET", f"{HOOKS}/{hook['id']}"),
                             ("POST", f"{HOOKS}/{hook['id']}/test"), ("GET", f"{HOOKS}/{hook['id']}/deliveries"),
                             ("DELETE", f"{HOOKS}/{hook['id']}")):
            body = {"url": receiver.url, "events": ["*"]} if method == "POST" else None
            self.assertIn(service.api(method, path, json=body, token=other).status, (403, 404), f"{method} {path}")
            self.assertIn(service.api(method, path.replace("cop-mi", "cop-ees"), json=body, token=other).status,
                          (200, 201) if path == HOOKS else (404,), f"{method} {path}")
            self.assertEqual(service.api(method, path, json=body, token="").status, 401)
        service.api("DELETE", f"{HOOKS}/{hook['id']}", expect=204)
        service.api("GET", f"{HOOKS}/{hook['id']}", expect=404)


globals().update(both_engines(Deliveries, Trust))

