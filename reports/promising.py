"""What was promised because of the complaints of a period, as staff read it: action by action, with what became of it.

Words of actions were written for staff and may name people: a published report has their counts, and not the words.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import case, literal, select, union_all

from procedures.terms import Kind
from reports.composing.wording import wording
from reports.reckoning import Wanted
from reports.values import Promise
from storage.courses import COURSES, ISSUES_OF_COURSES
from storage.filing import table_of
from storage.tables import ActionRow, RegisterLearningRow
from storage.unit_of_work import UnitOfWork


async def words_promised(uow: UnitOfWork, reference: str) -> set[str]:
    """The words of every action of a case, as they stand now."""
    own, register = table_of(ActionRow).c, table_of(RegisterLearningRow).c
    both = union_all(
        select(own.words).where(own.case_reference == reference),
        select(register.action).where(register.case_reference == reference),
    )
    return {str(row[0]) for row in (await (await uow.connection()).execute(both)).all()}


_WITH_PROMISES = union_all(select(table_of(ActionRow).c.case_reference), select(table_of(RegisterLearningRow).c.case_reference))


async def promises_of(uow: UnitOfWork, wanted: Wanted, language: str = "en") -> tuple[Promise, ...]:
    """The same actions that the figures count under `learning`, the earliest due first. For staff alone.

    In a reading for which the courses of the period were laid out.
    """
    own, register = table_of(ActionRow).c, table_of(RegisterLearningRow).c
    both = union_all(
        select(own.case_reference, own.words, own.team, own.owner, own.due_on, own.done_on, own.evidence),
        select(
            register.case_reference,
            register.action.label("words"),
            literal("").label("team"),
            register.owner,
            register.due_on,
            register.done_on,
            literal("").label("evidence"),
        ),
    ).subquery("promised")
    done_on = case((both.c.done_on <= wanted.as_at, both.c.done_on))
    query = (
        select(both.c.words, both.c.team, both.c.owner, both.c.due_on, done_on, both.c.evidence, both.c.case_reference)
        .join_from(COURSES, both, both.c.case_reference == COURSES.c.case_reference)
        .where(COURSES.c.kind == Kind.COMPLAINT, COURSES.c.received_on.between(*wanted.period.days))
        .order_by(both.c.due_on.is_(None), both.c.due_on, both.c.words)
    )
    rows = (await (await uow.connection()).execute(query)).all()
    return tuple(_promises(rows, wanted, await _themes(uow, language)))


async def _themes(uow: UnitOfWork, language: str) -> dict[str, str]:
    """What each case with a promise was about: its themes as a reader knows them, by the alphabet."""
    words, i = wording(language), ISSUES_OF_COURSES.c
    query = select(i.case_reference, i.theme).where(i.case_reference.in_(_WITH_PROMISES)).distinct()
    found: dict[str, set[str]] = {}
    for reference, theme in (await (await uow.connection()).execute(query)).all():
        found.setdefault(reference, set()).add(words.term("theme", theme))
    return {reference: ", ".join(sorted(themes)) for reference, themes in found.items()}


def _promises(rows: Iterable[Any], wanted: Wanted, themes: Mapping[str, str]) -> Iterator[Promise]:
    for words, team, owner, due_on, done_on, evidence, reference in rows:
        late = due_on is not None and due_on < wanted.as_at
        state = "done" if done_on is not None else "overdue" if late else "open"
        known = evidence if done_on is not None else ""
        yield Promise(words, themes.get(reference, ""), team or owner, due_on, done_on, state, known, reference)
