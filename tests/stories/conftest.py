"""Fixtures of the stories: a `town` on SQLite and on PostgreSQL, whose log is looked through after each."""

from collections.abc import AsyncIterator

import pytest

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
from storage.tables import ArrivalRow, LetterRow, PartyRow
from storage.unit_of_work import Memory
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox
from tests.stories.log import listening
from tests.stories.town import Town


@pytest.fixture
def in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops look often and wait little: what takes a minute of a real day is not waited for here."""
    monkeypatch.setattr("bot.service.MORNING_LOOK_SECONDS", 0.3)
    monkeypatch.setattr("bot.loops.LONGEST_PAUSE_SECONDS", 0.1)


@pytest.fixture
async def town(
    memory: Memory, dovecot: RealMailbox, post_office: PostOffice, bot_api: BotApi, clock: Clock, in_no_hurry: None
) -> AsyncIterator[Town]:
    """The town, its service not yet open. Afterwards: no name, address or word of anybody's stands in the log."""
    with listening() as log:
        town = Town(memory, dovecot, post_office, bot_api, clock, log)
        yield town
        await town.closes()
    log.names_nobody(await everything_written(town), (bot_api.token, post_office.password))


async def everything_written(town: Town) -> str:
    """What people wrote and who they are, as far as the memory and the chats have it."""
    letters = await town.rows(LetterRow)
    parties = await town.rows(PartyRow)
    chats = [chat for chat in town.api.chats.by_number.values() if chat.is_private]
    pieces = [
        *(f"{letter.words} {letter.subject} {letter.sender}" for letter in letters),
        *(f"{party.name} {party.address}" for party in parties),
        *(arrival.raw.decode("utf-8", "replace").partition("\n\n")[2] for arrival in await town.rows(ArrivalRow, wire="email")),
        *(str(message.get("text", "")) for chat in chats for message in chat.by_people.values()),
        *(str(chat.described["first_name"]) for chat in chats),
    ]
    for chat in chats:
        assert not any(str(chat.number) in line for line in town.log.lines)
    return "\n".join(pieces)
