"""The block of figures about issues: what complaints were about, and what was found."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from procedures.terms import Outcome
from reports.figures.rounding import percent
from storage.tallies import Issues

TOP = 3
_SHOWN = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD, Outcome.NOT_UPHELD)


def top_themes(rows: Iterable[Issues]) -> list[str]:
    """The three themes with the most issues, most first, equal ones by the alphabet."""
    return _most_first(Counter[str](), rows)[:TOP]


def issue_block(rows: Collection[Issues], before: Collection[Issues], upheld: int, complaints: int) -> dict[str, Any]:
    """The block; `upheld` of all `complaints` have an upheld issue in a top theme."""
    themes = sorted({row.theme for row in (*rows, *before)})
    found = {theme: Counter[str | None]() for theme in themes}
    for row in rows:
        found[row.theme][row.outcome] += row.number
    top = top_themes(rows)
    in_some_part = [row for row in rows if row.outcome in (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)]
    return {
        "count": sum(row.number for row in rows),
        "by_theme": {
            theme: {"count": of.total(), **{outcome.value: of[outcome] for outcome in _SHOWN}} for theme, of in found.items()
        },
        "top_theme": top[0] if top else None,
        "top_themes": top,
        "top_themes_upheld_percent": percent(upheld, complaints),
        "upheld_themes": _most_first(Counter[str](), in_some_part),
    }


def _most_first(counted: Counter[str], rows: Iterable[Issues]) -> list[str]:
    for row in rows:
        counted[row.theme] += row.number
    return sorted(counted, key=lambda theme: (-counted[theme], theme))
