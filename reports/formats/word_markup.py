"""Pieces of a Word file as WordprocessingML (ECMA-376, part 1, chapter 17).

A report is put together of them and read once: piece by piece through the library's objects it took twice as long.
"""

import re
from collections.abc import Iterable, Sequence

from docx.shared import Emu
from markupsafe import escape

from templates.markup import cleaned

BOLD = "<w:b/>"
KEPT_WITH_NEXT = "<w:keepNext/>"
SMALL = '<w:color w:val="4D5860"/><w:sz w:val="18"/>'
"""Nine points, in a softer ink."""
_RIGHT, _OFF = '<w:jc w:val="right"/>', ' w:val="0"'
_LINES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="9AA5AC"/>' for side in ("top", "bottom", "insideH"))


def run(words: str, look: str = "") -> str:
    """Words of one look."""
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{_words(words)}</w:r>"


def paragraph(runs: str, *, style: str = "", properties: str = "") -> str:
    """A paragraph of runs. `style` by its id; `properties` in the order of the standard, 17.3.1.26."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p>{f'<w:pPr>{named}{properties}</w:pPr>' if named or properties else ''}{runs}</w:p>"


def said(words: str, style: str = "", properties: str = "") -> str:
    """A paragraph of plain words."""
    return paragraph(run(words), style=style, properties=properties)


def named(name: str, words: str, properties: str = "") -> str:
    """A paragraph that begins with a name in bold."""
    return paragraph(run(name, BOLD) + run(words), properties=properties)


def spaced(*, before: int = 0, after: int) -> str:
    """The room around a paragraph, in points."""
    above = f'w:before="{before * 20}" ' if before else ""
    return f'<w:spacing {above}w:after="{after * 20}"/>'


def heading(words: str, place: int) -> str:
    """A chapter's heading, with the bookmark that the contents lead to."""
    mark = f'<w:bookmarkStart w:id="{place}" w:name="_chapter{place}"/>'
    return paragraph(f'{mark}{run(words)}<w:bookmarkEnd w:id="{place}"/>', style="Heading1")


def link_to(place: int, words: str) -> str:
    """A link to a chapter's heading."""
    return f'<w:hyperlink w:anchor="_chapter{place}" w:history="1">{run(words)}</w:hyperlink>'


def field(instruction: str) -> str:
    """What Word fills in, up to what stands there until it does; with `FIELD_END` behind that."""
    told = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return f"{_mark('begin')}{told}{_mark('separate')}"


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


FIELD_END = _mark("end")


def table(title: str, summary: str, widths: Sequence[int], rows: Iterable[str]) -> str:
    """A table with thin lines between the rows, and the words that a screen reader says of it. Widths in EMU."""
    spoken = "".join(
        f'<w:{name} w:val="{escape(cleaned(words))}"/>'
        for name, words in (("tblCaption", title), ("tblDescription", summary))
        if words
    )
    look = '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="04A0"/>'
    borders = f'<w:tblW w:type="auto" w:w="0"/><w:tblBorders>{_LINES}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    grid = "".join(f'<w:gridCol w:w="{Emu(width).twips}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{borders}{look}{spoken}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def row(cells: Iterable[tuple[str, int, bool]], mark: str, *, half_points: int, is_bold: bool) -> str:
    """A row of cells: the words of each, its width in EMU, and whether they stand at its right. `mark` is the row's property."""
    look = f'<w:b{"" if is_bold else _OFF}/><w:sz w:val="{half_points}"/>'
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{Emu(width).twips}"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="40" w:after="40"/>{_RIGHT if is_right else ""}</w:pPr>{run(words, look)}</w:p></w:tc>'
        for words, width, is_right in cells
    )
    return f"<w:tr><w:trPr><w:{mark}/></w:trPr>{made}</w:tr>"


def _words(value: str) -> str:
    """Words of a run: a break or a tab is an element of its own."""
    pieces = re.split(r"(\r\n|[\t\n\r])", cleaned(value))
    return "".join(
        ("<w:tab/>" if piece == "\t" else "<w:br/>") if place % 2 else f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for place, piece in enumerate(pieces)
        if piece
    )
