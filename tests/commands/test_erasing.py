"""A case that is erased is gone, and comes back neither from the mailbox, nor from a file of letters, nor from a backup."""

import asyncio
import json
import mailbox
from email.message import EmailMessage

from sqlalchemy import select
from sqlmodel import select as select_rows

from storage.tables import METADATA, ErasedRow
from storage.unit_of_work import open_memory
from tests.commands.hearing import MANAGER, OFFICER, PEOPLE, Heard, Said

SECOND = "second@anytown.example"
KEY = "0123456789abcdef0123456789abcdef"
MUM = "rosalind.marmalade@family.example"
WORDS = "I think that your trombone lessons are a fine idea."


def an_office_that_erases(heard: Heard) -> None:
    heard.settings["HEARD_PEOPLE"] = json.dumps([*PEOPLE, {"address": SECOND, "name": "S Econd", "role": "officer"}])
    heard.settings["HEARD_DATABASE_ERASURE_KEY"] = KEY


def a_letter() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"R Marmalade <{MUM}>", "yoursay@anytown.example", "The trombone"
    mail["Date"], mail["Message-ID"] = "Mon, 10 Mar 2025 10:00:00 +0000", "<one@family.example>"
    mail.set_content(WORDS)
    mail.add_attachment(b"a score for trombone", maintype="application", subtype="octet-stream", filename="trombone.bin")
    return mail.as_bytes()


def old_letters(heard: Heard) -> None:
    box = mailbox.mbox(heard.folder / "old.mbox")
    box.add(a_letter())
    box.close()


def closed_case(heard: Heard) -> str:
    """A comment that came by mail and is closed."""
    old_letters(heard)
    assert heard("import-mail", "old.mbox").code == 0
    [case] = heard("case", "list", "--json").json
    reference = str(case["reference"])
    assert heard("case", "kind", reference, "comment", "--why", "an opinion of the trombone", person=OFFICER).code == 0
    assert heard("case", "close", reference, "--why", "no answer is wanted", person=OFFICER).code == 0
    return reference


def erase(heard: Heard, reference: str, by: str, why: str = "six years have passed") -> Said:
    return heard("case", "erase", reference, "--why", why, person=by)


def everything(heard: Heard) -> str:
    """All that the database holds, as text."""

    async def read() -> str:
        memory = open_memory(heard.database)
        async with memory.reading() as uow:
            connection = await uow.connection()
            found = [str(row) for table in METADATA.sorted_tables for row in await connection.execute(select(table))]
        await memory.close()
        return "\n".join(found)

    return asyncio.run(read())


def marks(heard: Heard) -> list[ErasedRow]:
    async def read() -> list[ErasedRow]:
        memory = open_memory(heard.database)
        async with memory.reading() as uow:
            found = list(await uow.exec(select_rows(ErasedRow)))
        await memory.close()
        return found

    return asyncio.run(read())


def test_two_officers_erase_a_closed_case_and_nothing_of_it_is_left(heard: Heard) -> None:
    an_office_that_erases(heard)
    reference = closed_case(heard)
    assert "trombone" in everything(heard) and MUM in everything(heard)

    asked = erase(heard, reference, OFFICER)
    again = erase(heard, reference, OFFICER)
    still_there = everything(heard)
    gone = erase(heard, reference, SECOND, "agreed")

    assert asked.code == 0 and "until another officer gives the same command" in asked.flat
    assert again.code == 1 and "You have asked already" in again.flat and "trombone" in still_there
    assert gone.code == 0 and f"{reference} is erased" in gone.flat
    left = everything(heard)
    assert not [word for word in ("rombone", MUM, reference, "Marmalade", "one@family") if word in left]
    assert {row.erased_by for row in marks(heard)} == {SECOND}
    assert heard("case", "show", reference).code == 1


def test_what_was_erased_is_not_imported_again_and_the_import_says_since_when(heard: Heard) -> None:
    an_office_that_erases(heard)
    reference = closed_case(heard)
    erase(heard, reference, OFFICER)
    erase(heard, reference, SECOND, "agreed")

    again = heard("import-mail", "old.mbox", "--json")
    told = heard("import-mail", "old.mbox")

    letter, summary = again.lines
    day = marks(heard)[0].erased_at.date().isoformat()
    assert letter["result"] == "repeat" and letter["reference"] is None and letter["erased_on"][:7] == day[:7]
    assert summary["summary"] == {"opened": 0, "added": 0, "automatic": 0, "repeat": 1, "quarantined": 0}
    assert "1 repeat" in told.flat and "Of the repeats 1 had been erased: nothing of them was stored." in told.flat
    assert "rombone" not in everything(heard) and heard("case", "list", "--json").json == []


