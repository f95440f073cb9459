"""Whether what somebody says stands where we cannot read it: encrypted, behind a portal, in a scan (hard-cases.md 34, 39). Pure.

PDF is not among them: many that call themselves encrypted open for everybody, and only forbid to print.
"""

import re
from collections.abc import Callable, Iterable, Sequence
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
_LONGEST_NOTICE, _FEW_OWN_WORDS = 1_500, 10
"""Characters of what a portal or a machine puts before somebody's words, and of how many words of their own it is not all."""
_OF_A_PORTAL = re.compile(
    r"(?:you(?:['’]ve| have) (?:received|got)|sent you) (?:a|an|1) (?:new )?(?:secure|encrypted|protected|confidential) "
    r"(?:e-?mail|message)|sent you an email via gmail confidential mode",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?://(?:[\w-]+\.)*(?:egress\.com|mimecast\.com|mimecastprotect\.com|mail\.proton\.me|protonmail\.com"
    r"|confidential-mail\.google\.com|outlook\.office365\.com|outlook\.office\.com|securemessage\.microsoft\.com"
    r"|zixmail\.net|zixmessagecenter\.com|res\.cisco\.com|virtru\.com)(?:[/?#]\S*)?",
    re.IGNORECASE,
)
"""To where one signs in; that somebody says `portal` is no link."""
_FILE = re.compile(r"message(?:_v\d)?(?:\.rpmsg)?\.html?|.*\.rpmsg|securedoc\w*\.html?", re.IGNORECASE)
"""What Purview (message.html, message.rpmsg) and Cisco (securedoc.html) bring the words in."""
_NAMED = re.compile(
    r"(?:mimecast|egress|zix|proofpoint|microsoft|cisco) (?:secure|protect|encrypt|switch|message)", re.IGNORECASE
)
"""A portal that writes in its own name."""
_OF_ONESELF = re.compile(r"(?<![\w.@])(?:i|im|ive|me|my|mine|we|weve)\b", re.IGNORECASE)
"""What no notice says of itself, and almost everybody does of themselves; not the end of an address (proton.me)."""
_ASKS = re.compile(
    r"(?:^|(?<=[.!?:] ))(?:to (?:read|view|open|unlock) "
    r"|(?:unlock|open|view|read|visit|save|click|download|sign in)\b[^.\n]{0,60}\b"
    r"(?:message|e-?mail|attachment|link|portal|here)\b|you can (?:open|read|view) it\b"
    r"|this (?:message|e-?mail) (?:was sent|will expire)"
    r"|learn (?:more )?(?:about|on) |privacy statement|microsoft corporation)(?:[^.\n]|\.(?=\w))*",
    re.IGNORECASE | re.MULTILINE,
)
"""How a notice goes on: to its end such a sentence is not somebody's own."""
_OF_A_MACHINE = re.compile(
    r"multi-?function (?:printer|device|product)"
    r"|\b(?:scanned|sent to you) (?:from|by|using|with) [^.\n]{0,40}(?:xerox|ricoh|kyocera|konica minolta"
    r"|(?:brother|canon|sharp) (?:mfc|dcp|hl|ads|mx|bp|ir|imagerunner|imageclass|lide|mfp|copier|printer|scanner)\b)"
    r"|sent from \"?RNP[0-9A-F]|received an? (?:\d+[- ]page )?fax\b",
    re.IGNORECASE,
)
"""Brother, Sharp and Canon are words of families, too: they are makers only before a machine of theirs."""
_OF_A_COVER = re.compile(
    r"(?:please open the attached [^\n]*"
    r"|(?:attachment file type|multi-?function [\w ]{0,20}location|device name|scan date)\b[^\n]*"
    r"|[^.\n]*(?:" + _OF_A_MACHINE.pattern + r")[^.\n]*)",
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


def brings_what_is_locked(words: str, files: Sequence[File], sender_name: str = "") -> bool:
    """Say whether a letter of these words may say what it has to say in something encrypted."""
    if ENCRYPTED in words or is_notice_of_a_portal(words, [file.listed.name for file in files], sender_name):
        return True
    if len(words) > _LONGEST_COVER:
        return False
    return any(is_locked(file.content() or b"", file.listed.media_type, file.listed.name) for file in files[:_FILES_TRIED])


def is_notice_of_a_portal(words: str, files: Iterable[str], sender_name: str) -> bool:
    """Say whether these words only tell that somebody's own wait behind a sign-in: Egress, Proton, Purview, Gmail.

    Its link, its file (`files` are names) or its own name as the sender shows a portal. Who speaks of themselves, or says more
    than a few words beside the notice, wrote it themselves: the receipt may not say to them that nobody could read it.
    """
    if len(words) > _LONGEST_NOTICE or not _OF_A_PORTAL.search(words) or _OF_ONESELF.search(words):
        return False
    if not (_LINK.search(words) or any(map(_FILE.fullmatch, files)) or _NAMED.match(sender_name)):
        return False
    return _are_few(_ASKS.sub(" ", _OF_A_PORTAL.sub(" ", _LINK.sub(" ", words))))


def is_cover_of_a_machine(words: str) -> bool:
    """Say whether a scanner or a fax wrote them, and the letter is its file."""
    if len(words) > _LONGEST_NOTICE or not _OF_A_MACHINE.search(words):
        return False
    return _are_few(_OF_A_COVER.sub(" ", words))


def _are_few(left: str) -> bool:
    return len(left.split()) < _FEW_OWN_WORDS


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
