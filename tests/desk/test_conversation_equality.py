"""Questions about the person in the chat: once, after everything else, never in danger, and no answer leads to anybody."""

from dataclasses import replace

import pytest

from casework.daily.equality import ANSWERS, RATHER_NOT
from intake.conversation import AboutThem, HideChat, Listened, button_data
from intake.conversation import equality as asked
from procedures.terms import Role
from storage.columns import Question
from tests.desk.chatting import Chat, play

TOLD = """
    > nobody told me that I move
    < sent
    * opens complaint
"""


def answered(role: Role = Role.UNKNOWN, **more: object) -> Chat:
    """A chat whose complaint was answered, and may be asked."""
    chat = play(TOLD)
    chat.changes(is_answered=True, may_ask_about_them=True)
    chat.conversation = replace(chat.conversation, role=role, **more)  # type: ignore[arg-type]  # whatever a test gives
    chat.waits(days=7)
    return chat


def feels(chat: Chat) -> list[str]:
    """The screens that answer how they felt."""
    return [reply.screen for reply in chat.says(button=button_data(f"felt-{chat.cases[0].reference}", "feel_no")).replies]


def walked(chat: Chat, press: str = "eq_skip") -> list[str]:
    """The screens from the offer to its end, where everything is answered by one button."""
    shown = [reply.screen for reply in chat.taps("eq_yes").replies]
    while shown[-1] != "about_you_done":
        shown += [reply.screen for reply in chat.taps(press).replies]
    return shown


def test_the_answers_are_those_that_are_counted() -> None:
    assert {name: tuple(of.values()) for name, of in asked.ANSWERS.items()} == {
        question.value: tuple(answer for answer in ANSWERS[question] if answer != RATHER_NOT) for question in Question
    }


def test_it_is_offered_once_beneath_the_last_question_and_what_is_still_wrong_can_be_said() -> None:
    chat = answered()

    assert feels(chat) == ["felt", "about_you"]
    assert chat.copy().taps("not_right").replies[0].screen == "not_happy"
    assert [reply.screen for reply in chat.copy().taps("eq_no").replies] == ["about_you_done"]
    chat.waits(days=1)
    assert feels(chat) == ["felt"]


@pytest.mark.parametrize(
    ("role", "questions"),
    [
        (Role.PARENT, ["sex", "disability", "ethnicity", "religion", "age"]),
        (Role.CHILD, ["sex", "disability", "ethnicity", "age"]),
        (Role.UNKNOWN, ["sex", "disability", "ethnicity", "age"]),
    ],
)
def test_each_can_be_left_out_and_nobody_under_age_is_asked_whom_they_love_or_what_they_believe(
    role: Role, questions: list[str]
) -> None:
    chat = answered(role)
    feels(chat)

    assert walked(chat) == [*(f"about_you_{name}" for name in questions), "about_you_done"]


@pytest.mark.parametrize(
    ("role", "age", "is_asked"),
    [
        *((Role.PARENT, age, True) for age in ("eq_age_17", "eq_age_25", "eq_age_64", "eq_age_65")),
        *((Role.PARENT, age, False) for age in ("eq_age_9", "eq_age_15", "eq_skip")),
        *((role, "eq_age_64", False) for role in (Role.CHILD, Role.UNKNOWN)),
    ],
)
def test_only_who_taps_an_age_of_16_or_more_is_asked_whom_they_love(role: Role, age: str, is_asked: bool) -> None:
    """A child of ten on a parent's phone, where the chat was told that a parent writes, is not; nor who left the age out."""
    chat = answered(role)
    feels(chat)
    chat.taps("eq_yes")
    while chat.conversation.screen != "about_you_age":
        chat.taps("eq_skip")

    shown = [reply.screen for reply in chat.taps(age).replies]

    assert shown == (["about_you_orientation"] if is_asked else ["about_you_done"])
    assert "age_" not in str(chat.conversation.to_state()).replace("about_you_age", "")


def test_a_typed_answer_is_taken_out_of_the_chat_by_hiding_it() -> None:
    chat = answered(Role.PARENT)
    feels(chat)
    chat.taps("eq_yes")
    typed = chat.says("2")

    [hidden] = chat.says("/hide").actions

    assert typed.actions == (AboutThem("sex", "male"),)
    assert isinstance(hidden, HideChat)
    assert len(hidden.theirs) >= 2, "the typed answer, and /hide itself"


def test_what_is_tapped_or_typed_is_an_answer_of_nobody_and_the_chat_remembers_none() -> None:
    chat = answered(Role.PARENT)
    feels(chat)
    chat.taps("eq_yes")

    tapped = chat.taps("eq_female")
    typed = chat.says("2")
    left = chat.taps("eq_skip")

    assert tapped.actions == (AboutThem("sex", "female"),)
    assert typed.actions == (AboutThem("disability", "no"),)
    assert left.actions == (AboutThem(),)
    state = chat.conversation.to_state()
    assert not {"eq_female", "eq_not_disabled"} & {
        word for value in state.values() for word in str(value).replace(".", "'").split("'")
    }
    assert state["pressed"].endswith(".eq")


def test_who_answers_and_who_leaves_everything_out_are_shown_the_same() -> None:
    one, other = answered(Role.CHILD), answered(Role.CHILD)
    feels(one)
    feels(other)
    one.taps("eq_yes")
    other.taps("eq_yes")

    shown = [
        [reply.screen for button in buttons for reply in chat.taps(button).replies]
        for chat, buttons in (
            (one, ("eq_female", "eq_not_disabled", "eq_mixed", "eq_age_17")),
            (other, ("eq_skip",) * 4),
        )
    ]

    assert shown[0] == shown[1]
    assert shown[0][-1] == "about_you_done"


@pytest.mark.parametrize("why", ["an alert is open", "not answered", "it was just said", "a watched phone"])
def test_nobody_is_asked_in_danger_or_on_a_watched_phone(why: str) -> None:
    chat = answered(bell="hidden") if why == "a watched phone" else answered()
    if why == "it was just said":
        chat.says("he hit me again", tier="harm")
    elif why != "a watched phone":
        chat.changes(may_ask_about_them=False)

    turn = chat.says(button=button_data(f"felt-{chat.cases[0].reference}", "feel_no"))

    assert [reply.screen for reply in turn.replies] == ["felt"]
    assert [type(action) for action in turn.actions] == [Listened]


def test_words_of_danger_in_between_end_the_questions() -> None:
    chat = answered()
    feels(chat)
    chat.taps("eq_yes")

    chat.says("he hit me again", tier="harm")

    assert [reply.screen for reply in chat.taps("eq_male").replies] == ["about_you_done"]


def test_words_among_the_questions_are_more_about_their_case() -> None:
    chat = answered()
    feels(chat)
    chat.taps("eq_yes")

    chat.says("and nobody called my aunt")

    assert chat.kept[-1][0] == chat.cases[0].reference
