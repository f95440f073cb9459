"""Access tokens for the mailbox and the mail server: OAuth 2.0 by refresh token, or by the application's own secret or key.

The tokens of a person's sign-in live in one file that only its owner may read. It is replaced as a whole, and renewed under a
lock: a refresh token may be good for one use only, and the service and a command must not spend the same one.
"""

import asyncio
import dataclasses
import fcntl
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx

from notifications.wires import meaning
from notifications.wires.errors import Refused, Unreachable, WireError
from notifications.wires.signed import KeyTrouble, form_for, read_key
from notifications.wires.ways import Proxy, is_private
from notifications.wires.web import client_for, trouble_of

EARLY = timedelta(minutes=5)
"""A token is renewed so long before it ends, or at half its life if that is shorter."""
USUAL_LIFE_SECONDS = 3600
LOCK_SECONDS = 60.0
ASK_AGAIN_SECONDS = 30.0
"""After a sign-in server that could not be reached."""
REFUSED_AGAIN_SECONDS = 900.0
"""After a no that only a person can mend, and between two renewals that a mail server asked for by refusing."""


class Flow(StrEnum):
    """How we come to a token."""

    DEVICE = "device"
    """A person signs in once in any browser with a code that we show (RFC 8628)."""
    CODE = "code"
    """A person signs in once and gives us the address that the browser ends at (RFC 6749, 4.1; RFC 7636)."""
    APPLICATION = "application"
    """Nobody signs in: the application has rights of its own (RFC 6749, 4.4)."""


@dataclass(frozen=True)
class OAuthAccess:
    """A sign-in server and our application there. ValueError for an address that others could read on the way."""

    token_url: str
    client_id: str
    scope: str
    file: Path
    """Where the tokens of a person's sign-in are kept; an application's are only held."""
    flow: Flow = Flow.DEVICE
    client_secret: str = field(default="", repr=False)
    key: Path | None = None
    """What an application signs with in place of a secret. It is read anew each time: a new one needs no restart."""
    subject: str = ""
    """The mailbox that Google's service account acts for."""
    device_url: str = ""
    authorize_url: str = ""
    timeout_seconds: float = 20
    ca_file: str = ""
    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "flow", Flow(self.flow))
        if not all(is_private(url) for url in (self.token_url, self.device_url, self.authorize_url) if url):
            raise ValueError("the addresses of the sign-in server must begin with https://")


@dataclass(frozen=True)
class Grant:
    """What a sign-in gave. None of it is shown."""

    access_token: str = field(repr=False)
    renew_at: datetime
    """By our own clock. A clock that was wrong costs one refusal, and no more."""
    refresh_token: str = field(default="", repr=False)


