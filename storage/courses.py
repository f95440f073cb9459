"""The course of every representation, imported or live, in a register's columns: what reports count and what an export writes.

A live case has no register: its course follows from its events, its stage 1 from the clock of the answer, its outcomes from the
findings. An imported case is what its register said, and where something has happened here since, that goes first.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)

from procedures.register_words import IMPORTED_BY
from procedures.rulebook import shipped_rulebook
from procedures.terms import Event, Kind, Outcome, Procedure
from storage.filing import table_of
from storage.tables import CaseRow, DeadlineRow, EventRow, FindingRow, IssueRow, RegisterIssueRow, RegisterRow
from storage.unit_of_work import UnitOfWork

CASES, EVENTS, DEADLINES = table_of(CaseRow), table_of(EventRow), table_of(DeadlineRow)
FINDINGS, ISSUES, REGISTER = table_of(FindingRow), table_of(IssueRow), table_of(RegisterRow)

DIRECTORATE = "children"
"""What this service takes in is about children's services; a case that turned out to be another's goes by its procedure."""
_OTHERS = (Procedure.ADULTS, Procedure.PUBLIC_HEALTH)

STEPS: dict[str, tuple[Event, ...]] = {
    "stage_1_extended_on": (Event.COMPLEX_DECIDED, Event.EXTENDED),
    "stage_1_responded_on": (Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED),
    "stage_2_requested_on": (Event.S2_REQUESTED, Event.SKIP_S1_AGREED),
    "stage_2_started_on": (Event.RECORD_FINAL,),
    "stage_2_responded_on": (Event.S2_NOTICE_SENT,),
    "stage_3_requested_on": (Event.S3_REQUESTED,),
    "stage_3_panel_on": (Event.PANEL,),
    "stage_3_responded_on": (Event.S3_RESPONSE,),
    "withdrawn_on": (Event.WITHDRAWN,),
    "closed_on": (Event.CLOSED,),
}
"""Which events are which column of a register."""

BEGINS = ("stage_1_started_on", "stage_2_requested_on", "stage_3_requested_on")
"""With which day each stage begins."""
_DAYS = (
    "received_on",
    "resolved_informally_on",
    "stage_1_started_on",
    *STEPS,
)
_WORDS = ("kind", "procedure", "channel", "raised_by", "stage_1_outcome", "stage_2_outcome", "stage_3_outcome")
_TEXTS = ("directorate", "service", "team", "source")

COURSES = Table(
    "course_of_a_case",
    MetaData(),
    Column("case_reference", String),
    Column("reference", String),
    *(Column(name, String) for name in _WORDS),
    *(Column(name, Text) for name in _TEXTS),
    Column("on_behalf_of_child", Boolean(create_constraint=False)),
    *(Column(name, Date) for name in _DAYS),
    prefixes=["TEMPORARY"],
)
"""Lives as long as the reading that made it."""
_NAMES = [column.name for column in COURSES.columns]
_OF_ITS_CASE = ("kind", "procedure", "received_on")
ISSUES_OF_COURSES = Table(
    "issue_of_a_course",
    MetaData(),
    Column("case_reference", String),
    Column("number", Integer),
    Column("theme", String),
    Column("outcome", String),
    *(Column(name, COURSES.c[name].type) for name in _OF_ITS_CASE),
    prefixes=["TEMPORARY"],
)
"""Every issue of the courses with what was last found on it: put together once for all that asks for it. Lives as long."""
_SAMPLE = 10
"""Of how many rows PostgreSQL learns what the two tables hold: three hundred times this. 100, what it takes by itself, took a
third of a report's time, for the same plans (https://www.postgresql.org/docs/current/runtime-config-query.html)."""
_WORK_MEMORY = "64MB"
"""What one step of a statement may take there before it goes to the disk. With the 4 MB of an untouched server a count by
many columns is sorted in files instead of held in one small table, ten times as slow (runtime-config-resource.html)."""


def courses() -> Subquery:
    """Every case in a register's columns, as everything stands now."""
    return union_all(_of_registers(), _of_events()).subquery("course")


