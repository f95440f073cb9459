"""Six weeks and a year of reminders, with restarts and days off: nothing is missed, and nothing told twice."""

import asyncio
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from notifications.reminders import remind
from procedures.terms import Event, Form
from storage.tables import OutboxRow, ReminderRow
from storage.unit_of_work import Memory, open_memory
from tests.mouth.offices import MANAGER, OFFICE, OFFICER, OWNER, at, case, happened, keep, outbox, record

WORKING_DAYS = {"s1_response": 10, "s2_response": 25, "s2_delay_notice": 25}
"""How long the clocks are that have rungs on the way, as long as nobody extends them (2006/1738 regs 14, 17(3), 17(6))."""
ON_THE_WAY = {"s1_response": (5,), "s2_response": (10, 20, 45, 55, 60), "s2_delay_notice": (24,)}
"""On which days they are told of before the last two (law.md §1.15)."""


def story(chance: random.Random, number: int, first: date, spread: int) -> tuple[Any, list[tuple[date, Event]]]:
    """A complaint and what happens to it: some answered in time, some late, some never, some withdrawn, some go on."""
    received = first + timedelta(days=chance.randrange(spread))
    plain = case(f"CASE-{number:04}", received, owner=chance.choice([OWNER.address, MANAGER.address, ""]), form=Form.WRITTEN)
    events: list[tuple[date, Event]] = []
    answered = received + timedelta(days=chance.choice([5, 10, 14, 15, 18, 25, 40, 400]))
    kind = chance.randrange(6)
    if kind == 0:
        events.append((received + timedelta(days=chance.randrange(30)), Event.WITHDRAWN))
    elif kind == 1:
        events.append((received + timedelta(days=chance.randrange(1, 12)), Event.COMPLEX_DECIDED))
    if kind:
        events.append((answered, Event.S1_REPLY_SENT))
    if kind == 2:
        events.append((answered + timedelta(days=20), Event.S2_REQUESTED))
    return plain, events


async def play(
    memory: Memory, first: date, days: int, number: int, seed: int, off: range
) -> tuple[Memory, dict[date, list[Any]]]:
    """Live through the days. The machine is off on those of `off`; it restarts at random, and runs the morning twice or more."""
    chance = random.Random(seed)
    stories = [story(chance, n, first, days - 20) for n in range(number)]
    mornings: dict[date, list[Any]] = {}
    for n in range(days):
        today = first + timedelta(days=n)
        await keep(memory, *(plain for plain, _ in stories if plain.events[Event.RECEIVED] == today))
        new = [(plain, event) for plain, events in stories for on, event in events if on == today]
        await record(memory, *(happened(plain.reference, event, today, at(today, 7)) for plain, event in new))
        if n in off:
            continue
        if chance.random() < 0.1:
            await memory.close()
            memory = open_memory(memory.url)
        at_once = chance.choice([1, 1, 2])
        hour = chance.choice([(8, 30), (8, 30), (9, 5), (16, 0)])
        bundles = await asyncio.gather(*(remind(memory, OFFICE, at(today, *hour)) for _ in range(at_once)))
        mornings[today] = [bundle for some in bundles for bundle in some]
        assert await remind(memory, OFFICE, at(today, 17)) == []
    return memory, mornings


def expected(days: list[date], duties: list[tuple[date, date]]) -> int:
    """How often an officer hears of these duties, counted another way: day by day, on a ladder of numbers."""
    heard = 0
    for due, until in duties:
        last = -1
        for day in days:
            if day >= until or not OFFICE.calendar.is_working_day(day):
                continue
            late = sum(OFFICE.calendar.is_working_day(due + timedelta(days=n)) for n in range(1, (day - due).days + 1))
            step = -1 if day < due else 0 if late == 0 else 1 if late < 3 else 3 if late < 5 else 5 * (late // 5)
            if step > last:
                heard, last = heard + 1, step
    return heard


async def live(memory: Memory, days: int, number: int, seed: int, off: range) -> set[str]:
    """Live through the days, and look at what was told. Gives the rungs of stage 2 that were told."""
    first = date(2026, 1, 5)
    memory, mornings = await play(memory, first, days, number, seed, off)
    rows = await outbox(memory)
    async with memory.reading() as uow:
        reminders = list(await uow.exec(select(ReminderRow)))
    await memory.close()

    told_lines = Counter(
        (row.recipient, item["reference"], item["clock"], item["due_on"], rung_of(item, name, morning_of(row)))
        for row in rows
        for name in ("due_soon", "due_today", "overdue")
        for item in row.facts[name]
    )
    assert told_lines and set(told_lines.values()) == {1}, "nobody is told one rung twice"
    assert max(Counter((row.recipient, row.key.rpartition(":")[2]) for row in rows).values()) == 1, "one bundle a person a day"
    assert sum(len(bundles) for bundles in mornings.values()) == len(rows), "what was queued is what was said"
    assert {(row.person, row.case_reference, row.clock, row.due_on.isoformat(), row.rung) for row in reminders} >= set(told_lines)

    chance = random.Random(seed)
    stage_1 = []
    for plain, events in (story(chance, n, first, days - 20) for n in range(number)):
        ends = [on for on, event in events if event in (Event.S1_REPLY_SENT, Event.WITHDRAWN)]
        received = plain.events[Event.RECEIVED]
        due = OFFICE.calendar.add_working_days(received, 10)
        longer = next((on for on, event in events if event is Event.COMPLEX_DECIDED), None)
        until = min(ends, default=date.max)
        if longer and longer <= due and longer < until:
            due = OFFICE.calendar.add_working_days(received, 20)
        stage_1.append((due, until))
    of_officer = [line for line in told_lines if line[0] == OFFICER.address and line[2] == "s1_response"]
    # before the due day an officer hears only of cases without an owner
    assert len([line for line in of_officer if line[4] not in ("T-2", "day 5")]) == expected(sorted(mornings), stage_1), (
        "nothing was missed"
    )
    return {line[4] for line in told_lines if line[2] in ("s2_response", "s2_delay_notice")}


def morning_of(row: OutboxRow) -> date:
    """The day on which a bundle was made: the end of its key."""
    return date.fromisoformat(row.key.rpartition(":")[2])


def rung_of(item: dict[str, Any], name: str, today: date) -> str:
    """The rung that a line tells of, which it does not name: counted back from the due day of its clock to the day it began."""
    days, calendar = item["days"], OFFICE.calendar
    if name == "due_soon" and item["clock"] in WORKING_DAYS:
        whole = WORKING_DAYS[item["clock"]]
        began = calendar.subtract_working_days(date.fromisoformat(item["due_on"]), whole)
        names = {whole - 2: "T-2"} | {n: f"day {n}" for n in ON_THE_WAY[item["clock"]]}
        return names[max(n for n in names if calendar.add_working_days(began, n) <= today)]
    if name == "due_soon":
        assert days <= 2, f"{item['clock']} has no rungs on the way"
        return "T-2"
    return "due" if not days else "+1" if days < 3 else "+3" if days < 5 else f"+{days - days % 5}"


async def test_six_weeks_with_restarts_and_days_off_miss_nothing_and_double_nothing(memory: Memory) -> None:
    await live(memory, days=42, number=25, seed=7, off=range(16, 23))


@pytest.mark.prove
async def test_a_year_with_restarts_and_a_fortnight_off_misses_nothing_and_doubles_nothing(memory: Memory) -> None:
    of_stage_2 = await live(memory, days=365, number=100, seed=1, off=range(100, 114))

    assert of_stage_2 >= {"day 10", "day 20", "day 24", "T-2", "due", "+1", "+3", "+5"}
