"""Letters that cannot be had or read whole are kept, once, and looked at; danger in quoted words is not lost."""

import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlmodel import select

from intake.arrival import OVERSIZED, Arrival, Wire
from intake.classification import classify
from intake.reading import NotRead, Reading, read_arrival
from intake.reception import Reception
from notifications.rendering import render
from procedures.terms import Channel, Notice
from storage import cases, inbound
from storage.tables import ArrivalRow, LedgerResult, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, letter, post, queued, tasks

HARM = "he hits my son every night and the social worker knows it"
QUOTED = f"We are waiting for your answer about this.\n\nOn 2 Mar 2026 at 09:15, Mum <mum@home.example> wrote:\n> {HARM}\n"


def arrival(raw: bytes, position: int = 1, validity: str = "1", problem: str = "") -> Arrival:
    return Arrival(DOOR, Wire.EMAIL, raw, MONDAY, position, validity, problem)


async def admit(memory: Memory, *readings: Reading | NotRead) -> list[LedgerResult | None]:
    reception = Reception(memory, lambda: OFFICE)
    return [one.result for one in await reception._file(list(readings), MONDAY, None)]


async def test_a_letter_too_big_to_fetch_is_a_case_with_its_headers_a_receipt_and_somebody_who_looks(memory: Memory) -> None:
    headers = letter("", subject="My son was left at school").partition(b"\n\n")[0] + b"\n\n"
    reception = Reception(memory, lambda: OFFICE)

    [first] = await reception.admit([arrival(headers, problem=OVERSIZED)], MONDAY)
    [again] = await reception.admit([arrival(headers, 9, "2", OVERSIZED)], MONDAY)

    assert (first.result, first.problem, again.result) == (LedgerResult.OPENED, OVERSIZED, None)
    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT]
    assert (TaskKind.LOOK_FOR_HARM, first.reference) in await tasks(memory)
    async with memory.reading() as uow:
        [file] = await cases.attachments_of(uow, [first.arrival_id])
        assert "too big" in file.name
        assert await inbound.count_quarantined(uow) == 0


async def test_a_letter_whose_reader_ended_is_on_the_shelf_once_wherever_it_stands(memory: Memory) -> None:
    raw = letter()
    ended = [NotRead(arrival(raw, position, validity), "ended its reader") for position, validity in ((4, "1"), (1, "2"))]

    assert await admit(memory, *ended) == [LedgerResult.QUARANTINED, None]


async def test_a_letter_on_the_shelf_can_be_read_later_and_is_then_never_shelved_again(memory: Memory) -> None:
    raw = letter()
    ended = NotRead(arrival(raw), "ended its reader")

    results = [await admit(memory, one) for one in (ended, read_arrival(arrival(raw)), ended, read_arrival(arrival(raw)))]

    assert results == [[LedgerResult.QUARANTINED], [LedgerResult.OPENED], [None], [None]]


async def test_two_letters_without_a_byte_are_two_rows(memory: Memory) -> None:
    empty = [read_arrival(arrival(b"\r\n", position)) for position in (1, 2)]

    assert await admit(memory, *empty) == [LedgerResult.QUARANTINED] * 2
    async with memory.reading() as uow:
        assert len((await uow.exec(select(ArrivalRow))).all()) == 2


async def test_danger_in_quoted_words_that_nobody_has_seen_is_looked_at(memory: Memory) -> None:
    await post(memory, letter(QUOTED, In_Reply_To="<school-17@school.example>"))

    assert TaskKind.LOOK_FOR_HARM in {kind for kind, _ in await tasks(memory)}


async def test_danger_in_our_own_letter_or_one_that_we_have_alarms_nobody_twice(memory: Memory) -> None:
    await post(
        memory, letter("Nobody rang me back on Friday about the taxi, I want to complain.", message_id="<first@home.example>")
    )
    await post(memory, letter(QUOTED, In_Reply_To="<first@home.example>"), start=2)

    # Allowed below: it fails the test where it is none
    assert read_arrival(arrival(letter(QUOTED, In_Reply_To="<first@home.example>"))).is_danger_quoted  # type: ignore[union-attr]
    assert TaskKind.LOOK_FOR_HARM not in {kind for kind, _ in await tasks(memory)}


