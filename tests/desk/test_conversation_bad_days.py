"""Groups, blocks, lost states, help that comes again: what happens around the words of a chat."""

from tests.desk.chatting import Chat, play


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
