"""No file names a machine or a package registry, no work is left marked, the top level holds only the house."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md", "service", "calendar",
             "notifications", "config", "tests", "deploy"}

# Written in pieces so that this file does not find itself.
RULES = {
    "a path of one machine": r"(?<![\w.$}{-])/(?:wo" r"rk|ro" r"ot|fa" r"rm|home/\w+|Users/\w+|tmp/\w)/",
    "a package registry": r"(?i)\b(?:registry\.npm" r"js|npm" r"js\.org|py" r"pi\.org|deb\.deb" r"ian\.org|proxy\.gol" r"ang|"
                          r"registry\.yarn" r"pkg|docker\.i" r"o/)",
    "unfinished work": r"\b(?:TO" r"DO|FIX" r"ME|HA" r"CK|X" r"XX)\b",
}


def findings(name, text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in RULES.items():
            if re.search(pattern, line):
                found.append(f"{name}:{number}: {what}: {line.strip()[:120]}")
    return found


def files():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted(name for name in set(listed.split("\0")) - {""} if (ROOT / name).is_file())


class Names(unittest.TestCase):
    def test_no_machine_no_registry_nothing_unfinished(self):
        found = []
        for name in files():
            data = (ROOT / name).read_bytes()
            if b"\0" not in data:
                found += findings(name, data.decode("utf-8", "replace"))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_the_top_level_is_the_house(self):
        tops = {name.split("/")[0] for name in files()}
        self.assertEqual({top for top in tops if not top.startswith(".")} - TOP_LEVEL, set())

    def test_commands_can_be_run(self):
        for name in ("deploy/run", "deploy/setup", "tests/run", ".ci/run"):
            with self.subTest(name):
                self.assertTrue((ROOT / name).stat().st_mode & 0o111)

    def test_planted_findings_are_found(self):
        for line in ["see /wo" "rk/main", '"resolved": "https://registry.npm' 'js.org/x"', "// TO" "DO: later",
                     "cp /ro" "ot/x .", "/tmp/" "w/preamble"]:
            with self.subTest(line):
                self.assertTrue(findings("x", line))
        for line in ["/usr/bin/python3", "${TMPDIR:-/tmp}/x", "https://events.example/work/1", "mktemp /tmp"]:
            with self.subTest(line):
                self.assertEqual(findings("x", line), [])


if __name__ == "__main__":
    unittest.main()
