"""What strangers write stays words; what goes out is a letter that other machines understand; a gap is never sent."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from notifications.rendering import LETTERS, MANNERS, Auto, CannotRender, Rendered, build_mail, render, with_note_of_repeat
from procedures.terms import Channel, Notice
from templates import engine
from templates.markup import blocks, bubbles, plain
from templates.screens import Button, ScreensWrong, UnknownScreen, read_screens
from tests.mouth import pages, samples

NOW = datetime(2026, 6, 12, 22, 10, tzinfo=UTC)

HOSTILE = (
    "{{7*7}} {% for x in y %} {{ council }}",
    "<script>alert(1)</script><img src=x onerror=alert(1)> </style></body> &amp;",
    "one\r\nBcc: everyone@anytown.example\r\n\r\ntwo\rthree\u2028four\x85five",
    "abc\u202egnp.exe\u202c \u2066left\u2069 \u200fright",
    "# Not a heading\n## Nor this\n- no point\n1. no step\n***\nno bubble",
    "- dash first",
    "\x00\x01\x02\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x1b[31mred\x7f\x9f",
    "\ud800 half a pair",
    "🙂 مرحبا שלום ਪੰਜਾਬੀ",
    "   \n\n\t  ",
)


def with_words(facts: samples.Facts, words: str) -> dict[str, Any]:
    """The facts with every free text replaced, as a stranger or an officer might write it."""
    free = {"words", "why", "wanted", "reason", "counted", "answerer_name", "answerer_job", "detail", "do", "team", "person_name"}
    return {name: words if name in free else [words] if name in ("issues", "reasons") else value for name, value in facts.items()}


def every(words: str) -> Iterator[Rendered]:
    for notice in samples.NOTICES:
        facts = with_words(samples.of(notice)[0], words)
        yield render(notice, Channel.EMAIL, "en", facts, samples.COUNCIL)
        if notice in samples.FOR_PEOPLE:
            yield render(notice, Channel.TELEGRAM, "en", facts, samples.COUNCIL)


def answer(words: str, channel: Channel = Channel.EMAIL) -> Rendered:
    return render(Notice.RESPONSE, channel, "en", samples.of(Notice.RESPONSE)[0] | {"words": words}, samples.COUNCIL)


def mail(rendered: Rendered, **more: Any) -> EmailMessage:
    given: dict[str, Any] = {
        "message_id": "<one@anytown.example>",
        "date": NOW,
        "service_name": "Your Say",
        "from_address": "yoursay@anytown.example",
        "recipient": "sam@home.example",
        "auto": Auto.REPLIED,
    }
    return build_mail(rendered, **given | more)


def read_back(message: EmailMessage) -> EmailMessage:
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)


RECEIPT = render(Notice.RECEIPT, Channel.EMAIL, "en", samples.of(Notice.RECEIPT)[0], samples.COUNCIL)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_nothing_around_them(words: str) -> None:
    tame = [[tag for tag, _ in pages.read(said.html).tags if tag not in ("br", "p")] for said in every("Fine.") if said.html]
    said = list(every(words))

    assert [[tag for tag, _ in pages.read(one.html).tags if tag not in ("br", "p")] for one in said if one.html] == tame
    for one in said:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", one.text + one.subject + (one.html or ""))
        assert "\n" not in one.subject
        if one.html:
            assert pages.read(one.html).text.split() == pages.folded(one.text) or "1. no step" in words or words.startswith("- ")


def test_an_officers_words_arrive_as_they_were_written() -> None:
    words = "# Dear Sam\n\nTwo things:\n- we were late\n- {{we}} said <sorry> & meant it\n\n1. So"

    said = answer(words)

    assert words in said.text
    assert pages.read(said.html or "").text.count("# Dear Sam") == 1
    assert "<li" not in (said.html or "") and "&lt;sorry&gt; &amp; meant it" in (said.html or "")
    assert words in "\n\n".join(answer(words, Channel.TELEGRAM).parts)


def test_a_million_letters_are_rendered_whole() -> None:
    words = "lots of words\n" * 75_000

    said = answer(words)

    assert said.text.count("lots of words") == 75_000
    assert len(mail(said).as_bytes()) > 1_000_000


@pytest.mark.parametrize(
    ("notice", "name"),
    [
        (Notice.RECEIPT, "reference"),
        (Notice.RECEIPT, "read_by"),
        (Notice.ADDED, "reference"),
        (Notice.STATUS, "state"),
        (Notice.ACKNOWLEDGEMENT, "issues"),
        (Notice.ACKNOWLEDGEMENT, "due_on"),
        (Notice.RESPONSE, "words"),
        (Notice.RESPONSE, "procedure"),
        (Notice.LATE, "due_on"),
        (Notice.SAFETY_ALERT, "tier"),
        (Notice.REMINDERS, "overdue"),
    ],
)
def test_a_fact_that_is_missing_is_never_a_gap(notice: Notice, name: str) -> None:
    without = {key: value for key, value in samples.of(notice)[0].items() if key != name}

    with pytest.raises(CannotRender, match=f"'{name}' is undefined"):
        render(notice, Channel.EMAIL, "en", without, samples.COUNCIL)


def test_nothing_is_never_printed_as_a_word() -> None:
    with pytest.raises(CannotRender, match="MissingFact"):
        render(Notice.ADDED, Channel.TELEGRAM, "en", {"reference": None}, samples.COUNCIL)
    with pytest.raises(CannotRender, match="MissingFact"):
        answer(None)  # type: ignore[arg-type]  # another kind of thing than it takes, or a test knows it better


def test_words_that_come_out_empty_are_refused() -> None:
    with pytest.raises(CannotRender):
        render(Notice.PASSED_TO_TEAM, Channel.EMAIL, "en", {"reference": "", "what": "call", "by_date": ""}, samples.COUNCIL)


def test_a_word_that_nobody_foresaw_is_refused() -> None:
    for notice, name in (
        (Notice.STATUS, "state"),
        (Notice.RESPONSE, "procedure"),
        (Notice.RESPONSE, "outcome"),
        (Notice.SAFETY_ALERT, "tier"),
    ):
        with pytest.raises(CannotRender, match="UnknownWord"):
            render(notice, Channel.EMAIL, "en", samples.of(notice)[0] | {name: "surprising"}, samples.COUNCIL)


def test_what_has_no_words_for_a_channel_is_refused() -> None:
    for notice, channel in ((Notice.TROUBLE, Channel.TELEGRAM), (Notice.RECEIPT, Channel.PHONE), (Notice.SCREEN, Channel.EMAIL)):
        with pytest.raises(CannotRender):
            render(notice, channel, "en", samples.of(Notice.RECEIPT)[0], samples.COUNCIL)


def test_staff_mail_of_a_trial_says_so_in_its_subject_and_peoples_mail_does_not() -> None:
    trial = replace(samples.COUNCIL, environment="test")

    assert render(Notice.TROUBLE, Channel.EMAIL, "en", samples.of(Notice.TROUBLE)[0], trial).subject.startswith("[test] ")
    assert "[test]" not in render(Notice.RECEIPT, Channel.EMAIL, "en", samples.of(Notice.RECEIPT)[0], trial).subject


def test_a_repeat_in_chat_says_first_that_it_may_be_one() -> None:
    facts = samples.of(Notice.LATE)[0]
    said = with_note_of_repeat(render(Notice.LATE, Channel.TELEGRAM, "en", facts, samples.COUNCIL), "en")

    assert said.parts[0].startswith("We may have sent you this before.")
    assert said.text == "\n\n".join(said.parts)


# the letter


def test_a_mail_is_a_letter_to_one_person_with_its_text_first() -> None:
    letter = read_back(mail(RECEIPT, reply_to="yoursay+c.abc@anytown.example"))

    assert letter["From"] == "Your Say <yoursay@anytown.example>"
    assert letter["To"] == "sam@home.example" and not letter["Cc"] and not letter["Bcc"]
    assert letter["Reply-To"] == "yoursay+c.abc@anytown.example"
    assert letter["Message-ID"] == "<one@anytown.example>"
    assert letter["Date"] == "Fri, 12 Jun 2026 22:10:00 +0000"
    assert letter["Subject"] == RECEIPT.subject
    assert letter["Content-Language"] == "en"
    assert letter.get_content_type() == "multipart/alternative"
    text, html = letter.iter_parts()
    assert isinstance(text, EmailMessage) and isinstance(html, EmailMessage)
    assert text.get_content().splitlines() == RECEIPT.text.splitlines()
    assert html.get_content().splitlines() == (RECEIPT.html or "").splitlines()
    assert mail(RECEIPT).as_bytes().isascii()


@pytest.mark.parametrize("notice", [notice for notice in Notice if notice is not Notice.SCREEN])
def test_machines_are_told_what_a_machine_wrote_and_not_what_a_person_wrote(notice: Notice) -> None:
    manner = MANNERS[notice]
    letter = read_back(mail(RECEIPT, auto=manner.auto, is_bulk=manner.is_bulk))

    if notice in (*LETTERS, Notice.ISSUES_FOR_YOU, Notice.YOU_SAID_WE_DID, Notice.PRAISE):
        assert letter["Auto-Submitted"] is None and letter["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    else:
        assert letter["Auto-Submitted"] in ("auto-replied", "auto-generated") and letter["X-Auto-Response-Suppress"] == "All"
    assert (letter["Precedence"] == "bulk") == (notice in (Notice.REMINDERS, Notice.DIGEST))


def test_a_long_message_id_is_answered_whole() -> None:
    """Outlook's are longer than a folded line: the library would write them as encoded words and no thread would hold."""
    theirs = f"<{'D' * 70}@DB7PR04MB4490.eurprd04.prod.outlook.com>"

    raw = mail(RECEIPT, in_reply_to=theirs, references=["<first@home.example>", theirs]).as_bytes()

    assert f"\r\nIn-Reply-To: {theirs}\r\n".encode() in raw
    assert f"\r\nReferences: <first@home.example> {theirs}\r\n".encode() in raw


