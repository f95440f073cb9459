"""Every refusal of the tables of what may be recorded names its rule: whoever is told no can look it up."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from procedures.rulebook import shipped_rulebook
from procedures.steps import Recording, ends, here, refusal, steps
from procedures.terms import Event, Procedure
from tests.law import test_permitted, test_permitted_elsewhere

CITED = re.compile(
    r"\((?:[^()]|\([^()]*\))*"
    r"(?:SI \d{4}/\d+(?: \(W\))?, reg|SR \d{4}/\d+, reg|Act \d{4}|Act \([A-Z][a-z ]+\) \d{4}|"
    r"Complaint Handling Code 2024, |Model CHP|health and social care practice in Northern Ireland|"
    r"Getting the Best from Complaints|the (?:council|trust)'s own )"
)
"""A regulation, a section, a paragraph of the Code or of guidance, or whose own rule it is where the law has none."""
ENGLANDS = re.compile(r"SI 2006/1738|Children Act 1989|Complaint Handling Code|Getting the Best|Local Government Act 1974")
UNKNOWN_HERE = "nothing is written down of it here; at home "
ROOT = Path(__file__).parents[2]
OF_OUR_PAPERS = ("law.md", "people-and-safety.md")
"""By these alone, `casework/opening.py` knows the reasons of a reading that are not told on."""
FOR_ALL = (
    "casework/acting.py",
    "casework/answers/drafts.py",
    "casework/answers/joint.py",
    "casework/answers/sending_drafts.py",
    "casework/answers/writing_drafts.py",
    "casework/daily",
    "casework/decisions/acknowledging.py",
    "casework/decisions/course.py",
    "casework/issues",
    "casework/people/walls.py",
)
"""What goes on under every procedure and in every nation."""
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
    said = [(re.sub(f"{UNKNOWN_HERE}[^)]*", "", why_not), why_not) for there, _, why_not in REFUSALS if there == nation]

    assert [why_not for held, why_not in said if ENGLANDS.search(held)] == []


@pytest.mark.parametrize("nation", test_permitted_elsewhere.NATIONS)
def test_the_words_of_a_step_that_a_nation_does_not_know_are_not_its_law(nation: str) -> None:
    """`law_of` is what a refusal outside these tables cites, also of a step that no clock of the nation knows."""
    place, procedure = test_permitted_elsewhere.goes_by(nation)
    rules = shipped_rulebook().rules(procedure, date(2025, 3, 10), place)
    cited = [here(step, procedure, rules).authority for step in (*steps().values(), *ends().values())]

    assert [law for law in cited if ENGLANDS.search(law) and not law.startswith(UNKNOWN_HERE)] == []


def test_no_words_that_staff_read_name_a_paper_that_a_council_does_not_have() -> None:
    """A rule is looked up in the law, in guidance, or in the council's own rules: not in notes of those who built it."""
    notes = re.compile(r"\b(?:practice|law|people-and-safety|hard-cases)\.md\b")
    told = [one for one in words_in_code("casework", "bot", "procedures/steps.py") if one[2] not in OF_OUR_PAPERS]

    assert len(told) > 5000
    assert [(file, line, words) for file, line, words in told if notes.search(words)] == []


def test_no_words_on_lists_answers_and_remedies_cite_the_code_or_englands_law_by_themselves() -> None:
    """They are said of every procedure in every nation: the Code is not for statutory complaints, nor for another nation."""
    said = [*words_in_code(*FOR_ALL)]

    assert len(said) > 300
    assert [(file, line, words) for file, line, words in said if ENGLANDS.search(words)] == []


def words_in_code(*places: str) -> Iterator[tuple[str, int, str]]:
    """File, line and words of every string that is no docstring."""
    for place in places:
        for file in sorted(ROOT.glob(f"{place}/**/*.py" if "." not in place else place)):
            tree = ast.parse(file.read_text("utf-8"))
            own = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in own:
                    yield str(file.relative_to(ROOT)), node.lineno, node.value


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
