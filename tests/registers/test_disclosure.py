"""Nobody works out what a published report withholds: an attacker knows every sum, and last year's report, and finds nothing.

The attacker is another program than the one that chose what to withhold: scipy's, over the printed JSON, with sums of its own.
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog  # type: ignore[import-untyped]  # the library has no types

from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import COUNCILS, DATA, bring_in, complaint, full, report, write

Equation = tuple[list[str], list[str], bool]
"""Paths that add up to, or (False) to at most, what the first ones add up to."""
C = "complaints"
NARROW = 5


def attacker_knows(printed: Mapping[str, Any]) -> Iterator[Equation]:
    """Every sum that a reader of the tables can see, written down from the report's contract."""
    c, every = printed[C], printed[C]["by_procedure"]
    for which in ("count", "previous"):
        total = [f"{C}.received.{which}"]
        for name in ("by_procedure", "by_service", "by_team", "by_month", "by_channel", "raised_by"):
            yield total, [f"{C}.{name}.{word}.{which}" for word in c[name]], True
        yield total, [f"{C}.formal.{which}", f"{C}.informal.{which}"], False
        yield [f"{C}.informal.{which}"], [f"{C}.by_directorate.{d}.informal.{which}" for d in c["by_directorate"]], True
        yield (
            [f"compliments.received.{which}"],
            [f"compliments.by_service.{s}.{which}" for s in printed["compliments"]["by_service"]],
            True,
        )
        for stage in "123":
            left = [f"{C}.stages.{p}.{stage}.{which}" for p in c["stages"]]
            yield left, [f"{C}.by_directorate.{d}.stages.{stage}.{which}" for d in c["by_directorate"]], True
    for p in every:
        decided = [f"{C}.outcomes.{p}.{word}" for word in c["outcomes"].get(p, {})]
        yield [f"{C}.by_procedure.{p}.count"], [*decided, f"{C}.withdrawn.{p}"], False
        yield (
            [f"{C}.by_procedure.{p}.previous"],
            [f"{C}.previous_outcomes.{p}.{w}" for w in c["previous_outcomes"].get(p, {})],
            False,
        )
    yield from of_stages(c)
    for p, stages in c["timeliness"].items():
        for stage, found in stages.items():
            path = f"{C}.timeliness.{p}.{stage}"
            yield [f"{C}.stages.{p}.{stage}.count"], [f"{path}.answered"], False
            limits = [name for name, value in found.items() if name.startswith("within_") and not name.endswith("percent")]
            for shorter, longer in zip(limits, [*limits[1:], "answered"], strict=True):
                yield [f"{path}.{longer}"], [f"{path}.{shorter}"], False
    yield from of_issues(c["issues"])
    yield ["compliments.received.count"], [f"compliments.by_source.{w}" for w in printed["compliments"]["by_source"]], True
    for body, found in printed["ombudsman"].items():
        yield [f"ombudsman.{body}.enquiries.count"], [f"ombudsman.{body}.by_kind.{kind}" for kind in found["by_kind"]], True
    yield ["learning.actions"], ["learning.done", "learning.overdue", "learning.open"], True


def of_stages(c: Mapping[str, Any]) -> Iterator[Equation]:
    for stage in "123":
        yield [f"{C}.stages.{p}.{stage}.count" for p in c["stages"]], [f"{C}.resolved_at_stage.{stage}"], False
        for p, found in c["stage_outcomes"].items():
            if stage in found:
                yield [f"{C}.stages.{p}.{stage}.count"], [f"{C}.stage_outcomes.{p}.{stage}.{word}" for word in found[stage]], True
        for d, of in c["by_directorate"].items():
            if stage in of["stage_outcomes"]:
                path = f"{C}.by_directorate.{d}"
                yield (
                    [f"{path}.stages.{stage}.count"],
                    [f"{path}.stage_outcomes.{stage}.{w}" for w in of["stage_outcomes"][stage]],
                    True,
                )
        for word in ("upheld", "partially_upheld", "not_upheld", "no_finding", "open", "withdrawn"):
            left = [f"{C}.stage_outcomes.{p}.{stage}.{word}" for p, f in c["stage_outcomes"].items() if word in f.get(stage, {})]
            right = [
                f"{C}.by_directorate.{d}.stage_outcomes.{stage}.{word}"
                for d, of in c["by_directorate"].items()
                if word in of["stage_outcomes"].get(stage, {})
            ]
            yield left, right, True
    for d, of in c["by_directorate"].items():
        path = f"{C}.by_directorate.{d}"
        yield [f"{path}.stages.1.count"], [f"{path}.stage_1_by_service.{s}" for s in of["stage_1_by_service"]], True


