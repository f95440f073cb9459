"""Words with their marks (`templates.markup`) become a Word file on the council's letterhead, with real headings and lists.

A screen reader finds the headings and the picture's words; what is still to be written stands in square brackets, marked yellow.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from templates.markup import BREAK, STRONG, STRONG_END, Block, BlockKind, cleaned

LANGUAGE = "en-GB"
_PIECES = re.compile(f"({STRONG}|{STRONG_END}|{BREAK}|\\[[^\\[\\]]*\\])")
_STYLES = {
    BlockKind.TITLE: "Heading 1",
    BlockKind.HEADING: "Heading 2",
    BlockKind.POINTS: "List Bullet",
    BlockKind.STEPS: "List Number",
}
_BROKEN = (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
)
"""What the library says of a broken picture."""
_INK = RGBColor(0x1A, 0x1A, 0x1A)


@dataclass(frozen=True)
class Letterhead:
    """What stands at the top of every letter."""

    council: str
    address: tuple[str, ...] = ()
    logo: bytes = b""
    """A PNG or JPEG picture, or none."""

    @property
    def logo_says(self) -> str:
        """What a screen reader says of the picture."""
        return f"Logo of {self.council}"


class NoPicture(ValueError):
    """The logo is no PNG or JPEG picture."""


def write_letter(parts: Iterable[Block], head: Letterhead, *, title: str, foot: str, points: int = 12) -> bytes:
    """The Word file of a letter. `points` is the size of its words. Raises NoPicture for a logo that is none."""
    document = Document()
    _look(document, points)
    _about(document, title, head.council)
    _letterhead(document, head)
    for block in parts:
        if block.kind is not BlockKind.BUBBLE:
            _block(document, block)
    document.sections[0].footer.paragraphs[0].text = foot
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _look(document: WordDocument, points: int) -> None:
    """A4, a plain letter face, dark headings: readable on paper, on a screen and enlarged."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    for name, size in (("Normal", points), ("Heading 1", points + 6), ("Heading 2", points + 2)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for old in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(old), None)  # the theme's face would win over ours
    for heading in ("Heading 1", "Heading 2"):
        document.styles[heading].paragraph_format.space_after = Pt(6)
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LANGUAGE)
    normal.element.get_or_add_rPr().append(spoken)


def _about(document: WordDocument, title: str, author: str) -> None:
    about = document.core_properties
    about.title, about.author, about.last_modified_by = title, author, author
    about.comments, about.keywords, about.language = "", "", LANGUAGE


def _letterhead(document: WordDocument, head: Letterhead) -> None:
    if head.logo:
        _picture(document, head)
    name = document.add_paragraph()
    name.add_run(cleaned(head.council)).bold = True
    name.paragraph_format.space_after = Pt(0)
    lines = [name, *(document.add_paragraph(cleaned(line)) for line in head.address)]
    for line in lines:
        line.paragraph_format.space_after = Pt(0)
    lines[-1].paragraph_format.space_after = Pt(18)


def _picture(document: WordDocument, head: Letterhead) -> None:
    if not head.logo.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise NoPicture("The logo is neither a PNG nor a JPEG picture.")
    try:
        drawn = document.add_picture(BytesIO(head.logo), height=Cm(2))
    except _BROKEN as problem:
        raise NoPicture("The logo cannot be read as a picture.") from problem
    about = drawn._inline.docPr
    about.set("descr", head.logo_says)
    about.set("title", head.logo_says)


def _block(document: WordDocument, block: Block) -> None:
    style = _STYLES.get(block.kind)
    if block.kind in (BlockKind.POINTS, BlockKind.STEPS):
        for line in block.lines:
            _fill(document.add_paragraph(style=style), line)
    else:
        _fill(document.add_paragraph(style=style), BREAK.join(block.lines))


def _fill(paragraph: Paragraph, line: str) -> None:
    """The runs of a line: strong words, line breaks, and what is still to be written."""
    is_strong = False
    for piece in _pieces(line):
        if piece == STRONG:
            is_strong = True
        elif piece == STRONG_END:
            is_strong = False
        elif piece == BREAK:
            paragraph.add_run().add_break()
        else:
            run = paragraph.add_run(cleaned(piece))
            run.bold = is_strong or None
            if piece.startswith("["):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _pieces(line: str) -> Iterator[str]:
    return (piece for piece in _PIECES.split(line) if piece)
