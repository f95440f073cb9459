"""Empty, flooded, forged, old, changed and blocked: what a chat does with all that is not a plain message."""

from intake.conversation import Conversation, button_data
from procedures.terms import Role
from tests.desk.chatting import Chat, play


def test_a_message_with_nothing_in_it_opens_nothing() -> None:
    for nothing in ("", "   \n\t", "\u200b\u200d\ufeff", "\x00", "\u2066\u2069"):
        turn = Chat().says(nothing)

        assert [reply.screen for reply in turn.replies] == ["unknown"]
        assert not turn.actions


def test_a_face_alone_opens_nothing_but_joins_what_was_said() -> None:
    play("""
        > 😭
        < unknown
        > no one listens
        < sent
        * opens complaint
        > 😭
        < added
        * adds
    """)


def test_a_face_that_the_safety_words_know_is_heard() -> None:
    play("""
        > {suicide} 🔪😭
        < low sent_safe
        * opens complaint
    """)


def test_a_flood_is_kept_and_answered_with_one_busy() -> None:
    chat = Chat()
    chat.says("a" * 4096)

    seen = [reply.screen for number in range(20) for reply in chat.says(f"and {number}").replies]

    assert seen == ["added", "busy"]
    assert len(chat.kept) == 21
    chat.waits(minutes=2)
    assert [reply.screen for reply in chat.says("and now").replies] == ["added"]


def test_an_album_is_ten_files_and_one_more_answer() -> None:
    chat = Chat()
    chat.says("", "photo")

    seen = [reply.screen for _ in range(9) for reply in chat.says("", "photo").replies]

    assert len(chat.kept) == 10
    assert seen == ["photo", "busy"]


def test_a_picture_with_words_of_harm_gets_help_first() -> None:
    play("""
        > {photo, harm} he hit me
        < danger sent_safe
        * opens complaint
    """)


def test_a_file_that_is_too_big_is_noted_so_that_a_person_can_ask() -> None:
    play("""
        > {too_big}
        < file_big
        * opens complaint
        > {file}
        < file
        * adds
    """)


def test_what_cannot_be_opened_is_said_so_once_and_opens_nothing() -> None:
    play("""
        > {unreadable}
        < cannot_open
        > {unreadable}
        < -
        > {edit, unreadable}
        < -
    """)


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
        > /hide
        < unknown
        > /hide my carer reads this
        < sent
        * opens complaint
    """)


def test_an_edit_keeps_both_versions_and_says_so_once() -> None:
    chat = play("""
        > {harm} he hit me
        < danger sent_safe
        * opens complaint
    """)
    chat.edited_reference = chat.cases[0].reference

    play(
        """
        > {edit} he is ok
        < edited
        * keeps edit
        > {edit} he is fine
        < -
        * keeps edit
        > {edit}
        < -
        * keeps edit
        """,
        chat,
    )


def test_an_edit_of_a_greeting_that_now_says_something_is_heard() -> None:
    play("""
        > hi
        < start
        > {edit} my worker never calls
        < sent
        * opens complaint
    """)


def test_the_words_stop_in_an_edit_stop_nothing() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
    """)
    chat.edited_reference = chat.cases[0].reference

    assert [reply.screen for reply in chat.says("stop", is_edit=True).replies] == ["edited"]


def test_someone_elses_reference_gets_the_words_of_none() -> None:
    chat = Chat()

    turn = chat.says("K7M-W92-RXHX", asks_about="K7M-W92-RXHX")

    assert [reply.screen for reply in turn.replies] == ["none_here"]
    assert turn.replies[0].reference == ""
    assert [reply.screen for reply in Chat().says("/check").replies] == ["none_here"]


def test_ones_own_reference_gets_its_status() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
    """)
    own = chat.cases[0].reference

    assert [(reply.screen, reply.reference) for reply in chat.says(own, asks_about=own).replies] == [("status", own)]


def test_words_after_a_finished_case_are_a_new_one() -> None:
    play("""
        > my worker never calls
        < sent
        * opens complaint
        = is_open=False
        > it has started again
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


def test_a_block_is_noted_in_silence_and_writing_again_lets_us_answer() -> None:
    chat = Chat()
    chat.says("my worker never calls")

    blocked = chat.says(blocked=True)
    back = chat.says("hello are you there")

    assert blocked.replies == ()
    assert chat.cases[0].is_open
    assert not chat.is_blocked
    assert [reply.screen for reply in back.replies] == ["added"]


def test_a_group_is_left_with_one_line() -> None:
    chat = Chat()

    seen = [reply.screen for text in ("", "/start", "hello") for reply in chat.says(text, is_private=False).replies]

    assert seen == ["group"]
    assert not chat.kept


def test_a_worry_gets_one_soft_line_after_the_answer_and_not_again_at_once() -> None:
    play("""
        > {worry} i am scared of the stairs
        < sent worry
        * opens complaint
        > {worry} very scared
        < added
        * adds
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


def test_photos_sent_together_are_answered_once_and_all_kept() -> None:
    chat = Chat()
    turns = [chat.says("my room" if number == 0 else "", "photo", album="13") for number in range(10)]

    assert [[reply.screen for reply in turn.replies] for turn in turns] == [["sent_photo"], *[[]] * 9]
    assert len(chat.kept) == 10
    assert len(chat.cases) == 1
    chat.waits(seconds=20)
    assert [reply.screen for reply in chat.says("", "photo", album="14").replies] == ["photo"]
    assert not chat.says("", "photo", album="14").replies


def test_danger_beneath_the_last_photo_of_an_album_brings_help_and_one_that_is_too_big_is_named() -> None:
    chat = Chat()
    chat.says("", "photo", album="13")

    assert [reply.screen for reply in chat.says("he did this", "photo", album="13", tier="harm").replies] == ["danger"]
    assert [reply.screen for reply in chat.says("", "too_big", album="13").replies] == ["file_big"]
