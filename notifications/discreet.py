"""How a message may be seen in a chat: what we start is a doorbell, its words come by a tap, and hiding takes out what it can.

people-and-safety.md §2.11; practice.md §3: the doorbell is the rule, adults may choose otherwise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from casework.letters.doorbell import bell_data, cover_data
from notifications.rendering import MANNERS, Rendered
from notifications.senders import MOST_DELETED, TryLater
from procedures.terms import Channel, Notice
from storage import outbox
from storage.chats import bell_of
from storage.tables import OutboxRow
from storage.unit_of_work import Memory
from templates import engine, markup
from templates.screens import Button

DELETABLE_FOR = timedelta(hours=47, minutes=50)
"""Telegram deletes for 48 hours; the clock of another is not ours."""
MOST_FADED = 25
"""Older ones are emptied one by one, so many in one of `to_sweep`'s turns."""
FADED_AT_ONCE = 10
"""What is in sight: so many before the quick exit answers."""
MOST_LOOKED_AT = 1000
PLAIN = "plain"


@dataclass(frozen=True)
class Shown:
    """A message as it goes into a chat, and what happens to others with it."""

    rendered: Rendered
    edits: int = 0
    clears: tuple[int, ...] = ()
    fades: tuple[int, ...] = ()
    behind: Rendered | None = None
    """Of a doorbell: the words that are not seen before somebody taps. The record holds them."""
    is_tidying: bool = False
    """It may have no words: it takes others away."""
    leaves_more: bool = False
    """More stands in the chat than it takes away: another turn follows."""


async def as_it_is_seen(memory: Memory, row: OutboxRow, render: Callable[[OutboxRow], Rendered], now: datetime) -> Shown:
    """What of a row is seen. Raises CannotRender, also for words that only a tap would show: a bell needs words behind it."""
    if row.channel is not Channel.TELEGRAM:
        return Shown(render(row))
    if (by_itself := await _without_words(memory, row, now)) is not None:
        return by_itself
    rendered = render(row)
    if (read := row.facts.get("read")) is not None:
        return Shown(_with_cover(rendered, read["of"], row.language) if read["hides"] else rendered, edits=read["number"])
    if "clears" in row.facts:
        new, old = await _standing(memory, row, now)
        clears = _newest_first(new, row.facts["clears"])[:MOST_DELETED]
        return Shown(rendered, clears=clears, fades=_numbers(old)[:FADED_AT_ONCE])
    if not (MANNERS[Notice(row.notice)].is_started_by_us or row.facts.get("is_ours")):
        return Shown(rendered)
    async with memory.reading() as uow:
        chosen = await bell_of(uow, int(row.recipient)) if row.recipient.lstrip("-").isdecimal() else PLAIN
    return Shown(rendered) if chosen == PLAIN else Shown(bell(bell_data(row), row.language), behind=rendered)


async def _without_words(memory: Memory, row: OutboxRow, now: datetime) -> Shown | None:
    """What only takes words away, or rings once more; None for what says something."""
    if "covers" in row.facts:
        return await _covered(memory, row)
    if "sweeps" in row.facts:
        return await _swept(memory, row, now)
    return Shown(bell(row.facts["rings"], row.language)) if "rings" in row.facts else None


def bell(data: str, language: str) -> Rendered:
    """The same for good news and bad: neither its words nor its length tell anything."""
    text = markup.plain(markup.blocks(engine.render("_base/bell.txt", language, {})))
    label = engine.read_words("_letter/words.toml", language)["bell_read"]
    return Rendered("", text, None, ((Button("bell_read", label, data),),), (text,), language)


def _with_cover(rendered: Rendered, row_id: int, language: str) -> Rendered:
    label = engine.read_words("_letter/words.toml", language)["bell_hide"]
    return replace(rendered, buttons=(*rendered.buttons, (Button("bell_hide", label, cover_data(row_id)),)))


async def _covered(memory: Memory, row: OutboxRow) -> Shown:
    """The bell in place of the words, which the tap that came last has shown; or nothing at all in place of a passing word.

    Raises TryLater while the words themselves are on their way: they would stay for ever.
    """
    covers = row.facts["covers"]
    async with memory.reading() as uow:
        under = f"{covers['of']}:read:" if "of" in covers else covers["key"]
        if await outbox.waits_under(uow, under, row.recipient):
            raise TryLater(reason="what it takes away has not left yet")
        shown = await outbox.sent_under(uow, under, row.recipient)
    nothing = Rendered("", "", None)
    if shown is None:
        return Shown(nothing, is_tidying=True)
    numbers = (*shown.earlier_numbers, shown.wire_number)
    if "of" not in covers:
        return Shown(nothing, clears=numbers, is_tidying=True)
    return Shown(bell(covers["data"], row.language), edits=numbers[0], clears=numbers[1:], is_tidying=True)


async def _swept(memory: Memory, row: OutboxRow, now: datetime) -> Shown:
    """A turn of what the quick exit left behind: the rest of what can be deleted goes with the first; of ours that is too old
    for it, the words go, the newest first."""
    turn = row.facts["sweeps"]["turn"]
    new, old = await _standing(memory, row, now)
    clears = _newest_first(new, row.facts["sweeps"]["theirs"]) if turn == 0 else ()
    left = _numbers(old)[FADED_AT_ONCE + turn * MOST_FADED :]
    leaves_more = len(left) > MOST_FADED
    return Shown(Rendered("", "", None), clears=clears, fades=left[:MOST_FADED], is_tidying=True, leaves_more=leaves_more)


async def _standing(memory: Memory, row: OutboxRow, now: datetime) -> tuple[list[OutboxRow], list[OutboxRow]]:
    """What stood in the chat when it was emptied, newest first: what can still be deleted, and what is too old for it."""
    key = row.facts.get("sweeps", {}).get("of", row.key)
    async with memory.reading() as uow:
        ours = await outbox.sent_to_chat(uow, row.recipient, MOST_LOOKED_AT)
    ours = [one for one in ours if one.id is not None and row.id is not None and one.id < row.id and one.key != key]
    new = [one for one in ours if one.sent_at is not None and now - one.sent_at < DELETABLE_FOR]
    return new, [one for one in ours if one not in new]


def _numbers(old: Sequence[OutboxRow]) -> tuple[int, ...]:
    return tuple(number for one in old for number in (one.wire_number, *reversed(one.earlier_numbers)))


def _newest_first(ours: Sequence[OutboxRow], theirs: Sequence[int]) -> tuple[int, ...]:
    """Both sides of a private chat are numbered in one row: what stands lowest goes first."""
    return tuple(
        sorted({number for one in ours for number in (*one.earlier_numbers, one.wire_number)} | set(theirs), reverse=True)
    )
