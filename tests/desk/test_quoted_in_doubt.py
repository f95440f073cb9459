"""A letter whose answers may stand inside the one that it quotes: people read it whole, and only what is surely new acts."""

import pytest

from bot.preview.samples import Sample, samples
from intake.arrival import Arrival, Wire
from intake.reading import Reading, read_arrival
from intake.standing import below_ours
from notifications.rendering import render
from procedures.terms import Channel, Event, Notice, Risk
from storage import cases
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_afterwards import FRIDAY_WEEK, answered, standing
from tests.desk.test_list_answers import confirmed, listed
from tests.desk.test_reception import DOOR, letter, post, queued, tasks

INTRODUCED = "On 18 Mar 2025 at 09:15, Your Say <yoursay@council.example> wrote:\n"
POINTING = ("Thanks. I wrote it in the text already.", "Dziękuję, mój numer jest poniżej.", "")
OF_PEOPLE = (Notice.RECEIPT, Notice.ADDED, Notice.STATUS, Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, Notice.HOLD, Notice.CLOSURE)
UNHAPPY = "I am not happy with this answer and want stage 2."


def quoting(words: str, quoted: str) -> str:
    return f"{words}\n\n{INTRODUCED}" + "\n".join(f"> {line}" for line in quoted.split("\n"))


def reading_of(raw: bytes) -> Reading:
    reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY))
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize("words", POINTING)
async def test_our_answer_quoted_below_words_that_point_asks_for_no_next_step(memory: Memory, words: str) -> None:
    reference = await answered(memory, is_closed=True)
    ours = next(row for row in await queued(memory) if row.notice == Notice.RESPONSE)
    text = render(Notice.RESPONSE, Channel.EMAIL, "en", ours.facts, OFFICE.council).text
    raw = letter(quoting(words, text), subject="Re: Your answer", In_Reply_To=ours.message_id)

    await post(memory, raw, start=2, now=FRIDAY_WEEK)

    case, events, _ = await standing(memory, reference)
    assert Event.S2_REQUESTED not in events
    assert case.closed_on is not None
    kinds = {kind for kind, _ in await tasks(memory)}
    assert TaskKind.PLACE_LETTER in kinds
    assert TaskKind.NOT_HAPPY not in kinds
    alerts = {row.notice for row in await queued(memory, OFFICE.council.duty_addresses[0])}
    is_unread = words.startswith("Dzi")  # a person looks at words in Polish, whatever they say
    assert (TaskKind.LOOK_FOR_HARM in kinds, Notice.SAFETY_ALERT in alerts) == (is_unread, is_unread)


async def test_answers_between_the_lines_are_kept_for_an_officer_who_is_asked_to_read_them(memory: Memory) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)
    raw = letter(quoting("See my answers below.", f"What happened?\n{UNHAPPY}"), In_Reply_To=receipt.message_id)

    [added] = await post(memory, raw, start=2)

    async with memory.reading() as uow:
        kept = {one.arrival_id: one.words for one in await cases.letters_of(uow, first.reference or "")}
    assert UNHAPPY in kept[added.arrival_id]
    assert (TaskKind.PLACE_LETTER, first.reference) in await tasks(memory)


@pytest.mark.parametrize("words", POINTING)
def test_danger_in_such_a_quote_is_danger_quoted(words: str) -> None:
    danger = "If a child is in danger now, call 999.\nI want to kill myself."
    reading = reading_of(letter(quoting(words, danger), In_Reply_To="<a@b>"))

    assert (reading.shown.tier, reading.shown.risk, reading.is_danger_quoted) == ("", Risk.NONE, True)
    assert not [reason for reason in reading.shown.reasons if reason.field == "risk"]


def test_what_is_surely_new_acts_above_such_a_quote() -> None:
    raw = letter(quoting(f"{UNHAPPY} He hits my son every night. The rest is below.", "Who came?"), In_Reply_To="<a@b>")
    reading = reading_of(raw)

    assert (reading.shown.is_not_happy, reading.shown.tier) == (True, "A")
    assert reading.letter.words.endswith("> Who came?")


async def test_a_quoted_yes_confirms_no_list(memory: Memory) -> None:
    [first] = await post(memory, letter())
    reference = first.reference or ""
    await listed(memory, reference)
    ours = (await queued(memory))[-1]
    raw = letter(f"> Yes\n\nMy number is below.\n\n{INTRODUCED}> 1. Nobody called.", In_Reply_To=ours.message_id)

    await post(memory, raw, start=2)

    assert await confirmed(memory, reference) == ["", ""]


SENT_ON = (
    "Fwd: Your answer",
    "Please keep this for your file.\n\n---------- Forwarded message ---------\nFrom: Your Say <yoursay@council.example>\n"
    "Date: Tue, 18 Mar 2025 at 09:15\nSubject: Your answer\nTo: <mum@family.example>\n\n{ours}\n",
)


@pytest.mark.parametrize("ours", [UNHAPPY, "next step", "status"])
def test_a_letter_of_ours_that_is_sent_on_asks_for_nothing(ours: str) -> None:
    subject, words = SENT_ON
    raw = letter(words.format(ours=ours), subject=subject)

    reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])

    assert isinstance(reading, Reading)
    assert reading.letter.said == "Please keep this for your file."
    assert ours in reading.letter.words
    assert not reading.shown.is_not_happy
    assert reading.shown.command is None


def test_a_letter_of_ours_that_is_sent_along_asks_for_nothing_and_somebody_elses_does() -> None:
    def with_letter_of(sender: str) -> Reading:
        lines = ("Content-Type: message/rfc822", "", f"From: {sender}", "Subject: Hello", "", UNHAPPY, "--edge--", "")
        body = "\r\n".join(("--edge", "Content-Type: text/plain", "", "See this.", "--edge", *lines))
        head = "From: mum@family.example\r\nSubject: Fwd: Hello\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n"
        raw = (head + body).encode()
        reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])
        assert isinstance(reading, Reading)
        return reading

    ours, theirs = with_letter_of("Your Say <yoursay@council.example>"), with_letter_of("Nan <nan@family.example>")

    assert (ours.shown.is_not_happy, theirs.shown.is_not_happy) == (False, True)
    assert UNHAPPY in ours.letter.words
    assert ours.letter.said == "See this."


HARM = "My mum hits me every night with a belt."


@pytest.mark.parametrize("notice", [Notice.RECEIPT, Notice.ADDED, Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, Notice.HOLD])
def test_danger_written_below_a_letter_of_ours_that_is_sent_on_rings_and_our_own_words_do_not(notice: Notice) -> None:
    subject, words = SENT_ON
    ours = render(notice, Channel.EMAIL, "en", samples(notice)[0].facts, OFFICE.council).text

    def tier(text: str) -> tuple[str, bool]:
        raw = letter(words.format(ours=text), subject=subject, References="<ours@council.example>")
        reading = read_arrival(Arrival(DOOR, Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])
        assert isinstance(reading, Reading)
        return reading.shown.tier, reading.shown.is_not_happy

    assert tier(ours) == ("", False)
    assert tier(f"{ours}\n\n{HARM}\n{UNHAPPY}") == ("A", False)


@pytest.mark.parametrize("sample", [one for one in samples() if one.notice in OF_PEOPLE], ids=lambda one: one.name)
def test_nothing_of_a_letter_of_ours_is_left_below_its_end(sample: Sample) -> None:
    ours = render(sample.notice, Channel.EMAIL, "en", sample.facts, OFFICE.council).text

    assert below_ours(f"{ours}\n{HARM}").strip() == HARM
