"""`cover …`: who is away, who stands in, and what they take over."""

from typing import TYPE_CHECKING

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, Answer, as_day, err, print_json, run, show, table

if TYPE_CHECKING:
    from storage.tables import CoverRow

app = typer.Typer(no_args_is_help=True, help="Who is away, and who stands in: the deputy is reminded as well.")
AWAY = typer.Argument(metavar="ADDRESS", help="Who is away: the address of a person in the settings.")


@app.command(
    epilog="Example: heard cover add a.b@council.example --deputy c.d@council.example --from 2026-08-03 --until 2026-08-14"
)
def add(
    away: str = AWAY,
    deputy: str = typer.Option(..., "--deputy", metavar="ADDRESS", help="Who stands in."),
    first: str = typer.Option(..., "--from", metavar="YYYY-MM-DD", help="The first day away."),
    last: str = typer.Option(..., "--until", metavar="YYYY-MM-DD", help="The last day away."),
    who: str = AS,
) -> None:
    """Say that somebody is away. Their reminders go to the deputy as well; no date moves because somebody is on leave."""
    from bot.cli.at_work import at_work
    from casework.daily.cover import stand_in

    from_on, until_on = as_day(first), as_day(last)

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await stand_in(uow, away, deputy, from_on, until_on, acting(at, who))

    run(doing)
    err().print(f"{deputy} stands in for {away} from {from_on} to {until_on}. What they take over: heard cover handover {away}")


@app.command(epilog="Example: heard cover end a.b@council.example")
def end(away: str = AWAY, who: str = AS) -> None:
    """Say that somebody is back sooner than planned."""
    from bot.cli.at_work import at_work
    from casework.daily.cover import come_back

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await come_back(uow, away, acting(at, who))

    run(doing)
    err().print(f"Nobody stands in for {away} any more.")


@app.command(name="list", epilog="Example: heard cover list")
def list_cover(json: bool = JSON) -> None:
    """Who is away today or later, and who stands in."""
    from bot.cli.at_work import at_work
    from procedures.working_days import date_at_the_desk
    from storage import daily

    async def look() -> "list[CoverRow]":
        async with at_work() as at, at.memory.reading() as uow:
            return await daily.cover_from(uow, date_at_the_desk(at.now))

    found = run(look)
    if json:
        print_json([{"away": one.person, "deputy": one.deputy, "from": one.from_on, "until": one.until_on} for one in found])
        return
    rows = ((one.from_on, one.until_on, one.person, one.deputy) for one in found)
    show(table("From", "Until", "Away", "Stands in", whole=["From", "Until"]), rows)


@app.command(epilog="Example: heard cover handover a.b@council.example")
def handover(away: str = AWAY, json: bool = JSON) -> None:
    """What somebody who is away leaves: their open cases, the most urgent first, with what is next on each."""
    from bot.cli.listing import every_case, print_list, summary
    from casework.representation import fold_address

    found = [one for one in run(lambda: every_case(None, open_only=True)) if fold_address(one.owner) == fold_address(away)]
    if json:
        print_json([summary(one) for one in found])
        return
    if not found:
        raise Answer(f"No open case is with {away}.")
    print_list(found)
