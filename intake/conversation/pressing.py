"""Buttons: each works once, on the screen it belongs to; an old one shows where we are."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from intake.conversation.actions import (
    Action,
    AskAdvocate,
    AskWithdrawal,
    MarkProblem,
    NewMatter,
    NotHappy,
    NotSafe,
    OpenCase,
    SetRole,
)
from intake.conversation.asking import ask_help, ask_status, ask_stop, show_status
from intake.conversation.hearing import matter_in_hand
from intake.conversation.showing import MINUTE, Moment
from intake.conversation.values import Step, Turn, button_data
from procedures.terms import Kind, Role

_NEVER_OLD = frozenset(("help", "not_safe", "cannot_talk", "cannot_call"))
"""Someone in danger presses what is in sight."""
_ROLES = {
    "i_am_child": Role.CHILD,
    "i_am_parent": Role.PARENT,
    "i_am_carer": Role.CARER,
    "i_am_advocate": Role.ADVOCATE,
    "i_am_relative": Role.RELATIVE,
    "i_am_professional": Role.PROFESSIONAL,
    "i_am_public": Role.MEMBER_OF_PUBLIC,
}


def press_raw(now: Moment) -> Turn:
    """A pressed button's data, as it came: ours, an old one's, pressed twice, or forged."""
    pressed = now.said.button
    before = now.conversation
    if pressed == before.pressed and before.pressed_at is not None and abs(now.said.at - before.pressed_at) < MINUTE:
        return now.silence()
    nonce, _, button = pressed.partition(".")
    if button not in _PRESSED or not nonce:
        return now.silence()
    is_known = button in (*before.buttons, *before.beside)
    if nonce == before.nonce and not is_known:
        return now.silence()
    if nonce != before.nonce and button not in _NEVER_OLD:
        return _old(now)
    return press(now, button, pressed)


def press(now: Moment, button: str, pressed: str = "") -> Turn:
    """Do what a button means. `pressed` is its data, empty when it was typed."""
    mark = pressed or button_data(now.conversation.nonce, button)
    marked = replace(now, conversation=replace(now.conversation, pressed=mark, pressed_at=now.said.at))
    return _PRESSED[button](marked, button)


def _old(now: Moment) -> Turn:
    """Where we are, again, with the buttons that count now."""
    if now.was_shown("old_button", MINUTE / 6):
        return now.silence()
    screen = now.conversation.screen or "menu"
    reference = now.conversation.reference
    buttons = now.conversation.buttons if now.conversation.screen else None
    return now.screen(screen, reference=reference, buttons=buttons, first=now.reply("old_button"))


def _tell(now: Moment, _button: str) -> Turn:
    return now.screen("tell", step=Step.TELLING)


def _thank(now: Moment, _button: str) -> Turn:
    return now.screen("thanks_tell", step=Step.THANKING)


def _show(now: Moment, button: str) -> Turn:
    """Screens that only tell something: what the next words are stays as it was."""
    return now.screen(button)


def _menu(now: Moment, _button: str) -> Turn:
    return now.screen("menu", step=Step.IDLE)


def _add_more(now: Moment, _button: str) -> Turn:
    if not now.surroundings.case(now.conversation.reference):
        return _tell(now, "wrong")
    return now.screen("add", step=Step.ADDING, reference=now.conversation.reference)


def _role(now: Moment, button: str) -> Turn:
    role = _ROLES[button]
    known = replace(now, conversation=replace(now.conversation, role=role))
    reference = now.conversation.reference
    actions: tuple[Action, ...] = (SetRole(reference, role),) if reference else ()
    return known.screen("advocate_offer" if role is Role.CHILD else "role_thanks", *actions, reference=reference)


def _who_else(now: Moment, _button: str) -> Turn:
    return now.screen("who_else")


def _not_said(now: Moment, _button: str) -> Turn:
    return now.screen("not_said")


def ask_advocate(now: Moment, _button: str = "") -> Turn:
    """Whoever wants someone on their side needs a case to hang it on: without one it is opened now."""
    held, opening = _holding_or_opening(now)
    reference = held.conversation.reference
    step = Step.IDLE if opening else None
    return held.screen("advocate_asked", *opening, AskAdvocate(reference), reference=reference, step=step)


def _advocate_later(now: Moment, _button: str) -> Turn:
    return now.screen("advocate_later")


def _not_safe(now: Moment, button: str) -> Turn:
    held, opening = _holding_or_opening(now)
    reference = held.conversation.reference
    cannot_call = button != "not_safe"
    screen = "cannot_call" if cannot_call else "not_safe"
    return held.screen(screen, *opening, NotSafe(reference, cannot_call), reference=reference)


def _holding_or_opening(now: Moment) -> tuple[Moment, tuple[Action, ...]]:
    """With the complaint in hand that this hangs on: the screen may be shown again, and must know its number then too."""
    matter = matter_in_hand(now.conversation, now.surroundings)
    if matter is None or matter.kind is Kind.COMPLIMENT:
        return replace(now, conversation=replace(now.conversation, reference="")), (
            OpenCase(Kind.COMPLAINT, now.conversation.role),
        )
    return replace(now, conversation=replace(now.conversation, reference=matter.reference)), ()


def _safe_now(now: Moment, _button: str) -> Turn:
    known = now.conversation.role is not Role.UNKNOWN
    return now.screen("safe_now", reference=now.conversation.reference, buttons=("check", "help") if known else None)


def _new_matter(now: Moment, _button: str) -> Turn:
    """What the last `added` answered, and what came after it, is a case of its own."""
    since, reference = now.conversation.added_since, now.conversation.reference
    if since is None or not reference:
        return _tell(now, "wrong")
    fresh = replace(now, conversation=replace(now.conversation, added_since=None, words_in_a_row=0))
    known = now.conversation.role is not Role.UNKNOWN
    buttons = ("add_more", "check", "help") if known else None
    return fresh.screen("sent", NewMatter(reference, since), buttons=buttons, step=Step.IDLE)


def _not_thanks(now: Moment, _button: str) -> Turn:
    reference = now.conversation.reference
    known = now.conversation.role is not Role.UNKNOWN
    buttons = ("add_more", "check", "help") if known else None
    return now.screen("sent", MarkProblem(reference), reference=reference, buttons=buttons, step=Step.IDLE)


def _stop_now(now: Moment, button: str) -> Turn:
    reference = now.conversation.reference
    is_pressed = button == "stop_made"
    return now.screen("stop_made" if is_pressed else "stop_asked", AskWithdrawal(reference, is_pressed), reference=reference)


def _carry_on(now: Moment, _button: str) -> Turn:
    return now.screen("stop_kept", reference=now.conversation.reference)


def _not_right(now: Moment, _button: str) -> Turn:
    reference = now.conversation.reference
    return now.screen("not_happy", NotHappy(reference), reference=reference, step=Step.ADDING)


def _next_case(now: Moment, _button: str) -> Turn:
    """The chat's cases in turn; the one shown is the one that loose words are then added to."""
    references = [case.reference for case in now.surroundings.cases]
    held = now.conversation.reference
    place = references.index(held) + 1 if held in references else 0
    return show_status(now, references[place % len(references)]) if references else ask_status(now)


_PRESSED: Mapping[str, Callable[[Moment, str], Turn]] = {
    "wrong": _tell,
    "thank": _thank,
    "check": lambda now, _: ask_status(now),
    "help": lambda now, _: ask_help(now),
    "how": _show,
    "ideas": _show,
    "menu": _menu,
    "stop": lambda now, _: ask_stop(now),
    "stop_this": lambda now, _: ask_stop(now),
    "stop_yes": _stop_now,
    "stop_made": _stop_now,
    "stop_no": _carry_on,
    "add_more": _add_more,
    **dict.fromkeys(_ROLES, _role),
    "i_am_other": _who_else,
    "i_not_say": _not_said,
    "advocate": ask_advocate,
    "advocate_yes": ask_advocate,
    "advocate_no": _advocate_later,
    "new_matter": _new_matter,
    "not_thanks": _not_thanks,
    "not_right": _not_right,
    "next_case": _next_case,
    "safe_now": _safe_now,
    "not_safe": _not_safe,
    "cannot_talk": _not_safe,
    "cannot_call": _not_safe,
}
