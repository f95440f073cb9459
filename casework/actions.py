"""What a member of staff does to a case. Every action carries the person, is one unit of work, and refuses by saying why."""

from collections.abc import Mapping
from typing import Any

from casework.acting import Acting, Refused, only_officers, progress_of, the_case, the_open_case
from casework.answers.joint import end_parts
from casework.answers.turns import keep_turns
from casework.clockwork import events_of, law_for, law_of
from casework.decisions.acknowledging import Acknowledging, acknowledgement_facts, why_not_listed, with_issues
from casework.decisions.by_an_officer import DECIDED_BY_AN_OFFICER, how_it_is_decided
from casework.decisions.over import ended_here, ended_without_an_answer, refuse_if_over
from casework.issues.numbered import (
    given_with_the_answer,
    issues_of,
    overall,
    told_of,
    why_not_alone,
    why_not_as_found,
    why_not_closed,
    why_not_told,
    why_not_upheld,
)
from casework.letters.of_steps import Saying, put, queue_for, tell_of_another_way
from casework.opening import pass_on_task, task
from casework.people.behind_walls import write_behind_walls
from casework.progress import Progress
from casework.recounting import recount_one
from casework.representation import voice_of
from procedures.steps import answer_lacks
from procedures.terms import Channel, Event, Kind, Notice, Outcome, Procedure
from storage import cases, drafts, walls
from storage.filing import Filing, write
from storage.tables import CaseRow, ClassificationRow, EventRow, PartyRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

ANSWERS_A_COMPLAINT = {Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED}
"""One of these must have happened before a complaint is closed, unless it ended here without an answer (`ended_here`)."""


async def assign(uow: UnitOfWork, reference: str, owner: str, acting: Acting, *, team: str = "") -> None:
    """Give a case to a person, who will be reminded of its dates."""
    case = await the_open_case(uow, reference)
    person = acting.office.council.person(owner)
    if person is None:
        raise Refused(f"{owner} is not one of the people in the settings. Nobody was given the case.")
    if reference in await walls.walled_from(uow, person.address):
        raise Refused(
            f"{reference} is about {person.name} ({person.address}), or they have a conflict of interest: whoever is complained "
            "about neither decides nor answers the complaint (the council's own rule). Nobody was "
            f"given the case. See who it is kept from with `heard case people {reference}`."
        )
    filing = Filing()
    filing.change(CaseRow, {"reference": reference}, owner=person.address, team=team or person.team or case.team)
    filing.add(acting.event(reference, Event.ASSIGNED, f"to {person.address}"))
    await write(uow, [filing])


async def route(uow: UnitOfWork, reference: str, procedure: Procedure, why: str, acting: Acting) -> Progress:
    """Confirm under which procedure a complaint is handled. Only an officer decides, with a reason (practice.md §3).

    The clocks are counted again from the events: the received date stays what it was. Where it was decided otherwise before, the
    person hears so, with the reason: never silently (law.md §6, fault 14).
    """
    only_officers(acting, "decide the route")
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: only a complaint has a procedure (the council's own rule). Use "
            "`heard case kind` first."
        )
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting, refused_too=False)
    if procedure is Procedure.MEMBER_ENQUIRY:
        raise Refused("A member's enquiry is no way to handle a complaint. Choose another procedure. Nothing was changed.")
    if procedure is Procedure.UNDECIDED:
        raise Refused("Undecided is not a decision. Choose statutory or corporate, or another procedure by its name.")
    if not why.strip():
        raise Refused("A route needs its reason: it is what the Ombudsman asks for first. Add --why.")
    filing = Filing()
    filing.change(CaseRow, {"reference": reference}, procedure=procedure)
    filing.add(
        acting.event(reference, Event.ROUTE, f"{case.procedure.value} to {procedure.value}: {why}"),
        _decision(case, case.kind, procedure, why, acting),
    )
    _route_is_decided(filing, reference, acting)
    was = case.procedure
    await write(uow, [filing])
    progress = await recounted(uow, reference, acting, f"{case.procedure.value} to {procedure.value}: {why}")
    if was not in (Procedure.UNDECIDED, procedure):
        await tell_of_another_way(uow, reference, why, acting)
    return progress


TOLD_THAT_IT_IS_ONE = {
    Event.ACKNOWLEDGED,
    Event.DP_ACKNOWLEDGED,
    Event.REG11_INFO_SENT,
    Event.TRANSFERRED,
    Event.HOLD_LETTER,
    Event.TERMS_LETTER,
    Event.COMPLEX_DECIDED,
    Event.EXTENDED,
    Event.INTEREST_REFUSED,
    Event.LATE_REFUSED,
    Event.S1_REPLY_SENT,
    Event.S1_RESOLVED,
    Event.RESPONDED,
    Event.S2_REQUESTED,
    Event.SKIP_S1_AGREED,
}
"""After these both sides know that it is a complaint: each is a letter to them, or sends one. What only follows is not listed."""


