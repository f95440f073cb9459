"""M15, M22, M28, M30, M32 and M34: what the work of a month adds up to, counted by hand, with the cases behind each number."""

from datetime import UTC, date, datetime
from typing import Any

from procedures.terms import Event, Ground, Remedy
from storage.columns import Member
from storage.daily_tallies import cases_of_daily_work, count_daily_work
from storage.tables import BehaviourPlanRow, EventRow, HeldIssueRow, MemberEnquiryRow, RemedyRow
from storage.unit_of_work import Memory
from tests.casework.rooms import a_case

MARCH = (date(2025, 3, 1), date(2025, 3, 31))
AS_AT = date(2025, 4, 30)
FIRST, LAST, BEFORE, AFTER = date(2025, 3, 1), date(2025, 3, 31), date(2025, 2, 28), date(2025, 4, 1)
MOMENT = datetime(2025, 4, 2, 12, tzinfo=UTC)
WHO = "ola@c.example"
COUNTED = {
    "delay_notices": Event.DELAY_NOTICE,
    "advocacy_offered": Event.ADVOCACY_OFFERED,
    "advocates_requested": Event.ADVOCATE_REQUESTED,
    "advocates_appointed": Event.ADVOCATE_APPOINTED,
    "interest_refused": Event.INTEREST_REFUSED,
    "late_accepted": Event.LATE_ACCEPTED,
    "late_refused": Event.LATE_REFUSED,
    "transferred": Event.TRANSFERRED,
}


def steps_of(event: Event, one: str, other: str) -> list[EventRow]:
    """Two cases of the month: one on its first and its last day, the other once; a day before, a day after, and superseded."""
    days = [(one, FIRST, False), (one, LAST, False), (other, LAST, False), (other, BEFORE, False), (other, AFTER, False)]
    rows = [*days, (other, FIRST, True)]
    return [
        EventRow(case_reference=of, name=event, happened_on=on, recorded_at=MOMENT, recorded_by=WHO, is_superseded=gone)
        for of, on, gone in rows
    ]


def remedies_of(one: str, other: str) -> list[RemedyRow]:
    rows: list[tuple[str, Remedy, int | None, date, bool]] = [
        (one, Remedy.APOLOGY, None, FIRST, False),
        (one, Remedy.FINANCIAL, 12_550, LAST, False),
        (other, Remedy.FINANCIAL, 30_000, LAST, False),
        (other, Remedy.FINANCIAL, 99_900, LAST, True),
        (other, Remedy.FINANCIAL, 7_700, AFTER, False),
        (other, Remedy.NONE, None, LAST, False),
        (other, Remedy.APOLOGY, None, BEFORE, False),
    ]
    return [
        RemedyRow(
            case_reference=of, number=1, stage=1, kind=kind, what="As agreed", amount_pence=pence, decided_on=on,
            decided_by=WHO, recorded_at=MOMENT, is_superseded=gone,
        )
        for of, kind, pence, on, gone in rows
    ]  # fmt: skip


def others_of(one: str, other: str) -> list[Any]:
    """Two issues of one case held in the month and one before; a plan in force, one that ended on the last day, one to come."""
    held = [
        HeldIssueRow(
            case_reference=of, number=number, ground=next(iter(Ground)), proceedings="Court", prejudice="It would", decided_on=on,
            decided_by=WHO, recorded_at=MOMENT,
        )
        for of, number, on in ((one, 1, FIRST), (one, 2, LAST), (other, 1, BEFORE))
    ]  # fmt: skip
    plans = [
        BehaviourPlanRow(
            case_reference=other,
            reason="Threats",
            warned_on=BEFORE,
            begins_on=begins,
            ended_on=ended,
            made_at=MOMENT,
            made_by=WHO,
        )
        for begins, ended in ((BEFORE, None), (BEFORE, LAST), (AFTER, None), (LAST, AFTER), (None, None))
    ]
    member = MemberEnquiryRow(case_reference=one, member=next(iter(Member)), name="Cllr Green")
    return [*held, *plans, member]


async def test_a_month_of_work_is_counted_as_by_hand_and_has_its_cases(memory: Memory) -> None:
    one, other = await a_case(memory), await a_case(memory)
    async with memory.unit_of_work() as uow:
        for event in COUNTED.values():
            uow.add_all(steps_of(event, one, other))
        uow.add_all([*remedies_of(one, other), *others_of(one, other)])

    async with memory.reading() as uow:
        found = await count_daily_work(uow, MARCH, AS_AT)
        behind = await cases_of_daily_work(uow, MARCH, AS_AT)

    assert {name: found[name] for name in COUNTED} == dict.fromkeys(COUNTED, 2)
    assert {name: behind[name] for name in COUNTED} == dict.fromkeys(COUNTED, sorted([one, other]))
    assert [found[name] for name in ("remedies", "apologies", "payments", "pence")] == [3, 1, 2, 42_550]
    assert [behind[name] for name in ("apologies", "payments", "held")] == [[one], sorted([one, other]), [one]]
    assert (found["held"], found["plans"], behind["plans"]) == (1, 2, [other, other])
    assert (found["members_enquiries"], behind["members_enquiries"]) == (1, [one])
