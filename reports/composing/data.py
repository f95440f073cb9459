"""The figures as data, asked for by their path: each answer is a cell that knows whether it is withheld."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.figures.before import BEFORE
from reports.values import Cell, Unit

Step = str
PARTS = ("count", "previous", "change", "change_percent")
OWN_WORDS = "stage_1_by_service"
"""The one map whose plain counts stand under a council's own words, whatever those end in."""

_THEN = {"complaints.escalation.stage_1_to_2_percent": "complaints.escalation.previous_stage_1_to_2_percent"}
"""What has its own place in the figures for the period before, and is no measure."""


@dataclass(frozen=True)
class Data:
    """What `--format json` prints, and ways to ask it."""

    figures: Mapping[str, Any]
    hidden: frozenset[str]
    parts: Mapping[str, tuple[int, int]]
    """Of a share, by its path: what was counted, and out of what."""

    def at(self, *steps: Step) -> Any:
        """What stands there; None where a word did not occur."""
        found: Any = self.figures
        for step in steps:
            if not isinstance(found, Mapping) or step not in found:
                return None
            found = found[step]
        return found

    def words(self, *steps: Step) -> list[str]:
        """The words of a map, in its order."""
        found = self.at(*steps)
        return list(found) if isinstance(found, Mapping) else []

    def cell(self, *steps: Step) -> Cell:
        """One figure. A count of what did not occur is 0."""
        path, unit = ".".join(steps), _unit_of(steps)
        is_change = steps[-1] in PARTS[2:] and is_measure(self.at(*steps[:-1]))
        if path in self.hidden:
            return Cell(None, unit, path, is_hidden=True, is_change=is_change)
        value = self.at(*steps)
        if value is None and unit is Unit.COUNT and self.at(*steps[:-1]) is not None and steps[-1] not in self.at(*steps[:-1]):
            value = 0
        if value is None or isinstance(value, str):
            return Cell(value, unit, path, is_change=is_change)
        numerator, denominator = self.parts.get(path, (None, None))
        exact = value if isinstance(value, int) and unit is Unit.COUNT else Decimal(str(value))
        return Cell(exact, unit, path, numerator=numerator, denominator=denominator, is_change=is_change)

    @property
    def has_before(self) -> bool:
        """Whether what has no `previous` was counted of the period before, too: for staff, by a version that does."""
        return BEFORE in self.figures

    def before(self, *steps: Step) -> Cell | None:
        """The same figure of the period before; None where it was not counted."""
        path = ".".join(steps)
        if path in _THEN:
            return self.cell(*_THEN[path].split("."))
        return self.cell(BEFORE, *steps) if self.at(BEFORE, *steps[:-1]) is not None else None

    def measure(self, *steps: Step) -> tuple[Cell, Cell, Cell, Cell]:
        """A count in both periods, with its change."""
        count, previous, change, percent = (self.cell(*steps, part) for part in PARTS)
        return count, previous, change, percent


def data_of(figures: Mapping[str, Any]) -> Data:
    """The figures, with what they say of hidden cells and of what shares are made of."""
    parts = {path: (int(pair[0]), int(pair[1])) for path, pair in figures.get("parts", {}).items()}
    return Data(figures, frozenset(map(str, figures.get("hidden", ()))), parts)


def is_measure(found: object) -> bool:
    """Whether it is a count in both periods, with its change; and not a map of words of which one is "change"."""
    return isinstance(found, Mapping) and all(name in found for name in PARTS)


def _unit_of(steps: tuple[Step, ...]) -> Unit:
    name = steps[-1]
    if OWN_WORDS in steps[-2:-1]:
        return Unit.COUNT
    if name.endswith("_percent"):
        return Unit.PERCENT
    return Unit.WORKING_DAYS if name.endswith("working_days") else Unit.COUNT


def whole(cell: Cell) -> int | None:
    """The count in it; None for what is withheld or not known."""
    return cell.value if isinstance(cell.value, int) and not cell.is_hidden else None


def counts(cells: Iterator[Cell]) -> int | None:
    """Their sum; None if one of them is withheld or not known."""
    total = 0
    for cell in cells:
        number = whole(cell)
        if number is None:
            return None
        total += number
    return total
