"""`case …` and `tasks …`: what a complaints officer does in a day."""

import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import typer

from bot.cli.common import AS, JSON, ON, Answer, At, as_day, at_work, err, out, print_json, run, safe, show, table
from casework import actions
from casework.actions import Acknowledging, Acting
from casework.clockwork import events_of
from casework.progress import Progress, rank, where_it_stands
from casework.reference import read_reference, spoken
from procedures.terms import Kind, Notice, Outcome, Procedure
from procedures.working_days import LONDON, date_at_the_desk
from storage import cases
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True, help="See and handle cases.")
tasks = typer.Typer(no_args_is_help=True, help="What a person must look at.")

REFERENCE = typer.Argument(metavar="REFERENCE", help="The case, like K7M-W92-RXH4; case and dashes do not matter.")
WHY = typer.Option("", "--why", help="The reason: it is kept with the decision.")
SHAPES = {"late": "# late", "due_soon": "^ due soon", "on_track": "+ on track", "done": "  done"}


def reference_of(text: str) -> str:
    """The reference that was typed, or a clear no."""
    found = read_reference(text)
    if found is None:
        raise Answer(f"{safe(text)[:40]!r} is not a reference: its check symbol does not hold. Check each letter. Nothing was changed.")
    return found


def acting(at: At, who: str) -> Acting:
    """Who acts: every action carries a person of the settings."""
    if not who:
        raise Answer("Say who acts, with --as ADDRESS or HEARD_PERSON. Nothing was changed.")
    person = at.settings.council.person(who)
    if person is None:
        known = ", ".join(person.address for person in at.settings.council.people) or "nobody yet: add [[people]] to the settings"
        raise Answer(f"{safe(who)} is not one of the people in the settings ({known}). Nothing was changed.")
    return Acting(person, at.office, at.now)


def act(who: str, work: Callable[[UnitOfWork, Acting], Awaitable[Progress | None]], done: str) -> None:
    """One action of one person, in one unit of work; then say what was done and what comes next."""

    async def doing() -> Progress | None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await work(uow, acting(at, who))

    progress = run(doing)
    err().print(done)
    if progress is not None and (due := progress.next_due) is not None:
        err().print(f"Next: {due.deadline.clock.replace('_', ' ')} by {due.deadline.due_on:%A %d %B %Y} ({due.deadline.authority}).")


@app.command(name="list", epilog="Example: heard case list --open --json")
def list_cases(
    json: bool = JSON,
    open_only: bool = typer.Option(False, "--open", help="Only cases that are open."),
    team: str = typer.Option("", "--team", help="Only this team's."),
    on: str = ON,
) -> None:
    """Every case with its state, its next date and its owner; the most urgent first."""

    async def look() -> list[tuple[CaseRow, Progress, str]]:
        async with at_work() as at, at.memory.reading() as uow:
            today = as_day(on) if on else date_at_the_desk(at.now)
            rows = await cases.find_all(uow, received_until=today, open_only=open_only)
            events = await cases.events_of(uow, [row.reference for row in rows])
            found = []
            for row in rows:
                if team and row.team != team:
                    continue
                progress = where_it_stands(row.kind, row.procedure, row.form, events_of(events[row.reference]), at.office, today)
                found.append((row, progress, rank(progress, at.office, today).value))
            return found

    found = run(look)
    if json:
        print_json([summary(row, progress) for row, progress, _ in found])
        return
    order = {"late": 0, "due_soon": 1, "on_track": 2, "done": 3}
    found.sort(key=lambda one: (order[one[2]], _due(one[1]) or date.max, one[0].received_at))
    rows = (
        (SHAPES[how], row.reference, row.kind.value, row.procedure.value, progress.state.value, _due(progress) or "", row.owner, row.team)
        for row, progress, how in found
    )
    show(table("", "Reference", "Kind", "Procedure", "State", "Due", "Owner", "Team"), rows)


@app.command(name="show", epilog="Example: heard case show K7M-W92-RXH4")
def show_case(reference: str = REFERENCE, json: bool = JSON, who: str = AS) -> None:
    """Everything about one case: what was written, where it stands, each date and how it was counted, what was sent."""
    wanted = reference_of(reference)

    async def look() -> dict[str, Any]:
        async with at_work() as at:
            async with at.memory.reading() as uow:
                found = await whole(uow, wanted, at)
            if who:
                async with at.memory.unit_of_work() as uow:
                    await actions.read(uow, wanted, acting(at, who))
            return found

    found = run(look)
    if json:
        print_json(found)
    else:
        _print_case(found)


