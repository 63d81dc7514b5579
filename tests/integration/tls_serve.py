"""The service behind its own certificate: TLS by settings, reloaded on SIGHUP, nothing older than TLS 1.2."""

import hashlib
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from certificates import Authority  # noqa: E402
from service import Service  # noqa: E402
from waiting import wait_until  # noqa: E402


class TlsServe(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.authority = Authority(folder.name)
        self.certificate, self.key = self.authority.issue("server")

    def service(self):
        return Service(tls=(self.certificate, self.key, self.authority.ca_file))

    def fingerprint(self, service):
        context = ssl.create_default_context(cafile=self.authority.ca_file)
        with socket.create_connection(("127.0.0.1", service.port), 5) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as secure:
            return hashlib.sha256(secure.getpeercert(True)).hexdigest()

    def test_serves_verifiable_https(self):
        with self.service() as service:
            self.assertEqual(service.request("GET", "/readyz").status, 200)
            self.assertEqual(service.api("GET", "/communities", expect=200).json["items"], [])
            with self.assertRaises(ssl.SSLCertVerificationError):
                with socket.create_connection(("127.0.0.1", service.port), 5) as plain:
                    ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")

    def test_plain_http_on_the_tls_port_does_no_harm(self):
        with self.service() as service:
            with socket.create_connection(("127.0.0.1", service.port), 5) as plain:
                plain.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertNotIn(b"200 OK", plain.recv(1000))
            self.assertEqual(service.request("GET", "/readyz").status, 200)

    def test_sighup_takes_the_new_certificate(self):
        with self.service() as service:
            before = self.fingerprint(service)
            kept = service.connect()
            service.request("GET", "/readyz", connection=kept)
            renewed = self.authority.issue("server")  # written over the same files
            self.assertEqual(renewed, (self.certificate, self.key))
            os.kill(service.pid, signal.SIGHUP)
            wait_until(lambda: self.fingerprint(service) != before, 10, "the new certificate")
            self.assertEqual(service.request("GET", "/readyz", connection=kept).status, 200)
            kept.close()

    def test_only_current_protocols(self):
        with self.service() as service:
            found = subprocess.run(["sslscan", "--no-colour", "--no-heartbleed", f"127.0.0.1:{service.port}"],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout
            for name in ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"):
                self.assertRegex(found, rf"{name}\s+disabled", found)
            for name in ("TLSv1.2", "TLSv1.3"):
                self.assertRegex(found, rf"{name}\s+enabled", found)
            self.assertNotRegex(found, r"Accepted.*(CBC|RC4|3DES|NULL|\bAES\d+-SHA)", found)


if __name__ == "__main__":
    unittest.main()
