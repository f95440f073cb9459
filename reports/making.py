"""A report from the memory to the bytes of a format."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.office import Office
from reports.composing.composing import Beside, Head, compose
from reports.disclosure.hiding import hide
from reports.figures.complaints import Counted
from reports.figures.fractions import fractions_of
from reports.figures.whole import figures_of
from reports.formats import FORMATS
from reports.layouts.arranging import arranged
from reports.layouts.reading import Layout
from reports.measuring import measures_of
from reports.noting import notes_of, why_withheld
from reports.reckoning import Wanted, reckon
from storage.daily_tallies import count_daily_work
from storage.unit_of_work import Memory

JSON = "json"


@dataclass(frozen=True)
class Printing:
    """Where, when and as what a report is printed."""

    office: Office
    today: date
    form: str
    """json, or one of `reports.formats.FORMATS`."""
    software: str = "heard"
    layout: Layout | None = None

    @property
    def rules(self) -> str:
        """By which rules and days time was judged."""
        return f"{self.office.nation}, calendar {self.office.calendar.version}"


async def make(memory: Memory, wanted: Wanted, printing: Printing) -> bytes:
    """Count, hide what may not be published, and write it down."""
    data = await figures(memory, wanted, printing)
    if printing.form == JSON:
        return as_json(data)
    head = Head(
        printing.office.council.name, printing.software, printing.rules, wanted.is_published, why_withheld(len(data["hidden"]))
    )
    async with memory.reading() as uow:
        daily = await count_daily_work(uow, wanted.period.days, wanted.as_at)
    report = compose(data, head, Beside(measures=measures_of(data, daily, is_published=wanted.is_published)))
    if printing.layout is not None:
        report = arranged(report, printing.layout)
    return FORMATS[printing.form].write(report)


async def figures(memory: Memory, wanted: Wanted, printing: Printing) -> dict[str, Any]:
    """The figures with their notes, `parts` (what shares were divided from) and `hidden` (paths of what is withheld)."""
    counted = await reckon(memory, wanted, printing.office.calendar)
    data = data_of(counted, is_published=wanted.is_published)
    if not wanted.is_published:
        return data
    earlier = Wanted(counted.before, wanted.as_at, wanted.directorate)
    before = await reckon(memory, earlier, printing.office.calendar)
    return hide(data, data_of(before, is_published=True))


def data_of(counted: Counted, *, is_published: bool) -> dict[str, Any]:
    """The figures as they were counted, with their notes."""
    parts = {path: [part, of] for path, (part, of) in fractions_of(counted).items() if of}
    notes = notes_of(counted, is_published=is_published)
    return figures_of(counted) | {"notes": notes, "parts": parts, "hidden": []}


def as_json(data: dict[str, Any]) -> bytes:
    """One JSON value. What shares were divided from is for the tables; `hidden` is there where something is."""
    shown = {name: value for name, value in data.items() if name != "parts" and (name != "hidden" or value)}
    return (json.dumps(shown, ensure_ascii=False) + "\n").encode()
