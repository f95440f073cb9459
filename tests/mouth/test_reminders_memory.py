"""Reminders from a real memory, on both databases: told once, over restarts, days off and two processes at once."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from notifications.late_letters import tell_late
from notifications.reminders import remind
from procedures.terms import Channel, Event, Form, Kind, Notice, Procedure
from storage.tables import CaseRow, ClassificationRow, EventRow, OutboxRow, PartyRole, PartyRow, ReminderRow, TaskRow
from storage.unit_of_work import Memory, open_memory
from tests.mouth.offices import HEAD, MANAGER, OFFICE, OFFICER, OWNER, REFERENCE, at, case, happened, keep, record, rows_of

DUE = date(2026, 4, 2)


async def outbox(memory: Memory) -> list[OutboxRow]:
    async with memory.reading() as uow:
        return [OutboxRow(**row.model_dump()) for row in await uow.exec(select(OutboxRow).order_by(OutboxRow.key))]


async def told(memory: Memory) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        return sorted((row.person, row.rung) for row in await uow.exec(select(ReminderRow)))


def party(reference: str = REFERENCE, **more: Any) -> PartyRow:
    return PartyRow(case_reference=reference, role=PartyRole.COMPLAINANT, **more)


async def test_a_morning_queues_a_letter_to_each_person_and_a_second_run_changes_nothing(memory: Memory) -> None:
    await keep(memory, case())

    first = await remind(memory, OFFICE, at(DUE, 8, 30))
    queued = await outbox(memory)
    again = await remind(memory, OFFICE, at(DUE, 8, 31))

    assert [bundle.person for bundle in first] == [OFFICER, OWNER]
    assert [row.key for row in queued] == [
        "reminders:olive@council.example:2026-04-02",
        "reminders:wim@council.example:2026-04-02",
    ]
    assert {row.recipient for row in queued} == {OFFICER.address, OWNER.address}
    assert again == [] and await outbox(memory) == queued
    assert await told(memory) == [
        (OFFICER.address, "due"),
        (OWNER.address, "T-2"),
        (OWNER.address, "day 5"),
        (OWNER.address, "due"),
    ]


@pytest.mark.parametrize(
    "moment",
    [
        at(DUE, 8, 29),
        at(DUE, 18, 0),
        at(DUE, 23, 30),
        at(date(2026, 4, 3), 9),  # Good Friday
        at(date(2026, 4, 4), 9),  # Saturday
    ],
)
async def test_nobody_is_written_to_outside_working_time(memory: Memory, moment: datetime) -> None:
    await keep(memory, case())

    assert await remind(memory, OFFICE, moment) == []
    assert await outbox(memory) == []


async def test_in_summer_half_past_eight_is_london_time(memory: Memory) -> None:
    """Received 1 June 2026: its answer is due on Monday 15 June."""
    await keep(memory, case(received=date(2026, 6, 1)))

    assert await remind(memory, OFFICE, datetime(2026, 6, 15, 7, 29, tzinfo=UTC)) == []
    assert len(await remind(memory, OFFICE, datetime(2026, 6, 15, 7, 30, tzinfo=UTC))) == 2


async def test_after_a_machine_that_was_off_one_bundle_says_how_it_stands_today(memory: Memory) -> None:
    """Off from before Tuesday 31 March until Friday 10 April, four working days late."""
    await keep(memory, case())

    bundles = await remind(memory, OFFICE, at(date(2026, 4, 10), 14))

    assert {bundle.person for bundle in bundles} == {OFFICER, OWNER, MANAGER, HEAD}
    assert {line.days for bundle in bundles for line in bundle.overdue} == {4}
    assert len(await outbox(memory)) == 4
    assert (OWNER.address, "T-2") in await told(memory) and (HEAD.address, "+1") not in await told(memory)
    assert await remind(memory, OFFICE, at(date(2026, 4, 10), 15)) == []
    assert await remind(memory, OFFICE, at(date(2026, 4, 13), 8, 30)), "five days late is the next rung"


async def test_a_line_that_comes_after_the_bundle_of_the_day_waits_for_the_next(memory: Memory) -> None:
    await keep(memory, case())
    await remind(memory, OFFICE, at(DUE, 8, 30))
    await keep(memory, case("4HX-C9Y-2RM8", date(2026, 3, 23)))  # due Wednesday 8 April, T-2 on Thursday 2 April

    assert await remind(memory, OFFICE, at(DUE, 10)) == []
    later = await remind(memory, OFFICE, at(date(2026, 4, 7), 8, 30))

    of_owner = next(bundle for bundle in later if bundle.person == OWNER)
    assert [line.reference for line in of_owner.due_soon] == ["4HX-C9Y-2RM8"]


async def test_two_processes_at_once_tell_nobody_twice_and_lose_no_line(memory: Memory) -> None:
    await keep(memory, *(case(reference) for reference in ("4HX-C9Y-2RM8", "8RC-2HK-47XW", "9FM-3KC-88RX")))
    other = open_memory(memory.url)

    async def one_process(own: Memory) -> int:
        return len(await remind(own, OFFICE, at(DUE, 8, 30)))

    counts = await asyncio.gather(*(one_process(own) for own in (memory, other) * 4))
    await other.close()

    assert sum(counts) == 2 and len(await outbox(memory)) == 2
    lines = Counter((row.recipient, item["reference"]) for row in await outbox(memory) for item in row.facts["due_today"])
    assert set(lines.values()) == {1} and len(lines) == 6


async def test_a_crash_before_the_commit_leaves_everything_to_the_next_run(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(memory, case())
    from notifications import reminders

    async def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reminders, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        await remind(memory, OFFICE, at(DUE, 8, 30))
    monkeypatch.undo()

    assert await outbox(memory) == [] and await told(memory) == []
    assert len(await remind(memory, OFFICE, at(DUE, 8, 31))) == 2


async def test_a_day_is_rebuilt_from_what_was_known_that_morning(memory: Memory) -> None:
    """Answered on the due day at eleven: the morning's bundle still named it. Nothing is queued."""
    await keep(memory, case())
    await record(memory, happened(REFERENCE, Event.S1_REPLY_SENT, DUE, at(DUE, 11)))

    morning = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=DUE, queue=False)
    next_one = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=date(2026, 4, 7), queue=False)

    assert {bundle.person for bundle in morning} == {OFFICER, OWNER}
    assert next_one == [] and await outbox(memory) == []
    assert await remind(memory, OFFICE, at(DUE, 12), day=date(2026, 4, 3), queue=False) == [], "Good Friday"


