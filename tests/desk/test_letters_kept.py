"""Letters that cannot be had or read whole are kept, once, and looked at; danger in quoted words is not lost."""

import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlmodel import select

from intake.arrival import OVERSIZED, Arrival, Wire
from intake.classification import classify
from intake.letters import read_letter
from intake.reading import NotRead, Reading, read_arrival
from intake.reception import Reception
from notifications.rendering import render
from procedures.terms import Channel, Kind, Notice
from storage import cases, inbound
from storage.tables import ArrivalRow, CaseRow, LedgerResult, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.letters import FOLDER
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


@pytest.mark.parametrize(
    ("name", "is_answered"),
    [
        ("portal_of_egress", True),
        ("portal_of_gmails_confidential_mode", True),
        ("portal_of_proton", True),
        ("portal_of_purview", True),
        ("portal_of_purview_with_a_file_alone", True),
        ("portal_of_mimecast_told_of_by_a_machine", False),
    ],
)
async def test_a_letter_behind_a_portal_is_a_complaint_that_a_person_looks_at_and_its_receipt_asks_for_the_words(
    memory: Memory, name: str, is_answered: bool
) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()

    [one] = await post(memory, raw)

    [case] = await opened(memory)
    assert (one.result, case.kind) == (LedgerResult.OPENED, Kind.COMPLAINT)
    kinds = [kind for kind, _ in await tasks(memory)]
    assert TaskKind.LOOK_FOR_HARM in kinds and (TaskKind.CANNOT_REACH in kinds) is not is_answered
    receipts = await queued(memory, read_letter(arrival(raw)).sender)
    assert [row.facts.get("is_locked") for row in receipts] == ([True] if is_answered else [])


@pytest.mark.parametrize("name", ["fax_by_mail", "scan_of_a_konica", "scan_of_a_xerox", "photo_and_the_signature_of_an_iphone"])
async def test_a_scan_or_a_fax_is_a_complaint_that_a_person_looks_at(memory: Memory, name: str) -> None:
    await post(memory, (FOLDER / f"{name}.eml").read_bytes())

    [case] = await opened(memory)
    assert case.kind is Kind.COMPLAINT
    assert TaskKind.LOOK_FOR_HARM in [kind for kind, _ in await tasks(memory)]


async def test_who_tells_of_a_secure_message_in_their_own_words_is_not_asked_for_it_again(memory: Memory) -> None:
    words = "I have sent you a secure message twice since January and nobody has rung me back about my son."

    await post(memory, letter(words), letter("Thank you so much, she loves it!", subject="Thanks"))

    assert [row.facts.get("is_locked") for row in await queued(memory)] == [None, None]


OF_THEIR_OWN = [
    "Hello, I have sent you a secure email last week about my daughter Amy being moved. Nobody answered. I used your portal. "
    "Please call me back.",
    "You said you have sent a confidential message to my mum about me. She found it on the portal. I am angry and I want to "
    "complain.",
    "I got a secure email from you https://switch.egress.com/ui/read/abc and cannot open it.",
    "You have received a secure email from the school, https://switch.egress.com/ui/read/abc, and in it they say that Amy lies. "
    "She cries every night. Nobody believes her, and nobody from the council came.",
    "You have received a secure email from the school https://switch.egress.com/ui/read/abc and she had to read that Amy was "
    "moved, and nobody came to visit her since January.",
    "The council sent you a secure message. Visit the portal. She is angry.",
]
"""The last one tells of a portal and brings nothing of one."""


@pytest.mark.parametrize("words", OF_THEIR_OWN)
async def test_nobody_is_told_that_their_own_words_about_a_secure_email_could_not_be_opened(memory: Memory, words: str) -> None:
    await post(memory, letter(words))

    assert ["is_locked" in row.facts for row in await queued(memory)] == [False]
    assert not read_letter(arrival(letter(words))).is_locked
    assert TaskKind.LOOK_FOR_HARM not in {kind for kind, _ in await tasks(memory)}


@pytest.mark.parametrize(
    "words",
    [
        "Thank you so much to Jane for all her help. The drawing was sent to you by her little brother. She is the best social "
        "worker we ever had.",
        "Thank you Jane! The drawing was sent to you by her little brother.",
        "Thank you so much to Jane for all her help. I scanned this with a multifunction printer at work. She is the best social "
        "worker we ever had.",
    ],
)
async def test_thanks_that_bring_a_drawing_stay_thanks_whoever_sent_or_scanned_it(memory: Memory, words: str) -> None:
    mail = message_from_bytes(letter(words), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="drawing.png")

    await post(memory, mail.as_bytes())

    [case] = await opened(memory)
    assert case.kind is Kind.COMPLIMENT


async def opened(memory: Memory) -> list[CaseRow]:
    async with memory.reading() as uow:
        return list(await uow.exec(select(CaseRow)))
