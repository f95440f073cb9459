"""Clocks: what holds of every rule and every day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from procedures.clocks import (
    ClockRule,
    Counting,
    deadline,
    months_later,
)
from procedures.terms import ClockKind, Event, Procedure
from procedures.working_days import WorkingCalendar
from tests.law.counting import BOOK, ENGLAND

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
