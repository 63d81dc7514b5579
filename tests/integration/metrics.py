"""What an operator sees: /metrics in Prometheus' own words, /readyz that knows what is wrong, logs that can be followed."""

import re
import shutil
import tempfile

import certificates
import world
from service import Service, both_engines, scaled
from waiting import wait_until

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{(.*)\}})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)')
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


class NotPrometheus(AssertionError):
    pass


def number(text):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text.replace("Inf", "inf").replace("NaN", "nan"))
    if not re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
        raise NotPrometheus(f"no number: {text}")
    return float(text)


def parse(text):
    """{(name, frozenset of labels): value}; refuses whatever the text format 0.0.4 does not allow."""
    samples, family, kind, done = {}, None, None, set()
    if not text.endswith("\n"):
        raise NotPrometheus("the last line does not end")
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            found = re.fullmatch(rf"# HELP ({NAME}) (.+)", line)
            if not found or found[1] in done:
                raise NotPrometheus(f"a family twice, or no name: {line}")
            family, kind = found[1], None
            done.add(family)
        elif line.startswith("# TYPE "):
            found = re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line)
            if not found or found[1] != family or kind:
                raise NotPrometheus(f"TYPE that does not follow its HELP: {line}")
            kind = found[2]
            if kind == "counter" and not family.endswith("_total"):
                raise NotPrometheus(f"a counter's name ends with _total: {line}")
        else:
            found = SAMPLE.fullmatch(line)
            if not found or kind is None or found[1] not in {family + suffix for suffix in SUFFIXES[kind]}:
                raise NotPrometheus(f"no sample of {family}: {line}")
            labels, rest = {}, found[2] or ""
            while rest:
                label = LABEL.match(rest)
                if not label or label[1] in labels:
                    raise NotPrometheus(f"labels: {line}")
                labels[label[1]], rest = label[2], rest[label.end():]
            key = (found[1], frozenset(labels.items()))
            if key in samples:
                raise NotPrometheus(f"a sample twice: {line}")
            samples[key] = number(found[3])
    for (name, labels), value in samples.items():
        if name.endswith("_bucket"):
            others = labels - {pair for pair in labels if pair[0] == "le"}
            rising = sorted((number(dict(more)["le"]), count) for (other, more), count in samples.items()
                            if other == name and more - {pair for pair in more if pair[0] == "le"} == others)
            counts = [count for _, count in rising]
            total = samples[(name[:-len("_bucket")] + "_count", others)]
            if counts != sorted(counts) or rising[-1] != (float("inf"), total):
                raise NotPrometheus(f"buckets of {name} {dict(labels)}")
    return samples


class Scraped:
    def __init__(self, service, **more):
        answer = service.request("GET", "/metrics", **more)
        assert answer.status == 200, answer
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text, self.samples = answer.text, parse(answer.text)

    def get(self, name, **labels):
        return self.samples.get((name, frozenset(labels.items())))

    def total(self, name, **labels):
        return sum(value for (other, more), value in self.samples.items() if other == name and set(labels.items()) <= more)


