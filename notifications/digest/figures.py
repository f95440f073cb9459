"""What a digest says, worked out from cases and dates alone.

Counts and references, no names and no story. Every day counted is a working day; how soon an answer came is counted from the
day after the complaint was received, whatever the procedure (people-and-safety.md §4.2: the measure councils publish).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from casework.council import Council, Person, StaffRole
from casework.office import Office
from casework.progress import Running
from notifications.digest.decisions import Decisions, ToDecide, counted
from notifications.digest.passages import Passage, cannot_be_timed
from notifications.on_desk import CaseOnDesk, Standings
from notifications.promises import Promise
from procedures.clocks import judge
from procedures.terms import Kind, Outcome, Role, Timeliness
from procedures.working_days import WorkingCalendar

WEEK = timedelta(days=7)
YEAR = timedelta(weeks=52)
"""The same week last year: the same days of the week."""
FEW = 10
"""Under so many only counts are printed, no percentages."""
MOST_LINES = 30
"""A mail that nobody reads to its end helps nobody; the rest is a number and a command."""
DIRECTORS_LINES_FROM = 10
YOUNG = (Role.CHILD, Role.CARE_LEAVER)
ROWS = ("new", "young", "answered", "in_10", "in_20", "open", "thanks")
_SHARES = {"young": "new", "in_10": "answered", "in_20": "answered"}


@dataclass(frozen=True, slots=True)
class Duty:
    """A case as a line of the digest: what is owed first, and how it stands."""

    reference: str
    team: str
    stage: int
    clock: str
    due_on: date
    days: int
    """Working days late; 0 while in time."""
    is_late: bool

    @property
    def facts(self) -> dict[str, Any]:
        named = {"reference": self.reference, "team": self.team, "stage": self.stage, "clock": self.clock, "days": self.days}
        return named | {"due_on": self.due_on.isoformat()}


@dataclass(frozen=True, slots=True)
class Weighed:
    """An open complaint on the day of the digest, and whether it was late a week before."""

    case: CaseOnDesk
    duty: Duty | None
    """None where nothing with a date is owed."""
    is_uncounted: bool = False
    """A date of it lies beyond the calendar."""


@dataclass(frozen=True)
class View:
    """What a recipient is shown. Managers and heads of one team never see safety: an alert may be about that very team."""

    teams: frozenset[str] | None
    """None: the whole council."""
    lines_from: int = 0
    """Late cases are listed from so many days on."""
    due_lines: bool = True
    safety: bool = False
    service: bool = False
    """Quarantine, silent doors, undelivered letters."""
    without: frozenset[str] = frozenset()
    """Cases that are kept from the reader: not in a line, and not in a number that would tell of one."""


@dataclass(frozen=True)
class Safety:
    """Alerts of the week, and how far they were dealt with."""

    alerts: int
    dealt_with: int
    open_in_all: int


@dataclass(frozen=True)
class Promised:
    """Actions that follow from cases: they are chased though a case is closed."""

    open: int
    late: int
    done: int
    """In the week."""


@dataclass(frozen=True)
class ServiceState:
    """How the service itself is: known only of today."""

    quarantined: int = 0
    silent: tuple[str, ...] = ()
    undelivered: int = 0
    unsure: int = 0
    calendar_ends: date | None = None
    """When the known bank holidays end, if that is near."""
    staying: int = 0
    """Letters taken for a machine's that are not erased before a person has looked."""


@dataclass(frozen=True)
class Records:
    """Everything that the digests of one morning are made from."""

    passages: Sequence[Passage]
    weighed: Sequence[Weighed]
    late_a_week_ago: frozenset[str]
    corrected: Sequence[str] = ()
    """Cases of which an event was corrected in the week; one entry an event."""
    safety: Safety = Safety(0, 0, 0)
    promises: Sequence[Promise] = ()
    """What was promised because of cases: open, or done in the week."""
    service: ServiceState | None = None
    """None where it cannot be known: on a day that is past."""
    to_decide: Sequence[ToDecide] = ()


@dataclass(frozen=True)
class WeekFigures:
    """The numbers of one week."""

    new: int = 0
    young: int = 0
    answered: int = 0
    in_10: int = 0
    in_20: int = 0
    open: int = 0
    thanks: int = 0


