"""What moved a date is noted on its case, from what to what and why, and its owner hears of it the same day.

A bank holiday that was proclaimed later moves the dates of open cases: each is counted again. So does a rule that reads
otherwise than when they were counted (`counted_by.py`). Closed cases keep the dates they were judged by (law.md 9.10, V17).
A case that cannot be counted, because a day of it lies beyond the calendar, keeps its dates and holds up no other.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col, select

from casework.clockwork import deadline_rows, deadlines_of, events_of, recount, settled, stands
from casework.office import Office
from casework.representation import fold_address
from casework.telling_staff import tell_staff
from procedures.clocks import ExtensionRefused
from procedures.terms import Event, Notice, Procedure
from procedures.working_days import UnknownDates
from storage.cases import events_of as events_by_case
from storage.cases import look_at_every_case, standing_deadlines
from storage.filing import Filing, write
from storage.issues import parts_of
from storage.tables import CaseRow, CountedByRow, DeadlineRow
from storage.unit_of_work import Memory, UnitOfWork
from storage.walls import all_walls

if TYPE_CHECKING:
    from casework.acting import Acting

AT_ONCE = 200
"""Cases that one unit of work moves: nobody else writes meanwhile."""

LISTED = 40
"""Lines of one letter; who has more cases than that sees the rest in the case list."""


@dataclass(frozen=True)
class Moved:
    """A deadline that was counted again and came out otherwise, or runs now and did not, or the other way round."""

    case: CaseRow
    old: DeadlineRow | None
    new: DeadlineRow | None

    @property
    def words(self) -> str:
        clock = next((row.clock.replace("_", " ") for row in (self.old, self.new) if row), "")
        was, becomes = [row.due_on.isoformat() if row else "no date" for row in (self.old, self.new)]
        return f"{clock} from {was} to {becomes}"


@dataclass(frozen=True)
class Uncounted:
    """An open case whose dates cannot be counted, and why not: they stay as they are."""

    case: CaseRow
    why: str

    @property
    def words(self) -> str:
        return self.why.partition(". ")[0]


@dataclass(frozen=True)
class _Known:
    """What the dates of a case are counted from, and those that stand."""

    case: CaseRow
    events: Mapping[Event, date]
    parts: frozenset[Procedure]
    standing: Sequence[DeadlineRow]

    def differs(self, office: Office) -> bool:
        case = self.case
        return not stands(
            self.standing, deadlines_of(case.kind, case.procedure, case.form, self.events, office, self.parts), self.parts
        )


async def recount_one(uow: UnitOfWork, case: CaseRow, acting: "Acting", why: str, filing: Filing) -> None:
    """Count one case again after something was done to it; what moved is noted, and its owner hears unless they did it."""
    found = []
    for old, new in await recount(uow, case, acting.office, acting.now, filing, why):
        moved = f"from {old.due_on} to {new.due_on}" if new else f"{old.due_on} no longer runs"
        because = f" ({why})" if why else ""
        filing.add(acting.event(case.reference, Event.NOTED, f"deadline {old.clock}: {moved}{because}"))
        found.append(Moved(case, old, new))
    if case.owner and fold_address(case.owner) != fold_address(acting.person.address):
        _tell_owners(found, acting, why, filing)


async def recount_open_cases(memory: Memory, acting: "Acting", why: str, counted_by: Sequence[CountedByRow] = ()) -> list[Moved]:
    """Count every open case again by the office's rules and calendar.

    What moved is noted on its case, and its owner hears today, once of all. Everything is counted beside the writer; a unit
    of work is opened for those that differ, `AT_ONCE` at a time, and counts these again. The last one tells the owners and
    keeps `counted_by`. What breaks off before it is done again: what was moved then is on its case, and in no mail. Whose case
    cannot be counted hears that it was left out, and why.
    """
    differ, uncounted = await _those_that_differ(memory, acting.office)
    moved: list[Moved] = []
    for start in range(0, max(len(differ), 1), AT_ONCE):
        async with memory.unit_of_work() as uow:
            filing, around = Filing(), await all_walls(uow)
            async for one in _counted_again(uow, differ[start : start + AT_ONCE], acting, why, filing, uncounted):
                moved.append(one)
                note = acting.event(one.case.reference, Event.NOTED, f"{why}: {one.words}")
                if fold_address(acting.person.address) in around.get(one.case.reference, ()):
                    note.recorded_by = "service"  # a day moves every case; what is kept from who set it is not theirs to touch
                filing.add(note)
            is_last = start + AT_ONCE >= len(differ)
            if is_last:
                _tell_owners(moved, acting, why, filing, around)
                _tell_owners(uncounted, acting, why, filing, around, what="not_counted")
            await write(uow, [filing])
            if is_last:
                await look_at_every_case(uow, acting.today)
                for row in counted_by:
                    await uow.merge(row)
    return moved


async def those_not_counted(memory: Memory, office: Office) -> list[Uncounted]:
    """The open cases whose dates cannot be counted by the office's rules and calendar, the oldest first. Reads only."""
    return (await _those_that_differ(memory, office))[1]