class Tokens:
    """Gives tokens that are good now. After a failure it does not ask again at once, however often it is asked."""

    def __init__(self, access: OAuthAccess, now: Callable[[], datetime]) -> None:
        self.access = access
        self._now = now
        self._held: Grant | None = None
        self._failed: tuple[WireError, Grant | None] | None = None
        self._quiet_until = 0.0
        self._forced_until = 0.0

    async def token(self) -> str:
        """A token with some life in it. Unreachable or Refused (at `grant`) when there is none."""
        grant = self._grant()
        if grant and self._now() < grant.renew_at:
            return grant.access_token
        return await self._renewed(not_this="")

    async def renewed(self, refused: str) -> str:
        """Another token for one that a mail server refused; "" when that was tried already of late."""
        clock = asyncio.get_running_loop()
        if clock.time() < self._forced_until:
            return ""
        self._forced_until = clock.time() + REFUSED_AGAIN_SECONDS
        return await self._renewed(not_this=refused)

    async def _renewed(self, not_this: str) -> str:
        async with alone_with(self.access):
            grant = self._grant()
            if grant and self._now() < grant.renew_at and grant.access_token != not_this:
                return grant.access_token  # somebody else was quicker
            self._hold_still(grant)
            try:
                new = await self._ask_for(grant)
            except WireError as error:
                wait = REFUSED_AGAIN_SECONDS if isinstance(error, Refused) else ASK_AGAIN_SECONDS
                self._failed, self._quiet_until = (error, grant), asyncio.get_running_loop().time() + wait
                raise
            self._failed, self._held = None, new
            return new.access_token

    async def _ask_for(self, grant: Grant | None) -> Grant:
        access = self.access
        if access.flow is Flow.APPLICATION:
            return grant_of(await ask(access, access.token_url, _of_the_application(access, self._now())), self._now())
        if grant is None or not grant.refresh_token:
            raise no_grant(f"nobody has signed in yet: {meaning.LOGIN}")
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token, "scope": access.scope}
        with kept(access) as keep:
            new = grant_of(await ask(access, access.token_url, form), self._now())
            # Without a new refresh token the old one goes on (RFC 6749, 6).
            new = dataclasses.replace(new, refresh_token=new.refresh_token or grant.refresh_token)
            keep(new)
        return new

    def _grant(self) -> Grant | None:
        return self._held if self.access.flow is Flow.APPLICATION else read_grant(self.access)

    def _hold_still(self, grant: Grant | None) -> None:
        """The same failure again, without asking, until it is time or somebody signed in."""
        if self._failed and self._failed[1] == grant and asyncio.get_running_loop().time() < self._quiet_until:
            raise dataclasses.replace(self._failed[0])  # type: ignore[type-var]  # every error of a wire is a dataclass


def _of_the_application(access: OAuthAccess, now: datetime) -> dict[str, str]:
    if access.key is None:
        return {"grant_type": "client_credentials", "scope": access.scope}
    try:
        key = read_key(access.key)
    except KeyTrouble as error:
        raise no_grant(f"the file of oauth.key cannot be used: {error}") from None
    return form_for(
        key, client_id=access.client_id, token_url=access.token_url, scope=access.scope, subject=access.subject, now=now
    )


# The file


@asynccontextmanager
async def alone_with(access: OAuthAccess) -> AsyncIterator[None]:
    """Nobody else renews or replaces the tokens meanwhile, in whatever process."""
    if access.flow is Flow.APPLICATION:
        yield  # it has no file, and its tokens are for any number of uses
        return
    handle = _opened_lock(access.file)
    try:
        try:
            async with asyncio.timeout(LOCK_SECONDS):
                while not _is_ours(handle):  # noqa: ASYNC110  # another process lets go of it
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise Unreachable("tokens in use") from None
        yield
    finally:
        os.close(handle)


def read_grant(access: OAuthAccess) -> Grant | None:
    """What the file holds; None where there is none, or one for another application. Refused when it cannot be read."""
    try:
        held = json.loads(access.file.read_text("utf-8"))
        if held["client_id"] != access.client_id or held["token_url"] != access.token_url:
            return None
        grant = Grant(held["access_token"], datetime.fromisoformat(held["renew_at"]), held["refresh_token"])
        if not isinstance(grant.access_token, str) or not isinstance(grant.refresh_token, str) or grant.renew_at.tzinfo is None:
            raise ValueError("not a grant")
        return grant
    except FileNotFoundError:
        return None
    except OSError as error:
        raise no_grant(
            f"the file of oauth.tokens cannot be read ({error.strerror}): give it to the user of the service"
        ) from None
    except (ValueError, LookupError, TypeError):
        raise no_grant(f"the file of oauth.tokens is damaged: {meaning.LOGIN}") from None


