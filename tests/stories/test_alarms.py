"""An alarm by another route than the one that is silent, and an alert that nobody took up."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.settings import AlarmSettings, Settings
from casework import alerts
from procedures.terms import Channel, Notice
from storage.tables import OutboxRow, OutboxState
from tests.stories.letters import mail
from tests.stories.town import DUTY, OFFICER, Town

MUM = "r.green@family.example"
NOON = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)


def rung(town: Town, folder: Path, **alarms: Any) -> Settings:
    """Settings with a program that keeps each event in a file of its own."""
    program = folder / "ring"
    program.write_text(f'#!/bin/sh\nread -r event\nprintf "%s\\n" "$event" >> {folder}/rung\n')
    program.chmod(stat.S_IRWXU)
    set_up = AlarmSettings(command=(str(program),), **alarms)
    town.council = replace(town.council, alarm_routes=set_up.routes)
    return replace(town.settings(), alarms=set_up)


def events(folder: Path) -> list[Any]:
    file = folder / "rung"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


async def event_of(town: Town, folder: Path, what: str) -> Any:
    async def look() -> Any:
        return next((one for one in events(folder) if one["what"] == what), None)

    return await town.until(look)


async def test_a_safety_alert_rings_while_the_mail_server_takes_nothing(town: Town, tmp_path: Path) -> None:
    town.clock.at = NOON
    await town.opens(rung(town, tmp_path))
    await town.post.close_smtp()
    await town.gets(mail(MUM, "My foster dad hits me every night."))

    told = await event_of(town, tmp_path, "harm")

    (alert,) = await town.rows(OutboxRow, channel=Channel.ALARM)
    assert (told["kind"], told["reference"], told["again"]) == ("safety_alert", alert.case_reference, 0)
    assert set(told) == {"service", "environment", "kind", "id", "what", "reference", "at", "again"}
    assert town.letters_to(DUTY) == []


async def test_mail_that_does_not_leave_is_told_of_by_the_alarm(town: Town, tmp_path: Path) -> None:
    town.clock.at = NOON
    await town.opens(rung(town, tmp_path))
    await town.post.close_smtp()
    await town.gets(mail(MUM))
    await town.log_says("outbox tries later notice=receipt")

    await town.goes_on(minutes=16)

    told = await event_of(town, tmp_path, "unsent")
    assert told["kind"] == "trouble"


async def test_a_silent_mailbox_rings_and_a_silent_chat_does_not(town: Town, tmp_path: Path) -> None:
    town.clock.at = NOON
    await town.opens(rung(town, tmp_path))
    await town.mailbox.goes_away()
    try:
        await town.log_says("loop hurt loop=mailbox")
        await town.goes_on(minutes=4)

        told = await event_of(town, tmp_path, "door_silent")
    finally:
        await town.mailbox.comes_back()

    assert told["kind"] == "trouble"
    assert "mailbox" not in json.dumps(told)
    rows = await town.rows(OutboxRow, channel=Channel.ALARM)
    assert not any("silent:telegram" in row.key for row in rows)


async def test_an_alert_that_nobody_took_up_rings_again_until_somebody_has_it(town: Town, tmp_path: Path) -> None:
    """Noon on a Wednesday: the officers hear at 12:30, and nothing more rings once it is taken up."""
    town.clock.at = NOON
    await town.opens(rung(town, tmp_path))
    await town.gets(mail(MUM, "My foster dad hits me every night."))
    first = await event_of(town, tmp_path, "harm")
    await town.log_says("outbox sent notice=safety_alert channel=alarm")  # the service knows it too, before its clock is moved

    await town.goes_on(minutes=31)

    async def again() -> Any:
        return next((one for one in events(tmp_path) if one["again"] == 1), None)

    second = await town.until(again)
    assert second["id"] != first["id"]
    async with town.memory.unit_of_work() as uow:
        await alerts.take_up(uow, first["reference"], await town.acting())
    await town.log_says("outbox sent notice=safety_alert channel=alarm", times=2)
    await town.at_rest_after(minutes=31)
    assert [one["again"] for one in events(tmp_path) if one["kind"] == "safety_alert"] == [0, 1]
    assert [row.recipient for row in await town.sent(notice=Notice.SAFETY_ALERT) if ":again:1:" in row.key] == [
        DUTY,
        OFFICER.address,
    ]


async def test_an_alarm_that_cannot_be_rung_is_tried_again_and_then_told_by_mail(town: Town, tmp_path: Path) -> None:
    town.clock.at = NOON
    settings = rung(town, tmp_path)
    (tmp_path / "ring").unlink()
    await town.opens(settings)
    await town.gets(mail(MUM, "My foster dad hits me every night."))
    await town.log_says("outbox tries later notice=safety_alert channel=alarm")

    for _ in range(15):
        await town.goes_on(hours=7)
        await town.at_rest()

    (row,) = [
        one for one in await town.rows(OutboxRow, channel=Channel.ALARM) if ":again:" not in one.key and "safety" in one.key
    ]
    assert row.state is OutboxState.FAILED
    assert any("could not be sent" in str(one["Subject"]) for one in town.letters_to(DUTY))


async def test_of_a_memory_that_cannot_be_used_it_rings_directly(town: Town, tmp_path: Path) -> None:
    """A full disk: nothing can be queued."""
    town.clock.at = NOON
    await town.opens(rung(town, tmp_path, silent_after_seconds=60))

    def refuse(*_: Any) -> None:
        raise OperationalError("statement", {}, Exception("database or disk is full"))

    engine = town.memory.writer.sync_engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        await town.log_says("loop hurt loop=alarms")
        await town.goes_on(minutes=2)
        told = await event_of(town, tmp_path, "memory_away")
    finally:
        event.remove(engine, "before_cursor_execute", refuse)

    assert told["kind"] == "trouble"
    assert len([one for one in events(tmp_path) if one["what"] == "memory_away"]) == 1
