"""Reads each format of a report back, as a program of another maker would, into the tables that a reader sees."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree as Tree

from docx import Document
from pypdf import PdfReader

from reports.formats.prepared import Printed
from reports.formats.showing import is_number, shown, shown_alone
from reports.values import Table

Rows = list[list[str]]
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def as_shown(table: Table, printed: Printed) -> Rows:
    """What people should see of it: the heads, then the rows."""
    cells = [
        [row.title, *(shown(cell, column, printed.words) for cell, column in zip(row.cells, table.columns, strict=True))]
        for row in table.rows
    ]
    return [[table.row_title, *(column.title for column in table.columns)], *cells]


def as_values(table: Table, printed: Printed) -> list[list[str | float]]:
    """What a spreadsheet should hold of it, without the heads: numbers as numbers."""
    return [
        [
            row.title,
            *(
                float(cell.value)  # type: ignore[arg-type]  # is_number says so
                if is_number(cell)
                else shown_alone(cell, column, printed.words)
                for cell, column in zip(row.cells, table.columns, strict=True)
            ),
        ]
        for row in table.rows
    ]


@dataclass
class Page(HTMLParser):
    """A page of HTML: its tables by their captions, its headings, its charts."""

    tables: dict[str, Rows] = field(default_factory=dict)
    figures: dict[str, list[str]] = field(default_factory=dict)
    """What stands in cells that name the path of their figure."""
    charts: list[str] = field(default_factory=list)
    words: str = ""
    _inside: list[str] = field(default_factory=list)
    _caption: str = ""
    _cell: str = ""
    _path: str = ""
    _is_link: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        match tag:
            case "caption":
                self._caption = ""
            case "tr":
                self.tables.setdefault(self._caption.strip(), []).append([])
            case "td" | "th":
                self._cell, self._path = "", dict(attrs).get("data-figure") or ""
            case "title" if "svg" in self._inside:
                self.charts.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass
        if tag in ("td", "th"):
            self.tables[self._caption.strip()][-1].append(self._cell)
            if self._path:
                self.figures.setdefault(self._path, []).append(self._cell)

    def handle_data(self, data: str) -> None:
        self.words += data
        if "caption" in self._inside and "a" not in self._inside:
            self._caption += data
        if {"td", "th"} & set(self._inside):
            self._cell += data
        if "svg" in self._inside and "title" in self._inside:
            self.charts[-1] += data


def from_page(content: bytes) -> Page:
    page = Page()
    page.feed(content.decode())
    page.close()
    return page


def from_word(content: bytes) -> dict[str, Rows]:
    """The tables of a Word file, by the caption that stands before each (or the heading, where there is no caption)."""
    document, found, before = Document(BytesIO(content)), dict[str, Rows](), ""
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            found[before] = [[cell.text for cell in row.cells] for row in part.rows]
        elif part.style is not None and (part.style.name or "").startswith(("Caption", "Heading")):
            before = part.text
    return found


def from_workbook(content: bytes) -> dict[str, list[list[str | float]]]:
    """Every sheet after the first by the title in its first cell: its rows under the heads. A formula is an error."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        texts = [
            "".join(text.text or "" for text in one.iter(f"{_SHEET}t"))
            for one in Tree.fromstring(packed.read("xl/sharedStrings.xml"))
        ]
        book = Tree.fromstring(packed.read("xl/workbook.xml"))
        sheets = [f"xl/worksheets/sheet{place}.xml" for place, _ in enumerate(book.iter(f"{_SHEET}sheet"), start=1)]
        read = [_rows_of(Tree.fromstring(packed.read(name)), texts) for name in sheets]
    return {str(rows[0][0]): _body(rows) for rows in read[1:]}


def _rows_of(sheet: Any, texts: list[str]) -> dict[int, list[str | float]]:
    assert sheet.find(f".//{_SHEET}f") is None, "a formula"
    found = dict[int, list[str | float]]()
    for row in sheet.iter(f"{_SHEET}row"):
        line = list[str | float]()
        for cell in (one for one in row if one.find(f"{_SHEET}v") is not None):
            value = cell.findtext(f"{_SHEET}v") or ""
            line += [""] * (_column(cell.get("r")) - len(line))  # what is empty keeps its place
            line.append(texts[int(value)] if cell.get("t") == "s" else float(value))
        found[int(row.get("r")) - 1] = line
    return found


def _column(address: str) -> int:
    """AB7 is the 28th column: 27."""
    place = 0
    for letter in address.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _body(rows: dict[int, list[str | float]]) -> list[list[str | float]]:
    """From the row with the heads on, up to the first empty one."""
    body, at = list[list[str | float]](), 2
    while at in rows:
        body.append(rows[at])
        at += 1
    return body


def from_zip(content: bytes) -> dict[str, Rows]:
    """Each file of the zip by its table's name, without its number."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {
            name.partition("_")[2].removesuffix(".csv"): list(
                csv.reader(StringIO(packed.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in packed.namelist()
        }


@dataclass
class Pdf:
    """A PDF: its words, and its tags as (kind, words for who does not see it)."""

    words: str
    tags: list[tuple[str, str]]
    language: str
    is_marked: bool
    title: str
    metadata: str
    pages: int


def from_pdf(content: bytes) -> Pdf:
    reader = PdfReader(BytesIO(content))
    root: Any = reader.trailer["/Root"]
    return Pdf(
        "\n".join(page.extract_text() for page in reader.pages),
        list(_tags(root["/StructTreeRoot"])),
        str(root["/Lang"]),
        bool(root["/MarkInfo"]["/Marked"]),
        str(reader.metadata.title if reader.metadata else ""),
        root["/Metadata"].get_data().decode(),
        len(reader.pages),
    )


def _tags(node: Any) -> Iterator[tuple[str, str]]:
    if "/S" in node:
        yield str(node["/S"]).removeprefix("/"), str(node.get("/Alt", ""))
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        inner = child.get_object() if hasattr(child, "get_object") else child
        if hasattr(inner, "get") and inner.get("/Type") != "/MCR" and inner.get("/Type") != "/OBJR":
            yield from _tags(inner)
