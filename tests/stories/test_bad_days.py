"""Days on which something is broken: what waits is not lost, what was said is not said again, and somebody hears of it."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.health import look_at_health
from bot.office import office_of
from procedures.terms import Notice
from storage.tables import ArrivalRow, CaseRow, DeadlineRow, LedgerResult, OutboxRow, OutboxState
from tests.servers.scripted_imap import Poison, spoiled
from tests.stories.letters import mail, text_of
from tests.stories.town import DUTY, Town

PROJECT = Path(__file__).parents[2]
MUM = "r.green@family.example"
SAM = 70_010_001


async def duty_hears(town: Town, of: str) -> str:
    """Wait until the duty address has a letter with this in its subject; its words."""

    async def look() -> str:
        return next((text_of(one) for one in town.letters_to(DUTY) if of in str(one["Subject"])), "")

    return await town.until(look)


def times_told_of_mailbox(town: Town) -> int:
    """How often duty heard that the mailbox is silent. (Other loops look silent too for a moment when the clock is moved.)"""
    return sum("mailbox" in text_of(one) for one in town.letters_to(DUTY) if "gone quiet" in str(one["Subject"]))


def times_told(town: Town, of: str) -> int:
    return sum(of in str(one["Subject"]) for one in town.letters_to(DUTY))


async def test_of_300_letters_number_57_cannot_be_fetched_and_299_are_filed(town: Town) -> None:
    # Most are from machines, so that the story is about fetching and not about three hundred receipts.
    letters = [
        mail(f"p{n}@home.example", f"Letter number {n}.", number=n, Auto_Submitted="" if n % 10 == 6 else "auto-generated")
        for n in range(1, 301)
    ]
    await town.gets(*letters)
    uids = await town.uids()
    async with spoiled(town.mailbox.access(), Poison.NO, uids[56]) as spoiler:
        await town.opens(town.settings(chat=False, through=spoiler.access))

        rows = await town.filed(300)

        assert [row.position for row in rows if row.result is LedgerResult.QUARANTINED] == [uids[56]]
        assert [row.position for row in rows] == uids
        assert len(await town.rows(CaseRow)) == 30
        receipts = [letter.recipient for letter in town.post.posted if letter.recipient.endswith("@home.example")]
        assert sorted(receipts) == sorted(f"p{n}@home.example" for n in range(6, 301, 10))
        assert "1 in quarantine" in await duty_hears(town, "could not be read")
        await town.closes()
    assert town.log.said("arrival filed result=quarantined door=email")


async def test_a_mail_server_that_was_gone_for_a_day_gives_every_letter_with_the_day_it_came(town: Town) -> None:
    await town.opens(chat=True)
    await town.gets(mail(MUM))
    await town.filed(1)
    came = [datetime(2026, 7, 1, 22, 59, tzinfo=UTC), datetime(2026, 7, 1, 23, 1, tzinfo=UTC)]
    await town.mailbox.goes_away()
    try:
        await town.log_says("loop hurt loop=mailbox")
        await town.goes_on(minutes=4)
        silent = await duty_hears(town, "A door has gone quiet")
        town.person(SAM).says("The chat still works.")
        await town.filed(2)
        await town.goes_on(hours=20)
    finally:
        await town.mailbox.comes_back()
    for number, at in enumerate(came, start=2):
        # What others sent that day waited with them, and says so: INTERNALDATE.
        await town.gets(mail(f"p{number}@home.example", number=number), at=at)
    await town.filed(4)

    assert "mailbox" in silent
    for number, at in enumerate(came, start=2):
        assert (await town.case(address=f"p{number}@home.example")).received_at == at
    # 23:59 in London is still 1 July; 00:01 is the 2nd, and its tenth working day one later.
    first, second = [await town.case(address=f"p{number}@home.example") for number in (2, 3)]
    assert (first.received_on, second.received_on) == (date(2026, 7, 1), date(2026, 7, 2))
    due = [
        {row.clock: row.due_on for row in await town.rows(DeadlineRow, case_reference=case.reference)}["s1_response"]
        for case in (first, second)
    ]
    assert due == [date(2026, 7, 15), date(2026, 7, 16)]
    assert [len(town.letters_to(address)) for address in (MUM, "p2@home.example", "p3@home.example")] == [1, 1, 1]
    assert times_told_of_mailbox(town) == 1
    await town.log_says("loop well again loop=mailbox")


async def test_a_silent_door_is_told_once_a_day_while_it_lasts(town: Town) -> None:
    await town.opens(chat=False)
    await town.mailbox.goes_away()
    try:
        await town.log_says("loop hurt loop=mailbox")
        for _ in range(3):
            await town.goes_on(minutes=5)
            await duty_hears(town, "A door has gone quiet")
            await town.at_rest()
        within_the_hour = times_told_of_mailbox(town)
        await town.goes_on(days=1)

        async def again() -> bool:
            return times_told_of_mailbox(town) > within_the_hour

        await town.until(again)
    finally:
        await town.mailbox.comes_back()

    assert within_the_hour == 1


# --- a full disk ---------------------------------------------------------------------------------------------------


async def most_pages(town: Town, pages: int) -> None:
    """Let the database file grow to so many pages and no further: SQLite then says what it says on a full disk."""
    async with town.memory.writer.connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def pages_in_use(town: Town) -> int:
    async with town.memory.reader.connect() as connection:
        return int((await connection.exec_driver_sql("PRAGMA page_count")).scalar_one())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_on_a_full_disk_nothing_is_lost_and_nobody_is_told_twice(town: Town) -> None:
    await town.opens()
    await town.gets(mail(MUM))
    await town.filed(1)
    await most_pages(town, await pages_in_use(town))
    told = len(town.post.posted)
    door = await town.door()
    assert door is not None

    sam = town.person(SAM)
    sam.says("They moved me. " + "This is a long story about a trombone. " * 90)
    await town.gets(*[mail(f"p{n}@home.example", "A long letter about the trombone.\n" * 400, number=n) for n in range(3)])
    for loop in ("mailbox", "telegram"):
        await town.log_says(f"loop hurt loop={loop}")

    after = await town.door()
    assert after is not None
    assert (after.position, len(town.post.posted), town.api.ever_sent_to(SAM)) == (door.position, told, [])
    assert [len(rows) for rows in (await town.rows(ArrivalRow), await town.rows(CaseRow))] == [1, 1]
    assert town.api.updates.count() == 1
    office = await office_of(town.settings(), town.memory)
    much_later = town.clock() + timedelta(minutes=5)
    health = await look_at_health(town.memory, office, ("mailbox", "telegram"), much_later, timedelta(minutes=3))
    assert not health.is_well

    await most_pages(town, 1_000_000)
    await town.filed(5)

    assert len(await town.rows(CaseRow)) == 5
    assert [len(town.letters_to(f"p{n}@home.example")) for n in range(3)] == [1, 1, 1]
    assert len([one for one in town.api.ever_sent_to(SAM) if "Your number is" in one.text]) == 1
    await town.log_says("loop well again loop=mailbox")


@pytest.mark.parametrize("notice", ["email", "telegram"])
async def test_what_left_but_could_not_be_noted_goes_once_more_and_says_so(town: Town, notice: str) -> None:
    await town.opens()

    def full(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE outbox") and "wire_number" in statement:
            raise OperationalError("database or disk is full", None, OSError())

    event.listen(town.memory.writer.sync_engine, "before_cursor_execute", full)
    if notice == "email":
        await town.gets(mail(MUM))
    else:
        town.person(SAM).says("They moved me without a word.")
    await town.log_says("loop hurt loop=outbox")
    event.remove(town.memory.writer.sync_engine, "before_cursor_execute", full)
    await town.at_rest_after(minutes=6)

    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert (receipt.state, receipt.may_repeat) == (OutboxState.SENT, True)
    if notice == "email":
        assert [str(letter["Message-ID"]) for letter in town.letters_to(MUM)] == [receipt.message_id] * 2
    else:
        first, second = town.api.ever_sent_to(SAM)
        assert first.text in second.text
        assert len(second.text) > len(first.text)


# --- mistakes before the start -------------------------------------------------------------------------------------


def test_five_mistakes_in_the_settings_are_told_at_once_and_nothing_is_started(tmp_path: Path) -> None:
    settings = tmp_path / "heard.toml"
    settings.write_text(
        """
