"""Whole chats of people in danger, or whom somebody makes stop or praise: help comes first, and nothing is closed by a tap."""

from tests.desk.chatting import play


def test_a_care_leaver_at_three_in_the_night_gets_help_before_anything_else() -> None:
    chat = play("""
        night
        > {suicide} i cant do this anymore i want to die
        < low sent_safe
        * opens complaint
        > {suicide} i mean it
        < low_again added
        * adds
        > [I am safe for now]
        < safe_now
        > [The young person]
        < advocate_offer
        * role child
    """)

    assert all(reply.is_night for reply in chat.bubbles)


def test_a_child_who_is_hurt_is_believed_and_asked_nothing() -> None:
    chat = play("""
        > {harm} my foster dad hit me
        < danger sent_safe
        * opens complaint
        > [I am not safe]
        < not_safe
        * not safe
        > [I can't call]
        < cannot_call
        * not safe, cannot call
    """)

    assert chat.bubbles[0].buttons is None
    assert chat.bubbles[0].voice == "unknown"


def test_only_who_said_they_are_the_young_person_hears_that_it_is_not_their_fault() -> None:
    chat = play("""
        > he shouts all day
        < sent
        * opens complaint
        > [The young person]
        < advocate_offer
        * role child
        > {harm} he hits me too
        < danger added
        * adds
    """)

    assert next(reply for reply in chat.bubbles if reply.screen == "danger").voice == "child"


def test_an_angry_parent_is_heard_and_the_threat_is_answered_once() -> None:
    chat = play("""
        > {threat} i will burn your office down tonight
        < threat sent
        * opens complaint
        > {threat} i mean it
        < added
        * adds
        > nobody has called me for six weeks
        < -
        * adds
    """)

    assert len(chat.kept) == 3
    assert [reply.screen for reply in chat.bubbles].count("threat") == 1


def test_someone_not_safe_who_has_said_nothing_yet_raises_the_alarm() -> None:
    play("""
        > /help
        < help
        > [I am not safe]
        < not_safe
        * opens complaint; not safe
    """)


def test_a_child_asks_to_stop_and_nothing_closes() -> None:
    chat = play("""
        > she reads my messages
        < sent
        * opens complaint
        > /stop
        < stop_ask
        > [Yes, stop it]
        < stop_asked
        * asks to stop
        > stop
        < stop_asked
        > and she is doing it again
        < added
        * adds
    """)

    assert chat.cases[0].is_open


def test_a_child_who_is_made_to_stop_is_not_stopped() -> None:
    chat = play("""
        > she reads my messages
        < sent
        * opens complaint
        > stop
        < stop_ask
        > [Someone is making me stop]
        < stop_made
        * pressed to stop
        > [Get help now]
        < help
    """)

    assert not chat.cases[0].is_stopping


def test_praise_with_a_worry_in_it_is_looked_into() -> None:
    play("""
        > {worry, thanks} Sam is kind but i am scared at night
        < sent worry
        * opens complaint
    """)


def test_someone_made_to_praise_is_not_filed_as_praise() -> None:
    play("""
        > /start
        < start
        > [Say thank you]
        < thanks_tell
        > {harm, thanks} they make me say he is great but he touches me
        < danger sent_safe
        * opens complaint
    """)
