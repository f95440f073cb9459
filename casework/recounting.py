"""What moved a date is noted on its case, from what to what and why, and its owner hears of it the same day.

A bank holiday that was proclaimed later moves the dates of open cases: each is counted again. So does a rule that reads
otherwise than when they were counted (`counted_by.py`). Closed cases keep the dates they were judged by (law.md 9.10, V17).
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, or_, select

from casework.clockwork import deadline_rows, events_of, recount, settled
from casework.representation import fold_address
from casework.telling_staff import tell_staff
from procedures.terms import Event, Kind, Notice, Procedure
from storage.cases import events_of as events_by_case
from storage.cases import look_at_every_case, standing_deadlines
from storage.filing import Filing, write
from storage.issues import parts_of
from storage.tables import CaseRow, DeadlineRow
from storage.unit_of_work import UnitOfWork
from storage.walls import all_walls

if TYPE_CHECKING:
    from casework.acting import Acting

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


async def recount_open_cases(uow: UnitOfWork, acting: "Acting", why: str) -> list[Moved]:
    """Count every open case again by the office's rules and calendar.

    What moved is noted on its case, and its owner hears today.
    """
    has_dates = or_(col(CaseRow.kind) == Kind.COMPLAINT, col(CaseRow.procedure) == Procedure.MEMBER_ENQUIRY)
    rows = await uow.exec(
        select(CaseRow)
        .where(col(CaseRow.closed_on).is_(None), has_dates)
        .order_by(col(CaseRow.received_on), col(CaseRow.reference))
    )
    moved: list[Moved] = []
    filing, around = Filing(), await all_walls(uow)
    async for one in _counted_again(uow, rows.all(), acting, why, filing):
        moved.append(one)
        note = acting.event(one.case.reference, Event.NOTED, f"{why}: {one.words}")
        if fold_address(acting.person.address) in around.get(one.case.reference, ()):
            note.recorded_by = "service"  # a day moves every case; what is kept from who set it is not theirs to touch
        filing.add(note)
    _tell_owners(moved, acting, why, filing, around)
    await write(uow, [filing])
    await look_at_every_case(uow, acting.today)
    return moved


async def _counted_again(
    uow: UnitOfWork, rows: Sequence[CaseRow], acting: "Acting", why: str, filing: Filing
) -> AsyncIterator[Moved]:
    """What moved, case by case; read for many at a time. A date that stays, though another rule gives it now, has not moved."""
    every = [case.reference for case in rows]
    events, parts, standing = await events_by_case(uow, every), await parts_of(uow, every), await standing_deadlines(uow, every)
    for case in rows:
        own = parts.get(case.reference, frozenset())
        found = deadline_rows(case, events_of(events[case.reference]), acting.office, acting.now, own)
        for old, new in settled(standing[case.reference], found, own, filing, acting.now, why):
            if old is None or new is None or old.due_on != new.due_on:
                yield Moved(case, old, new)


def _tell_owners(
    moved: Sequence[Moved], acting: "Acting", why: str, filing: Filing, around: Mapping[str, Collection[str]] | None = None
) -> None:
    council = acting.office.council
    lines: dict[str, list[str]] = {}
    for one in moved:
        walled = (around or {}).get(one.case.reference, ())
        owners = [one.case.owner] if one.case.owner else [person.address for person in council.officers_for(walled)]
        for owner in owners:
            lines.setdefault(fold_address(owner), []).append(f"{one.case.reference}: {one.words}")
    for owner, told in lines.items():
        more = [f"and {len(told) - LISTED} more"] if len(told) > LISTED else []
        facts = {"what": "dates_moved", "detail": "; ".join([why, *told[:LISTED], *more]), "since": None, "do": ""}
        tell_staff(
            filing,
            [owner],
            key=f"dates_moved:{acting.now.isoformat()}",
            notice=Notice.TROUBLE,
            facts=facts,
            now=acting.now,
            domain=acting.office.domain,
            urgency=4,
        )
