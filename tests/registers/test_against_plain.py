"""Random registers of any shape give the figures that plain Python works out of their rows, whole report against whole report."""

import asyncio
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures.register_words import Activity, EnquiryKind, OmbudsmanBody, OmbudsmanOutcome
from procedures.terms import Kind, Outcome, Role, Theme
from reports.registers.columns import FILES, PROCEDURES
from storage.unit_of_work import open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.plain import Plain, Row
from tests.registers.shelf import COUNCILS, DATA, TODAY, bring_in, full, report, rows_of, write

FIRST = date(2023, 1, 1)
DAYS = (date(2025, 6, 30) - FIRST).days
CHANNELS = ("", "email", "phone", "letter", "in_person")
PERIODS = (
    ("2024-04-01", "2025-03-31"),
    ("2024-02-01", "2024-02-29"),
    ("2025-02-01", "2025-02-28"),
    ("2024-02-29", "2024-02-29"),
    ("2023-07-15", "2025-01-10"),
    ("2024-10-01", "2024-12-31"),
)


def a_day(after: date, most: int = 90) -> st.SearchStrategy[date]:
    return st.integers(0, most).map(lambda days: after + timedelta(days=days))


def maybe(value: st.SearchStrategy[Any], draw: st.DrawFn, often: int = 2) -> Any:
    return draw(value) if draw(st.integers(0, often)) else ""


@st.composite
def cases(draw: st.DrawFn, number: int) -> dict[str, Any]:
    received = FIRST + timedelta(days=draw(st.integers(0, DAYS)))
    kind = draw(st.sampled_from([Kind.COMPLAINT, Kind.COMPLAINT, Kind.COMPLAINT, *Kind]))
    row: dict[str, Any] = {
        "reference": f"R{number}",
        "kind": kind.value,
        "procedure": draw(st.sampled_from([one.value for one in PROCEDURES])) if kind is Kind.COMPLAINT else "",
        "directorate": draw(st.sampled_from(("", "children", "adults", "Ŵyr & co"))),
        "service": draw(st.sampled_from(("", "Duty", "=1+1", "Care, fostering"))),
        "team": draw(st.sampled_from(("", "North", "unknown"))),
        "channel": draw(st.sampled_from(CHANNELS)),
        "received_on": received,
        "raised_by": maybe(st.sampled_from([one.value for one in Role]), draw),
        "on_behalf_of_child": draw(st.sampled_from(("", "true", "false"))),
    }
    if kind is not Kind.COMPLAINT:
        return row
    row["resolved_informally_on"] = maybe(a_day(received), draw, 1)
    begins = received
    for stage, name in ((1, "started_on"), (2, "requested_on"), (3, "requested_on")):
        if not draw(st.integers(0, 3 if stage == 1 else 1)):
            continue
        begins = row[f"stage_{stage}_{name}"] = draw(a_day(begins, 40))
        row |= draw(ends_of_stage(stage, begins))
        begins = row.get(f"stage_{stage}_responded_on") or begins
    row["withdrawn_on"] = draw(a_day(received)) if not draw(st.integers(0, 5)) else ""
    return row


@st.composite
def ends_of_stage(draw: st.DrawFn, stage: int, begins: date) -> dict[str, Any]:
    found: dict[str, Any] = {f"stage_{stage}_responded_on": maybe(a_day(begins, 120), draw)}
    found[f"stage_{stage}_outcome"] = maybe(st.sampled_from([one.value for one in Outcome]), draw, 3)
    if stage == 1:
        found["stage_1_extended_on"] = maybe(a_day(begins, 25), draw, 1)
    if stage == 2:
        found["stage_2_started_on"] = maybe(a_day(begins, 20), draw, 1)
    if stage == 3:
        found["stage_3_panel_on"] = maybe(a_day(begins, 60), draw)
    return found


