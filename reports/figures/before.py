"""What the period before was, where the figures of this one have no `previous`: times, shares, issues, withdrawals, learning.

It is counted as its own report on the same data date counts it, so the two cannot disagree. For staff alone: the rules that
withhold small numbers do not know these figures, and no published report has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reports.figures.complaints import Counted
from reports.figures.fractions import fractions_of
from reports.figures.measured import LONGEST, MEASURED, longest_of, means_of, measured_figures
from reports.figures.whole import figures_of

BEFORE = "before"
"""Where the figures of a staff's report hold it, by the paths of this period: `before.complaints.informal_percent`."""
_OF_COMPLAINTS = (
    "informal_percent",
    "stage_outcomes",
    "withdrawn",
    "resolved_at_stage",
    "timeliness",
    "per_contact_percent",
    "per_referral_percent",
    "successful_per_contact_percent",
    "directly_by_young_people_percent",
    "on_behalf_percent",
)
_OF_DIRECTORATES = ("stage_outcomes", "stage_1_by_service")
_OF_ISSUES = ("count", "by_theme")
_STEP = "stage_2_to_3_percent"


@dataclass(frozen=True)
class Before:
    """Each by its path in the figures: with `before.` where it stands beside this period's."""

    figures: dict[str, Any]
    """What stands in no JSON is under MEASURED and LONGEST."""
    parts: dict[str, tuple[int, int | None]]
    """Numerator and denominator of each share, also of nothing."""
    means: dict[str, tuple[int, int]]


def before_of(counted: Counted) -> Before:
    """What a staff's report tells of the period before."""
    then = turned(counted)
    figures = _figures(then)
    shown = {f"{BEFORE}.{path}" for path in _paths(figures)}
    parts = {f"{BEFORE}.{path}": pair for path, pair in fractions_of(then).items()}
    means = {f"{BEFORE}.{path}": pair for path, pair in means_of(then).items()}
    return Before(figures, {path: pair for path, pair in parts.items() if path in shown}, means)


def _figures(then: Counted) -> dict[str, Any]:
    every = figures_of(then)
    complaints, issues = every["complaints"], every["complaints"]["issues"]
    of_issues = _some(issues, _OF_ISSUES) | {
        "by_procedure": {name: _some(block, _OF_ISSUES) for name, block in issues["by_procedure"].items()}
    }
    of_complaints = {
        "escalation": {_STEP: complaints["escalation"][_STEP]},
        "issues": of_issues,
        "by_directorate": {name: _some(of, _OF_DIRECTORATES) for name, of in complaints["by_directorate"].items()},
    }
    return {
        "complaints": _some(complaints, _OF_COMPLAINTS) | of_complaints,
        "compliments": _some(every["compliments"], ("by_source",)),
        "ombudsman": {body: _some(found, ("by_kind", "decided")) for body, found in every["ombudsman"].items()},
        "learning": every["learning"],
        MEASURED: measured_figures(then),
        LONGEST: longest_of(then),
    }


def turned(counted: Counted) -> Counted:
    """The period before as the one that is reported on. Its words are those of both, as they are here."""
    return replace(
        counted,
        period=counted.before,
        before=counted.period,
        now=counted.then,
        then=counted.now,
        upheld={},
        activity=counted.activity_before,
    )


def _some(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names}


def _paths(found: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, value in found.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from _paths(value, here)
        else:
            yield here
