"""The chat's words: short, plain, honest, and safe to be seen on a locked screen."""

import re
from pathlib import Path

import pytest

from casework.council import Council
from intake.conversation.showing import REMEMBERED
from templates.screens import screens
from tests.mouth.readability import grade, sentences, syllables, words_of

ENGLISH = screens("en")
EVERY = sorted(ENGLISH.screens)
MAY_BE_LONGER = {"help", "how", "procedure", "danger", "low", "not_safe", "cannot_call", "threat"}
STATES = (
    *("received", "reading", "looking", "more_time", "late", "answered", "step_2", "step_3"),
    *("stopping", "stopped", "thanked", "finished", "waiting", "something_new"),
)
SAFETY = (
    *("danger", "danger_again", "low", "low_again", "threat", "worry"),
    *("not_safe", "cannot_call", "safe_now", "help", "stop_made"),
)
NEVER_FIRST = (
    *("complain", "social", "worker", "child", "abus", "hurt", "harm", "police", "court", "council"),
    *("fault", "anytown", "unsafe"),
)
NEVER = (
    *("keep you safe", "confidential", "on the way", "understand how you feel", "calm down", "as i said", "fill in this form"),
    *("grievance", "representation", "dissatisf", "submit", "lodge", "upheld", "timescale", "virtual", "resolved", "escalat"),
)
LONG_BUT_KNOWN = {
    *("advocate", "ombudsman", "computer", "family", "photo", "video", "telegram", "manager", "mobile", "language", "samaritans"),
    *("september", "november", "december", "october", "january", "february", "wednesday", "saturday", "anytown", "complaining"),
}


def facts(
    voice: str = "unknown", state: str = "received", is_night: bool = False, due_on: str | None = "2026-03-17"
) -> dict[str, object]:
    """Everything that a screen may ask for, and nothing else."""
    return {
        "reference": "K7M-W92-RXHX",
        "read_by": "2026-03-04",
        "due_on": due_on,
        "voice": voice,
        "state": state,
        "reason": "We must talk to more people.",
        "parts": [{"due_on": "2026-04-14", "is_late": False}] if state == "looking" else [],
        "is_night": is_night,
        "seen_from": "2026-03-04T09:00:00+00:00",
        "council": Council(),
    }


def said(screen: str, **how: object) -> str:
    return ENGLISH.show(screen, facts(**how), "n" * 24)[0]  # type: ignore[arg-type]  # whatever a test gives


def every_form(screen: str) -> list[str]:
    """The screen to each voice, by day and by night, in each state, with and without a date."""
    return [
        said(screen, voice=voice, state=state, is_night=is_night, due_on=due_on)
        for voice in ("unknown", "child", "adult")
        for is_night in (False, True)
        for state in (STATES if screen == "status" else STATES[:1])
        for due_on in ("2026-03-17", None)
    ]


@pytest.mark.parametrize("screen", EVERY)
def test_no_sentence_is_over_15_words_and_no_bubble_over_60(screen: str) -> None:
    for text in every_form(screen):
        assert len(words_of(text)) <= (90 if screen in MAY_BE_LONGER else 60), text
        for sentence in sentences(text):
            assert len(sentence) <= 15, sentence


@pytest.mark.parametrize("screen", EVERY)
def test_a_child_of_ten_can_read_every_screen(screen: str) -> None:
    for text in every_form(screen):
        if len(words_of(text)) >= 8:
            assert grade(text) <= 5, (grade(text), text)


def test_the_whole_chat_reads_at_grade_four() -> None:
    assert grade("\n".join(said(screen) for screen in EVERY)) <= 4


@pytest.mark.parametrize("screen", EVERY)
def test_the_first_forty_characters_tell_someone_who_looks_over_a_shoulder_nothing(screen: str) -> None:
    for text in every_form(screen):
        seen = text[:40].lower()

        assert not [word for word in NEVER_FIRST if word in seen], seen


@pytest.mark.parametrize("screen", EVERY)
def test_no_screen_says_what_must_never_be_said(screen: str) -> None:
    for text in every_form(screen):
        assert not [words for words in NEVER if words in text.lower()], text


@pytest.mark.parametrize("screen", EVERY)
def test_long_words_are_only_those_that_people_know(screen: str) -> None:
    own = " ".join(text for text in every_form(screen)).replace(Council().name, "").lower()
    own = re.sub(r"(mon|tues|wednes|thurs|fri)day|999bsl\S+|yoursay\S+", "", own)

    long = {word for word in words_of(own) if syllables(word) > 2 and word not in LONG_BUT_KNOWN}

    assert len(long) <= 1, long


@pytest.mark.parametrize("screen", SAFETY)
def test_no_safety_screen_says_that_the_team_was_told(screen: str) -> None:
    """Only a named person's answer to the alert would make it true (practice.md §2)."""
    for text in every_form(screen):
        assert "told our team" not in text
        assert "have asked a person" not in text


@pytest.mark.parametrize("screen", ["danger", "low", "threat", "not_safe", "cannot_call", "worry", "stop_made"])
def test_at_night_a_safety_screen_says_when_someone_sees_it_and_whom_to_call(screen: str) -> None:
    night = said(screen, is_night=True)

    assert "No one on our team will see this until 9am on Wednesday 4 March." in night
    assert Council().contacts.night_phone in night
    assert "No one on our team will see this" not in said(screen)


def test_it_is_not_your_fault_is_said_only_to_the_young_person() -> None:
    assert "It is not your fault." in said("danger", voice="child")
    assert "fault" not in said("danger", voice="adult") + said("danger", voice="unknown")
    assert all("fault" not in text for screen in EVERY if screen != "danger" for text in every_form(screen))


def test_a_wait_for_a_court_is_never_named() -> None:
    assert not re.search(r"court|judge|police", " ".join(every_form("status")).lower())


def test_buttons_carry_at_most_64_bytes_and_start_with_at_most_one_picture() -> None:
    for screen in EVERY:
        for row in ENGLISH.show(screen, facts(), "n" * 24)[1]:
            for button in row:
                assert len(button.data.encode()) <= 64
                assert re.fullmatch(r"[^\w\s]{0,2}\s?[\w' ,]+", button.label), button.label
                assert len(button.label) <= 25


def test_every_safety_screen_asks_for_the_sign_off_of_the_safeguarding_lead() -> None:
    lines = Path("templates/en/screens.toml").read_text("utf-8").splitlines()

    for screen in (*SAFETY, "sent_safe", "stop_ask"):
        assert lines[lines.index(f"[{screen}]") - 1] == "# needs sign-off by the council's safeguarding lead", screen


def test_what_is_not_repeated_at_once_is_a_screen() -> None:
    assert set(EVERY) >= REMEMBERED


def test_the_drawing_shows_every_screen() -> None:
    drawing = Path("docs/conversation.mmd").read_text("utf-8")

    assert [screen for screen in EVERY if not re.search(rf"\b{screen}\b", drawing)] == []
