"""A complaints desk that a story plays on: one memory, a day that is moved, and what staff do on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest

from casework import actions
from casework.acting import Acting, Refused
from casework.clockwork import events_of
from casework.council import Person, StaffRole
from casework.decisions import second_look
from casework.decisions.duties import see_to_duties
from casework.recording import record
from notifications.on_desk import load_desk
from notifications.reminders import open_tasks, plan_reminders
from procedures.terms import Event, Notice, Outcome, Procedure
from storage import cases
from storage.tables import OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, OFFICE, OFFICER, a_case

T = TypeVar("T")
HEAD = Person("head@council.example", "Ama Owusu", StaffRole.HEAD_OF_SERVICE)
TOWN = replace(OFFICE, council=replace(OFFICE.council, people=(OFFICER, MANAGER, HEAD)))
MUM = "mum@family.example"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@dataclass
class Desk:
    """Received on Monday 10 March 2025; `today` is moved by the story."""

    memory: Memory
    reference: str = ""
    today: date = date(2025, 3, 10)

    def acting(self, person: Person = OFFICER) -> Acting:
        return Acting(person, TOWN, at(self.today))

    async def opens(self, procedure: Procedure = Procedure.STATUTORY, **told: Any) -> "Desk":
        """A complaint, with its route decided."""
        self.reference = await a_case(self.memory, **told)
        if procedure is not Procedure.UNDECIDED:
            await self.does(actions.route, procedure, "read with the file")
        return self

    async def does(self, action: Callable[..., Awaitable[T]], *given: Any, person: Person = OFFICER, **more: Any) -> T:
        """One action of one person on the case."""
        async with self.memory.unit_of_work() as uow:
            return await action(uow, self.reference, *given, self.acting(person), **more)

    async def cannot(self, rule: str, action: Callable[..., Awaitable[object]], *given: Any, **more: Any) -> None:
        """They try, and are refused by the rule; nothing was changed."""
        before = await self.everything()
        with pytest.raises(Refused, match=rule):
            await self.does(action, *given, **more)
        assert await self.everything() == before

    async def records(self, event: Event, on: date | None = None, why: str = "as it happened", **more: Any) -> None:
        if on is not None:
            self.today = max(self.today, on)
        async with self.memory.unit_of_work() as uow:
            await record(uow, self.reference, event, self.acting(), on=on, why=why, **more)

    async def cannot_record(self, rule: str, event: Event, why: str = "as it happened", **more: Any) -> None:
        before = await self.everything()
        with pytest.raises(Refused, match=rule):
            await self.records(event, why=why, **more)
        assert await self.everything() == before

    async def answers(self, on: date, outcome: Outcome = Outcome.NOT_UPHELD) -> None:
        self.today = on
        await self.does(actions.respond, "We do not agree, and this is why.", outcome)

    async def morning(self, day: date) -> None:
        """The service looks at the day."""
        self.today = day
        await see_to_duties(self.memory, TOWN, at(day))

    async def told_this_morning(self, day: date) -> dict[str, set[str]]:
        """What the bundles of that morning name of this case, by who reads them."""
        async with self.memory.reading() as uow:
            desk, tasks = await load_desk(uow, day, at(day)), await open_tasks(uow, at(day))
        bundles = plan_reminders(desk, tasks, set(), TOWN, day)
        groups = (
            (bundle.person.address, (*bundle.overdue, *bundle.due_today, *bundle.due_soon, *bundle.tasks)) for bundle in bundles
        )
        return {address: {line.clock for line in lines if line.reference == self.reference} for address, lines in groups}

    async def due(self) -> dict[str, date]:
        async with self.memory.reading() as uow:
            return {row.clock: row.due_on for row in await cases.deadlines_of(uow, self.reference, standing_only=True)}

    async def events(self) -> dict[Event, date]:
        async with self.memory.reading() as uow:
            return events_of((await cases.events_of(uow, [self.reference]))[self.reference])

    async def tasks(self) -> set[TaskKind]:
        async with self.memory.reading() as uow:
            return {row.kind for row in await cases.tasks(uow, reference=self.reference)}

    async def letters(self, notice: Notice | None = None) -> list[OutboxRow]:
        async with self.memory.reading() as uow:
            return [row for row in await cases.sent_of(uow, self.reference) if notice in (None, row.notice)]

    async def everything(self) -> tuple[int, int, int, dict[str, date]]:
        """How much is on record: a refusal adds nothing to it."""
        async with self.memory.reading() as uow:
            events = (await cases.events_of(uow, [self.reference]))[self.reference]
            tasks = await cases.tasks(uow, reference=self.reference, open_only=False)
            return len(events), len(tasks), len(await cases.sent_of(uow, self.reference)), await self.due()

    async def routes(self, procedure: Procedure, why: str) -> None:
        await self.does(second_look.decide_route, procedure, why)
