"""What may be recorded when: every step cites its rule, has its turn, and is refused in words."""

from datetime import date

import pytest

from procedures.rulebook import read_rulebook
from procedures.steps import Recording, StepsError, belongs, date_of, needed_by, refusal, steps, steps_from, words_of
from procedures.terms import Event, Procedure

MONDAY = date(2025, 3, 10)
RECEIVED = {Event.RECEIVED: MONDAY}
STAGE_2 = {**RECEIVED, Event.S1_REPLY_SENT: date(2025, 3, 20), Event.S2_REQUESTED: date(2025, 3, 24)}
BY_HAND_NEVER = {
    Event.YEAR_ENDED,
    Event.REPORT_COMPILED,
    Event.RECEIVED,
    Event.RECEIPT_SENT,
    Event.READ,
    Event.ROUTE,
    Event.ACKNOWLEDGED,
    Event.REG11_INFO_SENT,
    Event.WITHDRAWAL_ASKED,
    Event.ADVICE_RECEIVED,
    Event.ASSIGNED,
    Event.NOTED,
    Event.CLOSED,
    # `heard decide` and `heard hold`: each with what was weighed
    Event.INTEREST_REFUSED,
    Event.LATE_ACCEPTED,
    Event.LATE_REFUSED,
    Event.FREEZE_DECIDED,
    Event.OVERRUN_AGREED,
    Event.TRANSFERRED,
    Event.REOPENED,
    Event.WHOLLY_HELD,
    Event.S3_LATE_ACCEPTED,
    Event.S3_LATE_REFUSED,
    Event.EARLY_REFERRED,
}


def wanting(
    event: Event, events: dict[Event, date], *, on: date = date(2025, 4, 30), why: str = "a reason", **more: object
) -> str:
    given = {"procedure": Procedure.STATUTORY, "today": date(2025, 6, 2), "stage_1_due": date(2025, 3, 24), **more}
    # Allowed below: whatever a test gives
    return refusal(steps()[event], Recording(events=events, on=on, why=why, **given))  # type: ignore[arg-type]


def test_every_event_is_a_step_or_follows_from_an_action_of_its_own() -> None:
    assert steps().keys() | BY_HAND_NEVER == set(Event)
    assert not steps().keys() & BY_HAND_NEVER


def test_every_step_belongs_to_some_procedure_of_some_nation() -> None:
    book = read_rulebook()
    for step in steps().values():
        assert any(
            belongs(step, procedure, book.rules(procedure, date(2026, 1, 5), nation))
            for procedure in Procedure
            for nation in ("england", "wales")
        ), step.event


@pytest.mark.parametrize(
    ("event", "events", "why_not"),
    [
        (Event.ADVOCATE_APPOINTED, RECEIVED, "needs advocate requested first"),
        (Event.INTEREST_DECIDED, RECEIVED, "reg"),
        (Event.COMPLEX_DECIDED, STAGE_2, "cannot follow stage 1 reply sent"),
        (Event.AGREED_START, STAGE_2, "cannot follow stage 1 reply sent"),
        (Event.SKIP_S1_AGREED, STAGE_2, "cannot follow"),
        (Event.S2_NOTICE_SENT, STAGE_2, "needs independent person appointed first"),  # reg. 17(2): in every stage 2
        (Event.S2_NOTICE_RECEIVED, STAGE_2, "needs stage 2 notice sent first"),
        (Event.S3_REQUESTED, STAGE_2, "needs stage 2 notice sent"),
        (Event.PANEL_REPORT, STAGE_2, "needs panel first"),
        (Event.S3_RESPONSE, STAGE_2, "needs recommendations received first"),
        (Event.HOLD_LETTER, RECEIVED, "needs prejudice decided first"),
        (Event.WITHDRAWN, RECEIVED, "needs withdrawal asked first"),
        (Event.S2_REQUESTED, STAGE_2, "is on the case already"),
        (Event.DELAY_NOTICE, {**STAGE_2, Event.WITHDRAWN: date(2025, 4, 1)}, "was withdrawn"),
    ],
)
def test_a_step_whose_turn_has_not_come_is_refused_with_its_rule(event: Event, events: dict[Event, date], why_not: str) -> None:
    assert why_not in wanting(event, events)


