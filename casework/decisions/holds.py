"""What waits for other proceedings, issue by issue, and how it comes back (SI 2006/1738, reg. 8).

A court is no blanket excuse: each issue needs one of the four grounds and how considering it now would prejudice those
proceedings. What is not held goes on. When they end, the person has a year to ask again, or what the law of their nation gives,
and hears so more than once. Where its law knows no hold, nothing waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework.acting import Acting, Refused, only_officers, the_case, the_open_case
from casework.actions import recounted
from casework.clockwork import begun_on, deadline_rows, events_of, rule_of
from casework.decisions.by_an_officer import how_it_is_decided
from casework.decisions.discretions import FEWEST_WORDS, decision
from casework.decisions.over import refuse_if_over
from casework.issues.numbered import issues_of
from casework.letters.letters_out import tell_the_person
from casework.office import Office
from casework.opening import task
from casework.progress import Progress
from casework.reference import new_reference
from procedures.clocks import ClockRule, in_words, is_in_time
from procedures.steps import here, steps
from procedures.targets import within
from procedures.terms import Event, Ground, Kind, Matter, Notice, Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, HeldIssueRow, OutboxRow, PartyRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

RESUBMIT = "resubmit_after_hold"
WHOLE = 0
"""Stands for the whole complaint, where nobody has listed its issues."""
REMIND_BEFORE = (180, 90, 30, 7)
"""Days before the last day to ask again on which the person is reminded of it."""
_STEPS = (Event.PREJUDICE_DECIDED, Event.HOLD_LETTER, Event.CONCURRENT_ENDED, Event.RESUBMITTED)


@dataclass(frozen=True)
class Hold:
    """Why an issue must wait, as an officer decided it."""

    ground: Ground
    proceedings: str
    """Which: reg. 8(3) wants them named to the person."""
    prejudice: str
    """How considering it now would prejudice them (reg. 8(1))."""
    in_writing: str = ""
    """For court or tribunal: where the complainant said in writing that they go there (reg. 8(1)(a))."""


async def hold(uow: UnitOfWork, reference: str, numbers: Sequence[int], why: Hold, acting: Acting) -> Progress:
    """Let issues wait, with the letter that reg. 8(3) demands, at once. The clocks of what goes on are not touched."""
    only_officers(acting, "let a part wait")
    case = await _that_may_wait(uow, reference, acting)
    rules = _rules_for(case, acting.office, begins=True)
    _grounded(why, rules)
    listed = [one.number for one in await issues_of(uow, reference, withdrawn_too=False)]
    held = {row.number for row in await held_of(uow, reference) if row.resubmitted_on is None}
    which = _which(listed, numbers, held, rules.decides)
    filing = decision(case, Matter.PREJUDICE, True, [], f"{why.ground.value}: {why.prejudice}", acting)
    filing.add(*(_row(reference, number, why, acting) for number in which))
    named = "the whole complaint" if which == [WHOLE] else f"issue {', '.join(map(str, which))}"
    filing.add(acting.event(reference, Event.PREJUDICE_DECIDED, f"{named} waits ({why.ground.value})"))
    filing.add(acting.event(reference, Event.HOLD_LETTER, named))
    left = [number for number in listed if number not in held | set(which)]
    if not left:
        filing.add(acting.event(reference, Event.WHOLLY_HELD, "nothing is left to consider now"))
    said = f"{named.capitalize()}. {why.proceedings.strip()}. {why.prejudice.strip()}"
    facts = {"reason": said, "goes_on": _goes_on(left)}
    await tell_the_person(uow, case, Notice.HOLD, facts, acting, filing)
    _review(case, acting, filing)
    await write(uow, [filing])
    return await recounted(uow, reference, acting)


async def no_hold(uow: UnitOfWork, reference: str, why: str, acting: Acting) -> None:
    """Decide that other proceedings are no reason to wait; it goes on, and that it was weighed is on record."""
    only_officers(acting, "decide on prejudice")
    case = await _that_may_wait(uow, reference, acting)
    rules = _rules_for(case, acting.office, begins=True)
    if len(why.split()) < FEWEST_WORDS:
        raise Refused(f"Say what was weighed, in a sentence ({rules.decides}). Nothing was changed.")
    filing = decision(case, Matter.PREJUDICE, False, [], why, acting)
    filing.add(acting.event(reference, Event.NOTED, f"other proceedings are no reason to wait: {why}"))
    await write(uow, [filing])


async def proceedings_ended(uow: UnitOfWork, reference: str, numbers: Sequence[int], on: date, acting: Acting) -> date:
    """The proceedings ended on `on`: the person hears at once that they may ask again, and until when; return that last day."""
    only_officers(acting, "record that proceedings ended")
    case = await the_case(uow, reference)
    rules = _rules_for(case, acting.office)
    waiting = [row for row in await held_of(uow, reference) if row.ended_on is None and (not numbers or row.number in numbers)]
    if not waiting:
        raise Refused(f"None of it waits for proceedings that go on ({rules.ended}). Nothing was changed.")
    if on > acting.today:
        raise Refused(f"{in_words(on)} has not come yet ({rules.ended}). Nothing was changed.")
    if early := [row for row in waiting if on < row.decided_on]:
        begun = in_words(early[0].decided_on)
        raise Refused(f"{in_words(on)} is before the hold, on {begun} ({rules.ended}). Nothing was changed.")
    until = begun_on(rules.again, on, acting.office)
    filing = Filing()
    for row in waiting:
        filing.change(HeldIssueRow, {"id": row.id}, ended_on=on)
    filing.add(acting.event(reference, Event.CONCURRENT_ENDED, _names(waiting), on))
    waits = {"case_reference": reference, "kind": TaskKind.HOLD_REVIEW, "done_at": None}
    filing.change(TaskRow, waits, done_at=acting.now, done_by=acting.person.address)
    facts = {"ended_on": on.isoformat(), "resubmit_by": until.isoformat()}
    await tell_the_person(uow, case, Notice.RESUBMIT, facts, acting, filing)
    await write(uow, [filing])
    if case.closed_on is None:
        await recounted(uow, reference, acting)
    return until


async def resubmit(uow: UnitOfWork, reference: str, numbers: Sequence[int], acting: Acting, *, on: date | None = None) -> str:
    """They asked, in any words, for what waited: it goes through the stages as a case of its own, whose reference is returned.

    Within a year of the end it must be (SI 2006/1738, reg. 8(4), (5); elsewhere what that law gives), and reg. 9's year is not
    asked about. Later it is for an officer to weigh as a late complaint: it is taken in all the same.
    """
    only_officers(acting, "take up what waited")
    case, day = await the_case(uow, reference), on or acting.today
    rules = _rules_for(case, acting.office)
    ended = [
        row
        for row in await held_of(uow, reference)
        if row.ended_on is not None and row.resubmitted_on is None and (not numbers or row.number in numbers)
    ]
    if not ended:
        raise Refused(f"Nothing waits that could be taken up: record first that the proceedings ended ({rules.taken_up}).")
    if day > acting.today or day < max(row.ended_on for row in ended if row.ended_on):
        raise Refused(f"It cannot have been asked for on {in_words(day)} ({rules.taken_up}). Nothing was changed.")
    new, filing = _continued(case, day, rules, acting)
    for row in ended:
        filing.change(HeldIssueRow, {"id": row.id}, resubmitted_on=day, continued_in=new.reference)
    filing.add(acting.event(reference, Event.RESUBMITTED, f"{_names(ended)}; goes on as {new.reference}", day))
    filing.add(*[_same_party(party, new) for party in (await cases.parties_of(uow, [reference]))[reference]])
    lasts = [begun_on(rules.again, row.ended_on, acting.office) for row in ended if row.ended_on]
    if late := [last for last in lasts if not is_in_time(last, day)]:
        due = _in_days(acting, TaskKind.LATE_COMPLAINT)
        detail = f"asked again after {late[0]}: weigh it, and write why ({rules.again.authority})"
        filing.add(task(f"late:{new.reference}", TaskKind.LATE_COMPLAINT, new.reference, due, acting.now, detail))
    await write(uow, [filing])
    if case.closed_on is None:
        await recounted(uow, reference, acting)
    await recounted(uow, new.reference, acting)
    return new.reference


def resubmit_by(case: CaseRow, ended_on: date, office: Office) -> date | None:
    """The last day to ask again, whatever day that is (law.md 9.8): a year (reg. 8(5)), or what the law of the nation gives."""
    _, rule = _under(case, office)
    return begun_on(rule, ended_on, office) if rule else None


async def held_of(uow: UnitOfWork, reference: str) -> list[HeldIssueRow]:
    """What waits or waited on a case, in the order in which it was decided."""
    rows = select(HeldIssueRow).where(HeldIssueRow.case_reference == reference).order_by(col(HeldIssueRow.id))
    return list((await uow.exec(rows)).all())


async def remind_of_what_waited(uow: UnitOfWork, acting: Acting, filing: Filing) -> int:
    """Letters to those who may ask again and have not, as the last day comes nearer. Each rung once."""
    rows = await uow.exec(
        select(HeldIssueRow).where(col(HeldIssueRow.ended_on).is_not(None), col(HeldIssueRow.resubmitted_on).is_(None))
    )
    told = 0
    for row in rows:
        assert row.ended_on is not None
        case = await the_case(uow, row.case_reference)
        _, rule = _under(case, acting.office)
        if rule is None:
            continue  # the law of this nation sets no last day
        until = begun_on(rule, row.ended_on, acting.office)
        rung = next((days for days in reversed(REMIND_BEFORE) if acting.today >= until - timedelta(days=days)), None)
        if rung is None or acting.today > until:
            continue
        key = f"resubmit:{row.case_reference}:{row.ended_on}:{rung}"
        if (await uow.exec(select(OutboxRow.id).where(col(OutboxRow.key).startswith(key)))).first() is not None:
            continue
        facts = {"ended_on": row.ended_on.isoformat(), "resubmit_by": until.isoformat()}
        told += 1
        await tell_the_person(uow, case, Notice.RESUBMIT, facts, acting, filing, key=key)
    return told


async def _that_may_wait(uow: UnitOfWork, reference: str, acting: Acting) -> CaseRow:
    """The open case; what is over is not considered, and nothing of it can wait."""
    case = await the_open_case(uow, reference)
    refuse_if_over(case, events_of((await cases.events_of(uow, [reference]))[reference]), acting)
    return case


@dataclass(frozen=True)
class _Rules:
    """The law of a hold in this nation: by what it is decided, told, ended and taken up again, and the clock of that."""

    decides: str
    tells: str
    ended: str
    taken_up: str
    again: ClockRule


def _under(case: CaseRow, office: Office) -> tuple[Procedure, ClockRule | None]:
    """The procedure by which a part of a case waits, and its clock: what was held goes by it, whatever the route is now."""
    mine = rule_of(case, office, RESUBMIT)
    if mine is not None and case.procedure is not Procedure.UNDECIDED:
        return case.procedure, mine
    rules = office.rulebook.rules(Procedure.STATUTORY, case.received_on, office.calendar.nation)
    return Procedure.STATUTORY, next((rule for rule in rules if rule.name == RESUBMIT), None)


def _rules_for(case: CaseRow, office: Office, *, begins: bool = False) -> _Rules:
    """The rules of a hold. Raises Refused where the law lets nothing wait; where one begins, for what is no complaint too."""
    procedure, again = _under(case, office)
    rules = office.rulebook.rules(procedure, case.received_on, office.calendar.nation)
    hold_law, letter_law, end_law, again_law = (here(steps()[one], procedure, rules).authority for one in _STEPS)
    if again is None or (begins and (case.kind is not Kind.COMPLAINT or case.procedure is not procedure)):
        raise Refused(
            f"Only what runs under a procedure whose law knows a hold waits for other proceedings ({hold_law}); {case.reference} "
            f"is {case.kind.value}, {case.procedure.value}. Decide the route first. Nothing was changed."
        )
    return _Rules(hold_law, letter_law, end_law, again_law, again)


def _grounded(why: Hold, rules: _Rules) -> None:
    if len(why.proceedings.split()) < 2:
        raise Refused(f"Name the proceedings: the letter must ({rules.tells}). Nothing was changed.")
    if len(why.prejudice.split()) < FEWEST_WORDS:
        raise Refused(
            f"Say how considering it now would prejudice them ({rules.decides}): that they run is not enough. "
            "Nothing was changed."
        )
    if why.ground is Ground.COURT_OR_TRIBUNAL and not why.in_writing.strip():
        raise Refused(
            f"For a court or tribunal the complainant must have said in writing that they go there ({rules.decides}): say "
            "where and when. Nothing was changed."
        )


def _which(listed: Sequence[int], numbers: Sequence[int], held: set[int], law: str) -> list[int]:
    """The issues that are to wait: named one by one where there is a list."""
    if not listed and not numbers:
        numbers = [WHOLE]
    elif listed and not numbers:
        raise Refused(f"Say which of its {len(listed)} issues wait: it is decided for each ({law}, to the extent).")
    unknown = [number for number in numbers if number not in (listed or [WHOLE])]
    if unknown:
        raise Refused(f"There is no issue {unknown[0]} that could wait ({law}). Nothing was changed.")
    if again := [number for number in numbers if number in held]:
        raise Refused(f"Issue {again[0]} waits already ({law}). Nothing was changed.")
    return sorted(set(numbers))


def _row(reference: str, number: int, why: Hold, acting: Acting) -> HeldIssueRow:
    written = f" They said so in writing: {why.in_writing.strip()}" if why.in_writing.strip() else ""
    return HeldIssueRow(
        case_reference=reference,
        number=number,
        ground=why.ground,
        proceedings=why.proceedings.strip() + written,
        prejudice=why.prejudice.strip(),
        decided_on=acting.today,
        decided_by=acting.person.address,
        recorded_at=acting.now,
    )


def _goes_on(left: Sequence[int]) -> str:
    if not left:
        return "Nothing else: we look at all of it when the wait is over."
    return f"We go on with point {', '.join(map(str, left))} of what you told us. The dates for that stay."


def _review(case: CaseRow, acting: Acting, filing: Filing) -> None:
    """Somebody asks again and again whether the proceedings still run: a hold that nobody looks at is for ever."""
    key = f"hold_review:{case.reference}:{acting.today}"
    how = how_it_is_decided(TaskKind.HOLD_REVIEW, case.reference)
    detail = f"ask whether the proceedings have ended; if so, record it with {how}"
    filing.add(task(key, TaskKind.HOLD_REVIEW, case.reference, _in_days(acting, TaskKind.HOLD_REVIEW), acting.now, detail))


def _continued(case: CaseRow, day: date, rules: _Rules, acting: Acting) -> tuple[CaseRow, Filing]:
    """The new case: the same person and procedure, received on the day on which it was asked for again."""
    values = {name: getattr(case, name) for name in type(case).model_fields}
    values |= {
        "reference": new_reference(),
        "received_on": day,
        "received_at": moment_at_the_desk(day, acting.office.council.opens_at),
    }
    new = CaseRow(**(values | {"closed_on": None, "outcome": None, "owner": ""}))
    filing = Filing()
    filing.add(new, acting.event(new.reference, Event.RECEIVED, f"taken up again from {case.reference}", day))
    how = f"{case.procedure.value}, as {case.reference}: it goes through the stages ({rules.again.authority})"
    filing.add(acting.event(new.reference, Event.ROUTE, how))
    filing.add(*deadline_rows(new, {Event.RECEIVED: day}, acting.office, acting.now))
    return new, filing


def _same_party(party: PartyRow, case: CaseRow) -> PartyRow:
    values = {name: getattr(party, name) for name in type(party).model_fields if name != "id"}
    return PartyRow(**(values | {"case_reference": case.reference}))


def _names(rows: Sequence[HeldIssueRow]) -> str:
    return "all of it" if any(row.number == WHOLE for row in rows) else f"issue {', '.join(str(row.number) for row in rows)}"


def _in_days(acting: Acting, kind: TaskKind) -> datetime:
    by = acting.office.calendar.add_working_days(acting.today, within(kind.value))
    return moment_at_the_desk(by, acting.office.council.closes_at)
