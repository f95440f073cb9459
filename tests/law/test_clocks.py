"""Clocks: what starts them, where they end, what stops and extends them, and when an end is in time."""

from datetime import date

import pytest

from procedures.clocks import (
    ExtensionRefused,
    check_delay_notice,
    check_extension,
    judge,
    working_days_late,
)
from procedures.terms import Event, Procedure, Timeliness
from procedures.working_days import WorkingCalendar
from tests.law.counting import BOOK, ENGLAND, TODAY, WALES, due, of, statutory

# Other vectors (law.md 9.11)


def test_the_ombudsmans_own_sum_is_ours() -> None:
    """V1 (Cornwall 25 005 179), V2 (Cumberland 24 004 450), V3 (Merton 25 030 380)."""
    assert statutory("s2_response", s2_requested=date(2024, 8, 29)).longest_on == date(2024, 11, 28)
    assert statutory("s2_response", s2_requested=date(2024, 4, 9)).longest_on == date(2024, 7, 11)
    assert statutory("s2_response", s2_requested=date(2025, 9, 26)).longest_on == date(2025, 12, 30)
    assert statutory("s2_response", s2_requested=date(2025, 9, 30)).longest_on == date(2026, 1, 2)
    assert judge(date(2024, 7, 11), date(2024, 9, 11), TODAY) is Timeliness.LATE


def test_a_reply_on_day_10_is_in_time_and_on_day_12_two_late() -> None:
    """V9."""
    due_on = statutory("s1_response", received=date(2025, 3, 10)).due_on

    assert judge(due_on, date(2025, 3, 24), TODAY) is Timeliness.IN_TIME
    assert working_days_late(due_on, date(2025, 3, 24), TODAY, ENGLAND) == 0
    assert judge(due_on, date(2025, 3, 26), TODAY) is Timeliness.LATE
    assert working_days_late(due_on, date(2025, 3, 26), TODAY, ENGLAND) == 2


def test_a_delay_notice_on_day_25_keeps_the_law_and_on_day_26_breaks_it() -> None:
    """V10: request Monday 12 May 2025, day 25 is Tuesday 17 June, day 65 Tuesday 12 August."""
    running = statutory("s2_response", s2_requested=date(2025, 5, 12))
    promised = date(2025, 8, 12)

    assert check_delay_notice(running, date(2025, 6, 17), promised, "two witnesses are away") is Timeliness.IN_TIME
    assert check_delay_notice(running, date(2025, 6, 18), promised, "two witnesses are away") is Timeliness.LATE
    assert statutory("s2_response", s2_requested=date(2025, 5, 12), delay_notice=date(2025, 6, 17)).due_on == promised
    assert statutory("s2_response", s2_requested=date(2025, 5, 12), delay_notice=date(2025, 6, 18)).due_on == date(2025, 6, 17)


@pytest.mark.parametrize(
    ("promised_on", "reason", "why"),
    [
        (date(2025, 8, 13), "two witnesses are away", "the last day is Tuesday 12 August 2025"),
        (date(2025, 8, 12), " ", "must give the reason"),
        (date(2025, 6, 17), "two witnesses are away", "within the first period"),
    ],
)
def test_a_delay_notice_that_the_law_does_not_allow_is_refused(promised_on: date, reason: str, why: str) -> None:
    """V11 and reg. 17(6)."""
    running = statutory("s2_response", s2_requested=date(2025, 5, 12))

    with pytest.raises(ExtensionRefused, match=why):
        check_delay_notice(running, date(2025, 6, 17), promised_on, reason)


def test_only_complexity_extends_stage_1() -> None:
    """V13."""
    rule = BOOK.clock("s1_response", Procedure.STATUTORY, date(2025, 4, 4))
    running = statutory("s1_response", received=date(2025, 4, 4))

    assert check_extension(rule, running, "complex", date(2025, 4, 22)) == date(2025, 5, 7)
    with pytest.raises(ExtensionRefused, match="Only a complex complaint may take longer"):
        check_extension(rule, running, "staff leave", date(2025, 4, 22))
    with pytest.raises(ExtensionRefused, match="needs a reason"):
        check_extension(rule, running, "", date(2025, 4, 22))