async def test_a_rebuilt_day_knows_what_was_told_before_it_and_not_what_was_told_on_it(memory: Memory) -> None:
    await keep(memory, case())
    sent = await remind(memory, OFFICE, at(DUE, 8, 30))

    rebuilt = await remind(memory, OFFICE, at(DUE, 15), day=DUE, queue=False)

    assert rebuilt == sent
    assert await remind(memory, OFFICE, at(DUE, 15), day=DUE) == [], "and sending it again sends nothing"


async def test_a_rebuilt_day_has_the_route_and_the_owner_of_that_day(memory: Memory) -> None:
    """Undecided that morning, so due by the statutory clock; corporate (due 13 April) and with another person since noon."""
    moved = case(procedure=Procedure.CORPORATE, owner=OWNER.address, events={Event.ACKNOWLEDGED: date(2026, 3, 26)})
    await keep(memory, moved)
    await record(
        memory,
        happened(REFERENCE, Event.ASSIGNED, date(2026, 3, 20), note=f"to {MANAGER.address}"),
        happened(REFERENCE, Event.ASSIGNED, DUE, at(DUE, 12), note=f"to {OWNER.address}"),
        *(
            ClassificationRow(case_reference=REFERENCE, made_at=made, made_by=by, kind=Kind.COMPLAINT, procedure=procedure)
            for made, by, procedure in (
                (at(date(2026, 3, 19)), "rules", Procedure.STATUTORY),
                (at(DUE, 12), OFFICER.address, Procedure.CORPORATE),
            )
        ),
    )

    bundles = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=DUE, queue=False)

    assert {bundle.person for bundle in bundles} == {OFFICER, MANAGER}