@dataclass(frozen=True)
class Changes:
    """What moved in the week."""

    step_2: int = 0
    step_3: int = 0
    finished: int = 0
    right: int = 0
    partly: int = 0
    not_right: int = 0
    stopped: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class Digest:
    """The digest of a day, for everyone who is shown the same."""

    day: date
    week_to: date
    view: View
    late: tuple[Duty, ...]
    """Oldest first, all of them."""
    late_last_week: int
    due: tuple[Duty, ...]
    on_track: int
    weeks: tuple[WeekFigures, WeekFigures, WeekFigures]
    """This week, last week, the same week last year."""
    changes: Changes
    thanks: tuple[tuple[str, int], ...]
    promised: Promised
    safety: Safety | None
    service: ServiceState | None
    decisions: Decisions | None = None
    """Only for who decides."""
    uncounted: tuple[str, ...] = ()
    """Open cases of which a date cannot be counted (those that are neither late nor due are not on track either), and what was
    answered in the week of the digest, nobody can count within how many days."""

    @property
    def facts(self) -> dict[str, Any]:
        """What the template is given."""
        listed = [duty for duty in self.late if duty.days >= self.view.lines_from]
        due = self.due if self.view.due_lines else ()
        return {
            "day": self.day.isoformat(),
            "week_to": self.week_to.isoformat(),
            "teams": sorted(self.view.teams) if self.view.teams is not None else [],
            "late_count": len(self.late),
            "late_last_week": self.late_last_week,
            "oldest": self.late[0].facts if self.late else None,
            "late": [duty.facts for duty in listed[:MOST_LINES]],
            "late_more": max(0, len(listed) - MOST_LINES),
            "lines_from": self.view.lines_from,
            "due_count": len(self.due),
            "due_first": self.due[0].due_on.isoformat() if self.due else None,
            "due": [duty.facts for duty in due[:MOST_LINES]],
            "due_more": max(0, len(due) - MOST_LINES),
            "on_track": self.on_track,
            "uncounted": list(self.uncounted),
            "rows": [{"name": name, "cells": [_cell(week, name) for week in self.weeks]} for name in ROWS],
            "changes": _named(self.changes),
            "thanks": [{"team": team, "count": count} for team, count in self.thanks],
            "thanks_count": self.weeks[0].thanks,
            "promised": _named(self.promised),
            "safety": _named(self.safety) if self.safety else None,
            "service": _named(self.service) if self.service else None,
            "decisions": _named(self.decisions) if self.decisions else None,
        }


def weigh(cases: Iterable[CaseOnDesk], standings: Standings) -> list[Weighed]:
    """How each case stands on the day of `standings`."""
    return [Weighed(case, _duty(case, standings), bool(standings.of(case).uncounted)) for case in cases]


def late_on(cases: Iterable[CaseOnDesk], before: Standings, now: Standings) -> frozenset[str]:
    """Which cases had something late on the earlier day. Where nothing happened since, the same dates are judged again."""
    return frozenset(case.reference for case in cases if _was_late(case, before, now))


def _was_late(case: CaseOnDesk, before: Standings, now: Standings) -> bool:
    if all(on <= before.today for on in case.events.values()):
        judged = (judge(one.deadline.due_on, one.stopped_on, before.today) for one in now.owed(case))
    else:
        judged = (one.timeliness for one in before.owed(case))
    return Timeliness.OPEN_LATE in judged


def view_of(person: Person, council: Council) -> View | None:
    """The slice that a person gets; none for a manager of no team."""
    if person.role is StaffRole.OFFICER:
        return View(None, safety=True, service=True)
    if person.role is StaffRole.DIRECTOR:
        return View(None, lines_from=DIRECTORS_LINES_FROM, due_lines=False, safety=True)
    if person.role is StaffRole.HEAD_OF_SERVICE:
        return View(frozenset({person.team}) if person.team else None, safety=not person.team)
    teams = {team.name for team in council.teams if team.manager and council.person(team.manager) == person}
    teams |= {person.team} if person.team else set()
    return View(frozenset(teams)) if teams else None