def test_nothing_in_an_answered_header_can_become_a_header() -> None:
    evil = "<a@b.example>\r\nBcc: all@anytown.example\r\n\r\n<script>"

    letter = read_back(mail(RECEIPT, in_reply_to=evil, references=[evil, "no identifier", "<" + "x" * 5_000 + "@y>"]))

    assert letter["Bcc"] is None
    assert letter["In-Reply-To"] == "<a@b.example>"
    assert letter["References"] == "<a@b.example>"


def test_a_long_thread_keeps_its_first_and_its_last_letters() -> None:
    thread = [f"<{number}{'x' * 60}@home.example>" for number in range(200)]

    letter = mail(RECEIPT, in_reply_to=thread[-1], references=thread)

    kept = str(letter["References"]).split()
    assert kept[0] == thread[0] and kept[1:] == thread[-9:]
    long = mail(RECEIPT, references=[f"<{number}{'x' * 280}@home.example>" for number in range(9)])
    assert len(long["References"]) <= 850 and len(str(long["References"]).split()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sam",
        "sam@home.example, eve@home.example",
        "sam@home.example\r\nBcc: x@y.example",
        "Sam <sam@home.example>",
        "@",
        "a b@c",
    ],
)
def test_an_address_that_is_not_one_address_gets_no_letter(address: str) -> None:
    with pytest.raises(CannotRender):
        mail(RECEIPT, recipient=address)