async def put_courses(uow: UnitOfWork, periods: Iterable[tuple[date, date]], as_at: date, directorate: str | None = None) -> None:
    """Make the table of courses for this reading: those that came, or a stage of which began, in one of the periods.

    What is dated after `as_at` is not in it; an outcome is known once its answer is, or where no day of an answer is.
    """
    found = courses()
    known: dict[str, Any] = {name: known_by(found.c[name], as_at) for name in _DAYS}
    for stage, begin in enumerate(BEGINS, start=1):
        answered = found.c[f"stage_{stage}_responded_on"]
        is_known = and_(found.c[begin] <= as_at, or_(answered.is_(None), answered <= as_at))
        known[f"stage_{stage}_outcome"] = case((is_known, found.c[f"stage_{stage}_outcome"]))
    query = select(*(known.get(name, found.c[name]).label(name) for name in _NAMES))
    query = query.where(
        found.c.received_on <= as_at,
        or_(*(found.c[name].between(*period) for name in ("received_on", *BEGINS) for period in periods)),
    )
    if directorate is not None:
        query = query.where(found.c.directorate == directorate)
    issues = issues_of_cases()
    of_courses = select(*issues.c, *(COURSES.c[name] for name in _OF_ITS_CASE)).join_from(
        COURSES, issues, issues.c.case_reference == COURSES.c.case_reference
    )
    connection = await uow.connection()
    if is_postgresql := connection.dialect.name == "postgresql":
        await connection.execute(text(f"SET LOCAL default_statistics_target = {_SAMPLE}"))
        await connection.execute(text(f"SET LOCAL work_mem = '{_WORK_MEMORY}'"))
    for table, rows in ((COURSES, query), (ISSUES_OF_COURSES, of_courses)):
        await connection.run_sync(table.create)
        await connection.execute(insert(table).from_select([column.name for column in table.columns], rows))
        if is_postgresql:
            # Nobody else counts a table that lives as long as this reading; without, many cases are joined one by one.
            await connection.execute(text(f"ANALYZE {table.name}"))


def known_by(day: ColumnElement[Any], as_at: date) -> ColumnElement[Any]:
    """A day, if it has come by `as_at`."""
    return case((day <= as_at, day))


def _of_registers() -> Select[Any]:
    """Imported cases of which nothing has happened here: the register as it was."""
    has_own = select(EVENTS.c.id).where(EVENTS.c.case_reference == REGISTER.c.case_reference, EVENTS.c.recorded_by != _imported())
    return select(*(_plain(REGISTER.c[name]).label(name) for name in _NAMES)).where(~has_own.exists())


def _imported() -> ColumnElement[str]:
    # Literal, so that the database sees that its index of our own events serves.
    return literal(IMPORTED_BY, literal_execute=True)


def _plain(column: Any) -> Any:
    """A word as text: the two halves of a union name the same types."""
    return cast(column, String) if column.name in _WORDS else column


def _of_events() -> Select[Any]:
    """Every case in which something has happened here."""
    c, r = CASES.c, REGISTER.c
    own, clocks, found = _own_events(), _beginnings(), _findings()
    columns: dict[str, Any] = {
        "case_reference": c.reference,
        "reference": func.coalesce(r.reference, c.reference),
        "kind": cast(c.kind, String),
        "procedure": case((c.kind != Kind.COMPLAINT, cast(r.procedure, String)), else_=cast(c.procedure, String)),
        "channel": case((r.case_reference.is_not(None), cast(r.channel, String)), else_=cast(c.channel, String)),
        "raised_by": case((r.case_reference.is_not(None), cast(r.raised_by, String)), else_=cast(c.raised_by, String)),
        "directorate": func.coalesce(
            r.directorate, case((c.procedure.in_(_OTHERS), cast(c.procedure, String)), else_=DIRECTORATE)
        ),
        "service": func.coalesce(r.service, ""),
        "team": case((c.team != "", c.team), else_=func.coalesce(r.team, "")),
        "source": func.coalesce(r.source, ""),
        "on_behalf_of_child": r.on_behalf_of_child,
        "received_on": c.received_on,
        "resolved_informally_on": r.resolved_informally_on,
        "stage_1_started_on": func.coalesce(r.stage_1_started_on, _of_a_complaint(_began_on(clocks, own))),
        **{name: func.coalesce(_of_a_complaint(own.c[name]), r[name]) for name in STEPS},
        "closed_on": func.coalesce(own.c.closed_on, r.closed_on),
    }
    columns |= {f"stage_{stage}_outcome": _outcome(stage, found, columns) for stage in (1, 2, 3)}
    joined = (
        CASES.join(own, own.c.case_reference == c.reference)
        .outerjoin(REGISTER, r.case_reference == c.reference)
        .outerjoin(clocks, clocks.c.case_reference == c.reference)
        .outerjoin(found, found.c.case_reference == c.reference)
    )
    return select(*(columns[name].label(name) for name in _NAMES)).select_from(joined).where(c.is_training.is_(False))


