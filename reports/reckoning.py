"""One reading of the memory becomes the figures of a report."""

from dataclasses import dataclass, replace
from datetime import date

from procedures.register_words import Activity
from procedures.working_days import WorkingCalendar
from reports.figures.activity import known
from reports.figures.complaints import Counted, procedures
from reports.figures.issues import top_themes
from reports.figures.periods import Period
from storage.courses import DIRECTORATE, put_courses
from storage.daily_tallies import corrections
from storage.tallies import activities, came_before, count_period, times_of_both, upheld_in
from storage.unit_of_work import Memory, UnitOfWork


@dataclass(frozen=True)
class Wanted:
    """Which report is asked for."""

    period: Period
    as_at: date
    """What is dated later is not known to it."""
    directorate: str | None = None
    is_published: bool = False


async def reckon(memory: Memory, wanted: Wanted, calendar: WorkingCalendar) -> Counted:
    """Count everything in one consistent view. Nothing is changed."""
    async with memory.reading() as uow:
        await put_courses(uow, (wanted.period.days, wanted.period.year_before.days), wanted.as_at, wanted.directorate)
        return await counted_in(uow, wanted, calendar)


async def counted_in(uow: UnitOfWork, wanted: Wanted, calendar: WorkingCalendar) -> Counted:
    """Count in a reading for which the courses of both periods were laid out."""
    before = wanted.period.year_before
    of_report = (wanted.as_at, wanted.directorate)
    now = await count_period(uow, wanted.period.days, *of_report, with_times=wanted.is_published)
    then = await count_period(uow, before.days, *of_report, with_times=False)
    if not wanted.is_published:  # of the period before only staff read the times
        timed, timed_before = await times_of_both(uow, wanted.period.days, before.days)
        now, then = replace(now, timed=timed), replace(then, timed=timed_before)
    rows = await activities(uow, wanted.directorate)
    counted = Counted(
        wanted.period,
        before,
        wanted.as_at,
        wanted.directorate,
        now,
        then,
        {},
        {measure: known(rows, measure, wanted.period) for measure in Activity},
        {measure: known(rows, measure, before) for measure in Activity},
        calendar,
        bool(then.received) or await came_before(uow, wanted.period.begins),
        await corrections(uow, wanted.period.days, wanted.as_at) if wanted.directorate in (None, DIRECTORATE) else 0,
    )
    return await _with_upheld(uow, counted)


async def _with_upheld(uow: UnitOfWork, counted: Counted) -> Counted:
    """Which complaints have an upheld issue in a top theme can be asked once the top themes are known."""
    upheld: dict[str | None, int] = {}
    for procedure in (None, *procedures(counted)):
        rows = [row for row in counted.now.issues if procedure in (None, row.procedure)]
        if top := top_themes(rows):
            upheld[procedure] = await upheld_in(uow, counted.period.days, top, procedure)
    return replace(counted, upheld=upheld)
