"""Words of a body that is said to be base64: encoded, with plain lines above or below it, or plain all along.

List servers and virus scanners write their lines under an encoded body and gateways their warning above it, and leave the
header as it was; some programs name an encoding that they did not use. So each run of lines is told apart by what stands in
it. The cost is the body's length.
"""

import re
import string
from collections.abc import Iterator
from itertools import groupby

from intake.letters import cleaning
from intake.letters.headers import from_base64

_SIGNS = (string.ascii_letters + string.digits + "+/").encode()
_SIGNS_OF_URL = (string.ascii_letters + string.digits + "-_").encode()
_USUAL = bytes.maketrans(b"-_", b"+/")
_SURE_OF_URL = 16
"""Signs: so many do not make readable words by chance, nor are they one word with a hyphen."""
_BLANKS = b" \t\n"
_ENCODED_LINE = re.compile(rb"[A-Za-z0-9+/ \t]++(?:=[ \t]?){0,4}+[ \t]*+")
_END_WITHIN_A_LINE = re.compile(rb"^([A-Za-z0-9+/]{15,}+(?:=(?!\s|\Z)=?(?!\s|\Z)|(?=[^A-Za-z0-9+/=\s])))", re.MULTILINE)
"""List servers put their footer right behind a body that ends without the end of a line."""
_PLAIN_WORDS = re.compile(rb"(?:[ \t\n]*(?:[A-Z]?[a-z]{1,30}+|[A-Z]{1,30}+))++[ \t\n]*")
"""Words as people write them; base64 mixes capitals and small letters."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LONG_LINE = 56
"""Signs without a blank. Encoders write 60, 64, 72 or 76; people leave a blank sooner."""
_MOST_LINES = 30_000
"""Two megabytes of lines as encoders write them; what lies beyond is told by one look."""
_MOST_ENDS = 1_000
_LOOKED_AT = 100_000
_SURE = 8
"""Signs that make readable words: fewer may do so by chance."""


def body(raw: bytes, charset: str = "") -> bytes:
    """Return a body that is said to be base64 as bytes of its charset: what is encoded decoded, what is plain as it stands."""
    raw = _with_usual_signs(raw, charset)
    lines = raw.split()
    if _is_encoded_throughout(lines):
        return from_base64(raw)
    runs = list(_runs(raw, charset))
    if any(is_encoded for is_encoded, _ in runs):
        return _in_one_charset(runs, charset)
    whole = from_base64(raw)
    is_damaged = len(whole) >= _SURE and _is_readable(whole, "utf-8")
    return whole if is_damaged or _may_be_encoded(raw) else raw


def readable(raw: bytes) -> bytes:
    """Return of a piece of a letter, whose headers are elsewhere, what can be read: files that were cut through are left out."""
    runs = _runs(raw, "")
    return b"\n".join(run.strip(b"\n") for is_encoded, run in runs if not is_encoded or _is_readable(run, ""))


def _with_usual_signs(raw: bytes, charset: str) -> bytes:
    """The same with + and / for - and _, where all of it is base64url (RFC 4648, 5), which no letter may use and some do."""
    signs = raw.translate(None, _BLANKS + b"=")
    if len(signs) < _SURE_OF_URL or not set(signs) & set(b"-_") or signs.translate(None, _SIGNS_OF_URL):
        return raw
    usual = raw.translate(_USUAL)
    return usual if _is_mixed(signs) and _is_readable(from_base64(usual), charset) else raw


def _is_encoded_throughout(words: list[bytes]) -> bool:
    """The usual case, seen at once: long lines of one length, only the last one shorter or padded."""
    if not words or len(words[0]) < _LONG_LINE or len(words[-1]) > len(words[0]):
        return False
    *full, last = words
    signs = b"".join(full)
    is_even = len(signs) == len(full) * len(words[0])
    return is_even and not (signs + last.rstrip(b"=")).translate(None, _SIGNS)


def _may_be_encoded(raw: bytes) -> bool:
    """Whether each line is one run of base64's signs, capitals and small letters mixed, though no words come of it."""
    lines = filter(None, map(bytes.strip, raw[:_LOOKED_AT].split(b"\n")))
    is_signs = all(_ENCODED_LINE.fullmatch(line) and b" " not in line for line in lines)
    return is_signs and not _PLAIN_WORDS.fullmatch(raw) and _is_mixed(raw)


