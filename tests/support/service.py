"""The real program on a free port, with a database and settings of its own.

    with Service(engine="postgresql", settings={"mail": mail.settings()}) as service:
        token = service.cli("token", "create", "--name", "test", "--role", "admin").strip()
        answer = service.api("POST", "/communities", json={...})

CONVOKE_BINARY says which build (default build/convoke); CONVOKE_TEST_POSTGRESQL is the address of a cluster in
which every Service gets a database of its own.
"""

import gzip
import http.client
import json as json_module
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import uuid

from mail_server import free_port
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")
SCALE = os.environ.get("CONVOKE_TEST_SCALE", "commit")


def scaled(quick, commit, full):
    """The count of rounds for this run's size."""
    return {"quick": quick, "commit": commit, "full": full}[SCALE]


def binary():
    path = pathlib.Path(os.environ.get("CONVOKE_BINARY", ROOT / "build" / "convoke"))
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built: cmake --preset release && cmake --build --preset release")
    return str(path)


class Answer:
    """One HTTP response: status, headers (case-insensitive get), body bytes."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        body = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return body.decode()

    @property
    def json(self):
        return json_module.loads(self.text)

    @property
    def etag(self):
        return self.headers.get("ETag")

    def __repr__(self):
        return f"{self.status} {self.body[:2000].decode(errors='replace')}"


class Refused(AssertionError):
    """An answer that is not the expected one."""


def _toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return json_module.dumps(str(value))


def _psql(url, statement):
    done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"psql: {done.stdout}")


class Service:
    def __init__(self, engine="sqlite", settings=None, tls=None, base_url=None, beside=None):
        """tls: (certificate, key, CA file). beside: another Service whose PostgreSQL database this one shares."""
        self.engine, self._settings, self._tls, self._beside = engine, settings or {}, tls, beside
        self._process, self._token, self._base_url = None, None, base_url
        self.place = None

    # -- life ------------------------------------------------------------------------------------------------

    def __enter__(self):
        try:
            self._prepare()
            self.start()
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            if self._process is not None and self._process.poll() is None:
                if kind is None:
                    self.stop()
                else:
                    self.kill()
        finally:
            if kind is not None:
                self.show_log()
            self._clean()

    def _prepare(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="service-"))
        self.place.chmod(0o755)
        self.port = free_port()
        self.database_url = self._new_database()
        scheme = "https" if self._tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        sections = {"http": {"listen": f"127.0.0.1:{self.port}", "base_url": self._base_url or self.url},
                    "store": {"url": self.database_url},
                    "mail": {"transport": f"file:{self.place}/mail/"}}
        if self._tls:
            sections["http"].update(tls_certificate=self._tls[0], tls_key=self._tls[1])
        for name, section in self._settings.items():
            sections.setdefault(name, {}).update(section)
        self.config = self.place / "convoke.toml"
        self.config.write_text("\n".join(
            f"[{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in section.items())
            for name, section in sections.items()))
        self.log = self.place / "serve.log"

    def _new_database(self):
        if self._beside is not None:
            return self._beside.database_url
        if self.engine == "sqlite":
            return f"sqlite:{self.place}/convoke.db"
        cluster = os.environ.get("CONVOKE_TEST_POSTGRESQL")
        if not cluster:
            raise RuntimeError("CONVOKE_TEST_POSTGRESQL is not set: tests/run starts a cluster, "
                               "or run tests/support/postgresql_cluster")
        self._database = "convoke_" + uuid.uuid4().hex[:12]
        _psql(cluster, f'CREATE DATABASE "{self._database}"')
        parts = urllib.parse.urlsplit(cluster)
        return urllib.parse.urlunsplit(parts._replace(path="/" + self._database))

    def _clean(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()
        if getattr(self, "_database", None):
            _psql(os.environ["CONVOKE_TEST_POSTGRESQL"], f'DROP DATABASE "{self._database}" WITH (FORCE)')
            self._database = None
        if self.place is not None:
            shutil.rmtree(self.place, ignore_errors=True)

    def start(self):
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen([binary(), "serve", "--config", str(self.config)], stdout=log, stderr=log,
                                             stdin=subprocess.DEVNULL, cwd=self.place)
        wait_until(self._is_ready, 30, "the service to be ready", interval=0.02)

    def _is_ready(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"convoke serve ended with {self._process.returncode}:\n{self.log_text()[-4000:]}")
        try:
            return self.request("GET", "/readyz").status == 200
        except OSError:
            return False

    @property
    def pid(self):
        return self._process.pid

    def kill(self):
        """SIGKILL, as a crash would."""
        self._process.kill()
        self._process.wait()

    def restart(self):
        if self._process.poll() is None:
            self.stop()
        self.start()

    def stop(self, within=5.0):
        """SIGTERM: must end with status 0 within five seconds."""
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Refused(f"SIGTERM did not end the service within {within:g} s\n{self.log_text()[-2000:]}") from None
        if status != 0:
            raise Refused(f"SIGTERM ended the service with {status}\n{self.log_text()[-2000:]}")

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def show_log(self):
        if self.place is not None and self.log.exists():
            print(f"--- the service's log ({self.engine})\n{self.log_text()[-6000:]}---", file=sys.stderr)

    # -- HTTP ------------------------------------------------------------------------------------------------

    def request(self, method, path, body=None, headers=None, connection=None):
        """One request; `path` may be a whole URL of this service. `connection` keeps one open."""
        if "://" in path:
            parts = urllib.parse.urlsplit(path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        own = connection is None
        connection = connection or self.connect()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            if own:
                connection.close()

    def connect(self, timeout=30):
        if self._tls:
            import ssl
            context = ssl.create_default_context(cafile=self._tls[2])
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    @property
    def token(self):
        """An administrator's token, made once."""
        if self._token is None:
            self._token = self.cli("token", "create", "--name", "tests", "--role", "admin").strip()
        return self._token

    def api(self, method, path, json=None, token=None, headers=None, expect=None, connection=None):
        """A call of /api/v1; `expect` is the status that must come. token="" sends none."""
        sent = {"Accept": "application/json", **(headers or {})}
        token = self.token if token is None else token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        body = None
        if json is not None:
            body = json_module.dumps(json).encode()
            sent.setdefault("Content-Type", "application/merge-patch+json" if method == "PATCH" else "application/json")
        answer = self.request(method, "/api/v1" + path, body, sent, connection)
        if expect is not None and answer.status != expect:
            raise Refused(f"{method} {path}: {expect} expected, got {answer}")
        return answer

    def patch(self, path, json, expect=200):
        """GET for the ETag, then PATCH with If-Match."""
        etag = self.api("GET", path, expect=200).etag
        return self.api("PATCH", path, json=json, headers={"If-Match": etag}, expect=expect)

    def items(self, path):
        """Everything in a list, page by page."""
        found, cursor = [], None
        while True:
            joint = "&" if "?" in path else "?"
            page = self.api("GET", path + joint + "limit=200" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""),
                            expect=200).json
            found += page["items"]
            cursor = page.get("next")
            if not cursor:
                return found

    # -- command line ----------------------------------------------------------------------------------------

    def run(self, *arguments, stdin=None):
        """A command beside the running service: the finished process."""
        return subprocess.run([binary(), *arguments, "--config", str(self.config)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.place, timeout=120)

    def cli(self, *arguments):
        """A command that must succeed: its standard output."""
        done = self.run(*arguments)
        if done.returncode != 0:
            raise Refused(f"convoke {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    # -- mails of the file: transport --------------------------------------------------------------------------

    def mail_files(self):
        return sorted((self.place / "mail").glob("*.eml"))


def in_parallel(count, work):
    """work(0) … work(count-1) at once, each on a thread of its own, all released together; their results."""
    results, errors, gate = [None] * count, [], threading.Barrier(count)

    def one(index):
        try:
            gate.wait()
            results[index] = work(index)
        except BaseException as error:  # noqa: B902 - reported below
            errors.append(error)

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def both_engines(*cases):
    """Makes, from mixin classes with tests, one TestCase for each engine: NAME_sqlite, NAME_postgresql.

    Call at module level: globals().update(both_engines(Case, …)).
    """
    import unittest
    made = {}
    for case in cases:
        for engine in ENGINES:
            name = f"{case.__name__}_{engine}"
            made[name] = type(name, (case, unittest.TestCase), {"engine": engine, "__module__": case.__module__})
    return made
