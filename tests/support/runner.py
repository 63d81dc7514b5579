"""What tests/run does once the machine is set up: build, run everything two at a time, count, clean up."""

import argparse
import concurrent.futures
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree

SUPPORT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, SUPPORT)

import processes  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(SUPPORT))
SCENARIO_ROOMS = ("lint", "interop", "integration", "faults", "browser")
TAIL = 40
# The longest a single program or scenario file may take, in seconds.
LIMIT = {"quick": 240, "commit": 900, "full": 6 * 3600}

# How long each fuzzer looks for new inputs; the quick run has none.
FUZZ_SECONDS = {"commit": 10, "full": 1800}

_print_lock = threading.Lock()


class Count:
    passed = failed = absent = 0


def say(line):
    with _print_lock:
        print(line, flush=True)


def report(word, name, seconds, log_lines=()):
    """One line for one test, with the end of its log when it failed."""
    with _print_lock:
        setattr(Count, {"ok": "passed", "FAIL": "failed"}[word], getattr(
            Count, {"ok": "passed", "FAIL": "failed"}[word]) + 1)
        print(f"{word} {name} {seconds:.1f}", flush=True)
        for line in list(log_lines)[-TAIL:]:
            print("    " + line.rstrip("\n"), flush=True)


def report_absent(name, reason):
    with _print_lock:
        Count.absent += 1
        print(f"absent {name} {reason}".rstrip(), flush=True)


def lines_of(path):
    try:
        with open(path, errors="replace") as file:
            return file.readlines()
    except OSError:
        return []


def section(lines, name):
    """The part of a scenario's log that belongs to one of its tests."""
    inside, found = False, []
    for line in lines:
        if line.startswith("=== "):
            inside = line.strip() == f"=== {name}"
        elif inside:
            found.append(line)
    return found or lines


