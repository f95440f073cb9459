"""A phone that others see: what we start rings and says nothing, its words come by a tap, and hiding takes out what it can."""

from bot.rehearsal.chats import Shown
from procedures.terms import Channel, Notice, Procedure
from storage.outbox import outgoing
from storage.tables import OutboxRow, OutboxState
from tests.stories.letters import plain
from tests.stories.town import Town

SAM = 70_010_001
BELL = "You have a new message."


async def told(town: Town, *chosen: str) -> str:
    """Sam has told, chosen how we write, and gets the officer's letter; the reference of the case."""
    await town.opens(mail=False)
    sam = town.person(SAM)
    sam.says("They moved me and nobody asked me.")
    await town.filed(1)
    for number, label in enumerate(chosen, start=2):
        sam.says(label)
        await town.filed(number)
    case = await town.case(chat=SAM)
    await town.route(case.reference, Procedure.STATUTORY)
    await town.acknowledge(case.reference, "I had to move and no one asked me.")
    await town.at_rest()
    return case.reference


def last(town: Town) -> Shown:
    return town.person(SAM).sees()[-1]


def all_words(town: Town) -> str:
    return plain("\n".join(shown.text for shown in town.person(SAM).sees()))


async def test_a_letter_rings_without_a_word_and_is_read_by_a_tap_that_rings_nowhere(town: Town) -> None:
    reference = await told(town)
    rung = last(town)
    seen = len(town.api.ever_sent_to(SAM))
    assert (rung.text, rung.labels(), rung.silent) == (BELL, ["Read it"], True)
    [row] = await town.sent(reference, Notice.ACKNOWLEDGEMENT)
    assert row.is_bell
    assert "I had to move and no one asked me." in row.body, "the record holds what waits behind it"

    town.person(SAM).presses("Read it")
    await town.filed(2)

    assert "I had to move and no one asked me." in all_words(town)
    assert rung.text != BELL
    assert rung.labels() == []
    assert rung.edited
    assert all(shown.silent for shown in town.api.ever_sent_to(SAM)[seen:])
    assert await town.rows(OutboxRow, state=OutboxState.FAILED) == []


async def test_a_question_that_nobody_asked_for_rings_nowhere(town: Town) -> None:
    """people-and-safety.md §2.11: silent, like every doorbell."""
    reference = await told(town)
    facts = {"screen": "feel", "nonce": f"felt-{reference}", "buttons": None, "reference": reference, "is_ours": True}
    row = outgoing(
        key="felt",
        notice=Notice.SCREEN,
        channel=Channel.TELEGRAM,
        recipient=str(SAM),
        now=town.clock(),
        domain="council.example",
        facts=facts,
        case_reference=reference,
    )
    async with town.memory.unit_of_work() as uow:
        uow.add(row)
    await town.at_rest_after(seconds=5)

    assert (last(town).text, last(town).silent) == (BELL, True)


async def test_who_asked_for_it_has_the_words_hidden_again_after_ten_minutes_and_nothing_waits_for_that(town: Town) -> None:
    await told(town, "private", "Yes, hide it again")
    rung = last(town)
    town.person(SAM).presses("Read it")
    await town.filed(4)
    assert "no one asked me" in all_words(town)

    town.person(SAM).says("and my sister too")
    await town.filed(5)
    assert last(town).text.startswith("Added to"), "an answer does not wait behind what hides later"
    await town.at_rest_after(minutes=11)

    assert (rung.text, rung.labels()) == (BELL, ["Read it"])
    assert "no one asked me" not in all_words(town)


async def test_the_words_are_hidden_by_a_tap_and_read_again_by_another(town: Town) -> None:
    await told(town, "private", "Yes, hide it again")
    rung = last(town)
    town.person(SAM).presses("Read it")
    await town.filed(4)

    town.person(SAM).presses("Hide it again")
    await town.filed(5)
    hidden = rung.text
    town.clock.goes_on(minutes=1)
    town.person(SAM).presses("Read it")
    await town.filed(6)

    assert hidden == BELL
    assert "no one asked me" in all_words(town)


async def test_an_adult_may_have_the_words_at_once(town: Town) -> None:
    await told(town, "Parent", "private", "Show it right away")

    assert "I had to move and no one asked me." in all_words(town)
    assert BELL not in [shown.text for shown in town.person(SAM).sees()]


async def test_nobody_reads_the_message_of_another(town: Town) -> None:
    await told(town)
    [row] = await town.rows(OutboxRow, notice=Notice.ACKNOWLEDGEMENT.value)
    kit = town.person(70_010_002, "Kit")
    kit.says("hello")
    await town.filed(2)
    seen = [shown.text for shown in kit.sees()]

    kit.presses_payload(f"bell.{row.id}", kit.sees()[-1])
    kit.presses_payload(f"cover.{row.id}", kit.sees()[-1])
    await town.filed(4)

    assert [shown.text for shown in kit.sees()] == seen
    assert last(town).text == BELL


async def test_hide_empties_the_chat_on_both_sides_and_the_last_word_goes_after_a_minute(town: Town) -> None:
    reference = await told(town)
    sam = town.person(SAM)
    sam.says("please hurry")
    await town.filed(2)
    assert len(sam.chat.by_people) == 2

    sam.says("hide")
    await town.filed(3)

    assert [shown.text.partition(" ")[0] for shown in sam.sees()] == ["Done."]
    assert not sam.chat.by_people
    await town.at_rest_after(seconds=61)
    assert sam.sees() == []
    assert await town.words_of(reference) == ["They moved me and nobody asked me.", "please hurry"]
    assert await town.rows(OutboxRow, state=OutboxState.FAILED) == []


async def test_what_is_too_old_to_be_deleted_loses_its_words(town: Town) -> None:
    await told(town)
    town.clock.goes_on(days=3)
    sam = town.person(SAM)
    old = list(sam.sees())

    sam.says("/hide")
    await town.filed(2)

    assert {shown.text for shown in old} == {"·"}
    assert not [label for shown in old for label in shown.labels()]
    assert [shown.text.partition(" ")[0] for shown in sam.sees()[len(old) :]] == ["Done."]
