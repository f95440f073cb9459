"""Whoever has three published prints, of overlapping periods in whatever order, narrows down nothing small by all together.

The attacker cuts the days into the quarters that the prints are made of, each a report that nobody has seen, and knows that
every print, and each column of the year before, is the sum of its quarters (`Attacker.is_made_of`).
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.figures.periods import Period, quarter_of, year_of
from reports.making import NotPublished, Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.attacker import Attacker
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, write
from tests.registers.test_attacked import told
from tests.registers.test_disclosure import NARROW, known, random_register
from tests.registers.test_together import a_small_quarter

THIS, LAST, NEXT = year_of("2024-25"), year_of("2023-24"), quarter_of("2025-26Q1")
SPRING, SUMMER = quarter_of("2024-25Q1"), quarter_of("2024-25Q2")
QUARTERS = tuple(quarter_of(f"{year}Q{number}") for year in ("2023-24", "2024-25", "2025-26") for number in (1, 2, 3, 4))
HALF = Period(date(2024, 4, 1), date(2024, 9, 30))
PERIODS = (*QUARTERS[:9], LAST, THIS, HALF)
ALL = Period(date(2023, 4, 1), date(2025, 6, 30))
Register = Mapping[str, list[dict[str, Any]]]


def pieces_of(prints: Collection[Period]) -> list[Period]:
    """The quarters that a print holds whole, or tells as the year before: all periods here are made of quarters."""
    days = [*prints, *(period.year_before for period in prints)]
    return [one for one in (*(first.year_before for first in QUARTERS[:4]), *QUARTERS) if any(_holds(day, one) for day in days)]


def _holds(one: Period, other: Period) -> bool:
    return one.begins <= other.begins and other.ends <= one.ends


async def publish(memory: Memory, periods: Collection[Period], *, is_kept: bool) -> dict[Period, dict[str, Any]]:
    """Those that may be published, one after the other; where none is kept, none knows of the others."""
    found = {}
    for period in periods:
        try:
            found[period] = await told(memory, period) if is_kept else await drafted(memory, period)
        except NotPublished:
            continue
    return found


async def drafted(memory: Memory, period: Period) -> dict[str, Any]:
    return (await printed(memory, Wanted(period, TODAY, None, True), Printing(OFFICE, NOW, "html"))).figures


async def attacked(
    template: Path, register: Register, periods: Collection[Period], most: int, *, is_kept: bool = True
) -> tuple[int, dict[str, tuple[float, float]]]:
    """How many prints there are, and which small counts (of the withheld so many at most) somebody narrows down."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        assert (await bring_in(memory, write(Path(folder, "register"), **register))).mistakes == []
        prints = await publish(memory, periods, is_kept=is_kept)
        plain = {period: await told(memory, period, is_published=False) for period in (*prints, *pieces_of(prints))}
        shape = await told(memory, ALL, is_published=False)
        await memory.close()
    attacker, small = Attacker(), set[str]()
    for period, figures in prints.items():
        attacker.has(name(period), figures)
    pieces = {piece: f"piece:{name(piece)}" for piece in pieces_of(prints)}
    for piece, called in pieces.items():
        attacker.supposes(called, shape, piece.days)
    for period in prints:
        inside = [called for piece, called in pieces.items() if _holds(period, piece)]
        attacker.is_made_of(name(period), inside, [called for one, called in pieces.items() if _holds(period.year_before, one)])
    for period, figures in plain.items():
        for called in {name(period), pieces.get(period, name(period))}:
            small |= {f"{called} {path}" for path, count in known(figures).items() if count and count < NARROW}
    small &= attacker.counts.keys()
    shown = {path for path in small if attacker.counts[path] is not None}
    return len(prints), attacker.narrowed({*sorted(small - shown, key=mixed)[:most], *shown})


def name(period: Period) -> str:
    return f"{period.begins}-to-{period.ends}"


def mixed(path: str) -> int:
    return sum(ord(sign) * (31 * place + 1) for place, sign in enumerate(path)) % 997


def test_two_quarters_and_their_half_year_give_nothing_small_away(migrated_sqlite: Path) -> None:
    """Of the court came two in spring, and six in summer: the half year's eight less the summer's six."""
    assert asyncio.run(attacked(migrated_sqlite, a_small_quarter(), (SPRING, SUMMER, HALF), 20)) == (3, {})


def test_the_attacker_finds_it_where_the_three_know_nothing_of_each_other(migrated_sqlite: Path) -> None:
    number, found = asyncio.run(attacked(migrated_sqlite, a_small_quarter(), (SPRING, SUMMER, HALF), 20, is_kept=False))

    assert number == 3
    assert found[f"{name(SPRING)} complaints.by_service.Court.count"] == pytest.approx((2, 2))


@pytest.mark.prove
def test_nor_does_a_quarter_beside_its_year_and_the_year_before(migrated_sqlite: Path) -> None:
    assert asyncio.run(attacked(migrated_sqlite, random_register(7), (LAST, SPRING, THIS), 12)) == (3, {})


@pytest.mark.prove
def test_nor_does_next_years_quarter_beside_its_own_and_the_year(migrated_sqlite: Path) -> None:
    assert asyncio.run(attacked(migrated_sqlite, random_register(7), (SPRING, THIS, NEXT), 12)) == (3, {})


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(12))
def test_nor_do_any_three_prints(migrated_sqlite: Path, seed: int) -> None:
    dice = random.Random(seed)  # no secret: the same prints for the same seed
    periods, least = dice.sample(PERIODS, 3), dice.choice((5, 60, 300))

    assert asyncio.run(attacked(migrated_sqlite, random_register(seed, least), periods, 12))[1] == {}