async def test_a_letter_imported_later_counts_on_the_days_on_which_it_happened(memory: Memory) -> None:
    """Two cases whose every event was put on record in June: one imported, one taken down late by hand."""
    for one in (case("4HX-C9Y-2RM8", is_imported=True), case("8RC-2HK-47XW")):
        rows = rows_of(one)
        for row in rows.rows:
            if isinstance(row, EventRow):
                row.recorded_at = at(date(2026, 6, 1))
        await record(memory, *rows.rows)

    bundles = await remind(memory, OFFICE, at(date(2026, 6, 2)), day=DUE, queue=False)

    assert {line.reference for bundle in bundles for line in bundle.due_today} == {"4HX-C9Y-2RM8"}


# Late: to the person, and to a head of service the same minute


async def test_the_person_is_told_at_nine_the_next_working_day_and_once(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"))

    for moment in (at(DUE, 17), at(date(2026, 4, 3), 9), at(date(2026, 4, 7), 8, 59)):
        assert await tell_late(memory, OFFICE, moment) == []
    assert len(await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))) == 1
    for moment in (at(date(2026, 4, 7), 9, 1), at(date(2026, 4, 8), 9), at(date(2026, 4, 30), 9)):
        assert await tell_late(memory, OFFICE, moment) == []

    queued = {row.key: row for row in await outbox(memory)}
    assert set(queued) == {"late:K7M-W92-RXH4:s1_response:2026-04-02", "late:hal@council.example:2026-04-07:K7M-W92-RXH4"}
    letter, word = queued["late:K7M-W92-RXH4:s1_response:2026-04-02"], queued["late:hal@council.example:2026-04-07:K7M-W92-RXH4"]
    assert (letter.notice, letter.recipient) == (Notice.LATE, "kim@example.org")
    assert letter.facts == {
        "reference": REFERENCE,
        "voice": "child",
        "due_on": "2026-04-02",
        "tell_by": "2026-04-08",
        "procedure": "statutory",
        "stage": 1,
    }
    assert (word.notice, word.recipient, word.queued_at) == (Notice.REMINDERS, HEAD.address, letter.queued_at)
    assert [item["days"] for item in word.facts["overdue"]] == [1]


@pytest.mark.parametrize("ending", [Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.CLOSED, Event.WITHDRAWN, Event.S2_REQUESTED])
async def test_who_was_answered_is_not_told_that_we_are_late(memory: Memory, ending: Event) -> None:
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"), happened(REFERENCE, ending, date(2026, 4, 7), at(date(2026, 4, 7), 8)))

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))

    assert await outbox(memory) == []


async def test_the_letter_that_offers_stage_2_is_not_sent_when_stage_2_is_late(memory: Memory) -> None:
    """Stage 2 asked for on 13 April 2026 was due on 19 May."""
    await keep(memory, case(events={Event.S1_REPLY_SENT: DUE, Event.S2_REQUESTED: date(2026, 4, 13)}))
    await record(memory, party(address="kim@example.org"))

    await tell_late(memory, OFFICE, at(date(2026, 5, 20), 9))

    assert await outbox(memory) == []


async def test_a_case_from_the_past_sends_nothing_to_anyone(memory: Memory) -> None:
    await keep(memory, case(is_imported=True))
    await record(memory, party(address="kim@example.org"))

    assert await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9)) == []
    assert await outbox(memory) == []


async def test_an_undecided_case_is_told_only_where_the_person_has_heard_from_us(memory: Memory) -> None:
    silent, heard = case("4HX-C9Y-2RM8", procedure=Procedure.UNDECIDED), case("8RC-2HK-47XW", procedure=Procedure.UNDECIDED)
    await keep(memory, silent, heard)
    await record(
        memory,
        party("4HX-C9Y-2RM8", address="a@example.org"),
        party("8RC-2HK-47XW", chat_id=77),
        happened("8RC-2HK-47XW", Event.RECEIPT_SENT, date(2026, 3, 19)),
    )

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))

    letters = [row for row in await outbox(memory) if row.notice == Notice.LATE]
    assert [(row.channel, row.recipient) for row in letters] == [(Channel.TELEGRAM, "77")]