def test_complexity_decided_on_day_11_extends_nothing() -> None:
    rule = BOOK.clock("s1_response", Procedure.STATUTORY, date(2025, 4, 4))
    running = statutory("s1_response", received=date(2025, 4, 4))
    late = statutory("s1_response", received=date(2025, 4, 4), complex_decided=date(2025, 4, 23))

    with pytest.raises(ExtensionRefused, match="it moves nothing"):
        check_extension(rule, running, "complex", date(2025, 4, 23))
    assert late.due_on == date(2025, 4, 22)
    assert any("too late, it moves nothing" in line for line in late.trace)


def test_stage_1_is_extended_once() -> None:
    rule = BOOK.clock("s1_response", Procedure.STATUTORY, date(2025, 4, 4))
    extended = statutory("s1_response", received=date(2025, 4, 4), complex_decided=date(2025, 4, 22))

    assert extended.is_extended
    assert (extended.due_on, extended.length) == (date(2025, 5, 7), "20 working days")
    with pytest.raises(ExtensionRefused, match="extended once"):
        check_extension(rule, extended, "complex", date(2025, 4, 22))


def test_a_panel_cannot_be_extended() -> None:
    rule = BOOK.clock("s3_panel_meets", Procedure.STATUTORY, date(2025, 4, 4))

    with pytest.raises(ExtensionRefused, match="cannot be extended"):
        check_extension(rule, statutory("s3_panel_meets", s3_requested=date(2025, 4, 4)), "complex", date(2025, 4, 4))


def test_a_corporate_stage_1_extension_does_not_extend_stage_2() -> None:
    events = {
        Event.RECEIVED: date(2026, 5, 20),
        Event.ACKNOWLEDGED: date(2026, 5, 21),
        Event.EXTENDED: date(2026, 6, 5),
        Event.S2_ACKNOWLEDGED: date(2026, 9, 2),
    }

    assert due(Procedure.CORPORATE, "s1_response", events) == date(2026, 6, 19)
    assert due(Procedure.CORPORATE, "s2_response", events) == date(2026, 9, 30)


def test_the_window_for_a_panel_runs_from_the_day_the_notice_was_received() -> None:
    """V14: sent Friday 1 August 2025 by post, received Monday 4 August."""
    found = statutory("s3_request_window", s2_notice_sent=date(2025, 8, 1), s2_notice_received=date(2025, 8, 4))

    assert found.due_on == date(2025, 9, 2)


def test_a_panel_asked_for_on_day_21_still_starts_the_panels_clock() -> None:
    """V15: late is a question for a person; nothing here refuses it."""
    events = {"s2_notice_received": date(2025, 8, 4), "s3_requested": date(2025, 9, 3)}
    window = statutory("s3_request_window", **events)

    assert judge(window.due_on, events["s3_requested"], TODAY) is Timeliness.LATE
    assert statutory("s3_panel_meets", **events).due_on == date(2025, 10, 15)


def test_wales_has_its_own_clocks() -> None:
    """V16."""
    received = {Event.RECEIVED: date(2025, 4, 16)}
    acknowledged = received | {Event.ACKNOWLEDGED: date(2025, 4, 17)}
    recorded = acknowledged | {Event.RECORD_FINAL: date(2025, 5, 6)}

    assert due(Procedure.STATUTORY, "acknowledgement", received, WALES) == date(2025, 4, 22)
    assert due(Procedure.STATUTORY, "s1_discussion", acknowledged, WALES) == date(2025, 5, 6)
    assert due(Procedure.STATUTORY, "s2_response", recorded, WALES) == date(2025, 6, 11)


def test_a_day_proclaimed_inside_an_open_clock_moves_its_date() -> None:
    """V17."""
    events = {Event.RECEIVED: date(2026, 5, 1)}
    proclaimed = WorkingCalendar.of("england", added={date(2026, 5, 8): "a royal wedding"})
    before = of(Procedure.STATUTORY, "s1_response", events)
    after = of(Procedure.STATUTORY, "s1_response", events, proclaimed)

    assert (before.due_on, after.due_on) == (date(2026, 5, 18), date(2026, 5, 19))
    assert before.calendar_version != after.calendar_version
    assert "Friday 8 May 2026 is not counted: a royal wedding." in after.trace


