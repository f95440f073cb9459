"""Walls: whoever is complained about sees, handles and hears nothing of the case, whichever came first."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from casework import actions, alerts
from casework.acting import Acting, Refused, the_case
from casework.council import Person, StaffRole
from casework.opening import Alert, alert_duty
from casework.people import walls
from casework.people.behind_walls import write_behind_walls
from casework.people.walls import Whom
from notifications.digest import queue_digests
from notifications.late_letters import tell_late
from notifications.reminders import remind
from procedures.people import WallKind
from procedures.terms import Channel, Event, Kind, Notice
from storage import cases
from storage.filing import Filing, write
from storage.outbox import outgoing
from storage.tables import AlertRow, CaseRow, LetterRow, OutboxRow, OutboxState, ReminderRow, TaskKind, WallRow
from storage.unit_of_work import Memory
from storage.walls import LEAVES_YET, BehindAWall, kept_from_reader, mentions
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, OFFICER, a_case, opened, told
from tests.memory import rows

LEGAL = Person("legal@council.example", "Ines Legal", StaffRole.DIRECTOR)
DEPUTY = Person("deputy@council.example", "Bea Deputy", StaffRole.OFFICER)
COUNCIL = replace(OFFICE.council, people=(OFFICER, DEPUTY, MANAGER, LEGAL), monitoring_officer=LEGAL.address)
HERE = replace(OFFICE, council=COUNCIL)
WHY = "the complaint is about them"


def by(person: Person = OFFICER, at: datetime = MONDAY) -> Acting:
    return Acting(person, HERE, at)


async def put_up(memory: Memory, reference: str, person: Person = MANAGER, acting: Acting | None = None) -> None:
    async with memory.unit_of_work() as uow:
        await walls.put_up(uow, reference, Whom(address=person.address), WHY, acting or by())


async def sent_to(memory: Memory, person: Person) -> list[OutboxRow]:
    async with memory.reading() as uow:
        return list((await uow.exec(select(OutboxRow).where(OutboxRow.recipient == person.address))).all())


async def written(memory: Memory, words: str, **changes: object) -> str:
    """A case that a letter with these words opened, filed as at the desk."""
    case, filing = opened(told(**changes))
    reference = case.case.reference
    arrival = rows.arrival(reference)
    letter = LetterRow(
        arrival_id=arrival.id,
        case_reference=reference,
        channel=Channel.EMAIL,
        received_at=MONDAY,
        words=words,
        sender="mum@f.example",
    )
    filing.add(arrival, letter)
    async with memory.unit_of_work() as uow:
        await write_behind_walls(uow, [filing], HERE, MONDAY)
    return reference


# Whatever comes first


async def _wall(memory: Memory, reference: str, now: datetime) -> None:
    await put_up(memory, reference, acting=by(at=now))


async def _assign(memory: Memory, reference: str, now: datetime) -> None:
    async with memory.unit_of_work() as uow:
        try:
            await actions.assign(uow, reference, MANAGER.address, by(at=now))
        except Refused:
            assert await walls.is_walled(uow, MANAGER, reference)


async def _remind(memory: Memory, _reference: str, now: datetime) -> None:
    await remind(memory, HERE, now)


async def _digest(memory: Memory, _reference: str, now: datetime) -> None:
    await queue_digests(memory, HERE, now)


async def _late(memory: Memory, _reference: str, now: datetime) -> None:
    await tell_late(memory, HERE, now)


async def _alert(memory: Memory, reference: str, now: datetime) -> None:
    office = replace(HERE, council=replace(COUNCIL, duty_addresses=(MANAGER.address,)))
    filing = Filing()
    alert_duty(Alert(reference, "harm", Channel.EMAIL, now, "token"), office, now, filing)
    async with memory.unit_of_work() as uow:
        await write_behind_walls(uow, [filing], office, now)


async def _new_case_mail(memory: Memory, reference: str, now: datetime) -> None:
    filing = Filing()
    facts = {"reference": reference}
    filing.add(
        outgoing(
            key=f"anything:{reference}",
            notice=Notice.NEW_CASE_FOR_STAFF,
            channel=Channel.EMAIL,
            recipient=MANAGER.address.upper(),
            now=now,
            domain="council.example",
            facts=facts,
            case_reference=reference,
        )
    )
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


STEPS: list[Callable[[Memory, str, datetime], Awaitable[None]]] = [_assign, _remind, _digest, _late, _alert, _new_case_mail]


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_that_has_not_left_tells_a_walled_person_of_the_case_in_whatever_order(memory: Memory, seed: int) -> None:
    """A statutory complaint of Team North of 10 March, late since 24 March; the days from 31 March on, one step each."""
    reference = await a_case(memory, team="Team North")
    chance = random.Random(seed)
    order = chance.sample(STEPS, len(STEPS))
    order.insert(chance.randrange(len(order) + 1), _wall)
    order.append(_remind)
    day = datetime(2025, 3, 31, 9, 30, tzinfo=UTC)
    walled_on = day
    for step in order:
        walled_on = day if step is _wall else walled_on
        await step(memory, reference, day)
        day += timedelta(days=1 if day.weekday() < 4 else 3)

    waiting = [row for row in await sent_to(memory, MANAGER) if row.state in LEAVES_YET]
    assert not [row for row in waiting if row.case_reference == reference or mentions(row.facts, {reference})]
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        assert case is not None and case.owner == ""
        late = select(ReminderRow).where(ReminderRow.person == MANAGER.address, ReminderRow.told_on > walled_on.date())
        assert (await uow.exec(late)).all() == []
    async with replace(memory, person=MANAGER.address).reading() as uow:
        assert [one.reference for one in await cases.find_all(uow)] == []
        assert await cases.tasks(uow) == [] and await alerts.alerts(uow) == []
        with pytest.raises(BehindAWall):
            await the_case(uow, reference)
    if _alert in order:
        async with memory.reading() as uow:
            told_of = await uow.exec(select(OutboxRow.recipient).where(OutboxRow.notice == Notice.SAFETY_ALERT))
            assert set(told_of) - {MANAGER.address}


# Named in the words


async def test_whoever_is_named_is_walled_at_once_with_a_task_to_confirm_it(memory: Memory) -> None:
    reference = await written(memory, "Jo Field never calls back about my son. I want to complain.")

    async with memory.reading() as uow:
        (wall,) = await walls.walls_around(uow, reference)
        waiting = [task.kind for task in await cases.tasks(uow, reference=reference)]
    assert (wall.address, wall.made_by, wall.confirmed_at) == (MANAGER.address, "service", None)
    assert TaskKind.CONFIRM_WALL in waiting


async def test_thanks_wall_nobody_until_they_turn_out_to_be_a_complaint(memory: Memory) -> None:
    reference = await written(memory, "Jo Field was kind to us.", kind=Kind.COMPLIMENT)
    async with memory.unit_of_work() as uow:
        before = await walls.walls_around(uow, reference)
        await actions.change_kind(uow, reference, Kind.COMPLAINT, "there is a complaint inside", by())
        after = await walls.walls_around(uow, reference)

    assert (before, [wall.address for wall in after]) == ([], [MANAGER.address])


async def test_a_wall_that_was_lifted_is_not_put_up_again_by_the_next_letter(memory: Memory) -> None:
    reference = await written(memory, "Jo Field never calls back.")
    async with memory.unit_of_work() as uow:
        await walls.lift(uow, reference, "Jo Field", "named in passing", by())
    more, arrival = Filing(), rows.arrival("more")
    more.add(
        arrival,
        LetterRow(
            arrival_id=arrival.id, case_reference=reference, channel=Channel.EMAIL, received_at=MONDAY, words="Jo Field again"
        ),
    )
    async with memory.unit_of_work() as uow:
        await write_behind_walls(uow, [more], HERE, MONDAY)

        assert await walls.walls_around(uow, reference) == []
        await actions.assign(uow, reference, MANAGER.address, by())


async def test_where_every_officer_is_named_the_monitoring_officer_hears_and_decides(memory: Memory) -> None:
    reference = await written(memory, "Ravi Shah and Bea Deputy did nothing. I complain.")

    assert [row.notice for row in await sent_to(memory, LEGAL)] == [Notice.NEW_CASE_FOR_STAFF]
    assert await sent_to(memory, OFFICER) == [] and await sent_to(memory, DEPUTY) == []
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="is whom this wall is about"):
            await walls.lift(uow, reference, OFFICER.address, "it is fine", by(OFFICER))
    async with memory.unit_of_work() as uow:
        await walls.confirm(uow, reference, OFFICER.address, "issue 1 is about him", by(LEGAL))
        await walls.lift(uow, reference, DEPUTY.address, "she was on leave", by(LEGAL))
        open_now = [task for task in await cases.tasks(uow, reference=reference) if task.kind is TaskKind.CONFIRM_WALL]
    assert open_now == []


# A conflict that is found late


async def test_a_late_wall_takes_the_case_the_alert_and_the_queued_mails_and_asks_to_give_it_away(memory: Memory) -> None:
    office = replace(HERE, council=replace(COUNCIL, duty_addresses=(OFFICER.address,)))
    case, filing = opened()
    reference = case.case.reference
    alert_duty(Alert(reference, "harm", Channel.EMAIL, MONDAY, reference), office, MONDAY, filing)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
        await actions.assign(uow, reference, OFFICER.address, by())
        await alerts.take_up(uow, reference, by(OFFICER))

    async with memory.unit_of_work() as uow:
        await walls.put_up(uow, reference, Whom("Ravi Shah"), WHY, Acting(DEPUTY, office, MONDAY))

    mails = await sent_to(memory, OFFICER)
    assert {row.state for row in mails} == {OutboxState.CANCELLED}
    assert Notice.SAFETY_ALERT in {row.notice for row in await sent_to(memory, DEPUTY)}
    async with memory.reading() as uow:
        row = await uow.get(CaseRow, reference)
        assert row is not None and row.owner == ""
        assert (await uow.exec(select(AlertRow))).all() == []
        assert TaskKind.GIVE_AWAY in {task.kind for task in await cases.tasks(uow, reference=reference)}


async def test_a_walled_person_does_nothing_to_the_case_and_nobody_gives_it_to_them(memory: Memory) -> None:
    reference = await a_case(memory)
    await put_up(memory, reference)

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="neither decides nor answers"):
            await actions.assign(uow, reference, MANAGER.address, by())
    with pytest.raises(BehindAWall):
        async with memory.unit_of_work() as uow:
            await actions.note(uow, reference, "I was not there", by(MANAGER))
    with pytest.raises(BehindAWall):
        async with memory.unit_of_work() as uow:
            filing = Filing()
            filing.change(CaseRow, {"reference": reference}, owner=MANAGER.address)
            await write(uow, [filing])
    async with memory.reading() as uow:
        events = (await cases.events_of(uow, [reference]))[reference]
    assert not [event for event in events if event.recorded_by == MANAGER.address or event.name is Event.ASSIGNED]


async def test_anybody_may_wall_themselves_and_only_an_officer_anybody_else(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="Only a complaints officer"):
            await walls.put_up(uow, reference, Whom(address=OFFICER.address), WHY, by(MANAGER))
        await actions.assign(uow, reference, MANAGER.address, by())
    await put_up(memory, reference, MANAGER, by(MANAGER))

    async with memory.reading() as uow:
        case = await uow.get(CaseRow, reference)
        assert case is not None and case.owner == ""


def test_danger_goes_to_the_duty_address_all_the_same_where_everybody_is_walled() -> None:
    """A child's safety goes before the wall: somebody hears."""
    duty, everybody = COUNCIL.duty_addresses, {person.address for person in COUNCIL.people}

    assert COUNCIL.on_duty_for(everybody | set(duty)) == duty
    assert COUNCIL.on_duty_for(duty) == (OFFICER.address, DEPUTY.address)
    assert COUNCIL.on_duty_for({*duty, OFFICER.address, DEPUTY.address}) == (LEGAL.address,)