async def test_a_closed_route_is_a_task_and_never_another_route(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, party(chat_id=77, is_closed=True))

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))
    await tell_late(memory, OFFICE, at(date(2026, 4, 8), 9))

    assert [row.recipient for row in await outbox(memory)] == [HEAD.address]
    async with memory.reading() as uow:
        tasks = [row.key for row in await uow.exec(select(TaskRow))]
    assert tasks == ["reach:late:K7M-W92-RXH4:s1_response:2026-04-02"]


# A year


def story(chance: random.Random, number: int, first: date, spread: int) -> tuple[Any, list[tuple[date, Event]]]:
    """A complaint and what happens to it: some answered in time, some late, some never, some withdrawn, some go on."""
    received = first + timedelta(days=chance.randrange(spread))
    plain = case(f"CASE-{number:04}", received, owner=chance.choice([OWNER.address, MANAGER.address, ""]), form=Form.WRITTEN)
    events: list[tuple[date, Event]] = []
    answered = received + timedelta(days=chance.choice([5, 10, 14, 15, 18, 25, 40, 400]))
    kind = chance.randrange(6)
    if kind == 0:
        events.append((received + timedelta(days=chance.randrange(30)), Event.WITHDRAWN))
    elif kind == 1:
        events.append((received + timedelta(days=chance.randrange(1, 12)), Event.COMPLEX_DECIDED))
    if kind:
        events.append((answered, Event.S1_REPLY_SENT))
    if kind == 2:
        events.append((answered + timedelta(days=20), Event.S2_REQUESTED))
    return plain, events


async def play(
    memory: Memory, first: date, days: int, number: int, seed: int, off: range
) -> tuple[Memory, dict[date, list[Any]]]:
    """Live through the days. The machine is off on those of `off`; it restarts at random, and runs the morning twice or more."""
    chance = random.Random(seed)
    stories = [story(chance, n, first, days - 20) for n in range(number)]
    mornings: dict[date, list[Any]] = {}
    for n in range(days):
        today = first + timedelta(days=n)
        await keep(memory, *(plain for plain, _ in stories if plain.events[Event.RECEIVED] == today))
        new = [(plain, event) for plain, events in stories for on, event in events if on == today]
        await record(memory, *(happened(plain.reference, event, today, at(today, 7)) for plain, event in new))
        if n in off:
            continue
        if chance.random() < 0.1:
            await memory.close()
            memory = open_memory(memory.url)
        at_once = chance.choice([1, 1, 2])
        hour = chance.choice([(8, 30), (8, 30), (9, 5), (16, 0)])
        bundles = await asyncio.gather(*(remind(memory, OFFICE, at(today, *hour)) for _ in range(at_once)))
        mornings[today] = [bundle for some in bundles for bundle in some]
        assert await remind(memory, OFFICE, at(today, 17)) == []
    return memory, mornings