class Operator:
    engine = None

    def test_the_figures_follow_what_happens(self):
        with Service(self.engine) as service:
            before = Scraped(service)
            world.community(service)
            event = world.create(service, world.online_event())
            count = scaled(5, 20, 200)
            for number_ in range(count):
                service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
                    "email": f"m{number_}@metrics.convoke.example", "name": "M", "mode": "online"})
            for _ in range(3):
                feed = service.request("GET", "/c/cop-mi/calendar.ics")
            service.request("GET", "/c/cop-mi/calendar.ics", headers={"If-None-Match": feed.etag})
            service.request("GET", "/nowhere/" + "x" * 20)
            route = "/api/v1/events/{id}/registrations"

            # The figures are read one after the other while the service goes on: the database before what the process
            # counts, one family of a commit before the other; a request is counted once its answer has been written. Each
            # is right in the end, and all of them at once when nothing happens between the first and the last.
            def differing(seen):
                expected = {("confirmations sent", seen.get("convoke_mails_total", kind="confirmation", outcome="sent")): count,
                            ("confirmations open", seen.total("convoke_outbox_open", kind="confirmation")): 0,
                            ("oldest due", seen.get("convoke_mail_oldest_due_seconds")): 0,
                            ("registrations", seen.get("convoke_http_requests_total", route=route, method="POST", status="201")): count,
                            ("times of registrations", seen.get("convoke_http_request_seconds_count", route=route)): count,
                            ("not modified", seen.get("convoke_http_requests_total", route="/c/{slug}/calendar.ics", method="GET", status="304")): 1,
                            ("not found", seen.get("convoke_http_requests_total", route="none", method="GET", status="404")): 1,
                            ("commits", seen.get("convoke_store_group_jobs_count")): seen.get("convoke_store_commit_seconds_count"),
                            ("running", seen.get("convoke_http_requests_running")): 1}  # this one
                return [f"{name}: {value}, not {right}" for (name, value), right in expected.items() if value != right]

            settled = []

            def agree():
                seen = Scraped(service)
                settled[:] = [seen, *differing(seen)]
                return len(settled) == 1

            try:
                wait_until(agree, 60, "figures that agree")
            except AssertionError:
                self.fail(f"figures that never agreed: {settled[1:]}")
            now = settled[0]
            self.assertGreaterEqual(now.get("convoke_feed_lookups_total", result="hit") + now.get("convoke_feed_lookups_total", result="miss"), 4)
            self.assertGreater(now.get("convoke_feed_cache_bytes"), 100)
            self.assertGreaterEqual(now.get("convoke_store_writes_total"), count)
            self.assertGreaterEqual(now.get("convoke_store_group_jobs_sum"), before.get("convoke_store_group_jobs_sum") + count)
            self.assertEqual(now.get("convoke_database_up"), 1)
            self.assertGreater(now.get("process_resident_memory_bytes"), 1e6)
            self.assertGreater(now.get("process_open_fds"), 5)
            self.assertGreater(now.get("process_cpu_seconds_total"), 0)
            self.assertGreater(now.get("convoke_mail_last_sent_timestamp_seconds"), now.get("process_start_time_seconds") - 2)
            self.assertEqual(now.total("convoke_build_info", database=self.engine), 1)
            self.assertGreaterEqual(now.get("convoke_http_connections"), 1)
            self.assertNotIn("metrics.convoke.example", now.text)
            self.assertNotIn("x" * 20, now.text)
            log = service.log_text()
            self.assertNotIn("metrics.convoke.example", log)
            made = service.api("GET", f"/events/{event['id']}", expect=200)
            wait_until(lambda: f"id={made.headers['X-Request-Id']}" in service.log_text(), 5, "the request's line")

    def test_who_may_read_them(self):
        with Service(self.engine, settings={"http": {"metrics_token": "scrape-me-0123456789"}}) as service:
            world.community(service)
            organiser = service.cli("token", "create", "--name", "o", "--role", "organiser", "--community", "cop-mi").strip()
            bearer = lambda token: {"Authorization": f"Bearer {token}"}
            through = {"X-Forwarded-For": "203.0.113.7"}
            self.assertEqual(service.request("GET", "/metrics").status, 200)
            for headers in ({"Via": "1.1 proxy"}, {"Forwarded": "for=203.0.113.7"}, through, {**through, **bearer("scrape-me-0123456780")},
                            {**through, **bearer(organiser)}):
                refused = service.request("GET", "/metrics", headers=headers)
                self.assertEqual(refused.status, 403, headers)
                self.assertNotIn("convoke_http", refused.text)
            for token in ("scrape-me-0123456789", service.token):
                self.assertEqual(service.request("GET", "/metrics", headers={**through, **bearer(token)}).status, 200)

    def test_ready_says_what_is_wrong(self):
        with Service(self.engine) as service:
            ready = service.request("GET", "/readyz").json
            self.assertEqual({name: check["status"] for name, check in ready["checks"].items()},
                             {"database": "ok", "disk": "ok", "clock": "ok", "mail": "ok"})
            self.assertEqual((ready["status"], ready["warnings"]), ("ready", False))
            # The mails' folder is gone: mail stops, the service does not.
            world.community(service)
            event = world.create(service, world.online_event())
            folder = service.place / "mail"
            shutil.move(folder, service.place / "elsewhere")
            folder.write_text("not a folder")
            service.api("POST", f"/events/{event['id']}/registrations", expect=201, json={
                "email": "m@metrics.convoke.example", "name": "M", "mode": "online"})
            said = wait_until(lambda: (lambda answer: answer if answer.json["checks"]["mail"]["status"] == "warning" else None)(
                service.request("GET", "/readyz")), 30, "the warning")
            self.assertIn(said.status, (200, 503))
            self.assertTrue(said.json["warnings"])
            self.assertEqual(service.request("GET", "/healthz").text, "ok\n")
            folder.unlink()
            shutil.move(service.place / "elsewhere", folder)
            wait_until(lambda: service.request("GET", "/readyz").json["checks"]["mail"]["status"] == "ok", 60, "the mails to go again")

    def test_an_ending_certificate_is_seen_ahead(self):
        folder = tempfile.mkdtemp(prefix="metrics-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        authority = certificates.Authority(folder)
        for days, status in ((20, "warning"), (25, "ok")):
            certificate, key = authority.issue(f"of-{days}", days=days)
            with Service(self.engine, tls=(certificate, key, authority.ca_file)) as service:
                answer = service.request("GET", "/readyz")
                self.assertEqual((answer.status, answer.json["checks"]["certificate"]["status"]), (200, status), answer)


class Reader(__import__("unittest").TestCase):
    def test_the_parser_finds_what_prometheus_refuses(self):
        good = '# HELP a_total A.\n# TYPE a_total counter\na_total{b="c"} 1\n'
        parse(good)
        for bad in (good[:-1], good + "a_total{b=\"c\"} 2\n", good + good, good.replace('"c"', "c"), good.replace(" 1", " one"),
                    good.replace("a_total", "a"), good.replace("# HELP a_total A.\n", ""), good + "other 1\n",
                    '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n'):
            with self.assertRaises(NotPrometheus, msg=bad):
                parse(bad)


globals().update(both_engines(Operator))
