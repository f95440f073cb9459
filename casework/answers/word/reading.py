"""A Word file that somebody edited, read back with care: what it says, paragraph by paragraph, or a sentence why it is not taken.

A file comes from a person's disk and goes to another person: what nobody would see in it (macros, links that fetch, hidden words,
changes that can be undone, comments) must not travel, and a small file must not become a large one. Only then is it parsed.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.opc.oxml import parse_xml
from docx.oxml.ns import qn

LARGEST = 5_000_000
"""Bytes of a file as it is taken."""
MOST_PARTS = 300
LARGEST_UNPACKED = 60_000_000
MOST_TIMES = 200
"""How many times its packed size a part of more than `SMALL` bytes may have: XML packs to a tenth, a bomb to a thousandth."""
SMALL = 200_000
LONGEST_WORDS = 200_000
"""Symbols of a letter."""

_MACROS = re.compile(r"(?:vbaproject|vbadata|\bactivex\b|/embeddings/|macroenabled)", re.IGNORECASE)
_FETCHES = re.compile(r"\b(?:INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|IMPORT)\b", re.IGNORECASE)
_LINKS = ("https://", "mailto:", "tel:")
"""What a link in a letter may lead to: it is followed only by a person who presses it."""
_CHANGES = tuple(
    qn(f"w:{name}")
    for name in (
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "cellIns",
        "cellDel",
    )
)
_COMMENTED = tuple(qn(f"w:{name}") for name in ("commentRangeStart", "commentReference", "comment"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BROKEN = (
    PythonDocxError,
    OpcError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    zipfile.BadZipFile,
)
"""What the library and its parser say of a broken file; XMLSyntaxError is a SyntaxError."""
_BESIDE = ("header", "footer", "footnotes", "endnotes")


class NotTaken(ValueError):
    """The file cannot be taken. The message says what is in it and what to do about it in Word."""


class Role(StrEnum):
    """What a paragraph is in a letter."""

    TITLE = "title"
    HEADING = "heading"
    POINT = "point"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph that holds words."""

    role: Role
    words: str


@dataclass(frozen=True)
class Read:
    """A letter as it was read."""

    paragraphs: tuple[Paragraph, ...]
    beside: str
    """What stands in headers, footers and notes."""
    content: bytes
    """The file as it may travel: without the names of those who edited it."""

    @property
    def words(self) -> str:
        """All of it as text, for whoever looks for something in it."""
        return "\n".join([*(one.words for one in self.paragraphs), self.beside])

    @property
    def body(self) -> tuple[Paragraph, ...]:
        """From the first heading on: what a mail says, whose head has its own names and dates."""
        first = next((number for number, one in enumerate(self.paragraphs) if one.role in (Role.TITLE, Role.HEADING)), 0)
        return self.paragraphs[first:]


def read_letter(content: bytes, author: str = "") -> Read:
    """Read a Word file. `author` takes the place of the names of those who edited it. Raises NotTaken with a sentence."""
    _look_at_the_package(content)
    document = _opened(content)
    _look_at_the_parts(document)
    found = tuple(_paragraphs(document))
    if not found:
        raise NotTaken("There are no words in it.")
    beside = "\n".join(text for part in _parts_beside(document) if (text := _all_words(part)))
    if sum(len(one.words) for one in found) + len(beside) > LONGEST_WORDS:
        raise NotTaken("It is longer than a letter can be (200,000 symbols).")
    return Read(found, beside, _without_names(document, author))


def _look_at_the_package(content: bytes) -> None:
    """Before a parser sees it: its size, packed and unpacked, and what its parts are called."""
    if len(content) > LARGEST:
        raise NotTaken(f"It has {len(content) / 1e6:.1f} MB; a letter may have 5. Make the pictures in it smaller.")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise NotTaken("It has a password, or is in the old .doc form. Save it without a password as a Word document (.docx).")
    try:
        package = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise NotTaken("It is not a Word document (.docx).") from None
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise NotTaken(f"It is made of {len(parts)} parts; a letter has fewer than {MOST_PARTS}.")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_is_a_bomb, parts)):
        raise NotTaken("It unpacks to far more than a letter holds. Copy the words into a new document.")
    names = [part.filename for part in parts]
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise NotTaken("It is not a Word document (.docx).")
    if any(part.flag_bits & 1 for part in parts):
        raise NotTaken("It has a password. Save it without one.")
    _look_inside(package, parts)


def _is_a_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > MOST_TIMES * max(part.compress_size, 1)


