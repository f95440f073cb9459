"""A person signs in once, in any browser on any machine; what comes of it is kept for the service."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from notifications.wires import meaning
from notifications.wires.errors import Unreachable
from notifications.wires.oauth import (
    Flow,
    Grant,
    OAuthAccess,
    SignInError,
    alone_with,
    answer_of,
    ask,
    grant_of,
    kept,
    no_grant,
)

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
NOBODY_LISTENS = "http://localhost:47135"
"""Where the browser ends. Nothing is there: the person copies the address, which also works from another machine."""
USUAL_INTERVAL = 5.0
SLOWER_BY = 5.0
"""RFC 8628, 3.5."""
LONGEST_SECONDS = 1800.0

Rest = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Invitation:
    """What the person needs: an address to open, and in the device flow a code to type there."""

    url: str
    code: str = ""


async def sign_in(
    access: OAuthAccess,
    now: Callable[[], datetime],
    show: Callable[[Invitation], None],
    paste: Callable[[], Awaitable[str]],
    rest: Rest = asyncio.sleep,
) -> None:
    """Let somebody sign in, and keep the grant. Refused (at `grant`) or Unreachable when nothing came of it."""
    with kept(access) as keep:
        grant = await (_by_device(access, now, show, rest) if access.flow is Flow.DEVICE else _by_code(access, now, show, paste))
        if not grant.refresh_token:
            raise no_grant("it gave no refresh token: for Microsoft oauth.scope needs offline_access, for others see their pages")
        async with alone_with(access):
            keep(grant)


async def _by_device(access: OAuthAccess, now: Callable[[], datetime], show: Callable[[Invitation], None], rest: Rest) -> Grant:
    said = await ask(access, access.device_url, {"scope": access.scope})
    device, code = said.get("device_code"), said.get("user_code")
    url = said.get("verification_uri") or said.get("verification_url")
    if not (
        isinstance(device, str) and isinstance(code, str) and isinstance(url, str) and url.isprintable() and code.isprintable()
    ):
        raise Unreachable("sign-in garbled")
    show(Invitation(url, code))
    interval = max(_seconds(said.get("interval"), USUAL_INTERVAL), 1.0)
    left = min(_seconds(said.get("expires_in"), LONGEST_SECONDS), LONGEST_SECONDS)
    while (left := left - interval) > 0:
        await rest(interval)
        try:
            return grant_of(await answer_of(access, access.token_url, {"grant_type": DEVICE_GRANT, "device_code": device}), now())
        except Unreachable:
            interval *= 2  # RFC 8628, 3.5: a server that is away is asked more and more seldom
        except SignInError as error:
            if error.error not in ("authorization_pending", "slow_down"):
                raise no_grant(str(error), error.code) from None
            interval += SLOWER_BY if error.error == "slow_down" else 0
    raise no_grant(meaning.of_sign_in("expired_token", ()))


@dataclass(frozen=True)
class _Question:
    """One authorization request (RFC 6749, 4.1.1) with its proof key (RFC 7636): an answer is of use to nobody else."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    def url(self, access: OAuthAccess) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": access.client_id,
            "redirect_uri": NOBODY_LISTENS,
            "scope": access.scope,
            "state": self.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{access.authorize_url}{'&' if '?' in access.authorize_url else '?'}{urlencode(asked)}"

    def code_in(self, pasted: str) -> str:
        """The code in the address that the browser ended at. Refused when it is none, or of another question."""
        given = {name: values[0] for name, values in parse_qs(pasted.strip().partition("?")[2]).items()}
        if given.get("state") != self.state:
            raise no_grant(f"that is not the address at which this sign-in ended; nothing was changed: {meaning.LOGIN}")
        if "code" not in given:
            raise no_grant(meaning.of_sign_in(given.get("error", ""), ()))
        return given["code"]


async def _by_code(
    access: OAuthAccess, now: Callable[[], datetime], show: Callable[[Invitation], None], paste: Callable[[], Awaitable[str]]
) -> Grant:
    question = _Question()
    show(Invitation(question.url(access)))
    form = {
        "grant_type": "authorization_code",
        "code": question.code_in(await paste()),
        "redirect_uri": NOBODY_LISTENS,
        "code_verifier": question.verifier,
    }
    return grant_of(await ask(access, access.token_url, form), now())


def _seconds(given: object, otherwise: float) -> float:
    try:
        return float(str(given)) if given is not None else otherwise
    except ValueError:
        return otherwise
