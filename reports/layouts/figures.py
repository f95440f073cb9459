"""Figures of a report by their path: as cells, for tables that a layout makes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reports.composing.data import OWN_WORDS, is_measure
from reports.composing.wording import wording
from reports.layouts.reading import LayoutError
from reports.values import Cell, Report, Unit

_FREE = {
    "by_procedure",
    "by_service",
    "by_team",
    "by_month",
    "by_channel",
    "raised_by",
    "stages",
    "outcomes",
    "previous_outcomes",
    "stage_outcomes",
    "withdrawn",
    "resolved_at_stage",
    "timeliness",
    "by_theme",
    "by_directorate",
    "stage_1_by_service",
    "by_source",
    "by_kind",
    "decided",
    "ombudsman",
    "1",
    "2",
    "3",
}
"""The maps in which a word that did not occur is absent, and means 0 (the report's contract)."""
PARTS = ("count", "previous", "change", "change_percent")


class Figures:
    """The figures of one report. A cell that a table already has is taken from there, with what it was divided from."""

    def __init__(self, report: Report) -> None:
        self._figures = report.figures
        self._hidden = frozenset(map(str, report.figures.get("hidden", ())))
        tables = (cell for table in report.tables for row in table.rows for cell in row.cells)
        self._cells = {cell.path: cell for cell in tables if cell.path}
        self._titles = {
            cell.path.rpartition(".")[0] if cell.path.rpartition(".")[2] in PARTS else cell.path: row.title
            for table in report.tables
            for row in table.rows
            for cell in row.cells
            if cell.path and f".{row.name}." in f".{cell.path}."
        }

    def has(self, path: str) -> bool:
        """Whether the report has a figure, or figures, of that path."""
        found: Any = self._figures
        for step in self._steps(path):
            if not isinstance(found, Mapping) or step not in found:
                return False
            found = found[step]
        return True

    def _steps(self, path: str) -> Iterator[str]:
        """The steps of a path. A council's own word may hold full stops: at each place the longest word that is there counts."""
        found: Any = self._figures
        left = path.split(".")
        while left:
            words = (".".join(left[:number]) for number in range(len(left), 0, -1)) if isinstance(found, Mapping) else ()
            step = next((word for word in words if word in found), left[0])
            yield step
            found = found.get(step) if isinstance(found, Mapping) else None
            left = left[step.count(".") + 1 :]

    def at(self, path: str) -> Any:
        """What the figures hold there; nothing for a word that did not occur. Raises LayoutError where no report has it."""
        found: Any = self._figures
        walked: list[str] = []
        for step in self._steps(path):
            if isinstance(found, Mapping) and step in found:
                found = found[step]
            elif found is None or (isinstance(found, Mapping) and _takes_any_word(found, walked)):
                found = None
            else:
                raise LayoutError(f"There is no figure {path}: nothing is called {step} there.")
            walked.append(step)
        return found

    def cell(self, path: str) -> Cell:
        """The figure of that path."""
        if path in self._cells:
            return self._cells[path]
        unit = _unit_of(path)
        whole, _, name = path.rpartition(".")
        is_change = name in PARTS[2:] and self.has(whole) and is_measure(self.at(whole))
        if path in self._hidden:
            return Cell(None, unit, path, is_hidden=True, is_change=is_change)
        value = self.at(path)
        if isinstance(value, Mapping | list):
            raise LayoutError(f"{path} is not one figure but several: name one of them.")
        if isinstance(value, float | int) and not isinstance(value, bool):
            return Cell(
                value if isinstance(value, int) and unit is Unit.COUNT else Decimal(str(value)), unit, path, is_change=is_change
            )
        absent = 0 if value is None and unit is Unit.COUNT and not self.has(path) else None
        return Cell(value if isinstance(value, str) else absent, unit, path, is_change=is_change)

    def compared(self, path: str) -> tuple[Cell, Cell, Cell]:
        """A measure in both periods, and the change; a plain figure has only the first."""
        value = self.at(path)
        if isinstance(value, Mapping) and "count" in value and "previous" in value:
            return self.cell(f"{path}.count"), self.cell(f"{path}.previous"), self.cell(f"{path}.change")
        if value is None and not self.has(path) and path not in self._hidden:
            return Cell(0, path=path), Cell(None), Cell(None)
        return self.cell(path), Cell(None), Cell(None)

    def keys(self, path: str) -> Iterator[tuple[str, str]]:
        """Of a map: each word with what a reader calls it."""
        found = self.at(path)
        if found is None:
            return
        if not isinstance(found, Mapping):
            raise LayoutError(f"{path} is one figure: give its row a title.")
        for key in found:
            yield key, self._titles.get(f"{path}.{key}") or _called(str(key))


def _called(word: str) -> str:
    """What no table of the report has: one of our words as a reader knows it; a council's own stays as it is."""
    known = wording("en").terms.values()
    return next((str(of[word]) for of in known if isinstance(of, Mapping) and word in of), word)


def is_ours(word: str) -> bool:
    """Whether it is a word of heard's own, which may occur in one period and not in another."""
    return any(word in of for of in wording("en").terms.values() if isinstance(of, Mapping))


def _takes_any_word(found: Mapping[str, Any], walked: list[str]) -> bool:
    """Whether the keys of this map are words that occurred, so that others mean 0; not the names of what a figure is made of."""
    if walked and walked[-1] in _FREE:
        return True
    is_fixed = any(name in found for name in ("count", "answered", "informal", "enquiries", "by_theme"))
    return not is_fixed and not _FREE.isdisjoint(walked)


def _unit_of(path: str) -> Unit:
    name = path.rpartition(".")[2]
    if f".{OWN_WORDS}." in path:
        return Unit.COUNT
    if name.endswith("_percent"):
        return Unit.PERCENT
    return Unit.WORKING_DAYS if name.endswith("working_days") else Unit.COUNT