duty_adress = "duty@anytown.example"
[database]
url = "mysql://heard/heard"
[council]
opens_at = "25:00"
read_by_working_days = 9
[mailbox]
host = "mail.anytown.example"
user = "yoursay"
tls = "starttls"
"""
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    environment |= {"HEARD_SETTINGS": str(settings), "HEARD_MAILBOX_PASSWORD": "swordfish", "PYTHONPATH": str(PROJECT)}

    run = [sys.executable, "-m", "bot", "run"]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode != 0
    for mistake in ("duty_adress", "database.url", "council.opens_at", "council.read_by_working_days", "mailbox.tls"):
        assert mistake in done.stderr, mistake
    assert "Nothing was started" in done.stderr
    assert "Traceback" not in done.stderr
    assert "swordfish" not in done.stderr
    assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["heard.toml"]


# --- a calendar that ends too soon ---------------------------------------------------------------------------------


async def test_a_calendar_that_ends_soon_is_told_in_time_and_once(town: Town) -> None:
    town.clock.at = datetime(2035, 10, 1, 9, tzinfo=UTC)
    await town.opens(chat=False)

    told = await duty_hears(town, "The calendar ends soon")
    await town.goes_on(hours=3)
    await town.gets(mail(MUM))
    await town.filed(1)

    assert "31 December 2035" in told
    assert times_told(town, "The calendar ends soon") == 1
    assert len(town.letters_to(MUM)) == 1


async def test_a_date_beyond_the_calendar_is_not_guessed_and_the_message_is_kept_for_a_person(town: Town) -> None:
    town.clock.at = datetime(2035, 12, 20, 9, tzinfo=UTC)
    await town.opens(mail=False)

    town.person(SAM).says("They moved me without a word.")
    (row,) = await town.filed(1)

    assert (row.result, row.problem) == (LedgerResult.QUARANTINED, "UnknownDates")
    assert b"They moved me without a word." in row.raw
    assert "31 December 2035" in await duty_hears(town, "The calendar ends soon")
    assert "UnknownDates" in await duty_hears(town, "could not be read")
    assert town.log.said("error", "arrival shelved problem=UnknownDates")


def test_the_command_line_refuses_a_date_beyond_the_calendar_and_says_what_to_do() -> None:
    command = ["calendar", "add", "--nation", "england", "--from", "2035-12-20", "--working-days", "20", "--json"]

    done = subprocess.run(
        [sys.executable, "-m", "bot", *command], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert "2035-12-31" in done.stderr
    assert "No date was guessed" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_loop_that_fails_silences_no_other(town: Town) -> None:
    await town.opens()
    await town.api.stop()
    try:
        await town.log_says("loop hurt loop=telegram")
        await town.gets(mail(MUM))

        async def receipt() -> bool:
            return bool(town.letters_to(MUM))

        await town.until(receipt)
    finally:
        await town.api.start()
    town.person(SAM).says("And now the chat.")
    await town.filed(2)

    assert await town.rows(OutboxRow, state=OutboxState.QUEUED) == []
