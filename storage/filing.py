"""A filing: the rows that one arrival or one action leaves behind, written together in one commit.

Rows are made first, without the database; then a group of filings is written with one statement a table.
Statement by statement through the async driver a letter takes several times as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, or_, update
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from storage import training, walls
from storage.tables import (
    AccessNeedRow,
    ActionEventRow,
    ActionReminderRow,
    ActionRow,
    AlertRow,
    ArrivalRow,
    AttachmentRow,
    AuthorityRow,
    CasePersonRow,
    CaseRow,
    ClassificationRow,
    ConversationRow,
    DeadlineRow,
    DecisionRow,
    DraftCheckRow,
    DraftRow,
    EqualityRow,
    EventRow,
    FindingRow,
    HeldIssueRow,
    IssueRow,
    JointPartRow,
    LessonRow,
    LetterRow,
    LinkRow,
    ListenedRow,
    MemberEnquiryRow,
    OutboxRow,
    PartyRow,
    PlaceRow,
    PraiseRow,
    RedactionRow,
    RemedyRow,
    ReminderRow,
    SealRow,
    SentLetterRow,
    TakenDownRow,
    TaskRow,
    WallRow,
)
from storage.unit_of_work import UnitOfWork

_ORDER: tuple[type[SQLModel], ...] = (
    CaseRow,
    ArrivalRow,
    LetterRow,
    AttachmentRow,
    PlaceRow,
    SealRow,
    ListenedRow,
    EqualityRow,
    PartyRow,
    ClassificationRow,
    EventRow,
    DecisionRow,
    HeldIssueRow,
    DeadlineRow,
    OutboxRow,
    TaskRow,
    AlertRow,
    ReminderRow,
    ConversationRow,
    IssueRow,
    FindingRow,
    RemedyRow,
    LessonRow,
    ActionRow,
    ActionEventRow,
    ActionReminderRow,
    PraiseRow,
    CasePersonRow,
    AuthorityRow,
    AccessNeedRow,
    LinkRow,
    WallRow,
    TakenDownRow,
    MemberEnquiryRow,
    DraftRow,
    DraftCheckRow,
    SentLetterRow,
    RedactionRow,
    JointPartRow,
)
"""A row stands after those that it points at."""

_ONCE: dict[type[SQLModel], tuple[str, ...]] = {
    OutboxRow: ("key",),
    TaskRow: ("key",),
    AlertRow: ("task_key",),
    ReminderRow: ("case_reference", "clock", "due_on", "rung", "person"),
    WallRow: ("key",),
    ListenedRow: ("case_reference", "chat_id"),
    LinkRow: ("one_reference", "other_reference"),
    ActionReminderRow: ("action_id", "due_on", "rung", "person"),
}
"""Where the same key means that it is already done: the second one is passed over."""


@dataclass(frozen=True)
class Change:
    """A change to rows that stand: `values` where each of `where` holds and each of `since` is reached or passed."""

    table: type[SQLModel]
    where: dict[str, Any]
    values: dict[str, Any]
    since: dict[str, Any] = field(default_factory=dict)


@dataclass
class Filing:
    """What is to be written. Add rows in any order; they are written in the order of the tables."""

    rows: list[SQLModel] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def add(self, *rows: SQLModel) -> None:
        self.rows.extend(rows)

    def change(self, table: type[SQLModel], where: dict[str, Any], **values: Any) -> None:
        self.changes.append(Change(table, where, values))


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a row class."""
    table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it to every table
    assert isinstance(table, Table)
    return table


def values_of(row: SQLModel) -> dict[str, Any]:
    """A row as column values; an empty generated key is left to the database."""
    here = row.__dict__  # as it was made: to ask the row for each value takes three times as long
    values = {name: storable(here[name]) for name in _columns_of(type(row)) if name in here}
    if values.get("id", "") is None:
        del values["id"]
    return values


@cache
def _columns_of(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.name for column in table_of(model).columns)


def storable(value: Any) -> Any:
    """Text without what a database refuses (PostgreSQL a NUL, both half a surrogate pair); the arrival keeps its bytes."""
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


