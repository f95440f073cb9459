"""What one representation leaves behind when a case is opened from it."""

from datetime import UTC, date, datetime

import pytest

from procedures.terms import Channel, Event, Form, Kind, Notice, Procedure, Role
from storage.tables import CaseRow, DeadlineRow, EventRow, OutboxRow, PartyRow, TaskKind, TaskRow
from tests.casework.rooms import OFFICE, OFFICER, opened, told


def of(filing: object, table: type) -> list:  # type: ignore[type-arg]  # a list of whatever was asked for
    # Allowed below: what is here has it, whatever its type says
    return [row for row in filing.rows if isinstance(row, table)]  # type: ignore[attr-defined]


def test_an_undecided_complaint_runs_under_the_fuller_protection_from_the_day_it_came() -> None:
    """Received Monday 10 March 2025: acknowledged by Monday 17, answered by Monday 24 March, though nobody decided yet."""
    case, filing = opened()

    due = {row.clock: row.due_on for row in of(filing, DeadlineRow)}
    assert case.case.procedure is Procedure.UNDECIDED
    assert due["acknowledgement"] == date(2025, 3, 17)
    assert due["s1_response"] == date(2025, 3, 24)
    assert [row.happened_on for row in of(filing, EventRow) if row.name is Event.RECEIVED] == [date(2025, 3, 10)]


def test_every_deadline_keeps_its_authority_its_trace_and_a_sentence() -> None:
    _, filing = opened()

    for row in of(filing, DeadlineRow):
        assert row.authority
        assert row.trace
        assert row.calendar_version
        assert row.explanation.endswith(".")


@pytest.mark.parametrize(
    ("moment", "received_on", "due_on"),
    [
        (datetime(2025, 6, 30, 23, 30, tzinfo=UTC), date(2025, 7, 1), date(2025, 7, 15)),
        (datetime(2025, 8, 24, 23, 5, tzinfo=UTC), date(2025, 8, 25), date(2025, 9, 8)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29), date(2026, 4, 14)),
        (datetime(2026, 10, 24, 23, 15, tzinfo=UTC), date(2026, 10, 25), date(2026, 11, 6)),
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), date(2025, 12, 31), date(2026, 1, 15)),
    ],
)
def test_the_legal_day_is_the_day_at_the_desk_in_london(moment: datetime, received_on: date, due_on: date) -> None:
    """V4 to V8: midnight in summer, a bank holiday, the night on which the clocks change, New Year's Eve."""
    case, filing = opened(told(received_at=moment), now=moment)

    assert case.case.received_on == received_on
    assert next(row.due_on for row in of(filing, DeadlineRow) if row.clock == "s1_response") == due_on


def test_the_receipt_says_when_a_person_reads_it_and_promises_nothing() -> None:
    case, filing = opened()

    receipt = next(row for row in of(filing, OutboxRow) if row.notice == Notice.RECEIPT)
    assert receipt.key == f"receipt:{case.case.reference}"
    assert receipt.recipient == "mum@family.example"
    assert receipt.facts["read_by"] == "2025-03-11"
    assert receipt.facts["expected_by"] == "2025-03-24"
    assert receipt.message_id.endswith("@council.example>")
    assert Event.ACKNOWLEDGED not in {row.name for row in of(filing, EventRow)}


def test_a_compliment_is_thanked_and_has_no_clock() -> None:
    _, filing = opened(told(kind=Kind.COMPLIMENT))

    assert not of(filing, DeadlineRow)
    assert next(row.notice for row in of(filing, OutboxRow)) == Notice.THANKS
    assert TaskKind.CONFIRM_ROUTE not in {row.kind for row in of(filing, TaskRow)}


def test_an_imported_letter_sends_nothing_to_anyone_and_has_its_clocks() -> None:
    _, filing = opened(told(is_imported=True, answer=False, tier="harm"))

    assert not of(filing, OutboxRow)
    assert of(filing, DeadlineRow)


