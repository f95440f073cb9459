"""What an officer decides where the law gives a choice. Every test is weighed in words; a refusal without that is refused.

None of these is ever decided by a machine, by a window that has passed, or without the person hearing of it (law.md §1.4, §6).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from casework.acting import Acting, Refused, only_officers, the_open_case
from casework.actions import recounted
from casework.clockwork import LATE_LIMIT, S3_WINDOW, deadline_of, events_of, law_for, law_of, rule_of, rules_of
from casework.decisions.over import refuse_if_over
from casework.decisions.words_for_a_child import CHILD_IS_TOLD, words_for_a_child
from casework.issues.numbered import UPHELD, issues_of
from casework.letters.letters_out import tell_the_person, tell_what_was_decided
from casework.letters.of_steps import CHILD_KNEW, TO_CHILD
from casework.opening import task
from casework.progress import Progress
from casework.recording import record
from procedures.clocks import in_words, is_in_time
from procedures.steps import HOME, belongs, here, steps, words_of
from procedures.terms import Event, Kind, Matter, Notice, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, DecisionRow, EventRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

FEWEST_WORDS = 4
"""A reason of fewer words weighs nothing: `no consent`, `out of time`, `not a parent`."""
NEW = "what is known now that was not known then"
_NO_LIMIT = "the council's own rule: only a rule or an officer's reason turns anybody away"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Weighed:
    """A test of the law, what was weighed, and whether it holds where it can."""

    test: str
    what: str
    holds: bool | None = None

    @property
    def row(self) -> dict[str, Any]:
        return {"test": self.test, "weighed": self.what.strip(), "holds": self.holds}


EARLY_REFERRAL = {
    "robust_report": "the investigation's report is robust",
    "complete_adjudication": "the adjudication answers every complaint",
    "upheld": "all complaints, or all that matter, were upheld",
    "action_plan": "there is a clear action plan, with dates",
    "outcomes_met": "most of the outcomes that they wanted are agreed",
    "they_agree": "they agree to go to the Ombudsman without a panel",
    "council_agrees": "the council agrees, at the level of a head of service",
}
"""What must hold, each of it, before a review panel may be passed over (Getting the Best from Complaints; law.md §1.9)."""


async def decide_interest(
    uow: UnitOfWork,
    reference: str,
    acting: Acting,
    *,
    yes: bool,
    why: str,
    relation: str = "",
    welfare: str = "",
    child: str = "",
    to_child: str = "",
    new: str = "",
) -> Progress:
    """Whether somebody who is neither the child nor a parent has a sufficient interest in its welfare (SI 2006/1738, reg. 12).

    Yes: stage 1 starts on this day. No: three things must have been weighed, and they are told (reg. 12(4)). `to_child`: words
    for the child whom it is about, who then has a letter of their own, or for a child who complained, in place of the reason.
    `new`: what is known now that was not when it was refused; then it is decided anew, and a yes starts stage 1 on the day of
    that decision (reg. 14(3)(a)).
    """
    case, events = await _deciding(uow, reference, acting, "decide on sufficient interest")
    weighed = (Weighed("relation", relation), Weighed("welfare", welfare), Weighed("child's view", child))
    question = steps()[Event.INTEREST_QUESTIONED]
    rules = rules_of(case, acting.office)
    authority = here(question, case.procedure, rules).authority
    if case.procedure not in (Procedure.STATUTORY, Procedure.UNDECIDED) or not belongs(question, case.procedure, rules):
        raise Refused(f"Sufficient interest is a question of the statutory procedure alone ({authority}). Nothing was changed.")
    if Event.S1_REPLY_SENT in events:
        raise Refused(f"Stage 1 was answered: the interest was taken for sufficient ({authority}). Nothing was changed.")
    again = _anew(events, Event.INTEREST_DECIDED, Event.INTEREST_REFUSED, new, authority)
    _reasoned(why, authority)
    if not yes:
        _all_weighed(weighed, authority)
    decided, letter = await decisions_of(uow, reference), Notice.INTEREST_ACCEPTED if yes else Notice.INTEREST_REFUSED
    say = {**again, **await words_for_a_child(uow, case, letter, to_child, authority, acting, decided)}
    if Event.INTEREST_QUESTIONED not in events:
        await record(uow, reference, Event.INTEREST_QUESTIONED, acting)
    told = [one for one in (*weighed, Weighed(NEW, new), Weighed(CHILD_IS_TOLD, to_child)) if one.what.strip()]
    filing = decision(case, Matter.INTEREST, yes, told, why, acting)
    _done(filing, reference, acting, TaskKind.INTEREST)
    if CHILD_KNEW in say and TO_CHILD not in say:
        told_anew = (
            f"the child was told of the refusal, and no letter can go to them alone: tell them what was decided ({authority})"
        )
        filing.add(
            task(f"tell the child:{reference}:{acting.now}", TaskKind.CANNOT_REACH, reference, acting.now, acting.now, told_anew)
        )
    if yes:
        if again:
            await _lift(uow, reference, (Event.INTEREST_REFUSED, Event.INTEREST_QUESTIONED))
            filing.add(acting.event(reference, Event.INTEREST_QUESTIONED, f"asked anew: {new.strip()}"))
        await write(uow, [filing])
        return await record(uow, reference, Event.INTEREST_DECIDED, acting, why=why, say=say)
    filing.add(acting.event(reference, Event.INTEREST_REFUSED, why))
    await tell_the_person(uow, case, Notice.INTEREST_REFUSED, {"reason": why, **say}, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def decide_late(
    uow: UnitOfWork,
    reference: str,
    acting: Acting,
    *,
    accept: bool,
    sooner: Weighed,
    fairly: Weighed,
    why: str,
    new: str = "",
) -> Progress:
    """Whether a complaint made more than a year after its grounds arose is considered (SI 2006/1738, reg. 9(2); the Code, 2.2).

    `sooner` holds where it was not reasonable to expect it within the year, `fairly` where it can still be considered
    effectively and fairly. Both hold: it is considered. One does not: it may be refused, with both weighed in words. `new`:
    what is known now that was not when it was refused; then it is decided anew. No decision on lateness moves the start of
    stage 1 (reg. 14(3), (4)): it counts from where it counted before, and what ran out meanwhile is late.
    """
    case, events = await _deciding(uow, reference, acting, "decide on a late complaint")
    rule = rule_of(case, acting.office, LATE_LIMIT)
    if rule is None:
        raise Refused(f"The {case.procedure.value} procedure sets no time limit here: there is nothing to refuse ({_NO_LIMIT}).")
    authority, limit = rule.authority, deadline_of(case, events, acting.office, LATE_LIMIT)
    if limit is None:
        how = f"`heard case record {reference} {rule.starts_on[-1].value} --on DATE`"
        raise Refused(f"Record first when it happened, with {how}: what is late counts from there ({authority}).")
    if is_in_time(limit.due_on, events[Event.RECEIVED]):
        ended = in_words(limit.due_on)
        raise Refused(f"It was made in time: {rule.length} ended on {ended} ({authority}). There is nothing to refuse.")
    again = _anew(events, Event.LATE_ACCEPTED, Event.LATE_REFUSED, new, authority)
    _all_weighed((sooner, fairly), authority)
    _reasoned(why, authority)
    if not accept and sooner.holds and fairly.holds:
        raise Refused(f"Both tests hold, so nothing speaks for refusing it ({authority}). Nothing was changed.")
    if accept and not (sooner.holds and fairly.holds):
        raise Refused(f"It is considered where both tests hold, and one does not as you weighed it ({authority}).")
    weighed = [sooner, fairly, Weighed(NEW, new)] if again else [sooner, fairly]
    filing = decision(case, Matter.LATE, accept, weighed, why, acting)
    filing.add(acting.event(reference, Event.LATE_ACCEPTED if accept else Event.LATE_REFUSED, why))
    _done(filing, reference, acting, TaskKind.LATE_COMPLAINT)
    if accept:
        await _lift(uow, reference, (Event.LATE_REFUSED,))
        await tell_what_was_decided(uow, case, Event.LATE_ACCEPTED, why, acting, filing, **again)
    else:
        facts = {"sooner": sooner.what, "fairly": fairly.what, "reason": why, **again}
        await tell_the_person(uow, case, Notice.LATE_REFUSED, facts, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def decide_late_panel(
    uow: UnitOfWork,
    reference: str,
    acting: Acting,
    *,
    accept: bool,
    why_late: str,
    worth: str,
    why: str,
    new: str = "",
) -> Progress:
    """Whether a panel is held though it was asked for after its window (SI 2006/1738, reg. 18(2)).

    Refusing by the calendar alone was fault (Surrey, 20 003 273): why it came late and what a panel could still do are weighed,
    and the letter of a no says both. `new`: what is known now that was not when it was refused; then it is decided anew. The
    panel's days count from the request all the same (reg. 19(4)): what ran out meanwhile is late.
    """
    case, events = await _deciding(uow, reference, acting, "decide on a late request for a panel")
    window, asked = deadline_of(case, events, acting.office, S3_WINDOW), events.get(Event.S3_REQUESTED)
    authority = window.authority if window else law_of(Event.S3_REQUESTED, case, acting.office)
    if asked is None:
        raise Refused(f"No panel was asked for ({authority}). Nothing was changed.")
    if window is None or is_in_time(window.due_on, asked):
        raise Refused(f"The request came in time, on {in_words(asked)}: the panel is held ({authority}; V15).")
    if Event.PANEL in events:
        fixed = in_words(events[Event.PANEL])
        raise Refused(f"The panel is fixed for {fixed}: it was taken up ({authority}). Nothing was changed.")
    again = _anew(events, Event.S3_LATE_ACCEPTED, Event.S3_LATE_REFUSED, new, authority)
    weighed = [Weighed("why it came late", why_late), Weighed("what a panel could still do", worth)]
    if not accept:
        _all_weighed(weighed, authority)
    weighed += [Weighed(NEW, new)] if again else []
    _reasoned(why, authority)
    filing = decision(case, Matter.LATE_PANEL, accept, weighed, why, acting)
    filing.add(acting.event(reference, Event.S3_LATE_ACCEPTED if accept else Event.S3_LATE_REFUSED, why))
    _done(filing, reference, acting, TaskKind.LATE_PANEL)
    if accept:
        await _lift(uow, reference, (Event.S3_LATE_REFUSED,))
        await tell_what_was_decided(uow, case, Event.S3_LATE_ACCEPTED, why, acting, filing, **again)
    else:
        said = {"why_late": why_late, "worth": worth, **again}
        await tell_what_was_decided(uow, case, Event.S3_LATE_REFUSED, why, acting, filing, **said)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def refer_early(uow: UnitOfWork, reference: str, acting: Acting, *, confirmed: Mapping[str, str], why: str) -> Progress:
    """Go to the Ombudsman after stage 2 without a panel, where every criterion is confirmed in words (law.md §1.9).

    Outside of them it is fault (South Gloucestershire, 21 007 738). It is never the council that proposes it alone, and whoever
    asks for a panel after all has it: the request lifts it, and so does `heard case correct`.
    """
    case, events = await _deciding(uow, reference, acting, "refer a complaint early")
    authority = "Getting the Best from Complaints, early referral; SI 2006/1738, reg. 18"
    if case.procedure is not Procedure.STATUTORY or acting.office.nation != HOME:
        raise Refused(
            f"Only England's statutory procedure has a panel that could be passed over ({authority}). Nothing was changed."
        )
    if Event.S2_NOTICE_SENT not in events:
        raise Refused(f"Stage 2 has not been answered, and early referral comes after it ({authority}). Nothing was changed.")
    _already(events, (Event.EARLY_REFERRED, Event.PANEL), authority)
    unknown = confirmed.keys() - EARLY_REFERRAL.keys()
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))} is no criterion. They are: {', '.join(EARLY_REFERRAL)}.")
    missing = [words for name, words in EARLY_REFERRAL.items() if not _is_said(confirmed.get(name, ""))]
    if missing:
        raise Refused(
            f"Not confirmed: {'; '.join(missing)}. Without each of them they are entitled to a panel ({authority}). "
            "Nothing was changed."
        )
    found = [issue.finding(2) for issue in await issues_of(uow, reference, withdrawn_too=False)]
    if any(one is not None for one in found) and not any(one is not None and one.outcome in UPHELD for one in found):
        raise Refused(f"Stage 2 upheld none of it, so the criteria cannot all hold ({authority}). Nothing was changed.")
    _reasoned(why, authority)
    weighed = [Weighed(EARLY_REFERRAL[name], confirmed[name], holds=True) for name in EARLY_REFERRAL]
    filing = decision(case, Matter.EARLY_REFERRAL, True, weighed, why, acting)
    filing.add(acting.event(reference, Event.EARLY_REFERRED, why))
    await tell_what_was_decided(uow, case, Event.EARLY_REFERRED, why, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def decide_freeze(
    uow: UnitOfWork, reference: str, acting: Acting, *, freeze: bool, why: str, told_by: str, against: str = ""
) -> Progress:
    """Whether a change that is complained about waits until the complaint is considered.

    Getting the Best from Complaints, 6.5.2: case by case, and it waits unless there is a good reason against. `against` is
    that reason; `told_by` says who told the child, and how.
    """
    case, events = await _deciding(uow, reference, acting, "decide whether a change waits")
    refuse_if_over(case, events, acting)
    authority = law_for("Getting the Best from Complaints, 6.5.2", acting.office, case.procedure, case.received_on)
    _reasoned(why, authority)
    if not _is_said(told_by, 1):
        raise Refused(f"Say who told the child, with --told-by ({authority}). Nothing was changed.")
    if not freeze and not _is_said(against):
        raise Refused(f"It waits unless there is a good reason against: give that with --against ({authority}).")
    if Event.FREEZE_ASKED not in events:
        await record(uow, reference, Event.FREEZE_ASKED, acting)
    weighed = [Weighed("good reason against", against), Weighed("who told the child", told_by)]
    filing = decision(case, Matter.FREEZE, freeze, [one for one in weighed if one.what.strip()], why, acting)
    filing.add(acting.event(reference, Event.FREEZE_DECIDED, f"{'it waits' if freeze else 'it goes on'}: {why}"))
    _done(filing, reference, acting, TaskKind.FREEZE)
    said = "waits" if freeze else "goes_on"
    await tell_what_was_decided(uow, case, Event.FREEZE_DECIDED, why, acting, filing, decision=said)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def decisions_of(uow: UnitOfWork, reference: str) -> list[DecisionRow]:
    """Every discretion that was used on a case, the oldest first."""
    rows = select(DecisionRow).where(DecisionRow.case_reference == reference).order_by(col(DecisionRow.id))
    return list((await uow.exec(rows)).all())


async def _deciding(uow: UnitOfWork, reference: str, acting: Acting, what: str) -> tuple[CaseRow, Mapping[Event, Any]]:
    """The open complaint and its events, for an officer."""
    only_officers(acting, what)
    case = await the_open_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: nobody needs to {what} (the council's own rule). Nothing was changed."
        )
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    refuse_if_over(case, events, acting, refused_too=False)
    return case, events


def decision(case: CaseRow, matter: Matter, is_yes: bool, weighed: Iterable[Weighed], why: str, acting: Acting) -> Filing:
    filing = Filing()
    filing.add(
        DecisionRow(
            case_reference=case.reference,
            matter=matter,
            is_yes=is_yes,
            weighed=[one.row for one in weighed],
            why=why.strip(),
            decided_on=acting.today,
            decided_by=acting.person.address,
            recorded_at=acting.now,
        )
    )
    return filing


def _done(filing: Filing, reference: str, acting: Acting, *kinds: TaskKind) -> None:
    for kind in kinds:
        waiting = {"case_reference": reference, "kind": kind, "done_at": None}
        filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)


def _is_said(words: str, fewest: int = FEWEST_WORDS) -> bool:
    return len(_WORD.findall(words)) >= fewest


def _reasoned(why: str, authority: str) -> None:
    if not _is_said(why):
        raise Refused(f"A decision needs its reason, in a sentence: it is what the Ombudsman asks for first ({authority}).")


def _all_weighed(weighed: Iterable[Weighed], authority: str) -> None:
    missing = [one.test for one in weighed if not _is_said(one.what)]
    if missing:
        raise Refused(
            f"Not weighed, or in too few words: {', '.join(missing)}. Nothing is refused without it ({authority}). "
            "Nothing was changed."
        )


def _anew(events: Mapping[Event, Any], yes: Event, no: Event, new: str, authority: str) -> dict[str, str]:
    """What the letter says where a refusal is decided anew; empty where nothing was decided yet.

    The letter of a refusal promises that we look again if there is something that we did not know. A yes is never taken back
    by a second look: they were told that they are heard. A refusal that is confirmed keeps its first day in every count.
    """
    _already(events, (yes,), authority)
    if no not in events:
        if new.strip():
            raise Refused(f"Nothing was refused before, so nothing is decided anew ({authority}): leave --new out.")
        return {}
    if not _is_said(new):
        raise Refused(
            f"{words_of(no)} stands on {in_words(events[no])} ({authority}). The letter said that we look again: say in a "
            "sentence, with --new, what is known now that was not known then. Nothing was changed."
        )
    return {"again": "yes"}


async def _lift(uow: UnitOfWork, reference: str, events: Iterable[Event]) -> None:
    """What was decided before no longer stands; it stays on record, marked."""
    lifted = Filing()
    for event in events:
        lifted.change(EventRow, {"case_reference": reference, "name": event, "is_superseded": False}, is_superseded=True)
    await write(uow, [lifted])


def _already(events: Mapping[Event, Any], which: Iterable[Event], authority: str) -> None:
    done = next((event for event in which if event in events), None)
    if done is not None:
        raise Refused(f"{words_of(done)} stands on {in_words(events[done])} ({authority}). Nothing was changed.")
