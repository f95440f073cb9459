"""Buttons and commands: old, pressed twice, forged, typed, and words that only begin like one."""

from intake.conversation import Conversation, button_data
from procedures.terms import Role
from tests.desk.chatting import play


def test_an_old_button_shows_where_we_are() -> None:
    chat = play("""
        > /start
        < start
        > my worker never calls
        < sent
        * opens complaint
    """)
    chat.waits(days=21)

    turn = chat.says(button=button_data(chat.bubbles[0].nonce, "thank"))

    assert [reply.screen for reply in turn.replies] == ["old_button", "sent"]
    assert turn.replies[1].reference == chat.cases[0].reference
    assert not turn.replies[1].is_receipt
    assert [reply.screen for reply in chat.taps("i_am_parent").replies] == ["role_thanks", "young_knows"]


def test_get_help_is_never_an_old_button() -> None:
    chat = play("""
        > /start
        < start
        > my worker never calls
        < sent
        * opens complaint
    """)

    assert [reply.screen for reply in chat.taps("help").replies] == ["help"]


def test_a_button_pressed_twice_at_once_takes_effect_once() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
    """)
    first = chat.taps("i_am_child")
    bubble = chat.bubbles[0]

    second = chat.says(button=button_data(bubble.nonce, "i_am_child"))

    assert first.actions
    assert (second.actions, second.replies) == ((), ())


def test_a_forged_button_does_nothing() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
    """)
    nonce = chat.bubbles[-1].nonce

    for forged in ("", "x", ".help", f"{nonce}.stop_yes", f"{nonce}.", f"{nonce}.nothing", "../../etc", "\x00" * 64):
        turn = chat.says(button=forged or "-")

        assert (turn.actions, turn.replies) == ((), ()), forged


def test_a_button_works_by_its_number_and_by_its_words() -> None:
    play("""
        > my worker never calls
        < sent
        * opens complaint
        > 2
        < role_thanks young_knows
        * role parent
    """)
    play("""
        > my worker never calls
        < sent
        * opens complaint
        > the YOUNG person!
        < advocate_offer
        * role child
        > yes
        < advocate_asked
        * asks advocate
    """)


def test_a_number_means_the_newest_buttons() -> None:
    """After a sticker the menu stands last: "1" is not "The young person"."""
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
        > {unreadable}
        < cannot_open
        > 1
        < menu
    """)

    assert chat.conversation.role is Role.UNKNOWN


def test_stop_with_more_words_is_a_message() -> None:
    play("""
        > stop ignoring me
        < sent
        * opens complaint
        > STOP. I mean it, call me
        < added
        * adds
    """)


def test_help_with_more_words_is_a_message() -> None:
    play("""
        > help me please they are moving me
        < sent
        * opens complaint
        > /help now
        < added
        * adds
    """)


def test_start_with_junk_behind_it_is_a_start() -> None:
    play(f"""
        > /start {"x" * 64}
        < start
        > /start@YourSayBot
        < menu
    """)


def test_a_command_that_means_nothing_opens_nothing_but_words_behind_it_do() -> None:
    play("""
        > /nothing
        < unknown
        > /nothing my carer reads this
        < sent
        * opens complaint
    """)


def test_stopping_where_nothing_is_open_says_so() -> None:
    play("""
        > /stop
        < stop_none
        > /new
        < tell
        > stop
        < left
        > /add
        < tell
    """)


def test_full_words_of_help_come_again_after_ten_minutes() -> None:
    play("""
        > {harm} he hit me
        < danger sent_safe
        * opens complaint
        > {harm} he hit me again
        < danger_again added
        * adds
        > {suicide} i want to die
        < low
        * adds
        + 11m
        > {harm} he hit me
        < danger added
        * adds
    """)


def test_help_in_the_middle_of_telling_loses_nothing() -> None:
    play("""
        > /new
        < tell
        > help
        < help
        > no one calls me back
        < sent
        * opens complaint
    """)


def test_a_question_that_waits_keeps_its_buttons_when_words_come_first() -> None:
    play("""
        > my worker never calls
        < sent
        * opens complaint
        > since June
        < added
        * adds
        > [The young person]
        < advocate_offer
        * role child
    """)


def test_a_chat_that_lost_its_state_still_says_the_number_when_an_old_button_is_pressed() -> None:
    """The advocate hangs on the newest open case; shown again, the screen must not say "Your number is ." """
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
    """)
    old = chat.bubbles[-1]
    chat.conversation = Conversation.from_state(7, {})

    asked = chat.says("/advocate")
    again = chat.says(button=button_data(old.nonce, "how"))

    number = chat.cases[0].reference
    assert [(reply.screen, reply.reference) for reply in asked.replies] == [("advocate_asked", number)]
    assert [(reply.screen, reply.reference) for reply in again.replies][-1] == ("advocate_asked", number)
