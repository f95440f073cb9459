"""The cases behind a figure, for staff who may see them.

A case is behind a figure if the figure counts it when it is counted alone: the very same counting, so the two cannot disagree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from procedures.terms import Outcome
from procedures.working_days import WorkingCalendar
from reports.composing.data import data_of
from reports.disclosure.relations import counts_of
from reports.figures.before import BEFORE, before_of
from reports.figures.complaints import Counted, procedures
from reports.figures.fractions import fractions_of
from reports.figures.issues import top_themes
from reports.figures.measured import MEANS, MEASURED, means_of, measured_figures
from reports.figures.whole import figures_of
from reports.measuring import FILE, IDS, measured_in, measures_of
from reports.reckoning import Wanted, counted_in
from storage.courses import put_courses
from storage.daily_tallies import cases_of_daily_work, count_daily_work
from storage.tallies import Issues, Tally, count_each, names_of_cases
from storage.unit_of_work import Memory
from storage.walls import kept_from_reader
from templates.words import read_words

DAILY = "daily"
ALL = "all"
_CHANGES = (".change", ".change_percent")


class NoSuchFigure(Exception):
    """The report has no such figure; the message says what there is."""


@dataclass(frozen=True)
class Behind:
    """The references behind one figure: of a share, those of its numerator."""

    figure: str
    """Its path in the JSON: `complaints.received.count`; of the daily work `daily.apologies`."""
    references: tuple[str, ...]
    """One for each time that the case counts, in order."""

    def as_json(self) -> dict[str, Any]:
        return {"figure": self.figure, "count": len(self.references), "references": list(self.references)}


async def references_behind(memory: Memory, wanted: Wanted, calendar: WorkingCalendar, asked: str) -> list[Behind]:
    """The references behind a figure (by its path), a measure's (M1 to M34) or all, but for what is kept from who asks.

    NoSuchFigure where there is none. Nothing is changed.
    """
    async with memory.reading() as uow:
        await put_courses(uow, (wanted.period.days, wanted.period.year_before.days), wanted.as_at, wanted.directorate)
        whole = await counted_in(uow, wanted, calendar)
        of_period = (wanted.as_at, wanted.directorate)
        now = await count_each(uow, wanted.period.days, *of_period, with_times=True)
        then = await count_each(uow, wanted.period.year_before.days, *of_period, with_times=True)
        names, kept = await names_of_cases(uow), await kept_from_reader(uow)
        daily, of_daily = dict[str, int](), dict[str, list[str]]()
        for period, beginning in ((wanted.period, DAILY), (wanted.period.year_before, f"{BEFORE}.{DAILY}")):
            work = await count_daily_work(uow, period.days, wanted.as_at)
            cases = await cases_of_daily_work(uow, period.days, wanted.as_at)
            daily |= {f"{beginning}.{name}": count for name, count in work.items()}
            of_daily |= {f"{beginning}.{name}": references for name, references in cases.items()}
    every = _figures(whole)
    paths = _paths(every | {"parts": {path: pair for path, pair in every["parts"].items() if pair[1]}}, daily, asked)
    found = {path: list(of_daily.get(path) or of_daily.get(f"{DAILY}.{path}") or ()) for path in paths}
    for reference, counts in _alone(whole, now, then):
        for path in paths:
            found[path] += [reference] * counts.get(path, 0)
    return [Behind(path, tuple(sorted(names.get(one, one) for one in found[path] if one not in kept))) for path in paths]


def _figures(whole: Counted) -> dict[str, Any]:
    """Everything that has references: this period, and what is counted of the one before. Shares of nothing are among them."""
    before = before_of(whole)
    beside = {MEASURED: measured_figures(whole), MEANS: means_of(whole) | before.means, BEFORE: before.figures}
    return figures_of(whole) | beside | {"parts": fractions_of(whole) | before.parts}


def _counts(figures: Mapping[str, Any]) -> dict[str, int]:
    """The counts of both periods, by path."""
    return counts_of(figures) | {f"{BEFORE}.{path}": count for path, count in counts_of(figures[BEFORE]).items()}


def _paths(figures: Mapping[str, Any], daily: Mapping[str, int], asked: str) -> list[str]:
    """The figures that are asked for, by path; a change is made of the two counts beside it."""
    if asked.lower() == ALL:
        shares = (path for path in figures["parts"] if not path.endswith(_CHANGES))
        return [*_counts(figures), *shares, *figures[MEANS], *daily]
    if asked.upper() in IDS:
        work = {name.removeprefix(f"{DAILY}."): count for name, count in daily.items()}
        measure = next(one for one in measures_of(figures, work, is_published=False) if one.id == asked.upper())
        cells = [cell for line in measure.lines for cell in (line.now, line.before) if cell is not None and cell.path]
        said = read_words(FILE, "en")[measure.id]
        named = [path for path, value in measured_in(said, figures) if value is not None]
        named += [f"{BEFORE}.{path}" for path, value in measured_in(said, figures[BEFORE]) if value is not None]
        named += [f"{beginning}{DAILY}.{name}" for name in said.get(DAILY, ()) for beginning in ("", f"{BEFORE}.")]
        return list(dict.fromkeys([path for cell in cells for path in _counts_for(cell.path)] + named))
    if asked in daily or f"{DAILY}.{asked}" in daily:
        return [asked]
    found = data_of(figures).at(*asked.split("."))
    if isinstance(found, Mapping) and "count" in found:
        return [f"{asked}.count", f"{asked}.previous"]
    is_mean = asked in figures[MEANS]
    is_share = asked.endswith("_percent") and not asked.endswith(_CHANGES)
    if asked in _counts(figures) or is_mean or (is_share and found is not None):
        return [asked]
    raise NoSuchFigure(
        f"{asked[:100]!r} is no figure with cases behind it. Name a measure (M1 to M34), a figure by its path in the JSON "
        "(complaints.received.count), or all. Nothing was changed."
    )


def _counts_for(path: str) -> list[str]:
    for ending in reversed(_CHANGES):
        if path.endswith(ending):
            return [f"{path.removesuffix(ending)}.count", f"{path.removesuffix(ending)}.previous"]
    return [path]


def _alone(whole: Counted, now: Mapping[str, Tally], then: Mapping[str, Tally]) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Each case with the figures that count it when there is no other; cases that are alike are counted once."""
    top = {one: top_themes(_of(whole.now.issues, one)) for one in (None, *procedures(whole))}
    nothing, known = _empty(whole.now), dict[str, Counter[str]]()
    for reference in sorted(now.keys() | then.keys()):
        pair = now.get(reference, nothing), then.get(reference, nothing)
        alike = repr(pair)
        if alike not in known:
            upheld = {one: int(any(_is_upheld(row, themes) for row in _of(pair[0].issues, one))) for one, themes in top.items()}
            counted = replace(whole, now=pair[0], then=pair[1], upheld=upheld)
            alone = _figures(counted)
            shares = {path: part for path, (part, _) in alone["parts"].items()}
            means = {path: of for path, (_, of) in alone[MEANS].items()}
            every = _counts(alone) | shares | means
            known[alike] = Counter({path: count for path, count in every.items() if count})
        yield reference, known[alike]


def _empty(like: Tally) -> Tally:
    nothing: dict[int, list[Any]] = {stage: [] for stage in like.begun}
    return replace(
        like, received=[], by_service=Counter(), by_team=Counter(), begun=nothing, timed=nothing, issues=[], learned=[],
        enquiries=replace(like.enquiries, received=Counter(), decided=Counter()),
    )  # fmt: skip


def _of(rows: Iterable[Issues], procedure: str | None) -> list[Issues]:
    return [row for row in rows if procedure in (None, row.procedure)]


def _is_upheld(row: Issues, themes: list[str]) -> bool:
    return row.theme in themes and row.outcome == Outcome.UPHELD
