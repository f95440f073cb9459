"""Through whose hands an answer went: one writes it, a second checks it, a third signs it (practice.md §5.2).

A draft shows it by its own steps. Words that are sent at once, and a letter that went by another route, are taken down with who
wrote, checked and signed them: else `council.answers_signed_by` would mean nothing. Who decided stage 1 decides no stage 2.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Unpack

from sqlmodel import col, select

from casework.acting import Acting, Refused, the_case
from casework.actions import respond
from casework.clockwork import law_for
from casework.council import Council, Person
from casework.issues.numbered import ANSWERS
from casework.office import Office
from casework.people.walls import is_walled, walls_around
from casework.progress import Progress
from casework.recording import Told, record
from procedures.steps import HOME
from procedures.terms import Event, Kind, Matter, Outcome, Procedure
from storage import drafts
from storage.filing import Filing, write
from storage.tables import CaseRow, DecisionRow
from storage.unit_of_work import UnitOfWork

_SOMEBODY_ELSE = "LGSCO Complaint Handling Code 2024, section 6, stage 2"
"""Who considers a complaint at stage 2 is not who considered it at stage 1; elsewhere the nation's own procedure says it."""
_STAGE, _WROTE, _CHECKED, _SIGNED = "stage", "written by", "checked by", "signed by"


@dataclass(frozen=True)
class Hands:
    """Who did what to an answer: addresses of people in the settings."""

    checked_by: str = ""
    signed_by: str = ""
    written_by: str = ""
    """Empty: whoever acts wrote it."""


NOBODY = Hands()
"""Of what is no answer."""


async def answer(uow: UnitOfWork, reference: str, words: str, outcome: Outcome | None, hands: Hands, acting: Acting) -> Progress:
    """Send an answer of stage 1 in words of one's own, without a draft. Of a complaint, with who checked and who signed them."""
    case = await the_case(uow, reference)
    if case.kind is Kind.COMPLAINT:
        progress = await respond(uow, reference, words, outcome, acting)
        await _take_down(uow, case, 1, hands, acting, "sent in words of its own, without a draft")
        return progress
    return await respond(uow, reference, words, outcome, acting)


async def went_elsewhere(
    uow: UnitOfWork, reference: str, event: Event, hands: Hands, acting: Acting, **told: Unpack[Told]
) -> Progress:
    """Record a step (`casework.recording.record`). Where it is an answer, with who checked and who signed what was sent.

    Nobody is asked for an imported case: what its register did not hold, nobody knows.
    """
    progress = await record(uow, reference, event, acting, **told)
    case = await the_case(uow, reference)
    if event in ANSWERS and not case.is_imported:
        how = told.get("why", "").strip() or "recorded as sent by another route"
        await _take_down(uow, case, ANSWERS[event], hands, acting, how)
    elif hands != NOBODY:
        raise Refused(f"{event.value} is no answer: nobody checks or signs it. Nothing was changed.")
    return progress


async def decided_stage_1(uow: UnitOfWork, reference: str) -> dict[str, str]:
    """Who decided stage 1, by folded address, with what they did: wrote the answer that was sent, or signed it."""
    found: dict[str, str] = {}
    gone = {letter.draft_id for letter in await drafts.letters_sent(uow, reference)}
    for row in await drafts.versions_of(uow, reference):
        if row.stage == 1 and row.id in gone:
            found |= {row.signed_by.lower(): "signed", row.made_by.lower(): "wrote"}
    rows = select(DecisionRow).where(DecisionRow.case_reference == reference, DecisionRow.matter == Matter.ANSWER)
    for decided in await uow.exec(rows.order_by(col(DecisionRow.id))):
        told = {str(one["test"]): str(one["weighed"]) for one in decided.weighed}
        if told.get(_STAGE) == "1":
            found |= {told[_SIGNED].lower(): "signed", told[_WROTE].lower(): "wrote"}
    return found