def test_a_letter_without_a_message_id_or_a_subject_is_not_sent() -> None:
    for message_id in ("", "one@anytown.example", "<one@anytown.example>\r\nX: y"):
        with pytest.raises(CannotRender):
            mail(RECEIPT, message_id=message_id)
    with pytest.raises(CannotRender):
        mail(replace(RECEIPT, subject="  "))


def test_a_council_may_be_called_anything() -> None:
    letter = read_back(mail(RECEIPT, service_name='Dweud "Dy" Ddweud,\r\nBcc: x@y.example – Ynys Môn'))

    assert letter["Bcc"] is None
    assert letter["From"].addresses[0].addr_spec == "yoursay@anytown.example"
    assert letter["From"].addresses[0].display_name == 'Dweud "Dy" Ddweud, Bcc: x@y.example – Ynys Môn'


# dates and marks


def test_days_and_moments_are_those_of_london() -> None:
    """23:30 on 30 June in London is half past ten in the evening UTC; in winter the clocks agree."""
    show = engine.text_environment("en").from_string("{{ x | day }}; {{ x | day_short }}; {{ x | moment }}; {{ x | hour }}")

    assert show.render(x="2026-06-30T23:30:00+00:00") == "Wednesday 1 July; Wed 1 Jul; Wed 1 Jul 2026 at 00:30; 12:30am"
    assert show.render(x="2026-12-01T12:00:00+00:00") == "Tuesday 1 December; Tue 1 Dec; Tue 1 Dec 2026 at 12:00; 12pm"
    with pytest.raises(ValueError, match="time zone"):
        show.render(x="2026-12-01T12:00:00")


def test_marks_make_blocks_and_bubbles() -> None:
    rendered = "# Title\nWords\nmore\n\n- one\n- two\n1. first\n***\n\nNext\n## Head\nunder\n"

    assert plain(blocks(rendered)) == "Title\n\nWords\nmore\n\n- one\n- two\n\n1. first\n\nNext\n\nHead\nunder"
    assert bubbles(blocks(rendered)) == ("Title\n\nWords\nmore\n\n- one\n- two\n\n1. first", "Next\n\nHead\n\nunder")


# screens

