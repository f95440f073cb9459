"""The registers of the five councils as whole reports in every format, read back and compared, figure by figure."""

import shutil
from pathlib import Path

import pytest

from reports.composing.composing import Beside, Head, compose
from reports.formats import FORMATS
from reports.formats.prepared import prepared
from reports.making import Printing, printed
from reports.measuring import measures_of
from reports.reckoning import Wanted
from reports.values import Report
from storage.daily_tallies import count_daily_work
from storage.unit_of_work import Memory, open_memory
from tests.ledger.reading_back import as_shown, as_values, from_page, from_pdf, from_word, from_workbook, from_zip
from tests.ledger.test_every_figure import _of_files, _picked, _plainly, not_in, same, words
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import COUNCILS, DATA, NOW, OFFICE, TODAY, bring_in
from tests.registers.test_attacked import year_of_council

LONG = [council if council == "dudley" else pytest.param(council, marks=pytest.mark.prove) for council in COUNCILS]


async def whole(memory: Memory, council: str, *, is_published: bool) -> Report:
    period = year_of_council(council)
    figures = (await printed(memory, Wanted(period, TODAY, None, is_published), Printing(OFFICE, NOW, "html"))).figures
    async with memory.reading() as uow:
        daily = await count_daily_work(uow, period.days, TODAY)
    measures = measures_of(figures, daily, is_published=is_published)
    return compose(figures, Head(council, "heard", "england", is_published), Beside(measures))


@pytest.mark.parametrize("is_published", [False, True], ids=["for staff", "published"])
@pytest.mark.parametrize("council", LONG)
async def test_each_format_of_a_councils_report_holds_each_figure(
    council: str, is_published: bool, migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    assert (await bring_in(memory, DATA / council)).mistakes == []
    report = await whole(memory, council, is_published=is_published)
    await memory.close()
    made = prepared(report, "en")
    page, word = from_page(FORMATS["html"].write(report)), from_word(FORMATS["docx"].write(report))
    sheets, files = from_workbook(FORMATS["xlsx"].write(report)), from_zip(FORMATS["csv"].write(report))

    tables = [one for one in made.tables if one.rows]
    assert len(tables) > 10
    for table in tables:
        shown = as_shown(table, made)
        assert same(page.tables[words(table.title)], shown), table.name
        assert same(word[words(table.title)], shown), table.name
        assert same(_picked(sheets[words(table.title)], table), as_values(table, made)), table.name
        assert _of_files(files[table.name], table) == _plainly(table), table.name
    rows = [row for table in tables for row in as_shown(table, made)[1:]]
    pdf = from_pdf(FORMATS["pdf"].write(report))
    assert not_in(pdf.words, rows) == []
