"""Every notice in every language can be said, and is said so that those whom it is for can read it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import product

import pytest

from bot.preview.samples import TROUBLES
from bot.preview.samples import samples as previews
from casework.council import Contacts
from notifications.rendering import MANNERS, Rendered, render
from procedures.terms import Channel, Notice
from storage.tables import TaskKind
from templates import engine
from tests.house.test_docs import COMMANDS
from tests.mouth import pages, samples
from tests.mouth.readability import grade, sentences, words_of

LANGUAGES = sorted(engine.languages())
CHANNELS = (Channel.EMAIL, Channel.TELEGRAM)

# people-and-safety.md §1.2 and §2.12: words that make people feel small, and promises that nobody can keep
BANNED = re.compile(
    r"\b(grievance|representations?|issues?|dissatisf\w+|submit\w*|lodge\w*|logged|provision|referral|local resolution"
    r"|adjudicat\w+|investigating officer|independent person"
    r"|review panel|lgsco|maladministration|upheld|timescale|virtual assistant|bot"
    r"|closed|resolved|should|keep you safe|confidential|on the way|i understand how|not valid|fill in|calm down|as i said"
    r"|confirmed|court|police|statutory|corporate|procedure)\b",
    re.IGNORECASE,
)
# what a lock screen must not show
TELLING = re.compile(
    r"complain|social|child|advocate|worker|ombudsman|stage|answer|sorry|council|anytown|harm|abuse|safe", re.IGNORECASE
)

SIGN_OFF = "needs sign-off by the council's safeguarding lead"

PLAIN = replace(samples.COUNCIL, contacts=Contacts(advocate_name="them", hours="each day"))


def shapes(*notices: Notice) -> Iterator[tuple[Notice, samples.Facts]]:
    for notice in notices:
        for facts in samples.of(notice):
            yield notice, facts


def said_to_people(channel: Channel) -> Iterator[tuple[str, Rendered]]:
    for notice, facts in shapes(*samples.FOR_PEOPLE):
        yield f"{notice} {facts}", render(notice, channel, "en", in_plain_words(facts), PLAIN)


def in_plain_words(facts: samples.Facts) -> dict[str, object]:
    """What officers and the people themselves write is not ours to make plain."""
    theirs = {
        "words": "We saw.",
        "why": "We saw.",
        "counted": "We saw.",
        "wanted": "We saw.",
        "reason": "We saw.",
        "issues": ["We saw."],
        "actions": [{"what": "We saw.", "by": "2026-07-03"}],
    }
    written = ("sooner", "fairly", "goes_on", "terms", "choices", "summary", "recommendations", "not_accepted", "still_looking")
    theirs |= dict.fromkeys(written, "We saw.")
    theirs |= {"answerer_name": "Sam", "answerer_job": "a boss"} | dict.fromkeys(("contact", "io_name", "ip_name"), "Sam")
    return {name: theirs.get(name) or value if value else value for name, value in facts.items()}


@pytest.mark.parametrize(("notice", "language"), list(product(samples.NOTICES, LANGUAGES)))
def test_every_notice_has_words_by_mail_in_every_language(notice: Notice, language: str) -> None:
    for facts in samples.of(notice):
        mail = render(notice, Channel.EMAIL, language, facts, samples.COUNCIL)

        assert mail.subject and "\n" not in mail.subject and len(mail.subject) < 100
        assert mail.text.strip() and mail.html and "{" not in mail.text and "None" not in mail.text.split()


@pytest.mark.parametrize(("notice", "language"), list(product(samples.FOR_PEOPLE, LANGUAGES)))
def test_every_notice_to_people_has_words_by_chat_in_every_language(notice: Notice, language: str) -> None:
    for facts in samples.of(notice):
        chat = render(notice, Channel.TELEGRAM, language, facts, samples.COUNCIL)

        assert chat.parts and all(part.strip() for part in chat.parts) and chat.html is None
        assert chat.text == "\n\n".join(chat.parts)
        assert not {"None", "{{", "}}", "{%"} & set(chat.text.split())


def test_every_notice_has_its_manner_and_its_samples() -> None:
    assert set(MANNERS) == set(Notice)
    assert set(samples.NOTICES) == set(Notice) - {Notice.SCREEN, Notice.DIGEST}


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_sentence_to_people_has_more_than_fifteen_words(channel: Channel) -> None:
    long = {
        " ".join(sentence)
        for _, said in said_to_people(channel)
        for text in (said.subject, said.text)
        for sentence in sentences(text)
        if len(sentence) > 15
    }

    assert not long


def test_every_mail_and_bubble_to_people_is_of_grade_five_or_less() -> None:
    texts = [said.text for _, said in said_to_people(Channel.EMAIL)]
    texts += [part for _, said in said_to_people(Channel.TELEGRAM) for part in said.parts]
    hard = {text: grade(text) for text in texts if len(words_of(text)) >= 8 and grade(text) > 5}

    assert not hard
    assert grade("\n".join(texts)) <= 4


@pytest.mark.parametrize("channel", CHANNELS)
def test_people_are_told_in_words_that_work(channel: Channel) -> None:
    found = set()
    for _, said in said_to_people(channel):
        # the council's word for what was found is shown once, beside the plain one
        text = re.sub(r"\(The formal word is '[a-z ]+'\.\)", "", said.text)
        found |= {match[0] for match in BANNED.finditer(f"{said.subject}\n{text}")}

    assert not found


def test_a_bubble_holds_at_most_sixty_words() -> None:
    long = {
        part: len(words_of(part))
        for _, said in said_to_people(Channel.TELEGRAM)
        for part in said.parts
        if len(words_of(part)) > 60
    }

    assert not long


def test_a_lock_screen_shows_nothing_of_the_matter() -> None:
    telling = {part[:40] for _, said in said_to_people(Channel.TELEGRAM) for part in said.parts if TELLING.search(part[:40])}
    telling |= {
        said.subject
        for _, said in said_to_people(Channel.EMAIL)
        if re.search(r"complain|social|child|council|anytown", said.subject, re.IGNORECASE)
    }

    assert not telling


def test_staff_mail_never_invites_an_extension_and_people_are_never_sent_to_the_ombudsman_instead() -> None:
    for _, facts in shapes(Notice.REMINDERS):
        reminder = render(Notice.REMINDERS, Channel.EMAIL, "en", facts, samples.COUNCIL).text
        assert not re.search(r"exten|more time|need longer", reminder)

    for facts in samples.of(Notice.RESPONSE):
        if facts["stage"] == 1 and facts["procedure"] in ("statutory", "corporate"):
            for channel in CHANNELS:
                answer = render(Notice.RESPONSE, channel, "en", facts, samples.COUNCIL).text
                assert answer.index("stage 2") < answer.index("Ombudsman")
                assert "You do not need a form." in answer and "in any words" in answer


def test_a_receipt_promises_nothing_but_that_a_person_reads() -> None:
    for facts in samples.of(Notice.RECEIPT):
        for channel in CHANNELS:
            receipt = render(Notice.RECEIPT, channel, "en", facts, samples.COUNCIL).text

            assert "by Tuesday 16 June" in receipt
            assert ("We expect to answer by Tuesday 30 June. A person will confirm that." in receipt) == bool(
                facts["expected_by"]
            )
            assert not re.search(r"you (will|should) (get|have|hear)[^.]*answer", receipt, re.IGNORECASE)
            assert (PLAIN.contacts.night_phone in receipt) == facts["is_night"]
            assert ("No one on our team will see this until Monday 15 June at 9am." in receipt) == bool(facts.get("seen_from"))


def test_the_answer_to_someone_whom_we_cannot_know_is_the_same_for_all() -> None:
    plain = render(Notice.NOTHING, Channel.EMAIL, "en", {}, samples.COUNCIL)

    assert (
        render(Notice.NOTHING, Channel.EMAIL, "en", {"reference": samples.REFERENCE, "voice": "child"}, samples.COUNCIL) == plain
    )
    assert not re.search(r"\bwe (have )?(just )?sent\b", plain.text, re.IGNORECASE), (
        "nothing was sent anywhere else, and nothing says so"
    )


def test_what_speaks_of_harm_says_that_it_needs_signing_off() -> None:
    """The council's safeguarding lead has not seen these words yet; a file that names a number to call in danger says so."""
    folder = files("templates") / "en"
    unsigned = []
    for notice in folder.iterdir():
        for file in notice.iterdir() if notice.is_dir() else ():
            source = file.read_text(encoding="utf-8")
            speaks_of_harm = re.search(r"Childline|NSPCC|night_phone|is not safe|someone making you", source)
            if speaks_of_harm and SIGN_OFF not in source:
                unsigned.append(f"{notice.name}/{file.name}")

    assert not unsigned


