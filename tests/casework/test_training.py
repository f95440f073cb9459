"""Cases to learn on: handled like any other, and known to nobody (practice.md §5.10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework import actions
from casework.decisions.acknowledging import Acknowledging
from notifications.digest.records import load_passages
from notifications.on_desk import load_desk
from notifications.reminders import open_tasks
from procedures.terms import Channel, Event, Notice, Procedure
from reports.registers.giving import rows_of_register
from storage import cases, outbox, tallies
from storage.columns import OutboxState
from storage.courses import put_courses
from storage.daily_tallies import count_daily_work
from storage.filing import Filing, write
from storage.tables import CaseRow
from storage.training import KEPT_IN, is_nobodys
from storage.unit_of_work import Memory
from tests.stories.faults.desk import MUM, Desk, at

YEAR = (date(2024, 4, 1), date(2025, 3, 31))
LAST = date(2025, 3, 31)


async def learned_on(memory: Memory) -> Desk:
    """A made-up complaint that was acknowledged, answered late, and asks for stage 2."""
    desk = await Desk(memory).opens(Procedure.UNDECIDED)
    async with memory.unit_of_work() as uow:
        filing = Filing()
        filing.change(CaseRow, {"reference": desk.reference}, is_training=True)
        await write(uow, [filing])
    await desk.does(actions.route, Procedure.STATUTORY, "read with the file")
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."], answerer_name="Jo Field"))
    await desk.answers(date(2025, 3, 26))
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 27))
    await desk.records(Event.OMBUDSMAN_ENQUIRY, date(2025, 3, 28), why="by mail")
    return desk


async def test_its_letters_are_kept_to_be_looked_at_and_none_leaves(memory: Memory) -> None:
    desk = await learned_on(memory)

    letters = [row for row in await desk.letters() if row.notice in (Notice.ACKNOWLEDGEMENT, Notice.RESPONSE)]
    assert [(row.recipient, row.state, row.problem) for row in letters] == [(MUM, OutboxState.CANCELLED, KEPT_IN)] * 2


async def test_what_slipped_past_holds_up_nobody_in_the_same_chat(memory: Memory) -> None:
    """Of a chat only the oldest that waits is claimed: what is never claimed must not be that one."""
    desk = await learned_on(memory)
    real = await Desk(memory).opens(Procedure.STATUTORY)
    to: dict[str, Any] = {"notice": Notice.CLOSURE, "channel": Channel.TELEGRAM, "recipient": "4242", "now": at(LAST)}
    async with memory.unit_of_work() as uow:
        for one in (desk.reference, real.reference):
            uow.add(outbox.outgoing(key=f"slipped:{one}", facts={}, case_reference=one, domain="x.example", **to))
            await uow.flush()
        claimed = await outbox.claim(uow, at(LAST), 100, [Channel.TELEGRAM])

    assert [row.case_reference for row in claimed if row.recipient == "4242"] == [real.reference]


async def test_what_slipped_past_is_not_claimed(memory: Memory) -> None:
    """Somebody sends it again by hand, say: the wire never gets it."""
    desk = await learned_on(memory)
    real = await Desk(memory).opens(Procedure.STATUTORY)
    both = (desk.reference, real.reference)
    to: dict[str, Any] = {
        "notice": Notice.CLOSURE,
        "channel": Channel.EMAIL,
        "recipient": MUM,
        "now": at(LAST),
        "domain": "x.example",
    }
    mails = [outbox.outgoing(key=f"slipped:{one}", facts={}, case_reference=one, **to) for one in both]
    async with memory.unit_of_work() as uow:
        uow.add_all(mails)
        await uow.flush()
        claimed = await outbox.claim(uow, at(LAST), 100, [Channel.EMAIL])
        for row in claimed:
            await outbox.settle_ended(uow, row.id or 0, OutboxState.CANCELLED, "done")
        late = await outbox.oldest_unsent(uow, at(LAST) + timedelta(days=1))

    assert late is None, "it looks like no outage"
    assert f"slipped:{real.reference}" in {row.key for row in claimed}
    assert desk.reference not in {row.case_reference for row in claimed}


async def test_no_reminder_no_digest_no_report_and_no_register_knows_of_it(memory: Memory) -> None:
    desk = await learned_on(memory)
    day = date(2025, 5, 6)
    await desk.morning(day)

    async with memory.reading() as uow:
        assert await load_desk(uow, day, at(day)) == []
        assert [task for task in await open_tasks(uow, at(day)) if task.case_reference] == []
        assert await load_passages(uow, day, at(day), anchor=day, corrected_since=at(LAST)) == []
        await put_courses(uow, [YEAR], LAST)
        tally = await tallies.count_period(uow, YEAR, LAST, None, with_times=True)
        assert (tally.received, tally.begun[1], sum(tally.enquiries.received.values())) == ([], [], 0)
        assert set((await count_daily_work(uow, YEAR, LAST)).values()) == {0}
    async with memory.reading() as uow:
        assert [row for rows in (await rows_of_register(uow, day)).values() for row in rows] == []


async def test_the_same_case_in_earnest_is_in_all_of_them(memory: Memory) -> None:
    """Or the test above would prove nothing."""
    desk = await learned_on(memory)
    async with memory.unit_of_work() as uow:
        filing = Filing()
        filing.change(CaseRow, {"reference": desk.reference}, is_training=False)
        await write(uow, [filing])
    day = date(2025, 5, 6)

    async with memory.reading() as uow:
        assert len(await load_desk(uow, day, at(day))) == 1
        assert len(await load_passages(uow, day, at(day), anchor=day, corrected_since=at(LAST))) == 1
        await put_courses(uow, [YEAR], LAST)
        tally = await tallies.count_period(uow, YEAR, LAST, None, with_times=True)
        assert (len(tally.received), sum(tally.enquiries.received.values())) == (1, 1)
        assert (await count_daily_work(uow, YEAR, LAST))["acknowledgements_due"] == 1
    async with memory.reading() as uow:
        assert sum(len(rows) for rows in (await rows_of_register(uow, day)).values()) == 2


async def test_it_has_the_dates_of_any_case(memory: Memory) -> None:
    """Received Monday 10 March 2025: stage 1 is due on the 24th, stage 2 of the 27th on Tuesday 6 May."""
    desk = await learned_on(memory)

    due = await desk.due()
    assert (due["s1_response"], due["s2_response"]) == (date(2025, 3, 24), date(2025, 5, 6))
    async with memory.reading() as uow:
        assert (await cases.find(uow, desk.reference)) is not None


@pytest.mark.parametrize(
    ("address", "is_nobody"),
    [("", True), ("r@family.example", True), ("r@example.org", True), ("r@gmail.com", False), ("r@myexample.org", False)],
)
def test_only_reserved_domains_are_nobodys(address: str, is_nobody: bool) -> None:
    assert is_nobodys(address) is is_nobody
