"""What measures say beyond the JSON: means, days over, stages beside stages, panels, recommendations, advocates, equality."""

import json
import shutil
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from casework.daily.equality import RATHER_NOT
from procedures.terms import ActionSource, ClockKind, Event, Procedure
from reports.composing.composing import Head, compose
from reports.daily import daily_of
from reports.figures.periods import year_of
from reports.figures.rounding import rounded
from reports.making import as_json, counted_now
from reports.measuring import measures_of
from reports.reckoning import Wanted
from reports.references import references_behind
from reports.values import Cell
from storage.columns import Question
from storage.tables import ActionRow, DeadlineRow, EqualityRow, EventRow
from storage.unit_of_work import Memory, open_memory
from tests.casework.rooms import a_case
from tests.memory_fixtures import sqlite_url
from tests.registers.plain import Plain, nth, walked
from tests.registers.shelf import OFFICE, TODAY, bring_in, complaint, write
from tests.registers.test_strangers import STRANGERS, as_written

YEAR = year_of("2024-25")


@pytest.fixture
async def memory(migrated_sqlite: Path, tmp_path: Path) -> Any:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    opened = open_memory(sqlite_url(tmp_path / "heard.db"))
    yield opened
    await opened.close()


async def lines(memory: Memory, measure: str, *, is_published: bool = False, year: str = "2024-25") -> dict[str, Cell]:
    period = year_of(year)
    figures = await counted_now(memory, Wanted(period, TODAY, None, is_published), OFFICE.calendar)
    async with memory.reading() as uow:
        daily = await daily_of(uow, period.days, TODAY)
    [found] = [one for one in measures_of(figures, daily, is_published=is_published) if one.id == measure]
    return {line.title: line.now for line in found.lines}


def told(cell: Cell) -> tuple[float | None, int | None, int | None]:
    return None if cell.value is None else float(str(cell.value)), cell.numerator, cell.denominator


async def test_means_days_over_and_stages_beside_stages_are_those_of_plain_python(memory: Memory) -> None:
    files = as_written(STRANGERS / "sir_newydd")
    await bring_in(memory, STRANGERS / "sir_newydd")
    plain = Plain(files, YEAR.begins, YEAR.ends, TODAY)

    first, second, steps, further = [await lines(memory, one) for one in ("M13", "M14", "M17", "M19")]

    for procedure in ("statutory", "corporate"):
        began = {stage: plain.of_procedure(plain.begun(stage), procedure) for stage in (1, 2, 3)}
        answered = {stage: [row for row in began[stage] if row[f"stage_{stage}_responded_on"]] for stage in (1, 2)}
        days = [walked(plain.start(row, 1), date.fromisoformat(row["stage_1_responded_on"])) for row in answered[1]]
        limit = 65 if procedure == "statutory" else 40
        over = [
            walked(plain.start(row, 2), date.fromisoformat(row["stage_2_responded_on"])) - limit
            for row in answered[2]
            if date.fromisoformat(row["stage_2_responded_on"]) > nth(plain.start(row, 2), limit)
        ]
        name = {"statutory": "Children Act (statutory)", "corporate": "Corporate"}[procedure]
        assert told(first[f"{name}: mean"]) == (rounded(Fraction(sum(days), len(days)), 1), sum(days), len(days))
        assert [told(cell)[1:] for title, cell in second.items() if title == f"{name}: mean days over"] == (
            [(sum(over), len(over))] if over else []
        )
        share = steps[f"{name}: stages 2 beside stages 1"]
        assert told(share)[1:] == (len(began[2]), len(began[1]))
        assert told(further[f"{name}: stages 3 beside stages 2"])[1:] == (len(began[3]), len(began[2]))


