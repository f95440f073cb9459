"""Every format shows the same figures (report.md, issue F 4): each is read back as a program of another maker reads it."""

import re
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as Tree

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from reports.formats import FORMATS, separate, workbook
from reports.formats.prepared import Printed, prepared
from reports.formats.showing import drawn
from reports.values import HIDDEN, Cell, Report, Row, Section
from tests.ledger.reading_back import as_shown, as_values, from_page, from_pdf, from_word, from_workbook, from_zip
from tests.ledger.shapes import ARABIC, FORMULA, HOSTILE, LONG, SCRIPT, SHAPES, WELSH

every_shape = pytest.mark.parametrize("report", SHAPES.values(), ids=SHAPES)


def plain(words: str) -> str:
    """Without what a format may not hold, and with one space where there is any."""
    return " ".join(re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", "", words).split())


@every_shape
def test_the_page_shows_every_table_cell_for_cell(report: Report) -> None:
    printed = prepared(report, "en")
    page = from_page(FORMATS["html"].write(report))

    for table in printed.tables:
        expected = [[plain(value) for value in row] for row in as_shown(table, printed)]
        if table.rows:
            assert [[plain(value) for value in row] for row in page.tables[plain(table.title)]] == expected, table.name
        else:
            assert table.empty in page.words
    assert all(plain(line) in plain(page.words) for line in report.story)
    assert len(page.charts) == sum(bool(drawn(table)) for table in printed.tables)


@every_shape
def test_the_word_file_shows_every_table_cell_for_cell(report: Report) -> None:
    printed = prepared(report, "en")
    tables = from_word(FORMATS["docx"].write(report))

    for table in printed.tables:
        if table.rows:
            expected = [[plain(value) for value in row] for row in as_shown(table, printed)]
            assert [[plain(value) for value in row] for row in tables[plain(table.title)]] == expected, table.name


@every_shape
def test_the_workbook_holds_every_number_as_a_number_and_every_word_as_a_word(report: Report) -> None:
    printed = prepared(report, "en")
    sheets = from_workbook(FORMATS["xlsx"].write(report))

    for table in printed.tables:
        read = sheets[plain(table.title)]
        whole = [[len(column.title) > 0 for column in table.columns]]
        assert len(read) == 1 + len(table.rows), (table.name, whole)
        for row, expected in zip(read[1:], as_values(table, printed), strict=True):
            places = [0, *workbook._places(table)]
            picked = [row[place] for place in places] if len(row) > len(expected) else row
            assert [plain(value) if isinstance(value, str) else value for value in picked] == [
                plain(value) if isinstance(value, str) else value for value in _in_pounds(table.name, expected)
            ]


def _in_pounds(name: str, row: list[str | float]) -> list[str | float]:
    """A spreadsheet holds money in pounds."""
    return [1234.56 if value == 123_456 else value for value in row] if name == "kinds" else row


@every_shape
def test_the_csv_files_hold_every_number_plainly(report: Report) -> None:
    printed = prepared(report, "en")
    tables = from_zip(FORMATS["csv"].write(report))

    for table in printed.tables:
        read = tables[table.name]
        assert len(read) == 1 + len(table.rows)
        numbers = [float(value) for row in read[1:] for value in row[1:] if re.fullmatch(r"-?\d+(\.\d+)?", value)]
        expected = [
            value for row in as_values(table, printed) for value in _in_pounds(table.name, row)[1:] if isinstance(value, float)
        ]
        assert set(expected) <= set(numbers)
        assert [plain(row[0].removeprefix("'")) for row in read[1:]] == [plain(row.title) for row in table.rows]


@every_shape
def test_the_pdf_prints_every_figure_and_tags_every_table(report: Report) -> None:
    printed = prepared(report, "en")
    pdf = from_pdf(FORMATS["pdf"].write(report))

    if report is not HOSTILE:  # its Arabic and Welsh make a font of more signs than the reader of the tests decodes
        assert _figures(table_words(printed)) - _figures(pdf.words) == Counter()
    kinds = Counter(kind for kind, _ in pdf.tags)
    tables = [table for table in printed.tables if table.rows]
    assert kinds["Caption"] == len(tables) <= kinds["Table"], "one that goes on on the next page has its heads there, too"
    assert kinds["TD"] == sum(len(table.rows) * len(table.columns) for table in tables)
    assert kinds["TH"] >= sum(len(table.rows) + 1 + len(table.columns) for table in tables)
    pictures = [said for kind, said in pdf.tags if kind == "Figure"]
    assert len(pictures) == sum(bool(drawn(table)) for table in printed.tables) and all(pictures)


def table_words(printed: Printed) -> str:
    return "\n".join(value for table in printed.tables for row in as_shown(table, printed)[1:] for value in row[1:])


def _figures(words: str) -> Counter[str]:
    """Every number with its sign and unit, and how often it stands there."""
    return Counter(re.findall(r"[+−£]*[\d,.]*\d%?", words))


def test_the_pdf_says_what_it_is_and_in_which_language() -> None:
    pdf = from_pdf(FORMATS["pdf"].write(SHAPES["the sample"]))

    assert (pdf.language, pdf.is_marked) == ("en-GB", True)
    assert "pdfuaid:part" in pdf.metadata and pdf.title.startswith("Complaints and compliments")
    kinds = Counter(kind for kind, _ in pdf.tags)
    assert kinds["H1"] == 1 and kinds["H2"] >= 8 and kinds["L"] >= 3 and kinds["Link"] >= 10
    assert pdf.words.replace("\n", " ").count("For publication: small numbers are withheld") >= pdf.pages, "on every page"


def test_a_report_for_staff_says_so_on_every_page_and_in_every_format() -> None:
    report = SHAPES["one case, for staff"]
    warning = "For staff only: not for publication"
    pdf = from_pdf(FORMATS["pdf"].write(report))

    assert pdf.words.replace("\n", " ").count(warning) >= pdf.pages
    assert warning in from_page(FORMATS["html"].write(report)).words
    assert warning in Document(BytesIO(FORMATS["docx"].write(report))).sections[0].footer.paragraphs[0].text
    with zipfile.ZipFile(BytesIO(FORMATS["xlsx"].write(report))) as packed:
        assert packed.read("xl/sharedStrings.xml").decode().count(warning) >= 1
    assert warning in str(from_zip(FORMATS["csv"].write(report))["notes"])


@every_shape
def test_nothing_withheld_is_drawn_or_printed_as_a_number(report: Report) -> None:
    """A bar of no length with a 0 on it would say something that is not so."""
    printed = prepared(report, "en")
    with zipfile.ZipFile(BytesIO(FORMATS["docx"].write(report))) as packed:
        charts = [packed.read(name).decode() for name in sorted(packed.namelist()) if name.startswith("word/charts/chart")]

    drawn_tables = [table for table in printed.tables if drawn(table)]
    assert len(charts) == len(drawn_tables)
    for chart in charts:
        Tree.fromstring(chart)
        assert chart.count("<c:externalData") == 1
    if report is SHAPES["everything withheld"]:
        assert charts == []
        assert "<rect" not in FORMATS["html"].write(report).decode()


def test_parts_of_a_whole_are_not_drawn_where_one_is_withheld() -> None:
    """The others would fill its place: 20 not upheld would look like all of them."""
    (whole,) = (table for table in SHAPES["the sample"].tables if table.name == "outcomes")
    withheld = replace(whole, rows=(replace(whole.rows[0], cells=(HIDDEN, HIDDEN, Cell(24))), whole.rows[1]))

    assert drawn(whole) == (0, 1, 2)
    assert drawn(withheld) == ()


def _services(*withheld: bool) -> Report:
    """The sample with one table: this year's figure of each service, and last year's, which is withheld."""
    (few,) = (table for table in SHAPES["the sample"].tables if table.name == "by_service")
    rows = tuple(
        Row(f"{place}", f"Team {place}", (HIDDEN if is_withheld else Cell(7 + place), HIDDEN, HIDDEN, Cell(None)))
        for place, is_withheld in enumerate(withheld)
    )
    made = replace(few, rows=rows, summary="", columns=few.columns[:4])
    return replace(SHAPES["the sample"], sections=(Section("services", "Services", (), (made,)),), measures=())


def test_a_picture_of_which_two_bars_in_three_are_withheld_is_a_sentence_instead() -> None:
    """A page of the word "withheld", again and again, tells nothing: in no format, and the table stays."""
    sentence = "Figures that a picture needs are withheld, so there is none here. The table shows what can be told."
    report = _services(True, False, False)  # four withheld of six

    page = FORMATS["html"].write(report).decode()
    read = PdfReader(BytesIO(FORMATS["pdf"].write(report)))
    paper = " ".join(" ".join(one.extract_text() for one in read.pages).split())
    word, book = (zipfile.ZipFile(BytesIO(FORMATS[form].write(report))) for form in ("docx", "xlsx"))

    assert page.count(sentence) == 1 and "<svg" not in page and page.count("Team 2") == 1
    assert paper.count(sentence) == 1 and paper.count("Team 2") == 1
    assert sentence in word.read("word/document.xml").decode() and sentence in book.read("xl/sharedStrings.xml").decode()
    assert not [name for held in (word, book) for name in held.namelist() if "chart" in name]


def test_a_picture_of_which_fewer_are_withheld_is_drawn() -> None:
    report = _services(False, False, False)  # three of six

    page = FORMATS["html"].write(report).decode()

    assert page.count("<svg") == 1 and "Figures that a picture needs" not in page and page.count('<rect class="s1"') == 3


def test_a_picture_of_many_teams_shows_the_first_and_says_so() -> None:
    (few,) = (table for table in SHAPES["the sample"].tables if table.name == "by_service")
    many = replace(few, rows=tuple(replace(few.rows[0], title=f"Team {place}") for place in range(40)))
    report = replace(SHAPES["the sample"], sections=(Section("services", "Services", (), (many,)),))

    page = FORMATS["html"].write(report).decode()

    assert page.count('<rect class="s1"') == 12
    assert "The picture shows the first of them, the table all." in page and "Team 39" in page


def test_what_looks_like_a_formula_is_inert_in_csv_and_a_word_in_the_workbook() -> None:
    files = from_zip(FORMATS["csv"].write(HOSTILE))
    cells = [cell for rows in files.values() for row in rows for cell in row]

    assert f"'{FORMULA}" in cells and "'＝1+1" in cells and "'@SUM(1)" in cells and "' -1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(r"-\d+", cell)] == []
    assert FORMULA in str(from_workbook(FORMATS["xlsx"].write(HOSTILE)).values()), "as it is: it is a word there"


@pytest.mark.parametrize(
    "words", ["=1", "+1+1", "-1+1", "@A1", "\t=1", "\r=1", "  =1", "＝1", "－1+1", "-1e5", "=-1", "-٣", "-²"]
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(words: str) -> None:
    made = separate.inert(words)

    assert made.startswith("'") or (made.strip() in ("", "=1") and not made.startswith("="))
    assert (
        separate.inert("-41") == "-41" and separate.inert("-18.8") == "-18.8" and separate.inert("Team - North") == "Team - North"
    )


def test_a_name_with_tags_is_shown_as_it_is_written() -> None:
    page = FORMATS["html"].write(HOSTILE).decode()

    assert "<script>" not in page and SCRIPT in from_page(page.encode()).words
    assert page.count("</style>") == 1
    assert WELSH in from_page(page.encode()).words and ARABIC in from_page(page.encode()).words


def test_the_word_file_has_real_headings_repeated_heads_its_language_and_words_for_its_charts() -> None:
    document = Document(BytesIO(FORMATS["docx"].write(SHAPES["the sample"])))
    printed = prepared(SHAPES["the sample"], "en")

    headings = [part.text for part in document.paragraphs if part.style is not None and part.style.name == "Heading 1"]
    assert headings == [
        *(section.title for section in printed.sections),
        "What to know when reading these figures",
        "Every measure and its definition",
        "About this report",
    ]
    assert all(table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None for table in document.tables)
    assert document.core_properties.language == "en-GB"
    said = [one.get("descr") or "" for one in document.element.iter(qn("wp:docPr"))]
    assert len(said) == sum(bool(drawn(table)) for table in printed.tables)
    assert said[0].startswith("Chart: Complaints by procedure. 252 of 301 complaints were corporate. Children Act (statutory): ")
    links = {link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))}
    assert links == {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    assert "TOC" in "".join(one.text or "" for one in document.element.iter(qn("w:instrText")))


def test_the_workbook_has_a_sheet_a_table_frozen_heads_and_charts_with_words() -> None:
    report = SHAPES["the sample"]
    printed = prepared(report, "en")
    with zipfile.ZipFile(BytesIO(FORMATS["xlsx"].write(report))) as packed:
        names = packed.namelist()
        sheets = [packed.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet")]
        drawings = "".join(packed.read(name).decode() for name in names if name.startswith("xl/drawings/drawing"))

    assert len(sheets) == 1 + len(printed.tables)
    assert sum('state="frozen"' in sheet for sheet in sheets) == len(printed.tables)
    charts = sum(name.startswith("xl/charts/chart") for name in names)
    assert charts == sum(bool(drawn(table)) for table in printed.tables)
    assert len(re.findall(r'descr="Chart: [^"]+"', drawings)) == charts


def test_more_words_than_a_cell_holds_are_cut_with_a_mark() -> None:
    """32,767 characters (Excel specifications and limits): more, and a spreadsheet offers to repair the file."""
    with zipfile.ZipFile(BytesIO(FORMATS["xlsx"].write(replace(HOSTILE, notes=(LONG,))))) as packed:
        texts = [one.text or "" for one in Tree.fromstring(packed.read("xl/sharedStrings.xml")).iter() if one.text]

    assert len(LONG) > 40_000
    assert max(map(len, texts)) == 32_767 and max(texts, key=len).endswith(" […]")


def test_sheets_have_names_that_a_spreadsheet_takes() -> None:
    names = list(workbook.sheet_names(prepared(HOSTILE, "en")).values())

    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)


@pytest.mark.parametrize("name", ["html", "pdf", "docx", "xlsx", "csv"])
def test_two_writings_of_a_report_say_the_same(name: str) -> None:
    first, second = (FORMATS[name].write(SHAPES["the sample"]) for _ in range(2))

    if name in ("html", "pdf", "csv"):
        assert first == second
    else:
        assert _parts(first) == _parts(second)


def _parts(content: bytes) -> dict[str, bytes]:
    """What is inside, but for when it was made and the workbooks inside."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.startswith(("docProps/", "word/embeddings/"))}
