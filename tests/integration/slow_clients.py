"""Slow clients end at their deadlines and hold nobody up; connections are capped by address and in total (H11, H12)."""
# Runs alone.

import contextlib
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import raw_http  # noqa: E402
from certificates import Authority  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service, in_parallel, scaled  # noqa: E402

card = Scorecard("slow_clients", expected=["H11", "H12"])
tearDownModule = card.finish

PROBE = "127.0.0.7"  # another client's address than the slow ones'


class Slow:
    """One client that sends or reads too slowly; `ended` is after how many seconds the server let it go."""

    def __init__(self, port):
        self.port, self.ended, self.answer = port, None, b""

    def drip(self, first, piece, every, longest, tls=False):
        """Sends `piece` again and again until the connection ends."""
        with raw_http.connect(self.port, timeout=longest) as peer:
            started = time.monotonic()
            peer.sendall(first)
            while time.monotonic() - started < longest:
                if select.select([peer], [], [], every)[0]:
                    try:
                        data = peer.recv(65536)
                    except ConnectionResetError:
                        data = b""
                    if not data:
                        self.ended = time.monotonic() - started
                        return
                    self.answer += data
                elif piece:
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        peer.sendall(piece)

    def not_reading(self, host, longest):
        """Asks for megabytes and reads none of them."""
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with peer:
            peer.connect(("127.0.0.1", self.port))
            started, request = time.monotonic(), f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
            peer.setblocking(False)
            poll = select.poll()
            poll.register(peer, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
            while time.monotonic() - started < longest:
                with contextlib.suppress(BlockingIOError):
                    while True:
                        try:
                            peer.send(request * 100)
                        except (BrokenPipeError, ConnectionResetError):
                            break
                if poll.poll(200):
                    self.ended = time.monotonic() - started
                    return


class Deadlines(unittest.TestCase):
    def test_h11_every_phase_has_a_deadline(self):
        with tempfile.TemporaryDirectory() as folder, Service() as plain:
            authority = Authority(folder)
            with Service(tls=(*authority.issue("server"), authority.ca_file)) as secure:
                host = f"127.0.0.1:{plain.port}"
                head = f"GET /readyz HTTP/1.1\r\nHost: {host}\r\n"
                post = (f"POST /api/v1/communities HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {plain.token}\r\n"
                        "Content-Type: application/json\r\n")
                hello = raw_http.client_hello()
                #        what                    client                                            status  from to
                cases = [
                    ("head, a byte at a time", lambda s: s.drip(head.encode(), b"A", 0.3, 25), 408, 9.5, 14),
                    ("head, a field at a time", lambda s: s.drip(head.encode(), b"A: b\r\n", 0.3, 25), 408, 9.5, 14),
                    ("nothing at all", lambda s: s.drip(b"", b"", 0.5, 25), None, 9.5, 14),
                    ("body, a byte at a time", lambda s: s.drip((post + "Content-Length: 20000\r\n\r\n").encode(), b" ", 0.3, 30),
                     408, 9.5, 15),
                    ("body, in tiny chunks", lambda s: s.drip((post + "Transfer-Encoding: chunked\r\n\r\n").encode(),
                                                              b"1\r\n \r\n", 0.3, 30), 408, 9.5, 15),
                    ("answer not read", lambda s: s.not_reading(host, 60), None, 29, 50),
                    ("TLS, nothing sent", lambda s: Slow.drip(s, b"", b"", 0.5, 25), None, 9.5, 14),
                    ("TLS, half a hello", lambda s: Slow.drip(s, hello[:60], b"", 0.5, 25), None, 9.5, 14),
                    ("TLS, hello and no more", lambda s: Slow.drip(s, hello, b"", 0.5, 25), None, 9.5, 14),
                    # The control: slow, but not too slow.
                    ("body at 3 KB/s", lambda s: s.drip((post + "Content-Length: 45000\r\nConnection: close\r\n\r\n").encode(),
                                                        b" " * 900, 0.3, 40), 400, 13, 30),
                ]
                slow = [Slow(secure.port if case[0].startswith("TLS") else plain.port) for case in cases]
                in_parallel(len(cases), lambda i: cases[i][1](slow[i]))
        wrong = []
        for (what, _, status, earliest, latest), one in zip(cases, slow):
            found = one.answer[9:12].decode("latin-1") if one.answer.startswith(b"HTTP/1.1") else None
            if one.ended is None or not earliest <= one.ended <= latest or (status and found != str(status)):
                wrong.append(f"{what}: {found}, ended after {one.ended}")
        card.line("H11 deadlines", "; ".join(wrong) or ", ".join(f"{case[0]} {one.ended:.0f} s" for case, one in zip(cases, slow)),
                  "head 10 s, body 1 KB/s after 10 s, write stall 30 s, handshake 10 s; 408 where one can be said", not wrong)


class Held(unittest.TestCase):
    """While very many connections are slow, a client at another address is served as ever."""

    COUNT = scaled(100, 300, 1000)
    SECONDS = scaled(4, 9, 30)

    def probe(self, service, stop, took, failures):
        request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nConnection: close\r\n\r\n".encode()
        while not stop.is_set():
            started = time.monotonic()
            try:
                reply = raw_http.ask(service.port, request, source=PROBE, timeout=10)
                if reply.statuses != [200]:
                    failures.append(repr(reply)[:200])
            except OSError as error:
                failures.append(str(error))
            took.append(time.monotonic() - started)
            stop.wait(0.03)

    def test_h11_slow_connections_hold_nobody_up(self):
        modes = {"-H": ["-i", "3"], "-B": ["-i", "3", "-s", "8192", "-t", "POST"],
                 "-X": ["-w", "1", "-y", "2", "-z", "1", "-n", "5", "-k", "3"]}
        with Service(settings={"http": {"connections_per_address": 4000}}) as service:
            for mode, more in modes.items():
                stop, took, failures, held = threading.Event(), [], [], 0
                prober = threading.Thread(target=self.probe, args=(service, stop, took, failures))
                tool = subprocess.Popen(
                    ["slowhttptest", mode, *more, "-c", str(self.COUNT), "-r", str(max(self.COUNT // 5, 50)), "-l",
                     str(self.SECONDS), "-u", f"http://127.0.0.1:{service.port}/sign-in", "-p", "5"],
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
                reader = threading.Thread(target=tool.stdout.read)
                reader.start()
                prober.start()
                while tool.poll() is None:
                    held = max(held, connections_of(service.port))
                    stop.wait(0.2)
                stop.set()
                prober.join()
                reader.join()
                p99 = raw_http.percentile(took, 0.99) * 1000
                with self.subTest(mode):
                    card.line(f"H11 slowhttptest {mode} with {self.COUNT} connections",
                              f"p99 {p99:.0f} ms of {len(took)} probes, {held} held at once, {len(failures)} failed"
                              f"{': ' + failures[0] if failures else ''}",
                              "p99 < 200 ms, none failed", p99 < 200 and not failures and len(took) >= 20 and held > self.COUNT * 0.8)


def connections_of(port):
    """Established connections to 127.0.0.1:port on the server's side."""
    local = f"0100007F:{port:04X}"
    with open("/proc/net/tcp") as table:
        return sum(1 for line in table if line.split()[1] == local and line.split()[3] == "01")


class Caps(unittest.TestCase):
    def test_h12_by_address_and_in_total(self):
        each, total = 8, 20
        wrong = []
        with Service(settings={"http": {"connections_per_address": each, "connections": total}}) as service, \
                contextlib.ExitStack() as open_ones:
            request = f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n\r\n".encode()

            def admitted(source, keep=True):
                """200 when served, 503 when there is no place; what is served stays open."""
                peer = raw_http.connect(service.port, source=source, timeout=10)
                peer.sendall(request)
                data, closed = raw_http.read_all(peer, 10, quiet=0.3)
                if keep and not closed:
                    open_ones.enter_context(peer)
                else:
                    peer.close()
                responses, _ = raw_http.parse(data)
                if responses and responses[0].status == 503 and not responses[0].headers.get("retry-after"):
                    wrong.append("a refusal without Retry-After")
                return responses[0].status if responses else "reset"

            def refused(answer):
                return answer in (503, "reset")  # a reset may overtake the words

            first = [admitted("127.0.0.2") for _ in range(each)]
            if first != [200] * each:
                wrong.append(f"the first {each} of an address: {first}")
            if not refused(admitted("127.0.0.2")):
                wrong.append("one more of an address is served")
            others = [admitted(f"127.0.0.{3 + i // each}") for i in range(total - each)]
            if others != [200] * (total - each):
                wrong.append(f"other addresses: {others}")
            if not refused(admitted("127.0.0.9")):
                wrong.append("one more in total is served")
            open_ones.close()
            time_out = time.monotonic() + 10
            while admitted("127.0.0.2", keep=False) != 200:
                if time.monotonic() > time_out:
                    wrong.append("places do not come back")
                    break
        card.line("H12 caps on connections", "; ".join(wrong) or f"{each} an address, {total} in all, places come back",
                  f"{each} an address, {total} in all; 503 with Retry-After beyond", not wrong)


if __name__ == "__main__":
    unittest.main()
