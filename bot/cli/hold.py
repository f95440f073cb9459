"""`hold …`: what waits for other proceedings, issue by issue, and how it comes back (SI 2006/1738, reg. 8)."""

from typing import Any

import typer

from bot.cli.acting import act, acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, as_day, err, print_json, run, show, table
from procedures.terms import Ground

app = typer.Typer(no_args_is_help=True, help="Let issues wait for other proceedings, one by one, and take them up again.")

ISSUE = typer.Option([], "--issue", help="The number of an issue, as often as needed; the whole complaint where none are listed.")


@app.command(
    epilog='Example: heard hold put K7M-W92-RXHC --issue 2 --ground criminal_proceedings --proceedings "the trial at the court" '
    '--prejudice "our findings could influence the witnesses"'
)
def put(
    reference: str = REFERENCE,
    issue: list[int] = ISSUE,
    ground: Ground = typer.Option(..., "--ground", help="Which of the four grounds of regulation 8(1)."),
    proceedings: str = typer.Option("", "--proceedings", help="Which proceedings: the letter names them."),
    prejudice: str = typer.Option("", "--prejudice", help="How considering it now would prejudice them."),
    in_writing: str = typer.Option("", "--in-writing", help="Court or tribunal: where they said in writing that they go there."),
    who: str = AS,
) -> None:
    """Let issues wait. The letter goes at once; what is not held goes on, with its dates."""
    from casework.decisions import holds

    case, why = reference_of(reference), holds.Hold(ground, proceedings, prejudice, in_writing)
    act(who, lambda uow, by: holds.hold(uow, case, issue, why, by), f"What was named of {case} waits, and the letter says why.")


@app.command(name="none", epilog='Example: heard hold none K7M-W92-RXHC --why "the care hearing is about another child"')
def none(
    reference: str = REFERENCE, why: str = typer.Option("", "--why", help="What was weighed, in a sentence."), who: str = AS
) -> None:
    """Decide that other proceedings are no reason to wait."""
    from casework.decisions import holds

    case = reference_of(reference)
    act(who, lambda uow, by: holds.no_hold(uow, case, why, by), f"{case} goes on.")


@app.command(epilog="Example: heard hold ended K7M-W92-RXHC --on 2026-03-02")
def ended(
    reference: str = REFERENCE,
    issue: list[int] = ISSUE,
    on: str = typer.Option(..., "--on", metavar="YYYY-MM-DD", help="The day on which the proceedings ended."),
    who: str = AS,
) -> None:
    """The proceedings ended. The person hears that they may ask again, until when, and is reminded of it."""
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.clockwork import rule_of
    from casework.decisions import holds

    case, day = reference_of(reference), as_day(on)

    async def doing() -> tuple[Any, str]:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            until = await holds.proceedings_ended(uow, case, issue, day, acting(at, who))
            rule = rule_of(await the_case(uow, case), at.office, holds.RESUBMIT)
            return until, f" ({rule.authority})" if rule else ""

    until, law = run(doing)
    err().print(f"They may ask again until {until:%d %B %Y}{law}, and are told so.")


@app.command(epilog="Example: heard hold resubmitted K7M-W92-RXHC --on 2026-04-20")
def resubmitted(
    reference: str = REFERENCE,
    issue: list[int] = ISSUE,
    on: str = typer.Option(
        "", "--on", metavar="YYYY-MM-DD", help="The day on which they asked; today by default.", show_default=False
    ),
    who: str = AS,
) -> None:
    """They asked for what waited, in any words: it is taken up as a case of its own, whose reference is printed."""
    from bot.cli.at_work import at_work
    from casework.decisions import holds

    case, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> str:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await holds.resubmit(uow, case, issue, acting(at, who), on=day)

    typer.echo(run(doing))


@app.command(name="list", epilog="Example: heard hold list K7M-W92-RXHC")
def list_holds(reference: str = REFERENCE, json: bool = JSON) -> None:
    """What waits or waited on a case, since when, for what, and until when it can be asked for again."""
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.decisions import holds

    wanted = reference_of(reference)

    async def look() -> list[dict[str, Any]]:
        async with at_work() as at, at.memory.reading() as uow:
            case = await the_case(uow, wanted)
            return [
                {
                    "issue": row.number or None,
                    "ground": row.ground.value,
                    "proceedings": row.proceedings,
                    "prejudice": row.prejudice,
                    "since": row.decided_on,
                    "by": row.decided_by,
                    "ended": row.ended_on,
                    "resubmit_by": holds.resubmit_by(case, row.ended_on, at.office) if row.ended_on else None,
                    "resubmitted": row.resubmitted_on,
                    "continued_in": row.continued_in or None,
                }
                for row in await holds.held_of(uow, wanted)
            ]

    found = run(look)
    if json:
        print_json(found)
        return
    rows = (
        (
            one["issue"] or "all",
            one["ground"].replace("_", " "),
            one["since"],
            one["ended"] or "",
            one["resubmit_by"] or "",
            one["continued_in"] or "",
        )
        for one in found
    )
    show(table("Issue", "Ground", "Since", "Ended", "Ask again by", "Goes on as", whole=["Since", "Ended"]), rows)
