"""A complaint is its numbered issues. Each has its words, its theme, what was found on it, and what puts it right."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.decisions.over import ended_without_an_answer
from casework.office import Office
from procedures.terms import ActionSource, Event, Outcome, Procedure, Remedy, Theme
from storage import issues as stored
from storage import joint
from storage.filing import Filing
from storage.tables import CaseRow, FindingRow, IssueRow, RemedyRow
from storage.unit_of_work import UnitOfWork

UPHELD = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)
"""What needs a decision on its remedy before it is told (law.md §6, fault 13)."""

ANSWERS = {Event.S1_REPLY_SENT: 1, Event.RESPONDED: 1, Event.S2_NOTICE_SENT: 2, Event.S3_RESPONSE: 3}
"""The events that tell the person what a stage found, with the stage."""


@dataclass(frozen=True)
class Finding:
    """What was found on an issue at a stage."""

    stage: int
    outcome: Outcome
    reason: str
    found_on: date
    by: str


@dataclass(frozen=True)
class RemedyDecision:
    """What puts an issue right, as decided at a stage; `Remedy.NONE` is a decision with its reason in `what`."""

    id: int
    stage: int
    kind: Remedy
    what: str
    amount_pence: int | None
    agreed_by: str
    decided_on: date
    by: str
    given_on: date | None

    @property
    def is_owed(self) -> bool:
        """Whether the person still waits for it. A change of practice is an action of its own."""
        return self.given_on is None and self.kind not in (Remedy.NONE, Remedy.CHANGE_OF_PRACTICE)


@dataclass(frozen=True)
class Issue:
    """One numbered point of a complaint, as it stands."""

    number: int
    words: str
    theme: Theme
    procedure: Procedure | None
    """Its own, if the complaint was split; else None: it goes the way of its case."""
    wanted: str
    split_from: int | None
    is_withdrawn: bool
    confirmed_on: date | None
    """When the person said that this is what they mean."""
    confirmed_how: str
    version: int
    is_held: bool = False
    """It waits for other proceedings and comes back as a case of its own: no stage of this one answers it (reg. 8)."""
    findings: tuple[Finding, ...] = ()
    """By stage."""
    remedies: tuple[RemedyDecision, ...] = ()

    @property
    def latest(self) -> Finding | None:
        """What the last stage that looked at it found."""
        return self.findings[-1] if self.findings else None

    def finding(self, stage: int) -> Finding | None:
        return next((one for one in self.findings if one.stage == stage), None)

    def remedies_at(self, stage: int) -> tuple[RemedyDecision, ...]:
        return tuple(one for one in self.remedies if one.stage == stage)

    def lacks(self, stage: int) -> str:
        """What is missing before the answer of this stage may speak of it: `finding`, `remedy`, or nothing."""
        if self.is_withdrawn or self.is_held:
            return ""
        found = self.finding(stage)
        if found is None:
            return "finding"
        return "remedy" if found.outcome in UPHELD and not self.remedies_at(stage) else ""


def unanswered(issues: Iterable[Issue], stage: int = 1) -> list[Issue]:
    """The issues that the answer of `stage` cannot speak of yet: no finding, or upheld without a decision on the remedy."""
    return [issue for issue in issues if issue.lacks(stage)]


def overall(issues: Iterable[Issue], stage: int) -> Outcome | None:
    """What a stage found on the complaint as a whole; None while nothing was found on any issue.

    Upheld only if every issue that was decided is; partly if any is at least in part.
    """
    found = {one.outcome for issue in issues if not issue.is_withdrawn and (one := issue.finding(stage))}
    decided = found - {Outcome.NO_FINDING}
    if not decided:
        return Outcome.NO_FINDING if found else None
    if len(decided) == 1:
        return decided.pop()
    return Outcome.PARTIALLY_UPHELD


def last_answered(events: Iterable[Event]) -> int:
    """The stage whose answer was the last; 1 before any."""
    return max((ANSWERS[event] for event in events if event in ANSWERS), default=1)


def why_not_told(issues: Iterable[Issue], stage: int) -> str:
    """Why the answer of `stage` cannot be told yet, with the rule; empty if it can, or if nobody has listed any issue.

    What nobody has listed may be told, unless it is upheld: `why_not_upheld`.
    """
    lacking = unanswered(issues, stage)
    without = {what: _numbers(one for one in lacking if one.lacks(stage) == what) for what in ("finding", "remedy")}
    said = []
    if without["finding"]:
        said.append(
            f"{without['finding']} without a finding of stage {stage}: an answer speaks of every point "
            "(the council's own rule). Use `heard case issue find`."
        )
    if without["remedy"]:
        said.append(
            f"{without['remedy']} upheld, and nothing is decided to put it right: to uphold without a remedy is fault "
            "(Local Government and Social Care Ombudsman 23 001 448, 24 021 647). Use `heard case remedy`."
        )
    return " ".join(said)


def why_not_upheld(issues: Collection[Issue], outcome: Outcome | None, reference: str) -> str:
    """Why a complaint whose issues nobody has listed cannot be upheld, with the command to type next; empty if it can.

    A remedy is decided for an issue: where there is none, there is nothing that was decided to put it right.
    """
    if outcome not in UPHELD or issues:
        return ""
    return (
        f"Nobody has listed the issues of {reference}, so nothing is decided to put it right: to uphold without a remedy is "
        "fault (Local Government and Social Care Ombudsman 23 001 448, 24 021 647). List what they said, find on each, and "
        f"decide: `heard case issue add {reference} --suggested`, `heard case issue find {reference} 1 {outcome.value} --why "
        f"WHY`, `heard case remedy {reference} 1 apology --what WORDS`."
    )


async def why_not_recorded(uow: UnitOfWork, reference: str, event: Event, law: str, said: str = "") -> str:
    """Why an answer cannot be said to have been sent yet, or what was recommended to be done; empty for other events.

    `law`: what the law of its procedure and nation says of the event. `said`: the outcome of the whole as the letter would tell
    it, where somebody gave one.
    """
    if event is Event.RECOMMENDATIONS_DONE:
        return await _why_not_done(uow, reference, law)
    if event not in ANSWERS:
        return ""
    if said and said not in set(Outcome):
        return f"{said[:40]!r} is no outcome: it is {', '.join(Outcome)}."
    found, outcome = await issues_of(uow, reference, withdrawn_too=False), Outcome(said) if said else None
    stage = ANSWERS[event]
    return (
        why_not_told(found, stage)
        or why_not_as_found(found, stage, outcome)
        or why_not_upheld(found, outcome, reference)
        or await why_not_alone(uow, reference)
    )


async def why_not_alone(uow: UnitOfWork, reference: str) -> str:
    """Why no answer goes yet where one letter is to answer for several bodies; empty once each part came or goes apart."""
    part = next(iter(await joint.missing(uow, reference)), None)
    if part is None:
        return ""
    return (
        f"The part of {part.body} has not come, and one letter is to answer for both (the council's own rule). Record "
        f"that it came: `heard joint came {part.id}`; or, so that ours is not late, that they go apart: "
        f"`heard joint apart {part.id}`."
    )


async def _why_not_done(uow: UnitOfWork, reference: str, law: str) -> str:
    """Which of the Ombudsman's recommendations nobody has shown to be done."""
    owed = [one for one in await stored.actions(uow, reference=reference, open_only=True) if one.source is ActionSource.OMBUDSMAN]
    if not owed:
        return ""
    listed = ", ".join(f"{one.id} ({one.owner}, until {one.due_on})" for one in owed)
    return (
        f"What the Ombudsman recommended is not done: action {listed}. Show that each is, with `heard actions done {owed[0].id} "
        f"--evidence WHAT` ({law})."
    )


