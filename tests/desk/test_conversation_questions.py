"""What is asked after the receipt: one question at a time, each may be left out; what was sent was sent (practice.md §4)."""

import pytest

from intake.conversation.showing import offered
from tests.desk.chatting import Chat, play

TOLD = """
    > they are moving me and no one asked
    < sent
    * opens complaint
    > [The young person]
    < advocate_offer
    * role child
    > [Not now]
    < advocate_later soon
"""


def test_a_young_person_is_asked_everything_once_and_one_thing_at_a_time() -> None:
    chat = play(TOLD)
    play(
        """
        > [This week]
        < soon_kept not_tell
        * says changes_this_week
        > [Yes, there is]
        < not_tell_who
        * says somebody_not_told
        > my foster mum
        < not_tell_kept who_talks
        * adds; says not_tell
        > [I will say who]
        < who_talks_who
        > Kim, my teacher
        < answer_kept how_talk
        * adds; says chosen_to_talk
        > [Call me]
        < call_number
        * says call
        > 07700 900123 after four
        < answer_kept helps
        * adds; says call_on
        > [Yes]
        < helps_what
        > big letters
        < answer_kept wording
        * adds; says help_to_talk
        > [Plain words]
        < words_kept bell_ask
        * says plain_words
        > [Yes, hide it again]
        < bell_kept asked_all
        """,
        chat,
    )

    assert [said.text for _, said in chat.kept] == [
        "they are moving me and no one asked",
        "my foster mum",
        "Kim, my teacher",
        "07700 900123 after four",
        "big letters",
    ]
    assert len({reference for reference, _ in chat.kept}) == 1
    assert chat.conversation.wording == "plain"


def test_every_question_can_be_skipped_and_says_so_on_a_button() -> None:
    chat = play(TOLD)
    asked = []
    while chat.bubbles[-1].screen != "asked_all":
        asked.append(chat.bubbles[-1].screen)
        assert {"skip", "no_more"} <= set(offered(chat.bubbles[-1]))
        assert chat.taps("skip").actions == ()
        chat.waits(seconds=2)

    assert asked == ["soon", "not_tell", "who_talks", "how_talk", "helps", "wording", "bell_ask"]
    assert len(chat.kept) == 1


@pytest.mark.parametrize("answers", [(), ("soon_later",), ("soon_week", "not_tell_no")])
def test_no_more_questions_means_no_more(answers: tuple[str, ...]) -> None:
    chat = play(TOLD)
    for answer in answers:
        chat.taps(answer)
    no_more = chat.taps("no_more")

    assert [reply.screen for reply in no_more.replies] == ["asked_all"]
    assert not no_more.actions
    chat.waits(minutes=2)
    assert [reply.screen for reply in chat.says("and another thing").replies] == ["added"]


def test_a_parent_is_asked_first_whether_the_young_person_knows() -> None:
    play("""
        > my son has had no visits since June
        < sent
        * opens complaint
        > [Parent]
        < role_thanks young_knows
        * role parent
        > [No, not yet]
        < soon
        * says child_knows_not
        > [No]
        < not_tell
        * says nothing_changes
        > no
        < who_talks
        * says tell_anyone
        > 1
        < how_talk
        * says anyone_talks
        > write to me HERE
        < helps
        * says write_here
        > [No, I am fine]
        < wording
        * says no_help_to_talk
        > [More detail]
        < words_kept bell_ask
        * says more_detail
        > [Show it right away]
        < bell_kept asked_all
    """)


def test_more_of_the_story_while_a_question_waits_belongs_to_the_story_and_the_question_stays() -> None:
    chat = play(TOLD)
    play(
        """
        > {photo}
        < photo
        * adds
        > [Later]
        < not_tell
        * says changes_later
        > [No, no one]
        < who_talks
        * says tell_anyone
        > it is a long way from my school
        < added
        * adds
        > [Anyone is fine]
        < how_talk
        * says anyone_talks
        """,
        chat,
    )


