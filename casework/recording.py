"""What a person records on a case: a step of its procedure with its day and its reason, and the correction of one.

Nobody types a due date: a step that is recorded, corrected or taken back counts every date of the case again (law.md 1.15).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from sqlmodel import col, select

from casework.acting import Acting, Refused, happened, only_officers, the_case, the_open_case
from casework.actions import recounted
from casework.answers.joint import end_parts
from casework.clockwork import LATE_LIMIT, S3_WINDOW, deadline_of, deadlines_of, decided_by, events_of, law_of, rules_of
from casework.decisions.blocking import blocked
from casework.decisions.by_an_officer import how_it_is_decided
from casework.issues.numbered import ANSWERS, given_with_the_answer, why_not_recorded
from casework.letters.of_steps import LetterLacks, Saying, queue_for
from casework.office import Office
from casework.opening import FREEZE, task
from casework.people.advocate_alarm import watch
from casework.people.panel import why_no_panel
from casework.progress import Progress
from procedures.clocks import (
    ClockRule,
    Deadline,
    ExtensionRefused,
    check_agreed_end,
    check_delay_notice,
    check_extension,
    check_told_in_time,
    in_words,
    is_in_time,
)
from procedures.steps import Recording, Step, answer_lacks, belongs, date_of, here, known_to, needed_by, refusal, steps, words_of
from procedures.terms import Event, Kind, Procedure, Timeliness
from procedures.working_days import moment_at_the_desk
from storage import cases
from storage.filing import Filing, write
from storage.issues import parts_of
from storage.tables import CaseRow, EventRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

DATED_ONCE = (Event.RECEIVED, Event.ACKNOWLEDGED, Event.REG11_INFO_SENT)
"""What has certainly happened: its day can be corrected, and it cannot be taken back."""
_CORRECTED = (*DATED_ONCE, Event.WITHDRAWAL_ASKED, Event.EARLY_REFERRED)
"""What is corrected though nobody records it by hand: they may change their mind about the last two."""
_AFTER_RECEIPT = {
    Event.ACKNOWLEDGED,
    *(event for event, step in steps().items() if not (step.may_precede_receipt or step.precedes_receipt)),
}


@dataclass(frozen=True)
class Possible:
    """A step of the case's procedure, and why it cannot be recorded now; empty if it can."""

    step: Step
    why_not: str


class Told(TypedDict, total=False):
    """What `record` may be told of a step beside its name, for whoever hands it on."""

    on: date | None
    why: str
    until: date | None
    say: Mapping[str, str] | None


async def record(
    uow: UnitOfWork,
    reference: str,
    event: Event,
    acting: Acting,
    *,
    on: date | None = None,
    why: str = "",
    until: date | None = None,
    say: Mapping[str, str] | None = None,
) -> Progress:
    """Record that something happened, on `on` or today, and queue the letter that it sends (procedures/letters.toml).

    `until` is the date that a stage 2 delay notice promises; `say` holds words of the letter, by their names.

    Raises Refused, with the rule, where its turn has not come, its day cannot be or its reason is missing.
    """
    only_officers(acting, "record what happened")
    case = await _case_for(uow, reference, event)
    step = _step(event)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    under = seen_by(step, case, (await parts_of(uow, [reference])).get(reference, ()), acting.office)
    wanted = _wanted(under, events, step, acting, on, why)
    refused = blocked(case, events, acting.office, acting.today, event) or _why_not(step, under, wanted, acting.office)
    refused = refused or await why_no_panel(uow, under, event, wanted.on, events.get(Event.PANEL), acting.office, acting.today)
    if refused:
        raise Refused(f"{refused} Nothing was changed.")
    if unsaid := await why_not_recorded(
        uow, reference, event, law_of(event, case, acting.office), (say or {}).get("outcome", "").strip()
    ):
        raise Refused(f"{unsaid} Nothing was changed.")
    filing = Filing()
    note = _longer(step, under, wanted, acting.office, until)
    filing.add(acting.event(reference, event, "; ".join(part for part in (why.strip(), note) if part), wanted.on))
    if event in ANSWERS:
        given_with_the_answer(filing, reference, ANSWERS[event], wanted.on, acting.person.address)
    _reopen(case, filing, acting)
    if event is Event.S3_REQUESTED:  # who asks for a panel no longer agrees to go without one (law.md 1.9)
        filing.change(EventRow, {"case_reference": reference, "name": Event.EARLY_REFERRED}, is_superseded=True)
    end_parts(filing, reference, event, acting)
    if event is Event.ADVOCATE_REQUESTED:
        watch(filing, reference, wanted.on, acting.office, acting.now)
    for kind in step.closes:
        waiting = {"case_reference": reference, "kind": TaskKind(kind), "done_at": None}
        filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    ask_what_must_be_weighed(under, wanted, event, acting, filing)
    try:
        await queue_for(uow, under, event, Saying(wanted.on, why, until, say or {}), acting, filing)
    except LetterLacks as lacks:
        raise Refused(f"{lacks} Nothing was changed.") from None
    await write(uow, [filing])
    return await recounted(uow, reference, acting, words_of(event))