def compile_digest(records: Records, office: Office, today: date, view: View) -> Digest:
    """The digest of `today` for one view. Its week ends the day before the last day that a digest was due (a Monday)."""
    council = office.council
    anchor = today - timedelta(days=(today.weekday() - council.digest_weekday) % 7)
    of_the_teams = [one for one in records.passages if view.teams is None or one.team in view.teams]
    passages = [one for one in of_the_teams if one.reference not in view.without]
    shown = {one.reference for one in passages}
    is_open = {one.reference for one in passages if one.is_open(today)}
    duties = [one.duty for one in records.weighed if one.duty and one.case.reference in is_open]
    duties.sort(key=lambda duty: (duty.due_on, duty.reference))
    late = tuple(duty for duty in duties if duty.is_late)
    due = tuple(duty for duty in duties if not duty.is_late and duty.due_on < anchor + WEEK)
    uncounted = {one.case.reference for one in records.weighed if one.is_uncounted} & is_open
    answered = (one for one in passages if one.kind is Kind.COMPLAINT and _within(one.answered, anchor - WEEK, anchor))
    not_timed = {one.reference for one in answered if cannot_be_timed(one, office.calendar)}
    was_open = {one.reference for one in passages if one.is_open(today - WEEK)}
    return Digest(
        day=today,
        week_to=anchor - timedelta(days=1),
        view=view,
        late=late,
        late_last_week=len(records.late_a_week_ago & was_open),
        due=due,
        on_track=len(is_open) - len({*uncounted, *(duty.reference for duty in (*late, *due))}),
        uncounted=tuple(sorted(uncounted | not_timed)),
        weeks=(
            _week(passages, office.calendar, anchor - WEEK, len(is_open)),
            _week(passages, office.calendar, anchor - 2 * WEEK, len(was_open)),
            _week(passages, office.calendar, anchor - WEEK - YEAR, sum(one.is_open(today - YEAR) for one in passages)),
        ),
        changes=_changes(passages, anchor, sum(reference in shown for reference in records.corrected)),
        thanks=_thanks(passages, anchor),
        promised=_promised(records.promises, view, anchor, today),
        safety=records.safety if view.safety else None,
        service=records.service if view.service else None,
        decisions=counted(records.to_decide, view.without) if view.service else None,
    )


def _week(passages: Iterable[Passage], calendar: WorkingCalendar, first: date, are_open: int) -> WeekFigures:
    """The numbers of the seven days from `first`; how many were open on its day is known already."""
    found, end = Counter[str](open=are_open), first + WEEK
    for one in passages:
        if first <= one.received < end:
            found["thanks"] += one.kind is Kind.COMPLIMENT
            found["new"] += one.kind is Kind.COMPLAINT
            found["young"] += one.kind is Kind.COMPLAINT and one.raised_by in YOUNG
        if one.kind is Kind.COMPLAINT and one.answered and first <= one.answered < end:
            found["answered"] += 1
            if cannot_be_timed(one, calendar):
                continue
            taken = calendar.count_working_days(one.received, one.answered)
            found["in_10"] += taken <= 10
            found["in_20"] += taken <= 20
    return WeekFigures(**{name: found[name] for name in ROWS})


def _changes(passages: Iterable[Passage], anchor: date, corrected: int) -> Changes:
    found, first = Counter[str](), anchor - WEEK
    by_outcome = {Outcome.UPHELD: "right", Outcome.PARTIALLY_UPHELD: "partly", Outcome.NOT_UPHELD: "not_right"}
    for one in passages:
        if one.kind is not Kind.COMPLAINT:
            continue
        found["step_2"] += _within(one.s2_requested, first, anchor)
        found["step_3"] += _within(one.s3_requested, first, anchor)
        if _within(one.withdrawn, first, anchor):
            found["stopped"] += 1
        elif _within(one.closed, first, anchor):
            found["finished"] += 1
            if one.outcome in by_outcome:
                found[by_outcome[one.outcome]] += 1
    return Changes(**found, corrected=corrected)


def _thanks(passages: Iterable[Passage], anchor: date) -> tuple[tuple[str, int], ...]:
    by_team = Counter(
        one.team for one in passages if one.kind is Kind.COMPLIMENT and _within(one.received, anchor - WEEK, anchor)
    )
    return tuple(sorted(by_team.items(), key=lambda item: (-item[1], item[0])))


def _promised(promises: Iterable[Promise], view: View, anchor: date, today: date) -> Promised:
    of_the_teams = [one for one in promises if view.teams is None or one.team in view.teams]
    shown = [one for one in of_the_teams if one.reference not in view.without]
    still_open = [one for one in shown if one.is_open(today)]
    late = sum(one.due_on < today for one in still_open)
    return Promised(len(still_open), late, sum(_within(one.done_on, anchor - WEEK, anchor) for one in shown))


def _duty(case: CaseOnDesk, standings: Standings) -> Duty | None:
    owed = standings.owed(case)
    if not owed:
        return None
    first: Running = owed[0]
    return Duty(
        case.reference,
        case.team,
        standings.of(case).stage,
        first.deadline.clock,
        first.deadline.due_on,
        first.working_days_late,
        first.timeliness is Timeliness.OPEN_LATE,
    )


def _cell(week: WeekFigures, name: str) -> dict[str, int | None]:
    count: int = getattr(week, name)
    of: int | None = getattr(week, _SHARES[name]) if name in _SHARES else None
    percent = (200 * count + of) // (2 * of) if of is not None and of >= FEW else None
    return {"count": count, "of": of, "percent": percent}


def _named(values: Changes | Promised | Safety | ServiceState | Decisions) -> dict[str, Any]:
    """A value's fields as JSON."""
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in asdict(values).items()
    }


def _within(day: date | None, first: date, end: date) -> bool:
    return day is not None and first <= day < end
