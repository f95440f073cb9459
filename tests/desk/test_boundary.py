"""Behind a boundary that hands letters on over other servers of our own, its verdict counts, and nobody else's."""

from datetime import timedelta

import pytest

from intake.arrival import Arrival, Wire
from intake.letters import read_letter
from intake.reception import Reception
from procedures.terms import Notice
from storage import cases
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, RESULTS, letter, post, queued

BOUNDARY = "mx.anytown.example mx1.anytown.example mx2.anytown.example"
OWN = "Received: from mx1.anytown.example by store.anytown.example with LMTP id 1; Mon, 2 Mar 2026 09:14:08 +0000"
AT_MX = "Received: from out.example.org (by mx9.anytown.example) by MX1.anytown.example. with ESMTPS id 2; Mon, 2 Mar 2026 09:14"
VERDICT = "Authentication-Results: mx.anytown.example; dmarc=pass header.from=post.example"
LETTER = "From: Dilys <dilys@post.example>\nSubject: Visits\n\nNobody came.\n"


def said(*above: str, boundary: str = BOUNDARY) -> str:
    raw = "\n".join((*above, LETTER)).encode()
    return read_letter(Arrival("mailbox:t", Wire.EMAIL, raw, MONDAY), boundary=boundary).authentication


def test_a_verdict_below_our_own_servers_and_above_the_boundarys_is_believed() -> None:
    assert said(OWN, VERDICT, AT_MX) == "pass"
    assert said(OWN, VERDICT, AT_MX, boundary="mx.anytown.example") == "none"


def test_a_verdict_below_the_boundarys_own_line_is_the_senders() -> None:
    assert said(OWN, AT_MX, VERDICT) == "none"
    assert said(OWN, AT_MX, VERDICT, AT_MX) == "none"


def test_a_letter_that_never_came_through_the_boundary_is_vouched_for_by_nobody() -> None:
    elsewhere = "Received: from mx1.anytown.example by else.example with ESMTP id 3; Mon, 2 Mar 2026 09:14"

    assert said(OWN, VERDICT, elsewhere) == "none"
    assert said(VERDICT) == "none"


def test_a_name_in_a_comment_is_not_who_wrote_the_line() -> None:
    elsewhere = "Received: from x (helo by mx2.anytown.example) by else.example with ESMTP id 3; Mon, 2 Mar 2026 09:14"

    assert said(OWN, VERDICT, elsewhere) == "none"


def test_the_boundarys_no_is_heard_there_too() -> None:
    assert said(OWN, VERDICT.replace("dmarc=pass", "dmarc=fail"), AT_MX) == "fail"


@pytest.mark.parametrize("said", ["fail", "nothing"])
async def test_with_a_boundary_only_whom_it_passed_is_told_where_a_case_stands(memory: Memory, said: str) -> None:
    behind = Reception(memory, lambda: OFFICE, boundary="mx.council.example")
    first = letter(Authentication_Results=RESULTS.format("pass"))
    [opened] = await behind.admit([Arrival(DOOR, Wire.EMAIL, first, MONDAY, 1, "1")], MONDAY)

    forged = {"Authentication_Results": RESULTS.format("fail") if said == "fail" else ""}
    raw = letter("status", subject=f"status {opened.reference}", **forged)
    await behind.admit([Arrival(DOOR, Wire.EMAIL, raw, MONDAY, 2, "1")], MONDAY)

    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT]  # whoever is on file is not disturbed
    genuine = letter("status", subject="status", Authentication_Results=RESULTS.format("pass"))
    later = MONDAY + timedelta(hours=2)
    await behind.admit([Arrival(DOOR, Wire.EMAIL, genuine, later, 3, "1")], later)
    assert [row.notice for row in await queued(memory)][-1] == Notice.STATUS


async def test_an_answer_with_our_key_but_without_a_vouched_sender_is_added_marked_and_not_answered(memory: Memory) -> None:
    behind = Reception(memory, lambda: OFFICE, boundary="mx.council.example")
    first = letter(Authentication_Results=RESULTS.format("pass"))
    [opened] = await behind.admit([Arrival(DOOR, Wire.EMAIL, first, MONDAY, 1, "1")], MONDAY)
    [receipt] = await queued(memory)

    later = MONDAY + timedelta(hours=2)
    raw = letter("They lost his papers.", In_Reply_To=receipt.message_id, Authentication_Results="")
    [answer] = await behind.admit([Arrival(DOOR, Wire.EMAIL, raw, later, 2, "1")], later)

    assert answer.reference == opened.reference
    assert len(await queued(memory)) == 1
    async with memory.reading() as uow:
        assert [row.is_unverified for row in await cases.letters_of(uow, opened.reference or "")] == [False, True]


async def test_nobody_can_tell_by_the_delay_whether_a_case_exists(memory: Memory) -> None:
    await post(memory, letter("status", sender="one@elsewhere.example", subject="status"))

    [told] = await queued(memory, "one@elsewhere.example")
    assert told.due_at - told.queued_at == timedelta(seconds=30)
