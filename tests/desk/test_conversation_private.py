"""A watched phone, a place on a map, thanks that may be shown, and whether somebody felt listened to."""

from dataclasses import replace

import pytest

from intake.conversation import AddToCase, HideChat, KeepPlace, Listened, RingAgain, Step, Turn, button_data
from intake.conversation.showing import offered
from procedures.terms import Felt, Role
from tests.desk.chatting import Chat, play, rendered

TOLD = """
    > my worker never calls
    < sent
    * opens complaint
"""


def hidden(turn: Turn) -> tuple[int, ...]:
    return next(action.theirs for action in turn.actions if isinstance(action, HideChat))


@pytest.mark.parametrize("typed", ["/hide", "hide", "HIDE!"])
def test_hide_happens_at_once_in_the_middle_of_anything(typed: str) -> None:
    chat = play(TOLD)
    chat.taps("i_am_child")

    turn = chat.says(typed)

    assert [reply.screen for reply in turn.replies] == ["hide_done"]
    assert hidden(turn) == (1, chat.number)
    assert chat.conversation.role is Role.CHILD
    assert len(chat.kept) == 1, "what was sent was sent"


def test_after_hiding_nothing_in_the_chat_leads_back() -> None:
    chat = play(TOLD)
    old = chat.bubbles[-1]
    chat.says("hide")
    chat.waits(minutes=1)

    assert [reply.screen for reply in chat.copy().says(button=button_data(old.nonce, "i_am_child")).replies] == [
        "old_button",
        "menu",
    ]
    assert [reply.screen for reply in chat.copy().says("1").replies] == ["added"], "a number means no button any more"
    assert [reply.screen for reply in chat.copy().says("/start").replies] == ["menu"]


@pytest.mark.parametrize(
    "asked",
    [
        *("show me the messages again", "Show me my messages", "can I see your letters please?"),
        *("where did my messages go", "where are our messages?", "bring back the chat", "how do I get the letters back?"),
        *(
            "let me see all your old messages again",
            "I want to see my messages",
            "show the chat again",
            "my messages again please",
        ),
    ],
)
def test_who_hid_the_chat_gets_our_letters_back_in_their_own_words(asked: str) -> None:
    chat = play(TOLD)
    chat.says("hide")

    turn = chat.says(asked)

    assert [reply.screen for reply in turn.replies] == ["status"]
    assert RingAgain() in turn.actions
    assert len(chat.kept) == 1, "it is no more of the complaint"


@pytest.mark.parametrize(
    "told",
    [
        *("my carer reads my messages", "she showed me the letters", "they took my letters and never gave them back"),
        *(
            "I want to see my brother again",
            "where are my things",
            "show me respect",
            "I want my letters back",
            "where are my letters",
        ),
        *("give me my messages back", "can I see my letters", "read the messages that he sent me"),
    ],
)
def test_what_tells_of_letters_is_kept_and_not_taken_for_a_wish_to_see_ours(told: str) -> None:
    chat = play(TOLD)
    chat.says("hide")

    chat.says(told)

    assert [said.text for _, said in chat.kept] == ["my worker never calls", told]


def test_in_a_chat_that_was_not_hidden_such_words_are_kept_like_all_others() -> None:
    chat = play(TOLD)

    turn = chat.says("show me the messages again")

    assert RingAgain() not in turn.actions
    assert len(chat.kept) == 2


@pytest.mark.parametrize("screen", ["help", "how"])
def test_how_our_messages_come_back_is_said_where_anybody_may_read_it(screen: str) -> None:
    """Who types the quick exit is not asked first. That it was used says nothing about it, while somebody may look."""
    assert "Type 'check' to see our messages again." in rendered(screen, False, None, False, "unknown")
    assert "check" not in rendered("hide_done", False, None, False, "unknown").casefold()


def test_a_kiss_or_a_goodbye_hides_nothing_by_itself() -> None:
    play("""
        > my worker never calls
        < sent
        * opens complaint
        > x
        < hide
        > [Leave it]
        < menu
        > bye
        < hide
        > [Hide it now]
        < hide_done
        * hides 3
    """)


def test_an_old_hide_button_still_hides() -> None:
    chat = play("""
        > {harm} he hit me
        < danger sent_safe
        * opens complaint
    """)
    old = chat.bubbles[0]
    chat.waits(days=2)
    chat.says("/start")

    assert "hide" in offered(old)
    assert [reply.screen for reply in chat.says(button=button_data(old.nonce, "hide")).replies] == ["hide"]


def test_only_what_telegram_still_deletes_is_asked_for() -> None:
    chat = play(TOLD)
    chat.waits(hours=47)
    chat.says("and on Monday")
    chat.waits(hours=2)

    assert hidden(chat.says("hide")) == (2, 3)


def test_the_numbers_of_a_flood_do_not_grow_without_end() -> None:
    chat = Chat()
    for number in range(320):
        chat.says(f"and {number}")

    assert len(chat.conversation.heard) == 300


