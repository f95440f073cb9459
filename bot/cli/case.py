"""`case …`: what a complaints officer does in a day."""

import sys
from datetime import date
from typing import Any

import typer

from bot.cli.acting import act, acting
from bot.cli.common import AS, JSON, ON, Answer, as_day, at_work, print_json, run, safe, show, table
from bot.cli.showing import due_of, print_case, summary, whole
from casework import actions
from casework.actions import Acknowledging, Acting
from casework.clockwork import events_of
from casework.progress import Progress, rank, where_it_stands
from casework.reference import read_reference
from procedures.terms import Kind, Outcome, Procedure
from procedures.working_days import date_at_the_desk
from storage import cases
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True, help="See and handle cases.")

REFERENCE = typer.Argument(metavar="REFERENCE", help="The case, like K7M-W92-RXH4; case and dashes do not matter.")
WHY = typer.Option("", "--why", help="The reason: it is kept with the decision.")
SHAPES = {"late": "# late", "due_soon": "^ due soon", "on_track": "+ on track", "done": "  done"}


def reference_of(text: str) -> str:
    """The reference that was typed, or a clear no."""
    found = read_reference(text)
    if found is None:
        raise Answer(
            f"{safe(text)[:40]!r} is not a reference: its check symbol does not hold. Check each letter. Nothing was changed."
        )
    return found


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
    found.sort(key=lambda one: (order[one[2]], due_of(one[1]) or date.max, one[0].received_at))
    rows = (
        (
            SHAPES[how],
            row.reference,
            row.kind.value,
            row.procedure.value,
            progress.state.value,
            due_of(progress) or "",
            row.owner,
            row.team,
        )
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
        print_case(found)


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