@st.composite
def registers(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    every = [draw(cases(number)) for number in range(draw(st.integers(0, 14)))]
    complaints = [row["reference"] for row in every if row["kind"] == "complaint"]
    issues = [
        {
            "reference": reference,
            "number": number,
            "theme": draw(st.sampled_from(list(Theme)[:6])).value,
            "outcome": maybe(st.sampled_from([one.value for one in Outcome]), draw),
        }
        for reference in complaints
        for number in range(draw(st.integers(0, 2)))
    ]
    return {
        "cases": every,
        "issues": issues,
        "ombudsman": [draw(enquiries(number)) for number in range(draw(st.integers(0, 4)))],
        "activity": draw(activity()),
        "learning": [
            {"reference": row["reference"], "action": "Call", "owner": "", **draw(promises())}
            for row in every
            if draw(st.booleans())
        ],
    }


@st.composite
def enquiries(draw: st.DrawFn, number: int) -> dict[str, Any]:
    received = FIRST + timedelta(days=draw(st.integers(0, DAYS)))
    return {
        "body": draw(st.sampled_from(list(OmbudsmanBody)[:2])).value,
        "body_reference": f"O{number}",
        "received_on": received,
        "kind": draw(st.sampled_from(list(EnquiryKind))).value,
        "decided_on": maybe(a_day(received), draw),
        "outcome": maybe(st.sampled_from(list(OmbudsmanOutcome)[:4]).map(lambda one: one.value), draw),
        "directorate": draw(st.sampled_from(("", "children"))),
    }


@st.composite
def promises(draw: st.DrawFn) -> dict[str, Any]:
    return {"due_on": maybe(a_day(FIRST, DAYS), draw), "done_on": maybe(a_day(FIRST, DAYS), draw)}


@st.composite
def activity(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows that cover a financial year whole, in quarters, with a hole or not at all."""
    quarters = [
        ("2024-04-01", "2024-06-30"),
        ("2024-07-01", "2024-09-30"),
        ("2024-10-01", "2024-12-31"),
        ("2025-01-01", "2025-03-31"),
    ]
    shape = draw(st.sampled_from(([("2024-04-01", "2025-03-31")], quarters, quarters[1:], [])))
    return [
        {"measure": measure.value, "from": begins, "to": ends, "count": draw(st.integers(0, 900)), "directorate": directorate}
        for measure in list(Activity)[:2]
        for directorate in draw(st.sets(st.sampled_from(("", "children"))))
        for begins, ends in shape
    ]


def as_text(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[Row]:
    return [{name: str(row.get(name, "")) for name in columns} for row in rows]


def plainly(files: dict[str, list[Row]], begins: str, ends: str, as_at: date, directorate: str | None) -> dict[str, Any]:
    return Plain(files, date.fromisoformat(begins), date.fromisoformat(ends), as_at, directorate).report()


IN_ANY_SHAPE = given(
    registers(),
    st.sampled_from(PERIODS),
    st.sampled_from((TODAY, date(2024, 12, 1), date(2025, 3, 31))),
    st.sampled_from((None, None, "children", "Ŵyr & co", "nobody")),
)
UNHURRIED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=15, deadline=None, suppress_health_check=UNHURRIED)
@IN_ANY_SHAPE
def test_a_random_register_gives_the_figures_of_plain_python(
    migrated_sqlite: Path, register: dict[str, Any], period: tuple[str, str], as_at: date, directorate: str | None
) -> None:
    agree(migrated_sqlite, register, period, as_at, directorate)


@pytest.mark.prove
@settings(max_examples=400, deadline=None, suppress_health_check=UNHURRIED)
@IN_ANY_SHAPE
def test_hundreds_of_random_registers_do(
    migrated_sqlite: Path, register: dict[str, Any], period: tuple[str, str], as_at: date, directorate: str | None
) -> None:
    agree(migrated_sqlite, register, period, as_at, directorate)


def agree(template: Path, register: dict[str, Any], period: tuple[str, str], as_at: date, directorate: str | None) -> None:
    text = {file.name[:-4]: as_text(register[file.name[:-4]], file.names) for file in FILES}

    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(reported(template, Path(folder), register, period, as_at, directorate))

    notes = found.pop("notes")
    assert found == plainly(text, *period, as_at, directorate)
    assert all(notes)


async def reported(
    template: Path, folder: Path, register: dict[str, Any], period: tuple[str, str], as_at: date, directorate: str | None
) -> dict[str, Any]:
    shutil.copy(template, folder / "heard.db")
    memory = open_memory(sqlite_url(folder / "heard.db"))
    taken = await bring_in(memory, write(folder / "register", **(register | {"cases": full(register["cases"])})))
    assert taken.mistakes == []
    found = await report(memory, *period, as_at=as_at.isoformat(), directorate=directorate)
    await memory.close()
    return found


@pytest.mark.parametrize("council", COUNCILS)
async def test_plain_python_agrees_on_the_five_registers(council: str, tmp_path: Path, migrated_sqlite: Path) -> None:
    files = {file.name[:-4]: as_text(list(rows_of(DATA / council, file.name[:-4])), file.names) for file in FILES}
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    await bring_in(memory, DATA / council)

    for year in (2011, 2021, 2024):
        found = await report(memory, f"{year}-04-01", f"{year + 1}-03-31")
        del found["notes"]
        assert found == plainly(files, f"{year}-04-01", f"{year + 1}-03-31", TODAY, None)
    await memory.close()