@contextmanager
def kept(access: OAuthAccess) -> Iterator[Callable[[Grant], None]]:
    """A place for a grant, found before anything is asked for: a refresh token that could not be kept would be lost."""
    folder = access.file.absolute().parent
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{access.file.name}.")  # for its owner alone
    except OSError as error:
        raise no_grant(f"the folder of oauth.tokens cannot be written to ({error.strerror}); the sign-in is unchanged") from None
    place = Path(name)

    def keep(grant: Grant) -> None:
        held = {
            "client_id": access.client_id,
            "token_url": access.token_url,
            "access_token": grant.access_token,
            "renew_at": grant.renew_at.astimezone(UTC).isoformat(),
            "refresh_token": grant.refresh_token,
        }
        try:
            os.write(handle, json.dumps(held).encode())
            os.fsync(handle)
            _give_to_the_service(handle, access.file)
            place.replace(access.file)
        except OSError as error:
            raise no_grant(f"the file of oauth.tokens cannot be written ({error.strerror}): {meaning.LOGIN}") from None

    try:
        yield keep
    finally:
        os.close(handle)
        place.unlink(missing_ok=True)


def _opened_lock(file: Path) -> int:
    lock = file.with_name(f"{file.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        _give_to_the_service(handle, lock)
    except OSError as error:
        raise no_grant(f"beside the file of oauth.tokens no lock can be made ({error.strerror})") from None
    return handle


def _give_to_the_service(handle: int, file: Path) -> None:
    """What root writes at the command line belongs to the owner of the folder, so that the service can read it."""
    owner = file.absolute().parent.stat()
    if os.geteuid() == 0 and os.fstat(handle).st_uid != owner.st_uid:
        os.fchown(handle, owner.st_uid, owner.st_gid)


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# The sign-in server


def no_grant(words: str, code: int = 0) -> Refused:
    """There is no token, and what a person can do about it."""
    return Refused(code, permanent=False, at="grant", words=words)


@dataclass(eq=False)
class SignInError(Exception):
    """The sign-in server's no (RFC 6749, 5.2; RFC 8628, 3.5). Its description is left out: it names accounts."""

    error: str
    numbers: tuple[int, ...]
    code: int
    is_signed: bool = False
    """Whether we showed what our key signed, and no secret."""

    def __str__(self) -> str:
        return meaning.of_sign_in(self.error, self.numbers, is_signed=self.is_signed)


async def ask(access: OAuthAccess, url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """One question to the sign-in server. Refused at `grant` for its no."""
    try:
        return await answer_of(access, url, form)
    except SignInError as error:
        raise no_grant(str(error), error.code) from None


async def answer_of(access: OAuthAccess, url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """One question to the sign-in server: its answer, SignInError for its no, Unreachable for anything else."""
    secret = {"client_secret": access.client_secret} if access.client_secret else {}
    try:
        async with client_for(url, access.ca_file, access.proxy, access.timeout_seconds) as client:
            who = {} if "assertion" in form else {"client_id": access.client_id}
            answer = await client.post(url, data={**who, **secret, **form}, headers={"Accept": "application/json"})
    except httpx.HTTPError as problem:
        raise Unreachable(trouble_of(problem, otherwise="no sign-in")) from None
    except OSError:
        raise Unreachable("not trusted") from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Unreachable("no sign-in")
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unreachable("sign-in garbled")
    if error := said.get("error"):
        numbers = said.get("error_codes")
        listed = [number for number in numbers if isinstance(number, int)] if isinstance(numbers, list) else []
        raise SignInError(str(error), tuple(listed), answer.status_code, is_signed=access.key is not None)
    if answer.status_code != 200:
        raise Unreachable("sign-in garbled")
    return said


def grant_of(said: Mapping[str, Any], now: datetime) -> Grant:
    """The grant in an answer. Unreachable when there is no token in it."""
    token, refresh = said.get("access_token"), said.get("refresh_token", "")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token or not isinstance(refresh, str):
        raise Unreachable("sign-in garbled")
    try:
        life = timedelta(seconds=max(int(said.get("expires_in", USUAL_LIFE_SECONDS)), 0))
    except (TypeError, ValueError, OverflowError):
        life = timedelta(seconds=USUAL_LIFE_SECONDS)
    return Grant(token, now + max(life - EARLY, life / 2), refresh)
