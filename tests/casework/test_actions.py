"""What an officer does to a case, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rehearsal.putting_right import put_right
from casework import actions
from casework.acting import Refused
from casework.clockwork import events_of
from casework.decisions.acknowledging import Acknowledging
from casework.decisions.by_an_officer import DECIDED_BY_AN_OFFICER
from casework.opening import task
from casework.progress import State
from procedures.terms import Event, Kind, Notice, Outcome, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, a_case, acting

UNDERSTOOD = Acknowledging(issues=["The short breaks did not happen."], answerer_name="Jo Field", answerer_job="team manager")


async def due_of(memory: Memory, reference: str) -> dict[str, date]:
    async with memory.reading() as uow:
        return {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}


async def notices_of(memory: Memory, reference: str) -> list[str]:
    async with memory.reading() as uow:
        return [row.notice for row in await cases.sent_of(uow, reference)]


async def events_in(memory: Memory, reference: str) -> dict[Event, date]:
    async with memory.reading() as uow:
        return events_of((await cases.events_of(uow, [reference]))[reference])


async def test_the_corporate_clock_runs_from_the_acknowledgement_not_from_receipt(memory: Memory) -> None:
    """The Code, 6.3. Received Monday 10, acknowledged Friday 14 March: answered by Friday 28 March 2025."""
    reference = await a_case(memory)
    friday = MONDAY + timedelta(days=4)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.CORPORATE, "about an EHC plan", acting())
    assert "s1_response" not in await due_of(memory, reference)

    async with memory.unit_of_work() as uow:
        await actions.acknowledge(uow, reference, UNDERSTOOD, acting(at=friday))

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 28)
    assert Notice.ACKNOWLEDGEMENT in await notices_of(memory, reference)


async def test_the_statutory_clock_runs_from_receipt_whenever_it_is_acknowledged(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
    async with memory.unit_of_work() as uow:
        progress = await actions.acknowledge(uow, reference, UNDERSTOOD, acting(at=MONDAY + timedelta(days=4)))

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)
    assert progress.state is State.LOOKING
    assert progress.answer_by == date(2025, 3, 24)


async def test_a_reroute_counts_again_from_the_events_and_keeps_what_was_before(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.CORPORATE, "at first sight", acting())
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "it is about a looked-after child", acting())

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)
    async with memory.reading() as uow:
        every = await cases.deadlines_of(uow, reference)
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]
    assert any(row.is_superseded for row in every)
    assert any("s1_response" in note for note in notes)


async def test_confirming_the_route_finishes_its_task_and_keeps_who_and_why(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())

    async with memory.reading() as uow:
        open_tasks = {row.kind for row in await cases.tasks(uow, reference=reference)}
        decision = (await cases.readings_of(uow, reference))[-1]
    assert TaskKind.CONFIRM_ROUTE not in open_tasks
    assert (decision.made_by, decision.reasons[0]["rule"]) == ("officer@council.example", "a child in need")


@pytest.mark.parametrize("what", ["route", "acknowledge", "close", "kind"])
async def test_only_an_officer_decides(memory: Memory, what: str) -> None:
    reference = await a_case(memory)
    by = acting(MANAGER)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="Only a complaints officer"):
            if what == "route":
                await actions.route(uow, reference, Procedure.STATUTORY, "why", by)
            elif what == "acknowledge":
                await actions.acknowledge(uow, reference, UNDERSTOOD, by)
            elif what == "close":
                await actions.close(uow, reference, "why", by)
            else:
                await actions.change_kind(uow, reference, Kind.ENQUIRY, "why", by)

    assert set(await events_in(memory, reference)) == {Event.RECEIVED}


async def test_no_date_is_promised_before_the_route_is_confirmed(memory: Memory) -> None:
    reference = await a_case(memory)

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="route is not confirmed"):
            await actions.acknowledge(uow, reference, UNDERSTOOD, acting())

    assert Notice.ACKNOWLEDGEMENT not in await notices_of(memory, reference)


async def test_an_acknowledgement_needs_what_was_understood_and_goes_once(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
        with pytest.raises(Refused, match="--issue"):
            await actions.acknowledge(uow, reference, Acknowledging(issues=["  "]), acting())
        await actions.acknowledge(uow, reference, UNDERSTOOD, acting())
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="was acknowledged"):
            await actions.acknowledge(uow, reference, UNDERSTOOD, acting())

    assert (await notices_of(memory, reference)).count(Notice.ACKNOWLEDGEMENT) == 1


async def test_a_reply_on_the_last_day_is_in_time_and_two_days_later_two_late(memory: Memory) -> None:
    """V9: received Monday 10 March 2025; Monday 24 is day 10, Wednesday 26 is day 12."""
    for days, late in ((14, 0), (16, 2)):
        reference = await a_case(memory)
        async with memory.unit_of_work() as uow:
            await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
            by = acting(at=MONDAY + timedelta(days=days))
            await put_right(uow, reference, Outcome.UPHELD, "It was so.", "We are sorry.", by)
            progress = await actions.respond(uow, reference, "You were right.", Outcome.UPHELD, by)

        assert progress.state is State.ANSWERED
        assert progress.answer is not None
        assert progress.answer.working_days_late == late


async def test_a_complaint_is_not_closed_without_an_answer(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
        with pytest.raises(Refused, match="has had no answer"):
            await actions.close(uow, reference, "nothing to add", acting())
        await put_right(uow, reference, Outcome.UPHELD, "It was so.", "We are sorry.", acting())
        await actions.respond(uow, reference, "You were right.", Outcome.UPHELD, acting())
        await actions.close(uow, reference, "answered", acting())

    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
    assert case is not None
    assert case.closed_on == date(2025, 3, 10)


async def test_a_case_that_has_gone_on_to_stage_2_is_not_closed_by_its_first_answer(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
        await actions.respond(uow, reference, "You were wrong.", Outcome.NOT_UPHELD, acting())
    filing = Filing()
    filing.add(acting().event(reference, Event.S2_REQUESTED))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="stage 2, whose answer is due on"):
            await actions.close(uow, reference, "answered", acting())


async def test_what_becomes_a_complaint_waits_for_its_route_and_what_is_none_after_all_does_not(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLIMENT)

    async def waits() -> bool:
        async with memory.reading() as uow:
            return TaskKind.CONFIRM_ROUTE in {row.kind for row in await cases.tasks(uow, reference=reference)}

    assert not await waits()
    for kind, expected in ((Kind.COMPLAINT, True), (Kind.ENQUIRY, False), (Kind.COMPLAINT, True)):
        async with memory.unit_of_work() as uow:
            await actions.change_kind(uow, reference, kind, "read again", acting())
        assert await waits() is expected


@pytest.mark.parametrize(
    ("procedure", "event"),
    [
        (Procedure.STATUTORY, Event.REG11_INFO_SENT),
        (Procedure.STATUTORY, Event.HOLD_LETTER),
        (Procedure.CORPORATE, Event.EXTENDED),
        (Procedure.ADULTS, Event.TERMS_LETTER),
        (Procedure.PUBLIC_HEALTH, Event.RESPONDED),
        (Procedure.DATA_PROTECTION, Event.DP_ACKNOWLEDGED),
        (Procedure.OTHER_BODY, Event.TRANSFERRED),
    ],
)
async def test_who_had_a_letter_about_their_complaint_does_not_find_it_made_into_something_else(
    memory: Memory, procedure: Procedure, event: Event
) -> None:
    reference = await a_case(memory)
    told = Filing()
    told.add(acting().event(reference, event, "as it happened"))
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "read", acting())
        await write(uow, [told])

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="nothing ends it silently"):
            await actions.change_kind(uow, reference, Kind.ENQUIRY, "it was a question", acting())


async def test_deciding_the_route_ends_whatever_asked_for_it(memory: Memory) -> None:
    """A thank-you that became a complaint in chat asks for its route under a key of its own."""
    reference = await a_case(memory)
    asked = Filing()
    asked.add(task(f"confirm_route:update:{reference}", TaskKind.CONFIRM_ROUTE, reference, MONDAY, MONDAY))
    async with memory.unit_of_work() as uow:
        await write(uow, [asked])

    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())

    async with memory.reading() as uow:
        assert TaskKind.CONFIRM_ROUTE not in {row.kind for row in await cases.tasks(uow, reference=reference)}


async def test_a_thank_you_that_is_a_complaint_after_all_has_its_clocks_from_the_day_it_came(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLIMENT)
    assert not await due_of(memory, reference)

    async with memory.unit_of_work() as uow:
        later = acting(at=datetime(2025, 3, 13, 9, tzinfo=UTC))
        await actions.change_kind(uow, reference, Kind.COMPLAINT, "a problem inside the praise", later)

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)


async def test_a_safety_task_is_not_done_like_another_task(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")
    async with memory.unit_of_work() as uow:
        task = next(row for row in await cases.tasks(uow, reference=reference) if row.kind is TaskKind.SAFETY)
        assert task.id is not None
        with pytest.raises(Refused, match=f"heard alert close {reference}"):
            await actions.finish_task(uow, task.id, "referred to the safeguarding team at 10:40, their number 5531", acting())

    async with memory.reading() as uow:
        left = next(row for row in await cases.tasks(uow, reference=reference) if row.kind is TaskKind.SAFETY)
    assert left.done_at is None


@pytest.mark.parametrize("kind", DECIDED_BY_AN_OFFICER, ids=str)
async def test_what_an_officer_decides_is_not_ticked_off_by_anybody_else(memory: Memory, kind: TaskKind) -> None:
    """practice.md §3: managers may ask; a task that is gone reminds nobody of what was never decided."""
    reference, asked = await a_case(memory, suggested=Procedure.CORPORATE), Filing()
    asked.add(task(f"to_decide:{reference}", kind, reference, MONDAY, MONDAY))
    async with memory.unit_of_work() as uow:
        await write(uow, [asked])
    async with memory.unit_of_work() as uow:
        number = next(row.id for row in await cases.tasks(uow, reference=reference) if row.key == f"to_decide:{reference}")
        before = await cases.events_of(uow, [reference])
        with pytest.raises(Refused, match=rf"the council's own rule.*`heard [a-z -]+ {reference}.*nothing was changed"):
            await actions.finish_task(uow, number or 0, "ok", acting(MANAGER))

    async with memory.unit_of_work() as uow:
        assert number in {row.id for row in await cases.tasks(uow, reference=reference)}
        assert await cases.events_of(uow, [reference]) == before
        await actions.finish_task(uow, number or 0, "rang them, and wrote why in the file", acting())
    async with memory.reading() as uow:
        assert number not in {row.id for row in await cases.tasks(uow, reference=reference)}


async def test_an_assigned_case_is_with_its_owner_and_their_team(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="not one of the people"):
            await actions.assign(uow, reference, "stranger@council.example", acting())
        await actions.assign(uow, reference, MANAGER.address, acting())

    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
    assert case is not None
    assert (case.owner, case.team) == (MANAGER.address, "Team North")


async def test_counting_again_when_nothing_changed_changes_nothing(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
    async with memory.reading() as uow:
        before = [(row.id, row.is_superseded) for row in await cases.deadlines_of(uow, reference)]

    async with memory.unit_of_work() as uow:
        await actions.change_kind(uow, reference, Kind.COMPLAINT, "it is what it was", acting())

    async with memory.reading() as uow:
        assert [(row.id, row.is_superseded) for row in await cases.deadlines_of(uow, reference)] == before
