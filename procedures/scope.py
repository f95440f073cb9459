"""Which procedure a representation belongs to, and why: the certain half of classification (law.md 5.1, 5.2).

What is said here is a suggestion with reasons. Only a complaints officer sets the route (law.md 5.1, automation rule).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from procedures.facts import Facts, Function, Gate, Matter
from procedures.scope_gates import GATES
from procedures.scope_tests import (
    CHILD_PROTECTION,
    TESTS,
    TO_REVIEW,
    TO_REVIEW_IF_STATUTORY,
    Reason,
    standing_turns_on_interest,
)
from procedures.terms import Kind, Procedure, Role, Route

__all__ = ["Decision", "Facts", "Function", "Gate", "Matter", "OpenGate", "Reason", "Role", "decide"]

A_PERSON_MUST_DECIDE = "What is it about, and which procedure is it?"


@dataclass(frozen=True, slots=True)
class OpenGate:
    """A separate question for a person, and why it is asked."""

    gate: Gate
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """Which procedure, what to do with it, why, and what a person is asked. A gate never changes the procedure."""

    procedure: Procedure
    route: Route
    reasons: tuple[Reason, ...] = ()
    question: str = ""
    gates: tuple[OpenGate, ...] = ()

    def opens(self, gate: Gate) -> bool:
        return any(opened.gate is gate for opened in self.gates)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, and where it points."""

    procedure: Procedure
    route: Route
    reason: Reason


@lru_cache(maxsize=4096)
def decide(facts: Facts) -> Decision:
    """Say which procedure applies, and why; with no reason either way a person decides (law.md 5.1)."""
    if facts.kind is Kind.COMPLIMENT:
        return Decision(
            Procedure.UNDECIDED, Route.OTHER, (Reason("a compliment: recorded, passed on, reported", "law.md 5.2 row 51", 51),)
        )
    found = findings(facts)
    procedure = leading(found, facts.main_matter)
    questions = doubts(facts, procedure)
    reasons = tuple(dict.fromkeys([one.reason for one in found if one.procedure is procedure]))
    others = tuple(dict.fromkeys([one.reason for one in found if one.procedure is not procedure]))
    if procedure is Procedure.STATUTORY and facts.interest_is_sufficient is False:
        return without_interest(facts, (*reasons, *others))
    route = route_of(procedure, found, questions)
    asked = next((reason.question for reason in questions if reason.question), "")
    if route is Route.REVIEW and not asked:
        asked = A_PERSON_MUST_DECIDE
    return Decision(procedure, route, (*reasons, *others, *questions), asked, opened(facts, procedure))


def findings(facts: Facts) -> tuple[Finding, ...]:
    """Every reason for a procedure, the statutory ones first."""
    return tuple(
        Finding(procedure, route, reason)
        for procedure, route, tests in TESTS
        for test in tests
        if (reason := test(facts)) is not None
    )


def leading(found: Iterable[Finding], main_matter: Matter | None) -> Procedure:
    """A statutory matter leads (guide P3, P13); else the main matter; else the first in the order of the tests."""
    several = list(found)
    if any(one.procedure is Procedure.STATUTORY for one in several):
        return Procedure.STATUTORY
    main = [one for one in several if main_matter in one.reason.matters]
    return (main or several)[0].procedure if several else Procedure.UNDECIDED


def doubts(facts: Facts, procedure: Procedure) -> tuple[Reason, ...]:
    """What only a person can say."""
    tests = (*TO_REVIEW, *(TO_REVIEW_IF_STATUTORY if procedure is Procedure.STATUTORY else ()))
    return tuple(reason for test in tests if (reason := test(facts)) is not None)


def route_of(procedure: Procedure, found: Iterable[Finding], questions: Iterable[Reason]) -> Route:
    """What to do with it: review if a person must speak first, split if parts go different ways (law.md 5.1(9))."""
    several = list(found)
    if procedure is Procedure.UNDECIDED or any(questions):
        return Route.REVIEW
    if procedure is Procedure.STATUTORY:
        beside = [one for one in several if one.procedure is not procedure and not one.reason.matters & CHILD_PROTECTION]
        home = any(Matter.CHILDRENS_HOME in one.reason.matters for one in several)  # the provider answers for its part (row 48)
        return Route.SPLIT if beside or home else Route.STAT
    ways = {(one.procedure, one.route) for one in several}
    if (procedure, Route.REVIEW) in ways:
        return Route.REVIEW
    return Route.SPLIT if len(ways) > 1 else several[0].route


def opened(facts: Facts, procedure: Procedure) -> tuple[OpenGate, ...]:
    """The gates that these facts open, each once."""
    gates = {gate: OpenGate(gate, reason) for gate, test in reversed(GATES) if (reason := test(facts)) is not None}
    interest = standing_turns_on_interest(facts) if procedure is Procedure.STATUTORY else None
    if interest:
        gates[Gate.SUFFICIENT_INTEREST] = OpenGate(Gate.SUFFICIENT_INTEREST, interest)
    return tuple(gates[gate] for gate in Gate if gate in gates)


def without_interest(facts: Facts, reasons: tuple[Reason, ...]) -> Decision:
    """No standing: told so, and the corporate procedure for how the person was treated themselves (reg. 12(4); law.md 5.1(7))."""
    refused = Reason("no sufficient interest, as decided", "SI 2006/1738, reg. 12(4)", 41)
    question = "Is any of it about how this person was treated themselves?"
    return Decision(Procedure.CORPORATE, Route.REVIEW, (refused, *reasons), question, opened(facts, Procedure.CORPORATE))
