"""Each measure stands beside the same period last year: as that year's own report has it, for staff; published it is not told."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from procedures.terms import Event
from reports.composing.composing import Head, compose
from reports.figures.before import BEFORE
from reports.figures.periods import Period, year_of
from reports.making import Printing, as_json, besides_now, counted_now, make, printed
from reports.measuring import IDS, measures_of
from reports.reckoning import Wanted
from reports.references import references_behind
from reports.values import Cell, Line
from storage.tables import EventRow
from storage.unit_of_work import Memory, open_memory
from tests.casework.rooms import a_case
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import DATA, NOW, OFFICE, TODAY, bring_in, complaint, write
from tests.registers.test_strangers import STRANGERS

YEAR, LAST = year_of("2024-25"), year_of("2023-24")
OF_THE_YEAR_BEFORE_THAT = "M4"


@pytest.fixture
async def memory(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    opened = open_memory(sqlite_url(tmp_path / "heard.db"))
    yield opened
    await opened.close()


async def lines(memory: Memory, period: Period) -> dict[tuple[str, str], Line]:
    """Every value of every measure by the measure and its title."""
    figures = await counted_now(memory, Wanted(period, TODAY), OFFICE.calendar)
    besides = await besides_now(memory, Wanted(period, TODAY))
    every = measures_of(figures, besides.daily, besides.daily_before, is_published=False)
    return {(one.id, line.title): line for one in every for line in one.lines}


def told(cell: Cell | None) -> tuple[Any, ...] | None:
    return None if cell is None or cell.value is None else (cell.value, cell.unit, cell.numerator, cell.denominator)


@pytest.mark.parametrize(
    ("folder", "year"),
    [(DATA / "walsall", "2011-12"), *((STRANGERS / one, "2024-25") for one in ("northmoor", "ostrey", "sir_newydd"))],
    ids=["walsall", "northmoor", "ostrey", "sir_newydd"],
)
async def test_each_value_has_beside_it_what_last_years_own_report_has(memory: Memory, folder: Path, year: str) -> None:
    await bring_in(memory, folder)
    period = year_of(year)

    now, then = await lines(memory, period), await lines(memory, period.year_before)

    compared = {path: line for path, line in now.items() if path[0] != OF_THE_YEAR_BEFORE_THAT}
    assert len({measure for measure, _ in compared}) > 20
    for path, line in compared.items():
        own = told(then[path].now) if path in then else None
        if own is None or own[0] == 0:  # a word that did not occur last year is not in its report
            assert told(line.before) in (None, own, (0, line.now.unit, None, None)), path
        else:
            assert told(line.before) == own, path
    assert {path for path, line in then.items() if path in compared and told(line.now)} <= {
        path for path, line in compared.items() if told(line.before)
    }


async def test_times_issues_and_learning_of_last_year_are_counted_with_their_cases(memory: Memory, tmp_path: Path) -> None:
    """Last year two were answered, on the 6th and on the 27th working day; one of two issues was upheld; one action is done."""
    rows = [
        complaint("SOON", "2023-05-02", stage_1_responded_on="2023-05-11", stage_1_outcome="upheld"),
        complaint("LATE", "2023-05-02", stage_1_responded_on="2023-06-12", stage_1_outcome="not_upheld"),
        complaint("GONE", "2023-05-02", withdrawn_on="2023-05-03"),
        complaint("NOW", "2024-05-07", stage_1_responded_on="2024-05-14", stage_1_outcome="upheld"),
    ]
    issues = [{"reference": one, "number": 1, "theme": "delay", "outcome": what} for one, what in _FOUND.items()]
    learning = [{"reference": "SOON", "action": "Ring back", "done_on": "2023-09-01"}]
    await bring_in(memory, write(tmp_path / "register", cases=rows, issues=issues, learning=learning))

    found = await lines(memory, YEAR)
    behind = {
        one.figure: one.references
        for measure in ("M10", "M13", "M9", "M27", "M31")
        for one in await references_behind(memory, Wanted(YEAR, TODAY), OFFICE.calendar, measure)
    }

    ours = "Children Act (statutory)"
    within, mean = found["M10", f"{ours}: within 10 working days"], found["M13", f"{ours}: mean"]
    assert [told(cell)[2:] for cell in (within.now, within.before)] == [(1, 1), (1, 2)]  # type: ignore[index]  # both are told
    assert [told(cell)[2:] for cell in (mean.now, mean.before)] == [(5, 1), (33, 2)]  # type: ignore[index]  # both are told
    counts = {
        path: (found[path].now.value, found[path].before.value)  # type: ignore[union-attr]  # each has one
        for path in (("M9", "Delay: upheld"), ("M24", "Delay"), ("M27", "Done"), ("M31", ours))
    }
    assert list(counts.values()) == [(0, 1), (0, 2), (0, 1), (0, 1)]
    time = "complaints.timeliness.statutory.1.within_10_percent"
    assert (behind[time], behind[f"{BEFORE}.{time}"]) == (("NOW",), ("SOON",))
    assert behind[f"{BEFORE}.measured.statutory.1.mean_working_days"] == ("LATE", "SOON")
    assert behind[f"{BEFORE}.complaints.issues.by_theme.delay.upheld"] == ("SOON",)
    assert (behind[f"{BEFORE}.learning.done"], behind[f"{BEFORE}.complaints.withdrawn.statutory"]) == (("SOON",), ("GONE",))


_FOUND = {"SOON": "upheld", "LATE": "not_upheld"}


async def test_the_daily_work_of_last_year_stands_beside_this_years_and_is_kept_with_it(memory: Memory) -> None:
    reference = await a_case(memory)
    moment = datetime(2025, 3, 20, 12, tzinfo=UTC)
    async with memory.unit_of_work() as uow:
        for name, on in ((Event.ADVOCACY_OFFERED, date(2024, 3, 4)), (Event.ADVOCATE_REQUESTED, date(2025, 3, 4))):
            uow.add(
                EventRow(case_reference=reference, name=name, happened_on=on, recorded_at=moment, recorded_by="ola@c.example")
            )
    found = await lines(memory, YEAR)
    behind = await references_behind(memory, Wanted(YEAR, TODAY), OFFICE.calendar, "M22")

    told_now = {title: (told(line.now), told(line.before)) for (measure, title), line in found.items() if measure == "M22"}
    assert [(now[0], before[0]) for now, before in (told_now["Offered"], told_now["Asked for"])] == [(0, 1), (1, 0)]  # type: ignore[index]  # all are told
    assert (reference,) in {one.references for one in behind if one.figure == f"{BEFORE}.daily.advocacy_offered"}

    kept = Printing(OFFICE, NOW, "html", is_kept=True)
    first = await make(memory, Wanted(YEAR, TODAY), kept)
    again = await printed(memory, Wanted(YEAR, TODAY), kept)
    assert again.besides is not None
    assert (again.besides.daily_before["advocacy_offered"], again.figures[BEFORE]["learning"]["done"]) == (1, 0)
    assert await make(memory, Wanted(YEAR, TODAY), kept) == first


async def test_a_published_report_tells_none_of_it_and_says_why(memory: Memory) -> None:
    await bring_in(memory, STRANGERS / "sir_newydd")
    for_staff, for_all = [
        await counted_now(memory, Wanted(YEAR, TODAY, None, is_published), OFFICE.calendar) for is_published in (False, True)
    ]

    assert BEFORE not in for_all
    assert not any(path.startswith(f"{BEFORE}.") for path in (*for_all["parts"], *for_all["means"]))
    assert set(json.loads(as_json(for_staff))[BEFORE]) == {"complaints", "compliments", "ombudsman", "learning"}
    assert [note for note in for_all["notes"] if "that period's own" in note]
    assert not [note for note in for_staff["notes"] if "that period's own" in note]
    shown = {one.id: one.lines for one in measures_of(for_all, {}, is_published=True)}
    assert all(line.before is None for measure in ("M9", "M10", "M13", "M14", "M17", "M24", "M27") for line in shown[measure])
    assert tuple(shown) == IDS


async def test_a_report_that_an_earlier_version_kept_is_printed_without(memory: Memory) -> None:
    await bring_in(memory, STRANGERS / "sir_newydd")
    figures = await counted_now(memory, Wanted(YEAR, TODAY), OFFICE.calendar)
    old = {name: value for name, value in figures.items() if name != BEFORE}

    widths = [
        {table.name: len(table.columns) for table in compose(data, Head("Anytown Council", "heard", "england")).tables}
        for data in (figures, old)
    ]

    both = {"learning", "withdrawn", "themes", "medians", "voices", "timeliness_statutory_1"}
    assert [{name: found[name] for name in sorted(both)} for found in widths] == [
        {"learning": 2, "medians": 6, "themes": 2, "timeliness_statutory_1": 2, "voices": 2, "withdrawn": 2},
        {"learning": 1, "medians": 3, "themes": 1, "timeliness_statutory_1": 1, "voices": 1, "withdrawn": 1},
    ]
    assert all(line.before is None for one in measures_of(old, {}, is_published=False) if one.id == "M10" for line in one.lines)
