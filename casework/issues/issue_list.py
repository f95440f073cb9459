"""What may be done to the numbered list of issues: add, mend, split, withdraw, and ask the person whether it is right.

Every wording stays on record. Only an officer changes the list (practice.md §3); the person is asked to confirm or mend it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.acting import Acting, Refused, happened, only_officers, progress_of, the_open_case
from casework.actions import recounted, to_the_person
from casework.clockwork import events_of, law_of
from casework.decisions.over import refuse_if_over
from casework.issues.numbered import Issue, issues_of
from casework.representation import voice_of
from procedures.clocks import in_words
from procedures.terms import Event, Kind, Notice, Procedure, Theme
from storage import cases
from storage import issues as stored
from storage.filing import Filing, write
from storage.tables import CaseRow, IssueRow
from storage.unit_of_work import UnitOfWork

LONGEST = 2000
"""Characters of one issue: it is a point, not the letter."""
_NEW_AFTER_THE_ANSWER = (
    "A new point after the answer is a new complaint, with its own dates (the council's own rule: a related "
    "point joins stage 1 only until the reply is sent). Log it with `heard log`."
)


@dataclass(frozen=True)
class Mending:
    """What changes in an issue; None leaves it as it is."""

    words: str | None = None
    theme: Theme | None = None
    wanted: str | None = None
    procedure: Procedure | None = None


async def add(
    uow: UnitOfWork,
    reference: str,
    words: str,
    acting: Acting,
    *,
    theme: Theme = Theme.OTHER,
    wanted: str = "",
    procedure: Procedure | None = None,
) -> int:
    """Put a point on the list, and return its number."""
    case, events = await _listed(uow, reference, acting)
    _not_too_late(case, events, acting)
    said = _words(words)
    versions = await stored.versions_of(uow, reference)
    if same := next((one for one in versions if not one.is_superseded and one.words.casefold() == said.casefold()), None):
        raise Refused(f"Issue {same.number} says the same. Nothing was changed.")
    number = _next_number(versions)
    filing = Filing()
    row = _row(reference, number, said, acting)
    row.theme, row.wanted, row.procedure = theme, wanted.strip(), _own(procedure, case)
    filing.add(row, acting.event(reference, Event.NOTED, f"issue {number} listed"))
    await write(uow, [filing])
    await _goes_another_way(uow, reference, row.procedure, None, acting)
    return number


async def mend(uow: UnitOfWork, reference: str, number: int, change: Mending, why: str, acting: Acting) -> None:
    """Say a point better. New words are the person's to confirm again; words that were found upon stay."""
    case, events = await _listed(uow, reference, acting)
    issue = await issue_of(uow, reference, number)
    if issue.is_withdrawn:
        raise Refused(f"Issue {number} was taken out. List it anew with `heard case issue add`. Nothing was changed.")
    _because(why)
    said = _words(change.words) if change.words is not None else issue.words
    if said != issue.words:
        await _not_found_upon(uow, case, issue, acting)
        _not_settled(case, events)
    filing = Filing()
    row = _next_version(reference, issue, acting, filing, why)
    row.words = said
    row.theme = change.theme or issue.theme
    row.wanted = issue.wanted if change.wanted is None else change.wanted.strip()
    row.procedure = issue.procedure if change.procedure is None else _own(change.procedure, case)
    if _same(row, issue):
        raise Refused(f"Issue {number} says that already. Nothing was changed.")
    if said != issue.words:
        row.confirmed_on, row.confirmed_how = None, ""
    filing.add(row, acting.event(reference, Event.NOTED, f"issue {number} mended: {why.strip()}"))
    procedure = row.procedure
    await write(uow, [filing])
    await _goes_another_way(uow, reference, procedure, issue.procedure, acting)


async def split(uow: UnitOfWork, reference: str, number: int, parts: Sequence[str], why: str, acting: Acting) -> list[int]:
    """Make several points of one: the first part keeps the number, each other gets the next. Returns all their numbers."""
    case, events = await _listed(uow, reference, acting)
    _not_too_late(case, events, acting)
    issue = await issue_of(uow, reference, number)
    if issue.is_withdrawn:
        raise Refused(f"Issue {number} was taken out. Nothing was changed.")
    _because(why)
    said = [_words(part) for part in parts]
    if len(said) < 2 or len({part.casefold() for part in said}) < len(said):
        raise Refused("Splitting takes two different parts or more, one --into for each. Nothing was changed.")
    await _not_found_upon(uow, case, issue, acting)
    filing = Filing()
    first = _next_version(reference, issue, acting, filing, why)
    first.words, first.confirmed_on, first.confirmed_how = said[0], None, ""
    filing.add(first)
    new = _next_number(await stored.versions_of(uow, reference))
    numbers = [number, *range(new, new + len(said) - 1)]
    for other, part in zip(numbers[1:], said[1:], strict=True):
        row = _row(reference, other, part, acting, why)
        row.theme, row.procedure, row.split_from = issue.theme, issue.procedure, number
        filing.add(row)
    listed = ", ".join(map(str, numbers))
    filing.add(acting.event(reference, Event.NOTED, f"issue {number} split into {listed}: {why.strip()}"))
    await write(uow, [filing])
    return numbers


