"""Letters that are sent along encoded. RFC 2046, 5.2.1 allows no encoding there; some gateways and archives use one all the same.

What is encoded is put in its place decoded, so that its words and files are read like those of any letter sent along.
"""

import re
from collections.abc import Iterator

from intake.letters.parts import Part, content, header_block, read_parts, with_plain_line_ends

_ENCODED = {"base64", "quoted-printable"}
_DEEPEST = 3
"""How often an encoded letter may lie within another; what is deeper stays a file."""
_MOST = 100
_HEADERS = 100_000
_NAMED = re.compile(rb"^content-transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


def with_letters_decoded(letter: bytes) -> tuple[bytes, Part]:
    """Return a letter with plain line ends and its parts, each letter sent along in it decoded where it was encoded."""
    root = read_parts(letter)
    for _ in range(_DEEPEST):
        encoded = [part for part in _all(root) if _is_encoded_letter(part)][:_MOST]
        boundaries = [part.parameters.get("boundary", "").encode("utf-8", "replace") for part in _all(root) if part.is_multipart]
        decoded = [one for part in encoded if (one := _decoded(letter, part, boundaries))]
        if not decoded:
            break
        pieces, at = [], 0
        for start, end, words in decoded:
            pieces += [letter[at:start], words]
            at = end
        letter = b"".join((*pieces, letter[at:]))
        root = read_parts(letter)
    return letter, root


def _all(root: Part) -> Iterator[Part]:
    """Give every part in the order in which they stand."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(part.children))
        yield part


def _is_encoded_letter(part: Part) -> bool:
    return part.media_type == "message/rfc822" and not part.children and part.encoding in _ENCODED


def _decoded(letter: bytes, part: Part, boundaries: list[bytes]) -> tuple[int, int, bytes] | None:
    """Return from where to where what stands now, and what stands there decoded; None for what is no letter after all."""
    words = with_plain_line_ends(content(letter, part))
    if not header_block(words)[0] or any(b"--" + boundary in words for boundary in boundaries):
        return None
    from_here = max(0, part.start - _HEADERS)
    named = list(_NAMED.finditer(letter, from_here, part.start))
    if not named:
        return None
    start, end = named[-1].span()
    return start, part.end, b"Content-Transfer-Encoding: 8bit\n" + letter[end : part.start] + words
