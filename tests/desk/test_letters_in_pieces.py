"""A letter that was sent in several, too big for a server (RFC 2046, 5.2.2): its pieces lie on one case, and are told."""

import base64
from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from intake.arrival import Arrival, Wire
from intake.letters.email_letter import file_in, read_letter
from intake.letters.pieces import whole_of
from procedures.terms import Notice
from storage.tables import ArrivalRow, CaseRow, LedgerResult, LetterRow, OutboxRow, TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY
from tests.desk.test_reception import MUM, RESULTS, post

FILE = bytes(range(256)) * 20
ENCODED = base64.encodebytes(FILE)
SAID = b"Nobody has visited my son since January, and nobody answers me.\nWe wrote three times.\n"
MORE = b"On Sunday his stepdad hit him so hard that he bled.\nPlease do something.\n"
WHOLE = SAID + MORE + b"--b\nContent-Type: image/png; name=arm.png\nContent-Transfer-Encoding: base64\n\n" + ENCODED + b"--b--\n"


def pieces(ends: Sequence[int] = (len(SAID), len(SAID + MORE) + 400)) -> list[bytes]:
    """The letter cut behind so many bytes of its words."""
    within = b'Subject: Visits\nMessage-ID: <whole@family.example>\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\n'
    cuts = [0, *ends, len(WHOLE)]
    around = "Authentication-Results: {}\nFrom: {}\nTo: yoursay@council.example\nSubject: Visits ({}/{})\n"
    kind = 'Message-ID: <p{}@f.example>\nContent-Type: message/partial; id="whole.1@family.example"; number={}; total={}\n\n'
    return [
        (around.format(RESULTS.format("pass"), MUM, number, len(cuts) - 1) + kind.format(number, number, len(cuts) - 1)).encode()
        + (within if number == 1 else b"")
        + WHOLE[cuts[number - 1] : cuts[number]]
        for number in range(1, len(cuts))
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
async def test_pieces_come_to_one_case_and_the_first_that_comes_is_answered(memory: Memory, order: list[int]) -> None:
    three = pieces()
    for start, number in enumerate(order, start=1):
        await post(memory, three[number], start=start)

    async with memory.reading() as uow:
        rows = (await uow.exec(select(ArrivalRow).order_by(col(ArrivalRow.position)))).all()
        one_case = (await uow.exec(select(CaseRow))).one()
        words = {row.arrival_id: row.words for row in await uow.exec(select(LetterRow))}
        tasks = (await uow.exec(select(TaskRow))).all()
        said = [(row.notice, row.recipient) for row in await uow.exec(select(OutboxRow)) if row.recipient == MUM]
    assert [row.result for row in rows] == [LedgerResult.OPENED, LedgerResult.ADDED, LedgerResult.ADDED]
    assert {row.case_reference for row in rows} == {one_case.reference}
    assert [bytes(row.raw) for row in rows] == [three[number] for number in order]
    told = [words[rows[order.index(number)].id] for number in range(3)]
    assert "nobody answers me" in told[0]
    assert "hit him so hard" in told[1]
    assert ENCODED[:40].decode() not in "".join(told)
    assert {task.detail.partition(" of a letter")[0] for task in tasks if task.kind is TaskKind.PLACE_LETTER} >= {
        f"piece {n} of 3" for n in (1, 2, 3)
    }
    of_pieces = [task.detail for task in tasks if task.detail.startswith("piece ")]
    assert [f"`heard case original {one_case.reference} MESSAGE --whole`" in detail for detail in of_pieces] == [True] * 3
    assert said == [(Notice.RECEIPT, MUM)]
    assert TaskKind.SAFETY in {task.kind for task in tasks}


def test_all_pieces_make_the_letter_again_and_some_do_not() -> None:
    three = pieces()

    whole = whole_of([three[2], b"From: a@b.example\n\nsomething else\n", three[0], three[1]])

    assert whole is not None
    assert file_in(whole, 1) == FILE
    assert b"Message-ID: <whole@family.example>".lower() in whole.lower()
    assert b"(1/3)" not in whole
    assert MORE in whole
    assert whole_of(three[:2]) is whole_of(three[1:]) is whole_of([]) is None
    assert whole_of([three[0], three[1], three[2].replace(b"whole.1", b"whole.2")]) is None


def test_pieces_make_the_letter_again_however_their_id_and_number_are_written() -> None:
    first, *others = pieces()
    otherwise = first.replace(b'"whole.1@family.example"; number=1', b'"<whole.1@family.example>"; number=01')

    assert otherwise != first
    assert whole_of([otherwise, *others]) == whole_of([first, *others]) is not None


async def test_a_piece_without_its_number_is_a_letter_all_the_same(memory: Memory) -> None:
    raw = b"From: mum@family.example\nContent-Type: message/partial\n\nNobody came.\n"

    (admitted,) = await post(memory, raw)

    assert admitted.result is LedgerResult.OPENED


@pytest.mark.parametrize("said", ['number=-1; id="a@b"', 'number=999999999999; id="a@b"', 'id=""; number=2', "number=x"])
def test_the_words_of_a_piece_are_read_whatever_it_says_of_itself(said: str) -> None:
    raw = f"From: mum@family.example\nContent-Type: message/partial; {said}\n\nNobody came on Friday.\n".encode()

    assert read_letter(Arrival("mailbox", Wire.EMAIL, raw, MONDAY)).words == "Nobody came on Friday."
