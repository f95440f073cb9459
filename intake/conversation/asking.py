"""What can be asked at any time: how it is going, help, and to stop."""

from dataclasses import replace

from intake.conversation.actions import Action, AskStatus, RingAgain
from intake.conversation.hearing import matter_in_hand
from intake.conversation.showing import Moment
from intake.conversation.values import KnownCase, Step, Turn
from procedures.terms import Kind


def ask_status(now: Moment, reference: str = "") -> Turn:
    """How the case in hand is going, or the one that is named. Another's reference gets the words of one that does not exist."""
    own = now.surroundings.cases
    if reference:
        return show_status(now, reference) if now.surroundings.case(reference) else now.screen("none_here", AskStatus(reference))
    if not own:
        return now.screen("none_here")
    held = now.surroundings.case(now.conversation.reference) or next((case for case in own if case.is_open), own[0])
    return show_status(now, held.reference)


def show_status(now: Moment, reference: str) -> Turn:
    """How one of this chat's own cases is going; it is the one in hand from now on."""
    case = now.surroundings.case(reference)
    assert case is not None
    held = replace(now, conversation=replace(now.conversation, reference=reference))
    if case.has_ended:
        return has_ended(now, reference)
    actions: tuple[Action, ...] = (AskStatus(reference), RingAgain()) if now.conversation.emptied else (AskStatus(reference),)
    return held.screen("status", *actions, reference=reference, buttons=_status_buttons(case, now), step=Step.IDLE)


def has_ended(now: Moment, reference: str) -> Turn:
    """Who spoke for somebody until it ended is pointed on: they are told nothing of the case, and ask for nothing in it."""
    return now.screen("ended", reference=reference, step=Step.IDLE)


def _status_buttons(case: KnownCase, now: Moment) -> tuple[str, ...]:
    if case.kind is Kind.COMPLIMENT:
        buttons: tuple[str, ...] = ("add_more", "wrong")
    elif case.is_answered or not case.is_open:
        buttons = ("not_right", "add_more", "wrong")
    elif case.is_stopping:
        buttons = ("add_more", "help")
    else:
        buttons = ("add_more", "stop_this")
    return (*buttons, "next_case") if len(now.surroundings.cases) > 1 else buttons


def ask_help(now: Moment) -> Turn:
    """Numbers and people. What the next words are stays as it was."""
    return now.screen("help", reference=now.conversation.reference)


def ask_stop(now: Moment) -> Turn:
    """Leave what was begun; else ask about the open case whether to stop it, and whether someone makes them."""
    if now.conversation.step is not Step.IDLE:
        return now.screen("left", step=Step.IDLE)
    matter = matter_in_hand(now.conversation, now.surroundings)
    if matter is None:
        return now.screen("stop_none")
    if matter.has_ended:
        return has_ended(now, matter.reference)
    held = replace(now, conversation=replace(now.conversation, reference=matter.reference))
    # Asked already: the same words, and nothing happens twice.
    return held.screen("stop_asked" if matter.is_stopping else "stop_ask", reference=matter.reference)
