"""An OAuth 2.0 sign-in server over HTTP: its tokens rotate, and it says no in every way that real ones do."""

import base64
import hashlib
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

Form = dict[str, str]


@dataclass
class SignIn:
    """One client is known. A refresh token is good once: who spends it again loses the whole grant (RFC 6749, 10.4)."""

    url: str = ""
    client_id: str = "heard-client"
    client_secret: str = ""
    life_seconds: int = 3600
    interval: int = 5
    """Seconds between two polls for a device code."""
    says: Callable[[Form], web.Response | None] = lambda form: None
    """What is answered in place of the usual; None for the usual."""
    codes: list[str] = field(default_factory=list)
    """What a poll for a device code hears, one after another: an error, or `yes`."""
    challenge: str = ""
    """The proof key of the last authorization request, which a test notes."""
    asked: list[Form] = field(default_factory=list)
    good_tokens: set[str] = field(default_factory=set)
    good_refresh: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    certificate: bytes = b""
    """Of the application that signs in place of showing a secret (PEM)."""
    accounts: dict[str, tuple[str, object]] = field(default_factory=dict)
    """Google's service accounts by their address: the number and the public half of the key."""
    mailboxes: set[str] = field(default_factory=set)
    """For which mailboxes a service account may act."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    signed: list[dict[str, object]] = field(default_factory=list)
    """What was claimed under a signature that is right."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def grant(self, *, refresh: bool = True) -> web.Response:
        number = next(self._numbers)
        access = f"access-{number}-not-to-be-logged"
        self.good_tokens.add(access)
        answer: dict[str, object] = {"token_type": "Bearer", "access_token": access, "expires_in": self.life_seconds}
        if refresh:
            token = f"refresh-{number}-not-to-be-logged"
            self.good_refresh.add(token)
            answer["refresh_token"] = token
        return web.json_response(answer)

    def kinds(self) -> list[str]:
        """The grant types that were asked for, in order, the device's polls by their short name."""
        return [form.get("grant_type", "device request").rpartition(":")[2] for form in self.asked]

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if (said := self.says(form)) is not None:
            return said
        if "assertion" in form:
            return self._for_a_service_account(form)
        if "client_assertion" in form:
            return self._for_a_certificate(form)
        if form.get("client_id") != self.client_id or form.get("client_secret", "") != self.client_secret:
            return refusal("invalid_client", 7000215, status=401)
        return self._usual(form)

    def _for_a_certificate(self, form: Form) -> web.Response:
        """As learn.microsoft.com, "certificate credentials", has it: which certificate, for whom, and when."""
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        known = x509.load_pem_x509_certificate(self.certificate)
        mark = base64.urlsafe_b64encode(known.fingerprint(SHA256())).rstrip(b"=").decode()
        if jwt.get_unverified_header(form["client_assertion"]).get("x5t#S256") != mark:
            return refusal("invalid_client", 700027, status=401)
        claims = self._claims(form["client_assertion"], known.public_key(), "PS256")
        if claims is None or self.now().timestamp() > int(str(claims["exp"])):
            return refusal("invalid_client", 700024, status=401)
        if not claims["iss"] == claims["sub"] == form["client_id"] == self.client_id or not claims["jti"]:
            return refusal("invalid_client", 700016, status=401)
        return self.grant(refresh=False)

    def _for_a_service_account(self, form: Form) -> web.Response:
        """As developers.google.com, "server to server applications", has it; which fault it is stands in words only."""
        header = jwt.get_unverified_header(form["assertion"])
        claimed = jwt.decode(form["assertion"], options={"verify_signature": False})
        number, key = self.accounts.get(claimed["iss"], ("", None))
        claims = self._claims(form["assertion"], key, "RS256") if number and header["kid"] == number else None
        if claims is None or self.now().timestamp() > int(str(claims["exp"])):
            return refusal("invalid_grant")
        if claims["sub"] not in self.mailboxes or claims["scope"] != "https://mail.google.com/":
            return refusal("unauthorized_client", status=401)
        return self.grant(refresh=False)

    def _claims(self, token: str, key: object, algorithm: str) -> dict[str, object] | None:
        unjudged = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}  # by the test's own clock
        try:
            claims: dict[str, object] = jwt.decode(token, key, [algorithm], options=unjudged, audience=f"{self.url}/token")  # type: ignore[arg-type]  # whatever key a test gives
        except jwt.InvalidTokenError:
            return None
        self.signed.append(claims)
        return claims

    def _usual(self, form: Form) -> web.Response:
        match form["grant_type"].rpartition(":")[2]:
            case "refresh_token":
                return self._refreshed(form["refresh_token"])
            case "client_credentials":
                return self.grant(refresh=False)
            case "device_code":
                word = self.codes.pop(0) if self.codes else "expired_token"
                return self.grant() if word == "yes" else refusal(word)
            case "authorization_code":
                proof = hashlib.sha256(form["code_verifier"].encode()).digest()
                is_right = base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == self.challenge and form["code"] == "the-code"
                return self.grant() if is_right else refusal("invalid_grant")
        return refusal("unsupported_grant_type")

    def _refreshed(self, token: str) -> web.Response:
        if token in self.spent:
            self.good_refresh.clear()
        if token not in self.good_refresh:
            return refusal("invalid_grant", 70008)
        self.good_refresh.discard(token)
        self.spent.add(token)
        return self.grant()

    async def device(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if (said := self.says(form)) is not None:
            return said
        return web.json_response(
            {
                "device_code": "the-device",
                "user_code": "ABCD-EFGH",
                "verification_uri": f"{self.url}/go",
                "expires_in": 900,
                "interval": self.interval,
            }
        )


def refusal(error: str, *numbers: int, status: int = 400) -> web.Response:
    """A no as RFC 6749, 5.2 has it, with the words beside it that Microsoft adds."""
    described = "AADSTS: the account c.officer@anytown.gov.uk did something."
    return web.json_response({"error": error, "error_description": described, "error_codes": list(numbers)}, status=status)


def page() -> web.Response:
    """What a proxy or a guest network shows in place of an answer."""
    return web.Response(text="<html><title>Log in to the guest network</title></html>", content_type="text/html")


@asynccontextmanager
async def signing_in() -> AsyncIterator[SignIn]:
    """A sign-in server on loopback."""
    server = SignIn()
    app = web.Application()
    app.router.add_post("/token", server.token)
    app.router.add_post("/device", server.device)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
