"""What young people really send, and what becomes of it."""

from storage.tables import ArrivalRow, CaseRow, LedgerResult, LetterRow
from tests.stories.letters import plain
from tests.stories.town import DUTY, OFFICER, Town

SAM, KIT = 70_010_001, 70_010_002


def receipts(town: Town, chat: int = SAM) -> list[str]:
    return [plain(shown.text) for shown in town.api.ever_sent_to(chat) if "Your number is" in shown.text]


async def test_an_empty_message_opens_nothing_and_shows_a_way_on(town: Town) -> None:
    await town.opens(mail=False)

    town.person(SAM).says("")
    town.person(KIT, "Katarzyna").says(" \n\u200b ")
    rows = await town.filed(2)

    assert [row.result for row in rows] == [LedgerResult.ASKED] * 2
    assert await town.rows(CaseRow) == []
    for chat in (SAM, KIT):
        (shown,) = town.api.ever_sent_to(chat)
        assert "Something is wrong" in shown.labels()
        assert "Get help now" in shown.labels()
    assert town.post.posted == []


async def test_4096_characters_and_then_20_more_are_one_case_with_every_character(town: Town) -> None:
    story = ("They moved me and nobody told me why. " * 200)[:4096] + " and that is not all"[:20]
    assert len(story) == 4116
    await town.opens(mail=False)

    town.person(SAM).says(story)
    await town.filed(2)

    case = await town.case(chat=SAM)
    letters = await town.rows(LetterRow, case_reference=case.reference)
    assert [len(letter.words) for letter in sorted(letters, key=lambda one: one.message_number)] == [4096, 20]
    whole = b"".join(row.raw for row in await town.rows(ArrivalRow)).decode()
    assert " and that is not all" in whole
    assert len(receipts(town)) == 1
    assert len(town.api.ever_sent_to(SAM)) == 2
    assert len(town.letters_to(OFFICER.address)) == 1


async def test_the_same_update_three_times_is_heard_once(town: Town) -> None:
    await town.opens(mail=False)
    updates = town.api.updates
    town.person(SAM).says("They moved me without a word.")
    (update,) = updates.unconfirmed()

    updates.put_raw(update)
    await town.filed(1)
    updates.put_raw(update)
    town.person(KIT, "Katarzyna").says("Nobody listens to me here.")
    await town.filed(2)

    assert len(await town.rows(CaseRow)) == 2
    assert [len(receipts(town, chat)) for chat in (SAM, KIT)] == [1, 1]
    assert len(town.letters_to(OFFICER.address)) == 2


async def test_a_button_pressed_three_times_does_its_work_once(town: Town) -> None:
    await town.opens(mail=False)
    sam = town.person(SAM)
    sam.says("They moved me without a word.")
    await town.filed(1)
    sam.says("/stop")
    await town.filed(2)
    for count in (3, 4, 5):
        sam.presses("Yes, stop it")
        await town.filed(count)

    assert (await town.tasks())["withdrawal"] == 1
    said = [plain(shown.text) for shown in town.api.ever_sent_to(SAM)]
    assert len([one for one in said if "check that it is your choice" in one]) == 1


async def test_an_update_that_cannot_be_read_between_two_good_ones_holds_up_neither(town: Town) -> None:
    await town.opens(mail=False)
    updates = town.api.updates

    town.person(SAM).says("They moved me without a word.")
    updates.put_raw({"update_id": updates.new_id(), "message": "nonsense"})
    updates.put_raw({"update_id": updates.new_id(), "message": {"date": 1782900000, "chat": [], "text": {"a": 1}}})
    town.person(KIT, "Katarzyna").says("Nobody listens to me here.")
    rows = await town.filed(4)

    assert len(await town.rows(CaseRow)) == 2
    assert [len(receipts(town, chat)) for chat in (SAM, KIT)] == [1, 1]
    assert rows[1].result is LedgerResult.QUARANTINED
    assert b"nonsense" in rows[1].raw

    async def told() -> bool:
        return any("could not be read" in str(letter["Subject"]) for letter in town.letters_to(DUTY))

    await town.until(told)


async def test_what_is_written_while_the_service_is_off_is_answered_when_it_is_back(town: Town) -> None:
    await town.opens(mail=False)
    town.person(SAM).says("They moved me without a word.")
    await town.filed(1)
    await town.closes()
    town.person(SAM).says("Hello? Is anybody there?")
    town.person(KIT, "Katarzyna").says("Nobody listens to me here.")

    await town.opens(mail=False)
    await town.filed(3)

    assert [len(receipts(town, chat)) for chat in (SAM, KIT)] == [1, 1]
    assert len(await town.rows(CaseRow)) == 2


async def test_a_voice_note_is_kept_and_its_bytes_fetched_and_a_person_listens(town: Town) -> None:
    await town.opens(mail=False)
    town.person(SAM).sends_voice(b"OggS" + bytes(range(200)))
    await town.filed(1)
    from storage.tables import AttachmentRow

    async def fetched() -> list[bytes]:
        return [row.content for row in await town.rows(AttachmentRow) if row.content]

    assert await town.until(fetched) == [b"OggS" + bytes(range(200))]
    case = await town.case(chat=SAM)
    assert (await town.tasks(case.reference))["look_for_harm"] == 1
    assert "listen" in plain(town.api.ever_sent_to(SAM)[0].text)


async def test_in_a_group_the_bot_keeps_nothing_and_leaves(town: Town) -> None:
    await town.opens(mail=False)
    group = town.api.group()
    group.is_joined_by_the_bot(town.person(KIT, "Katarzyna"))
    group.hears(town.person(SAM), "Samira says something private in a group.")

    async def left() -> bool:
        return not group.has_the_bot

    await town.until(left)
    await town.at_rest()

    assert await town.rows(CaseRow) == []
    assert not any(b"private" in row.raw for row in await town.rows(ArrivalRow))