async def test_the_longest_time_of_each_stage_is_told_to_staff_and_never_published(memory: Memory) -> None:
    """It is one case's time, whoever else was answered: so it is in nothing that a print for everybody is made of."""
    files = as_written(STRANGERS / "sir_newydd")
    await bring_in(memory, STRANGERS / "sir_newydd")
    plain = Plain(files, YEAR.begins, YEAR.ends, TODAY)
    measures = {1: "M13", 2: "M14", 3: "M16"}
    names = {"statutory": "Children Act (statutory)", "corporate": "Corporate"}

    longest = {
        (name, stage): max(
            walked(plain.start(row, stage), date.fromisoformat(row[f"stage_{stage}_responded_on"]))
            for row in plain.of_procedure(plain.begun(stage), procedure)
            if row[f"stage_{stage}_responded_on"]
        )
        for procedure, name in names.items()
        for stage in ((1, 2, 3) if procedure == "statutory" else (1, 2))
        if any(row[f"stage_{stage}_responded_on"] for row in plain.of_procedure(plain.begun(stage), procedure))
    }

    for (name, stage), days in longest.items():
        assert told((await lines(memory, measures[stage]))[f"{name}: longest, of those answered"])[0] == days
        assert not [title for title in await lines(memory, measures[stage], is_published=True) if "longest" in title]
    figures = await counted_now(memory, Wanted(YEAR, TODAY), OFFICE.calendar)
    (table,) = (one for one in compose(figures, Head("Anytown", "heard", "England")).tables if one.name == "medians")
    place_of = [column.name for column in table.columns].index("longest")
    shown = {(row.title.partition(":")[0], int(row.name[-1])): row.cells[place_of].value for row in table.rows}
    assert {place: shown[place] for place in longest} == longest
    assert "longest" not in json.loads(as_json(figures))
    public = await counted_now(memory, Wanted(YEAR, TODAY, None, is_published=True), OFFICE.calendar)
    assert "longest" not in public


async def test_a_stage_two_past_its_last_day_is_told_with_its_days_and_its_case(memory: Memory, tmp_path: Path) -> None:
    """Asked for on Monday 3 June 2024, answered on Friday 13 September: 73 working days, 8 past 65 (26 August is none)."""
    more = {"stage_2_requested_on": "2024-06-03", "stage_1_responded_on": "2024-05-14"}
    rows = [
        complaint("LATE", "2024-05-07", stage_2_responded_on="2024-09-13", **more),
        complaint("SOON", "2024-05-07", stage_2_responded_on="2024-07-01", **more),
    ]
    await bring_in(memory, write(tmp_path / "register", cases=rows))

    found = await lines(memory, "M14")
    behind = await references_behind(memory, Wanted(YEAR, TODAY), OFFICE.calendar, "M14")

    assert told(found["Children Act (statutory): beyond the longer time"]) == (50.0, 1, 2)
    assert told(found["Children Act (statutory): mean days over"]) == (8.0, 8, 1)
    paths = {one.figure: one.references for one in behind}
    assert paths["measured.statutory.2.beyond_percent"] == ("LATE",)
    assert paths["measured.statutory.2.mean_over_working_days"] == ("LATE",)


async def test_of_few_nothing_of_it_is_published(memory: Memory, tmp_path: Path) -> None:
    rows = [complaint(f"R{n}", "2024-05-07", stage_1_responded_on="2024-05-14") for n in range(9)]
    await bring_in(memory, write(tmp_path / "nine", cases=rows))
    assert (await lines(memory, "M13", is_published=True))["Children Act (statutory): mean"].is_hidden

    await bring_in(
        memory, write(tmp_path / "ten", cases=[*rows, complaint("R9", "2024-05-07", stage_1_responded_on="2024-05-15")])
    )
    assert told((await lines(memory, "M13", is_published=True))["Children Act (statutory): mean"]) == (5.1, 51, 10)


