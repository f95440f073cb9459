"""A safety alert: somebody has it by name, it is told again until then, and it closes only with what was done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework import alerts, opening
from casework.acting import Acting, Refused
from casework.alerts import Closing
from casework.council import Person, StaffRole
from casework.opening import alert_duty
from procedures.terms import AlarmRoute, Channel, Event
from storage import cases
from storage.filing import Filing, write
from storage.tables import HarmBy, OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, OFFICER, a_case, acting

LEAD = Person("lead@council.example", "Ama Owusu", StaffRole.HEAD_OF_SERVICE)
LEAD_OF_NORTH = Person("lead.north@council.example", "Kim North", StaffRole.HEAD_OF_SERVICE, "Team North")
RINGS = replace(
    OFFICE,
    council=replace(
        OFFICE.council,
        people=(OFFICER, MANAGER, LEAD, LEAD_OF_NORTH),
        alarm_routes=(AlarmRoute.COMMAND, AlarmRoute.WEBHOOK),
    ),
)
HALF_AN_HOUR = timedelta(minutes=30)
REFERRED = Closing(
    HarmBy.SOMEBODY_ELSE,
    referred_to="Anytown MASH",
    referred_at=MONDAY,
    their_reference="5531",
    child_told="That we had to tell the duty social worker",
)
REASONED_NO = Closing(HarmBy.NOBODY, decided_by="Bo Lead, designated safeguarding lead", why="a song that was quoted")


async def repeated(memory: Memory, now: datetime) -> list[OutboxRow]:
    """What the watch would put in the outbox at a moment."""
    async with memory.unit_of_work() as uow:
        filing = await alerts.repeat_what_nobody_took_up(uow, RINGS, now, HALF_AN_HOUR)
        await write(uow, [filing])
    return [row for row in filing.rows if isinstance(row, OutboxRow)]


async def the_alert(memory: Memory, *, open_only: bool = True) -> alerts.Alert:
    async with memory.reading() as uow:
        (alert,) = await alerts.alerts(uow, open_only=open_only)
    return alert


async def close(memory: Memory, reference: str, end: Closing, by: Acting | None = None) -> None:
    async with memory.unit_of_work() as uow:
        await alerts.close(uow, reference, end, by or acting(at=MONDAY + timedelta(hours=1)))


def rung(rows: list[OutboxRow]) -> list[tuple[str, int]]:
    return [(row.recipient, row.facts["again"]) for row in rows if row.channel is Channel.ALARM]


def mailed(rows: list[OutboxRow]) -> list[str]:
    return [row.recipient for row in rows if row.channel is Channel.EMAIL]


def test_an_alert_goes_by_mail_and_by_every_alarm_at_once_and_names_nobody() -> None:
    filing = Filing()

    alert_duty(opening.Alert("CSF-0001", "harm", Channel.TELEGRAM, MONDAY, "abc", "says: not safe"), RINGS, MONDAY, filing)

    rows = [row for row in filing.rows if isinstance(row, OutboxRow)]
    assert mailed(rows) == ["duty@council.example"]
    assert rung(rows) == [("command", 0), ("webhook", 0)]
    ids = {row.facts["id"] for row in rows if row.channel is Channel.ALARM}
    assert len(ids) == 1
    assert all(set(row.facts) == {"id", "what", "reference", "at", "again"} for row in rows if row.channel is Channel.ALARM)


def test_what_is_only_to_be_looked_at_rings_nobody() -> None:
    filing = Filing()

    alert_duty(opening.Alert("CSF-0001", "look", Channel.TELEGRAM, MONDAY, "abc"), RINGS, MONDAY, filing)

    assert rung([row for row in filing.rows if isinstance(row, OutboxRow)]) == []


async def test_taking_an_alert_up_is_on_record_by_name_and_done_once(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")

    async with memory.unit_of_work() as uow:
        await alerts.take_up(uow, reference, acting())

    alert = await the_alert(memory)
    assert alert.taken is not None
    assert (alert.taken.taken_by, alert.taken.taken_at) == (OFFICER.address, MONDAY)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match=r"officer@council\.example took this alert up already"):
            await alerts.take_up(uow, reference, acting(LEAD))


async def test_nobody_of_one_team_takes_an_alert_up_or_closes_it(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="may be about that very team"):
            await alerts.take_up(uow, reference, acting(MANAGER))
    with pytest.raises(Refused, match="may be about that very team"):
        await close(memory, reference, REFERRED, acting(LEAD_OF_NORTH))

    assert not (await the_alert(memory)).is_taken_up


async def test_a_referral_closes_it_with_all_that_must_be_known_and_the_case_stays_open(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")

    await close(memory, reference, REFERRED)

    alert = await the_alert(memory, open_only=False)
    assert alert.taken is not None
    assert alert.task.done_by == alert.taken.closed_by == alert.taken.taken_by == OFFICER.address
    assert (alert.taken.referred_to, alert.taken.their_reference, alert.taken.referred_at) == ("Anytown MASH", "5531", MONDAY)
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]
        case = await cases.find(uow, reference)
    assert case is not None
    assert case.closed_on is None
    assert any("Anytown MASH" in note and "5531" in note and "duty social worker" in note for note in notes)


async def test_a_qualified_persons_reasoned_no_closes_it(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")

    await close(memory, reference, REASONED_NO)

    alert = await the_alert(memory, open_only=False)
    assert alert.taken is not None
    assert (alert.taken.decided_by, alert.taken.referred_to) == ("Bo Lead, designated safeguarding lead", "")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (Closing(HarmBy.UNKNOWN), "closes with a referral"),
        (replace(REASONED_NO, why=" "), "closes with a referral"),
        (replace(REASONED_NO, decided_by=""), "closes with a referral"),
        (replace(REFERRED, their_reference=""), "--their-reference"),
        (replace(REFERRED, child_told=""), "--told"),
        (replace(REFERRED, referred_at=None), "--at"),
        (replace(REFERRED, referred_at=MONDAY + timedelta(days=1)), "in the future"),
        (replace(REFERRED, harm_by=HarmBy.STAFF), "--lado"),
        (replace(REFERRED, harm_by=HarmBy.CARER), "--lado"),
        (replace(REASONED_NO, harm_by=HarmBy.STAFF), "designated officer"),
    ],
)
async def test_it_stays_open_while_anything_is_missing(memory: Memory, end: Closing, says: str) -> None:
    reference = await a_case(memory, tier="harm")

    with pytest.raises(Refused, match=says):
        await close(memory, reference, end)

    assert (await the_alert(memory)).task.done_at is None


async def test_harm_by_staff_closes_with_the_designated_officer_on_record(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")

    await close(memory, reference, replace(REFERRED, harm_by=HarmBy.STAFF, designated_officer="Lee Ado, LADO"))

    alert = await the_alert(memory, open_only=False)
    assert alert.taken is not None
    assert (alert.taken.harm_by, alert.taken.designated_officer) == (HarmBy.STAFF, "Lee Ado, LADO")


async def test_an_alert_without_a_case_goes_by_its_number(memory: Memory) -> None:
    filing = Filing()
    alert_duty(opening.Alert(None, "harm", Channel.TELEGRAM, MONDAY, "abc"), OFFICE, MONDAY, filing)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
    number = str((await the_alert(memory)).number)

    await close(memory, number, REFERRED)

    async with memory.reading() as uow:
        assert await alerts.alerts(uow) == []
    with pytest.raises(Refused, match="no open safety alert"):
        await close(memory, number, REFERRED)


async def test_what_nobody_took_up_rings_again_after_each_half_hour_of_staffed_time(memory: Memory) -> None:
    """Came at 10:00 on Monday: again at 10:30 to the officers, from 11:00 on to who leads all, never to a team's lead."""
    await a_case(memory, tier="harm")

    early = await repeated(memory, MONDAY + timedelta(minutes=29))
    once = await repeated(memory, MONDAY + timedelta(minutes=30))
    twice = await repeated(memory, MONDAY + timedelta(minutes=61))

    assert (rung(early), mailed(early)) == ([("command", 0), ("webhook", 0)], [])
    assert rung(once)[2:] == [("command", 1), ("webhook", 1)]
    assert mailed(once) == ["duty@council.example", OFFICER.address]
    assert rung(twice)[2:] == [("command", 2), ("webhook", 2)]
    assert mailed(twice) == ["duty@council.example", OFFICER.address, LEAD.address]


