"""Clocks: whole cases and the tables of law.md 9.4 to 9.10, each date worked out there by hand."""

import re
from datetime import date
from pathlib import Path

import pytest

from procedures.terms import Event, Procedure
from procedures.working_days import WorkingCalendar
from tests.law.counting import BOOK, ENGLAND, NORTHERN_IRELAND, SCOTLAND, WALES, corporate, due, of, statutory
from tests.law.tables import dated_rows


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


def test_each_of_the_eighteen_other_vectors_is_named_by_the_test_that_holds_it() -> None:
    """law.md 9.11. The tables A to H are files beside the tests, or stand above."""
    tests = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    named = {int(found) for text in tests for found in re.findall(r"\bV([0-9]+)\b", text)}

    assert named == set(range(1, 19))
