"""What the rows of a register say of each other: no reply without a stage, no issue without a complaint. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from procedures.terms import Kind
from reports.registers.columns import (
    ACTIVITY,
    ANSWERS,
    BEGINS,
    CASES,
    FILES,
    ISSUES,
    LEARNING,
    OMBUDSMAN,
    OUTCOMES,
)
from reports.registers.reading import Entry, Mistake, Register

_AT = {name: place for place, name in enumerate(CASES.names)}
_DAYS = tuple(column.name for column in CASES.columns if column.is_a_day and column.name != "received_on")
_ORDER = {file.name: place for place, file in enumerate(FILES)}
KEYS: dict[str, tuple[str, ...]] = {
    CASES.name: ("reference",),
    ISSUES.name: ("reference", "number"),
    OMBUDSMAN.name: ("body", "body_reference"),
    LEARNING.name: ("reference", "action"),
}
"""What is unique in each file."""


def check(register: Register) -> list[Mistake]:
    """Every mistake of the register, in the order of its files and lines."""
    said = frozenset((one.line, one.column) for one in register.mistakes if one.file == CASES.name)
    found = [*register.mistakes, *_about_cases(register, said), *_twice(register), *_belonging(register), *_activity(register)]
    return sorted(found, key=lambda one: (_ORDER.get(one.file, -1), one.file, one.line))


Said = frozenset[tuple[int, str]]
"""Cells of cases.csv of which something is said already: line and column."""


def _about_cases(register: Register, said: Said) -> Iterator[Mistake]:
    for entry in register.of(CASES):
        of = dict(zip(CASES.names, entry.values, strict=True))
        if of["kind"] == Kind.COMPLAINT and of["procedure"] is None and (entry.line, "procedure") not in said:
            yield Mistake(CASES.name, entry.line, "procedure", "", "a complaint needs one; undecided is one too")
        received = of["received_on"]
        for name in _DAYS:
            if received and of[name] and of[name] < received:
                why = f"before the day of receipt, {received.isoformat()}"
                yield Mistake(CASES.name, entry.line, name, of[name].isoformat(), why)
        for stage in BEGINS:
            yield from _about_a_stage(stage, of, entry.line, said)


def _about_a_stage(stage: int, of: dict[str, Any], line: int, said: Said) -> Iterator[Mistake]:
    begins = of[BEGINS[stage]]
    ends = (ANSWERS[stage], "stage_3_panel_on") if stage == 3 else (ANSWERS[stage],)
    if begins is None and (line, BEGINS[stage]) in said:
        return
    for name in (ANSWERS[stage], OUTCOMES[stage]):
        if begins is None and of[name] is not None:
            why = f"stage {stage} has not begun: {BEGINS[stage]} is empty"
            yield Mistake(CASES.name, line, name, _shown(of[name]), why)
    for name in ends:
        if begins and of[name] and of[name] < begins:
            yield Mistake(CASES.name, line, name, _shown(of[name]), f"before stage {stage} began, on {begins.isoformat()}")


def _twice(register: Register) -> Iterator[Mistake]:
    for file in FILES:
        names = KEYS.get(file.name)
        if not names:
            continue
        places = [file.names.index(name) for name in names]
        seen: dict[tuple[Any, ...], int] = {}
        for entry in register.of(file):
            key = tuple(entry.values[place] for place in places)
            if None in key or "" in key:
                continue
            if key in seen:
                why = f"the same {' and '.join(names)} as on line {seen[key]}"
                yield Mistake(file.name, entry.line, names[-1], _shown(key[-1]), why)
            else:
                seen[key] = entry.line


def _belonging(register: Register) -> Iterator[Mistake]:
    kinds = {entry.values[0]: entry.values[1] for entry in register.of(CASES)}
    for file in (ISSUES, OMBUDSMAN, LEARNING):
        place = file.names.index("reference")
        for entry in register.of(file):
            reference = entry.values[place]
            if not reference or reference in register.half_known:
                continue
            if reference not in kinds:
                yield Mistake(file.name, entry.line, "reference", reference, "no row of cases.csv has this reference")
            elif file is ISSUES and kinds[reference] != Kind.COMPLAINT:
                yield Mistake(
                    file.name, entry.line, "reference", reference, f"issues belong to complaints; this is a {kinds[reference]}"
                )


def _activity(register: Register) -> Iterator[Mistake]:
    rows: dict[tuple[str, str], list[tuple[date, date, Entry]]] = defaultdict(list)
    for entry in register.of(ACTIVITY):
        measure, begins, ends, _count, directorate = entry.values
        if begins and ends and begins > ends:
            yield Mistake(ACTIVITY.name, entry.line, "from", begins.isoformat(), f"later than `to`, {ends.isoformat()}")
        elif begins and ends and measure:
            rows[measure, directorate].append((begins, ends, entry))
    for of_one in rows.values():
        of_one.sort(key=lambda row: (row[0], row[1], row[2].line))
        last_end, last_line = date.min, 0
        for begins, ends, entry in of_one:
            if last_line and begins <= last_end:
                why = f"overlaps with line {last_line}, of the same measure and directorate"
                yield Mistake(ACTIVITY.name, entry.line, "from", begins.isoformat(), why)
            if ends > last_end or not last_line:
                last_end, last_line = ends, entry.line


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
