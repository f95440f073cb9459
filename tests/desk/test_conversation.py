"""Whole chats, as people have them. `>` is what they do, `<` what they see, `*` what the desk does (tests/desk/chatting.py)."""

from procedures.terms import Kind, Role
from tests.desk.chatting import play


def test_a_twelve_year_old_in_care_writes_without_any_menu_and_gets_an_advocate() -> None:
    chat = play("""
        > they are moving me on friday and no one asked me
        < sent
        * opens complaint
        > [The young person]
        < advocate_offer
        * role child
        > [Yes please]
        < advocate_asked
        * asks advocate
        > you can text me after school
        < added
        * adds
    """)

    assert [said.text for _, said in chat.kept] == [
        "they are moving me on friday and no one asked me",
        "you can text me after school",
    ]
    assert len({reference for reference, _ in chat.kept}) == 1


def test_the_guided_way_takes_three_taps_and_a_message() -> None:
    chat = play("""
        > /start
        < start
        > [Something is wrong]
        < tell
        > [Give me ideas]
        < ideas
        > my worker is late every week
        < sent
        * opens complaint
        > [Parent]
        < role_thanks young_knows
        * role parent
    """)

    assert [said.text for _, said in chat.kept] == ["my worker is late every week"], "nothing before the message is kept"
    assert chat.conversation.role is Role.PARENT


def test_a_grandparent_is_asked_which_someone_else_they_are() -> None:
    chat = play("""
        > my grandson has not seen his sister since June
        < sent
        * opens complaint
        > [Someone else]
        < who_else
        > [Family]
        < role_thanks young_knows
        * role relative
        > check
        < status
        * asks status
    """)

    assert chat.conversation.role is Role.RELATIVE
    assert len(chat.cases) == 1


def test_a_foster_carer_tells_of_a_second_matter_and_is_not_asked_again_who_they_are() -> None:
    chat = play("""
        > our payments are late again
        < sent
        * opens complaint
        > [Carer]
        < role_thanks young_knows
        * role carer
        + 3d
        > also the training was cancelled
        < added
        * adds
        > [It is something new]
        < sent
        * new matter
    """)

    assert chat.bubbles[-1].buttons == ("add_more", "ask_me", "check", "help")
    assert chat.bubbles[-1].is_receipt
    assert [said.text for reference, said in chat.kept if reference == chat.cases[0].reference] == [
        "also the training was cancelled"
    ]


def test_a_child_who_only_sends_voice_notes_is_told_each_time_that_a_person_listens() -> None:
    chat = play("""
        > {voice}
        < sent_voice
        * opens complaint
        > {voice}
        < voice
        * adds
        > {voice}
        < voice
        * adds
    """)

    assert len(chat.kept) == 3


def test_a_polish_father_is_told_honestly_and_shown_help() -> None:
    chat = play("""
        > {foreign} Nikt do mnie nie oddzwania od trzech tygodni
        < other_language
        * opens complaint
        > {foreign} Proszę o pomoc
        < added
        * adds
    """)

    assert len({reference for reference, _ in chat.kept}) == 1
    assert len(chat.kept) == 2, "what nobody here can read is kept as well"


def test_a_thank_you_takes_two_taps_and_a_message() -> None:
    chat = play("""
        > /start
        < start
        > [Say thank you]
        < thanks_tell
        > {thanks} Sam at Oak House is great
        < sent_thanks
        * opens compliment
    """)

    assert [case.kind for case in chat.cases] == [Kind.COMPLIMENT]


def test_a_thank_you_that_is_none_becomes_a_complaint_with_one_tap() -> None:
    chat = play("""
        > {thanks} thanks a lot for cancelling again
        < sent_thanks
        * opens compliment
        > [No, something is wrong]
        < sent
        * a problem
    """)

    assert chat.cases[0].kind is Kind.COMPLAINT
    assert not chat.bubbles[-1].is_receipt


def test_a_problem_after_a_thank_you_is_a_case_of_its_own() -> None:
    play("""
        > {thanks} Sam is great
        < sent_thanks
        * opens compliment
        > {thanks} and so is Mo
        < added
        * adds
        > but my room is cold and no one fixes it
        < sent
        * opens complaint
    """)


def test_a_mother_who_carries_on_and_asks_how_it_goes_hears_of_her_case() -> None:
    play("""
        > my child has had five workers
        < sent
        * opens complaint
        > STOP
        < stop_ask
        > no
        < stop_kept
        + 20d
        > status
        < status
        * asks status
        = is_answered=True
        > /check
        < status
        * asks status
        > [It is not right yet]
        < not_happy
        * not happy
        > you missed the part about school
        < added
        * adds
    """)


def test_a_deaf_mother_sends_a_video() -> None:
    play("""
        > {video}
        < sent_photo
        * opens complaint
        > {video}
        < photo
        * adds
    """)


def test_someone_who_only_wants_an_advocate_gets_a_number_and_a_task() -> None:
    play("""
        > advocate
        < advocate_asked
        * opens complaint; asks advocate
        > 07700 900123
        < added
        * adds
    """)


def test_someone_with_two_cases_sees_them_in_turn_and_adds_to_the_one_in_sight() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
        > /new
        < tell
        > and my bus pass never came
        < sent
        * opens complaint
        > /check
        < status
        * asks status
        > [My other message]
        < status
        * asks status
        > it was on Monday
        < added
        * adds
    """)

    assert chat.kept[-1][0] == chat.cases[1].reference


def test_who_has_said_who_they_are_is_not_asked_again() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
        > [Parent]
        < role_thanks young_knows
        * role parent
        > /new
        < tell
        > and the bus never comes
        < sent
        * opens complaint of parent
    """)

    assert chat.bubbles[-1].buttons == ("add_more", "ask_me", "check", "help")
    assert chat.bubbles[-1].voice == "adult"


def test_what_is_still_wrong_joins_the_answered_case_even_when_it_is_finished() -> None:
    chat = play("""
        > my worker never calls
        < sent
        * opens complaint
        = is_open=False
        > /check
        < status
        * asks status
        > [It is not right yet]
        < not_happy
        * not happy
        > you did not ask me
        < added
        * adds
    """)

    assert len(chat.cases) == 1
