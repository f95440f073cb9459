"""The report as a tagged PDF, set by Typst (docs/decisions/084) from a template that is told the report as data.

What the template is told is never read as its language: a name full of signs is printed as it is written. It reads no file and no
address; the fonts are the machine's own, with one that Typst brings where there is none.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, NameTree, String

from reports.formats import NotWritten
from reports.formats.paper import on_paper
from reports.values import Report
from templates.words import read_text

TEMPLATE = "report/paper.typ"
VARIANT: Final = "ua-1"
"""ISO 14289-1: every part has its tag, its language and its words for those who do not see it."""
_NO_SIGN = "could not be displayed"
"""How the library says that none of the machine's fonts has a sign."""
_LONGEST_SAID = 200
"""Of what Typst says of a mistake."""


def write_pdf(report: Report, language: str = "en") -> bytes:
    """The PDF. It calls itself PDF/UA-1 unless a name has a sign that no font of the machine can show; the tags are the same.

    Raises NotWritten where Typst cannot set it.
    """
    source, told = read_text(TEMPLATE, language).encode(), {"report": json.dumps(on_paper(report, language))}
    try:
        made = _set(source, told)
    except typst.TypstError as error:
        said = " ".join(str(error).split())[:_LONGEST_SAID]
        raise NotWritten(
            f"The PDF could not be made: Typst, which sets it, says: {said}. No file was written. The figures are whole, and "
            "what was kept with --keep is kept: take the same report as a page or in Word meanwhile (--format html, --format "
            "docx), and report this line."
        ) from error
    return _with_heads_of_rows(made)


def _set(source: bytes, told: dict[str, str]) -> bytes:
    try:
        return typst.compile(source, sys_inputs=told, pdf_standards=VARIANT)
    except typst.TypstError as error:
        if _NO_SIGN not in str(error):
            raise
        return typst.compile(source, sys_inputs=told)


def _with_heads_of_rows(made: bytes) -> bytes:
    """The PDF with the first cell of each row as the head of that row, and every value naming it beside its column's head.

    Typst tags the heads of columns; for rows its language has words (`pdf.header-cell`) that its Python package cannot switch on.
    ISO 32000-1, 14.8.5.7: a cell's `Headers` are the ids of the cells that are read aloud with it.
    """
    with pikepdf.open(BytesIO(made)) as pdf:
        tree = pdf.Root.StructTreeRoot
        ids = NameTree(tree.IDTree) if Name.IDTree in tree else NameTree.new(pdf)
        tree.IDTree = ids.obj
        for number, row in enumerate(_rows(tree)):
            head, *values = row.K
            name = String(f"row-{number}")
            head.S, head.ID = Name.TH, name
            ids[str(name)] = head
            _of_table(head).Scope = Name.Row
            for value in values:
                _of_table(value).Headers.append(name)
        written = BytesIO()
        pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return written.getvalue()


def _rows(node: Any) -> Iterator[Any]:
    """Every row of a table below a part of the structure, but for the rows of heads."""
    kind, inside = node.get(Name.S), node.get(Name.K)
    if kind == Name.TBody:
        yield from inside
        return
    if kind == Name.THead or inside is None:
        return
    for part in inside if isinstance(inside, Array) else [inside]:
        if isinstance(part, Dictionary) and Name.S in part:
            yield from _rows(part)


def _of_table(cell: Any) -> Any:
    """What a cell says of its place in the table."""
    return next(one for one in cell.A if Name.Table == one.O)
