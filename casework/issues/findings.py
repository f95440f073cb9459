"""What was found on an issue at a stage. Only an officer records it, with its reason (practice.md §3)."""

from datetime import date

from casework.acting import Acting, Refused, happened, only_officers, the_open_case
from casework.clockwork import events_of
from casework.decisions.over import refuse_if_over
from casework.issues.issue_list import issue_of, stage_of
from casework.issues.numbered import ANSWERS, UPHELD, Issue
from procedures.clocks import in_words
from procedures.terms import Event, Kind, Outcome, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, FindingRow
from storage.unit_of_work import UnitOfWork


async def find(
    uow: UnitOfWork,
    reference: str,
    number: int,
    outcome: Outcome,
    why: str,
    acting: Acting,
    *,
    stage: int | None = None,
    on: date | None = None,
) -> Issue:
    """Record what a stage found on an issue, on `on` or today; by default the stage that the complaint is in.

    Another finding at the same stage takes the place of the first, until the answer has told it. What is upheld, in whole or
    part, is complete only with a decision on its remedy (law.md §6, fault 13): `casework.issues.remedies.decide`.
    """
    only_officers(acting, "record a finding")
    case = await the_open_case(uow, reference)
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting)
    issue = await _may_be_found_upon(uow, case, number)
    stage = await _stage(uow, case, stage, acting)
    day = happened(on, acting, since=case.received_on, what="it was received")
    if not why.strip():
        raise Refused("A finding needs its reason, for the letter (the council's own rule). Nothing was changed.")
    before = issue.finding(stage)
    if before and (before.outcome, before.reason) == (outcome, why.strip()):
        raise Refused(f"Stage {stage} found that on issue {number} already. Nothing was changed.")
    filing = Filing()
    standing = {"case_reference": reference, "number": number, "stage": stage, "is_superseded": False}
    filing.change(FindingRow, standing, is_superseded=True)
    said = f"issue {number}, stage {stage}: {outcome.value}" + (f", was {before.outcome.value}" if before else "")
    filing.add(acting.event(reference, Event.NOTED, said, day))
    await write(uow, [filing])
    found = Filing()
    found.add(
        FindingRow(
            case_reference=reference,
            number=number,
            stage=stage,
            outcome=outcome,
            reason=why.strip(),
            found_on=day,
            recorded_at=acting.now,
            recorded_by=acting.person.address,
        )
    )
    await write(uow, [found])
    return await issue_of(uow, reference, number)


def what_next(issue: Issue, reference: str) -> str:
    """What a finding still needs, in a sentence; empty if it is complete."""
    found = issue.latest
    if found is None or found.outcome not in UPHELD or issue.remedies_at(found.stage):
        return ""
    return (
        f"It is complete with a decision on what puts it right: "
        f'`heard case remedy {reference} {issue.number} apology --what "…"`, or none with the reason.'
    )


async def not_told_yet(uow: UnitOfWork, reference: str, stage: int) -> None:
    """Refuse to change what the answer of a stage has told the person."""
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    told = next((event for event, of in ANSWERS.items() if of == stage and event in events), None)
    if told is not None:
        raise Refused(
            f"The answer of stage {stage} went on {in_words(events[told])}: what it told them stays (the council's own rule). "
            "The next stage may find otherwise. Nothing was changed."
        )


async def _may_be_found_upon(uow: UnitOfWork, case: CaseRow, number: int) -> Issue:
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{case.reference} is a {case.kind.value}: nothing is found on it (the council's own rule). Nothing was changed."
        )
    if case.procedure is Procedure.UNDECIDED:
        raise Refused(
            "The route is not confirmed, so no stage can find anything (the council's own rule). Use `heard case route` first."
        )
    issue = await issue_of(uow, case.reference, number)
    if issue.is_withdrawn:
        raise Refused(f"Issue {number} was taken out: nothing is found on it (the council's own rule). Nothing was changed.")
    return issue


async def _stage(uow: UnitOfWork, case: CaseRow, wanted: int | None, acting: Acting) -> int:
    current = await stage_of(uow, case, acting)
    stage = wanted or current
    if stage > current:
        raise Refused(f"{case.reference} is in stage {current}; nobody has asked for stage {stage}. Nothing was changed.")
    await not_told_yet(uow, case.reference, stage)
    return stage
