"""Questions about the person, after everything else: asked once, each may be left out, answers of nobody (decision 052).

Nothing is asked while anybody of the chat is in danger, nor of who asked for messages that hide again: their phone is watched.
Each turn ends alike whether they answered or not, and the press itself is not kept (`intake.chat_private.forget_press`). The age
alone tells: whom somebody is drawn to is asked of no child, nor of who may be one on a parent's phone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from intake.conversation.actions import AboutThem, Action
from intake.conversation.showing import Moment
from intake.conversation.values import Reply, Turn, voice_of

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "sex": {"eq_female": "female", "eq_male": "male", "eq_sex_other": "in another way"},
    "disability": {"eq_disabled": "yes", "eq_not_disabled": "no"},
    "ethnicity": {
        "eq_asian": "asian",
        "eq_black": "black",
        "eq_mixed": "mixed",
        "eq_white": "white",
        "eq_ethnic_other": "another",
    },
    "religion": {
        "eq_no_faith": "none",
        "eq_christian": "christian",
        "eq_muslim": "muslim",
        "eq_hindu": "hindu",
        "eq_sikh": "sikh",
        "eq_jewish": "jewish",
        "eq_buddhist": "buddhist",
        "eq_faith_other": "another",
    },
    "age": {
        "eq_age_9": "under 10",
        "eq_age_15": "10 to 15",
        "eq_age_17": "16 to 17",
        "eq_age_25": "18 to 25",
        "eq_age_64": "26 to 64",
        "eq_age_65": "65 or over",
    },
    "orientation": {
        "eq_straight": "heterosexual",
        "eq_gay": "gay or lesbian",
        "eq_bisexual": "bisexual",
        "eq_drawn_other": "another",
    },
}
"""Of each question, in the order of asking, its buttons and what each says; the groups are those of `casework.daily.equality`."""
_FOR_ADULTS = frozenset(("orientation", "religion"))
"""Asked of those alone who said that they are an adult."""
_ALLOWS_ORIENTATION = frozenset(("eq_age_17", "eq_age_25", "eq_age_64", "eq_age_65"))
"""Ages of 16 or more, of whom alone the census asks it. It follows at once, so that no chat remembers anybody's age."""
OFFERED = "about_you"
"""Among the questions of a chat that were asked."""
QUIET_AFTER = timedelta(hours=1)
_OF_DANGER = ("danger", "danger_again", "low", "low_again", "threat", "not_safe", "cannot_call", "stop_made")


def offer_after(now: Moment, first: Reply, *actions: Action) -> Turn | None:
    """What was just said, then whether they like to say something about themselves; None where that is not for now."""
    if OFFERED in now.conversation.asked or not _is_quiet(now):
        return None
    on = replace(now, conversation=replace(now.conversation, asked=(*now.conversation.asked, OFFERED)))
    return on.screen(OFFERED, *actions, first=replace(first, buttons=()))


def press_about(now: Moment, button: str) -> Turn:
    """Yes, no, an answer, one left out, or enough: the next question, or the end of them."""
    mark = marked(f"{now.conversation.nonce}.{button}")
    unmarked = replace(now, conversation=replace(now.conversation, pressed=mark))
    asked = now.conversation.screen.removeprefix(f"{OFFERED}_")
    answer = ANSWERS.get(asked, {}).get(button, "")
    action = AboutThem(asked, answer) if answer else AboutThem()
    left = _after(asked if asked in ANSWERS else "", voice_of(now.conversation.role), button)
    if button in ("eq_no", "eq_enough") or not left or not _is_quiet(now):
        return unmarked.screen(f"{OFFERED}_done", action)
    return unmarked.screen(f"{OFFERED}_{left}", action)


def is_about_them(pressed: str) -> bool:
    """Whether a button's data, as it came, is of these questions: then nobody keeps which one it was."""
    return pressed.partition(".")[2] in BUTTONS


def marked(pressed: str) -> str:
    """By what a press is known when it comes twice: its data, but of these questions the screen alone, and not the answer."""
    return f"{pressed.partition('.')[0]}.eq" if is_about_them(pressed) else pressed


def _after(question: str, voice: str, button: str) -> str:
    """The next question for that voice after this button; empty after the last."""
    names = list(ANSWERS)
    rest = names[names.index(question) + 1 :] if question else names
    left = next((one for one in rest if voice == "adult" or one not in _FOR_ADULTS), "")
    return "" if left == "orientation" and button not in _ALLOWS_ORIENTATION else left


def _is_quiet(now: Moment) -> bool:
    """Whether nobody is in danger, as far as is known, and the phone is not watched."""
    case = now.surroundings.case(now.conversation.reference)
    was_hurt = bool(now.said.tier) or any(now.was_shown(screen, QUIET_AFTER) for screen in _OF_DANGER)
    return case is not None and case.may_ask_about_them and not was_hurt and now.conversation.bell != "hidden"


BUTTONS = frozenset(("eq_yes", "eq_no", "eq_skip", "eq_enough", *(button for of in ANSWERS.values() for button in of)))
