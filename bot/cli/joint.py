"""`joint …`: one letter that answers for several bodies."""

from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import carry_out
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, JSON, as_day, err, flag, print_json, run, show, table

if TYPE_CHECKING:
    from storage.tables import JointPartRow

app = typer.Typer(no_args_is_help=True, help="Joint replies: one letter for several bodies, who leads, and what each promised.")
NUMBER = typer.Argument(help="Its number in `heard joint list`.")


@app.command(
    epilog='Example: heard joint ask K7M-W92-RXHC --with "Anytown NHS Trust" --consent "she signed the form" '
    '--promised-for 2026-03-09 --how "their complaints team by mail"'
)
def ask(
    reference: str = REFERENCE,
    body: str = typer.Option("", "--with", help="The other body: a council, a health trust, a provider."),
    consent: str = typer.Option("", "--consent", help="How the person agreed that both bodies see it."),
    promised_for: str = typer.Option("", "--promised-for", metavar="YYYY-MM-DD", help="The day of their part, as they promised."),
    how: str = typer.Option("", "--how", help="Who promised it, and how."),
    issue: list[int] = typer.Option([], "--issue", help="The number of an issue that they answer, as often as needed."),
    they_lead: bool = flag("--they-lead", "They write the one letter; without it we do."),
    who: str = AS,
) -> None:
    """Agree that one letter answers for both. No clock of ours waits for theirs; their day is a task."""
    from casework.answers import joint

    day = as_day(promised_for) if promised_for else None
    asking, case = joint.Asking(body, consent, day, how, issue, they_lead), reference_of(reference)
    made = carry_out(who, lambda uow, by: joint.ask(uow, case, asking, by))
    leads = f"{made.body} leads" if made.they_lead else "We lead"
    err().print(f"Part {made.id} is noted. {leads}; their part is on the list for {made.promised_for}.")


@app.command(epilog="Example: heard joint came 3 --on 2026-03-09")
def came(
    number: int = NUMBER,
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day; today by default.", show_default=False),
    who: str = AS,
) -> None:
    """Their part has come: the one letter can go."""
    from casework.answers import joint

    day = as_day(on) if on else None
    made = carry_out(who, lambda uow, by: joint.came(uow, number, day, by))
    err().print(f"The part of {made.body} came on {made.came_on}.")


@app.command(epilog='Example: heard joint apart 3 --why "they need two weeks more, and our answer is due on Friday"')
def apart(
    number: int = NUMBER,
    why: str = WHY,
    who: str = AS,
) -> None:
    """The replies go apart after all: each body answers for itself, and ours goes in time."""
    from casework.answers import joint

    made = carry_out(who, lambda uow, by: joint.apart(uow, number, why, by))
    err().print(f"Our answer goes by itself, and that of {made.body} by itself. Say so in ours, and why.")


@app.command(name="list", epilog="Example: heard joint list K7M-W92-RXHC")
def list_parts(reference: str = REFERENCE, json: bool = JSON, who: str = AS) -> None:
    """What other bodies answer of a case, who leads, and how it stands."""
    from bot.cli.at_work import at_work
    from casework.answers import joint
    from procedures.working_days import date_at_the_desk

    case = reference_of(reference)

    async def look() -> "list[tuple[JointPartRow, str]]":
        async with at_work() as at, at.memory.reading() as uow:
            return [(one, joint.state_of(one, date_at_the_desk(at.now))) for one in await joint.parts(uow, case)]

    found = run(look)
    if json:
        print_json([_as_json(one, state) for one, state in found])
        return
    rows = (
        (one.id, one.body, one.body if one.they_lead else "we", _numbers(one), one.promised_for, state) for one, state in found
    )
    show(table("Part", "Body", "Who leads", "Issues", "Promised for", "Stands", whole=("Part", "Promised for")), rows)


def _numbers(one: "JointPartRow") -> str:
    return ", ".join(str(number) for number in one.issues) or "all"


def _as_json(one: "JointPartRow", state: str) -> dict[str, Any]:
    names = ("body", "they_lead", "consent", "issues", "asked_on", "promised_for", "promised_how", "came_on", "ended_on")
    return {"part": one.id, "state": state, **{name: getattr(one, name) for name in names}, "ended_why": one.ended_why or None}