async def not_who_decided_stage_1(uow: UnitOfWork, case: CaseRow, stage: int, address: str, office: Office) -> None:
    """Refuse whoever decided stage 1 the answer of stage 2, where the Code wants somebody else to consider it."""
    if case.procedure is not Procedure.CORPORATE or stage != 2 or not address:
        return
    did = (await decided_stage_1(uow, case.reference)).get(address.strip().lower())
    if did is not None:
        elsewhere = law_for("", office, case.procedure, case.received_on, Event.S2_REQUESTED)
        law = _SOMEBODY_ELSE if office.nation == HOME else elsewhere
        raise Refused(f"{address} {did} the answer of stage 1: somebody else considers stage 2 ({law}). Nothing was changed.")


def why_not_signed_by(signer: Person, wrote: str, checked: str, council: Council, walled: Collection[str]) -> str:
    """Why somebody's signature does not stand on a version; empty if it does. Addresses are compared folded.

    Who wrote never signs; who checked does where the settings name nobody else from whom the case is not kept.
    """
    may = council.answers_signed_by
    if signer.role not in may:
        roles = ", ".join(role.value.replace("_", " ") for role in may)
        return f"{signer.address} is a {signer.role.value}, and here an answer is signed by: {roles} (council.answers_signed_by)."
    did = {checked.lower(): "checked", wrote.lower(): "wrote"}
    what = did.get(signer.address.lower())
    others = [one for one in council.with_role(*may) if one.address.lower() not in {*did, *walled}]
    if what is None or (what == "checked" and not others):
        return ""
    who = f": {', '.join(one.address for one in others[:5])}" if others else ", and the settings name nobody else who may sign"
    return f"{signer.address} {what} this version: one writes, a second checks, a third signs{who} (council.answers_signed_by)."


async def _take_down(uow: UnitOfWork, case: CaseRow, stage: int, hands: Hands, acting: Acting, how: str) -> None:
    """Keep who wrote, checked and signed an answer; Refused, so that nothing was sent, where that was not three people's work."""
    if not hands.checked_by.strip() or not hands.signed_by.strip():
        raise Refused(
            "One writes an answer, a second checks it, a third signs it (the council's own rule: council.answers_signed_by). "
            "Say who did: add --checked-by ADDRESS --signed-by ADDRESS, and --written-by ADDRESS where it was not you. Or let "
            f"the service see to it: `heard case draft {case.reference} --out FILE`. Nothing was sent, and nothing was changed."
        )
    given = (hands.written_by.strip() or acting.person.address, hands.checked_by, hands.signed_by)
    writer, checker, signer = [await _who_may(uow, case, address, acting) for address in given]
    if checker == writer:
        raise Refused(f"{writer.address} wrote this answer: somebody else checks it. Nothing was sent, and nothing was changed.")
    walled = {wall.address for wall in await walls_around(uow, case.reference)}
    if why_not := why_not_signed_by(signer, writer.address, checker.address, acting.office.council, walled):
        raise Refused(f"{why_not} Nothing was sent, and nothing was changed.")
    for decides in (writer, signer):
        await not_who_decided_stage_1(uow, case, stage, decides.address, acting.office)
    told = {_STAGE: str(stage), _WROTE: writer.address, _CHECKED: checker.address, _SIGNED: signer.address}
    weighed: list[dict[str, Any]] = [{"test": test, "weighed": said, "holds": None} for test, said in told.items()]
    filing = Filing()
    filing.add(
        DecisionRow(
            case_reference=case.reference,
            matter=Matter.ANSWER,
            is_yes=True,
            weighed=weighed,
            why=how,
            decided_on=acting.today,
            decided_by=acting.person.address,
            recorded_at=acting.now,
        ),
        acting.event(
            case.reference,
            Event.NOTED,
            f"the stage {stage} answer was written by {writer.address}, checked by {checker.address}, signed by {signer.address}",
        ),
    )
    await write(uow, [filing])


async def _who_may(uow: UnitOfWork, case: CaseRow, address: str, acting: Acting) -> Person:
    """A person of the settings from whom the case is not kept: nobody else answers it (practice.md §3)."""
    person = acting.office.council.person(address)
    if person is None:
        raise Refused(f"{address.strip()} is not one of the people in the settings. Nothing was sent, and nothing was changed.")
    if await is_walled(uow, person, case.reference):
        raise Refused(
            f"{person.address} is walled from {case.reference}: whoever is complained about does not write, check or sign its "
            "answer (the council's own rule). Nothing was sent, and nothing was changed."
        )
    return person
