"""A letter looked at before it leaves, and one sent that a step owes and did not send."""

from dataclasses import dataclass

from sqlmodel import col, select

from casework.acting import Acting, Refused, only_officers, the_case
from casework.clockwork import events_of
from casework.letters.of_steps import Letter, Reader, Saying, letter_for, put, readers_of
from procedures.letters import LetterRule, letters
from procedures.terms import Event, Kind, Notice
from storage import cases
from storage.filing import Filing, write
from storage.outbox import short_key
from storage.tables import CaseRow, OutboxRow
from storage.unit_of_work import UnitOfWork

_BY_ITS_OWN_COMMAND = {
    Notice.ACKNOWLEDGEMENT: "heard case acknowledge",
    Notice.RESPONSE: "heard case respond",
    Notice.REROUTED: "heard case route",
    Notice.TRANSFERRED: "heard decide transfer",
    Notice.REOPENED: "heard decide reopen",
}


@dataclass(frozen=True)
class Looked:
    """A letter as it would leave, and who would get it."""

    letter: Letter
    readers: tuple[Reader, ...]


async def look(uow: UnitOfWork, reference: str, notice: Notice, saying: Saying, acting: Acting) -> Looked:
    """The letter as it would leave today. Nothing is written. Raises Refused where the procedure has no such letter."""
    case, rule = await _of(uow, reference, notice, acting.office.nation)
    letter = await letter_for(uow, case, rule, saying, acting, rule.on[0] if rule.on else None)
    return Looked(letter, tuple(await readers_of(uow, case, notice, acting.today)))


async def send(uow: UnitOfWork, reference: str, notice: Notice, saying: Saying, acting: Acting) -> None:
    """Send the letter of a step that is on record and whose letter has not gone: one that a message or an import recorded.

    Raises Refused where it has gone, where its step is still to come, and where it lacks what the law wants in it.
    """
    only_officers(acting, "send a letter")
    case, rule = await _of(uow, reference, notice, acting.office.nation)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    event = next((one for one in reversed(rule.on) if one in events), None)
    if event is None:
        raise Refused(f"{_goes_with(rule, reference)} Nothing was sent.")
    key = f"{notice.value}:{reference}:{event.value}:{events[event]}"
    sent = (await uow.exec(select(OutboxRow).where(col(OutboxRow.key) == short_key(key)))).first()
    if sent is not None:
        raise Refused(f"That letter was queued on {sent.queued_at:%d %B %Y}; it is not said twice. Nothing was sent.")
    letter = await letter_for(uow, case, rule, saying, acting, event)
    if letter.lacks:
        item = letter.lacks[0]
        raise Refused(f"The letter must say {item.says} ({item.authority}): add --say {item.fact}=WORDS. Nothing was sent.")
    filing = Filing()
    await put(uow, case, notice, key, letter.facts, acting, filing)
    filing.add(acting.event(reference, Event.NOTED, f"sent the letter: {rule.says}"))
    await write(uow, [filing])


async def _of(uow: UnitOfWork, reference: str, notice: Notice, nation: str) -> tuple[CaseRow, LetterRule]:
    case = await the_case(uow, reference)
    rule = letters().of_notice(notice, case.procedure, nation)
    if case.kind is not Kind.COMPLAINT or rule is None:
        kind = case.kind.value if case.kind is not Kind.COMPLAINT else f"the {case.procedure.value} procedure"
        raise Refused(f"{kind} has no letter {notice.value}: see `heard case letter {reference}`. Nothing was sent.")
    return case, rule


def _goes_with(rule: LetterRule, reference: str) -> str:
    if rule.on:
        step = " or ".join(event.value for event in rule.on)
        return f"This letter goes with its step: record {step}, with `heard case record {reference} {rule.on[0].value}`."
    how = _BY_ITS_OWN_COMMAND.get(rule.notice, "heard case")
    return f"This letter goes with its own action: `{how}`."
