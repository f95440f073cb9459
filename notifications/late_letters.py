"""Late: the person is told at nine the next working day, unless a reply was sent by any route; a head of service the same minute.

practice.md §3. The letter says that we are late and that stage 2 can be asked for. It moves no clock and asks for nothing.
Nobody gets it twice for one answer, but where a letter of ours has named a new day since and that was missed too. A date that was
only counted again, by another rule or for a closure day, is no promise: no letter named it (practice.md §1).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from casework.actions import route_of
from casework.office import Office
from casework.opening import task
from casework.progress import Progress, Running
from casework.representation import fold_address, voice_of
from notifications.on_desk import CaseOnDesk, Standings, heads_over, in_working_time, load_desk
from notifications.reminders import Bundle, Line, Told, put_new, told_before
from procedures.letters import After
from procedures.letters import letters as book_of_letters
from procedures.terms import Channel, Event, Notice, Procedure, Timeliness
from storage import cases as case_queries
from storage.cases import in_groups
from storage.filing import Filing, table_of, write
from storage.inbound import AUTOMATIC_NOTICES
from storage.outbox import outgoing
from storage.people import ended_routes
from storage.tables import OutboxRow, TaskKind
from storage.unit_of_work import Memory, UnitOfWork

LATE_AT = time(9)
FIRST_DAY = "+1"

Route = tuple[Channel, str]
"""How a person may be written to: the channel, and an address or a chat."""


@dataclass(frozen=True)
class LateAnswer:
    """An answer that was due and has not been given."""

    case: CaseOnDesk
    clock: str
    due_on: date
    days: int
    """Working days late."""
    tell_by: date
    """When a person writes, as the letter says: the next working day."""
    next_step: After
    """What can be asked for now, in this nation."""
    procedure: Procedure
    """Whose clock it is: of single issues that go another way than their case, theirs."""
    is_written: bool
    """Whether the person is told. Not where they have had no word from us about a case that nobody has decided on."""

    @property
    def key(self) -> str:
        return f"late:{self.case.reference}:{self.clock}:{self.due_on}"

    @property
    def is_part(self) -> bool:
        """Whether only single issues are late, which go another way than their case."""
        return self.procedure is not self.case.procedure

    @property
    def facts(self) -> dict[str, Any]:
        facts = {
            "reference": self.case.reference,
            "voice": voice_of(self.case.raised_by),
            "due_on": self.due_on.isoformat(),
            "tell_by": self.tell_by.isoformat(),
            "procedure": self.procedure.value,
            "stage": 1,
            "next_step": self.next_step.value,
        }
        return facts | {"is_part": True} if self.is_part else facts


def plan_late_letters(cases: Iterable[CaseOnDesk], told: Collection[str], office: Office, today: date) -> list[LateAnswer]:
    """The stage 1 answers that are late on a working day and whose key is not in `told`, oldest first.

    Imported cases are left out: nothing is sent to anyone because of them. Of a case whose issues go different ways the late
    answer of its own is told of; that of a part only while its own is not late: one letter says it, and one answer ends both.
    """
    if not office.calendar.is_working_day(today):
        return []
    standings, found = Standings(office, today), list[LateAnswer]()
    for case in cases:
        progress = standings.of(case)
        answer = _late_answer(progress)
        if case.is_imported or progress.is_closed or progress.stage != 1 or answer is None:
            continue
        procedure = answer.deadline.procedure if progress.is_a_part(answer) else case.procedure
        found.append(
            LateAnswer(
                case,
                answer.deadline.clock,
                answer.deadline.due_on,
                answer.working_days_late,
                office.calendar.look_ahead(today, 1),
                step.step if (step := book_of_letters().known_after(procedure, 1, office.nation)) else After.PERSON,
                procedure,
                case.procedure is not Procedure.UNDECIDED or Event.RECEIPT_SENT in case.events,
            )
        )
    found.sort(key=lambda late: (late.due_on, late.case.reference))
    return [late for late in found if late.key not in told]


def _late_answer(progress: Progress) -> Running | None:
    """The answer that is late: the case's own before that of single issues that go another way, and of these the earliest."""
    late = [one for one in progress.open if one.deadline.rule.answers and one.timeliness is Timeliness.OPEN_LATE]
    if progress.answer in late:
        return progress.answer
    return next((one for one in late if progress.is_a_part(one) and one.deadline.stage == progress.stage), None)


def letters(late: Iterable[LateAnswer], routes: Mapping[str, Sequence[Route]], office: Office, now: datetime) -> Filing:
    """A letter to each person on a case whom we may write to; with no route left it is a task, never another route."""
    filing = Filing()
    for one in late:
        ways = routes.get(one.case.reference, ())
        if one.is_written and not ways:
            why = f"{Notice.LATE.value} has no route"
            filing.add(task(f"reach:{one.key}", TaskKind.CANNOT_REACH, one.case.reference, now, now, why))
        for channel, recipient in ways if one.is_written else ():
            filing.add(
                outgoing(
                    key=one.key if len(ways) == 1 else f"{one.key}:{recipient}",
                    notice=Notice.LATE,
                    channel=channel,
                    recipient=recipient,
                    now=now,
                    domain=office.domain,
                    facts=one.facts,
                    case_reference=one.case.reference,
                    urgency=3,
                )
            )
    return filing


