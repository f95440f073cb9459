"""`loose …`: letters that became no case, and which of them a person must look at before they go."""

import sys
from typing import TYPE_CHECKING

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, Answer, err, local, print_json, run, show, table

if TYPE_CHECKING:
    from storage.loose import Loose
    from storage.tables import ArrivalRow
    from storage.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True, help="Letters that became no case: kept for a while, then erased.")
ARRIVAL = typer.Argument(metavar="ARRIVAL", help="The first symbols of its name in `heard loose list`.")


@app.command(name="list", epilog="Example: heard loose list")
def list_loose(json: bool = JSON) -> None:
    """What stays until a person has looked, oldest first; how many are kept, and how many were erased."""
    from bot.cli.at_work import at_work
    from storage import loose

    async def look() -> "tuple[list[ArrivalRow], Loose, int, bool]":
        async with at_work() as at, at.memory.reading() as uow:
            days = at.settings.keep_loose_days
            return await loose.staying(uow), await loose.count(uow), days, bool(at.settings.erasure_key)

    staying, counted, days, has_key = run(look)
    whys = [row.problem.removeprefix(loose.STAYS) for row in staying]
    rows = [{"arrival": row.id[:12], "received_at": row.received_at, "why": why} for row, why in zip(staying, whys, strict=True)]
    if json:
        print_json(
            {"kept": counted.kept, "erased": counted.erased, "days": days, "erases": has_key and days > 0, "stay": rows},
        )
        return
    show(
        table("Arrival", "Received", "It stays because"),
        ((row.id[:12], local(row.received_at), why) for row, why in zip(staying, whys, strict=True)),
    )
    err().print(f"{counted.kept} kept, {counted.erased} erased so far. {_when(days, has_key=has_key)}")


def _when(days: int, *, has_key: bool) -> str:
    if not days:
        return "None is erased: database.keep_loose_days is 0."
    if not has_key:
        return "None is erased: there is no database.erasure_key, by which one would be known when it comes again."
    return f"Each is erased after {days} days, but for what stays."


@app.command(name="show", epilog="Example: heard loose show 3fa9 > letter.eml")
def show_loose(arrival: str = ARRIVAL) -> None:
    """Write its bytes, as they came, to stdout."""
    from bot.cli.at_work import at_work
    from bot.cli.originals import let_out

    async def look() -> bytes:
        async with at_work() as at:
            async with at.memory.reading() as uow:
                raw = (await _one(uow, arrival)).raw
            await let_out(at.settings, raw)
            return raw

    sys.stdout.buffer.write(run(look))


@app.command(epilog="Example: heard loose done 3fa9 --as officer@council.example")
def done(arrival: str = ARRIVAL, who: str = AS) -> None:
    """You looked at it, and it may go. If somebody needs help, log it first: `heard log`. It is erased when its days are over."""
    from bot.cli.at_work import at_work
    from storage.tables import LedgerResult

    async def work() -> str:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            row = await _one(uow, arrival)
            row.result, row.dealt_with_by, row.dealt_with_at = LedgerResult.RELEASED, by.person.address, at.now
            uow.add(row)
            days, has_key = at.settings.keep_loose_days, bool(at.settings.erasure_key)
            when = f"It is erased {days} days from now." if days and has_key else _when(days, has_key=has_key)
            return f"{row.id[:12]} may go. {when}"

    err().print(run(work))


async def _one(uow: "UnitOfWork", beginning: str) -> "ArrivalRow":
    """The one that stays and whose name begins so."""
    from storage import inbound, loose

    names = {row.id for row in await loose.staying(uow)}
    found = await inbound.arrivals_starting(uow, beginning.strip().lower()) if beginning.strip() else []
    found = [row for row in found if row.id in names]
    if len(found) != 1:
        raise Answer("That names no single letter that stays. See `heard loose list`, and give more of its first symbols.")
    return found[0]
