"""`actions …`: what somebody in the council promised because of a case, and chasing it until it is done."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import act, carry_out
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, JSON, Answer, as_day, err, flag, print_json, run, safe, show, table
from procedures.terms import ActionSource

if TYPE_CHECKING:
    from storage.tables import ActionRow

app = typer.Typer(
    no_args_is_help=True, help="What the council promised because of a case: who does it by when, and what shows it."
)
NUMBER = typer.Argument(metavar="ACTION", help="Its number in `heard actions list`.")
ISSUE = typer.Option(None, "--issue", help="The issue that it follows from.")
OWNER = typer.Option("", "--owner", help="Who does it: the address of a person in the settings, who is reminded of it.")
DUE = typer.Option("", "--due", metavar="YYYY-MM-DD", help="Until when, as agreed or as they set it.", show_default=False)


def add_to(case: typer.Typer) -> None:
    """`case learn` stands with the other commands of a case."""
    case.command(
        name="learn",
        epilog='Example: heard case learn K7M-W92-RXHC "Nobody tells a child before a move." --issue 2 '
        '--action "A call before every move" --owner manager@council.example --due 2026-05-29',
    )(learn)


def learn(
    reference: str = REFERENCE,
    lesson: str = typer.Argument(help="What the case taught, so that another team understands it."),
    issue: int | None = ISSUE,
    action: str = typer.Option("", "--action", help="What will be different, if somebody is charged with it at once."),
    owner: str = OWNER,
    due: str = DUE,
    who: str = AS,
) -> None:
    """Keep what was learned, with the action that follows. The case may be closed."""
    from casework.issues import learning

    case, day = reference_of(reference), as_day(due) if due else None
    if bool(action) != (day is not None) or bool(action) != bool(owner):
        raise typer.BadParameter("An action has all three: --action, --owner and --due.")

    async def doing(uow: Any, by: Any) -> tuple[int, int]:
        number = await learning.learn(uow, case, lesson, by, number=issue)
        if day is None:
            return number, 0
        source = ActionSource.LESSON
        made = await learning.add_action(uow, case, action, owner, day, source, by, number=issue, lesson=number)
        return number, made

    number, made = carry_out(who, doing)
    err().print(f"Lesson {number} of {case} is kept." + (f" Action {made} is with {safe(owner)} until {day}." if made else ""))


@app.command(name="list", epilog="Example: heard actions list --late --json")
def list_actions(
    json: bool = JSON,
    everything: bool = flag("--all", "Done ones as well."),
    late: bool = flag("--late", "Only those that are late."),
    untold: bool = flag("--untold", "Only those that are done, while the person has not heard what changed."),
    owner: str = typer.Option("", "--owner", help="Only this person's."),
    case: str = typer.Option("", "--case", metavar="REFERENCE", help="Only this case's."),
) -> None:
    """What was promised and is not done, first due first. It stays here when its case is closed."""
    reference = reference_of(case) if case else None
    found, today = run(lambda: _look(reference, owner, open_only=not everything and not untold))
    if late:
        found = [one for one in found if one.done_on is None and one.due_on < today]
    if untold:
        found = [one for one in found if one.done_on is not None and one.told_at is None]
    if json:
        print_json([_as_shown(one, today) for one in found])
    else:
        _print(found, today)


@app.command(
    epilog='Example: heard actions add K7M-W92-RXHC "Train every team on the Regulations" --owner manager@council.example '
    "--due 2026-06-30 --source ombudsman"
)
def add(
    reference: str = REFERENCE,
    words: str = typer.Argument(help="What will be different when it is done."),
    owner: str = OWNER,
    due: str = DUE,
    source: ActionSource = typer.Option(ActionSource.LESSON, "--source", help="What it follows from."),
    issue: int | None = ISSUE,
    who: str = AS,
) -> None:
    """Charge somebody with something that a case led to: a lesson, a remedy, a recommendation of the panel or the Ombudsman."""
    from casework.issues import learning

    case = reference_of(reference)
    if not due:
        raise typer.BadParameter("Say until when, with --due.")
    day = as_day(due)
    number = carry_out(who, lambda uow, by: learning.add_action(uow, case, words, owner, day, source, by, number=issue))
    err().print(f"Action {number} is with {safe(owner)} until {day}.")


@app.command(epilog='Example: heard actions done 7 --evidence "practice note 12, sent to all teams on 4 May"')
def done(
    number: int = NUMBER,
    evidence: str = typer.Option("", "--evidence", help="What shows that it is done."),
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day it was done; today by default.", show_default=False),
    who: str = AS,
) -> None:
    """Say that it is done, and what shows it. Its owner may, or an officer."""
    from casework.issues import learning

    day = as_day(on) if on else None
    act(who, lambda uow, by: learning.finish(uow, number, evidence, by, on=day), f"Action {number} is done.")
    err().print(f'Let the person hear of it: heard actions tell {number} --you-said "…" --we-did "…"')


@app.command(epilog='Example: heard actions give 7 manager@council.example --why "Ann Lee has left"')
def give(
    number: int = NUMBER,
    owner: str = typer.Argument(help="The address of a person in the settings."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Somebody else does it from now on."""
    from casework.issues import learning

    act(who, lambda uow, by: learning.give_to(uow, number, owner, why, by), f"Action {number} is with {safe(owner)}.")