FILE: dict[str, Any] = {
    "buttons": {"wrong": "Something is wrong", "help": "Get help now", "stop": "Stop"},
    "start": {"text": "Hi. This is {{ council.service_name }}.", "buttons": [["wrong"], ["help", "stop"]]},
    "echo": {"text": "You said {{ words }}"},
}


def test_a_screen_has_its_words_and_its_rows_of_buttons() -> None:
    text, rows = read_screens(FILE, "en").show("start", {"council": samples.COUNCIL}, "n1")

    assert text == "Hi. This is Your Say."
    assert rows == (
        (Button("wrong", "Something is wrong", "n1.wrong"),),
        (Button("help", "Get help now", "n1.help"), Button("stop", "Stop", "n1.stop")),
    )


def test_a_screen_may_be_shown_with_other_buttons_or_with_none() -> None:
    screens = read_screens(FILE, "en")

    assert [[one.id for one in row] for row in screens.show("echo", {"words": "x"}, "n", ["stop", "help"])[1]] == [
        ["stop"],
        ["help"],
    ]
    assert [[one.id for one in row] for row in screens.show("echo", {"words": "x"}, "n", [["stop", "help"]])[1]] == [
        ["stop", "help"]
    ]
    assert screens.show("start", {"council": samples.COUNCIL}, "n", [])[1] == ()


def test_what_a_person_wrote_is_shown_and_not_run() -> None:
    text, _ = read_screens(FILE, "en").show("echo", {"words": "{{ 7*7 }}\n# <b>\n***"}, "n")

    assert text == "You said {{ 7*7 }}\n# <b>\n***"


def test_a_screen_or_button_that_is_unknown_is_refused() -> None:
    screens = read_screens(FILE, "en")

    with pytest.raises(UnknownScreen):
        screens.show("nowhere", {}, "n")
    with pytest.raises(UnknownScreen):
        screens.show("echo", {"words": "x"}, "n", ["nothing"])
    with pytest.raises(UnknownScreen, match="64 bytes"):
        screens.show("start", {"council": samples.COUNCIL}, "n" * 60)


def test_every_mistake_in_the_file_of_screens_is_named_at_once() -> None:
    wrong = {
        "buttons": {"a": "Same", "b": "Same", "c": " "},
        "one": {"text": "x", "buttons": [["a", "b"], ["zzz"]]},
        "two": {"text": ""},
        "three": {"text": "x", "buttons": ["a"], "colour": "red"},
    }

    with pytest.raises(ScreensWrong) as caught:
        read_screens(wrong, "en")

    for part in (
        "button c",
        "two buttons say the same",
        "unknown button zzz",
        "screen two: it has no text",
        "rows of ids",
        "unknown key colour",
    ):
        assert part in str(caught.value)


def test_the_screens_of_the_chat_are_rendered_as_notices() -> None:
    facts = {"screen": "start", "nonce": "n1", "buttons": None, "is_night": False, "voice": "unknown"}
    said = render(Notice.SCREEN, Channel.TELEGRAM, "en", facts, samples.COUNCIL)

    assert said.text and said.buttons and said.parts == (said.text,) and said.html is None
    assert all(button.data == f"n1.{button.id}" for row in said.buttons for button in row)


def test_an_alert_that_nobody_took_up_says_so_first_and_how_often() -> None:
    at = "2026-06-12T22:10:00+00:00"
    facts = {"reference": samples.REFERENCE, "tier": "harm", "at": at, "channel": "telegram", "is_night": False}

    first = render(Notice.SAFETY_ALERT, Channel.EMAIL, "en", facts, samples.COUNCIL)
    third = render(Notice.SAFETY_ALERT, Channel.EMAIL, "en", facts | {"again": 2}, samples.COUNCIL)

    assert "No one has" not in first.subject + first.text
    assert third.subject == f"No one has this yet. {first.subject}"
    assert "No one has taken this up yet. This is reminder 2." in " ".join(third.text.split())


def test_the_last_letter_of_an_adult_alone_says_how_to_answer_for_fairness_without_a_name() -> None:
    """By telephone, not in a reply, which would lie with the case (decision 052); the chat asks by itself."""
    asked: dict[tuple[str, Channel], set[bool]] = {}
    for facts in samples.of(Notice.CLOSURE):
        for channel in (Channel.EMAIL, Channel.TELEGRAM):
            words = render(Notice.CLOSURE, channel, "en", facts, samples.COUNCIL).text
            asked.setdefault((facts["voice"], channel), set()).add("You need not say who you are." in words)

    assert {who for who, said in asked.items() if True in said} == {("adult", Channel.EMAIL)}
    assert asked["adult", Channel.EMAIL] == {True}
    assert {voice for voice, _ in asked} >= {"child", "young", "adult", "unknown"}