@app.command(epilog="Example: heard case original K7M-W92-RXH4 1 > letter.eml")
def original(
    reference: str = REFERENCE, number: int = typer.Argument(1, help="Which of its messages, as `case show` numbers them.")
) -> None:
    """Write a message as it came, byte for byte, to stdout."""
    wanted = reference_of(reference)

    async def look() -> bytes:
        async with at_work() as at, at.memory.reading() as uow:
            letters = await cases.letters_of(uow, wanted)
            if not 0 < number <= len(letters):
                raise Answer(f"{wanted} has {len(letters)} messages.")
            arrival = await cases.raw_of(uow, letters[number - 1].arrival_id)
            return arrival.raw if arrival else b""

    sys.stdout.buffer.write(run(look))


@app.command(epilog="Example: heard case assign K7M-W92-RXH4 manager@council.example --as officer@council.example")
def assign(
    reference: str = REFERENCE,
    owner: str = typer.Argument(help="The address of a person in the settings."),
    team: str = typer.Option("", "--team", help="The team; the person's own by default."),
    who: str = AS,
) -> None:
    """Give a case to a person, who is reminded of its dates from then on."""
    wanted = reference_of(reference)

    async def work(uow: UnitOfWork, by: Acting) -> None:
        await actions.assign(uow, wanted, owner, by, team=team)

    act(who, work, f"{wanted} is with {owner}.")


