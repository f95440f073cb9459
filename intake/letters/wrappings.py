"""What stands in letters that come wrapped: an opaque signature (S/MIME) and Outlook's winmail.dat (TNEF).

A solicitor's letter may be nothing but the one, a manager's nothing but the other (hard-cases.md 38 and 39). No signature is
checked: nobody is believed for having one. What is encrypted stays as it is. Both readers go forward only and end at bounds.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.letters import cleaning, markup

MOST_ELEMENTS = 5_000
_MOST_ATTRIBUTES = 1_000
_MOST_VALUES = 2_000
_DEEPEST = 16
_SIGNED = bytes.fromhex("06092a864886f70d010702")  # 1.2.840.113549.1.7.2, RFC 5652, 5.1
_SEQUENCE, _CONTEXT_0, _OCTETS, _OCTETS_IN_PIECES = 0x30, 0xA0, 0x04, 0x24


class _Malformed(Exception):
    """It ends too early, goes too deep, or is something else."""


def signed_content(message: bytes) -> bytes:
    """Return what an opaque S/MIME signature was put around, as a MIME entity; empty when it's encrypted or broken."""
    try:
        return _Ber(message).signed_content()
    except (_Malformed, IndexError):
        return b""


class _Ber:
    """Just enough of BER (ITU-T X.690) to find one string: definite and indefinite lengths."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.count = 0

    def signed_content(self) -> bytes:
        _, start, end, _ = self.element(0, len(self.message))
        if not self.message.startswith(_SIGNED, start):
            return b""
        signed = self.child(self.child((start, end), _CONTEXT_0), _SEQUENCE)
        content = self.child(self.child(signed, _SEQUENCE), _CONTEXT_0)
        return b"".join(self.octets(content))

    def octets(self, within: tuple[int, int]) -> Iterator[bytes]:
        for tag, start, end in self.children(within):
            if tag == _OCTETS:
                yield self.message[start:end]
            elif tag == _OCTETS_IN_PIECES:
                yield from (self.message[begin:stop] for each, begin, stop in self.children((start, end)) if each == _OCTETS)

    def child(self, within: tuple[int, int], wanted: int) -> tuple[int, int]:
        for tag, start, end in self.children(within):
            if tag == wanted:
                return start, end
        raise _Malformed

    def children(self, within: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
        at, end = within
        while at < end:
            tag, start, stop, at = self.element(at, end)
            yield tag, start, stop

    def element(self, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
        """Return tag, where the content begins and ends, and where the next element begins."""
        self.count += 1
        if self.count > MOST_ELEMENTS or depth > _DEEPEST or at + 2 > end:
            raise _Malformed
        tag, length, start = self.message[at], self.message[at + 1], at + 2
        if length == 0x80:  # it ends with two zeroes
            after = start
            while self.message[after : after + 2] != b"\0\0":
                after = self.element(after, end, depth + 1)[3]
            return tag, start, after, after + 2
        if length > 0x80:
            size = length - 0x80
            length, start = int.from_bytes(self.message[start : start + size], "big"), start + size
            if size > 8:
                raise _Malformed
        if start + length > end:
            raise _Malformed
        return tag, start, start + length, start + length


@dataclass
class Winmail:
    """What a winmail.dat holds: words, if any, and its files as (name, bytes)."""

    words: str = ""
    rich: bytes = b""
    """Its words as compressed rich text, where it has them in no other form; see `rich_text`."""
    files: list[tuple[str, int]] = field(default_factory=list)


_TNEF = struct.pack("<I", 0x223E9F78)
_BODY, _MESSAGE, _NEW_FILE, _FILE_NAME, _FILE_BYTES, _FILE = 0x2800C, 0x69003, 0x69002, 0x18010, 0x6800F, 0x69005
_PR_BODY, _PR_HTML, _PR_RICH, _PR_LONG_NAME = 0x1000, 0x1013, 0x1009, 0x3707
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_OF_ANY_LENGTH = {0x0D, 0x1E, 0x1F, 0x102}
_UTF_16 = 0x1F
_NOTHING = (b"", False)
_LONGEST_WORDS = 5_000_000


def read_winmail(raw: bytes) -> Winmail:
    """Read a winmail.dat ([MS-OXTNEF]) as far as it goes."""
    found = Winmail()
    names: list[str] = []
    if not raw.startswith(_TNEF):
        return found
    try:
        for kind, start, end in _attributes(raw):
            if kind == _BODY:
                found.words = found.words or _text(raw[start : min(end, start + _LONGEST_WORDS)])
            elif kind == _MESSAGE:
                said = dict(_properties(raw, start, end, {_PR_BODY, _PR_HTML, _PR_RICH}))
                html = markup.words_of(_text(*said[_PR_HTML])) if _PR_HTML in said else ""
                found.words = _text(*said.get(_PR_BODY, _NOTHING)) or html or found.words
                found.rich = said.get(_PR_RICH, _NOTHING)[0]
            elif kind == _NEW_FILE:
                found.files.append(("", 0))
                names.append("")
            elif found.files and kind == _FILE_NAME:
                names[-1] = names[-1] or _text(raw[start : min(end, start + 1_000)])
            elif found.files and kind == _FILE_BYTES:
                found.files[-1] = ("", end - start)
            elif found.files and kind == _FILE:
                said = dict(_properties(raw, start, end, {_PR_LONG_NAME}))
                names[-1] = _text(*said[_PR_LONG_NAME]) if _PR_LONG_NAME in said else names[-1]
    except (struct.error, _Malformed):
        pass  # what was read until here is good
    found.words = cleaning.prose(found.words)
    found.files = [(name, size) for name, (_, size) in zip(names, found.files, strict=True)]
    return found


def _attributes(raw: bytes) -> Iterator[tuple[int, int, int]]:
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(raw):
            return
        kind, length = struct.unpack_from("<II", raw, at + 1)
        start = at + 9
        if start + length > len(raw):
            return
        yield kind, start, start + length
        at = start + length + 2


def _properties(raw: bytes, at: int, end: int, wanted: set[int]) -> Iterator[tuple[int, tuple[bytes, bool]]]:
    """Yield what is wanted of MAPI properties ([MS-OXCDATA]), and whether it is UTF-16; _Malformed where they end too late."""
    left = _MOST_VALUES
    (count,) = struct.unpack_from("<I", raw, at)
    at += 4
    while count and left:
        count, left = count - 1, left - 1
        kind, number = struct.unpack_from("<HH", raw, at)
        at += 4
        if number >= 0x8000:
            at = _past_name(raw, at)
        values, size = 1, _SIZES.get(kind & 0xFFF, 0)
        if kind & 0x1000 or kind & 0xFFF in _OF_ANY_LENGTH:
            (values,) = struct.unpack_from("<I", raw, at)
            at += 4
        if kind & 0xFFF not in _OF_ANY_LENGTH and not size:
            raise _Malformed
        for _ in range(min(values, left)):
            left -= 1
            if not size:
                (length,) = struct.unpack_from("<I", raw, at)
                at += 4
                if number in wanted:
                    yield number, (raw[at : at + min(length, _LONGEST_WORDS)], kind == _UTF_16)
                at += length + -length % 4
            else:
                at += size
            if at > end:
                raise _Malformed


def _past_name(raw: bytes, at: int) -> int:
    is_words, length = struct.unpack_from("<II", raw, at + 16)
    return int(at + 24 + (length + -length % 4 if is_words else 0))


def _text(raw: bytes, is_utf_16: bool = False) -> str:
    return cleaning.sound(raw.decode("utf-16-le", "replace")) if is_utf_16 else cleaning.decode(raw.rstrip(b"\0"))
