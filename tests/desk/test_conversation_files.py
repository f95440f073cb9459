"""Nothing, floods, faces, files and edits: what a chat does with what is not a plain message."""

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
