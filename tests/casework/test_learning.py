"""What the council learns and promises, and the thanks that are passed on. On both databases."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rehearsal.putting_right import put_right
from casework import actions
from casework.acting import Acting, Refused
from casework.council import Person, StaffRole
from casework.daily import compliments
from casework.issues import learning
from casework.people.walls import Whom, put_up
from notifications.digest import queue_digests
from notifications.reminders import remind
from procedures.terms import ActionSource, Channel, Event, Kind, Notice, Outcome, Procedure, Sharing
from storage import cases
from storage.filing import Filing, write
from storage.issues import action, events_of_action, lessons_of, praise_of
from storage.issues import actions as promised
from storage.tables import TaskKind
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, OFFICER, a_case, acting

DUE = date(2025, 3, 31)
"""A Monday, three weeks after MONDAY."""


async def do(memory: Memory, work: Callable[[UnitOfWork], Awaitable[object]]) -> object:
    async with memory.unit_of_work() as uow:
        return await work(uow)


async def refused(memory: Memory, work: Callable[[UnitOfWork], Awaitable[object]], words: str) -> None:
    with pytest.raises(Refused, match=words):
        await do(memory, work)


async def a_closed_case(memory: Memory) -> str:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
        await put_right(uow, reference, Outcome.UPHELD, "It was so.", "We are sorry.", acting())
        await actions.respond(uow, reference, "We are sorry.", Outcome.UPHELD, acting())
        await actions.close(uow, reference, "answered", acting())
    return reference


async def an_action(memory: Memory, reference: str, source: ActionSource = ActionSource.LESSON) -> int:
    async with memory.unit_of_work() as uow:
        return await learning.add_action(uow, reference, "Call before each move", MANAGER.address, DUE, source, acting())


async def test_nobody_is_charged_with_something_until_a_day_that_no_calendar_knows(memory: Memory) -> None:
    """Nobody could be reminded of it, and the reminders of that morning would have failed for everybody."""
    reference, beyond = await a_closed_case(memory), date(2036, 1, 7)
    number = await an_action(memory, reference)

    async def charged(uow: UnitOfWork) -> object:
        source = ActionSource.LESSON
        return await learning.add_action(uow, reference, "Call before each move", MANAGER.address, beyond, source, acting())

    await refused(memory, charged, "7 January 2036 lies beyond the calendar of bank holidays, which ends on Monday 31")
    await refused(memory, lambda uow: learning.move(uow, number, beyond, "it takes longer", acting()), "Nothing was changed")


async def test_a_lesson_and_its_action_outlive_the_case(memory: Memory) -> None:
    reference = await a_closed_case(memory)
    async with memory.unit_of_work() as uow:
        lesson = await learning.learn(uow, reference, "Nobody tells a child before a move.", acting())
        number = await learning.add_action(
            uow, reference, "Call before each move", MANAGER.address, DUE, ActionSource.LESSON, acting(), lesson=lesson
        )
    await do(memory, lambda uow: learning.finish(uow, number, "practice note 12", acting(MANAGER)))

    async with memory.reading() as uow:
        [kept], row = await lessons_of(uow, reference), await action(uow, number)
        notes = [one.note for one in (await cases.events_of(uow, [reference]))[reference] if one.name is Event.NOTED]
    assert row is not None
    assert (kept.words, row.lesson_id, row.done_on, row.done_by) == (kept.words, lesson, MONDAY.date(), MANAGER.address)
    assert row.evidence == "practice note 12"
    assert f"action {number} (lesson) for {MANAGER.address}, until 2025-03-31" in notes


async def test_what_an_action_refuses(memory: Memory) -> None:
    reference = await a_closed_case(memory)
    add = learning.add_action
    lesson = ActionSource.LESSON
    number = await an_action(memory, reference)
    other = Acting(Person("x@council.example", "X", StaffRole.MANAGER), OFFICE, MONDAY)
    soon = date(2025, 3, 20)
    for work, words in (
        (lambda uow: add(uow, reference, " ", MANAGER.address, DUE, lesson, acting()), "what will be different"),
        (lambda uow: add(uow, reference, "A", "nobody@x.example", DUE, lesson, acting()), "could not be reminded"),
        (lambda uow: add(uow, reference, "A", MANAGER.address, date(2025, 3, 9), lesson, acting()), "has passed"),
        (lambda uow: add(uow, reference, "A", MANAGER.address, DUE, lesson, acting(), lesson=99), "no lesson 99"),
        (lambda uow: add(uow, reference, "A", MANAGER.address, DUE, lesson, acting(), number=9), "has no issue 9"),
        (lambda uow: add(uow, reference, "A", MANAGER.address, DUE, lesson, acting(MANAGER)), "Only a complaints officer"),
        (lambda uow: learning.learn(uow, reference, " ", acting()), "needs words"),
        (lambda uow: learning.finish(uow, number, " ", acting()), "--evidence"),
        (lambda uow: learning.finish(uow, number, "a", acting(), on=soon), "has not come yet"),
        (lambda uow: learning.finish(uow, number, "a", other), "they or an officer"),
        (lambda uow: learning.finish(uow, 99, "a", acting()), "no action 99"),
        (lambda uow: learning.move(uow, number, soon, "", acting()), "Say why"),
        (lambda uow: learning.move(uow, number, DUE, "same", acting()), "already"),
        (lambda uow: learning.give_to(uow, number, MANAGER.address, "why", acting()), "already"),
        (lambda uow: learning.tell(uow, number, "a", "b", acting()), "nothing has changed for them yet"),
    ):
        await refused(memory, work, words)
    async with memory.reading() as uow:
        assert [(one.id, one.due_on, one.done_on) for one in await promised(uow)] == [(number, DUE, None)]
        assert await events_of_action(uow, number) == []


async def test_the_day_of_a_recommendation_is_not_ours_to_move(memory: Memory) -> None:
    """The Ombudsman's twelfth fault: recommendations not done (24 009 478)."""
    number = await an_action(memory, await a_closed_case(memory), ActionSource.OMBUDSMAN)
    later, busy = date(2025, 4, 30), "the team is busy"
    await refused(memory, lambda uow: learning.move(uow, number, later, busy, acting()), "theirs to agree to.*24 009 478")
    why = "the Ombudsman agreed by letter of 20 March"
    await do(memory, lambda uow: learning.move(uow, number, later, why, acting()))

    async with memory.reading() as uow:
        row = await action(uow, number)
        assert row and (row.due_on, row.first_due_on) == (later, DUE)
        assert [one.note for one in await events_of_action(uow, number)] == [f"due 2025-03-31 to 2025-04-30: {why}"]