def for_heads(late: Iterable[LateAnswer], told: Collection[Told], office: Office, today: date) -> list[Bundle]:
    """What each head of service hears the same minute: the answers that they have not been told are late."""
    lines: dict[str, list[Line]] = {}
    people = {}
    for one in late:
        for person in heads_over(office.council, one.case.team):
            who = fold_address(person.address)
            if who not in one.case.walled and (one.case.reference, one.clock, one.due_on, FIRST_DAY, who) not in told:
                people[who] = person
                line = Line(one.case.reference, one.clock, 1, one.due_on, one.days, one.case.team, (FIRST_DAY,))
                lines.setdefault(who, []).append(line)
    return [Bundle(people[who], today, overdue=tuple(lines[who])) for who in sorted(lines)]


async def tell_late(memory: Memory, office: Office, now: datetime) -> list[LateAnswer]:
    """Put the letters and the word to heads of service in the outbox, in one unit of work; return the answers late and untold.

    From nine on a working day until the quiet hours. A second run says nothing again.
    """
    today = in_working_time(office.council, office.calendar, now, LATE_AT)
    if today is None:
        return []
    async with memory.unit_of_work() as uow:
        late = await _untold(uow, office, today, now)
        parties = await case_queries.parties_of(uow, [one.case.reference for one in late])
        ended = await ended_routes(uow, parties, today)
        routes = {
            ref: [way for way in map(route_of, people) if way[1] and way[1] not in ended.get(ref, ())]
            for ref, people in parties.items()
        }
        bundles = for_heads(late, await told_before(uow, today + timedelta(days=1), only=parties), office, today)
        await write(uow, [letters(late, routes, office, now)])
        rows = {(row := _to_head(bundle, office, now)).key: (row, bundle) for bundle in bundles}
        new = await put_new(uow, {key: row for key, (row, _) in rows.items()})
        told = Filing()
        told.add(*(row for key, (_, bundle) in rows.items() if key in new for row in bundle.told))
        await write(uow, [told])
    return late


async def _untold(uow: UnitOfWork, office: Office, today: date, until: datetime) -> list[LateAnswer]:
    # An answer that is late has been on the list since its first reminder was due.
    cases = await load_desk(uow, today, until, only=await case_queries.due_a_look(uow, today), is_now=True)
    late = await asyncio.to_thread(plan_late_letters, cases, (), office, today)
    told = await _written(uow, [one.case.reference for one in late])
    return [one for one in late if not _was_told(one, told.get(one.case.reference, ()))]


@dataclass(frozen=True)
class _Written:
    """A letter of ours to the people of a case that names a day of an answer."""

    notice: str
    due_on: date
    part: str
    """The procedure of the part that a letter "we are late" is about; empty where it is about all of it."""
    queued_at: datetime


async def _written(uow: UnitOfWork, references: Sequence[str]) -> dict[str, list[_Written]]:
    """By case, the letters that said we are late, and those by which a day was promised: a person had each of them sent."""
    promising = {str(one.notice) for one in book_of_letters().letters} - {str(one) for one in AUTOMATIC_NOTICES}
    outbox, found = table_of(OutboxRow).c, dict[str, list[_Written]]()
    columns = outbox.case_reference, outbox.notice, outbox.facts, outbox.queued_at
    for some in in_groups(references):
        query = select(*columns).where(outbox.notice.in_({Notice.LATE.value, *promising}), outbox.case_reference.in_(some))
        for reference, notice, facts, queued_at in await (await uow.connection()).execute(query):
            if facts.get("due_on"):
                part = facts["procedure"] if facts.get("is_part") else ""
                found.setdefault(reference, []).append(_Written(notice, date.fromisoformat(facts["due_on"]), part, queued_at))
    return found


def _was_told(one: LateAnswer, written: Sequence[_Written]) -> bool:
    """Whether they know that this answer is late, and no day was promised since that is over too.

    What was said of the whole answer was said of each part.
    """
    about = {"", one.procedure.value} if one.is_part else {""}
    told = [
        letter for letter in written if letter.notice == Notice.LATE and (letter.part in about or letter.due_on == one.due_on)
    ]
    if not told:
        return False
    last = max(told, key=lambda letter: (letter.queued_at, letter.due_on))
    since = [letter for letter in written if letter.notice != Notice.LATE and letter.queued_at > last.queued_at]
    return not any(last.due_on < letter.due_on <= one.due_on for letter in since)


def _to_head(bundle: Bundle, office: Office, now: datetime) -> OutboxRow:
    return outgoing(
        key=f"late:{fold_address(bundle.person.address)}:{bundle.day}:{bundle.overdue[0].reference}",
        notice=Notice.REMINDERS,
        channel=Channel.EMAIL,
        recipient=bundle.person.address,
        now=now,
        domain=office.domain,
        facts=bundle.facts,
    )
