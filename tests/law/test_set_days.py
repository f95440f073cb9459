"""Days that others set, ends that both agree on, and longer time by the law of another nation."""

from collections.abc import Mapping
from datetime import date

import pytest

from procedures.clocks import Deadline, ExtensionRefused, check_agreed_end, check_delay_notice, explain
from procedures.rulebook import read_rulebook
from procedures.terms import Event, Procedure, Timeliness
from procedures.working_days import WorkingCalendar

ENGLAND = WorkingCalendar.of("england")
WALES = WorkingCalendar.of("wales")
NORTHERN_IRELAND = WorkingCalendar.of("northern_ireland")
BOOK = read_rulebook()
RECEIVED = {Event.RECEIVED: date(2025, 3, 10)}
ASKED = {**RECEIVED, Event.OMBUDSMAN_ENQUIRY: date(2025, 9, 1)}
DECIDED = {**RECEIVED, Event.OMBUDSMAN_DECIDED: date(2025, 10, 31)}


def of(
    clock: str, events: Mapping[Event, date], procedure: Procedure = Procedure.STATUTORY, calendar: WorkingCalendar = ENGLAND
) -> Deadline:
    return next(one for one in BOOK.deadlines(procedure, events, calendar) if one.clock == clock)


@pytest.mark.parametrize("procedure", [Procedure.STATUTORY, Procedure.CORPORATE, Procedure.ADULTS, Procedure.PUBLIC_HEALTH])
def test_an_enquiry_of_the_ombudsman_is_due_when_their_letter_says(procedure: Procedure) -> None:
    """practice.md 3: a date set by the Ombudsman is an event with its source. Without one, 20 working days."""
    without = of("ombudsman_enquiry", ASKED, procedure)
    named = of("ombudsman_enquiry", {**ASKED, Event.OMBUDSMAN_REPLY_BY: date(2025, 9, 19)}, procedure)

    assert (without.due_on, without.check) == (date(2025, 9, 29), True)
    assert named.due_on == date(2025, 9, 19)
    assert named.trace[1] == "Its last day is on record (ombudsman reply by) and not counted: Friday 19 September 2025."
    assert explain(named) == "The Ombudsman should have our reply by Friday 19 September 2025."
    assert named.rule.keeps_open


def test_what_the_ombudsman_recommends_is_due_when_the_decision_says() -> None:
    without = of("ombudsman_recommendations", DECIDED)
    named = of("ombudsman_recommendations", {**DECIDED, Event.RECOMMENDATIONS_BY: date(2026, 1, 30)})

    assert (without.due_on, named.due_on) == (date(2025, 11, 30), date(2026, 1, 30))
    assert named.stopped_on({Event.RECOMMENDATIONS_DONE: date(2026, 1, 20)}) == date(2026, 1, 20)


@pytest.mark.parametrize("procedure", [Procedure.ADULTS, Procedure.PUBLIC_HEALTH])
@pytest.mark.parametrize("agreed", [date(2025, 4, 14), date(2025, 12, 1)])
def test_an_answer_to_an_adult_is_due_on_the_day_that_was_agreed_and_else_after_six_months(
    procedure: Procedure, agreed: date
) -> None:
    """SI 2009/309, reg. 14(3): the period agreed, six months commencing on the day of receipt, or longer if agreed."""
    assert of("response", RECEIVED, procedure).due_on == date(2025, 9, 9)
    assert of("response", {**RECEIVED, Event.AGREED_END: agreed}, procedure).due_on == agreed


def test_longer_can_be_agreed_on_the_last_day_and_not_on_the_day_after() -> None:
    running = of("response", RECEIVED, Procedure.ADULTS)

    check_agreed_end(running, date(2025, 9, 9))
    with pytest.raises(ExtensionRefused, match="before a clock has ended and not after it"):
        check_agreed_end(running, date(2025, 9, 10))


def test_an_agreed_end_moves_nothing_in_the_statutory_procedure() -> None:
    """law.md U5: only a later start that the complainant asks for, or an overrun that is not in time."""
    plain, agreed = (of("s1_response", events) for events in (RECEIVED, {**RECEIVED, Event.AGREED_END: date(2025, 5, 1)}))

    assert plain == agreed


