"""What puts an issue right: decided by an officer, agreed by whoever may, told to the person, and given."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from casework.acting import Acting, Refused, happened, only_officers, the_case, the_open_case
from casework.issues.findings import not_told_yet
from casework.issues.issue_list import issue_of, stage_of
from casework.issues.numbered import UPHELD, Issue, issues_of, pounds, words_of_remedy
from procedures.clocks import in_words
from procedures.terms import Event, Kind, Remedy
from storage.filing import Filing, write
from storage.tables import RemedyRow
from storage.unit_of_work import UnitOfWork

MOST_PENCE = 10_000_000
"""£100,000: more is a slip of the finger, or a settlement that lawyers make elsewhere."""


@dataclass(frozen=True)
class Deciding:
    """What is decided about an issue; `amount_pence` for money alone."""

    kind: Remedy
    what: str
    """What the person gets, in words for the letter; of NONE the reason."""
    amount_pence: int | None = None
    agreed_by: str = ""
    """Name and job of who agreed."""


async def decide(
    uow: UnitOfWork, reference: str, number: int, wanted: Deciding, acting: Acting, *, stage: int | None = None
) -> RemedyRow:
    """Decide what puts an issue right, for the latest stage that found on it. Several remedies of one issue stand together.

    NONE is a decision as well, and needs its reason; it stands alone.
    """
    only_officers(acting, "decide a remedy")
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(f"{reference} is a {case.kind.value}: it has no remedy (the council's own rule). Nothing was changed.")
    issue = await issue_of(uow, reference, number)
    if issue.latest is None:
        raise Refused(
            f"Nothing was found on issue {number} yet: a remedy follows a finding (the council's own rule). "
            "Use `heard case issue find` first."
        )
    stage = stage or issue.latest.stage
    if stage > await stage_of(uow, case, acting) or issue.finding(stage) is None:
        raise Refused(f"Stage {stage} has found nothing on issue {number}. Nothing was changed.")
    _can_be(wanted)
    _stands_beside(issue, stage, wanted)
    row = RemedyRow(
        case_reference=reference,
        number=number,
        stage=stage,
        kind=wanted.kind,
        what=wanted.what.strip(),
        amount_pence=wanted.amount_pence,
        agreed_by=wanted.agreed_by.strip(),
        decided_on=acting.today,
        decided_by=acting.person.address,
        recorded_at=acting.now,
    )
    filing = Filing()
    overtaken = {"case_reference": reference, "number": number, "stage": stage, "kind": Remedy.NONE, "is_superseded": False}
    filing.change(RemedyRow, overtaken, is_superseded=True)
    money = f" of {pounds(wanted.amount_pence)}" if wanted.amount_pence else ""
    said = f"issue {number}, stage {stage}: {words_of_remedy(wanted.kind)}{money} decided"
    filing.add(acting.event(reference, Event.NOTED, said))
    await write(uow, [filing])
    uow.add(row)
    await uow.flush()
    return row


async def give(uow: UnitOfWork, reference: str, remedy: int, acting: Acting, *, on: date | None = None) -> RemedyRow:
    """The person has got it. A closed case can still be paid."""
    await the_case(uow, reference)
    row = await _standing(uow, reference, remedy)
    if row.kind is Remedy.NONE:
        raise Refused(f"Remedy {remedy} is the decision that there is none. Nothing was changed.")
    if row.given_on is not None:
        raise Refused(f"Remedy {remedy} was given on {in_words(row.given_on)} (the council's own record). Nothing was changed.")
    day = happened(on, acting, since=row.decided_on, what="it was decided")
    filing = Filing()
    filing.change(RemedyRow, {"id": remedy}, given_on=day, given_by=acting.person.address)
    said = f"issue {row.number}: {words_of_remedy(row.kind)} given"
    filing.add(acting.event(reference, Event.NOTED, said, day))
    await write(uow, [filing])
    return row


async def take_back(uow: UnitOfWork, reference: str, remedy: int, why: str, acting: Acting) -> None:
    """A decision that was wrong no longer stands. What was given, or told in an answer, is not taken back."""
    only_officers(acting, "take a remedy back")
    await the_open_case(uow, reference)
    row = await _standing(uow, reference, remedy)
    if not why.strip():
        raise Refused("Say why with --why. Nothing was changed.")
    if row.given_on is not None:
        raise Refused(f"Remedy {remedy} was given on {in_words(row.given_on)} (the council's own record). Nothing was changed.")
    await not_told_yet(uow, reference, row.stage)
    filing = Filing()
    filing.change(RemedyRow, {"id": remedy}, is_superseded=True)
    said = f"issue {row.number}, stage {row.stage}: {words_of_remedy(row.kind)} taken back: {why.strip()}"
    filing.add(acting.event(reference, Event.NOTED, said))
    await write(uow, [filing])


def read_pounds(text: str) -> int:
    """Money as it is typed (150, £1,250, 49.50) in pence; ValueError says what is wrong."""
    plain = text.strip().removeprefix("£").replace(",", "").strip()
    whole, dot, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (dot and not (len(rest) == 2 and rest.isascii() and rest.isdigit())):
        raise ValueError(f"{text[:40]!r} is no amount of money, like 150 or 49.50.")
    return int(whole[:12]) * 100 + int(rest or 0)


def _can_be(wanted: Deciding) -> None:
    if not wanted.what.strip():
        if wanted.kind is Remedy.NONE:
            raise Refused("To decide on no remedy needs its reason, with --what. Nothing was changed.")
        raise Refused("Say with --what the person gets, in words for the letter. Nothing was changed.")
    if wanted.kind is not Remedy.FINANCIAL:
        if wanted.amount_pence is not None:
            raise Refused(f"Only money has an amount; {words_of_remedy(wanted.kind)} has none. Nothing was changed.")
        return
    if wanted.amount_pence is None or not 0 < wanted.amount_pence <= MOST_PENCE:
        raise Refused(f"Money needs its amount, from 1p to {pounds(MOST_PENCE)}, with --amount. Nothing was changed.")
    if not wanted.agreed_by.strip():
        raise Refused("Say with --agreed-by who may spend it and agreed: name and job. Nothing was changed.")


def _stands_beside(issue: Issue, stage: int, wanted: Deciding) -> None:
    """NONE stands alone, and only where something was upheld; the same thing is not decided twice."""
    others = issue.remedies_at(stage)
    if any((one.kind, one.what, one.amount_pence) == (wanted.kind, wanted.what.strip(), wanted.amount_pence) for one in others):
        raise Refused(f"That is decided for issue {issue.number} already. Nothing was changed.")
    if wanted.kind is not Remedy.NONE:
        return
    if any(one.kind is not Remedy.NONE for one in others):
        raise Refused(f"Issue {issue.number} has a remedy: to have none, take that back first. Nothing was changed.")
    found = issue.finding(stage)
    if found is None or found.outcome not in UPHELD:
        raise Refused(f"Issue {issue.number} was not upheld: it needs no decision on a remedy. Nothing was changed.")


async def _standing(uow: UnitOfWork, reference: str, remedy: int) -> RemedyRow:
    wanted = select(RemedyRow).where(RemedyRow.id == remedy, RemedyRow.case_reference == reference)
    row = (await uow.exec(wanted)).one_or_none()
    if row is None or row.is_superseded:
        known = [str(one.id) for issue in await issues_of(uow, reference) for one in issue.remedies]
        raise Refused(
            f"{reference} has no remedy {remedy} (the council's own list). There are: {', '.join(known) or 'none'}. Nothing was "
            "changed."
        )
    return row
