"""The quick exit in a chat that holds much: what is on the screen goes first, and nothing waits for what lies further up."""

from datetime import timedelta

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.chats import Shown
from notifications.rendering import Rendered
from notifications.senders import Outgoing, TelegramSender
from notifications.wires import TelegramAccess, open_bot
from procedures.terms import Channel, Notice
from storage.outbox import outgoing
from storage.tables import OutboxRow, OutboxState
from tests.stories.test_private import SAM, told
from tests.stories.town import Town

OLD, NEW = 60, 150


async def fills(town: Town, count: int, days_ago: int) -> list[Shown]:
    """So many messages of ours stand in Sam's chat since then."""
    chat, at = town.person(SAM).chat, town.clock() - timedelta(days=days_ago)
    stand = []
    async with town.memory.unit_of_work() as uow:
        for _ in range(count):
            number = chat.next_number()
            payload = {"message_id": number, "date": int(at.timestamp()), "text": "what we wrote"}
            chat.by_bot[number] = Shown(number, "what we wrote", [], at, payload)
            stand.append(chat.by_bot[number])
            row = outgoing(
                key=f"filled:{number}",
                notice=Notice.SCREEN,
                channel=Channel.TELEGRAM,
                recipient=str(SAM),
                now=at,
                domain="council.example",
                facts={},
            )
            row.state, row.sent_at, row.wire_number = OutboxState.SENT, at, number
            uow.add(row)
    return stand


async def test_hide_in_a_chat_that_holds_much_says_done_before_it_has_gone_through_all_of_it(town: Town) -> None:
    await told(town)
    old, new = await fills(town, OLD, days_ago=3), await fills(town, NEW, days_ago=0)
    sam = town.person(SAM)
    before = len(town.api.calls)

    sam.says("hide")
    await town.filed(2)
    sam.says("and my sister too")
    await town.filed(3)

    calls = town.api.calls[before:]
    done = next(at for at, call in enumerate(calls) if "Done." in str(call.parameters.get("text")))
    removed = [call.parameters["message_ids"] for call in calls if call.method == "deleteMessages"]
    assert [one.deleted for one in new[-90:]] == [True] * 90, "what stands lowest goes with the answer"
    assert all(1 <= len(numbers) <= 100 for numbers in removed), "Bot API, deleteMessages"
    asked_before = [call.method for call in calls[:done] if call.method in ("deleteMessages", "editMessageText")]
    assert asked_before == ["deleteMessages"] + ["editMessageText"] * 10, "what is in sight, and no more"
    await town.at_rest_after(minutes=5)
    assert all(one.deleted for one in new)
    assert {one.text for one in old} == {"·"}
    assert any(shown.text.startswith("Added to") for shown in sam.sees())
    assert await town.rows(OutboxRow, state=OutboxState.FAILED) == []


async def sweeps(town: Town) -> list[str]:
    """The turns that were queued for what the quick exit could not take with it at once."""
    return [row.key.partition(":sweep:")[2] for row in await town.rows(OutboxRow) if ":sweep:" in row.key]


async def test_hide_in_a_small_chat_looks_once_more_and_no_further(town: Town) -> None:
    await told(town)

    town.person(SAM).says("hide")
    await town.filed(2)
    await town.at_rest_after(minutes=5)

    assert await sweeps(town) == ["0"]
    assert town.person(SAM).sees() == []


async def test_each_turn_is_followed_by_another_only_where_something_is_left(town: Town) -> None:
    """Ten go with the answer, then twenty-five in each turn."""
    await told(town)
    old = await fills(town, 60, days_ago=3)

    town.person(SAM).says("hide")
    await town.filed(2)
    await town.at_rest_after(minutes=5)

    assert await sweeps(town) == ["0", "1"]
    assert {one.text for one in old} == {"·"}


async def test_a_chat_that_holds_more_than_is_ever_emptied_is_left_in_peace_after_the_last_turn(town: Town) -> None:
    await told(town)
    old = await fills(town, 220, days_ago=3)

    town.person(SAM).says("hide")
    await town.filed(2)
    await town.at_rest_after(minutes=5)

    assert await sweeps(town) == [str(turn) for turn in range(8)]
    assert [one.text for one in old].count("·") == 210


async def test_one_message_too_old_to_be_deleted_costs_a_dozen_calls_and_not_a_hundred(bot_api: BotApi) -> None:
    sam = bot_api.person(SAM)
    numbers = [sam.says("what Sam wrote") for _ in range(100)]
    sam.chat.by_people[numbers[40]]["date"] -= 3 * 86_400
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url)) as bot:
        await TelegramSender(bot).send(
            Outgoing(
                notice=Notice.SCREEN,
                channel=Channel.TELEGRAM,
                recipient=str(SAM),
                rendered=Rendered("", "", None),
                date=bot_api.chats.now(),
                clears=tuple(numbers),
                is_tidying=True,
            )
        )

    assert list(sam.chat.by_people) == [numbers[40]]
    assert len(bot_api.calls_of("deleteMessages")) < 20
