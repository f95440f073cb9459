"""An answer on its way: its versions, the second person's check, the signature. Each is one person's action with its moment.

Whoever is walled from the case does none of it (practice.md §3); a version that is mended is checked and signed anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.acting import Acting, Refused, progress_of
from casework.actions import recounted
from casework.answers import reports
from casework.answers.checking_drafts import MAY_BE_ACCEPTED, Found, Known, Rule, accept, check_letter
from casework.answers.hands import not_who_decided_stage_1, why_not_signed_by
from casework.answers.turns import answer_of
from casework.answers.word import NotTaken, Read, read_letter
from casework.answers.writing_drafts import answerable, points_of
from casework.clockwork import events_of
from casework.decisions.over import refuse_if_over
from casework.people.needs import in_words
from casework.people.on_case import OnCase, people_of
from casework.people.told import AUTHORITY, Limit, limits
from casework.people.walls import is_walled, walls_around
from casework.representation import voice_of
from procedures.people import REPRESENTS, CaseRole
from procedures.terms import Event
from storage import cases, drafts, people, walls
from storage.filing import Filing, write
from storage.tables import CaseRow, DraftCheckRow, DraftRow, SentLetterRow
from storage.tables.drafts import Whose
from storage.unit_of_work import UnitOfWork

LARGEST_TOGETHER = 15_000_000
"""Bytes of all files of a version: a third more in a mail, which many servers refuse above 20 or 25 MB."""
_WHOM_IT_IS_TO = (CaseRole.COMPLAINANT, CaseRole.CHILD, *REPRESENTS)
"""Their own names may stand in the letter."""


@dataclass(frozen=True)
class Draft:
    """A version of an answer, with what became of it."""

    row: DraftRow
    checks: tuple[DraftCheckRow, ...] = ()
    sent: tuple[SentLetterRow, ...] = ()

    @property
    def last_check(self) -> DraftCheckRow | None:
        return self.checks[-1] if self.checks else None

    @property
    def state(self) -> str:
        """drafted, to be mended, checked, signed or sent."""
        if self.sent:
            return "sent"
        if self.row.signed_at is not None:
            return "signed"
        if self.last_check is None:
            return "drafted"
        return "checked" if self.last_check.has_passed else "to be mended"


async def drafts_of(uow: UnitOfWork, reference: str) -> list[Draft]:
    """Every version of every stage, oldest first."""
    rows = await drafts.versions_of(uow, reference)
    checks = await drafts.checks_of(uow, [row.id for row in rows if row.id is not None])
    sent = await drafts.letters_sent(uow, reference)
    for row in (*rows, *checks, *sent):
        uow.expunge(row)  # what was read stays readable after the case is counted again
    return [
        Draft(
            row,
            tuple(check for check in checks if check.draft_id == row.id),
            tuple(letter for letter in sent if letter.draft_id == row.id),
        )
        for row in rows
    ]


async def newest(uow: UnitOfWork, reference: str, stage: int) -> Draft | None:
    """The version of a stage that counts: the last one."""
    return next((one for one in reversed(await drafts_of(uow, reference)) if one.row.stage == stage), None)


async def stage_of(uow: UnitOfWork, case: CaseRow, acting: Acting) -> int:
    """The stage whose answer is in hand."""
    return (await progress_of(uow, case, acting.office, acting.today)).stage


async def not_walled(uow: UnitOfWork, reference: str, acting: Acting) -> None:
    """Refuse whoever the case is kept from."""
    if await is_walled(uow, acting.person, reference):
        raise walls.BehindAWall(acting.person.address, reference)


async def take(
    uow: UnitOfWork,
    reference: str,
    acting: Acting,
    *,
    letter: bytes = b"",
    child_letter: bytes = b"",
    report: tuple[Whose, bytes] | None = None,
) -> Draft:
    """Keep an edited file as the next version; what it does not bring, letter, child's version or report, stays what it was.

    Raises Refused with what is wrong with the file, and what to do about it in Word.
    """
    await not_walled(uow, reference, acting)
    case = await answerable(uow, reference)
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting)
    stage = await stage_of(uow, case, acting)
    before = await newest(uow, reference, stage)
    if before is not None and before.state == "sent":
        raise Refused(
            f"The answer of stage {stage} was sent. What was sent stays as it is (the council's own rule). Nothing was changed."
        )
    await not_who_decided_stage_1(uow, case, stage, acting.person.address, acting.office)
    if not letter and before is None:
        raise Refused("The letter itself comes first; the child's version and the reports after it. Nothing was changed.")
    if report is not None and not reports.have_a_place(case.procedure, stage):
        law = reports.law_in(acting.office.nation)
        raise Refused(
            f"No reports go with this answer, only with that of stage 2 of the statutory procedure ({law}). Nothing was changed."
        )
    author = acting.office.council.name
    kept = _read(letter, author, "The file").content if letter else before.row.letter if before else b""
    childs = _read(child_letter, author, "The child's version").content if child_letter else before and before.row.child_letter
    lying = reports.of(before.row) if before else {}
    if report is not None:
        lying[report[0]] = _read(report[1], author, f"The report of {reports.WHO[report[0]]}").content
    if (size := sum(map(len, (kept, childs or b"", *lying.values())))) > LARGEST_TOGETHER:
        raise Refused(
            f"The letter and what goes with it have {size / 1e6:.1f} MB together; a mail carries 15. Make the pictures in them "
            "smaller (the council's own rule). Nothing was changed."
        )
    version = before.row.version + 1 if before else 1
    filing = Filing()
    filing.add(
        DraftRow(
            case_reference=reference,
            stage=stage,
            version=version,
            made_at=acting.now,
            made_by=acting.person.address,
            letter=kept,
            child_letter=childs or None,
            officer_report=lying.get(Whose.OFFICER),
            independent_report=lying.get(Whose.INDEPENDENT),
        ),
        acting.event(reference, Event.NOTED, f"draft of the stage {stage} answer, version {version}"),
    )
    await write(uow, [filing])
    await recounted(uow, reference, acting)
    return await _again(uow, reference, stage)


async def check(uow: UnitOfWork, reference: str, acting: Acting, accepted: Mapping[Rule, str]) -> tuple[Draft, list[Found]]:
    """A second person checks the newest version. What stops it is said; `accepted` gives reasons for what may pass."""
    await not_walled(uow, reference, acting)
    case = await answerable(uow, reference)
    draft = await _in_hand(uow, case, acting, signed=False)
    if acting.person.address.lower() == draft.row.made_by.lower():
        raise Refused(f"{acting.person.address} wrote this version: somebody else checks it. Nothing was changed.")
    wrong = [rule.value for rule, why in accepted.items() if rule not in MAY_BE_ACCEPTED or not why.strip()]
    if wrong:
        may = ", ".join(rule.value for rule in MAY_BE_ACCEPTED)
        raise Refused(f"{', '.join(wrong)} cannot be accepted so. With a reason, only {may} can. Nothing was changed.")
    letter, child = _both(draft.row)
    known = await _known(uow, case, draft.row.stage, acting)
    found = accept([*reports.check_reports(draft.row, known), *check_letter(letter, child, known)], dict(accepted))
    found.sort(key=lambda one: not one.stops)
    has_passed = not any(one.holds_it_up for one in found)
    filing = Filing()
    filing.add(
        DraftCheckRow(
            draft_id=draft.row.id or 0,
            made_at=acting.now,
            made_by=acting.person.address,
            has_passed=has_passed,
            found=[_as_json(one) for one in found],
        ),
        acting.event(
            reference, Event.NOTED, f"version {draft.row.version} checked: {'passed' if has_passed else 'to be mended'}"
        ),
    )
    await write(uow, [filing])
    await recounted(uow, reference, acting)
    return await _again(uow, reference, draft.row.stage), found


async def sign(uow: UnitOfWork, reference: str, acting: Acting) -> Draft:
    """Sign the newest version, which a second person has checked. Who signs is the council's own setting."""
    await not_walled(uow, reference, acting)
    case = await answerable(uow, reference)
    may = acting.office.council.answers_signed_by
    if acting.person.role not in may:
        raise Refused(f"{why_not_signed_by(acting.person, '', '', acting.office.council, ())} Nothing was changed.")
    draft = await _in_hand(uow, case, acting, signed=False)
    if draft.last_check is None or not draft.last_check.has_passed:
        said = "was not checked" if draft.last_check is None else "did not pass its check"
        raise Refused(
            f"Version {draft.row.version} {said}: a second person reads it before it is signed (the council's own rule). Use "
            f"`heard case check {reference}`. Nothing was changed."
        )
    walled = {wall.address for wall in await walls_around(uow, reference)}
    made, checked = draft.row.made_by, draft.last_check.made_by
    if why_not := why_not_signed_by(acting.person, made, checked, acting.office.council, walled):
        raise Refused(f"{why_not} Nothing was changed.")
    await not_who_decided_stage_1(uow, case, draft.row.stage, acting.person.address, acting.office)
    filing = Filing()
    filing.change(DraftRow, {"id": draft.row.id}, signed_at=acting.now, signed_by=acting.person.address)
    filing.add(acting.event(reference, Event.NOTED, f"version {draft.row.version} of the stage {draft.row.stage} answer signed"))
    await write(uow, [filing])
    await recounted(uow, reference, acting)
    return await _again(uow, reference, draft.row.stage)


