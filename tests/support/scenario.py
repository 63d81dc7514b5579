"""Runs one file of unittest cases and reports each test function on a line of its own.

    python3 tests/support/scenario.py FILE [--results FILE] [--prefix NAME] [word…]

Lines are "ok NAME seconds", "FAIL NAME seconds" and "absent NAME reason". Only a test that says it is
absent() may be skipped; any other skip is a failure, because a missing tool is a failing test.
"""

import argparse
import importlib.util
import os
import signal
import sys
import time
import unittest

SUPPORT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, SUPPORT)

import processes  # noqa: E402

ABSENT = "absent: "


def absent(what):
    """For a test over documents that are not part of the project: raise this when they are not there."""
    return unittest.SkipTest(ABSENT + what)


class _Report(unittest.TestResult):
    def __init__(self, prefix, results):
        super().__init__()
        self._prefix, self._results, self._failed, self.failures_said = prefix, results, False, 0

    def _name(self, test):
        parts = test.id().split(".")
        name = ".".join([self._prefix] + parts[1:] if parts[0] == "scenario_file" else [self._prefix, test.id()])
        return name.replace(" ", "_")  # "setUpClass (module.Case)" is one field of a line

    def _line(self, word, test, rest):
        self.failures_said += word == "FAIL"
        print(word, self._name(test), rest, file=self._results, flush=True)

    def startTest(self, test):
        super().startTest(test)
        self._started, self._failed = time.monotonic(), False
        print(f"=== {self._name(test)}", file=sys.stderr, flush=True)

    def _fail(self, test, text):
        self._failed = True
        print(text, file=sys.stderr, flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, self._exc_info_to_string(err, test))
        if not hasattr(test, "_testMethodName"):  # setUpClass or an import
            self._line("FAIL", test, "0.0")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fail(test, f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addExpectedFailure(self, test, err):
        self._fail(test, "expected failures are not used here")

    def addUnexpectedSuccess(self, test):
        self._fail(test, "expected failures are not used here")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._failed = None if reason.startswith(ABSENT) else True
        print(f"skipped: {reason}", file=sys.stderr, flush=True)
        if self._failed is None:
            self._line("absent", test, reason[len(ABSENT):])
        elif not hasattr(test, "_testMethodName"):
            self._line("FAIL", test, "0.0")

    def stopTest(self, test):
        super().stopTest(test)
        if self._failed is not None:
            self._line("FAIL" if self._failed else "ok", test, f"{time.monotonic() - self._started:.1f}")


def _cases(suite):
    for entry in suite:
        if isinstance(entry, unittest.TestSuite):
            yield from _cases(entry)
        else:
            yield entry


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("--results")
    arguments.add_argument("--prefix")
    arguments.add_argument("words", nargs="*")
    given = arguments.parse_args()
    processes.adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.path.insert(0, os.path.dirname(os.path.abspath(given.file)))
    results = open(given.results, "a") if given.results else sys.stdout
    prefix = given.prefix or os.path.splitext(os.path.basename(given.file))[0]
    report = _Report(prefix, results)
    try:
        spec = importlib.util.spec_from_file_location("scenario_file", given.file)
        module = importlib.util.module_from_spec(spec)
        sys.modules["scenario_file"] = module
        spec.loader.exec_module(module)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        if given.words:
            os.environ["CONVOKE_TEST_SELECTED"] = " ".join(given.words)
            suite = unittest.defaultTestLoader.suiteClass(
                case for case in _cases(suite) if any(word in case.id() for word in given.words))
        suite.run(report)
    finally:
        left = processes.end_descendants()
        if left:
            print(f"ended {left} processes that were left", file=sys.stderr)
    sys.exit(1 if report.failures_said else 0)


if __name__ == "__main__":
    main()
