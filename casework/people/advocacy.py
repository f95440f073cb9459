"""Advocates: offered, asked for, appointed, by which provider and how soon (Children Act 1989, s. 26A; SI 2006/1738, reg. 11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework import recording
from casework.acting import Acting, Refused, happened, only_officers, the_open_case
from casework.clockwork import events_of
from casework.people.advocate_alarm import watch
from procedures.clocks import in_words
from procedures.steps import belongs, steps
from procedures.targets import within
from procedures.terms import Event
from procedures.working_days import WorkingCalendar
from storage import cases, daily
from storage.columns import OfferAnswer
from storage.filing import Filing, write
from storage.tables import AdvocacyRow, CaseRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Logged:
    """A line of the advocacy log."""

    case: CaseRow
    answer: OfferAnswer
    provider: str
    advocate: str
    offered_on: date | None
    asked_on: date | None
    appointed_on: date | None
    working_days: int | None
    """From the day after it was asked for to the appointment; to today while nobody is appointed; None if nobody
    asked, or the calendar does not know the days."""

    @property
    def is_alarm(self) -> bool:
        """Asked for, and not appointed in time."""
        late = self.working_days is not None and self.working_days >= within(TaskKind.ADVOCATE_LATE.value)
        return self.asked_on is not None and self.appointed_on is None and late and self.case.closed_on is None


async def offer(uow: UnitOfWork, reference: str, answer: OfferAnswer, acting: Acting, *, on: date | None = None) -> None:
    """Note that an advocate was offered, and what they said. Who accepts has asked for one: the alarm runs."""
    only_officers(acting, "say that an advocate was offered")
    case = await the_open_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if Event.ADVOCACY_OFFERED not in events:
        await _happened(uow, case, Event.ADVOCACY_OFFERED, on, f"they said: {answer.value.replace('_', ' ')}", acting)
    await _keep(uow, reference, acting, answer=answer)
    if answer is OfferAnswer.ACCEPTED and Event.ADVOCATE_REQUESTED not in events:
        await ask(uow, reference, acting, on=on)


async def ask(uow: UnitOfWork, reference: str, acting: Acting, *, on: date | None = None, provider: str = "") -> None:
    """Note that they asked for an advocate, and of which provider one was ordered."""
    only_officers(acting, "say that an advocate was asked for")
    case = await the_open_case(uow, reference)
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if Event.ADVOCATE_REQUESTED not in events:
        await _happened(uow, case, Event.ADVOCATE_REQUESTED, on, provider and f"of {provider}", acting)
    elif not provider:
        raise Refused(f"An advocate was asked for on {in_words(events[Event.ADVOCATE_REQUESTED])}. Nothing was changed.")
    await _keep(uow, reference, acting, answer=OfferAnswer.ACCEPTED, provider=provider)


async def appoint(
    uow: UnitOfWork, reference: str, provider: str, acting: Acting, *, advocate: str = "", on: date | None = None
) -> int:
    """Note that an advocate was appointed, by which provider; return after how many working days.

    Where the procedure's start hangs on it (reg. 14(3)(b)) the dates are counted again.
    """
    only_officers(acting, "say that an advocate was appointed")
    case = await the_open_case(uow, reference)
    if not provider.strip():
        raise Refused("Say by which provider, with --provider. Nothing was changed.")
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    asked = events.get(Event.ADVOCATE_REQUESTED)
    if asked is None:
        raise Refused(f"Nobody has asked for one yet: first `heard advocacy ask {reference}`. Nothing was changed.")
    if Event.ADVOCATE_APPOINTED in events:
        raise Refused(f"One was appointed on {in_words(events[Event.ADVOCATE_APPOINTED])}. Nothing was changed.")
    await _happened(uow, case, Event.ADVOCATE_APPOINTED, on, f"{provider}{advocate and ', ' + advocate}", acting)
    filing = Filing()
    for kind in (TaskKind.ADVOCATE, TaskKind.ADVOCATE_LATE):
        waiting = {"case_reference": reference, "kind": kind, "done_at": None}
        filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    await write(uow, [filing])
    await _keep(uow, reference, acting, answer=OfferAnswer.ACCEPTED, provider=provider, advocate=advocate)
    return acting.office.calendar.count_working_days(asked, on or acting.today)


async def log(uow: UnitOfWork, today: date, calendar: WorkingCalendar, *, training: bool = False) -> list[Logged]:
    """Everybody to whom an advocate was offered, who asked for one or has one; who waits longest at the top."""
    found = await daily.advocacy_log(uow, training=training)
    events = await cases.events_of(uow, [case.reference for case, _ in found])
    lines = [_line(case, row, events_of(events[case.reference]), today, calendar) for case, row in found]
    return sorted(lines, key=lambda line: (not line.is_alarm, line.asked_on or date.max, line.case.received_at))


def _line(case: CaseRow, row: AdvocacyRow | None, events: Mapping[Event, date], today: date, calendar: WorkingCalendar) -> Logged:
    asked, appointed = events.get(Event.ADVOCATE_REQUESTED), events.get(Event.ADVOCATE_APPOINTED)
    return Logged(
        case,
        row.answer if row else OfferAnswer.ACCEPTED if asked else OfferAnswer.NOT_YET,
        row.provider if row else "",
        row.advocate if row else "",
        events.get(Event.ADVOCACY_OFFERED),
        asked,
        appointed,
        _waited(asked, appointed or max(today, asked), calendar) if asked else None,
    )


def _waited(asked: date, until: date, calendar: WorkingCalendar) -> int | None:
    """Working days from one to the other; None where an imported case has a day that no calendar knows."""
    return calendar.count_working_days(asked, until) if calendar.knows(asked) and calendar.knows(until) else None


async def _happened(uow: UnitOfWork, case: CaseRow, event: Event, on: date | None, why: str, acting: Acting) -> None:
    """Date it. Where a clock of the procedure knows the event, by the rules of recording; elsewhere it moves nothing."""
    rules = acting.office.rulebook.rules(case.procedure, case.received_on, acting.office.calendar.nation)
    if belongs(steps()[event], case.procedure, rules):
        await recording.record(uow, case.reference, event, acting, on=on, why=why)
        return
    since = None if steps()[event].may_precede_receipt else case.received_on
    day = happened(on, acting, since=since, what="it was received")
    filing = Filing()
    filing.add(acting.event(case.reference, event, why, day))
    if event is Event.ADVOCATE_REQUESTED:
        watch(filing, case.reference, day, acting.office, acting.now)
    await write(uow, [filing])


async def _keep(
    uow: UnitOfWork, reference: str, acting: Acting, *, answer: OfferAnswer, provider: str = "", advocate: str = ""
) -> None:
    row = await daily.advocacy_of(uow, reference)
    row = row or AdvocacyRow(case_reference=reference, changed_at=acting.now, changed_by=acting.person.address)
    row.answer, row.changed_at, row.changed_by = answer, acting.now, acting.person.address
    row.provider, row.advocate = provider.strip()[:300] or row.provider, advocate.strip()[:300] or row.advocate
    uow.add(row)
    await uow.flush()
