"""Clocks: what starts them, where they end, what stops and extends them, and how that is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.clocks import (
    ClockRule,
    Counting,
    Deadline,
    ExtensionRefused,
    check_delay_notice,
    check_extension,
    deadline,
    explain,
    judge,
    months_later,
    working_days_late,
)
from procedures.rulebook import read_rulebook
from procedures.terms import ClockKind, Event, Procedure, Timeliness
from procedures.working_days import WorkingCalendar
from tests.law.tables import dated_rows

ENGLAND = WorkingCalendar.of("england")
WALES = WorkingCalendar.of("wales")
SCOTLAND = WorkingCalendar.of("scotland")
NORTHERN_IRELAND = WorkingCalendar.of("northern_ireland")
BOOK = read_rulebook()
TODAY = date(2026, 11, 22)


def of(
    procedure: Procedure, clock: str, events: Mapping[Event, date], calendar: WorkingCalendar = ENGLAND, *, oral: bool = False
) -> Deadline:
    """The deadline of one clock, which must have started."""
    return next(one for one in BOOK.deadlines(procedure, events, calendar, oral=oral) if one.clock == clock)


def due(
    procedure: Procedure, clock: str, events: Mapping[Event, date], calendar: WorkingCalendar = ENGLAND, *, oral: bool = False
) -> date:
    return of(procedure, clock, events, calendar, oral=oral).due_on


def statutory(clock: str, **events: date) -> Deadline:
    """The deadline of a clock of England's statutory procedure; events by name."""
    return of(Procedure.STATUTORY, clock, {Event(name): day for name, day in events.items()})


def corporate(clock: str, **events: date) -> Deadline:
    return of(Procedure.CORPORATE, clock, {Event(name): day for name, day in events.items()})


# Whole cases (law.md 9.4 to 9.10)


@pytest.mark.parametrize("row", dated_rows("whole_cases.csv"), ids=lambda row: str(row["received"]))
def test_a_whole_statutory_case_has_the_dates_of_table_b(row: dict[str, date]) -> None:
    events = {
        Event.RECEIVED: row["received"],
        Event.S1_REPLY_RECEIVED: row["s1_reply_received"],
        Event.S2_REQUESTED: row["s2_requested"],
        Event.S2_NOTICE_RECEIVED: row["s2_notice_received"],
        Event.S3_REQUESTED: row["s3_requested"],
    }
    found = {one.clock: one for one in BOOK.deadlines(Procedure.STATUTORY, events, ENGLAND)}

    assert found["s1_response"].due_on == row["s1_due"]
    assert found["s1_response"].longest_on == row["s1_extended"]
    assert found["s2_request_window"].due_on == row["s2_advice"]
    assert found["s2_response"].due_on == found["s2_delay_notice"].due_on == row["s2_25"]
    assert found["s2_response"].longest_on == row["s2_65"]
    assert found["s3_request_window"].due_on == row["s3_request_by"]
    assert found["s3_ack"].due_on == row["s3_ack"]
    assert found["s3_panel_meets"].due_on == row["panel_by"]


@pytest.mark.parametrize("row", dated_rows("panels.csv"), ids=lambda row: str(row["panel"]))
def test_a_panel_has_the_dates_of_table_c(row: dict[str, date]) -> None:
    assert statutory("s3_panel_report", panel=row["panel"]).due_on == row["report_due"]
    assert statutory("s3_la_response", recommendations_received=row["recommendations_received"]).due_on == row["response_due"]


@pytest.mark.parametrize("row", dated_rows("complaint_handling_code.csv"), ids=lambda row: str(row["received"]))
def test_a_corporate_case_has_the_dates_of_table_d(row: dict[str, date]) -> None:
    received, acknowledged = row["received"], row["acknowledged"]
    stage_1 = corporate("s1_response", received=received, acknowledged=acknowledged)
    stage_2 = corporate("s2_response", received=received, s2_acknowledged=acknowledged)

    assert corporate("acknowledgement", received=received).due_on == row["ack_due"]
    assert (stage_1.due_on, stage_1.longest_on) == (row["s1_due"], row["s1_extended"])
    assert (
        corporate("s1_response", received=received, acknowledged=row["ack_due"]).due_on == row["s1_due_if_acknowledged_last_day"]
    )
    assert (stage_2.due_on, stage_2.longest_on) == (row["s2_due"], row["s2_extended"])