def of_issues(issues: Mapping[str, Any]) -> Iterator[Equation]:
    path, procedures = f"{C}.issues", issues["by_procedure"]
    yield [f"{path}.count"], [f"{path}.by_procedure.{p}.count" for p in procedures], True
    for of, block in {path: issues, **{f"{path}.by_procedure.{p}": block for p, block in procedures.items()}}.items():
        yield [f"{of}.count"], [f"{of}.by_theme.{theme}.count" for theme in block["by_theme"]], True
        for theme in block["by_theme"]:
            parts = [f"{of}.by_theme.{theme}.{word}" for word in ("upheld", "partially_upheld", "not_upheld")]
            yield [f"{of}.by_theme.{theme}.count"], parts, False
    for theme in issues["by_theme"]:
        for word in ("count", "upheld", "partially_upheld", "not_upheld"):
            have = [p for p in procedures if theme in procedures[p]["by_theme"]]
            yield [f"{path}.by_theme.{theme}.{word}"], [f"{path}.by_procedure.{p}.by_theme.{theme}.{word}" for p in have], True


def printed_counts(value: Any, path: str = "") -> Iterator[tuple[str, int | None]]:
    """Every count of the report, or None where it is withheld."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from printed_counts(inner, f"{path}.{name}" if path else name)
    elif not isinstance(value, str | list | bool) and not path.endswith(("percent", "median_working_days", ".change")):
        yield path, value


def known(printed: Mapping[str, Any]) -> dict[str, int | None]:
    blocks = ("complaints", "compliments", "comments", "enquiries", "ombudsman", "learning")
    return {path: value for block in blocks for path, value in printed_counts(printed[block], block)}


def narrowed_by_the_attacker(printed: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """The withheld counts of this report that the attacker narrows down to fewer than six numbers, with what is found."""
    counts, equations = known(printed), list(attacker_knows(printed))
    for path, value in last_years(last).items():
        if counts.get(path, 0) is None:
            counts[path] = value
    hidden = sorted(path for path, value in counts.items() if value is None)
    column = {path: place for place, path in enumerate(hidden)}
    exact: list[tuple[np.ndarray[Any, Any], float]] = []
    most: list[tuple[np.ndarray[Any, Any], float]] = []
    for totals, parts, is_whole in equations:
        row, known_sum = np.zeros(len(hidden)), 0.0
        for paths, sign in ((parts, 1), (totals, -1)):
            for path in paths:
                if path in column:
                    row[column[path]] += sign
                else:
                    known_sum -= sign * (counts.get(path) or 0)
        if row.any():
            (exact if is_whole else most).append((row, known_sum))
    found = {}
    for path, place in column.items():
        low, high = (bound(place, sign, len(hidden), exact, most) for sign in (1, -1))
        if high - low < NARROW - 1e-6:
            found[path] = (low, high)
    return found


def bound(place: int, sign: int, width: int, exact: list[Any], most: list[Any]) -> float:
    """The least (sign 1) or the most (-1) that one of them can be."""
    cost = np.zeros(width)
    cost[place] = sign
    solved = linprog(
        cost,
        A_ub=np.array([row for row, _ in most]) if most else None,
        b_ub=[value for _, value in most] if most else None,
        A_eq=np.array([row for row, _ in exact]) if exact else None,
        b_eq=[value for _, value in exact] if exact else None,
        bounds=(0, None),
    )
    if solved.status == 3:  # without end
        return float("inf") * -sign
    assert solved.status == 0, solved.message
    return float(solved.fun) * sign


def last_years(last: Mapping[str, Any]) -> dict[str, int | None]:
    """What last year's report told of the counts that this one calls previous."""
    found: dict[str, int | None] = {}
    for path, value in known(last).items():
        if path.endswith(".count"):
            found[f"{path.removesuffix('.count')}.previous"] = value
        if path.startswith(f"{C}.outcomes."):
            found[path.replace(".outcomes.", ".previous_outcomes.")] = value
    return found


