"""A chat with a desk that only keeps: it carries out turns as the real one does, and plays transcripts.

Every state goes through JSON and every reply through the engine, so that neither can be forgotten.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from casework.council import Council
from intake.conversation import (
    AboutThem,
    Action,
    AddToCase,
    AskAdvocate,
    AskStatus,
    AskWithdrawal,
    CloseRoute,
    Conversation,
    HideChat,
    KeepPlace,
    KnownCase,
    LeaveGroup,
    Listened,
    MarkProblem,
    NewMatter,
    NotHappy,
    NotSafe,
    OpenCase,
    Reply,
    RingAgain,
    Said,
    SetRole,
    Surroundings,
    Turn,
    Wishes,
    advance,
    button_data,
)
from intake.conversation.showing import offered
from procedures.terms import Kind
from templates.screens import screens

ENGLISH = screens("en")
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
_SPANS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass
class Chat:
    """One chat and the desk behind it."""

    at: datetime = TUESDAY
    number: int = 0
    """Of the message that was written last, as Telegram counts."""
    is_staffed: bool = True
    is_blocked: bool = False
    conversation: Conversation = Conversation(7)  # noqa: RUF009 - frozen
    """As the next turn reads it from its stored state."""
    cases: list[KnownCase] = field(default_factory=list)
    kept: list[tuple[str, Said]] = field(default_factory=list)
    """What was said, and the case that it belongs to; newest last."""
    bubbles: list[Reply] = field(default_factory=list)
    edited_reference: str = ""
    turns: int = 0

    def hears(self, said: Said) -> Turn:
        """Carry one turn out, and check what holds for every turn."""
        self.turns += 1
        around = Surroundings(
            nonce=f"nonce{self.turns:019}",
            is_staffed=self.is_staffed,
            cases=tuple(self.cases),
            is_blocked=self.is_blocked,
            edited_reference=self.edited_reference if said.is_edit else "",
        )
        turn = advance(self.conversation, said, around)
        if turn.opens:
            turn = turn.settled(f"REF-{self.turns:03}-TEST")
        for action in turn.actions:
            self._do(action, said, turn)
        for reply in turn.replies:
            rendered(reply.screen, bool(reply.reference), reply.buttons, reply.is_night, reply.voice)
        assert len(turn.replies) <= 2
        self.conversation = Conversation.from_state(7, json.loads(json.dumps(turn.conversation.to_state())))
        assert self.conversation == turn.conversation
        self.bubbles += turn.replies
        return turn

    def says(self, text: str = "", *attachments: str, **more: object) -> Turn:
        self.number += 1
        # Allowed below: whatever a test gives
        return self.hears(replace(Said(self.at, text, attachments=attachments, number=self.number), **more))  # type: ignore[arg-type]

    def taps(self, button: str) -> Turn:
        """Press the newest button of this id that stands in the chat."""
        bubble = next(reply for reply in reversed(self.bubbles) if button in offered(reply))
        return self.says(button=button_data(bubble.nonce, button))

    def copy(self) -> "Chat":
        """The same chat, to try something on."""
        return replace(self, cases=[*self.cases], kept=[*self.kept], bubbles=[*self.bubbles])

    def waits(self, **span: float) -> None:
        self.at += timedelta(**span)

    def changes(self, **what: object) -> None:
        """Something happens at the desk to the newest case."""
        self.cases[0] = replace(self.cases[0], **what)  # type: ignore[arg-type]  # whatever a test gives

    def _do(self, action: Action, said: Said, turn: Turn) -> None:
        match action:
            case OpenCase(kind=kind):
                self.cases.insert(0, KnownCase(turn.conversation.reference, kind))
                self.kept.append((turn.conversation.reference, said))
            case AddToCase(reference=reference):
                self.kept.append((reference, said))
            case NewMatter(reference=old, since=since):
                new = turn.conversation.reference
                self.cases.insert(0, KnownCase(new))
                self.kept = [(new if reference == old and each.at >= since else reference, each) for reference, each in self.kept]
            case MarkProblem(reference=reference):
                self._change(reference, kind=Kind.COMPLAINT)
            case AskWithdrawal(reference=reference, is_pressed=False):
                self._change(reference, is_stopping=True)
            case CloseRoute(is_closed=is_closed):
                self.is_blocked = is_closed
            case _:
                pass
        known = [case.reference for case in self.cases]
        if not isinstance(action, OpenCase | CloseRoute | LeaveGroup | AskStatus | HideChat | RingAgain | AboutThem):
            assert action.reference in (*known, *([""] if isinstance(action, KeepPlace) else []))

    def _change(self, reference: str, **what: object) -> None:
        self.cases = [
            replace(case, **what) if case.reference == reference else case  # type: ignore[arg-type]  # whatever a test gives
            for case in self.cases
        ]


@cache
def rendered(screen: str, has_reference: bool, buttons: tuple[str, ...] | None, is_night: bool, voice: str) -> str:
    """The words of a reply, with the facts that every screen is given; a screen that names a case must have one."""
    facts: dict[str, object] = {
        "reference": "K7M-W92-RXHX",
        "read_by": "2026-03-04",
        "due_on": "2026-03-17",
        "voice": voice,
        "state": "received",
        "reason": None,
        "parts": [],
        "is_night": is_night,
        "seen_from": "2026-03-04T09:00:00+00:00",
        "council": Council(),
    }
    text, _ = ENGLISH.show(screen, facts, "n" * 24, buttons)
    assert has_reference or "K7M-W92-RXHX" not in text, screen
    return text


def done(action: Action) -> str:  # noqa: PLR0911 - a word for each action
    """An action in the transcripts' words."""
    match action:
        case OpenCase(kind=kind, role=role):
            return f"opens {kind}" if role == "unknown" else f"opens {kind} of {role}"
        case AddToCase(is_edit=is_edit):
            return "keeps edit" if is_edit else "adds"
        case SetRole(role=role):
            return f"role {role}"
        case Wishes(wish=wish):
            return f"says {wish}"
        case AskWithdrawal(is_pressed=is_pressed):
            return "pressed to stop" if is_pressed else "asks to stop"
        case NotSafe(cannot_call=cannot_call):
            return "not safe, cannot call" if cannot_call else "not safe"
        case CloseRoute(is_closed=is_closed):
            return "closes route" if is_closed else "opens route"
        case AskStatus():
            return "asks status"
        case AskAdvocate():
            return "asks advocate"
        case NotHappy():
            return "not happy"
        case NewMatter():
            return "new matter"
        case MarkProblem():
            return "a problem"
        case KeepPlace(is_in_danger=is_in_danger):
            return "keeps place of danger" if is_in_danger else "keeps place"
        case Listened(felt=felt):
            return f"felt {felt}"
        case AboutThem(question=question, answer=answer):
            return f"about them: {question} {answer}" if answer else "about them"
        case HideChat(theirs=theirs):
            return f"hides {len(theirs)}"
        case RingAgain():
            return "rings again"
        case LeaveGroup():
            return "leaves"


