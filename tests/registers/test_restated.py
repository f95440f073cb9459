"""Two published prints of the same days: whoever has both reads no single record out of what lies between them."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reports.figures.periods import Period, quarter_of, year_of
from reports.making import Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.attacker import Attacker
from tests.registers.shelf import NOW, OFFICE, bring_in, complaint, write
from tests.registers.test_disclosure import C, random_register

YEAR = year_of("2024-25")
FIRST, LATER = date(2025, 6, 1), date(2026, 11, 21)
Register = dict[str, list[dict[str, Any]]]


async def told(memory: Memory, as_at: date, why: str = "", period: Period = YEAR, *, is_published: bool = True) -> dict[str, Any]:
    wanted = Wanted(period, as_at, None, is_published)
    is_kept = is_published and not why
    return (await printed(memory, wanted, Printing(OFFICE, NOW, "html", is_kept=is_kept, restated=why))).figures


@pytest.fixture
async def memory(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    opened = open_memory(sqlite_url(tmp_path / "heard.db"))
    yield opened
    await opened.close()


def some(count: int, name: str = "R", **more: Any) -> list[dict[str, Any]]:
    answered = {"stage_1_responded_on": "2024-05-14", "stage_1_outcome": "not_upheld", "service": "Duty", "channel": "email"}
    return [complaint(f"{name}{number}", "2024-05-07", **answered | more) for number in range(count)]


async def test_of_one_late_row_a_restatement_shows_no_figure_that_it_moved(memory: Memory, tmp_path: Path) -> None:
    """The difference was the record of one child: service, channel, month, finding, time."""
    await bring_in(memory, write(tmp_path / "first", cases=some(30)))
    first = await told(memory, FIRST)
    late = some(1, "L", channel="letter", service="Court", stage_1_outcome="upheld", stage_1_responded_on="2024-07-01")
    await bring_in(memory, write(tmp_path / "later", cases=[*some(30), *late]))

    found = await told(memory, LATER, "One letter lay in a drawer.")

    attacker = Attacker()
    attacker.has("first", first)
    attacker.has("later", found)
    attacker.subtracts("later", "first")
    assert attacker.narrowed() == {}
    assert first[C]["received"]["count"] == 30
    assert found[C]["received"]["count"] is None
    assert any(note.startswith("Stated anew on") and "in a drawer" in note for note in found["notes"])


async def test_what_moved_by_many_is_shown_beside_what_it_was(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=some(30)))
    await told(memory, FIRST)
    await bring_in(memory, write(tmp_path / "later", cases=some(37)))

    found = await told(memory, LATER, "A box of letters.")

    assert found[C]["received"]["count"] == 37
    assert any("complaints, received was printed as 30" in note for note in found["notes"])


async def test_the_attacker_finds_the_row_where_both_prints_are_whole(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=some(30)))
    attacker = Attacker()
    attacker.has("first", await told(memory, FIRST, is_published=False))
    await bring_in(memory, write(tmp_path / "later", cases=[*some(30), *some(1, "L", stage_1_responded_on="")]))
    attacker.has("later", await told(memory, LATER, is_published=False))

    attacker.subtracts("later", "first")

    assert attacker.left["later less first complaints.received.count"] == (1, 1)
    assert any("but" in path and "answered" in path for path in attacker.left)
    assert any("share" in path for path in attacker.left)


async def test_next_years_column_shows_no_row_that_came_late_either(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=some(30)))
    first = await told(memory, FIRST)
    now = [
        row | {"received_on": "2025-05-07", "stage_1_started_on": "2025-05-07"} for row in some(40, "N", stage_1_responded_on="")
    ]
    now = [row | {"stage_1_outcome": ""} for row in now]
    await bring_in(memory, write(tmp_path / "later", cases=[*some(30), *some(2, "L"), *now]))

    found = await told(memory, LATER, period=year_of("2025-26"))

    assert first[C]["received"]["count"] == 30
    assert (found[C]["received"]["count"], found[C]["received"]["previous"]) == (40, None)
    assert not any("was printed as" in note for note in found["notes"])


async def test_a_year_less_its_printed_quarters_is_no_row_that_came_late(memory: Memory, tmp_path: Path) -> None:
    rows = [row for month in ("05", "08", "11") for row in _in(month, some(12, f"Q{month}"))]
    rows += [row | {"received_on": "2025-02-07", "stage_1_started_on": "2025-02-07"} for row in _in("08", some(12, "Q02"))]
    await bring_in(
        memory, write(tmp_path / "first", cases=[row | {"stage_1_responded_on": "", "stage_1_outcome": ""} for row in rows])
    )
    quarters = [await told(memory, FIRST, period=quarter_of(f"2024-25Q{number}")) for number in range(1, 5)]
    late = [row | {"stage_1_responded_on": "", "stage_1_outcome": ""} for row in _in("05", some(1, "L"))]
    await bring_in(memory, write(tmp_path / "later", cases=late))

    found = await told(memory, LATER)

    assert [one[C]["received"]["count"] for one in quarters] == [12, 12, 12, 12]
    assert found[C]["received"]["count"] is None


async def test_a_quarter_stated_anew_after_its_year_is_not_what_that_leaves_beside_the_others(
    memory: Memory, tmp_path: Path
) -> None:
    """Six rows came late in spring and one in summer: the year's seven less the spring's six was the summer's one."""
    rows = [row for month in ("05", "08", "11") for row in _open(_in(month, some(12, f"Q{month}")))]
    rows += [row | {"received_on": "2025-02-07", "stage_1_started_on": "2025-02-07"} for row in _open(some(12, "Q02"))]
    await bring_in(memory, write(tmp_path / "first", cases=rows))
    quarters = [quarter_of(f"2024-25Q{number}") for number in range(1, 5)]
    first = [await told(memory, FIRST, period=period) for period in (*quarters, YEAR)]
    late = [*_open(_in("05", some(6, "L"))), *_open(_in("08", some(1, "M")))]
    await bring_in(memory, write(tmp_path / "later", cases=late))

    year = await told(memory, LATER, "A box of letters.")
    spring = await told(memory, LATER, "A box of letters.", quarters[0])

    received = [one[C]["received"]["count"] for one in first]
    assert received == [12, 12, 12, 12, 48]
    assert year[C]["received"]["count"] == 55
    assert spring[C]["received"]["count"] is None, "55 less 18 and the others' 36 is the one of summer"


