"""An answer in a chat is claimed in the commit that files what it answers, and settled with whatever is filed next."""

import asyncio
from collections.abc import AsyncIterator, Coroutine

import pytest
from sqlalchemy import event, text

from bot.rehearsal.bot_api import BotApi
from notifications.at_once import AtOnce
from notifications.dispatch import Dispatch
from notifications.senders import Outgoing, Sender, Sent, TelegramSender
from notifications.wires import TelegramAccess, open_bot
from procedures.terms import Channel
from storage.filing import Filing, write
from storage.tables import OutboxRow, OutboxState
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MONDAY, OFFICE
from tests.mouth.test_dispatch import added, rows
from tests.servers.clock import Clock

SAM, ALEX = 1001, 1002


class Gated(TelegramSender):
    """Sends while the gate is open."""

    gate: asyncio.Event

    async def send(self, outgoing: Outgoing) -> Sent:
        await self.gate.wait()
        return await super().send(outgoing)


class Room:
    """A mouth whose answers leave at once, and how often it was asked to look at the outbox."""

    gate: asyncio.Event

    def __init__(self, memory: Memory, dispatch: Dispatch) -> None:
        self.memory = memory
        self.dispatch = dispatch
        self.tasks: list[asyncio.Task[None]] = []
        self.rings = 0
        self.commits: list[object] = []
        dispatch.settling.lingers_seconds = 60
        self.at_once = AtOnce(dispatch, self._start, self._ring)
        event.listen(memory.writer.sync_engine, "commit", self.commits.append)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    def _ring(self) -> None:
        self.rings += 1

    async def files(self, *queued: OutboxRow, problem: type[Exception] | None = None) -> bool:
        """File these as the reception does."""
        filing = Filing()
        filing.add(*queued)
        async with self.at_once.joining() as along, self.memory.unit_of_work() as uow:
            await write(uow, [filing])
            is_left = await along(uow, filing.rows)
            if problem:
                raise problem
        return is_left

    async def states(self) -> dict[str, OutboxState]:
        return {row.key: row.state for row in await rows(self.memory)}

    async def has_sent(self) -> None:
        """Wait until something has left and waits to be settled."""
        async with asyncio.timeout(10):
            while not self.dispatch.settling.has_something:  # noqa: ASYNC110 - who settles tells nobody what waits
                await asyncio.sleep(0)

    async def end(self) -> None:
        """Let everything come to its end: what waits to be settled goes along with units in which nothing is filed."""
        while not all(task.done() for task in self.tasks):
            if self.dispatch.settling.has_something:
                await self.files()
            await asyncio.sleep(0)


async def spoiled(uow: UnitOfWork, things: object) -> list[bool]:
    """Writes something wrong, and then cannot write the rest."""
    await (await uow.connection()).execute(text("update outbox set state = 'failed'"))
    raise ValueError(things)


@pytest.fixture
async def room(memory: Memory, bot_api: BotApi) -> AsyncIterator[Room]:
    for chat in (SAM, ALEX):
        bot_api.person(chat)
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=4)) as bot:
        sender = Gated(bot)
        senders: dict[Channel, Sender] = {Channel.TELEGRAM: sender}
        room = Room(memory, Dispatch(memory, lambda: OFFICE.council, Clock(MONDAY), senders, OFFICE.domain))
        room.gate = sender.gate = asyncio.Event()
        room.gate.set()
        yield room
        await room.end()


def said(key: str, chat: int = SAM) -> OutboxRow:
    return added(key, channel=Channel.TELEGRAM, recipient=str(chat))


async def test_the_answer_is_claimed_in_the_commit_that_files_it_and_then_leaves(room: Room, bot_api: BotApi) -> None:
    is_left = await room.files(said("a"))

    assert await room.states() == {"a": OutboxState.SENDING}
    assert len(room.commits) == 1
    assert not is_left
    await room.end()
    assert len(bot_api.sent_to(SAM)) == 1
    assert await room.states() == {"a": OutboxState.SENT}


async def test_what_left_is_settled_in_the_commit_of_the_next_arrival(room: Room) -> None:
    await room.files(said("a"))
    await room.has_sent()

    await room.files(said("b", ALEX))

    assert await room.states() == {"a": OutboxState.SENT, "b": OutboxState.SENDING}
    assert len(room.commits) == 2
    await room.has_sent()
    await room.files()  # nothing was said: what waits goes along all the same
    assert await room.states() == {"a": OutboxState.SENT, "b": OutboxState.SENT}


