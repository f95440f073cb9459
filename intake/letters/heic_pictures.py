"""HEIC and AVIF pictures without what a camera writes into them.

Nothing is decoded or moved: notes are overwritten where they lie. Such a picture is a file of boxes: `meta` holds `iinf`, which
names its items, and `iloc`, which says where their bytes lie (ISO/IEC 14496-12, 8.11). An item of kind `Exif` becomes one
of the same length that says nothing, one of kind `mime` (XMP) blanks, and a box that is no part of the picture zeros. Which way
up it is stands elsewhere (`irot`), and stays.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from intake.letters.kinds import kind_of

NOTHING = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""EXIF without an entry (ISO/IEC 23008-12, A.2.1; TIFF 6.0, 2). Bare zeros are no EXIF; some programs show no picture then."""
_OF_THE_PICTURE = {b"ftyp", b"meta", b"mdat", b"free", b"skip"}
_MOST_ITEMS = 100_000


@dataclass
class _Bytes:
    """A place in a file, read forwards. Raises struct.error beyond its end."""

    held: bytes
    at: int

    def number(self, size: int) -> int:
        if self.at + size > len(self.held):
            raise struct.error
        found = int.from_bytes(self.held[self.at : self.at + size], "big")
        self.at += size
        return found


def is_heic(file: bytes) -> bool:
    """Whether these are the bytes of such a picture, and not of a film."""
    return kind_of(file) == "HEIC picture"


def without_camera(picture: bytes) -> bytes:
    """Return the same picture without EXIF and XMP. Empty where it cannot be told what in it is a note."""
    out = bytearray(picture)
    try:
        for kind, start, end in _notes_in(picture):
            if end > len(picture):
                return b""
            nothing = NOTHING if kind == b"Exif" and end - start >= len(NOTHING) else b""
            out[start:end] = nothing.ljust(end - start, b" " if kind == b"mime" else b"\0")
    except (struct.error, IndexError, ValueError):
        return b""
    return bytes(out)


def _notes_in(picture: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each note, and from where to where it lies."""
    top = list(_boxes(picture, 0, len(picture)))
    meta = next(((start, end) for kind, start, end in top if kind == b"meta"), None)
    if meta is None:
        raise ValueError("no list of items")
    boxes = {kind: (start, end) for kind, start, end in _boxes(picture, meta[0] + 4, meta[1])}
    notes = dict(_items(picture, *boxes[b"iinf"])) if b"iinf" in boxes else {}
    data = boxes.get(b"idat", (len(picture), 0))[0]  # beyond the end, where nothing lies
    if notes and b"iloc" not in boxes:
        raise ValueError("items that lie nowhere")
    for item, way, start, length in _places(_Bytes(picture, boxes[b"iloc"][0])) if notes else ():
        if item in notes:
            if way not in (0, 1) or not length:
                raise ValueError("an item that lies elsewhere")
            yield notes[item], start + (data if way else 0), start + (data if way else 0) + length
    for kind, start, end in top:
        if kind == b"moov":
            raise ValueError("a film, whose own notes are not known here")
        if kind not in _OF_THE_PICTURE:  # XMP or a maker's own notes (`uuid`), the film of a picture that moves (`mpvd`)
            yield kind, start, end


def _boxes(held: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box, and from where to where what it holds lies."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", held, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", held, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError("a box without an end")
        yield kind, at + head, at + size
        at += size


def _items(held: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The number and the kind of those items that are notes."""
    version = held[start]
    for kind, at, _ in _boxes(held, start + (6 if version == 0 else 8), end):
        if kind != b"infe" or held[at] not in (2, 3):
            continue
        wide = 2 if held[at] == 2 else 4
        of = held[at + 6 + wide : at + 10 + wide]
        if of in (b"Exif", b"mime"):
            yield int.from_bytes(held[at + 4 : at + 4 + wide], "big"), of


def _places(here: _Bytes) -> Iterator[tuple[int, int, int, int]]:
    """Each item's number, in which way its bytes are found (0 in the file, 1 in `idat`), where, and how many."""
    version = here.number(1)
    here.number(3)
    sizes, more = here.number(1), here.number(1)
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    items = here.number(wide)
    if items > _MOST_ITEMS:
        raise ValueError("too many items")
    for _ in range(items):
        item = here.number(wide)
        way = here.number(2) & 15 if version in (1, 2) else 0
        here.number(2)
        base = here.number(base_size)
        for _ in range(here.number(2)):
            here.number(index_size)
            offset = here.number(offset_size)
            yield item, way, base + offset, here.number(length_size)
