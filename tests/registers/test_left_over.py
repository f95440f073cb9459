"""People who are no cell themselves: what is left of two printed numbers, and what a second print of a period would tell."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.figures.periods import year_of
from reports.making import NotPublished, Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory, open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.attacker import Attacker
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, report, write

YEAR = year_of("2024-25")
ANSWERED = {"stage_1_responded_on": "2024-05-14", "stage_1_outcome": "not_upheld"}


@pytest.fixture
async def memory(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    opened = open_memory(sqlite_url(tmp_path / "heard.db"))
    yield opened
    await opened.close()


def rows(count: int, *unlike: dict[str, Any]) -> list[dict[str, Any]]:
    """So many answered complaints; the last ones are otherwise in something."""
    found = [complaint(f"R{number}", "2024-05-07", **ANSWERED) for number in range(count)]
    return [*found[: count - len(unlike)], *(row | more for row, more in zip(found[count - len(unlike) :], unlike, strict=True))]


async def published(memory: Memory) -> dict[str, Any]:
    return await report(memory, "2024-04-01", "2025-03-31", is_published=True)


async def test_those_without_an_answer_cannot_be_had_by_subtracting(memory: Memory, tmp_path: Path) -> None:
    """30 began and 28 are answered: 2 people wait. Neither is told beside the other."""
    waiting = {"stage_1_responded_on": "", "stage_1_outcome": ""}
    await bring_in(memory, write(tmp_path / "register", cases=rows(30, waiting, waiting)))

    found = (await published(memory))["complaints"]

    assert (found["stages"]["statutory"]["1"]["count"], found["timeliness"]["statutory"]["1"]["answered"]) == (30, None)


async def test_a_withheld_share_cannot_be_had_by_dividing(memory: Memory, tmp_path: Path) -> None:
    """One of 30 took longer than 20 days, in every figure of time."""
    await bring_in(memory, write(tmp_path / "register", cases=rows(30, {"stage_1_responded_on": "2024-08-01"})))

    found = (await published(memory))["complaints"]["timeliness"]["statutory"]["1"]

    assert (found["within_20"], found["within_20_percent"]) == (None, None)


async def test_the_attacker_finds_both_where_they_are_printed(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "register", cases=rows(30, {"stage_1_responded_on": "2024-08-01"})))
    plain = (await printed(memory, Wanted(YEAR, TODAY), Printing(OFFICE, NOW, "html"))).figures
    stage = "complaints.timeliness.statutory.1"

    plain["hidden"] = [f"{stage}.within_20_percent"]
    attacker = Attacker()
    attacker.has("this", plain)

    assert attacker.left[f"this {stage}.answered less {stage}.within_20"] == (1, 1)
    assert f"this {stage}.within_20_percent" in attacker.left


async def test_a_second_publication_with_other_figures_is_restated_or_not_made(memory: Memory, tmp_path: Path) -> None:
    """One late row more, and the difference of the two would be that child's record."""
    await bring_in(memory, write(tmp_path / "first", cases=rows(30)))
    wanted = {day: Wanted(YEAR, day, None, True) for day in (date(2025, 6, 1), TODAY)}
    kept = Printing(OFFICE, NOW, "json", is_kept=True)
    await printed(memory, wanted[date(2025, 6, 1)], kept)
    await printed(memory, wanted[TODAY], kept)
    more = [complaint(f"S{number}", "2024-09-04", team="Duty") for number in range(7)]
    await bring_in(memory, write(tmp_path / "second", cases=[*rows(30), *more]))

    with pytest.raises(NotPublished, match=r"as it stood on .* --restate WHY"):
        await printed(memory, Wanted(YEAR, date(2026, 11, 21), None, True), kept)

    anew = Printing(OFFICE, NOW, "json", restated="rows came late")
    found = await printed(memory, Wanted(YEAR, date(2026, 11, 21), None, True), anew)
    assert json.dumps(found.figures["notes"]).count("rows came late") >= 1
