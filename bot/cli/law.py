"""`deadlines`: what the law gives, and how it was counted."""

from datetime import date
from typing import Any

import typer

from bot.cli.common import (
    JSON,
    BadLine,
    as_day,
    as_nation,
    calendar_of,
    flag,
    json_lines,
    out,
    print_json,
    read_day,
    short,
    show,
    table,
)
from procedures.rulebook import read_rulebook
from procedures.terms import Event, Procedure

ASKED = ("procedure", "received", "events", "oral", "nation")
"""What a line of a batch may say."""


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
    oral: bool = flag("--oral", "It was made by word of mouth."),
    nation: str = typer.Option("england", "--nation", help="Whose law and bank holidays."),
    batch: str = typer.Option("", "--batch", metavar="FILE.jsonl", help="One question a line (- for stdin), one answer a line."),
    json: bool = JSON,
) -> None:
    """Every deadline of a procedure from its events, with its authority and how it was counted.

    The calendar is the one that ships with heard.

    A line of a batch: {"procedure", "received", "events": {NAME: DAY}, "oral", "nation"}; the last three may be left out.
    """
    if batch:
        json_lines(batch, lambda asked: _answer_line(asked, as_nation(nation)))
        return
    if procedure is None or not received:
        raise typer.BadParameter("Give --procedure and --received, or --batch.")
    events = {Event.RECEIVED: as_day(received)} | dict(_named(one) for one in event)
    found = answer(procedure, events, oral=oral, nation=as_nation(nation))
    if json:
        print_json(found)
        return
    show(
        table("Clock", "Stage", "Due", "Force", "Authority", whole=["Due"]),
        ((one["clock"], one["stage"] or "", one["due"], one["kind"], short(one["authority"])) for one in found["clocks"]),
    )
    for one in found["clocks"]:
        out().print(f"\n{one['clock']}: {one['explanation']}")


def answer(procedure: Procedure, events: dict[Event, date], *, oral: bool, nation: str) -> dict[str, Any]:
    """One question answered, in the shape that others rely on."""
    found = read_rulebook().deadlines(procedure, events, calendar_of(nation), oral=oral)
    return {
        "procedure": procedure.value,
        "received": events[Event.RECEIVED],
        "clocks": [
            {
                "clock": one.clock,
                "stage": one.stage,
                "kind": one.kind.value,
                "due": one.due_on,
                "authority": one.authority,
                "trace": list(one.trace),
                "explanation": one.explanation,
            }
            for one in found
        ],
    }


def _answer_line(asked: dict[str, Any], nation: str) -> dict[str, Any]:
    """The answer to one line of a batch."""
    if unknown := sorted(asked.keys() - set(ASKED)):
        raise BadLine(f"{unknown[0][:60]!r} is not known here; known are {', '.join(ASKED)}.")
    events, oral, nation = asked.get("events") or {}, asked.get("oral", False), asked.get("nation", nation)
    if not isinstance(events, dict) or not isinstance(oral, bool) or not isinstance(nation, str):
        raise BadLine("events must be an object of names and days, oral true or false, nation a word.")
    if asked.get("procedure") not in list(Procedure):
        raise BadLine(f"procedure must be one of {', '.join(Procedure)}.")
    days = {event_named(name): read_day(str(on)) for name, on in events.items()}
    return answer(
        Procedure(asked["procedure"]), {Event.RECEIVED: read_day(str(asked.get("received", "")))} | days, oral=oral, nation=nation
    )


def event_named(name: str) -> Event:
    """An event by its name, with or without `_on`; ValueError names those that there are."""
    try:
        return Event(name.removesuffix("_on"))
    except ValueError:
        raise ValueError(f"{name[:60]!r} is not an event. Known are: {', '.join(Event)}.") from None


def _named(text: str) -> tuple[Event, date]:
    """An event as it is typed: NAME=YYYY-MM-DD."""
    name, equals, on = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text[:60]!r} is not of the form NAME=YYYY-MM-DD, like s2_requested=2025-05-12.")
    try:
        return event_named(name), read_day(on)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
