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
_BEFORE_THE_FIRST = b"\xef\xbb\xbf\r\n"


def split_mbox(file: bytes) -> Iterator[bytes]:
    """Yield each letter of an mbox file, its `>From ` lines mended; a file that is no mbox is one letter, as it stands.

    An empty one between two separators is given as its separator: nothing that a file holds is passed over.
    """
    held = file.lstrip(_BEFORE_THE_FIRST) if file[:8].lstrip(_BEFORE_THE_FIRST).startswith(b"From ") else file
    if held.startswith(b"From ") and b"\n" not in held:
        held = held.replace(b"\r", b"\n")
    starts = list(_SEPARATOR.finditer(held)) if held.startswith(b"From ") else []
    if not starts or starts[0].start() != 0:
        if file.strip():
            yield file
        return
    ends = [start.start() for start in starts[1:]] + [len(held)]
    for start, end in zip(starts, ends, strict=True):
        letter = held[start.end() : end]
        yield _ESCAPED.sub(rb"\1", letter) if letter.strip() else held[start.start() : end]