def test_a_backup_of_before_is_put_back_without_what_was_erased_since(heard: Heard) -> None:
    an_office_that_erases(heard)
    other = heard.log()
    reference = closed_case_beside(heard, other)
    assert heard("backup", "before.zip").code == 0
    erase(heard, reference, OFFICER)
    erase(heard, reference, SECOND, "agreed")
    before = {row.mark for row in marks(heard)}

    restored = heard("restore", "before.zip")

    assert restored.code == 0, restored.flat
    assert "erased again in it: 1" in restored.flat
    left = everything(heard)
    assert not [word for word in ("rombone", MUM, reference) if word in left] and other in left
    assert {row.mark for row in marks(heard)} == before
    assert heard("import-mail", "old.mbox").flat.endswith("Of the repeats 1 had been erased: nothing of them was stored.")


def closed_case_beside(heard: Heard, other: str) -> str:
    old_letters(heard)
    heard("import-mail", "old.mbox")
    [reference] = [case["reference"] for case in heard("case", "list", "--json").json if case["reference"] != other]
    heard("case", "kind", reference, "comment", "--why", "an opinion", person=OFFICER)
    heard("case", "close", reference, "--why", "no answer is wanted", person=OFFICER)
    return str(reference)


def test_with_another_key_nothing_is_put_back_imported_or_erased(heard: Heard) -> None:
    an_office_that_erases(heard)
    reference = closed_case(heard)
    heard("backup", "before.zip")
    erase(heard, reference, OFFICER)
    erase(heard, reference, SECOND, "agreed")
    other = heard.log()
    before = everything(heard)

    refused = []
    for key in ("another-key-another-key-another-key", ""):
        heard.settings["HEARD_DATABASE_ERASURE_KEY"] = key
        if not key:
            del heard.settings["HEARD_DATABASE_ERASURE_KEY"]
        refused += [heard("restore", "before.zip"), heard("import-mail", "old.mbox")]

    assert [one.code for one in refused] == [1] * 4
    assert all("not the key that their marks were made with" in one.flat for one in refused)
    assert everything(heard) == before and other in before


def test_what_is_open_sealed_or_asked_for_by_nobody_who_may_is_not_erased(heard: Heard) -> None:
    an_office_that_erases(heard)
    reference = heard.log()
    no = [erase(heard, reference, OFFICER), erase(heard, reference, MANAGER), erase(heard, reference, OFFICER, "")]
    heard("case", "kind", reference, "comment", "--why", "an opinion", person=OFFICER)
    heard("case", "close", reference, "--why", "no answer is wanted", person=OFFICER)
    heard("case", "seal", reference, "1", "--why", "may be what we must not see", person=MANAGER)
    sealed = erase(heard, reference, OFFICER)
    del heard.settings["HEARD_DATABASE_ERASURE_KEY"]
    keyless = erase(heard, reference, OFFICER)

    assert [one.code for one in (*no, sealed, keyless)] == [1] * 5
    assert "is open" in no[0].flat and "Only a complaints officer" in no[1].flat and "Say why" in no[2].flat
    assert "evidence is not erased" in sealed.flat and "openssl rand -hex 32" in keyless.flat


def test_what_was_asked_before_a_case_went_on_counts_no_more_when_it_is_closed_again(heard: Heard) -> None:
    an_office_that_erases(heard)
    reference = closed_case(heard)
    assert erase(heard, reference, OFFICER).code == 0
    assert heard("decide", "reopen", reference, "--why", "They wrote again, and it goes on now.", person=OFFICER).code == 0
    assert heard("case", "close", reference, "--why", "no answer is wanted", person=OFFICER).code == 0

    asked = erase(heard, reference, SECOND, "seven years have passed")

    assert (asked.code, marks(heard)) == (0, [])
    assert heard.show(reference)["reference"] == reference
    assert erase(heard, reference, OFFICER).code == 0
    assert marks(heard) != []
