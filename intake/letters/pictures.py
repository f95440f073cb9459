"""Pictures without what a camera writes into them: where a child lives, when, with which telephone (people-and-safety.md, T13).

Nothing is drawn anew: of a JPEG, PNG or WebP the pieces that hold such notes are left out, and what stands behind its end.
Of a JPEG the way up is kept. Other kinds are given as they are: `may_tell_more` says of which that a person must take care.
"""

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_KEPT_OF_PNG = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"bKGD",
    b"pHYs",
    b"acTL",
    b"fcTL",
    b"fdAT",
}
_KEPT_OF_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_METADATA_FLAGS = 0x08 | 0x04 | 0x20  # EXIF, XMP and colour profile, as VP8X announces them
_TELLING = (b"ftyp", b"%PDF", b"II*\0", b"MM\0*", b"PK\x03\x04", b"RIFF", b"OggS")
"""HEIC and films, PDF, TIFF, office files, sound."""


class Untouched(Exception):
    """A file has to stay as it came; the message says why, as the end of a sentence."""


def without_notes(picture: bytes) -> bytes:
    """Return the same picture without EXIF, XMP, IPTC, comments, previews and trailers; what is no such picture as it is.

    Empty where a picture is too broken to tell what in it is a note.
    """
    try:
        if picture.startswith(_JPEG):
            return b"".join(_of_jpeg(picture))
        if picture.startswith(_PNG):
            return _PNG + b"".join(_of_png(picture))
        if picture.startswith(b"RIFF") and picture[8:12] == b"WEBP":
            pieces = b"".join(_of_webp(picture))
            return b"RIFF" + struct.pack("<I", len(pieces) + 4) + b"WEBP" + pieces
    except (struct.error, IndexError):
        return b""
    return picture


def may_tell_more(file: bytes) -> bool:
    """Whether a file is of a kind whose notes are not taken out here."""
    is_webp = file.startswith(b"RIFF") and file[8:12] == b"WEBP"
    return not is_webp and any(mark in file[:12] for mark in _TELLING)


def _of_jpeg(picture: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    at = 2
    while True:
        while picture[at] == 0xFF and picture[at + 1] == 0xFF:
            at += 1
        marker = picture[at + 1]
        if picture[at] != 0xFF:
            raise IndexError
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", picture, at + 2)
        piece = picture[at : at + 2 + length]
        at += 2 + length
        is_note = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)  # 0xEE says how colours are meant
        if not is_note:
            yield piece
        elif marker == 0xE1 and (way_up := _way_up(piece)):
            # EXIF with nothing in it but the way up.
            exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">HHI", way_up, 0, 0)
            yield b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        if marker == 0xDA:
            end = _end_of_scan(picture, at)
            yield picture[at:end]
            if end == len(picture):
                yield b"\xff\xd9"
                return
            at = end


def _end_of_scan(picture: bytes, at: int) -> int:
    while True:
        at = picture.find(b"\xff", at)
        if at < 0 or at + 1 >= len(picture):
            return len(picture)  # cut short: what there is of it can be seen
        if picture[at + 1] != 0 and not 0xD0 <= picture[at + 1] <= 0xD7:
            return at
        at += 2


def _way_up(piece: bytes) -> int:
    """Return the orientation that EXIF notes (TIFF 6.0, tag 274); 0 where it says none, or the usual one."""
    tiff = piece[10:]
    if piece[4:10] != b"Exif\0\0" or tiff[:2] not in (b"II", b"MM"):
        return 0
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for number in range(min(count, 100)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
            if tag == 0x112:
                return value if 2 <= value <= 8 else 0
    except struct.error:
        pass
    return 0


def _of_png(picture: bytes) -> Iterator[bytes]:
    at, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", picture, at)
        piece = picture[at : at + 12 + length]
        if len(piece) != 12 + length:
            raise IndexError
        if name in _KEPT_OF_PNG:
            yield piece
        at += len(piece)


def _of_webp(picture: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(picture):
        name, length = struct.unpack_from("<4sI", picture, at)
        piece = picture[at : at + 8 + length + length % 2]
        if name == b"VP8X" and len(piece) > 8:
            piece = piece[:8] + bytes([piece[8] & ~_METADATA_FLAGS & 0xFF]) + piece[9:]
        if name in _KEPT_OF_WEBP:
            yield piece
        at += 8 + length + length % 2
