"""One thing said, one turn."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from intake.conversation.actions import AddToCase, CloseRoute, HideChat, LeaveGroup
from intake.conversation.asking import ask_help, ask_status, ask_stop
from intake.conversation.hearing import hear, hear_edit
from intake.conversation.hiding import forget, hide, noted_number
from intake.conversation.pressing import ask_advocate, press, press_raw
from intake.conversation.questions import ask_bell, ask_words
from intake.conversation.screens import labels
from intake.conversation.showing import MINUTE, Moment
from intake.conversation.values import Conversation, ListYes, Said, Step, Surroundings, Turn
from intake.conversation.words import Command, asks_for_ours_again, command_in, pressed_by_words
from procedures.terms import Kind


def advance(conversation: Conversation, said: Said, surroundings: Surroundings) -> Turn:
    """What comes of one thing said in a chat. Pure: the desk stores what was said first, then carries the turn out."""
    now = Moment(conversation, said, surroundings)
    if said.blocked is not None:
        return now.silence(CloseRoute(said.blocked))
    if not said.is_private:
        return now.silence(LeaveGroup()) if now.was_shown("group", MINUTE) else now.aside("group", LeaveGroup())
    turn = _about_list(now) if said.about_list else _answer(now)
    # Whoever writes has let the bot in again.
    actions = (CloseRoute(is_closed=False), *turn.actions) if surroundings.is_blocked else turn.actions
    album = said.album or turn.conversation.album
    is_hidden = any(isinstance(action, HideChat) for action in turn.actions)
    held = forget(turn.conversation) if is_hidden else noted_number(turn.conversation, said)
    return Turn(replace(held, last_said_at=said.at, album=album), actions, turn.replies)


def _answer(now: Moment) -> Turn:
    said = now.said
    if said.button:
        return press_raw(now)
    if said.is_edit:
        return hear_edit(now)
    if said.attachments:
        return hear(now)
    before = now.conversation
    if button := pressed_by_words(said.text, before.numbered, (*before.buttons, *before.beside), labels()):
        return press(now, button)
    if command := command_in(said.text):
        return _obey(now, command)
    # Where nothing was hidden there is nothing to bring back: then such words are kept like all others.
    return ask_status(now) if before.emptied and asks_for_ours_again(said.text) else _take_in(now)


def _about_list(now: Moment) -> Turn:
    """A button beneath the numbered list. What is wrong with it comes in their own words, as more about the case."""
    reference = now.said.about_list
    held = replace(now, conversation=replace(now.conversation, reference=reference))
    if not now.said.says_yes:
        return held.screen("list_mend", reference=reference, step=Step.MENDING)
    said = {ListYes.TAKEN: "list_right", ListYes.CHANGED: "list_changed", ListYes.KEPT: "answer_kept"}[now.said.list_yes]
    return held.screen(said, reference=reference, step=Step.IDLE)


def _take_in(now: Moment) -> Turn:
    """Words that are no command: about the answer, about a case by its number, or something to be kept."""
    said = now.said
    if said.is_not_happy and (reference := _answered(now)):
        # What they wrote is kept with it (practice.md §3: in any words).
        turn = press(replace(now, conversation=replace(now.conversation, reference=reference)), "not_right")
        return replace(turn, actions=(AddToCase(reference), *turn.actions))
    return ask_status(now, said.asks_about) if said.asks_about else hear(now)


def _answered(now: Moment) -> str:
    """The case that had its answer, or is finished, before the one in hand: who is not happy means it. Empty: none."""
    if now.conversation.step in (Step.TELLING, Step.THANKING):
        return ""
    done = [case for case in now.surroundings.cases if case.kind is Kind.COMPLAINT and (case.is_answered or not case.is_open)]
    return next(
        (case.reference for case in done if case.reference == now.conversation.reference), done[0].reference if done else ""
    )


def _obey(now: Moment, command: Command) -> Turn:
    return _OBEYED[command](now)


def _begin(now: Moment) -> Turn:
    is_new = now.conversation.last_said_at is None and not now.surroundings.cases
    return now.screen("start" if is_new else "menu", step=Step.IDLE)


_OBEYED: Mapping[Command, Callable[[Moment], Turn]] = {
    Command.START: _begin,
    Command.MENU: _begin,
    Command.NEW: lambda now: now.screen("tell", step=Step.TELLING),
    Command.ADD: lambda now: press(now, "add_more"),
    Command.STATUS: ask_status,
    Command.HELP: ask_help,
    Command.ADVOCATE: ask_advocate,
    Command.STOP: ask_stop,
    Command.HOW: lambda now: now.screen("how"),
    Command.PROCEDURE: lambda now: now.screen("procedure"),
    Command.WORDS: ask_words,
    Command.PRIVATE: ask_bell,
    Command.HIDE: hide,
    Command.LEAVE: lambda now: now.screen("hide"),
    Command.UNKNOWN: lambda now: now.screen("unknown"),
}
