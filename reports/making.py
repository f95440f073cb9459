"""A report from the memory to the bytes of a format."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.office import Office
from procedures.working_days import WorkingCalendar, date_at_the_desk
from reports.comparing import SECTION as COMPARISON
from reports.comparing import Comparison
from reports.comparing import as_json as compared_as_json
from reports.comparing import beside as set_beside
from reports.comparing import check as check_comparison
from reports.composing.composing import Beside, Head, compose
from reports.composing.telling import REACHES_BACK
from reports.daily import daily_of
from reports.disclosure.hiding import hidden_counts, hide
from reports.disclosure.moved import moved
from reports.disclosure.relations import counts_of
from reports.disclosure.together import Conflict, Published, may_stand, parts_of, printed_parts_of, wholes_of
from reports.figures.before import BEFORE, before_of
from reports.figures.complaints import TEAMS, Counted, teams_by_month
from reports.figures.fractions import fractions_of
from reports.figures.measured import LONGEST, MEANS, MEASURED, longest_of, means_of, measured_figures
from reports.figures.periods import Period
from reports.figures.whole import figures_of
from reports.formats import FORMATS
from reports.keeping import (
    Besides,
    Made,
    as_notes,
    besides_of,
    keep,
    kept,
    printed_before,
    published,
    published_beside,
    published_otherwise,
    restatements,
    shown,
)
from reports.keeping import figures_of as figures_kept
from reports.layouts.reading import Layout
from reports.measuring import measures_of
from reports.noting import anew_note, draft_note, in_words, notes_of, why_withheld
from reports.practising import said_and_done
from reports.promising import promises_of
from reports.reckoning import Wanted, reckon
from reports.values import Report, Restatement
from storage.courses import put_courses
from storage.tables import ReportRow
from storage.unit_of_work import Memory
from storage.walls import kept_from_reader

JSON = "json"
_ESCALATED = "complaints.escalation.{}stage_1_to_2_percent"


class NotKept(Exception):
    """A restatement of what was never kept; the message says what to do."""


class NotPublished(Exception):
    """What must not be published: with what else is, it would give small numbers away. The message says what may be."""


@dataclass(frozen=True)
class Printing:
    """Where, when and as what a report is printed, and whether it is kept."""

    office: Office
    now: datetime
    form: str
    """json, or one of `reports.formats.FORMATS`."""
    software: str = "heard"
    layout: Layout | None = None
    by: str = ""
    is_kept: bool = False
    """Keep it: the same command prints the same from then on."""
    comparison: Comparison | None = None
    """Other councils' figures, to be printed beside."""
    restated: str = ""
    """Why what was kept is stated anew; empty to print what was kept."""

    @property
    def made(self) -> Made:
        rules = f"{self.office.nation}, calendar {self.office.calendar.version}"
        return Made(self.now, self.by, self.software, rules)


@dataclass(frozen=True)
class Print:
    """What is printed: the figures with their notes, who made them by what rules, and what was printed otherwise before."""

    figures: dict[str, Any]
    made: Made
    restated: tuple[Restatement, ...] = ()
    besides: Besides | None = None
    """As it was kept; None where it was not."""
    is_draft: bool = False
    """Not kept."""


async def make(memory: Memory, wanted: Wanted, printing: Printing) -> bytes:
    """Count, hide what may not be published, and write it down; or print again what was kept.

    NotKept says what is missing, NotPublished what must not be published, NotComparable what is wrong with others' figures.
    """
    found = await printed(memory, wanted, printing)
    comparison = printing.comparison
    if printing.form == JSON:
        more = {COMPARISON: compared_as_json(comparison, found.figures)} if comparison else {}
        return as_json(found.figures | more)
    besides = await _seen(memory, found.besides or await besides_now(memory, wanted))
    measures = measures_of(found.figures, besides.daily, besides.daily_before, is_published=wanted.is_published)
    withheld = why_withheld(len(found.figures["hidden"]))
    made, of = found.made, printing.office.council.name
    head = Head(of, made.software, made.rules, wanted.is_published, withheld, is_draft=found.is_draft)
    beside = Beside(measures, besides.promises, besides.said_and_done, found.restated)
    report: Report = compose(found.figures, head, beside)
    if printing.layout is not None:
        from reports.layouts.arranging import arranged  # noqa: PLC0415  # only a layout needs what fills its sentences

        report = arranged(report, printing.layout)
    if comparison is not None:
        report = set_beside(report, comparison)
    return FORMATS[printing.form].write(report)


