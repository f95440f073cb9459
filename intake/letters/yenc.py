"""Files that news programs write between the words of a letter, bytes as they are: `=ybegin`, lines, `=yend` (yEnc 1.3)."""

import re
from dataclasses import dataclass

_BEGIN, _PART, _END = b"=ybegin ", b"=ypart ", b"=yend"
_MOVED = bytes((value - 42) % 256 for value in range(256))
_MOVED_AND_ESCAPED = 42 + 64
_MOST = 1_000
_SIZE = re.compile(rb"=yend (?:[^\n]{0,200} )?size=(\d{1,12})\b")


@dataclass(frozen=True)
class Yencoded:
    """One such file, or the part of one that this letter holds: its name as the sender wrote it, unsafe, and its lines."""

    name: bytes
    lines: bytes

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        return len(self.lines) - self.lines.count(b"\n") - self.lines.count(b"=")

    def content(self) -> bytes:
        """Return its bytes: each was moved by 42; one that no line may hold stands behind `=`, moved by 64 more."""
        first, *rest = self.lines.replace(b"\n", b"").split(b"=")
        out = bytearray(first.translate(_MOVED))
        for piece in filter(None, rest):
            out.append((piece[0] - _MOVED_AND_ESCAPED) % 256)
            out += piece[1:].translate(_MOVED)
        return bytes(out)


def parted(raw: bytes) -> tuple[bytes, list[Yencoded]]:
    """Return a body with plain line ends without such files, and the files.

    One that never ends is no file, nor is one that holds more or less than its last line says: a person's words may stand there.
    """
    files: list[Yencoded] = []
    kept: list[bytes] = []
    at = 0
    while len(kept) < _MOST and (begin := _line_with(raw, _BEGIN, at)) >= 0 and (end := _line_with(raw, _END, begin)) >= 0:
        head, _, lines = raw[begin:end].partition(b"\n")
        if lines.startswith(_PART):
            lines = lines.partition(b"\n")[2]
        file = Yencoded(head.partition(b" name=")[2].strip(), lines)
        after = raw.find(b"\n", end) + 1 or len(raw)
        said = _SIZE.match(raw, end)
        is_one = said is not None and int(said[1]) == file.size
        files += [file] if is_one else []
        kept.append(raw[at : begin if is_one else after])
        at = after
    return b"".join((*kept, raw[at:])), files


def _line_with(raw: bytes, mark: bytes, at: int) -> int:
    """Return where the next line begins that begins so, or -1."""
    if raw.startswith(mark, at) and (at == 0 or raw[at - 1 : at] == b"\n"):
        return at
    found = raw.find(b"\n" + mark, at)
    return found + 1 if found >= 0 else -1
