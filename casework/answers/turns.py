"""Whose turn it is with an answer: draft, check, sign or send. One task at a time, due by the answer's own due date.

Advisory (`procedures/answers.toml`): nothing is late in law because a turn is. The task follows the due date when that moves,
and ends when the answer has left.
"""

from dataclasses import dataclass
from datetime import date, datetime

from casework.office import Office
from casework.opening import task
from casework.progress import Progress, Running
from procedures.answers import answers
from procedures.terms import Event, Kind, Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases, drafts, people
from storage.filing import Filing, write
from storage.tables import CaseRow, DraftCheckRow, DraftRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

TURNS = (TaskKind.DRAFT_ANSWER, TaskKind.CHECK_ANSWER, TaskKind.SIGN_ANSWER, TaskKind.SEND_ANSWER)
_WORKS_WITHOUT_STAGES = "response"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, with which version of which stage's answer, and by when."""

    name: str
    stage: int
    version: int
    due_on: date
    authority: str

    @property
    def kind(self) -> TaskKind:
        return TaskKind(answers().turn(self.name).task)


def answer_of(progress: Progress) -> Running | None:
    """The clock whose end is the answer, also in a procedure that has no stages."""
    plain = (one for one in progress.running if one.deadline.clock == _WORKS_WITHOUT_STAGES)
    return progress.answer or next(plain, None)


def turn_name(latest: DraftRow | None, last_check: DraftCheckRow | None) -> str:
    """What comes next for the newest version of an answer."""
    if latest is None:
        return "draft"
    if latest.signed_at is not None:
        return "send"
    if last_check is None:
        return "check"
    return "sign" if last_check.has_passed else "draft"


async def whose_turn(uow: UnitOfWork, case: CaseRow, progress: Progress, office: Office) -> Turn | None:
    """Whose turn it is now; None while no answer is owed, or it is not acknowledged yet."""
    answer = answer_of(progress)
    if case.kind is not Kind.COMPLAINT or case.procedure is Procedure.UNDECIDED or case.is_imported:
        return None
    if answer is None or not answer.is_open or progress.is_closed:
        return None
    rows = (await cases.events_of(uow, [case.reference]))[case.reference]
    if progress.stage == 1 and not any(row.name is Event.ACKNOWLEDGED and not row.is_superseded for row in rows):
        return None
    latest = next((row for row in reversed(await drafts.versions_of(uow, case.reference)) if row.stage == progress.stage), None)
    checks = await drafts.checks_of(uow, [latest.id]) if latest is not None and latest.id is not None else []
    rule = answers().turn(turn_name(latest, checks[-1] if checks else None))
    due = rule.due_on(answer.deadline.due_on, office.calendar)
    return Turn(rule.name, progress.stage, latest.version if latest else 0, due, rule.authority)


async def keep_turns(uow: UnitOfWork, case: CaseRow, progress: Progress, office: Office, now: datetime, by: str) -> None:
    """Put the turn that it is on the list of tasks, at its day; those before it are done. Twice changes nothing."""
    turn = await whose_turn(uow, case, progress, office)
    key = f"{turn.kind.value}:{case.reference}:{turn.stage}:{turn.version}" if turn else ""
    filing, standing = Filing(), None
    for row in await cases.tasks(uow, reference=case.reference):
        if row.key == key:
            standing = row
        elif row.kind in TURNS:
            filing.change(TaskRow, {"key": row.key}, done_at=now, done_by=by)
    if turn is not None:
        due = moment_at_the_desk(turn.due_on, office.council.closes_at)
        detail = f"stage {turn.stage}, {turn.name} by {turn.due_on}{await _for_whom(uow, case.reference)}"
        if standing is None:
            filing.add(task(key, turn.kind, case.reference, due, now, detail))
        elif (standing.due_at, standing.detail) != (due, detail):
            filing.change(TaskRow, {"key": key}, due_at=due, detail=detail)
    await write(uow, [filing])


async def _for_whom(uow: UnitOfWork, reference: str) -> str:
    """What they need, by its kind: a task is mailed, and what was said of it stands on the case (Equality Act 2010, s. 20)."""
    needs = dict.fromkeys(row.need.spoken for row in await people.needs_of(uow, reference) if row.ended_at is None)
    return f"; they need: {', '.join(needs)}" if needs else ""