def test_officers_are_told_of_a_new_case_without_a_name_or_a_word() -> None:
    _, filing = opened(told(reasons=[{"field": "procedure", "value": "statutory", "rule": "a child in need", "source": "s. 17"}]))

    notice = next(row for row in of(filing, OutboxRow) if row.notice == Notice.NEW_CASE_FOR_STAFF)
    assert notice.recipient == OFFICER.address
    assert "Green" not in str(notice.facts)
    assert "mum@" not in str(notice.facts)
    assert notice.facts["reasons"] == ["statutory: a child in need (s. 17)"]


def test_an_officer_reads_why_in_words_with_the_law_and_without_our_own_papers() -> None:
    """A rule's id and the name of a labelling guide say nothing to who reads the mail at half past eight."""
    reasons = (
        {"field": "kind", "value": "complaint", "rule": "kinds:undone", "source": "guide K1, themes"},
        {"field": "kind", "value": "complaint", "rule": "kinds:default", "source": "Complaint Handling Code 2024, 1.4"},
        {"field": "procedure", "value": "other_body", "rule": "scope:0", "source": "about another body; guide P10"},
        {"field": "procedure", "value": "statutory", "rule": "scope:2", "source": "about a child; Children Act 1989, s. 17"},
    )
    _, filing = opened(told(reasons=reasons))

    facts = next(row for row in of(filing, OutboxRow) if row.notice == Notice.NEW_CASE_FOR_STAFF).facts
    assert facts["reasons"] == [
        "complaint: undone",
        "complaint: nothing else fits (Complaint Handling Code 2024, 1.4)",
        "other body: about another body",
        "statutory: about a child (Children Act 1989, s. 17)",
    ]


@pytest.mark.parametrize("tier", ["harm", "suicide", "threat", "look"])
def test_safety_words_alert_the_duty_address_at_once_and_the_complaint_goes_on(tier: str) -> None:
    case, filing = opened(told(tier=tier, raised_by=Role.CHILD, channel=Channel.TELEGRAM))

    alerts = [row for row in of(filing, OutboxRow) if row.notice == Notice.SAFETY_ALERT]
    assert [(row.recipient, row.urgency) for row in alerts] == [("duty@council.example", 1)]
    assert alerts[0].facts["reference"] == case.case.reference
    assert of(filing, DeadlineRow)
    assert of(filing, CaseRow)[0].kind is Kind.COMPLAINT


def test_a_call_taken_down_by_hand_has_a_party_without_a_route_and_is_oral() -> None:
    from casework.representation import Writer

    case, filing = opened(told(writer=Writer(name="R Green", phone="01632 960 111"), channel=Channel.PHONE, form=Form.ORAL))

    assert case.case.form is Form.ORAL
    assert of(filing, PartyRow)[0].phone == "01632 960 111"
    assert not [row for row in of(filing, OutboxRow) if row.notice == Notice.RECEIPT]


def test_the_same_office_reads_by_the_next_working_day_over_a_long_weekend() -> None:
    """Received on Thursday 2 April 2026 before Easter: read by Tuesday 7 April."""
    assert OFFICE.council.read_by(date(2026, 4, 2), OFFICE.calendar) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("moment", "is_staffed"),
    [
        (datetime(2025, 3, 10, 10, 0, tzinfo=UTC), True),
        (datetime(2025, 3, 10, 15, 59, tzinfo=UTC), True),
        (datetime(2025, 3, 10, 16, 0, tzinfo=UTC), False),
        (datetime(2025, 3, 10, 8, 59, tzinfo=UTC), False),
        (datetime(2025, 3, 9, 12, 0, tzinfo=UTC), False),
        (datetime(2025, 4, 18, 12, 0, tzinfo=UTC), False),
    ],
)
def test_outside_staffed_hours_and_in_their_last_hour_nobody_is_there(moment: datetime, is_staffed: bool) -> None:
    assert OFFICE.council.is_staffed(moment, OFFICE.calendar) is is_staffed
