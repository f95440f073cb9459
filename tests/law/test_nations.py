"""Another nation's law is a file: the program knows none by its name, and every nation's own file is enough."""

import re
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
