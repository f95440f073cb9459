"""The digest reads only the cases that it counts: it says what all of them together would make it say."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from notifications.digest.figures import WEEK, YEAR, View, compile_digest
from notifications.digest.passages import Passage
from notifications.digest.records import load_passages, load_records
from notifications.on_desk import CaseOnDesk
from procedures.terms import Event, Kind, Role
from storage.unit_of_work import Memory
from tests.mouth.offices import OFFICE, at, case, happened, keep, record

MONDAY = date(2026, 6, 15)
NEAR = [MONDAY - back + timedelta(days=off) for back in (timedelta(), WEEK, 2 * WEEK, YEAR, YEAR + WEEK) for off in (-1, 0, 1)]
"""The days on which the weeks begin and end, and their neighbours."""
KINDS = [Kind.COMPLAINT, Kind.COMPLAINT, Kind.COMPLIMENT, Kind.ENQUIRY]
WAY = (Event.S1_REPLY_SENT, Event.S2_REQUESTED, Event.S2_NOTICE_SENT, Event.S3_REQUESTED, Event.S3_RESPONSE)


def cases_at_random(count: int) -> Iterator[CaseOnDesk]:
    """Each a part of the way through the stages, most on days that lie on an edge of what is counted, one in four on none."""
    chance = random.Random(20260615)
    for number in range(count):
        received = chance.choice(NEAR) - timedelta(days=chance.choice((0, 0, 3, 30, 400)))
        events, on = {Event.RECEIVED: received}, received
        for event in WAY[: chance.randrange(len(WAY) + 1)]:
            on = chance.choice([day for day in (*NEAR, on + timedelta(days=9), on + timedelta(days=90)) if day >= on])
            events[event] = on
        ends = chance.choice((None, None, Event.CLOSED, Event.WITHDRAWN))
        if ends:
            events[ends] = chance.choice([day for day in (*NEAR, on + timedelta(days=2)) if day >= on])
        known = {event: day for event, day in events.items() if day <= MONDAY}
        if number % 4 == 0:
            known = {Event.RECEIVED: date(2024, 11, 4), Event.S1_REPLY_SENT: date(2024, 11, 13)}
        if Event.RECEIVED in known:
            role = chance.choice((Role.CHILD, Role.PARENT))
            team = chance.choice(("Team North", "Leaving Care"))
            yield case(f"RAND-{number:04d}", received, events=known, kind=chance.choice(KINDS), raised_by=role, team=team)


def passage(of: CaseOnDesk) -> Passage:
    """The same, worked out here: every case has one, whatever is counted."""
    days = [of.events.get(event) for event in (*WAY, Event.CLOSED, Event.WITHDRAWN)]
    return Passage(of.reference, of.kind, of.raised_by, of.team, None, of.events[Event.RECEIVED], *days)


async def test_what_is_left_unread_changes_no_number(memory: Memory) -> None:
    every = list(cases_at_random(400))
    await keep(memory, *every)

    async with memory.reading() as uow:
        records = await load_records(uow, OFFICE, MONDAY, at(MONDAY, 10), is_live=False)
    of_all = replace(records, passages=[passage(one) for one in every])

    for view in (View(None), View(frozenset({"Team North"}))):
        asked = compile_digest(of_all, OFFICE, MONDAY, view).facts
        given = compile_digest(records, OFFICE, MONDAY, view).facts
        assert given == asked
    assert len(records.passages) < len(every) * 0.8, "nothing was left unread"


async def test_a_case_that_ended_long_ago_is_read_where_an_event_of_it_was_corrected_in_the_week(memory: Memory) -> None:
    old, corrected = (
        case(reference, date(2025, 1, 6), events={Event.S1_REPLY_SENT: date(2025, 1, 9), Event.CLOSED: date(2025, 12, 1)})
        for reference in ("OLD-1", "OLD-2")
    )
    await keep(memory, old, corrected)
    late = MONDAY - timedelta(days=3)
    wrong = happened("OLD-2", Event.REG11_INFO_SENT, date(2025, 1, 8))
    wrong.is_superseded = True
    await record(memory, wrong)
    await record(memory, happened("OLD-2", Event.REG11_INFO_SENT, date(2025, 1, 7), recorded_at=at(late)))

    async with memory.reading() as uow:
        found = await load_passages(uow, MONDAY, at(MONDAY, 8), anchor=MONDAY, corrected_since=at(MONDAY - WEEK, 8))
        records = await load_records(uow, OFFICE, MONDAY, at(MONDAY, 8), is_live=False)

    assert [one.reference for one in found] == ["OLD-2"]
    digest = compile_digest(records, OFFICE, MONDAY, View(None))
    assert digest.changes.corrected == 1
