"""Two processes on one PostgreSQL database: one leads, the other takes over, and never do both store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.leading import AmongOthers
from notifications.dispatch import Dispatch
from notifications.senders import Outgoing, Sent
from procedures.terms import Channel, Notice
from storage import inbound, outbox, presence
from storage.inbound import DoorStep
from storage.presence import NotPresent, Presence
from storage.tables import OutboxRow, OutboxState
from storage.unit_of_work import LeadLost, Memory, is_the_databases_trouble
from tests.casework.rooms import OFFICE
from tests.memory import rows
from tests.memory.rows import NOW, put
from tests.servers.clock import Clock

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)

DOOR = "telegram:700000001"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that runs eight suites may need ten seconds for a connection. Which process leads is asked here, not how soon."""
    monkeypatch.setattr(presence, "ANSWERS_WITHIN_SECONDS", 40.0)
    monkeypatch.setattr(presence, "SURE_FOR_SECONDS", 90.0)
    monkeypatch.setattr(presence, "SILENT_FOR_SECONDS", 120)


@pytest.fixture
async def one(memory: Memory) -> AsyncIterator[AmongOthers]:
    async with asyncio.timeout(60):
        made = AmongOthers(memory, lambda: NOW)
        await made.enter()
        yield made
        await made.leave()


@pytest.fixture
async def other(memory: Memory) -> AsyncIterator[AmongOthers]:
    made = AmongOthers(memory, lambda: NOW)
    await made.enter()
    yield made
    await made.leave()


async def end_connection_of(memory: Memory, process: AmongOthers) -> None:
    """What the server does with the connection of a process that froze or vanished; the process does not know it yet."""
    async with memory.unit_of_work(alone=False) as uow:
        connection = await uow.connection()
        ended = await connection.execute(
            text("SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND objid = :n"),
            {"n": int(process.name, 16)},
        )
        assert ended.all() == [(True,)]


def step(process: AmongOthers, position: int) -> DoorStep:
    return DoorStep(DOOR, "700000001", position, NOW, NOW, process.name)


async def move(memory: Memory, to: DoorStep) -> None:
    async with memory.unit_of_work() as uow:
        await inbound.move_door(uow, to)


async def test_one_leads_and_the_other_follows_until_it_leaves(one: AmongOthers, other: AmongOthers) -> None:
    assert await one.leads(DOOR)
    assert not await other.leads(DOOR)
    assert await one.leads(DOOR)
    assert await other.leads("mornings"), "another role is free"
    assert await one.others()

    await one.leave()

    assert await other.leads(DOOR)
    assert not await other.others()


async def test_of_many_that_ask_at_once_one_leads(memory: Memory) -> None:
    many = [AmongOthers(memory, lambda: NOW) for _ in range(6)]
    await asyncio.gather(*(one.enter() for one in many))

    leads = await asyncio.gather(*(one.leads(DOOR) for one in many))

    assert sorted(leads) == [False] * 5 + [True]
    await asyncio.gather(*(one.leave() for one in many))


async def test_a_leader_that_does_not_know_that_it_was_followed_stores_nothing(
    memory: Memory, one: AmongOthers, other: AmongOthers
) -> None:
    assert await one.leads(DOOR)
    await move(memory, step(one, 1))
    await end_connection_of(memory, one)
    assert await one.leads(DOOR), "nobody has told it"

    assert await other.leads(DOOR)
    with pytest.raises(LeadLost) as lost:
        await move(memory, step(one, 2))
    await move(memory, step(other, 5))

    assert is_the_databases_trouble(lost.value), "nothing of it is shelved"
    async with memory.reading() as uow:
        door = await inbound.door(uow, DOOR)
    assert door is not None
    assert door.position == 5


async def test_who_lost_its_connection_knows_after_its_next_word_and_follows(
    memory: Memory, one: AmongOthers, other: AmongOthers
) -> None:
    assert await one.leads(DOOR)
    await end_connection_of(memory, one)
    stop = asyncio.Event()
    assert await other.leads(DOOR)

    with pytest.raises(NotPresent):
        await one._presence.keep()
    assert (one.is_sure, await one.leads(DOOR)) == (False, False)
    staying = asyncio.ensure_future(one.stay(stop))
    async with asyncio.timeout(20):
        while not one.is_sure:  # noqa: ASYNC110  # another process of the world decides
            await asyncio.sleep(0.01)
    stop.set()
    await staying

    assert not await one.leads(DOOR)
    assert await other.leads(DOOR)


