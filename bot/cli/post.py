"""`outbox …` and `quarantine …`: what leaves, and what could not be read."""

import sys
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, Answer, err, flag, local, print_json, run, show, table

if TYPE_CHECKING:
    from storage.tables import OutboxRow
    from storage.unit_of_work import UnitOfWork

outbox = typer.Typer(no_args_is_help=True, help="What waits to be sent, and what could not be.")
quarantine = typer.Typer(no_args_is_help=True, help="What came and could not be read. Its clock may already run.")

NUMBER = typer.Argument(min=1, max=2**31 - 1, help="Its number in `heard outbox list`.")
ARRIVAL = typer.Argument(metavar="ARRIVAL", help="The first symbols of its name in `heard quarantine list`.")
WAITING = ("queued", "sending", "ambiguous", "failed", "held")


@outbox.command(name="list", epilog="Example: heard outbox list --all")
def list_outbox(json: bool = JSON, everything: bool = flag("--all", "Also what was sent or cancelled.")) -> None:
    """What waits, failed or may have arrived."""
    from bot.cli.at_work import at_work
    from storage import outbox as rows
    from storage.tables import OutboxState

    async def look() -> "list[OutboxRow]":
        async with at_work() as at, at.memory.reading() as uow:
            return await rows.in_states(uow, [state for state in OutboxState if everything or state in WAITING])

    found = run(look)
    if json:
        print_json(
            [
                {
                    "number": row.id,
                    "notice": row.notice,
                    "channel": row.channel.value,
                    "reference": row.case_reference,
                    "state": row.state.value,
                    "tries": row.tries,
                    "due_at": row.due_at,
                    "sent_at": row.sent_at,
                    "may_repeat": row.may_repeat,
                    "problem": row.problem or None,
                }
                for row in found
            ]
        )
        return
    made = table("Number", "Notice", "By", "Case", "State", "Tries", "Due", "Problem", whole=["Number", "Case"])
    show(
        made,
        (
            (r.id, r.notice, r.channel.value, r.case_reference or "", r.state.value, r.tries, local(r.due_at), r.problem)
            for r in found
        ),
    )


@outbox.command(epilog="Example: heard outbox retry 17 --as officer@council.example")
def retry(number: int = NUMBER, who: str = AS) -> None:
    """Send again what failed, was held or may have arrived. A mail keeps its Message-ID; a chat is told it may be a repeat."""
    from bot.cli.at_work import at_work
    from storage import outbox as rows
    from storage.tables import OutboxState

    async def work() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            acting(at, who)
            row = await _row(uow, number)
            if row.state not in (OutboxState.FAILED, OutboxState.AMBIGUOUS, OutboxState.HELD):
                raise Answer(f"Number {number} is {row.state.value}: it needs no retry. Nothing was changed.")
            repeat = row.may_repeat or row.state is OutboxState.AMBIGUOUS
            await rows.settle_later(uow, number, tries=0, due_at=at.now, problem="", may_repeat=repeat)

    run(work)
    err().print(f"Number {number} will be sent again.")


@outbox.command(epilog="Example: heard outbox cancel 17 --as officer@council.example")
def cancel(number: int = NUMBER, who: str = AS) -> None:
    """Do not send something after all: it arrived, or it is no longer right."""
    from bot.cli.at_work import at_work
    from storage import outbox as rows
    from storage.tables import OutboxState

    async def work() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            row = await _row(uow, number)
            if row.state is OutboxState.SENT:
                raise Answer(f"Number {number} was sent. Nothing was changed.")
            await rows.settle_ended(uow, number, OutboxState.CANCELLED, f"cancelled by {by.person.address}"[:200])

    run(work)
    err().print(f"Number {number} will not be sent.")


@outbox.command(epilog="Example: heard outbox release --as officer@council.example")
def release(who: str = AS) -> None:
    """Let go what was held back after a restore."""
    from bot.cli.at_work import at_work
    from storage import outbox as rows
    from storage.tables import OutboxState

    async def work() -> int:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            acting(at, who)
            held = await rows.in_states(uow, (OutboxState.HELD,))
            for row in held:
                assert row.id is not None
                await rows.settle_later(uow, row.id, tries=0, due_at=at.now, problem="", may_repeat=row.may_repeat)
            return len(held)

    err().print(f"{run(work)} released.")


@quarantine.command(name="list", epilog="Example: heard quarantine list")
def list_quarantine(json: bool = JSON) -> None:
    """What could not be read, oldest first."""
    from bot.cli.at_work import at_work
    from storage import inbound

    async def look() -> list[dict[str, Any]]:
        async with at_work() as at, at.memory.reading() as uow:
            return [
                {"arrival": row.id[:12], "received_at": row.received_at, "door": row.wire, "problem": row.problem}
                for row in await inbound.quarantined(uow)
            ]

    found = run(look)
    if json:
        print_json(found)
    else:
        show(
            table("Arrival", "Received", "By", "Problem"),
            ((r["arrival"], local(r["received_at"]), r["door"], r["problem"]) for r in found),
        )


@quarantine.command(name="show", epilog="Example: heard quarantine show 3fa9 > letter.eml")
def show_arrival(arrival: str = ARRIVAL) -> None:
    """Write its bytes, as they came, to stdout."""
    from bot.cli.at_work import at_work
    from bot.cli.importing import on_the_shelf

    async def look() -> bytes:
        async with at_work() as at, at.memory.reading() as uow:
            return (await on_the_shelf(uow, arrival)).raw

    sys.stdout.buffer.write(run(look))


@quarantine.command(name="retry", epilog="Example: heard quarantine retry 3fa9 --as officer@council.example")
def retry_reading(arrival: str = ARRIVAL, who: str = AS) -> None:
    """Try to read it once more, after an upgrade perhaps. It keeps the moment at which it came."""
    from bot.cli.importing import read_again

    result = run(lambda: read_again(arrival, who))
    err().print(result)


@quarantine.command(epilog="Example: heard quarantine done 3fa9 --as officer@council.example")
def done(arrival: str = ARRIVAL, who: str = AS) -> None:
    """A person dealt with it (logged it by hand, or found it to be nothing). The bytes are kept."""
    from bot.cli.at_work import at_work
    from bot.cli.importing import on_the_shelf
    from storage.tables import LedgerResult

    async def work() -> str:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            row = await on_the_shelf(uow, arrival)
            row.result, row.dealt_with_by, row.dealt_with_at = LedgerResult.RELEASED, by.person.address, at.now
            uow.add(row)
            return row.id[:12]

    err().print(f"{run(work)} is off the shelf.")


async def _row(uow: "UnitOfWork", number: int) -> "OutboxRow":
    from storage import outbox as rows

    row = await rows.one(uow, number)
    if row is None:
        raise Answer(f"There is no number {number} in the outbox. See `heard outbox list --all`.")
    return row