async def withdraw(uow: UnitOfWork, reference: str, number: int, why: str, acting: Acting) -> None:
    """Take a point out because the person no longer wants it looked at, and confirm it to them in writing (reg. 7(2)).

    The last point is the complaint: it stops as a whole, with the same care for whose choice it is (practice.md §3).
    """
    case, _ = await _listed(uow, reference, acting)
    issue = await issue_of(uow, reference, number)
    if issue.is_withdrawn:
        raise Refused(f"Issue {number} was taken out already. Nothing was changed.")
    if not why.strip():
        raise Refused(
            "Only the person can take a point back. Say with --why who spoke with them, and whether somebody makes them "
            f"stop ({law_of(Event.WITHDRAWN, case, acting.office)}). Nothing was changed."
        )
    if not [one for one in await issues_of(uow, reference, withdrawn_too=False) if one.number != number]:
        raise Refused(
            f"Issue {number} is the last one: without it the complaint is withdrawn. Record that instead: "
            f"`heard case record {reference} withdrawn` ({law_of(Event.WITHDRAWN, case, acting.office)}). Nothing was changed."
        )
    if issue.findings:
        raise Refused(
            f"Issue {number} has a finding: what was found stays on record, whoever asks (the council's own rule). If they do "
            "not take it to the next stage, find no_finding there and say so. Nothing was changed."
        )
    filing = Filing()
    row = _next_version(reference, issue, acting, filing, why)
    row.is_withdrawn = True
    filing.add(row, acting.event(reference, Event.NOTED, f"issue {number} taken out: {why.strip()}"))
    await write(uow, [filing])
    await _goes_another_way(uow, reference, None, issue.procedure, acting)
    await _write_list(uow, await the_open_case(uow, reference), acting)


async def _goes_another_way(
    uow: UnitOfWork, reference: str, procedure: Procedure | None, was: Procedure | None, acting: Acting
) -> None:
    """Count the case again where an issue goes by a procedure of its own, or no longer does: it has clocks of its own."""
    if procedure is not was:
        way = f"an issue goes by the {(procedure or was or '').replace('_', ' ')} procedure" + ("" if procedure else " no more")
        await recounted(uow, reference, acting, way)


async def ask(uow: UnitOfWork, reference: str, acting: Acting) -> None:
    """Send the numbered list to the person, who confirms or mends it. The same list is not sent twice."""
    case, _ = await _listed(uow, reference, acting)
    found = await issues_of(uow, reference, withdrawn_too=False)
    if not found:
        raise Refused(
            "There is no issue on the list yet, and nothing to confirm (the council's own rule). Add one with "
            "`heard case issue add`. Nothing was sent."
        )
    if all(issue.confirmed_on for issue in found):
        raise Refused(f"They confirmed this list on {in_words(_last_confirmed(found))}. Nothing was sent again.")
    if not await _write_list(uow, case, acting):
        raise Refused("This very list has been sent to them. Mend it, or record their answer. Nothing was sent again.")


async def confirm(uow: UnitOfWork, reference: str, how: str, acting: Acting, *, on: date | None = None) -> list[int]:
    """The person said that the list is right. Returns the numbers that it now holds for."""
    case, _ = await _listed(uow, reference, acting)
    if not how.strip():
        raise Refused("Say with --how they said so: by phone, in their letter of which day. Nothing was changed.")
    day = happened(on, acting, since=case.received_on, what="it was received")
    waiting = [one for one in await issues_of(uow, reference, withdrawn_too=False) if not one.confirmed_on]
    if not waiting:
        raise Refused("There is no issue that waits for their word (the council's own rule). Nothing was changed.")
    filing = Filing()
    for issue in waiting:
        key = {"case_reference": reference, "number": issue.number, "version": issue.version}
        filing.change(IssueRow, key, confirmed_on=day, confirmed_how=how.strip())
    numbers = [issue.number for issue in waiting]
    listed = ", ".join(map(str, numbers))
    filing.add(acting.event(reference, Event.NOTED, f"they confirmed issue {listed}: {how.strip()}", day))
    await write(uow, [filing])
    return numbers


async def issue_of(uow: UnitOfWork, reference: str, number: int) -> Issue:
    """The issue with this number, or a refusal that names those there are."""
    found = await issues_of(uow, reference)
    issue = next((one for one in found if one.number == number), None)
    if issue is None:
        there = ", ".join(str(one.number) for one in found) or "none yet: add one with `heard case issue add`"
        raise Refused(f"{reference} has no issue {number} (the council's own list). There are: {there}. Nothing was changed.")
    return issue


async def _listed(uow: UnitOfWork, reference: str, acting: Acting) -> tuple[CaseRow, dict[Event, date]]:
    """An open complaint that the person may change, with its events."""
    only_officers(acting, "change the list of issues")
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: only a complaint has issues (the council's own rule). Use `heard case kind` "
            "first."
        )
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    refuse_if_over(case, events, acting)
    return case, events


