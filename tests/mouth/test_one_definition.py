"""In time, late, open in time, open late: one definition of status, list, reminder, digest and report alike (law.md 9.1)."""

from datetime import date
from pathlib import Path

import pytest

from casework.progress import Rank, State, rank, where_it_stands
from notifications.digest.figures import weigh
from notifications.on_desk import CaseOnDesk, Standings
from notifications.reminders import plan_reminders
from procedures.clocks import is_in_time, judge
from procedures.terms import Event, Form, Kind, Procedure, Timeliness
from storage.unit_of_work import Memory
from tests.mouth.offices import OFFICE, OWNER
from tests.registers.shelf import bring_in, complaint, full, report, write

RECEIVED = date(2025, 4, 4)
"""Due Tuesday 22 April 2025, the day after Easter Monday; the owner hears of nothing at Easter."""
DONE = {Event.RECEIVED: RECEIVED, Event.ACKNOWLEDGED: RECEIVED, Event.REG11_INFO_SENT: RECEIVED}


@pytest.mark.parametrize(
    ("today", "stands"),
    [
        (date(2025, 4, 17), Timeliness.OPEN_IN_TIME),
        (date(2025, 4, 22), Timeliness.OPEN_IN_TIME),  # the last day is in time until it ends
        (date(2025, 4, 23), Timeliness.OPEN_LATE),
        (date(2025, 5, 6), Timeliness.OPEN_LATE),
    ],
)
def test_an_open_answer_stands_alike_everywhere(today: date, stands: Timeliness) -> None:
    case = CaseOnDesk("K7M-W92-RXHC", Kind.COMPLAINT, Procedure.STATUTORY, Form.WRITTEN, DONE, owner=OWNER.address)
    progress = where_it_stands(case.kind, case.procedure, case.form, DONE, OFFICE, today)
    [weighed] = weigh([case], Standings(OFFICE, today))
    bundles = plan_reminders([case], (), set(), OFFICE, today)
    is_late = stands is Timeliness.OPEN_LATE

    assert progress.answer is not None
    assert progress.answer.timeliness is stands is judge(progress.answer.deadline.due_on, None, today)
    assert (progress.state is State.LATE) is is_late
    assert (rank(progress, OFFICE, today) is Rank.LATE) is is_late
    assert weighed.duty is not None
    assert weighed.duty.is_late is is_late
    assert {bool(bundle.overdue) for bundle in bundles} == {is_late}
    assert is_in_time(progress.answer.deadline.due_on, today) is not is_late


SHARE_IN_TIME = {Timeliness.IN_TIME: 100.0, Timeliness.LATE: 0.0, Timeliness.OPEN_LATE: 0.0, Timeliness.OPEN_IN_TIME: None}
"""What one complaint makes of the report's percent of stage 1 in time: what is open and has time left is in no percent."""


@pytest.mark.parametrize(
    ("answered_on", "as_at", "stands"),
    [
        (date(2025, 4, 22), date(2025, 5, 6), Timeliness.IN_TIME),
        (date(2025, 4, 23), date(2025, 5, 6), Timeliness.LATE),
        (date(2025, 4, 26), date(2025, 5, 6), Timeliness.LATE),  # a Saturday
        (None, date(2025, 4, 22), Timeliness.OPEN_IN_TIME),  # the last day is in time until it ends
        (None, date(2025, 4, 23), Timeliness.OPEN_LATE),
        (None, date(2025, 5, 6), Timeliness.OPEN_LATE),
    ],
)
async def test_a_row_of_the_register_stands_in_the_report_as_it_stands_on_its_day(
    memory: Memory, tmp_path: Path, answered_on: date | None, as_at: date, stands: Timeliness
) -> None:
    """Received on Friday 4 April 2025, due on Tuesday the 22nd: the figure, the definition and the case's own page agree."""
    told = {} if answered_on is None else {"stage_1_responded_on": answered_on.isoformat(), "stage_1_outcome": "not_upheld"}
    await bring_in(memory, write(tmp_path / "register", cases=full([complaint("2025/1", RECEIVED.isoformat(), **told)])))
    found = (await report(memory, "2025-04-01", "2025-04-30", as_at=as_at.isoformat()))["complaints"]["timeliness"]
    events = DONE if answered_on is None else {**DONE, Event.S1_REPLY_SENT: answered_on}
    answer = where_it_stands(Kind.COMPLAINT, Procedure.STATUTORY, Form.WRITTEN, events, OFFICE, as_at).answer

    assert judge(date(2025, 4, 22), answered_on, as_at) is stands
    assert answer is not None
    assert answer.timeliness is stands
    assert found["statutory"]["1"]["within_permitted_percent"] == SHARE_IN_TIME[stands]


def test_on_the_saturday_after_its_last_day_a_case_is_late_though_no_working_day_has_passed() -> None:
    """Received Friday 7 March, due Friday 21 March 2025: late on Saturday, by no working day yet."""
    friday = date(2025, 3, 7)
    events = {Event.RECEIVED: friday, Event.ACKNOWLEDGED: friday, Event.REG11_INFO_SENT: friday}
    progress = where_it_stands(Kind.COMPLAINT, Procedure.STATUTORY, Form.WRITTEN, events, OFFICE, date(2025, 3, 22))

    assert progress.working_days_late == 0
    assert progress.state is State.LATE
    assert rank(progress, OFFICE, date(2025, 3, 22)) is Rank.LATE


@pytest.mark.parametrize(
    ("procedure", "answer", "by"),
    [
        (Procedure.STATUTORY, "s1_response", date(2025, 4, 22)),
        (Procedure.CORPORATE, "s1_response", date(2025, 4, 22)),
        (Procedure.ADULTS, "response", date(2025, 10, 3)),
        (Procedure.PUBLIC_HEALTH, "response", date(2025, 10, 3)),
    ],
)
def test_the_answer_is_due_by_the_procedures_own_clock_whatever_it_is_called(procedure: Procedure, answer: str, by: date) -> None:
    """What letters, chat and the late letter name as the date of the answer."""
    progress = where_it_stands(Kind.COMPLAINT, procedure, Form.WRITTEN, DONE, OFFICE, date(2025, 4, 10))

    assert progress.answer is not None
    assert (progress.answer.deadline.clock, progress.answer_by) == (answer, by)


def test_where_the_law_sets_no_number_no_day_is_promised() -> None:
    events = {Event.RECEIVED: date(2026, 6, 22)}
    progress = where_it_stands(Kind.COMPLAINT, Procedure.DATA_PROTECTION, Form.WRITTEN, events, OFFICE, date(2026, 6, 24))

    assert progress.answer_by is None
