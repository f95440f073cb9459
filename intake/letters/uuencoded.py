"""Files that old programs write between the words of a letter: `begin 644 photo.jpg`, lines of signs, `end` (POSIX, uuencode)."""

import binascii
import re
from dataclasses import dataclass

_FILE = re.compile(
    r"(?:^|(?<=\n))begin [0-7]{3,4} ([^\n]{1,300})\n((?:[!-`][ -`]{0,90}+(?:\n|\Z))++)(?:[ `]?\n)?(?:end[ \t]*+(?:\n|\Z)|\Z)"
)
_FEWEST_LINES = 3
"""Fewer may be words that only look so; they stay."""


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
                out += binascii.a2b_uu(line.encode("latin-1", "replace"))
            except binascii.Error:
                continue
        return bytes(out)


def parted(text: str) -> tuple[str, list[Uuencoded]]:
    """Return a text without such files, and the files."""
    if "begin " not in text:
        return text, []
    files: list[Uuencoded] = []

    def cut(found: re.Match[str]) -> str:
        if found[2].count("\n") < _FEWEST_LINES:
            return found[0]
        files.append(Uuencoded(found[1], found[2]))
        return ""

    return _FILE.sub(cut, text), files
