"""`outbox …` and `quarantine …`: what leaves, what could not, and what could not be read."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.settings import database_url
from casework.council import Council
from casework.office import Office
from intake.arrival import Arrival, Wire
from intake.reception import Reception
from procedures.rulebook import read_rulebook
from procedures.working_days import WorkingCalendar
from storage import outbox
from storage.tables import OutboxState
from storage.unit_of_work import open_memory
from tests.commands.hearing import OFFICER, Heard, letter
from tests.servers.clamd import clamd_beside

KEYS = {"number", "notice", "channel", "reference", "state", "tries", "due_at", "sent_at", "may_repeat", "problem"}
TOO_OLD = letter(at="Mon, 13 Mar 1995 10:00:00 +0000")
"""From before the calendar: it cannot be filed."""


def becomes(heard: Heard, number: int, state: OutboxState) -> None:
    """What the service would have written."""

    async def settle() -> None:
        memory = open_memory(database_url(heard.database or f"sqlite:///{heard.folder / 'heard.db'}"))
        async with memory.unit_of_work() as uow:
            await outbox.settle_ended(uow, number, state, "550 5.1.1")
        await memory.close()

    asyncio.run(settle())


def rows(heard: Heard, *words: str) -> Any:
    return heard("outbox", "list", "--json", *words).json


@pytest.fixture
def with_a_receipt(heard: Heard) -> tuple[Heard, int]:
    heard.log("--email", "r.green@family.example")
    return heard, next(row["number"] for row in rows(heard) if row["notice"] == "receipt")


def test_the_outbox_lists_what_waits_and_with_all_everything(with_a_receipt: tuple[Heard, int]) -> None:
    heard, number = with_a_receipt
    becomes(heard, number, OutboxState.CANCELLED)

    waiting, everything = rows(heard), rows(heard, "--all")

    assert set(waiting[0]) == KEYS
    assert number not in [row["number"] for row in waiting]
    assert number in [row["number"] for row in everything]
    shown = heard("outbox", "list", "--all")
    assert (shown.code, shown.err) == (0, "")
    assert "cancelled" in shown.out


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.AMBIGUOUS, OutboxState.HELD])
def test_what_did_not_leave_is_sent_again_when_a_person_says_so(with_a_receipt: tuple[Heard, int], state: OutboxState) -> None:
    heard, number = with_a_receipt
    becomes(heard, number, state)

    said = heard("outbox", "retry", str(number), "--as", OFFICER)

    assert (said.code, said.out) == (0, "")
    [row] = [row for row in rows(heard) if row["number"] == number]
    assert (row["state"], row["tries"], row["may_repeat"]) == ("queued", 0, state is OutboxState.AMBIGUOUS)


def test_a_message_is_cancelled_by_a_person(with_a_receipt: tuple[Heard, int]) -> None:
    heard, number = with_a_receipt

    said = heard("outbox", "cancel", str(number), "--as", OFFICER)

    assert (said.code, said.out) == (0, "")
    [row] = [row for row in rows(heard, "--all") if row["number"] == number]
    assert (row["state"], row["problem"]) == ("cancelled", f"cancelled by {OFFICER}")


def test_what_was_held_is_released_together(with_a_receipt: tuple[Heard, int]) -> None:
    heard, _ = with_a_receipt
    for row in rows(heard):
        becomes(heard, row["number"], OutboxState.HELD)

    said = heard("outbox", "release", "--as", OFFICER)

    assert said.code == 0
    assert f"{len(rows(heard))} released" in said.err
    assert {row["state"] for row in rows(heard)} == {"queued"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("retry", "{number}"), 1, "Say who acts"),
        (("cancel", "{number}"), 1, "Say who acts"),
        (("release",), 1, "Say who acts"),
        (("retry", "{number}", "--as", OFFICER), 1, "is queued: it needs no retry"),
        (("retry", "4711", "--as", OFFICER), 1, "There is no number 4711"),
        (("cancel", "4711", "--as", OFFICER), 1, "There is no number 4711"),
        (("cancel", "0", "--as", OFFICER), 2, "greater than or equal to 1"),
        (("cancel", "99999999999999999999", "--as", OFFICER), 2, "less than or equal to"),
        (("cancel", "first", "--as", OFFICER), 2, "integer"),
    ],
)
def test_what_the_outbox_cannot_do_changes_nothing(
    with_a_receipt: tuple[Heard, int], words: tuple[str, ...], code: int, told: str
) -> None:
    heard, number = with_a_receipt
    before = rows(heard, "--all")

    said = heard("outbox", *(word.format(number=number) for word in words))

    assert (said.code, said.out) == (code, "")
    assert told in said.flat
    assert rows(heard, "--all") == before


def test_what_was_sent_cannot_be_cancelled(with_a_receipt: tuple[Heard, int]) -> None:
    heard, number = with_a_receipt
    becomes(heard, number, OutboxState.SENT)

    said = heard("outbox", "cancel", str(number), "--as", OFFICER)

    assert said.code == 1
    assert "was sent" in said.err


def on_the_shelf(heard: Heard, arrival: Arrival) -> None:
    """As a door would bring it."""

    async def comes() -> None:
        memory = open_memory(database_url(heard.database or f"sqlite:///{heard.folder / 'heard.db'}"))
        office = Office(Council(), read_rulebook(), WorkingCalendar.of("england"))
        await Reception(memory, lambda: office).admit([arrival], datetime.now(UTC))
        await memory.close()

    asyncio.run(comes())


@pytest.fixture
def with_a_shelf(heard: Heard) -> tuple[Heard, str]:
    on_the_shelf(heard, Arrival("import", Wire.EMAIL, TOO_OLD, datetime(1995, 3, 13, 10, tzinfo=UTC)))
    return heard, heard("quarantine", "list", "--json").json[0]["arrival"]


def test_what_could_not_be_read_is_listed_and_given_back_as_it_came(with_a_shelf: tuple[Heard, str]) -> None:
    heard, arrival = with_a_shelf

    [row] = heard("quarantine", "list", "--json").json
    assert set(row) == {"arrival", "received_at", "door", "problem"}
    assert row["problem"] == "UnknownDates"
    assert arrival in heard("quarantine", "list").out
    assert heard("quarantine", "show", arrival).raw == TOO_OLD
    assert heard("quarantine", "show", arrival[:6].upper()).raw == TOO_OLD


def test_with_a_virus_scanner_nothing_leaves_the_shelf_unseen(with_a_shelf: tuple[Heard, str]) -> None:
    heard, arrival = with_a_shelf
    heard.settings["HEARD_FILES_CLAMD"] = str(heard.folder / "clamd.ctl")

    said = heard("quarantine", "show", arrival)
    with clamd_beside(heard.folder):
        looked_at = heard("quarantine", "show", arrival)

    assert (said.code, said.raw) == (1, b"")
    assert "The file is held" in said.flat
    assert looked_at.raw == TOO_OLD


def test_what_still_cannot_be_read_stays_and_makes_no_second_row(with_a_shelf: tuple[Heard, str]) -> None:
    heard, arrival = with_a_shelf

    said = heard("quarantine", "retry", arrival, "--as", OFFICER)

    assert (said.code, said.out) == (1, "")
    assert "still cannot be read" in said.err
    assert [row["arrival"] for row in heard("quarantine", "list", "--json").json] == [arrival]


def test_a_letter_of_the_mailbox_that_still_cannot_be_read_makes_no_second_row(heard: Heard) -> None:
    """A door's letter is known by where it stood in the mailbox, so that is asked for again."""
    arrival = Arrival("mailbox:office@imap/INBOX", Wire.EMAIL, TOO_OLD, datetime(1995, 3, 13, 10, tzinfo=UTC), 7, "1741600000")
    on_the_shelf(heard, arrival)
    [row] = heard("quarantine", "list", "--json").json

    said = heard("quarantine", "retry", row["arrival"], "--as", OFFICER)

    assert said.code == 1
    assert "still cannot be read" in said.err
    assert heard("quarantine", "list", "--json").json == [row]