async def _those_that_differ(memory: Memory, office: Office) -> tuple[list[str], list[Uncounted]]:
    """The open cases of which a date would be another now, the oldest first, and those that cannot be counted.

    Reads only, and counts in a thread of its own.
    """
    open_ones = select(CaseRow.reference).where(col(CaseRow.closed_on).is_(None))
    async with memory.reading() as uow:
        every = list((await uow.exec(open_ones.order_by(col(CaseRow.received_on), col(CaseRow.reference)))).all())
    differ: list[str] = []
    uncounted: list[Uncounted] = []
    for start in range(0, len(every), AT_ONCE):
        async with memory.reading() as uow:
            read = await _read(uow, every[start : start + AT_ONCE])
        differ += await asyncio.to_thread(_differing, read, office, uncounted)
    return differ, uncounted


def _differing(read: Sequence[_Known], office: Office, uncounted: list[Uncounted]) -> list[str]:
    differ = []
    for one in read:
        try:
            if one.differs(office):
                differ.append(one.case.reference)
        except (UnknownDates, ExtensionRefused) as problem:
            uncounted.append(Uncounted(one.case, str(problem)))
    return differ


async def _read(uow: UnitOfWork, references: Sequence[str]) -> list[_Known]:
    """What the dates of these cases are counted from, of those that are open."""
    query = select(CaseRow).where(col(CaseRow.reference).in_(references), col(CaseRow.closed_on).is_(None))
    events, parts = await events_by_case(uow, references), await parts_of(uow, references)
    standing = await standing_deadlines(uow, references)
    rows = (await uow.exec(query.order_by(col(CaseRow.received_on), col(CaseRow.reference)))).all()
    return [
        _Known(case, events_of(events[case.reference]), parts.get(case.reference, frozenset()), standing[case.reference])
        for case in rows
    ]


async def _counted_again(
    uow: UnitOfWork, references: Sequence[str], acting: "Acting", why: str, filing: Filing, uncounted: list[Uncounted]
) -> AsyncIterator[Moved]:
    """What moved, case by case; read for many at a time. A date that stays, though another rule gives it now, has not moved."""
    for one in await _read(uow, references):
        try:
            found = deadline_rows(one.case, one.events, acting.office, acting.now, one.parts)
        except (UnknownDates, ExtensionRefused) as problem:  # something was recorded on it since it was looked at
            uncounted.append(Uncounted(one.case, str(problem)))
            continue
        for old, new in settled(one.standing, found, one.parts, filing, acting.now, why):
            if old is None or new is None or old.due_on != new.due_on:
                yield Moved(one.case, old, new)


def _tell_owners(
    found: Sequence[Moved] | Sequence[Uncounted],
    acting: "Acting",
    why: str,
    filing: Filing,
    around: Mapping[str, Collection[str]] | None = None,
    what: str = "dates_moved",
) -> None:
    council = acting.office.council
    lines: dict[str, list[str]] = {}
    for one in found:
        walled = (around or {}).get(one.case.reference, ())
        owners = [one.case.owner] if one.case.owner else [person.address for person in council.officers_for(walled)]
        for owner in owners:
            lines.setdefault(fold_address(owner), []).append(f"{one.case.reference}: {one.words}")
    for owner, told in lines.items():
        more = [f"and {len(told) - LISTED} more"] if len(told) > LISTED else []
        facts = {"what": what, "detail": "; ".join([why, *told[:LISTED], *more]), "since": None, "do": ""}
        tell_staff(
            filing,
            [owner],
            key=f"{what}:{acting.now.isoformat()}",
            notice=Notice.TROUBLE,
            facts=facts,
            now=acting.now,
            domain=acting.office.domain,
            urgency=4,
        )
