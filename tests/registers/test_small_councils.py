"""Registers of councils where little happens, or all of one kind: each format is written, parts add up, and the story is true."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.composing.composing import Head, compose
from reports.figures.periods import Period
from reports.formats import FORMATS
from reports.making import Printing, printed
from reports.reckoning import Wanted
from reports.values import Report
from storage.unit_of_work import Memory, open_memory
from tests.ledger.reading_back import from_pdf
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, write

Files = dict[str, list[dict[str, Any]]]
YEAR = Period(date(2024, 4, 1), date(2025, 3, 31))
FIRST = "Of the year before nothing is on record, so there is nothing to compare with."
NONE_WENT_ON = "None of the complaints that came in with a stage 1 has asked for stage 2 so far."


def answered(reference: str, day: str, on: str, outcome: str, **more: Any) -> dict[str, Any]:
    return complaint(reference, day, stage_1_responded_on=on, stage_1_outcome=outcome, **more)


def a_small_one() -> Files:
    """8 to 19 April is nine working days, 2 September to 14 October thirty; 31 March has no answer yet, and is long overdue."""
    duty = {"team": "Duty", "directorate": "children"}
    cases = [
        answered("S1", "2024-04-08", "2024-04-19", "upheld", raised_by="parent", channel="email", **duty),
        answered("S2", "2024-09-02", "2024-10-14", "not_upheld", raised_by="child", **duty),
        complaint("S3", "2025-03-31", team="Leaving care", raised_by="care_leaver"),
        answered("S0", "2023-11-06", "2023-11-10", "partially_upheld", **duty),
        {"reference": "K1", "kind": "compliment", "received_on": "2024-12-24"},
    ]
    contacts = [{"measure": "contacts", "from": "2024-04-01", "to": "2025-03-31", "count": 900}]
    return {"cases": cases, "issues": [{"reference": "S1", "number": 1, "theme": "delay"}], "activity": contacts}


def compliments_only() -> Files:
    days = [f"2024-{month:02}-01" for month in range(4, 11)]
    return {"cases": [{"reference": f"K{day}", "kind": "compliment", "received_on": day} for day in days]}


def one_quarter_only() -> Files:
    days = range(1, 13)
    outcomes = ("upheld", "not_upheld")
    return {"cases": [answered(f"Q{n}", f"2024-07-{n:02}", f"2024-07-{n + 8:02}", outcomes[n % 2]) for n in days]}


def corporate_only_and_no_themes() -> Files:
    """Received on the 10th of six months and answered on the 20th: never more than eight working days."""
    days = [f"2024-{month:02}-10" for month in range(4, 10)]
    of = {"procedure": "corporate", "directorate": "corporate"}
    return {"cases": [answered(f"C{day}", day, f"{day[:8]}20", "not_upheld", **of) for day in days]}


def over_two_years() -> Files:
    second = {"stage_2_requested_on": "2024-04-22", "stage_2_responded_on": "2025-04-02", "stage_2_outcome": "upheld"}
    return {"cases": [answered(f"Y{n}", "2024-03-28", "2024-04-15", "not_upheld", **second) for n in range(6)]}


def one_of_each_procedure() -> Files:
    every = enumerate(("statutory", "corporate", "adults"), start=5)
    return {"cases": [complaint(f"W{month}", f"2024-0{month}-07", procedure=one) for month, one in every]}


STORIES: dict[Callable[[], Files], tuple[str, ...]] = {
    a_small_one: (
        "3 complaints came in, 2 more than in the same period of the year before (1).",
        "All of them were under the Children Act.",
        "Of stage 1 complaints that were under the Children Act, 1 of 3 were answered within ten working days and 1 of 3 within "
        "twenty.",
        "Of 2 decided complaints 1 was upheld at least in part.",
        NONE_WENT_ON,
        "1 compliment came in (0 in the same period of the year before).",
    ),
    compliments_only: ("No complaints came in.", "7 compliments came in."),
    one_quarter_only: (
        f"12 complaints came in. {FIRST}",
        "All of them were under the Children Act.",
        "All 12 stage 1 complaints that were under the Children Act were answered within ten working days.",
        "Of 12 decided complaints 6 were upheld at least in part (50%).",
        NONE_WENT_ON,
    ),
    corporate_only_and_no_themes: (
        f"6 complaints came in. {FIRST}",
        "All of them were corporate.",
        "All 6 stage 1 complaints that were corporate were answered within ten working days.",
        "None of the 6 decided complaints was upheld.",
        NONE_WENT_ON,
    ),
    over_two_years: (
        "No complaints came in; in the same period of the year before there were 6.",
        "6 complaints entered stage 2 in the period, whenever they came in.",
    ),
    one_of_each_procedure: (
        f"3 complaints came in. {FIRST}",
        "Of stage 1 complaints that were under the Children Act, 0 of 1 were answered within ten working days and 0 of 1 within "
        "twenty.",
        "Of stage 1 complaints that were corporate, 0 of 1 were answered within ten working days and 0 of 1 within twenty.",
        NONE_WENT_ON,
    ),
}


async def of_year(memory: Memory, *, is_published: bool) -> tuple[Report, dict[str, Any]]:
    figures = (await printed(memory, Wanted(YEAR, TODAY, None, is_published), Printing(OFFICE, NOW, "html"))).figures
    return compose(figures, Head("Little Council", "heard", "england", is_published)), figures


def sums(figures: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """What adds up, with the whole and the sum of its parts."""
    complaints = figures["complaints"]
    for name in ("by_procedure", "by_service", "by_team", "by_month", "by_channel", "raised_by"):
        for when in ("count", "previous"):
            yield f"{name}.{when}", complaints["received"][when], sum(one[when] for one in complaints[name].values())
    for procedure, stages in complaints["stages"].items():
        for stage, found in complaints["stage_outcomes"].get(procedure, {}).items():
            yield f"{procedure}.{stage}", stages[stage]["count"], sum(found.values())
    issues = complaints["issues"]
    yield "issues", issues["count"], sum(one["count"] for one in issues["by_theme"].values())
    compliments = figures["compliments"]
    yield "compliments", compliments["received"]["count"], sum(compliments["by_source"].values())


@pytest.mark.parametrize("council", STORIES, ids=lambda made: made.__name__)
async def test_a_council_where_little_happens_has_a_true_report_in_every_format(
    council: Callable[[], Files], migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    assert (await bring_in(memory, write(tmp_path / "register", **council()))).mistakes == []
    for_staff, figures = await of_year(memory, is_published=False)
    for_all, shown = await of_year(memory, is_published=True)
    await memory.close()

    assert for_staff.story == STORIES[council]
    assert [name for name, whole, of_parts in sums(figures) if whole != of_parts] == []
    for report in (for_staff, for_all):
        made = {name: one.write(report) for name, one in FORMATS.items() if name != "pdf"}
        assert all(len(found) > 1_000 for found in made.values())
        page = " ".join(made["html"].decode().split())
        assert [line for line in report.story if f"<li>{line}</li>" not in page] == []
    said = " ".join(from_pdf(FORMATS["pdf"].write(for_staff)).words.split())
    assert [line for line in for_staff.story if line not in said] == []
    small = {path for path in shown["hidden"] if not path.startswith("measured.")}
    assert bool(small) is (council not in (compliments_only,))


async def test_where_all_is_small_all_is_withheld_and_nothing_is_told_but_that(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    await bring_in(memory, write(tmp_path / "register", **one_of_each_procedure()))

    report, figures = await of_year(memory, is_published=True)
    await memory.close()

    assert report.story == ("How many complaints came in is withheld, so that small numbers cannot be worked out.",)
    assert figures["complaints"]["received"]["count"] is None
    assert {cell.value for table in report.tables for row in table.rows for cell in row.cells} <= {None, 0}
