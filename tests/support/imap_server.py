"""A real Dovecot on loopback that serves one mailbox over IMAP with TLS, as a throw-away instance. Needs root or sudo."""

import imaplib
import itertools
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time

from certificates import Authority
from mail_server import _AS_ROOT, _MAILBOX_OWNER, free_port
from waiting import wait_until

_CONF = """
base_dir = {place}/run
state_dir = {place}/run
log_path = {place}/dovecot.log
protocols = imap
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain
auth_failure_delay = 0
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 0
mail_location = maildir:{place}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {place}/passwords
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={place}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
"""


class ImapServer:
    """`with ImapServer() as mailbox:` — mailbox.settings(), mailbox.deliver(recipient, content), mailbox.flags()."""

    USER, PASSWORD = "rsvp@box.convoke.example", 'correct "horse" \\ battery'

    def __init__(self, names=("DNS:localhost", "IP:127.0.0.1")):
        self._names, self._numbers, self._process = names, itertools.count(1), None

    def __enter__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="imap-"))
        try:
            self.place.chmod(0o755)
            for folder in ("keys", "run", "mail", "mail/new", "mail/cur", "mail/tmp"):
                (self.place / folder).mkdir()
            authority = Authority(str(self.place / "keys"))
            certificate, key = authority.issue("imap", self._names)
            self.ca_file, self.port = authority.ca_file, free_port()
            (self.place / "passwords").write_text(f"{self.USER}:{{PLAIN}}{self.PASSWORD}\n")
            self.password_file = self.place / "password"
            self.password_file.write_text(self.PASSWORD + "\n")
            self.password_file.chmod(0o600)
            (self.place / "dovecot.conf").write_text(_CONF.format(place=self.place, certificate=certificate, key=key,
                                                                 owner=_MAILBOX_OWNER, port=self.port))
            subprocess.run([*_AS_ROOT, "chown", "-R", f"{_MAILBOX_OWNER}:{_MAILBOX_OWNER}", str(self.place / "mail")], check=True)
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        subprocess.run([*_AS_ROOT, "rm", "-rf", str(self.place)], check=False)
        shutil.rmtree(self.place, ignore_errors=True)

    def start(self):
        self._process = subprocess.Popen([*_AS_ROOT, "dovecot", "-F", "-c", str(self.place / "dovecot.conf")], stdin=subprocess.DEVNULL)
        wait_until(self._answers, 20, "Dovecot's greeting")

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait()

    def _answers(self):
        if self._process.poll() is not None:
            raise RuntimeError("dovecot ended: " + self.log())
        try:
            self.client().logout()
            return True
        except OSError:
            return False

    def log(self):
        return subprocess.run([*_AS_ROOT, "cat", str(self.place / "dovecot.log")], stdout=subprocess.PIPE, text=True, errors="replace").stdout

    def client(self):
        """A person's mail program: logged in, the mailbox open."""
        connection = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=ssl.create_default_context(cafile=self.ca_file))
        connection.login(self.USER, self.PASSWORD)
        connection.select("INBOX")
        return connection

    def settings(self, **more):
        """What goes into [mail] so that a service fetches from here."""
        return {"imap": f"imaps://{self.USER.replace('@', '%40')}@127.0.0.1:{self.port}/INBOX",
                "imap_password_file": str(self.password_file), "ca_file": self.ca_file, **more}

    def deliver(self, recipient, content):
        """As a mail server's delivery agent does: complete, under the name it will keep."""
        name = f"{time.time():.6f}.{next(self._numbers)}.tests"
        text = b"Delivered-To: " + recipient.encode() + b"\r\n" + content if recipient else content
        path = self.place / "mail" / "tmp" / name
        path.write_bytes(text.replace(b"\r\n", b"\n"))
        if os.geteuid() == 0:
            os.chown(path, _MAILBOX_OWNER, _MAILBOX_OWNER)
        path.rename(self.place / "mail" / "new" / name)

    def flags(self):
        """The flags of every mail there, in order."""
        connection = self.client()
        try:
            _, found = connection.fetch("1:*", "(FLAGS)")
            return [imaplib.ParseFlags(line) for line in found if line]
        finally:
            connection.logout()
