"""One letter that came in several: message/partial (RFC 2046, 5.2.2). Old programs cut what was too big for a server.

Each piece is a letter of its own here. They name one id, by which they find the case of the first that came.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.letters.addresses import MESSAGE_ID
from intake.letters.headers import header_lines, parameters, read_headers
from intake.letters.parts import Part, header_block, with_plain_line_ends

_MOST = 1_000
_OF_THE_WHOLE = re.compile(rb"content-|subject$|message-id$|encrypted$|mime-version$")
"""Headers that the first piece gives of the whole letter; the others are those around it (RFC 2046, 5.2.2.1)."""


@dataclass(frozen=True)
class Piece:
    """Which piece it is. `total` is 0 where it does not say of how many: only the last one must."""

    id: str
    number: int
    total: int = 0

    def __str__(self) -> str:
        """Name it as staff read it."""
        return f"piece {self.number}" + (f" of {self.total}" if self.total else "")


def piece_of(root: Part) -> Piece | None:
    """Return which piece of a letter this is; None where it is whole."""
    kind, given = parameters(root.headers.raw("content-type"))
    found = MESSAGE_ID.search(f"<{given.get('id', '').strip('<> ')}>")
    if kind != "message/partial" or found is None:
        return None
    return Piece(found[0], max(1, _number(given.get("number", "1"))), _number(given.get("total", "")))


def whole_of(pieces: Sequence[bytes]) -> bytes | None:
    """Return the letter that these are pieces of, put together; None where one is missing or they are not of one letter."""
    found: dict[int, bytes] = {}
    ids, total = set(), 0
    for raw in pieces:
        letter = with_plain_line_ends(raw)
        end, begins = header_block(letter)
        kind, given = parameters(read_headers(letter[:end]).raw("content-type"))
        if kind == "message/partial":
            ids.add(given.get("id", "").strip("<> "))
            total = max(total, _number(given.get("total", "")))
            number = _number(given.get("number", ""))
            found.setdefault(number, letter if number == 1 else letter[begins:])
    if len(ids) != 1 or not total or set(found) != set(range(1, total + 1)):
        return None
    first = found.pop(1)
    end, begins = header_block(first)
    inner_end, inner_begins = header_block(first, begins)
    around = [line for line in header_lines(first[:end]) if not _OF_THE_WHOLE.match(line[0])]
    within = [line for line in header_lines(first[begins:inner_end]) if _OF_THE_WHOLE.match(line[0])]
    headers = b"".join(name + b":" + value + b"\n" for name, value in (*around, *within))
    return b"".join((headers, b"\n", first[inner_begins:], *(found[number] for number in sorted(found))))


def _number(told: str) -> int:
    return min(int(told), _MOST) if told.isascii() and told.isdigit() and len(told) < 5 else 0