async def test_the_same_repeat_is_queued_once(memory: Memory) -> None:
    await a_case(memory, tier="harm")
    await repeated(memory, MONDAY + timedelta(minutes=30))

    await repeated(memory, MONDAY + timedelta(minutes=31))

    keys = [row.key for row in await every(memory)]
    assert len(keys) == len(set(keys))
    assert sum(":again:1" in key for key in keys) == 4


async def test_at_night_time_stands_still_for_the_repeat(memory: Memory) -> None:
    """Came on Friday 14 March at 23:10: nobody is at work until Monday 17 March, 9:00; again at 9:30."""
    friday_night = datetime(2025, 3, 14, 23, 10, tzinfo=UTC)
    filing = Filing()
    alert_duty(opening.Alert(None, "harm", Channel.TELEGRAM, friday_night, "abc"), RINGS, friday_night, filing)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])

    assert rung(await repeated(memory, datetime(2025, 3, 17, 9, 29, tzinfo=UTC))) == [("command", 0), ("webhook", 0)]
    assert ("command", 1) in rung(await repeated(memory, datetime(2025, 3, 17, 9, 30, tzinfo=UTC)))


async def test_nothing_is_repeated_once_somebody_has_it(memory: Memory) -> None:
    reference = await a_case(memory, tier="harm")
    async with memory.unit_of_work() as uow:
        await alerts.take_up(uow, reference, acting())

    assert await repeated(memory, MONDAY + timedelta(hours=5)) == []


async def every(memory: Memory) -> list[OutboxRow]:
    async with memory.reading() as uow:
        return await cases.sent_of(uow, (await alerts.alerts(uow))[0].task.case_reference or "")
