"""One case, as people and programs are shown it."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from bot.cli import case_parts
from bot.cli.acting import acting
from bot.cli.at_work import At, at_work
from bot.cli.common import Answer
from bot.cli.listing import Looking, summary
from bot.cli.next_steps import next_steps
from bot.cli.originals import let_out, scans_of
from bot.cli.sealing import opened
from casework import actions
from casework.acting import the_case
from casework.clockwork import events_of
from casework.issues.numbered import issues_of
from casework.people.needs import needs_on
from casework.people.on_case import people_of
from casework.people.walls import walls_around
from casework.progress import Progress
from casework.reference import spoken
from casework.sealing import Item, shut_by
from intake.arrival import Wire
from intake.letters.pieces import whole_of
from procedures.working_days import date_at_the_desk
from storage import cases
from storage.daily import calls_of, enquiries_of, taken_down
from storage.issues import parts_of
from storage.sealing import seals_on
from storage.tables import (
    ArrivalRow,
    AttachmentRow,
    ClassificationRow,
    DeadlineRow,
    EventRow,
    LetterRow,
    OutboxRow,
    SealRow,
    TakenDownRow,
    TaskRow,
)
from storage.unit_of_work import UnitOfWork

Shown = dict[str, Any]
NOTHING = "Nothing was written."
BOUNCED = "bounce:"
"""How the key of a task begins that a returned letter left; our Message-ID follows (intake.desk)."""


async def look_at(reference: str, who: str) -> Shown:
    """A case with everything about it. When a person of the settings looks, it is kept that it was read."""
    async with at_work() as at:
        if who:
            async with at.memory.unit_of_work() as uow:
                by = acting(at, who)
                await the_case(uow, reference)
                await actions.read(uow, reference, by)
        async with at.memory.reading() as uow:
            return await whole(uow, reference, at)


async def original_of(reference: str, number: int, *, is_whole: bool = False, why: str = "", who: str = "") -> bytes:
    """A message of a case as it came; `is_whole` puts together one that came in pieces. What is sealed opens to two people."""
    async with at_work() as at:
        await opened(at, Item(reference, number), why, who)
        arrival = await _as_it_came(at, reference, number)
        raw = arrival.raw if arrival else b""
        if is_whole:
            raw = await _put_together(at, reference, arrival.message_id if arrival else "")
        for content in [raw, *(scans_of(arrival) if arrival else [])]:
            await let_out(at.settings, content)
    return raw


async def _put_together(at: At, reference: str, common: str) -> bytes:
    """The letter whose pieces lie on a case, by the id that they have in common."""
    async with at.memory.reading() as uow:
        letters = [one.arrival_id for one in await cases.letters_of(uow, reference)]
        arrivals = [await cases.raw_of(uow, one) for one in letters]
        seals = await seals_on(uow, letters)
        if any(one.message_id == common and one.id in seals for one in arrivals if one is not None):
            raise Answer(f"A piece of that message of {reference} is sealed. `heard case original` gives the others. {NOTHING}")
    whole = whole_of([one.raw for one in arrivals if one is not None and one.wire == Wire.EMAIL and one.message_id == common])
    if whole is None:
        raise Answer(
            f"That message of {reference} is no letter in pieces, or one of them is not on the case. Nothing was written."
        )
    return whole


async def _as_it_came(at: At, reference: str, number: int) -> ArrivalRow | None:
    async with at.memory.reading() as uow:
        await the_case(uow, reference)
        letters = await cases.letters_of(uow, reference)
        if not 0 < number <= len(letters):
            raise Answer(f"{reference} has {len(letters)} {'message' if len(letters) == 1 else 'messages'}.")
        return await cases.raw_of(uow, letters[number - 1].arrival_id)


async def whole(uow: UnitOfWork, reference: str, at: At) -> Shown:
    """A case as `case show --json` shows it."""
    row = await the_case(uow, reference)
    events = (await cases.events_of(uow, [reference]))[reference]
    today = date_at_the_desk(at.now)
    known = events_of(events)
    parts = (await parts_of(uow, [reference])).get(reference, frozenset())
    one = Looking(at, today).seen(row, known, row.kind, row.procedure, row.owner, parts)
    letters = await cases.letters_of(uow, reference)
    shown = await _files_of(uow, await cases.attachments_of(uow, [letter.arrival_id for letter in letters]))
    sent = await cases.sent_of(uow, reference)
    tasks = await cases.tasks(uow, reference=reference, open_only=False)
    asks = (await enquiries_of(uow, [reference])).get(reference)
    called = await calls_of(uow, reference)
    found, listed = await people_of(uow, reference), await issues_of(uow, reference)
    walls = case_parts.kept_from(await walls_around(uow, reference), at)
    needs = case_parts.needs(await needs_on(uow, reference))
    return {
        **summary(one),
        "suggested": row.suggested.value,
        "form": row.form.value,
        "raised_by": row.raised_by.value,
        "risk": row.risk.value,
        "language": row.language,
        "spoken": spoken(reference),
        "owner_name": case_parts.who(row.owner, at) if row.owner else None,
        "flags": case_parts.flags(row, asks, found, walls, needs),
        "needs": needs,
        "next": next_steps(one.progress, known, tasks, at.office.calendar, today),
        "issues": case_parts.issues(listed, sent),
        "wanted": case_parts.wanted(listed, sent),
        "enquiry": case_parts.enquiry(asks),
        "readings": _readings(await cases.readings_of(uow, reference)),
        "clocks": _clocks(await cases.deadlines_of(uow, reference, standing_only=True), one.progress),
        "events": _events(events),
        "history": case_parts.history(events, called, at),
        "calls": case_parts.calls(called, at),
        "messages": _messages(letters, shown, await _doors_of(uow, letters), await taken_down(uow, letters), at),
        "people": case_parts.people(found),
        "staff": case_parts.staff(row, at),
        "kept_from": walls,
        "tasks": _tasks(tasks),
        "outbox": _outbox(sent, tasks),
    }


async def _doors_of(uow: UnitOfWork, letters: Sequence[LetterRow]) -> dict[str, str]:
    """By which door each letter came, without the address that stands behind it: mailbox, telegram, import, hand."""
    doors = select(ArrivalRow.id, ArrivalRow.door).where(col(ArrivalRow.id).in_([letter.arrival_id for letter in letters]))
    return {arrival: door.partition(":")[0] for arrival, door in await uow.exec(doors)}


def _readings(readings: Sequence[ClassificationRow]) -> list[Shown]:
    return [
        {
            "made_at": one.made_at,
            "made_by": one.made_by,
            "kind": one.kind.value,
            "procedure": one.procedure.value,
            "reasons": one.reasons,
        }
        for one in readings
    ]


def _clocks(deadlines: Sequence[DeadlineRow], progress: Progress) -> list[Shown]:
    timeliness = {(one.deadline.clock, one.deadline.procedure): one.timeliness.value for one in progress.running}
    return [
        {
            "clock": one.clock,
            "stage": one.stage,
            "kind": one.kind.value,
            "start": one.base_on,
            "due": one.due_on,
            "timeliness": timeliness.get((one.clock, one.procedure)),
            "procedure": one.procedure.value,
            "authority": one.authority,
            "trace": one.trace,
            "explanation": one.explanation,
        }
        for one in deadlines
    ]


def _events(events: Sequence[EventRow]) -> list[Shown]:
    return [
        {
            "event": one.name.value,
            "on": one.happened_on,
            "recorded_at": one.recorded_at,
            "by": one.recorded_by,
            "note": one.note,
        }
        for one in sorted(events, key=lambda one: (one.happened_on, one.id or 0))
    ]


def _messages(
    letters: Sequence[LetterRow], files: list[tuple[str, Shown]], doors: dict[str, str], taken: dict[str, TakenDownRow], at: At
) -> list[Shown]:
    return [
        {
            "number": number,
            "received_at": one.received_at,
            "channel": one.channel.value,
            "door": doors.get(one.arrival_id),
            "from": one.sender or (str(one.chat_id) if one.chat_id else None),
            "subject": one.subject,
            "words": one.words,
            "means": hand.means.value if (hand := taken.get(one.arrival_id)) else None,
            "hour_known": hand.is_hour_known if hand else None,
            "taken_by": case_parts.who(hand.taken_by, at) if hand else None,
            "unverified": one.is_unverified,
            "edited": one.is_edit,
            "attachments": [file for arrival, file in files if arrival == one.arrival_id],
        }
        for number, one in enumerate(letters, start=1)
    ]


async def _files_of(uow: UnitOfWork, files: Sequence[AttachmentRow]) -> list[tuple[str, Shown]]:
    """What is said of each file, beside the letter it came with."""
    seals = await seals_on(uow, {file.arrival_id for file in files})
    by_arrival = {one: [file for file in files if file.arrival_id == one] for one in seals}
    return [
        (one.arrival_id, _attachment(one, shut_by(one.number, by_arrival.get(one.arrival_id, []), seals.get(one.arrival_id, {}))))
        for one in files
    ]


def _attachment(file: AttachmentRow, sealed: SealRow | None) -> Shown:
    """One that is sealed has no name here: its name may say what is on it."""
    return {
        "name": "sealed" if sealed else file.name,
        "kind": file.kind,
        "media_type": file.media_type,
        "size": file.size,
        "problem": file.problem or None,
        "is_sealed": sealed is not None,
    }


def _tasks(tasks: Sequence[TaskRow]) -> list[Shown]:
    return [
        {"task": one.id, "kind": one.kind.value, "detail": one.detail, "due_at": one.due_at, "done_by": one.done_by or None}
        for one in tasks
    ]


def _outbox(sent: Sequence[OutboxRow], tasks: Sequence[TaskRow]) -> list[Shown]:
    """What was or will be said, and whether it came back."""
    returned = {task.key.removeprefix(BOUNCED) for task in tasks if task.key.startswith(BOUNCED)}
    return [
        {
            "notice": one.notice,
            "channel": one.channel.value,
            "state": one.state.value,
            "sent_at": one.sent_at,
            "may_repeat": one.may_repeat,
            "came_back": bool(one.message_id) and one.message_id in returned,
        }
        for one in sent
    ]