@pytest.mark.parametrize("answer", ["my dad", "Yes, my dad", "no one but my mum", "not my dad", "{voice}", "{foreign} mój tata"])
def test_whom_not_to_tell_may_be_typed_to_the_question_itself(answer: str) -> None:
    chat = play(TOLD)
    chat.taps("soon_no")
    turn = play(f"> {answer}\n< {_answered(answer, 'not_tell_kept who_talks')}\n* adds; says not_tell", chat)
    assert turn.kept[-1][0] == chat.conversation.reference


@pytest.mark.parametrize("answer", ["yes", "on friday", "maybe on Monday", "no idea, they said soon"])
def test_what_is_about_to_change_may_be_typed_to_the_question_itself(answer: str) -> None:
    play(f"> {answer}\n< soon_kept not_tell\n* adds; says may_change", play(TOLD))


def test_a_plain_no_in_words_is_a_no_and_is_kept_too() -> None:
    play(
        """
        > Nope.
        < answer_kept not_tell
        * adds; says nothing_changes
        > Nobody!
        < answer_kept who_talks
        * adds; says tell_anyone
        """,
        play(TOLD),
    )


def test_danger_typed_to_a_question_brings_help_first() -> None:
    play(
        """
        > {harm} yes, my dad hits me
        < danger added
        * adds; says may_change
        """,
        play(TOLD),
    )


def _answered(answer: str, usual: str) -> str:
    return {"{voice}": "voice", "{foreign}": "other_language"}.get(answer.split(maxsplit=1)[0], usual)


def test_danger_in_an_answer_brings_help_and_no_next_question() -> None:
    chat = play(TOLD)
    play(
        """
        > [No]
        < not_tell
        * says nothing_changes
        > [Yes, there is]
        < not_tell_who
        * says somebody_not_told
        > {harm} my stepdad, he hits me
        < danger added
        * adds; says not_tell
        """,
        chat,
    )


def test_who_has_just_told_of_harm_is_asked_nothing_by_itself() -> None:
    chat = play("""
        > {harm} my foster dad hit me
        < danger sent_safe
        * opens complaint
        > [I am safe for now]
        < safe_now
        > [The young person]
        < advocate_offer
        * role child
        > [Not now]
        < advocate_later
    """)

    assert "ask_me" in offered(chat.bubbles[-1])


def test_a_voice_note_may_be_an_answer() -> None:
    chat = play(TOLD)
    play(
        """
        > [No]
        < not_tell
        * says nothing_changes
        > [No, no one]
        < who_talks
        * says tell_anyone
        > [I will say who]
        < who_talks_who
        > {voice}
        < voice
        * adds; says chosen_to_talk
        """,
        chat,
    )


def test_stop_leaves_a_question_that_wants_words() -> None:
    chat = play(TOLD)
    play(
        """
        > [No]
        < not_tell
        * says nothing_changes
        > [Yes, there is]
        < not_tell_who
        * says somebody_not_told
        > stop
        < left
        """,
        chat,
    )

    assert len(chat.kept) == 1


def test_a_second_matter_is_asked_about_what_is_its_own_only_when_they_want() -> None:
    chat = play(TOLD)
    for _ in range(6):
        chat.taps("skip")
        chat.waits(seconds=2)
    chat.changes(is_open=False)
    chat.waits(days=30)
    play(
        """
        > my allowance did not come
        < sent
        * opens complaint of child
        > [Ask me more]
        < soon
        > [Skip]
        < not_tell
        > [Skip]
        < who_talks
        > [Skip]
        < asked_all
        """,
        chat,
    )


def test_a_thank_you_and_an_empty_chat_are_asked_nothing() -> None:
    chat = play("""
        > {thanks} Sam at Oak House is great
        < sent_thanks
        * opens compliment
    """)
    chat.conversation = Chat().conversation

    assert not set(offered(chat.bubbles[-1])) & {"ask_me", "skip"}


def test_the_words_of_the_letters_can_be_changed_at_any_time() -> None:
    chat = play(TOLD)
    for wanted, said in (("[Plain words]", "plain"), ("[Easy words]", "easy")):
        play(
            f"""
            + 5m
            > words
            < wording
            > {wanted}
            < words_kept {"not_tell" if said == "plain" else "who_talks"}
            * says {said}_words
            """,
            chat,
        )
        assert chat.conversation.wording == said