@app.command(epilog='Example: heard case route K7M-W92-RXH4 statutory --why "a looked-after child about a placement"')
def route(
    reference: str = REFERENCE,
    procedure: Procedure = typer.Argument(help="Under which procedure it is handled."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Confirm the route. Only an officer decides; the suggestion and its reasons stand in `case show`."""
    wanted = reference_of(reference)
    act(who, lambda uow, by: actions.route(uow, wanted, procedure, why, by), f"{wanted} is handled as {procedure.value}.")


@app.command(epilog='Example: heard case kind K7M-W92-RXH4 complaint --why "there is a complaint inside the thanks"')
def kind(
    reference: str = REFERENCE, kind: Kind = typer.Argument(help="What it is after all."), why: str = WHY, who: str = AS
) -> None:
    """Say what a message is after all: a complaint, a compliment, a comment or an enquiry."""
    wanted = reference_of(reference)
    act(who, lambda uow, by: actions.change_kind(uow, wanted, kind, why, by), f"{wanted} is a {kind.value}.")


@app.command(
    epilog='Example: heard case acknowledge K7M-W92-RXH4 --issue "You were moved and nobody told you why." '
    '--wanted "To stay at your school" --answered-by "Jo Field" --job "team manager"'
)
def acknowledge(
    reference: str = REFERENCE,
    issue: list[str] = typer.Option([], "--issue", help="What we understood, one for each point."),
    wanted: str = typer.Option("", "--wanted", help="What they would like to happen."),
    answered_by: str = typer.Option("", "--answered-by", help="Who will answer; leave it out where there is a risk."),
    job: str = typer.Option("manager", "--job", help="That person's job."),
    why: str = typer.Option("", "--why", help="Why this procedure, in words for the person."),
    who: str = AS,
) -> None:
    """Send the acknowledgement: a person's letter, made ready here. The corporate clock runs from it."""
    case = reference_of(reference)
    letter = Acknowledging(issues=issue, wanted=wanted, answerer_name=answered_by, answerer_job=job, why=why)
    act(who, lambda uow, by: actions.acknowledge(uow, case, letter, by), f"The acknowledgement of {case} is on its way.")


@app.command(epilog="Example: heard case respond K7M-W92-RXH4 --words-from answer.txt --outcome upheld")
def respond(
    reference: str = REFERENCE,
    words: str = typer.Option("", "--words", help="The answer."),
    words_from: str = typer.Option("", "--words-from", metavar="FILE", help="The answer, from a text file (- for stdin)."),
    outcome: Outcome | None = typer.Option(None, "--outcome", help="What was found."),
    who: str = AS,
) -> None:
    """Send the answer in your own words; the next step and the Ombudsman are named beneath them."""
    from bot.cli.intake import words_of

    case, said = reference_of(reference), words_of(words, words_from)
    act(who, lambda uow, by: actions.respond(uow, case, said, outcome, by), f"The answer to {case} is on its way.")


@app.command(epilog='Example: heard case note K7M-W92-RXH4 "Called; they prefer email."')
def note(reference: str = REFERENCE, words: str = typer.Argument(help="What to keep."), who: str = AS) -> None:
    """Keep a note for staff. It moves nothing and is sent to nobody."""
    case = reference_of(reference)

    async def work(uow: UnitOfWork, by: Acting) -> None:
        await actions.note(uow, case, words, by)

    act(who, work, f"The note on {case} is kept.")


@app.command(epilog='Example: heard case close K7M-W92-RXH4 --why "answered, and no next step asked for"')
def close(reference: str = REFERENCE, why: str = WHY, who: str = AS) -> None:
    """Close a case that has had its answer."""
    case = reference_of(reference)

    async def work(uow: UnitOfWork, by: Acting) -> None:
        await actions.close(uow, case, why, by)

    act(who, work, f"{case} is closed.")


@tasks.command(name="list", epilog="Example: heard tasks list")
def list_tasks(json: bool = JSON) -> None:
    """What waits for a person: safety first, then what is due first."""

    async def look() -> list[dict[str, Any]]:
        async with at_work() as at, at.memory.reading() as uow:
            return [
                {"task": row.id, "kind": row.kind.value, "reference": row.case_reference, "detail": row.detail, "due_at": row.due_at}
                for row in await cases.tasks(uow)
            ]

    found = sorted(run(look), key=lambda row: (row["kind"] not in ("safety", "look_for_harm"), row["due_at"]))
    if json:
        print_json(found)
        return
    rows = ((row["task"], row["kind"].replace("_", " "), row["reference"] or "", local(row["due_at"]), row["detail"]) for row in found)
    show(table("Task", "What", "Reference", "Due", "Detail"), rows)


@tasks.command(epilog='Example: heard tasks done 12 --what "Referred to MASH at 10:40, their number 5531"')
def done(
    task: int = typer.Argument(help="Its number in `heard tasks list`."),
    what: str = typer.Option("", "--what", help="What was done."),
    who: str = AS,
) -> None:
    """Say that a task is done, and how. A safety alert closes with a referral, or with the reason why none is needed."""

    async def work(uow: UnitOfWork, by: Acting) -> None:
        await actions.finish_task(uow, task, what, by)

    act(who, work, f"Task {task} is done.")


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
        "due": _due(progress),
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
            {"made_at": one.made_at, "made_by": one.made_by, "kind": one.kind.value, "procedure": one.procedure.value, "reasons": one.reasons}
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
            {"event": one.name.value, "on": one.happened_on, "recorded_at": one.recorded_at, "by": one.recorded_by, "note": one.note}
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
                    {"name": file.name, "kind": file.kind, "media_type": file.media_type, "size": file.size, "problem": file.problem or None}
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
            {"notice": one.notice, "channel": one.channel.value, "state": one.state.value, "sent_at": one.sent_at, "may_repeat": one.may_repeat}
            for one in sent
        ],
    }


def local(moment: Any) -> str:
    """A moment as people at the desk read it."""
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}" if moment else ""


def _due(progress: Progress) -> date | None:
    return progress.next_due.deadline.due_on if progress.next_due else None


def _print_case(found: dict[str, Any]) -> None:
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
    show(table("Clock", "Due", "How it stands", "Authority", title="\nDates"), ((one["clock"], one["due"], one["timeliness"] or "", one["authority"]) for one in found["clocks"]))
    for one in found["clocks"]:
        if one["explanation"]:
            console.print(f"  {one['explanation']}", markup=False)
    reasons = [(reading["made_by"], reason) for reading in found["readings"] for reason in reading["reasons"]]
    show(
        table("By", "Field", "Value", "Why", "Source", title="\nWhy it was read so"),
        ((by, one.get("field", ""), one.get("value", ""), one.get("rule", ""), one.get("source", "")) for by, one in reasons),
    )
    show(table("On", "Event", "By", "Note", title="\nWhat happened"), ((one["on"], one["event"], one["by"], one["note"]) for one in found["events"]))
    show(table("Task", "What", "Detail", "Done by", title="\nTasks"), ((one["task"], one["kind"], one["detail"], one["done_by"] or "") for one in found["tasks"]))
    show(table("Notice", "By", "State", "Sent", title="\nSent"), ((one["notice"], one["channel"], one["state"], local(one["sent_at"])) for one in found["outbox"]))