@pytest.mark.parametrize(
    ("event", "events"),
    [
        (Event.ADVOCATE_REQUESTED, RECEIVED),
        (Event.ADVOCATE_APPOINTED, {**RECEIVED, Event.ADVOCATE_REQUESTED: MONDAY}),
        (Event.IP_APPOINTED, STAGE_2),
        (Event.S2_NOTICE_SENT, {**STAGE_2, Event.IP_APPOINTED: date(2025, 3, 26)}),
        (Event.DELAY_NOTICE, STAGE_2),
        (Event.S2_REQUESTED, {**RECEIVED, Event.S1_REPLY_SENT: date(2025, 3, 20)}),
        (Event.WITHDRAWN, {**RECEIVED, Event.WITHDRAWAL_ASKED: date(2025, 3, 12)}),
        (Event.WITHDRAWAL_CONFIRMED, {**RECEIVED, Event.WITHDRAWAL_ASKED: MONDAY, Event.WITHDRAWN: MONDAY}),
        (Event.GROUNDS_AROSE, {Event.RECEIVED: date(2025, 5, 1)}),
    ],
)
def test_a_step_whose_turn_has_come_is_not(event: Event, events: dict[Event, date]) -> None:
    assert wanting(event, events) == ""


def test_stage_2_before_stage_1_is_over_needs_an_agreement_and_is_free_once_it_has_run_out() -> None:
    """SI 2006/1738, regs. 15(2), 17(1)(a); law.md 1.6: also when stage 1 has simply run out of time."""
    early = wanting(Event.S2_REQUESTED, RECEIVED, on=date(2025, 3, 24))
    assert "straight to stage 2" in early
    assert "Monday 24 March 2025" in early
    assert wanting(Event.S2_REQUESTED, RECEIVED, on=date(2025, 3, 25)) == ""


def test_a_later_start_is_not_agreed_after_stage_1_has_run_out() -> None:
    """SI 2006/1738, reg. 14(4): it would make in time what is late; law.md U5."""
    last, after = (wanting(Event.AGREED_START, RECEIVED, today=date(2025, 3, day)) for day in (24, 25))
    assert last == ""
    assert "what is late stays late" in after


@pytest.mark.parametrize("why", ["annual leave of the manager", "Off sick", "our WORKLOAD", "covid"])
def test_leave_and_workload_make_no_complaint_complex(why: str) -> None:
    """V13; SI 2006/1738, reg. 14(5)."""
    assert "is no ground" in wanting(Event.COMPLEX_DECIDED, RECEIVED, on=date(2025, 3, 20), why=why)
    assert wanting(Event.COMPLEX_DECIDED, RECEIVED, on=date(2025, 3, 20), why="three agencies over two years") == ""


@pytest.mark.parametrize(
    "why",
    ["a care leaver placed by two councils", "leave to remain and a holiday scheme", "her mental capacity was assessed thrice"],
)
def test_a_reason_is_not_refused_for_a_word_that_it_shares_with_an_excuse(why: str) -> None:
    assert wanting(Event.COMPLEX_DECIDED, RECEIVED, on=date(2025, 3, 20), why=why) == ""


@pytest.mark.parametrize("event", [step.event for step in steps().values() if step.why])
def test_a_step_that_needs_a_reason_says_what_the_reason_must_say(event: Event) -> None:
    everything = dict.fromkeys({*steps()[event].needs, *steps()[event].needs_all_if.get(Procedure.STATUTORY, ())}, MONDAY)
    assert wanting(event, {**RECEIVED, **everything}, why=" ", stage_1_due=date(2025, 12, 31)).startswith("Say ")


