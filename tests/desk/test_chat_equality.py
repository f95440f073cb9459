"""At the real desk: what somebody says about themselves in the chat is counted, and leads back to nobody. On both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from notifications.felt import ask_who_was_answered
from storage import daily
from storage.filing import table_of
from storage.tables import ArrivalRow, ConversationRow, EventRow, LetterRow, OutboxRow, TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_chat_filed import WORDS, Chats, answer

TUESDAY = datetime(2025, 3, 18, 11, tzinfo=UTC)
"""Five working days after the answer of Tuesday 11 March."""
EVERYWHERE = (ArrivalRow, ConversationRow, EventRow, LetterRow, OutboxRow, TaskRow)


async def asked(memory: Memory) -> tuple[Chats, OutboxRow]:
    """Somebody who was answered, and has just said how it felt: the offer that they see."""
    chats = Chats(memory)
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await answer(memory, case.reference, MONDAY + timedelta(days=1))
    await ask_who_was_answered(memory, OFFICE, TUESDAY)
    await chats.hears(chats.presses((await chats.screens())[-1], "feel_bit", at=TUESDAY))
    return chats, (await chats.screens())[-1]


async def shown(chats: Chats, bubble: OutboxRow, *buttons: str) -> list[str]:
    """Press one after the other, each on what the last one showed; the screens that answer."""
    seen = []
    for seconds, button in enumerate(buttons, start=1):
        before = len(await chats.screens())
        await chats.hears(chats.presses(bubble, button, at=TUESDAY + timedelta(seconds=20 * seconds)))
        new: Sequence[OutboxRow] = (await chats.screens())[before:]
        seen += [row.facts["screen"] for row in new]
        bubble = new[-1] if new else bubble
    return seen


async def everything(memory: Memory) -> str:
    """All that is kept of everybody, apart from the answers."""
    async with memory.reading() as uow:
        tables = [table_of(one) for one in EVERYWHERE]
        return "\n".join([str(tuple(row)) for one in tables for row in await (await uow.connection()).execute(select(*one.c))])


async def test_answers_of_the_chat_are_counted_and_lead_back_to_nobody(memory: Memory) -> None:
    chats, offer = await asked(memory)
    assert (offer.facts["screen"], offer.case_reference) == ("about_you", None)

    seen = await shown(chats, offer, "eq_yes", "eq_female", "eq_skip", "eq_black", "eq_age_17")

    assert seen == [f"about_you_{name}" for name in ("sex", "disability", "ethnicity", "age", "done")]
    async with memory.reading() as uow:
        kept = await daily.equality_answers(uow, 2024)
        raw = [row.raw for row in await uow.exec(select(ArrivalRow).order_by(col(ArrivalRow.received_at)))]
    assert {row.question.value: row.answer for row in kept} == {"age": "16 to 17", "ethnicity": "black", "sex": "female"}
    assert raw[-5:] == [b""] * 5  # not which button, nor whether there was an answer
    left = await everything(memory)
    assert not [word for word in ("eq_age_17", "16 to 17", "eq_black") if word in left]


async def test_an_answer_that_is_typed_or_comes_late_is_kept_with_nobody_either(memory: Memory) -> None:
    chats, offer = await asked(memory)
    await shown(chats, offer, "eq_yes")
    sex = (await chats.screens())[-1]

    await chats.hears(chats.says("2", at=TUESDAY + timedelta(minutes=2)))
    await chats.hears(chats.presses(sex, "eq_female", at=TUESDAY + timedelta(minutes=5)))

    async with memory.reading() as uow:
        kept = [(row.question.value, row.answer) for row in await daily.equality_answers(uow, 2024)]
        raw = [row.raw for row in await uow.exec(select(ArrivalRow).order_by(col(ArrivalRow.received_at)))]
    assert kept == [("sex", "male")]
    assert raw[-2:] == [b"", b""]


async def test_nobody_is_asked_while_a_safety_alert_of_their_chat_is_open(memory: Memory) -> None:
    chats = Chats(memory)
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await answer(memory, case.reference, MONDAY + timedelta(days=1))
    await ask_who_was_answered(memory, OFFICE, TUESDAY)
    feel = (await chats.screens())[-1]
    await chats.hears(chats.says("My foster carer hit me and nobody listens.", at=TUESDAY - timedelta(hours=3)))
    async with memory.reading() as uow:
        open_alerts = [row for row in await uow.exec(select(TaskRow)) if row.kind is TaskKind.SAFETY and row.done_at is None]

    await chats.hears(chats.presses(feel, "feel_no", at=TUESDAY))

    assert open_alerts
    assert (await chats.screens())[-1].facts["screen"] == "felt"
