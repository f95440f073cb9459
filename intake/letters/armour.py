"""What OpenPGP writes around the words of a letter (RFC 9580, 6 and 7): taken off, and believed for nothing."""

import re

ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_HEADERS = re.compile(r"(?:[A-Za-z-]{1,30}: [^\n]{0,300}\n){0,20}\n")
_SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----\n"
_END = "\n-----END PGP SIGNATURE-----"


def without_armour(text: str) -> str:
    """Return a text with the words of a signed message in it as they were before somebody signed them.

    Whatever is not closed, or is encrypted, stays as it stands.
    """
    before, begin, rest = text.partition(_SIGNED)
    headers = _HEADERS.match(rest)
    words, signature, rest = rest[headers.end() if headers else 0 :].partition(_SIGNATURE)
    _, end, after = rest.partition(_END)
    if not (begin and headers and signature and end):
        return text
    return before + "\n".join(line.removeprefix("- ") for line in words.split("\n")) + after