async def change_kind(uow: UnitOfWork, reference: str, kind: Kind, why: str, acting: Acting) -> Progress:
    """Say what a representation is after all. What turns out to be a complaint gets its clocks from the day it came."""
    only_officers(acting, "decide what a message is")
    case = await the_open_case(uow, reference)
    if not why.strip():
        raise Refused("Say why with --why, so that it can be understood later.")
    told = TOLD_THAT_IT_IS_ONE & events_of((await cases.events_of(uow, [reference]))[reference]).keys()
    if case.kind is Kind.COMPLAINT and kind is not Kind.COMPLAINT and told:
        law = law_for("Staffordshire 25 010 090; SI 2006/1738, reg. 13(2)", acting.office, case.procedure, case.received_on)
        raise Refused(
            f"{reference} is handled as a {case.procedure.value} complaint, and who complained was told so: it stays one, and "
            f"nothing ends it silently ({law}). Answer it, pass it on, or let them withdraw it; another way is "
            f"`heard case route {reference} PROCEDURE --why REASON`. Nothing was changed."
        )
    filing = Filing()
    filing.change(CaseRow, {"reference": reference}, kind=kind)
    if case.procedure is Procedure.MEMBER_ENQUIRY:
        _is_no_enquiry_of_a_member(case, kind, filing)
    filing.add(acting.event(reference, Event.NOTED, f"{case.kind.value} to {kind.value}: {why}"))
    filing.add(_decision(case, kind, case.procedure, why, acting))
    if kind is Kind.COMPLIMENT:
        filing.add(pass_on_task(reference, case.received_on, acting.office, acting.now))
        if not case.is_imported and not any(row.notice == Notice.THANKS for row in await cases.sent_of(uow, reference)):
            await to_the_person(uow, case, Notice.THANKS, f"thanks:{reference}", {}, acting, filing)
    elif case.kind is Kind.COMPLIMENT:
        waiting = {"key": f"praise:{reference}", "done_at": None}
        filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    if kind is not Kind.COMPLAINT:
        _route_is_decided(filing, reference, acting)
    elif case.kind is not Kind.COMPLAINT and case.procedure in (Procedure.UNDECIDED, Procedure.MEMBER_ENQUIRY):
        filing.add(task(f"route:{reference}", TaskKind.CONFIRM_ROUTE, reference, acting.now, acting.now))
        filing.change(TaskRow, {"key": f"route:{reference}"}, done_at=None, done_by="", due_at=acting.now)
    await write_behind_walls(uow, [filing], acting.office, acting.now)
    return await recounted(uow, reference, acting, f"{case.kind.value} to {kind.value}: {why}")


def _is_no_enquiry_of_a_member(case: CaseRow, kind: Kind, filing: Filing) -> None:
    """What a member asked is the constituent's complaint: it keeps its first day, and the answer to the member was none to it."""
    if kind is Kind.ENQUIRY:
        return
    filing.change(CaseRow, {"reference": case.reference}, procedure=Procedure.UNDECIDED)
    if kind is Kind.COMPLAINT:
        filing.change(EventRow, {"case_reference": case.reference, "name": Event.RESPONDED}, is_superseded=True)


async def acknowledge(uow: UnitOfWork, reference: str, letter: Acknowledging, acting: Acting) -> Progress:
    """Send the acknowledgement: a person's letter, made ready by the service. The Code's ten days run from it (Code, 6.3)."""
    only_officers(acting, "acknowledge")
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: it is thanked or answered, not acknowledged (the council's own rule)."
        )
    if case.procedure is Procedure.UNDECIDED:
        raise Refused(
            "The route is not confirmed yet, so no date can be promised (the council's own rule). Use `heard case route` first."
        )
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    refuse_if_over(case, events, acting)
    if Event.ACKNOWLEDGED in events:
        day = f"{events[Event.ACKNOWLEDGED]:%d %B %Y}"
        raise Refused(
            f"{reference} was acknowledged on {day}: one letter does it (the council's own rule). Nothing was sent again."
        )
    found = await issues_of(uow, reference, withdrawn_too=False)
    if why_not := why_not_listed(found, letter):
        raise Refused(f"{why_not} Nothing was sent.")
    letter = with_issues(letter, found)
    filing = Filing()
    filing.add(acting.event(reference, Event.ACKNOWLEDGED), acting.event(reference, Event.REG11_INFO_SENT))
    await write(uow, [filing])
    progress = await recounted(uow, reference, acting)
    after = Filing()
    await to_the_person(
        uow,
        case,
        Notice.ACKNOWLEDGEMENT,
        f"acknowledgement:{reference}",
        acknowledgement_facts(case, letter, progress),
        acting,
        after,
    )
    await write(uow, [after])
    return progress