async def correct(uow: UnitOfWork, reference: str, event: Event, acting: Acting, *, on: date | None, why: str) -> Progress:
    """Give an event its true day, or take it back (`on` None). What was written stays on record, marked as superseded."""
    only_officers(acting, "correct what is on record")
    case = await the_open_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if event not in events or (event not in steps() and event not in _CORRECTED):
        known = ", ".join(one.value for one in events if one in steps() or one in _CORRECTED)
        raise Refused(
            f"{event.value} is not on {reference}, or moves no date. What can be corrected: {known}. Nothing was changed."
        )
    if not why.strip():
        raise Refused("A correction needs its reason. Add --why. Nothing was changed.")
    _may_be_corrected(case, event, events, on, acting)
    filing = Filing()
    rows = await uow.exec(
        select(EventRow).where(
            EventRow.case_reference == reference, EventRow.name == event, col(EventRow.is_superseded).is_(False)
        )
    )
    for row in rows:
        filing.change(EventRow, {"id": row.id}, is_superseded=True)
    was = events[event]
    if on is not None:
        filing.add(acting.event(reference, event, f"corrected from {was}: {why}", on))
    else:
        filing.add(acting.event(reference, Event.NOTED, f"{event.value} of {was} taken back: {why}"))
    if event is Event.RECEIVED and on is not None:
        filing.change(CaseRow, {"reference": reference}, received_on=on)
    await write(uow, [filing])
    how = f"corrected from {was} to {on}" if on else f"of {was} taken back"
    return await recounted(uow, reference, acting, f"{words_of(event)} {how}: {why}")


def possible_steps(
    of: CaseRow, events: dict[Event, date], office: Office, today: date, parts: Collection[Procedure] = ()
) -> list[Possible]:
    """Every step that the case's procedure knows and that has not happened, in the order of a case's life.

    Of a case as it stands: with a good reason, may it be recorded today? `parts` as in `where_it_stands`.
    """
    found = []
    for step in steps().values():
        case = seen_by(step, of, parts, office)
        rules = rules_of(case, office)
        if case.kind is Kind.COMPLAINT and step.event not in events and belongs(step, case.procedure, rules):
            due = _stage_1_answer(case, events, office)
            on = date_of(step, case.received_on if step.precedes_receipt else None, events, today)
            wanted = Recording(case.procedure, events, on, today, "-", due.due_on if due else None, known_to(rules), rules)
            stopped = _is_closed(step, case, rules) or blocked(case, events, office, today, step.event)
            stopped = stopped or _by_law(step, case, wanted, office)
            found.append(Possible(step, stopped or _not_longer(step, case, wanted, office)))
    return found