async def test_what_only_this_service_records_is_counted_by_measure(memory: Memory) -> None:
    """An advocate after 6 days; two recommendations, one done in time; the Ombudsman wrote after stage 1; five answers."""
    reference = await a_case(memory)
    steps = {
        Event.ADVOCATE_REQUESTED: date(2025, 3, 4),
        Event.ADVOCATE_APPOINTED: date(2025, 3, 10),
        Event.OMBUDSMAN_ENQUIRY: date(2025, 3, 20),
    }
    moment = datetime(2025, 3, 20, 12, tzinfo=UTC)
    async with memory.unit_of_work() as uow:
        for name, on in steps.items():
            uow.add(
                EventRow(case_reference=reference, name=name, happened_on=on, recorded_at=moment, recorded_by="ola@c.example")
            )
        for done_on in (date(2025, 3, 25), None):
            row: dict[str, Any] = {
                "case_reference": reference,
                "source": ActionSource.OMBUDSMAN,
                "words": "Pay",
                "owner": "ola@c.example",
            }
            due: dict[str, Any] = {
                "due_on": date(2025, 3, 28),
                "first_due_on": date(2025, 3, 28),
                "made_at": moment,
                "made_by": "ola@c.example",
            }
            uow.add(ActionRow(**row, **due, done_on=done_on))
        for place, answer in enumerate(["yes"] * 6 + ["no"] * 7 + [RATHER_NOT] * 5):
            uow.add(EqualityRow(id=f"{place:032}", year=2024, question=Question.DISABILITY, answer=answer))
        for place in range(3):
            uow.add(EqualityRow(id=f"f{place:031}", year=2024, question=Question.SEX, answer="female"))

    advocates, ombudsman, after, equality = [await lines(memory, one) for one in ("M22", "M20", "M19", "M26")]

    assert told(advocates["Days from request to appointment"]) == (6.0, 6, 1)
    assert told(ombudsman["Recommendations done in time"]) == (50.0, 1, 2)
    assert {title: cell.value for title, cell in after.items() if "Ombudsman" in title} == {
        "To the Ombudsman after stage 1": 1,
        "To the Ombudsman after stage 2": 0,
        "To the Ombudsman after stage 3": 0,
    }
    assert {title: cell.value for title, cell in equality.items()} == {
        "Answers": 21,
        "Disability: yes": 6,
        "Disability: no": 7,
        f"Disability: {RATHER_NOT}": 5,
    }
    behind = await references_behind(memory, Wanted(YEAR, TODAY), OFFICE.calendar, "M22")
    assert reference in {one for found in behind for one in found.references}


PANEL = date(2025, 3, 3)
"""A Monday: five working days after it are 10 March."""
MARCH = (date(2025, 3, 1), date(2025, 3, 31))
AS_AT = date(2025, 3, 20)
AFTER_PANELS: tuple[tuple[date, date | None], ...] = (
    (PANEL, date(2025, 3, 10)),
    (PANEL, date(2025, 3, 4)),
    (PANEL, date(2025, 3, 11)),
    (PANEL, date(2025, 3, 25)),
    (date(2025, 3, 11), None),
    (date(2025, 3, 17), None),
    (date(2025, 2, 18), date(2025, 2, 20)),
)
"""A panel, and its report: on the last day, before it, the day after, after AS_AT, missing, not due yet, due in February."""


@pytest.mark.parametrize(
    ("clock", "event", "limit"), [("s3_panel_report", Event.PANEL_REPORT, 5), ("s3_la_response", Event.S3_RESPONSE, 15)]
)
async def test_reports_of_panels_and_replies_in_time_are_those_of_plain_python(
    memory: Memory, clock: str, event: Event, limit: int
) -> None:
    """By hand, of the reports: due on 10 March four times, on 18 March once; two came by then, three did not."""
    moment = datetime(2025, 3, 20, 12, tzinfo=UTC)
    references = [await a_case(memory) for _ in AFTER_PANELS]
    async with memory.unit_of_work() as uow:
        for reference, (begins, done) in zip(references, AFTER_PANELS, strict=True):
            uow.add(_clock_of(reference, clock, begins, nth(begins, limit), moment))
            if done:
                uow.add(
                    EventRow(
                        case_reference=reference, name=event, happened_on=done, recorded_at=moment, recorded_by="ola@c.example"
                    )
                )

    async with memory.reading() as uow:
        daily = await daily_of(uow, MARCH, AS_AT)

    due = [(nth(begins, limit), done if done and done <= AS_AT else None) for begins, done in AFTER_PANELS]
    due = [(last, done) for last, done in due if MARCH[0] <= last <= min(MARCH[1], AS_AT) and (done or last < AS_AT)]
    name = "panel_reports" if limit == 5 else "panel_replies"
    assert (daily[f"{name}_in_time"], daily[f"{name}_due"]) == (sum(bool(done and done <= last) for last, done in due), len(due))
    if limit == 5:
        assert (daily[f"{name}_in_time"], daily[f"{name}_due"]) == (2, 5)


def _clock_of(reference: str, clock: str, begins: date, due_on: date, moment: datetime) -> DeadlineRow:
    by_law: dict[str, Any] = {"procedure": Procedure.STATUTORY, "kind": ClockKind.STATUTORY, "authority": "SI 2006/1738, reg. 20"}
    counted: dict[str, Any] = {"base_on": begins, "due_on": due_on, "calendar_version": "1", "made_at": moment}
    return DeadlineRow(case_reference=reference, clock=clock, stage=3, rule_id=clock, base_event=Event.PANEL, **by_law, **counted)
