"""Letters that are sent along encoded. RFC 2046, 5.2.1 allows no encoding there; some gateways and archives use one all the same.

What is encoded is put in its place decoded, so that its words and files are read like those of any letter sent along.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.letters.parts import Part, content, header_block, read_parts, with_plain_line_ends

_ENCODED = {"base64", "quoted-printable"}
_DEEPEST = 3
"""How often an encoded letter may lie within another; what is deeper stays a file."""
_MOST = 100
_HEADERS = 100_000
_Decoded = tuple[int, int, bytes, int]
"""From where to where what stands now, what stands there decoded, and how many bytes of that are the letter itself."""
_NAMED = re.compile(rb"^content-transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Opened:
    """A letter with plain line ends, each letter sent along in it decoded where it was encoded."""

    letter: bytes
    root: Part
    decoded: tuple[tuple[int, int], ...]
    """From where to where something stands that was encoded."""

    def was_encoded(self, part: Part) -> bool:
        """Whether a part lies in a letter that was encoded. That letter itself does not."""
        return any(start < part.start < end for start, end in self.decoded)


def with_letters_decoded(letter: bytes) -> Opened:
    """Return a letter with plain line ends and its parts, each letter sent along in it decoded where it was encoded."""
    root, spans = read_parts(letter), list[tuple[int, int]]()
    for _ in range(_DEEPEST):
        encoded = [part for part in _all(root) if _is_encoded_letter(part)][:_MOST]
        boundaries = [part.parameters.get("boundary", "").encode("utf-8", "replace") for part in _all(root) if part.is_multipart]
        decoded = [one for part in encoded if (one := _decoded(letter, part, boundaries))]
        if not decoded:
            break
        spans = [(_moved(start, decoded), _moved(end, decoded)) for start, end in spans]
        spans += [(_moved(end, decoded) - size, _moved(end, decoded)) for _, end, _, size in decoded]
        pieces, at = [], 0
        for start, end, words, _ in decoded:
            pieces += [letter[at:start], words]
            at = end
        letter = b"".join((*pieces, letter[at:]))
        root = read_parts(letter)
    return Opened(letter, root, tuple(spans))


def _moved(place: int, decoded: Iterable[_Decoded]) -> int:
    """Where a place of a letter is once what stands before it is decoded."""
    return place + sum(len(words) - (end - start) for start, end, words, _ in decoded if end <= place)


def _all(root: Part) -> Iterator[Part]:
    """Give every part in the order in which they stand."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(part.children))
        yield part


def _is_encoded_letter(part: Part) -> bool:
    return part.media_type == "message/rfc822" and not part.children and part.encoding in _ENCODED


def _decoded(letter: bytes, part: Part, boundaries: list[bytes]) -> _Decoded | None:
    """Return what is put in the place of an encoded letter; None for what is no letter after all."""
    words = with_plain_line_ends(content(letter, part))
    if not header_block(words)[0] or any(b"--" + boundary in words for boundary in boundaries):
        return None
    from_here = max(0, part.start - _HEADERS)
    named = list(_NAMED.finditer(letter, from_here, part.start))
    if not named:
        return None
    start, end = named[-1].span()
    return start, part.end, b"Content-Transfer-Encoding: 8bit\n" + letter[end : part.start] + words, len(words)