def _is_closed(step: Step, case: CaseRow, rules: tuple[ClockRule, ...]) -> str:
    """Why nothing is recorded on a closed case: only what takes it up again is."""
    if case.closed_on is None or step.reopens:
        return ""
    law = here(step, case.procedure, rules).authority
    return f"It was closed on {in_words(case.closed_on)}: an officer opens it again first, with `heard decide reopen` ({law})."


def _not_longer(step: Step, case: CaseRow, wanted: Recording, office: Office) -> str:
    """Why the law gives no longer time now. Of a notice that names a date: whether any day is left that it could name."""
    for rule in rules_of(case, office):
        if rule.extension and rule.extension_is_a_notice and rule.extension.decided_by is step.event:
            running = deadline_of(case, wanted.events, office, rule.name)
            last = running.longest_on if running else None
            if last is not None and wanted.today >= last:
                return (
                    f"The last day that it could promise was {in_words(last)} ({rule.extension.authority}): the answer is owed."
                )
            return ""
    try:
        _longer(step, case, wanted, office, None)
    except Refused as why_not:
        return str(why_not).removesuffix(" Nothing was changed.")
    return ""


async def _case_for(uow: UnitOfWork, reference: str, event: Event) -> CaseRow:
    """The case; a closed one only for what takes it up again: the next stage has no time limit (reg. 15(2))."""
    if event in steps() and steps()[event].reopens:
        return await the_case(uow, reference)
    return await the_open_case(uow, reference)


def seen_by(step: Step, case: CaseRow, parts: Collection[Procedure], office: Office) -> CaseRow:
    """The case as the step sees it: by the procedure of an issue that goes another way, where only that one knows the step."""
    if belongs(step, case.procedure, rules_of(case, office)):
        return case
    given = {name: getattr(case, name) for name in CaseRow.model_fields}
    others = (CaseRow(**{**given, "procedure": part}) for part in sorted(parts))  # never written: the case keeps its route
    return next((one for one in others if belongs(step, one.procedure, rules_of(one, office))), case)


def _step(event: Event) -> Step:
    step = steps().get(event)
    if step is None:
        raise Refused(
            f"{event.value} is not recorded by hand: it follows from an action of its own, like `heard case acknowledge`. "
            "Nothing was changed."
        )
    return step


def _wanted(case: CaseRow, events: dict[Event, date], step: Step, acting: Acting, on: date | None, why: str) -> Recording:
    due = _stage_1_answer(case, events, acting.office)
    day, rules = date_of(step, on, events, acting.today), rules_of(case, acting.office)
    return Recording(case.procedure, events, day, acting.today, why, due.due_on if due else None, known_to(rules), rules)


def _why_not(step: Step, case: CaseRow, wanted: Recording, office: Office) -> str:
    if case.kind is not Kind.COMPLAINT:
        return f"{case.reference} is a {case.kind.value}, and only a complaint has a procedure."
    if not belongs(step, case.procedure, rules_of(case, office)):
        return (
            f"The {case.procedure.value} procedure has no clock that {words_of(step.event)} starts, moves or stops "
            f"({law_of(step.event, case, office)})."
        )
    holiday = office.calendar.holidays.get(wanted.on) if step.may_lie_ahead and wanted.on > wanted.today else None
    if holiday is not None:
        return f"{in_words(wanted.on)} is a bank holiday ({holiday}): nobody plans a day on it. Look at the date again."
    return _by_law(step, case, wanted, office)


def _by_law(step: Step, case: CaseRow, wanted: Recording, office: Office) -> str:
    """Why the law does not let it be recorded: its turn, its day, its reason, or who must take part in the answer."""
    rules = rules_of(case, office)
    lacks = answer_lacks(rules, ANSWERS[step.event], wanted.events, wanted.on) if step.event in ANSWERS else ""
    return refusal(step, wanted) or lacks


