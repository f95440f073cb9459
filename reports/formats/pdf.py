"""The report as a tagged PDF, made from the same page by WeasyPrint (docs/decisions/054)."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from reports.formats.page import page
from reports.formats.prepared import prepared
from reports.values import Report

VARIANT = "pdf/ua-1"
"""ISO 14289-1: every part has its tag, its language and its words for those who do not see it."""


class NoPdf(RuntimeError):
    """A library of the system that the PDF needs is missing."""


def write_pdf(report: Report, language: str = "en") -> bytes:
    """The PDF. Raises NoPdf where Pango is not installed on the machine."""
    for name in ("weasyprint", "fontTools"):  # they tell of each style that paper has no use for
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from weasyprint import HTML  # noqa: PLC0415 - it takes a second, and needs libraries that other formats do without
    except OSError as error:
        raise NoPdf(
            "A PDF needs Pango, which is not installed on this machine. On Debian and Ubuntu: apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0. The other formats need nothing more."
        ) from error
    text = page(prepared(report, language), language)
    with _no_garbage_looked_for():
        written = HTML(string=text, url_fetcher=_fetch_nothing).write_pdf(pdf_variant=VARIANT)
    assert isinstance(written, bytes)
    return written


@contextmanager
def _no_garbage_looked_for() -> Iterator[None]:
    """The boxes of all pages live until the last is drawn: looking for garbage among them was a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fetch_nothing(url: str, *_args: object, **_options: object) -> NoReturn:
    """The page holds all that it shows: whatever asks for more is a mistake."""
    raise ValueError(f"the page asks for something outside itself: {url[:60]}")