@pytest.mark.parametrize(
    ("received", "due_on"),
    [
        (date(2026, 6, 20), date(2026, 7, 20)),
        (date(2026, 7, 2), date(2026, 8, 3)),  # day 30 is Saturday 1 August
        (date(2026, 8, 1), date(2026, 9, 1)),  # day 30 is the bank holiday of Monday 31 August
    ],
)
def test_a_data_protection_complaint_is_acknowledged_in_thirty_days_that_end_on_a_working_day(
    received: date, due_on: date
) -> None:
    """V18."""
    assert due(Procedure.DATA_PROTECTION, "acknowledgement", {Event.RECEIVED: received}) == due_on


# Where stage 2 starts (reg. 17(4), (5))


def test_stage_2_of_an_oral_complaint_starts_with_the_final_written_record() -> None:
    events = {Event.S2_REQUESTED: date(2025, 5, 12), Event.RECORD_FINAL: date(2025, 5, 19)}

    assert due(Procedure.STATUTORY, "s2_response", events) == date(2025, 6, 17)
    assert due(Procedure.STATUTORY, "s2_response", events, oral=True) == date(2025, 6, 24)


def test_an_oral_complaint_at_stage_2_has_a_clock_for_its_record_until_it_has_one() -> None:
    asked = {Event.S2_REQUESTED: date(2025, 5, 12)}
    names = {one.clock for one in BOOK.deadlines(Procedure.STATUTORY, asked, ENGLAND, oral=True)}

    assert "s2_written_record" in names
    assert "s2_response" not in names
    assert "s2_written_record" not in {one.clock for one in BOOK.deadlines(Procedure.STATUTORY, asked, ENGLAND)}


def test_stage_2_starts_on_the_day_that_skipping_stage_1_was_agreed() -> None:
    found = statutory("s2_response", s2_requested=date(2025, 5, 12), skip_s1_agreed=date(2025, 5, 14))

    assert (found.base_event, found.due_on) == (Event.SKIP_S1_AGREED, date(2025, 6, 19))


def test_papers_go_out_ten_working_days_before_the_panel() -> None:
    """Back from Thursday 12 June 2025 over the bank holiday of 26 May: 11, 10, 9, 6, 5, 4, 3, 2 June, 30, 29 May."""
    assert statutory("s3_papers_out", panel=date(2025, 6, 12)).due_on == date(2025, 5, 29)


# In time or late


@pytest.mark.parametrize(
    ("stopped_on", "today", "verdict"),
    [
        (date(2025, 4, 22), date(2025, 5, 1), Timeliness.IN_TIME),
        (date(2025, 4, 23), date(2025, 5, 1), Timeliness.LATE),
        (None, date(2025, 4, 22), Timeliness.OPEN_IN_TIME),
        (None, date(2025, 4, 23), Timeliness.OPEN_LATE),
        (date(2025, 4, 24), date(2025, 4, 20), Timeliness.OPEN_IN_TIME),  # a panel planned for later has not met
        (date(2025, 4, 24), date(2025, 4, 23), Timeliness.OPEN_LATE),
    ],
)
def test_due_means_by_the_end_of_the_day(stopped_on: date | None, today: date, verdict: Timeliness) -> None:
    assert judge(date(2025, 4, 22), stopped_on, today) is verdict


def test_an_open_clock_is_late_by_the_working_days_until_today() -> None:
    assert working_days_late(date(2025, 4, 17), None, date(2025, 4, 19), ENGLAND) == 0
    assert working_days_late(date(2025, 4, 17), None, date(2025, 4, 23), ENGLAND) == 2
    assert working_days_late(date(2025, 4, 17), date(2025, 4, 22), date(2025, 5, 23), ENGLAND) == 1


def test_the_first_of_the_stopping_events_stops_a_clock() -> None:
    found = statutory("s1_response", received=date(2025, 4, 4))

    assert found.stopped_on({Event.S1_RESOLVED: date(2025, 4, 9), Event.S1_REPLY_SENT: date(2025, 4, 11)}) == date(2025, 4, 9)
    assert found.stopped_on({Event.RECEIVED: date(2025, 4, 4)}) is None
