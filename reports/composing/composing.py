"""The one way from figures to a report that can be printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.composing.building import Maker
from reports.composing.chapters import CHAPTERS
from reports.composing.data import data_of
from reports.composing.telling import story
from reports.composing.wording import Wording, wording
from reports.values import Measure, Promise, Report, Restatement, SaidAndDone, Section


@dataclass(frozen=True)
class Head:
    """What a report is, beside its figures."""

    council: str
    software: str
    rules: str
    is_published: bool = False
    withheld: str = ""
    is_draft: bool = False


@dataclass(frozen=True)
class Beside:
    """What is printed beside the figures, and is not counted from them here."""

    measures: tuple[Measure, ...] = ()
    promises: tuple[Promise, ...] = ()
    said_and_done: tuple[SaidAndDone, ...] = ()
    restatements: tuple[Restatement, ...] = ()


def compose(figures: Mapping[str, Any], head: Head, beside: Beside | None = None, language: str = "en") -> Report:
    """The report of these figures. The same figures give the same report, whenever it is made."""
    data, words, more = data_of(figures), wording(language), beside or Beside()
    begins, ends = _period(figures["period"])
    before_begins, before_ends = _period(figures["compared_with"])
    span = words.span(begins, ends)
    make = Maker(data, words, span, words.span(before_begins, before_ends))
    directorate = figures.get("directorate")
    return Report(
        title=_title(words, span, directorate),
        council=head.council,
        period_from=begins,
        period_to=ends,
        compared_from=before_begins,
        compared_to=before_ends,
        as_at=date.fromisoformat(figures["as_at"]),
        directorate=directorate,
        is_published=head.is_published,
        software=head.software,
        rules=head.rules,
        story=tuple(story(data, words)),
        sections=tuple(_sections(make)),
        measures=more.measures,
        notes=tuple(figures.get("notes", ())),
        withheld=head.withheld,
        is_draft=head.is_published and head.is_draft,
        restatements=more.restatements,
        promises=more.promises,
        said_and_done=more.said_and_done,
        figures=figures,
    )


def _title(words: Wording, span: str, directorate: str | None) -> str:
    if directorate is None:
        return words["title"].format(period=span)
    return words["title_of"].format(period=span, directorate=words.term("directorate", directorate))


def _sections(make: Maker) -> Iterator[Section]:
    """The chapters that have anything in them."""
    titles: Any = make.wording.tables["sections"]
    for name, chapter in CHAPTERS.items():
        tables = tuple(table for table in chapter(make) if table.rows)
        if tables:
            yield Section(name, titles[name], (), tables)


def _period(found: Mapping[str, str]) -> tuple[date, date]:
    return date.fromisoformat(found["from"]), date.fromisoformat(found["to"])