def test_what_a_person_dealt_with_leaves_the_shelf(with_a_shelf: tuple[Heard, str]) -> None:
    heard, arrival = with_a_shelf

    said = heard("quarantine", "done", arrival, "--as", OFFICER)

    assert (said.code, said.out) == (0, "")
    assert heard("quarantine", "list", "--json").json == []
    assert heard("quarantine", "done", arrival, "--as", OFFICER).code == 1


@pytest.mark.parametrize("command", ["show", "retry", "done"])
@pytest.mark.parametrize("arrival", ["", " ", "zzzz", "%", "_", "'; --", "x" * 5000])
def test_a_name_that_is_none_takes_nothing_from_the_shelf(heard_here: Heard, command: str, arrival: str) -> None:
    on_the_shelf(heard_here, Arrival("import", Wire.EMAIL, TOO_OLD, datetime(1995, 3, 13, 10, tzinfo=UTC)))

    said = heard_here("quarantine", command, arrival, *(() if command == "show" else ("--as", OFFICER)))

    assert (said.code, said.out) == (1, "")
    assert "names no single letter" in said.err
    assert len(heard_here("quarantine", "list", "--json").json) == 1


@pytest.mark.parametrize("command", ["retry", "done"])
def test_whoever_takes_from_the_shelf_is_known(with_a_shelf: tuple[Heard, str], command: str) -> None:
    heard, arrival = with_a_shelf

    said = heard("quarantine", command, arrival)

    assert said.code == 1
    assert "Say who acts" in said.err
    assert len(heard("quarantine", "list", "--json").json) == 1
