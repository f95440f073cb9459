"""Where a case stands on a day: one answer for chat, mail, reminder, digest and report."""

from datetime import date

import pytest

from casework.progress import Progress, Rank, State, rank, where_it_stands
from procedures.terms import Event, Form, Kind, Procedure, Timeliness
from tests.casework.rooms import OFFICE

RECEIVED = date(2025, 3, 10)


def stands(
    events: dict[Event, date], today: date, procedure: Procedure = Procedure.STATUTORY, kind: Kind = Kind.COMPLAINT
) -> Progress:
    return where_it_stands(kind, procedure, Form.WRITTEN, {Event.RECEIVED: RECEIVED, **events}, OFFICE, today)


@pytest.mark.parametrize(
    ("events", "today", "state"),
    [
        ({}, date(2025, 3, 10), State.RECEIVED),
        ({Event.READ: date(2025, 3, 11)}, date(2025, 3, 11), State.READING),
        ({Event.ROUTE: date(2025, 3, 11)}, date(2025, 3, 11), State.LOOKING),
        ({Event.COMPLEX_DECIDED: date(2025, 3, 20)}, date(2025, 3, 25), State.MORE_TIME),
        ({Event.ROUTE: date(2025, 3, 11)}, date(2025, 3, 24), State.LOOKING),
        ({Event.ROUTE: date(2025, 3, 11)}, date(2025, 3, 25), State.LATE),
        ({Event.S1_REPLY_SENT: date(2025, 3, 24)}, date(2025, 3, 30), State.ANSWERED),
        ({Event.S1_REPLY_SENT: date(2025, 3, 24), Event.S2_REQUESTED: date(2025, 4, 1)}, date(2025, 4, 2), State.STEP_2),
        ({Event.WHOLLY_HELD: date(2025, 3, 14)}, date(2025, 6, 2), State.WAITING),
        ({Event.WHOLLY_HELD: date(2025, 3, 26)}, date(2025, 6, 2), State.WAITING),
        ({Event.WHOLLY_HELD: date(2025, 3, 14), Event.WITHDRAWN: date(2025, 3, 20)}, date(2025, 6, 2), State.STOPPED),
        ({Event.WITHDRAWAL_ASKED: date(2025, 3, 12)}, date(2025, 3, 12), State.STOPPING),
        ({Event.WITHDRAWN: date(2025, 3, 14)}, date(2025, 3, 30), State.STOPPED),
        ({Event.S1_REPLY_SENT: date(2025, 3, 24), Event.CLOSED: date(2025, 4, 25)}, date(2025, 5, 1), State.FINISHED),
    ],
)
def test_the_word_for_where_a_complaint_stands_follows_from_its_events(
    events: dict[Event, date], today: date, state: State
) -> None:
    assert stands(events, today).state is state


def test_an_event_of_tomorrow_is_not_known_today() -> None:
    assert stands({Event.S1_REPLY_SENT: date(2025, 3, 24)}, date(2025, 3, 23)).state is State.RECEIVED


def test_late_is_counted_in_working_days_after_the_last_day() -> None:
    """Due Monday 24 March 2025: on Wednesday 26 it is two working days late."""
    progress = stands({Event.ACKNOWLEDGED: date(2025, 3, 11), Event.REG11_INFO_SENT: date(2025, 3, 11)}, date(2025, 3, 26))

    assert progress.working_days_late == 2
    assert progress.next_due is not None
    assert progress.next_due.timeliness is Timeliness.OPEN_LATE
    assert rank(progress, OFFICE, date(2025, 3, 26)) is Rank.LATE


def test_due_within_five_working_days_is_soon_and_later_is_on_track() -> None:
    done = {Event.ACKNOWLEDGED: date(2025, 3, 10), Event.REG11_INFO_SENT: date(2025, 3, 10)}

    assert rank(stands(done, date(2025, 3, 14)), OFFICE, date(2025, 3, 14)) is Rank.ON_TRACK
    assert rank(stands(done, date(2025, 3, 17)), OFFICE, date(2025, 3, 17)) is Rank.DUE_SOON


def test_a_closed_case_owes_nothing_and_is_chased_for_nothing() -> None:
    progress = stands({Event.WITHDRAWN: date(2025, 3, 14)}, date(2025, 6, 1))

    assert not progress.open
    assert progress.answer_by is None
    assert rank(progress, OFFICE, date(2025, 6, 1)) is Rank.DONE


def test_nobody_is_reminded_of_a_clock_that_the_complainant_runs_on() -> None:
    events = {
        Event.S1_REPLY_SENT: date(2025, 3, 24),
        Event.S2_REQUESTED: date(2025, 4, 1),
        Event.S2_NOTICE_RECEIVED: date(2025, 5, 6),
    }
    clocks = {running.deadline.clock for running in stands(events, date(2025, 5, 7)).running}

    assert "s3_request_window" not in clocks
    assert "s2_request_window" not in clocks


def test_a_stage_2_request_runs_to_day_25_and_the_answer_is_the_adjudication() -> None:
    """V1's count: requested Thursday 29 August 2024; day 25 is Thursday 3 October."""
    events = {Event.RECEIVED: date(2024, 7, 29), Event.S1_REPLY_SENT: date(2024, 8, 12), Event.S2_REQUESTED: date(2024, 8, 29)}
    progress = where_it_stands(Kind.COMPLAINT, Procedure.STATUTORY, Form.WRITTEN, events, OFFICE, date(2024, 9, 2))

    assert progress.stage == 2
    assert progress.answer_by == date(2024, 10, 3)


def test_a_compliment_is_passed_on_and_has_no_date() -> None:
    progress = stands({}, date(2025, 3, 11), kind=Kind.COMPLIMENT)

    assert progress.state is State.THANKED
    assert progress.answer_by is None
    assert progress.stage == 0
