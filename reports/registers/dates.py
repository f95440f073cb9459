"""What the dates of a register mean here: the events of the case, whether it is still open, the name it gets. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from procedures.terms import Event, Kind, Procedure
from reports.registers.columns import ANSWERS, BEGINS, OUTCOMES

LONGEST = 20
"""Symbols of the reference of a case here."""

_BEGINS_STAGE_1 = {Procedure.CORPORATE: Event.ACKNOWLEDGED, Procedure.STATUTORY: Event.AGREED_START}
_MORE_TIME = {Procedure.STATUTORY: Event.COMPLEX_DECIDED}
_BEGINS_STAGE_2 = {Procedure.CORPORATE: Event.S2_ACKNOWLEDGED, Procedure.STATUTORY: Event.RECORD_FINAL}

Row = Mapping[str, Any]
"""A row of cases.csv by its columns."""


def case_reference(reference: str) -> str:
    """The name of the case here: the register's own, or where that is too long its beginning and a digest."""
    if len(reference) <= LONGEST:
        return reference
    return f"{reference[:9]}~{hashlib.sha256(reference.encode()).hexdigest()[:10]}"


def events_of(row: Row) -> dict[Event, date]:
    """The events that the dates stand for. A start of stage 1 on the day of receipt needs none."""
    if row["kind"] != Kind.COMPLAINT:
        return _dated({Event.RECEIVED: row["received_on"], Event.CLOSED: row["closed_on"]})
    procedure = Procedure(row["procedure"])
    started = row["stage_1_started_on"]
    if procedure is Procedure.STATUTORY and started == row["received_on"]:
        started = None
    days = {
        Event.RECEIVED: row["received_on"],
        _BEGINS_STAGE_1.get(procedure, Event.ACKNOWLEDGED): started,
        _MORE_TIME.get(procedure, Event.EXTENDED): row["stage_1_extended_on"],
        Event.S1_REPLY_SENT: row["stage_1_responded_on"],
        Event.S1_RESOLVED: row["resolved_informally_on"],
        Event.S2_REQUESTED: row["stage_2_requested_on"],
        _BEGINS_STAGE_2.get(procedure, Event.RECORD_FINAL): row["stage_2_started_on"],
        Event.S2_NOTICE_SENT: row["stage_2_responded_on"],
        Event.S3_REQUESTED: row["stage_3_requested_on"],
        Event.PANEL: row["stage_3_panel_on"],
        Event.S3_RESPONSE: row["stage_3_responded_on"],
        Event.WITHDRAWN: row["withdrawn_on"],
        Event.CLOSED: row["closed_on"],
    }
    return _dated(days)


def ended_on(row: Row) -> date | None:
    """The day on which nothing was left to answer; None of a complaint that waits for the answer of a stage.

    Registers seldom say when a case was closed: one that was withdrawn, put right informally or answered waits for nobody here.
    """
    day: date | None = row["closed_on"] or row["withdrawn_on"]
    if day is None and row["kind"] != Kind.COMPLAINT:
        day = row["received_on"]
    begun = [stage for stage in BEGINS if row[BEGINS[stage]]]
    if day is None and not begun:
        day = row["resolved_informally_on"]
    elif day is None:
        last = max(begun)
        day = row[ANSWERS[last]] or (row[BEGINS[last]] if row[OUTCOMES[last]] else None)
    return day


def _dated(days: Mapping[Event, date | None]) -> dict[Event, date]:
    return {event: day for event, day in days.items() if day is not None}
