"""Every refusal of the tables of what may be recorded names its rule: whoever is told no can look it up."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from procedures.rulebook import shipped_rulebook
from procedures.steps import Recording, refusal, steps
from procedures.terms import Event, Procedure
from tests.law import test_permitted, test_permitted_elsewhere

CITED = re.compile(
    r"\((?:[^()]|\([^()]*\))*"
    r"(?:SI \d{4}/\d+(?: \(W\))?, reg|SR \d{4}/\d+, reg|Act \d{4}|Act \([A-Z][a-z ]+\) \d{4}|"
    r"Complaint Handling Code 2024, |Model CHP|health and social care practice in Northern Ireland|"
    r"Getting the Best from Complaints|the (?:council|trust)'s own |practice\.md \d)"
)
"""A regulation, a section, a paragraph of the Code or of guidance, or whose own rule it is where the law has none."""
Told = tuple[str, str, str]


def refusals() -> Iterator[Told]:
    """Procedure or nation, state, and each refusal of it."""
    for procedure, states in test_permitted.TABLES.items():
        for state in states:
            chosen = Procedure.UNDECIDED if state == "undecided" else procedure
            yield from told(procedure.value, state, states[state], chosen, "england")
    for name, stands in test_permitted_elsewhere.NATIONS.items():
        nation, procedure = test_permitted_elsewhere.goes_by(name)
        for state in stands:
            yield from told(name, state, stands[state], procedure, nation)


def told(where: str, state: str, stands: test_permitted.State, procedure: Procedure, nation: str) -> Iterator[Told]:
    for one in test_permitted.possible_in(stands, procedure, procedure, nation):
        if one.why_not:
            yield where, state, one.why_not


REFUSALS = [*refusals()]


def test_the_tables_have_as_many_refusals_as_they_have_cells_that_say_no() -> None:
    """What is on the case already has no cell of its own: it is not asked about again."""
    assert len(REFUSALS) > 1000


@pytest.mark.parametrize("where", sorted({where for where, _, _ in REFUSALS}))
def test_each_refusal_cites_its_rule(where: str) -> None:
    bare = [f"{state}: {why_not}" for there, state, why_not in REFUSALS if there == where and not CITED.search(why_not)]

    assert bare == []


@pytest.mark.parametrize("nation", test_permitted_elsewhere.NATIONS)
def test_no_refusal_of_another_nation_cites_englands_law_as_its_own(nation: str) -> None:
    england = re.compile(r"SI 2006/1738|Children Act 1989|Complaint Handling Code|Getting the Best|Local Government Act 1974")
    unknown = "nothing is written down of it here; at home "

    assert [
        why_not for there, _, why_not in REFUSALS if there == nation and england.search(re.sub(f"{unknown}[^)]*", "", why_not))
    ] == []


def test_a_refusal_without_a_rule_is_seen() -> None:
    assert not CITED.search("It cannot be. Look at the date again.")
    assert not CITED.search("It is on the case already (since Monday).")
    assert CITED.search("It waits (SI 2014/1795 (W), reg. 12(6)).")


def test_every_step_and_every_clock_has_a_rule_that_can_be_cited() -> None:
    """So that a refusal put together from any of them names one, and no state that nobody thought of is without."""
    clocks = {rule.authority for rule in shipped_rulebook().clocks}
    given = {step.authority for step in steps().values()} | {
        rule.extension.authority for rule in shipped_rulebook().clocks if rule.extension
    }

    assert all(authority.strip() for authority in clocks | given)


def test_a_day_that_cannot_be_is_refused_with_the_rule_too() -> None:
    monday = date(2025, 3, 10)
    events = {Event.RECEIVED: monday, Event.S1_REPLY_SENT: date(2025, 3, 20), Event.S2_REQUESTED: date(2025, 3, 24)}
    wrong = (date(2025, 3, 7), date(2025, 6, 3))
    said = [refusal(steps()[Event.IO_APPOINTED], Recording(Procedure.STATUTORY, events, on, date(2025, 6, 2))) for on in wrong]

    assert all(CITED.search(why_not) for why_not in said)
