"""M1 to M34: each is there, says what it is made of, and shows what the figures show. And the periods that years consist of."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from procedures.register_words import Activity
from reports.figures.activity import known
from reports.figures.periods import Period, quarter_of, year_of
from reports.figures.rounding import median, percent
from reports.making import counted_now
from reports.measuring import IDS, measures_of
from reports.reckoning import Wanted
from storage.daily_tallies import count_daily_work
from storage.tables import ActivityRow
from storage.unit_of_work import Memory, open_memory
from tests.casework.rooms import a_case
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import DATA, OFFICE, TODAY, bring_in, complaint, report, write

YEAR = year_of("2024-25")


async def test_every_measure_has_its_definition_and_its_values(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    await bring_in(memory, DATA / "dudley")
    data = await counted_now(memory, Wanted(YEAR, TODAY), OFFICE.calendar)
    async with memory.reading() as uow:
        daily = await count_daily_work(uow, YEAR.days, TODAY)
    await memory.close()

    found = {one.id: one for one in measures_of(data, daily, is_published=False)}

    assert tuple(found) == IDS
    assert len(found) == 34
    assert all(one.title and one.definition and one.numerator and (one.lines or one.why_empty) for one in found.values())
    assert [line.now.value for line in found["M2"].lines] == [252, 49]
    statutory = found["M10"].lines[-1].now
    assert (statutory.value, statutory.numerator, statutory.denominator) == (Decimal("49.0"), 24, 49)
    published = {one.id: one for one in measures_of(data, daily, is_published=True)}
    assert published["M28"].lines == ()
    assert published["M28"].why_empty


async def test_the_daily_work_is_counted_on_both_databases(memory: Memory) -> None:
    await a_case(memory)
    async with memory.reading() as uow:
        found = await count_daily_work(uow, (date(2025, 3, 1), date(2025, 3, 31)), date(2025, 4, 30))

    assert (found["acknowledged_in_time"], found["acknowledgements_due"], found["plans"], found["pence"]) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2024, 2, 1), date(2024, 2, 29)), Period(date(2023, 2, 1), date(2023, 2, 28))),
        (Period(date(2025, 2, 1), date(2025, 2, 28)), Period(date(2024, 2, 1), date(2024, 2, 28))),
        (Period(date(2024, 2, 29), date(2024, 2, 29)), Period(date(2023, 2, 28), date(2023, 2, 28))),
        (YEAR, Period(date(2023, 4, 1), date(2024, 3, 31))),
    ],
)
def test_a_period_is_compared_with_the_same_dates_a_year_earlier(period: Period, before: Period) -> None:
    assert period.year_before == before


def test_years_and_quarters_run_from_april() -> None:
    assert year_of("1999-00").days == (date(1999, 4, 1), date(2000, 3, 31))
    assert quarter_of("2021-22Q2").days == (date(2021, 7, 1), date(2021, 9, 30))
    assert quarter_of("2023-24Q4").days == (date(2024, 1, 1), date(2024, 3, 31))


@pytest.mark.parametrize("words", ["2024-26", "2024", "2024-25Q5", "24-25", "2024-25Q2 "])
def test_what_is_no_year_or_quarter_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        quarter_of(words) if "Q" in words else year_of(words)


@pytest.mark.parametrize(
    ("part", "of", "told"), [(1, 16, 6.3), (-3, 16, -18.8), (1, 3, 33.3), (0, 5, 0.0), (1, 0, None), (1, None, None)]
)
def test_shares_are_rounded_half_away_from_zero(part: int, of: int | None, told: float | None) -> None:
    """1 of 16 is 6.25, -3 of 16 is -18.75."""
    assert percent(part, of) == told


def test_the_median_of_two_is_between_them() -> None:
    assert (median({9: 1, 10: 1}), median({9: 2, 12: 1}), median({})) == (9.5, 9, None)


def did(begins: date, ends: date, count: int, directorate: str = "") -> ActivityRow:
    return ActivityRow(measure=Activity.CONTACTS, from_on=begins, until_on=ends, count=count, directorate=directorate)


@pytest.mark.parametrize(
    ("rows", "count", "why"),
    [
        ([did(*YEAR.days, 100)], 100, ""),
        ([did(date(2024, 4, 1), date(2024, 9, 30), 40), did(date(2024, 10, 1), date(2025, 3, 31), 60)], 100, ""),
        ([did(date(2024, 4, 1), date(2024, 9, 29), 40), did(date(2024, 10, 1), date(2025, 3, 31), 60)], None, "partial"),
        ([did(date(2024, 3, 1), date(2025, 3, 31), 100)], None, "partial"),
        ([did(*YEAR.days, 100), did(*YEAR.days, 11, "children")], 111, ""),
        ([did(*YEAR.days, 100), did(date(2020, 4, 1), date(2021, 3, 31), 11, "children")], None, "partial"),
        ([], None, "missing"),
    ],
    ids=["whole", "tiled", "a day is missing", "reaches out", "two directorates", "one of another year", "none"],
)
def test_a_denominator_adds_up_only_where_it_is_known_of_every_day(rows: list[ActivityRow], count: int | None, why: str) -> None:
    found = known(rows, Activity.CONTACTS, YEAR)

    assert (found.count, found.why_not) == (count, why)


async def test_an_empty_memory_has_a_report_of_nothing(memory: Memory) -> None:
    found = await report(memory, "2024-04-01", "2025-03-31")

    assert found["complaints"]["received"] == {"count": 0, "previous": 0, "change": 0, "change_percent": None}
    assert found["complaints"]["informal_percent"] is None
    assert list(found["complaints"]["by_month"]) == [f"2024-{m:02}" for m in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]


async def test_a_directorate_with_nothing_is_shown_as_nothing(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path, cases=[complaint("A", "2025-03-31", directorate="children")]))

    found = await report(memory, "2024-04-01", "2025-03-31", directorate="housing")

    assert found["directorate"] == "housing"
    assert found["complaints"]["received"]["count"] == 0
    assert list(found["complaints"]["by_directorate"]) == ["housing"]
