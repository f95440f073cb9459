"""Signing in by what only our key can write (JWT, RFC 7523), in place of a secret that is sent.

Two forms: Microsoft's certificate of an application (RFC 7523, 2.2; learn.microsoft.com, "certificate credentials"), and Google's
service account that acts for one mailbox (RFC 7523, 2.1; developers.google.com, "OAuth 2.0 for server to server applications").
The libraries are read when such a key is used, and only then.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

GOOD_FOR = timedelta(minutes=10)
"""How long what we signed may be shown; Google takes an hour at most, Microsoft advises five to ten minutes."""
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class KeyTrouble(ValueError):
    """The file of `oauth.key` cannot be used; what is wrong with it is said without a word of its content."""


@dataclass(frozen=True)
class Key:
    """A key that was read, and by what name the other side knows it."""

    private: Any = field(repr=False)
    header: Mapping[str, str]
    """What names the key: the certificate's SHA-256 (`x5t#S256`), or Google's number of it (`kid`)."""
    issuer: str = ""
    """Of a service account its address; of a certificate it is the application's own id."""
    ends_at: datetime | None = None
    """When the certificate ends."""

    @property
    def is_service_account(self) -> bool:
        """Whether it is Google's."""
        return bool(self.issuer)


def read_key(file: Path) -> Key:
    """A certificate with its private key (PEM), or the JSON file of a service account. KeyTrouble where it is neither."""
    try:
        held = file.read_bytes()
    except OSError as error:
        raise KeyTrouble(f"it cannot be read ({error.strerror}): give it to the user of the service") from None
    return _service_account(held) if held.lstrip().startswith(b"{") else _certificate(held)


def form_for(key: Key, *, client_id: str, token_url: str, scope: str, subject: str, now: datetime) -> dict[str, str]:
    """What is asked of the sign-in server; `subject` is the mailbox that a service account acts for."""
    import jwt  # noqa: PLC0415  # few councils sign: nobody else waits for it

    claims: dict[str, Any] = {"aud": token_url, "iat": now, "exp": now + GOOD_FOR}
    if key.is_service_account:
        claims |= {"iss": key.issuer, "sub": subject, "scope": scope}
        return {"grant_type": JWT_BEARER, "assertion": jwt.encode(claims, key.private, "RS256", dict(key.header))}
    claims |= {"iss": client_id, "sub": client_id, "jti": secrets.token_urlsafe(16), "nbf": now}
    return {
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": CLIENT_ASSERTION,
        "client_assertion": jwt.encode(claims, key.private, "PS256", dict(key.header)),
    }


def _service_account(held: bytes) -> Key:
    try:
        said = json.loads(held)
        issuer, number, pem = said["client_email"], said["private_key_id"], said["private_key"]
        if said["type"] != "service_account" or not issuer or not all(isinstance(one, str) for one in (issuer, number, pem)):
            raise ValueError("another kind")
    except (ValueError, LookupError, TypeError):
        raise KeyTrouble("it is not the JSON file of a service account: make a new key for it, of the type JSON") from None
    return Key(_private(pem.encode()), {"kid": number}, issuer)


def _certificate(held: bytes) -> Key:
    from cryptography import x509  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # as above

    private = _private(held)
    try:
        certificate = x509.load_pem_x509_certificate(held)
    except ValueError:
        raise KeyTrouble("it holds no certificate: wanted the certificate and its private key, one below the other") from None
    if certificate.public_key() != private.public_key():
        raise KeyTrouble("its certificate belongs to another private key")
    mark = base64.urlsafe_b64encode(certificate.fingerprint(SHA256())).rstrip(b"=").decode()
    return Key(private, {"x5t#S256": mark}, ends_at=certificate.not_valid_after_utc)


def _private(pem: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  # as above

    try:
        private = load_pem_private_key(pem, None)
    except TypeError:
        raise KeyTrouble("its private key wants a passphrase, and nobody is there to type it: save it without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyTrouble("it holds no private key (PEM): wanted the certificate and its private key") from None
    if not isinstance(private, RSAPrivateKey):
        raise KeyTrouble("its key is not RSA, and neither Microsoft nor Google takes another")
    return private
