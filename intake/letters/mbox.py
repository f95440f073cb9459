"""Letters out of a file: one letter as it stands, or many in the mbox form."""

import re
from collections.abc import Iterator

# A separator has an hour in it; a sentence that begins with "From" after an empty line seldom has.
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{1,200}\d\d:\d\d[^\n]{0,100}(?:\n|\Z)")
_ESCAPED = re.compile(rb"(?m)^>(>{0,50}From )")


def split_mbox(file: bytes) -> Iterator[bytes]:
    """Yield each letter of an mbox file, its `>From ` lines mended; a file that is no mbox is one letter."""
    starts = list(_SEPARATOR.finditer(file)) if file.startswith(b"From ") else []
    if not starts or starts[0].start() != 0:
        if file.strip():
            yield file
        return
    ends = [start.start() for start in starts[1:]] + [len(file)]
    for start, end in zip(starts, ends, strict=True):
        letter = file[start.end() : end]
        if letter.strip():
            yield _ESCAPED.sub(rb"\1", letter)