async def test_what_is_said_in_a_file_only_is_looked_at(memory: Memory) -> None:
    raw = letter("Please see the letter.").replace(b"Content-Type: text/plain", b"X-Was: text/plain")
    scan = raw.replace(b"X-Was:", b'Content-Type: application/pdf; name="letter.pdf"\nX-Was:', 1)

    await post(
        memory, scan, letter("A long letter says by itself what it has to say, and so nobody has to look.", subject="Taxi")
    )

    assert [kind for kind, _ in await tasks(memory)].count(TaskKind.LOOK_FOR_HARM) == 1


async def test_what_is_encrypted_between_the_words_is_looked_at(memory: Memory) -> None:
    armour = "Version: GnuPG v2\n\nhQEMA0abcdef ghij klmn opqr stuv wxyz\n=abcd\n-----END PGP MESSAGE-----"

    await post(memory, letter(f"For your eyes only.\n\n-----BEGIN PGP MESSAGE-----\n{armour}"))

    assert [kind for kind, _ in await tasks(memory)].count(TaskKind.LOOK_FOR_HARM) == 1


def test_words_of_danger_that_are_quoted_are_no_words_of_the_letter() -> None:
    reading = read_arrival(arrival(letter(QUOTED, In_Reply_To="<x@y.example>")))

    assert isinstance(reading, Reading)
    assert (reading.is_danger_quoted, reading.shown.tier) == (True, "")
    assert classify(HARM).tier == "A"


def files_locked_and_open() -> dict[str, tuple[bytes, bool]]:
    """A file by its name, and whether nobody here can read it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("letter.txt", "They never called back.")
    plain = out.getvalue()
    locked = plain[:6] + bytes([plain[6] | 1]) + plain[7:]
    enveloped = bytes.fromhex("308006092a864886f70d010703a0803080020100310000000000")
    signed = bytes.fromhex("308006092a864886f70d010702a0803080020100310000000000")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return {
        "letter.zip": (locked, True),
        "open.zip": (plain, False),
        "letter.docx": (old + "EncryptedPackage".encode("utf-16-le"), True),
        "letter.doc": (old + "WordDocument".encode("utf-16-le"), False),
        "smime.p7m": (enveloped, True),
        "signed.p7m": (signed, False),
        "letter.asc": (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", True),
        "letter.pdf.gpg": (b"\x85\x01\x0c", True),
        "scan.pdf": (b"%PDF-1.4 /Encrypt 1 0 R", False),
    }


@pytest.mark.parametrize(("name", "file"), files_locked_and_open().items())
async def test_who_writes_locked_is_asked_by_the_receipt_to_write_again(
    memory: Memory, name: str, file: tuple[bytes, bool]
) -> None:
    content, is_locked = file
    mail = message_from_bytes(letter("Please see the letter."), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)

    await post(memory, mail.as_bytes())

    [receipt] = await queued(memory)
    assert bool(receipt.facts.get("is_locked")) is is_locked
    said = render(Notice.RECEIPT, Channel.EMAIL, "en", receipt.facts, OFFICE.council)
    assert ("Please send it again without the lock" in said.text) is is_locked
    assert [kind for kind, _ in await tasks(memory)].count(TaskKind.LOOK_FOR_HARM) == 1


async def test_who_says_it_in_words_is_not_asked_to_write_again_because_a_file_is_locked(memory: Memory) -> None:
    mail = message_from_bytes(letter(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(files_locked_and_open()["letter.zip"][0], maintype="application", subtype="zip", filename="a.zip")

    await post(memory, mail.as_bytes())

    [receipt] = await queued(memory)
    assert "is_locked" not in receipt.facts
