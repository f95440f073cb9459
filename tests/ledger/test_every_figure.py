"""A council's whole report in every format, read back: each figure of the data stands in each, none forgotten or other."""

import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest

from reports.composing.composing import Beside, Head, compose
from reports.figures.periods import year_of
from reports.formats import FORMATS, workbook
from reports.formats.native_charts import HEADS
from reports.formats.prepared import prepared
from reports.formats.showing import charted, drawn
from reports.layouts.arranging import arranged
from reports.layouts.reading import names, read_layout
from reports.making import Printing, as_json, printed
from reports.measuring import measures_of
from reports.reckoning import Wanted
from reports.values import Report, Table, Unit
from storage.daily_tallies import count_daily_work
from storage.unit_of_work import Memory
from tests.ledger.reading_back import as_shown, as_values, from_page, from_pdf, from_word, from_workbook, from_zip
from tests.ledger.test_composed import leaves
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in
from tests.registers.test_strangers import STRANGERS

on_one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FIGURES = re.compile(r"[+−£]*[\d,.]*\d%?")


async def whole(memory: Memory, *, is_published: bool) -> Report:
    """The report of an invented council with everything in it: three stages, both procedures, learning, every measure."""
    await bring_in(memory, STRANGERS / "sir_newydd")
    period = year_of("2024-25")
    figures = (await printed(memory, Wanted(period, TODAY, None, is_published), Printing(OFFICE, NOW, "html"))).figures
    async with memory.reading() as uow:
        daily = await count_daily_work(uow, period.days, TODAY)
    measures = measures_of(figures, daily, is_published=is_published)
    return compose(figures, Head("Sir Newydd", "heard", "england", is_published), Beside(measures))


