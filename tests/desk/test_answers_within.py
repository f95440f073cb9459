"""What somebody writes between the lines of our receipt is theirs, though their mail program marks no quotation."""

import textwrap
from email.message import EmailMessage

import pytest

from bot.preview.samples import samples
from intake.arrival import Arrival, Wire
from intake.classification import Command
from intake.reading import Reading, read_arrival
from intake.within_ours import between_ours
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


MARKED_UP = {
    "gmail": '<div dir="ltr">{said}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    "On Tue, 18 Mar 2025 at 09:15, Your Say &lt;yoursay@council.example&gt; wrote:<br></div>"
    '<blockquote class="gmail_quote" style="margin:0">{ours}</blockquote></div>',
    "a telephone": '{said}<br><br>Sent from my iPhone<div dir="ltr"><br><blockquote type="cite">'
    "On 18 Mar 2025, at 09:15, Your Say &lt;yoursay@council.example&gt; wrote:<br><br></blockquote></div>"
    '<blockquote type="cite"><div>{ours}</div></blockquote>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{said}</p><div style="border-top:solid #E1E1E1 1.0pt">'
    '<p class="MsoNormal"><b>From:</b> Your Say &lt;yoursay@council.example&gt;<br><b>Sent:</b> 18 March 2025 09:15<br>'
    "<b>To:</b> Mum<br><b>Subject:</b> We got your message</p></div>{ours}</div>",
}


@pytest.mark.parametrize("number", range(len(samples(Notice.RECEIPT))))
@pytest.mark.parametrize("way", MARKED_UP)
def test_above_a_receipt_that_is_marked_up_a_word_acts_and_nothing_of_ours_rings(way: str, number: int) -> None:
    ours = render(Notice.RECEIPT, Channel.EMAIL, "en", samples(Notice.RECEIPT)[number].facts, OFFICE.council).html
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Mum <mum@family.example>", "yoursay@council.example", "Re: We got your message"
    mail["In-Reply-To"] = "<ours@council.example>"
    mail.set_content(f"<html><body>{MARKED_UP[way].format(said='stop', ours=ours)}</body></html>", subtype="html")
    raw = mail.as_bytes()

    reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])

    assert isinstance(reading, Reading)
    assert (reading.shown.command, reading.shown.tier) == (Command.STOP, "")


@pytest.mark.parametrize("number", range(len(samples(Notice.RECEIPT))))
def test_theirs_is_found_on_the_line_below_ours_and_however_our_lines_are_wrapped(number: int) -> None:
    ours = rendered(Notice.RECEIPT, number)
    wrapped = ["\n\n".join(textwrap.wrap(one.replace("\n", " "), 40)) for one in ours]
    for lines in (ours, wrapped):
        answered = [[*lines[:at], f"{lines[at]}\n{HARM}", *lines[at + 1 :]] for at in range(1, len(lines) - 2)]

        assert between_ours("\n\n".join(lines)) == ""
        assert [between_ours("\n\n".join(one)) for one in answered] == [HARM] * len(answered)


def test_where_a_link_leads_is_nobodys_words() -> None:
    """Outlook writes it behind the words that are a link."""
    ours = [one.replace("0800 1111", "0800 1111<tel:08001111>") for one in rendered(Notice.RECEIPT)]

    assert "tel:" in "".join(ours)
    assert between_ours("\n\n".join(ours)) == ""
    assert between_ours("\n\n".join((*ours[:-2], HARM, *ours[-2:]))) == HARM


def test_what_a_word_asks_for_at_the_top_holds_although_more_is_written_below() -> None:
    ours = rendered(Notice.RECEIPT)
    raw = letter(
        "status\n\n-----Original Message-----\n" + ABOVE + "\n\n".join((*ours[:4], "Nobody called me yet.", *ours[4:])),
        subject="RE: We got your message",
        In_Reply_To="<ours@council.example>",
    )

    reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])

    assert isinstance(reading, Reading)
    assert reading.shown.command is Command.STATUS
    assert "Nobody called me yet." in reading.letter.words


@pytest.mark.parametrize("notice", [Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, Notice.HOLD, Notice.ISSUES_FOR_YOU, Notice.LATE])
def test_of_a_letter_with_officers_words_nothing_is_taken_for_theirs(notice: Notice) -> None:
    ours = rendered(notice)

    assert between_ours("\n\n".join((*ours[:2], HARM, *ours[2:]))) == ""
