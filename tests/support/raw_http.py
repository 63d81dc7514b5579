"""HTTP by hand, on a bare socket: for requests that no client library would send.

    reply = raw_http.ask(service.port, b"GET / HTTP/1.1\\r\\n\\r\\n")
    reply.statuses, reply.closed, reply.responses[0].headers["content-length"]
"""

import contextlib
import select
import socket
import ssl
import time


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body  # names in lower case, lists of values joined


class Reply:
    """Everything that came back until the end, or until nothing came any more."""

    def __init__(self, data, closed, head_only=False):
        self.data, self.closed = data, closed
        self.responses, self.rest = parse(data, head_only)

    @property
    def statuses(self):
        return [response.status for response in self.responses]

    def __repr__(self):
        return f"{self.statuses} {'closed' if self.closed else 'open'} {self.data[:600]!r}"


def parse(data, head_only=False):
    """([responses], bytes that are no whole response)"""
    found = []
    while True:
        head, mark, rest = data.partition(b"\r\n\r\n")
        if not mark or not head.startswith(b"HTTP/1."):
            return found, data
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers[name] = headers[name] + ", " + value.strip() if name in headers else value.strip()
        status = int(lines[0].split(" ")[1])
        length = int(headers.get("content-length", 0))
        if head_only or status in (204, 304) or status < 200:
            length = 0
        if len(rest) < length:
            return found, data
        found.append(Response(status, headers, rest[:length]))
        data = rest[length:]


def connect(port, source=None, timeout=20, tls_ca=None, host="127.0.0.1"):
    """A connected socket; `source` is an address of this machine (127.0.0.2 …), as if another client asked."""
    plain = socket.create_connection((host, port), timeout, source_address=(source, 0) if source else None)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tls_ca:
        return ssl.create_default_context(cafile=tls_ca).wrap_socket(plain, server_hostname="localhost")
    return plain


def read_all(peer, timeout=20, quiet=None):
    """(bytes, closed): up to the end, or until nothing has come for `quiet` seconds after something has."""
    data, deadline = b"", time.monotonic() + timeout
    while True:
        wait = deadline - time.monotonic()
        if quiet is not None and data:
            wait = min(wait, quiet)
        if not (isinstance(peer, ssl.SSLSocket) and peer.pending()) and not select.select([peer], [], [], max(wait, 0))[0]:
            return data, False
        try:
            more = peer.recv(65536)
        except (ConnectionResetError, ssl.SSLError):
            return data, True
        if not more:
            return data, True
        data += more


def ask(port, data, timeout=20, quiet=None, head_only=False, **how):
    """Sends it all at once and reads to the end."""
    with connect(port, timeout=timeout, **how) as peer:
        try:
            peer.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was all sent: the answer may still be there
        received, closed = read_all(peer, timeout, quiet)
        return Reply(received, closed, head_only)


def client_hello():
    """The first bytes of a TLS client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def percentile(values, part):
    """The value below which `part` (0.99) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