async def respond(
    uow: UnitOfWork,
    reference: str,
    words: str,
    outcome: Outcome | None,
    acting: Acting,
    *,
    letter: Mapping[str, Any] | None = None,
) -> Progress:
    """Send the answer of stage 1, in the officer's own words; the closing words come from route and stage (practice.md §3).

    `letter` holds the facts of a signed letter, which goes word for word instead (`casework.answers.sending_drafts`).
    """
    case = await the_open_case(uow, reference)
    if not words.strip():
        raise Refused("An answer needs words. Nothing was sent.")
    if case.kind is Kind.COMPLAINT and case.procedure is Procedure.UNDECIDED:
        raise Refused(
            "No letter can name the next step before the route is confirmed: `heard case route` (the council's own rule)."
        )
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    refuse_if_over(case, events, acting)
    if Event.S1_REPLY_SENT in events:
        day = f"{events[Event.S1_REPLY_SENT]:%d %B %Y}"
        raise Refused(
            f"{reference} was answered on {day}. What was sent stays as it is (the council's own rule). Nothing was sent again."
        )
    rules = acting.office.rulebook.rules(case.procedure, case.received_on, acting.office.calendar.nation)
    if case.kind is Kind.COMPLAINT and (lacks := answer_lacks(rules, 1, events, acting.today)):
        raise Refused(f"{lacks} Record it with `heard case record {reference} ip_appointed --why WHO`. Nothing was sent.")
    if letter is None and await drafts.versions_of(uow, reference):
        raise Refused(
            "A draft of this answer is on its way: it is checked by a second person, signed, and sent (the council's own rule), "
            f"with `heard case send {reference}`. Nothing was sent."
        )
    found = await issues_of(uow, reference, withdrawn_too=False)
    why_not = why_not_told(found, 1) or why_not_as_found(found, 1, outcome)
    if case.kind is Kind.COMPLAINT:
        why_not = why_not or why_not_upheld(found, outcome, reference)
    if why_not := why_not or await why_not_alone(uow, reference):
        raise Refused(f"{why_not} Nothing was sent.")
    outcome = overall(found, 1) or outcome
    filing = Filing()
    filing.add(acting.event(reference, Event.S1_REPLY_SENT if case.kind is Kind.COMPLAINT else Event.RESPONDED))
    if outcome is not None:
        filing.change(CaseRow, {"reference": reference}, outcome=outcome)
    facts = {
        "reference": reference,
        "voice": voice_of(case.raised_by),
        "words": words,
        "outcome": outcome.value if outcome else None,
        "procedure": case.procedure.value,
        "stage": 1,
        "issues": told_of(found, 1),
    }
    given_with_the_answer(filing, reference, 1, acting.today, acting.person.address)
    notice = Notice.LETTER if letter else Notice.RESPONSE
    await to_the_person(uow, case, notice, f"response:{reference}:1", {**facts, **(letter or {})}, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def note(uow: UnitOfWork, reference: str, words: str, acting: Acting) -> None:
    """Keep a note on the case. It is read by staff only and moves nothing."""
    await the_case(uow, reference)
    if not words.strip():
        raise Refused("An empty note says nothing. Nothing was kept.")
    filing = Filing()
    filing.add(acting.event(reference, Event.NOTED, words))
    await write(uow, [filing])


async def read(uow: UnitOfWork, reference: str, acting: Acting) -> None:
    """Remember that a person has read it: from now on the complainant hears so when they ask. Only the first time counts."""
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if Event.READ not in events:
        filing = Filing()
        filing.add(acting.event(reference, Event.READ))
        await write(uow, [filing])


async def close(uow: UnitOfWork, reference: str, why: str, acting: Acting) -> None:
    """Close a case that was answered or needs no answer. Nothing closes because a time has passed (law.md §1.14)."""
    only_officers(acting, "close a case")
    case = await the_open_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if Event.WITHDRAWN in events and Event.WITHDRAWAL_CONFIRMED not in events:
        raise Refused(
            f"{reference} was withdrawn, and no letter has confirmed it ({law_of(Event.WITHDRAWN, case, acting.office)}). Record "
            f"it, and the letter goes: `heard case record {reference} withdrawal_confirmed`."
        )
    is_answered = bool(events.keys() & ANSWERS_A_COMPLAINT)
    if case.kind is Kind.COMPLAINT and not is_answered and not ended_here(case, events, acting.office):
        raise Refused(
            f"{reference} has had no answer. A complaint is closed after its answer "
            f"({law_of(Event.S1_REPLY_SENT, case, acting.office)}): use `heard case respond`."
        )
    if owes := await why_not_closed(uow, case, events, acting.office):
        raise Refused(f"{owes} It stays open.")
    progress = await progress_of(uow, case, acting.office, acting.today)
    waits = next((one.deadline for one in progress.open if one.deadline.rule.keeps_open), None)
    if waits is not None:
        clock = waits.clock.replace("_", " ")
        raise Refused(f"{clock} runs until {waits.due_on:%d %B %Y} ({waits.authority}). {reference} stays open.")
    answer = progress.answer
    if answer is not None and answer.deadline.stage > 1 and answer.is_open:
        raise Refused(
            f"{reference} has gone on to stage {answer.deadline.stage}, whose answer is due on {answer.deadline.due_on:%d %B %Y} "
            "and has not been given. It stays open."
        )
    if not why.strip():
        raise Refused("Closing needs a reason. Add --why.")
    filing = Filing()
    filing.change(CaseRow, {"reference": reference}, closed_on=acting.today)
    filing.add(acting.event(reference, Event.CLOSED, why))
    end_parts(filing, reference, Event.CLOSED, acting)
    if not ended_without_an_answer(case, events, acting.office):  # that has told them in a letter of its own
        await queue_for(uow, case, Event.CLOSED, Saying(acting.today), acting, filing)
    await write(uow, [filing])


async def finish_task(uow: UnitOfWork, task_id: int, what: str, acting: Acting) -> None:
    """A person dealt with a task, and says how. A safety alert closes by `casework.alerts` alone (practice.md §2).

    A decision that is an officer's is not ticked off by anybody else (practice.md §3).
    """
    found = next((row for row in await cases.tasks(uow, open_only=False) if row.id == task_id), None)
    if found is None:
        raise Refused(f"There is no task {task_id}. See them with `heard tasks`.")
    if found.kind is TaskKind.SAFETY and found.done_at is None:
        raise Refused(
            f"Task {task_id} is a safety alert: it closes only with a referral, or a qualified person's reasoned no. "
            f"Use `heard alert close {found.case_reference or task_id}`. Nothing was changed."
        )
    if found.done_at is not None:
        raise Refused(f"Task {task_id} was done by {found.done_by}.")
    if found.kind in DECIDED_BY_AN_OFFICER and not acting.office.council.may_decide(acting.person):
        raise Refused(
            f"Task {task_id} ({found.kind.value.replace('_', ' ')}) waits for a decision that only a complaints officer takes, "
            "and that managers may ask for (the council's own rule): an officer decides it with "
            f"{how_it_is_decided(found.kind, found.case_reference or 'REFERENCE')}. {acting.person.address} is a "
            f"{acting.person.role.value}; nothing was changed."
        )
    if not what.strip():
        raise Refused("Say what was done, with --what. Nothing was changed.")
    filing = Filing()
    filing.change(TaskRow, {"id": task_id}, done_at=acting.now, done_by=acting.person.address)
    if found.case_reference:
        filing.add(acting.event(found.case_reference, Event.NOTED, f"{found.kind.value}: {what}"))
    await write(uow, [filing])


async def recounted(uow: UnitOfWork, reference: str, acting: Acting, why: str = "") -> Progress:
    """Count the deadlines again; what moved is kept as an event that says from what to what and why, and its owner is told."""
    uow.expire_all()
    case = await the_case(uow, reference)
    filing = Filing()
    await recount_one(uow, case, acting, why, filing)
    await write(uow, [filing])
    progress = await progress_of(uow, case, acting.office, acting.today)
    await keep_turns(uow, case, progress, acting.office, acting.now, acting.person.address)
    return progress


def _decision(case: CaseRow, kind: Kind, procedure: Procedure, why: str, acting: Acting) -> ClassificationRow:
    return ClassificationRow(
        case_reference=case.reference,
        made_at=acting.now,
        made_by=acting.person.address,
        kind=kind,
        procedure=procedure,
        reasons=[{"field": "procedure", "value": procedure.value, "rule": why, "source": acting.person.address}],
    )


def _route_is_decided(filing: Filing, reference: str, acting: Acting) -> None:
    waiting = {"case_reference": reference, "kind": TaskKind.CONFIRM_ROUTE, "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)


async def to_the_person(
    uow: UnitOfWork, case: CaseRow, notice: Notice, key: str, facts: dict[str, Any], acting: Acting, filing: Filing
) -> None:
    """Queue a letter to everyone on the case whom we may write to; with no route left it is a task, never another route."""
    await put(uow, case, notice, key, facts, acting, filing)


def route_of(party: PartyRow) -> tuple[Channel, str]:
    """How we may write to a party: the channel and where to; nowhere when the route is closed or there is none."""
    if party.is_closed:
        return Channel.EMAIL, ""
    return (Channel.TELEGRAM, str(party.chat_id)) if party.chat_id else (Channel.EMAIL, party.address)
