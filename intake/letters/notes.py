"""Files without what they note beside what they show: who made them, when, where, with what (people-and-safety.md, T13).

`bare` chooses by the first bytes who takes it out; what stays as it came is said in words for whoever gets the file.
"""

import io
import zipfile
from dataclasses import dataclass
from functools import partial

from intake.letters.heic_pictures import is_heic, without_camera
from intake.letters.office_files import without_authors
from intake.letters.pdf_files import without_makers
from intake.letters.pictures import Untouched, may_tell_more, without_notes
from intake.letters.word_files import MOST_UNPACKED

_TAKE_CARE = "It may say where, when and by whom it was made: take care who sees it."

_WITHIN = f"Something in it is as it came. {_TAKE_CARE}"
_DEEPEST = 2
"""In how many files another may lie whose notes are taken out."""


@dataclass(frozen=True)
class Bare:
    """A file to give out, and what whoever gets it should know. Empty where a picture is too broken to give out."""

    content: bytes
    says: str = ""


def bare(file: bytes, deep: int = 0) -> Bare:
    """Return the same file without its notes; where that cannot be done, as it came, with a sentence that says so.

    `deep` is in how many others it lies.
    """
    try:
        if is_heic(file):
            if not (shown := without_camera(file)):
                raise Untouched("it is damaged, or made in a way that is not known here")
            return Bare(shown)
        if file.startswith(b"%PDF"):
            made, may_tell = without_makers(file, partial(_within, deep=deep + 1))
            return Bare(made, _WITHIN if may_tell else "")
        if file.startswith(b"PK\x03\x04") and (names := _names_in(file)):
            return Bare(without_authors(file, names))
    except Untouched as why:
        return Bare(file, f"Nothing was taken out of it, because {why}. {_TAKE_CARE}")
    return Bare(without_notes(file), _TAKE_CARE if may_tell_more(file) else "")


def _within(file: bytes, deep: int) -> tuple[bytes, bool]:
    """A file that was put into another, without its notes as far as that can be done, and whether it may tell more."""
    if deep > _DEEPEST:
        return file, True
    inner = bare(file, deep)
    return inner.content or file, bool(inner.says) or not inner.content


def _names_in(file: bytes) -> set[str]:
    """The names of what an archive holds; none where it cannot be read, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
            return set(packed.namelist()) if unpacked <= MOST_UNPACKED else set()
    except (zipfile.BadZipFile, ValueError, OSError):
        return set()