def _look_inside(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """What macros are called, and XML that defines words of its own."""
    for part in parts:
        if _MACROS.search(part.filename):
            raise NotTaken("It holds a macro or an embedded object. Save it as a Word document without macros (.docx).")
        if not part.filename.endswith((".xml", ".rels")):
            continue
        try:
            with package.open(part) as opened:
                text = opened.read(part.file_size + 1)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, RuntimeError, EOFError):
            raise NotTaken("It is damaged. Save it again as a Word document (.docx).") from None
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or "<!DOCTYPE".encode("utf-16-le") in text:
            raise NotTaken("It defines words of its own, as no letter does. Copy the words into a new document.")
        if part.filename == "[Content_Types].xml" and _MACROS.search(text.decode("utf-8", "replace")):
            raise NotTaken("It holds a macro or an embedded object. Save it as a Word document without macros (.docx).")


def _opened(content: bytes) -> WordDocument:
    try:
        return Document(BytesIO(content))
    except _BROKEN as problem:
        raise NotTaken("It is damaged, or not a Word document. Save it again as a Word document (.docx).") from problem


def _look_at_the_parts(document: WordDocument) -> None:
    """What a parser can tell: links that fetch, changes that can be undone, comments, words that nobody sees."""
    for part in document.part.package.iter_parts():
        for relation in part.rels.values():
            is_link = (
                relation.reltype.endswith("/hyperlink") and relation._target.lower().startswith(_LINKS)
                if relation.is_external
                else True
            )
            if not is_link:
                raise NotTaken(
                    "It leads to something outside: a linked picture, a template or another file. Put what is meant into the "
                    "letter itself; plain links may lead to https addresses, mail addresses and phone numbers."
                )
    for root in _roots(document):
        if next(root.iter(*_CHANGES), None) is not None:
            raise NotTaken("It holds tracked changes. In Word: Review, Accept, Accept All Changes; then save it.")
        if next(root.iter(*_COMMENTED), None) is not None:
            raise NotTaken("It holds comments. In Word: Review, Delete, Delete All Comments; then save it.")
        if any(hidden.get(qn("w:val")) not in ("0", "false", "off") for hidden in root.iter(qn("w:vanish"))):
            raise NotTaken("It holds hidden words. In Word: select all, Font, clear Hidden; then read it again and save it.")
        told = " ".join(one.text or "" for one in root.iter(qn("w:instrText")))
        told += " ".join(one.get(qn("w:instr")) or "" for one in root.iter(qn("w:fldSimple")))
        if _FETCHES.search(told):
            raise NotTaken("It holds a field that fetches from elsewhere. In Word: select all, Ctrl+Shift+F9; then save it.")


def _roots(document: WordDocument) -> Iterator[Any]:
    """The XML of the parts that hold words."""
    yield document.element
    yield from _parts_beside(document)


def _parts_beside(document: WordDocument) -> Iterator[Any]:
    for part in document.part.package.iter_parts():
        name = str(part.partname).rpartition("/")[2]
        if name.startswith((*_BESIDE, "comments")) and name.endswith(".xml") and part is not document.part:
            yield getattr(part, "element", None) if hasattr(part, "element") else parse_xml(part.blob)


def _paragraphs(document: WordDocument) -> Iterator[Paragraph]:
    """Every paragraph with words, in order: those in tables, text boxes and content controls, too."""
    styles = {style.style_id: (style.name or "").lower() for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        if words := _words(paragraph):
            yield Paragraph(_role(paragraph, styles), words)


def _role(paragraph: Any, styles: dict[str, str]) -> Role:
    properties = paragraph.find(qn("w:pPr"))
    style = properties.find(qn("w:pStyle")) if properties is not None else None
    name = styles.get(style.get(qn("w:val")), "") if style is not None else ""
    if name in ("title", "heading 1"):
        return Role.TITLE
    if name.startswith("heading"):
        return Role.HEADING
    has_number = properties is not None and properties.find(qn("w:numPr")) is not None
    return Role.POINT if name.startswith("list") or has_number else Role.PARAGRAPH


def _all_words(root: Any) -> str:
    return "\n".join(words for paragraph in root.iter(qn("w:p")) if (words := _words(paragraph)))


def _words(paragraph: Any) -> str:
    """The words of one paragraph; those of a text box inside it belong to the box's own paragraphs."""
    pieces = []
    for piece in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        above = [one.tag for one in piece.iterancestors()]
        owner = next(one for one in piece.iterancestors(qn("w:p")))
        if owner is not paragraph or _FALLBACK in above or qn("w:pPr") in above:
            continue
        pieces.append({qn("w:t"): piece.text or "", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}.get(piece.tag, "\n"))
    return "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()


def _without_names(document: WordDocument, author: str) -> bytes:
    """The same letter, without who wrote and saved it: those names are for nobody outside."""
    about = document.core_properties
    about.author, about.last_modified_by = author, author
    about.comments, about.keywords, about.category, about.subject = "", "", "", ""
    held = BytesIO()
    document.save(held)
    return held.getvalue()
