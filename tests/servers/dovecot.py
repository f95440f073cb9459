"""Debian's Dovecot with a configuration of its own on loopback, as root or as a plain user."""

import asyncio
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.rehearsal.post_office import PostOffice
from notifications.wires import MailboxAccess, Tls
from notifications.wires.mailbox import modified_utf7
from tests.servers import free_port
from tests.servers.certificate import Certificate, make_certificate

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_username_chars =
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_fsync = never
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password=letmein
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def program() -> str | None:
    """Where Dovecot is; a plain user's path often leaves its folder out."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


class RealMailbox(Protocol):
    """A mailbox on a real server, as tests use it."""

    def access(self, folder: str = "INBOX", *, timeout_seconds: float = 5) -> MailboxAccess: ...
    async def deliver(self, *letters: bytes, at: datetime, folder: str = "INBOX") -> None: ...
    async def remove(self, uid: int) -> None: ...
    async def renumber(self) -> None: ...
    async def flags(self) -> set[str]: ...
    async def goes_away(self) -> None: ...
    async def comes_back(self) -> None: ...


class Dovecot:
    """The server. Any user name opens an empty mailbox of its own.

    As root it is Debian's own division of users; as a plain user, or with `as_user`, everything belongs to that one.
    """

    def __init__(self, folder: Path, as_user: str = "") -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.certificate: Certificate | None = make_certificate(folder)
        is_root = os.geteuid() == 0 and not as_user
        owner = pwd.getpwnam("dovecot" if is_root else as_user or getpass.getuser())
        group = grp.getgrgid(owner.pw_gid).gr_name
        self._before: list[str] = []
        if as_user:
            self._before = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        if as_user:
            for path in folder.iterdir():
                shutil.chown(path, owner.pw_uid, owner.pw_gid)
        if is_root:
            shutil.chown(folder / "mail", "dovecot", "dovecot")
        words = {
            "ssl": "yes" if self.certificate else "no",
            "certificate": f"ssl_cert = <{folder}/cert.pem\nssl_key = <{folder}/key.pem" if self.certificate else "",
            "internal": owner.pw_name,
            "internal_group": group,
            "login": "dovenull" if is_root else owner.pw_name,
            "uid": owner.pw_name,
            "gid": group,
            "port": self.port,
            "tls_port": self.tls_port if self.certificate else 0,
        }
        (folder / "dovecot.conf").write_text(CONFIGURATION.format(folder=folder, **words))

    def start(self) -> None:
        """Come up, and answer before this returns."""
        with (self.folder / "start").open("wb") as output:
            # Not a pipe: the server would keep it open.
            command = [*self._before, program() or "dovecot", "-c", str(self.folder / "dovecot.conf")]
            subprocess.run(command, check=True, stdout=output, stderr=output)
        deadline = time.monotonic() + 10
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", self.port, timeout=2).logout()
                return
            except (OSError, imaplib.IMAP4.error):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        """Go down with every connection; gone when this returns."""
        master = self.folder / "run" / "master.pid"
        if not master.exists():
            return
        process = int(master.read_text())
        sessions = _children_of(process)
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while master.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        # Sessions outlive their master until they have something to say.
        for session in sessions:
            with suppress(ProcessLookupError):
                os.kill(session, signal.SIGKILL)
        # A killed process holds the port until the kernel has come round to it; until then a call is taken and cut.
        while _somebody_answers(self.port) or _somebody_answers(self.tls_port):
            if time.monotonic() > deadline:
                raise RuntimeError("Dovecot was stopped and its port still answers.")
            time.sleep(0.02)


def _somebody_answers(port: int) -> bool:
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def _children_of(process: int) -> list[int]:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name in brackets: state, parent.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == process:
                children.append(int(status.parent.name))
    return children


class DovecotMailbox:
    """One user's mailbox there."""

    def __init__(self, server: Dovecot, user: str) -> None:
        self._server = server
        self._user = user

    def access(self, folder: str = "INBOX", *, timeout_seconds: float = 5) -> MailboxAccess:
        return MailboxAccess("127.0.0.1", self._server.port, self._user, "letmein", Tls.NONE, folder, timeout_seconds)

    def access_over_tls(self, *, trusted: bool = True) -> MailboxAccess:
        ca_file = str(self._server.certificate.certificate) if trusted and self._server.certificate else ""
        return MailboxAccess("127.0.0.1", self._server.tls_port, self._user, "letmein", ca_file=ca_file, timeout_seconds=5)

    async def deliver(self, *letters: bytes, at: datetime, folder: str = "INBOX") -> None:
        await asyncio.to_thread(self._append, letters, at, folder)

    async def fill(self, count: int) -> None:
        """So many more letters like the one that lies there, without a word of IMAP."""

        def fill() -> None:
            box = self._server.folder / "mail" / self._user
            [letter] = [*(box / "cur").iterdir(), *(box / "new").iterdir()]
            for number in range(count):
                (box / "cur" / f"{1_000_000_000 + number}.M{number}P1.here:2,").hardlink_to(letter)

        await asyncio.to_thread(fill)

    async def remove(self, uid: int) -> None:
        def remove() -> None:
            with self._logged_in() as imap:
                imap.select("INBOX")
                imap.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
                imap.expunge()

        await asyncio.to_thread(remove)

    async def renumber(self) -> None:
        """Forget the numbers: the next look gives new ones under a new UIDVALIDITY."""
        for pattern in ("dovecot-uidlist*", "dovecot.index*", "dovecot.list.index*"):
            for path in (self._server.folder / "mail" / self._user).glob(pattern):
                path.unlink()

    async def flags(self) -> set[str]:
        def flags() -> set[str]:
            with self._logged_in() as imap:
                imap.select("INBOX", readonly=True)
                _, answers = imap.fetch("1:*", "(FLAGS)")
                found = [imaplib.ParseFlags(answer) for answer in answers if isinstance(answer, bytes)]
                return {flag.decode() for line in found for flag in line if flag != rb"\Recent"}

        return await asyncio.to_thread(flags)

    async def goes_away(self) -> None:
        await asyncio.to_thread(self._server.stop)

    async def comes_back(self) -> None:
        await asyncio.to_thread(self._server.start)

    def _append(self, letters: tuple[bytes, ...], at: datetime, folder: str) -> None:
        name = f'"{modified_utf7(folder)}"'
        with self._logged_in() as imap:
            if folder != "INBOX":
                imap.create(name)
            for letter in letters:
                result, words = imap.append(name, "", imaplib.Time2Internaldate(at), letter)
                assert result == "OK", words

    @contextmanager
    def _logged_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self._server.port, timeout=10) as imap:
            imap.login(f'"{self._user}"', "letmein")
            yield imap