async def test_nobody_is_charged_with_what_is_kept_from_them(memory: Memory) -> None:
    reference = await a_closed_case(memory)
    await do(memory, lambda uow: put_up(uow, reference, Whom(address=MANAGER.address), "named in it", acting()))
    # Allowed below: short, and read beside its use
    charge = lambda uow: learning.add_action(uow, reference, "A", MANAGER.address, DUE, ActionSource.LESSON, acting())  # noqa: E731

    await refused(memory, charge, "is kept from")
    async with memory.reading() as uow:
        assert await promised(uow, reference=reference) == []


async def test_you_said_we_did_goes_back_once(memory: Memory) -> None:
    reference = await a_closed_case(memory)
    number = await an_action(memory, reference)
    await do(memory, lambda uow: learning.finish(uow, number, "practice note 12", acting(MANAGER)))
    # Allowed below: short, and read beside its use
    tell = lambda uow: learning.tell(uow, number, "No one told me.", "We now call.", acting())  # noqa: E731
    await refused(memory, lambda uow: learning.tell(uow, number, "No one told me.", "", acting()), "Say both")
    await do(memory, tell)
    await refused(memory, tell, "They were told")

    async with memory.reading() as uow:
        [sent] = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.YOU_SAID_WE_DID]
    assert (sent.channel, sent.recipient) == (Channel.EMAIL, "mum@family.example")
    assert (sent.facts["you_said"], sent.facts["we_did"]) == ("No one told me.", "We now call.")


async def test_a_promise_of_a_closed_case_is_chased_like_a_complaint(memory: Memory) -> None:
    """Due Monday 31 March: told two working days before, on the day, one and three days late; each rung once."""
    reference = await a_closed_case(memory)
    number = await an_action(memory, reference)

    async def told_on(day: date) -> dict[str, list[tuple[int, str, int]]]:
        morning = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        bundles = await remind(memory, OFFICE, morning)
        return {
            bundle.person.address: [
                (line.action, line.rungs[-1], line.days) for line in (*bundle.overdue, *bundle.due_today, *bundle.due_soon)
            ]
            for bundle in bundles
        }

    thursday = date(2025, 3, 27)
    assert await told_on(date(2025, 3, 26)) == {}
    assert await told_on(thursday) == {MANAGER.address: [(number, "T-2", 2)]}
    assert await told_on(thursday + timedelta(days=1)) == {}
    assert await told_on(DUE) == {address: [(number, "due", 0)] for address in (MANAGER.address, OFFICER.address)}
    late = await told_on(DUE + timedelta(days=1))
    assert late == {address: [(number, "+1", 1)] for address in (MANAGER.address, OFFICER.address)}
    monday = DUE + timedelta(days=7)
    digests = await queue_digests(memory, OFFICE, datetime(2025, 4, 7, 9, tzinfo=UTC), day=monday, queue=False)
    [promises] = {(one.promised.open, one.promised.late, one.promised.done) for address, one in digests if "officer" in address}
    assert promises == (1, 1, 0)

    await do(memory, lambda uow: learning.finish(uow, number, "done", acting(at=datetime(2025, 4, 1, 12, tzinfo=UTC))))
    assert await told_on(date(2025, 4, 3)) == {}