def _not_too_late(case: CaseRow, events: dict[Event, date], acting: Acting) -> None:
    """A related point joins until the answer. At stage 2 under the Regulations the record says what is looked at (reg. 16)."""
    if not {Event.S1_REPLY_SENT, Event.RESPONDED, Event.S1_RESOLVED} & events.keys():
        return
    at_stage_2 = bool({Event.S2_REQUESTED, Event.SKIP_S1_AGREED} & events.keys())
    if case.procedure is Procedure.STATUTORY and at_stage_2:
        agreed = next((event for event in (Event.S2_NOTICE_SENT, Event.RECORD_FINAL) if event in events), None)
        if agreed is None:
            return
        law = law_of(agreed, case, acting.office)
        raise Refused(f"What stage 2 looks at was settled on {in_words(events[agreed])} ({law}). {_NEW_AFTER_THE_ANSWER}")
    raise Refused(f"{_NEW_AFTER_THE_ANSWER} Nothing was changed.")


def _not_settled(case: CaseRow, events: dict[Event, date]) -> None:
    """A panel looks at what stage 2 looked at, in the words of its record."""
    if case.procedure is Procedure.STATUTORY and Event.S2_NOTICE_SENT in events:
        raise Refused(
            f"What stage 2 looked at was answered on {in_words(events[Event.S2_NOTICE_SENT])}, in these words (the council's own "
            "rule: what was answered stays). Nothing was changed."
        )


async def _not_found_upon(uow: UnitOfWork, case: CaseRow, issue: Issue, acting: Acting) -> None:
    stage = await stage_of(uow, case, acting)
    if found := issue.finding(stage):
        raise Refused(
            f"Stage {stage} found {found.outcome.value} on issue {issue.number} in these words, on {in_words(found.found_on)}. "
            "What was found upon stays (the council's own rule): add another issue instead. Nothing was changed."
        )


async def stage_of(uow: UnitOfWork, case: CaseRow, acting: Acting) -> int:
    """The stage that the complaint is in today."""
    return (await progress_of(uow, case, acting.office, acting.today)).stage


async def _write_list(uow: UnitOfWork, case: CaseRow, acting: Acting) -> bool:
    """Queue the list as it stands; False if this very list has been queued before."""
    found = await issues_of(uow, case.reference)
    key = f"issues:{case.reference}:{stored.name_of_list(found)}"
    if any(row.key.startswith(key) for row in await cases.sent_of(uow, case.reference)):
        return False
    filing = Filing()
    await to_the_person(uow, case, Notice.ISSUES_FOR_YOU, key, _facts(case, found), acting, filing)
    filing.add(acting.event(case.reference, Event.NOTED, stored.LIST_WAS_SENT))
    await write(uow, [filing])
    return True


def _facts(case: CaseRow, found: Sequence[Issue]) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "list": stored.name_of_list(found),
        "points": [
            {"number": one.number, "words": one.words, "wanted": one.wanted, "confirmed": bool(one.confirmed_on)}
            for one in found
            if not one.is_withdrawn
        ],
        "taken_out": [{"number": one.number, "words": one.words} for one in found if one.is_withdrawn],
    }


def _words(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused("An issue needs words, in the way that the person would say it. Nothing was changed.")
    if len(said) > LONGEST:
        raise Refused(f"One issue is one point: {len(said)} characters are more than {LONGEST}. Split it. Nothing was changed.")
    return said


def _because(why: str) -> None:
    if not why.strip():
        raise Refused("Say why with --why: the person and the Ombudsman may ask. Nothing was changed.")


def _own(procedure: Procedure | None, case: CaseRow) -> Procedure | None:
    """An issue's own procedure. Only another one than the case's is one."""
    if procedure is Procedure.UNDECIDED:
        raise Refused("Undecided is not a decision. Name the procedure that the issue goes by. Nothing was changed.")
    return None if procedure is case.procedure else procedure


def _next_number(versions: Sequence[IssueRow]) -> int:
    return max((one.number for one in versions), default=0) + 1


def _row(reference: str, number: int, words: str, acting: Acting, why: str = "") -> IssueRow:
    return IssueRow(
        case_reference=reference,
        number=number,
        version=1,
        words=words,
        made_at=acting.now,
        made_by=acting.person.address,
        why=why.strip(),
    )


def _next_version(reference: str, issue: Issue, acting: Acting, filing: Filing, why: str) -> IssueRow:
    """The same issue in its next version, which takes the place of the one that stands."""
    key = {"case_reference": reference, "number": issue.number, "version": issue.version}
    filing.change(IssueRow, key, is_superseded=True)
    row = _row(reference, issue.number, issue.words, acting, why)
    row.version, row.theme, row.procedure, row.wanted = issue.version + 1, issue.theme, issue.procedure, issue.wanted
    row.split_from, row.confirmed_on, row.confirmed_how = issue.split_from, issue.confirmed_on, issue.confirmed_how
    return row


def _same(row: IssueRow, issue: Issue) -> bool:
    return (row.words, row.theme, row.wanted, row.procedure) == (issue.words, issue.theme, issue.wanted, issue.procedure)


def _last_confirmed(found: Sequence[Issue]) -> date:
    return max(one.confirmed_on for one in found if one.confirmed_on)