@pytest.mark.parametrize(
    ("events", "start", "due_on", "complex_on"),
    [
        ({}, date(2025, 3, 10), date(2025, 3, 24), date(2025, 4, 7)),
        (
            {Event.ADVOCATE_REQUESTED: date(2025, 3, 10), Event.ADVOCATE_APPOINTED: date(2025, 3, 24)},
            date(2025, 3, 24),
            date(2025, 4, 7),
            date(2025, 4, 23),
        ),
        ({Event.INTEREST_DECIDED: date(2025, 3, 14)}, date(2025, 3, 14), date(2025, 3, 28), date(2025, 4, 11)),
        ({Event.AGREED_START: date(2025, 4, 22)}, date(2025, 4, 22), date(2025, 5, 7), date(2025, 5, 21)),
        (
            {Event.RECEIVED: date(2026, 3, 27), Event.ADVOCATE_APPOINTED: date(2026, 4, 8)},
            date(2026, 4, 8),
            date(2026, 4, 22),
            date(2026, 5, 7),
        ),
        ({Event.RECEIVED: date(2026, 2, 8)}, date(2026, 2, 8), date(2026, 2, 20), date(2026, 3, 6)),
        ({Event.RECEIVED: date(2026, 12, 26)}, date(2026, 12, 26), date(2027, 1, 12), date(2027, 1, 26)),
    ],
    ids=["written", "advocate", "grandparent", "later date agreed", "advocate over Easter", "a Sunday", "Boxing Day"],
)
def test_stage_1_starts_as_in_table_e(events: dict[Event, date], start: date, due_on: date, complex_on: date) -> None:
    found = of(Procedure.STATUTORY, "s1_response", {Event.RECEIVED: date(2025, 3, 10)} | events)

    assert (found.base_on, found.due_on, found.longest_on) == (start, due_on, complex_on)


def test_an_advocate_already_in_post_moves_nothing() -> None:
    """V12."""
    received = date(2025, 3, 10)

    found = statutory("s1_response", received=received, advocate_requested=received, advocate_appointed=date(2024, 11, 4))

    assert (found.base_event, found.base_on) == (Event.RECEIVED, received)


def test_an_advocate_asked_for_after_the_clock_ran_out_moves_nothing() -> None:
    """U3: only if asked for by Monday 24 March."""
    asked_late = statutory(
        "s1_response", received=date(2025, 3, 10), advocate_requested=date(2025, 3, 25), advocate_appointed=date(2025, 3, 27)
    )
    asked_in_time = statutory(
        "s1_response", received=date(2025, 3, 10), advocate_requested=date(2025, 3, 24), advocate_appointed=date(2025, 3, 27)
    )

    assert asked_late.due_on == date(2025, 3, 24)
    assert asked_in_time.due_on == date(2025, 4, 10)


def test_the_latest_of_two_later_starts_counts() -> None:
    found = statutory(
        "s1_response", received=date(2025, 3, 10), interest_decided=date(2025, 3, 14), advocate_appointed=date(2025, 3, 24)
    )

    assert (found.base_event, found.due_on) == (Event.ADVOCATE_APPOINTED, date(2025, 4, 7))


@pytest.mark.parametrize("row", dated_rows("years_and_months.csv"), ids=lambda row: str(row["event"]))
def test_years_and_months_end_as_in_table_f(row: dict[str, date]) -> None:
    received = {Event.RECEIVED: row["event"]}

    assert due(Procedure.STATUTORY, "late_limit", {Event.GROUNDS_AROSE: row["event"]}) == row["one_year"]
    assert due(Procedure.STATUTORY, "resubmit_after_hold", {Event.CONCURRENT_ENDED: row["event"]}) == row["one_year"]
    assert due(Procedure.STATUTORY, "ombudsman_limit", {Event.COMPLAINANT_KNEW: row["event"]}) == row["one_year"]
    assert due(Procedure.ADULTS, "response", received) == row["six_months_commencing"]
    assert due(Procedure.PUBLIC_HEALTH, "response", received) == row["six_months_commencing"]
    recorded = received | {Event.RECORD_FINAL: row["event"]}
    assert of(Procedure.STATUTORY, "s2_response", recorded, WALES).longest_on == row["six_months_commencing"]
    assert (
        due(Procedure.STATUTORY, "resubmit_after_hold", {Event.CONCURRENT_ENDED: row["event"]}, WALES) == row["six_months_after"]
    )


