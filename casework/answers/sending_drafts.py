"""A signed answer leaves: by mail with its file, in the chat as words, or by a person's hand. Then: delivered, received, opened.

What is sent is what was signed, to the byte. That it was sent is recorded by the procedure's own action, in one unit of work.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from casework.acting import Acting, Refused, happened, only_officers, the_open_case
from casework.actions import respond, to_the_person
from casework.answers import reports
from casework.answers.drafts import Draft, not_walled, signed_one
from casework.answers.word import Read, Role, read_letter
from casework.answers.writing_drafts import answerable
from casework.letters.of_steps import readers_of
from casework.letters.opened import RECEIVED, Opening
from casework.opening import task
from casework.progress import Progress
from casework.recordable import what_may_be_recorded
from casework.recording import record
from procedures.clocks import in_words
from procedures.terms import Channel, Event, Notice
from procedures.working_days import moment_at_the_desk
from storage import drafts
from storage.filing import Filing, write
from storage.tables import CaseRow, SentLetterRow, TaskKind, TaskRow
from storage.tables.drafts import Way, Whose
from storage.unit_of_work import UnitOfWork

OPENED_WITHIN_WORKING_DAYS = 2
"""In a chat: unopened for longer, a person rings or writes (practice.md §3)."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BY_HAND = (Way.POST, Way.IN_PERSON)
_SENT = {1: Event.S1_REPLY_SENT, 2: Event.S2_NOTICE_SENT, 3: Event.S3_RESPONSE}


class Reached(StrEnum):
    """How far a letter got."""

    DELIVERED = "delivered"
    RECEIVED = "received"
    OPENED = "opened"


@dataclass(frozen=True)
class File:
    """A file that goes with a letter, by where its bytes are kept."""

    draft_id: int
    is_the_childs: bool
    name: str
    report: Whose | None = None

    @property
    def facts(self) -> dict[str, Any]:
        file = {"draft": self.draft_id, "is_the_childs": self.is_the_childs, "name": self.name, "media_type": MEDIA_TYPE}
        return file | ({"report": self.report.value} if self.report else {})


async def send(uow: UnitOfWork, reference: str, acting: Acting) -> Progress:
    """Send the signed answer to everyone whom we may write to. Without a way to write nothing is recorded as sent."""
    case, draft = await _to_leave(uow, reference, acting)
    if not await readers_of(uow, case, Notice.LETTER, acting.today):
        raise Refused(
            f"There is no way to write to anybody on {reference}. Send it by post or by hand, then record it: `heard case sent "
            f"{reference} --how post`. Nothing was sent."
        )
    stage, how = draft.row.stage, _how(case, draft, "by the service", acting)
    key = f"response:{reference}:{stage}"
    facts = _facts(case, draft)
    if stage == 1:
        progress = await respond(uow, reference, facts["words"], None, acting, letter=facts)
    else:
        progress = await record(uow, reference, _SENT[stage], acting, why=how)
        filing = Filing()
        await to_the_person(uow, await the_open_case(uow, reference), Notice.LETTER, key, facts, acting, filing)
        await write(uow, [filing])
    queued = [row for row in await drafts.queued_by_key(uow, reference, key) if row.notice == Notice.LETTER]
    filing = Filing()
    for row in queued:
        way = Way.TELEGRAM if row.channel is Channel.TELEGRAM else Way.EMAIL
        filing.add(_sent(draft, way, acting.today, acting, row.recipient, row.key))
    if any(row.channel is Channel.TELEGRAM for row in queued):
        _ask_whether_it_is_opened(filing, reference, stage, acting)
        if reports.of(draft.row):
            _ask_for_the_reports(filing, reference, stage, acting)
    await write(uow, [filing])
    return progress


async def sent_by_hand(uow: UnitOfWork, reference: str, way: Way, on: date, why: str, acting: Acting) -> Progress:
    """The signed answer went by post, or was given to them, on that day."""
    case, draft = await _to_leave(uow, reference, acting)
    if way not in BY_HAND:
        raise Refused(f"By {way.value} the service sends it: `heard case send {reference}`. Nothing was changed.")
    signed_on = Acting(acting.person, acting.office, draft.row.signed_at or acting.now).today
    if on < signed_on:
        raise Refused(f"{in_words(on)} is before it was signed, on {in_words(signed_on)}. Nothing was changed.")
    by = f"by {way.value.replace('_', ' ')}"
    progress = await record(uow, reference, _SENT[draft.row.stage], acting, on=on, why=_how(case, draft, by, acting, why))
    filing = Filing()
    filing.add(_sent(draft, way, on, acting))
    await write(uow, [filing])
    return progress


async def reached(uow: UnitOfWork, reference: str, how_far: Reached, on: date, acting: Acting, *, to: str = "") -> None:
    """The answer was delivered, reached them, or was opened on that day. From what reached them the next step's time counts.

    `to` names one recipient, an address or a chat, where it went to several.
    """
    await not_walled(uow, reference, acting)
    only_officers(acting, "record how far an answer got")
    case = await answerable(uow, reference)
    sent = [row for row in await drafts.letters_sent(uow, reference) if to in ("", row.recipient)]
    if not sent:
        raise Refused(
            f"No answer of {reference} was sent{f' to {to}' if to else ''} (the council's own rule). Nothing was changed."
        )
    latest = [row for row in sent if row.draft_id == sent[-1].draft_id]
    happened(on, acting, since=latest[0].sent_on, what="it was sent")
    filing = Filing()
    for row in latest:
        filing.change(SentLetterRow, {"id": row.id}, **_days(row, how_far, on))
    filing.add(acting.event(reference, Event.NOTED, f"the answer was {how_far.value} on {on}{f', {to}' if to else ''}"))
    if how_far is Reached.OPENED:
        waiting = {"case_reference": reference, "kind": TaskKind.UNOPENED, "done_at": None}
        filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    await write(uow, [filing])
    if how_far is not Reached.DELIVERED:
        await _received(uow, case, latest[0].draft_id, on, acting)


