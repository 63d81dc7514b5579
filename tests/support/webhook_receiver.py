"""A webhook's receiver with TLS on loopback: keeps every request it gets and answers as it is told.

    with Receiver(authority) as hooks:
        hooks.answer = lambda request: 500
        hooks.requests            # what came: path, headers, body, json
"""

import hashlib
import hmac
import http.server
import json
import ssl
import threading


class Delivered:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        self.id, self.event = headers["Convoke-Delivery"], headers["Convoke-Event"]

    @property
    def json(self):
        return json.loads(self.body)

    def signed_by(self, secret):
        """Whether the signature is of this body and this secret, as a receiver checks it."""
        parts = dict(part.split("=", 1) for part in self.headers["Convoke-Signature"].split(","))
        expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, parts["v1"])


class Receiver:
    """`answer(delivered)` gives a status, or (status, headers), or None to close the connection without an answer."""

    def __init__(self, authority, names=("DNS:localhost", "IP:127.0.0.1"), certificate="receiver", tls=None):
        self._authority, self._names, self._certificate, self._tls = authority, names, certificate, tls
        self.answer = lambda delivered: 204
        self.requests, self._lock = [], threading.Lock()

    def __enter__(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                delivered = Delivered(self.path, self.headers, body)
                with receiver._lock:
                    receiver.requests.append(delivered)
                answer = receiver.answer(delivered)
                self.close_connection = True
                if answer is None:
                    return
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # what breaks off a connection is the tests' business

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._authority.issue(self._certificate, self._names))
        if self._tls:
            context.minimum_version = context.maximum_version = self._tls
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}/hook?of=tests"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self):
        """[webhooks] of a service that may call this receiver."""
        return {"allow_private": True, "ports": [str(self.port)], "ca_file": self._authority.ca_file}

    def of(self, event):
        with self._lock:
            return [one for one in self.requests if one.event == event]

    def ids(self):
        with self._lock:
            return [one.id for one in self.requests]
