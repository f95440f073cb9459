"""The cases behind counts of steps that only this service records: panels, recommendations, advocates, the Ombudsman."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from procedures.register_words import OmbudsmanBody
from procedures.terms import ActionSource, Event
from storage.filing import table_of
from storage.tables import ActionRow, DeadlineRow, EventRow, OmbudsmanRow
from storage.tallies import Period
from storage.training import is_real
from storage.unit_of_work import UnitOfWork

_CLOCKS = {
    "panel_reports": ("s3_panel_report", Event.PANEL_REPORT),
    "panel_replies": ("s3_la_response", Event.S3_RESPONSE),
}
_REACHED = {3: Event.S3_REQUESTED, 2: Event.S2_REQUESTED}


async def cases_of_steps(uow: UnitOfWork, period: Period, as_at: date) -> dict[str, list[str]]:
    """The references behind each count, one for each time; what is dated after `as_at` is not known. Both days included."""
    found: dict[str, list[str]] = {}
    for name, (clock, event) in _CLOCKS.items():
        rows = [row for row in await _all(uow, _due(clock, event, period, as_at)) if row[2] or row[1] < as_at]
        found[f"{name}_in_time"] = sorted(row[0] for row in rows if row[2] and row[2] <= row[1])
        found[f"{name}_due"] = sorted(row[0] for row in rows)
    rows = [row for row in await _all(uow, _recommended(period)) if _known(row[2], as_at) or row[1] < as_at]
    found["recommendations_done"] = sorted(row[0] for row in rows if _known(row[2], as_at) and row[2] <= row[1])
    found["recommendations"] = sorted(row[0] for row in rows)
    found["advocate_waits"] = sorted(row[0] for row in await _waits(uow, period))
    return found | await _to_the_ombudsman(uow, period)


async def days_until_advocates(uow: UnitOfWork, period: Period) -> int:
    """Days from each first request until the first appointment after it in the period, added up."""
    return sum((row[2] - row[1]).days for row in await _waits(uow, period))


def _known(day: date | None, as_at: date) -> bool:
    return day is not None and day <= as_at


def _first(event: Event, until: date) -> Select[Any]:
    e = table_of(EventRow).c
    done = select(e.case_reference, func.min(e.happened_on).label("on_day"))
    return done.where(e.name == event, e.is_superseded.is_(False), e.happened_on <= until).group_by(e.case_reference)


def _due(clock: str, event: Event, period: Period, as_at: date) -> Select[Any]:
    d, done = table_of(DeadlineRow).c, _first(event, as_at).subquery("done")
    due = d.clock == clock, d.is_superseded.is_(False), d.due_on.between(*period), is_real(d.case_reference)
    query = select(d.case_reference, d.due_on, done.c.on_day).select_from(table_of(DeadlineRow))
    return query.join(done, done.c.case_reference == d.case_reference, isouter=True).where(*due)


def _recommended(period: Period) -> Select[Any]:
    a = table_of(ActionRow).c
    due = a.source == ActionSource.OMBUDSMAN, a.due_on.between(*period), is_real(a.case_reference)
    return select(a.case_reference, a.due_on, a.done_on).where(*due)


async def _waits(uow: UnitOfWork, period: Period) -> list[Any]:
    """Case, first request, first appointment in the period on or after it."""
    e, asked = table_of(EventRow).c, _first(Event.ADVOCATE_REQUESTED, period[1]).subquery("asked")
    query = select(e.case_reference, asked.c.on_day, func.min(e.happened_on))
    query = query.join(asked, asked.c.case_reference == e.case_reference).group_by(e.case_reference, asked.c.on_day)
    appointed = e.name == Event.ADVOCATE_APPOINTED, e.is_superseded.is_(False), e.happened_on >= asked.c.on_day
    rows = await _all(uow, query.where(*appointed, is_real(e.case_reference)))
    return [row for row in rows if period[0] <= row[2] <= period[1]]


async def _to_the_ombudsman(uow: UnitOfWork, period: Period) -> dict[str, list[str]]:
    """Cases about which the LGSCO wrote in the period, each once, by the last stage asked for by the day on which it wrote."""
    o, came = table_of(OmbudsmanRow).c, dict[str, date]()
    e = table_of(EventRow).c
    register = select(o.case_reference, o.received_on).where(
        o.body == OmbudsmanBody.LGSCO, o.received_on.between(*period), o.case_reference.is_not(None), is_real(o.case_reference)
    )
    here = select(e.case_reference, e.happened_on).where(
        e.name == Event.OMBUDSMAN_ENQUIRY, e.is_superseded.is_(False), e.happened_on.between(*period), is_real(e.case_reference)
    )
    for reference, day in [*await _all(uow, register), *await _all(uow, here)]:
        came[reference] = min(day, came.get(reference, day))
    found = {f"ombudsman_after_{stage}": list[str]() for stage in (1, 2, 3)}
    asked = {stage: dict(map(tuple, await _all(uow, _first(event, period[1])))) for stage, event in _REACHED.items()}
    for reference, day in sorted(came.items()):
        reached = next((stage for stage, days in asked.items() if reference in days and days[reference] <= day), 1)
        found[f"ombudsman_after_{reached}"].append(reference)
    return found


async def _all(uow: UnitOfWork, query: Select[Any]) -> list[Any]:
    return list((await (await uow.connection()).execute(query)).all())
