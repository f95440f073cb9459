"""What the memory holds, in the columns of a register: to compare an import with, and to write an export from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, type_coerce, union_all

from procedures.register_words import EnquiryKind, OmbudsmanBody
from procedures.terms import Event
from reports.registers.columns import CASES
from storage.courses import DIRECTORATE, courses, issues_of_cases, known_by
from storage.filing import table_of
from storage.tables import (
    ActionRow,
    ActivityRow,
    EventRow,
    OmbudsmanRow,
    RegisterLearningRow,
    RegisterRow,
)
from storage.training import is_real
from storage.unit_of_work import UnitOfWork

REGISTER, LEARNING, OMBUDSMAN = table_of(RegisterRow), table_of(RegisterLearningRow), table_of(OmbudsmanRow)
ACTIVITY, ACTION, EVENT = table_of(ActivityRow), table_of(ActionRow), table_of(EventRow)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row that has a number of its own, and the values by which it may differ."""

    id: int
    values: Row


@dataclass(frozen=True)
class Standing:
    """What stands, by the keys of the files; each row as its file would have it."""

    cases: dict[str, Row]
    """Imported ones, as their registers had them."""
    live: dict[str, Row]
    """Cases of this service."""
    issues: dict[tuple[str, int], Row]
    ombudsman: dict[tuple[str, str], Row]
    activity: dict[tuple[str, str, date], Numbered]
    learning: dict[tuple[str, str], Numbered]


async def what_stands(uow: UnitOfWork, today: date) -> Standing:
    """Everything that an import is compared with."""
    imported = select(*(_plain(REGISTER.c[name]) for name in CASES.names))
    cases = {row[0]: tuple(row) for row in await _rows(uow, imported)}
    live = {row[0]: row for row in await case_rows(uow, today) if row[0] not in cases}
    return Standing(
        cases,
        live,
        {(reference, number): (theme, outcome) for reference, number, theme, outcome in await issue_rows(uow)},
        {(body, theirs): tuple(rest) for body, theirs, *rest in await ombudsman_rows(uow)},
        await _activity(uow),
        await _learning(uow),
    )


async def case_rows(uow: UnitOfWork, today: date) -> list[Row]:
    """Every case, imported and live ones, as a row of cases.csv. A panel that is planned is not there yet."""
    found = courses()
    columns: dict[str, Any] = {name: found.c[name] for name in CASES.names}
    columns["stage_3_panel_on"] = known_by(found.c.stage_3_panel_on, today).label("stage_3_panel_on")
    query: Select[Any] = select(*list[Any](columns.values()))
    rows = await _rows(uow, query)
    return sorted((_without_a_members_procedure(tuple(row)) for row in rows), key=lambda row: row[0])


async def issue_rows(uow: UnitOfWork) -> list[Row]:
    """Every issue of a case, as a row of issues.csv."""
    found = issues_of_cases()
    query = select(_name(found), found.c.number, found.c.theme, found.c.outcome)
    query = query.join_from(found, REGISTER, REGISTER.c.case_reference == found.c.case_reference, isouter=True)
    return sorted((tuple(row) for row in await _rows(uow, query)), key=lambda row: row[:2])


async def ombudsman_rows(uow: UnitOfWork) -> list[Row]:
    """Every enquiry of an Ombudsman, as a row of ombudsman.csv. One recorded on a case here goes by the case's reference."""
    o, e = OMBUDSMAN.c, EVENT.c
    known = select(
        _word(o.body),
        o.body_reference,
        REGISTER.c.reference,
        o.case_reference,
        o.received_on,
        _word(o.kind),
        o.decided_on,
        _word(o.outcome),
        o.directorate,
        o.service,
    ).join_from(OMBUDSMAN, REGISTER, REGISTER.c.case_reference == o.case_reference, isouter=True)
    rows = [(body, theirs, own or here, *rest) for body, theirs, own, here, *rest in await _rows(uow, known)]
    of_name = func.min(e.happened_on).filter
    came, decided = of_name(e.name == Event.OMBUDSMAN_ENQUIRY), of_name(e.name == Event.OMBUDSMAN_DECIDED)
    live = (
        select(e.case_reference, came, decided)
        .where(e.is_superseded.is_(False), is_real(e.case_reference))
        .group_by(e.case_reference)
    )
    live = live.where(e.name.in_((Event.OMBUDSMAN_ENQUIRY, Event.OMBUDSMAN_DECIDED)))
    body, kind = OmbudsmanBody.LGSCO.value, EnquiryKind.FULL_ENQUIRY.value
    there = {(row[0], row[1]) for row in rows}
    for reference, received_on, decided_on in await _rows(uow, live):
        if received_on is not None and (body, reference) not in there:
            rows.append((body, reference, reference, received_on, kind, decided_on, None, DIRECTORATE, ""))
    return sorted(rows, key=lambda row: row[:2])


async def activity_rows(uow: UnitOfWork) -> list[Row]:
    a = ACTIVITY.c
    query = select(_word(a.measure), a.from_on, a.until_on, a.count, a.directorate)
    return sorted(tuple(row) for row in await _rows(uow, query))


async def learning_rows(uow: UnitOfWork) -> list[Row]:
    """What was promised, as a row of learning.csv; what was promised twice in the same words stands once."""
    rows = {(row[0], row[1]): tuple(row) for _id, *row in await _rows(uow, _learned())}
    return sorted(rows.values(), key=lambda row: row[:2])


async def _activity(uow: UnitOfWork) -> dict[tuple[str, str, date], Numbered]:
    a = ACTIVITY.c
    rows = await _rows(uow, select(a.id, _word(a.measure), a.directorate, a.from_on, a.until_on, a.count))
    return {(measure, directorate, begins): Numbered(number, tuple(rest)) for number, measure, directorate, begins, *rest in rows}


async def _learning(uow: UnitOfWork) -> dict[tuple[str, str], Numbered]:
    return {(own, action): Numbered(number, tuple(rest)) for number, own, action, *rest in await _rows(uow, _learned())}


def _learned() -> Any:
    past = select(
        LEARNING.c.id, REGISTER.c.reference, LEARNING.c.action, LEARNING.c.owner, LEARNING.c.due_on, LEARNING.c.done_on
    ).join_from(LEARNING, REGISTER, REGISTER.c.case_reference == LEARNING.c.case_reference)
    live = (
        select(literal(0), _name(ACTION), ACTION.c.words, ACTION.c.owner, ACTION.c.due_on, ACTION.c.done_on)
        .join_from(ACTION, REGISTER, REGISTER.c.case_reference == ACTION.c.case_reference, isouter=True)
        .where(ACTION.c.case_reference.is_not(None), is_real(ACTION.c.case_reference))
    )
    return union_all(live, past)


def _name(table: Any) -> Any:
    return func.coalesce(REGISTER.c.reference, table.c.case_reference)


def _word(column: Any) -> Any:
    return cast(column, String)


def _plain(column: Any) -> Any:
    """A word as text: the library's making of words takes longer than the query."""
    return type_coerce(column, String) if hasattr(column.type, "enums") else column


def _without_a_members_procedure(row: Row) -> Row:
    """A member's enquiry is a kind in a register; only complaints have a procedure there."""
    place = CASES.names.index("procedure")
    return (*row[:place], None, *row[place + 1 :]) if row[place] == "member_enquiry" else row


async def _rows(uow: UnitOfWork, query: Select[Any] | Any) -> Iterator[Any]:
    return iter((await (await uow.connection()).execute(query)).all())
