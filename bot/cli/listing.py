"""Cases in a list, as people and programs are shown them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.cli.at_work import At, at_work
from bot.cli.common import err, out, safe, show, table
from bot.cli.next_steps import named
from casework.clockwork import events_of
from casework.progress import DUE_SOON_WORKING_DAYS, Progress, Rank, rank, where_it_stands
from notifications.on_desk import load_desk
from procedures.terms import Event, Kind, Procedure
from procedures.working_days import LONDON, date_at_the_desk, moment_at_the_desk
from storage import cases
from storage.issues import parts_of
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader

SHAPES = {
    Rank.LATE: "# late",
    Rank.DUE_SOON: "^ due soon",
    Rank.UNCOUNTED: "? no date",
    Rank.ON_TRACK: "+ on track",
    Rank.DONE: "  done",
}
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
    day: date
    owner_name: str = ""
    working_days_left: int = 0
    """Until the next date; 0 on the day and after it."""

    @property
    def working_days_late(self) -> int:
        return self.progress.working_days_late

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

    def seen(
        self,
        row: CaseRow,
        events: Mapping[Event, date],
        kind: Kind,
        procedure: Procedure,
        owner: str,
        parts: frozenset[Procedure] = frozenset(),
    ) -> Seen:
        """How a case stands, being of this kind and procedure, and with issues that go by `parts`."""
        past = (kind, procedure, row.form, parts, frozenset(events.items()))
        if past not in self._known:
            progress = where_it_stands(kind, procedure, row.form, events, self.at.office, self.day, parts)
            self._known[past] = progress, rank(progress, self.at.office, self.day)
        progress, how = self._known[past]
        person = self.at.office.council.person(owner) if owner else None
        due = progress.next_due.deadline.due_on if progress.next_due else self.day
        left = self.at.office.calendar.count_working_days(self.day, due) if due > self.day else 0
        return Seen(row, kind, procedure, owner, progress, how, self.day, person.name if person else owner, left)


async def every_case(on: date | None, *, team: str = "", open_only: bool = False, training: bool = False) -> list[Seen]:
    """Every case, the most urgent first; `on` a day as it was then: its events, route and owner, not those of now.

    Cases to learn on are a list of their own (`training`).
    """
    async with at_work() as at, at.memory.reading() as uow:
        looking = Looking(at, on or date_at_the_desk(at.now))
        say_what_is_kept(at.memory.person, len(await kept_from_reader(uow)))
        found = await (_as_it_is(uow, looking) if on is None else _as_it_was(uow, looking))
    found = [one for one in found if one.row.is_training is training]
    wanted = (one for one in found if (not team or one.row.team == team) and not (open_only and one.progress.is_closed))
    return sorted(wanted, key=lambda one: one.urgency)


def say_what_is_kept(person: str | None, count: int) -> None:
    """Who does not say who they are is told that there is more: what is kept from somebody is shown to nobody unnamed."""
    if count and not person:
        err().print(f"{count} {'case' if count == 1 else 'cases'} more, kept from somebody: say who looks, with --as ADDRESS.")


async def _as_it_is(uow: UnitOfWork, looking: Looking) -> list[Seen]:
    rows = await cases.find_all(uow)
    events = await cases.events_of(uow, [row.reference for row in rows])
    parts, none = await parts_of(uow), frozenset[Procedure]()
    return [
        looking.seen(row, events_of(events[one]), row.kind, row.procedure, row.owner, parts.get(one, none))
        for row in rows
        for one in [row.reference]
    ]


async def _as_it_was(uow: UnitOfWork, looking: Looking) -> list[Seen]:
    end = moment_at_the_desk(looking.day, time.max)
    then = {one.reference: one for one in await load_desk(uow, looking.day, end, since=date.min, made_up_too=True)}
    rows = await cases.find_all(uow, received_until=looking.day)
    known = ((row, then[row.reference]) for row in rows if row.reference in then)
    return [looking.seen(row, was.events, was.kind, was.procedure, was.owner, was.parts) for row, was in known]


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
        "not_counted": one.progress.uncounted or None,
    }


def print_list(found: list[Seen]) -> None:
    """The same for people: what is due first at the top, in words, and how many there are of each."""
    if not found:
        err().print("No case to show.")
        return
    rows = (
        (
            _how(one),
            one.row.reference,
            one.due or "",
            f"{_next(one)}{_of(one)}",
            one.owner_name or one.row.team or "nobody yet",
        )
        for one in found
    )
    show(table("How", "Reference", "Due", "What is next", "With", whole=["How", "Reference", "Due"]), rows)
    for one in found:
        if one.progress.uncounted:
            out().print(safe(not_counted(one.row.reference, one.progress.uncounted)))
    out().print(_in_one_sentence(found))


def not_counted(reference: str, why: str) -> str:
    """What is said of a case of which some dates lie beyond the calendar."""
    return f"{reference}: its dates cannot be counted: {why}. No date was guessed, and the others stand. `heard check` says more."


def _how(one: Seen) -> str:
    """The shape and the word, with the working days: `# late by 3`, `^ in 2 days`."""
    due = one.due
    if one.rank is Rank.UNCOUNTED:
        return SHAPES[Rank.UNCOUNTED]
    if due is None or one.rank is Rank.DONE:
        return SHAPES[Rank.DONE]
    shape = SHAPES[one.rank][0]
    if one.rank is Rank.LATE:
        return f"{SHAPES[Rank.LATE]} by {one.working_days_late}" if one.working_days_late else SHAPES[Rank.LATE]
    if due <= one.day:
        return f"{shape} today" if due == one.day else f"{shape} since {due:%a}"
    return f"{shape} in {one.working_days_left} day{'' if one.working_days_left == 1 else 's'}"


def _next(one: Seen) -> str:
    """What the council owes next, or where it stands when nothing is owed."""
    due = one.progress.next_due
    return named(due.deadline.clock) if due else one.progress.state.value.replace("_", " ")


def _of(one: Seen) -> str:
    if one.is_undecided:
        return " (route not confirmed)"
    return f" ({one.kind.value if one.kind is not Kind.COMPLAINT else one.procedure.value.replace('_', ' ')})"


def _in_one_sentence(found: list[Seen]) -> str:
    counts = Counter(one.rank for one in found)
    parts = [
        f"{counts[rank]} {words}"
        for rank, words in (
            (Rank.LATE, "late"),
            (Rank.DUE_SOON, f"due within {DUE_SOON_WORKING_DAYS} working days"),
            (Rank.UNCOUNTED, "with dates that cannot be counted"),
            (Rank.ON_TRACK, "on track"),
            (Rank.DONE, "with nothing owed"),
        )
        if counts[rank]
    ]
    nobody = sum(1 for one in found if not one.owner and one.rank is not Rank.DONE)
    unowned = f" {nobody} of them {'is' if nobody == 1 else 'are'} with nobody yet." if nobody else ""
    return f"{len(found)} case{'' if len(found) == 1 else 's'}: {', '.join(parts)}.{unowned}"