async def test_a_unit_that_fails_sends_nothing_and_what_waited_is_settled_alone(room: Room, bot_api: BotApi) -> None:
    room.dispatch.settling.lingers_seconds = 0.05
    await room.files(said("a"))
    await room.has_sent()

    with pytest.raises(LookupError):
        await room.files(said("b", ALEX), problem=LookupError)
    await asyncio.gather(*room.tasks)

    assert await room.states() == {"a": OutboxState.SENT}
    assert bot_api.sent_to(ALEX) == []


async def test_what_cannot_be_settled_is_no_fault_of_the_arrival_beside_it(room: Room) -> None:
    note, room.dispatch.settling.write = room.dispatch.settling.write, spoiled
    await room.files(said("a"))
    await room.has_sent()

    is_left = await room.files(said("b", ALEX))

    assert not is_left
    assert await room.states() == {"a": OutboxState.SENDING, "b": OutboxState.SENDING}
    assert room.dispatch.settling.has_something
    room.dispatch.settling.write = note
    await room.end()
    assert await room.states() == {"a": OutboxState.SENT, "b": OutboxState.SENT}


async def test_the_second_message_of_a_chat_waits_for_the_first_and_the_loop_is_told_then(room: Room, bot_api: BotApi) -> None:
    is_left = await room.files(said("a"), said("b"))
    before = room.rings
    await room.end()

    assert not is_left
    assert (before, room.rings) == (0, 1)
    assert await room.states() == {"a": OutboxState.SENT, "b": OutboxState.QUEUED}
    assert await room.dispatch.dispatch_due() == 1
    assert len(bot_api.sent_to(SAM)) == 2


async def test_what_waits_for_other_chats_is_left_to_the_outbox_loop(room: Room) -> None:
    async with room.memory.unit_of_work() as uow:
        uow.add(said("waits", ALEX))

    await room.files(said("a"))

    assert await room.states() == {"waits": OutboxState.QUEUED, "a": OutboxState.SENDING}


async def test_a_mail_is_left_to_the_outbox_loop(room: Room) -> None:
    is_left = await room.files(added("mail"), said("a"))

    assert is_left
    assert await room.states() == {"mail": OutboxState.QUEUED, "a": OutboxState.SENDING}


async def test_who_is_taken_for_dead_claims_nothing(room: Room) -> None:
    room.dispatch.may_send = lambda: False

    is_left = await room.files(said("a"))

    assert is_left
    assert await room.states() == {"a": OutboxState.QUEUED}


async def test_what_is_in_our_hands_is_not_taken_for_left_behind(room: Room, bot_api: BotApi) -> None:
    await room.files(said("a"))

    taken_up = await room.dispatch.take_up_what_a_crash_left()
    await room.end()

    assert taken_up == 0
    assert len(bot_api.sent_to(SAM)) == 1
    assert await room.states() == {"a": OutboxState.SENT}


async def test_what_could_not_be_begun_is_in_nobodys_hands_and_taken_up_again(room: Room, bot_api: BotApi) -> None:
    """A service that ends, say: nothing can be begun in it any more. What was claimed must not wait for who is not there."""

    def ends(work: Coroutine[object, object, None]) -> None:
        work.close()
        raise RuntimeError("nothing can be begun any more")

    room.at_once.start = ends
    with pytest.raises(RuntimeError, match="begun"):
        await room.files(said("a"))

    assert await room.dispatch.take_up_what_a_crash_left() == 1
    assert await room.dispatch.dispatch_due() == 1
    assert len(bot_api.sent_to(SAM)) == 1


async def test_what_the_memory_refuses_is_told_by_the_loop_in_its_next_turn(room: Room, bot_api: BotApi) -> None:
    room.dispatch.settling.lingers_seconds = 0
    room.gate.clear()
    await room.files(said("a"))
    async with room.memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("alter table outbox rename to gone"))
    room.gate.set()
    await asyncio.gather(*room.tasks)
    async with room.memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("alter table gone rename to outbox"))

    with pytest.raises(Exception, match="outbox"):
        await room.dispatch.dispatch_due()
    assert room.rings == 1
    assert room.dispatch.in_hand == {}
    assert len(bot_api.sent_to(SAM)) == 1
