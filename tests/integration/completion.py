"""Completion in bash, zsh and fish: the words come from the commands themselves; each shell is asked what it offers."""

import os
import pathlib
import re
import select
import shutil
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


class Shell:
    """What any shell offers."""

    def test_commands(self):
        listed = self.complete("")
        for command in ("serve", "migrate", "token", "login-link", "import", "outbox", "person", "doctor", "demo", "completion", "audit"):
            self.assertIn(command, listed)
        self.assertEqual(self.complete("do"), ["doctor"])
        self.assertEqual(sorted(self.complete("person", "")), ["erase", "export"])
        self.assertEqual(self.complete("token", "cr"), ["create"])
        self.assertEqual(sorted(self.complete("completion", "")), ["bash", "fish", "zsh"])

    def test_every_command_that_help_lists(self):
        text = subprocess.run([binary(), "--help"], stdout=subprocess.PIPE, text=True).stdout
        named = [line.split()[0] for line in text.split("Subcommands:")[1].split("\n\n")[0].splitlines() if line.strip()]
        self.assertGreater(len(named), 9)
        self.assertEqual(sorted(self.complete("")), sorted(named))

    def test_options_and_their_choices(self):
        self.assertEqual(self.complete("token", "create", "--ro"), ["--role"])
        self.assertEqual(sorted(self.complete("token", "create", "--role", "")), ["admin", "organiser"])
        self.assertEqual(sorted(self.complete("outbox", "list", "--state", "se")), ["sending", "sent"])
        self.assertIn("--dry-run", self.complete("import", "programme", "x.md", "--"))
        self.assertIn("--check-config", self.complete("serve", "--c"))
        self.assertNotIn("--check-config", self.complete("doctor", "--c"))

    def test_settings_as_flags_of_any_command(self):
        self.assertEqual(self.complete("serve", "--http.l"), ["--http.listen"])
        self.assertIn("--store.url", self.complete("outbox", "list", "--store."))


class Bash(Shell, unittest.TestCase):
    def complete(self, *words, cwd=None):
        """What bash would offer for the last word."""
        done = subprocess.run(["bash", "--norc", "-c", _ASK, "bash", binary(), "convoke", *words], cwd=cwd, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("-o default", done.stderr, "without words of ours, files are offered")
        return done.stdout.split()

    def test_files_where_a_file_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "members.csv").touch()
            self.assertEqual(self.complete("import", "members", "mem", cwd=folder), [], "left to complete's own file names")
            self.assertEqual(self.complete("serve", "--config", "", cwd=folder), [])

    def test_another_shell_is_an_error(self):
        done = subprocess.run([binary(), "completion", "bosh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("did you mean convoke completion bash?", done.stderr)


# compadd, which a completion hands its words to, prints which of them fit instead of inserting one.
_ASK_ZSH = r'''
PROMPT= RPROMPT=
zstyle ":completion:*" verbose no
autoload -U compinit && compinit -u -d $ZDOTDIR/known
eval "$(%s completion zsh)"
compadd() {
    local -a fit
    builtin compadd -O fit "$@"
    print -r -- "<<${(j: :)fit}>>"
}
offer() { _main_complete; print -r -- "<<end>>" }
zle -C offer complete-word offer
bindkey "^X" offer
print -r -- "<<ready>>"
'''


class Zsh(Shell, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="zsh-")
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        pathlib.Path(cls.home, ".zshrc").write_text(_ASK_ZSH % binary())

    def complete(self, *words, cwd=None):
        control, terminal = os.openpty()
        process = subprocess.Popen(["zsh", "-i"], cwd=cwd or self.home, stdin=terminal, stdout=terminal, stderr=terminal,
                                   start_new_session=True, env={**os.environ, "ZDOTDIR": self.home, "TERM": "dumb"})
        os.close(terminal)
        try:
            self.until(control, "<<ready>>")
            os.write(control, " ".join(("convoke", *words)).encode() + b"\x18")
            shown = self.until(control, "<<end>>")
        finally:
            process.kill()
            process.wait()
            os.close(control)
        return [word for found in re.findall(r"<<(.*?)>>", shown, re.DOTALL) for word in found.split() if word != "end"]

    def until(self, control, mark):
        shown = ""
        while mark not in shown:
            self.assertTrue(select.select([control], [], [], 30)[0], f"zsh says nothing more: {shown}")
            shown += os.read(control, 65536).decode(errors="replace")
        return shown

    def test_files_where_a_file_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "members.csv").touch()
            self.assertIn("members.csv", self.complete("import", "members", "mem", cwd=folder))
            self.assertIn("members.csv", self.complete("serve", "--config", "", cwd=folder))

    def test_the_script_as_a_file_of_fpath(self):
        with tempfile.TemporaryDirectory() as folder:
            script = subprocess.run([binary(), "completion", "zsh"], stdout=subprocess.PIPE, check=True).stdout
            pathlib.Path(folder, "_convoke").write_bytes(script)
            self.assertEqual(subprocess.run(["zsh", "-n", f"{folder}/_convoke"]).returncode, 0)
            done = subprocess.run(["zsh", "-f", "-c", f"fpath=({folder} $fpath); autoload -U compinit && compinit -u -D; print $_comps[convoke]"],
                                  stdout=subprocess.PIPE, text=True)
            self.assertEqual(done.stdout.strip(), "_convoke")


class Fish(Shell, unittest.TestCase):
    def complete(self, *words, cwd=None):
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(["fish", "--no-config", "-c", "$argv[1] completion fish | source; complete -C $argv[2]", binary(),
                                   " ".join(("convoke", *words))], cwd=cwd or home, env={**os.environ, "HOME": home}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def test_what_a_word_does_is_said(self):
        done = subprocess.run(["fish", "--no-config", "-c", f"{binary()} completion fish | source; complete -C 'convoke doc'"],
                              stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        self.assertRegex(done.stdout, "^doctor\tCheck settings")

    def test_files_where_a_file_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "members.csv").touch()
            self.assertEqual(self.complete("import", "members", "mem", cwd=folder), ["members.csv"])
            self.assertIn("members.csv", self.complete("serve", "--config", "", cwd=folder))


if __name__ == "__main__":
    unittest.main()
