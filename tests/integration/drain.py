"""SIGTERM while everybody is talking: at most five seconds, no reply cut, nothing acknowledged and lost."""

import http.client
import signal
import os
import socket
import ssl
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import threading
import time

import world  # noqa: E402
from certificates import Authority  # noqa: E402
from service import Service, both_engines  # noqa: E402
from smtp_peer import SmtpPeer  # noqa: E402
from waiting import wait_until  # noqa: E402

CLIENTS = 32
HALF_HANDSHAKES, HALF_REQUESTS = 500, 50


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

    def test_half_handshakes_and_half_requests(self):
        """Who is in no hurry to finish holds the end up for no longer than a request that runs may."""
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            certificate = (*authority.issue("server"), authority.ca_file)
            with Service(self.engine, tls=certificate, settings={"http": {"connections_per_address": 2000}}) as service:
                started, handshakes = self.stop_among(service, HALF_HANDSHAKES, 0)
                self.assertLess(started, 2.5, "handshakes have no grace")
                service.start()
                both, closed = self.stop_among(service, HALF_HANDSHAKES, HALF_REQUESTS)
                self.assertLess(both, 5.0)
                print(f"{self.engine}: stopped in {started:.2f} s among {HALF_HANDSHAKES} half handshakes ({handshakes} closed), "
                      f"in {both:.2f} s with {HALF_REQUESTS} half requests as well ({closed} closed)", file=sys.stderr)

    def stop_among(self, service, handshakes, requests):
        """(seconds until it has stopped, how many of the connections it has closed)."""
        hello = half_hello()
        open_ones = [half_handshake(service, hello) for _ in range(handshakes)] + [half_request(service) for _ in range(requests)]
        # The half that came is read: another connection, made after them all, is served.
        self.assertEqual(service.request("GET", "/healthz").status, 200)
        began = time.monotonic()
        service.stop(within=15.0)
        took = time.monotonic() - began
        closed = sum(is_closed(one) for one in open_ones)
        for one in open_ones:
            one.close()
        return took, closed

    def test_a_mail_server_that_never_answers(self):
        """What the mail's end and the clients' end may take, they take at the same time."""
        silent = threading.Event()
        with SmtpPeer(lambda stage, mail: silent.wait(60) and None if stage == "end" else None) as peer, \
                Service(self.engine, settings={"mail": peer.settings()}) as service:
            world.community(service)
            world.add_member(service, {"email": "a@convoke.example", "name": "A"})
            world.create(service, world.online_event())
            wait_until(lambda: peer.in_data > 0, 20, "a mail between its end and the answer")
            slow = half_request(service)
            try:
                service.stop(within=5.0)
            finally:
                silent.set()
                slow.close()


def half_hello():
    """The beginning of a ClientHello."""
    hello = ssl.MemoryBIO()
    try:
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return hello.read()[:100]


def half_handshake(service, hello):
    connection = socket.create_connection(("127.0.0.1", service.port), 10)
    connection.sendall(hello)
    return connection


def half_request(service):
    """A request whose body does not come."""
    connection = service.connect()
    connection.connect()
    connection.sock.sendall(b"POST /api/v1/communities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            b"Content-Length: 100\r\n\r\n{")
    return connection.sock


def is_closed(connection):
    connection.settimeout(2)
    try:
        while connection.recv(4096):
            pass
        return True
    except (TimeoutError, socket.timeout):
        return False
    except OSError:
        return True


globals().update(both_engines(Drain))
