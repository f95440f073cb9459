"""What may be recorded in which state of a complaint in Wales, in Scotland and in Northern Ireland, cell by cell.

Wales: SI 2014/1795 (W), no third stage; Scotland: SPSO Model CHP, no panel and nobody independent of the council in its two
stages; Northern Ireland: SR 1996/451, no second stage, and for what that does not cover the two stages of the NIPSO Model CHP, in
which nobody is appointed. Tables as in `test_permitted.py`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from casework.progress import where_it_stands
from procedures.steps import steps
from procedures.terms import Event, Form, Kind, Procedure
from procedures.working_days import WorkingCalendar
from tests.casework.rooms import OFFICE
from tests.law.test_permitted import (
    ACKNOWLEDGED,
    HERE,
    LATE,
    MONDAY,
    OVER,
    REPLIED,
    SOON,
    STOPPING,
    WITHDRAWN,
    State,
    followed,
    of_the_ombudsman,
    possible_in,
)

TALKED = followed(ACKNOWLEDGED, (Event.DISCUSSION, date(2025, 3, 13)))
FORMAL = followed(TALKED, (Event.S2_REQUESTED, date(2025, 3, 17)))
RECORDED = followed(FORMAL, (Event.RECORD_FINAL, date(2025, 3, 20)), (Event.IP_APPOINTED, date(2025, 3, 20)))
FOUND = followed(RECORDED, (Event.S2_NOTICE_SENT, date(2025, 4, 10)))
INVESTIGATION = followed(REPLIED, (Event.S2_REQUESTED, date(2025, 3, 24)))
TAKEN_UP = followed(INVESTIGATION, (Event.S2_ACKNOWLEDGED, date(2025, 3, 25)))
PANEL_ASKED = followed(REPLIED, (Event.S3_REQUESTED, date(2025, 3, 24)))
MET = followed(PANEL_ASKED, (Event.PANEL, date(2025, 4, 10)))
NATIONS: Mapping[str, Mapping[str, State]] = {
    "wales": {
        "received": ({Event.RECEIVED: MONDAY}, date(2025, 3, 11)),
        "acknowledged": (ACKNOWLEDGED, SOON),
        "discussed": (TALKED, SOON),
        "s1_resolved": (followed(TALKED, (Event.S1_RESOLVED, date(2025, 3, 13))), SOON),
        "s2_requested": (FORMAL, date(2025, 3, 18)),
        "s2_recorded": (RECORDED, date(2025, 3, 21)),
        "s2_replied": (FOUND, LATE),
        "stopping": (STOPPING, SOON),
        "withdrawn": (WITHDRAWN, SOON),
        "held": (followed(ACKNOWLEDGED, (Event.PREJUDICE_DECIDED, date(2025, 3, 13))), SOON),
        **of_the_ombudsman(FOUND),
        "interest_refused": (followed(ACKNOWLEDGED, (Event.INTEREST_REFUSED, date(2025, 3, 13))), SOON),
        **OVER,
    },
    "scotland": {
        "received": ({Event.RECEIVED: MONDAY}, date(2025, 3, 11)),
        "acknowledged": (ACKNOWLEDGED, SOON),
        "extended": (followed(ACKNOWLEDGED, (Event.EXTENDED, date(2025, 3, 14))), SOON),
        "overdue": (ACKNOWLEDGED, date(2025, 5, 1)),
        "replied": (REPLIED, SOON),
        "s2_requested": (INVESTIGATION, date(2025, 3, 26)),
        "s2_acknowledged": (TAKEN_UP, date(2025, 3, 26)),
        "s2_replied": (followed(TAKEN_UP, (Event.S2_NOTICE_SENT, date(2025, 4, 10))), date(2025, 4, 11)),
        "stopping": (STOPPING, SOON),
        "withdrawn": (WITHDRAWN, SOON),
        "straight": (followed(ACKNOWLEDGED, (Event.SKIP_S1_AGREED, date(2025, 3, 13))), SOON),
        **of_the_ombudsman(followed(TAKEN_UP, (Event.S2_NOTICE_SENT, date(2025, 4, 10)))),
        **OVER,
    },
    "northern_ireland": {
        "received": ({Event.RECEIVED: MONDAY}, SOON),
        "acknowledged": (ACKNOWLEDGED, SOON),
        "together": (followed(ACKNOWLEDGED, (Event.IP_APPOINTED, date(2025, 3, 12))), SOON),
        "overdue": (ACKNOWLEDGED, date(2025, 5, 1)),
        "replied": (REPLIED, SOON),
        "panel_requested": (PANEL_ASKED, date(2025, 3, 26)),
        "panel_met": (MET, date(2025, 4, 11)),
        "stopping": (STOPPING, SOON),
        "withdrawn": (WITHDRAWN, SOON),
        **of_the_ombudsman(MET),
        "transferred": OVER["transferred"],
        "closed": OVER["closed"],
    },
    "northern_ireland_hsc": {
        "received": ({Event.RECEIVED: MONDAY}, SOON),
        "acknowledged": (ACKNOWLEDGED, SOON),
        "extended": (followed(ACKNOWLEDGED, (Event.EXTENDED, date(2025, 3, 14))), SOON),
        "overdue": (ACKNOWLEDGED, date(2025, 5, 1)),
        "replied": (REPLIED, SOON),
        "s2_requested": (INVESTIGATION, date(2025, 3, 26)),
        "s2_acknowledged": (TAKEN_UP, date(2025, 3, 26)),
        "s2_replied": (followed(TAKEN_UP, (Event.S2_NOTICE_SENT, date(2025, 4, 10))), date(2025, 4, 11)),
        "stopping": (STOPPING, SOON),
        "withdrawn": (WITHDRAWN, SOON),
        "straight": (followed(ACKNOWLEDGED, (Event.SKIP_S1_AGREED, date(2025, 3, 13))), SOON),
        **of_the_ombudsman(followed(TAKEN_UP, (Event.S2_NOTICE_SENT, date(2025, 4, 10)))),
        **OVER,
    },
}
GOES_BY = {"northern_ireland_hsc": ("northern_ireland", Procedure.CORPORATE)}
"""A table that is not of its nation's statutory procedure: nation and procedure."""


