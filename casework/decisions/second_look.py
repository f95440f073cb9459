"""Deciding the route: corporate is looked at twice where the words name what belongs to children's law."""

from dataclasses import dataclass

from sqlmodel import col, select

from casework.acting import Acting, the_case
from casework.actions import route
from casework.opening import task
from casework.progress import Progress
from procedures.route_doubt import signs_of_childrens_law
from procedures.steps import HOME, OWN_RULE
from procedures.terms import Kind, Procedure
from procedures.working_days import moment_at_the_desk
from storage.filing import Filing, write
from storage.tables import CaseRow, LetterRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader

LOOK_WITHIN = 2
"""Working days for the second look."""


@dataclass(frozen=True)
class Doubt:
    """A complaint on the corporate way whose words name what belongs to children's law."""

    case: CaseRow
    signs: tuple[str, ...]


async def decide_route(uow: UnitOfWork, reference: str, procedure: Procedure, why: str, acting: Acting) -> Progress:
    """`actions.route`, with the task of a second look where the words name children's law."""
    waited = {"case_reference": reference, "kind": TaskKind.ROUTE_DOUBT, "done_at": None}
    progress = await route(uow, reference, procedure, why, acting)
    case, filing = await the_case(uow, reference), Filing()
    if procedure is Procedure.CORPORATE:
        await _look_twice(uow, case, acting, filing)
    else:
        filing.change(TaskRow, waited, done_at=acting.now, done_by=acting.person.address)
    await write(uow, [filing])
    return progress


async def route_doubts(uow: UnitOfWork, *, is_training: bool = False) -> list[Doubt]:
    """Every complaint on the corporate way whose words name children's law, closed ones too, in the order in which they came.

    Those to learn on have a list of their own.
    """
    rows = await uow.exec(
        select(CaseRow)
        .where(
            CaseRow.procedure == Procedure.CORPORATE, CaseRow.kind == Kind.COMPLAINT, col(CaseRow.is_training).is_(is_training)
        )
        .order_by(col(CaseRow.received_at), col(CaseRow.reference))
    )
    kept = await kept_from_reader(uow)
    found = [Doubt(case, await _signs(uow, case.reference)) for case in rows.all() if case.reference not in kept]
    return [one for one in found if one.signs]


async def _look_twice(uow: UnitOfWork, case: CaseRow, acting: Acting, filing: Filing) -> None:
    signs = await _signs(uow, case.reference)
    if not signs:
        return
    by = acting.office.calendar.add_working_days(acting.today, LOOK_WITHIN)
    due = moment_at_the_desk(by, acting.office.council.closes_at)
    law = "Children Act 1989, s. 26" if acting.office.nation == HOME else OWN_RULE
    detail = f"its words name {', '.join(signs)}: somebody else reads it, and reroutes it or says why not ({law})"
    key = f"route_doubt:{case.reference}"
    filing.add(task(key, TaskKind.ROUTE_DOUBT, case.reference, due, acting.now, detail))
    filing.change(TaskRow, {"key": key}, done_at=None, done_by="", due_at=due, detail=detail)


async def _signs(uow: UnitOfWork, reference: str) -> tuple[str, ...]:
    words = await uow.exec(select(LetterRow.words).where(LetterRow.case_reference == reference))
    return signs_of_childrens_law(words.all())
