"""Tables and story say what the data says: the same figures, none forgotten, nothing that is withheld."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.composing.composing import Head, compose
from reports.figures.periods import Period
from reports.formats import FORMATS
from reports.layouts.arranging import arranged
from reports.layouts.reading import names, read_layout
from reports.making import Printing, besides_now, make, printed
from reports.reckoning import Wanted
from reports.values import Cell, Report
from storage.unit_of_work import Memory
from tests.ledger.reading_back import from_page
from tests.registers.shelf import DATA, NOW, OFFICE, TODAY, bring_in, complaint, write

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

DUDLEY = ("dudley", Period(date(2024, 4, 1), date(2025, 3, 31)))
WOLVERHAMPTON = ("wolverhampton", Period(date(2021, 7, 1), date(2021, 9, 30)))
BATH = ("bath_and_north_east_somerset", Period(date(2019, 4, 1), date(2020, 3, 31)))
IN_OTHER_WORDS = re.compile(
    r"issues\.(?:by_procedure\.[^.]+\.)?(?:top_|upheld_themes|count)|\.(?:within|panel)_\w*\d$|\.stage_1_by_service\."
)
"""The top themes stand in the story, what a share was counted from beside it, services of a lone directorate in by_service."""


async def made(memory: Memory, period: Period, *, is_published: bool = False) -> Report:
    wanted = Wanted(period, TODAY, None, is_published)
    data = (await printed(memory, wanted, Printing(OFFICE, NOW, "html"))).figures
    return compose(data, Head("Anytown Council", "heard", "england", is_published, "Some are withheld." if is_published else ""))


def leaves(found: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    else:
        yield path, found


def cells(report: Report) -> Iterator[Cell]:
    return (cell for table in report.tables for row in table.rows for cell in row.cells)


def number(value: Any) -> float | None:
    return None if value is None else float(value)


@pytest.mark.parametrize("is_published", [False, True], ids=["for staff", "published"])
@pytest.mark.parametrize(("council", "period"), [DUDLEY, WOLVERHAMPTON, BATH], ids=["dudley", "wolverhampton", "bath"])
async def test_every_cell_is_the_figure_at_its_path_and_every_figure_has_a_cell(
    memory: Memory, council: str, period: Period, is_published: bool
) -> None:
    await bring_in(memory, DATA / council)
    report = await made(memory, period, is_published=is_published)
    data, hidden = dict(leaves(report.figures)), set(report.figures["hidden"])

    shown = {cell.path: cell for cell in cells(report) if cell.path}
    for path, cell in shown.items():
        assert cell.is_hidden == (path in hidden), path
        assert number(cell.value) == (None if path in hidden else number(data.get(path, 0))), path
        if cell.is_hidden:
            assert (cell.value, cell.numerator, cell.denominator) == (None, None, None)
    counted = ("complaints", "compliments", "comments", "enquiries", "ombudsman", "learning")
    missing = [
        path
        for path, value in data.items()
        if path.startswith(counted) and path not in shown and not isinstance(value, list) and not IN_OTHER_WORDS.search(path)
    ]
    lone = [path for path in missing if "by_directorate" in path and len(report.figures["complaints"]["by_directorate"]) == 1]
    empty = [path for path in missing if data[path] in (0, None)]
    assert sorted(set(missing) - set(lone) - set(empty)) == []


@pytest.mark.parametrize(("council", "period"), [DUDLEY, WOLVERHAMPTON], ids=["dudley", "wolverhampton"])
async def test_the_page_of_a_published_report_holds_no_figure_that_is_withheld(
    memory: Memory, council: str, period: Period
) -> None:
    """And every other one, with the path that it has in the JSON."""
    await bring_in(memory, DATA / council)
    report = await made(memory, period, is_published=True)
    page = from_page(FORMATS["html"].write(report))

    hidden = set(report.figures["hidden"])
    assert hidden
    for path in hidden & page.figures.keys():
        assert set(page.figures[path]) == {"withheld"}, path
    for path, said in page.figures.items():
        if path not in hidden and path.endswith((".count", ".previous")):
            value = dict(leaves(report.figures)).get(path, 0)
            assert set(said) == {f"{value:,}"}, path


async def test_each_layout_of_ours_shows_the_figures_that_its_council_printed(memory: Memory) -> None:
    """Wolverhampton's board reads every directorate with the quarter before; nothing but figures of the report is in it."""
    council, period = WOLVERHAMPTON
    await bring_in(memory, DATA / council)
    report = await made(memory, period)

    for name in names(None):
        page = from_page(FORMATS["html"].write(arranged(report, read_layout(name))))
        data = dict(leaves(report.figures))
        for path, said in page.figures.items():
            if path.endswith(".count"):
                assert set(said) == {f"{data.get(path, 0):,}"}, (name, path)
    board = from_page(FORMATS["html"].write(arranged(report, read_layout("quarterly_board"))))
    assert board.tables["Corporate: how far complaints went"][1:] == [
        ["Informal", "262", "287", "−25"],
        ["Stage 1", "32", "73", "−41"],
        ["Stage 2", "5", "6", "−1"],
    ]
    assert board.tables["Public health: how far complaints went"][2] == ["Stage 1", "0", "1", "−1"]
    assert ["Waste Management", "13"] in board.tables["Corporate: services with most stage 1 complaints"]


