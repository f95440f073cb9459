"""Keys that sign, made for a test: an application's certificate, and a service account."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

ACCOUNT = "heard@anytown-0815.iam.gserviceaccount.example"
NUMBER = "3f9a0c"


@cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    """One of a few keys; making one takes a tenth of a second."""
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> bytes:
    """The private key as a file holds it."""
    locked: KeySerializationEncryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


@dataclass(frozen=True)
class Certified:
    """A certificate and its private key."""

    certificate: bytes
    private: bytes

    @property
    def file(self) -> bytes:
        """Both, one below the other."""
        return self.private + self.certificate


def certified(key: rsa.RSAPrivateKey, until: datetime) -> Certified:
    """A certificate that signs itself, as administrators make one to upload."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "heard")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(until - timedelta(days=365)).not_valid_after(until)
    return Certified(made.sign(key, SHA256()).public_bytes(Encoding.PEM), pem(key))


def service_account(key: rsa.RSAPrivateKey, **other: object) -> bytes:
    """The JSON file as Google gives it out."""
    held = {
        "type": "service_account",
        "project_id": "anytown-0815",
        "private_key_id": NUMBER,
        "private_key": pem(key).decode(),
        "client_email": ACCOUNT,
        "client_id": "1077",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return json.dumps(held | other).encode()
