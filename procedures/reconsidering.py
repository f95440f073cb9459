"""The law once more, with a fact that a person corrected, and what it changes. Nothing is decided here: an officer does that."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

from procedures.facts import Facts, Matter
from procedures.scope import Decision, decide
from procedures.terms import Role

TRUTHS = frozenset(field.name for field in fields(Facts) if field.default is False)
"""The facts that are so or not."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of the facts: what it is about and is not, who writes, what else is so and is not."""

    about: tuple[Matter, ...] = ()
    not_about: tuple[Matter, ...] = ()
    who: Role | None = None
    so: Collection[str] = ()
    not_so: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """The law before and after a correction, and each thing that differs: what, as it was, as it is."""

    facts: Facts
    before: Decision
    after: Decision
    changes: tuple[tuple[str, str, str], ...]


def reconsider(facts: Facts, correction: Correction) -> Reconsidered:
    """Decide the law again from corrected facts. ValueError: a fact that is not known, or is said to be so and not so."""
    mended = corrected(facts, correction)
    before, after = decide(facts), decide(mended)
    return Reconsidered(mended, before, after, (*_facts_changed(facts, mended), *_law_changed(before, after)))


def corrected(facts: Facts, correction: Correction) -> Facts:
    """Return the facts with the correction. What it is said to be about first is what it is mainly about."""
    so, not_so = set(correction.so), set(correction.not_so)
    if unknown := (so | not_so) - TRUTHS:
        raise ValueError(f"{', '.join(sorted(unknown))}: no such fact; there are {', '.join(sorted(TRUTHS))}")
    both = sorted((so & not_so) | {matter.value for matter in set(correction.about) & set(correction.not_about)})
    if both:
        raise ValueError(f"{', '.join(both)} is said to be so and not to be so")
    matters = (facts.matters | set(correction.about)) - set(correction.not_about)
    main = correction.about[0] if correction.about else facts.main_matter
    # What only followed from the matters follows from the corrected ones.
    follows = {"child_is_looked_after": Matter.LOOKED_AFTER, "child_is_disabled": Matter.DISABLED_CHILD}
    moved = {name: matter in matters for name, matter in follows.items() if (matter in matters) != (matter in facts.matters)}
    truths: dict[str, Any] = moved | dict.fromkeys(so, True) | dict.fromkeys(not_so, False)
    mended = replace(facts, matters=matters, main_matter=main if main in matters else None, who=correction.who or facts.who)
    return replace(mended, **truths)


def in_words(correction: Correction) -> str:
    """The correction as it stands on the case: `about looked_after, from parent, is_step_parent is so`."""
    said = [f"about {one}" for one in correction.about] + [f"not about {one}" for one in correction.not_about]
    if correction.who:
        said.append(f"from {correction.who.value}")
    said += [f"{one} is so" for one in sorted(correction.so)] + [f"{one} is not so" for one in sorted(correction.not_so)]
    return ", ".join(said)


def from_words(said: str) -> Correction:
    """The correction that `in_words` wrote. What this version of the law book does not know any more is left out."""
    about, not_about, so, not_so, who = list[Matter](), list[Matter](), set[str](), set[str](), list[Role]()
    for one in said.split(", "):
        if one.endswith(" is not so"):
            not_so.add(one.removesuffix(" is not so"))
        elif one.endswith(" is so"):
            so.add(one.removesuffix(" is so"))
        elif one.startswith("from "):
            who += [role for role in Role if role.value == one.removeprefix("from ")]
        elif one.startswith("not about "):
            not_about += [matter for matter in Matter if matter.value == one.removeprefix("not about ")]
        else:
            about += [matter for matter in Matter if f"about {matter.value}" == one]
    return Correction(tuple(about), tuple(not_about), who[0] if who else None, so & TRUTHS, not_so & TRUTHS)


def _facts_changed(before: Facts, after: Facts) -> list[tuple[str, str, str]]:
    changes = [("about", matter.value, "") for matter in sorted(before.matters - after.matters)]
    changes += [("about", "", matter.value) for matter in sorted(after.matters - before.matters)]
    if before.who is not after.who:
        changes.append(("who", before.who.value, after.who.value))
    moved = [name for name in sorted(TRUTHS) if getattr(before, name) != getattr(after, name)]
    return changes + [(name, _yes(getattr(before, name)), _yes(getattr(after, name))) for name in moved]


def _law_changed(before: Decision, after: Decision) -> list[tuple[str, str, str]]:
    pairs = (
        ("procedure", before.procedure.value, after.procedure.value),
        ("route", before.route.value, after.route.value),
        ("question", before.question, after.question),
    )
    changes = [(what, was, now) for what, was, now in pairs if was != now]
    told = [{f"{reason.words} ({reason.source})" for reason in decision.reasons} for decision in (before, after)]
    changes += [("reason", words, "") for words in sorted(told[0] - told[1])]
    changes += [("reason", "", words) for words in sorted(told[1] - told[0])]
    gates = [{one.gate.value for one in decision.gates} for decision in (before, after)]
    changes += [("gate", gate, "") for gate in sorted(gates[0] - gates[1])]
    return changes + [("gate", "", gate) for gate in sorted(gates[1] - gates[0])]


def _yes(value: object) -> str:
    return "yes" if value else "no"
