"""What cannot be is refused in words, by its rule, and nothing is changed: days, grounds, extensions, answers."""

import json
from typing import Any

import pytest

from tests.commands.hearing import MANAGER, OFFICER, Heard, the_day

FRIDAY = "2025-03-14"
NEXT = "TOMORROW"
"""Stands for the day after the one on which the command is given: a run may go over midnight."""
A_CHRISTMAS_AHEAD = f"{the_day().year + 1}-12-25"


def a_statutory_case(heard: Heard, *issues: str) -> str:
    """Received on Monday 10 March 2025: stage 1 ends on Monday 24."""
    reference = heard.log("--email", "r.green@family.example")
    done(heard, "case", "route", reference, "statutory", "--why", "a looked-after child")
    for words in issues:
        done(heard, "case", "issue", "add", reference, words)
    return reference


def done(heard: Heard, *words: str) -> None:
    said = heard(*words, person=OFFICER)
    assert said.code == 0, said.err


def everything(heard: Heard, reference: str) -> Any:
    """The case with all that hangs on it, and what waits to be sent."""
    return json.dumps([heard.show(reference), heard("outbox", "list", "--all", "--json").json], sort_keys=True)


def refused(heard: Heard, reference: str, rows: list[tuple[tuple[str, ...], int, str]]) -> bool:
    """Whether the case is as it was, after each was refused with its words and its code."""
    before = everything(heard, reference)
    for words, code, told in rows:
        said = heard(*({"REF": reference, NEXT: str(the_day(1))}.get(word, word) for word in words), person=OFFICER)
        assert (said.code, said.out) == (code, ""), (words, said.flat)
        assert told in said.flat, (words, said.flat)
    is_as_it_was: bool = everything(heard, reference) == before
    return is_as_it_was


def record(event: str, *more: str) -> tuple[str, ...]:
    return ("case", "record", "REF", event, *more)