def _of_a_complaint(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Only complaints have stages: the answer to an enquiry is none of one."""
    return case((CASES.c.kind == Kind.COMPLAINT, day))


def _began_on(clocks: Subquery, own: Subquery) -> ColumnElement[Any]:
    """When stage 1 of a live case began: with its clock, and at the latest with its answer; before its clock runs it has not."""
    answered = own.c.stage_1_responded_on
    return case((or_(clocks.c.base_on.is_(None), answered < clocks.c.base_on), answered), else_=clocks.c.base_on)


def _own_events() -> Subquery:
    """For each case the first day of each step, of the events that were recorded here."""
    e = EVENTS.c
    days = (func.min(case((e.name.in_(events), e.happened_on))).label(name) for name, events in STEPS.items())
    query = select(e.case_reference, *days).where(e.recorded_by != _imported(), e.is_superseded.is_(False))
    return query.group_by(e.case_reference).subquery("own")


def _beginnings() -> Subquery:
    """For each case the day on which stage 1 began, which is where the clock of its answer starts: its own, and not that of
    single issues that go another way."""
    d, of = DEADLINES.c, CASES.alias("of")
    is_its_own = or_(d.procedure == of.c.procedure, of.c.procedure == Procedure.UNDECIDED)
    query = select(d.case_reference, func.min(d.base_on).label("base_on")).join_from(
        DEADLINES, of, of.c.reference == d.case_reference
    )
    of_answers = d.clock.in_(sorted(shipped_rulebook().answer_clocks(1)))  # whatever a nation's law book calls them
    query = query.where(d.is_superseded.is_(False), d.stage == 1, of_answers, is_its_own)
    return query.group_by(d.case_reference).subquery("clocks")


def _findings() -> Subquery:
    """What each stage found on a case as a whole, as `casework.issues.numbered.overall` says it."""
    f = FINDINGS.c
    columns = []
    for stage in (1, 2, 3):
        of_stage = and_(f.stage == stage, f.outcome != Outcome.NO_FINDING)
        worst, best = (func.min(case((of_stage, cast(f.outcome, String)))), func.max(case((of_stage, cast(f.outcome, String)))))
        none = func.max(case((f.stage == stage, Outcome.NO_FINDING.value)))
        mixed = case((worst == best, worst), else_=Outcome.PARTIALLY_UPHELD.value)
        columns.append(case((worst.is_(None), none), else_=mixed).label(f"of_{stage}"))
    i = ISSUES.c
    is_withdrawn = select(i.number).where(i.case_reference == f.case_reference, i.number == f.number, i.is_withdrawn)
    query = select(f.case_reference, *columns).where(f.is_superseded.is_(False))
    query = query.where(~is_withdrawn.where(i.is_superseded.is_(False)).exists())
    return query.group_by(f.case_reference).subquery("found")


def _outcome(stage: int, found: Subquery, columns: dict[str, Any]) -> Any:
    """The outcome of a stage: what was found on its issues, else what its register said, else what the answer of stage 1 said."""
    begun = columns["stage_1_started_on" if stage == 1 else f"stage_{stage}_requested_on"].is_not(None)
    said = [found.c[f"of_{stage}"], cast(REGISTER.c[f"stage_{stage}_outcome"], String)]
    if stage == 1:
        said.append(cast(CASES.c.outcome, String))
    return case((begun, func.coalesce(*said)), else_=null())


def issues_of_cases() -> Subquery:
    """Every issue with what was last found on it: the numbered list of a case, or what its register said where it has none."""
    register = table_of(RegisterIssueRow).c
    i, f, later = ISSUES.c, FINDINGS.c, FINDINGS.alias("later").c
    is_later = and_(later.case_reference == f.case_reference, later.number == f.number, later.stage > f.stage)
    is_last = ~select(later.id).where(is_later, later.is_superseded.is_(False)).exists()
    same = and_(f.case_reference == i.case_reference, f.number == i.number, f.is_superseded.is_(False), is_last)
    live = (
        select(
            i.case_reference, i.number, cast(i.theme, String).label("theme"), func.max(cast(f.outcome, String)).label("outcome")
        )
        .join_from(ISSUES, FINDINGS, same, isouter=True)
        .where(i.is_superseded.is_(False), i.is_withdrawn.is_(False))
        .group_by(i.case_reference, i.number, i.theme)
    )
    has_own = select(i.number).where(i.case_reference == register.case_reference).exists()
    past = select(register.case_reference, register.number, cast(register.theme, String), cast(register.outcome, String))
    return union_all(live, past.where(~has_own)).subquery("issues")
