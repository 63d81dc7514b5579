"""A card's lines can be read by a machine, and neither a bad nor a missing one passes unseen."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]

SCENARIO = """
import unittest
from scorecard import Scorecard

card = Scorecard("example", expected=["X1", "X2"])
tearDownModule = card.finish


class Example(unittest.TestCase):
    def test_first(self):
        card.line("X1 two\\twords", "a\\nb", "a b", True)

    def test_second(self):
        {second}
"""


class ScorecardCounts(unittest.TestCase):
    def run_with(self, second, *words):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "example.py")
            path.write_text(SCENARIO.replace("{second}", second))
            environment = {name: value for name, value in os.environ.items() if name != "CONVOKE_TEST_SELECTED"}
            done = subprocess.run([sys.executable, str(TESTS / "support" / "scenario.py"), str(path), *words],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  env=dict(environment, CONVOKE_TEST_SCORECARD=folder + "/card"))
            return done.returncode, done.stdout, pathlib.Path(folder, "card").read_text().splitlines()

    def test_good_lines_pass(self):
        status, _, lines = self.run_with('card.line("X2 number", 7, "≤ 8", True)')
        self.assertEqual((status, lines), (0, ["X1 two words\ta b\ta b\tpass", "X2 number\t7\t≤ 8\tpass"]))

    def test_a_bad_line_fails_its_test(self):
        status, results, lines = self.run_with('card.line("X2 number", 9, "≤ 8", False)')
        self.assertEqual((status, lines[1]), (1, "X2 number\t9\t≤ 8\tfail"))
        self.assertIn("FAIL example.Example.test_second ", results)

    def test_a_missing_line_fails_the_scenario(self):
        status, results, _ = self.run_with("pass")
        self.assertEqual(status, 1)
        words = [line.split(" ") for line in results.splitlines()]
        self.assertTrue(all(len(line) == 3 for line in words), results)
        self.assertIn(["FAIL", "example.tearDownModule_(scenario_file)", "0.0"], words)

    def test_one_test_alone_misses_nothing(self):
        self.assertEqual(self.run_with("pass", "test_first")[0], 0)


if __name__ == "__main__":
    unittest.main()
