"""The report as a tagged PDF, made from the same page by WeasyPrint (docs/decisions/054).

The library takes a second to load. `made_ready` loads it in a process beside this one while the figures are still being counted;
`write_pdf` gives that process the page, and prints here where there is none. `python -m reports.formats.pdf` is that process: the
page comes in, the PDF goes out, and a page of nothing ends it.
"""

import gc
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from reports.formats.page import page
from reports.formats.prepared import prepared
from reports.values import Report
from storage.beside import start_beside

VARIANT = "pdf/ua-1"
"""ISO 14289-1: every part has its tag, its language and its words for those who do not see it."""
_READY: list["subprocess.Popen[bytes]"] = []
_WARM = "<p>1</p>"


class NoPdf(RuntimeError):
    """A library of the system that the PDF needs is missing."""


@contextmanager
def made_ready() -> Iterator[None]:
    """Start the process that will print, so that it is ready when the page is. It has ended when this ends."""
    printing = start_beside("reports.formats.pdf", is_ended_by_ctrl_c=False)
    _READY.append(printing)
    try:
        yield
    finally:
        _READY.clear()
        with printing:
            printing.kill()


def write_pdf(report: Report, language: str = "en") -> bytes:
    """The PDF. Raises NoPdf where Pango is not installed on the machine."""
    text = page(prepared(report, language), language)
    if _READY:
        printing = _READY.pop()
        made, _ = printing.communicate(text.encode())
        if printing.returncode == 0:
            return made
    return printed(text)  # what went wrong beside us is said by trying here


def printed(text: str) -> bytes:
    """The page as a PDF, printed in this process. Raises NoPdf."""
    for name in ("weasyprint", "fontTools"):  # they tell of each style that paper has no use for
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from weasyprint import HTML  # noqa: PLC0415 - it takes a second, and needs libraries that other formats do without
    except OSError as error:
        raise NoPdf(
            "A PDF needs Pango, which is not installed on this machine. On Debian and Ubuntu: apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0. The other formats need nothing more."
        ) from error
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


def _print_one() -> None:
    try:
        printed(_WARM)  # loads the library, and what it reads of the machine's fonts
    except NoPdf:
        sys.exit(1)  # it is said where the report is asked for
    if text := sys.stdin.buffer.read().decode():
        sys.stdout.buffer.write(printed(text))


if __name__ == "__main__":
    _print_one()
