"""`outbox …` and `quarantine …`: what leaves, and what could not be read."""

import sys
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, Answer, as_day, err, flag, local, print_json, run, safe, show, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.holding import Waiting
    from storage.tables import HoldRow, OutboxRow
    from storage.unit_of_work import UnitOfWork

outbox = typer.Typer(no_args_is_help=True, help="What waits to be sent, and what could not be.")
quarantine = typer.Typer(no_args_is_help=True, help="What came and could not be read. Its clock may already run.")

NUMBER = typer.Argument(min=1, max=2**31 - 1, help="Its number in `heard outbox list`.")
ARRIVAL = typer.Argument(metavar="ARRIVAL", help="The first symbols of its name in `heard quarantine list`.")
WAITING = ("queued", "sending", "ambiguous", "failed", "held")


@outbox.command(name="list", epilog="Example: heard outbox list --all")
def list_outbox(json: bool = JSON, everything: bool = flag("--all", "Also what was sent or cancelled."), who: str = AS) -> None:
    """What waits, failed or may have arrived."""
    from bot.cli.at_work import at_work
    from storage import outbox as rows
    from storage.holding import standing_hold
    from storage.tables import OutboxState

    async def look() -> "tuple[list[OutboxRow], HoldRow | None]":
        async with at_work() as at, at.memory.reading() as uow:
            found = await rows.in_states(uow, [state for state in OutboxState if everything or state in WAITING])
            return found, await standing_hold(uow)

    found, hold = run(look)
    if hold is not None:
        err().print(
            "The outbox is held after a restore: nothing leaves but what tells of help. See `heard outbox release --show`."
        )
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
    from storage.training import of_real_case

    async def work() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            acting(at, who)
            row = await _row(uow, number)
            if row.case_reference and not await of_real_case(uow, row.case_reference):
                raise Answer(f"Number {number} is about a case to learn on: nothing of it leaves. Nothing was changed.")
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


@outbox.command(epilog="Example: heard outbox release --drop-before 2026-03-01 --as officer@council.example")
def release(
    look: bool = flag("--show", "Only show what waits behind the hold. Nothing is sent."),
    drop_before: str = typer.Option(
        "", "--drop-before", metavar="YYYY-MM-DD", help="Do not send what is about an earlier day.", show_default=False
    ),
    drop: list[str] = typer.Option([], "--drop", metavar="KIND", help="Do not send this kind, such as receipt. May be repeated."),
    yes: bool = flag("--yes", "Do not ask on a terminal."),
    json: bool = JSON,
    who: str = AS,
) -> None:
    """Let go what a restore has held. With both --drop options only what is of a kind and about an earlier day is dropped."""
    from bot.cli.at_work import at_work
    from storage import holding

    drops = _drops(drop_before, drop)

    async def wait() -> "tuple[HoldRow | None, list[Waiting]]":
        async with at_work() as at, at.memory.reading() as uow:
            if not look:
                acting(at, who)
            return await holding.standing_hold(uow), await holding.what_waits(uow)

    standing, waiting = run(wait)
    dropped = [one.number for one in waiting if drops(one)]
    if json:
        print_json(_held_json(standing, waiting, dropped))
    elif waiting:
        _show_held(waiting, dropped)
    if look:
        err().print(_how_it_is_held(standing))
        return
    if not yes and sys.stdin.isatty() and waiting:
        typer.confirm(f"Drop {len(dropped)} and send {len(waiting) - len(dropped)}?", abort=True, err=True)

    async def work() -> tuple[int, int]:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await holding.release(uow, at.now, acting(at, who).person.address, drops)

    let_go, left_out = run(work)
    err().print(f"{let_go} released, {left_out} dropped.")


def _drops(drop_before: str, kinds: list[str]) -> "Callable[[Waiting], bool]":
    """Which of what waits is not to be sent. What tells of help is dropped only by its name."""
    from procedures.terms import Notice
    from procedures.working_days import date_at_the_desk

    day = as_day(drop_before) if drop_before else None
    for kind in kinds:
        if kind not in set(Notice):
            raise typer.BadParameter(f"{kind[:40]!r} is not a kind of message. Kinds: {', '.join(sorted(Notice))}.")

    def drops(one: "Waiting") -> bool:
        if day is None and not kinds:
            return False
        if kinds and one.notice not in kinds:
            return False
        if not kinds and one.notice == Notice.SAFETY_ALERT:
            return False
        return day is None or date_at_the_desk(one.about_at) < day

    return drops


def _show_held(waiting: "list[Waiting]", dropped: list[int]) -> None:
    """By why it waits and kind: how many, of which days, how many of them are dropped."""
    groups: dict[tuple[str, str, str], list[Waiting]] = {}
    for one in waiting:
        groups.setdefault((_WHY_IT_WAITS[one.origin.value], one.notice, one.channel.value), []).append(one)
    rows = (
        (*group, len(ones), local(ones[0].about_at), local(ones[-1].about_at), sum(one.number in dropped for one in ones))
        for group, ones in sorted(groups.items())
    )
    show(table("It waits since", "Kind", "By", "Number", "Oldest about", "Newest about", "Dropped", whole=["Kind"]), rows)


_WHY_IT_WAITS = {
    "copy": "it waited in the copy",
    "earlier": "the restore, about what came before",
    "planned": "the restore, planned from the copy",
    "new": "the restore, new",
}


def _held_json(standing: "HoldRow | None", waiting: "list[Waiting]", dropped: list[int]) -> dict[str, Any]:
    rows = [
        {
            "number": one.number,
            "notice": one.notice,
            "channel": one.channel.value,
            "reference": one.reference,
            "about_at": one.about_at,
            "origin": one.origin.value,
            "dropped": one.number in dropped,
        }
        for one in waiting
    ]
    return {
        "held_since": standing.since if standing else None,
        "held_by": standing.held_by if standing else None,
        "waiting": rows,
    }


def _how_it_is_held(standing: "HoldRow | None") -> str:
    if standing is None:
        return "The outbox is not held."
    made = f" a copy of {local(standing.made_at)}" if standing.made_at else " a copy"
    return f"The outbox is held since {local(standing.since)}, when {safe(standing.held_by)} put back{made}. Nothing was changed."


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
    from bot.cli.originals import let_out

    async def look() -> bytes:
        async with at_work() as at:
            async with at.memory.reading() as uow:
                raw = (await on_the_shelf(uow, arrival)).raw
            await let_out(at.settings, raw)
            return raw

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
