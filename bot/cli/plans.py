"""`plan …`: behaviour plans. A plan blocks nothing that comes in."""

from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, as_day, err, flag, print_json, run, show, table

if TYPE_CHECKING:
    from storage.tables import BehaviourPlanRow

app = typer.Typer(
    no_args_is_help=True,
    help="Behaviour plans: a warning, limits, one contact, a review. They touch no new matter, stage or safety, and no child.",
)
NUMBER = typer.Argument(help="Its number in `heard plan list`.")
TOLD = "Have the letter written and sent now."
TO = typer.Option(
    [],
    "--to",
    metavar="NUMBER",
    help="Whom it is for, by `heard case people`, where several complained together.",
    show_default=False,
)
WHY = typer.Option("", "--why", help="The reason: it is kept with the decision.")


@app.command(epilog='Example: heard plan warn K7M-W92-RXHC --why "threats to the duty team by telephone on 2 March"')
def warn(
    reference: str = REFERENCE,
    why: str = WHY,
    asks: str | None = typer.Option(
        None, "--asks", help="What you ask of them. With it the letter is written and sent now.", show_default=False
    ),
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day of the letter; today by default.", show_default=False),
    to: list[int] = TO,
    who: str = AS,
) -> None:
    """Warn somebody: what happened, and what may follow. No plan without it. Without --asks a letter of yours is noted."""
    from bot.cli.at_work import at_work
    from casework.daily import behaviour

    wanted, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> "tuple[BehaviourPlanRow, int]":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            made = await behaviour.warn(uow, wanted, why, by, on=day, asks=asks, to=to)
            return made, await behaviour.reaches(uow, made, by) if asks is not None else 0

    made, letters = run(doing)
    err().print(f"The warning is noted, with the number {made.id}. Nothing is limited. {_letters(letters)}")


@app.command(
    epilog='Example: heard plan begin 1 --limits "calls on Tuesdays" --contact officer@council.example --letter-on 2026-03-20'
)
def begin(
    number: int = NUMBER,
    limits: str = typer.Option("", "--limits", help="What is limited, as the letter says it."),
    contact: str = typer.Option("", "--contact", metavar="ADDRESS", help="The one person whom they deal with."),
    letter_on: str = typer.Option(
        "", "--letter-on", metavar="YYYY-MM-DD", help="The day of your letter that says all this and names the Ombudsman."
    ),
    send: bool = flag("--send", TOLD),
    to: list[int] = TO,
    who: str = AS,
) -> None:
    """Begin a plan after its warning. It is reviewed after six months, which is a task."""
    from bot.cli.at_work import at_work
    from casework.daily import behaviour

    told = as_day(letter_on) if letter_on else None

    async def doing() -> "tuple[BehaviourPlanRow, int]":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            made = await behaviour.begin(uow, number, limits, contact, by, told_of_ombudsman_on=told, writes=send, to=to)
            return made, await behaviour.reaches(uow, made, by) if send else 0

    made, letters = run(doing)
    err().print(
        f"Plan {number} is in force. To be reviewed by {made.review_on}. New matters are heard as before. {_letters(letters)}"
    )


@app.command(epilog='Example: heard plan review 1 --end --why "six quiet months"')
def review(
    number: int = NUMBER,
    why: str = WHY,
    end: bool = flag("--end", "It ends."),
    send: bool = flag("--send", TOLD),
    to: list[int] = TO,
    who: str = AS,
) -> None:
    """Look at a plan again: it goes on for six months at most, or ends."""
    from bot.cli.at_work import at_work
    from casework.daily import behaviour

    async def doing() -> "tuple[BehaviourPlanRow, int]":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            made = await behaviour.review(uow, number, why, by, ends=end, writes=send, to=to)
            return made, await behaviour.reaches(uow, made, by) if send else 0

    made, letters = run(doing)
    what = f"Plan {number} ends." if end else f"Plan {number} goes on. To be reviewed by {made.review_on}."
    err().print(f"{what} {_letters(letters)}")


@app.command(name="list", epilog="Example: heard plan list --from 2025-04-01 --until 2026-03-31")
def list_plans(
    first: str = typer.Option("", "--from", metavar="YYYY-MM-DD", help="In force on this day or later.", show_default=False),
    last: str = typer.Option("", "--until", metavar="YYYY-MM-DD", help="In force on this day or before.", show_default=False),
    json: bool = JSON,
) -> None:
    """Warnings and plans; with dates only the plans that were in force then, and how many (Wolverhampton ran two)."""
    from bot.cli.at_work import at_work
    from casework.daily.behaviour import in_force
    from storage import daily

    from_on, until_on = as_day(first) if first else date.min, as_day(last) if last else date.max

    async def look() -> "list[BehaviourPlanRow]":
        async with at_work() as at, at.memory.reading() as uow:
            return await daily.plans(uow)

    every = run(look)
    found = in_force(every, from_on, until_on) if first or last else every
    if json:
        print_json([_as_json(one) for one in found])
        return
    rows = (
        (one.id, one.case_reference, one.warned_on, one.begins_on or "", one.review_on or "", one.ended_on or "", one.limits)
        for one in found
    )
    columns = ("Plan", "Reference", "Warned", "Began", "Review", "Ended", "Limits")
    show(table(*columns, whole=columns[:-1]), rows)
    if first or last:
        err().print(f"{len(found)} in force.")


def _letters(number: int) -> str:
    """Whether a letter leaves, and to how many."""
    return f"A letter is queued for {number} reader{'' if number == 1 else 's'}." if number else "No letter was sent."


def _as_json(one: "BehaviourPlanRow") -> dict[str, Any]:
    return {
        "plan": one.id,
        "reference": one.case_reference,
        "reason": one.reason,
        "warned_on": one.warned_on,
        "begins_on": one.begins_on,
        "limits": one.limits or None,
        "contact": one.contact or None,
        "review_on": one.review_on,
        "ended_on": one.ended_on,
        "ended_why": one.ended_why or None,
    }
