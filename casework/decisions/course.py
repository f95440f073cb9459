"""A case takes another course: they stop, it is opened again, both agree on longer, it goes to another body.

Each is an officer's, with a reason, a letter and nothing silent (law.md §1.11, §1.14).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.acting import Acting, Refused, only_officers, progress_of, the_case, the_open_case
from casework.actions import recounted
from casework.clockwork import deadlines_of, decided_by, events_of, law_of, rules_of
from casework.decisions.blocking import DELAY_NOTICE
from casework.decisions.by_an_officer import decided_anew
from casework.decisions.discretions import FEWEST_WORDS, Weighed, decision
from casework.decisions.over import refuse_if_over
from casework.letters.letters_out import tell_the_person
from casework.opening import Alert, alert_duty, task
from casework.people.behind_walls import write_behind_walls
from casework.progress import Progress, where_it_stands
from casework.recording import record
from procedures.clocks import in_words
from procedures.steps import known_to, words_of
from procedures.terms import Event, Kind, Matter, Notice, Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, EventRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

_DECIDED_ANEW = {
    Event.INTEREST_REFUSED: TaskKind.INTEREST,
    Event.LATE_REFUSED: TaskKind.LATE_COMPLAINT,
    Event.S3_LATE_REFUSED: TaskKind.LATE_PANEL,
}
"""Refusals whose letter says that we look again if there is more that we did not know."""
_STOPS = (Event.CLOSED, Event.WITHDRAWAL_ASKED, Event.WITHDRAWN, Event.WITHDRAWAL_CONFIRMED, Event.TRANSFERRED)
"""What stands on record of the end of a case, and no more once it goes on."""
_ANSWERED = (Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.S2_NOTICE_SENT, Event.S3_RESPONSE)
_PROMISED = re.compile(r"\bpromised (\d{4}-\d{2}-\d{2})\b")
"""The day of a delay notice, as `casework.recording` notes it."""


@dataclass(frozen=True)
class Choice:
    """What a person heard when they spoke with somebody who asked to stop."""

    spoke: str
    """Who spoke with them, when and how; their advocate if there is one."""
    is_theirs: bool
    """Whether it is their own choice."""
    pressed_by: str = ""
    """Who makes them stop, if anybody does; never told to anyone on file."""


async def decide_withdrawal(uow: UnitOfWork, reference: str, choice: Choice, acting: Acting) -> Progress:
    """Whether they truly want to stop (practice.md §3; SI 2006/1738, reg. 7).

    Their choice: it dates from the day they asked, and the letter goes. Somebody makes them: nothing stops, and what they
    said is a safety alert.
    """
    only_officers(acting, "confirm a withdrawal")
    case = await the_open_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    refuse_if_over(case, events, acting)
    if Event.WITHDRAWAL_ASKED not in events:
        raise Refused(
            f"Nobody asked to stop {reference}; only they can ({law_of(Event.WITHDRAWN, case, acting.office)}). Nothing was "
            "changed."
        )
    if len(choice.spoke.split()) < FEWEST_WORDS:
        raise Refused(
            "Say who spoke with them, and how: nothing stops before a person has, within five working days (the council's "
            "own rule). Nothing was changed."
        )
    if choice.is_theirs and choice.pressed_by.strip():
        raise Refused("It cannot be both their own choice and somebody's who makes them stop. Nothing was changed.")
    if choice.is_theirs:
        return await _stopped(uow, reference, choice, acting)
    filing = Filing()
    asked = {"case_reference": reference, "name": Event.WITHDRAWAL_ASKED, "is_superseded": False}
    filing.change(EventRow, asked, is_superseded=True)
    filing.add(acting.event(reference, Event.NOTED, f"it goes on: stopping was not their choice. {choice.spoke.strip()}"))
    waiting = {"case_reference": reference, "kind": TaskKind.WITHDRAWAL, "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    if choice.pressed_by.strip():
        detail = f"somebody makes them stop: {choice.pressed_by.strip()}"
        alert = Alert(reference, "harm", case.channel, acting.now, f"{reference}:pressed:{acting.today}", detail)
        alert_duty(alert, acting.office, acting.now, filing)
    await write_behind_walls(uow, [filing], acting.office, acting.now)
    return await recounted(uow, reference, acting)


async def _stopped(uow: UnitOfWork, reference: str, choice: Choice, acting: Acting) -> Progress:
    await record(uow, reference, Event.WITHDRAWN, acting, why=f"{choice.spoke.strip()}; nobody makes them stop")
    case, filing = await the_case(uow, reference), Filing()
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    filing.add(acting.event(reference, Event.WITHDRAWAL_CONFIRMED, "the letter is on its way"))
    facts = {"withdrawn_on": events[Event.WITHDRAWN].isoformat()}
    await tell_the_person(uow, case, Notice.WITHDRAWAL_CONFIRMED, facts, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def reopen(uow: UnitOfWork, reference: str, why: str, acting: Acting) -> Progress:
    """A case that was closed, withdrawn or passed on goes on; its dates are those of its events, as if it had never stopped.

    What was passed on is ours again, also where it is not closed: the other body sent it back, or they want it here. What was
    refused stays refused until an officer decides it anew: that is a task of theirs from today.
    """
    only_officers(acting, "open a case again")
    case = await the_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    ended = [name for name in (Event.TRANSFERRED, Event.WITHDRAWN) if name in events]
    if case.closed_on is None and not ended:
        raise Refused(
            f"{reference} is open: only what has ended is taken up again (the council's own rule). Nothing was changed."
        )
    _said(why, "why it is opened again, in words for the person: they read it")
    was = [f"closed on {case.closed_on}"] if case.closed_on else []
    was += [f"{words_of(name)} on {events[name]}" for name in ended]
    undone = _STOPS if case.closed_on or Event.WITHDRAWN in events else (Event.TRANSFERRED,)
    filing = decision(case, Matter.REOPENING, True, [], why, acting)
    for name in undone:
        filing.change(EventRow, {"case_reference": reference, "name": name}, is_superseded=True)
    filing.change(CaseRow, {"reference": reference}, closed_on=None)
    filing.add(acting.event(reference, Event.REOPENED, f"it was {' and '.join(was)}: {why.strip()}"))
    _ask_to_decide_anew(case, events, acting, filing)
    await tell_the_person(uow, case, Notice.REOPENED, _opened_again(case, events, why, acting), acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


def _opened_again(case: CaseRow, events: Mapping[Event, date], why: str, acting: Acting) -> dict[str, Any]:
    """What the letter says: what it was, why it is open again, and what they can wait for until when (law.md §1.14).

    The day is that of the law, as if it had never stopped; of what is decided anew the day of that task; else none.
    """
    was = next((name for name in (Event.TRANSFERRED, Event.WITHDRAWN) if name in events), Event.CLOSED)
    goes_on = {name: on for name, on in events.items() if name not in _STOPS}
    stands = where_it_stands(case.kind, case.procedure, case.form, goes_on, acting.office, acting.today)
    due = stands.answer_by if case.procedure is not Procedure.UNDECIDED else None
    again = list(_looked_at_again(case, events, acting).values())
    again_by = max((decided_by(case, acting.office, kind.value, acting.today) for kind in again), default=None)
    answered = max((goes_on[name] for name in _ANSWERED if name in goes_on), default=None)
    return {
        "reason": why.strip(),
        "was": was.value,
        "was_on": (events.get(was) or case.closed_on or acting.today).isoformat(),
        "due_on": due.isoformat() if due else None,
        "is_late": due is not None and due < acting.today,
        "again_by": again_by.isoformat() if again_by else None,
        "again_what": "panel" if again == [TaskKind.LATE_PANEL] else "",
        "answered_on": answered.isoformat() if answered and not due else None,
        "stage": max(1, stands.stage),
    }


def _ask_to_decide_anew(case: CaseRow, events: Mapping[Event, date], acting: Acting, filing: Filing) -> None:
    """Being open lifts no refusal: an officer looks at it again, by the day by which they decide such a thing."""
    for refused, kind in _looked_at_again(case, events, acting).items():
        by = decided_by(case, acting.office, kind.value, acting.today)
        due = moment_at_the_desk(by, acting.office.council.closes_at)
        how = decided_anew(kind, case.reference)
        detail = f"refused on {in_words(events[refused])}: look again. To take it up: {how}; with --no it stays refused"
        key = f"anew:{refused.value}:{case.reference}:{acting.now.isoformat()}"
        filing.add(task(key, kind, case.reference, due, acting.now, detail))


def _looked_at_again(case: CaseRow, events: Mapping[Event, date], acting: Acting) -> dict[Event, TaskKind]:
    """Refusals that stand and that the procedure it is under now knows: of another one there is nothing to decide."""
    known = known_to(rules_of(case, acting.office))
    return {refused: kind for refused, kind in _DECIDED_ANEW.items() if refused in events and refused in known}


async def agree_overrun(uow: UnitOfWork, reference: str, until: date, how: str, why: str, acting: Acting) -> Progress:
    """They agree to wait longer than the law lets the council take. It moves no date and is late all the same (law.md U5).

    `how` says how and when they agreed, and stays on record; `why` is the council's reason, which the letter tells. Stage 2 has
    a last day that nobody can agree away: day 65 (reg. 17(3), (6)). Where its delay notice is still owed, this letter is it:
    that they agree takes nothing from their right to the reason and the date in writing before day 25 passes (reg. 17(6)).
    """
    only_officers(acting, "record that they agree to wait")
    case = await the_open_case(uow, reference)
    progress = await progress_of(uow, case, acting.office, acting.today)
    answer = progress.answer
    if case.kind is not Kind.COMPLAINT or answer is None or not answer.is_open:
        raise Refused(f"{reference} owes no answer that could take longer (the council's own rule). Nothing was changed.")
    if until <= acting.today:
        raise Refused(f"{in_words(until)} is not to come: they wait until a day that is. Nothing was changed.")
    longest = answer.deadline.longest_on
    if progress.stage == 2 and longest and until > longest:
        raise Refused(
            f"Stage 2 ends on {in_words(longest)}, its last day of all, and nobody can agree otherwise "
            f"({answer.deadline.authority}). Nothing was changed."
        )
    rows = (await cases.events_of(uow, [reference]))[reference]
    events, promised = events_of(rows), _promised(rows)
    was_told = progress.stage == 2 and Event.DELAY_NOTICE in events  # then the notice promised a day before the last of all
    if until <= answer.deadline.due_on and not was_told:
        raise Refused(f"It is due on {in_words(answer.deadline.due_on)} as it is. Nothing was changed.")
    if was_told and promised and until <= promised:
        raise Refused(
            f"The delay notice promised {in_words(promised)} ({law_of(Event.DELAY_NOTICE, case, acting.office)}): what they "
            "agree to is a later day. Nothing was changed."
        )
    _said(how, "how and when they agreed")
    _said(why, "with --why why it takes longer: they read it")
    weighed = [Weighed("until", until.isoformat()), Weighed("how they agreed", how)]
    filing = decision(case, Matter.OVERRUN, True, weighed, why, acting)
    if progress.stage == 2 and not was_told and _has_a_notice(case, events, acting):
        filing.add(acting.event(reference, Event.OVERRUN_AGREED, f"until {until}: {why.strip()}; agreed: {how.strip()}"))
        await write(uow, [filing])
        return await record(uow, reference, Event.DELAY_NOTICE, acting, why=why, until=until, say={"agreed": "yes"})
    said = f"until {until}: {why.strip()}; agreed: {how.strip()}"
    filing.add(acting.event(reference, Event.OVERRUN_AGREED, said if was_told else f"{said}; counted as not in time"))
    old_due_on = None if was_told else answer.deadline.due_on.isoformat()
    facts = {"old_due_on": old_due_on, "due_on": until.isoformat(), "reason": why.strip(), "agreed": True}
    notice = Notice.EXTENSION if progress.stage == 1 else Notice.S2_DELAY
    await tell_the_person(uow, case, notice, facts, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


def _promised(rows: Iterable[EventRow]) -> date | None:
    """The day that the delay notice names; None where none was sent, or its day is not on record."""
    notes = (row.note for row in rows if row.name is Event.DELAY_NOTICE and not row.is_superseded)
    days = [date.fromisoformat(day) for note in notes for day in _PROMISED.findall(note)]
    return max(days, default=None)


def _has_a_notice(case: CaseRow, events: Mapping[Event, date], acting: Acting) -> bool:
    """Whether a delay notice belongs to the stage that runs (SI 2006/1738, reg. 17(6))."""
    found = deadlines_of(case.kind, case.procedure, case.form, events, acting.office)
    return any(one.clock == DELAY_NOTICE for one in found)


async def transfer(uow: UnitOfWork, reference: str, body: str, consent: str, sent: str, why: str, acting: Acting) -> Progress:
    """Pass a complaint to the body whose matter it is, with the person's consent; without it they hear whom to turn to."""
    only_officers(acting, "pass a complaint on")
    case = await the_open_case(uow, reference)
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting)
    if not body.strip():
        raise Refused("Say to which body, with --to. Nothing was changed.")
    if len(consent.split()) < 3:
        raise Refused(
            f"Without their consent nothing is passed on to {body.strip()} (UK GDPR, art. 6): say how and when they gave it, or "
            "tell them whom to turn to with `heard case respond`. Nothing was changed."
        )
    _said(why, "why it is theirs")
    if not sent.strip():
        raise Refused("Say what was sent, with --sent. Nothing was changed.")
    weighed = [Weighed("consent", consent, holds=True), Weighed("what was sent", sent)]
    filing = decision(case, Matter.TRANSFER, True, weighed, why, acting)
    filing.add(acting.event(reference, Event.TRANSFERRED, f"to {body.strip()}: {why.strip()}"))
    await tell_the_person(uow, case, Notice.TRANSFERRED, {"body": body.strip(), "reason": why.strip()}, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


def _said(words: str, what: str) -> None:
    if len(words.split()) < FEWEST_WORDS:
        raise Refused(f"Say {what}, in a sentence. Nothing was changed.")
