"""The letters of a case as data: which step sends which, what each must say and by what authority, what comes next. Pure."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

from procedures.steps import HOME as AT_HOME
from procedures.terms import Event, Notice, Procedure
from procedures.working_days import read_calendars

HOME = AT_HOME
"""The nation whose law the letters quote, and the default of the settings."""
LAST_STAGE = 3


class LettersError(ValueError):
    """`letters.toml` cannot be used; the message lists every mistake."""


class Level(StrEnum):
    """By what force a letter must say something."""

    REQUIRED = "R"
    """By law or by the Code: without it nothing leaves."""
    GUIDANCE = "G"


class After(StrEnum):
    """What a person can do when an answer is not right."""

    STAGE_2 = "stage_2"
    PANEL = "panel"
    STAGE_2_OF_THE_CODE = "stage_2_of_the_code"
    INVESTIGATION = "investigation"
    """The second stage of the nations' model procedures: somebody who was not involved."""
    PANEL_IN_WRITING = "panel_in_writing"
    """Asked for in writing, within so many days."""
    OMBUDSMAN = "ombudsman"
    COMMISSIONER = "commissioner"
    PERSON = "person"
    """A person looks again; no procedure of ours names a step."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a letter must say."""

    name: str
    says: str
    level: Level
    authority: str
    fact: str = ""
    """What a person must give for it; empty where the template says it by itself."""
    procedures: tuple[Procedure, ...] = ()
    check: bool = False


