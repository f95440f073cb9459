"""Clocks: how a date and its counting are told to a parent and to an officer."""

from datetime import date

from procedures.clocks import (
    deadline,
    explain,
)
from procedures.terms import Event, Procedure
from tests.law.counting import BOOK, ENGLAND, of, statutory


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
