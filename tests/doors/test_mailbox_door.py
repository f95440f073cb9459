"""The mailbox door over Dovecot: nothing lost, nothing skipped, nothing touched."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.doors import Batch, DoorTrouble, Position
from bot.mailbox_door import UNFETCHABLE, MailboxDoor, Start
from intake.arrival import OVERSIZED, Arrival
from notifications.wires import look_at_mailbox
from tests.doors.letters import letter, number_of
from tests.servers.clock import Clock
from tests.servers.dovecot import DovecotMailbox, RealMailbox
from tests.servers.scripted_imap import Poison, scripted, spoiled

AT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


async def read_all(door: MailboxDoor, after: Position | None) -> tuple[list[Arrival], Position | None]:
    """Everything after a position, turn by turn, and where the door then stands."""
    arrivals: list[Arrival] = []
    async for batch in turns(door, after):
        arrivals += batch.arrivals
        after = batch.position
    return arrivals, after


async def turns(door: MailboxDoor, after: Position | None) -> AsyncIterator[Batch]:
    while (batch := await door.fetch(after)).arrivals or batch.position != after:
        yield batch
        after = batch.position


@pytest.fixture
async def opened(dovecot: RealMailbox, clock: Clock) -> Position:
    """Where a door stands that was opened on the empty mailbox."""
    position = (await MailboxDoor(dovecot.access(), now=clock).fetch(None)).position
    assert position is not None
    return position


async def test_an_old_mailbox_is_not_a_days_post(dovecot: RealMailbox, clock: Clock) -> None:
    await dovecot.deliver(letter(1), letter(2), at=AT)
    door = MailboxDoor(dovecot.access(), now=clock)

    first = await door.fetch(None)
    await dovecot.deliver(letter(3), at=AT + timedelta(hours=9))
    second = await door.fetch(first.position)

    assert first.arrivals == ()
    assert [number_of(arrival.raw) for arrival in second.arrivals] == [3]


@pytest.mark.prove
async def test_fifty_thousand_old_letters_are_counted_and_none_is_taken(dovecot: RealMailbox, clock: Clock) -> None:
    """The shared mailbox of a council's team, twenty years old: the service begins with what comes after its first start."""
    if not isinstance(dovecot, DovecotMailbox):
        pytest.skip("only Dovecot holds so many")
    await dovecot.deliver(letter(1), at=AT)
    await dovecot.fill(49_999)
    access = dovecot.access(timeout_seconds=120)  # the server numbers them at its first look
    door = MailboxDoor(access, now=clock)

    seen = await look_at_mailbox(access)
    first = await door.fetch(None)
    await dovecot.deliver(letter(2), at=AT + timedelta(hours=9))
    second = await door.fetch(first.position)

    assert seen.letters == 50_000
    assert first.arrivals == ()
    assert [number_of(arrival.raw) for arrival in second.arrivals] == [2]


async def test_an_old_mailbox_is_read_from_its_beginning_when_that_is_asked_for(dovecot: RealMailbox, clock: Clock) -> None:
    await dovecot.deliver(letter(1), letter(2), at=AT)

    batch = await MailboxDoor(dovecot.access(), now=clock, start=Start.BEGINNING).fetch(None)

    assert [number_of(arrival.raw) for arrival in batch.arrivals] == [1, 2]


async def test_letters_of_the_first_day_come_after_six_days_away_with_the_date_of_that_day(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    day_one = clock()
    await dovecot.deliver(letter(1), letter(2), letter(3), at=day_one)
    clock.goes_on(days=6)

    batch = await MailboxDoor(dovecot.access(), now=clock).fetch(opened)

    assert [number_of(arrival.raw) for arrival in batch.arrivals] == [1, 2, 3]
    assert {arrival.received_at for arrival in batch.arrivals} == {day_one}


async def test_what_was_not_stored_comes_again_and_what_was_stored_does_not(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), at=AT)
    door = MailboxDoor(dovecot.access(), now=clock)

    lost_in_a_crash = await door.fetch(opened)
    again = await door.fetch(opened)
    after = await door.fetch(again.position)

    assert lost_in_a_crash.arrivals == again.arrivals != ()
    assert after.arrivals == ()


