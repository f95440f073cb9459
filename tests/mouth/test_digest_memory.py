"""The digest from a real memory, on both databases: on Monday at eight or as soon after as somebody works, once a week."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import select

from notifications.digest import as_text, queue_digests
from procedures.terms import Channel, Event, Form, Kind, Notice, Procedure, Risk, Role
from storage.filing import table_of
from storage.tables import (
    ArrivalRow,
    CaseRow,
    EventRow,
    HeartbeatRow,
    LedgerResult,
    OutboxRow,
    OutboxState,
    TaskKind,
    TaskRow,
)
from storage.unit_of_work import Memory
from tests.mouth.offices import (
    COUNCIL,
    DIRECTOR,
    HEAD,
    MANAGER,
    OFFICE,
    OFFICER,
    OWNER,
    REFERENCE,
    at,
    case,
    happened,
    keep,
    record,
)

MONDAY = date(2026, 6, 15)
READERS = {OFFICER.address, OWNER.address, MANAGER.address, HEAD.address, DIRECTOR.address}


async def keys(memory: Memory) -> list[str]:
    async with memory.reading() as uow:
        return sorted((await uow.exec(select(OutboxRow.key))).all())


async def test_on_monday_at_eight_each_reader_gets_one_and_a_second_run_changes_nothing(memory: Memory) -> None:
    """Received Thursday 14 May 2026, due 29 May: 1 to 5, 8 to 12 and 15 June are eleven working days late."""
    await keep(memory, case(received=date(2026, 5, 14)))

    assert await queue_digests(memory, OFFICE, datetime(2026, 6, 15, 6, 59, tzinfo=UTC)) == []
    found = await queue_digests(memory, OFFICE, datetime(2026, 6, 15, 7, 0, tzinfo=UTC))
    queued = await keys(memory)
    for moment in (at(MONDAY, 8, 1), at(MONDAY, 17), at(date(2026, 6, 16), 8), at(date(2026, 6, 19), 17)):
        assert await queue_digests(memory, OFFICE, moment) == []

    assert {address for address, _ in found} == READERS
    assert queued == await keys(memory) == sorted(f"digest:{address}:2026-06-15" for address in READERS)
    late = {address: [duty.days for duty in digest.late] for address, digest in found}
    assert late == {address: [11] if address != OWNER.address else [] for address in READERS}


async def test_what_is_queued_can_be_rendered_and_names_nobody(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 5, 14)))

    found = await queue_digests(memory, OFFICE, at(MONDAY, 8))

    said = as_text(found, COUNCIL)
    assert said.count("Subject: Your Say, week to Sun 14 Jun: ") == 5
    assert "# K7M-W92-RXH4" in said and "Wim" not in said
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow))).all()
        assert {(row.notice, row.channel) for row in rows} == {(Notice.DIGEST, Channel.EMAIL)}
        assert {row.recipient: row.facts for row in rows} == {address: digest.facts for address, digest in found}


async def test_a_digest_whose_monday_nobody_works_comes_on_tuesday_once(memory: Memory) -> None:
    """Easter Monday is 6 April 2026."""
    await keep(memory, case())

    assert await queue_digests(memory, OFFICE, at(date(2026, 4, 6), 9)) == []
    found = await queue_digests(memory, OFFICE, at(date(2026, 4, 7), 8))

    assert len(found) == 5 and {digest.week_to for _, digest in found} == {date(2026, 4, 5)}
    assert await queue_digests(memory, OFFICE, at(date(2026, 4, 8), 8)) == []
    assert len(await queue_digests(memory, OFFICE, at(date(2026, 4, 13), 8))) == 5, "and the next Monday has its own"


async def test_a_machine_that_was_off_over_monday_sends_one_on_waking_as_things_stand_then(memory: Memory) -> None:
    """Off from 6 June until Wednesday 17 June: the digest of the 8th is not sent, that of the 15th once."""
    await keep(memory, case(received=date(2026, 5, 14)))

    assert await queue_digests(memory, OFFICE, at(date(2026, 6, 16), 22)) == [], "nobody is at work at ten in the evening"
    found = await queue_digests(memory, OFFICE, at(date(2026, 6, 17), 11))

    assert {key.rpartition(":")[2] for key in await keys(memory)} == {"2026-06-15"}
    assert {duty.days for _, digest in found for duty in digest.late} == {13}
    assert await queue_digests(memory, OFFICE, at(date(2026, 6, 18), 11)) == []


async def test_a_new_manager_on_monday_afternoon_gets_theirs_and_the_others_no_second(memory: Memory) -> None:
    await queue_digests(memory, OFFICE, at(MONDAY, 8))
    async with memory.unit_of_work() as uow:
        row = (await uow.exec(select(OutboxRow).where(OutboxRow.recipient == MANAGER.address))).one()
        await uow.delete(row)

    found = await queue_digests(memory, OFFICE, at(MONDAY, 14))

    assert [address for address, _ in found] == [MANAGER.address]


async def test_a_day_is_rebuilt_from_what_was_known_at_eight_and_queues_nothing(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 5, 14)), case("4HX-C9Y-2RM8", date(2026, 6, 15)))
    sent = dict(await queue_digests(memory, OFFICE, at(MONDAY, 8)))
    await record(memory, happened(REFERENCE, Event.S1_REPLY_SENT, MONDAY, at(MONDAY, 11)))

    rebuilt = dict(await queue_digests(memory, OFFICE, at(date(2026, 9, 1)), day=MONDAY, queue=False))
    next_week = dict(await queue_digests(memory, OFFICE, at(date(2026, 9, 1)), day=date(2026, 6, 22), queue=False))

    for address, digest in sent.items():
        assert {**rebuilt[address].facts, "service": None} == {**digest.facts, "service": None}
    assert [duty.reference for duty in next_week[HEAD.address].late] == []
    assert (next_week[HEAD.address].weeks[0].answered, next_week[HEAD.address].weeks[0].new) == (1, 1)
    assert len(await keys(memory)) == 5


async def test_any_day_can_be_asked_for_and_sent(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 5, 14)))

    shown = await queue_digests(memory, OFFICE, at(date(2026, 6, 18), 12), day=date(2026, 6, 18), queue=False)
    assert await keys(memory) == []
    sent = await queue_digests(memory, OFFICE, at(date(2026, 6, 18), 12), day=date(2026, 6, 18))

    assert [digest.facts for _, digest in shown] == [digest.facts for _, digest in sent]
    assert {key.rpartition(":")[2] for key in await keys(memory)} == {"2026-06-18"}


async def test_late_last_week_counts_what_has_been_closed_since(memory: Memory) -> None:
    await keep(
        memory, case(received=date(2026, 5, 14), events={Event.S1_REPLY_SENT: date(2026, 6, 10), Event.CLOSED: date(2026, 6, 11)})
    )

    digest = dict(await queue_digests(memory, OFFICE, at(MONDAY, 8)))[HEAD.address]

    assert (len(digest.late), digest.late_last_week, digest.changes.finished) == (0, 1, 1)


async def test_safety_service_and_corrections_are_counted(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 6, 1)))
    wednesday = at(date(2026, 6, 10))

    def alert(key: str, made_at: datetime, done_at: datetime | None = None, kind: TaskKind = TaskKind.SAFETY) -> TaskRow:
        return TaskRow(key=key, kind=kind, case_reference=REFERENCE, made_at=made_at, due_at=made_at, done_at=done_at)

    def letter(key: str, state: OutboxState, queued_at: datetime) -> OutboxRow:
        return OutboxRow(
            key=key,
            notice="receipt",
            channel=Channel.EMAIL,
            recipient="a@b.example",
            state=state,
            queued_at=queued_at,
            due_at=queued_at,
        )

    wrong = happened(REFERENCE, Event.ACKNOWLEDGED, date(2026, 6, 2), at(date(2026, 6, 2)))
    long_ago = happened(REFERENCE, Event.AGREED_START, date(2026, 6, 2), at(date(2026, 6, 2)))
    wrong.is_superseded = long_ago.is_superseded = True
    await record(
        memory,
        alert("new", wednesday),
        alert("done", wednesday, wednesday + timedelta(hours=1), TaskKind.LOOK_FOR_HARM),
        alert("done later", wednesday, at(MONDAY, 12)),
        alert("old", at(date(2026, 5, 1))),
        alert("other", wednesday, kind=TaskKind.CALL_BACK),
        alert("later", at(MONDAY, 12)),
        alert("to decide", wednesday, kind=TaskKind.FREEZE),
        alert("decided", wednesday, wednesday, TaskKind.FREEZE),
        letter("failed", OutboxState.FAILED, wednesday),
        letter("long ago", OutboxState.FAILED, at(date(2026, 5, 1))),
        letter("unsure", OutboxState.AMBIGUOUS, at(date(2026, 5, 1))),
        wrong,
        long_ago,
        happened(REFERENCE, Event.AGREED_START, date(2026, 6, 1), at(date(2026, 6, 3))),
        happened(REFERENCE, Event.ASSIGNED, date(2026, 6, 10), wednesday),
        happened(REFERENCE, Event.ASSIGNED, date(2026, 6, 11), wednesday),
        happened(REFERENCE, Event.ACKNOWLEDGED, date(2026, 6, 3), wednesday),
        ArrivalRow(
            id="q",
            door="mailbox",
            wire="email",
            received_at=wednesday,
            stored_at=wednesday,
            raw=b"?",
            result=LedgerResult.QUARANTINED,
        ),
    )
    async with memory.unit_of_work() as uow:
        uow.add(HeartbeatRow(loop="mailbox:yoursay@imap.example/INBOX", turned_at=at(MONDAY, 7)))
        uow.add(HeartbeatRow(loop="outbox", turned_at=at(MONDAY, 7, 59)))

    found = dict(await queue_digests(memory, OFFICE, at(MONDAY, 8), day=MONDAY, queue=False))
    past = dict(await queue_digests(memory, OFFICE, at(date(2026, 9, 1)), day=MONDAY, queue=False))

    assert found[OFFICER.address].facts["safety"] == {"alerts": 3, "dealt_with": 1, "open_in_all": 3}
    assert found[OFFICER.address].facts["service"] == {
        "quarantined": 1,
        "silent": ["mailbox"],
        "undelivered": 1,
        "unsure": 1,
        "calendar_ends": None,
        "staying": 0,
    }
    assert found[OFFICER.address].facts["decisions"] == {"open": 1, "late": 1, "route_doubts": 0}
    assert found[HEAD.address].decisions is None
    assert found[HEAD.address].changes.corrected == 1
    assert found[MANAGER.address].safety is None and found[HEAD.address].service is None
    assert past[OFFICER.address].service is None and past[OFFICER.address].safety == found[OFFICER.address].safety


async def test_a_year_of_mornings_has_one_digest_a_week(memory: Memory) -> None:
    """53 Mondays from 5 January 2026 to 4 January 2027. The machine is off from 2 to 15 March, and looks at odd hours."""
    await keep(memory, case(received=date(2026, 1, 5)))
    day, sent = date(2026, 1, 5), list[date]()
    while day <= date(2027, 1, 4):
        if not date(2026, 3, 2) <= day <= date(2026, 3, 15):
            for hour in (8, 9, 17, 20):
                if await queue_digests(memory, OFFICE, at(day, hour)):
                    sent.append(day)
        day += timedelta(days=1)

    mondays = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(53)]
    on_time = [monday for monday in mondays if monday not in (date(2026, 3, 2), date(2026, 3, 9))]
    # Easter Monday 6 April, early May 4 May, spring 25 May, summer 31 August, Boxing Day's substitute 28 December
    late = {date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 28)}
    assert sent == [monday + timedelta(days=1) if monday in late else monday for monday in on_time]
    assert len(await keys(memory)) == 5 * 51


# Size


async def fill(memory: Memory, number: int, still_open: int) -> None:
    """Five years of cases up to a Monday in June, the last `still_open` of them unanswered."""
    first = date(2021, 6, 15)
    cases, events = list[dict[str, Any]](), list[dict[str, Any]]()
    for n in range(number):
        received = first + timedelta(days=n * 1825 // number)
        reference, is_open = f"C{n:09}", n >= number - still_open
        answered = received + timedelta(days=10 + n % 20)
        closed = None if is_open else answered + timedelta(days=30)
        cases.append(
            {
                "reference": reference,
                "kind": Kind.COMPLAINT if n % 7 else Kind.COMPLIMENT,
                "procedure": (Procedure.STATUTORY, Procedure.CORPORATE, Procedure.UNDECIDED)[n % 3],
                "suggested": Procedure.UNDECIDED,
                "channel": Channel.EMAIL,
                "form": Form.WRITTEN,
                "received_at": at(received),
                "received_on": received,
                "raised_by": Role.PARENT if n % 3 else Role.CHILD,
                "risk": Risk.NONE,
                "language": "en",
                "team": ("Team North", "Leaving Care", "Duty")[n % 3],
                "owner": "",
                "closed_on": closed,
                "is_imported": False,
            }
        )
        steps = [
            (Event.RECEIVED, received),
            (Event.RECEIPT_SENT, received),
            (Event.ACKNOWLEDGED, received + timedelta(days=n % 5)),
        ]
        if closed:
            steps += [(Event.S1_REPLY_SENT, answered), (Event.CLOSED, closed)]
        common = {"case_reference": reference, "recorded_by": "service", "note": "", "is_superseded": False}
        events += [{**common, "name": name, "happened_on": on, "recorded_at": at(on)} for name, on in steps]
    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.execute(insert(table_of(CaseRow)), cases)
        for start in range(0, len(events), 50_000):
            await connection.execute(insert(table_of(EventRow)), events[start : start + 50_000])


@pytest.mark.prove
async def test_a_hundred_thousand_cases_take_less_than_five_seconds(memory: Memory) -> None:
    """Of our own processor time: the machine may have other work."""
    await fill(memory, 100_000, still_open=2_000)
    started = time.process_time()

    found = await queue_digests(memory, OFFICE, at(date(2026, 6, 15), 8))

    assert time.process_time() - started < 5
    assert len(found) == 5
    head = dict(found)[HEAD.address]
    assert 1_000 < head.weeks[0].open == len(head.late) + len(head.due) + head.on_track
