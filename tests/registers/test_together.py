"""A year beside its four quarters, and each beside the year before: whoever has all of them works out no small number."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.disclosure.together import Conflict, may_stand, parts_of, told_by
from reports.figures.periods import Period, quarter_of, year_of
from reports.making import NotPublished
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import bring_in, complaint, report, write
from tests.registers.test_disclosure import NARROW, attacker_knows, bound, known, last_years, random_register

YEAR = year_of("2024-25")
QUARTERS = tuple(quarter_of(f"2024-25Q{number}") for number in range(1, 5))
Reports = dict[str, dict[str, Any]]


async def published(memory: Memory, period: Period, directorate: str | None = None) -> dict[str, Any]:
    begins, ends = (day.isoformat() for day in period.days)
    return await report(memory, begins, ends, is_published=True, is_kept=True, directorate=directorate)


def narrowed(reports: Reports, last: Mapping[str, Any], small: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """The small counts (by report and path) that somebody narrows down who has the year, its quarters and the year before."""
    counts = {f"{name} {path}": value for name, one in reports.items() for path, value in known(one).items()}
    for path, value in last_years(last).items():
        if counts.get(f"year {path}", 0) is None:
            counts[f"year {path}"] = value
    hidden = [path for path, value in counts.items() if value is None]
    column = {path: place for place, path in enumerate(hidden)}
    exact, most = list[Any](), list[Any]()
    for totals, parts, is_whole in equations(reports):
        row, number = np.zeros(len(hidden)), 0.0
        for paths, sign in ((parts, 1), (totals, -1)):
            for path in paths:
                if path in column:
                    row[column[path]] += sign
                else:
                    number -= sign * (counts.get(path) or 0)
        if row.any():
            (exact if is_whole else most).append((row, number))
    found = {}
    for path in small:
        if path not in column:
            found[path] = (0.0, 0.0)
            continue
        low, high = (bound(column[path], sign, len(hidden), exact, most) for sign in (1, -1))
        if high - low < NARROW - 1e-6:
            found[path] = (low, high)
    return found


def equations(reports: Reports) -> Iterator[tuple[list[str], list[str], bool]]:
    """Of each report its sums; and each figure of the year is the sum of the quarters'."""
    for name, one in reports.items():
        for totals, parts, is_whole in attacker_knows(one):
            yield [f"{name} {path}" for path in totals], [f"{name} {path}" for path in parts], is_whole
    for path in known(reports["year"]):
        of_quarters = [f"{name} {path}" for name, one in reports.items() if name != "year" and path in known(one)]
        yield [f"year {path}"], of_quarters, True


def a_small_quarter() -> dict[str, list[dict[str, Any]]]:
    """Two cases of the court's in spring, six in each other quarter, many of the duty team's."""
    days = ("2024-05-02", "2024-08-02", "2024-11-01", "2025-02-03")
    rows = [complaint(f"D{day}{n}", day, service="Duty") for day in days for n in range(20)]
    return {
        "cases": rows + [complaint(f"C{day}{n}", day, service="Court") for day in days for n in range(6 if day > days[0] else 2)]
    }


async def attack(template: Path, register: dict[str, list[dict[str, Any]]]) -> tuple[int, dict[str, tuple[float, float]]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        await bring_in(memory, write(Path(folder, "register"), **register))
        reports = {f"q{number}": await published(memory, quarter) for number, quarter in enumerate(QUARTERS, start=1)}
        last = await published(memory, YEAR.year_before)
        reports["year"] = await published(memory, YEAR)
        plain = {name: await report(memory, *of(name)) for name in reports}
        await memory.close()
    small = {f"{name} {path}": n for name, one in plain.items() for path, n in known(one).items() if n and n < NARROW}
    shown = sum(value is not None for value in known(reports["year"]).values())
    chosen = dict(sorted(small.items(), key=lambda one: hash_of(one[0]))[:25])
    return shown, narrowed(reports, last, chosen)


def of(name: str) -> tuple[str, str]:
    period = YEAR if name == "year" else QUARTERS[int(name[1]) - 1]
    return period.begins.isoformat(), period.ends.isoformat()


def hash_of(path: str) -> int:
    """An order that is the same each time, and mixes reports and figures."""
    return sum(ord(sign) * (31 * place + 1) for place, sign in enumerate(path)) % 997


def test_a_year_beside_its_quarters_gives_no_small_number_away(migrated_sqlite: Path) -> None:
    shown, found = asyncio.run(attack(migrated_sqlite, random_register(1, least=300)))

    assert found == {}
    assert shown > 20


def test_a_small_number_of_one_quarter_is_not_the_year_less_the_others(migrated_sqlite: Path) -> None:
    shown, found = asyncio.run(attack(migrated_sqlite, a_small_quarter()))

    assert found == {}
    assert shown > 20


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 8))
def test_nor_do_other_years(migrated_sqlite: Path, seed: int) -> None:
    assert asyncio.run(attack(migrated_sqlite, random_register(seed, least=300)))[1] == {}


