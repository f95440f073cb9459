"""A deadline in words: how it was counted, step by step, and the sentence for a parent. Only made when somebody asks."""

from datetime import timedelta
from typing import TYPE_CHECKING

from procedures.clock_rules import ClockRule, Counting, Extension, last_day
from procedures.day_words import in_words
from procedures.terms import Event

if TYPE_CHECKING:
    from procedures.clocks import Deadline


def length_of(found: "Deadline") -> str:
    """The period in words, the extended one if it was extended."""
    extension = found.rule.extension
    if found.set_by is not None:
        return ""
    if not found.is_extended or extension is None:
        return found.rule.length
    if extension.up_to_months:
        return f"{extension.up_to_months} months"
    return f"{found.calendar.count_working_days(found.base_on, found.due_on)} working days"


def trace_of(found: "Deadline") -> tuple[str, ...]:
    """How it was counted, step by step, and by what authority."""
    return (
        *(_set_by_somebody(found) if found.set_by is not None else _count(found)),
        *_longer(found),
        f"By {found.authority}." + (" To be checked against the source." if found.check else ""),
    )


def explanation_of(found: "Deadline") -> str:
    """The sentence for a parent: by when, how long that is, from when, and which days are not counted."""
    rule, base_on, due_on = found.rule, found.base_on, found.due_on
    begins = f"{rule.plain} {in_words(due_on)}."
    if found.set_by is not None:
        return begins
    length = length_of(found)
    if rule.counts is Counting.BEFORE:
        return f"{begins} That is {length} before {in_words(base_on, due_on)}."
    if found.is_extended and rule.extension is not None and rule.extension.up_to_months:
        return f"{begins} That is {length} after {_longest_from(rule.extension)}."
    if rule.counts is Counting.INCLUDING:
        return f"{begins} That is {length}, and {in_words(base_on, due_on)} is the first day."
    counted = f"{begins} That is {length} after {in_words(base_on, due_on)}"
    if not rule.working_days:
        return f"{counted}."
    names = [f"{name} ({day.day} {day:%B})" for day, name in found.calendar.skipped(base_on, due_on)]
    left_out = ["weekends", *names]
    listed = left_out[0] if len(left_out) == 1 else f"{', '.join(left_out[:-1])} or {left_out[-1]}"
    return f"{counted}; we do not count {listed}."


def _words(event: Event) -> str:
    return event.value.replace("_", " ").replace("s1", "stage 1").replace("s2", "stage 2").replace("s3", "stage 3")


def _set_by_somebody(found: "Deadline") -> tuple[str, ...]:
    assert found.set_by is not None
    return (
        f"It began on {in_words(found.base_on)} ({_words(found.base_event)}).",
        f"Its last day is on record ({_words(found.set_by)}) and not counted: {in_words(found.due_on)}.",
    )


def _count(found: "Deadline") -> tuple[str, ...]:
    """How the period without extension was counted."""
    rule, base_on, due_on = found.rule, found.base_on, found.first_due_on
    lines = [f"It counts from {in_words(base_on)} ({_words(found.base_event)})."]
    if rule.as_soon_as_possible:
        lines.append("The law says as soon as possible; the number is a local target.")
    if rule.counts is Counting.BEFORE:
        lines.append("Days are counted back from there.")
    elif rule.working_days:
        lines += _working_days(rule, found)
    elif rule.counts is Counting.INCLUDING:
        lines.append(f"The period begins on {in_words(base_on)} itself.")
    else:
        lines.append(f"Every day is counted, from {in_words(base_on + timedelta(days=1))}.")
    if rule.rolls_forward:
        lines.append("If the last day is not a working day, the next working day is the last.")
    return (*lines, f"{rule.length}: {in_words(due_on)}.")


def _working_days(rule: ClockRule, found: "Deadline") -> list[str]:
    day_1 = last_day(rule, found.base_on, found.calendar, working_days=1)
    skipped = found.calendar.skipped(found.base_on, found.first_due_on)
    return [
        f"Day 1 is {in_words(day_1)}. Saturdays and Sundays are not counted.",
        *(f"{in_words(day)} is not counted: {name}." for day, name in skipped),
    ]


def _longer(found: "Deadline") -> tuple[str, ...]:
    """What an extension did, or why it did nothing."""
    rule, decided_on = found.rule, found.decided_on
    if rule.extension is None or decided_on is None:
        return ()
    decided = f"{_words(rule.extension.decided_by).capitalize()} on {in_words(decided_on)}"
    if decided_on > found.first_due_on:
        return (f"{decided}, after {in_words(found.first_due_on)}: too late, it moves nothing.",)
    most = f"at most {_most(rule, rule.extension)}, until {in_words(found.due_on)} ({rule.extension.authority})"
    return (f"{decided}, in time: {most}.",)


def _most(rule: ClockRule, extension: Extension) -> str:
    if extension.up_to_months:
        return f"{extension.up_to_months} months, beginning on the day of {_longest_from(extension)}"
    return f"{extension.up_to_working_days or rule.working_days + extension.working_days} working days"


def _longest_from(extension: Extension) -> str:
    return "receipt" if extension.counted_from is Event.RECEIVED else _words(extension.counted_from or extension.decided_by)
