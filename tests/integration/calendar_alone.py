"""calendar/ is a library of its own: it builds, its example runs and its tests pass without the service."""

# Not in quick.
# Runs alone.

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.stdout, end="")
    return done


class Calendar_alone(unittest.TestCase):
    def test_it_builds_and_its_example_runs_where_nothing_else_is(self):
        # A copy: not one file of the rest can be found by accident.
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(os.path.join(ROOT, "calendar"), os.path.join(place, "calendar"))
            tests = os.environ.get("CONVOKE_TEST_SCALE") == "full"
            if tests:
                shutil.copytree(os.path.join(ROOT, "tests", "unit", "calendar"), os.path.join(place, "tests", "unit", "calendar"))
                shutil.copy(os.path.join(ROOT, "tests", "catch_main.cpp"), os.path.join(place, "tests"))
            launcher = shutil.which("ccache")
            build = os.path.join(place, "build")
            self.assertEqual(run("cmake", "-S", "calendar", "-B", build, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19",
                                 "-DCMAKE_C_COMPILER=clang-19", f"-DCONVOKE_TESTS={'ON' if tests else 'OFF'}",
                                 *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []), cwd=place).returncode, 0)
            self.assertEqual(run("cmake", "--build", build, cwd=place).returncode, 0)
            done = run("ctest", "--output-on-failure", cwd=build)
            self.assertEqual(done.returncode, 0)
            self.assertIn("calendar_example", done.stdout)
            text = subprocess.run([os.path.join(build, "calendar_example")], stdout=subprocess.PIPE, check=True).stdout
            self.assertTrue(text.startswith(b"BEGIN:VCALENDAR\r\n"))


if __name__ == "__main__":
    unittest.main()
