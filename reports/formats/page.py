"""The report as one page of HTML that fetches nothing."""

import re

from markupsafe import Markup

from reports.formats import charts
from reports.formats.prepared import Printed, prepared
from reports.formats.showing import SPOKEN, charted, drawn, holds_words, shown
from reports.values import Cell, Column, Report, Table
from templates.engine import template

TEMPLATE = "report/page.html"


def write_page(report: Report, language: str = "en") -> bytes:
    """The page, in UTF-8."""
    return page(prepared(report, language), language).encode()


def page(printed: Printed, language: str) -> str:
    """The page as text."""
    words = printed.words

    def shown_here(cell: Cell, column: Column) -> str:
        return shown(cell, column, words)

    def draw(table: Table) -> Markup:
        return charts.draw(table, words)

    return template(TEMPLATE, language).render(
        printed=printed,
        defined={one.id for one in printed.definitions if printed.measures},
        report=printed.report,
        words=words,
        spoken=SPOKEN.get(language, language),
        shown=shown_here,
        holds_words=holds_words,
        draw=draw,
        drawn=drawn,
        charted=charted,
        legend=charts.legend,
        footer=_in_a_style_sheet(f"{printed.report.council}: {printed.report.title}. {printed.edition}"),
    )


def _in_a_style_sheet(words: str) -> Markup:
    """Words as they stand in quotes in a style sheet, where HTML's escapes mean nothing (CSS Syntax 3, 4.3.7)."""
    return Markup(re.sub(r"[^A-Za-z0-9 ,.:]", lambda found: f"\\{ord(found[0]):x} ", words))  # noqa: S704 - only harmless signs are left