@pytest.mark.parametrize("notice", samples.NOTICES)
def test_the_html_of_a_mail_is_whole_small_and_says_the_same_as_its_text(notice: Notice) -> None:
    for facts in samples.of(notice):
        mail = render(notice, Channel.EMAIL, "en", facts, samples.COUNCIL)
        assert mail.html is not None
        page = pages.read(mail.html)

        assert page.text.split() == pages.folded(mail.text)
        assert page.named("html") == [{"lang": "en", "dir": "ltr"}]
        assert page.title == mail.subject
        assert len(page.named("h1")) == 1
        assert all(table.get("role") == "presentation" for table in page.named("table"))
        assert len(mail.html.encode()) < 102_000
        assert not {tag for tag, _ in page.tags} & {"img", "link", "script", "iframe", "form", "object"}
        named = mail.html.replace(samples.COUNCIL.contacts.policy_url, "")  # to be read and typed: it is no link
        assert not re.search(r"https?:|url\(|@import|src=|\son\w+=", named)
        assert all(re.fullmatch(r"tel:\+?\d{3,}", link["href"]) for link in page.named("a"))


def test_a_phone_number_in_a_mail_to_people_can_be_tapped() -> None:
    for notice, facts in shapes(*samples.FOR_PEOPLE):
        html = render(notice, Channel.EMAIL, "en", facts, samples.COUNCIL).html or ""
        assert not re.search(r"\d{4} \d{3,}|\b999\b", re.sub(r"<a href[^>]*>[^<]*</a>", "", html))


