"""What councils have published differs in number, unit, extension and base (law.md 2.2): each can be said, and counts."""

from datetime import date

import pytest

from procedures.own_numbers import OwnNumber, read_own_number
from procedures.rulebook import RulebookError, read_rulebook
from procedures.terms import ClockKind, Event, Procedure
from procedures.working_days import WorkingCalendar

ENGLAND = WorkingCalendar.of("england")
RECEIVED = date(2026, 3, 2)
"""A Monday; Good Friday is 3 April, Easter Monday 6 April 2026."""
EVENTS = {
    Event.RECEIVED: RECEIVED,
    Event.ACKNOWLEDGED: date(2026, 3, 4),
    Event.S1_REPLY_SENT: date(2026, 3, 20),
    Event.S2_REQUESTED: date(2026, 3, 23),
    Event.S2_ACKNOWLEDGED: date(2026, 3, 25),
}
COUNCILS = {  # the table of law.md 2.2: council, clock, what it publishes, due, longest (both worked out by hand)
    "Slough ack": ("acknowledgement", "2", date(2026, 3, 4), None),
    "Slough stage 1": ("s1_response", "15 + 0 from received", date(2026, 3, 23), None),
    "Slough stage 2": ("s2_response", "20 + 0 from s2_requested", date(2026, 4, 22), None),
    "Slough stage 2 ack": ("s2_acknowledgement", "2", date(2026, 3, 25), None),
    "Greenwich window": ("s2_request_window", "20", date(2026, 4, 21), None),
    "Buckinghamshire stage 1": ("s1_response", "20 from received", date(2026, 3, 30), date(2026, 4, 15)),
    "Stockton ack": ("acknowledgement", "1", date(2026, 3, 3), None),
    "Stockton stage 1": ("s1_response", "25 + 0 from received", date(2026, 4, 8), None),
    "Stockton stage 2 ack": ("s2_acknowledgement", "3", date(2026, 3, 26), None),
    "North Warwickshire stage 1": ("s1_response", "20 + 10 from received", date(2026, 3, 30), date(2026, 4, 15)),
    "North Warwickshire window": ("s2_request_window", "28 days", date(2026, 4, 17), None),
    "Brent stage 2": ("s2_response", "30", date(2026, 5, 11), date(2026, 6, 9)),
    "Welwyn Hatfield ack": ("acknowledgement", "3", date(2026, 3, 5), None),
    "Welwyn Hatfield stage 1": ("s1_response", "10 + 10", date(2026, 3, 18), date(2026, 4, 1)),
    "Walsall window": ("s2_request_window", "1 month", date(2026, 4, 20), None),
    "Cumberland window": ("s2_request_window", "10", date(2026, 4, 7), None),
    "Shropshire before the Code": ("s1_response", "30 days from received", date(2026, 4, 1), None),
}


@pytest.mark.parametrize(("clock", "says", "due_on", "longest_on"), COUNCILS.values(), ids=COUNCILS)
def test_a_policy_that_a_council_has_published_counts_as_it_says(
    clock: str, says: str, due_on: date, longest_on: date | None
) -> None:
    book = read_rulebook({"corporate": {clock: read_own_number(says)}})
    found = next(one for one in book.deadlines(Procedure.CORPORATE, EVENTS, ENGLAND) if one.clock == clock)

    assert (found.due_on, found.longest_on) == (due_on, longest_on)
    assert found.authority.startswith("the council's own policy, in place of")
    assert found.kind in (ClockKind.LOCAL, ClockKind.ADVISORY)


@pytest.mark.parametrize("number", [2, 3, 5])
def test_the_target_for_an_acknowledgement_of_the_statutory_procedure_is_the_councils(number: int) -> None:
    """Bexley 2, North Somerset, Herefordshire and Doncaster 3, Norfolk 5."""
    book = read_rulebook({"statutory": {"acknowledgement": number}})

    assert book.clock("acknowledgement", Procedure.STATUTORY, RECEIVED).working_days == number


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("15", OwnNumber(15)),
        (" 1 working day ", OwnNumber(1)),
        ("28 days", OwnNumber(28, "days")),
        ("1 month", OwnNumber(1, "months")),
        ("20 + 10", OwnNumber(20, longer=10)),
        ("20+0 from received", OwnNumber(20, longer=0, counts_from="received")),
    ],
)
def test_a_period_is_read_and_written_as_in_the_settings(text: str, own: OwnNumber) -> None:
    assert read_own_number(text) == own
    assert read_own_number(str(own)) == own


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "5.5", "10 weeks", "10 + soon", "10 from", "10 from Received", "1000", "10 10"]
)
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="not a number, such as 15"):
        read_own_number(text)


@pytest.mark.parametrize(
    ("procedure", "clock", "says", "why_not"),
    [
        ("statutory", "s1_response", "15", "the law sets this number"),
        ("statutory", "s3_request_window", "30", "the law sets this number"),
        ("adults", "response", "3 months", "the law sets this number"),
        ("corporate", "s9_response", "10", "there is no such clock"),
        ("corporate", "s1_response", "0", "1 or more"),
        ("corporate", "s1_response", "10 from lunch", "no event 'lunch'"),
        ("corporate", "s1_response", "10 from s1_reply_sent", "is what stops it"),
        ("corporate", "acknowledgement", "5 + 5", "takes a second number"),
        ("corporate", "s1_response", "30 days + 10", "takes a second number"),
    ],
)
def test_what_a_council_cannot_set_is_refused_with_the_reason(procedure: str, clock: str, says: str, why_not: str) -> None:
    with pytest.raises(RulebookError, match=why_not):
        read_rulebook({procedure: {clock: read_own_number(says)}})


def test_the_corporate_window_has_no_date_until_the_council_sets_one() -> None:
    """The Code, 5.7: no number, and a request is not refused for being late."""
    names = {one.clock for one in read_rulebook().deadlines(Procedure.CORPORATE, EVENTS, ENGLAND)}

    assert "s2_request_window" not in names


def test_both_counts_of_stage_1_are_seen_and_only_one_is_chased() -> None:
    """law.md 2.1: report 10 days of the acknowledgement and 15 of receipt. Acknowledged late, on Monday 16 March 2026."""
    late = {Event.RECEIVED: RECEIVED, Event.ACKNOWLEDGED: date(2026, 3, 16)}
    found = {one.clock: one for one in read_rulebook().deadlines(Procedure.CORPORATE, late, ENGLAND)}

    assert found["s1_response"].due_on == date(2026, 3, 30)
    assert found["s1_from_receipt"].due_on == date(2026, 3, 23)
    assert found["s1_from_receipt"].kind is ClockKind.ADVISORY