def _longer(step: Step, case: CaseRow, wanted: Recording, office: Office, until: date | None) -> str:
    """What the law says to longer time: the note for the record. Raises Refused where it is not allowed."""
    rules = rules_of(case, office)
    ended = next((one for one in rules if step.event in one.ends_on), None)
    if ended is not None:
        _agreed(ended, deadline_of(case, wanted.events, office, ended.name), wanted)
    rule = next((one for one in rules if one.extension and one.extension.decided_by is step.event), None)
    if rule is None:
        if until is not None:
            raise Refused(f"{words_of(step.event)} promises no date: leave --until out. Nothing was changed.")
        return ""
    running = deadline_of(case, wanted.events, office, rule.name)
    if running is None:
        raise Refused(f"The clock that it would move, {rule.name}, does not run ({rule.authority}). Nothing was changed.")
    try:
        return _delayed(running, wanted, until) if rule.extension_is_a_notice else _extended(rule, running, wanted, until)
    except ExtensionRefused as why_not:
        raise Refused(f"{why_not} Nothing was changed.") from None


def _agreed(rule: ClockRule, running: Deadline | None, wanted: Recording) -> None:
    """A day that takes the place of a number needs a clock that runs, and one that both agree on comes before it has ended."""
    if running is None and rule.has_length:
        raise Refused(f"The clock that it would end, {rule.name}, does not run ({rule.authority}). Nothing was changed.")
    if running is not None:
        try:
            check_agreed_end(running, wanted.today)
        except ExtensionRefused as why_not:
            raise Refused(f"{why_not} Nothing was changed.") from None


def _extended(rule: ClockRule, running: Deadline, wanted: Recording, until: date | None) -> str:
    if until is not None:
        raise Refused("The last day follows from the rule: leave --until out. Nothing was changed.")
    ground = rule.extension.only_if if rule.extension and rule.extension.only_if else wanted.why
    last = check_extension(rule, running, ground, wanted.on)
    check_told_in_time(running, wanted.today)
    return f"until {last}"


def _delayed(running: Deadline, wanted: Recording, until: date | None) -> str:
    law = running.rule.extension.authority if running.rule.extension else running.authority
    if until is None:
        raise Refused(f"A delay notice names a date: add --until ({law}). Nothing was changed.")
    how = check_delay_notice(running, wanted.on, until, wanted.why)
    if not running.calendar.is_working_day(until):
        raise Refused(
            f"{in_words(until)} is no working day: promise a day on which somebody can answer ({law}). Nothing was changed."
        )
    late = "" if how is Timeliness.IN_TIME else f"; sent after {in_words(running.first_due_on)}, a breach of {law}"
    return f"promised {until}{late}"


def _reopen(case: CaseRow, filing: Filing, acting: Acting) -> None:
    """A closed case goes on with its next stage. That it was closed stays on record."""
    if case.closed_on is None:
        return
    filing.change(CaseRow, {"reference": case.reference}, closed_on=None)
    filing.change(EventRow, {"case_reference": case.reference, "name": Event.CLOSED}, is_superseded=True)
    filing.add(acting.event(case.reference, Event.NOTED, f"goes on; it was closed on {case.closed_on}"))


def ask_what_must_be_weighed(case: CaseRow, wanted: Recording, event: Event, acting: Acting, filing: Filing) -> None:
    """The tasks of a person's judgement that an event begins; nothing is refused by itself, by a window or by a word."""
    for kind, detail in _to_weigh(case, wanted, event, acting.office):
        by = decided_by(case, acting.office, kind.value, acting.today)
        due = moment_at_the_desk(by, acting.office.council.closes_at)
        filing.add(task(f"{kind.value}:{case.reference}", kind, case.reference, due, acting.now, detail))