def bars(rules: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    return [rules[f"table.figures td.{name}"] for name in ("late", "due", "on-track")]


def test_every_colour_can_be_read_by_day_and_by_night() -> None:
    page = pages.read(render(Notice.ADDED, Channel.EMAIL, "en", {"reference": samples.REFERENCE}, samples.COUNCIL).html or "")
    sheets = pages.colours(page.style)
    judged = set()
    for rules in sheets:
        paper, ground = rules[".sheet"]["background-color"], rules["body"]["background-color"]
        for fore, back, least in (
            (rules["body"]["color"], ground, 4.5),
            (rules["body"]["color"], rules[".page"]["background-color"], 4.5),
            (rules[".sheet"]["color"], paper, 4.5),
            (rules["a"]["color"], paper, 4.5),
            (rules["table.figures th"]["border-bottom-color"], paper, 3),
            (rules[".sheet"]["border-top-color"], ground, 3),
            (rules[".how-late"]["color"], paper, 4.5),
            *((bar["color"], bar["background-color"], 4.5) for bar in bars(rules)),
            *((bar["background-color"], paper, 3) for bar in bars(rules)),
        ):
            assert pages.contrast(fore, back) >= least, f"{fore} on {back}"
            judged |= {fore, back}

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", page.style)) == judged, "a colour that nobody judged"
    assert not judged & {"#000000", "#ffffff"}
    assert 'name="color-scheme" content="light dark"' in (
        render(Notice.NOTHING, Channel.EMAIL, "en", {}, samples.COUNCIL).html or ""
    )


def test_a_list_of_mails_shows_people_something_neutral_and_nothing_after_it() -> None:
    """Most readers show a hundred characters or so of the beginning beside the subject, also on a phone that is lying about."""
    for notice in samples.NOTICES:
        html = render(notice, Channel.EMAIL, "en", samples.of(notice)[0], samples.COUNCIL).html or ""
        hidden = pages.read(html).hidden

        assert bool(hidden) == (notice in samples.FOR_PEOPLE)
        if hidden:
            assert html.index("display:none") < html.index("<h1")
            assert re.fullmatch(r"A message from Your Say\.[\s\u034f\u200c\xad\u2007]{190,}", hidden)


def test_every_task_and_trouble_has_words_of_its_own() -> None:
    """In a morning bundle `place_letter` is no sentence."""
    words = engine.read_words("clocks.toml", "en")

    assert {kind.value for kind in TaskKind} <= set(words)
    for what, _, _ in TROUBLES:
        mail = render(Notice.TROUBLE, Channel.EMAIL, "en", {"what": what, "detail": "", "since": "", "do": ""}, samples.COUNCIL)
        assert not mail.subject.startswith("Something needs") and "What to do: " in mail.text


def test_every_command_that_a_mail_names_is_there() -> None:
    named = set[str]()
    for one in previews():
        html = render(one.notice, Channel.EMAIL, "en", one.facts, samples.COUNCIL).html or ""
        named |= set(re.findall(r"<code>heard ([a-z -]+?)(?: --.*?| <span.*?)?</code>", html))
        named |= set(re.findall(r": heard ([a-z ]+)(?:<|$)", html))

    assert {"case show", "tasks list", "outbox list", "quarantine list", "health", "case acknowledge"} <= named
    assert {tuple(name.split()) for name in named} <= set(COMMANDS)


def test_a_language_without_a_folder_is_answered_in_english() -> None:
    mail = render(Notice.THANKS, Channel.EMAIL, "../../etc", {"reference": samples.REFERENCE}, samples.COUNCIL)

    assert mail.language == "en" and mail.subject.startswith("Thank you")