async def printed(memory: Memory, wanted: Wanted, printing: Printing) -> Print:
    """The figures: as they were kept, or counted now and, if that is wanted, kept."""
    async with memory.reading() as uow:
        other = await published_beside(uow, wanted.period, wanted.directorate) if wanted.is_published else None
        same, before = await kept(uow, wanted), await printed_before(uow, wanted)
        earlier = await published_otherwise(uow, wanted)
    if other is not None:
        raise NotPublished(_why_not_published(other, wanted.period))
    if printing.restated and not same and earlier is None:
        raise NotKept("This report was never kept, so nothing can be restated. Print it with --keep first. Nothing was changed.")
    if same and not printing.restated:
        last = same[-1]
        if printing.comparison:
            check_comparison(printing.comparison, last.figures)
        made = Made(last.made_at, last.made_by, last.software, last.rules)
        return _print(figures_kept(last), made, before, last.why, besides_of(last), is_published=wanted.is_published)
    figures = await counted_now(memory, wanted, printing.office.calendar)
    if printing.comparison:
        check_comparison(printing.comparison, figures)
    if earlier is not None and printing.is_kept and not printing.restated and counts_of(figures) != counts_of(earlier.figures):
        raise NotPublished(_why_not_again(earlier))
    besides: Besides | None = None
    if printing.is_kept or printing.restated:
        besides = await besides_now(memory, wanted)
        async with memory.unit_of_work() as uow:
            keep(uow, wanted, figures, besides, printing.made, printing.restated)
    found = _print(figures, printing.made, before, printing.restated, besides, is_published=wanted.is_published)
    return found if besides is not None else _as_draft(found, is_published=wanted.is_published)


def _as_draft(found: Print, *, is_published: bool) -> Print:
    """A print that is not kept; one for everybody says so in its notes, which every format has."""
    notes = [draft_note(), *found.figures["notes"]] if is_published else found.figures["notes"]
    return replace(found, figures=found.figures | {"notes": notes}, is_draft=True)


def _why_not_published(other: ReportRow, period: Period) -> str:
    whose = f"the directorate {other.directorate}" if other.directorate else "all directorates"
    is_column = not period.overlaps(Period(other.from_on, other.until_on))
    beside = ", with the year before in the columns beside," if is_column else ""
    return (
        f"The report of {whose} from {in_words(other.from_on)} to {in_words(other.until_on)}{beside} was kept as published on "
        f"{in_words(date_at_the_desk(other.made_at))}. Beside it this one would give away the small numbers that each withholds. "
        "Print this one for staff, without --published. Nothing was written."
    )


def _why_not_again(earlier: ReportRow) -> str:
    return (
        f"This period was kept as published as it stood on {in_words(earlier.as_at)}, and its figures are others now. Whoever "
        "has both could subtract, and read what happened to one person. Print it again with "
        f"--as-at {earlier.as_at.isoformat()}; or restate it with --restate WHY, which shows what changed. Nothing was written."
    )


def _print(figures: dict[str, Any], made: Made, before: Any, why: str, besides: Besides | None, *, is_published: bool) -> Print:
    found, day = restatements(figures, before, why), date_at_the_desk(made.now)
    anew = [anew_note(day, why)] if why and is_published else []
    return Print(figures | {"notes": [*figures["notes"], *anew, *as_notes(found, day)]}, made, found, besides)


async def besides_now(memory: Memory, wanted: Wanted) -> Besides:
    """What stands beside the figures, as it is now."""
    async with memory.reading() as uow:
        daily = await daily_of(uow, wanted.period.days, wanted.as_at)
        if wanted.is_published:
            return Besides(daily, ())
        before = await daily_of(uow, wanted.period.year_before.days, wanted.as_at)
        await put_courses(uow, (wanted.period.days,), wanted.as_at, wanted.directorate)
        promises = await promises_of(uow, wanted)
        return Besides(daily, promises, await said_and_done(uow, wanted, promises), before)


async def _seen(memory: Memory, besides: Besides) -> Besides:
    """Without the words of what is kept from who reads; it is kept whole. A line of no known case may be of one of those."""
    async with memory.reading() as uow:
        walled = await kept_from_reader(uow)
    kept = walled | {""} if walled else walled
    return replace(
        besides,
        promises=tuple(one for one in besides.promises if one.reference not in kept),
        said_and_done=tuple(one for one in besides.said_and_done if one.reference not in kept),
    )


