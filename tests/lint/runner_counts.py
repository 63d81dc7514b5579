"""The runner tells the truth: what fails, breaks, hangs on a missing tool or dies is counted as failed."""

import os
import subprocess
import sys
import tempfile
import unittest

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support")
sys.path.insert(0, SUPPORT)

import runner  # noqa: E402


def scenario(text):
    """(lines of results, exit status) of a scenario file with this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.py")
        with open(path, "w") as file:
            file.write("import os, subprocess, unittest\nfrom scenario import absent\n" + text)
        done = subprocess.run([sys.executable, os.path.join(SUPPORT, "scenario.py"), path], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, timeout=60)
        return [line.rsplit(" ", 1)[0] if not line.startswith("absent") else line
                for line in done.stdout.splitlines()], done.returncode


def case(body, extra=""):
    return f"class Case(unittest.TestCase):\n{extra}    def test_it(self):\n        {body}\n"


class Scenario(unittest.TestCase):
    def test_passing(self):
        self.assertEqual(scenario(case("pass")), (["ok one.Case.test_it"], 0))

    def test_failing_in_every_way(self):
        for body in ("self.fail()", "raise OSError('x')", "self.skipTest('no tool here')", "1/0",
                     "with self.subTest(): self.fail()"):
            with self.subTest(body):
                self.assertEqual(scenario(case(body)), (["FAIL one.Case.test_it"], 1))

    def test_absent_is_neither(self):
        self.assertEqual(scenario(case("raise absent('a document')")), (["absent one.Case.test_it a document"], 0))

    def test_a_broken_fixture_and_a_file_that_cannot_be_read(self):
        broken = "    @classmethod\n    def setUpClass(cls):\n        raise OSError('x')\n"
        lines, status = scenario(case("pass", broken))
        self.assertEqual((len(lines), lines[0][:4], status), (1, "FAIL", 1))
        self.assertEqual(scenario("import not_a_module\n"), ([], 1))

    def test_what_a_test_leaves_running_is_ended(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = os.path.join(folder, "pid")
            command = f"setsid sh -c 'echo $$ > {mark}; exec sleep 300'"
            scenario(case(f"subprocess.Popen([\"sh\", \"-c\", \"{command}\"]); import time\n"
                          f"        while not os.path.exists({mark!r}) or not open({mark!r}).read(): time.sleep(0.01)"))
            with open(mark) as file:
                pid = int(file.read())
            self.assertFalse(os.path.exists(f"/proc/{pid}"))


class CatchReport(unittest.TestCase):
    WHOLE = """<?xml version="1.0"?><Catch name="u"><Group name="u">
        <TestCase name="good"><OverallResult success="true" durationInSeconds="0.5"/></TestCase>
        <TestCase name="bad"><Expression success="false" type="REQUIRE" filename="a.cpp" line="3"><Original>x == 1</Original>
          <Expanded>2 == 1</Expanded></Expression><OverallResult success="false" durationInSeconds="0"/></TestCase>
        <TestCase name="corpus"><Warning>absent: ../shared/x</Warning><OverallResult success="true"/></TestCase>
        </Group></Catch>"""

    def read(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(text)
            file.flush()
            return runner.Run._catch_cases(file.name)

    def test_cases_are_counted_by_their_result(self):
        cases, whole = self.read(self.WHOLE)
        self.assertTrue(whole)
        self.assertEqual([(name, passed, missing) for name, passed, _, _, missing in cases],
                         [("good", True, None), ("bad", False, None), ("corpus", True, "../shared/x")])
        self.assertIn("2 == 1", "".join(cases[1][3]))

    def test_a_report_that_breaks_off_is_not_whole(self):
        cases, whole = self.read(self.WHOLE[:self.WHOLE.index('<TestCase name="corpus">')])
        self.assertFalse(whole)
        self.assertEqual(len(cases), 2)
        self.assertEqual(self.read(""), ([], False))


if __name__ == "__main__":
    unittest.main()
