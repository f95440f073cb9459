"""The header lines of a letter, one by one and within bounds; what they say is read elsewhere."""

import binascii
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from intake.letters import cleaning

LINE_LENGTH = 16_384
"""Bytes read of one header; the rest stays in the raw letter (practice.md 7)."""
MOST_HEADERS = 200
MOST_OF_A_NAME = 50
"""A letter that went round a ring of servers has thousands of Received, and From below them."""
# Both runs are bounded by a character they may not hold, so that a hostile subject costs no more than its length.
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,64})(?:\*[^?\s]{0,64})?\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True)
class Headers:
    """Names in lower case and unfolded raw values, in the order in which they stand."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def raw(self, name: str) -> bytes:
        """Return the first value of that name, empty when there is none."""
        return next((value for each, value in self.fields if each == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Return every value of that name from the top."""
        return [value for each, value in self.fields if each == name]

    def has(self, name: str) -> bool:
        """Say whether the name stands there at all, even without a value."""
        return any(each == name for each, _ in self.fields)

    def plain(self, name: str) -> str:
        """Return the first value as one line, encoded words left as they are."""
        return cleaning.line(cleaning.decode(self.raw(name)))

    def text(self, name: str, charset: str = "") -> str:
        """Return the first value as one line a person can read; with the letter's own `charset` where it names none itself."""
        return decoded(self.raw(name), charset)


def header_lines(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each header's name and its folded value from a block with plain line ends."""
    name, value = b"", [b""]
    for line in block.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            value.append(line)
            continue
        if name:
            yield name, b"\n".join(value)
        before, colon, after = line.partition(b":")
        name = before.strip().lower() if colon and b" " not in before.strip() else b""
        value = [after]
    if name:
        yield name, b"\n".join(value)


def read_headers(block: bytes, most: int = MOST_HEADERS, length: int = LINE_LENGTH) -> Headers:
    """Read a header block within bounds. Of References the end is kept: the newest ids stand there."""
    fields: list[tuple[str, bytes]] = []
    times: Counter[bytes] = Counter()
    for name, folded in header_lines(block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"")):
        times[name] += 1
        if times[name] > MOST_OF_A_NAME:
            continue
        cut = folded[-length:] if name == b"references" else folded[:length]
        fields.append((name[:100].decode("ascii", "replace"), b" ".join(cut.split(b"\n")).strip()))
        if len(fields) >= most:
            break
    return Headers(tuple(fields))


def charset_of(raw: bytes, charset: str) -> str:
    """Return in what a header is written: the letter's own `charset`, or an empty string where it needs none.

    Other charsets take any bytes, and hardly any words of theirs are sound UTF-8.
    """
    if b"\x1b" in raw:
        return charset
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return charset
    return ""


def decoded(raw: bytes, charset: str = "") -> str:
    """Decode a header's encoded words. Neighbours of one charset are joined first: some mailers cut inside a character.

    What is neither ASCII, UTF-8 (RFC 6532) nor an encoded word is of the letter's own `charset`, as old programs have it.
    """
    text = cleaning.decode(raw, charset_of(raw, charset))
    if "=?" not in text:
        return cleaning.line(text)
    pieces: list[str] = []
    pending, label, at = bytearray(), "", -1
    for match in _ENCODED_WORD.finditer(text):
        between = text[max(at, 0) : match.start()]
        is_neighbour = at >= 0 and not between.strip()
        if not is_neighbour or match[1].lower() != label:
            pieces.append(cleaning.decode(bytes(pending), label))
            pending, label = bytearray(), match[1].lower()
        if not is_neighbour:
            pieces.append(between)
        pending += _bytes_of(match[2], match[3])
        at = match.end()
    pieces.append(cleaning.decode(bytes(pending), label))
    return cleaning.line("".join(pieces) + text[max(at, 0) :])


def _bytes_of(encoding: str, word: str) -> bytes:
    raw = word.encode("utf-8", "replace")
    return from_base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)


def from_base64(raw: bytes) -> bytes:
    """Decode base64 leniently: what isn't of the alphabet is passed over and padding is made up."""
    pure = raw.translate(None, _NOT_BASE64)
    if len(pure) % 4 == 1:
        pure = pure[:-1]
    return binascii.a2b_base64(pure + b"=" * (-len(pure) % 4))


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Read `text/plain; charset=x; name*0*=utf-8''a` into its first word in lower case and its parameters (RFC 2231)."""
    pieces = list(_split_outside_quotes(cleaning.decode(value[:2_048]), ";"))
    plain: dict[str, str] = {}
    numbered: dict[str, dict[int, tuple[bool, str]]] = {}
    for piece in pieces[1:60]:
        name, equals, content = piece.partition("=")
        name, content = name.strip().lower(), content.strip()
        if not equals or not name:
            continue
        if len(content) > 1 and content[0] == content[-1] == '"':
            content = content[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, content)
            continue
        number = rest.rstrip("*")
        if number and not (number.isascii() and number.isdigit() and len(number) < 4):
            continue
        numbered.setdefault(base, {}).setdefault(int(number or 0), (rest.endswith("*") or not number, content))
    for base, sections in numbered.items():
        plain[base] = _joined(sections)
    return (pieces[0].strip().lower() if pieces else ""), plain


def _joined(sections: dict[int, tuple[bool, str]]) -> str:
    label, collected = "", bytearray()
    for number in sorted(sections):
        is_encoded, content = sections[number]
        if is_encoded and number == 0 and content.count("'") >= 2:
            label, _, content = content.split("'", 2)
        raw = content.encode("utf-8", "replace")
        collected += _percent_decoded(raw) if is_encoded else raw
    return cleaning.decode(bytes(collected), label or "utf-8")


def _percent_decoded(raw: bytes) -> bytes:
    first, *rest = raw.split(b"%")
    out = bytearray(first)
    for piece in rest:
        try:
            out += bytes((int(piece[:2], 16),)) + piece[2:]
        except ValueError:
            out += b"%" + piece
    return bytes(out)


def _split_outside_quotes(text: str, separator: str) -> Iterator[str]:
    if '"' not in text:
        yield from text.split(separator)
        return
    start, in_quotes, skip = 0, False, False
    for index, character in enumerate(text):
        if skip:
            skip = False
        elif character == "\\" and in_quotes:
            skip = True
        elif character == '"':
            in_quotes = not in_quotes
        elif character == separator and not in_quotes:
            yield text[start:index]
            start = index + 1
    yield text[start:]
