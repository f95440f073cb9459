"""Within how long a person looks at what only a person can decide: the council's own targets, read once from `targets.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Target:
    """One target, with its source."""

    working_days: int
    authority: str
    clock: str = ""
    """The clock of a procedure that says the day instead, where that procedure has it."""


@lru_cache(maxsize=1)
def targets() -> Mapping[str, Target]:
    """Every target by its name. TypeError: the file that ships is broken."""
    table = tomllib.loads((files("procedures") / "targets.toml").read_text("utf-8"))
    return {name: Target(**given) for name, given in table.items()}


def clock_of(name: str) -> str:
    """The clock that says the day in place of a target, or none; KeyError if there is no target of that name."""
    return targets()[name].clock


def within(name: str) -> int:
    """The working days of a target; KeyError if there is none of that name."""
    return targets()[name].working_days
