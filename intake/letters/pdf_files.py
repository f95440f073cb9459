"""PDF files without what they note of who made them, when, with what, and where a picture in them was taken.

The file is written anew from what is in use: what an earlier version of it said goes too. What is locked, signed or damaged is
given as it came (`Untouched`). pikepdf: https://pikepdf.readthedocs.io/en/latest/topics/metadata.html.
"""

import io
import warnings
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from intake.letters.pictures import Untouched, without_notes

_NOTED = (Name.Metadata, Name.PieceInfo, Name.LastModified)
"""XMP, what programs keep for themselves, and when (ISO 32000-2, 14.3 and 14.5)."""
_OF_A_NOTE = (Name.T, Name.M, Name.CreationDate)
"""Who wrote a comment on a page, and when (12.5.2, 12.5.6.2). Of a form's field, `T` is its name: that stays."""
_OF_A_FILE_WITHIN = (Name.CreationDate, Name.ModDate, Name.CheckSum)
Within = Callable[[bytes], tuple[bytes, bool]]
"""Takes the notes out of a file that was put into a PDF, and says whether it may tell more all the same."""


def without_makers(file: bytes, within: Within) -> tuple[bytes, bool]:
    """Return the same PDF without them, and whether a file or a picture in it may tell more.

    Raises Untouched, with why, for one that has to stay as it came.
    """
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
            may_tell = [_is_left_telling(one, within) for one in _streams_of(objects)]
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
    return out.getvalue(), any(may_tell)


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


def _streams_of(objects: list[Dictionary | Stream]) -> Iterator[tuple[Stream, bool]]:
    """Every stream, and whether it is a file that was put into the PDF (7.11.4: its type may go without saying)."""
    named = [one[Name.EF] for one in objects if isinstance(one.get(Name.EF), Dictionary)]
    files = {each[key].objgen for each in named for key in each.keys()}  # noqa: SIM118  # as above
    for one in objects:
        if isinstance(one, Stream):
            yield one, one.get(Name.Type) == Name.EmbeddedFile or (one.is_indirect and one.objgen in files)


def _is_left_telling(found: tuple[Stream, bool], within: Within) -> bool:
    """Take the notes out of a picture, or of a file that was put in; whether it may tell more all the same."""
    one, is_file = found
    if is_file:
        file = one.read_bytes()
        bare, may_tell = within(file)
        if bare != file:
            one.write(bare)
        if isinstance(params := one.get(Name.Params), Dictionary):
            _drop(params, _OF_A_FILE_WITHIN)
            params.Size = len(bare)
        return may_tell
    filters, parms = _listed(one.get(Name.Filter)), _listed(one.get(Name.DecodeParms))
    if not filters or filters[-1] != Name.DCTDecode:
        return False
    picture = one.read_raw_bytes()
    if len(filters) > 1:  # packed once more: undo that
        one.write(picture, filter=Array(filters[:-1]), decode_parms=Array(parms[:-1]) if parms else None)
        picture = one.read_bytes()
    bare, own = without_notes(picture), parms[-1] if parms and isinstance(parms[-1], Dictionary) else None
    one.write(bare or picture, filter=Name.DCTDecode, decode_parms=own)
    return not bare


def _listed(value: Object | None) -> list[Object]:
    return [] if value is None else list(value) if isinstance(value, Array) else [value]


def _drop(one: Dictionary | Stream, names: tuple[Name, ...]) -> None:
    for name in names:
        if name in one:
            del one[name]
