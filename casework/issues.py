"""A complaint is its numbered issues. Each has its words, its theme, what was found on it, and what puts it right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from procedures.terms import Outcome, Procedure, Remedy, Theme
from storage import issues as stored
from storage.tables import FindingRow, IssueRow, RemedyRow
from storage.unit_of_work import UnitOfWork

UPHELD = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)
"""What needs a decision on its remedy before it is told (law.md §6, fault 13)."""


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
        if self.is_withdrawn:
            return ""
        found = self.finding(stage)
        if found is None:
            return "finding"
        return "remedy" if found.outcome in UPHELD and not self.remedies_at(stage) else ""


def unanswered(issues: Iterable[Issue], stage: int = 1) -> list[Issue]:
    """The issues that the answer of `stage` cannot speak of yet: no finding, or upheld without a decision on the remedy."""
    return [issue for issue in issues if issue.lacks(stage)]


async def issues_of(uow: UnitOfWork, reference: str, *, withdrawn_too: bool = True) -> list[Issue]:
    """The numbered issues of a case as they stand, in their order; none if nobody has listed them."""
    found = (await issues_of_many(uow, [reference]))[reference]
    return [issue for issue in found if withdrawn_too or not issue.is_withdrawn]


async def issues_of_many(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[Issue]]:
    """The same for many cases, in three queries."""
    rows = await stored.standing(uow, IssueRow, references)
    findings = await stored.standing(uow, FindingRow, references)
    remedies = await stored.standing(uow, RemedyRow, references)
    return {
        reference: [_issue(row, findings[reference], remedies[reference]) for row in of_case]
        for reference, of_case in rows.items()
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
