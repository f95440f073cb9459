"""A report as the template of its PDF is told of it: plain data, in which no word is anything but a word."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.formats import charts
from reports.formats.prepared import Printed, prepared
from reports.formats.showing import SPOKEN, charted, drawn, holds_words, shown
from reports.values import Cell, Column, Measure, Report, Table
from templates.markup import cleaned
from templates.words import known_language, read_words

CHART_PIXELS = 567
"""How wide a chart is drawn: 15 cm, so that its words are as large as those beside it."""


def on_paper(report: Report, language: str = "en") -> dict[str, Any]:
    """Everything that is printed, in the order of the pages, as JSON can hold it."""
    printed = prepared(report, language)
    words = printed.words
    told = {
        **_language(language),
        "title": report.title,
        "council": report.council,
        "subtitle": printed.subtitle,
        "edition": printed.edition,
        "is_internal": not report.is_published,
        "words": words.texts,
        "story": report.story,
        "sections": [
            {"name": one.name, "title": one.title, "lines": one.lines, "tables": [_table(table, printed) for table in one.tables]}
            for one in printed.sections
        ],
        "notes": printed.notes,
        "counted": [
            {"name": one.name, "title": one.title, "footnotes": one.footnotes, "measures": one.measures}
            for one in printed.counted
        ],
        "measures": _table(printed.measures, printed) if printed.measures else None,
        "definitions": [
            {"id": one.id, "title": f"{one.id} {one.title}", "said": " ".join(_defined(one, printed))}
            for one in printed.definitions
        ],
        "facts": printed.facts,
    }
    return {name: _in_one_line(value) for name, value in told.items()}


def _language(language: str) -> dict[str, str | None]:
    """How it is read aloud, and from which side."""
    spoken, _, region = SPOKEN.get(language, language).partition("-")
    direction: str = read_words("dates.toml", known_language(language))["direction"]
    return {"language": spoken, "region": region if len(region) == 2 else None, "direction": direction}


def _table(table: Table, printed: Printed) -> dict[str, Any]:
    words = printed.words
    return {
        "name": table.name,
        "title": table.title,
        "row_title": table.row_title,
        "columns": [{"title": column.title, "is_words": holds_words(column)} for column in table.columns],
        "rows": [
            {
                "title": row.title,
                "is_total": row.is_total,
                "cells": [
                    {"said": shown(cell, column, words), "is_none": _has_no_number(cell, column)}
                    for cell, column in zip(row.cells, table.columns, strict=True)
                ],
            }
            for row in table.rows
        ],
        "empty": table.empty or words["nothing"],
        "summary": table.summary,
        "chart": _chart(table, printed) if drawn(table) else None,
        "is_counted": table in printed.counted,
    }


def _has_no_number(cell: Cell, column: Column) -> bool:
    """Whether words stand in the place of a number."""
    return not holds_words(column) and (cell.is_hidden or cell.value is None)


def _chart(table: Table, printed: Printed) -> dict[str, Any]:
    words = printed.words
    is_cut = len(charted(table)) < sum(not row.is_total for row in table.rows)
    return {
        "drawn": charts.draw(table, words, width=str(CHART_PIXELS)),
        "said": f"{charts.named(table, words)} {charts.described(table, words)}",
        "legend": [(title, charts.COLOURS[int(name.removeprefix("s")) - 1]) for title, name in charts.legend(table)],
        "below": [*filter(None, (table.summary, words["chart_first"] if is_cut else ""))],
    }


def _defined(measure: Measure, printed: Printed) -> Iterator[str]:
    """What a measure counts, and of what, in sentences."""
    yield measure.definition
    if measure.numerator:
        yield f"{printed.words['measure_numerator']}: {measure.numerator}."
    if measure.denominator:
        yield f"{printed.words['measure_denominator']}: {measure.denominator}."
    if measure.why_empty and not measure.lines:
        yield measure.why_empty


def _in_one_line(found: Any) -> Any:
    """The same with every text cleaned of what nobody can see; a new line is a space, as it is on the page."""
    match found:
        case str():
            return cleaned(found).replace("\n", " ")
        case Mapping():
            return {name: _in_one_line(value) for name, value in found.items()}
        case Sequence():
            return [_in_one_line(value) for value in found]
    return found