@pytest.mark.parametrize("row", dated_rows("nations.csv"), ids=lambda row: str(row["received"]))
def test_other_nations_have_the_dates_of_table_g(row: dict[str, date]) -> None:
    received = {Event.RECEIVED: row["received"]}
    frontline = of(Procedure.STATUTORY, "s1_response", received, SCOTLAND)

    assert (frontline.due_on, frontline.longest_on) == (row["scotland_s1"], row["scotland_s1_extended"])
    assert due(Procedure.STATUTORY, "s2_response", {Event.S2_REQUESTED: row["received"]}, SCOTLAND) == row["scotland_s2"]
    assert due(Procedure.STATUTORY, "response", received, NORTHERN_IRELAND) == row["northern_ireland_28"]


def test_scotland_counts_a_sunday_receipt_from_monday() -> None:
    """Day 1 is Monday 2 March 2026, day 5 Friday 6 March."""
    assert due(Procedure.STATUTORY, "s1_response", {Event.RECEIVED: date(2026, 3, 1)}, SCOTLAND) == date(2026, 3, 6)


@pytest.mark.parametrize("row", dated_rows("closure_days.csv"), ids=lambda row: str(row["received"]))
def test_closure_days_move_corporate_dates_only(row: dict[str, date]) -> None:
    closed = WorkingCalendar.of("england", added={date(2025, 12, day): "offices closed" for day in (29, 30, 31)})
    events = {Event.RECEIVED: row["received"], Event.ACKNOWLEDGED: row["received"]}
    by_law = BOOK.deadlines(Procedure.STATUTORY, events, ENGLAND, local_calendar=closed)
    by_policy = BOOK.deadlines(Procedure.CORPORATE, events, ENGLAND, local_calendar=closed)
    statutory_s1 = next(one for one in by_law if one.clock == "s1_response")
    corporate_s1 = next(one for one in by_policy if one.clock == "s1_response")

    assert (statutory_s1.due_on, statutory_s1.longest_on) == (row["right_10"], row["right_20"])
    assert (corporate_s1.due_on, corporate_s1.longest_on) == (row["wrong_10"], row["wrong_20"])
    assert corporate_s1.calendar_version == closed.version


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


# In words


def test_a_parent_is_told_the_date_and_which_days_are_not_counted() -> None:
    assert explain(statutory("s1_response", received=date(2025, 4, 4))) == (
        "You should hear by Tuesday 22 April 2025. That is 10 working days after Friday 4 April; "
        "we do not count weekends, Good Friday (18 April) or Easter Monday (21 April)."
    )


def test_a_parent_is_told_the_year_when_it_changes() -> None:
    assert explain(statutory("s1_response", received=date(2025, 12, 24))) == (
        "You should hear by Monday 12 January 2026. That is 10 working days after Wednesday 24 December 2025; "
        "we do not count weekends, Christmas Day (25 December), Boxing Day (26 December) or New Year's Day (1 January)."
    )


def test_weekends_alone_are_named_alone() -> None:
    assert explain(statutory("s1_response", received=date(2025, 3, 10))).endswith("we do not count weekends.")


def test_periods_of_other_kinds_are_told_too() -> None:
    commencing = of(Procedure.ADULTS, "response", {Event.RECEIVED: date(2025, 3, 10)})
    thirty = of(Procedure.DATA_PROTECTION, "acknowledgement", {Event.RECEIVED: date(2026, 6, 20)})

    assert explain(commencing) == (
        "You should have our answer by Tuesday 9 September 2025. That is 6 months, and Monday 10 March is the first day."
    )
    assert explain(thirty) == (
        "You should hear from us about your personal information by Monday 20 July 2026. That is 30 days after Saturday 20 June."
    )
    assert explain(statutory("s3_papers_out", panel=date(2025, 6, 12))) == (
        "You should have the panel's papers by Thursday 29 May 2025. That is 10 working days before Thursday 12 June."
    )


def test_the_trace_shows_start_day_1_skipped_days_end_and_authority() -> None:
    assert statutory("s1_response", received=date(2025, 4, 4), complex_decided=date(2025, 4, 22)).trace == (
        "It counts from Friday 4 April 2025 (received).",
        "Day 1 is Monday 7 April 2025. Saturdays and Sundays are not counted.",
        "Friday 18 April 2025 is not counted: Good Friday.",
        "Monday 21 April 2025 is not counted: Easter Monday.",
        "10 working days: Tuesday 22 April 2025.",
        "Complex decided on Tuesday 22 April 2025, in time: at most 20 working days, until Wednesday 7 May 2025 "
        "(SI 2006/1738, reg. 14(5)).",
        "By SI 2006/1738, reg. 14(1), (3), (4).",
    )