def expected(days: list[date], duties: list[tuple[date, date]]) -> int:
    """How often an officer hears of these duties, counted another way: day by day, on a ladder of numbers."""
    heard = 0
    for due, until in duties:
        last = -1
        for day in days:
            if day >= until or not OFFICE.calendar.is_working_day(day):
                continue
            late = sum(OFFICE.calendar.is_working_day(due + timedelta(days=n)) for n in range(1, (day - due).days + 1))
            step = -1 if day < due else 0 if late == 0 else 1 if late < 3 else 3 if late < 5 else 5 * (late // 5)
            if step > last:
                heard, last = heard + 1, step
    return heard


async def live(memory: Memory, days: int, number: int, seed: int, off: range) -> None:
    first = date(2026, 1, 5)
    memory, mornings = await play(memory, first, days, number, seed, off)
    rows = await outbox(memory)
    async with memory.reading() as uow:
        reminders = list(await uow.exec(select(ReminderRow)))
    await memory.close()

    told_lines = Counter(
        (row.recipient, item["reference"], item["clock"], item["due_on"], rung_of(item, name))
        for row in rows
        for name in ("due_soon", "due_today", "overdue")
        for item in row.facts[name]
    )
    assert told_lines and set(told_lines.values()) == {1}, "nobody is told one rung twice"
    assert max(Counter((row.recipient, row.key.rpartition(":")[2]) for row in rows).values()) == 1, "one bundle a person a day"
    assert sum(len(bundles) for bundles in mornings.values()) == len(rows), "what was queued is what was said"
    near = {line for line in told_lines if not line[4].startswith("day, ")}  # a line does not say which day of a long clock it is
    assert {(row.person, row.case_reference, row.clock, row.due_on.isoformat(), row.rung) for row in reminders} >= near

    chance = random.Random(seed)
    stage_1 = []
    for plain, events in (story(chance, n, first, days - 20) for n in range(number)):
        ends = [on for on, event in events if event in (Event.S1_REPLY_SENT, Event.WITHDRAWN)]
        received = plain.events[Event.RECEIVED]
        due = OFFICE.calendar.add_working_days(received, 10)
        longer = next((on for on, event in events if event is Event.COMPLEX_DECIDED), None)
        until = min(ends, default=date.max)
        if longer and longer <= due and longer < until:
            due = OFFICE.calendar.add_working_days(received, 20)
        stage_1.append((due, until))
    of_officer = [line for line in told_lines if line[0] == OFFICER.address and line[2] == "s1_response"]
    # before the due day an officer hears only of cases without an owner
    assert len([line for line in of_officer if line[4] not in ("T-2", "day 5")]) == expected(sorted(mornings), stage_1), (
        "nothing was missed"
    )


def rung_of(item: dict[str, Any], name: str) -> str:
    days = item["days"]
    if name == "due_soon" and item["clock"] == "s2_delay_notice" and days == 1:
        return "day 24"
    if name == "due_soon":
        return "T-2" if days <= 2 else "day 5" if item["stage"] == 1 else f"day, {days} left"
    return "due" if not days else "+1" if days < 3 else "+3" if days < 5 else f"+{days - days % 5}"


async def test_six_weeks_with_restarts_and_days_off_miss_nothing_and_double_nothing(memory: Memory) -> None:
    await live(memory, days=42, number=25, seed=7, off=range(16, 23))


@pytest.mark.prove
async def test_a_year_with_restarts_and_a_fortnight_off_misses_nothing_and_doubles_nothing(memory: Memory) -> None:
    await live(memory, days=365, number=100, seed=1, off=range(100, 114))


async def look_of(memory: Memory, reference: str = REFERENCE) -> date | None:
    async with memory.reading() as uow:
        return (await uow.exec(select(CaseRow).where(CaseRow.reference == reference))).one().remind_from


async def test_a_sweep_takes_a_case_off_its_list_until_somebody_must_hear_and_an_event_puts_it_back(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 3, 19)))
    monday = date(2026, 3, 23)

    await remind(memory, OFFICE, at(monday, 8, 30))
    look = await look_of(memory)
    assert look is not None
    assert look > monday
    await record(memory, happened(REFERENCE, Event.S1_REPLY_SENT, monday))
    assert await look_of(memory) == monday  # what happened to it, nobody has looked at yet

    await remind(memory, OFFICE, at(monday + timedelta(days=1), 8, 30))
    assert await look_of(memory) is None  # answered: nobody waits


async def test_what_a_sweep_by_list_tells_is_what_a_sweep_of_every_case_tells(memory: Memory) -> None:
    """A morning of the list, and the same morning rebuilt from every case."""
    for number in range(40):
        reference = f"{number:03d}"
        await keep(memory, case(reference=reference, received=date(2026, 2, 2) + timedelta(days=number)))
        if number % 3 == 0:
            await record(memory, happened(reference, Event.S1_REPLY_SENT, date(2026, 3, 25)))
    day, queued = date(2026, 3, 2), 0
    while day < date(2026, 5, 1):
        every = await remind(memory, OFFICE, at(day, 8, 30), day=day, queue=False)
        by_list = await remind(memory, OFFICE, at(day, 8, 30))
        assert by_list == every, day
        queued += len(by_list)
        day += timedelta(days=1)
    assert queued > 40
