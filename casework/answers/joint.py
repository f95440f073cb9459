"""Joint replies: one letter of several bodies (another council, a health trust, a provider), and who leads (practice.md §5.10).

England's Regulations are silent on it; guidance wants one lead and one response (law.md 1.11). Each part keeps its own clock:
ours runs as if we answered alone, an issue with a procedure of its own has that procedure's, and what another body promised is
theirs. A part that does not come is no reason to be late: the replies go apart, with the reason on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from casework.acting import Acting, Refused, happened, only_officers, progress_of, the_case, the_open_case
from casework.clockwork import events_of
from casework.decisions.over import refuse_if_over
from casework.issues.numbered import issues_of
from casework.opening import task
from procedures.clocks import in_words
from procedures.terms import Event, Kind
from procedures.working_days import moment_at_the_desk
from storage import cases, joint
from storage.filing import Filing, write
from storage.tables import CaseRow, JointPartRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

ENDS_PARTS = {Event.S1_RESOLVED, Event.WITHDRAWN, Event.TRANSFERRED, Event.CLOSED}


@dataclass(frozen=True)
class Asking:
    """What another body is to answer."""

    body: str
    consent: str
    """How the person agreed that both bodies see it."""
    promised_for: date | None
    promised_how: str
    issues: Sequence[int] = ()
    they_lead: bool = False


async def ask(uow: UnitOfWork, reference: str, asking: Asking, acting: Acting) -> JointPartRow:
    """Agree with another body that one letter answers for both. Their day is a promise, and moves none of ours."""
    only_officers(acting, "agree a joint reply")
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: only a complaint has a joint reply (the council's own rule). Nothing was "
            "changed."
        )
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting)
    await _may_be_asked(uow, case, asking, acting)
    assert asking.promised_for is not None
    made = JointPartRow(
        case_reference=reference,
        body=asking.body.strip()[:300],
        they_lead=asking.they_lead,
        consent=asking.consent.strip(),
        issues=sorted(set(asking.issues)),
        asked_on=acting.today,
        promised_for=asking.promised_for,
        promised_how=asking.promised_how.strip(),
        made_at=acting.now,
        made_by=acting.person.address,
    )
    uow.add(made)
    await uow.flush()
    leads = made.body if made.they_lead else "the council"
    filing = Filing()
    filing.add(
        acting.event(reference, Event.NOTED, f"joint reply with {made.body}; {leads} leads; promised for {made.promised_for}")
    )
    due = moment_at_the_desk(made.promised_for, acting.office.council.closes_at)
    apart = f'`heard joint apart {made.id} --why "…"`'
    detail = f"{made.body} promised its part ({made.promised_how}): `heard joint came {made.id}`, or {apart}"
    filing.add(task(_key(made), TaskKind.JOINT_PART, reference, due, acting.now, detail))
    await write(uow, [filing])
    return made


async def came(uow: UnitOfWork, number: int, on: date | None, acting: Acting) -> JointPartRow:
    """Their part has come: it can go into the one letter, or stands in theirs."""
    part = await _open_part(uow, number, acting)
    day = part.came_on = happened(on, acting, since=part.asked_on, what="they were asked")
    await _settled(uow, part, f"joint reply: the part of {part.body} came on {day}", acting)
    return part


async def apart(uow: UnitOfWork, number: int, why: str, acting: Acting) -> JointPartRow:
    """The replies go apart after all: each body answers for itself. Whoever writes our answer tells the person so."""
    part = await _open_part(uow, number, acting)
    if not why.strip():
        raise Refused("Say why the replies go apart: the person should read it in your answer. Nothing was changed.")
    part.ended_on, part.ended_why = acting.today, why.strip()
    await _settled(uow, part, f"joint reply: apart from {part.body} after all: {why.strip()}", acting)
    return part


def end_parts(filing: Filing, reference: str, event: Event, acting: Acting) -> None:
    """What ends the case, or settles its stage without an answer, ends each part that nobody waits for any more."""
    if event not in ENDS_PARTS:
        return
    waits = {"case_reference": reference, "came_on": None, "ended_on": None}
    filing.change(JointPartRow, waits, ended_on=acting.today, ended_why=event.value)
    waiting = {"case_reference": reference, "kind": TaskKind.JOINT_PART, "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)


async def parts(uow: UnitOfWork, reference: str) -> list[JointPartRow]:
    """What other bodies answer of a case, in the order in which they were asked."""
    await the_case(uow, reference)
    return await joint.parts(uow, reference)


def state_of(part: JointPartRow, today: date) -> str:
    """How a part stands: promised, late, came, or apart."""
    if part.ended_on is not None:
        return "apart"
    if part.came_on is not None:
        return "came"
    return "late" if today > part.promised_for else "promised"


async def _may_be_asked(uow: UnitOfWork, case: CaseRow, asking: Asking, acting: Acting) -> None:
    if not asking.body.strip():
        raise Refused("Say which body, with --with. Nothing was changed.")
    if not asking.consent.strip():
        raise Refused(
            "Nothing goes to another body before the person agreed to it: say how they did, with --consent (UK GDPR, art. 6; "
            "`heard decide transfer` asks the same). Nothing was changed."
        )
    if asking.promised_for is None or not asking.promised_how.strip():
        raise Refused("Say for which day they promised their part, and how: --promised-for and --how. Nothing was changed.")
    if asking.promised_for < acting.today:
        raise Refused(f"{in_words(asking.promised_for)} is over: nobody can promise it. Nothing was changed.")
    listed = {issue.number for issue in await issues_of(uow, case.reference, withdrawn_too=False)}
    if unknown := sorted(set(asking.issues) - listed):
        raise Refused(f"There is no issue {unknown[0]} on {case.reference}. See `heard case issues`. Nothing was changed.")
    answer = (await progress_of(uow, case, acting.office, acting.today)).answer
    if answer is not None and answer.is_open and asking.promised_for > answer.deadline.due_on:
        raise Refused(
            f"Our own answer is due on {in_words(answer.deadline.due_on)} ({answer.deadline.authority}), and no clock waits for "
            "another body. Agree an earlier day, or let the replies go apart. Nothing was changed."
        )


async def _open_part(uow: UnitOfWork, number: int, acting: Acting) -> JointPartRow:
    only_officers(acting, "say what became of a joint reply")
    part = (await uow.exec(select(JointPartRow).where(col(JointPartRow.id) == number))).one_or_none()
    if part is None:
        raise Refused(
            f"There is no part {number} of a joint reply (the council's own list: `heard joint list`). Nothing was changed."
        )
    await the_case(uow, part.case_reference)
    if part.came_on is not None or part.ended_on is not None:
        raise Refused(f"The part of {part.body} is settled: {state_of(part, acting.today)}. Nothing was changed.")
    return part


async def _settled(uow: UnitOfWork, part: JointPartRow, words: str, acting: Acting) -> None:
    uow.add(part)
    await uow.flush()
    filing = Filing()
    filing.change(TaskRow, {"key": _key(part), "done_at": None}, done_at=acting.now, done_by=acting.person.address)
    filing.add(acting.event(part.case_reference, Event.NOTED, words))
    await write(uow, [filing])


def _key(part: JointPartRow) -> str:
    return f"joint_part:{part.id}"
