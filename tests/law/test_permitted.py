"""What may be recorded in which state, procedure by procedure: tables written from the law, held cell by cell.

A table names the steps that its procedure knows (a row) and the states of its cases (a column): `y` may be recorded there today
with a good reason, `-` may not. A step that has no row belongs to no case of that procedure, in any state.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casework.recording import Possible, possible_steps
from procedures.steps import steps
from procedures.terms import Channel, Event, Form, Kind, Procedure
from procedures.working_days import WorkingCalendar
from storage.tables import CaseRow
from tests.casework.rooms import OFFICE

HERE = Path(__file__).parent
MONDAY = date(2025, 3, 10)
ACKNOWLEDGED = {Event.RECEIVED: MONDAY, Event.ACKNOWLEDGED: date(2025, 3, 12)}
SOON, LATE = date(2025, 3, 14), date(2025, 9, 30)
"""While stage 1 runs under each procedure, and long after everything."""
State = tuple[Mapping[Event, date], date]


def followed(begun: Mapping[Event, date], *more: tuple[Event, date]) -> dict[Event, date]:
    return {**begun, **dict(more)}


MEANWHILE = followed(ACKNOWLEDGED, (Event.MEDIATION_AGREED, date(2025, 3, 13)), (Event.PROVIDER_ASKED, date(2025, 3, 13)))
"""A mediation and a provider's own answer stop nothing: what may be done is what may be done without them."""
STOPPING = followed(ACKNOWLEDGED, (Event.WITHDRAWAL_ASKED, date(2025, 3, 13)))
WITHDRAWN = followed(STOPPING, (Event.WITHDRAWN, date(2025, 3, 13)))
REPLIED = followed(ACKNOWLEDGED, (Event.S1_REPLY_SENT, date(2025, 3, 13)))
RESOLVED = followed(ACKNOWLEDGED, (Event.S1_RESOLVED, date(2025, 3, 13)))
ASKED = followed(REPLIED, (Event.S2_REQUESTED, date(2025, 3, 24)))
STAFFED = followed(ASKED, (Event.IO_APPOINTED, date(2025, 3, 26)), (Event.IP_APPOINTED, date(2025, 3, 26)))
DELAYED = followed(STAFFED, (Event.DELAY_NOTICE, date(2025, 4, 28)))
NOTICE = followed(DELAYED, (Event.S2_NOTICE_SENT, date(2025, 6, 20)))
PANEL_ASKED = followed(NOTICE, (Event.S2_NOTICE_RECEIVED, date(2025, 6, 23)), (Event.S3_REQUESTED, date(2025, 6, 25)))
MET = followed(PANEL_ASKED, (Event.PANEL, date(2025, 7, 28)))
RECOMMENDED = followed(MET, (Event.PANEL_REPORT, date(2025, 8, 1)), (Event.RECOMMENDATIONS_RECEIVED, date(2025, 8, 1)))
FINAL = followed(RECOMMENDED, (Event.S3_RESPONSE, date(2025, 8, 20)))
S2_OPEN = followed(ASKED, (Event.S2_ACKNOWLEDGED, date(2025, 3, 26)))
S2_ANSWERED = followed(S2_OPEN, (Event.S2_NOTICE_SENT, date(2025, 4, 10)))


def of_the_ombudsman(ended: Mapping[Event, date]) -> dict[str, State]:
    return {
        "enquired": (followed(ended, (Event.OMBUDSMAN_ENQUIRY, date(2025, 9, 1))), LATE),
        "decided": (followed(ended, (Event.OMBUDSMAN_DECIDED, date(2025, 9, 1))), LATE),
    }


