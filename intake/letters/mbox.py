"""Letters out of a file: one letter as it stands, or many in the mbox form."""

import re
from collections.abc import Iterator

# A separator has an hour in it; a sentence that begins with "From " after an empty line seldom has. Some programs leave the
# empty line out: then the whole of the line is asked for, and a header below it.
_SEPARATOR = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{1,200}\d\d:\d\d[^\n]{0,100}(?:\n|\Z)"
    rb"|(?m:^)From [^ \n]{1,200} +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}"
    rb" \d\d:\d\d(?::\d\d)?(?: [A-Z+-][A-Za-z0-9+-]{1,5}){0,2} \d{4}(?: [+-]\d{4})?\r?\n(?=[!-9;-~]{1,100}:)"
)
_ESCAPED = re.compile(rb"(?m)^>(>{0,50}From )")
_WIDE = (
    ("utf-32-le", 4, b"\xff\xfe\0\0"),
    ("utf-32-be", 4, b"\0\0\xfe\xff"),
    ("utf-16-le", 2, b"\xff\xfe"),
    ("utf-16-be", 2, b"\xfe\xff"),
)
_BEFORE_THE_FIRST = b"\xef\xbb\xbf\r\n"


def _narrow(file: bytes) -> bytes:
    """Return a file of 16 or 32 bits a sign, which begins as an mbox does, as UTF-8; any other as it stands."""
    for name, width, mark in _WIDE:
        if file.removeprefix(mark).startswith("From ".encode(name)):
            whole = file.removeprefix(mark)
            return whole[: len(whole) // width * width].decode(name, "replace").encode("utf-8", "replace")
    return file


def _with_usual_line_ends(held: bytes) -> bytes:
    """Return the same where lines end in CR alone, or in LF CR, as old machines wrote them, with ends that are known here."""
    first = held.find(b"\n")
    if first < 0:
        return held.replace(b"\r", b"\n")
    is_turned = held[first + 1 : first + 2] == b"\r" and held[first - 1 : first] != b"\r" and held[first + 2 : first + 3] != b"\n"
    return held.replace(b"\n\r", b"\n") if is_turned else held


def split_mbox(file: bytes) -> Iterator[bytes]:
    """Yield each letter of an mbox file, its `>From ` lines mended; a file that is no mbox is one letter, as it stands.

    An empty one between two separators is given as its separator: nothing that a file holds is passed over.
    """
    held = file.lstrip(_BEFORE_THE_FIRST) if file[:8].lstrip(_BEFORE_THE_FIRST).startswith(b"From ") else _narrow(file)
    held = _with_usual_line_ends(held) if held.startswith(b"From ") else held
    starts = list(_SEPARATOR.finditer(held)) if held.startswith(b"From ") else []
    if not starts or starts[0].start() != 0:
        if file.strip():
            yield file
        return
    ends = [start.start() for start in starts[1:]] + [len(held)]
    for start, end in zip(starts, ends, strict=True):
        letter = held[start.end() : end]
        yield _ESCAPED.sub(rb"\1", letter) if letter.strip() else held[start.start() : end]
