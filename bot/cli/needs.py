"""`case need …`: what somebody needs to read, hear, talk or come (Equality Act 2010, s. 20)."""

from typing import Any

import typer

from bot.cli.acting import carry_out
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, JSON, err, flag, local, print_json, run, safe, show, table
from procedures.people import Need

need = typer.Typer(no_args_is_help=True, help="What somebody needs: easy read, a call, an interpreter. Add it, list it, end it.")


def add_to(app: typer.Typer) -> None:
    """Add these to `heard case`."""
    app.add_typer(need, name="need")


@need.command(
    name="add", epilog='Example: heard case need add K7M-W92-RXHC interpreter --words "Kurmanji; a woman" --for "her mum"'
)
def add(
    reference: str = REFERENCE,
    kind: Need = typer.Argument(metavar="NEED", help=", ".join(one.value for one in Need)),
    words: str = typer.Option("", "--words", help="More of it: which language, which size, at what hour."),
    whose: str = typer.Option("", "--for", metavar="NAME", help="Whose it is, where it is not the complainant's."),
    who: str = AS,
) -> None:
    """Keep what somebody needs. It stands at the top of the case, in the task to draft and in the check of an answer."""
    from casework.people import needs

    wanted = reference_of(reference)
    made = carry_out(who, lambda uow, by: needs.add(uow, wanted, kind, by, words=words, who=whose))
    err().print(safe(f"Number {made.number} on {wanted}: they need {needs.in_words(made.row)}."))


@need.command(name="list", epilog="Example: heard case need list K7M-W92-RXHC --all")
def list_needs(
    reference: str = REFERENCE, every: bool = flag("--all", "What is needed no more, too."), json: bool = JSON
) -> None:
    """What is needed on a case, by number."""
    found = run(lambda: _listed(reference_of(reference), every))
    if json:
        print_json(found)
        return
    rows = ((one["number"], one["in_words"], local(one["since"]), one["recorded_by"], one["ended_why"] or "") for one in found)
    show(table("No.", "They need", "Since", "Taken down by", "Needed no more", whole=["No."]), rows)


@need.command(name="end", epilog='Example: heard case need end K7M-W92-RXHC 1 --why "her mum reads it to her, she says"')
def end(
    reference: str = REFERENCE,
    number: int = typer.Argument(min=1, help="Its number in `heard case need list REFERENCE`."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """It is needed no more, or was taken down wrongly: with the reason. What was recorded stays."""
    from casework.people import needs

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: needs.end(uow, wanted, number, why, by))
    err().print(f"Number {number} is needed no more on {wanted}.")


async def _listed(reference: str, every: bool) -> list[dict[str, Any]]:
    from bot.cli.at_work import at_work
    from bot.cli.case_parts import needs
    from casework.acting import the_case
    from casework.people.needs import needs_on

    async with at_work() as at, at.memory.reading() as uow:
        await the_case(uow, reference)
        return needs(await needs_on(uow, reference, also_ended=every))
