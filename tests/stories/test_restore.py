"""Last month's backup is put back: nobody hears anything twice, nothing that the mailbox still has is lost."""

from datetime import timedelta
from pathlib import Path

from procedures.terms import Notice, Procedure
from procedures.working_days import date_at_the_desk
from storage import holding
from storage.backup import Origin, Restoring, make_backup, restore
from storage.holding import Waiting
from storage.tables import ArrivalRow, OutboxState, PartyRow
from tests.stories import letters
from tests.stories.town import DUTY, OFFICER, Town

MUM, DAD, KIT = "mum@family.example", "dad@family.example", "kit@family.example"


def a_letter(sender: str, words: str) -> bytes:
    return letters.mail(sender, words, number=sum(map(ord, sender)))


async def test_last_months_backup_is_put_back(town: Town, tmp_path: Path) -> None:
    backup = tmp_path / "b.zip"
    await town.opens(chat=False)
    await town.gets(a_letter(MUM, "I want to complain. Nobody calls me back about my son."))
    await town.filed(1)
    await make_backup(town.memory.url, backup, Origin("Anytown Council", "Your Say", "0"), town.clock(), tell=lambda _share: None)

    # The service runs on for a month: mum is answered, dad writes.
    of_mum = (await town.case(address=MUM)).reference
    await town.route(of_mum, Procedure.STATUTORY)
    await town.acknowledge(of_mum)
    await town.goes_on(days=25)
    await town.gets(a_letter(DAD, "I want to complain. The visits with my daughter were stopped."))
    await town.filed(2)
    await town.goes_on(days=5)
    await town.at_rest()
    await town.closes()
    said = {address: len(town.letters_to(address)) for address in (MUM, DAD, KIT)}
    assert (said[MUM] >= 2, said[DAD]) == (True, 1)

    # The disk is lost.
    asked = Restoring(backup, "Anytown Council", town.clock(), "root")
    await restore(town.memory.url, asked, tell=lambda _line: None)
    lost_at = town.clock()
    town.clock.goes_on(hours=1)
    await town.opens(chat=False)
    await town.gets(a_letter(KIT, "He hits me every night. I am scared."))
    await town.until(lambda: _there(town, 3))
    await town.log_says("outbox sent", "notice=safety_alert")

    # What the mailbox still has is back; nobody heard anything, but the duty address of the danger.
    assert {party.address for party in await town.rows(PartyRow)} >= {MUM, DAD, KIT}
    assert {address: len(town.letters_to(address)) for address in said} == said
    assert any(await town.sent(notice=Notice.SAFETY_ALERT))
    assert town.letters_to(DUTY)

    # The officer drops what was said before the loss, and lets the rest go.
    def is_stale(one: Waiting) -> bool:
        return date_at_the_desk(one.about_at) < date_at_the_desk(lost_at)

    async with town.memory.unit_of_work() as uow:
        let_go, dropped = await holding.release(uow, town.clock() + timedelta(seconds=1), OFFICER.address, is_stale)
    assert (let_go >= 1, dropped >= 1) == (True, True)
    await town.goes_on(minutes=1)
    await town.at_rest()

    assert len(town.letters_to(KIT)) == 1
    assert len(town.letters_to(DAD)) == said[DAD]
    receipts = {row.recipient: row.state for row in await town.sent(notice=Notice.RECEIPT)}
    assert receipts[DAD] is OutboxState.CANCELLED
    assert receipts[KIT] is OutboxState.SENT


async def _there(town: Town, count: int) -> bool:
    return len(await town.rows(ArrivalRow)) >= count
