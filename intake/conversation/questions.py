"""What is asked after the receipt: one question at a time, each may be left out, nothing waits for it (practice.md §4)."""

from dataclasses import replace

from intake.conversation.actions import Action
from intake.conversation.showing import Moment
from intake.conversation.values import Reply, Step, Turn, voice_of
from procedures.terms import Role, Wish

_OF_THE_CASE = ("young_knows", "soon", "not_tell", "who_talks")
"""Asked once a case; the others are about the person, and asked once a chat."""
_OF_THE_PERSON = ("how_talk", "helps", "wording", "bell_ask")
_SPEAK_FOR_A_CHILD = (Role.PARENT, Role.CARER, Role.RELATIVE)
MOST_REMEMBERED = 100
_WORDS_FOR_A_CHILD = ("words_easy", "words_plain", "skip", "no_more")
_WORDS_FOR_OTHERS = ("words_easy", "words_more", "skip", "no_more")
"""A young person is not offered the words of the law: they speak about them, not to them."""
_BELLS = ("bell_hide", "bell_leave", "skip", "no_more")
_BELLS_FOR_ADULTS = ("bell_hide", "bell_leave", "bell_plain", "skip", "no_more")
"""Only adults may choose plain messages in place of the doorbell (practice.md §3)."""
_STEP_OF = {"soon": Step.SOON, "not_tell": Step.NOT_TELL}
"""The questions whose answer may be typed at once, and is not to be lost: words after the others are more of the story."""
WISH_OF = {
    Step.SOON: Wish.MAY_CHANGE,
    Step.NOT_TELL: Wish.NOT_TELL,
    Step.NOT_TELLING: Wish.NOT_TELL,
    Step.CHOOSING: Wish.CHOSEN_TO_TALK,
    Step.CALLING: Wish.CALL_ON,
    Step.HELPING: Wish.HELP_TO_TALK,
}
"""What the next words say: those that answer a question, and those that "I will say who" asks for."""
NO_OF = {Step.SOON: Wish.NOTHING_CHANGES, Step.NOT_TELL: Wish.TELL_ANYONE}
"""What a plain no says to a question."""
KEPT_OF = {Step.SOON: "soon_kept", Step.NOT_TELL: "not_tell_kept", Step.NOT_TELLING: "not_tell_kept"}
"""The screen that answers those words, where it is not the usual one."""


def is_left(now: Moment) -> bool:
    """Whether there is a question that was not asked yet about the case in hand."""
    return bool(_next(now))


def ask_next(now: Moment, *actions: Action, first: Reply | None = None) -> Turn:
    """Ask what was not asked yet; once all was, say so. `first` comes before, without buttons: a number means the question's."""
    held, question = now.conversation, _next(now)
    said = replace(first, buttons=()) if first else None
    if not question:
        return now.screen("asked_all", *actions, reference=held.reference, first=said, step=Step.IDLE)
    asked = (*held.asked, _mark(question, held.reference))[-MOST_REMEMBERED:]
    on = replace(now, conversation=replace(held, asked=asked))
    buttons = {"wording": _wordings(now), "bell_ask": _bells(now)}.get(question)
    step = _STEP_OF.get(question, Step.IDLE)
    return on.screen(question, *actions, reference=held.reference, buttons=buttons, first=said, step=step)


def ask_words(now: Moment) -> Turn:
    """Which words they want, asked whenever they like: what was chosen can be changed."""
    asked = tuple(dict.fromkeys((*now.conversation.asked, "wording")))
    on = replace(now, conversation=replace(now.conversation, asked=asked))
    return on.screen("wording", reference=on.conversation.reference, buttons=_wordings(now))


def ask_bell(now: Moment) -> Turn:
    """How what we start comes to them, whenever they like."""
    asked = tuple(dict.fromkeys((*now.conversation.asked, "bell_ask")))
    on = replace(now, conversation=replace(now.conversation, asked=asked))
    return on.screen("bell_ask", reference=on.conversation.reference, buttons=_bells(now))


def _bells(now: Moment) -> tuple[str, ...]:
    return _BELLS_FOR_ADULTS if voice_of(now.conversation.role) == "adult" else _BELLS


def _wordings(now: Moment) -> tuple[str, ...]:
    return _WORDS_FOR_A_CHILD if voice_of(now.conversation.role) == "child" else _WORDS_FOR_OTHERS


def _next(now: Moment) -> str:
    held = now.conversation
    wanted = [*_OF_THE_CASE, *_OF_THE_PERSON]
    if held.role not in _SPEAK_FOR_A_CHILD:
        wanted.remove("young_knows")
    return next((one for one in wanted if _mark(one, held.reference) not in held.asked), "")


def _mark(question: str, reference: str) -> str:
    return f"{question}:{reference}" if question in _OF_THE_CASE else question
