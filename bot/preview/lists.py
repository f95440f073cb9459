"""Invented lists for staff: morning bundles and weekly digests, short and long. References, teams and dates, as in real ones."""

from datetime import date, timedelta
from typing import Any

from casework.reference import ALPHABET, check_symbol, printed
from notifications.digest import Digest, View
from notifications.digest.decisions import Decisions
from notifications.digest.figures import DIRECTORS_LINES_FROM, Changes, Duty, Promised, Safety, ServiceState, WeekFigures
from procedures.working_days import WorkingCalendar

MONDAY = date(2026, 6, 15)
LONG_TEAM = "Family Help and Early Support, Anytown East and the Villages"
TEAMS = ("Team North", "Team North", "Leaving Care", LONG_TEAM, "Team Assess", "Duty", "Team North", "")
CLOCKS = (("s1_response", 1), ("s1_response", 1), ("s2_response", 2), ("response", 1), ("acknowledgement", 1))
CALENDAR = WorkingCalendar.of("england")
MANY = 21


def reference(number: int) -> str:
    """An invented reference whose check symbol holds, another for each number."""
    spread = (number + 7) * 48_271_091_533 % len(ALPHABET) ** 9
    body = "".join(ALPHABET[spread // len(ALPHABET) ** place % len(ALPHABET)] for place in range(9))
    return printed(body + check_symbol(body))


def late(number: int, worst: int = 11) -> list[Duty]:
    """So many late duties, oldest first: from `worst` working days down to one."""
    return [_duty(at, -1 - (worst - 1) * (number - 1 - at) // max(1, number - 1)) for at in range(number)]


def due(number: int) -> list[Duty]:
    """So many duties of this week, by day."""
    return [_duty(40 + at, at * 5 // number) for at in range(number)]


def _duty(at: int, days: int) -> Duty:
    """A duty of the invented list, due so many working days after Monday, or late by so many where that is less than none."""
    clock, stage = CLOCKS[at % len(CLOCKS)]
    due_on = CALENDAR.add_working_days(MONDAY, days) if days > 0 else CALENDAR.subtract_working_days(MONDAY, -days)
    return Duty(reference(at), TEAMS[at % len(TEAMS)], stage, clock, due_on, max(0, -days), days < 0)


def digests() -> dict[str, dict[str, Any]]:
    """A usual week for each reader, a bad one and a good one."""
    usual, bad = (late(3), due(5)), (late(MANY, worst=23), due(12))
    council, director = View(None, safety=True), View(None, lines_from=DIRECTORS_LINES_FROM, due_lines=False, safety=True)
    team, officer = View(frozenset({LONG_TEAM})), View(None, safety=True, service=True)
    return {
        "to the head of service": _digest(council, *usual).facts,
        "to the head of service, a bad week": _digest(council, *bad, late_last_week=14).facts,
        "to the director": _digest(director, *bad, late_last_week=14).facts,
        "to the complaints officer": _digest(officer, *usual, service=ServiceState()).facts,
        "to the complaints officer, in trouble": _digest(officer, *bad, late_last_week=14, service=IN_TROUBLE).facts,
        "to a team manager": _digest(team, late(1), due(1)).facts,
        "to the head of service, nothing late": _digest(council, [], [], late_last_week=1).facts,
    }


IN_TROUBLE = ServiceState(2, ("mailbox",), 1, 1, date(2026, 12, 31), staying=3)


def _digest(
    view: View, late: list[Duty], due: list[Duty], *, late_last_week: int = 2, service: ServiceState | None = None
) -> Digest:
    return Digest(
        day=MONDAY,
        week_to=MONDAY - timedelta(days=1),
        view=view,
        late=tuple(late),
        late_last_week=late_last_week,
        due=tuple(due),
        on_track=13,
        weeks=(
            WeekFigures(new=9, young=3, answered=8, in_10=5, in_20=7, open=13 + len(late) + len(due), thanks=4),
            WeekFigures(new=7, young=1, answered=9, in_10=6, in_20=9, open=20, thanks=6),
            WeekFigures(new=12, young=2, answered=11, in_10=7, in_20=10, open=18, thanks=2),
        ),
        changes=Changes(step_2=2, finished=5, right=2, partly=2, not_right=1, stopped=1, corrected=1),
        thanks=(("Team Adopt", 2), ("Leaving Care", 1), (LONG_TEAM, 1)),
        promised=Promised(open=3, late=1, done=2) if len(late) > 1 else Promised(0, 0, 0),
        safety=Safety(alerts=2, dealt_with=1, open_in_all=1) if view.safety else None,
        service=service,
        decisions=Decisions(open=4, late=2, route_doubts=1) if view.service else None,
    )


def reminders() -> dict[str, dict[str, Any]]:
    """A usual morning, a single line, and a long list."""
    tasks = [_line(reference(60), "confirm_route"), _line(reference(61), "safety"), _line("", "place_letter")]
    today = [_line(reference(70), "s1_response", stage=1), {**_line(reference(72), "action"), "action": 7}]
    soon = [_line(reference(71), "s2_response", stage=2, days=2, on=17)]
    bundles = {
        "to the complaints officer": (_lines(late(3)), today, soon, tasks),
        "to a manager, one late": (_lines(late(1)), [], [], []),
        "to a manager, two days left": ([], [], soon, []),
        "to the complaints officer, a long list": (_lines(late(MANY, worst=23)), today, soon, tasks),
    }
    names = ("overdue", "due_today", "due_soon", "tasks")
    who = {"person_name": "Oluwaseun Featherstonehaugh-Ramsbottom", "day": MONDAY.isoformat()}
    return {form: {**who, **dict(zip(names, groups, strict=True))} for form, groups in bundles.items()}


def _lines(duties: list[Duty]) -> list[dict[str, Any]]:
    return [{**duty.facts, "what": ""} for duty in duties]


def _line(case: str, clock: str, *, stage: int = 0, days: int = 0, on: int = 15) -> dict[str, Any]:
    named = {"reference": case, "clock": clock, "stage": stage, "days": days, "team": "Team North" if stage else ""}
    return {**named, "due_on": date(2026, 6, on).isoformat(), "what": ""}
