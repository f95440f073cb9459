"""A report in every format: each shows the same figures, since each is made of the same object.

`FORMATS` is the one list. The JSON of a report is its `figures`, and no business of this package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from reports.values import Report

Writer = Callable[[Report, str], bytes]


class NotWritten(Exception):
    """A format cannot be made of a report whose figures are whole: the message says why, and what to do meanwhile."""


@dataclass(frozen=True)
class Format:
    """A way to write a report down."""

    name: str
    suffix: str
    """Of its file, with the dot."""
    module: str
    writer: str
    """The function in that module, looked up when asked for: what only one format needs is not loaded for the others."""

    def write(self, report: Report, language: str = "en") -> bytes:
        """The file's bytes."""
        return self.load()(report, language)

    def load(self) -> Writer:
        """Import what writes it."""
        return cast(Writer, getattr(import_module(f"{__name__}.{self.module}"), self.writer))


FORMATS = {
    one.name: one
    for one in (
        Format("html", ".html", "page", "write_page"),
        Format("pdf", ".pdf", "pdf", "write_pdf"),
        Format("docx", ".docx", "word", "write_word"),
        Format("xlsx", ".xlsx", "workbook", "write_workbook"),
        Format("csv", ".zip", "separate", "write_zip"),
    )
}
"""By the name that `heard report --format` takes."""