async def counted_now(memory: Memory, wanted: Wanted, calendar: WorkingCalendar) -> dict[str, Any]:
    """The figures with their notes, `parts` (what shares were divided from) and `hidden` (paths of what is withheld).

    Raises NotPublished where another period was published that this one cannot stand beside.
    """
    counted = await reckon(memory, wanted, calendar)
    data = data_of(counted, is_published=wanted.is_published)
    if not wanted.is_published:
        return data
    async with memory.reading() as uow:
        told, prints = await published(uow, wanted), await shown(uow, wanted)
        others = await published_beside(uow, counted.before, wanted.directorate)
    before = replace(wanted, period=counted.before)
    hides = _Hiding(memory, wanted, calendar, told)
    earlier = data_of(await reckon(memory, before, calendar), is_published=True)
    also_before, moved_before = None, set[str]()
    also = await hides.of(wanted.period)
    if others is None and may_stand(before.period, told):
        moved_before = moved(earlier, before.period, prints, *_beside(before.period, told))
        also_before = await hides.of(before.period) | moved_before
    moves = moved(data, wanted.period, prints, *_beside(wanted.period, told))
    if _ESCALATED.format("") in moved_before:
        moves.add(_ESCALATED.format("previous_"))
    return hide(data, earlier, also=also, also_before=also_before, moved=moves)


def _beside(period: Period, told: Published) -> tuple[list[Period], list[tuple[Period, tuple[Period, ...]]]]:
    """What was printed that makes a period up, and what it makes up with others."""
    return printed_parts_of(period, told), wholes_of(period, told)


@dataclass(frozen=True)
class _Hiding:
    """What published reports of other periods keep to themselves."""

    memory: Memory
    wanted: Wanted
    calendar: WorkingCalendar
    told: Published

    async def of(self, period: Period) -> set[str]:
        """What a report of this period has to withhold, whatever its numbers: by the reports of it, and of its parts."""
        own = self.told.get(period)
        if own is not None and own.hidden is not None:
            return set(own.hidden)
        try:
            parts = parts_of(period, self.told)
        except Conflict as conflict:
            raise NotPublished(_why_not_beside(conflict.period)) from None
        found = set[str]()
        for part, told in parts:
            found |= told.hidden if told.hidden is not None else told.as_before | await self._worked_out(part)
        return found

    async def _worked_out(self, period: Period) -> set[str]:
        """What a report of these days would withhold, which nobody has printed."""
        wanted = replace(self.wanted, period=period)
        return hidden_counts(data_of(await reckon(self.memory, wanted, self.calendar), is_published=True), ())


def _why_not_beside(period: Period) -> str:
    return (
        f"A report that was kept as published tells of {in_words(period.begins)} to {in_words(period.ends)}, and these days lie "
        "in it or across its end: whoever has both could subtract, and find the small numbers that each withholds. Publish the "
        "quarters before their year. Print this one for staff, without --published. Nothing was written."
    )


def data_of(counted: Counted, *, is_published: bool) -> dict[str, Any]:
    """The figures as they were counted, with their notes."""
    parts = {path: [part, of] for path, (part, of) in fractions_of(counted).items() if of}
    notes = notes_of(counted, is_published=is_published)
    beside = {
        REACHES_BACK: counted.reaches_back,
        TEAMS: teams_by_month(counted),
        MEASURED: measured_figures(counted),
        MEANS: means_of(counted),
        **({} if is_published else {LONGEST: longest_of(counted)}),
    }
    data = figures_of(counted) | {"notes": notes, "parts": parts, "hidden": [], **beside}
    return data if is_published else _with_before(data, counted)


def _with_before(data: dict[str, Any], counted: Counted) -> dict[str, Any]:
    """With what the period before was, and what that was divided from: each by its path in this one, behind `before.`."""
    before = before_of(counted)
    parts = {path: [part, of] for path, (part, of) in before.parts.items() if of}
    return data | {BEFORE: before.figures, "parts": data["parts"] | parts, MEANS: data[MEANS] | before.means}


def as_json(data: dict[str, Any]) -> bytes:
    """One JSON value, as its contract has it; the rest is for tables and measures. `hidden` is there where something is."""
    ours = ("parts", REACHES_BACK, TEAMS, MEASURED, MEANS, LONGEST)
    hidden = [path for path in data.get("hidden", ()) if not path.startswith(f"{MEASURED}.")]
    shown = {name: value for name, value in data.items() if name not in (*ours, "hidden")}
    if BEFORE in shown:
        shown[BEFORE] = {name: value for name, value in data[BEFORE].items() if name not in ours}
    if hidden:
        shown["hidden"] = hidden
    return (json.dumps(shown, ensure_ascii=False) + "\n").encode()
