"""64 clients race for the last 10 seats: never oversold, and those who come late stand in line in their order."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from service import Service, both_engines, in_parallel, scaled  # noqa: E402

SEATS, CLIENTS = 10, 64


class CapacityRace:
    def race(self, service, round_number):
        event = world.create(service, world.on_site_event(
            title=f"Race {round_number}",
            registration={"policy": "open", "capacity": {"onSite": SEATS}, "waitlist": True}))
        path = f"/events/{event['id']}/registrations"

        def register(n):
            return service.api("POST", path, connection=self.connections[n], json={
                "email": f"racer{n}.{round_number}@convoke.example", "name": f"Racer {n}", "mode": "on-site"})

        answers = in_parallel(CLIENTS, register)
        self.assertEqual({answer.status for answer in answers}, {201}, [a for a in answers if a.status != 201][:1])
        said = [answer.json for answer in answers]
        statuses = [one["status"] for one in said]
        self.assertEqual((statuses.count("confirmed"), statuses.count("waitlisted")), (SEATS, CLIENTS - SEATS))
        # Each was told a place of its own in the line, with no gap.
        self.assertEqual(sorted(one["position"] for one in said if one["status"] == "waitlisted"),
                         list(range(1, CLIENTS - SEATS + 1)))
        stored = {one["id"]: one for one in service.items(path)}
        self.assertEqual(len(stored), CLIENTS)
        for one in said:
            self.assertEqual((stored[one["id"]]["status"], stored[one["id"]].get("position")),
                             (one["status"], one.get("position")))
        return event, path, said

    def freed_seats_go_in_order(self, service, path, said):
        line = [one["id"] for one in sorted((one for one in said if one["status"] == "waitlisted"),
                                            key=lambda one: one["position"])]
        seated = [one["id"] for one in said if one["status"] == "confirmed"]
        leaving = 5
        in_parallel(leaving, lambda n: service.api("POST", f"/registrations/{seated[n]}/cancel", json={}, expect=200))
        stored = {one["id"]: one for one in service.items(path)}
        self.assertEqual([n for n, one in enumerate(line) if stored[one]["status"] == "confirmed"], list(range(leaving)))
        self.assertEqual(sum(one["status"] == "confirmed" for one in stored.values()), SEATS)
        self.assertEqual([stored[one]["position"] for one in line[leaving:]], list(range(1, len(line) - leaving + 1)))

    def test_never_oversold_and_in_order(self):
        with Service(self.engine) as service:
            world.community(service)
            service.token  # made before the race
            self.connections = [service.connect() for _ in range(CLIENTS)]
            for round_number in range(scaled(2, 10, 100)):
                with self.subTest(round=round_number):
                    _, path, said = self.race(service, round_number)
                    self.freed_seats_go_in_order(service, path, said)
            for connection in self.connections:
                connection.close()

    def test_cancelling_and_registering_at_once(self):
        """Half of the clients leave while the other half come: at no look are there more than the seats."""
        with Service(self.engine) as service:
            world.community(service)
            self.connections = [service.connect() for _ in range(CLIENTS)]
            _, path, said = self.race(service, 0)
            seated = [one["id"] for one in said if one["status"] == "confirmed"]

            def act(n):
                if n < SEATS:
                    return service.api("POST", f"/registrations/{seated[n]}/cancel", json={}, expect=200).status
                if n < 2 * SEATS:
                    return sum(one["status"] == "confirmed" for one in service.items(path))
                return service.api("POST", path, expect=201, json={
                    "email": f"late{n}@convoke.example", "name": f"Late {n}", "mode": "on-site"}).status

            looks = in_parallel(CLIENTS, act)[SEATS:2 * SEATS]
            self.assertLessEqual(max(looks), SEATS)
            stored = service.items(path)
            self.assertEqual(sum(one["status"] == "confirmed" for one in stored), SEATS)
            positions = sorted(one["position"] for one in stored if one["status"] == "waitlisted")
            self.assertEqual(positions, list(range(1, len(positions) + 1)))
            for connection in self.connections:
                connection.close()


class TwoProcesses(CapacityRace, unittest.TestCase):
    """The same race against two services on one database: what a lock inside one process would not stop."""

    engine = "postgresql"

    def test_never_oversold_and_in_order(self):
        with Service(self.engine) as service, Service(self.engine, beside=service) as other:
            world.community(service)
            other._token = service.token
            self.connections = [(service if n % 2 else other).connect() for n in range(CLIENTS)]
            for round_number in range(scaled(2, 10, 100)):
                with self.subTest(round=round_number):
                    _, path, said = self.race(service, round_number)
                    self.freed_seats_go_in_order(service, path, said)
            for connection in self.connections:
                connection.close()

    test_cancelling_and_registering_at_once = None


globals().update(both_engines(CapacityRace))

if __name__ == "__main__":
    unittest.main()