def test_no_day_lies_ahead_but_one_that_is_planned_and_none_before_receipt() -> None:
    asked = {
        **STAGE_2,
        Event.IP_APPOINTED: date(2025, 4, 1),
        Event.S2_NOTICE_SENT: date(2025, 5, 1),
        Event.S3_REQUESTED: date(2025, 5, 6),
    }
    assert "has not come yet" in wanting(Event.ADVOCATE_REQUESTED, RECEIVED, on=date(2025, 6, 3))
    assert wanting(Event.PANEL, asked, on=date(2025, 6, 30)) == ""
    assert "is before it was received" in wanting(Event.ADVOCACY_OFFERED, RECEIVED, on=date(2025, 3, 9))
    assert "is after it was received" in wanting(Event.GROUNDS_AROSE, RECEIVED)
    early = {**STAGE_2, Event.IP_APPOINTED: MONDAY}
    assert "is before stage 2 requested" in wanting(Event.S2_NOTICE_SENT, early, on=date(2025, 3, 21))
    assert "is before panel" in wanting(Event.PANEL_REPORT, asked | {Event.PANEL: date(2025, 5, 20)}, on=date(2025, 5, 19))


def test_an_advocate_may_have_been_asked_for_before_the_complaint_came_and_after_it_and_not_have_been_appointed() -> None:
    """SI 2006/1738, reg. 14(3)(b): who has asked for an advocate, and has none yet, when the complaint comes."""
    assert wanting(Event.ADVOCATE_REQUESTED, RECEIVED, on=date(2025, 3, 7)) == ""
    assert wanting(Event.ADVOCATE_REQUESTED, RECEIVED, on=date(2025, 3, 11)) == ""
    asked = {**RECEIVED, Event.ADVOCATE_REQUESTED: date(2025, 3, 7)}
    assert "is before it was received" in wanting(Event.ADVOCATE_APPOINTED, asked, on=date(2025, 3, 8))


def test_a_withdrawal_dates_from_the_day_it_was_asked_for() -> None:
    """practice.md §3."""
    asked = {**RECEIVED, Event.WITHDRAWAL_ASKED: date(2025, 3, 12)}
    assert date_of(steps()[Event.WITHDRAWN], date(2025, 3, 18), asked, date(2025, 3, 18)) == date(2025, 3, 12)


def test_a_step_that_others_rest_on_cannot_be_taken_back_first() -> None:
    events = {**STAGE_2, Event.IP_APPOINTED: date(2025, 4, 1), Event.S2_NOTICE_SENT: date(2025, 5, 1)}
    assert needed_by(Event.IP_APPOINTED, events, Procedure.STATUTORY) is Event.S2_NOTICE_SENT
    assert needed_by(Event.S2_NOTICE_SENT, events, Procedure.STATUTORY) is None


def test_an_undecided_case_takes_what_belongs_to_every_route_and_nothing_else() -> None:
    assert "route is not decided" in wanting(Event.COMPLEX_DECIDED, RECEIVED, procedure=Procedure.UNDECIDED)
    assert wanting(Event.ADVOCATE_REQUESTED, RECEIVED, procedure=Procedure.UNDECIDED) == ""


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[[step]]\nevent = "panel"\nsays = "it meets"\n', "authority is missing"),
        ('[[step]]\nevent = "party"\nsays = "a"\nauthority = "b"\n', "party"),
        ('[[step]]\nevent = "panel"\nsays = "a"\nauthority = "b"\ncolour = "red"\n', "unknown key 'colour'"),
        (
            '[[step]]\nevent = "panel"\nsays = "a"\nauthority = "b"\n[[step]]\nevent = "panel"\nsays = "a"\nauthority = "b"\n',
            "twice",
        ),
    ],
)
def test_a_mistake_in_the_steps_is_told_by_its_step(text: str, mistake: str) -> None:
    with pytest.raises(StepsError, match=mistake):
        steps_from(text)


def test_events_are_said_as_a_person_says_them() -> None:
    assert words_of(Event.S2_NOTICE_SENT) == "stage 2 notice sent"
    assert words_of(Event.IP_APPOINTED) == "independent person appointed"
