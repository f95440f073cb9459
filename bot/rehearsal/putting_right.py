"""What comes before an answer that upholds: the points are listed, something is found on each, and what puts it right."""

from casework.acting import Acting
from casework.issues import findings, issue_list, remedies
from casework.issues.suggesting import list_suggested
from procedures.terms import Outcome, Remedy
from storage.unit_of_work import UnitOfWork


async def put_right(
    uow: UnitOfWork,
    reference: str,
    outcome: Outcome,
    why: str,
    what: str,
    acting: Acting,
    remedy: Remedy = Remedy.APOLOGY,
) -> None:
    """List what their words seem to make (or the whole, where they make nothing), find `outcome` on each for this reason, and
    decide what puts it right in these words: beside the reason the person reads both, so the one does not repeat the other."""
    numbers = await list_suggested(uow, reference, acting)
    for number in numbers or [await issue_list.add(uow, reference, "What they wrote to us about.", acting)]:
        await findings.find(uow, reference, number, outcome, why, acting)
        await remedies.decide(uow, reference, number, remedies.Deciding(remedy, what), acting)
