"""What an answer needs before it leaves, as data: whose turn it is, the next step it must offer, how it may not sound. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from procedures.terms import ClockKind, Procedure
from procedures.working_days import WorkingCalendar


class AnswersError(ValueError):
    """`answers.toml` cannot be used; the message lists every mistake."""


@dataclass(frozen=True, slots=True)
class TurnRule:
    """One turn of an answer on its way, counted back from the day on which the answer is due."""

    name: str
    task: str
    working_days_before: int
    kind: ClockKind
    authority: str

    def due_on(self, answer_due_on: date, calendar: WorkingCalendar) -> date:
        """The last day of the turn. Advisory: nothing is late in law because it passes."""
        return (
            calendar.subtract_working_days(answer_due_on, self.working_days_before) if self.working_days_before else answer_due_on
        )


@dataclass(frozen=True, slots=True)
class NextStep:
    """What an answer under one procedure and stage must say about what comes after it."""

    procedure: Procedure
    stage: int
    must: tuple[re.Pattern[str], ...]
    says: str
    never: tuple[re.Pattern[str], ...]
    never_says: str
    authority: str
    independent: bool = True
    """Whether the Ombudsman is named: beside the next step, never instead of it."""
    check: bool = False
    """From general knowledge: to be checked against the source before anyone relies on it."""


@dataclass(frozen=True, slots=True)
class ToneRule:
    """Words that an answer should not hold."""

    pattern: re.Pattern[str]
    says: str
    authority: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """The whole file."""

    turns: tuple[TurnRule, ...]
    next_steps: Mapping[tuple[Procedure, int], NextStep]
    tones: tuple[ToneRule, ...]

    def turn(self, name: str) -> TurnRule:
        return next(one for one in self.turns if one.name == name)


@lru_cache(maxsize=1)
def answers() -> Answers:
    """The file that ships with heard."""
    return answers_from((files("procedures") / "answers.toml").read_text("utf-8"))


def answers_from(text: str) -> Answers:
    """The rules of a text in the form of `answers.toml`. Raises AnswersError with every mistake."""
    table = tomllib.loads(text)
    mistakes = [f"unknown key {key!r}." for key in table if key not in ("turn", "next_step", "tone")]
    turns = _read(TurnRule, "turn", table, mistakes)
    steps = _read(NextStep, "next_step", table, mistakes)
    tones = _read(ToneRule, "tone", table, mistakes)
    by_stage = {(step.procedure, step.stage): step for step in steps}
    if len(by_stage) < len(steps):
        mistakes.append("one stage has two next steps.")
    if mistakes:
        raise AnswersError("answers.toml has mistakes; no case was touched:\n- " + "\n- ".join(mistakes))
    return Answers(tuple(turns), by_stage, tuple(tones))


Rule = TypeVar("Rule", TurnRule, NextStep, ToneRule)


def _read(rule: type[Rule], name: str, table: Mapping[str, Any], mistakes: list[str]) -> list[Rule]:
    known = {one.name for one in fields(rule)}
    found: list[Rule] = []
    for number, given in enumerate(table.get(name, ()), start=1):
        where = f"{name} {number}"
        wrong = [f"{where}: unknown key {key!r}." for key in given if key not in known]
        if not given.get("authority"):
            wrong.append(f"{where}: authority is missing.")
        try:
            if not wrong:
                found.append(rule(**{key: _value(key, value) for key, value in given.items()}))
        except (ValueError, TypeError, re.error) as problem:
            wrong.append(f"{where}: {problem}")
        mistakes += wrong
    return found


def _value(key: str, value: Any) -> Any:
    match key:
        case "procedure":
            return Procedure(value)
        case "kind":
            return ClockKind(value)
        case "must" | "never":
            return tuple(re.compile(one, re.IGNORECASE) for one in value)
        case "pattern":
            return re.compile(value, re.IGNORECASE)
        case _:
            return value
