"""Every figure can list the references behind it, for staff who may see them."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedures.people import WallKind
from reports.disclosure.relations import counts_of
from reports.figures.periods import Period
from reports.making import counted_now
from reports.measuring import measures_of
from reports.reckoning import Wanted
from reports.references import ALL, NoSuchFigure, references_behind
from storage.daily_tallies import count_daily_work
from storage.tables import WallRow
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import DATA, NOW, OFFICE, TODAY, bring_in, complaint, write

YEARS = {"dudley": 2024, "wolverhampton": 2021, "walsall": 2011}


@pytest.fixture
async def memory(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    opened = open_memory(sqlite_url(tmp_path / "heard.db"))
    yield opened
    await opened.close()


def wanted(year: int, directorate: str | None = None) -> Wanted:
    return Wanted(Period(date(year, 4, 1), date(year + 1, 3, 31)), TODAY, directorate)


async def behind(memory: Memory, year: int, asked: str) -> dict[str, list[str]]:
    found = await references_behind(memory, wanted(year), OFFICE.calendar, asked)
    return {one.figure: list(one.references) for one in found}


@pytest.mark.parametrize("council", YEARS)
@pytest.mark.parametrize("directorate", [None, "children"])
async def test_each_figure_has_as_many_references_as_it_counts(memory: Memory, council: str, directorate: str | None) -> None:
    await bring_in(memory, DATA / council)
    which = wanted(YEARS[council], directorate)

    found = {one.figure: len(one.references) for one in await references_behind(memory, which, OFFICE.calendar, ALL)}

    figures = await counted_now(memory, which, OFFICE.calendar)
    shares = {path: pair[0] for path, pair in figures["parts"].items()}
    expected = counts_of(figures) | shares
    assert len(expected) > 40
    assert {path: found[path] for path in expected} == expected


async def test_a_measure_lists_its_figures_each_with_its_cases(memory: Memory, tmp_path: Path) -> None:
    rows = [
        complaint("A", "2024-05-01", stage_1_responded_on="2024-05-08", stage_1_outcome="upheld", team="North"),
        complaint("B", "2024-06-03", stage_1_responded_on="2024-08-01", stage_1_outcome="not_upheld", team="South"),
        complaint("A much longer reference than ours are", "2023-06-01", team="North"),
    ]
    await bring_in(memory, write(tmp_path / "register", cases=rows))

    assert await behind(memory, 2024, "M8") == {
        "complaints.outcomes.statutory.not_upheld": ["B"],
        "complaints.previous_outcomes.statutory.not_upheld": [],
        "complaints.outcomes.statutory.upheld": ["A"],
        "complaints.previous_outcomes.statutory.upheld": [],
    }
    assert await behind(memory, 2024, "m4") == {
        "complaints.received.count": ["A", "B"],
        "complaints.received.previous": ["A much longer reference than ours are"],
        "complaints.formal.count": ["A", "B"],
        "complaints.formal.previous": ["A much longer reference than ours are"],
        "complaints.informal.count": [],
        "complaints.informal.previous": [],
    }
    assert (await behind(memory, 2024, "M10"))["complaints.timeliness.statutory.1.within_10_percent"] == ["A"]
    assert await behind(memory, 2024, "complaints.by_team.North.count") == {"complaints.by_team.North.count": ["A"]}


async def test_what_is_kept_from_who_asks_is_not_listed(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "register", cases=[complaint("A", "2024-05-01"), complaint("B", "2024-05-02")]))
    async with memory.unit_of_work() as uow:
        whom = {"case_reference": "A", "address": "nia@council.example"}
        uow.add(
            WallRow.model_validate({"key": "k", "kind": WallKind.STAFF, "made_at": NOW, "made_by": "ola@council.example"} | whom)
        )

    shown = {who: await behind(replace(memory, person=who), 2024, "complaints.received.count") for who in _READERS}

    assert {who: found["complaints.received.count"] for who, found in shown.items()} == _READERS


_READERS = {"nia@council.example": ["B"], "ola@council.example": ["A", "B"], "": ["B"]}


@pytest.mark.parametrize("asked", ["M35", "complaints.received.change", "nonsense", "notes", "complaints", "period.from"])
async def test_what_is_no_figure_is_refused(memory: Memory, asked: str) -> None:
    with pytest.raises(NoSuchFigure, match="Name a measure"):
        await behind(memory, 2024, asked)


@pytest.mark.prove
async def test_each_of_the_34_measures_can_be_asked_for_and_lists_what_its_values_count(memory: Memory, tmp_path: Path) -> None:
    """A value that is a count, and stands in the figures, has as many references as it says."""
    kind = {"kind": "compliment", "procedure": "", "stage_1_started_on": ""}
    rows = [
        complaint("A", "2021-05-04", stage_1_responded_on="2021-05-08", stage_1_outcome="upheld", team="North", channel="email"),
        complaint(
            "B", "2021-06-03", stage_1_responded_on="2021-08-01", stage_1_outcome="not_upheld", stage_2_requested_on="2021-08-03"
        ),
        complaint("C", "2020-06-01", withdrawn_on="2020-06-02"),
        complaint("D", "2021-06-01", **kind),
    ]
    issues = [{"reference": one, "number": 1, "theme": "delay", "outcome": "upheld"} for one in "AB"]
    learning = [{"reference": "A", "action": "Ring back", "done_on": "2021-09-01"}]
    await bring_in(memory, write(tmp_path / "register", cases=rows, issues=issues, learning=learning))
    figures = await counted_now(memory, wanted(2021), OFFICE.calendar)
    async with memory.reading() as uow:
        daily = await count_daily_work(uow, wanted(2021).period.days, TODAY)
    counted = counts_of(figures)

    for measure in measures_of(figures, daily, is_published=False):
        found = await behind(memory, 2021, measure.id)
        cells = [cell for line in measure.lines for cell in (line.now, line.before) if cell is not None]
        shown = {cell.path for cell in cells if cell.path in counted}
        assert {path: len(found[path]) for path in shown} == {path: counted[path] for path in shown}, measure.id
        assert found or not measure.lines, measure.id
