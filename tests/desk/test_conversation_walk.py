"""A walk through thousands of chats that nobody planned: no dead end, nothing said is dropped, nothing happens twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import pytest

from intake.conversation import (
    AddToCase,
    AskWithdrawal,
    Conversation,
    HideChat,
    KeepPlace,
    ListYes,
    OpenCase,
    Reply,
    Step,
    Turn,
    button_data,
)
from intake.conversation.showing import offered
from procedures.terms import Role
from tests.desk.chatting import ENGLISH, Chat

FIRST = {"harm": "danger", "suicide": "low", "threat": "threat"}
TIERS = ("", "", "", "harm", "suicide", "threat", "worry")
KEPT = ("voice", "photo", "video", "file", "too_big")
COMMANDS = (
    *(
        "/start",
        "/new",
        "/add",
        "/check",
        "/help",
        "/advocate",
        "/procedure",
        "/words",
        "/stop",
        "/privacy",
        "/hide",
        "/private",
        "/nothing",
        "/start x7",
    ),
    *("hi", "Hello!", "menu", "status", "HELP", "advocate", "Stop", "check", "x", "Bye!"),
)
PAUSES = (0, 0, 1, 2, 5, 20, 45, 70, 700, 90_000, 20 * 86_400)
"""In seconds."""
UNSEEN = ("", " ", "\u200b", "\x00\n")


@dataclass
class Walk:
    """One chat under a random hand, and what was seen on the way."""

    hand: Random
    chat: Chat = field(default_factory=Chat)
    said: int = 0
    """Readable things, each of which must be kept once."""
    opened_by_button: int = 0
    screens: set[str] = field(default_factory=set)
    effects: set[str] = field(default_factory=set)
    """Buttons that did something."""

    def go(self, steps: int) -> None:
        for _ in range(steps):
            self._let_time_pass()
            moves: tuple[Callable[[], None], ...] = (
                *(self.words, self.words, self.words, self.files, self.edit, self.happens),
                *(self.tap, self.tap, self.tap, self.tap_twice, self.type_a_button, self.command),
                *(self.nothing, self.sticker, self.forge, self.place, self.is_asked_how_it_was),
            )
            move = self.hand.choice(moves)
            move()
            assert len(self.chat.kept) == self.said + self.opened_by_button

    def is_asked(self) -> None:
        """Somebody who tells, says who they are and goes along with the questions, for a while."""
        self._keeps(self.chat.says("nobody told me that I move"))
        for _ in range(self.hand.randint(6, 16)):
            self.chat.waits(seconds=2)
            asks_for_words = self.chat.conversation.step is not Step.IDLE
            if asks_for_words and self.hand.random() < 0.7:
                self._keeps(self.chat.says("my aunt, she is kind"))
            else:
                last = next(reply for reply in reversed(self.chat.bubbles) if offered(reply))
                self._press(button_data(last.nonce, self.hand.choice(offered(last))))

    def is_asked_who_they_are(self) -> None:
        """Somebody who was answered says how it was and goes along with the questions about themselves, for a while."""
        self._keeps(self.chat.says("nobody told me that I move"))
        self.chat.changes(is_answered=True, may_ask_about_them=True)
        self.chat.conversation = replace(
            self.chat.conversation, role=self.hand.choice((Role.PARENT, Role.CARER, Role.CHILD, Role.UNKNOWN))
        )
        self._press(button_data(f"felt-{self.chat.cases[0].reference}", "feel_bit"))
        while (last := self.chat.bubbles[-1]).screen.startswith("about_you") and last.screen != "about_you_done":
            self.chat.waits(seconds=2)
            asked = [one for one in offered(last) if one.startswith("eq_")]
            further = [one for one in asked if one not in ("eq_no", "eq_enough")]
            self._press(button_data(last.nonce, self.hand.choice(further if self.hand.random() < 0.9 else asked)))

    def words(self) -> None:
        chat = self.chat
        tier = self.hand.choice(TIERS)
        danger_was_shown_at = chat.conversation.shown.get(FIRST.get(tier, ""))
        last_at = chat.conversation.last_said_at
        turn = self._keeps(
            chat.says(
                f"message {self.said} was never answered",
                tier=tier,
                suggests_thanks=self.hand.random() < 0.2,
                not_english=self.hand.random() < 0.1,
            )
        )

        seen = [reply.screen for reply in turn.replies]
        if tier in FIRST and (danger_was_shown_at is None or chat.at - danger_was_shown_at >= timedelta(minutes=10)):
            assert seen[0] == FIRST[tier]
        if tier == "":
            assert not set(seen) & {"danger", "low", "threat", "worry", "danger_again", "low_again"}
        if last_at is None or chat.at - last_at >= timedelta(minutes=1):
            assert seen, "words after a pause are never met with silence"

    def files(self) -> None:
        self._keeps(self.chat.says(self.hand.choice(("", "he did this")), self.hand.choice(KEPT)))

    def edit(self) -> None:
        known = [reference for reference, _ in self.chat.kept]
        self.chat.edited_reference = self.hand.choice(known) if known and self.hand.random() < 0.7 else ""
        self._keeps(self.chat.says(self.hand.choice(("it was on Monday", "stop", "help", "1")), is_edit=True))

    def tap(self) -> None:
        bubbles = [reply for reply in self.chat.bubbles[-8:] if offered(reply)]
        if bubbles:
            reply = bubbles[-1] if self.hand.random() < 0.7 else self.hand.choice(bubbles)
            self._press(button_data(reply.nonce, self.hand.choice(offered(reply))))

    def tap_twice(self) -> None:
        bubbles = [reply for reply in self.chat.bubbles[-1:] if offered(reply)]
        if bubbles:
            data = button_data(bubbles[0].nonce, self.hand.choice(offered(bubbles[0])))
            first = self._press(data)
            again = self._press(data)
            assert not again.actions
            assert not first.replies or not again.replies

    def type_a_button(self) -> None:
        conversation = self.chat.conversation
        known = (*conversation.buttons, *conversation.beside)
        if not known:
            return
        if conversation.numbered and self.hand.random() < 0.5:
            turn = self.chat.says(str(self.hand.randint(1, len(conversation.numbered))))
        else:
            turn = self.chat.says(ENGLISH.labels[self.hand.choice(known)].upper() + ".")
        self._asks(turn)
        assert turn.replies

    def command(self) -> None:
        turn = self._asks(self.chat.says(self.hand.choice(COMMANDS)))
        assert turn.replies

    def nothing(self) -> None:
        turn = self._notes(self.chat.says(self.hand.choice(UNSEEN)))
        assert not turn.actions or self.chat.is_blocked is False

    def sticker(self) -> None:
        self._notes(self.chat.says("", "unreadable"))

    def place(self) -> None:
        turn = self._notes(self.chat.says("", "place"))
        assert sum(isinstance(action, KeepPlace) for action in turn.actions) == 1

    def is_asked_how_it_was(self) -> None:
        """Days after an answer we ask whether they felt listened to; pressed at once, later, or by somebody else's number."""
        of = [case.reference for case in self.chat.cases] + ["REF-000-NONE"]
        self.screens.add("feel")
        nonce = f"felt-{self.hand.choice(of)}"
        self.chat.bubbles.append(Reply("feel", nonce))
        self._press(button_data(nonce, self.hand.choice(offered(self.chat.bubbles[-1]))))

    def forge(self) -> None:
        turn = self._notes(
            self.chat.says(button=self.hand.choice(("x", "a.b.c", f"{self.chat.conversation.nonce}.stop_all", "." * 64)))
        )
        assert not turn.replies

    def happens(self) -> None:
        """Something that the person did not say: the desk acts, night falls, the bot is blocked, the state is lost, a group."""
        what = self.hand.randrange(8)
        if what == 0:
            self.chat.is_staffed = not self.chat.is_staffed
        elif what == 1 and self.chat.cases:
            self.chat.changes(is_open=self.hand.random() < 0.3)
        elif what == 2 and self.chat.cases:
            self.chat.changes(is_answered=True, may_ask_about_them=self.hand.random() < 0.8)
        elif what == 3:
            assert not self._notes(self.chat.says(blocked=self.hand.random() < 0.5)).replies
        elif what == 4 and self.hand.random() < 0.2:
            self.chat.conversation = Conversation.from_state(7, {})
        elif what == 5:
            assert not self._notes(self.chat.says("hello all", is_private=False)).opens
        elif what == 6 and self.chat.cases:
            self.chat.changes(has_list=True)
            is_right = self.hand.random() < 0.5
            yes = self.hand.choice(tuple(ListYes))
            assert self._asks(self.chat.says(about_list=self.chat.cases[0].reference, says_yes=is_right, list_yes=yes)).replies

        elif what == 7 and self.chat.cases:
            self.chat.changes(has_ended=self.hand.random() < 0.7)

    def can_go_on(self) -> None:
        """Wherever the walk ended: help, stop, the menu, words and files all still work."""
        ended = {"ended"} if any(case.has_ended for case in self.chat.cases) else set[str]()
        for text, screens in (
            ("help", {"help"}),
            ("stop", {"left", "stop_none", "stop_ask", "stop_asked"} | ended),
            ("/start", {"menu", "start"}),
        ):
            assert {reply.screen for reply in self.chat.copy().says(text).replies} <= screens
            assert self.chat.copy().says(text).replies
        for kinds in ((), ("voice",), ("photo",)):
            turn = self.chat.copy().says("is anyone there", *kinds)
            assert sum(isinstance(action, OpenCase | AddToCase) for action in turn.actions) == 1

    def _keeps(self, turn: Turn) -> Turn:
        """Readable: kept in exactly one case."""
        self.said += 1
        assert sum(isinstance(action, OpenCase | AddToCase) for action in turn.actions) == 1
        return self._notes(turn)

    def _asks(self, turn: Turn) -> Turn:
        """A command or a button: it adds nothing to a case, and opens one only for someone who needs a person."""
        assert not any(isinstance(action, AddToCase) for action in turn.actions)
        self.opened_by_button += sum(isinstance(action, OpenCase) for action in turn.actions)
        return self._notes(turn)

    def _press(self, data: str) -> Turn:
        assert len(data.encode()) <= 64
        turn = self._asks(self.chat.says(button=data))
        if turn.replies and turn.replies[0].screen != "old_button":
            self.effects.add(data.partition(".")[2])
        return turn

    def _notes(self, turn: Turn) -> Turn:
        seen = [reply.screen for reply in turn.replies]
        self.screens |= set(seen)
        assert seen[:1] == ["old_button"] or not set(seen[1:]) & set(FIRST.values()), "help comes first"
        assert sum(reply.is_receipt for reply in turn.replies) == int(turn.opens)
        nights = {reply.is_night for reply in turn.replies}
        assert nights <= {not self.chat.is_staffed}
        if any(isinstance(action, HideChat) for action in turn.actions):
            held = self.chat.conversation
            assert (held.screen, held.nonce, held.buttons, held.beside, held.numbered) == ("", "", (), (), ())
        if any(isinstance(action, AskWithdrawal) for action in turn.actions):
            assert len(turn.actions) <= 2
        return turn

    def _let_time_pass(self) -> None:
        self.chat.waits(seconds=self.hand.choice(PAUSES))


def walk(sequences: int, seed: int, longest: int) -> None:
    """Walk, and see on the way every screen that is written and every button at work."""
    screens: set[str] = set()
    effects: set[str] = set()
    for number in range(sequences):
        here = Walk(Random(f"{seed}-{number}"))
        here.chat.is_staffed = number % 3 > 0
        if number % 5 == 0:
            here.is_asked()
        elif number % 5 == 1:
            here.is_asked_who_they_are()
        here.go(here.hand.randint(4, longest))
        here.can_go_on()
        screens |= here.screens
        effects |= here.effects

    assert screens == set(ENGLISH.screens)
    assert effects == set(ENGLISH.labels)


@pytest.mark.prove
def test_two_thousand_chats_have_no_dead_end_and_lose_nothing() -> None:
    walk(2_000, seed=1, longest=14)


@pytest.mark.prove
def test_ten_thousand_chats_have_no_dead_end_and_lose_nothing() -> None:
    walk(10_000, seed=2, longest=40)
