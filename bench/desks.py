"""A hundred thousand open cases: the sweep for reminders and the digest, without sending anything."""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.measuring import Figures, run, settings
from bot.office import office_of
from bot.settings import load
from casework.clockwork import deadline_rows
from casework.council import Person, StaffRole
from casework.office import Office
from notifications.digest import queue_digests
from notifications.reminders import remind
from procedures.terms import Channel, Event, Form, Kind, Procedure
from storage.cases import look_at_every_case
from storage.filing import table_of, values_of
from storage.tables import CaseRow, DeadlineRow, EventRow
from storage.unit_of_work import Memory, open_memory

TODAY = date(2025, 3, 10)
"""A Monday."""
NOW = datetime(2025, 3, 10, 9, 30, tzinfo=UTC)
NEAR_IN_A_THOUSAND = 10
"""Cases that have something due now; the others were answered at stage 1 and wait for nobody here."""
AT_ONCE = 5_000


def rows(count: int, office: Office) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]]:
    """A case, its events and its deadlines, each as column values."""
    for number in range(count):
        is_near = number % 1000 < NEAR_IN_A_THOUSAND
        received = TODAY - timedelta(days=3 + number % 20 if is_near else 30 + number % 300)
        at = datetime.combine(received, datetime.min.time(), UTC) + timedelta(hours=9)
        case = CaseRow(
            reference=f"{number:08d}",
            kind=Kind.COMPLAINT,
            procedure=Procedure.CORPORATE,
            suggested=Procedure.CORPORATE,
            channel=Channel.EMAIL,
            form=Form.WRITTEN,
            received_at=at,
            received_on=received,
            team=f"team {number % 7}",
            owner=f"officer{number % 30}@council.example",
        )
        happened = {Event.RECEIVED: received}
        if not is_near:
            happened |= {Event.ACKNOWLEDGED: received + timedelta(days=2), Event.S1_REPLY_SENT: received + timedelta(days=9)}
        events = [
            EventRow(case_reference=case.reference, name=name, happened_on=on, recorded_at=at, recorded_by="service")
            for name, on in happened.items()
        ]
        yield (
            values_of(case),
            [values_of(row) for row in events],
            [values_of(row) for row in deadline_rows(case, happened, office, at)],
        )


async def fill(memory: Memory, office: Office, count: int) -> None:
    """Write them as the tables have them."""
    written: dict[type, list[dict[str, Any]]] = {CaseRow: [], EventRow: [], DeadlineRow: []}
    found = rows(count, office)
    while True:
        for values in written.values():
            values.clear()
        for case, events, deadlines in found:
            written[CaseRow].append(case)
            written[EventRow] += events
            written[DeadlineRow] += deadlines
            if len(written[CaseRow]) == AT_ONCE:
                break
        if not written[CaseRow]:
            return
        async with memory.unit_of_work() as uow:
            connection = await uow.connection()
            for model, values in written.items():
                await connection.execute(insert(table_of(model)), values)


async def measure(figures: Figures, count: int, rounds: int, work: Path) -> None:
    """The sweep of a morning and the digest of a Monday, in turns."""
    url = f"sqlite+aiosqlite:///{work / 'desk.db'}"
    await asyncio.to_thread(run, [sys.executable, "-m", "bot", "migrate"], settings(DATABASE_URL=f"sqlite:///{work / 'desk.db'}"))
    memory = open_memory(url)
    try:
        office = _with_an_officer(await office_of(load(doors=False), memory))
        await fill(memory, office, count)
        async with memory.unit_of_work() as uow:
            await look_at_every_case(uow, TODAY)
        began = time.perf_counter()
        await remind(memory, office, NOW)
        figures.note(f"the first sweep after a start, {count:,} cases", "s", time.perf_counter() - began)
        for _ in range(rounds):
            began = time.perf_counter()
            await remind(memory, office, NOW, queue=False)
            name = f"reminder sweep over {count:,} open cases"
            figures.note(name, "ms", (time.perf_counter() - began) * 1000, reach="under 100")
            began = time.perf_counter()
            await queue_digests(memory, office, NOW, day=TODAY, queue=False)
            figures.note("digest over the same", "s", time.perf_counter() - began, reach="under 2")
    finally:
        await memory.close()


def _with_an_officer(office: Office) -> Office:
    """Somebody must read the digest, or none is made."""
    officer = Person("officer1@council.example", "Ola", StaffRole.OFFICER)
    return replace(office, council=replace(office.council, people=(officer,)))
