"""Read one file of the law book strictly: what is unknown, missing or impossible is a mistake, and all mistakes are told."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from procedures.clock_rules import ClockRule, Counting, Extension
from procedures.facts import Matter
from procedures.put_otherwise import wrong_steps
from procedures.terms import ClockKind, Event, Procedure
from procedures.working_days import read_calendars

ABOUT_THE_FILE = {"procedure", "procedures", "nation", "nations", "applies_from", "covers", "clock", "step"}
MUST_HAVE = ("name", "kind", "starts_on", "authority", "applies_from")


def read_rule_file(file: str, text: str) -> tuple[list[ClockRule], list[str]]:
    """The file's clocks, one for each procedure and nation it names, and its mistakes in words."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [f"{file}: it is not TOML ({error})."]
    mistakes = [f"{file}: unknown key {key!r}." for key in table if key not in ABOUT_THE_FILE]
    procedures = _known(table, "procedure", "procedures", [word.value for word in Procedure], file, mistakes)
    nations = _known(table, "nation", "nations", read_calendars(), file, mistakes)
    mistakes += [f"{file}, covers: {what}" for what in _wrong_covers(table.get("covers", []))]
    mistakes += [f"{file}, {what}" for what in wrong_steps(table.get("step", ()))]
    if not table.get("clock"):
        mistakes.append(f"{file}: it has no clock.")
    rules: list[ClockRule] = []
    for number, clock in enumerate(table.get("clock", ()), start=1):
        where = f"{file}, clock {number} ({clock.get('name', 'no name')})"
        given = {"applies_from": table["applies_from"], **clock} if "applies_from" in table else clock
        values, wrong = read_clock(given)
        if not wrong:
            rules += [
                ClockRule(**values, procedure=Procedure(procedure), nation=nation)
                for procedure in procedures
                for nation in nations
            ]
            wrong = impossible(ClockRule(**values, procedure=Procedure.UNDECIDED))
        mistakes += [f"{where}: {what}" for what in wrong]
    return rules, mistakes


def _wrong_covers(given: Any) -> list[str]:
    """What is wrong with the matters that a nation's procedure covers beside those that every one does."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return ["it must be a list of tables."]
    return [
        what
        for one in given
        for what in (
            *(f"unknown key {key!r}." for key in one if key not in ("matter", "authority")),
            *(() if one.get("matter") in list(Matter) else (f"unknown matter {one.get('matter')!r}.",)),
            *(() if one.get("authority") else ("authority is missing.",)),
        )
    ]


def _known(
    table: Mapping[str, Any], one: str, several: str, known: Iterable[str], file: str, mistakes: list[str]
) -> tuple[str, ...]:
    """The procedures or nations that the file is for."""
    given = table.get(several, [table[one]] if one in table else [])
    unknown = [word for word in given if word not in known]
    mistakes += [f"{file}: unknown {one} {word!r}." for word in unknown]
    if not given:
        mistakes.append(f"{file}: {one} is missing.")
    return tuple(word for word in given if word in known)


def read_clock(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The clock's values by field, and what is wrong with them."""
    mistakes = [f"{key} is missing." for key in MUST_HAVE if given.get(key) in (None, "", [])]
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in READ:
            mistakes.append(f"unknown key {key!r}.")
            continue
        try:
            values[key] = READ[key](value)
        except (ValueError, TypeError, KeyError) as error:
            mistakes.append(f"{key}: {error.args[0] if error.args else error}")
    extension = values.get("extension")
    if extension and not extension.authority:
        mistakes.append("extension: authority is missing.")
    return values, mistakes