def _runs(raw: bytes, charset: str) -> Iterator[tuple[bool, bytes]]:
    """Give what stands together: whether it was encoded, and its bytes, decoded if it was."""
    apart = _END_WITHIN_A_LINE.sub(lambda end: end[0] + b"\n" * _is_end(end[0], charset), raw, _MOST_ENDS)
    told = ((may_be and _is_encoded(block, charset), block) for may_be, block in _blocks(apart))
    for is_encoded, blocks in groupby(told, key=lambda one: one[0]):
        pieces = (block for _, block in blocks)
        yield (is_encoded, b"".join(map(from_base64, pieces)) if is_encoded else b"\n".join(pieces))


def _blocks(raw: bytes) -> Iterator[tuple[bool, bytes]]:
    """Give what may be encoded, and lies together, and each other line by itself; past a bound what is left as one.

    An encoded body ends with its padding or with its first shorter line.
    """
    lines = raw.split(b"\n", _MOST_LINES)
    block: list[bytes] = []
    for line in lines:
        length = len(line.rstrip())
        is_of_signs = length > 0 and bool(_ENCODED_LINE.fullmatch(line))
        if block and (not is_of_signs or length > len(block[0].rstrip())):
            yield True, b"\n".join(block)
            block = []
        if not is_of_signs:
            yield b"\n" in line, line
            continue
        block.append(line)
        if line.rstrip().endswith(b"=") or length < len(block[0].rstrip()):
            yield True, b"\n".join(block)
            block = []
    if block:
        yield True, b"\n".join(block)


def _is_end(line: bytes, charset: str) -> bool:
    """Whether an encoded body may end so. A letter of several bytes may have begun in the line above."""
    cut = 0
    decoded = from_base64(line)
    while cut < min(3, len(decoded)) and 0x80 <= decoded[cut] < 0xC0:
        cut += 1
    return len(line) % 4 == 0 and _is_mixed(line) and (_is_readable(decoded, charset) or _is_readable(decoded[cut:], charset))


def _is_encoded(block: bytes, charset: str) -> bool:
    if not _ENCODED_LINE.fullmatch(block.replace(b"\n", b" ")) or not block.strip() or _PLAIN_WORDS.fullmatch(block):
        return False
    signs = block.translate(None, _BLANKS)
    is_long = b" " not in block.strip() and max(map(len, block.split(b"\n"))) >= _LONG_LINE
    if is_long or (len(signs) >= _SURE and _is_ascii(from_base64(signs))):
        return True
    return _is_mixed(signs) and len(signs) % 4 == 0 and _is_readable(from_base64(signs), charset)


def _is_mixed(signs: bytes) -> bool:
    return signs.lower() != signs != signs.upper()


def _is_ascii(decoded: bytes) -> bool:
    return decoded.isascii() and not _CONTROLS.search(decoded.decode("ascii"))


def _is_readable(decoded: bytes, charset: str) -> bool:
    """Whether these bytes are a text in the charset that the sender named, UTF-8 where it named none."""
    try:
        return not _CONTROLS.search(decoded.decode(cleaning.charset(charset) or "utf-8"))
    except (UnicodeError, ValueError):
        return False


def _in_one_charset(runs: list[tuple[bool, bytes]], charset: str) -> bytes:
    """Put the runs one below the other; the plain ones written as the encoded ones are, where a letter takes two bytes."""
    texts = [run if is_encoded else run.strip(b"\n") for is_encoded, run in runs]
    name = cleaning.charset(charset)
    if not name.startswith(("utf-16", "utf-32")):
        return b"\n".join(texts)
    words = (cleaning.decode(text, charset if is_encoded else "") for text, (is_encoded, _) in zip(texts, runs, strict=True))
    return "\n".join(words).encode(name, "replace")
