"""The days that a letter names, of a case with the step that is about to be written; none that nobody counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from casework.clockwork import S3_WINDOW, deadlines_of, events_of
from procedures.terms import Event, Notice, Procedure
from storage import cases
from storage.tables import CaseRow, EventRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:  # actions send letters, and letters say who acts
    from casework.acting import Acting
    from casework.letters.of_steps import Saying


@dataclass(frozen=True)
class Known:
    """What is known of a case, with the step that is about to be written."""

    case: CaseRow
    saying: "Saying"
    event: Event | None
    events: Mapping[Event, date]
    notes: Mapping[Event, str]
    before: Mapping[str, Any]
    """The deadlines that stand, by clock."""
    after: Mapping[str, Any]
    """Those that will, with the step."""
    today: date

    def due(self, clock: str) -> str | None:
        return self.after[clock].due_on.isoformat() if clock in self.after else None

    def happened(self, event: Event) -> str | None:
        return self.events[event].isoformat() if event in self.events else None


async def known_of(uow: UnitOfWork, case: CaseRow, saying: "Saying", acting: "Acting", event: Event | None) -> Known:
    """What is known of a case once this step is written, with the deadlines before and after it."""
    rows = (await cases.events_of(uow, [case.reference]))[case.reference]
    was = events_of(rows)
    events = {**was, event: was.get(event, saying.on)} if event is not None else was
    before, after = (
        {one.clock: one for one in deadlines_of(case.kind, case.procedure, case.form, told, acting.office)}
        for told in ({name: on for name, on in was.items() if name is not event}, events)
    )
    return Known(case, saying, event, events, _notes(rows), before, after, acting.today)


def _notes(rows: list[EventRow]) -> dict[Event, str]:
    return {row.name: row.note for row in rows if not row.is_superseded and row.note}


def dates_in(notice: Notice, known: Known) -> dict[str, Any]:
    """The dates of this letter, and nothing that nobody counted."""
    made = _DATES.get(notice)
    return made(known) if made else {}


def _answer_at(stage: int, deadlines: Mapping[str, Any]) -> Any:
    """The clock of the answer at this stage, whatever the procedure of the nation calls it; none if it does not run."""
    return next((one for one in deadlines.values() if one.rule.answers and one.stage == stage), None)


def _longer(stage: int, known: Known) -> dict[str, Any]:
    """The date that stood, and the new one: promised by a delay notice, or counted by the rule."""
    was, now = _answer_at(stage, known.before), _answer_at(stage, known.after)
    until = known.saying.until or (now.due_on if now is not None and now.is_extended else None)
    clock_now = now or was
    longer = clock_now.rule.extension if clock_now is not None else None
    return {
        "old_due_on": was.first_due_on.isoformat() if was else None,
        "due_on": until.isoformat() if until else None,
        "is_complex": bool(longer and longer.only_if),
    }


def _answer_by(known: Known, deadlines: Mapping[str, Any]) -> str | None:
    """The day of the answer of stage 1: promised once the route is decided (practice.md §1), and not after it has gone."""
    found = _answer_at(1, deadlines)
    if found is None or known.case.procedure is Procedure.UNDECIDED or found.due_on < known.today:
        return None
    return str(found.due_on.isoformat())


def _starts(event: Event) -> Callable[[Known], dict[str, Any]]:
    """The day of this event, the day from which stage 1 counts, the day of the answer, and what that was.

    Stage 1 counts from the latest of what it waits for (SI 2006/1738, reg. 14(3), (4)): that may be something else.
    """

    def dates(known: Known) -> dict[str, Any]:
        days = {"start_on": known.happened(event), "old_due_on": _answer_by(known, known.before)}
        days["due_on"] = _answer_by(known, known.after)
        answer = next((one for one in known.after.values() if one.rule.answers and one.stage == 1), None)
        if answer is None or days["due_on"] is None or answer.base_on.isoformat() == days["start_on"]:
            return days
        return {**days, "counts_from": answer.base_on.isoformat(), "counts_since": answer.base_event.value}

    return dates


def _stage_2(known: Known) -> dict[str, Any]:
    """Day 25 and day 65 (SI 2006/1738, reg. 17(3), (6)); under the Code the one date."""
    asked = known.happened(Event.S2_REQUESTED) or known.happened(Event.SKIP_S1_AGREED)
    clock = _answer_at(2, known.after)
    straight = {"went_straight": Event.SKIP_S1_AGREED in known.events and Event.S2_REQUESTED not in known.events}
    if clock is None:
        return {"start_on": asked or known.saying.on.isoformat(), "due_on": None, "longest_on": None, **straight}
    longest = clock.longest_on if known.case.procedure is Procedure.STATUTORY else None
    return {
        "start_on": asked or clock.base_on.isoformat(),
        "due_on": clock.first_due_on.isoformat(),
        "longest_on": longest.isoformat() if longest else None,
        **straight,
    }


def _advocate(known: Known) -> dict[str, Any]:
    appointed = known.happened(Event.ADVOCATE_APPOINTED)
    answer = _answer_at(1, known.after)
    if answer is None:
        return {"appointed": bool(appointed), "appointed_on": appointed, "due_on": None}
    days = {"days": answer.rule.length, "due_on": answer.due_on.isoformat()}
    return {**days, "appointed": bool(appointed), "appointed_on": appointed}


def _panel(known: Known) -> dict[str, Any]:
    dates = {"start_on": known.happened(Event.S3_REQUESTED), "papers_by": known.due("s3_papers_out")}
    return {**dates, "panel_by": _not_past(known.due("s3_panel_meets"), known.today)}


def _panel_refused(known: Known) -> dict[str, Any]:
    """The day on which a panel was asked for, and the last day of the time to ask (SI 2006/1738, reg. 18(2))."""
    return {"start_on": known.happened(Event.S3_REQUESTED), "asked_by": known.due(S3_WINDOW)}


def _early_referral(known: Known) -> dict[str, Any]:
    """The last day of the time to ask for a panel after all (SI 2006/1738, reg. 18(2)); none if it is over, or they had asked."""
    had_asked = Event.S3_REQUESTED in known.events
    return {"asked_by": None if had_asked else _not_past(known.due(S3_WINDOW), known.today), "had_asked": had_asked}


def _not_past(day: str | None, today: date) -> str | None:
    """A day that may be promised: none that is over."""
    return day if day is None or date.fromisoformat(day) >= today else None


def _received(known: Known) -> dict[str, Any]:
    """The day it came, which stays, and the day of the answer that is owed, of the latest stage begun; none that is over."""
    owed = [one for one in known.after.values() if one.rule.answers and one.stopped_on(known.events) is None]
    due = max(owed, key=lambda one: one.stage).due_on if owed else None  # of one stage the first, as the law book lists them
    is_ahead = due is not None and due >= known.today
    return {"received_on": known.case.received_on.isoformat(), "due_on": due.isoformat() if due and is_ahead else None}


_DATES: Mapping[Notice, Callable[[Known], dict[str, Any]]] = {
    Notice.INTEREST_ACCEPTED: _starts(Event.INTEREST_DECIDED),
    Notice.LATER_START: _starts(Event.AGREED_START),
    **dict.fromkeys((Notice.LATE_ACCEPTED, Notice.FREEZE), lambda known: {"due_on": _answer_by(known, known.after)}),
    Notice.LATE_PANEL_ACCEPTED: _panel,
    Notice.LATE_PANEL_REFUSED: _panel_refused,
    Notice.EARLY_REFERRAL: _early_referral,
    Notice.EXTENSION: lambda known: _longer(1, known),
    Notice.S2_DELAY: lambda known: _longer(2, known),
    Notice.ADVOCATE_PENDING: _advocate,
    Notice.S2_ACKNOWLEDGEMENT: _stage_2,
    Notice.S3_ACKNOWLEDGEMENT: _panel,
    Notice.PANEL_REPORT: lambda known: {"met_on": known.happened(Event.PANEL), "answer_by": known.due("s3_la_response")},
    Notice.RESUBMIT: lambda known: {
        "ended_on": known.happened(Event.CONCURRENT_ENDED),
        "resubmit_by": known.due("resubmit_after_hold"),
    },
    Notice.TERMS: lambda known: {"agreed_on": known.happened(Event.S1_RESOLVED)},
    Notice.WITHDRAWAL_CONFIRMED: lambda known: {"withdrawn_on": known.happened(Event.WITHDRAWN)},
    Notice.REROUTED: _received,
    Notice.DP_ACKNOWLEDGEMENT: _received,
}
