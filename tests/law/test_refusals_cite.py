"""Every refusal of the tables of what may be recorded names its rule: whoever is told no can look it up."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from procedures.put_otherwise import put_otherwise
from procedures.rulebook import shipped_rulebook
from procedures.steps import HOME, Recording, belongs, ends, here, refusal, steps
from procedures.terms import Event, Procedure
from procedures.working_days import read_calendars
from tests.law import test_permitted, test_permitted_elsewhere

CITED = re.compile(
    r"\((?:[^()]|\([^()]*\))*"
    r"(?:SI \d{4}/\d+(?: \(W\))?, reg|SR \d{4}/\d+, reg|Act \d{4}|Act \([A-Z][a-z ]+\) \d{4}|"
    r"Complaint Handling Code 2024, |Model CHP|health and social care practice in Northern Ireland|"
    r"Getting the Best from Complaints|the (?:council|trust)'s own )"
)
"""A regulation, a section, a paragraph of the Code or of guidance, or whose own rule it is where the law has none."""
ENGLANDS = re.compile(r"SI 2006/1738|Children Act 1989|Complaint Handling Code|Getting the Best|Local Government Act 1974|LGSCO")
LAW = re.compile(
    rf"{ENGLANDS.pattern}|SI \d{{4}}/\d+(?: \(W\))?|SR \d{{4}}/\d+|SPSO|NIPSO|health and social care practice in Northern Ireland"
)
"""A law or a guidance, by what it is called."""
BARE = re.compile(r"\((?:[^()]*; )?regs?\. ?\d")
"""A regulation of no law in particular: of which, depends on the nation."""
SAID_AT_HOME = ("law_for", "_at_home")
"""Who give the rule that they are handed where it is law, and another elsewhere."""
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


def laws_in_files(*nations: str) -> frozenset[str]:
    """Every law that the rule files of these nations name."""
    clocks = [rule for rule in shipped_rulebook().clocks if rule.nation in nations]
    cited = [rule.authority for rule in clocks] + [rule.extension.authority for rule in clocks if rule.extension]
    for nation in nations:
        cited += [one["authority"] for procedure in Procedure for one in put_otherwise(nation, procedure).values()]
    return frozenset(law for authority in cited for law in LAW.findall(authority))


OF_NATION = {nation: laws_in_files(nation) for nation in read_calendars()}


@pytest.mark.parametrize("nation", OF_NATION)
def test_each_nation_has_law_of_its_own_in_its_files(nation: str) -> None:
    assert OF_NATION[nation] - frozenset().union(*(laws for other, laws in OF_NATION.items() if other != nation))


@pytest.mark.parametrize("procedure", [Procedure.ADULTS, Procedure.PUBLIC_HEALTH, Procedure.DATA_PROTECTION, Procedure.CORPORATE])
def test_an_answer_and_a_withdrawal_cite_the_childrens_regulations_in_a_statutory_complaint_alone(procedure: Procedure) -> None:
    """What `heard case close` and `heard people end` cite: SI 2006/1738 binds nobody elsewhere, also in England."""
    rules = shipped_rulebook().rules(procedure, date(2026, 7, 1), HOME)
    steps_of_both = (Event.S1_REPLY_SENT, Event.RESPONDED, Event.WITHDRAWN, Event.WITHDRAWAL_CONFIRMED)
    cited = [
        here(steps()[event], procedure, rules).authority for event in steps_of_both if belongs(steps()[event], procedure, rules)
    ]

    assert len(cited) >= 3
    assert [law for law in cited if "2006/1738" in law] == []
    assert "2006/1738" not in here(ends()[Event.WITHDRAWN], procedure, rules).authority


@pytest.mark.parametrize("where", sorted({where for where, _, _ in REFUSALS}))
def test_a_refusal_names_no_law_that_is_only_another_nations(where: str) -> None:
    nation = test_permitted_elsewhere.goes_by(where)[0] if where in test_permitted_elsewhere.NATIONS else HOME
    of_others = frozenset().union(*OF_NATION.values()) - OF_NATION[nation]
    said = {re.sub(f"{UNKNOWN_HERE}[^)]*", "", why_not) for there, _, why_not in REFUSALS if there == where}

    assert {why_not for why_not in said if of_others & set(LAW.findall(why_not))} == set()


def test_the_steps_as_they_are_at_home_name_no_law_of_another_nation() -> None:
    of_others = frozenset().union(*OF_NATION.values()) - OF_NATION[HOME]
    at_home = [(one, shipped_rulebook().rules(one, date(2025, 3, 10), HOME)) for one in Procedure]
    known = [one for one in steps().values() if any(belongs(one, procedure, rules) for procedure, rules in at_home)]
    cited = [step.authority for step in (*known, *ends().values())]

    assert [law for law in cited if of_others & set(LAW.findall(law))] == []


def test_englands_law_is_cited_by_code_only_where_it_asks_which_nation_it_is() -> None:
    """In casework and at the command line: by `law_for`, or in a function that asks for the nation."""
    told = [(file, line, words) for file, line, words in words_in_code("casework", "bot/cli") if ENGLANDS.search(words)]
    asked = {
        (file, line) for file in {file for file, _, _ in told} for line in lines_that_ask(ast.parse((ROOT / file).read_text()))
    }

    assert len(told) > 10, "the scan finds what there is"
    assert [one for one in told if one[:2] not in asked] == []


def lines_that_ask(tree: ast.Module) -> Iterator[int]:
    """The lines of a file on which a rule of England may stand: within `SAID_AT_HOME`, or in a function that compares with HOME;
    of a constant, where all who read it do so."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        if any(isinstance(node, ast.Compare) and "HOME" in names_in(node) for node in ast.walk(function)):
            yield from range(function.lineno, (function.end_lineno or 0) + 1)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in SAID_AT_HOME:
            yield from range(call.lineno, (call.end_lineno or 0) + 1)
    for constant in (node for node in tree.body if isinstance(node, ast.Assign)):
        names = {target.id for target in constant.targets if isinstance(target, ast.Name)}
        if all(is_asked(tree, node) for node in reads(tree, names)):
            yield from range(constant.lineno, (constant.end_lineno or 0) + 1)


def names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def reads(tree: ast.Module, names: set[str]) -> list[ast.Name]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)]


def is_asked(tree: ast.Module, name: ast.Name) -> bool:
    """Whether a constant is read where the nation is asked for."""
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAID_AT_HOME
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            isinstance(one, ast.Compare) and "HOME" in names_in(one) for one in ast.walk(node)
        )
        if (is_call or is_function) and name in ast.walk(node):
            return True
    return False


def test_who_cites_englands_law_without_asking_is_found() -> None:
    free = 'RULE = "SI 2006/1738, reg. 19"\n\ndef say():\n    return f"no ({RULE})"\n'
    asks = 'RULE = "SI 2006/1738, reg. 19"\n\ndef say(nation):\n    return RULE if nation == HOME else ""\n'
    handed = 'def say(office):\n    return law_for("SI 2006/1738, reg. 19", office)\n'
    bare = 'def say():\n    raise Refused("no (SI 2006/1738, reg. 19)")\n'

    assert (1 in lines_that_ask(ast.parse(free)), 1 in lines_that_ask(ast.parse(asks))) == (False, True)
    assert (2 in lines_that_ask(ast.parse(handed)), 2 in lines_that_ask(ast.parse(bare))) == (True, False)


def test_no_regulation_is_cited_without_its_law() -> None:
    """It is another one in each nation. What a command's help says of itself is no refusal."""
    told = [one for one in words_in_code("casework", "bot/cli") if BARE.search(one[2])]

    assert told == []


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
