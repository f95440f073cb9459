"""Whether a file cannot be read without a key or a password that we do not have (hard-cases.md 39). Pure; nothing is tried.

PDF is not among them: many that call themselves encrypted open for everybody, and only forbid to print.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from intake.arrival import Attachment
from intake.letters.armour import ENCRYPTED

_LONGEST_COVER, _FILES_TRIED = 500, 5
"""Characters of a letter that only says what it brings, and how many files of it are looked into."""

_BEGINS = 80
"""Bytes within which CMS says what it is (RFC 5652, 3)."""
_CMS = (
    bytes.fromhex("06092a864886f70d010703"),  # 1.2.840.113549.1.7.3, RFC 5652, 6.1: enveloped
    bytes.fromhex("060b2a864886f70d0109100117"),  # 1.2.840.113549.1.9.16.1.23, RFC 5083, 2.1: authenticated and enveloped
)
_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a file that has a password (MS-OFFCRYPTO, 1.3.2)."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMES = (".pgp", ".gpg")


class File(Protocol):
    """A file of a letter, and how its bytes are had."""

    @property
    def listed(self) -> Attachment:
        """What it is."""
        ...

    @property
    def content(self) -> Callable[[], bytes | None]:
        """Its bytes."""
        ...


def brings_what_is_locked(words: str, files: Sequence[File]) -> bool:
    """Say whether a letter of these words may say what it has to say in something encrypted."""
    if ENCRYPTED in words or len(words) > _LONGEST_COVER:
        return ENCRYPTED in words
    return any(is_locked(file.content() or b"", file.listed.media_type, file.listed.name) for file in files[:_FILES_TRIED])


def is_locked(content: bytes, media_type: str, name: str) -> bool:
    """Say whether a file is encrypted: by OpenPGP, by S/MIME, as a ZIP archive or an office file with a password."""
    if media_type == "application/pgp-encrypted" or name.lower().endswith(_NAMES):
        return True
    if content.startswith(_ZIP):
        return bool(content[6:7] and content[6] & 1)  # general purpose bit 0 of the first file (APPNOTE 4.4.4)
    if content.startswith(_OLE):
        return _OFFICE in content
    begins = content[:_BEGINS]
    return any(kind in begins for kind in _CMS) or content.lstrip().startswith(ENCRYPTED.encode())
