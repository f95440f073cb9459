"""An attacker with every published report, its shares, changes, medians and orders: see `attacker`. Nothing small comes out."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from reports.figures.periods import Period, quarter_of, year_of
from reports.making import Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.attacker import Attacker
from tests.registers.shelf import COUNCILS, DATA, NOW, OFFICE, TODAY, bring_in, complaint, write
from tests.registers.test_disclosure import NARROW, C, known, random_register

YEAR = year_of("2024-25")
QUARTERS = {f"q{number}": quarter_of(f"2024-25Q{number}") for number in range(1, 5)}
FIRST_YEARS = {"walsall": 2011, "lincolnshire": 2022, "dudley": 2024, "wolverhampton": 2021}


async def told(memory: Memory, period: Period, *, is_published: bool = True) -> dict[str, Any]:
    """What a report prints, with what its shares were divided from; a published one is kept."""
    wanted = Wanted(period, TODAY, None, is_published)
    return (await printed(memory, wanted, Printing(OFFICE, NOW, "html", is_kept=is_published))).figures


async def two_years(memory: Memory, year: Period) -> Attacker:
    attacker = Attacker()
    attacker.has("last", await told(memory, year.year_before))
    attacker.has("this", await told(memory, year))
    attacker.years_follow("this", "last")
    return attacker


async def attacked(template: Path, register: Any) -> tuple[Attacker, dict[str, tuple[float, float]]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        found = await bring_in(memory, register if isinstance(register, Path) else write(Path(folder, "register"), **register))
        assert found.mistakes == []
        year = YEAR if not isinstance(register, Path) else year_of_council(register.name)
        attacker = await two_years(memory, year)
        await memory.close()
    return attacker, attacker.narrowed()


def year_of_council(name: str) -> Period:
    first = FIRST_YEARS.get(name, 2019)
    return year_of(f"{first}-{(first + 1) % 100:02}")


SHORT = ("dudley", "lincolnshire")
LONG = [pytest.param(council, marks=pytest.mark.prove) for council in COUNCILS if council not in SHORT]


@pytest.mark.parametrize("council", [*SHORT, *LONG])
async def test_two_years_of_a_council_beside_each_other_give_nothing_away(migrated_sqlite: Path, council: str) -> None:
    attacker, found = await attacked(migrated_sqlite, DATA / council)

    assert found == {}
    assert sum(value is None for value in attacker.counts.values()) >= 5


def test_nor_do_two_years_of_a_random_register(migrated_sqlite: Path) -> None:
    assert asyncio.run(attacked(migrated_sqlite, random_register(2, least=40)))[1] == {}


def test_what_is_withheld_all_round_a_withheld_count_does_not_shield_it(migrated_sqlite: Path) -> None:
    """Of delays under two procedures all was withheld; but the third's, taken from those of all, left 13 less 9 for the rest."""
    assert asyncio.run(attacked(migrated_sqlite, random_register(221, least=150)))[1] == {}


@pytest.mark.prove
@pytest.mark.parametrize("least", [5, 150])
def test_nor_do_dozens(migrated_sqlite: Path, least: int) -> None:
    for seed in range(200, 230):
        assert asyncio.run(attacked(migrated_sqlite, random_register(seed, least)))[1] == {}, seed


async def quarters(template: Path, register: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[float, float]]:
    """The small counts that somebody narrows down who has the year, its quarters, and the year before."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        await bring_in(memory, write(Path(folder, "register"), **register))
        attacker, small = Attacker(), set[str]()
        for name, period in {**QUARTERS, "last": YEAR.year_before, "year": YEAR}.items():
            attacker.has(name, await told(memory, period))
            plain = known(await told(memory, period, is_published=False))
            small |= {f"{name} {path}" for path, count in plain.items() if count and count < NARROW}
        await memory.close()
    attacker.adds_up("year", tuple(QUARTERS))
    attacker.years_follow("year", "last")
    return attacker.narrowed(small)


def test_a_year_its_quarters_and_the_year_before_give_nothing_small_away(migrated_sqlite: Path) -> None:
    assert asyncio.run(quarters(migrated_sqlite, random_register(1))) == {}


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1, 8))
def test_nor_do_those_of_other_registers(migrated_sqlite: Path, seed: int) -> None:
    assert asyncio.run(quarters(migrated_sqlite, random_register(seed, least=300))) == {}


async def test_a_month_that_a_quarter_withheld_is_withheld_beside_its_month_a_year_later(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    """May had 2, so the quarter withheld April's 9, too. Of the whole year July's 6 would have done, and April come out."""
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    months = {"2023-04": 9, "2023-05": 2, "2023-06": 20, "2023-07": 6, "2024-05": 7, "2024-06": 8}
    rows = [
        complaint(f"{month}.{n}", f"{month}-{n + 1:02}", service="Duty") for month, count in months.items() for n in range(count)
    ]
    await bring_in(memory, write(tmp_path / "register", cases=rows))

    quarter = await told(memory, quarter_of("2023-24Q1"))
    year = await told(memory, YEAR)

    await memory.close()
    assert [quarter[C]["by_month"][month]["count"] for month in ("2023-04", "2023-05", "2023-06")] == [None, None, 20]
    assert [year[C]["by_month"][month]["previous"] for month in ("2024-04", "2024-05")] == [None, None]


async def test_a_share_a_change_and_an_order_would_each_be_found_out(migrated_sqlite: Path, tmp_path: Path) -> None:
    """The attacker is one: with a single figure struck out, what is made of it gives it away."""
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    rows = [
        complaint(f"R{n}", "2024-05-02", raised_by="parent", stage_1_responded_on="2024-05-09", service="Duty") for n in range(30)
    ]
    await bring_in(memory, write(tmp_path / "register", cases=rows))
    plain = await told(memory, YEAR, is_published=False)
    await memory.close()

    plain[C]["formal"] |= {"count": None}
    assert "this complaints.formal.count" in _alone(plain), "from its change, and as what a share is out of"
    plain[C]["formal"] |= {"change": None}
    assert "this complaints.formal.count" in _alone(plain), "as what a share is out of"
    plain["parts"] = {path: pair for path, pair in plain["parts"].items() if "escalation" not in path}
    assert "this complaints.formal.count" not in _alone(plain)


def _alone(report: dict[str, Any]) -> dict[str, tuple[float, float]]:
    attacker = Attacker()
    attacker.has("this", report)
    return attacker.narrowed()
