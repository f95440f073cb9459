"""Whether what somebody says stands where we cannot read it: encrypted, behind a portal, in a scan (hard-cases.md 34, 39). Pure.

PDF is not among them: many that call themselves encrypted open for everybody, and only forbid to print.
"""

import re
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
_NAMES = (".pgp", ".gpg", ".rpmsg")
_LONGEST_NOTICE = 1_500
"""Characters of what a portal or a machine puts before somebody's words; who writes more says it themselves."""
_OF_A_PORTAL = re.compile(
    r"(?:sent|received|have|got) (?:you )?(?:a|an|1) (?:new )?(?:secure|encrypted|protected|confidential) (?:e-?mail|message)"
    r"|via gmail confidential mode|egress secure",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|message(?:_v\d)?\.html|portal", re.IGNORECASE)
_OF_A_MACHINE = re.compile(
    r"multi-?function (?:printer|device|product)|\b(?:scanned|sent to you) (?:from|by|using|with) [^.\n]{0,40}"
    r"(?:printer|scanner|copier|xerox|ricoh|kyocera|canon|konica|sharp|brother)|sent from \"?RNP[0-9A-F]"
    r"|received an? (?:\d+[- ]page )?fax\b",
    re.IGNORECASE,
)


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
    if ENCRYPTED in words or is_notice_of_a_portal(words):
        return True
    if len(words) > _LONGEST_COVER:
        return False
    return any(is_locked(file.content() or b"", file.listed.media_type, file.listed.name) for file in files[:_FILES_TRIED])


def is_notice_of_a_portal(words: str) -> bool:
    """Say whether these words only tell that somebody's own wait behind a sign-in: Egress, Proton, Purview, Gmail."""
    return len(words) <= _LONGEST_NOTICE and bool(_OF_A_PORTAL.search(words) and _LINK.search(words))


def is_cover_of_a_machine(words: str) -> bool:
    """Say whether a scanner or a fax wrote them, and the letter is its file."""
    return len(words) <= _LONGEST_NOTICE and bool(_OF_A_MACHINE.search(words))


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