def test_a_clock_without_a_number_has_no_date() -> None:
    rule = BOOK.clock("response", Procedure.DATA_PROTECTION, date(2026, 7, 1))

    assert deadline(rule, {Event.RECEIVED: date(2026, 7, 1)}, ENGLAND) is None


def test_a_clock_that_has_not_started_has_no_date() -> None:
    rule = BOOK.clock("s1_response", Procedure.CORPORATE, date(2026, 7, 1))

    assert deadline(rule, {Event.RECEIVED: date(2026, 7, 1)}, ENGLAND) is None


# Properties

RULES = [rule for rule in BOOK.clocks if rule.nation == "england" and rule.working_days and rule.counts is Counting.AFTER]
starts = st.dates(date(2010, 1, 1), date(2033, 12, 31))


@given(st.sampled_from(RULES), starts, st.integers(0, 40))
def test_a_deadline_in_working_days_is_a_working_day_with_so_many_days_before_it(
    rule: ClockRule, start: date, decided: int
) -> None:
    events = dict.fromkeys((*rule.starts_on, *rule.oral_starts_on), start)
    if rule.extension:
        events[rule.extension.decided_by] = start + timedelta(days=decided)
    found = deadline(rule, events, ENGLAND, oral=rule.oral_only)

    assert found is not None
    assert ENGLAND.is_working_day(found.due_on)
    assert found.length == f"{ENGLAND.count_working_days(start, found.due_on)} working days" or found.length == "1 working day"
    assert found.first_due_on <= found.due_on <= (found.longest_on or found.due_on)


@given(st.sampled_from(RULES), starts)
def test_counting_again_from_the_same_events_gives_the_same_deadline(rule: ClockRule, start: date) -> None:
    events = dict.fromkeys(rule.starts_on, start)

    assert deadline(rule, events, ENGLAND) == deadline(rule, events, WorkingCalendar.of("england"))


@given(st.sampled_from(RULES), starts, starts)
def test_a_new_holiday_never_makes_a_deadline_earlier(rule: ClockRule, start: date, proclaimed: date) -> None:
    events = dict.fromkeys(rule.starts_on, start)
    before = deadline(rule, events, ENGLAND, oral=rule.oral_only)
    after = deadline(rule, events, WorkingCalendar.of("england", added={proclaimed: "proclaimed"}), oral=rule.oral_only)

    assert (before is None) == (after is None)
    assert before is None or after is None or after.due_on >= before.due_on


@given(starts, st.integers(0, 36))
def test_a_month_later_is_never_in_the_month_after_that(day: date, number: int) -> None:
    later = months_later(day, number)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == number
    assert later.day <= day.day


def test_a_rule_names_itself_for_ever() -> None:
    rule = BOOK.clock("s1_response", Procedure.STATUTORY, date(2026, 7, 1))

    assert rule.rule_id == "england.statutory.s1_response@2006-09-01"
    assert replace(rule, kind=ClockKind.LOCAL).rule_id == rule.rule_id


@given(st.permutations(list(range(12))), st.sampled_from([Procedure.STATUTORY, Procedure.CORPORATE, Procedure.UNDECIDED]))
def test_the_order_in_which_events_are_known_changes_nothing(order: list[int], procedure: Procedure) -> None:
    happened = [
        (Event.RECEIVED, date(2025, 4, 4)),
        (Event.ACKNOWLEDGED, date(2025, 4, 8)),
        (Event.ADVOCATE_REQUESTED, date(2025, 4, 8)),
        (Event.ADVOCATE_APPOINTED, date(2025, 4, 11)),
        (Event.COMPLEX_DECIDED, date(2025, 4, 24)),
        (Event.EXTENDED, date(2025, 4, 24)),
        (Event.S1_REPLY_SENT, date(2025, 5, 9)),
        (Event.S2_REQUESTED, date(2025, 5, 12)),
        (Event.S2_ACKNOWLEDGED, date(2025, 5, 14)),
        (Event.DELAY_NOTICE, date(2025, 6, 16)),
        (Event.S2_NOTICE_RECEIVED, date(2025, 8, 4)),
        (Event.S3_REQUESTED, date(2025, 8, 20)),
    ]
    known = BOOK.deadlines(procedure, dict(happened), ENGLAND)

    assert BOOK.deadlines(procedure, dict(happened[at] for at in order), ENGLAND) == known
    assert [one.trace for one in BOOK.deadlines(procedure, dict(happened[at] for at in order), ENGLAND)] == [
        one.trace for one in known
    ]