def small_ones_shown(printed: Mapping[str, Any]) -> dict[str, int]:
    return {path: value for path, value in known(printed).items() if value is not None and 0 < value < NARROW}


@pytest.mark.parametrize("council", COUNCILS)
async def test_the_attacker_learns_nothing_from_the_five_councils(migrated_sqlite: Path, tmp_path: Path, council: str) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    await bring_in(memory, DATA / council)
    year = {"walsall": 2011, "lincolnshire": 2022, "dudley": 2024, "wolverhampton": 2021}.get(council, 2019)

    this, last = await two_years(memory, year)

    assert len(this["hidden"]) > 10
    assert (small_ones_shown(this), narrowed_by_the_attacker(this, last)) == ({}, {})
    await memory.close()


async def two_years(memory: Memory, year: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The published reports of a year and of the one before."""
    this = await report(memory, f"{year}-04-01", f"{year + 1}-03-31", is_published=True)
    return this, await report(memory, f"{year - 1}-04-01", f"{year}-03-31", is_published=True)


def random_register(seed: int, least: int = 5) -> dict[str, list[dict[str, Any]]]:
    """A register with many small numbers: a few services, procedures, outcomes and themes."""
    dice = random.Random(seed)  # no secret: the same register for the same seed
    cases, issues = [], []
    for number in range(dice.randint(least, least + 135)):
        came = date(2023, 4, 1) + timedelta(days=dice.randrange(730))
        upheld = dice.choice(("upheld", "not_upheld", "not_upheld", "partially_upheld", ""))
        row = complaint(
            f"R{number}",
            came.isoformat(),
            procedure=dice.choice(("statutory", "corporate", "corporate", "adults")),
            directorate=dice.choice(("children", "children", "adults", "")),
            service=dice.choice(("Duty", "Fostering", "Care", "Court", "")),
            channel=dice.choice(("email", "email", "phone")),
            raised_by=dice.choice(("parent", "parent", "parent", "child")),
            stage_1_outcome=upheld,
            stage_1_responded_on=(came + timedelta(days=dice.randrange(40))).isoformat() if upheld else "",
            withdrawn_on=came.isoformat() if dice.random() < 0.05 else "",
        )
        cases.append(row)
        if dice.random() < 0.7:
            theme = dice.choice(("delay", "delay", "decision", "placement"))
            issues.append({"reference": f"R{number}", "number": 1, "theme": theme, "outcome": upheld})
    return {"cases": full(cases), "issues": issues}


def attacked(template: Path, seeds: range) -> list[tuple[int, Any]]:
    return [(seed, found) for seed in seeds if (found := asyncio.run(attack(template, seed))) != ({}, {})]


async def attack(template: Path, seed: int) -> tuple[dict[str, int], dict[str, tuple[float, float]]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "heard.db"))
        memory = open_memory(sqlite_url(Path(folder, "heard.db")))
        taken = await bring_in(memory, write(Path(folder, "register"), **random_register(seed)))
        assert taken.mistakes == []
        this, last = await two_years(memory, 2024)
        await memory.close()
    return small_ones_shown(this), narrowed_by_the_attacker(this, last)


def test_the_attacker_learns_nothing_from_random_registers(migrated_sqlite: Path) -> None:
    assert attacked(migrated_sqlite, range(4)) == []


@pytest.mark.prove
def test_the_attacker_learns_nothing_from_dozens_of_random_registers(migrated_sqlite: Path) -> None:
    assert attacked(migrated_sqlite, range(100, 150)) == []


async def test_a_withheld_count_alone_in_its_sum_would_be_found(migrated_sqlite: Path, tmp_path: Path) -> None:
    """The attacker is one: with only the small numbers struck out, they come out again."""
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    rows = [complaint(f"R{n}", "2024-05-02", service="Duty" if n else "Court", directorate="children") for n in range(12)]
    await bring_in(memory, write(tmp_path / "register", cases=rows))
    this, last = await two_years(memory, 2024)
    plain = await report(memory, "2024-04-01", "2025-03-31")
    await memory.close()

    plain[C]["by_service"]["Court"]["count"] = None

    assert f"{C}.by_service.Court.count" in narrowed_by_the_attacker(plain, plain)
    assert narrowed_by_the_attacker(this, last) == {}
    assert this[C]["by_service"]["Court"]["count"] is None
    assert this[C]["by_service"]["Duty"]["count"] is None
