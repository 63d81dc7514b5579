"""A real Postfix on loopback that delivers every address into a Maildir, as a throw-away instance.

Configuration, queue, keys and the Maildir live in one temporary folder; nothing ever leaves the machine: there is
no outbound transport. Several may run at once. Needs root or sudo, as Postfix does.
"""

import email
import email.policy
import os
import pathlib
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile

from certificates import Authority
from waiting import TimedOut, wait_until

_AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
_MAILBOX_OWNER = 65534 if os.geteuid() == 0 else os.getuid()

_MAIN_CF = """
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {place}/log/mail.log
maillog_file_prefixes = /
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.convoke.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:no local mail here
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
virtual_mailbox_base = {place}/mailboxes
virtual_mailbox_domains = regexp:{place}/etc/domains
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
virtual_destination_concurrency_limit = 10
message_size_limit = 20480000
strict_smtputf8 = no
smtpd_peername_lookup = no
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_recipient_restrictions = {restrictions}
smtpd_relay_restrictions = {restrictions}
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_tls_session_cache_database =
smtpd_tls_loglevel = 1
smtpd_sasl_auth_enable = {sasl}
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous
broken_sasl_auth_clients = no
"""

_MASTER_CF = """
127.0.0.1:{port} inet n - n - 50 smtpd
127.0.0.1:{tls_port} inet n - n - 50 smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

# Mail for one domain is handed over to a service by LMTP, and tried again at once when the service is away.
_LMTP_MAIN_CF = """
transport_maps = inline:{{ {domain}=lmtp:inet:{lmtp} }}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
lmtp_destination_concurrency_failed_cohort_limit = 0
lmtp_connect_timeout = 5s
"""

_DOVECOT_CONF = """
base_dir = {place}/dovecot
state_dir = {place}/dovecot
log_path = {place}/log/dovecot.log
protocols =
ssl = no
auth_mechanisms = {mechanisms}
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {place}/etc/passwords
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service auth {{
  unix_listener {place}/queue/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service anvil {{
  chroot =
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Message:
    """One delivered mail: `raw` bytes as in the mailbox, `mail` parsed, `mailbox` the address it was delivered to."""

    def __init__(self, path):
        self.path = path
        stored = path.read_bytes()
        # Postfix writes the envelope's recipient; its maps may not build a path from an address.
        self.mailbox = re.search(rb"^Delivered-To: (.*)$", stored, re.M).group(1).decode().strip().lower()
        self.time = path.stat().st_mtime
        # What the delivery put in front (Return-Path, Delivered-To, Received) is not what was sent.
        lines = stored.split(b"\n")
        start, trace = 0, (b"return-path:", b"x-original-to:", b"delivered-to:", b"received:")
        while lines[start].lower().startswith(trace) or (start and lines[start][:1] in (b" ", b"\t")):
            start += 1
        self.raw = b"\n".join(lines[start:])
        self.mail = email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def message_id(self):
        return str(self.mail["Message-ID"])

    @property
    def subject(self):
        return str(self.mail["Subject"])

    def part(self, content_type):
        """The first part of this type, or None."""
        return next((part for part in self.mail.walk() if part.get_content_type() == content_type), None)

    def text(self, content_type="text/plain"):
        found = self.part(content_type)
        return "" if found is None else found.get_payload(decode=True).decode(found.get_content_charset() or "utf-8")

    def calendar(self):
        """The iCalendar text of an invitation, update or cancellation; "" when it carries none."""
        return self.text("text/calendar")


class MailServer:
    """`with MailServer() as mail:` — mail.url, mail.ca_file, mail.messages(), mail.wait_for(n).

    names:      subject alternative names of the certificate (a wrong one is a fault to test)
    mechanisms: SASL mechanisms a client must use, such as "plain" or "login"; None asks for no login
    implicit:   url is smtps:// (TLS from the first byte) instead of smtp:// with STARTTLS
    answers:    (domain, "ADDRESS:PORT"): mail for this domain is handed over there by LMTP
    """

    USER, PASSWORD = "convoke", "correct horse battery+staple"

    def __init__(self, names=("DNS:localhost", "IP:127.0.0.1"), mechanisms=None, implicit=False, answers=None):
        self._answers = answers
        self._names, self._mechanisms, self._implicit = names, mechanisms, implicit
        self._dovecot = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _start(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="mail-"))
        self.place.chmod(0o755)
        for folder in ("etc", "queue", "data", "log", "mailboxes", "dovecot", "keys"):
            (self.place / folder).mkdir()
        authority = Authority(str(self.place / "keys"))
        certificate, key = authority.issue("server", self._names)
        self.ca_file = authority.ca_file
        self.port, self.tls_port = free_port(), free_port()
        sasl = bool(self._mechanisms)
        etc = self.place / "etc"
        (etc / "main.cf").write_text(_MAIN_CF.format(
            place=self.place, owner=_MAILBOX_OWNER, certificate=certificate, key=key, sasl="yes" if sasl else "no",
            restrictions="permit_sasl_authenticated, reject" if sasl else "permit_mynetworks, reject"))
        (etc / "master.cf").write_text(_MASTER_CF.format(port=self.port, tls_port=self.tls_port))
        if self._answers:
            domain, lmtp = self._answers
            with open(etc / "main.cf", "a") as main_cf:
                main_cf.write(_LMTP_MAIN_CF.format(domain=domain, lmtp=lmtp))
            with open(etc / "master.cf", "a") as master_cf:
                master_cf.write("lmtp unix - - n - 20 lmtp\n")
        (etc / "domains").write_text("/./ OK\n")
        self.password_file = str(etc / "password")
        (etc / "password").write_text(self.PASSWORD + "\n")
        (etc / "password").chmod(0o600)
        subprocess.run([*_AS_ROOT, "chown", f"{_MAILBOX_OWNER}", str(self.place / "mailboxes")], check=True)
        subprocess.run([*_AS_ROOT, "chown", "postfix", str(self.place / "data")], check=True)
        subprocess.run([*_AS_ROOT, "chown", "root", str(self.place / "queue"), str(etc / "main.cf")], check=True)
        self._postfix("start")
        if sasl:
            self._start_dovecot()
        wait_until(self._greets, 20, "Postfix's greeting")

    def _postfix(self, verb):
        done = subprocess.run([*_AS_ROOT, "postfix", "-c", str(self.place / "etc"), verb],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0 and verb != "stop":
            raise RuntimeError(f"postfix {verb}: {done.stdout}\n{self.log()}")

    def _start_dovecot(self):
        (self.place / "etc" / "passwords").write_text(f"{self.USER}:{{PLAIN}}{self.PASSWORD}\n")
        conf = self.place / "etc" / "dovecot.conf"
        conf.write_text(_DOVECOT_CONF.format(place=self.place, mechanisms=self._mechanisms))
        self._dovecot = subprocess.Popen([*_AS_ROOT, "dovecot", "-F", "-c", str(conf)], stdin=subprocess.DEVNULL)
        socket_path = self.place / "queue" / "private" / "auth"
        wait_until(lambda: self._dovecot.poll() is not None or subprocess.run(
            [*_AS_ROOT, "test", "-S", str(socket_path)]).returncode == 0, 10, "Dovecot's socket")
        if self._dovecot.poll() is not None:
            raise RuntimeError("dovecot ended: " + self._read(self.place / "log" / "dovecot.log"))

    def _greets(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.settimeout(2)
                return connection.recv(200).startswith(b"220")
        except OSError:
            return False

    @staticmethod
    def _read(path):
        return subprocess.run([*_AS_ROOT, "cat", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, errors="replace").stdout

    @property
    def url(self):
        user = f"{self.USER}@" if self._mechanisms else ""
        return f"smtps://{user}127.0.0.1:{self.tls_port}" if self._implicit else f"smtp://{user}127.0.0.1:{self.port}"

    def settings(self, **more):
        """The [mail] section that makes a service send here."""
        section = {"transport": self.url, "ca_file": self.ca_file, "from": "events@convoke.example", **more}
        if self._mechanisms:
            section["password_file"] = self.password_file
        return section

    def log(self):
        return self._read(self.place / "log" / "mail.log")

    def queued(self):
        """How many mails Postfix has accepted and not yet delivered."""
        count = 0
        for folder in ("incoming", "active", "deferred"):
            for _, _, files in os.walk(self.place / "queue" / folder):
                count += len(files)
        return count

    def messages(self, address=None):
        """Every delivered mail, or those of one address, in the order of their arrival."""
        found = [Message(path) for path in self.place.glob("mailboxes/all/new/*")]
        if address is not None:
            found = [message for message in found if message.mailbox == address.lower()]
        return sorted(found, key=lambda message: (message.time, message.path.name))

    def count(self):
        return sum(1 for _ in self.place.glob("mailboxes/all/new/*"))

    def wait_for(self, n, timeout=60.0, address=None):
        """Waits until at least n mails are in the mailboxes and returns them all."""
        count = self.count if address is None else lambda: len(self.messages(address))
        try:
            wait_until(lambda: count() >= n, timeout, f"{n} mails")
        except TimedOut as error:
            raise TimedOut(f"{error}; {count()} arrived, {self.queued()} queued\n{self.log()[-2000:]}") from None
        return self.messages(address)

    def hand_in(self, sender, recipients, content):
        """Somebody's mail server brings a mail: bytes, lines ended by CRLF."""
        context = ssl.create_default_context(cafile=self.ca_file)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as connection:
            connection.starttls(context=context)
            connection.sendmail(sender, recipients, content)

    def settle(self, timeout=30.0):
        """Waits until Postfix has delivered all it accepted."""
        wait_until(lambda: self.queued() == 0, timeout, "Postfix's queue to be empty")

    def stop(self):
        if not hasattr(self, "place"):
            return
        if self._dovecot is not None and self._dovecot.poll() is None:
            self._dovecot.send_signal(signal.SIGTERM)
            self._dovecot.wait()
        if (self.place / "etc" / "master.cf").exists():
            self._postfix("stop")
        if _AS_ROOT:
            subprocess.run([*_AS_ROOT, "rm", "-rf", str(self.place)], check=False)
        shutil.rmtree(self.place, ignore_errors=True)
