"""Whether what the rules count from and stop on can ever happen: a clock on an event that no case can come to would never run."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from procedures.clock_rules import ClockRule
from procedures.steps import Step, belongs, known_to, needs_all, needs_one, steps
from procedures.terms import Event, Procedure

BY_ACTIONS = frozenset(Event) - steps().keys()
"""What is not recorded as a step follows from an action of its own (`heard case acknowledge`) or from what a person writes."""


def unreachable(clocks: Iterable[ClockRule], known: Mapping[Event, Step] | None = None) -> list[str]:
    """The clocks of each procedure that nothing can start, and what stops, ends or extends them though it cannot happen."""
    recorded = steps() if known is None else known
    mistakes: list[str] = []
    ordered = sorted(clocks, key=lambda rule: (rule.nation, rule.procedure))
    for (nation, procedure), rules in groupby(ordered, key=lambda rule: (rule.nation, rule.procedure)):
        of_it = tuple(rules)
        possible = reachable(procedure, of_it, recorded)
        for rule in of_it:
            where = f"{nation}, {procedure}, {rule.name}"
            mistakes += [f"{where}: no case of it can come to {event!s}." for event in _never(rule, possible)]
    return mistakes


def reachable(procedure: Procedure, rules: tuple[ClockRule, ...], recorded: Mapping[Event, Step]) -> frozenset[Event]:
    """Every event that a case of the procedure can come to, one step after the other from what actions do."""
    known = known_to(rules)
    mine = [step for step in recorded.values() if belongs(step, procedure, rules)]
    possible = frozenset(Event) - recorded.keys()
    while True:
        more = possible | {step.event for step in mine if _can_follow(step, procedure, known, possible)}
        if more == possible:
            return possible
        possible = more


def _can_follow(step: Step, procedure: Procedure, known: frozenset[Event], possible: frozenset[Event]) -> bool:
    one_of = needs_one(step, known)
    return (not one_of or bool(possible & set(one_of))) and possible.issuperset(needs_all(step, procedure, known))


def _never(rule: ClockRule, possible: frozenset[Event]) -> list[Event]:
    named = [*rule.starts_on, *rule.oral_starts_on, *rule.or_later_on, *rule.stops_on, *rule.ends_on]
    if rule.extension is not None:
        named.append(rule.extension.decided_by)
    return [event for event in dict.fromkeys(named) if event not in possible]