async def write(uow: UnitOfWork, filings: Iterable[Filing]) -> list[OutboxRow]:
    """Write them all: one statement a table, then the changes in their order. Returns the mails that a wall kept back.

    Every filing passes the gate: nothing about a case is queued for whom it is kept from, and whoever is walled from a case
    does nothing to it (`storage.walls`; BehindAWall).
    """
    together = list(filings)
    kept_back, new_walls = await walls.gate(uow, (row for filing in together for row in filing.rows), _given(together))
    dropped = {id(row) for row in kept_back}
    await training.keep_in(uow, (row for filing in together for row in filing.rows))
    await _look_again(uow, together)
    for model in _ORDER:
        rows = [values_of(row) for filing in together for row in filing.rows if type(row) is model and id(row) not in dropped]
        if rows:
            await _insert(uow, model, rows)
    connection = await uow.connection()
    for filing in together:
        for change in filing.changes:
            table = table_of(change.table)
            conditions = [table.c[name] == value for name, value in change.where.items()]
            conditions += [table.c[name] >= value for name, value in change.since.items()]
            values = {name: storable(value) for name, value in change.values.items()}
            await connection.execute(update(table).where(*conditions).values(**values))
    for wall in new_walls:
        kept_back += await walls.drop_what_waits(uow, wall)
    return kept_back


async def _look_again(uow: UnitOfWork, filings: Iterable[Filing]) -> None:
    """Whatever happens to a case puts it before the next sweep for reminders, which knows when it is to be looked at next."""
    days: dict[str, date] = {}
    new = dict[str, CaseRow]()
    for row in (row for filing in filings for row in filing.rows):
        if type(row) is EventRow:
            day = row.recorded_at.date()
            days[row.case_reference] = min(day, days.get(row.case_reference, day))
        elif type(row) is CaseRow:
            new[row.reference] = row
    for reference, day in days.items():
        if reference in new:
            new[reference].remind_from = day
    await _put_on_the_list(uow, {reference: day for reference, day in days.items() if reference not in new})


async def _put_on_the_list(uow: UnitOfWork, days: dict[str, date]) -> None:
    if not days:
        return
    cases = table_of(CaseRow)
    is_later = or_(cases.c.remind_from.is_(None), cases.c.remind_from > bindparam("day"))
    statement = update(cases).where(cases.c.reference == bindparam("of_case"), is_later).values(remind_from=bindparam("day"))
    await (await uow.connection()).execute(statement, [{"of_case": one, "day": day} for one, day in days.items()])


def _given(filings: Iterable[Filing]) -> list[tuple[str, str]]:
    """To whom which cases are given: (address, reference)."""
    changes = (change for filing in filings for change in filing.changes if change.table is CaseRow)
    given = [(str(one.values.get("owner") or ""), str(one.where.get("reference", ""))) for one in changes]
    return [(owner, reference) for owner, reference in given if owner and reference]


async def _insert(uow: UnitOfWork, model: type[SQLModel], values: list[dict[str, Any]]) -> None:
    if model is ConversationRow:
        # The last one of a chat in the group stands.
        values = list({row["chat_id"]: row for row in values}.values())
    connection = await uow.connection()
    await connection.execute(_insertion(model, is_sqlite=connection.dialect.name == "sqlite"), values)


@cache
def _insertion(model: type[SQLModel], *, is_sqlite: bool) -> Insert:
    """How rows of this kind are written. Made once: to put it together takes as long as many of them need."""
    table = table_of(model)
    insert: Any = sqlite.insert(table) if is_sqlite else _into_postgresql(table)
    if model is ConversationRow:
        changed = {name: insert.excluded[name] for name in ("state", "updated_at", "is_blocked")}
        insert = insert.on_conflict_do_update(index_elements=["chat_id"], set_=changed)
    elif once := _ONCE.get(model):
        insert = insert.on_conflict_do_nothing(index_elements=list(once))
    found: Insert = insert
    return found


def _into_postgresql(table: Table) -> Any:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # as long to load as forty modules, and SQLite needs none of it

    return postgresql.insert(table)