def _open(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"stage_1_responded_on": "", "stage_1_outcome": ""} for row in rows]


def _in(month: str, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row | {"received_on": f"2024-{month}-07", "stage_1_started_on": f"2024-{month}-07"}


def changed(register: Register, seed: int) -> Register:
    """The same register a year later: a few rows more, and a few that say otherwise."""
    chance, cases = Random(seed), [dict(row) for row in register["cases"]]
    for row in chance.sample(cases, min(3, len(cases))):
        row["service"] = "Another"
    names = [str(row["reference"]) for row in cases]
    more = [
        dict(row) | {"reference": f"Late {n}"}
        for n, row in enumerate(chance.sample(cases, min(chance.randint(1, 4), len(names))))
    ]
    return register | {"cases": [*cases, *more]}


async def attacked(template: Path, register: Register, seed: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        assert (await bring_in(memory, write(Path(folder, "first"), **register))).mistakes == []
        attacker = Attacker()
        attacker.has("first", await told(memory, FIRST))
        assert (await bring_in(memory, write(Path(folder, "later"), **changed(register, seed)))).mistakes == []
        attacker.has("later", await told(memory, LATER, "More is known."))
        await memory.close()
    attacker.subtracts("later", "first")
    return attacker.narrowed()


def test_no_restatement_of_a_random_register_gives_anything_away(migrated_sqlite: Path) -> None:
    assert asyncio.run(attacked(migrated_sqlite, random_register(5, least=60), 5)) == {}


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(300, 312))
def test_nor_do_a_dozen(migrated_sqlite: Path, seed: int) -> None:
    assert asyncio.run(attacked(migrated_sqlite, random_register(seed, least=60), seed)) == {}