@app.command(epilog='Example: heard actions move 7 2026-07-31 --why "the new form is printed in July"')
def move(
    number: int = NUMBER,
    due: str = typer.Argument(metavar="YYYY-MM-DD", help="The day that was agreed."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Agree on another day. The one that was promised first stays on record."""
    from casework.issues import learning

    day = as_day(due)
    act(who, lambda uow, by: learning.move(uow, number, day, why, by), f"Action {number} is due on {day:%A %d %B %Y}.")


@app.command(
    epilog='Example: heard actions tell 7 --you-said "Nobody told me I would move." --we-did "We now call before a move."'
)
def tell(
    number: int = NUMBER,
    you_said: str = typer.Option("", "--you-said", help="What they had said, in their words."),
    we_did: str = typer.Option("", "--we-did", help="What is different now."),
    who: str = AS,
) -> None:
    """Write to the person what changed because of what they said. Once, after it was done."""
    from casework.issues import learning

    done_words = f"What changed by action {number} is on its way to them."
    act(who, lambda uow, by: learning.tell(uow, number, you_said, we_did, by), done_words)


async def _look(reference: str | None, owner: str, *, open_only: bool) -> "tuple[list[ActionRow], date]":
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.representation import fold_address
    from procedures.working_days import date_at_the_desk
    from storage.issues import actions

    async with at_work() as at, at.memory.reading() as uow:
        if reference is not None:
            await the_case(uow, reference)
        if owner and at.settings.council.person(owner) is None:
            raise Answer(f"{safe(owner)} is not one of the people in the settings.")
        found = await actions(uow, reference=reference, owner=fold_address(owner), open_only=open_only)
        return found, date_at_the_desk(at.now)


def _as_shown(one: "ActionRow", today: date) -> dict[str, Any]:
    return {
        "action": one.id,
        "reference": one.case_reference,
        "issue": one.number,
        "source": one.source.value,
        "words": one.words,
        "owner": one.owner,
        "due": one.due_on,
        "first_due": one.first_due_on,
        "state": _state(one, today),
        "done_on": one.done_on,
        "evidence": one.evidence or None,
        "told_at": one.told_at,
    }


def _state(one: "ActionRow", today: date) -> str:
    if one.done_on is not None:
        return "done"
    return "late" if one.due_on < today else "open"


def _print(found: "Sequence[ActionRow]", today: date) -> None:
    shapes = {"late": "# late", "open": "o open", "done": "+ done"}
    rows = (
        (
            shapes[_state(one, today)],
            one.id,
            one.due_on,
            one.case_reference or "",
            one.owner,
            one.source.value,
            one.words,
            one.evidence,
        )
        for one in found
    )
    head = ("How", "Action", "Due", "Reference", "Owner", "From", "What", "Shown by")
    show(table(*head, whole=["How", "Action", "Due", "Reference"]), rows)
