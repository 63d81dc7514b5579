"""An SMTP peer that misbehaves on purpose: what Postfix will not do when asked.

    def answer(stage, mail): ...       # stage: "rcpt", "data" or "end"; mail: Received so far
        return "451 4.3.0 later"       # the reply; None for the usual one; DROP to close without a word
    with SmtpPeer(answer) as peer: ...

STARTTLS is offered and required, as a submission server does. Every mail whose DATA was read in full is
recorded in `peer.received`, answered or not: the moment between the final dot and the 250 is the one to test.
"""

import os
import socket
import ssl
import tempfile
import threading
import shutil

from certificates import Authority

DROP = object()


class Received:
    def __init__(self, sender):
        self.sender, self.recipient, self.data, self.acknowledged = sender, None, b"", False


class Line:
    """One connection, in plain text or secured."""

    def __init__(self, connection):
        self._connection, self.stream = connection, connection.makefile("rb")

    def say(self, text):
        self._connection.sendall(text.encode() + b"\r\n")

    def secure(self, context):
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self.stream = self._connection.makefile("rb")

    def close(self):
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()


class SmtpPeer:
    def __init__(self, answer=lambda stage, mail: None, names=("DNS:localhost", "IP:127.0.0.1"), starttls=True):
        self._answer, self._names, self._starttls = answer, names, starttls
        self.received, self.commands = [], []
        self._lock, self._open, self._closing = threading.Lock(), set(), False
        self.in_data = 0  # connections between DATA's 354 and the reply to the final dot

    def __enter__(self):
        self._place = tempfile.mkdtemp(prefix="peer-")
        authority = Authority(os.path.join(self._place, "keys"))
        certificate, key = authority.issue("peer", self._names)
        self.ca_file = authority.ca_file
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._closing = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in list(self._open):
            line.close()
        self._thread.join(2)
        shutil.rmtree(self._place, ignore_errors=True)

    def settings(self, **more):
        return {"transport": self.url, "ca_file": self.ca_file, "from": "events@convoke.example", **more}

    def acknowledged(self):
        with self._lock:
            return [mail for mail in self.received if mail.acknowledged]

    def _accept(self):
        while not self._closing:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(connection)
        self._open.add(line)
        try:
            self._talk(line)
        except OSError:
            pass
        finally:
            self._open.discard(line)
            line.close()

    def _talk(self, peer):
        secure, mail, say = False, None, peer.say
        say("220 peer.convoke.test ESMTP")
        while line := peer.stream.readline(2000):
            words = line.decode("utf-8", "replace").strip()
            verb = words.split(" ")[0].upper()
            with self._lock:
                self.commands.append(words)
            if verb == "EHLO":
                say("250-peer.convoke.test\r\n250-PIPELINING\r\n250-SIZE 20480000\r\n250-8BITMIME\r\n" + (
                    "250 STARTTLS" if self._starttls and not secure else "250 SMTPUTF8"))
            elif verb == "STARTTLS" and self._starttls and not secure:
                say("220 2.0.0 go ahead")
                peer.secure(self._context)
                secure = True
            elif verb == "QUIT":
                say("221 2.0.0 bye")
                return
            elif verb in ("RSET", "NOOP"):
                say("250 2.0.0 ok")
            elif not secure:
                say("530 5.7.0 STARTTLS first")
            elif verb == "MAIL":
                mail = Received(words[words.find("<") + 1:words.find(">")])
                say("250 2.1.0 ok")
            elif verb == "RCPT":
                mail.recipient = words[words.find("<") + 1:words.find(">")]
                reply = self._answer("rcpt", mail)
                if reply is DROP:
                    return
                say(reply or "250 2.1.5 ok")
            elif verb == "DATA":
                reply = self._answer("data", mail)
                if reply is DROP:
                    return
                say(reply or "354 go ahead")
                if reply is None and not self._read_data(say, peer.stream, mail):
                    return
            else:
                say("500 5.5.2 unknown")

    def _read_data(self, say, stream, mail):
        with self._lock:
            self.in_data += 1
        try:
            lines = []
            while (line := stream.readline()) != b".\r\n":
                if not line:
                    return False
                lines.append(line[1:] if line.startswith(b".") else line)
            mail.data = b"".join(lines)
            with self._lock:
                self.received.append(mail)
            reply = self._answer("end", mail)
            if reply is DROP:
                return False
            say(reply or "250 2.0.0 taken")
            mail.acknowledged = reply is None
            return True
        finally:
            with self._lock:
                self.in_data -= 1