OVER: dict[str, State] = {
    "late_refused": (followed(ACKNOWLEDGED, (Event.LATE_REFUSED, date(2025, 3, 13))), SOON),
    "transferred": (followed(ACKNOWLEDGED, (Event.TRANSFERRED, date(2025, 3, 13))), SOON),
    "closed": (followed(REPLIED, (Event.CLOSED, date(2025, 3, 14))), SOON),
}
"""What ended here: nothing more is recorded but what the Ombudsman does, and on what was closed what takes it up again."""
NOTHING_MORE = {Procedure.DATA_PROTECTION: ["transferred", "closed"], Procedure.OTHER_BODY: ["transferred", "closed"]}
"""The Ombudsman's part is of other procedures: nothing at all is recorded here any more."""
STATUTORY: dict[str, State] = {
    "undecided": ({Event.RECEIVED: MONDAY}, SOON),
    "standing": (followed(ACKNOWLEDGED, (Event.INTEREST_QUESTIONED, date(2025, 3, 12))), SOON),
    "advocate": (followed(ACKNOWLEDGED, (Event.ADVOCATE_REQUESTED, date(2025, 3, 12))), SOON),
    "advocate_before": (followed(ACKNOWLEDGED, (Event.ADVOCATE_REQUESTED, date(2025, 3, 7))), SOON),
    "s1_open": (ACKNOWLEDGED, SOON),
    "s1_overdue": (ACKNOWLEDGED, date(2025, 3, 25)),
    "held": (followed(ACKNOWLEDGED, (Event.PREJUDICE_DECIDED, date(2025, 3, 13))), SOON),
    "stopping": (STOPPING, SOON),
    "s1_replied": (REPLIED, SOON),
    "s1_resolved": (RESOLVED, SOON),
    "s2_open": (ASKED, date(2025, 3, 27)),
    "s2_staffed": (STAFFED, date(2025, 3, 27)),
    "s2_delayed": (DELAYED, date(2025, 4, 29)),
    "s2_replied": (NOTICE, date(2025, 6, 23)),
    "s3_open": (PANEL_ASKED, date(2025, 6, 27)),
    "s3_met": (MET, date(2025, 7, 29)),
    "s3_recommended": (RECOMMENDED, date(2025, 8, 4)),
    "s3_replied": (FINAL, LATE),
    **of_the_ombudsman(FINAL),
    "withdrawn": (WITHDRAWN, SOON),
    "s2_agreed": (followed(ACKNOWLEDGED, (Event.SKIP_S1_AGREED, date(2025, 3, 13))), SOON),
    "s2_past_65": (STAFFED, date(2025, 7, 1)),  # sixty-five working days from 24 March end on 27 June
    "interest_refused": (followed(ACKNOWLEDGED, (Event.INTEREST_REFUSED, date(2025, 3, 13))), SOON),
    **OVER,
    "meanwhile": (MEANWHILE, SOON),
}
CORPORATE: dict[str, State] = {
    "received": ({Event.RECEIVED: MONDAY}, SOON),
    "ignored": ({Event.RECEIVED: MONDAY}, date(2025, 4, 1)),  # fifteen working days end on 31 March
    "s1_open": (ACKNOWLEDGED, SOON),
    "s1_extended": (followed(ACKNOWLEDGED, (Event.EXTENDED, date(2025, 3, 13))), SOON),
    "s1_overdue": (ACKNOWLEDGED, date(2025, 3, 27)),
    "stopping": (STOPPING, SOON),
    "s1_replied": (REPLIED, SOON),
    "s1_resolved": (RESOLVED, SOON),
    "s2_requested": (ASKED, date(2025, 3, 25)),
    "s2_open": (S2_OPEN, date(2025, 3, 27)),
    "s2_extended": (followed(S2_OPEN, (Event.S2_EXTENDED, date(2025, 3, 27))), date(2025, 3, 28)),
    "s2_replied": (S2_ANSWERED, date(2025, 4, 11)),
    **of_the_ombudsman(S2_ANSWERED),
    "withdrawn": (WITHDRAWN, SOON),
    **OVER,
    "meanwhile": (MEANWHILE, SOON),
}
ANSWERED = followed(ACKNOWLEDGED, (Event.RESPONDED, date(2025, 3, 13)))
ONE_STAGE: dict[str, State] = {
    "received": ({Event.RECEIVED: MONDAY}, SOON),
    "acknowledged": (ACKNOWLEDGED, SOON),
    "overdue": (ACKNOWLEDGED, date(2025, 9, 10)),
    "stopping": (STOPPING, SOON),
    "answered": (ANSWERED, SOON),
    "resolved": (RESOLVED, SOON),
    **of_the_ombudsman(ANSWERED),
    "withdrawn": (WITHDRAWN, SOON),
    **OVER,
}
DP_ACKNOWLEDGED = {Event.RECEIVED: date(2026, 6, 22), Event.DP_ACKNOWLEDGED: date(2026, 6, 23)}
DP_STOPPING = {Event.RECEIVED: date(2026, 6, 22), Event.WITHDRAWAL_ASKED: date(2026, 6, 23)}
THIRD_TRACK: dict[str, State] = {
    "received": ({Event.RECEIVED: date(2026, 6, 22)}, date(2026, 6, 24)),
    "acknowledged": (DP_ACKNOWLEDGED, date(2026, 6, 24)),
    "stopping": (DP_STOPPING, date(2026, 6, 24)),
    "answered": ({Event.RECEIVED: date(2026, 6, 22), Event.RESPONDED: date(2026, 6, 23)}, date(2026, 6, 24)),
    "withdrawn": (followed(DP_STOPPING, (Event.WITHDRAWN, date(2026, 6, 23))), date(2026, 6, 24)),
    "transferred": (followed(DP_ACKNOWLEDGED, (Event.TRANSFERRED, date(2026, 6, 23))), date(2026, 6, 24)),
    "closed": (
        followed(DP_ACKNOWLEDGED, (Event.RESPONDED, date(2026, 6, 23)), (Event.CLOSED, date(2026, 6, 23))),
        date(2026, 6, 24),
    ),
}
ELSEWHERE: dict[str, State] = {
    "received": ({Event.RECEIVED: MONDAY}, SOON),
    "stopping": (STOPPING, SOON),
    "withdrawn": (WITHDRAWN, SOON),
    "transferred": OVER["transferred"],
    "closed": OVER["closed"],
}
TABLES = {
    Procedure.STATUTORY: STATUTORY,
    Procedure.CORPORATE: CORPORATE,
    Procedure.ADULTS: ONE_STAGE,
    Procedure.PUBLIC_HEALTH: ONE_STAGE,
    Procedure.DATA_PROTECTION: THIRD_TRACK,
    Procedure.OTHER_BODY: ELSEWHERE,
}


