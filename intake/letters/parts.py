"""A letter's parts, found in one pass over its bytes: no part is copied or decoded before someone asks for it.

The standard library's parser recurses on nested parts and reads big ones line by line; this one looks for `\n--` with
`bytes.find`, keeps the open boundaries on a list, and stops at fixed bounds (practice.md 7): what lies beyond them stays
in the raw letter. Its cost is the letter's length.
"""

import binascii
import re
from dataclasses import dataclass, field

from intake.letters import base64_words
from intake.letters.headers import LINE_LENGTH, MOST_HEADERS, Headers, from_base64, parameters, read_headers

DEEPEST = 50
MOST_PARTS = 1_000
_LONGEST_BOUNDARY = 250  # RFC 2046 allows 70
_MOST_LINES_OF_DASHES = 20_000
_PART_HEADERS = 40
_PART_HEADER_LENGTH = 2_048
_MARK_OF_UTF_8 = b"\xef\xbb\xbf"
_SURELY_WIDE = 16
"""Bytes: fewer may look so by chance."""
_HEADERS_BEGIN = 6
"""Signs: `From: ` or `To: a@`."""
# A line of a header, or its continuation. Possessive, so that a failure costs nothing.
# A line of an mbox may stand before one, and the rest of a header that was cut off above the first (as in Python's own parser).
_HEADER_BLOCK = re.compile(
    rb"(?:[ \t]++[^\n]++\n(?=[!-9;-~]{1,100}:))?+"
    rb"(?:(?:>?From [^\n]*+\n(?=[!-9;-~]{1,100}:))?+[!-9;-~]++[ \t]*+:[^\n]*+(?:\n|\Z)(?:[ \t]++[^\n]*+(?:\n|\Z))*+)*+"
)
_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)[^\n]*\n?")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_FIRST_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\n]{1,200}?)[ \t]*\n")


@dataclass
class Part:
    """One part: where its body lies in the letter, and the parts inside it. Only this room sees it."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    """As the sender named it, unsafe; empty when nameless."""
    start: int
    end: int
    depth: int = 0
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        """Say whether the part is a container by its type."""
        return self.media_type.startswith("multipart/")

    @property
    def encoding(self) -> str:
        """Return the transfer encoding in lower case."""
        words = _COMMENT.sub(" ", self.headers.plain("content-transfer-encoding")).lower().replace(";", " ").split()
        return words[0] if words else ""


def with_plain_line_ends(raw: bytes) -> bytes:
    """Return the letter with LF alone and without what a mail store may put before it."""
    if wide := _wide_signs(raw):
        raw = raw.decode(wide, "replace").encode("utf-8", "replace")
    first = raw.find(b"\n")
    if raw[:first].endswith(b"\r\r"):  # twice on its way LF became CR LF
        raw = raw.replace(b"\r\r\n", b"\n")
    elif raw[first + 1 : first + 2] == b"\r" and raw[first + 2 : first + 3] != b"\n" and raw[first - 1 : first] != b"\r":
        raw = raw.replace(b"\n\r", b"\n")  # an old machine's line ends, the other way round
    plain = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    plain = plain.replace(b"\r", b"\n") if b"\r" in plain else plain
    while plain.startswith(_MARK_OF_UTF_8):
        plain = plain.removeprefix(_MARK_OF_UTF_8)
    plain = plain.lstrip(b"\n")
    line = _MBOX_LINE.match(plain)
    return plain[line.end() :] if line else plain


def _wide_signs(raw: bytes) -> str:
    """Return how a program saved the letter as a text of 16 or 32 bits a sign, with a mark before it or without; else nothing."""
    if b"\0" not in raw[:4]:
        return "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    beginning = raw[:64] if len(raw) >= _SURELY_WIDE else b""
    for name, width, at in (("utf-16-le", 2, 0), ("utf-16-be", 2, 1), ("utf-32-le", 4, 0), ("utf-32-be", 4, 3)):
        signs = beginning[at::width]
        first, empty = signs[:_HEADERS_BEGIN], beginning.count(0)
        # A name may have a letter that is no ASCII; the header before it has none.
        if first and first.isascii() and b"\0" not in first and empty * 10 >= (len(beginning) - len(signs)) * 9:
            return name
    return ""


def header_block(letter: bytes, start: int = 0) -> tuple[int, int]:
    """Return where the headers end and where the body begins. A line that is no header begins the body."""
    match = _HEADER_BLOCK.match(letter, start)
    end = match.end() if match else start
    return end, end + 1 if letter[end : end + 1] == b"\n" else end


def read_parts(letter: bytes) -> Part:
    """Read a letter with plain line ends into its tree of parts."""
    return _Walk(letter).tree()


def content(letter: bytes, part: Part) -> bytes:
    """Return a part's body, its transfer encoding undone as far as it can be."""
    raw = letter[part.start : part.end]
    match part.encoding:
        case "base64":
            return from_base64(raw)
        case "quoted-printable":
            return binascii.a2b_qp(raw)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _from_uuencode(raw)
        case _:
            return raw


def body(letter: bytes, part: Part) -> bytes:
    """Return the bytes of words to read: as `content`, but what is not encoded after all stands as it is."""
    if part.encoding == "base64":
        return base64_words.body(letter[part.start : part.end], part.parameters.get("charset", ""))
    return content(letter, part)


