"""What somebody writes between the lines of our receipt is theirs, though their mail program marks no quotation."""

import pytest

from bot.preview.samples import samples
from intake.arrival import Arrival, Wire
from intake.reading import Reading, read_arrival
from intake.standing import between_ours
from notifications.rendering import render
from procedures.terms import Channel, Notice
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, letter

HARM = "My mum hits me every night with a belt."
ABOVE = "From: Your Say <yoursay@council.example>\nSent: 18 March 2025 09:15\nTo: Mum\nSubject: We got your message\n\n"
WAYS = {
    "outlook": (
        "Hello, I have answered.\n\n-----Original Message-----\n" + ABOVE,
        "RE: We got your message",
        "<ours@council.example>",
    ),
    "outlook that points": (
        "Answers below\n\n-----Original Message-----\n" + ABOVE,
        "RE: We got your message",
        "<ours@council.example>",
    ),
    "gmail without marks": (
        "I have answered.\n\nOn 18 Mar 2025 at 09:15, Your Say <yoursay@council.example> wrote:\n\n",
        "Re: We got your message",
        "<ours@council.example>",
    ),
    "sent on": ("See this.\n\n---------- Forwarded message ---------\n" + ABOVE, "Fwd: We got your message", ""),
}


def rendered(notice: Notice, number: int = 0) -> list[str]:
    """A letter of ours as it stands in theirs, by paragraph."""
    return render(notice, Channel.EMAIL, "en", samples(notice)[number].facts, OFFICE.council).text.strip().split("\n\n")


def reading_of(way: str, ours: list[str]) -> Reading:
    above, subject, answered = WAYS[way]
    headers = {"In_Reply_To": answered} if answered else {}
    raw = letter(above + "\n\n".join(ours), subject=subject, **headers)
    reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize("way", WAYS)
def test_danger_between_the_lines_of_our_receipt_rings_and_the_receipt_itself_does_not(way: str) -> None:
    ours = rendered(Notice.RECEIPT)

    answered = reading_of(way, [*ours[:4], HARM, *ours[4:]])

    assert answered.shown.tier == "A"
    assert HARM in answered.letter.words
    assert ours[4] not in answered.letter.acted_on
    assert reading_of(way, ours).shown.tier == ""


@pytest.mark.parametrize("number", range(len(samples(Notice.RECEIPT))))
def test_no_word_of_any_receipt_is_taken_for_theirs_and_theirs_is_found_behind_every_paragraph(number: int) -> None:
    ours = rendered(Notice.RECEIPT, number)
    found = [between_ours("\n\n".join((*ours[:at], HARM, *ours[at:]))) for at in range(1, len(ours) - 1)]

    assert between_ours("\n\n".join(ours)) == between_ours("\n\n".join(f"> {one}" for one in ours)) == ""
    assert found == [HARM] * len(found)


@pytest.mark.parametrize("notice", [Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, Notice.HOLD, Notice.ISSUES_FOR_YOU, Notice.LATE])
def test_of_a_letter_with_officers_words_nothing_is_taken_for_theirs(notice: Notice) -> None:
    ours = rendered(notice)

    assert between_ours("\n\n".join((*ours[:2], HARM, *ours[2:]))) == ""