def table(procedure: Procedure) -> dict[str, dict[str, str]]:
    """The table of a procedure: the cells of each step, by state."""
    with (HERE / f"permitted_{procedure}.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("action"): row for row in csv.DictReader(file)}


def columns() -> Iterator[tuple[Procedure, str]]:
    for procedure, states in TABLES.items():
        for state in states:
            yield procedure, state


def possible_in(stands: State, procedure: Procedure, suggested: Procedure, nation: str = "england") -> list[Possible]:
    """Every step, of a case of that nation and procedure in that state, and why it cannot be recorded there."""
    events, today = stands
    received = events[Event.RECEIVED]
    case = CaseRow(
        reference="K7M-W92-RXHC",
        kind=Kind.COMPLAINT,
        procedure=procedure,
        suggested=suggested,
        channel=Channel.EMAIL,
        form=Form.WRITTEN,
        received_at=datetime(received.year, received.month, received.day, 10, tzinfo=UTC),
        received_on=received,
        closed_on=events.get(Event.CLOSED),
    )
    calendar = WorkingCalendar.of(nation)
    office = replace(OFFICE, nation=nation, calendar=calendar, open_days=calendar)
    return possible_steps(case, dict(events), office, today)


def permitted(procedure: Procedure, state: str) -> set[str]:
    """The steps that may be recorded on a case in that state."""
    chosen = Procedure.UNDECIDED if state == "undecided" else procedure
    return {one.step.event.value for one in possible_in(TABLES[procedure][state], chosen, procedure) if not one.why_not}


@pytest.mark.parametrize(("procedure", "state"), list(columns()))
def test_a_case_in_this_state_takes_what_the_law_lets_it_take_and_nothing_else(procedure: Procedure, state: str) -> None:
    law = {action for action, cells in table(procedure).items() if cells[state] == "y"}

    assert permitted(procedure, state) == law


@pytest.mark.parametrize("procedure", TABLES)
def test_a_table_has_a_column_for_every_state_a_known_step_in_every_row_and_one_of_two_words_in_every_cell(
    procedure: Procedure,
) -> None:
    rows = table(procedure)

    assert {step.value for step in steps()} >= rows.keys()
    for cells in rows.values():
        assert list(cells) == list(TABLES[procedure])
        assert set(cells.values()) <= {"y", "-"}
    assert [state for state in TABLES[procedure] if not any(cells[state] == "y" for cells in rows.values())] == NOTHING_MORE.get(
        procedure, []
    )


def test_every_step_stands_in_some_table_or_belongs_to_another_nation() -> None:
    known = {action for procedure in TABLES for action in table(procedure)}

    assert {step.value for step in steps()} - known == {"discussion"}
