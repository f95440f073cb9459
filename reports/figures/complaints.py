"""The figures about complaints, from the counts of two periods."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from procedures.register_words import Activity
from procedures.terms import Kind, Outcome, Role
from procedures.working_days import WorkingCalendar
from reports.figures.activity import Known
from reports.figures.issues import issue_block
from reports.figures.periods import Period, month_before
from reports.figures.rounding import measure, measures, percent
from reports.figures.timeliness import WITHOUT, Times, as_figures, times_of
from storage.tallies import BEGINS, Begun, Received, Tally

UNKNOWN = "unknown"
TEAMS = "teams_by_month"
"""Where the figures hold them; in no JSON, and in no published report."""
SUCCESSFUL = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)
YOUNG = (Role.CHILD, Role.CARE_LEAVER)
STAGES = tuple(str(stage) for stage in BEGINS)


@dataclass(frozen=True)
class Counted:
    """Everything that figures are made of."""

    period: Period
    before: Period
    as_at: date
    directorate: str | None
    now: Tally
    then: Tally
    upheld: Mapping[str | None, int]
    """Complaints with an upheld issue in a top theme, of each procedure and (None) of all."""
    activity: Mapping[Activity, Known]
    activity_before: Mapping[Activity, Known]
    calendar: WorkingCalendar
    reaches_back: bool = True
    """Whether any case at all is on record from before the period."""
    corrected: int = 0
    """Dates of cases of this service that were corrected in the period."""

    @cached_property
    def times(self) -> dict[tuple[str, int], Times]:
        """Of each procedure and stage that was asked for: shares, means and tables need the same ones."""
        return {}

    @property
    def complaints(self) -> list[Received]:
        return complaints_of(self.now)

    @property
    def complaints_before(self) -> list[Received]:
        return complaints_of(self.then)


def complaints_of(tally: Tally) -> list[Received]:
    return [row for row in tally.received if row.kind == Kind.COMPLAINT]


def complaint_figures(counted: Counted) -> dict[str, Any]:
    """The block `complaints` of the report."""
    now, then = counted.complaints, counted.complaints_before
    received, received_before = total(now), total(then)
    informal = total(row for row in now if row.is_informal)
    return {
        "received": measure(received, received_before),
        "formal": _measured(now, then, lambda row: row.has_stage_1),
        "informal": measure(informal, total(row for row in then if row.is_informal)),
        "informal_percent": percent(informal, received),
        "by_procedure": _by(now, then, lambda row: row.procedure),
        "by_service": by_service_of(counted.now.by_service, counted.then.by_service, Kind.COMPLAINT),
        "by_team": measures(_teams(counted.now), _teams(counted.then)),
        "by_month": _by_month(counted),
        "by_channel": _by(now, then, lambda row: row.channel),
        "raised_by": _by(now, then, lambda row: row.raised_by),
        **_stages(counted),
        **_outcomes(now, then),
        "timeliness": timeliness(counted),
        "escalation": _escalation(now, then),
        "issues": _issues(counted, received),
        "by_directorate": _by_directorate(counted),
        **_shares(counted, now, received),
    }


def timeliness(counted: Counted) -> dict[str, Any]:
    """By procedure and stage."""
    return {
        procedure: {stage: as_figures(times(counted, procedure, int(stage))) for stage in STAGES}
        for procedure in procedures(counted)
        if procedure not in WITHOUT
    }


def times(counted: Counted, procedure: str, stage: int) -> Times:
    found = counted.times
    if (procedure, stage) not in found:
        found[procedure, stage] = times_of(procedure, stage, counted.now.timed[stage], counted.as_at, counted.calendar)
    return found[procedure, stage]


def procedures(counted: Counted) -> list[str]:
    """Each procedure that occurs: a complaint came, or a stage began, in either period."""
    found = {row.procedure for row in (*counted.complaints, *counted.complaints_before)}
    for tally in (counted.now, counted.then):
        found |= {row.procedure for rows in tally.begun.values() for row in rows}
    return sorted(procedure or UNKNOWN for procedure in found)


def total(rows: Iterable[Received | Begun]) -> int:
    return sum(row.number for row in rows)


def _measured(now: list[Received], then: list[Received], which: Callable[[Received], bool]) -> dict[str, Any]:
    return measure(*(total(row for row in rows if which(row)) for rows in (now, then)))


def _counts(rows: Iterable[Any], word: Callable[[Any], str | None]) -> Counter[str]:
    found = Counter[str]()
    for row in rows:
        found[word(row) or UNKNOWN] += row.number
    return found


def _by(now: Iterable[Any], then: Iterable[Any], word: Callable[[Any], str | None]) -> dict[str, Any]:
    return measures(_counts(now, word), _counts(then, word))


def _named(counts: Mapping[str, int]) -> Counter[str]:
    """What has no name is unknown, together with what is called so."""
    found = Counter[str]()
    for name, count in counts.items():
        found[name or UNKNOWN] += count
    return found


def by_service_of(now: Mapping[tuple[str, str], int], then: Mapping[tuple[str, str], int], kind: Kind) -> dict[str, Any]:
    of_now, of_then = (_named({name: count for (of, name), count in some.items() if of == kind}) for some in (now, then))
    return measures(of_now, of_then)


def _teams(tally: Tally) -> Counter[str]:
    found = Counter[str]()
    for (team, _), count in tally.by_team.items():
        found[team or UNKNOWN] += count
    return found


def teams_by_month(counted: Counted) -> dict[str, dict[str, int]]:
    """Of each team, in the order of the alphabet, the complaints that came in each month of the period."""
    months: dict[str, Counter[str]] = {team: Counter() for team in sorted(_teams(counted.now))}
    for (team, day), count in counted.now.by_team.items():
        months[team or UNKNOWN][f"{day:%Y-%m}"] += count
    return {team: {month: found[month] for month in counted.period.months} for team, found in months.items()}


def _by_month(counted: Counted) -> dict[str, Any]:
    now, then = (_months(tally) for tally in (counted.now, counted.then))
    return {month: measure(now[month], then[month_before(month)]) for month in counted.period.months}


def _months(tally: Tally) -> Counter[str]:
    found = Counter[str]()
    for (_, day), count in tally.by_team.items():
        found[f"{day:%Y-%m}"] += count
    return found


def _stages(counted: Counted) -> dict[str, Any]:
    every = procedures(counted)
    now, then = counted.now.begun, counted.then.begun
    outcomes = {
        procedure: {
            str(stage): found
            for stage, rows in now.items()
            if (found := stage_outcomes(r for r in rows if r.procedure == procedure))
        }
        for procedure in every
    }
    return {
        "stages": {
            procedure: {
                str(stage): measure(*(total(r for r in some[stage] if r.procedure == procedure) for some in (now, then)))
                for stage in BEGINS
            }
            for procedure in every
        },
        "stage_outcomes": outcomes,
        "withdrawn": {
            procedure: total(r for r in counted.complaints if r.procedure == procedure and r.is_withdrawn) for procedure in every
        },
        "resolved_at_stage": {str(stage): total(r for r in rows if r.is_resolved) for stage, rows in now.items()},
    }


def stage_outcomes(rows: Iterable[Begun]) -> dict[str, int]:
    """What stages found; without an outcome they are withdrawn or open."""
    return dict(sorted(_counts(rows, lambda row: row.outcome or ("withdrawn" if row.is_withdrawn else "open")).items()))


def _outcomes(now: list[Received], then: list[Received]) -> dict[str, Any]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    decided = {name: [r for r in rows if r.outcome and not r.is_withdrawn] for name, rows in (("", now), ("previous_", then))}
    words = {(row.procedure or UNKNOWN, row.outcome or "") for rows in decided.values() for row in rows}
    for name, rows in decided.items():
        of_procedure: dict[str, dict[str, int]] = {}
        for procedure, outcome in sorted(words):
            count = total(r for r in rows if (r.procedure or UNKNOWN) == procedure and r.outcome == outcome)
            of_procedure.setdefault(procedure, {})[outcome] = count
        found[f"{name}outcomes"] = of_procedure
    return found


def _escalation(now: list[Received], then: list[Received]) -> dict[str, float | None]:
    """Of the complaints that came in the period; one that went straight to stage 2 is in no rate of stage 1."""
    return {
        "stage_1_to_2_percent": _rate(now, "has_stage_1", "has_stage_2"),
        "previous_stage_1_to_2_percent": _rate(then, "has_stage_1", "has_stage_2"),
        "stage_2_to_3_percent": _rate(now, "has_stage_2", "has_stage_3"),
    }


def _rate(rows: list[Received], of: str, reached: str) -> float | None:
    among = [row for row in rows if getattr(row, of)]
    return percent(total(row for row in among if getattr(row, reached)), total(among))


def _issues(counted: Counted, received: int) -> dict[str, Any]:
    now, then = counted.now.issues, counted.then.issues
    every = {row.procedure for row in (*counted.complaints, *counted.complaints_before)}
    by_procedure = {}
    for procedure in sorted(word or UNKNOWN for word in every):
        of_now, of_then = ([row for row in rows if (row.procedure or UNKNOWN) == procedure] for rows in (now, then))
        complaints = total(row for row in counted.complaints if (row.procedure or UNKNOWN) == procedure)
        by_procedure[procedure] = issue_block(of_now, of_then, counted.upheld.get(procedure, 0), complaints)
    return issue_block(now, then, counted.upheld.get(None, 0), received) | {"by_procedure": by_procedure}


def _by_directorate(counted: Counted) -> dict[str, Any]:
    names = {row.directorate for row in (*counted.complaints, *counted.complaints_before)}
    for tally in (counted.now, counted.then):
        names |= {row.directorate for rows in tally.begun.values() for row in rows}
    if counted.directorate is not None:
        names = {counted.directorate}
    # one that has no name is unknown, together with one that is called so
    return {name: _directorate(counted, name) for name in sorted({name or UNKNOWN for name in names})}


def _directorate(counted: Counted, name: str) -> dict[str, Any]:
    def of(rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if (row.directorate or UNKNOWN) == name]

    now, then = ({stage: of(rows) for stage, rows in tally.begun.items()} for tally in (counted.now, counted.then))
    services = _counts(now[1], lambda row: row.service)
    services.update(dict.fromkeys(_counts(then[1], lambda row: row.service), 0))
    return {
        "informal": _measured(of(counted.complaints), of(counted.complaints_before), lambda row: row.is_informal),
        "stages": {str(stage): measure(total(now[stage]), total(then[stage])) for stage in BEGINS},
        "stage_outcomes": {str(stage): found for stage in BEGINS if (found := stage_outcomes(now[stage]))},
        "stage_1_by_service": dict(sorted(services.items())),
    }


def _shares(counted: Counted, now: list[Received], received: int) -> dict[str, Any]:
    successful = total(row for row in now if row.outcome in SUCCESSFUL and not row.is_withdrawn)
    contacts, referrals = (counted.activity[of].count for of in (Activity.CONTACTS, Activity.REFERRALS))
    return {
        "per_contact_percent": percent(received, contacts, 2),
        "per_referral_percent": percent(received, referrals, 2),
        "successful_per_contact_percent": percent(successful, contacts, 2),
        "directly_by_young_people_percent": percent(total(row for row in now if row.raised_by in YOUNG), received),
        "on_behalf_percent": percent(total(row for row in now if row.on_behalf_of_child), received),
    }
