"""Before a provider's day is used up, digests and reminders wait, so that what is left of it is for people (hard-cases.md 69)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from notifications.dispatch import Dispatch
from notifications.senders import Outgoing, Sender, Sent
from procedures.terms import Channel, Notice
from storage import outbox
from storage.outbox import outgoing
from storage.tables import OutboxRow, OutboxState
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.mouth.samples import of
from tests.mouth.test_dispatch import added, put
from tests.servers.clock import Clock

A_DAY = 10


@dataclass
class Post:
    """A mail server that takes everything."""

    took: list[str] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> Sent:
        self.took.append(outgoing.notice)
        return Sent()


def bundle(key: str) -> OutboxRow:
    facts = dict(of(Notice.REMINDERS)[0])
    return outgoing(
        key=key,
        notice=Notice.REMINDERS,
        channel=Channel.EMAIL,
        recipient="o@council.example",
        facts=facts,
        now=MONDAY,
        domain=OFFICE.domain,
    )


async def test_the_last_fifth_of_a_day_is_kept_for_people_and_comes_back_with_the_next(memory: Memory) -> None:
    clock, post = Clock(MONDAY), Post()
    senders: Mapping[Channel, Sender] = {Channel.EMAIL: post}
    dispatch = Dispatch(memory, lambda: OFFICE.council, clock, senders, OFFICE.domain, mails_a_day=A_DAY)
    await put(memory, *(added(f"before:{number}", recipient=f"p{number}@family.example") for number in range(7)))
    await dispatch.dispatch_due()
    await put(memory, bundle("one"))
    await dispatch.dispatch_due()
    await put(memory, bundle("two"), added("after", recipient="last@family.example"))
    await dispatch.dispatch_due()

    assert post.took == [Notice.ADDED] * 7 + [Notice.REMINDERS, Notice.ADDED]
    async with memory.reading() as uow:
        [waiting] = await outbox.in_states(uow, {OutboxState.QUEUED})
    assert (waiting.key, waiting.due_at - clock() >= timedelta(hours=1)) == ("two", True)
    clock.goes_on(days=1, minutes=1)
    await dispatch.dispatch_due()
    assert post.took[-1] == Notice.REMINDERS
