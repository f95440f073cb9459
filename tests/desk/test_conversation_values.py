"""The small certainties under the chat: stored state, clocks, voices and words."""

from datetime import timedelta

from intake.conversation import Conversation, KnownCase, Reply, Said, Step, Surroundings, advance, voice_of
from intake.conversation.words import command_in, folded, has_words, is_blank
from procedures.terms import Role
from tests.desk.chatting import TUESDAY, Chat


def test_a_state_of_another_version_is_read_as_far_as_it_is_known() -> None:
    state = {
        "step": "dancing",
        "role": 7,
        "reference": "K7M-W92-RXHX",
        "buttons": ["help", 3],
        "shown": {"added": "yesterday", "danger": "2026-03-03T10:00:00+00:00", "busy": "2026-03-03T10:00:00"},
        "last_said_at": "soon",
        "words_in_a_row": "many",
        "from_the_future": {"x": 1},
    }

    read = Conversation.from_state(7, state)

    assert read == Conversation(7, reference="K7M-W92-RXHX", buttons=("help",), shown={"danger": TUESDAY})
    assert Conversation.from_state(7, {}) == Conversation(7)


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    chat = Chat()
    chat.says("my worker never calls")
    chat.says("and never writes")
    chat.waits(hours=-3)

    assert [reply.screen for reply in chat.says("three hours ago").replies] == ["added"]


def test_how_to_speak_to_someone_is_what_they_said_they_are() -> None:
    assert {voice_of(role) for role in (Role.CHILD, Role.CARE_LEAVER)} == {"child"}
    assert voice_of(Role.UNKNOWN) == "unknown"
    assert {voice_of(role) for role in Role if role not in (Role.CHILD, Role.CARE_LEAVER, Role.UNKNOWN)} == {"adult"}


def test_a_lost_state_finds_the_open_case_again() -> None:
    turn = advance(Conversation(7), Said(TUESDAY, "and more"), Surroundings("n", cases=(KnownCase("K7M-W92-RXHX"),)))

    assert turn.conversation.reference == "K7M-W92-RXHX"
    assert turn.conversation.step is Step.IDLE
    assert turn.replies == (Reply("added", "n", "K7M-W92-RXHX"),)


def test_what_has_words_is_what_a_person_can_read_in_any_script() -> None:
    assert all(has_words(text) for text in ("a", "7", "помогите", "مساعدة", "助けて", "z̷̢a̴l̸g̵o̶"))
    assert not any(has_words(text) for text in ("", " ", "!?", "😭", "\u200b"))
    assert is_blank("\u200b \n\x00")
    assert not is_blank("😭")


def test_commands_are_whole_messages_in_any_case() -> None:
    assert command_in("  Status! ") == "status"
    assert command_in("/CHECK") == "status"
    assert command_in("status of my case please") is None
    assert folded("I’d rather NOT say…") == "i'd rather not say"


def test_a_minute_is_counted_between_messages() -> None:
    chat = Chat()
    chat.says("one")
    for _ in range(6):
        chat.waits(seconds=59)
        chat.says("more")

    assert [reply.screen for reply in chat.bubbles] == ["sent", "added", "added", "busy"]
    assert chat.at - TUESDAY == timedelta(seconds=354)