class Run:
    def __init__(self, scale, words):
        self.scale, self.words = scale, words
        self.place = tempfile.mkdtemp(prefix="convoke-tests-")
        os.chmod(self.place, 0o755)  # Postfix and PostgreSQL work under accounts of their own
        self.logs = os.path.join(self.place, "logs")
        os.mkdir(self.logs)
        self.environment = dict(os.environ, CONVOKE_TEST_SCALE=scale, PYTHONDONTWRITEBYTECODE="1",
                                ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", LC_ALL="C.UTF-8",
                                UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1",
                                TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1")
        for name in list(self.environment):  # settings of the caller's own service are not the tests'
            if name.startswith("CONVOKE_") and not name.startswith("CONVOKE_TEST_"):
                del self.environment[name]

    def wanted(self, name):
        return not self.words or any(word in name for word in self.words)

    def command(self, name, command, limit=None, temporary=True):
        """Runs one program in its own process group; returns (exit status or None at the limit, seconds)."""
        log = os.path.join(self.logs, name.replace("/", "-") + ".log")
        place = os.path.join(self.place, name.replace("/", "-"))
        environment = dict(self.environment)
        if temporary:
            os.makedirs(place, mode=0o755, exist_ok=True)
            environment["TMPDIR"] = place
        started = time.monotonic()
        with open(log, "ab") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(limit or LIMIT[self.scale])
            except subprocess.TimeoutExpired:
                processes.end_descendants(process.pid, grace=5)
                process.kill()
                process.wait()
                status = None
        if temporary and status == 0:
            shutil.rmtree(place, ignore_errors=True)
        return status, time.monotonic() - started, log

    def build(self, preset):
        """Configures and builds one preset; a failure is a failed test named after it."""
        name = f"build-{preset}"
        for command in (["cmake", "--preset", preset], ["cmake", "--build", "--preset", preset]):
            status, seconds, log = self.command(name, command, limit=3600, temporary=False)
            if status != 0:
                report("FAIL", name, seconds, lines_of(log))
                return False
        say(f"built {preset} in {seconds:.0f} s")
        return True

    def unit_programs(self, preset):
        listed = subprocess.run(["ctest", "--preset", preset, "--show-only=json-v1"], cwd=ROOT,
                                stdout=subprocess.PIPE, check=True).stdout
        for test in json.loads(listed)["tests"]:
            yield test["name"], test.get("command") or [test["name"] + " (not built)"]

    def unit(self, name, command):
        """One Catch2 program: each of its test cases counts."""
        result = os.path.join(self.logs, name.replace("/", "-") + ".xml")
        try:
            status, seconds, log = self.command(name, command + ["-r", "xml", "-d", "yes", "-o", result])
        except OSError as error:
            report("FAIL", name, 0, [str(error)])
            return
        cases, whole = self._catch_cases(result)
        for case, passed, taken, text, missing in cases:
            if missing:
                report_absent(f"{name}: {case}", missing)
            elif passed:
                report("ok", f"{name}: {case}", taken)
            else:
                report("FAIL", f"{name}: {case}", taken, text)
        if status is None:
            report("FAIL", name, seconds, lines_of(log) + ["reached the time limit"])
        elif not whole or (status != 0 and all(case[1] for case in cases)):
            last = f" after '{cases[-1][0]}'" if cases else ""
            report("FAIL", name, seconds, lines_of(log) + [f"ended with {status}{last}, without a whole report"])

    @staticmethod
    def _catch_cases(path):
        """([(name, passed, seconds, failure text, absent reason)], whether the report is whole)"""
        cases = []
        try:
            for _, element in xml.etree.ElementTree.iterparse(path):
                if element.tag != "TestCase":
                    continue
                result = element.find("OverallResult")
                text = []
                for part in element.iter():
                    if part.tag in ("Expression", "Failure", "FatalErrorCondition", "Exception", "Section"):
                        text.append(f"{part.get('filename', '')}:{part.get('line', '')} {part.tag} "
                                    f"{part.get('name', '')}{(part.text or '').strip()}")
                    if part.tag in ("Original", "Expanded", "Info"):
                        text.append(f"  {part.tag}: {(part.text or '').strip()}")
                missing = [(w.text or "").strip() for w in element.iter("Warning")
                           if (w.text or "").strip().startswith("absent")]
                cases.append((element.get("name"), result is not None and result.get("success") == "true",
                              float(result.get("durationInSeconds") or 0) if result is not None else 0.0, text,
                              missing[0].removeprefix("absent").lstrip(": ") or "-" if missing else None))
            return cases, True
        except (xml.etree.ElementTree.ParseError, OSError):
            return cases, False

    def scenario(self, name, path):
        results = os.path.join(self.logs, name.replace("/", "-") + ".results")
        status, seconds, log = self.command(
            name, [sys.executable, os.path.join(SUPPORT, "scenario.py"), path, "--results", results, "--prefix", name])
        lines, failed = lines_of(log), False
        for line in lines_of(results):
            word, test, rest = (line.rstrip("\n").split(" ", 2) + [""])[:3]
            if word == "absent":
                report_absent(test, rest)
            else:
                failed |= word == "FAIL"
                report(word, test, float(rest), section(lines, test) if word == "FAIL" else ())
        if status is None:
            report("FAIL", name, seconds, lines + ["reached the time limit"])
        elif (status != 0 and not failed) or not lines_of(results):
            report("FAIL", name, seconds, lines + [f"ended with {status}"])

    def both(self, jobs):
        """Runs (function, arguments…) two at a time, in order."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            for future in [pool.submit(job[0], *job[1:]) for job in jobs]:
                future.result()

    def scenarios(self, room):
        """(name, path) of a room's scenario files. One that says "# Runs alone." is not run beside another, one that
        says "# Not in quick." is left out of the quick run."""
        together, alone = [], []
        for path in sorted(glob.glob(os.path.join(ROOT, "tests", room, "*.py"))):
            name = f"{room}/{os.path.splitext(os.path.basename(path))[0]}"
            marks = {line.strip() for line in lines_of(path) if line.startswith("# ")}
            if self.wanted(name) and not (self.scale == "quick" and "# Not in quick." in marks):
                (alone if "# Runs alone." in marks else together).append((name, path))
        return together, alone

    def postgresql(self):
        """Starts the cluster the tests share; it ends with this process's descendants."""
        program = os.path.join(SUPPORT, "postgresql_cluster")
        log = open(os.path.join(self.logs, "postgresql.log"), "ab")
        started = time.monotonic()
        try:
            place = os.path.join(self.place, "postgresql")
            cluster = subprocess.Popen([program, "run", place], stdout=subprocess.PIPE, stderr=log, text=True,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
            url = cluster.stdout.readline().strip()
        except OSError as error:
            report("FAIL", "postgresql_cluster", 0, [str(error)])
            return
        if url.startswith("postgresql://"):
            self.environment["CONVOKE_TEST_POSTGRESQL"] = url
        else:
            report("FAIL", "postgresql_cluster", time.monotonic() - started, lines_of(log.name))

    def unit_stage(self, preset):
        if not (self.wanted("unit_") or any(word.startswith("unit") for word in self.words)):
            return
        if self.build(preset):
            suffix = "" if preset == "asan" else f"@{preset}"
            self.both([(self.unit, name + suffix, command) for name, command in self.unit_programs(preset)
                       if self.wanted(name)])

    def fuzz(self):
        """Every libFuzzer target over its corpus, for some seconds each; what it finds stays beside its log."""
        names = [os.path.splitext(os.path.basename(path))[0] for path in sorted(glob.glob(os.path.join(ROOT, "tests", "fuzz", "*.cpp")))]
        names = [name for name in names if self.wanted(f"fuzz/{name}")]
        if not names or self.scale == "quick":
            return
        build = os.path.join(ROOT, "build-asan")
        for command in (["cmake", "--preset", "asan"], ["cmake", "--build", build, "--target"] + [f"fuzz_{name}" for name in names]):
            status, seconds, log = self.command("build-fuzz", command, limit=3600, temporary=False)
            if status != 0:
                report("FAIL", "build-fuzz", seconds, lines_of(log))
                return
        self.both([(self.fuzz_one, name, os.path.join(build, "tests", "fuzz", f"fuzz_{name}")) for name in names])

    def fuzz_one(self, name, program):
        found = os.path.join(self.logs, f"fuzz-{name}-")
        scratch = os.path.join(self.place, f"corpus-{name}")
        os.makedirs(scratch, exist_ok=True)
        status, seconds, log = self.command(f"fuzz/{name}", [
            program, f"-max_total_time={FUZZ_SECONDS[self.scale]}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
            f"-artifact_prefix={found}", scratch, os.path.join(ROOT, "tests", "fuzz", "corpus", name)],
            limit=FUZZ_SECONDS[self.scale] + 600)
        report("ok" if status == 0 else "FAIL", f"fuzz/{name}", seconds, lines_of(log))

    def run(self):
        self.both([(self.scenario, *job) for job in self.scenarios("lint")[0]])
        if "CONVOKE_TEST_POSTGRESQL" not in self.environment and self.words != ["lint"]:
            self.postgresql()
        self.unit_stage("asan")
        together, alone = [], []
        for room in SCENARIO_ROOMS[1:]:
            found = self.scenarios(room)
            together += found[0]
            alone += found[1]
        if together or alone:
            preset, binary = ("asan", "build-asan/convoke") if self.scale == "quick" else ("release", "build/convoke")
            if self.build(preset):
                self.environment["CONVOKE_BINARY"] = os.path.join(ROOT, binary)
                self.both([(self.scenario, *job) for job in together])
                for job in alone:
                    self.scenario(*job)
        self.fuzz()
        if self.scale == "full":
            self.unit_stage("tsan")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", dest="scale", action="store_const", const="quick", default="commit")
    arguments.add_argument("--full", dest="scale", action="store_const", const="full")
    arguments.add_argument("names", nargs="*")
    given = arguments.parse_args()
    processes.adopt_orphans()
    run = Run(given.scale, given.names)
    started = time.monotonic()

    def stop(number, _frame):
        processes.end_descendants()
        say(f"stopped by signal {number}; logs are in {run.logs}")
        os._exit(128 + number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        run.run()
    finally:
        processes.end_descendants(grace=10)
    if Count.failed:
        say(f"logs are in {run.logs}")
    else:
        shutil.rmtree(run.place, ignore_errors=True)
    if Count.passed + Count.failed == 0:
        report("FAIL", "selection", 0, [f"no test's name contains {' or '.join(given.names)}"])
    say(f"{time.monotonic() - started:.0f} s, {Count.absent} absent")
    say(f"{Count.passed} passed, {Count.failed} failed")
    sys.exit(1 if Count.failed else 0)


if __name__ == "__main__":
    main()