async def why_not_closed(uow: UnitOfWork, case: CaseRow, events: Mapping[Event, date], office: Office) -> str:
    """Why a complaint that was answered owes something on its issues; empty if nothing, or if it was put right or ended."""
    if Event.S1_RESOLVED in events or ended_without_an_answer(case, events, office):
        return ""
    reference = case.reference
    found = await issues_of(uow, reference, withdrawn_too=False)
    if why_not := why_not_told(found, last_answered(events)):
        return why_not
    charged = {action.number for action in await stored.actions(uow, reference=reference)}
    for issue in found:
        for remedy in issue.remedies:
            if remedy.is_owed and issue.number not in charged:
                return (
                    f"The {words_of_remedy(remedy.kind)} for issue {issue.number} has not been given, and nobody is charged with "
                    f"it (the council's own rule). Say that it was: `heard case given {reference} "
                    f"{remedy.id}`; or charge somebody: `heard actions add`."
                )
    return ""


def given_with_the_answer(filing: Filing, reference: str, stage: int, on: date, by: str) -> None:
    """An apology and an explanation are given by the letter that tells of them."""
    for kind in (Remedy.APOLOGY, Remedy.EXPLANATION):
        key = {"case_reference": reference, "stage": stage, "kind": kind, "given_on": None, "is_superseded": False}
        filing.change(RemedyRow, key, given_on=on, given_by=by)


