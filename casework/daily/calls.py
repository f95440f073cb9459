"""Calls first: that a person was called, or was tried, by whom and what was agreed (practice.md 5). A call moves no clock."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.acting import Acting, Refused, the_case
from casework.opening import task
from procedures.clocks import in_words
from procedures.working_days import moment_at_the_desk
from storage.columns import CallOutcome, Means
from storage.filing import Filing, write
from storage.tables import CallRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

SPOKEN = (CallOutcome.SPOKE,)
BY_VOICE = (Means.PHONE, Means.VIDEO, Means.VISIT)
OUTCOMES = {
    CallOutcome.SPOKE: "spoke",
    CallOutcome.NO_ANSWER: "no answer",
    CallOutcome.MESSAGE_LEFT: "a message was left",
    CallOutcome.WRONG_NUMBER: "wrong number",
    CallOutcome.NOT_NOW: "they would rather talk another time",
}
"""As staff read them."""


@dataclass(frozen=True)
class Called:
    """A call as it is noted."""

    outcome: CallOutcome
    means: Means = Means.PHONE
    spoke_with: str = ""
    agreed: str = ""
    at: datetime | None = None
    """When it was; now if not said."""
    again_on: date | None = None
    """The day on which they asked to be called back."""


async def note_call(uow: UnitOfWork, reference: str, called: Called, acting: Acting) -> date | None:
    """Keep that a person was called or tried, and return the day of the next try, if there is to be one.

    Who was reached needs no callback any more; who was not is on the list for the next working day, or for the day that they
    named. A wrong number is a route that does not work: a person finds a safe one.
    """
    await the_case(uow, reference)
    at = called.at or acting.now
    _may_be(called, at, acting)
    uow.add(
        CallRow(
            case_reference=reference,
            called_at=at,
            recorded_at=acting.now,
            called_by=acting.person.address,
            means=called.means,
            outcome=called.outcome,
            spoke_with=called.spoke_with.strip()[:300],
            agreed=called.agreed.strip(),
        )
    )
    await uow.flush()
    again = _again(called, acting)
    if called.outcome in SPOKEN or again is not None:
        # one call to make, however often it was tried: what waited was this one
        done = Filing()
        waiting = {"case_reference": reference, "kind": TaskKind.CALL_BACK, "done_at": None}
        done.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
        await write(uow, [done])
    await write(uow, [_to_do(reference, called, again, acting)])
    return again


def _to_do(reference: str, called: Called, again: date | None, acting: Acting) -> Filing:
    """What a person has to do after it."""
    filing = Filing()
    if again is not None:
        detail = "they asked to be called on this day" if called.again_on else OUTCOMES[called.outcome]
        due, key = moment_at_the_desk(again, acting.office.council.closes_at), f"call_back:{reference}:{acting.now.isoformat()}"
        filing.add(task(key, TaskKind.CALL_BACK, reference, due, acting.now, detail))
    if called.outcome is CallOutcome.WRONG_NUMBER:
        why = "the telephone number is wrong: find a safe way"
        filing.add(task(f"number:{reference}:{acting.today}", TaskKind.CANNOT_REACH, reference, acting.now, acting.now, why))
    return filing


def _may_be(called: Called, at: datetime, acting: Acting) -> None:
    if at > acting.now:
        raise Refused(
            "A call that has not been made yet cannot be noted (the council's own rule). Leave --at out. Nothing was changed."
        )
    if called.means not in BY_VOICE:
        raise Refused("A call is by phone, video or visit. A letter is sent by its own command. Nothing was changed.")
    if called.outcome is CallOutcome.SPOKE and not called.agreed.strip():
        raise Refused("Say what was agreed, with --agreed; `nothing` is an answer too. Nothing was changed.")
    if called.again_on is not None and called.again_on < acting.today:
        raise Refused(f"{in_words(called.again_on)} has passed: nobody can be called back then. Nothing was changed.")


def _again(called: Called, acting: Acting) -> date | None:
    """The day of the next try. Nobody types it but the person who wants to be called."""
    if called.again_on is not None:
        return called.again_on
    if called.outcome in (CallOutcome.NO_ANSWER, CallOutcome.MESSAGE_LEFT, CallOutcome.NOT_NOW):
        return acting.office.open_days.add_working_days(acting.today, 1)
    return None
