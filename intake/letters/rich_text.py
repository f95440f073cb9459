"""Words of rich text: as Outlook compresses it ([MS-OXRTFCP]), around HTML or by itself ([MS-OXRTFEX], RTF 1.9.1).

Both readers go forward only and end at bounds; what is broken gives what was read until there.
"""

import re
import struct

from intake.letters import cleaning, markup

LONGEST = 500_000
"""Bytes of rich text that are made and read at most: a letter has fewer, and the rest stays in the raw letter."""
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What both sides know before the first byte ([MS-OXRTFCP], 2.1.2.1): 207 bytes."""
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER = 16
_WINDOW = 4_096
_SIGN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}]+)", re.IGNORECASE | re.DOTALL)
_NOT_WORDS = {
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "listtable",
    "generator",
    "themedata",
}
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t"}
_SIGNS = {
    "emdash": "\u2014",
    "endash": "\u2013",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
}
_SIGNS |= {"rdblquote": "\u201d"}
_ESCAPED = {b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}"}
_DEEPEST = 500


def decompressed(raw: bytes) -> bytes:
    """Return the rich text; empty for what is none, and what was made until then where it breaks off."""
    if len(raw) < _HEADER or raw[8:12] not in (_COMPRESSED, _PLAIN):
        return b""
    (size,) = struct.unpack_from("<I", raw, 4)
    if raw[8:12] == _PLAIN:
        return raw[_HEADER : _HEADER + min(size, LONGEST)]
    return _inflated(raw, min(size, LONGEST))


def _inflated(raw: bytes, wanted: int) -> bytes:
    """Undo the compression: eight tokens follow each byte of flags, a byte as it is or a place in the last 4,096 and a length."""
    out = bytearray(_KNOWN)
    at, before = _HEADER, len(_KNOWN)
    while at < len(raw) and len(out) - before < wanted:
        flags, at = raw[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += raw[at : at + 1]
                at += 1
                continue
            if at + 2 > len(raw):
                return bytes(out[before:])
            token, at = raw[at] << 8 | raw[at + 1], at + 2
            start = len(out) - (len(out) - (token >> 4)) % _WINDOW
            if start == len(out) or start < 0:  # a reference to where it is written next is the end
                return bytes(out[before : before + wanted])
            for each in range(start, start + (token & 0xF) + 2):
                out.append(out[each])
    return bytes(out[before : before + wanted])


def words_of(rich: bytes) -> str:
    """Return the words of rich text. Where HTML was put into it, those of the HTML."""
    if not rich.startswith(b"{\\rtf"):
        return ""
    is_html = b"\\fromhtml" in rich[:2_000]
    text = _Reader(is_html).read(rich[:LONGEST])
    return cleaning.prose(markup.words_of(text) if is_html else text)


class _Reader:
    """One pass over the signs: groups on a list, and what of them is said."""

    def __init__(self, is_html: bool) -> None:
        self.is_html = is_html
        self.said: list[str] = []
        self.codec = "cp1252"
        self.groups: list[tuple[bool, bool, int]] = []
        self.is_silent = self.is_for_rich_only = self.begins = False
        self.skips, self.after = 1, 0

    def read(self, rich: bytes) -> str:
        for found in _SIGN.finditer(rich):
            word, number, code, escaped, bracket, plain = found.groups()
            begins, self.begins = self.begins, False
            if bracket:
                self.bracket(bracket)
            elif word:
                self.word(word.decode("ascii").lower(), int(number) if number else None, begins=begins)
            elif code:
                self.say(bytes.fromhex(code.decode()).decode(self.codec, "replace"), is_one=True)
            elif escaped == b"*":
                self.begins, self.is_silent = True, True
            elif escaped:
                self.say(_ESCAPED.get(escaped, ""))
            else:
                self.say(plain.translate(None, b"\r\n").decode(self.codec, "replace"))
        return "".join(self.said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # signs named in two halves

    def bracket(self, bracket: bytes) -> None:
        if bracket == b"{":
            if len(self.groups) < _DEEPEST:
                self.groups.append((self.is_silent, self.is_for_rich_only, self.skips))
            self.begins = True
        elif self.groups:
            self.is_silent, self.is_for_rich_only, self.skips = self.groups.pop()
        self.after = 0

    def word(self, word: str, number: int | None, *, begins: bool) -> None:
        if word == "htmltag":
            self.is_silent = not self.is_html
        elif word == "htmlrtf":
            self.is_for_rich_only = number != 0
        elif word in _NOT_WORDS and begins:
            self.is_silent = True
        elif word == "ansicpg" and number:
            self.codec = cleaning.charset(f"cp{number}") or self.codec
        elif word == "uc":
            self.skips = max(0, number or 0)
        elif word == "u" and number is not None:
            self.say(chr(number % 65_536))
            self.after = self.skips
        elif word in _BREAKS or word in _SIGNS:
            self.say(_BREAKS.get(word) or _SIGNS[word])

    def say(self, text: str, *, is_one: bool = False) -> None:
        """Add what is no silent group's; what stands in place of a sign that was named by its number is passed over."""
        if self.after:
            passed = 1 if is_one else min(self.after, len(text))
            self.after, text = self.after - passed, text[passed:]
        if not self.is_silent and not (self.is_html and self.is_for_rich_only):
            self.said.append(text)
