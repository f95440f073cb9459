"""Files that nobody sees alone: sealed by whoever finds one, opened by two people, each attempt told."""

import asyncio
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

from sqlmodel import select

from procedures.terms import Notice
from storage.tables import OutboxRow
from storage.unit_of_work import open_memory
from tests.commands.hearing import HEAD, MANAGER, OFFICER, PEOPLE, Heard, Said

PICTURE = b"\x89PNG\r\n\x1a\n but no picture at all"
NAME = "words-of-a-name.png"
SECOND = "second@anytown.example"


def two_officers(heard: Heard) -> None:
    heard.settings["HEARD_PEOPLE"] = json.dumps([*PEOPLE, {"address": SECOND, "name": "S Econd", "role": "officer"}])


def by_mail(heard: Heard) -> str:
    """A case whose only letter came with a picture and a sheet."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "r.green@family.example", "yoursay@anytown.example", "My son"
    mail["Date"], mail["Message-ID"] = "Mon, 10 Mar 2025 10:00:00 +0000", "<one@family.example>"
    mail.set_content("Nobody calls me back about my son. I want to complain.")
    mail.add_attachment(PICTURE, maintype="image", subtype="png", filename=NAME)
    mail.add_attachment(b"what else came", maintype="application", subtype="octet-stream", filename="sheet.bin")
    (heard.folder / "in").mkdir()
    (heard.folder / "in" / "one.eml").write_bytes(mail.as_bytes())
    assert heard("import-mail", "in").code == 0
    [case] = heard("case", "list", "--json").json
    return str(case["reference"])


def seal(heard: Heard, reference: str, *more: str, why: str = "may be what we must not see", by: str = MANAGER) -> Said:
    return heard("case", "seal", reference, "1", *more, "--why", why, person=by)


def file(heard: Heard, reference: str, number: str = "1", why: str = "", by: str = "") -> Said:
    return heard("case", "file", reference, "1", number, *(("--why", why) if why else ()), person=by)


def told(heard: Heard) -> list[str]:
    """What the duty heard of sealed files, oldest first, and that there is an alert."""

    async def read() -> list[str]:
        memory = open_memory(heard.database or f"sqlite+aiosqlite:///{heard.folder / 'heard.db'}")
        async with memory.reading() as uow:
            rows = sorted(await uow.exec(select(OutboxRow)), key=lambda row: row.id or 0)
        await memory.close()
        assert not [row for row in rows if NAME in str(row.facts)]
        duty = [row for row in rows if row.recipient == "duty@anytown.example"]
        return [str(row.facts.get("detail", row.notice)) for row in duty if row.notice in (Notice.TROUBLE, Notice.SAFETY_ALERT)]

    return asyncio.run(read())


def test_a_sealed_file_is_shown_by_no_command_and_the_duty_hears_of_every_attempt(heard: Heard) -> None:
    reference = by_mail(heard)
    before = file(heard, reference)
    sealed = seal(heard, reference, "1")
    tries = [
        file(heard, reference),
        file(heard, reference, by=MANAGER, why="curious"),
        heard("case", "original", reference, "1", person=OFFICER),
    ]
    shown, page = heard.show(reference), heard("case", "show", reference)

    assert before.code == 1, "a broken picture is not given out, and now nobody is even told so"
    assert sealed.code == 0 and "Call the police" in sealed.flat
    assert [one.code for one in tries] == [1, 1, 1] and not any(one.raw for one in tries)
    assert all("Nothing was shown." in one.flat for one in tries)
    assert NAME not in page.flat and [one["name"] for one in shown["messages"][0]["attachments"]] == ["sealed", "sheet.bin"]
    assert file(heard, reference, "2").raw == b"what else came"
    alert, *attempts = told(heard)
    assert alert == Notice.SAFETY_ALERT.value and ["was refused" in one for one in attempts] == [True] * 3
    notes = [one["words"] for one in shown["history"] if one["words"] and "sealed" in one["words"]]
    assert len(notes) == 4 and any("curious" in note for note in notes)


def test_two_people_open_a_sealed_file_each_with_a_reason_and_get_it_as_it_came(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference, "1")

    asked = file(heard, reference, why="the police asked", by=OFFICER)
    alone = file(heard, reference, why="again", by=OFFICER)
    opened = file(heard, reference, why="to hand it to the police", by=SECOND)
    once_more = file(heard, reference, why="their disk was broken", by=OFFICER)
    others = [file(heard, reference, why="me too", by=one) for one in (HEAD, MANAGER)]

    assert (asked.code, asked.raw) == (1, b"") and "until a colleague gives the same command" in asked.flat
    assert (alone.code, alone.raw) == (1, b"") and "You have asked already" in alone.flat
    assert (opened.code, opened.raw) == (0, PICTURE) and (once_more.code, once_more.raw) == (0, PICTURE)
    assert [(one.code, one.raw) for one in others] == [(1, b"")] * 2
    said = [one.rpartition(": ")[2] for one in told(heard)[1:]]
    assert [one.partition(" ")[2] for one in said] == [
        *("asks to open", "was refused", "opened", "opened", "was refused", "was refused"),
    ]


def test_only_who_opened_it_lifts_a_seal_and_it_can_be_sealed_anew_for_two_others(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference, "2")
    early = seal(heard, reference, "2", "--lift", why="it is a sheet", by=OFFICER)
    file(heard, reference, "2", why="to see what it is", by=OFFICER)
    file(heard, reference, "2", why="with me", by=SECOND)

    other = seal(heard, reference, "2", "--lift", why="it is a sheet", by=MANAGER)
    lifted = seal(heard, reference, "2", "--lift", why="it is a sheet", by=SECOND)
    free = file(heard, reference, "2")
    again = seal(heard, reference, "2", why="it was not", by=HEAD)
    shut = file(heard, reference, "2", why="now", by=SECOND)

    assert (early.code, other.code, lifted.code, again.code) == (1, 1, 0, 0)
    assert free.raw == b"what else came" and (shut.code, shut.raw) == (1, b"")
    assert "until a colleague" in shut.flat, "who opened it before asks anew"


def test_a_bundle_has_the_words_of_a_letter_with_a_sealed_file_and_not_the_letter(heard: Heard) -> None:
    reference = by_mail(heard)
    assert heard("case", "bundle", reference, "--out", "before.zip", "--why", "Ombudsman", person=OFFICER).code == 0
    seal(heard, reference, "1")

    assert heard("case", "bundle", reference, "--out", "after.zip", "--why", "Ombudsman", person=OFFICER).code == 0

    assert b"words-of-a-name" in every(heard.folder / "before.zip")
    after = every(heard.folder / "after.zip")
    assert b"words-of-a-name" not in after and b"Nobody calls me back" in after and b"goes to the police" in after
    with zipfile.ZipFile(heard.folder / "after.zip") as bundled:
        assert not [name for name in bundled.namelist() if name.endswith((".eml", ".png"))]


def every(file: Path) -> bytes:
    with zipfile.ZipFile(file) as bundled:
        return b"".join(name.encode() + bundled.read(name) for name in bundled.namelist())


def test_all_that_came_with_a_message_is_sealed_at_once_also_scans_taken_down(heard: Heard) -> None:
    two_officers(heard)
    (heard.folder / "scan.pdf").write_bytes(b"%PDF-1.4 a page")
    reference = heard.log("--file", str(heard.folder / "scan.pdf"))
    seal(heard, reference)

    assert file(heard, reference).raw == b""
    assert heard("case", "original", reference, "1").raw == b""
    assert heard("case", "bundle", reference, "--out", "all.zip", "--why", "Ombudsman", person=OFFICER).code == 0
    assert b"a page" not in every(heard.folder / "all.zip")
    assert heard("case", "original", reference, "1", "--why", "for the police", person=OFFICER).raw == b""
    assert b"scan.pdf" in heard("case", "original", reference, "1", "--why", "with me", person=SECOND).raw


def test_what_cannot_be_sealed_is_refused_and_changes_nothing(heard: Heard) -> None:
    reference = by_mail(heard)
    wrong = [
        seal(heard, reference, "9"),
        seal(heard, reference, "1", why="  "),
        heard("case", "seal", reference, "7", "1", "--why", "what", person=MANAGER),
        seal(heard, reference, "1", "--lift"),
        heard("case", "seal", reference, "1", "1", "--why", "what"),
    ]

    assert [one.code for one in wrong] == [1] * 5
    assert all("Nothing was changed." in one.flat for one in wrong) and told(heard) == []
    assert seal(heard, reference, "1").code == 0 and "sealed already" in seal(heard, reference, "1").flat