async def test_who_said_nothing_for_long_is_not_sure_of_its_locks(
    memory: Memory, one: AmongOthers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await one.leads(DOOR)

    monkeypatch.setattr(presence, "SURE_FOR_SECONDS", 0.0)

    assert (one.is_sure, await one.leads(DOOR)) == (False, False)


async def test_the_server_ends_a_connection_that_says_nothing(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SILENT_FOR_SECONDS", 5)
    frozen = Presence(memory.url)
    await frozen.keep()
    assert await frozen.take(DOOR)

    async with asyncio.timeout(20):
        while frozen.name in await at_work(memory):  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.05)

    with pytest.raises(NotPresent):
        await frozen.keep()
    await frozen.go()


async def at_work(memory: Memory) -> frozenset[str]:
    async with memory.reading() as uow:
        return await presence.at_work(uow)


class Post:
    """A way out of the test's own; what it does to a letter is told to it."""

    def __init__(self, does: Callable[[Outgoing], Awaitable[None]] | None = None) -> None:
        self.does = does
        self.sent: list[str] = []

    async def send(self, outgoing: Outgoing) -> Sent:
        self.sent.append(outgoing.recipient)
        if self.does:
            await self.does(outgoing)
        return Sent()


def a_letter() -> OutboxRow:
    return rows.message("added:1", notice=Notice.ADDED, facts={"reference": "K7M-W92-RXHM", "voice": "adult"})


def dispatch_of(memory: Memory, process: AmongOthers, post: Post) -> Dispatch:
    made = Dispatch(memory, lambda: OFFICE.council, Clock(NOW), {Channel.EMAIL: post}, OFFICE.domain, process.name)
    made.may_send = lambda: process.is_sure
    return made


async def states(memory: Memory) -> list[tuple[OutboxState, bool, str]]:
    async with memory.reading() as uow:
        return [(row.state, row.may_repeat, row.claimed_by) for row in await outbox.in_states(uow, list(OutboxState))]


async def test_what_the_living_hold_is_left_to_them_and_what_the_dead_held_is_taken_up(
    memory: Memory, one: AmongOthers, other: AmongOthers
) -> None:
    await put(memory, rows.message("receipt:1"))
    async with memory.unit_of_work(alone=False) as uow:
        await outbox.claim(uow, NOW, 10, [Channel.EMAIL], one.name)
    second = dispatch_of(memory, other, Post())

    assert [await second.take_up_from_the_dead() for _ in range(3)] == [0, 0, 0]
    await one.leave()
    assert [await second.take_up_from_the_dead() for _ in range(3)] == [0, 1, 0]

    assert await states(memory) == [(OutboxState.QUEUED, True, one.name)]


async def test_what_was_taken_up_meanwhile_is_settled_by_who_took_it_up(
    memory: Memory, one: AmongOthers, other: AmongOthers
) -> None:
    """The first freezes while it sends; when it wakes, the second has sent it, and that stands."""
    await put(memory, a_letter())
    second = dispatch_of(memory, other, Post())

    async def freezes(_: Outgoing) -> None:
        await end_connection_of(memory, one)
        await second.take_up_from_the_dead()
        assert await second.take_up_from_the_dead() == 1
        assert await second.dispatch_due() == 1

    first = dispatch_of(memory, one, Post(freezes))
    first.now = Clock(NOW + timedelta(minutes=1))
    assert await first.dispatch_due() == 1

    assert await states(memory) == [(OutboxState.SENT, True, other.name)]
    async with memory.reading() as uow:
        [row] = await outbox.in_states(uow, [OutboxState.SENT])
    assert row.sent_at == NOW, "not when the first one woke"


async def test_who_is_not_known_to_be_at_work_sends_nothing_and_lets_go(memory: Memory, one: AmongOthers) -> None:
    await put(memory, a_letter())
    post = Post()
    dispatch = dispatch_of(memory, one, post)
    dispatch.may_send = lambda: False

    await dispatch.dispatch_due()

    assert post.sent == []
    assert [state for state, _, _ in await states(memory)] == [OutboxState.QUEUED]
