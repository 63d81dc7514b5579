#!/usr/bin/env python3
"""How fast a feed is served, against nginx serving the same bytes from a file.

    tests/bench/http_feed.py [--rounds 5] [--seconds 2] [--events 100] [--members 10000] [--idle 10000]

Prints a table for each kind of request (304 and 200, plain and over TLS 1.3; nginx with one worker and its access
log), then the memory at rest with so many members and the cost of idle connections. Wants a release build
(CONVOKE_BINARY, default build/convoke), nginx-light and wrk.
"""

import argparse
import csv
import http.client
import pathlib
import resource
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

import certificates  # noqa: E402
import load  # noqa: E402
import people  # noqa: E402
import world  # noqa: E402
from mail_server import free_port  # noqa: E402
from service import Service  # noqa: E402
from waiting import wait_until  # noqa: E402

_NGINX = """
worker_processes 1; worker_rlimit_nofile 20000; pid {place}/nginx.pid; error_log {place}/error.log; daemon off;
events {{ worker_connections 12000; }}
http {{
  access_log {place}/access.log; sendfile on; tcp_nopush on; tcp_nodelay on; open_file_cache max=100 inactive=60s;
  keepalive_requests 100000000; keepalive_timeout 300s; types {{ text/calendar ics; }}
  ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.3;
  client_body_temp_path {place}/t1; proxy_temp_path {place}/t2; fastcgi_temp_path {place}/t3;
  uwsgi_temp_path {place}/t4; scgi_temp_path {place}/t5;
  server {{ listen 127.0.0.1:{plain} backlog=4096; listen 127.0.0.1:{tls} ssl backlog=4096; root {place}; }}
}}
"""


class Nginx:
    """One worker serving the files of a folder, plain and with TLS."""

    def __init__(self, place, certificate, key):
        place.mkdir()
        self.place, self.plain, self.tls = place, free_port(), free_port()
        self._configuration = place / "nginx.conf"
        self._configuration.write_text(_NGINX.format(place=place, plain=self.plain, tls=self.tls, certificate=certificate, key=key))

    def __enter__(self):
        self._process = subprocess.Popen(["nginx", "-c", str(self._configuration), "-e", str(self.place / "error.log")])
        self.pid = self._process.pid
        wait_until(lambda: (self.place / "nginx.pid").exists(), what="nginx's pid file")
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()


def fetch(url, headers=None):
    scheme, rest = url.split("://")
    host, path = rest.split("/", 1)
    connection = (http.client.HTTPSConnection(host, context=ssl._create_unverified_context()) if scheme == "https"
                  else http.client.HTTPConnection(host))
    connection.request("GET", "/" + path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("ETag"), body


def with_events(service, count):
    """A member's feed of so many published events."""
    world.community(service)
    feed = world.add_member(service, {"email": "reader@convoke.example", "name": "Reader", "organisation": "A", "category": "NGO",
                                      "country": "IE", "language": "en", "timeZone": "Europe/Dublin", "role": "member"})["feedUrl"]
    for number in range(count):
        world.create(service, world.online_event(days=20 + number % 300, title=f"Session {number}", workingGroup=None))
    return feed


def speed(arguments, place, authority):
    certificate, key = authority.issue("localhost")
    worst = []
    with Nginx(place / "nginx", certificate, key) as nginx:
        for scheme, tls in (("http", None), ("https", (certificate, key, authority.ca_file))):
            with Service(settings={"http": {"threads": 1}}, tls=tls) as service:
                feed = with_events(service, arguments.events)
                (nginx.place / "feed.ics").write_bytes(fetch(feed)[2])
                file = f"{scheme}://127.0.0.1:{nginx.tls if tls else nginx.plain}/feed.ics"
                for what in ("304", "200"):
                    targets = [load.Target("nginx", file, nginx.pid), load.Target("convoke", feed, service.pid)]
                    if what == "304":
                        for target in targets:
                            target.headers["If-None-Match"] = fetch(target.url)[1]
                    for target in targets:
                        status = fetch(target.url, target.headers)[0]
                        assert status == int(what), f"{target.name}: {status}"
                    size = (nginx.place / "feed.ics").stat().st_size
                    title = f"feed of {arguments.events} events ({size:,} bytes), {what}, {'TLS 1.3' if tls else 'plain'}"
                    worst.append((title, load.compare(title, targets, arguments.rounds, arguments.seconds)["convoke"]))
    return worst


def rest(members):
    """Memory with so many members, an event each week and warm feeds of some of them."""
    with Service(settings={"http": {"threads": 2}}) as service:
        world.community(service)
        path = service.place / "members.csv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["email", "name", "organisation", "category", "country", "language", "timeZone", "role"])
            for number in range(members):
                rows.writerow([f"m{number}@convoke.example", f"Member {number}", "Organisation", "NGO", "IE", "en", "Europe/Dublin", "member"])
        service.cli("import", "members", str(path), "--community", "cop-mi")
        for number in range(50):
            world.create(service, world.provisional_event(10 + 7 * number, 12 + 7 * number, title=f"Week {number}"))
        fetch(f"{service.url}/c/cop-mi/calendar.ics")
        pids = load.process_tree(service.pid)
        print(f"\nat rest with {members:,} members: PSS {_settled(pids):.1f} MiB", flush=True)


def _settled(pids):
    """The memory once nothing is done any more and what was freed is given back: much the same for three seconds."""
    seen = [load.pss_mib(pids)]
    while len(seen) < 4 or max(seen[-4:]) - min(seen[-4:]) > 2:
        if len(seen) > 60:
            raise TimeoutError(f"the memory does not come to rest: {seen[-10:]}")
        time.sleep(1)
        seen.append(load.pss_mib(pids))
    return seen[-1]


def idle(count):
    """What so many connections cost that have asked once and wait."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 200, max(resource.getrlimit(resource.RLIMIT_NOFILE)[1], count + 200)))
    with Service(settings={"http": {"threads": 2, "connections": count + 100, "connections_per_address": count + 100}}) as service:
        fetch(service.url + "/healthz")
        pids = load.process_tree(service.pid)
        before = load.pss_mib(pids)
        open_ones = []
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", service.port))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            one.recv(4096)
            open_ones.append(one)
        during = load.pss_mib(pids)
        alive = 0
        for one in open_ones:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            alive += one.recv(4096).startswith(b"HTTP/1.1 200")
        for one in open_ones:
            one.close()
        print(f"\n{count:,} idle connections: {alive:,} alive, PSS {before:.1f} -> {during:.1f} MiB "
              f"({(during - before) * 1024 * 1024 / count:,.0f} bytes each), {_settled(pids):.1f} MiB after closing", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--only", choices=("speed", "rest", "idle"))
    arguments = parser.parse_args()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if arguments.only in (None, "speed"):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = pathlib.Path(folder)
            place.chmod(0o755)
            ratios = speed(arguments, place, certificates.Authority(str(place / "ca")))
        print()
        for title, ratio in ratios:
            print(f"{ratio:5.2f} x nginx  {title}")
    if arguments.only in (None, "rest"):
        rest(arguments.members)
    if arguments.only in (None, "idle"):
        idle(arguments.idle)


if __name__ == "__main__":
    main()