# A bundle, a family, nobody named


async def test_a_bundle_that_waits_loses_its_line_and_keeps_the_others(memory: Memory) -> None:
    one, other = await a_case(memory), await a_case(memory)
    filing = Filing()
    lines = [{"reference": one, "clock": "s1_response"}, {"reference": other, "clock": "s1_response"}]
    filing.add(
        outgoing(
            key="reminders:x",
            notice=Notice.REMINDERS,
            channel=Channel.EMAIL,
            recipient=MANAGER.address,
            now=MONDAY,
            domain="council.example",
            facts={"overdue": lines, "tasks": []},
        )
    )
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
    await put_up(memory, one)

    (mail,) = await sent_to(memory, MANAGER)
    assert (mail.state, mail.facts["overdue"]) == (OutboxState.QUEUED, lines[1:])
    await put_up(memory, other)
    (mail,) = await sent_to(memory, MANAGER)
    assert mail.state is OutboxState.CANCELLED


async def test_whom_a_child_does_not_want_told_is_told_nothing(memory: Memory) -> None:
    """Practice: "Is there anyone we should not tell that you wrote?" """
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        mum = Whom("Mum", "mum@family.example", kind=WallKind.FAMILY)
        await walls.put_up(uow, reference, mum, "the child asks", by())
    async with memory.unit_of_work() as uow:
        rows_of_case = await cases.sent_of(uow, reference)

    assert {row.state for row in rows_of_case if row.recipient == "mum@family.example"} == {OutboxState.CANCELLED}


async def test_a_case_with_a_wall_is_shown_to_nobody_unnamed_and_to_the_service_itself(memory: Memory) -> None:
    reference = await a_case(memory)
    await put_up(memory, reference)

    async with replace(memory, person="").reading() as uow:
        assert await kept_from_reader(uow) == {reference}
        with pytest.raises(BehindAWall, match="say who looks"):
            await the_case(uow, reference)
    async with memory.reading() as uow:
        assert await kept_from_reader(uow) == frozenset()
        assert (await uow.exec(select(WallRow.why))).one() == WHY
