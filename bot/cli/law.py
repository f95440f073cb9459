"""`deadlines`: what the law gives, and how it was counted."""

import json as json_module
import sys
from datetime import date
from typing import Any

import typer

from bot.cli.common import JSON, Answer, as_day, out, print_json, show, table
from procedures.rulebook import read_rulebook
from procedures.terms import Event, Procedure
from procedures.working_days import WorkingCalendar


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(epilog="Example: heard deadlines --procedure statutory --received 2025-04-04 --event s2_requested=2025-05-12")(
        deadlines
    )


def deadlines(
    procedure: Procedure | None = typer.Option(None, "--procedure", help="Under which procedure."),
    received: str = typer.Option("", "--received", metavar="YYYY-MM-DD", help="The legal day on which it came."),
    event: list[str] = typer.Option(
        [], "--event", metavar="NAME=YYYY-MM-DD", help="Something that happened; as often as needed."
    ),
    oral: bool = typer.Option(False, "--oral", help="It was made by word of mouth."),
    nation: str = typer.Option("england", "--nation", help="Whose law and bank holidays."),
    batch: str = typer.Option("", "--batch", metavar="FILE.jsonl", help="One question a line (- for stdin), one answer a line."),
    json: bool = JSON,
) -> None:
    """Every deadline of a procedure from its events, with its authority and how it was counted."""
    if batch:
        for line in _lines(batch):
            asked = json_module.loads(line)
            print_json(
                answer(
                    asked["procedure"], asked["received"], asked.get("events", {}), oral=bool(asked.get("oral")), nation=nation
                )
            )
        return
    if procedure is None or not received:
        raise typer.BadParameter("Give --procedure and --received, or --batch.")
    named = dict(_named(one) for one in event)
    found = answer(procedure.value, received, named, oral=oral, nation=nation)
    if json:
        print_json(found)
        return
    show(
        table("Clock", "Stage", "Due", "Force", "Authority"),
        ((one["clock"], one["stage"] or "", one["due"], one["kind"], one["authority"]) for one in found["clocks"]),
    )
    for one in found["clocks"]:
        out().print(f"\n{one['clock']}: {one['explanation']}", markup=False)


def answer(procedure: str, received: str, events: dict[str, str], *, oral: bool, nation: str) -> dict[str, Any]:
    """One question answered, in the shape that others rely on."""
    days: dict[Event, date] = {Event.RECEIVED: as_day(received)}
    for name, on in events.items():
        days[event_named(name)] = as_day(on, f"date of {name}")
    found = read_rulebook().deadlines(Procedure(procedure), days, WorkingCalendar.of(nation), oral=oral)
    return {
        "procedure": procedure,
        "received": days[Event.RECEIVED].isoformat(),
        "clocks": [
            {
                "clock": one.clock,
                "stage": one.stage,
                "kind": one.kind.value,
                "due": one.due_on.isoformat(),
                "authority": one.authority,
                "trace": list(one.trace),
                "explanation": one.explanation,
            }
            for one in found
        ],
    }


def event_named(name: str) -> Event:
    """An event by its name, with or without `_on`."""
    try:
        return Event(name.removesuffix("_on"))
    except ValueError:
        known = ", ".join(event.value for event in Event)
        raise Answer(f"{name[:60]!r} is not an event. Known are: {known}.") from None


def _named(text: str) -> tuple[str, str]:
    name, equals, on = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not of the form NAME=YYYY-MM-DD, like s2_requested=2025-05-12.")
    return name, on


def _lines(path: str) -> list[str]:
    from pathlib import Path

    text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip()]