@dataclass(frozen=True, slots=True)
class LetterRule:
    """One letter under some procedures."""

    notice: Notice
    says: str
    """As an officer reads it in a list."""
    on: tuple[Event, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    nations: tuple[str, ...] = ()
    """Where it goes with its step; in every nation if none is named."""
    is_the_step: bool = False
    """The step is the sending of it: with an earlier day it was sent by another route, and does not go again."""
    own_words: bool = False
    """A person writes it: a step that gives no words says that it was sent by another route."""
    notes: Mapping[str, Event] = field(default_factory=dict)
    """Facts that stand in the note of a step."""
    items: tuple[Item, ...] = ()

    def items_for(self, procedure: Procedure) -> tuple[Item, ...]:
        """What it must say under this procedure."""
        return tuple(item for item in self.items if not item.procedures or procedure in item.procedures)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after the answer of one stage."""

    procedure: Procedure
    stage: int
    step: After
    authority: str
    ask_within: int = 0
    """Working days in which we ask people to come back; never a condition. Of a panel in writing days of every kind."""
    nation: str = ""
    """Where it holds; empty: in every nation."""
    check: bool = False
    """From general knowledge: to be checked against the source before anyone relies on it."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The whole file."""

    letters: tuple[LetterRule, ...]
    nexts: Mapping[tuple[Procedure, int], Next]
    """At home, and what holds in every nation."""
    elsewhere: Mapping[tuple[str, Procedure, int], Next] = field(default_factory=dict)
    """In the other nations."""

    def of_step(self, event: Event, procedure: Procedure, nation: str = HOME) -> LetterRule | None:
        """The letter that a step sends under this procedure of a nation, if it sends one."""
        return next((one for one in self.letters if event in one.on and _fits(one, procedure, nation)), None)

    def of_notice(self, notice: Notice, procedure: Procedure, nation: str = HOME) -> LetterRule | None:
        """The letter of that name under this procedure of a nation, if there is one."""
        return next((one for one in self.letters if one.notice is notice and _fits(one, procedure, nation)), None)

    def path(self, procedure: Procedure, nation: str = HOME) -> tuple[After, ...]:
        """Every step that can follow the first answer, in their order: what a person is told at the start."""
        found: list[After] = []
        for stage in range(1, LAST_STAGE + 1):
            after = self.known_after(procedure, stage, nation)
            if after is not None and after.step not in found:
                found.append(after.step)
        return tuple(found)

    def after(self, procedure: Procedure, stage: int, nation: str = HOME) -> Next:
        """What comes after the answer of a stage. Raises LookupError: a stage that the procedure has not is a mistake.

        Where nothing is known of a nation's procedure a person looks again: no step of another nation is ever named.
        """
        found = self.known_after(procedure, stage, nation)
        if found is None:
            raise LookupError(f"The {procedure.value} procedure has no stage {stage}.")
        return found

    def known_after(self, procedure: Procedure, stage: int, nation: str = HOME) -> Next | None:
        """The same, or none for a stage that the procedure has not."""
        stage = max(stage, 1)
        here = self.nexts.get((procedure, stage))
        if nation == HOME or (here is not None and not here.nation):
            return here
        if any((nation, procedure) == (where, which) for where, which, _ in self.elsewhere):
            return self.elsewhere.get((nation, procedure, stage))
        return Next(procedure, stage, After.PERSON, f"nothing is written down of this procedure in {nation}", nation=nation)


def _fits(letter: LetterRule, procedure: Procedure, nation: str) -> bool:
    return (not letter.procedures or procedure in letter.procedures) and (not letter.nations or nation in letter.nations)


@lru_cache(maxsize=1)
def letters() -> Letters:
    """The file that ships with heard."""
    return letters_from((files("procedures") / "letters.toml").read_text("utf-8"))


def letters_from(text: str) -> Letters:
    """The rules of a text in the form of `letters.toml`. Raises LettersError with every mistake."""
    table = tomllib.loads(text)
    mistakes = [f"unknown key {key!r}." for key in table if key not in ("letter", "next")]
    rules = [_read(LetterRule, f"letter {number}", given, mistakes) for number, given in enumerate(table.get("letter", ()), 1)]
    steps = [_read(Next, f"next {number}", given, mistakes) for number, given in enumerate(table.get("next", ()), 1)]
    found = [rule for rule in rules if isinstance(rule, LetterRule)]
    read = [one for one in steps if isinstance(one, Next)]
    nexts = {(one.procedure, one.stage): one for one in read if one.nation in ("", HOME)}
    elsewhere = {(one.nation, one.procedure, one.stage): one for one in read if one.nation not in ("", HOME)}
    mistakes += [f"unknown nation {nation!r}." for nation, *_ in elsewhere if nation not in read_calendars()]
    if len(nexts) + len(elsewhere) < len(steps):
        mistakes.append("one stage has two next steps.")
    mistakes += _told_twice(found)
    if mistakes:
        raise LettersError("letters.toml has mistakes; no case was touched:\n- " + "\n- ".join(mistakes))
    return Letters(tuple(found), nexts, elsewhere)


def _told_twice(rules: list[LetterRule]) -> list[str]:
    """Two letters for one step under one procedure."""
    seen: set[tuple[Event, Procedure, str]] = set()
    mistakes = []
    for rule in rules:
        everywhere = product(rule.on, rule.procedures or tuple(Procedure), rule.nations or tuple(read_calendars()))
        for event, procedure, nation in everywhere:
            if (event, procedure, nation) in seen:
                mistakes.append(f"{event.value} under {procedure.value} in {nation} sends two letters.")
            seen.add((event, procedure, nation))
    return mistakes


def _read(made: type[Any], where: str, given: Mapping[str, Any], mistakes: list[str]) -> object | None:
    known = {one.name for one in fields(made)}
    wrong = [f"{where}: unknown key {key!r}." for key in given if key not in known]
    if made is not LetterRule and not given.get("authority"):
        wrong.append(f"{where}: authority is missing.")
    values = {}
    for key, value in given.items():
        try:
            values[key] = _value(key, value, where, wrong)
        except (ValueError, TypeError) as problem:
            wrong.append(f"{where}: {problem}")
    mistakes += wrong
    try:
        return None if wrong else made(**values)
    except TypeError as problem:
        mistakes.append(f"{where}: {problem}")
        return None


def _nation(word: Any) -> str:
    if word not in read_calendars():
        raise ValueError(f"unknown nation {word!r}.")
    return str(word)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "notice": Notice,
    "procedure": Procedure,
    "procedures": lambda words: tuple(Procedure(word) for word in words),
    "on": lambda words: tuple(Event(word) for word in words),
    "nations": lambda words: tuple(_nation(word) for word in words),
    "notes": lambda words: {fact: Event(word) for fact, word in words.items()},
    "step": After,
    "level": Level,
}


def _value(key: str, value: Any, where: str, mistakes: list[str]) -> Any:
    if key == "items":
        return tuple(item for one in value if (item := _read(Item, f"{where}, item", one, mistakes)) is not None)
    return _READ[key](value) if key in _READ else value