async def _received(uow: UnitOfWork, case: CaseRow, draft_id: int, on: date, acting: Acting) -> None:
    """The day on which it reached them is an event of the procedure, where the procedure knows it; the first one counts."""
    draft = await drafts.draft(uow, draft_id)
    event = RECEIVED.get(draft.stage) if draft else None
    possible = [one for one in await what_may_be_recorded(uow, case.reference, acting.office, acting.today) if not one.why_not]
    if case.closed_on is None and any(one.step.event is event for one in possible):
        assert event is not None
        await record(uow, case.reference, event, acting, on=on)


def _days(row: SentLetterRow, how_far: Reached, on: date) -> dict[str, date]:
    """What is opened was received, and what was received was delivered, on that day at the latest."""
    order = tuple(Reached)
    reached_by_then = order[: order.index(how_far) + 1]
    names = {one: f"{one.value}_on" for one in reached_by_then}
    return {name: on for one, name in names.items() if one is how_far or getattr(row, name) is None}


async def _to_leave(uow: UnitOfWork, reference: str, acting: Acting) -> tuple[CaseRow, Draft]:
    await not_walled(uow, reference, acting)
    only_officers(acting, "send an answer")
    await the_open_case(uow, reference)
    case = await answerable(uow, reference)
    return case, await signed_one(uow, case, acting)


def _facts(case: CaseRow, draft: Draft) -> dict[str, Any]:
    """What the mail and the chat say: to a child the child's version, to everyone else the letter; the files go with a mail."""
    assert draft.row.id is not None
    letter = read_letter(draft.row.letter)
    files = [File(draft.row.id, False, f"Answer {case.reference}.docx")]
    title, parts = _parts(letter)
    child_title, child_parts = title, list[dict[str, str]]()
    if draft.row.child_letter:
        child_title, child_parts = _parts(read_letter(draft.row.child_letter))
        files.append(File(draft.row.id, True, f"Answer {case.reference} in plain words.docx"))
    files += [
        File(draft.row.id, False, f"Report {case.reference} by {reports.WHO[whose]}.docx", whose)
        for whose in reports.of(draft.row)
    ]
    return {
        "reference": case.reference,
        "procedure": case.procedure.value,
        "stage": draft.row.stage,
        "title": title,
        "parts": parts,
        "child_title": child_title,
        "child_parts": child_parts,
        "words": "\n\n".join(part["words"] for part in parts),
        "files": [file.facts for file in files],
        "reports": len(reports.of(draft.row)),
        "opened": Opening(draft.row.id, case.reference, draft.row.stage).data,
    }


def _parts(said: Read) -> tuple[str, list[dict[str, str]]]:
    """The letter from its title on: a mail has its own head."""
    body = said.body
    has_title = body[0].role is not Role.PARAGRAPH
    parts = [{"role": one.role.value, "words": one.words} for one in body[1 if has_title else 0 :]]
    return (body[0].words if has_title else ""), parts


def _sent(draft: Draft, way: Way, on: date, acting: Acting, recipient: str = "", key: str = "") -> SentLetterRow:
    assert draft.row.id is not None
    return SentLetterRow(
        case_reference=draft.row.case_reference,
        draft_id=draft.row.id,
        way=way,
        recipient=recipient,
        outbox_key=key,
        sent_on=on,
        sent_by=acting.person.address,
    )


def _how(case: CaseRow, draft: Draft, by: str, acting: Acting, why: str = "") -> str:
    why_not = reports.why_left_out(draft.last_check.found if draft.last_check else [])
    with_it = reports.on_record(draft.row, case.procedure, acting.office.nation, why_not)
    told = (f"{by}; version {draft.row.version}, signed by {draft.row.signed_by}", with_it, why.strip())
    return "; ".join(one for one in told if one)


def _ask_for_the_reports(filing: Filing, reference: str, stage: int, acting: Acting) -> None:
    """No file goes into a chat: a person agrees with them how they get the reports, and sees to it."""
    detail = "the reports that belong to the answer do not go into the chat: ask how they want them, and see that they get them"
    filing.add(task(f"reports:{reference}:{stage}", TaskKind.CANNOT_REACH, reference, acting.now, acting.now, detail))


def _ask_whether_it_is_opened(filing: Filing, reference: str, stage: int, acting: Acting) -> None:
    by = acting.office.open_days.add_working_days(acting.today, OPENED_WITHIN_WORKING_DAYS)
    due = moment_at_the_desk(by, acting.office.council.closes_at)
    detail = f"the stage {stage} answer in the chat is not opened yet: ring, or ask how to reach them"
    filing.add(task(f"unopened:{reference}:{stage}", TaskKind.UNOPENED, reference, due, acting.now, detail))
