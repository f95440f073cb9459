"""Files that old programs write between the words of a letter: `begin 644 photo.jpg`, lines of signs, `end` (POSIX, uuencode)."""

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(r"(?:^|(?<=\n))begin [0-7]{3,4} ([^\n]{1,300})\n")
_END = re.compile(r"(?:[ `]?\n)?end[ \t]*+(?:\n|\Z)")
_LINE = re.compile(r"([!-`][ -`]{0,90}+)(?:\n|\Z)")
_FEWEST_LINES = 3
"""Fewer may be words that only look so; they stay."""
_MOST_BLANKS_CUT = 3
"""Blanks are zeros: a mail program that cuts them off a line's end cuts a few signs of data with them."""


@dataclass(frozen=True)
class Uuencoded:
    """One such file: its name as the sender wrote it, unsafe, and its lines."""

    name: str
    lines: str

    @property
    def size(self) -> int:
        """Bytes that it holds: each line says how many of them are its own."""
        return sum((ord(line[0]) - 32) & 63 for line in self.lines.split("\n") if line)

    def content(self) -> bytes:
        """Return its bytes, as far as its lines can be read."""
        out = bytearray()
        for line in filter(None, self.lines.split("\n")):  # of an empty one, 32 zeros would be made
            try:
                out += binascii.a2b_uu(line[: _wanted(line)].encode("latin-1", "replace"))
            except binascii.Error:
                continue
        return bytes(out)


def parted(text: str) -> tuple[str, list[Uuencoded]]:
    """Return a text without such files, and the files."""
    if "begin " not in text:
        return text, []
    files: list[Uuencoded] = []
    kept: list[str] = []
    at = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < at:
            continue
        ends = _lines_end(text, begin.end())
        lines = text[begin.end() : ends]
        if lines.count("\n") < _FEWEST_LINES:
            continue
        files.append(Uuencoded(begin[1], lines))
        kept.append(text[at : begin.start()])
        end = _END.match(text, ends)
        at = end.end() if end else ends
    return "".join((*kept, text[at:])), files


def _lines_end(text: str, at: int) -> int:
    """Return where the lines of signs end. Words in capitals are of the same signs, but no line of them counts them."""
    while (line := _LINE.match(text, at)) and _is_counted(line[1]):
        at = line.end()
    return at


def _is_counted(line: str) -> bool:
    """Say whether a line has as many signs as its first one says; programs cut blanks off its end, or add one sign."""
    wanted = _wanted(line)
    signs = len(line.rstrip(" "))
    if wanted == 1 or signs > wanted + 1 or (signs < wanted and len(line) < wanted and wanted - signs > _MOST_BLANKS_CUT):
        return False
    try:
        binascii.a2b_uu(line[:wanted].encode("ascii"))
    except binascii.Error:
        return False
    return True


def _wanted(line: str) -> int:
    """Return how many signs a line has by what its first one says: itself, and four for three bytes."""
    return 1 + (((ord(line[0]) - 32) & 63) + 2) // 3 * 4
