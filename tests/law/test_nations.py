"""Another nation's law is a file: the program knows none by its name, and every nation's own file is enough."""

import re
from datetime import date
from pathlib import Path

import pytest

from procedures.clocks import ClockRule
from procedures.facts import Facts, Matter
from procedures.rulebook import shipped_rulebook
from procedures.scope import decide
from procedures.terms import ClockKind, Event, Procedure, Route
from procedures.working_days import WorkingCalendar, read_calendars

PROJECT = Path(__file__).parents[2]
ROOMS = ("bot", "casework", "intake", "notifications", "procedures", "reports", "storage", "templates")
OTHERS = sorted(set(read_calendars()) - {"england"})


def programs() -> list[Path]:
    found = [file for room in ROOMS for file in (PROJECT / room).rglob("*.py")]
    assert len(found) > 100
    return found


@pytest.mark.parametrize("nation", OTHERS)
def test_no_program_text_knows_another_nation_by_name(nation: str) -> None:
    words = re.compile(nation.replace("_", "[ _]"), re.IGNORECASE)

    assert [file.name for file in programs() if words.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("nation", OTHERS)
def test_each_nation_has_a_calendar_and_a_first_date_for_a_complaint(nation: str) -> None:
    received = {Event.RECEIVED: WorkingCalendar.of(nation).known_from.replace(year=2025, month=4, day=16)}
    found = shipped_rulebook().deadlines(Procedure.STATUTORY, received, WorkingCalendar.of(nation))

    assert found
    assert all(one.authority for one in found)


def test_section_47_is_in_where_the_file_of_the_nation_lists_it_and_out_elsewhere() -> None:
    """law.md 1.3, F-47."""
    asked = Facts(matters=frozenset({Matter.SECTION_47}))
    assert decide(asked).route is not Route.STAT

    there = decide(Facts(matters=frozenset({Matter.SECTION_47}), nation="wales"))
    assert there.route is Route.STAT
    assert "SI 2014/1795 (W), reg. 8(g)" in str(there)


@pytest.mark.parametrize(
    ("how", "acknowledged", "answered"),
    [
        # Passed on from the frontline on Wednesday 5 March: that day is day 1.
        ({Event.SKIP_S1_AGREED: date(2025, 3, 5)}, date(2025, 3, 7), date(2025, 4, 1)),
        # From the outset: day 1 is Monday 3 March, on which it came.
        ({Event.SKIP_S1_AGREED: date(2025, 3, 3)}, date(2025, 3, 5), date(2025, 3, 28)),
        # They ask after the frontline's answer: the day on which they ask, and not that on which somebody passes it on.
        ({Event.S1_REPLY_SENT: date(2025, 3, 7), Event.S2_REQUESTED: date(2025, 3, 10)}, date(2025, 3, 12), date(2025, 4, 4)),
        # They ask on a Saturday: Monday is day 1.
        ({Event.S1_REPLY_SENT: date(2025, 3, 7), Event.S2_REQUESTED: date(2025, 3, 8)}, date(2025, 3, 12), date(2025, 4, 4)),
    ],
)
def test_an_investigation_counts_from_the_day_it_came_to_the_stage_which_is_its_day_1(
    how: dict[Event, date], acknowledged: date, answered: date
) -> None:
    """SPSO Model CHP: three and twenty working days of receipt at the stage (law.md 4)."""
    events = {Event.RECEIVED: date(2025, 3, 3), **how}
    found = shipped_rulebook().deadlines(Procedure.STATUTORY, events, WorkingCalendar.of("scotland"))

    due = {one.clock: one.due_on for one in found}
    assert (due["s2_acknowledgement"], due["s2_response"]) == (acknowledged, answered)


ENDED_BY_A_TRANSFER = [
    rule
    for rule in shipped_rulebook().clocks
    if rule.kind in (ClockKind.STATUTORY, ClockKind.GUIDANCE, ClockKind.LOCAL)
    and not rule.theirs
    and not rule.keeps_open
    and Event.YEAR_ENDED not in rule.starts_on
]
"""Every duty on a case; the report of a year is on none."""


@pytest.mark.parametrize("rule", ENDED_BY_A_TRANSFER, ids=lambda rule: rule.rule_id)
def test_what_was_passed_to_another_body_is_owed_here_no_more_whatever_the_procedure_and_the_nation(rule: ClockRule) -> None:
    assert Event.TRANSFERRED in rule.stops_on
