"""In time, late, open in time, open late: one definition, told alike by status, list, reminder and digest (law.md 9.1)."""

from datetime import date

import pytest

from casework.progress import Rank, State, rank, where_it_stands
from notifications.digest.figures import weigh
from notifications.on_desk import CaseOnDesk, Standings
from notifications.reminders import plan_reminders
from procedures.clocks import is_in_time, judge
from procedures.terms import Event, Form, Kind, Procedure, Timeliness
from tests.mouth.offices import OFFICE, OWNER

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