def _to_weigh(case: CaseRow, wanted: Recording, event: Event, office: Office) -> Iterator[tuple[TaskKind, str]]:
    """Kind, and what to do."""
    law = here(steps()[event], case.procedure, wanted.rules).authority if event in steps() else ""
    if event is Event.INTEREST_QUESTIONED:
        yield TaskKind.INTEREST, f"ask the child where that is right, weigh it, decide: {_how(TaskKind.INTEREST, case)} ({law})"
    if event is Event.FREEZE_ASKED:
        yield TaskKind.FREEZE, f"with the responsible manager: {FREEZE}: {_how(TaskKind.FREEZE, case)}"
    if event in (Event.GROUNDS_AROSE, Event.COMPLAINANT_KNEW):
        limit = deadline_of(case, {**wanted.events, event: wanted.on}, office, LATE_LIMIT)
        if limit is not None and limit.base_event is event and not is_in_time(limit.due_on, case.received_on):
            yield TaskKind.LATE_COMPLAINT, _too_late(limit, case)
    if event is Event.S3_REQUESTED:
        window = deadline_of(case, wanted.events, office, S3_WINDOW)
        if window is not None and not is_in_time(window.due_on, wanted.on):
            yield (
                TaskKind.LATE_PANEL,
                f"asked for a panel after {window.due_on}: weigh it, {_how(TaskKind.LATE_PANEL, case)} ({window.authority})",
            )
        if not wanted.why.strip():
            yield TaskKind.PANEL_REASONS, f"they have not said why; help them to, it is no ground to refuse ({law})"


def _too_late(limit: Deadline, case: CaseRow) -> str:
    return (
        f"made more than {limit.rule.length} after, its last day was {limit.due_on}: weigh both tests, "
        f"{_how(TaskKind.LATE_COMPLAINT, case)} ({limit.authority})"
    )


def _how(kind: TaskKind, case: CaseRow) -> str:
    return how_it_is_decided(kind, case.reference)


def _answers_lack(case: CaseRow, events: Mapping[Event, date], office: Office) -> str:
    """What an answer that is on record would lack with these events (`answer_lacks`); empty if nothing."""
    rules = rules_of(case, office)
    found = (answer_lacks(rules, stage, events, events[answer]) for answer, stage in ANSWERS.items() if answer in events)
    return next((lacks for lacks in found if lacks), "")


def _may_be_corrected(case: CaseRow, event: Event, events: dict[Event, date], on: date | None, acting: Acting) -> None:
    others = {one: day for one, day in events.items() if one is not event}
    lacks = _answers_lack(case, {**others, event: on} if on else others, acting.office)
    if lacks and not _answers_lack(case, events, acting.office):
        raise Refused(f"{lacks} Nothing was changed.")
    if on is None:
        if event in DATED_ONCE:
            raise Refused(f"{words_of(event)} cannot be taken back; give its true day with --on. Nothing was changed.")
        rests = needed_by(event, events, case.procedure)
        if rests is not None:
            raise Refused(f"{words_of(rests)} rests on it: take that back first. Nothing was changed.")
        return
    step = steps().get(event, Step(event, "", ""))
    rules = rules_of(case, acting.office)
    wanted = Recording(case.procedure, others, on, acting.today, "-", date.min, known_to(rules), rules)
    if event is Event.RECEIVED:
        happened(on, acting)
    earlier = [one for one, day in others.items() if one in _AFTER_RECEIPT and day < on]
    if event is Event.RECEIVED and earlier:
        raise Refused(f"{in_words(on)} is after {words_of(earlier[0])}, on {in_words(others[earlier[0]])}. Nothing was changed.")
    refused = "" if event in (Event.RECEIVED, Event.WITHDRAWAL_ASKED) else refusal(step, wanted)
    if refused:
        raise Refused(f"{refused} Nothing was changed.")


def _stage_1_answer(case: CaseRow, events: Mapping[Event, date], office: Office) -> Deadline | None:
    """The clock of the procedure that the answer of stage 1 stops, whatever the procedure calls it."""
    found = deadlines_of(case.kind, case.procedure, case.form, events, office)
    return next((one for one in found if one.rule.answers and one.stage == 1), None)