def test_wales_may_take_six_months_from_receipt_where_it_told_the_person_in_time() -> None:
    """V16 and SI 2014/1795 (W), reg. 20(3)(b): final record 6 May 2025, due 11 June; beginning on 16 April: until 15 October."""
    recorded = {Event.RECEIVED: date(2025, 4, 16), Event.RECORD_FINAL: date(2025, 5, 6)}
    running = of("s2_response", recorded, calendar=WALES)
    in_time = of("s2_response", {**recorded, Event.DELAY_NOTICE: date(2025, 6, 11)}, calendar=WALES)
    too_late = of("s2_response", {**recorded, Event.DELAY_NOTICE: date(2025, 6, 12)}, calendar=WALES)

    assert (running.due_on, running.longest_on) == (date(2025, 6, 11), date(2025, 10, 15))
    assert in_time.due_on == date(2025, 10, 15)
    assert explain(in_time) == "You should have our response by Wednesday 15 October 2025. That is 6 months after receipt."
    assert too_late.due_on == date(2025, 6, 11)
    assert of("s2_delay_notice", recorded, calendar=WALES).due_on == date(2025, 6, 11)


def test_a_welsh_delay_notice_cannot_promise_a_day_beyond_the_six_months() -> None:
    recorded = {Event.RECEIVED: date(2025, 4, 16), Event.RECORD_FINAL: date(2025, 5, 6)}
    running = of("s2_response", recorded, calendar=WALES)

    assert check_delay_notice(running, date(2025, 6, 11), date(2025, 10, 15), "a witness is abroad") is Timeliness.IN_TIME
    with pytest.raises(ExtensionRefused, match=r"Wednesday 15 October 2025 \(SI 2014/1795 \(W\), reg. 20\(3\)\(b\)\)"):
        check_delay_notice(running, date(2025, 6, 11), date(2025, 10, 16), "a witness is abroad")


def test_a_welsh_record_that_was_final_after_the_six_months_still_has_its_days() -> None:
    """The longest extension never ends before the clock itself."""
    late = {Event.RECEIVED: date(2025, 4, 16), Event.RECORD_FINAL: date(2025, 11, 3)}
    running = of("s2_response", late, calendar=WALES)

    assert running.longest_on == running.due_on == date(2025, 12, 8)


def test_northern_irelands_panel_counts_calendar_days_from_the_answer_and_from_the_request() -> None:
    """SR 1996/451, regs. 5, 7, 8. Answered Monday 7 April 2025; asked on Friday 2 May."""
    asked = {
        **RECEIVED,
        Event.S1_REPLY_SENT: date(2025, 4, 7),
        Event.S3_REQUESTED: date(2025, 5, 2),
        Event.PANEL: date(2025, 5, 30),
    }

    assert of("response", asked, calendar=NORTHERN_IRELAND).due_on == date(2025, 4, 7)
    assert of("s3_request_window", asked, calendar=NORTHERN_IRELAND).due_on == date(2025, 5, 5)
    assert of("s3_panel_meets", asked, calendar=NORTHERN_IRELAND).due_on == date(2025, 5, 30)
    assert of("s3_panel_report", asked, calendar=NORTHERN_IRELAND).due_on == date(2025, 5, 31)


REMEMBERED = {  # nation, procedure, clock: law.md marks it knowledge-M, knowledge-L or with its warning sign
    ("england", "statutory", "s3_chair_appointed"),
    ("england", "statutory", "s3_papers_out"),
    ("england", "statutory", "s3_ack"),
    ("england", "statutory", "s2_request_window"),
    ("england", "public_health", "acknowledgement"),
    ("england", "public_health", "late_limit"),
    ("england", "adults", "acknowledgement"),
    ("england", "adults", "response"),
    ("england", "corporate", "s2_acknowledgement"),
    ("england", "corporate", "s2_response"),
    ("england", "data_protection", "acknowledgement"),
    ("scotland", "statutory", "s1_response"),
    ("scotland", "statutory", "s2_acknowledgement"),
    ("scotland", "statutory", "s2_response"),
    ("scotland", "statutory", "late_limit"),
    ("northern_ireland", "statutory", "response"),
    ("northern_ireland", "statutory", "s3_panel_meets"),
}


def test_every_rule_that_the_law_page_only_remembers_is_to_be_checked() -> None:
    marked = {(rule.nation, rule.procedure.value, rule.name) for rule in BOOK.clocks if rule.check}

    assert marked >= REMEMBERED


def test_what_was_read_in_the_regulations_is_not_marked() -> None:
    read = (
        "s1_response",
        "s2_response",
        "s2_delay_notice",
        "s3_request_window",
        "s3_panel_meets",
        "s3_la_response",
        "late_limit",
    )

    assert not [rule.rule_id for rule in BOOK.rules(Procedure.STATUTORY, date(2026, 3, 2)) if rule.name in read and rule.check]
