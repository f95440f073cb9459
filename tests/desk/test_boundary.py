"""Behind a boundary that hands letters on over other servers of our own, its verdict counts, and nobody else's."""

from intake.arrival import Arrival, Wire
from intake.letters import read_letter
from tests.casework.rooms import MONDAY

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