def play(script: str, chat: Chat | None = None) -> Chat:
    """Play a transcript, line by line:

    `> words`        is written; `{harm}`, `{foreign}`, `{edit}`, `{voice}` … before the words: what was read or came
    `> [Label]`      is tapped
    `< a b`          these screens answer, safety first; `< -` is silence
    `* a; b`         and this is done; without this line nothing is
    `+ 5s`           time passes; `night`, `day`; `= is_open=False` happens to the newest case
    """
    chat = chat or Chat()
    lines = [line.strip() for line in script.strip().splitlines() if line.strip()]
    for place, line in enumerate(lines):
        sign, _, rest = line.partition(" ")
        if sign == ">":
            turn = _said(chat, rest)
            screens_due = next((after[2:] for after in lines[place + 1 : place + 2]), "")
            actions_due = lines[place + 2][2:] if place + 2 < len(lines) and lines[place + 2].startswith("* ") else ""
            assert (" ".join(reply.screen for reply in turn.replies) or "-") == screens_due, line
            assert "; ".join(done(action) for action in turn.actions) == actions_due, line
            chat.waits(seconds=2)
        elif sign == "+":
            chat.waits(**{_SPANS[rest[-1]]: float(rest[:-1])})
        elif sign == "=":
            name, _, value = rest.partition("=")
            chat.changes(**{name: value == "True"})
        elif sign in ("night", "day"):
            chat.is_staffed = sign == "day"
        else:
            assert sign in ("<", "*"), line
    return chat


def _said(chat: Chat, words: str) -> Turn:
    if label := re.fullmatch(r"\[(.+)\]", words):
        meant = [button for button, said in ENGLISH.labels.items() if said == label[1]]
        in_sight = [button for button in meant if any(button in offered(reply) for reply in chat.bubbles)]
        assert in_sight, f"nothing in the chat says {label[1]}"
        return chat.taps(in_sight[0])
    found = re.fullmatch(r"(?:\{([\w, ]+)\} ?)?(.*)", words)
    assert found
    marks = (found[1] or "").replace(" ", "").split(",")
    more: dict[str, object] = {
        "tier": next((mark for mark in marks if mark in ("harm", "suicide", "threat", "worry")), ""),
        "suggests_thanks": "thanks" in marks,
        "not_english": "foreign" in marks,
        "is_edit": "edit" in marks,
    }
    kinds = [mark for mark in marks if mark in ("voice", "photo", "video", "file", "too_big", "place", "unreadable")]
    return chat.says(found[2], *kinds, **more)
