"""What a PDF is beside its figures: every value names its heads, words are words and nothing else, nothing falls off a page."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from reports.formats import FORMATS, NotWritten
from reports.formats.pdf import TEMPLATE
from reports.values import Cell, Promise, Report, Row, SaidAndDone
from templates.words import read_text
from tests.ledger.reading_back import from_pdf
from tests.ledger.shapes import EMPTY, LONG, SHAPES

SAMPLE = SHAPES["the sample"]
LANGUAGE = (
    '#import "@preview/cetz:0.4.0": *',
    '#panic("ran")',
    "= A heading",
    "- an item",
    "*strong* _said_ $x^2$ `raw` <label> @reference",
    "// no comment /* nor this */",
    r"\u{41} -- --- ~ ... \ #sys.inputs",
    "\"straight\" and 'straight'",
    "https://example.org/#a",
)
"""Words that mean something in the language of the template."""
NO_FONT_HAS_IT = "\ue0a9\U0010fffd"
"""Signs for private use: nobody has agreed on what they look like."""
FOOT_POINTS = 22 / 25.4 * 72


def pdf_of(report: Report) -> bytes:
    return FORMATS["pdf"].write(report)


def with_a_table(*titles: str) -> Report:
    """A report of one table, with a row for each of these titles."""
    (section,) = EMPTY.sections
    (table,) = section.tables
    rows = tuple(Row(title, title, (Cell(7), Cell(9), Cell(-2))) for title in titles)
    return replace(EMPTY, sections=(replace(section, tables=(replace(table, rows=rows, chart=None),)),))


def parts(node: Any, kind: str) -> Iterator[Any]:
    """Every part of the structure of this kind, in the order in which it is read aloud."""
    if node.get("/S") == kind:
        yield node
        return
    inside = node.get("/K", [])
    for part in inside if isinstance(inside, list) else [inside]:
        found = part.get_object() if hasattr(part, "get_object") else part
        if hasattr(found, "get") and "/S" in found:
            yield from parts(found, kind)


def of_table(cell: Any) -> Any:
    """What a cell says of its place in a table."""
    said = cell["/A"].get_object()
    return next(one.get_object() for one in (said if isinstance(said, list) else [said]) if one.get_object()["/O"] == "/Table")


def named(node: Any) -> dict[str, Any]:
    """The tree of names, flat."""
    found: dict[str, Any] = {}
    for child in node.get("/Kids", []):
        found |= named(child.get_object())
    pairs = list(node.get("/Names", []))
    return found | {str(name): part.get_object() for name, part in zip(pairs[::2], pairs[1::2], strict=True)}


def test_every_value_of_a_table_names_the_head_of_its_row_and_of_its_column() -> None:
    """ISO 32000-1, 14.8.5.7 and ISO 14289-1, 7.5: so a screen reader says "Corporate, 2024-25, 252"."""
    root: Any = PdfReader(BytesIO(pdf_of(SAMPLE))).trailer["/Root"]
    tree = root["/StructTreeRoot"]
    ids = named(tree["/IDTree"])
    tables, values = list(parts(tree, "/Table")), 0

    for table in tables:
        columns = [str(head["/ID"]) for head in parts(next(parts(table, "/THead")), "/TH")]
        assert len(columns) > 1
        for row in parts(next(parts(table, "/TBody")), "/TR"):
            head, *cells = (one.get_object() for one in row["/K"])
            assert (head["/S"], of_table(head)["/Scope"]) == ("/TH", "/Row")
            for column, cell in zip(columns[1:], cells, strict=True):
                assert cell["/S"] == "/TD"
                assert list(map(str, of_table(cell)["/Headers"])) == [column, str(head["/ID"])]
                assert ids[str(head["/ID"])] == head and ids[column]["/S"] == "/TH"
                values += 1
    assert len(tables) == 10 and values == Counter(kind for kind, _ in from_pdf(pdf_of(SAMPLE)).tags)["TD"]
    assert list(ids) == sorted(ids), "a reader looks a name up by halves"


def test_words_of_the_templates_language_are_printed_as_they_are_written() -> None:
    council, *others = LANGUAGE
    promise = Promise(LANGUAGE[4], LANGUAGE[1], LANGUAGE[5], None, None, "open", LANGUAGE[6])
    attacked = replace(SAMPLE, council=council, title=LANGUAGE[1], story=tuple(others), notes=LANGUAGE, promises=(promise,))

    pdf, plain = from_pdf(pdf_of(attacked)), from_pdf(pdf_of(SAMPLE))

    said = re.sub(r"\s", "", pdf.words)
    for words in LANGUAGE:
        assert re.sub(r"\s", "", words) in said, words
    assert pdf.title == f"{LANGUAGE[1]}: {council}"
    kinds, usual = (Counter(kind for kind, _ in one.tags) for one in (pdf, plain))
    for kind in ("H1", "H2", "H3", "Figure", "Table", "Link", "Formula", "Code", "Em"):
        assert kinds[kind] == usual[kind], kind


def test_the_template_takes_in_nothing_from_outside() -> None:
    """Its library would fetch a package that it names from the network, and read a file beside it."""
    source = read_text(TEMPLATE, "en")

    taking = r"#?import\b|\binclude\b|@preview|@local|\b(?:read|plugin|eval|csv|toml|yaml|xml|cbor)\("
    assert re.findall(taking, source) == []
    assert re.findall(r"image\((.{5})", source) == ["bytes"] and re.findall(r"json\((.{5})", source) == ["bytes"]


def test_a_sign_that_no_font_has_leaves_the_tags_and_only_the_name_of_the_standard_is_missing() -> None:
    """PDF/UA-1 forbids it (ISO 14289-1, 7.21.8): a box stands there, and the file does not say that it keeps to it."""
    usual = from_pdf(pdf_of(with_a_table("Team")))
    boxed = from_pdf(pdf_of(with_a_table(f"Team {NO_FONT_HAS_IT}")))

    assert ("pdfuaid:part" in usual.metadata, "pdfuaid:part" in boxed.metadata) == (True, False)
    assert boxed.tags == usual.tags and (boxed.language, boxed.is_marked) == ("en-GB", True)


@pytest.mark.parametrize("rows", [1, 15, 25, 40, 200])
def test_a_table_of_any_length_ends_above_the_foot_of_its_pages_and_has_its_heads_on_each(rows: int) -> None:
    titles = [f"Team {place} {'with a long name ' * (place % 7)}".strip() for place in range(rows)]
    pages = PdfReader(BytesIO(pdf_of(with_a_table(*titles)))).pages
    printed = [page.extract_text() for page in pages]

    heights = [high for page in pages for high, said in placed(page) if said.startswith("Team")]
    assert len(heights) >= rows and min(heights) > FOOT_POINTS
    whole = "".join("".join(printed).split())
    assert [title for title in titles if "".join(title.split()) not in whole] == []
    assert all("2024-25" in said for said in printed if "Team" in said)


def placed(page: Any) -> list[tuple[float, str]]:
    """What stands on a page, each with how many points it is above the lower edge."""
    found = []

    def seen(said: str, drawn: list[float], at: list[float], *_: object) -> None:
        if said.strip():
            found.append((at[4] * drawn[1] + at[5] * drawn[3] + drawn[5], said.strip()))

    page.extract_text(visitor_text=seen)
    return found


def test_a_row_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    long = replace(EMPTY, said_and_done=(SaidAndDone("Nobody rang back.", LONG),))
    pages = PdfReader(BytesIO(pdf_of(long))).pages

    heights = [high for page in pages for high, said in placed(page) if said.startswith("very")]
    assert len(pages) > 5 and min(heights) > FOOT_POINTS
    assert sum(page.extract_text().count("very") for page in pages) == LONG.count("very")


@pytest.mark.parametrize("long", ["Safeguarding" * 4, "policies" * 20])
def test_a_word_that_is_wider_than_its_column_goes_on_in_the_next_line(long: str) -> None:
    words = from_pdf(pdf_of(with_a_table(long))).words

    assert long not in words and long in words.replace("\n", "")


@pytest.mark.parametrize("name", [" ", "", "\x00"])
def test_a_council_without_a_name_has_its_report_all_the_same(name: str) -> None:
    assert from_pdf(pdf_of(replace(SAMPLE, council=name))).pages == from_pdf(pdf_of(SAMPLE)).pages


def test_what_cannot_be_set_is_said_in_a_sentence_that_says_what_to_do() -> None:
    """Two chapters with the same table: a link of the page would have two ends."""
    counted = with_a_table("A", "B").sections[0]
    twice = replace(EMPTY, sections=(counted, replace(counted, name="again")))

    with pytest.raises(NotWritten) as told:
        pdf_of(twice)

    said = str(told.value)
    assert said.startswith("The PDF could not be made: Typst, which sets it, says: label `<how-nothing>` occurs multiple times")
    assert "No file was written." in said and "--format html, --format docx" in said
