"""A mailbox server and a mail server for tests: Dovecot (IMAP) and aiosmtpd (SMTP), over certificates of an authority of their own.

    python servers.py        prints one line of JSON with ports and places, then runs until its standard input ends

Everybody in USERS has the password "Korrekt-Pferd-7" and a Maildir that Dovecot serves and the SMTP server delivers to. Addresses whose
local part is a word of BEHAVIOUR meet what they say. Nothing of it listens beyond 127.0.0.1.
"""

import asyncio
import grp
import json
import mailbox
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

USERS = ["ada@quellenbrunn.example", "desk@ours.example", "sales@ours.example", "kim@ours.example", "full@ours.example"]
PASSWORD = "Korrekt-Pferd-7"
BEHAVIOUR = {
    "later": "451 4.7.1 Greylisted, come again",
    "gone": "550 5.1.1 No such user here",
    "brimful": "552 5.2.2 Mailbox is full",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*words, **more):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def certificates(folder):
    for name in ["ca", "other"]:
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN=Test {name}",
            "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", folder / "server.key", "-out", folder / "server.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
        "-CAcreateserial", "-days", "30", "-extfile", folder / "names", "-out", folder / "server.pem")


def dovecot(folder, ports):
    # It opens no mail as root: then it is nobody, and owns what it writes.
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    user, group, uid, gid = account.pw_name, grp.getgrgid(account.pw_gid).gr_name, account.pw_uid, account.pw_gid
    boxes = [Path("mail", name, part) for name in [*USERS, "sink"] for part in ["cur", "new", "tmp"]]
    for place in [folder / part for part in ["run", "state", *boxes]]:
        place.mkdir(parents=True)
    if os.getuid() == 0:
        for place in [folder, *folder.rglob("*")]:
            os.chown(place, uid, gid)
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in USERS))
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_plugins =
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {ports["imap_plain"]}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {ports["imap"]}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
""")
    binary = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
    became = {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}
    words = [binary, "-F", "-c", folder / "dovecot.conf"]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **became)


class Handler:
    """Delivers into the Maildirs; what nobody has goes to one that is called sink."""

    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):
        refused = BEHAVIOUR.get(address.split("@")[0])
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            name = address if address in USERS else "sink"
            box = mailbox.Maildir(self.folder / "mail" / name)
            box.add(b"Return-Path: <" + envelope.mail_from.encode() + b">\r\n" + envelope.original_content)
        if any(address.startswith("silence@") for address in envelope.rcpt_tos):
            # Taken, and never said.
            await asyncio.sleep(3600)
        return "250 OK taken"


def authenticate(server, session, envelope, mechanism, data):
    given = (data.login.decode(), data.password.decode())
    good = given[0] in USERS and given[1] == PASSWORD
    return AuthResult(success=good, handled=good, auth_data=given[0] if good else None)


class Server(Controller):
    """SMTP with TLS from the first byte, or with STARTTLS."""

    def __init__(self, folder, port, context, implicit):
        self.starttls = None if implicit else context
        super().__init__(Handler(folder), hostname="127.0.0.1", port=port, ssl_context=context if implicit else None, server_hostname="localhost")

    def factory(self):
        implicit = self.starttls is None
        return SMTP(self.handler, authenticator=authenticate, auth_required=True, auth_require_tls=not implicit, hostname="localhost",
                    tls_context=self.starttls, data_size_limit=8 << 20, decode_data=False, enable_SMTPUTF8=False, timeout=3600)


def main():
    folder = Path(tempfile.mkdtemp(prefix="probity-mail-"))
    folder.chmod(0o755)
    os.umask(0o022)
    os.chdir(folder)
    server = None
    try:
        certificates(folder)
        ports = {name: free_port() for name in ["imap", "imap_plain", "smtp", "smtp_starttls", "closed"]}
        server = dovecot(folder, ports)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        controllers = [Server(folder, ports["smtp"], context, True), Server(folder, ports["smtp_starttls"], context, False)]
        for controller in controllers:
            controller.start()
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", ports["imap"]), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        told = {**ports, "folder": str(folder), "ca": (folder / "ca.pem").read_text(), "other_ca": (folder / "other.pem").read_text(),
                "password": PASSWORD}
        print(json.dumps(told), flush=True)
        sys.stdin.read()
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
        # A connection that hangs on purpose must not keep the process.
        os._exit(0)


if __name__ == "__main__":
    main()
