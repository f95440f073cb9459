"""What is over: withdrawn, passed on, or refused. Nothing more is done to it here before an officer takes it up again."""

from collections.abc import Mapping
from datetime import date

from casework.acting import Acting, Refused
from casework.clockwork import rules_of
from casework.decisions.by_an_officer import decided_anew
from casework.office import Office
from procedures.day_words import in_words
from procedures.steps import ends, here, known_to
from procedures.terms import Event
from storage.tables import CaseRow, TaskKind

_DECIDED_ANEW = {Event.INTEREST_REFUSED: TaskKind.INTEREST, Event.LATE_REFUSED: TaskKind.LATE_COMPLAINT}
"""Refusals, each with what looks at it anew."""
_ANSWERED = frozenset({Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.S2_NOTICE_SENT, Event.S3_RESPONSE})


def ended_here(case: CaseRow, events: Mapping[Event, date], office: Office) -> tuple[Event, ...]:
    """What ended the complaint here without an answer, by `steps.toml`; empty while it goes on.

    A refusal ends it only under a procedure that knows it: whoever was refused under one and goes on under another is answered.
    """
    known = known_to(rules_of(case, office))
    return tuple(event for event in ends() if event in events and (event not in _DECIDED_ANEW or event in known))


def refuse_if_over(case: CaseRow, events: Mapping[Event, date], acting: Acting, *, refused_too: bool = True) -> None:
    """Raise Refused where the complaint has ended here without an answer, by the rule of that end (`steps.toml`).

    A refusal may be decided anew, and the route too: `refused_too` false lets both go on.
    """
    for event in ended_here(case, events, acting.office):
        if event in _DECIDED_ANEW and not refused_too:
            continue
        kind = _DECIDED_ANEW.get(event)
        again = decided_anew(kind, case.reference) if kind else f'`heard decide reopen {case.reference} --why "…"`'
        end = here(ends()[event], case.procedure, rules_of(case, acting.office))
        raise Refused(
            f"{end.says} on {in_words(events[event])}; nothing more is done to it here ({end.authority}). If it is to be taken "
            f"up again: {again}. Nothing was changed."
        )


def ended_without_an_answer(case: CaseRow, events: Mapping[Event, date], office: Office) -> bool:
    """Whether it ended with a letter of its own, which told why: withdrawn, passed on, or refused and never answered."""
    ended = ended_here(case, events, office)
    return Event.WITHDRAWN in ended or (bool(ended) and not _ANSWERED & events.keys())