async def test_a_thousand_letters_drain_oldest_first_at_most_a_hundred_a_turn_and_stay_unread(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(*map(letter, range(1, 1001)), at=AT)

    batches = [batch async for batch in turns(MailboxDoor(dovecot.access(), now=clock), opened)]

    assert [number_of(arrival.raw) for batch in batches for arrival in batch.arrivals] == list(range(1, 1001))
    assert max(len(batch.arrivals) for batch in batches) == 100
    assert await dovecot.flags() == set()


async def test_a_renumbered_mailbox_is_read_again_but_not_what_lay_there_before_the_door_was_opened(
    dovecot: RealMailbox, clock: Clock
) -> None:
    await dovecot.deliver(letter(1), letter(2), at=clock() - timedelta(days=400))
    door = MailboxDoor(dovecot.access(), now=clock)
    opened = (await door.fetch(None)).position
    await dovecot.deliver(letter(3), at=clock() + timedelta(minutes=1))
    stored = (await door.fetch(opened)).position
    await dovecot.deliver(letter(4), at=clock() + timedelta(minutes=2))

    await dovecot.renumber()
    arrivals, after = await read_all(door, stored)

    assert [number_of(arrival.raw) for arrival in arrivals] == [3, 4]
    assert opened and after
    assert after.validity != opened.validity
    assert after.since == opened.since


async def test_after_a_renumbering_a_new_letter_with_an_old_date_is_read_all_the_same(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    """Somebody moves last year's letter into the folder: it is new to us."""
    await dovecot.deliver(letter(1), at=clock())
    door = MailboxDoor(dovecot.access(), now=clock)
    await dovecot.renumber()
    _, after = await read_all(door, opened)

    await dovecot.deliver(letter(2), at=clock() - timedelta(days=300))

    assert [number_of(arrival.raw) for arrival in (await door.fetch(after)).arrivals] == [2]


async def test_a_restart_in_the_middle_of_reading_again_still_knows_what_is_old(dovecot: RealMailbox, clock: Clock) -> None:
    await dovecot.deliver(*map(letter, range(1, 151)), at=clock() - timedelta(days=400))
    opened = (await MailboxDoor(dovecot.access(), now=clock).fetch(None)).position
    await dovecot.deliver(letter(151), at=clock() + timedelta(minutes=1))
    await dovecot.renumber()

    halfway = (await MailboxDoor(dovecot.access(), now=clock).fetch(opened)).position
    arrivals, _ = await read_all(MailboxDoor(dovecot.access(), now=clock), halfway)

    assert [number_of(arrival.raw) for arrival in arrivals] == [151]


@pytest.mark.parametrize("poison", [Poison.NO, Poison.GARBAGE, Poison.CUT, Poison.NOTHING, Poison.NIL])
async def test_of_300_letters_whose_57th_cannot_be_fetched_299_are_read_and_the_57th_is_told_of(
    dovecot: RealMailbox, clock: Clock, opened: Position, poison: Poison
) -> None:
    await dovecot.deliver(*map(letter, range(1, 301)), at=AT)
    poisoned = opened.number + 57

    async with spoiled(dovecot.access(), poison, poisoned) as spoiler:
        arrivals, after = await read_all(MailboxDoor(spoiler.access, now=clock), opened)

    good = [arrival for arrival in arrivals if not arrival.problem]
    bad = [arrival for arrival in arrivals if arrival.problem]
    assert [number_of(arrival.raw) for arrival in good] == [number for number in range(1, 301) if number != 57]
    assert [(arrival.position, arrival.problem, arrival.raw, arrival.received_at) for arrival in bad] == [
        (poisoned, UNFETCHABLE, b"", AT)
    ]
    assert after and after.number == opened.number + 300


async def test_a_letter_that_the_server_is_silent_about_does_not_hold_up_the_others(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), letter(2), letter(3), at=AT)

    async with spoiled(dovecot.access(timeout_seconds=5), Poison.SILENCE, opened.number + 2) as spoiler:
        batch = await MailboxDoor(spoiler.access, now=clock).fetch(opened)

    assert [arrival.problem for arrival in batch.arrivals] == ["", UNFETCHABLE, ""]


async def test_when_no_letter_at_all_can_be_had_it_is_trouble_twice_and_then_the_letter_is_given_up(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    """A server that is ill for a minute must not send a whole morning's post to quarantine."""
    await dovecot.deliver(letter(1), letter(2), at=AT)

    async with spoiled(dovecot.access(), Poison.NO, opened.number + 1, opened.number + 2) as spoiler:
        door = MailboxDoor(spoiler.access, now=clock)
        for _ in range(2):
            with pytest.raises(DoorTrouble, match="gives no letter"):
                await door.fetch(opened)
        batch = await door.fetch(opened)

    assert [arrival.problem for arrival in batch.arrivals] == [UNFETCHABLE, UNFETCHABLE]


async def test_a_turn_asks_for_nothing_that_an_imap_server_need_not_have(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    """RFC 3501 alone: no IDLE, MOVE or UIDPLUS; and a turn in which nothing came is six short commands."""
    async with spoiled(dovecot.access(), Poison.NO) as server:
        await MailboxDoor(server.access, now=clock).fetch(opened)
        of_nothing = list(server.commands)
        await dovecot.deliver(letter(1), at=AT)
        await MailboxDoor(server.access, now=clock).fetch(opened)

    words = {" ".join(line.split()[: 2 if line.startswith("UID") else 1]).upper() for line in server.commands}
    assert words <= {"CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "LOGOUT"}
    assert {"UID SEARCH", "UID FETCH"} < words
    assert len(of_nothing) <= 6
    assert sum(len(line) + 10 for line in of_nothing) < 500


async def test_a_server_that_goes_away_in_the_middle_keeps_what_was_read_and_the_rest_comes_later(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), letter(2), letter(3), at=AT)

    async with spoiled(dovecot.access(), Poison.CUT, opened.number + 2) as spoiler:
        spoiler.lets_in = 2
        door = MailboxDoor(spoiler.access, now=clock)
        first = await door.fetch(opened)
        with pytest.raises(DoorTrouble):
            await door.fetch(first.position)
    rest, _ = await read_all(MailboxDoor(dovecot.access(), now=clock), first.position)

    assert [number_of(arrival.raw) for arrival in first.arrivals] == [1]
    assert [number_of(arrival.raw) for arrival in rest] == [2, 3]


async def test_the_server_gone_for_a_day_is_trouble_without_a_name_and_then_all_is_there(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), at=AT)
    door = MailboxDoor(dovecot.access(), now=clock)

    await dovecot.goes_away()
    try:
        with pytest.raises(DoorTrouble) as trouble:
            await door.fetch(opened)
    finally:
        await dovecot.comes_back()
    batch = await door.fetch(opened)

    assert str(trouble.value) == "mailbox no connection"
    assert [number_of(arrival.raw) for arrival in batch.arrivals] == [1]


async def test_a_refused_login_is_trouble_that_says_so(dovecot: RealMailbox, clock: Clock) -> None:
    with pytest.raises(DoorTrouble, match="mailbox refused login"):
        await MailboxDoor(replace(dovecot.access(), password="guess"), now=clock).fetch(None)


async def test_a_letter_deleted_before_we_fetch_it_is_passed_over(dovecot: RealMailbox, clock: Clock, opened: Position) -> None:
    await dovecot.deliver(letter(1), letter(2), letter(3), at=AT)
    await dovecot.remove(opened.number + 2)

    arrivals, after = await read_all(MailboxDoor(dovecot.access(), now=clock), opened)

    assert [number_of(arrival.raw) for arrival in arrivals] == [1, 3]
    assert after and after.number == opened.number + 3


async def test_a_letter_deleted_while_we_read_is_passed_over_and_not_given_up(clock: Clock) -> None:
    searches = 0

    def script(command: str) -> str:
        nonlocal searches
        if "SEARCH" in command:
            searches += 1
            return "* SEARCH 7\r\n" if searches == 1 else "* SEARCH\r\n"
        return ""

    async with scripted(script) as access:
        after = Position(6, "7", since=clock(), moved_at=clock())
        batch = await MailboxDoor(access, now=clock).fetch(after)

    assert batch.arrivals == ()
    assert batch.position and batch.position.number == 7


async def test_a_letter_that_is_too_big_is_told_of_by_its_header_and_its_text_is_never_fetched(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), letter(2, size=400_000), letter(3), at=AT)

    async with spoiled(dovecot.access(), Poison.NO) as spoiler:
        batch = await MailboxDoor(spoiler.access, now=clock, max_bytes=100_000).fetch(opened)

    assert [arrival.problem for arrival in batch.arrivals] == ["", OVERSIZED, ""]
    header = letter(2).partition(b"\r\n\r\n")[0]
    assert batch.arrivals[1].raw == header + b"\r\n\r\n"
    assert not any(f"{opened.number + 2} " in command and "BODY.PEEK[]" in command for command in spoiler.commands)


async def test_a_turn_takes_no_more_than_its_memory_allows(
    dovecot: RealMailbox, clock: Clock, opened: Position, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.mailbox_door.BYTES_A_TURN", 250_000)
    monkeypatch.setattr("bot.mailbox_door.BYTES_A_COMMAND", 150_000)
    await dovecot.deliver(*[letter(number, size=100_000) for number in range(1, 6)], at=AT)

    batches = [batch async for batch in turns(MailboxDoor(dovecot.access(), now=clock), opened)]

    assert [[number_of(arrival.raw) for arrival in batch.arrivals] for batch in batches] == [[1, 2], [3, 4], [5]]


async def test_an_arrival_carries_its_door_its_uid_and_what_the_uid_means(
    dovecot: RealMailbox, clock: Clock, opened: Position
) -> None:
    await dovecot.deliver(letter(1), at=AT)
    access = dovecot.access()

    arrival = (await MailboxDoor(access, now=clock).fetch(opened)).arrivals[0]

    assert arrival.door == f"mailbox:{access.user}@127.0.0.1/INBOX"
    assert (arrival.position, arrival.validity, arrival.received_at) == (opened.number + 1, opened.validity, AT)


async def test_a_fetch_that_is_cancelled_leaves_nothing_open(dovecot: RealMailbox, clock: Clock, opened: Position) -> None:
    """The service stops while a server is silent; warnings about what was left open are errors here."""
    await dovecot.deliver(letter(1), at=AT)

    async with spoiled(dovecot.access(timeout_seconds=60), Poison.SILENCE, opened.number + 1) as spoiler:
        fetching = asyncio.ensure_future(MailboxDoor(spoiler.access, now=clock).fetch(opened))
        async with asyncio.timeout(10):
            await spoiler.was_asked.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