def impossible(rule: ClockRule) -> list[str]:
    """What cannot be, though each value can."""
    lengths = sum(bool(number) for number in (rule.working_days, rule.calendar_days, rule.months, rule.years))
    extension = rule.extension
    is_yearly = bool(rule.each_year_on)
    tests = (
        (is_yearly != (Event.YEAR_ENDED in rule.starts_on), "year_ended and each_year_on belong together."),
        (lengths > 1, "it has more than one length."),
        (
            lengths == 0 and not (rule.as_soon_as_possible or rule.ends_on),
            "it has no length, is not as_soon_as_possible and no ends_on.",
        ),
        (bool(set(rule.ends_on) & {*rule.starts_on, *rule.stops_on}), "ends_on names what starts or stops it."),
        (rule.answers and not (rule.stage and rule.stops_on), "it answers, and has no stage or nothing that stops it."),
        (bool(rule.given_with) and not rule.answers, "given_with is of an answer, and it answers nothing."),
        (bool(set(rule.starts_on) & set(rule.stops_on)), "it can never run: what starts it also stops it."),
        (bool(set(rule.or_later_on) & set(rule.starts_on)), "or_later_on names what starts it already."),
        (rule.oral_only and bool(rule.oral_starts_on), "oral_only and oral_starts_on exclude each other."),
        (any(event not in rule.or_later_on for event, _ in rule.later_needs), "later_needs names what is not in or_later_on."),
        (extension is not None and not rule.working_days, "only a clock of working days can be extended."),
        (extension is not None and extension.decided_by in rule.starts_on, "its extension is decided by what starts it."),
        (
            extension is not None
            and sum(map(bool, (extension.working_days, extension.up_to_working_days, extension.up_to_months))) != 1,
            "its extension has no one length.",
        ),
        (
            extension is not None and bool(extension.counted_from) != bool(extension.up_to_months),
            "its extension has months without counted_from, or the other way about.",
        ),
        (
            extension is not None and 0 < extension.up_to_working_days <= rule.working_days,
            "its extension ends no later than the clock itself.",
        ),
        (rule.counts is Counting.BEFORE and not rule.working_days, "only working days are counted back."),
        (rule.council_closures and rule.kind is ClockKind.STATUTORY, "closure days count for a clock that the law sets."),
        (
            bool(rule.reminded_on)
            and (rule.theirs or 0 in rule.reminded_on or [*rule.reminded_on] != sorted({*rule.reminded_on})),
            "reminded_on is for a clock of ours, in order, from day 1.",
        ),
        (rule.applies_until is not None and rule.applies_until < rule.applies_from, "it ends before it begins."),
    )
    return [words for wrong, words in tests if wrong]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("it must be words.")
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("it must be a whole number.")
    return value


def _numbers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError("it must be a list of whole numbers.")
    return tuple(_number(one) for one in value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("it must be true or false.")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("it must be a date.")
    return value


def _day_of_each_year(value: Any) -> tuple[int, int]:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}-[0-9]{2}", value):
        raise ValueError("it must be a month and a day, like 03-31.")
    day = date.fromisoformat(f"2001-{value}")  # no leap year: a day that every year has
    return day.month, day.day


def _events(value: Any) -> tuple[Event, ...]:
    if not isinstance(value, list):
        raise TypeError("it must be a list of events.")
    return tuple(_event(word) for word in value)


def _event(word: Any) -> Event:
    try:
        return Event(word)
    except ValueError:
        raise ValueError(f"no event {word!r} can happen to a case.") from None


def _extension(value: Any) -> Extension:
    if not isinstance(value, dict):
        raise TypeError("it must be a table.")
    unknown = sorted(set(value) - EXTENSION.keys())
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}.")
    if "decided_by" not in value:
        raise ValueError("decided_by is missing.")
    return Extension(**{key: EXTENSION[key](given) for key, given in value.items()})


def _needs(value: Any) -> tuple[tuple[Event, Event], ...]:
    if not isinstance(value, dict):
        raise TypeError("it must be a table.")
    return tuple((_event(later), _event(asked)) for later, asked in value.items())


EXTENSION: dict[str, Callable[[Any], Any]] = {
    "decided_by": _event,
    "working_days": _number,
    "up_to_working_days": _number,
    "up_to_months": _number,
    "counted_from": _event,
    "only_if": _text,
    "authority": _text,
}
READ: dict[str, Callable[[Any], Any]] = {
    "name": _text,
    "kind": ClockKind,
    "stage": _number,
    "starts_on": _events,
    "or_later_on": _events,
    "later_needs": _needs,
    "oral_starts_on": _events,
    "oral_only": _flag,
    "working_days": _number,
    "calendar_days": _number,
    "months": _number,
    "years": _number,
    "as_soon_as_possible": _flag,
    "stops_on": _events,
    "ends_on": _events,
    "answers": _flag,
    "given_with": _events,
    "theirs": _flag,
    "keeps_open": _flag,
    "reminded_on": _numbers,
    "each_year_on": _day_of_each_year,
    "extension": _extension,
    "counts": Counting,
    "rolls_forward": _flag,
    "council_closures": _flag,
    "check": _flag,
    "authority": _text,
    "applies_from": _day,
    "applies_until": _day,
    "plain": _text,
    "note": _text,
}
