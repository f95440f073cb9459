"""Reports as they were printed: kept with their data date, rules and software, so that the same command prints the same again.

What was printed never changes. A restatement is printed beside it, with its reason.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from procedures.working_days import date_at_the_desk
from reports.composing.data import data_of
from reports.disclosure.hiding import is_of_before
from reports.disclosure.moved import Shown
from reports.disclosure.relations import counts_of
from reports.disclosure.together import Published, told_by
from reports.figures.periods import Period
from reports.noting import in_words
from reports.reckoning import Wanted
from reports.values import Promise, Restatement, SaidAndDone
from storage.tables import ReportRow
from storage.unit_of_work import UnitOfWork
from templates.words import read_words

MOST_SHOWN = 40
"""Figures that the notes name one by one where they are other ones now; the table of them names all."""


@dataclass(frozen=True)
class Made:
    """Who keeps a report, when, made by what."""

    now: datetime
    by: str
    software: str
    rules: str


@dataclass(frozen=True)
class Besides:
    """What is printed beside the figures, and kept with them: the daily work that measures are made of, and what was promised."""

    daily: Mapping[str, int]
    promises: tuple[Promise, ...]
    said_and_done: tuple[SaidAndDone, ...] = ()
    daily_before: Mapping[str, int] = field(default_factory=dict)
    """The daily work of the period before; empty in what is published, and in what a version kept that did not count it."""


FORGOTTEN = "Removed with its case"
_SAID = "said_and_done"
_BESIDES = "besides"
"""Where a kept row holds it, among its figures."""


def figures_of(row: ReportRow) -> dict[str, Any]:
    """The figures of a print, as they were printed."""
    return {name: value for name, value in row.figures.items() if name != _BESIDES}


def besides_of(row: ReportRow) -> Besides | None:
    """What stood beside them; None for a print of a version that did not keep it."""
    found = row.figures.get(_BESIDES)
    if found is None:
        return None
    said = tuple(SaidAndDone(**one) for one in found.get(_SAID, ()))
    return Besides(found["daily"], tuple(_promise(one) for one in found["promises"]), said, found.get("daily_before", {}))


def _as_data(besides: Besides) -> dict[str, Any]:
    days = ("due_on", "done_on")
    promises = [
        {name: value.isoformat() if name in days and value else value for name, value in asdict(one).items()}
        for one in besides.promises
    ]
    counts = {"daily": dict(besides.daily), "daily_before": dict(besides.daily_before)}
    return {**counts, "promises": promises, _SAID: [asdict(one) for one in besides.said_and_done]}


def _promise(found: Mapping[str, Any]) -> Promise:
    due_on, done_on = (date.fromisoformat(found[name]) if found[name] else None for name in ("due_on", "done_on"))
    return Promise(**{**found, "due_on": due_on, "done_on": done_on})


async def kept(uow: UnitOfWork, wanted: Wanted) -> list[ReportRow]:
    """The prints of exactly this report, oldest first."""
    return [row for row in await _of_period(uow, wanted.period, wanted) if row.as_at == wanted.as_at]


async def published_otherwise(uow: UnitOfWork, wanted: Wanted) -> ReportRow | None:
    """The last published print of this period with another data date, if the report is one to publish."""
    rows = await _of_period(uow, wanted.period, wanted) if wanted.is_published else []
    return next((row for row in reversed(rows) if row.as_at != wanted.as_at), None)


async def printed_before(uow: UnitOfWork, wanted: Wanted) -> list[tuple[ReportRow, bool]]:
    """The first print of this period, and that of the period it is compared with (True), as far as they were kept."""
    found: list[tuple[ReportRow, bool]] = []
    for period, is_previous in ((wanted.period, False), (wanted.period.year_before, True)):
        rows = await _of_period(uow, period, wanted)
        found += [(row, is_previous) for row in rows[:1]]
    return found


async def published_beside(uow: UnitOfWork, period: Period, directorate: str | None) -> ReportRow | None:
    """A published print that was kept, of other directorates, and tells of days of this period: whoever has both could subtract.

    It tells of its own period, and of the year before in the columns beside, unless it withheld all of those.
    """
    others = select(ReportRow).where(col(ReportRow.is_published).is_(True), ReportRow.directorate != (directorate or ""))
    found = await uow.exec(others.order_by(col(ReportRow.id)))
    return next((row for row in found if any(told.overlaps(period) for told in _told(row))), None)


def _told(row: ReportRow) -> Iterator[Period]:
    own = Period(row.from_on, row.until_on)
    yield own
    if any(is_of_before(path) for path in counts_of(row.figures)):
        yield own.year_before


async def published(uow: UnitOfWork, wanted: Wanted) -> Published:
    """What was published of each period, of the same directorates, in reports that were kept."""
    return told_by((one.period, frozenset(one.figures.get("hidden", ()))) for one in await shown(uow, wanted))


async def shown(uow: UnitOfWork, wanted: Wanted) -> list[Shown]:
    """Every published print that was kept, of the same directorates, oldest first."""
    rows = select(ReportRow).where(col(ReportRow.is_published).is_(True), ReportRow.directorate == (wanted.directorate or ""))
    found = await uow.exec(rows.order_by(col(ReportRow.id)))
    return [Shown(Period(one.from_on, one.until_on), one.figures) for one in found]


def keep(uow: UnitOfWork, wanted: Wanted, figures: Mapping[str, Any], besides: Besides, made: Made, why: str = "") -> None:
    """Keep a print. `why` is the reason of a restatement."""
    uow.add(
        ReportRow(
            from_on=wanted.period.begins,
            until_on=wanted.period.ends,
            directorate=wanted.directorate or "",
            as_at=wanted.as_at,
            is_published=wanted.is_published,
            software=made.software,
            rules=made.rules,
            figures={**figures, _BESIDES: _as_data(besides)},
            why=why,
            made_at=made.now,
            made_by=made.by,
        )
    )


async def forget(uow: UnitOfWork, reference: str, words: Collection[str]) -> int:
    """Take the words of a case's promised actions out of every kept report; returns in how many there were any.

    The figures stay. Reports of versions that kept no reference are searched for the words themselves.
    """
    changed = 0
    for row in await uow.exec(select(ReportRow).where(col(ReportRow.is_published).is_(False))):
        besides: dict[str, Any] = row.figures.get(_BESIDES) or {}
        promises = besides.get("promises", [])
        gone = [
            one for one in promises if one.get("reference") == reference or (not one.get("reference") and one["action"] in words)
        ]
        said = [one for one in besides.get(_SAID, ()) if one["reference"] != reference]
        if gone or len(said) < len(besides.get(_SAID, ())):
            emptied = {"action": FORGOTTEN, "owner": "", "evidence": "", "reference": ""}
            left = [one | emptied if one in gone else one for one in promises]
            row.figures = row.figures | {_BESIDES: besides | {"promises": left, _SAID: said}}
            uow.add(row)
            changed += 1
    return changed


def restatements(figures: Mapping[str, Any], before: Iterable[tuple[ReportRow, bool]], why: str) -> tuple[Restatement, ...]:
    """The counts that were printed otherwise before. `why` is the reason that somebody gave for this period, if one did."""
    return tuple(
        one for row, is_previous in before for one in _differences(figures, row, is_previous, "" if is_previous else why)
    )


def as_notes(found: Sequence[Restatement], made_on: date, language: str = "en") -> list[str]:
    """The same as sentences, on the day on which this print was made; of very many the first, and how many more there are."""
    words = read_words("report/notes.toml", language)
    more = [words["restated_more"].format(count=len(found) - MOST_SHOWN)] if len(found) > MOST_SHOWN else []
    return _as_sentences(found[:MOST_SHOWN], words, made_on) + more


def _as_sentences(found: Iterable[Restatement], words: dict[str, Any], made_on: date) -> list[str]:
    return [
        words["restated"]
        .format(
            made_on=in_words(made_on),
            figure=one.title,
            was=one.was.value,
            printed_on=in_words(one.printed_on),
            now=one.now.value,
            why=one.why,
        )
        .strip()
        for one in found
    ]


def _differences(figures: Mapping[str, Any], row: ReportRow, is_previous: bool, why: str) -> Iterator[Restatement]:
    now, then = data_of(figures), data_of(row.figures)
    printed = counts_of(row.figures)
    for path, was in printed.items():
        here = path
        if is_previous:
            if not path.endswith(".count"):
                continue
            here = f"{path.removesuffix('.count')}.previous"
        cell = now.cell(*here.split("."))
        if cell.is_hidden or cell.value is None or cell.value == was or path.endswith(".previous"):
            continue
        yield Restatement(here, _title(path), then.cell(*path.split(".")), date_at_the_desk(row.made_at), cell, why)


def _title(path: str) -> str:
    return path.removesuffix(".count").replace("_", " ").replace(".", ", ")


async def _of_period(uow: UnitOfWork, period: Period, wanted: Wanted) -> list[ReportRow]:
    rows = select(ReportRow).where(
        ReportRow.from_on == period.begins,
        ReportRow.until_on == period.ends,
        ReportRow.directorate == (wanted.directorate or ""),
        col(ReportRow.is_published).is_(wanted.is_published),
    )
    return list(await uow.exec(rows.order_by(col(ReportRow.id))))