def table(nation: str) -> dict[str, dict[str, str]]:
    with (HERE / f"permitted_{nation}.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("action"): row for row in csv.DictReader(file)}


def columns() -> Iterator[tuple[str, str]]:
    return ((nation, state) for nation, states in NATIONS.items() for state in states)


def goes_by(table: str) -> tuple[str, Procedure]:
    """The nation and the procedure of a table."""
    return GOES_BY.get(table, (table, Procedure.STATUTORY))


def permitted(name: str, state: str) -> set[str]:
    """The steps that may be recorded on a case of that table in that state."""
    nation, procedure = goes_by(name)
    possible = possible_in(NATIONS[name][state], procedure, procedure, nation)
    return {one.step.event.value for one in possible if not one.why_not}


@pytest.mark.parametrize(("nation", "state"), list(columns()))
def test_a_case_in_this_state_takes_what_its_nations_law_lets_it_take_and_nothing_else(nation: str, state: str) -> None:
    law = {action for action, cells in table(nation).items() if cells[state] == "y"}

    assert permitted(nation, state) == law


@pytest.mark.parametrize("nation", NATIONS)
def test_a_table_has_a_column_for_every_state_and_one_of_two_words_in_every_cell(nation: str) -> None:
    rows = table(nation)

    assert {step.value for step in steps()} >= rows.keys()
    for cells in rows.values():
        assert list(cells) == list(NATIONS[nation])
        assert set(cells.values()) <= {"y", "-"}


@pytest.mark.parametrize("state", ["received", "acknowledged", "discussed"])
def test_in_wales_nobody_has_to_wait_for_the_discussion_to_ask_for_a_formal_investigation(state: str) -> None:
    """SI 2014/1795 (W), regs. 16(4)(c) and 18(1)."""
    assert Event.S2_REQUESTED.value in permitted("wales", state)


@pytest.mark.parametrize(("nation", "may"), [("northern_ireland", True), ("wales", False), ("scotland", False)])
def test_an_independent_person_is_appointed_before_the_first_answer_only_where_the_law_wants_them_for_it(
    nation: str, may: bool
) -> None:
    """SR 1996/451, reg. 5: the answer within 28 days is given together with them; Wales has them in its second stage."""
    assert (Event.IP_APPOINTED.value in permitted(nation, "acknowledged")) is may


@pytest.mark.parametrize(("appointed", "runs"), [({}, True), ({Event.IP_APPOINTED: date(2025, 3, 12)}, False)])
def test_in_northern_ireland_somebody_is_chased_until_there_is_an_independent_person(
    appointed: dict[Event, date], runs: bool
) -> None:
    calendar = WorkingCalendar.of("northern_ireland")
    office = replace(OFFICE, nation="northern_ireland", calendar=calendar, open_days=calendar)
    events = {**ACKNOWLEDGED, **appointed}
    stands = where_it_stands(Kind.COMPLAINT, Procedure.STATUTORY, Form.WRITTEN, events, office, SOON)

    # Received on Monday 10 March 2025; St Patrick's Day, the 17th, is no working day there.
    due = [one.deadline.due_on for one in stands.open if one.deadline.clock == "ip_appointed"]
    assert due == ([date(2025, 3, 18)] if runs else [])
