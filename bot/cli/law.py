"""`deadlines`: what the law gives, and how it was counted."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import (
    JSON,
    BadLine,
    as_day,
    as_nation,
    calendar_of,
    err,
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
from procedures.working_days import read_calendars

if TYPE_CHECKING:
    from bot.settings import Settings
    from casework.office import Office

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
    nation: str = typer.Option("", "--nation", help="Whose law and bank holidays; by default that of the settings, or england."),
    batch: str = typer.Option("", "--batch", metavar="FILE.jsonl", help="One question a line (- for stdin), one answer a line."),
    json: bool = JSON,
) -> None:
    """Every deadline of a procedure from its events, with its authority and how it was counted.

    Where there are settings, the council's own numbers and closure days count: a policy can be tried before it is published.
    The calendar is the one that ships with heard.

    A line of a batch: {"procedure", "received", "events": {NAME: DAY}, "oral", "nation"}; the last three may be left out.
    """
    if batch:
        law = Law.here(nation)
        json_lines(batch, lambda asked: _answer_line(asked, law))
        return
    if procedure is None or not received:
        raise typer.BadParameter("Give --procedure and --received, or --batch.")
    events = {Event.RECEIVED: as_day(received)} | dict(_named(one) for one in event)
    law = Law.here(nation)
    found = answer(procedure, events, law.office(law.nation), oral=oral)
    if json:
        print_json(found)
        return
    show(
        table("Clock", "Stage", "Due", "Force", "Authority", whole=["Due"]),
        ((one["clock"], one["stage"] or "", one["due"], one["kind"], short(one["authority"])) for one in found["clocks"]),
    )
    if not found["clocks"]:
        err().print(f"No clock of the {procedure.value} procedure is known to have run from {events[Event.RECEIVED]:%d %B %Y}.")
    for one in found["clocks"]:
        out().print(f"\n{one['clock']}: {one['explanation']}")


@dataclass
class Law:
    """The law as this command counts by it: the council's own where there are settings, else what ships with heard."""

    nation: str
    settings: "Settings | None" = None
    _offices: "dict[str, Office]" = field(default_factory=dict)

    @classmethod
    def here(cls, nation: str) -> "Law":
        """By the settings that are found here, if any. A file that cannot be used is refused: it was meant to count."""
        given = any(name.startswith("HEARD_COUNCIL_") for name in os.environ) or "HEARD_NATION" in os.environ
        if not (given or os.environ.get("HEARD_SETTINGS") or Path("heard.toml").exists()):
            return cls(as_nation(nation or "england"))
        from bot.settings import load

        settings = load(doors=False)
        return cls(as_nation(nation or settings.nation), settings)

    def office(self, nation: str) -> "Office":
        """The book and the calendars of a nation. What the council set otherwise holds in its own nation alone."""
        from casework.council import Council
        from casework.office import Office

        if nation not in self._offices:
            council = self.settings.council if self.settings and self.settings.nation == nation else Council()
            book = read_rulebook(council.own_numbers, nation)
            self._offices[nation] = Office(council, book, calendar_of(nation), nation).with_days({}, frozenset())
        return self._offices[nation]


def answer(procedure: Procedure, events: dict[Event, date], office: "Office", *, oral: bool) -> dict[str, Any]:
    """One question answered, in the shape that others rely on."""
    found = office.rulebook.deadlines(procedure, events, office.calendar, oral=oral, local_calendar=office.open_days)
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


def _answer_line(asked: dict[str, Any], law: Law) -> dict[str, Any]:
    """The answer to one line of a batch."""
    if unknown := sorted(asked.keys() - set(ASKED)):
        raise BadLine(f"{unknown[0][:60]!r} is not known here; known are {', '.join(ASKED)}.")
    events, oral, nation = asked.get("events") or {}, asked.get("oral", False), asked.get("nation", law.nation)
    if not isinstance(events, dict) or not isinstance(oral, bool) or not isinstance(nation, str):
        raise BadLine("events must be an object of names and days, oral true or false, nation a word.")
    if asked.get("procedure") not in list(Procedure):
        raise BadLine(f"procedure must be one of {', '.join(Procedure)}.")
    days = {event_named(name): read_day(str(on)) for name, on in events.items()}
    if nation not in read_calendars():
        raise BadLine(f"No calendar for {nation[:40]!r}; there are {', '.join(sorted(read_calendars()))}.")
    received = {Event.RECEIVED: read_day(str(asked.get("received", "")))}
    return answer(Procedure(asked["procedure"]), received | days, law.office(nation), oral=oral)


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
