"""A case as people and programs are shown it."""

from datetime import date
from typing import Any

from bot.cli.common import At, local, out, safe, show, table
from casework import actions
from casework.clockwork import events_of
from casework.progress import Progress, where_it_stands
from casework.reference import spoken
from procedures.terms import Kind, Notice, Procedure
from procedures.working_days import LONDON, date_at_the_desk
from storage import cases
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork


def summary(row: CaseRow, progress: Progress) -> dict[str, Any]:
    """A case as `case list --json` shows it."""
    return {
        "reference": row.reference,
        "kind": row.kind.value,
        "procedure": row.procedure.value if row.kind is Kind.COMPLAINT else None,
        "undecided": row.kind is Kind.COMPLAINT and row.procedure is Procedure.UNDECIDED,
        "stage": progress.stage,
        "state": progress.state.value,
        "received_at": row.received_at.astimezone(LONDON).isoformat(),
        "due": due_of(progress),
        "owner": row.owner or None,
        "team": row.team or None,
    }


async def whole(uow: UnitOfWork, reference: str, at: At) -> dict[str, Any]:
    """A case as `case show --json` shows it."""
    row = await actions.the_case(uow, reference)
    events = (await cases.events_of(uow, [reference]))[reference]
    progress = where_it_stands(row.kind, row.procedure, row.form, events_of(events), at.office, date_at_the_desk(at.now))
    letters = await cases.letters_of(uow, reference)
    files = await cases.attachments_of(uow, [letter.arrival_id for letter in letters])
    readings = await cases.readings_of(uow, reference)
    deadlines = await cases.deadlines_of(uow, reference, standing_only=True)
    timeliness = {one.deadline.clock: one.timeliness.value for one in progress.running}
    parties = (await cases.parties_of(uow, [reference]))[reference]
    sent = await cases.sent_of(uow, reference)
    return {
        **summary(row, progress),
        "suggested": row.suggested.value,
        "raised_by": row.raised_by.value,
        "risk": row.risk.value,
        "language": row.language,
        "spoken": spoken(reference),
        "issues": [
            {"number": number, "words": words}
            for one in sent
            if one.notice == Notice.ACKNOWLEDGEMENT
            for number, words in enumerate(one.facts.get("issues", []), start=1)
        ],
        "readings": [
            {
                "made_at": one.made_at,
                "made_by": one.made_by,
                "kind": one.kind.value,
                "procedure": one.procedure.value,
                "reasons": one.reasons,
            }
            for one in readings
        ],
        "clocks": [
            {
                "clock": one.clock,
                "stage": one.stage,
                "kind": one.kind.value,
                "start": one.base_on,
                "due": one.due_on,
                "timeliness": timeliness.get(one.clock),
                "authority": one.authority,
                "trace": one.trace,
                "explanation": one.explanation,
            }
            for one in deadlines
        ],
        "events": [
            {
                "event": one.name.value,
                "on": one.happened_on,
                "recorded_at": one.recorded_at,
                "by": one.recorded_by,
                "note": one.note,
            }
            for one in sorted(events, key=lambda one: (one.happened_on, one.id or 0))
        ],
        "messages": [
            {
                "number": number,
                "received_at": one.received_at.astimezone(LONDON).isoformat(),
                "channel": one.channel.value,
                "from": one.sender or (str(one.chat_id) if one.chat_id else None),
                "subject": one.subject,
                "words": one.words,
                "unverified": one.is_unverified,
                "edited": one.is_edit,
                "attachments": [
                    {
                        "name": file.name,
                        "kind": file.kind,
                        "media_type": file.media_type,
                        "size": file.size,
                        "problem": file.problem or None,
                    }
                    for file in files
                    if file.arrival_id == one.arrival_id
                ],
            }
            for number, one in enumerate(letters, start=1)
        ],
        "people": [
            {
                "role": one.role.value,
                "name": one.name or None,
                "address": one.address or None,
                "chat": one.chat_id,
                "phone": one.phone or None,
                "route_closed": one.is_closed,
            }
            for one in parties
        ],
        "tasks": [
            {"task": one.id, "kind": one.kind.value, "detail": one.detail, "due_at": one.due_at, "done_by": one.done_by or None}
            for one in await cases.tasks(uow, reference=reference, open_only=False)
        ],
        "outbox": [
            {
                "notice": one.notice,
                "channel": one.channel.value,
                "state": one.state.value,
                "sent_at": one.sent_at,
                "may_repeat": one.may_repeat,
            }
            for one in sent
        ],
    }


def due_of(progress: Progress) -> date | None:
    """The next date that the council owes something on."""
    return progress.next_due.deadline.due_on if progress.next_due else None


def print_case(found: dict[str, Any]) -> None:
    """A case for people to read."""
    console = out()
    decided = "route not confirmed; suggested " + found["suggested"] if found["undecided"] else found["procedure"] or ""
    console.print(f"{found['reference']}  {found['kind']}  {decided}  {found['state']}", markup=False)
    console.print(f"Say: {found['spoken']}. From: {found['raised_by']}. Risk seen: {found['risk']}.", markup=False)
    for message in found["messages"]:
        marks = " (unverified)" if message["unverified"] else ""
        console.print(f"\n{message['number']}. {message['received_at']} by {message['channel']}{marks}", markup=False)
        if message["subject"]:
            console.print(safe(f"Subject: {message['subject']}"), markup=False)
        console.print(safe(message["words"]), markup=False)
        for file in message["attachments"]:
            console.print(safe(f"  [{file['kind']}] {file['name']} ({file['size']} bytes)"), markup=False)
    show(
        table("Clock", "Due", "How it stands", "Authority", title="\nDates"),
        ((one["clock"], one["due"], one["timeliness"] or "", one["authority"]) for one in found["clocks"]),
    )
    for one in found["clocks"]:
        if one["explanation"]:
            console.print(f"  {one['explanation']}", markup=False)
    reasons = [(reading["made_by"], reason) for reading in found["readings"] for reason in reading["reasons"]]
    show(
        table("By", "Field", "Value", "Why", "Source", title="\nWhy it was read so"),
        ((by, one.get("field", ""), one.get("value", ""), one.get("rule", ""), one.get("source", "")) for by, one in reasons),
    )
    show(
        table("On", "Event", "By", "Note", title="\nWhat happened"),
        ((one["on"], one["event"], one["by"], one["note"]) for one in found["events"]),
    )
    show(
        table("Task", "What", "Detail", "Done by", title="\nTasks"),
        ((one["task"], one["kind"], one["detail"], one["done_by"] or "") for one in found["tasks"]),
    )
    show(
        table("Notice", "By", "State", "Sent", title="\nSent"),
        ((one["notice"], one["channel"], one["state"], local(one["sent_at"])) for one in found["outbox"]),
    )
