"""Letters that became no case: what a person sees of them, and says of those that stay."""

import asyncio
import mailbox
from datetime import UTC, datetime

from sqlmodel import select

from intake.arrival import Arrival, Wire
from intake.letting_go import let_go
from intake.reception import Reception
from storage.tables import ArrivalRow
from storage.unit_of_work import open_memory
from tests.casework.rooms import OFFICE
from tests.commands.hearing import OFFICER, Heard
from tests.commands.test_erasing import KEY, an_office_that_erases
from tests.commands.test_post import TOO_OLD, on_the_shelf

DANGER = b"""From: mailer-daemon@relay.example
To: yoursay@anytown.example
Subject: Not delivered
Date: Mon, 10 Mar 2025 10:00:00 +0000
Message-ID: <danger@relay.example>
Auto-Submitted: auto-replied

Your message was not delivered: my dad hits me every night.
"""
AWAY = b"""From: someone@other.example
To: yoursay@anytown.example
Subject: Automatic reply
Date: Mon, 10 Mar 2025 10:00:00 +0000
Message-ID: <away@other.example>
Auto-Submitted: auto-replied

I am away until Tuesday.
"""


def bring(heard: Heard, *letters: bytes) -> None:
    box = mailbox.mbox(heard.folder / "machines.mbox")
    for one in letters:
        box.add(one)
    box.close()
    assert heard("import-mail", "machines.mbox").code == 0


def test_how_many_are_kept_and_why_none_is_erased_is_said(heard: Heard) -> None:
    bring(heard, AWAY)

    without_key = heard("loose", "list")
    heard.settings["HEARD_DATABASE_KEEP_LOOSE_DAYS"] = "0"
    without_days = heard("loose", "list", "--json").json
    an_office_that_erases(heard)
    heard.settings["HEARD_DATABASE_KEEP_LOOSE_DAYS"] = "14"
    with_both = heard("loose", "list")

    assert "1 kept, 0 erased so far. None is erased: there is no database.erasure_key" in without_key.flat
    assert without_days == {"kept": 1, "erased": 0, "days": 0, "erases": False, "stay": []}
    assert "Each is erased after 14 days, but for what stays." in with_both.flat
    assert heard("health", "--json").json["loose"] == {"kept": 1, "stay": 0, "erased": 0}


def test_what_stays_is_listed_with_why_shown_as_it_came_and_goes_once_a_person_says_so(heard: Heard) -> None:
    an_office_that_erases(heard)
    bring(heard, DANGER, AWAY)
    let_go_years_later(heard)

    [one] = heard("loose", "list", "--json").json["stay"]
    shown = heard("loose", "show", one["arrival"])
    told = heard("health")
    unknown = heard("loose", "done", "zz", person=OFFICER)
    nobody = heard("loose", "done", one["arrival"])
    done = heard("loose", "done", one["arrival"], person=OFFICER)
    let_go_years_later(heard)

    assert one["why"] == "it holds words of danger" and shown.raw.replace(b"\r\n", b"\n").strip() == DANGER.strip()
    assert "1 stay until a person has looked: heard loose list" in told.flat
    assert unknown.code == 1 and "That names no single letter that stays" in unknown.flat
    assert nobody.code != 0
    assert done.code == 0 and "may go. It is erased 30 days from now." in done.flat
    assert heard("loose", "list", "--json").json == {"kept": 0, "erased": 2, "days": 30, "erases": True, "stay": []}


def test_what_was_taken_off_the_quarantine_shelf_is_kept_as_that_command_says(heard: Heard) -> None:
    an_office_that_erases(heard)
    on_the_shelf(heard, Arrival("import", Wire.EMAIL, TOO_OLD, datetime(1995, 3, 13, 10, tzinfo=UTC)))
    [row] = heard("quarantine", "list", "--json").json
    assert heard("quarantine", "done", row["arrival"], person=OFFICER).code == 0

    let_go_years_later(heard)

    assert arrivals(heard) == [TOO_OLD]
    assert heard("loose", "list", "--json").json == {"kept": 0, "erased": 0, "days": 30, "erases": True, "stay": []}
    assert "The bytes are kept" in heard("quarantine", "done", "--help").flat


def arrivals(heard: Heard) -> list[bytes]:
    """The bytes of every letter that is kept."""

    async def look() -> list[bytes]:
        memory = open_memory(heard.database)
        async with memory.reading() as uow:
            found = list((await uow.exec(select(ArrivalRow.raw))).all())
        await memory.close()
        return found

    return asyncio.run(look())


def let_go_years_later(heard: Heard) -> None:
    """What the service does of a morning, long after."""

    async def go() -> None:
        memory = open_memory(heard.database)
        reception = Reception(memory, lambda: OFFICE, erasure_key=KEY)
        await let_go(reception, 30, datetime(2099, 1, 5, tzinfo=UTC))
        await memory.close()

    asyncio.run(go())
