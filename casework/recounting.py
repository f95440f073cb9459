"""What moved a date is noted on its case, from what to what and why, and its owner hears of it the same day.

A bank holiday that was proclaimed later moves the dates of open cases: each is counted again. Closed cases keep the dates
they were judged by (law.md 9.10, V17).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from casework.clockwork import recount
from casework.representation import fold_address
from casework.telling_staff import tell_staff
from procedures.terms import Event, Kind, Notice
from storage.cases import look_at_every_case
from storage.filing import Filing, write
from storage.tables import CaseRow, DeadlineRow
from storage.unit_of_work import UnitOfWork
from storage.walls import all_walls

if TYPE_CHECKING:
    from casework.acting import Acting

LISTED = 40
"""Lines of one letter; who has more cases than that sees the rest in the case list."""


@dataclass(frozen=True)
class Moved:
    """A deadline that was counted again and came out otherwise."""

    case: CaseRow
    old: DeadlineRow
    new: DeadlineRow | None

    @property
    def words(self) -> str:
        clock = self.old.clock.replace("_", " ")
        return f"{clock} from {self.old.due_on} " + (f"to {self.new.due_on}" if self.new else "to no date")


async def recount_one(uow: UnitOfWork, case: CaseRow, acting: "Acting", why: str, filing: Filing) -> None:
    """Count one case again after something was done to it; what moved is noted, and its owner hears unless they did it."""
    found = [Moved(case, old, new) for old, new in await recount(uow, case, acting.office, acting.now, filing, why)]
    for one in found:
        moved = f"from {one.old.due_on} to {one.new.due_on}" if one.new else f"{one.old.due_on} no longer runs"
        because = f" ({why})" if why else ""
        filing.add(acting.event(case.reference, Event.NOTED, f"deadline {one.old.clock}: {moved}{because}"))
    if case.owner and fold_address(case.owner) != fold_address(acting.person.address):
        _tell_owners(found, acting, why, filing)


async def recount_open_cases(uow: UnitOfWork, acting: "Acting", why: str) -> list[Moved]:
    """Count every open complaint again by the office's calendar. What moved is noted on its case, and its owner hears today."""
    rows = await uow.exec(
        select(CaseRow)
        .where(col(CaseRow.closed_on).is_(None), CaseRow.kind == Kind.COMPLAINT)
        .order_by(col(CaseRow.received_on), col(CaseRow.reference))
    )
    moved: list[Moved] = []
    filing, around = Filing(), await all_walls(uow)
    for case in rows.all():
        for old, new in await recount(uow, case, acting.office, acting.now, filing, why):
            one = Moved(case, old, new)
            moved.append(one)
            note = acting.event(case.reference, Event.NOTED, f"{why}: {one.words}")
            if fold_address(acting.person.address) in around.get(case.reference, ()):
                note.recorded_by = "service"  # a day moves every case; what is kept from who set it is not theirs to touch
            filing.add(note)
    _tell_owners(moved, acting, why, filing, around)
    await write(uow, [filing])
    await look_at_every_case(uow, acting.today)
    return moved


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