def told_of(issues: Iterable[Issue], stage: int) -> list[dict[str, Any]]:
    """The issues with what was found and what puts it right, as facts of a letter."""
    return [
        {
            "number": issue.number,
            "words": issue.words,
            "outcome": found.outcome.value,
            "reason": found.reason,
            "remedies": [
                {"kind": one.kind.value, "what": one.what, "amount": pounds(one.amount_pence) if one.amount_pence else ""}
                for one in issue.remedies_at(stage)
            ],
        }
        for issue in issues
        if not issue.is_withdrawn and (found := issue.finding(stage))
    ]


def words_of_remedy(kind: Remedy) -> str:
    return "payment" if kind is Remedy.FINANCIAL else kind.value.replace("_", " ")


def pounds(pence: int) -> str:
    """Money as it is written: £1,250 or £49.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


def why_not_as_found(issues: Iterable[Issue], stage: int, outcome: Outcome | None) -> str:
    """Why the whole cannot have this outcome; empty if it can. Where issues are listed it follows from what was found on each."""
    by_issue = overall(issues, stage)
    if by_issue is None or outcome in (None, by_issue):
        return ""
    return f"What was found on the issues makes it {by_issue.value}, not {outcome}. Leave --outcome out."


def _numbers(issues: Iterable[Issue]) -> str:
    """The issues as a person names them: `Issue 2 is`, `Issues 2 and 3 are`."""
    numbers = [str(one.number) for one in issues]
    if len(numbers) < 2:
        return f"Issue {numbers[0]} is" if numbers else ""
    return f"Issues {', '.join(numbers[:-1])} and {numbers[-1]} are"


async def issues_of(uow: UnitOfWork, reference: str, *, withdrawn_too: bool = True) -> list[Issue]:
    """The numbered issues of a case as they stand, in their order; none if nobody has listed them."""
    found = (await issues_of_many(uow, [reference]))[reference]
    return [issue for issue in found if withdrawn_too or not issue.is_withdrawn]


async def issues_of_many(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[Issue]]:
    """The same for many cases, in four queries."""
    rows = await stored.standing(uow, IssueRow, references)
    findings = await stored.standing(uow, FindingRow, references)
    remedies = await stored.standing(uow, RemedyRow, references)
    held = await stored.held(uow, references)
    return {
        one: [replace(_issue(row, findings[one], remedies[one]), is_held=(one, row.number) in held) for row in of_case]
        for one, of_case in rows.items()
    }


def _issue(row: IssueRow, findings: Iterable[FindingRow], remedies: Iterable[RemedyRow]) -> Issue:
    found = sorted((one for one in findings if one.number == row.number), key=lambda one: one.stage)
    decided = sorted((one for one in remedies if one.number == row.number), key=lambda one: (one.stage, one.id or 0))
    return Issue(
        number=row.number,
        words=row.words,
        theme=row.theme,
        procedure=row.procedure,
        wanted=row.wanted,
        split_from=row.split_from,
        is_withdrawn=row.is_withdrawn,
        confirmed_on=row.confirmed_on,
        confirmed_how=row.confirmed_how,
        version=row.version,
        findings=tuple(Finding(one.stage, one.outcome, one.reason, one.found_on, one.recorded_by) for one in found),
        remedies=tuple(map(_remedy, decided)),
    )


def _remedy(row: RemedyRow) -> RemedyDecision:
    return RemedyDecision(
        id=row.id or 0,
        stage=row.stage,
        kind=row.kind,
        what=row.what,
        amount_pence=row.amount_pence,
        agreed_by=row.agreed_by,
        decided_on=row.decided_on,
        by=row.decided_by,
        given_on=row.given_on,
    )