@pytest.fixture
async def memory_of_a_year(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    await bring_in(memory, write(tmp_path / "register", **random_register(3)))
    yield memory
    await memory.close()


async def test_a_quarter_is_not_published_once_its_year_is(memory_of_a_year: Memory) -> None:
    await published(memory_of_a_year, YEAR)

    with pytest.raises(NotPublished, match="Publish the quarters before their year"):
        await published(memory_of_a_year, QUARTERS[1])


async def test_a_directorate_does_not_tell_the_year_before_beside_the_wholes_report_of_it(memory_of_a_year: Memory) -> None:
    await published(memory_of_a_year, YEAR.year_before)

    found = await published(memory_of_a_year, YEAR, directorate="children")

    assert found["complaints"]["received"]["count"]
    assert not [path for path, value in known(found).items() if ".previous" in path and value is not None]
    assert (await published(memory_of_a_year, YEAR.year_before))["complaints"]["received"]["count"]


async def test_the_whole_is_not_published_of_a_year_that_a_directorates_report_told_beside_its_own(
    memory_of_a_year: Memory,
) -> None:
    first = await published(memory_of_a_year, YEAR, directorate="children")
    assert first["complaints"]["received"]["previous"]

    with pytest.raises(NotPublished, match=r"the directorate children from 1 April 2024 .* with the year before"):
        await published(memory_of_a_year, YEAR.year_before)


async def test_a_period_across_the_end_of_a_published_one_is_not_published(memory_of_a_year: Memory) -> None:
    await published(memory_of_a_year, QUARTERS[1])

    with pytest.raises(NotPublished, match="1 July 2024 to 30 September 2024"):
        await published(memory_of_a_year, Period(date(2024, 9, 1), date(2024, 10, 31)))


async def test_next_years_quarter_keeps_to_itself_what_the_published_year_would_give_away(memory_of_a_year: Memory) -> None:
    await published(memory_of_a_year, YEAR)

    found = await published(memory_of_a_year, quarter_of("2025-26Q1"))

    assert {found["complaints"]["received"][name] for name in ("previous", "change", "change_percent")} == {None}
    assert not [path for path, value in known(found).items() if path.endswith(".previous") and value is not None]
    assert found["complaints"]["escalation"]["previous_stage_1_to_2_percent"] is None


async def test_it_is_compared_where_that_quarter_was_published_itself(memory_of_a_year: Memory) -> None:
    first = await published(memory_of_a_year, QUARTERS[0])
    await published(memory_of_a_year, YEAR)

    found = await published(memory_of_a_year, quarter_of("2025-26Q1"))

    assert found["complaints"]["received"]["previous"] == first["complaints"]["received"]["count"] is not None


def test_parts_are_the_longest_published_periods_and_the_gaps_between() -> None:
    month = Period(date(2024, 7, 1), date(2024, 7, 31))
    told = told_by([(QUARTERS[1], frozenset({"a"})), (month, frozenset({"b"})), (QUARTERS[3], frozenset({"c"}))])

    found = [(period, told.hidden) for period, told in parts_of(YEAR, told)]

    assert found == [
        (QUARTERS[1], {"a"}), (QUARTERS[3], {"c"}), (QUARTERS[0], None), (QUARTERS[2], None),
    ]  # fmt: skip
    assert parts_of(QUARTERS[0], told) == []
    with pytest.raises(Conflict):
        parts_of(month, {QUARTERS[1]: told[QUARTERS[1]]})


def test_what_was_only_told_as_the_period_before_is_known_too() -> None:
    told = told_by([(QUARTERS[1], frozenset({"complaints.received.previous", "complaints.previous_outcomes.statutory.upheld"}))])
    before = QUARTERS[1].year_before

    assert told[before].hidden is None
    assert told[before].as_before == {"complaints.received.count", "complaints.outcomes.statutory.upheld"}
    assert may_stand(before, told)
    assert not may_stand(Period(before.begins, before.begins), told)
