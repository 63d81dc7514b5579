"""Completion in bash: the words come from the commands themselves."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from service import binary  # noqa: E402

_ASK = r'''
set -u
eval "$("$1" completion bash)"
shift
complete -p convoke >&2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMPREPLY=()
_convoke
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
'''


class Bash(unittest.TestCase):
    def complete(self, *words, cwd=None):
        """What bash would offer for the last word."""
        done = subprocess.run(["bash", "--norc", "-c", _ASK, "bash", binary(), "convoke", *words], cwd=cwd, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("-o default", done.stderr, "without words of ours, files are offered")
        return done.stdout.split()

    def test_commands(self):
        listed = self.complete("")
        for command in ("serve", "migrate", "token", "login-link", "import", "outbox", "person", "doctor", "demo", "completion", "audit"):
            self.assertIn(command, listed)
        self.assertEqual(self.complete("do"), ["doctor"])
        self.assertEqual(self.complete("person", ""), ["export", "erase"])
        self.assertEqual(self.complete("token", "cr"), ["create"])

    def test_every_command_that_help_lists(self):
        text = subprocess.run([binary(), "--help"], stdout=subprocess.PIPE, text=True).stdout
        named = [line.split()[0] for line in text.split("Subcommands:")[1].split("\n\n")[0].splitlines() if line.strip()]
        self.assertGreater(len(named), 9)
        self.assertEqual(sorted(self.complete("")), sorted(named))

    def test_options_and_their_choices(self):
        self.assertEqual(self.complete("token", "create", "--ro"), ["--role"])
        self.assertEqual(self.complete("token", "create", "--role", ""), ["admin", "organiser"])
        self.assertEqual(self.complete("outbox", "list", "--state", "se"), ["sending", "sent"])
        self.assertIn("--dry-run", self.complete("import", "programme", "x.md", "--"))
        self.assertIn("--check-config", self.complete("serve", "--c"))
        self.assertNotIn("--check-config", self.complete("doctor", "--c"))

    def test_settings_as_flags_of_any_command(self):
        self.assertEqual(self.complete("serve", "--http.l"), ["--http.listen"])
        self.assertIn("--store.url", self.complete("outbox", "list", "--store."))

    def test_files_where_a_file_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "members.csv").touch()
            self.assertEqual(self.complete("import", "members", "mem", cwd=folder), [], "left to complete's own file names")
            self.assertEqual(self.complete("serve", "--config", "", cwd=folder), [])

    def test_another_shell_is_an_error(self):
        done = subprocess.run([binary(), "completion", "bosh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("did you mean convoke completion bash?", done.stderr)


if __name__ == "__main__":
    unittest.main()