def test_a_day_that_cannot_be_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    reference = a_statutory_case(heard_here)
    asked = "advocacy_offered"
    assert refused(
        heard_here,
        reference,
        [
            (record(asked, "--on", NEXT), 1, "has not come yet"),
            (record(asked, "--on", "2025-03-09"), 1, "is before it was received, on Monday 10 March 2025"),
            (record(asked, "--on", "2025-02-29"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "2025-03-32"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "14/03/2025"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "20250314"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "2025-W11-5"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "yesterday"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", "２０２５-03-14"), 2, "YYYY-MM-DD"),
            (record(asked, "--on", f"{FRIDAY}T10:00"), 2, "YYYY-MM-DD"),
            (record("grounds_arose", "--on", "2025-03-11"), 1, "is after it was received"),
            (record("agreed_start", "--on", A_CHRISTMAS_AHEAD, "--why", "she wrote"), 1, "is a bank holiday (Christmas Day)"),
            (record("lunch", "--on", FRIDAY), 1, "'lunch' is no event"),
            (("case", "correct", "REF", "received", "--on", NEXT, "--why", "typed wrong"), 1, "has not come yet"),
            (("case", "correct", "REF", "received", "--on", "2025-02-29", "--why", "typed wrong"), 2, "YYYY-MM-DD"),
            (("case", "correct", "REF", "received", "--on", FRIDAY), 1, "needs its reason"),
            (("case", "correct", "REF", "received", "--never", "--why", "a mistake"), 1, "cannot be taken back"),
            (("calendar", "holiday", "2027-02-29", "--name", "Leap day"), 2, "YYYY-MM-DD"),
        ],
    )


def test_longer_time_that_the_law_does_not_give_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    reference = a_statutory_case(heard_here)
    why = ("--why", "three agencies over two years")
    assert refused(
        heard_here,
        reference,
        [
            (record("complex_decided", "--on", "2025-03-25", *why), 1, "the clock ended on Monday 24 March 2025"),  # day 11
            (record("complex_decided", "--on", "2025-03-24", *why), 1, "after it (SI 2006/1738, reg. 14(5))"),
            (record("complex_decided", "--on", "2025-03-20"), 1, "SI 2006/1738, reg. 14(5)"),
            (record("complex_decided", "--on", "2025-03-20", "--why", " "), 1, "Say what makes it complex"),
            (record("complex_decided", "--on", "2025-03-20", "--why", "staff leave"), 1, "is no ground"),
            (record("complex_decided", "--on", "2025-03-20", "--until", "2025-09-01", *why), 1, "leave --until out"),
            (record("extended", "--on", "2025-03-20", *why), 1, "The statutory procedure has no clock that extended"),
            (record("agreed_end", "--on", "2025-05-01", *why), 1, "The statutory procedure has no clock that agreed end"),
            (record("delay_notice", "--on", "2025-03-20", *why), 1, "needs stage 2 requested"),
            (record("s2_requested", "--on", "2025-03-20"), 1, "Stage 1 has not been answered and runs until Monday 24 March"),
        ],
    )


def test_a_local_extension_that_they_would_hear_of_after_the_clock_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    """Complaint Handling Code 6.4: they are told of it, and why. Acknowledged on Tuesday 11, stage 1 ends on 25 March 2025."""
    reference = heard_here.log("--email", "r.green@family.example")
    done(heard_here, "case", "route", reference, "corporate", "--why", "a matter of the council's other services")
    issue = ("--issue", "The bins were not collected.", "--answered-by", "Jo Field", "--job", "team manager")
    done(heard_here, "case", "acknowledge", reference, *issue)
    done(heard_here, "case", "correct", reference, "acknowledged", "--on", "2025-03-11", "--why", "sent that day")
    assert refused(
        heard_here,
        reference,
        [
            (record("extended", "--on", "2025-03-26", "--why", "files to read"), 1, "the clock ended on Tuesday 25 March 2025"),
            (
                record("extended", "--on", "2025-03-20", "--why", "files to read"),
                1,
                "after it (LGSCO Complaint Handling Code 2024, 6.4",
            ),
        ],
    )


def test_a_delay_notice_that_the_law_does_not_allow_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    """Asked for on Tuesday 25 March 2025: day 25 is Thursday 1 May, day 65 Monday 30 June."""
    reference = a_statutory_case(heard_here)
    done(heard_here, "case", "record", reference, "s2_requested", "--on", "2025-03-25")
    notice, why = ("delay_notice", "--on", "2025-05-01"), ("--why", "many files")
    assert refused(
        heard_here,
        reference,
        [
            (record(*notice, *why), 1, "A delay notice names a date: add --until (SI 2006/1738, reg. 17(6))"),
            (record(*notice, "--until", "2025-06-30"), 1, "Say the reason"),
            (record(*notice, "--until", "2025-07-01", *why), 1, "the last day is Monday 30 June 2025"),
            (record(*notice, "--until", "2025-05-01", *why), 1, "is within the first period"),
            (record(*notice, "--until", "2025-06-21", *why), 1, "Saturday 21 June 2025 is no working day"),
            (record(*notice, "--until", "2025-05-26", *why), 1, "Monday 26 May 2025 is no working day"),
            (record(*notice, "--until", "2025-02-29", *why), 2, "YYYY-MM-DD"),
            (record("s2_notice_sent", "--on", "2025-05-01"), 1, "independent person appointed first"),
            (record("s3_requested", "--on", "2025-05-01"), 1, "needs stage 2 notice sent"),
        ],
    )


@pytest.mark.parametrize("person", [MANAGER, ""])
def test_who_may_not_decide_changes_nothing(heard_here: Heard, person: str) -> None:
    reference = a_statutory_case(heard_here)
    before = everything(heard_here, reference)

    said = heard_here("case", "record", reference, "complex_decided", "--on", FRIDAY, "--why", "agencies", person=person)

    assert (said.code, said.out) == (1, "")
    assert everything(heard_here, reference) == before


def test_a_hold_without_its_ground_or_its_prejudice_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    """SI 2006/1738, reg. 8(1): one of four grounds, named proceedings, and how considering it now would prejudice them."""
    reference = a_statutory_case(heard_here, "You were moved.", "Nobody calls.")
    put, trial = ("hold", "put", "REF"), ("--proceedings", "the trial at Leeds")
    ground, harm = ("--ground", "criminal_proceedings"), ("--prejudice", "our findings could influence the witnesses")
    assert refused(
        heard_here,
        reference,
        [
            ((*put, "--issue", "2", *trial, *harm), 2, "--ground"),
            ((*put, "--issue", "2", "--ground", "staff_leave", *trial, *harm), 2, "staff_leave"),
            ((*put, "--issue", "2", *ground, *harm), 1, "reg. 8"),
            ((*put, "--issue", "2", *ground, *trial), 1, "reg. 8"),
            ((*put, "--issue", "7", *ground, *trial, *harm), 1, "7"),
            ((*put, *ground, *trial, *harm), 1, "issue"),
            (record("prejudice_decided", "--on", FRIDAY, "--why", "a court is involved"), 1, "hold put"),
        ],
    )


def test_an_answer_with_an_issue_unanswered_is_refused_and_nothing_is_changed(heard_here: Heard) -> None:
    reference = a_statutory_case(heard_here, "You were moved.", "Nobody calls.")
    assert refused(
        heard_here,
        reference,
        [
            (("case", "respond", "REF", "--words", "We are sorry."), 1, "1"),
            (("case", "respond", "REF", "--words", " "), 1, "words"),
            (record("s1_reply_sent", "--on", FRIDAY, "--why", "by post, by me"), 1, "1"),
            (("case", "close", "REF", "--why", "nothing came"), 1, "has had no answer"),
        ],
    )


@pytest.mark.parametrize(
    ("received", "code", "told"),
    [
        (NEXT, 1, "That is in the future"),
        ("2025-02-29", 2, "is not a day or a moment"),
        ("2026-03-29T01:30", 1, "No clock here showed 01:30 on 29 March 2026"),
        ("2005-12-31", 1, "lies outside the calendar"),
        ("the other day", 2, "is not a day or a moment"),
    ],
)
def test_what_was_received_on_no_day_is_not_taken_down(heard_here: Heard, received: str, code: int, told: str) -> None:
    day = str(the_day(1)) if received == NEXT else received
    said = heard_here("log", "--by", "phone", "--words", "Nobody calls.", "--received", day, person=OFFICER)

    assert (said.code, said.out) == (code, "")
    assert told in said.flat
    assert heard_here("case", "list", "--json").json == []


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-02-29", "2024-03-14"),  # a day that only leap years have
        ("2025-12-25", "2026-01-12"),  # Christmas Day: received that day, and day 1 is Monday 29 December
        ("2026-03-29T00:30", "2026-04-14"),  # V6: the night in which clocks go forward, before they do
        ("2026-03-29T02:30", "2026-04-14"),  # and after
        ("2025-10-26T00:30", "2025-11-07"),  # back in autumn: before
        ("2025-10-26T01:30", "2025-11-07"),  # an hour that there is twice
        ("2025-10-25T23:59", "2025-11-07"),  # the Saturday before it
    ],
)
def test_a_day_that_looks_odd_and_is_real_is_taken_as_it_is(heard_here: Heard, received: str, due: str) -> None:
    reference = heard_here.log(received=received)

    assert {one["clock"]: one["due"] for one in heard_here.show(reference)["clocks"]}["s1_response"] == due