class PymapMailbox:
    """The same over the rehearsal's mailbox, where Dovecot is not installed."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office

    def access(self, folder: str = "INBOX", *, timeout_seconds: float = 5) -> MailboxAccess:
        office = self._office
        return MailboxAccess("127.0.0.1", office.imap_port, office.user, office.password, Tls.NONE, folder, timeout_seconds)

    async def deliver(self, *letters: bytes, at: datetime, folder: str = "INBOX") -> None:
        for letter in letters:
            await self._office.mailbox.deliver(letter, at, folder)

    async def remove(self, uid: int) -> None:
        await self._office.mailbox.remove(uid)

    async def renumber(self) -> None:
        await self._office.mailbox.renumber()

    async def flags(self) -> set[str]:
        flags = [await self._office.mailbox.flags(uid) for uid in await self._office.mailbox.uids()]
        return set().union(*flags)

    async def goes_away(self) -> None:
        await self._office.mailbox.close()

    async def comes_back(self) -> None:
        await self._office.mailbox.open()


@contextmanager
def running_dovecot(as_user: str = "") -> Iterator[Dovecot]:
    """A server in a folder of its own, which the mail user can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="heard-dovecot-"))
    folder.chmod(0o755)
    if as_user:
        shutil.chown(folder, as_user)
    server = Dovecot(folder, as_user)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
