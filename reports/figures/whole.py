"""All figures together, as `heard report --format json` prints them, but for the notes."""

from collections import Counter
from typing import Any

from procedures.terms import Kind
from reports.figures.complaints import UNKNOWN, Counted, by_service_of, complaint_figures, total
from reports.figures.rounding import measure


def figures_of(counted: Counted) -> dict[str, Any]:
    """Every figure of the report."""
    return {
        "period": counted.period.as_json(),
        "compared_with": counted.before.as_json(),
        "as_at": counted.as_at.isoformat(),
        "directorate": counted.directorate,
        "complaints": complaint_figures(counted),
        "compliments": _compliments(counted),
        "comments": {"received": _received(counted, Kind.COMMENT)},
        "enquiries": {"received": _received(counted, Kind.ENQUIRY)},
        "ombudsman": _ombudsman(counted),
        "learning": _learning(counted),
    }


def _received(counted: Counted, kind: Kind) -> dict[str, Any]:
    return measure(*(total(row for row in tally.received if row.kind == kind) for tally in (counted.now, counted.then)))


def _compliments(counted: Counted) -> dict[str, Any]:
    sources = Counter[str]()
    for tally, counts in ((counted.now, 1), (counted.then, 0)):
        for row in tally.received:
            if row.kind == Kind.COMPLIMENT:
                sources[row.raised_by or UNKNOWN] += row.number * counts
    return {
        "received": _received(counted, Kind.COMPLIMENT),
        "by_source": dict(sorted(sources.items())),
        "by_service": by_service_of(counted.now.by_service, counted.then.by_service, Kind.COMPLIMENT),
    }


def _ombudsman(counted: Counted) -> dict[str, Any]:
    now, then = counted.now.enquiries, counted.then.enquiries
    bodies = {body for some in (now, then) for counts in (some.received, some.decided) for body, _ in counts}
    return {body: _body(counted, body) for body in sorted(bodies)}


def _body(counted: Counted, body: str) -> dict[str, Any]:
    now, then = counted.now.enquiries, counted.then.enquiries
    kinds = {kind for some in (now, then) for of, kind in some.received if of == body}
    outcomes = {outcome for some in (now, then) for of, outcome in some.decided if of == body}
    came = [sum(count for (of, _), count in some.received.items() if of == body) for some in (now, then)]
    return {
        "enquiries": measure(came[0], came[1]),
        "by_kind": {kind: now.received[body, kind] for kind in sorted(kinds)},
        "decided": {outcome or UNKNOWN: now.decided[body, outcome] for outcome in sorted(outcomes, key=str)},
    }


def _learning(counted: Counted) -> dict[str, int]:
    rows = counted.now.learned
    actions, done = sum(row.number for row in rows), sum(row.number for row in rows if row.done_on)
    overdue = sum(row.number for row in rows if not row.done_on and row.due_on and row.due_on < counted.as_at)
    return {"actions": actions, "done": done, "overdue": overdue, "open": actions - done - overdue}
