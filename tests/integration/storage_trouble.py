"""A disk without room and a database that is away: 503 with a time to come back, nothing half done, the service stays up,
its health says so, and it goes on by itself when the trouble is over."""

import contextlib
import os
import pathlib
import resource
import select
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from scorecard import Scorecard  # noqa: E402
from service import Service  # noqa: E402
from waiting import wait_until  # noqa: E402

card = Scorecard("storage_trouble", expected=["B36"])
tearDownModule = card.finish  # noqa: N816 - unittest's name

MEMBERS = "/communities/cop-mi/members"


class NoRoomInFiles:
    """No file of the service may be written: what a quota does. Needs no rights. There is room on the disk itself, so that
    health has nothing to show."""

    shown = False
    store = None

    def prepare(self, service):
        self.service = service

    def fill(self):
        _, hard = resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE, (0, hard))

    def empty(self):
        _, hard = resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE, (hard, hard))


class SmallDisk:
    """A file system of its own, filled up with a file. It has more room than health asks for."""

    shown = True

    def __init__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="small-disk-"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=72m", "none", str(self.place)], check=True, stderr=subprocess.DEVNULL)
        self.store = {"url": f"sqlite:{self.place}/convoke.db"}

    def prepare(self, service):
        pass

    def fill(self):
        with open(self.place / "filler", "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 65536)

    def empty(self):
        (self.place / "filler").unlink()

    def close(self):
        subprocess.run(["umount", str(self.place)], check=True)
        self.place.rmdir()


class Line:
    """Between the service and PostgreSQL: can be cut, and joined again."""

    def __init__(self, host, port):
        self._target, self._open, self._pairs = (host, port), True, []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._wake, self._woken = socket.socketpair()
        self._thread.start()

    def _run(self):
        while True:
            readable, _, _ = select.select([self._listener, self._woken, *(one for pair in self._pairs for one in pair)], [], [])
            if self._woken in readable:
                word = self._woken.recv(1)
                self._drop_all()
                self._open = word == b"j"
                if word in (b"q", b""):
                    return self._listener.close()
                continue
            for one in readable:
                if one is self._listener:
                    self._accept()
                else:
                    self._pass_on(one)

    def _accept(self):
        near, _ = self._listener.accept()
        if not self._open:
            return near.close()
        far = socket.create_connection(self._target)
        self._pairs.append((near, far))

    def _pass_on(self, one):
        pair = next((pair for pair in self._pairs if one in pair), None)
        if pair is None:
            return
        other = pair[1] if one is pair[0] else pair[0]
        try:
            data = one.recv(65536)
            if data:
                return other.sendall(data)
        except OSError:
            pass
        self._pairs.remove(pair)
        for end in pair:
            end.close()

    def _drop_all(self):
        for pair in self._pairs:
            for end in pair:
                end.close()
        self._pairs = []

    def cut(self):
        self._wake.send(b"c")

    def join(self):
        self._wake.send(b"j")

    def close(self):
        self._wake.send(b"q")
        self._thread.join()


class StorageTrouble(unittest.TestCase):
    def add(self, service, name):
        return service.api("POST", MEMBERS, json={"email": f"{name}@convoke.example"})

    def refused(self, service, name, code):
        answer = self.add(service, name)
        self.assertIn(answer.status, (201, 503), answer)
        if answer.status != 503:
            return None
        self.assertEqual((answer.headers.get_content_type(), answer.json["code"]), ("application/problem+json", code), answer)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        return answer

    def through(self, service, name, code, begin, end, reading, shown):
        """Members that were acknowledged are there, no others; the service never ended."""
        pid = service.pid
        taken = ["before@convoke.example"]
        self.assertEqual(self.add(service, "before").status, 201)
        begin()
        answers = []

        def trouble_is_told():
            answer = self.refused(service, f"during{len(answers)}", code)
            answers.append(answer)
            if answer is None:
                taken.append(f"during{len(answers) - 1}@convoke.example")
            return answer
        answer = wait_until(trouble_is_told, 30, "the trouble to be told")
        for n in range(5):
            self.assertIsNotNone(self.refused(service, f"refused{n}", code))
        if reading:
            self.assertEqual(service.api("GET", MEMBERS).status, 200)
        self.assertEqual(service.request("GET", "/healthz").status, 200)
        if shown:
            wait_until(lambda: service.request("GET", "/readyz").status == 503, 30, "/readyz to show it")
        end()
        after = wait_until(lambda: (lambda seen: seen if seen.status == 201 else None)(self.add(service, "after")), 60, "going on")
        taken.append("after@convoke.example")
        wait_until(lambda: service.request("GET", "/readyz").status == 200, 60, "/readyz to be well again")
        self.assertEqual(service.pid, pid)
        self.assertEqual([one["email"] for one in service.items(MEMBERS)], taken)
        log = service.log_text()
        self.assertNotIn("handler-threw", log)
        card.line(f"B36 {name}", f"{answer.status} {answer.json['code']}, Retry-After {answer.headers['Retry-After']}, /readyz {503 if shown else 200}, "
                                 f"then {after.status}", f"503 {code}, Retry-After, health shows it, goes on by itself", True)

    def full(self, way, name):
        with Service("sqlite", settings={"store": way.store} if way.store else None) as service:
            way.prepare(service)
            world.community(service)
            self.through(service, name, "storage_full", way.fill, way.empty, True, way.shown)

    def test_files_may_not_grow(self):
        self.full(NoRoomInFiles(), "files may not grow (sqlite)")

    def test_the_disk_is_full(self):
        try:
            disk = SmallDisk()
        except (subprocess.CalledProcessError, FileNotFoundError):
            return  # mounting needs rights that not every machine gives; the other way of having no room needs none
        self.addCleanup(disk.close)
        self.full(disk, "disk full (sqlite)")

    def test_the_database_is_away(self):
        with Service("postgresql") as origin:
            parts = urllib.parse.urlsplit(origin.database_url)
            line = Line(parts.hostname, parts.port)
            self.addCleanup(line.close)
            user = parts.netloc.rpartition("@")[0]
            url = urllib.parse.urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{line.port}"))
            origin.stop()
            with Service("postgresql", settings={"store": {"url": url}}, beside=origin) as service:
                world.community(service)
                self.through(service, "database away (postgresql)", "database_unavailable", line.cut, line.join, False, True)
            origin.start()


if __name__ == "__main__":
    unittest.main()
