"""The five files of a register, column by column: what each may hold."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from procedures.register_words import Activity, EnquiryKind, OmbudsmanBody, OmbudsmanOutcome
from procedures.terms import REACHED_BY, Kind, Outcome, Procedure, Role, Theme

LONGEST_CELL = 10_000
LONGEST_REFERENCE = 200
"""Symbols: a reference is a key."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]+")
_MOST_DIGITS = 15


class NotAllowed(ValueError):
    """A cell holds what its column may not; the message says why."""


Reader = Callable[[str], Any]
"""Makes a value of a cell that is not empty, or raises NotAllowed."""


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, and whether it must be there and filled."""

    name: str
    read: Reader
    is_required: bool = False
    is_a_day: bool = False
    may_lie_ahead: bool = False
    empty: Any = None
    """What an empty cell stands for."""

    @property
    def repeats(self) -> bool:
        """Whether the same few cells come again and again: days and words, and no free text."""
        return self.read is not text and self.read is not _reference

    @property
    def is_free(self) -> bool:
        """Whether it holds free words, in which a script or a picture of words may need signs that nobody sees."""
        return self.read is text


@dataclass(frozen=True)
class File:
    """A file of the folder: its name, and its columns in the order in which they are written."""

    name: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def text(cell: str) -> str:
    """Free words."""
    return cell


def _reference(cell: str) -> str:
    if len(cell) > LONGEST_REFERENCE:
        raise NotAllowed(f"a reference has at most {LONGEST_REFERENCE} symbols")
    return cell


def day(cell: str) -> date:
    """A day as YYYY-MM-DD and nothing else; else NotAllowed."""
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        raise NotAllowed("no such day in any calendar") from None
    number = "; this is a spreadsheet's own number for a day" if _DIGITS.fullmatch(cell) else ""
    raise NotAllowed(f"a date is written YYYY-MM-DD, like 2024-11-07{number}")


def _truth(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise NotAllowed(f"write it as {cell.lower()}" if cell.lower() in ("true", "false") else "only true or false")
    return cell == "true"


def _number(cell: str) -> int:
    if not _DIGITS.fullmatch(cell):
        raise NotAllowed("digits only")
    if len(cell.lstrip("0")) > _MOST_DIGITS:
        raise NotAllowed(f"no number here has more than {_MOST_DIGITS} digits")
    return int(cell)


def _one_of(words: tuple[str, ...]) -> Reader:
    known = dict(zip(words, words, strict=True))

    def read(cell: str) -> str:
        if cell not in known:
            meant = "_".join(cell.lower().split())
            raise NotAllowed(f"write it as {meant}" if meant in known else f"only {', '.join(words)}")
        return known[cell]

    return read


def _words(name: str, words: Any, *, required: bool = False) -> Column:
    return Column(name, _one_of(tuple(word.value for word in words)), required)


def _on(name: str, *, required: bool = False, ahead: bool = False) -> Column:
    return Column(name, day, required, is_a_day=True, may_lie_ahead=ahead)


def _free(name: str) -> Column:
    return Column(name, text, empty="")


PROCEDURES = tuple(one for one in Procedure if one is not Procedure.MEMBER_ENQUIRY)
"""A member's enquiry is a kind in a register, and no procedure."""

CASES = File(
    "cases.csv",
    (
        Column("reference", _reference, is_required=True),
        _words("kind", Kind, required=True),
        _words("procedure", PROCEDURES),
        _free("directorate"),
        _free("service"),
        _free("team"),
        _words("channel", REACHED_BY),
        _on("received_on", required=True),
        _words("raised_by", Role),
        Column("on_behalf_of_child", _truth),
        _on("resolved_informally_on"),
        _on("stage_1_started_on"),
        _on("stage_1_extended_on"),
        _on("stage_1_responded_on"),
        _words("stage_1_outcome", Outcome),
        _on("stage_2_requested_on"),
        _on("stage_2_started_on"),
        _on("stage_2_responded_on"),
        _words("stage_2_outcome", Outcome),
        _on("stage_3_requested_on"),
        _on("stage_3_panel_on"),
        _on("stage_3_responded_on"),
        _words("stage_3_outcome", Outcome),
        _on("withdrawn_on"),
        _on("closed_on"),
        _free("source"),
    ),
)
ISSUES = File(
    "issues.csv",
    (
        Column("reference", _reference, is_required=True),
        Column("number", _number, is_required=True),
        _words("theme", Theme, required=True),
        _words("outcome", Outcome),
    ),
)
OMBUDSMAN = File(
    "ombudsman.csv",
    (
        _words("body", OmbudsmanBody, required=True),
        Column("body_reference", _reference, is_required=True),
        Column("reference", _reference),
        _on("received_on", required=True),
        _words("kind", EnquiryKind, required=True),
        _on("decided_on"),
        _words("outcome", OmbudsmanOutcome),
        _free("directorate"),
        _free("service"),
    ),
)
ACTIVITY = File(
    "activity.csv",
    (
        _words("measure", Activity, required=True),
        _on("from", required=True, ahead=True),
        _on("to", required=True, ahead=True),
        Column("count", _number, is_required=True),
        _free("directorate"),
    ),
)
LEARNING = File(
    "learning.csv",
    (
        Column("reference", _reference, is_required=True),
        Column("action", text, is_required=True),
        _free("owner"),
        _on("due_on", ahead=True),
        _on("done_on"),
    ),
)
FILES = (CASES, ISSUES, OMBUDSMAN, ACTIVITY, LEARNING)

BEGINS = {1: "stage_1_started_on", 2: "stage_2_requested_on", 3: "stage_3_requested_on"}
"""With which date a stage begins."""
ANSWERS = {stage: f"stage_{stage}_responded_on" for stage in BEGINS}
OUTCOMES = {stage: f"stage_{stage}_outcome" for stage in BEGINS}
