"""Buttons: each works once, on the screen it belongs to; an old one shows where we are."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from intake.conversation.actions import (
    Action,
    AskAdvocate,
    AskWithdrawal,
    Listened,
    MarkProblem,
    NewMatter,
    NotHappy,
    NotSafe,
    OpenCase,
    SetRole,
    Wishes,
)
from intake.conversation.asking import ask_help, ask_status, ask_stop, has_ended, show_status
from intake.conversation.equality import BUTTONS as ABOUT_THEM
from intake.conversation.equality import marked as mark_of
from intake.conversation.equality import offer_after, press_about
from intake.conversation.hearing import ROLE_KNOWN, matter_in_hand
from intake.conversation.hiding import hide
from intake.conversation.questions import ask_next
from intake.conversation.safety import FULL_HELP
from intake.conversation.showing import MINUTE, Moment
from intake.conversation.values import Step, Turn, button_data
from procedures.terms import Felt, Kind, Role, Wish

_NEVER_OLD = frozenset(("help", "not_safe", "cannot_talk", "cannot_call", "hide", "hide_now"))
"""Someone in danger presses what is in sight."""
FELT = "felt-"
"""With the case behind it: the nonce of the question whether they felt listened to, which comes days after the answer."""
_FELT = {"feel_yes": Felt.YES, "feel_bit": Felt.A_BIT, "feel_no": Felt.NO}
_SHARES = {"share_named": Wish.SHARE_NAMED, "share_words": Wish.SHARE_WORDS, "share_tell": Wish.SHARE_TELL}
_BELLS = {"bell_hide": "hidden", "bell_leave": "", "bell_plain": "plain"}
_ROLES = {
    "i_am_child": Role.CHILD,
    "i_am_parent": Role.PARENT,
    "i_am_carer": Role.CARER,
    "i_am_advocate": Role.ADVOCATE,
    "i_am_relative": Role.RELATIVE,
    "i_am_professional": Role.PROFESSIONAL,
    "i_am_public": Role.MEMBER_OF_PUBLIC,
}

QUIET_AFTER = timedelta(hours=1)
"""After words that showed harm no question comes by itself for so long."""
_ANSWERS = {
    "soon_week": Wish.CHANGES_THIS_WEEK,
    "soon_later": Wish.CHANGES_LATER,
    "soon_no": Wish.NOTHING_CHANGES,
    "not_tell_no": Wish.TELL_ANYONE,
    "who_any": Wish.ANYONE_TALKS,
    "talk_here": Wish.WRITE_HERE,
    "talk_meet": Wish.MEET,
    "helps_no": Wish.NO_HELP_TO_TALK,
    "knows_yes": Wish.CHILD_KNOWS,
    "knows_no": Wish.CHILD_KNOWS_NOT,
    "knows_young": Wish.CHILD_TOO_YOUNG,
}
_WORDINGS = {
    "words_easy": ("easy", Wish.EASY_WORDS),
    "words_plain": ("plain", Wish.PLAIN_WORDS),
    "words_more": ("more", Wish.MORE_DETAIL),
}
_FURTHER: Mapping[str, tuple[str, Step, Wish | None]] = {
    "not_tell_yes": ("not_tell_who", Step.NOT_TELLING, Wish.SOMEBODY_NOT_TOLD),
    "who_one": ("who_talks_who", Step.CHOOSING, None),
    "talk_call": ("call_number", Step.CALLING, Wish.CALL),
    "helps_yes": ("helps_what", Step.HELPING, None),
}
"""The screen that asks, what the next words are, and what is wished already."""
_THEIRS = frozenset(("stop_yes", "not_right", *_ANSWERS, *_FURTHER, *_WORDINGS, *_SHARES, *_FELT))
"""What only who makes the complaint, or speaks for them, can say: not somebody whose authority has ended."""


def press_raw(now: Moment) -> Turn:
    """A pressed button's data, as it came: ours, an old one's, pressed twice, or forged."""
    pressed = now.said.button
    before = now.conversation
    if mark_of(pressed) == before.pressed and before.pressed_at is not None and abs(now.said.at - before.pressed_at) < MINUTE:
        return now.silence()
    nonce, _, button = pressed.partition(".")
    if button not in _PRESSED or not nonce:
        return now.silence()
    if nonce.startswith(FELT) and button in _FELT:
        return _felt(now, nonce.removeprefix(FELT), button)
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
    case = now.surroundings.case(now.conversation.reference)
    if case is not None and case.has_ended and button in _THEIRS:
        return has_ended(marked, case.reference)
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
    if role is Role.CHILD:
        return known.screen("advocate_offer", *actions, reference=reference)
    if not _may_ask(known):
        return known.screen("role_thanks", *actions, reference=reference)
    return ask_next(known, *actions, first=known.reply("role_thanks", reference))


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
    if not _may_ask(now):
        return now.screen("advocate_later")
    return ask_next(now, first=now.reply("advocate_later"))


def _may_ask(now: Moment) -> bool:
    """Whether a question may come by itself: there is a complaint to ask about, and nobody has just told of harm."""
    case = now.surroundings.case(now.conversation.reference)
    is_hurt = any(now.was_shown(screen, QUIET_AFTER) for screen in FULL_HELP)
    return case is not None and case.kind is not Kind.COMPLIMENT and not is_hurt


def _ask_me(now: Moment, _button: str) -> Turn:
    matter = matter_in_hand(now.conversation, now.surroundings)
    if matter is None or matter.kind is Kind.COMPLIMENT:
        return now.screen("asked_all", step=Step.IDLE)
    return ask_next(replace(now, conversation=replace(now.conversation, reference=matter.reference)))


def _answer(now: Moment, button: str) -> Turn:
    """One of the answers that are buttons; the next question follows."""
    return ask_next(now, *_wish(now, _ANSWERS[button]), first=now.reply("soon_kept") if button == "soon_week" else None)


def _choose_words(now: Moment, button: str) -> Turn:
    wording, wish = _WORDINGS[button]
    chosen = replace(now, conversation=replace(now.conversation, wording=wording))
    return ask_next(chosen, *_wish(now, wish), first=now.reply("words_kept"))


def _share(now: Moment, button: str) -> Turn:
    return now.screen("share_kept", *_wish(now, _SHARES[button]), reference=now.conversation.reference)


def _choose_bell(now: Moment, button: str) -> Turn:
    chosen = replace(now, conversation=replace(now.conversation, bell=_BELLS[button]))
    return ask_next(chosen, first=now.reply("bell_kept"))


def _felt(now: Moment, reference: str, button: str) -> Turn:
    """Whether they felt listened to: of their own case only, and what they say after it is about that one."""
    case = now.surroundings.case(reference)
    if case is None:
        return now.silence()
    pressed = replace(now.conversation, reference=reference, pressed=now.said.button, pressed_at=now.said.at)
    held = replace(now, conversation=pressed)
    if case.has_ended:
        return has_ended(held, reference)
    said = Listened(reference, _FELT[button])
    offered = offer_after(held, held.reply("felt", reference), said)
    return offered or held.screen("felt", said, reference=reference, step=Step.IDLE)


def _answer_further(now: Moment, button: str) -> Turn:
    """An answer that asks for words."""
    screen, step, wish = _FURTHER[button]
    return now.screen(screen, *(_wish(now, wish) if wish else ()), reference=now.conversation.reference, step=step)


def _wish(now: Moment, wish: Wish) -> tuple[Action, ...]:
    reference = now.conversation.reference
    return (Wishes(reference, wish),) if now.surroundings.case(reference) else ()


def _no_more(now: Moment, _button: str) -> Turn:
    return now.screen("asked_all", reference=now.conversation.reference, step=Step.IDLE)


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
    buttons = ROLE_KNOWN if now.conversation.role is not Role.UNKNOWN else None
    return fresh.screen("sent", NewMatter(reference, since), buttons=buttons, step=Step.IDLE)


def _not_thanks(now: Moment, _button: str) -> Turn:
    reference = now.conversation.reference
    buttons = ROLE_KNOWN if now.conversation.role is not Role.UNKNOWN else None
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
    "ask_me": _ask_me,
    "skip": _ask_me,
    "no_more": _no_more,
    **dict.fromkeys(_ANSWERS, _answer),
    **dict.fromkeys(_FURTHER, _answer_further),
    **dict.fromkeys(_WORDINGS, _choose_words),
    **dict.fromkeys(_SHARES, _share),
    **dict.fromkeys(_BELLS, _choose_bell),
    **dict.fromkeys(_FELT, lambda now, button: _felt(now, now.conversation.reference, button)),
    **dict.fromkeys(ABOUT_THEM, press_about),
    "hide": _show,
    "hide_now": hide,
    "hide_not": _menu,
    "next_case": _next_case,
    "safe_now": _safe_now,
    "not_safe": _not_safe,
    "cannot_talk": _not_safe,
    "cannot_call": _not_safe,
}
