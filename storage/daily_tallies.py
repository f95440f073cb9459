"""Counts of the daily work for a report's measures: advocates, remedies, refusals, plans, acknowledgements. Grouped SQL."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, func, literal, or_, select

from procedures.register_words import IMPORTED_BY
from procedures.terms import Event, Remedy
from procedures.working_days import moment_at_the_desk
from storage.daily_steps import cases_of_steps, days_until_advocates
from storage.filing import table_of
from storage.tables import (
    BehaviourPlanRow,
    CaseRow,
    DeadlineRow,
    EqualityRow,
    EventRow,
    HeldIssueRow,
    MemberEnquiryRow,
    RemedyRow,
)
from storage.tallies import Period
from storage.training import is_real
from storage.unit_of_work import UnitOfWork

EVENTS = {
    "delay_notices": Event.DELAY_NOTICE,
    "advocacy_offered": Event.ADVOCACY_OFFERED,
    "advocates_requested": Event.ADVOCATE_REQUESTED,
    "advocates_appointed": Event.ADVOCATE_APPOINTED,
    "interest_refused": Event.INTEREST_REFUSED,
    "late_accepted": Event.LATE_ACCEPTED,
    "late_refused": Event.LATE_REFUSED,
    "transferred": Event.TRANSFERRED,
}
APRIL = 4


async def count_daily_work(uow: UnitOfWork, period: Period, as_at: date) -> dict[str, int]:
    """What was recorded here in the period, both days included, and known on `as_at`; by the names of `report/measures.toml`."""
    until = min(period[1], as_at)
    found = await _events(uow, (period[0], until))
    counts = {**_remedies((period[0], until)), **_others(period[0], until)}
    at_once = select(*(query.scalar_subquery().label(name) for name, query in counts.items()))
    row = (await (await uow.connection()).execute(at_once)).one()
    found |= {name: int(count or 0) for name, count in zip(counts, row, strict=True)}
    steps = {name: len(cases) for name, cases in (await cases_of_steps(uow, (period[0], until), as_at)).items()}
    steps["advocate_days"] = await days_until_advocates(uow, (period[0], until))
    return found | steps | await _acknowledged(uow, (period[0], until), as_at)


async def corrections(uow: UnitOfWork, period: Period, as_at: date) -> int:
    """Dates of cases that somebody gave their true day, or took back, on a day of the period (`casework.recording.correct`)."""
    first, after = (moment_at_the_desk(day, time()) for day in (period[0], min(period[1], as_at) + timedelta(days=1)))
    e, was = table_of(EventRow).c, table_of(EventRow).alias("was")
    stood = exists().where(was.c.case_reference == e.case_reference, was.c.is_superseded, was.c.id < e.id)
    given = and_(e.note.like("corrected from ____-__-__: %"), stood.where(was.c.name == e.name))
    # Notes of deadlines that moved repeat these words further on.
    taken = cast(was.c.name, String) + " of ____-__-__ taken back: %"
    back = and_(e.name == Event.NOTED, stood.where(e.note.like(taken)))
    # Literal, so that the database sees that its index of our own events serves.
    ours = e.recorded_by != literal(IMPORTED_BY, literal_execute=True)
    query = select(func.count()).where(ours, or_(given, back), e.recorded_at >= first, e.recorded_at < after)
    return int((await (await uow.connection()).execute(query.where(is_real(e.case_reference)))).scalar_one())


async def cases_of_daily_work(uow: UnitOfWork, period: Period, as_at: date) -> dict[str, list[str]]:
    """The references of the cases behind each of these counts, one for each time; answers on equality belong to nobody."""
    until = min(period[1], as_at)
    e = table_of(EventRow).c
    told = and_(e.name.in_(EVENTS.values()), e.is_superseded.is_(False), e.happened_on.between(period[0], until))
    connection = await uow.connection()
    rows = (await connection.execute(select(e.name, e.case_reference).where(told, is_real(e.case_reference)).distinct())).all()
    found = {name: sorted(row[1] for row in rows if row[0] == event) for name, event in EVENTS.items()}
    columns = {
        "plans": table_of(BehaviourPlanRow).c,
        "held": table_of(HeldIssueRow).c,
        "members_enquiries": table_of(MemberEnquiryRow).c,
    }
    for name, query in {**_remedies((period[0], until)), **_others(period[0], until)}.items():
        if name in ("equality_answers", "pence"):
            continue
        of_cases = query.with_only_columns(columns.get(name, table_of(RemedyRow).c).case_reference)
        rows = (await connection.execute(of_cases.distinct() if name == "held" else of_cases)).all()
        found[name] = sorted(row[0] for row in rows)
    found |= await cases_of_steps(uow, (period[0], until), as_at)
    found |= {"pence": found["payments"], "advocate_days": found["advocate_waits"]}
    return found | await _cases_acknowledged(uow, (period[0], until), as_at)


async def _cases_acknowledged(uow: UnitOfWork, period: Period, as_at: date) -> dict[str, list[str]]:
    d, done_on = table_of(DeadlineRow).c, "done_on"
    query = _acknowledging(period, as_at)
    done = query.selected_columns[done_on]
    each = query.with_only_columns(d.case_reference, d.due_on, done).group_by(None).distinct()
    rows = [row for row in (await (await uow.connection()).execute(each)).all() if row[2] is not None or row[1] < as_at]
    in_time = sorted(row[0] for row in rows if row[2] is not None and row[2] <= row[1])
    return {"acknowledged_in_time": in_time, "acknowledgements_due": sorted(row[0] for row in rows)}


async def _events(uow: UnitOfWork, period: Period) -> dict[str, int]:
    e = table_of(EventRow).c
    query = select(e.name, func.count(e.case_reference.distinct())).group_by(e.name)
    query = query.where(e.name.in_(EVENTS.values()), e.is_superseded.is_(False), e.happened_on.between(*period))
    query = query.where(is_real(e.case_reference))
    counts = {row[0]: int(row[1]) for row in (await (await uow.connection()).execute(query)).all()}
    return {name: counts.get(event, 0) for name, event in EVENTS.items()}


def _remedies(period: Period) -> dict[str, Select[Any]]:
    r = table_of(RemedyRow).c
    decided = and_(r.is_superseded.is_(False), r.decided_on.between(*period), is_real(r.case_reference))
    return {
        "remedies": select(func.count()).where(decided, r.kind != Remedy.NONE),
        "apologies": select(func.count()).where(decided, r.kind == Remedy.APOLOGY),
        "payments": select(func.count()).where(decided, r.kind == Remedy.FINANCIAL),
        "pence": select(func.sum(r.amount_pence)).where(decided),
    }


def _others(begins: date, until: date) -> dict[str, Select[Any]]:
    held, plan, equality = table_of(HeldIssueRow).c, table_of(BehaviourPlanRow).c, table_of(EqualityRow).c
    cases, member = table_of(CaseRow).c, table_of(MemberEnquiryRow).c
    in_force = and_(plan.begins_on <= until, or_(plan.ended_on.is_(None), plan.ended_on > until), is_real(plan.case_reference))
    year = begins.year if begins.month >= APRIL else begins.year - 1
    asked = select(func.count()).select_from(
        table_of(MemberEnquiryRow).join(table_of(CaseRow), cases.reference == member.case_reference)
    )
    return {
        "held": select(func.count(held.case_reference.distinct())).where(
            held.decided_on.between(begins, until), is_real(held.case_reference)
        ),
        "plans": select(func.count()).where(in_force),
        "equality_answers": select(func.count()).where(equality.year == year),
        "members_enquiries": asked.where(cases.received_on.between(begins, until), cases.is_training.is_(False)),
    }


async def _acknowledged(uow: UnitOfWork, period: Period, as_at: date) -> dict[str, int]:
    rows = (await (await uow.connection()).execute(_acknowledging(period, as_at))).all()
    due = [row for row in rows if row[1] is not None or row[0] < as_at]
    in_time = sum(int(row[2]) for row in due if row[1] is not None and row[1] <= row[0])
    return {"acknowledged_in_time": in_time, "acknowledgements_due": sum(int(row[2]) for row in due)}


def _acknowledging(period: Period, as_at: date) -> Select[Any]:
    """Cases of the period with a clock of the acknowledgement, judged by its last day; imported ones have none but while open."""
    c, d, e = table_of(CaseRow).c, table_of(DeadlineRow).c, table_of(EventRow).c
    done = (
        select(e.case_reference, func.min(e.happened_on).label("done_on"))
        .where(e.name == Event.ACKNOWLEDGED, e.is_superseded.is_(False), e.happened_on <= as_at, e.recorded_by != IMPORTED_BY)
        .group_by(e.case_reference)
        .subquery("done")
    )
    return (
        select(d.due_on, done.c.done_on, func.count())
        .join_from(table_of(DeadlineRow), table_of(CaseRow), c.reference == d.case_reference)
        .join(done, done.c.case_reference == d.case_reference, isouter=True)
        .where(d.clock == "acknowledgement", d.is_superseded.is_(False), c.received_on.between(*period), c.is_imported.is_(False))
        .where(c.is_training.is_(False))
        .group_by(d.due_on, done.c.done_on)
    )
