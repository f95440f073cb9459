"""Other councils' figures beside our own in every format, and teams month by month."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from reports.comparing import NotComparable, read_comparison
from reports.figures.periods import year_of
from reports.formats import FORMATS
from reports.layouts.reading import read_layout
from reports.making import Printing, make
from reports.reckoning import Wanted
from storage.unit_of_work import Memory, open_memory
from tests.ledger.reading_back import from_page, from_workbook, from_zip
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, report, write

HEAD = "council,figure,value,from,to,source"
DUDLEY = "Dudley,complaints.received.count,301,2024-04-01,2025-03-31,Select Committee 4 September 2025"
LINCOLNSHIRE = "Lincolnshire,complaints.received.count,318,2024-04-01,2025-03-31,Scrutiny Committee 5 September 2025"
IN_TEN = "Dudley,complaints.timeliness.statutory.1.within_10_percent,49,2024-04-01,2025-03-31,the same"
YEAR = ("2024-04-01", "2025-03-31")


def file_of(folder: Path, *lines: str) -> Path:
    path = folder / "others.csv"
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8-sig")
    return path


async def written(memory: Memory, form: str, path: Path, *, is_published: bool = False) -> bytes:
    wanted = Wanted(year_of("2024-25"), TODAY, is_published=is_published)
    return await make(memory, wanted, Printing(OFFICE, NOW, form, comparison=read_comparison(path, TODAY)))


@pytest.fixture
async def council(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Memory]:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    rows = [complaint(f"R{n}", f"2024-{4 + n % 3:02}-03", team=("North", "South", "")[n % 3]) for n in range(12)]
    rows += [complaint(f"T{n}", "2024-05-07", team=f"Team {n}") for n in range(5)]
    await bring_in(memory, write(tmp_path / "register", cases=rows))
    yield memory
    await memory.close()


async def test_other_councils_stand_beside_ours_each_with_its_source(council: Memory, tmp_path: Path) -> None:
    path = file_of(tmp_path, DUDLEY, IN_TEN, LINCOLNSHIRE)

    tables = from_page(await written(council, "html", path)).tables

    assert tables["Everything that came in: Complaints"] == [
        ["Council", "Figure", "Period", "Source"],
        ["Anytown Council", "17", "1 April 2024 to 31 March 2025", "this report"],
        ["Lincolnshire", "318", "1 April 2024 to 31 March 2025", "Scrutiny Committee 5 September 2025"],
        ["Dudley", "301", "1 April 2024 to 31 March 2025", "Select Committee 4 September 2025"],
    ]
    [in_ten] = [name for name in tables if name.startswith("In time at stage 1") and ":" in name.partition(":")[2]]
    assert tables[in_ten][2][:2] == ["Dudley", "49%"]


async def test_every_format_has_them(council: Memory, tmp_path: Path) -> None:
    path = file_of(tmp_path, DUDLEY)

    found = json.loads(await written(council, "json", path))["comparison"]
    files = {name: await written(council, name, path) for name in FORMATS if name != "pdf"}

    assert found == [
        {
            "council": "Dudley", "figure": "complaints.received.count", "value": 301, "from": YEAR[0], "to": YEAR[1],
            "source": "Select Committee 4 September 2025", "own": 17,
        }
    ]  # fmt: skip
    assert b"Dudley" in files["html"]
    assert any("Dudley" in map(str, row) for rows in from_workbook(files["xlsx"]).values() for row in rows)
    assert any("Dudley" in row for rows in from_zip(files["csv"]).values() for row in rows)


async def test_a_layouts_own_table_of_that_name_stays_beside_them(council: Memory, tmp_path: Path) -> None:
    """Two tables of one name are two ends of one link, which no PDF has."""
    row = 'row = [{ title = "All", path = "complaints.received" }]'
    own = f'[[chapter.table]]\nname = "comparison_1"\ntitle = "Ours"\nrow_title = "What"\n{row}\n'
    (tmp_path / "own.toml").write_text(f'about = "x"\n[[chapter]]\ntitle = "One"\n{own}', encoding="utf-8")
    comparison = read_comparison(file_of(tmp_path, DUDLEY), TODAY)
    printing = Printing(OFFICE, NOW, "pdf", layout=read_layout("own", tmp_path), comparison=comparison)

    made = await make(council, Wanted(year_of("2024-25"), TODAY), printing)
    said = " ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)

    assert "Ours" in said and "Dudley" in said


async def test_a_withheld_figure_of_ours_stays_withheld_beside_theirs(council: Memory, tmp_path: Path) -> None:
    path = file_of(tmp_path, "Dudley,complaints.by_team.Team 1.count,7,2024-04-01,2025-03-31,a page")

    page = from_page(await written(council, "html", path, is_published=True))

    [table] = [rows for rows in page.tables.values() if rows[0] == ["Council", "Figure", "Period", "Source"]]
    assert [row[:2] for row in table[1:]] == [["Anytown Council", "withheld"], ["Dudley", "7"]]


WRONG = {
    "Dudley,complaints.received.count,3.5,2024-04-01,2025-03-31,a page": "2 figure a count has no decimals",
    "Dudley,complaints.received.count,-3,2024-04-01,2025-03-31,a page": "2 value a number like 301",
    "Dudley,complaints.received.count,1 234,2024-04-01,2025-03-31,a page": "2 value a number like 301",
    "Dudley,complaints.received,301,2024-04-01,2025-03-31,a page": "2 figure this is more than one figure",
    "Dudley,complaints.received.change,3,2024-04-01,2025-03-31,a page": "2 figure a change is not compared",
    "Dudley,complaints.recieved.count,301,2024-04-01,2025-03-31,a page": "2 figure our report has no such figure",
    "Dudley,notes,301,2024-04-01,2025-03-31,a page": "2 figure this is more than one figure",
    "Dudley,as_at,301,2024-04-01,2025-03-31,a page": "2 figure our report has no such figure",
    "Dudley,complaints.informal_percent,101,2024-04-01,2025-03-31,a page": "2 figure a share is at most 100",
    "Dudley,complaints.received.count,301,2025-04-01,2025-03-31,a page": "2 from this day lies after",
    "Dudley,complaints.received.count,301,2024-04-01,2025-03-31,": "2 source this must be filled",
    "Dudley,complaints.received.count,301,April 2024,2025-03-31,a page": "2 from a date is written YYYY-MM-DD",
    f"{DUDLEY}\n{DUDLEY}": "3 figure this council has this figure already",
}


@pytest.mark.parametrize("line", WRONG)
async def test_a_mistake_is_told_with_its_line_and_column(council: Memory, tmp_path: Path, line: str) -> None:
    with pytest.raises(NotComparable) as problem:
        await written(council, "json", file_of(tmp_path, line))

    [mistake] = problem.value.mistakes
    assert f"{mistake.line} {mistake.column} {mistake.why}".startswith(WRONG[line])


async def test_a_wrong_cell_hides_no_wrong_figure_of_its_row_nor_of_another(council: Memory, tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        ",complaints.recieved.count,3a,2024-04-31,2025-03-31,\n"
        "Otherton,complaints.received,30,2024-04-01,2025-03-31,a page\n"
        "Otherton,complaints.received.count,30,2025-04-01,2025-03-31,a page",
    )

    with pytest.raises(NotComparable) as problem:
        await written(council, "html", path)

    found = [(one.line, one.column) for one in problem.value.mistakes]
    assert sorted(found) == [
        (2, "council"), (2, "figure"), (2, "from"), (2, "source"), (2, "value"), (3, "figure"), (4, "from"),
    ]  # fmt: skip


async def test_all_mistakes_are_told_at_once_and_nothing_is_kept(council: Memory, tmp_path: Path) -> None:
    path = file_of(tmp_path, *(line for line in WRONG if "\n" not in line and WRONG[line].startswith("2 value")), "Dudley,x")
    wanted = Wanted(year_of("2024-25"), TODAY)
    printing: dict[str, Any] = {"comparison": read_comparison(path, TODAY), "is_kept": True}

    with pytest.raises(NotComparable) as problem:
        await make(council, wanted, Printing(OFFICE, NOW, "json", **printing))

    found = [(one.line, one.column) for one in problem.value.mistakes]
    assert found == [(2, "value"), (3, "value"), (3, "figure"), (4, "")], "line 3 is of the same figure as line 2"
    assert "notes" in await report(council, *YEAR)
    assert not any("printed as" in note for note in (await report(council, *YEAR, as_at="2026-01-01"))["notes"])


async def test_teams_are_shown_month_by_month_and_add_up(council: Memory, tmp_path: Path) -> None:
    wanted = Wanted(year_of("2024-25"), date(2026, 1, 1))

    rows = from_page(await make(council, wanted, Printing(OFFICE, NOW, "html"))).tables["Teams, month by month"]
    published = await make(council, Wanted(wanted.period, wanted.as_at, is_published=True), Printing(OFFICE, NOW, "html"))

    assert rows[0] == ["Month", "North", "South", "Not known", "Team 0", "Team 1", "All other teams"]
    assert rows[2][0] == "May 2024"
    assert [sum(int(row[place]) for row in rows[1:-1]) for place in range(1, 7)] == [int(cell) for cell in rows[-1][1:]]
    assert sum(int(cell) for cell in rows[-1][1:]) == 17
    assert "Teams, month by month" not in from_page(published).tables
