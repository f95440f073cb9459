"""A report from the memory to the bytes of a format."""

import json
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from casework.office import Office
from reports.composing.composing import Head, compose
from reports.figures.complaints import Counted
from reports.figures.whole import figures_of
from reports.formats import FORMATS
from reports.noting import notes_of
from reports.reckoning import Wanted, reckon
from storage.unit_of_work import Memory
from templates.engine import ENGLISH


@dataclass(frozen=True)
class Printing:
    """Where, when and as what a report is printed."""

    office: Office
    today: date
    form: str
    """json, or one of `reports.formats.FORMATS`."""


async def make(memory: Memory, wanted: Wanted, printing: Printing) -> bytes:
    """Count, and write it down."""
    counted = await reckon(memory, wanted, printing.office.calendar)
    data = data_of(counted)
    if printing.form == "json":
        return as_json(data)
    head = Head(
        printing.office.council.name,
        f"heard {version('heard')}",
        f"{printing.office.nation}, {printing.office.calendar.version}",
        wanted.is_published,
    )
    return FORMATS[printing.form].write(compose(data, head), ENGLISH)


def data_of(counted: Counted) -> dict[str, Any]:
    """The figures with their notes."""
    return figures_of(counted) | {"notes": notes_of(counted)}


def as_json(data: dict[str, Any]) -> bytes:
    """One JSON value."""
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()
