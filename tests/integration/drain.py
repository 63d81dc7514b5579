"""SIGTERM while everybody is talking: at most five seconds, no reply cut, nothing acknowledged and lost."""

import http.client
import signal
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import threading
import time

import world  # noqa: E402
from service import Service, both_engines  # noqa: E402
from waiting import wait_until  # noqa: E402

CLIENTS = 32


class Drain:
    def test_under_load(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.on_site_event(registration={"policy": "open"}))
            path = f"/events/{event['id']}/registrations"
            service.token
            idle = [service.connect() for _ in range(20)]
            for connection in idle:
                service.request("GET", "/healthz", connection=connection)
            acknowledged, cut, lock, stop = [], [], threading.Lock(), threading.Event()

            def talk(client):
                connection, n = service.connect(), 0
                while not stop.is_set():
                    n += 1
                    address = f"p{client}.{n}@convoke.example"
                    try:
                        answer = service.api("POST", path, connection=connection, json={
                            "email": address, "name": "P", "mode": "on-site"})
                    except http.client.IncompleteRead as error:
                        with lock:
                            cut.append(repr(error))
                        return
                    except (http.client.HTTPException, OSError):
                        return  # closed before an answer began: the client knows that it does not know
                    with lock:
                        if answer.status == 201:
                            acknowledged.append(address)
                        elif answer.status != 503:
                            cut.append(repr(answer))
                            return

            threads = [threading.Thread(target=talk, args=(client,)) for client in range(CLIENTS)]
            for thread in threads:
                thread.start()
            wait_until(lambda: len(acknowledged) > 2 * CLIENTS, 60, "the load")
            started = time.monotonic()
            service.stop(within=5.0)
            print(f"{self.engine}: {len(acknowledged)} acknowledged, drained in {time.monotonic() - started:.2f} s",
                  file=sys.stderr)
            stop.set()
            for thread in threads:
                thread.join(10)
            self.assertEqual(cut, [])
            for connection in idle:
                connection.close()
            service.start()
            stored = {one["email"] for one in service.items(path)}
            self.assertEqual(set(acknowledged) - stored, set())

    def test_a_second_signal_and_a_quiet_service(self):
        with Service(self.engine) as service:
            os.kill(service.pid, signal.SIGTERM)
            service.stop(within=5.0)
            service.start()
            service.stop(within=2.0)


globals().update(both_engines(Drain))
