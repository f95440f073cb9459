"""What OpenPGP writes around the words of a letter (RFC 9580, 6 and 7): taken off, and believed for nothing."""

import re

ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_HEADERS = re.compile(r"(?:[A-Za-z-]{1,30}: [^\n]{0,300}\n){0,20}\n")
_SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----\n"
_END = "\n-----END PGP SIGNATURE-----"
_OF_A_SEAL = re.compile(r"[A-Za-z0-9+/=]{0,100}|(?:Version|Comment|Hash|Charset|MessageID): [^\n]{0,300}")


_MOST_BLOCKS = 100


def without_armour(text: str) -> str:
    """Return a text with the words of the signed messages in it as they were before somebody signed them.

    Whatever is not closed, is encrypted, or holds words where the signature is, stays as it stands, and what is below it.
    """
    read: list[str] = []
    for _ in range(_MOST_BLOCKS):
        before, begin, rest = text.partition(_SIGNED)
        headers = _HEADERS.match(rest)
        words, signature, rest = rest[headers.end() if headers else 0 :].partition(_SIGNATURE)
        seal, end, after = rest.partition(_END)
        if not (begin and headers and signature and end and all(map(_OF_A_SEAL.fullmatch, map(str.strip, seal.split("\n"))))):
            break
        read += before, "\n".join(line.removeprefix("- ") for line in words.split("\n"))
        text = after
    return "".join(read) + text
