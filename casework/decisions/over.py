"""What is over: withdrawn, passed on, or refused. Nothing more is done to it here before an officer takes it up again."""

from collections.abc import Collection, Mapping
from datetime import date

from casework.acting import Acting, Refused
from casework.clockwork import rules_of
from procedures.day_words import in_words
from procedures.steps import ends, here, known_to
from procedures.terms import Event
from storage.tables import CaseRow

_REFUSED = {Event.INTEREST_REFUSED: "interest", Event.LATE_REFUSED: "late"}
"""Each with the decision that looks at it anew."""
_ENDED_WITH_A_LETTER = frozenset({Event.WITHDRAWN, Event.TRANSFERRED, *_REFUSED})
_ANSWERED = frozenset({Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.S2_NOTICE_SENT, Event.S3_RESPONSE})


def refuse_if_over(case: CaseRow, events: Mapping[Event, date], acting: Acting, *, refused_too: bool = True) -> None:
    """Raise Refused where the complaint has ended here without an answer, by the rule of that end (`steps.toml`).

    A refusal ends it only under a procedure that knows it, and may be decided anew; `refused_too` false lets both go on.
    """
    rules = rules_of(case, acting.office)
    for event, step in ends().items():
        if event not in events or (event in _REFUSED and not (refused_too and event in known_to(rules))):
            continue
        again = (
            f"decide {_REFUSED[event]} {case.reference} --new WORDS" if event in _REFUSED else f"decide reopen {case.reference}"
        )
        end = here(step, case.procedure, rules)
        raise Refused(
            f"{end.says} on {in_words(events[event])}; nothing more is done to it here ({end.authority}). If it is to be taken "
            f"up again: `heard {again}`. Nothing was changed."
        )


def ended_without_an_answer(events: Collection[Event]) -> bool:
    """Whether it ended with a letter of its own, which told why: withdrawn, passed on, or refused and never answered."""
    return Event.WITHDRAWN in events or (bool(_ENDED_WITH_A_LETTER & set(events)) and not _ANSWERED & set(events))
