"""What a council has set otherwise: a number, how much longer it may take, and what it counts from. Never what the law sets.

Councils differ in each of these (law.md 2.2): 15 days for stage 1 counted from receipt, 20 and 10 more, a window of 28 days.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from procedures.clock_rules import ClockRule
from procedures.terms import ClockKind, Event

_ITS_OWN = (ClockKind.LOCAL, ClockKind.GUIDANCE, ClockKind.ADVISORY)
_FORM = re.compile(r"([0-9]{1,3})(?:\s+(working days?|days?|months?))?(?:\s*\+\s*([0-9]{1,3}))?(?:\s+from\s+([a-z0-9_]+))?")


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A period as a council has published it."""

    number: int
    unit: str = "working days"
    """`working days`, `days` or `months`."""
    longer: int | None = None
    """Working days that an extension adds; none if the council says nothing of it, 0 if it allows none."""
    counts_from: str = ""
    """The event it counts from; empty for the rule's own."""

    def __str__(self) -> str:
        """As it is written in the settings."""
        unit = "" if self.unit == "working days" else f" {self.unit}"
        longer = "" if self.longer is None else f" + {self.longer}"
        return f"{self.number}{unit}{longer}{f' from {self.counts_from}' if self.counts_from else ''}"


Overrides = Mapping[str, Mapping[str, int | OwnNumber]]
"""The council's own numbers: procedure, then clock. A whole number is one of working days."""


def read_own_number(text: str) -> OwnNumber:
    """`15`, `28 days`, `1 month`, `20 + 10`, `15 from received`; ValueError if it is none of these."""
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise ValueError("not a number, such as 15, 28 days, 20 + 10 or 15 from received")
    number, unit, longer, counts_from = found.groups()
    units = {"": "working days", "working day": "working days", "day": "days", "month": "months"}
    plain = (unit or "").removesuffix("s")
    return OwnNumber(int(number), units[plain], int(longer) if longer else None, counts_from or "")


def as_own(given: int | OwnNumber) -> OwnNumber:
    return given if isinstance(given, OwnNumber) else OwnNumber(given)


def why_not(rules: Sequence[ClockRule], given: int | OwnNumber) -> str:
    """Why a council cannot set this, or nothing."""
    if not rules:
        return "there is no such clock."
    own = as_own(given)
    is_whole = isinstance(own.number, int) and not isinstance(own.number, bool) and own.number >= 1
    is_longer = own.longer is not None
    tests = (
        (not is_whole, "it must be a whole number, 1 or more."),
        (any(rule.kind not in _ITS_OWN for rule in rules), f"the law sets this number ({rules[0].authority})."),
        (bool(own.counts_from) and own.counts_from not in list(Event), f"no event {own.counts_from!r} can happen to a case."),
        (any(own.counts_from in rule.stops_on for rule in rules), f"{own.counts_from} is what stops it."),
        (
            is_longer and (own.unit != "working days" or any(rule.extension is None for rule in rules)),
            "only a clock of working days that may be extended takes a second number.",
        ),
    )
    return next((words for wrong, words in tests if wrong), "")


def set_by_the_council(rule: ClockRule, given: int | OwnNumber) -> ClockRule:
    """The rule with the council's own number, base and extension, which says whose they are."""
    own = as_own(given)
    extension = rule.extension
    if extension is not None and (own.longer == 0 or own.unit != "working days"):
        extension = None
    elif extension is not None and own.longer:
        extension = replace(extension, working_days=own.longer)
    return replace(
        rule,
        working_days=own.number if own.unit == "working days" else 0,
        calendar_days=own.number if own.unit == "days" else 0,
        months=own.number if own.unit == "months" else 0,
        extension=extension,
        starts_on=(Event(own.counts_from),) if own.counts_from else rule.starts_on,
        kind=rule.kind if rule.kind is ClockKind.ADVISORY else ClockKind.LOCAL,
        as_soon_as_possible=rule.as_soon_as_possible and rule.kind is not ClockKind.ADVISORY,
        authority=f"the council's own policy, in place of {rule.authority}",
        check=False,
    )