async def signed_one(uow: UnitOfWork, case: CaseRow, acting: Acting) -> Draft:
    """The signed version that may leave, or a refusal that says what comes first."""
    draft = await _in_hand(uow, case, acting, signed=True)
    if draft.row.signed_at is None:
        raise Refused(
            f"Version {draft.row.version} is not signed: it is checked by a second person, then signed (the council's own "
            f"rule). Use `heard case check {case.reference}` and `heard case sign {case.reference}`. Nothing was sent."
        )
    left_out = reports.missing(draft.row, case.procedure, acting.office.nation)
    if left_out and not reports.why_left_out(draft.last_check.found if draft.last_check else []):
        law = reports.law_in(acting.office.nation)
        raise Refused(
            f"The report of {reports.WHO[left_out[0]]} does not go with it, and the check did not know it ({law}). "
            f"Take the report in, `heard case draft {case.reference} --take FILE --report {left_out[0].value}`, or take the "
            "letter in again and have it checked. Nothing was sent."
        )
    weighed = [str(one["words"]) for one in (draft.last_check.found if draft.last_check else ()) if one.get("accepted")]
    for limit in await limits_of(uow, case.reference, acting):
        if not limit.speaks_for_another and not any(words.startswith(f"{limit.who} may be told") for words in weighed):
            raise Refused(
                f"{limit.who} may be told only what they told us: {limit.why}, and the check did not know it ({AUTHORITY}). "
                f"Record what shows that they may act, `heard case authority {case.reference} NUMBER BASIS`, or take the letter "
                "in again and have it checked. Nothing was sent."
            )
    return draft


