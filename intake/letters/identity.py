"""What makes a letter itself and no other (HOUSE: identity of a letter)."""

import hashlib

from intake.letters.parts import header_block, with_plain_line_ends

_TRACE = (b"received", b"return-path", b"delivered-to", b"dkim-signature", b"authentication-results", b"received-spf")
_TRACE_PREFIXES = (b"x-", b"arc-")


def identity_of(raw: bytes) -> str:
    """Return the SHA-256 of body and headers without trace headers; line ends don't count, nor blank ones at the end."""
    return identity_of_plain(with_plain_line_ends(raw))


def identity_of_plain(letter: bytes) -> str:
    """The same, for a letter whose line ends are plain already."""
    end, body = header_block(letter)
    digest = hashlib.sha256()
    is_trace = False
    for line in letter[:end].split(b"\n"):
        if line[:1] not in (b" ", b"\t"):
            name = line.partition(b":")[0].strip().lower()
            is_trace = name in _TRACE or name.startswith(_TRACE_PREFIXES)
        if line and not is_trace:
            digest.update(line + b"\n")
    digest.update(b"\n")
    digest.update(memoryview(letter)[body : len(letter.rstrip(b"\n"))])
    return digest.hexdigest()