async def test_thanks_are_passed_on_within_five_working_days(memory: Memory) -> None:
    """Received on Monday 10 March 2025: on the list until Monday 17 March at five."""
    reference = await a_case(memory, kind=Kind.COMPLIMENT)
    async with memory.reading() as uow:
        [task] = [one for one in await cases.tasks(uow, reference=reference) if one.kind is TaskKind.PRAISE]
    assert task.due_at == datetime(2025, 3, 17, 17, tzinfo=UTC)
    pass_on, person = compliments.pass_on, Sharing.PERSON_PRAISED
    for work, words in (
        (lambda uow: pass_on(uow, reference, person, " ", acting(), to="Jo"), "Say with --how"),
        (lambda uow: pass_on(uow, reference, person, "by phone", acting()), "Say with --to"),
        (lambda uow: pass_on(uow, reference, Sharing.NOBODY, "by phone", acting(), to="Jo"), "want nobody to be told"),
        (lambda uow: pass_on(uow, reference, person, "by phone", acting(MANAGER), to="Jo"), "Only a complaints officer"),
    ):
        await refused(memory, work, words)
    words = "Thank you for coming to my school play."
    await do(memory, lambda uow: pass_on(uow, reference, person, "by phone", acting(), to=MANAGER.address, words=words))

    async with memory.reading() as uow:
        kept, tasks = await praise_of(uow, reference), await cases.tasks(uow, reference=reference)
        [sent] = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.PRAISE]
    assert kept and (kept.sharing, kept.passed_to, kept.passed_on) == (person, MANAGER.address, MONDAY.date())
    assert not [one for one in tasks if one.kind is TaskKind.PRAISE]
    assert (sent.recipient, sent.facts["words"]) == (MANAGER.address, words)
    assert "R Green" not in str(sent.facts)
    # Allowed below: short, and read beside its use
    again = lambda uow: pass_on(uow, reference, person, "by phone", acting(), to="Jo")  # noqa: E731
    await refused(memory, again, "It was passed on")
    await do(memory, lambda uow: pass_on(uow, reference, Sharing.NOBODY, "they wrote again", acting()))
    async with memory.reading() as uow:
        kept = await praise_of(uow, reference)
    assert kept and (kept.sharing, kept.passed_on) == (Sharing.NOBODY, MONDAY.date())


async def test_words_without_a_name_go_along_only_once_they_tell_nobody(memory: Memory) -> None:
    """R Green said in the chat: my words, but not my name."""
    reference = await a_case(memory, kind=Kind.COMPLIMENT)
    async with memory.unit_of_work() as uow:
        said = acting().event(reference, Event.NOTED, "says that whoever they thank may see their words, but not their name")
        await write(uow, [Filing(rows=[said])])
    pass_on, person = compliments.pass_on, Sharing.PERSON_PRAISED

    for words in (
        "Thank you Jo. It was Mr green's family that wrote.",
        "You are the best. Love, Keira x",
        "You are the best.\nKeira",
    ):
        with pytest.raises(Refused, match="not their name"):
            async with memory.unit_of_work() as uow:
                await pass_on(uow, reference, person, "chat", acting(), to="Jo", words=words)
    async with memory.reading() as uow:
        assert await praise_of(uow, reference) is None
    await do(
        memory, lambda uow: pass_on(uow, reference, person, "chat", acting(), to="Jo", words="You are the best.\nThank you, Jo")
    )
    async with memory.reading() as uow:
        kept = await praise_of(uow, reference)
    assert kept and kept.passed_to == "Jo"


async def test_words_that_only_look_like_a_name_go_along_once_an_officer_says_why(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLIMENT)
    async with memory.unit_of_work() as uow:
        said = acting().event(reference, Event.NOTED, "says that whoever they thank may see their words, but not their name")
        await write(uow, [Filing(rows=[said])])
    pass_on, words = compliments.pass_on, "You came all the way from London"
    for accept in ("", " "):
        with pytest.raises(Refused, match="take “London” out of --words, or say with --accept why"):
            async with memory.unit_of_work() as uow:
                await pass_on(uow, reference, Sharing.PERSON_PRAISED, "chat", acting(), to="Jo", words=words, accept=accept)
    async with memory.unit_of_work() as uow:
        about = (uow, reference, Sharing.PERSON_PRAISED, "chat", acting())
        await pass_on(*about, to="Jo", words=words, accept="a town, not a person")
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference]]
    assert [note for note in notes if "a town, not a person" in (note or "")]


async def test_what_turns_out_to_be_thanks_is_passed_on_and_what_does_not_is_not(memory: Memory) -> None:
    reference = await a_case(memory)
    await refused(memory, lambda uow: compliments.pass_on(uow, reference, Sharing.NOBODY, "a", acting()), "no compliment")

    async def waits() -> bool:
        async with memory.reading() as uow:
            return TaskKind.PRAISE in {one.kind for one in await cases.tasks(uow, reference=reference)}

    await do(memory, lambda uow: actions.change_kind(uow, reference, Kind.COMPLIMENT, "all of it is thanks", acting()))
    assert await waits()
    await do(memory, lambda uow: actions.change_kind(uow, reference, Kind.COMPLAINT, "there is a complaint", acting()))
    assert not await waits()