def decoded_size(letter: bytes, part: Part) -> int:
    """Return how many bytes a part's content has, without decoding it."""
    length = part.end - part.start
    match part.encoding:
        case "base64":
            blanks = sum(letter.count(blank, part.start, part.end) for blank in (b"\n", b" ", b"\t"))
            padding = letter.count(b"=", max(part.start, part.end - 8), part.end)
            return max(0, (length - blanks) // 4 * 3 - padding)
        case "quoted-printable":
            return max(0, length - 2 * letter.count(b"=", part.start, part.end))
        case _:
            return max(0, length)


def _from_uuencode(raw: bytes) -> bytes:
    out = bytearray()
    for line in raw.split(b"\n"):
        if not line or line.startswith((b"begin ", b"end")):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)


class _Walk:
    """The one pass: open boundaries outermost first, and the leaf that is being read."""

    def __init__(self, letter: bytes) -> None:
        self.letter = letter
        self.open: list[tuple[bytes, Part]] = []
        self.levels: dict[bytes, int] = {}
        self.leaf: Part | None = None
        self.count = self.looked = 0
        self.at = 0

    def tree(self) -> Part:
        root = self.begin(0, None)
        while self.open:
            found = self.letter.find(b"\n--", self.at)
            self.looked += 1
            if found < 0 or self.looked > _MOST_LINES_OF_DASHES:
                break
            self.at = found + 1
            line = self.letter[found + 3 : found + 3 + _LONGEST_BOUNDARY].partition(b"\n")
            delimiter = line[0].rstrip(b" \t")
            is_end = delimiter not in self.levels and delimiter.endswith(b"--")
            level = self.levels.get(delimiter[:-2] if is_end else delimiter)
            if level is None:
                continue
            container = self.close(level, found, is_end)
            if is_end:
                continue
            if self.count >= MOST_PARTS:
                break
            after = self.letter.find(b"\n", found + 1)
            self.begin(after + 1 if after >= 0 else len(self.letter), container)
        else:
            return root
        if self.count < MOST_PARTS:
            self.close(0, len(self.letter), is_end=True)
        return root

    def close(self, level: int, end: int, is_end: bool) -> Part:
        """End what is open inside `level`, and the level too when its last delimiter was read."""
        if self.leaf is not None:
            self.leaf.end = max(self.leaf.start, end)
            self.leaf = None
        container = self.open[level][1]
        while len(self.open) > level + (0 if is_end else 1):
            boundary, part = self.open.pop()
            part.end = max(part.start, end)
            del self.levels[boundary]
        return container

    def begin(self, at: int, container: Part | None) -> Part:
        """Read the headers of the part that begins here, and of the letter enclosed in it if there is one."""
        part = self.opened(at, container)
        first = part
        while part.media_type == "message/rfc822" and part.encoding in {"", "7bit", "8bit", "binary"}:
            if part.depth >= DEEPEST or self.count >= MOST_PARTS:
                break
            part = self.opened(part.start, part)
        if part.is_multipart and part.depth < DEEPEST:
            boundary = self.boundary(part)
            if boundary and boundary not in self.levels:
                self.levels[boundary] = len(self.open)
                self.open.append((boundary, part))
        self.leaf = part
        self.at = max(part.start - 1, 0)
        return first

    def opened(self, at: int, container: Part | None) -> Part:
        end, body = header_block(self.letter, at)
        is_inner = container is not None and container.media_type != "message/rfc822"
        bounds = (_PART_HEADERS, _PART_HEADER_LENGTH) if is_inner else (MOST_HEADERS, LINE_LENGTH)
        headers = read_headers(self.letter[at:end], *bounds)
        part = described(headers, body, len(self.letter))
        self.count += 1
        if container is not None:
            part.depth = container.depth + 1
            container.children.append(part)
        return part

    def boundary(self, part: Part) -> bytes:
        """Return a container's boundary; where none is named, the first line of its body that looks like one.

        So it is where the letter's own is named and never comes: whoever wrote the header did not write the body.
        """
        named = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")[:_LONGEST_BOUNDARY]
        if named and (part.depth or self.letter.find(b"\n--" + named, max(part.start - 1, 0)) >= 0):
            return named
        guess = _FIRST_BOUNDARY.search(self.letter[max(part.start - 1, 0) : part.start + 4_096])
        return guess[1] if guess else named


def described(headers: Headers, start: int, end: int) -> Part:
    """Return a part from its headers: type, parameters, disposition and name."""
    media_type, given = parameters(headers.raw("content-type"))
    disposition, told = parameters(headers.raw("content-disposition"))
    media_type = _COMMENT.sub("", media_type).strip()
    if "/" not in media_type:
        media_type = "text/html" if media_type == "html" else "text/plain"
    if media_type == "message/global":  # RFC 6532: a letter with headers in UTF-8
        media_type = "message/rfc822"
    if media_type == "message/partial" and given.get("number") == "1":
        media_type = "message/rfc822"  # the first piece has the letter's headers and the beginning of its words (RFC 2046, 5.2.2)
    return Part(headers, media_type, given, disposition, told.get("filename") or given.get("name") or "", start, end)
