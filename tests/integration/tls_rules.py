"""What is spoken on an encrypted port, and that nothing of the API is spoken on an open one (T1–T4)."""

import os
import re
import resource
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import raw_http  # noqa: E402
import world  # noqa: E402
from certificates import Authority  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, scaled  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("tls_rules", expected=["T1", "T2", "T3", "T4"])
tearDownModule = card.finish

# Mozilla, Server Side TLS 5.7, intermediate.
INTERMEDIATE = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-CHACHA20-POLY1305"}
CURVES = {"x25519", "secp256r1", "secp384r1"}
TWO_YEARS = 63072000


def rsa_certificate(folder):
    certificate, key = os.path.join(folder, "rsa.pem"), os.path.join(folder, "rsa.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return certificate, key, certificate


class TlsCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.authority = Authority(folder.name)
        self.certificate, self.key = self.authority.issue("server")
        self.tls = (self.certificate, self.key, self.authority.ca_file)


class Offered(TlsCase):
    def scan(self, service):
        text = subprocess.run(["sslscan", "--xml=-", "--no-heartbleed", f"127.0.0.1:{service.port}"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        return xml.etree.ElementTree.fromstring(text).find("ssltest")

    def chosen(self, service, suites):
        """The TLS 1.2 suite agreed upon with a client of this order."""
        context = ssl.create_default_context(cafile=self.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(":".join(suites))
        with socket.create_connection(("127.0.0.1", service.port), 10) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as secure:
            return secure.cipher()[0]

    def test_t1(self):
        wrong, counts = [], []
        for kind, tls in (("ECDSA", self.tls), ("RSA", rsa_certificate(self.folder))):
            self.ca = tls[2]
            with Service(tls=tls) as service:
                found = self.scan(service)
                spoken = {f"{p.get('type')}v{p.get('version')}" for p in found.findall("protocol") if p.get("enabled") == "1"}
                if spoken != {"tlsv1.2", "tlsv1.3"}:
                    wrong.append(f"protocols {sorted(spoken)}")
                suites = {cipher.get("cipher") for cipher in found.findall("cipher")}
                if not suites or suites - INTERMEDIATE:
                    wrong.append(f"suites {sorted(suites - INTERMEDIATE) or 'none'}")
                curves = {group.get("name").lower().replace("nist p-256", "secp256r1").replace("nist p-384", "secp384r1")
                          for group in found.findall("group")}
                curves = {re.sub(r"\s.*", "", name) for name in curves}
                if curves != CURVES:
                    wrong.append(f"curves {sorted(curves)}")
                counts.append(f"{kind} {len(suites)} suites, {len(curves)} curves")
                one, other = (f"ECDHE-{kind}-AES256-GCM-SHA384", f"ECDHE-{kind}-CHACHA20-POLY1305")
                if (self.chosen(service, (one, other)), self.chosen(service, (other, one))) != (one, other):
                    wrong.append("the server's order of suites is forced upon the client")
        card.line("T1 protocols, suites, curves", "; ".join(wrong) or ", ".join(counts) + ", TLS 1.2 and 1.3, client's order",
                  "TLS 1.2 and 1.3, Mozilla intermediate, X25519 P-256 P-384", not wrong)

    @staticmethod
    def renegotiate(service):
        """What openssl says when it is told to do so in the midst of a TLS 1.2 session."""
        client = subprocess.Popen(["openssl", "s_client", "-tls1_2", "-connect", f"127.0.0.1:{service.port}"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, deadline = b"", time.monotonic() + 20
        with client, client.stdout as output:
            client.stdin.write(b"R\n")  # its command, read once the session stands
            client.stdin.flush()
            while time.monotonic() < deadline and b":error:" not in said.partition(b"RENEGOTIATING")[2]:
                if select.select([output], [], [], 1)[0]:
                    more = os.read(output.fileno(), 65536)
                    if not more:
                        break
                    said += more
            client.kill()
        return said.decode(errors="replace")

    def test_t4_renegotiation_and_compression(self):
        with Service(tls=self.tls) as service:
            said = self.renegotiate(service)
            asked = "RENEGOTIATING" in said
            renegotiated = asked and not re.search("no renegotiation|handshake failure|alert|reset|closed", said)
            alive = service.request("GET", "/readyz").status == 200
        compression = re.findall(r"Compression: (\w+)", said)
        good = compression == ["NONE"] and asked and not renegotiated and alive
        card.line("T4 renegotiation and compression", f"compression {' '.join(compression)}, renegotiation "
                  f"{'done' if renegotiated else 'refused' if asked else 'not asked: ' + said[-200:]}", "off, refused", good)


class StrictTransport(TlsCase):
    def test_t2_hsts(self):
        wrong, seen = [], 0
        with Service(tls=self.tls) as service:
            world.community(service)
            event = world.create(service, world.online_event())
            host = f"Host: 127.0.0.1:{service.port}\r\n"
            paths = ["/", "/c/cop-mi", f"/e/{event['id']}", f"/e/{event['id']}.ics", "/c/cop-mi/calendar.ics", "/me", "/organise",
                     "/sign-in", "/healthz", "/readyz", "/metrics", "/nowhere", "/feeds/x.ics", "/api/v1/events", "/api/v1/nowhere",
                     "/privacy", "/static/nothing.css"]
            requests = [f"GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n" for path in paths]
            requests += [f"{method} / HTTP/1.1\r\n{host}Connection: close\r\n\r\n" for method in ("DELETE", "OPTIONS", "TRACE", "BREW")]
            requests += [f"GET / HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                         f"GET / HTTP/1.1\r\n{host}A: {'a' * 9000}\r\n\r\n", f"GET /{'a' * 5000} HTTP/1.1\r\n{host}\r\n",
                         f"POST /api/v1/events HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\n",
                         f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: 0\r\nConnection: close\r\n\r\n"]
            for request in requests:
                reply = raw_http.ask(service.port, request.encode(), tls_ca=self.authority.ca_file)
                seen += 1
                if not reply.responses or not self.long_enough(reply.responses[0].headers):
                    wrong.append(f"{request[:60]!r}: {reply}")
            tag = service.request("GET", "/c/cop-mi/calendar.ics").etag
            unchanged = service.request("GET", "/c/cop-mi/calendar.ics", headers={"If-None-Match": tag})
            seen += 1
            if unchanged.status != 304 or not self.long_enough({name.lower(): value for name, value in unchanged.headers.items()}):
                wrong.append(f"304: {unchanged}")
        card.line("T2 HSTS", "; ".join(wrong[:5]) or f"{seen} of {seen} responses", f"max-age ≥ {TWO_YEARS} on every HTTPS response",
                  not wrong)

    def test_t2_behind_a_proxy(self):
        wrong = []
        with Service(base_url="https://events.example", settings={"http": {"trusted_proxies": ["127.0.0.5/32"]}}) as service:
            def ask(path="/", proto=None, source="127.0.0.5", method="GET", host="events.example"):
                body = b'{"slug":"clear","name":"C","timeZone":"Europe/Rome","language":"en","contactEmail":"a@b.example"}'
                lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", f"Authorization: Bearer {service.token}"]
                lines += [f"X-Forwarded-Proto: {proto}"] if proto else []
                lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if method == "POST" else []
                data = "\r\n".join(lines).encode() + b"\r\n\r\n" + (body if method == "POST" else b"")
                return raw_http.ask(service.port, data, source=source).responses[0]

            if not self.long_enough(ask(proto="https").headers):
                wrong.append("no HSTS behind the proxy")
            if "strict-transport-security" in ask(proto="http").headers:
                wrong.append("HSTS over plain HTTP")
            for method in ("GET", "POST"):
                clear = ask("/api/v1/communities", "http", method=method)
                if clear.status != 403 or "location" in clear.headers or b"https_required" not in clear.body or \
                        clear.headers.get("content-type") != "application/problem+json":
                    wrong.append(f"API in clear: {clear.status} {clear.body[:200]}")
            if ask("/api/v1/communities", "https").status != 200:
                wrong.append("API over HTTPS is refused")
            if service.api("GET", "/communities/clear").status != 404:
                wrong.append("the request in clear was executed")
        card.line("T2 behind a trusted proxy", "; ".join(wrong) or "5 of 5 as wanted",
                  "HSTS when it says https; API in clear 403 https_required, no redirect, not executed", not wrong)

    @staticmethod
    def long_enough(headers):
        found = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
        return found and int(found[1]) >= TWO_YEARS


class Certificates(TlsCase):
    SWAPS = scaled(2, 5, 50)

    def test_t3_swap_without_a_dropped_connection(self):
        stop, errors, done = threading.Event(), [], [0, 0]
        context = ssl.create_default_context(cafile=self.authority.ca_file)
        with Service(tls=self.tls) as service:
            def keep_asking(fresh):
                connection = service.connect()
                while not stop.is_set():
                    try:
                        answer = service.request("GET", "/readyz", connection=None if fresh else connection)
                        if answer.status != 200:
                            errors.append(repr(answer))
                        done[fresh] += 1
                    except OSError as error:
                        errors.append(f"{'new' if fresh else 'kept'}: {error}")
                        return
                connection.close()

            def serial():
                with socket.create_connection(("127.0.0.1", service.port), 5) as plain, \
                        context.wrap_socket(plain, server_hostname="localhost") as secure:
                    return secure.getpeercert()["serialNumber"]

            clients = [threading.Thread(target=keep_asking, args=(fresh,)) for fresh in (0, 0, 1, 1)]
            for client in clients:
                client.start()
            for swap in range(self.SWAPS):
                before = serial()
                # As certbot does: the new files take the place of the old ones.
                certificate, key = self.authority.issue(f"renewed-{swap}")
                os.replace(key, self.key)
                os.replace(certificate, self.certificate)
                os.kill(service.pid, signal.SIGHUP)
                wait_until(lambda: serial() != before, 20, "the new certificate")
            good = serial()
            with open(self.certificate, "w") as file:
                file.write("no certificate\n")
            os.kill(service.pid, signal.SIGHUP)
            wait_until(lambda: "certificates_refused" in service.log_text(), 20, "a word in the log about the bad certificate")
            kept = serial() == good
            counted = list(done)
            wait_until(lambda: done[0] > counted[0] and done[1] > counted[1] or errors, 20, "more requests")
            stop.set()
            for client in clients:
                client.join()
        card.line("T3 certificate swap by SIGHUP", f"{self.SWAPS} swaps, {sum(done)} requests, {len(errors)} errors"
                  f"{': ' + errors[0] if errors else ''}{'' if kept else '; a bad file replaced a good certificate'}",
                  "0 errors; a bad file changes nothing", not errors and kept and min(done) > 0)

    def test_t3_warning_before_the_end(self):
        said = {}
        for days in (15, 60):
            certificate, key = self.authority.issue(f"days-{days}", days=days)
            with Service(tls=(certificate, key, self.authority.ca_file)) as service:
                check = service.request("GET", "/readyz").json["checks"].get("certificate", "absent")
                said[days] = check["status"] if isinstance(check, dict) else check
        card.line("T3 certificate ends soon", f"15 days: {said[15]}; 60 days: {said[60]}",
                  "a warning in health below 21 days, none above", said == {15: "warning", 60: "ok"})


def memory_of(pid):
    """Resident megabytes."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


class HalfHandshakes(TlsCase):
    COUNT = scaled(500, 2000, 10_000)

    def test_t4_half_handshakes_take_no_memory(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.assertGreater(hard, self.COUNT + 200, "not enough descriptors are allowed")
        hello, peers, most = raw_http.client_hello(), [], 0
        with Service(tls=self.tls) as service:
            for _ in range(50):
                service.request("GET", "/readyz")
            before = memory_of(service.pid)
            try:
                for number in range(self.COUNT):
                    peer = raw_http.connect(service.port, source=f"127.0.1.{1 + number // 400}")
                    peer.sendall(hello)
                    peers.append(peer)
                    if number % 250 == 0:
                        most = max(most, memory_of(service.pid))
                most = max(most, memory_of(service.pid))
                served = service.request("GET", "/readyz").status
                most = max(most, memory_of(service.pid))
            finally:
                for peer in peers:
                    peer.close()
        card.line(f"T4 {self.COUNT} half handshakes", f"+{most - before:.0f} MB, a whole one beside them: {served}",
                  "≤ +64 MB, served", most - before <= 64 and served == 200)


if __name__ == "__main__":
    unittest.main()