async def test_a_year_without_any_case_is_a_report_that_says_so(memory: Memory) -> None:
    report = await made(memory, Period(date(2025, 4, 1), date(2026, 3, 31)))

    assert report.story == ("No complaints came in.",)
    for one in FORMATS.values():
        if one.name != "pdf":
            assert one.write(report)


async def test_one_case_is_told_in_the_singular(memory: Memory, tmp_path: Path) -> None:
    long_ago = complaint("R0", "2021-05-07", stage_1_responded_on="2021-05-13")
    await bring_in(
        memory, write(tmp_path / "one", cases=[long_ago, complaint("R1", "2024-05-07", stage_1_responded_on="2024-05-13")])
    )

    report = await made(memory, Period(date(2024, 4, 1), date(2025, 3, 31)))

    assert report.story[:2] == (
        "1 complaint came in (0 in the same period of the year before).",
        "It was under the Children Act.",
    )
    assert report.title == "Complaints and compliments, April 2024 to March 2025"
    withheld = await made(memory, Period(date(2024, 4, 1), date(2025, 3, 31)), is_published=True)
    assert withheld.story[0] == "How many complaints came in is withheld, so that small numbers cannot be worked out."
    assert not re.search(r"\d", " ".join(withheld.story))


async def test_where_the_record_does_not_reach_back_no_year_before_is_said_to_have_had_none(
    memory: Memory, tmp_path: Path
) -> None:
    rows = [complaint(f"R{n}", "2024-05-07") for n in range(12)]
    rows += [{"reference": f"C{n}", "kind": "compliment", "received_on": "2024-06-03"} for n in range(2)]
    await bring_in(memory, write(tmp_path / "first", cases=rows))
    year = Period(date(2024, 4, 1), date(2025, 3, 31))

    first, note = await made(memory, year), "Nothing is on record from before 1 April 2024"

    assert (
        first.story[0] == "12 complaints came in. Of the year before nothing is on record, so there is nothing to compare with."
    )
    assert first.story[-1] == "2 compliments came in."
    assert any(line.startswith(note) for line in first.notes)
    assert b"reaches_back" not in await make(memory, Wanted(year, TODAY), Printing(OFFICE, NOW, "json"))
    await bring_in(memory, write(tmp_path / "older", cases=[{**rows[-1], "reference": "C9", "received_on": "2019-01-07"}]))
    found = await made(memory, year)
    assert found.story[0] == "12 complaints came in; in the same period of the year before there were none."
    assert found.story[-1] == "2 compliments came in (0 in the same period of the year before)."
    assert not any(line.startswith(note) for line in found.notes)


async def test_what_was_promised_stands_in_the_staffs_report_action_by_action_and_not_in_a_published_one(
    memory: Memory, tmp_path: Path
) -> None:
    actions = [
        {"reference": "R1", "action": "Ring back", "owner": "Duty manager", "due_on": "2024-09-01", "done_on": "2024-08-30"},
        {"reference": "R1", "action": "Write first", "owner": "Placements", "due_on": "2024-10-01"},
        {"reference": "R2", "action": "Not of this year", "owner": "Duty manager"},
    ]
    cases = [complaint("R1", "2024-05-07"), complaint("R2", "2023-01-09")]
    await bring_in(memory, write(tmp_path / "promised", cases=cases, learning=actions))
    period = Period(date(2024, 4, 1), date(2025, 3, 31))

    for_staff, for_all = (Wanted(period, TODAY, None, is_published) for is_published in (False, True))
    found = (await besides_now(memory, for_staff)).promises

    assert [(one.action, one.owner, one.state) for one in found] == [
        ("Ring back", "Duty manager", "done"),
        ("Write first", "Placements", "overdue"),
    ]
    assert (await besides_now(memory, for_all)).promises == ()
    page = from_page(await make(memory, for_staff, Printing(OFFICE, NOW, "html")))
    assert page.tables["What was promised, and what was done"][2] == [
        "Write first",
        "Placements",
        "1 October 2024",
        "no date",
        "Overdue",
    ]


async def test_a_councillor_is_not_told_which_file_to_fill(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "few", cases=[complaint(f"R{n}", "2024-05-07") for n in range(12)]))
    year = Period(date(2024, 4, 1), date(2025, 3, 31))

    told = {}
    for is_published in (False, True):
        wanted = Wanted(year, TODAY, is_published=is_published)
        told[is_published] = json.loads(await make(memory, wanted, Printing(OFFICE, NOW, "json")))["notes"]

    missing = "There is no count of contacts for this period, so there is no share of contacts."
    assert missing in told[True]
    assert f"{missing} Add rows to activity.csv." in told[False]