def words(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def same(read: list[list[Any]], expected: list[list[Any]]) -> bool:
    return [[words(cell) for cell in row] for row in read] == [[words(cell) for cell in row] for row in expected]


@on_one_database
@pytest.mark.parametrize("is_published", [False, True], ids=["for staff", "published"])
async def test_each_format_holds_each_figure(memory: Memory, is_published: bool) -> None:
    report = await whole(memory, is_published=is_published)
    made = prepared(report, "en")
    page, word = from_page(FORMATS["html"].write(report)), from_word(FORMATS["docx"].write(report))
    sheets, files = from_workbook(FORMATS["xlsx"].write(report)), from_zip(FORMATS["csv"].write(report))

    assert len(made.tables) > 25
    assert sum(len(table.rows) for table in made.tables) > 150
    for table in (one for one in made.tables if one.rows):
        shown = as_shown(table, made)
        assert same(page.tables[words(table.title)], shown), table.name
        assert same(word[words(table.title)], shown), table.name
        assert same(_picked(sheets[words(table.title)], table), as_values(table, made)), table.name
        assert _of_files(files[table.name], table) == _plainly(table), table.name


@on_one_database
@pytest.mark.parametrize("is_published", [False, True], ids=["for staff", "published"])
async def test_the_page_holds_the_data_path_by_path(memory: Memory, is_published: bool) -> None:
    report = await whole(memory, is_published=is_published)
    data = dict(leaves(json.loads(as_json(dict(report.figures)))))
    page = from_page(FORMATS["html"].write(report))

    assert len(page.figures) > 300
    hidden = set(report.figures["hidden"])
    assert not_of(report.figures, page.figures) == []
    for path, said in page.figures.items():
        found = {FIGURES.findall(one)[0] if FIGURES.findall(one) else "" for one in said}
        value = data.get(path, 0)
        expected = "" if path in hidden or value is None or isinstance(value, str) else _number(path, value)
        assert found == {expected}, path


@on_one_database
@pytest.mark.parametrize("name", names(None))
async def test_each_layout_holds_the_data_path_by_path(memory: Memory, name: str) -> None:
    report = await whole(memory, is_published=False)
    data = dict(leaves(json.loads(as_json(dict(report.figures)))))
    page = from_page(FORMATS["html"].write(arranged(report, read_layout(name))))

    assert len(page.figures) > 15
    assert not_of(report.figures, page.figures) == []
    for path, said in page.figures.items():
        value = data.get(path, 0)
        expected = "" if value is None or isinstance(value, str) else _number(path, value)
        assert {FIGURES.findall(one)[0] if FIGURES.findall(one) else "" for one in said} == {expected}, path


def not_of(figures: Mapping[str, Any], paths: Iterable[str]) -> list[str]:
    """The paths of which the data has neither the figure nor the map in which its word could have stood (and means 0)."""
    known = set(places(figures))
    return [path for path in paths if path not in known and path.rpartition(".")[0] not in known]


def places(found: Any, path: str = "") -> Iterator[str]:
    """Every place of the data: each figure, and each map."""
    yield path
    for name, inner in found.items() if isinstance(found, Mapping) else ():
        yield from places(inner, f"{path}.{name}" if path else name)


def test_a_path_that_is_not_in_the_data_is_noticed() -> None:
    figures = {"complaints": {"by_service": {"St. Mary's": {"count": 5}}, "outcomes": {"corporate": {"upheld": 1}}}}

    assert not_of(figures, ["complaints.by_service.St. Mary's.count", "complaints.outcomes.corporate.not_upheld"]) == []
    wrong = ["complaints.by_service.St. mary's.count", "complaints.nothing.upheld", "complaints.by_service.St. Jude's"]
    assert not_of(figures, wrong) == wrong


@on_one_database
async def test_the_pdf_holds_each_figure_in_the_order_of_its_tables(memory: Memory) -> None:
    """Row by row in the order in which a screen reader reads: each title with its values, one after the other."""
    report = await whole(memory, is_published=False)
    made = prepared(report, "en")
    pdf = from_pdf(FORMATS["pdf"].write(report))

    rows = [row for table in made.tables for row in as_shown(table, made)[1:]]
    assert len(rows) > 150
    assert not_in(pdf.words, rows) == []


def not_in(said: str, rows: list[list[str]]) -> list[list[str]]:
    """The rows that a text does not hold in their order, each whole: its title with its values behind it."""
    text, at, missing = "".join(said.split()), 0, list[list[str]]()
    for row in rows:
        wanted = "".join("".join(row).split())
        found = text.find(wanted, at)
        if found < 0:
            missing.append(row)
        else:
            at = found + len(wanted)
    return missing


def test_a_wrong_figure_in_a_text_is_noticed() -> None:
    """Digits of another row, or of the next table, are not its own; neither is the same row before it."""
    said = "Withdrawn\nChildren Act 2\nCorporate 10\nOpen\nChildren Act 1\n"
    right, wrong = [["Children Act", "2"], ["Corporate", "10"], ["Children Act", "1"]], ["Corporate", "1"]

    assert not_in(said, right) == []
    assert not_in(said, [["Children Act", "3"], *right]) == [["Children Act", "3"]]
    assert not_in(said, [*right, right[0]]) == [right[0]]
    assert not_in(said, [*right, wrong]) == [wrong]


def _number(path: str, value: float) -> str:
    size = f"{abs(value):,}"
    unit = "%" if path.endswith("_percent") else ""
    sign = "−" if value < 0 else "+" if value > 0 and path.endswith((".change", ".change_percent")) else ""
    return f"{sign}{size}{unit}"


def _picked(sheet: list[list[Any]], table: Table) -> list[list[Any]]:
    """The rows without what stands behind each share."""
    places = [0, *workbook._places(table)]
    return [[row[place] for place in places] if len(row) > len(places) else row for row in sheet[1:]]


def _of_files(rows: list[list[str]], table: Table) -> list[list[str]]:
    """The rows of a file, its apostrophes before words of people taken away again."""
    return [[cell[1:] if cell.startswith("'") else cell for cell in row] for row in rows[1:]]


def _plainly(table: Table) -> list[list[str]]:
    """What stands in a file: the value, and where a column has shares what was counted and out of what."""
    found = []
    for row in table.rows:
        line = [words(row.title)]
        for place, cell in enumerate(row.cells):
            value = "withheld" if cell.is_hidden else "" if cell.value is None else str(cell.value)
            if cell.unit is Unit.PENCE and isinstance(cell.value, int):
                value = f"{cell.value / 100:.2f}"
            line.append(value)
            if any(other.cells[place].numerator is not None for other in table.rows):
                shown = (None, None) if cell.is_hidden else (cell.numerator, cell.denominator)
                line += ["" if one is None else str(one) for one in shown]
        found.append(line)
    return found


def test_a_figure_that_is_another_one_is_noticed() -> None:
    """The comparison is one: 5 is not 6, and words are not numbers."""
    assert same([["a ", 5.0]], [["a", 5]]) and not same([["a", 5.0]], [["a", 6]]) and not same([["a", "5"]], [["a", 5]])
    assert [_number("x.change", -1234), _number("x.count", 7), _number("x.change_percent", 18.0)] == ["−1,234", "7", "+18.0%"]


@on_one_database
async def test_each_chart_of_the_workbook_is_drawn_from_the_cells_of_its_own_sheet(memory: Memory) -> None:
    """A number that an officer changes there moves its bar: every series names cells, and these hold what the table says."""
    made = prepared(await whole(memory, is_published=False), "en")
    content = FORMATS["xlsx"].write(made.report)
    sheets, names = from_workbook(content), workbook.sheet_names(made)
    with zipfile.ZipFile(BytesIO(content)) as packed:
        charts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    series = {found for chart in charts for found in re.findall(r"<c:val><c:numRef><c:f>([^<]+)</c:f>", chart)}

    expected = set()
    for table in made.tables:
        for column in drawn(table):
            place, last = workbook._places(table)[column], HEADS + len(charted(table))
            cells = [row[place] for row in sheets[words(table.title)][1 : len(charted(table)) + 1]]
            values = [row.cells[column].value for row in charted(table)]
            # Allowed below: what is drawn are numbers, or nothing
            told = [made.words["no_value"] if value is None else float(value) for value in values]  # type: ignore[arg-type]
            assert cells == told, table.name
            letter = chr(ord("A") + place)
            end = f":${letter}${last + 1}" if last > HEADS + 1 else ""
            expected.add(f"{_quoted(names[table.name])}!${letter}${HEADS + 2}{end}")
    assert len(expected) > 20
    assert {html.unescape(one) for one in series} == expected


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else f"'{name}'"
