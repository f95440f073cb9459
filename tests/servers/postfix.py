"""Debian's Postfix with a configuration and a queue of its own on loopback. It needs root: so it is."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notifications.wires import SmtpAccess, Tls
from tests.servers import free_port
from tests.servers.certificate import Certificate, make_certificate

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = post.anytown.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtputf8_enable = no
smtpd_recipient_restrictions = reject_unauth_destination, reject_unlisted_recipient
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = anytown.example
virtual_mailbox_maps = inline:{{ yoursay@anytown.example=yoursay/ }}
recipient_delimiter = +
relay_domains = gone.example
transport_maps = inline:{{ gone.example=virtual: }}
internal_mail_filter_classes = bounce
nested_header_checks = regexp:{folder}/etc/nested
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = encrypt
"""

MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


LEFT_OUT = "Message-ID"
"""What its bounces leave out of the letter that they return; some quote nothing at all."""


class Postfix:
    """The server, and the one mailbox that it delivers to. Whom it knows nobody of, it returns."""

    address = "yoursay@anytown.example"
    nobody = "r.green@gone.example"
    """It takes a letter to this address, finds nobody, and returns it."""

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        self._folder = folder
        self._certificate = certificate
        self._port = free_port()
        self._read: set[Path] = set()

    def access(self) -> SmtpAccess:
        ca_file = str(self._certificate.certificate)
        return SmtpAccess("127.0.0.1", self._port, tls=Tls.STARTTLS, ca_file=ca_file, timeout_seconds=10)

    async def next_letter(self, seconds: float = 20) -> bytes:
        """The next letter delivered that was not given before."""
        return await asyncio.to_thread(self._next_letter, seconds)

    def _next_letter(self, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in sorted((self._folder / "mail" / "yoursay" / "new").glob("*")):
                if path not in self._read:
                    self._read.add(path)
                    return path.read_bytes()
            time.sleep(0.05)
        raise TimeoutError((self._folder / "log").read_text()[-2000:])

    def start(self) -> None:
        owner = pwd.getpwnam("postfix")
        for name in ("queue", "data", "mail", "etc"):
            (self._folder / name).mkdir()
        os.chown(self._folder / "data", owner.pw_uid, owner.pw_gid)
        os.chown(self._folder / "mail", owner.pw_uid, owner.pw_gid)
        words = {"folder": self._folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": self._port}
        (self._folder / "etc" / "main.cf").write_text(MAIN.format(**words))
        (self._folder / "etc" / "nested").write_text(f"/^{LEFT_OUT}:/ IGNORE\n")
        (self._folder / "etc" / "master.cf").write_text(MASTER.format(**words))
        self._say("start")

    def stop(self) -> None:
        self._say("stop")

    def _say(self, word: str) -> None:
        with (self._folder / "output").open("ab") as output:
            subprocess.run(["postfix", "-c", str(self._folder / "etc"), word], check=True, stdout=output, stderr=output)


def is_possible() -> bool:
    """Postfix is installed, and we may start it."""
    return shutil.which("postfix") is not None and os.geteuid() == 0


@contextmanager
def running_postfix() -> Iterator[Postfix]:
    """A server in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="heard-postfix-"))
    folder.chmod(0o755)
    certificate = make_certificate(folder)
    assert certificate is not None, "openssl is missing"
    server = Postfix(folder, certificate)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
