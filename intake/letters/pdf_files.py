"""PDF files without what they note of who made them, when, with what, and where a picture in them was taken.

The file is written anew from what is in use: what an earlier version of it said goes too. What is locked, signed or damaged is
given as it came (`Untouched`). pikepdf: https://pikepdf.readthedocs.io/en/latest/topics/metadata.html.
"""

import io
import warnings
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from intake.letters.pictures import Untouched, without_notes

_NOTED = (Name.Metadata, Name.PieceInfo, Name.LastModified)
"""XMP, what programs keep for themselves, and when (ISO 32000-2, 14.3 and 14.5)."""
_OF_A_NOTE = (Name.T, Name.M, Name.CreationDate)
"""Who wrote a comment on a page, and when (12.5.2, 12.5.6.2). Of a form's field, `T` is its name: that stays."""
_OF_A_FILE_WITHIN = (Name.CreationDate, Name.ModDate)


def without_makers(file: bytes) -> bytes:
    """Return the same PDF without them. Raises Untouched, with why, for one that has to stay as it came."""
    try:
        with Pdf.open(io.BytesIO(file)) as pdf:
            if pdf.is_encrypted:
                raise Untouched("it is locked against changes")
            objects = list(_all_of(pdf))
            if any(_is_signature(one) for one in objects):
                raise Untouched("it is signed, and the signature would break")
            if pdf.get_warnings():
                raise Untouched("it is damaged")
            pages = len(pdf.pages)
            for one in objects:
                _note_nothing(one)
            del pdf.docinfo
            out = io.BytesIO()
            with warnings.catch_warnings(action="ignore"):  # it warns of forms that Acrobat may not show; they came so
                pdf.save(out, fix_metadata_version=False)
        with Pdf.open(io.BytesIO(out.getvalue())) as again:
            if len(again.pages) != pages or again.get_warnings():
                raise Untouched("it is damaged")
    except pikepdf.PasswordError:
        raise Untouched("it is locked with a password") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, OSError):
        raise Untouched("it is damaged") from None
    return out.getvalue()


def _all_of(pdf: Pdf) -> Iterator[Dictionary | Stream]:
    """Every dictionary of the file: those with a number of their own, and those that lie within them."""
    waiting: list[Object] = list(pdf.objects)
    waiting.append(pdf.trailer)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Stream | Dictionary):
            yield one
            within = [one.get(key) for key in one.keys()]  # noqa: SIM118  # pikepdf's dictionaries do not iterate by themselves
        elif isinstance(one, Array):
            within = list(one)
        else:
            continue
        waiting.extend(inner for inner in within if isinstance(inner, Object) and not inner.is_indirect)


def _is_signature(one: Dictionary | Stream) -> bool:
    return Name.ByteRange in one and Name.Contents in one


def _note_nothing(one: Dictionary | Stream) -> None:
    for name in _NOTED:
        if name in one:
            del one[name]
    kind, of = one.get(Name.Type), one.get(Name.Subtype)
    if (kind == Name.Annot or Name.Rect in one) and of != Name.Widget:
        _drop(one, _OF_A_NOTE)
    if kind == Name.EmbeddedFile and isinstance(params := one.get(Name.Params), Dictionary):
        _drop(params, _OF_A_FILE_WITHIN)
    if isinstance(one, Stream) and one.get(Name.Filter) in (Name.DCTDecode, Array([Name.DCTDecode])):
        picture = one.read_raw_bytes()
        if (bare := without_notes(picture)) and bare != picture:
            one.write(bare, filter=Name.DCTDecode)


def _drop(one: Dictionary | Stream, names: tuple[Name, ...]) -> None:
    for name in names:
        if name in one:
            del one[name]
