"""A council's own words hold full stops, and differ in a sign: nothing takes one for another, or prints it as 0."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from reports.composing.composing import Beside, Head, compose
from reports.figures.periods import year_of
from reports.formats import FORMATS
from reports.layouts.arranging import arranged
from reports.layouts.reading import read_layout
from reports.making import Printing, printed
from reports.reckoning import Wanted
from reports.values import Report, Unit
from storage.unit_of_work import open_memory
from tests.ledger.reading_back import from_workbook
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, write

HOME, CLINIC = "St. Mary's Home", "Dr. Ali's clinic"
ALIKE = ("children", "Children's services", "Children’s services", "CHILDREN", "adult care", "adult-care")


@pytest.fixture
async def whole(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    rows = [complaint(f"H{n}", "2024-05-07", service=HOME, directorate="children") for n in range(5)]
    rows += [complaint(f"D{n}", "2024-05-07", service="Duty", directorate="children") for n in range(3)]
    rows += [complaint(f"A{n}.{one}", "2024-06-03", service="Duty", directorate=one) for one in ALIKE for n in range(2)]
    praise = {"kind": "compliment", "procedure": "", "stage_1_started_on": "", "service": CLINIC}
    rows += [complaint(f"C{n}", "2024-07-03", **praise) for n in range(8)]
    promised = [{"reference": f"H{n}", "action": "Call", "due_on": "2024-06-01"} for n in range(4)]
    await bring_in(memory, write(tmp_path / "register", cases=rows, learning=promised))
    figures = (await printed(memory, Wanted(year_of("2024-25"), TODAY), Printing(OFFICE, NOW, "html"))).figures
    yield compose(figures, Head("Ashcombe", "heard", "england", False), Beside(()))
    await memory.close()


@pytest.mark.parametrize("layout", ["quarterly_board", "annual_statutory", "annual_children"])
def test_each_figure_of_a_layout_is_that_of_the_whole_report_under_the_same_name(whole: Report, layout: str) -> None:
    known = {cell.path: cell.value for table in whole.tables for row in table.rows for cell in row.cells if cell.path}

    rows = [row for table in arranged(whole, read_layout(layout)).tables for row in table.rows]

    cells = [cell for row in rows for cell in row.cells if cell.path in known]
    assert len(cells) > 10
    assert [cell.path for cell in cells if cell.value != known[cell.path]] == []
    names = {row.title for row in rows}
    assert {HOME, CLINIC} & names, names
    assert {"St. mary's home", "Dr. ali's clinic"} & names == set()


def test_directorates_that_differ_in_a_sign_have_tables_of_their_own(whole: Report) -> None:
    names = [table.name for table in whole.tables]

    assert len(names) == len(set(names))
    assert len([name for name in names if name.startswith("directorate_adult_care")]) >= 2
    sheets = from_workbook(FORMATS["xlsx"].write(whole))
    titles = {table.title for table in whole.tables if table.name.startswith("directorate_") and table.rows}
    assert len(titles) >= len(ALIKE)
    assert titles <= sheets.keys()


def test_a_sentence_names_the_row_with_the_most_of_the_whole(whole: Report) -> None:
    told = [table for table in whole.tables if table.summary]

    for table in told:
        counts = {row.title: row.cells[0].value for row in table.rows if not row.is_total}
        assert table.columns[0].unit is Unit.COUNT
        most, total = max(int(str(count)) for count in counts.values()), sum(int(str(count)) for count in counts.values())
        [best] = [title for title, count in counts.items() if count == most]
        assert best in table.summary, table.name
        assert f"{most:,} of {total:,}" in table.summary, table.name
    assert "by_service" in {table.name for table in told}
    assert "learning" not in {table.name for table in told}
