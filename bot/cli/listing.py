"""Cases in a list, as people and programs are shown them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.cli.at_work import At, at_work
from bot.cli.common import show, table
from casework.clockwork import events_of
from casework.progress import Progress, Rank, rank, where_it_stands
from notifications.on_desk import load_desk
from procedures.terms import Event, Kind, Procedure
from procedures.working_days import LONDON, date_at_the_desk, moment_at_the_desk
from storage import cases
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork

SHAPES = {Rank.LATE: "# late", Rank.DUE_SOON: "^ due soon", Rank.ON_TRACK: "+ on track", Rank.DONE: "  done"}
URGENCY = tuple(SHAPES)


@dataclass(frozen=True)
class Seen:
    """A case as it is, or was, on a day."""

    row: CaseRow
    kind: Kind
    procedure: Procedure
    owner: str
    progress: Progress
    rank: Rank

    @property
    def is_undecided(self) -> bool:
        return self.kind is Kind.COMPLAINT and self.procedure is Procedure.UNDECIDED

    @property
    def due(self) -> date | None:
        """The next date that the council owes something on."""
        return self.progress.next_due.deadline.due_on if self.progress.next_due else None

    @property
    def urgency(self) -> tuple[int, date, datetime]:
        return URGENCY.index(self.rank), self.due or date.max, self.row.received_at


@dataclass
class Looking:
    """Looks at cases as of one day. Cases of one kind with the same past stand alike, so each past is counted once."""

    at: At
    day: date

    def __post_init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Progress, Rank]] = {}

    def seen(self, row: CaseRow, events: Mapping[Event, date], kind: Kind, procedure: Procedure, owner: str) -> Seen:
        """How a case stands, being of this kind and procedure."""
        past = (kind, procedure, row.form, frozenset(events.items()))
        if past not in self._known:
            progress = where_it_stands(kind, procedure, row.form, events, self.at.office, self.day)
            self._known[past] = progress, rank(progress, self.at.office, self.day)
        return Seen(row, kind, procedure, owner, *self._known[past])


async def every_case(on: date | None, *, team: str = "", open_only: bool = False) -> list[Seen]:
    """Every case, the most urgent first; `on` a day as it was then: its events, route and owner, not those of now."""
    async with at_work() as at, at.memory.reading() as uow:
        looking = Looking(at, on or date_at_the_desk(at.now))
        found = await (_as_it_is(uow, looking) if on is None else _as_it_was(uow, looking))
    wanted = (one for one in found if (not team or one.row.team == team) and not (open_only and one.progress.is_closed))
    return sorted(wanted, key=lambda one: one.urgency)


async def _as_it_is(uow: UnitOfWork, looking: Looking) -> list[Seen]:
    rows = await cases.find_all(uow)
    events = await cases.events_of(uow, [row.reference for row in rows])
    return [looking.seen(row, events_of(events[row.reference]), row.kind, row.procedure, row.owner) for row in rows]


async def _as_it_was(uow: UnitOfWork, looking: Looking) -> list[Seen]:
    end = moment_at_the_desk(looking.day, time.max)
    then = {one.reference: one for one in await load_desk(uow, looking.day, end, since=date.min)}
    rows = await cases.find_all(uow, received_until=looking.day)
    return [looking.seen(row, was.events, was.kind, was.procedure, was.owner) for row in rows if (was := then.get(row.reference))]


def summary(one: Seen) -> dict[str, Any]:
    """A case as `case list --json` shows it."""
    return {
        "reference": one.row.reference,
        "kind": one.kind.value,
        "procedure": one.procedure.value if one.kind is Kind.COMPLAINT else None,
        "undecided": one.is_undecided,
        "stage": one.progress.stage,
        "state": one.progress.state.value,
        "received_at": one.row.received_at.astimezone(LONDON).isoformat(),
        "due": one.due,
        "owner": one.owner or None,
        "team": one.row.team or None,
    }


def print_list(found: list[Seen]) -> None:
    """The same for people."""
    rows = (
        (
            SHAPES[one.rank],
            one.row.reference,
            f"{one.kind.value}, {one.procedure.value}".replace("_", " ") if one.kind is Kind.COMPLAINT else one.kind.value,
            one.progress.state.value.replace("_", " "),
            one.due or "",
            one.owner or one.row.team,
        )
        for one in found
    )
    show(table("How", "Reference", "What", "State", "Due", "With", whole=["How", "Reference", "Due"]), rows)