async def _in_hand(uow: UnitOfWork, case: CaseRow, acting: Acting, *, signed: bool) -> Draft:
    stage = await stage_of(uow, case, acting)
    draft = await newest(uow, case.reference, stage)
    if draft is None:
        raise Refused(
            f"There is no draft of the stage {stage} answer of {case.reference}, and a draft comes first (the council's own "
            f"rule). Write one with `heard case draft {case.reference} --out FILE`, then take it in with --take. Nothing was "
            "changed."
        )
    if draft.state == "sent":
        day = f"{draft.sent[0].sent_on:%d %B %Y}"
        raise Refused(
            f"The answer of stage {stage} was sent on {day}, and stays as it is (the council's own rule). Nothing was changed."
        )
    if draft.state == "signed" and not signed:
        raise Refused(
            f"Version {draft.row.version} is signed by {draft.row.signed_by} (the council's own rule). Nothing was changed."
        )
    return draft


async def _again(uow: UnitOfWork, reference: str, stage: int) -> Draft:
    uow.expire_all()
    found = await newest(uow, reference, stage)
    assert found is not None
    return found


def _both(row: DraftRow) -> tuple[Read, Read | None]:
    return read_letter(row.letter), read_letter(row.child_letter) if row.child_letter else None


def _read(content: bytes, author: str, what: str) -> Read:
    try:
        return read_letter(content, author)
    except NotTaken as why:
        raise Refused(f"{what} was not taken. {why} Nothing was changed.") from None


async def _known(uow: UnitOfWork, case: CaseRow, stage: int, acting: Acting) -> Known:
    """What the check must know of the case."""
    council = acting.office.council
    there = await people_of(uow, case.reference)
    answer = answer_of(await progress_of(uow, case, acting.office, acting.today))
    return Known(
        reference=case.reference,
        procedure=case.procedure,
        stage=stage,
        points=tuple(await points_of(uow, case.reference, stage)),
        received_on=case.received_on,
        today=acting.today,
        due_on=answer.deadline.due_on if answer else None,
        phones=(council.contacts.phone,),
        others=_others(there, await drafts.names_on_other_cases(uow, case.reference), acting),
        is_for_a_child=voice_of(case.raised_by) == "child",
        limits=tuple(await limits_of(uow, case.reference, acting)),
        nation=acting.office.nation,
        needs=tuple(in_words(row) for row in await people.needs_of(uow, case.reference) if row.ended_at is None),
    )


async def limits_of(uow: UnitOfWork, reference: str, acting: Acting) -> list[Limit]:
    """Who of the readers of an answer may be told less than it says, today."""
    there = await people_of(uow, reference, also_ended=False)
    return limits(await people.authorities_of(uow, reference), there, acting.today)


def _others(people: Sequence[OnCase], elsewhere: Sequence[str], acting: Acting) -> tuple[str, ...]:
    """Names, addresses and numbers that a letter on this case should not hold.

    Of people on other cases only names of two words or more: a single one is everybody's. Colleagues named in the settings
    answer for the council with their names, unless the complaint is about them.
    """
    theirs = {word for one in people if one.role in _WHOM_IT_IS_TO for word in (one.name, one.address, one.phone) if word}
    about = {one.name for one in people if one.role is CaseRole.COMPLAINED_ABOUT}
    staff = {person.name for person in acting.office.council.people} - about
    here = [word for one in people if one.role not in _WHOM_IT_IS_TO for word in (one.name, one.address, one.phone)]
    named = [word for word in here if len(word) > 2] + [name for name in elsewhere if len(name.split()) > 1]
    known = {word.casefold() for word in theirs | staff}
    return tuple(word for word in dict.fromkeys(named) if word.casefold() not in known)


def _as_json(found: Found) -> dict[str, object]:
    return {
        "rule": found.rule.value,
        "words": found.words,
        "authority": found.authority,
        "stops": found.stops,
        "accepted": found.accepted,
    }
