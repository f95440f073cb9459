"""`remind` and `digest`: what a morning sends, for any day."""

from datetime import date, datetime, timedelta
from typing import Any

import typer

from bot.cli.common import JSON, ON, as_day, at_work, err, out, print_json, run, safe
from procedures.terms import Channel, Notice
from procedures.working_days import date_at_the_desk, moment_at_the_desk


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(epilog="Example: heard remind --date 2026-06-16")(remind)
    app.command(epilog="Example: heard digest --date 2026-06-15 --json")(digest)


SEND = typer.Option(False, "--send", help="Put it in the outbox too.")


def remind(on: str = ON, send: bool = SEND, json: bool = JSON) -> None:
    """Show the morning bundles of a day, rebuilt from the events up to then. Nothing is sent without --send."""
    from notifications.reminders import remind as bring_up
    from notifications.rendering import render

    async def look() -> list[tuple[str, str, dict[str, Any]]]:
        async with at_work() as at:
            day = as_day(on) if on else None
            bundles = await bring_up(
                at.memory, at.office, _moment(day, at.now, at.office.council.reminders_at), day=day, queue=send
            )
            return [
                (
                    one.person.address,
                    render(Notice.REMINDERS, Channel.EMAIL, "en", one.facts, at.office.council).text,
                    dict(one.facts),
                )
                for one in bundles
            ]

    _print(run(look), "Nobody is reminded of anything that day.", json=json, sent=send)


def digest(on: str = ON, send: bool = SEND, json: bool = JSON) -> None:
    """Show the weekly digest of a day to each who gets it, rebuilt from the events up to then."""
    from notifications.digest import queue_digests

    from notifications.rendering import render

    async def look() -> list[tuple[str, str, dict[str, Any]]]:
        async with at_work() as at:
            day = as_day(on) if on else None
            now = _moment(day, at.now, at.office.council.digest_at)
            found = await queue_digests(at.memory, at.office, now, day=day or date_at_the_desk(now), queue=send)
            return [
                (who, render(Notice.DIGEST, Channel.EMAIL, "en", one.facts, at.office.council).text, dict(one.facts))
                for who, one in found
            ]

    _print(
        run(look),
        "Nobody gets a digest: there is no manager, head of service, director or officer in the settings.",
        json=json,
        sent=send,
    )


def _moment(day: date | None, now: datetime, at: Any) -> datetime:
    return moment_at_the_desk(day, at) + timedelta(minutes=1) if day else now


def _print(found: list[tuple[str, str, dict[str, Any]]], nothing: str, *, json: bool, sent: bool) -> None:
    if json:
        print_json([{"to": who, **facts} for who, _, facts in found])
    elif not found:
        err().print(nothing)
    else:
        for who, text, _ in found:
            out().print(f"To {who}\n", markup=False)
            out().print(safe(text) + "\n", markup=False)
    if sent and found:
        err().print(f"{len(found)} put in the outbox.")
