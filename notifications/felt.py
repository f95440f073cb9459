"""Five working days after an answer the chat asks, once, whether they felt listened to (practice.md §4)."""

from datetime import datetime, time, timedelta

from casework.office import Office
from notifications.on_desk import in_working_time
from procedures.terms import Channel, Notice
from storage import listened
from storage.filing import Filing, write
from storage.outbox import outgoing
from storage.people import ended_routes
from storage.unit_of_work import Memory

ASKED_AT = time(10)
AFTER_WORKING_DAYS = 5
LOOKED_BACK = timedelta(days=28)
"""What was answered longer ago is not asked about any more: a service that stood still does not make up for it in one morning."""


async def ask_who_was_answered(memory: Memory, office: Office, now: datetime) -> int:
    """Put the question into the outbox for every chat on a case that was answered five working days ago or more; return how
    many are due. Said once: its key is the case and the chat. From ten on a working day until the quiet hours."""
    today = in_working_time(office.council, office.calendar, now, ASKED_AT)
    if today is None:
        return 0
    async with memory.unit_of_work() as uow:
        answered = await listened.answered_chats(uow, today - LOOKED_BACK, today)
        due = [
            (reference, chat)
            for reference, chat, on in answered
            if office.calendar.count_working_days(on, today) >= AFTER_WORKING_DAYS
        ]
        ended = await ended_routes(uow, {reference for reference, _ in due}, today)
        due = [(reference, chat) for reference, chat in due if str(chat) not in ended.get(reference, ())]
        filing = Filing()
        for reference, chat in due:
            filing.add(
                outgoing(
                    key=f"felt:{reference}:{chat}",
                    notice=Notice.SCREEN,
                    channel=Channel.TELEGRAM,
                    recipient=str(chat),
                    now=now,
                    domain=office.domain,
                    facts=_facts(reference),
                    case_reference=reference,
                )
            )
        if filing.rows:
            await write(uow, [filing])
    return len(due)


def _facts(reference: str) -> dict[str, object]:
    """`is_ours`: nobody has just asked for it, so it comes as a doorbell. Its buttons carry the case (`intake.conversation`)."""
    return {"screen": "feel", "nonce": f"felt-{reference}", "buttons": None, "reference": reference, "is_ours": True}