def test_plain_messages_in_place_of_the_doorbell_are_for_adults_only() -> None:
    child, parent = play(TOLD), play(TOLD)
    child.taps("i_am_child")
    parent.taps("i_am_parent")

    assert "bell_plain" not in offered(child.says("private").replies[0])
    assert "bell_plain" in offered(parent.says("/private").replies[0])
    assert next(reply.screen for reply in parent.taps("bell_plain").replies) == "bell_kept"
    assert parent.conversation.bell == "plain"
    assert next(reply.screen for reply in child.taps("bell_hide").replies) == "bell_kept"
    assert child.conversation.bell == "hidden"
    child.says("private")
    child.taps("bell_leave")
    assert child.conversation.bell == ""


def test_a_place_is_locked_away_and_answers_no_question() -> None:
    chat = play("""
        > {place}
        < place
        * keeps place
        > {place}
        < -
        * keeps place
        > my worker never calls
        < sent
        * opens complaint
        + 2m
        > {place}
        < place
        * keeps place
    """)

    assert chat.kept[0][1].text == "my worker never calls"
    assert len(chat.cases) == 1
    assert [reply.screen for reply in chat.taps("i_am_child").replies] == ["advocate_offer"]


def test_a_place_from_somebody_who_is_not_safe_is_told_to_who_has_the_alert() -> None:
    chat = play("""
        > {harm} he hit me
        < danger sent_safe
        * opens complaint
        > {place}
        < place_alert
        * keeps place of danger
    """)
    later = chat.copy()
    later.waits(hours=73)

    assert list(later.says("", "place").actions) == [KeepPlace(chat.cases[0].reference)]


@pytest.mark.parametrize("pressed", ["not_safe", "cannot_call"])
def test_who_pressed_that_they_are_not_safe_counts_as_not_safe(pressed: str) -> None:
    chat = play(TOLD)
    chat.says("help")
    chat.taps("not_safe")
    if pressed == "cannot_call":
        chat.taps("cannot_call")

    assert chat.says("", "place").actions == (KeepPlace(chat.cases[0].reference, is_in_danger=True),)


@pytest.mark.parametrize(
    ("tapped", "wish"),
    [
        ("Yes, with my name", "share_named"),
        ("Yes, but no name", "share_words"),
        ("No, just tell them", "share_tell"),
    ],
)
def test_thanks_are_shown_only_as_the_person_says(tapped: str, wish: str) -> None:
    play(f"""
        > {{thanks}} Sam was great
        < sent_thanks
        * opens compliment
        > [{tapped}]
        < share_kept
        * says {wish}
    """)


@pytest.mark.parametrize(("pressed", "felt"), [("feel_yes", Felt.YES), ("feel_bit", Felt.A_BIT), ("feel_no", Felt.NO)])
def test_whether_somebody_felt_listened_to_is_kept_with_the_case_that_was_asked_about(pressed: str, felt: Felt) -> None:
    chat = play(TOLD)
    asked_about = chat.cases[0].reference
    chat.changes(is_open=False)
    chat.says("it has started again")

    turn = chat.says(button=button_data(f"felt-{asked_about}", pressed))

    assert turn.actions == (Listened(asked_about, felt),)
    assert [reply.screen for reply in turn.replies] == ["felt"]
    assert [reply.screen for reply in chat.taps("not_right").replies] == ["not_happy"]
    assert chat.conversation.reference == asked_about


def test_nobody_answers_for_the_case_of_another() -> None:
    turn = play(TOLD).says(button=button_data("felt-K7M-W92-RXHX", "feel_no"))

    assert (turn.actions, turn.replies) == ((), ())


def test_who_spoke_for_somebody_until_it_ended_is_pointed_on_and_told_nothing() -> None:
    chat = play(TOLD)
    chat.changes(has_ended=True)

    for asked in ("/check", chat.cases[0].reference):
        turn = chat.copy().says(asked, asks_about=asked if asked != "/check" else "")

        assert [reply.screen for reply in turn.replies] == ["ended"]
        assert turn.actions == ()


@pytest.mark.parametrize("said", ["stop", "not_right", "share_named", "helps_yes", "felt"])
def test_who_spoke_for_somebody_until_it_ended_asks_for_nothing_in_their_case(said: str) -> None:
    chat = play(TOLD)
    reference = chat.cases[0].reference
    buttons = ("not_right", "share_named", "helps_yes")
    chat.conversation = replace(chat.conversation, reference=reference, buttons=buttons)
    chat.changes(has_ended=True)

    if said == "stop":
        turn = chat.says("stop")
    elif said == "felt":
        turn = chat.says(button=button_data(f"felt-{reference}", "feel_no"))
    else:
        turn = chat.says(button=button_data(chat.conversation.nonce, said))

    assert [reply.screen for reply in turn.replies] == ["ended"]
    assert turn.actions == ()


def test_words_of_who_spoke_for_somebody_until_it_ended_are_kept_and_answer_no_question() -> None:
    chat = play(TOLD)
    reference = chat.cases[0].reference
    chat.conversation = replace(chat.conversation, reference=reference, step=Step.NOT_TELLING)
    chat.changes(has_ended=True)

    assert chat.says("my aunt").actions == (AddToCase(reference),)
