"""Words and files: an unasked message is a case at once (practice.md §7); what follows is added to it; nothing is lost."""

from dataclasses import replace
from datetime import timedelta

from intake.conversation.actions import AddToCase, KeepPlace, OpenCase, Wishes
from intake.conversation.questions import KEPT_OF, NO_OF, WISH_OF, ask_next
from intake.conversation.safety import FULL_HELP, help_first, is_serious, soft_line
from intake.conversation.showing import MINUTE, Moment
from intake.conversation.values import Conversation, KnownCase, Said, Step, Surroundings, Turn
from intake.conversation.words import has_words, is_blank, is_plain_no
from procedures.terms import Kind, Role

KEPT = frozenset(("voice", "photo", "video", "file", "too_big"))
MANY_IN_A_ROW = 5
"""From here on one `busy`, then silence until a minute's pause."""
LANGUAGE_AGAIN_AFTER = timedelta(minutes=10)
PLACES_KEPT_FOR = timedelta(hours=72)
"""practice.md §2: places are sealed for so long."""
_NOT_SAFE = ("danger", "low", "not_safe", "cannot_call", "stop_made")
"""Who was shown one of these has an alert."""
ROLE_KNOWN = ("add_more", "ask_me", "check", "help")
"""Beneath a receipt, in place of the question who they are."""


def hear(now: Moment) -> Turn:
    """Take in what was written or sent."""
    said = now.said
    if not is_readable(said):
        return _unreadable(now)
    asked_about = now.surroundings.case(now.conversation.reference)
    if now.conversation.step in WISH_OF and asked_about is not None and not asked_about.has_ended:
        return _answer_in_words(now) if _may_answer(now) else _beside_question(now)
    reference = case_for(now)
    return add(now, reference) if reference else open_case(now)


def _may_answer(now: Moment) -> bool:
    """Whether it says something: a photo alone does not say who, or when."""
    return now.conversation.step not in NO_OF or has_words(now.said.text) or "voice" in now.said.attachments


def _beside_question(now: Moment) -> Turn:
    """More about the case, while the question still waits for its words."""
    turn = add(now, now.conversation.reference)
    return replace(turn, conversation=replace(turn.conversation, step=now.conversation.step))


def _answer_in_words(now: Moment) -> Turn:
    """The words that answer a question: kept with the case like all others. Help, and what cannot be read, come before the next
    question. Who is not to be told, and what is about to change, is for a person to read unless it is a plain no."""
    reference, said, step = now.conversation.reference, now.said, now.conversation.step
    if step in NO_OF and not said.tier and not said.attachments and is_plain_no(said.text):
        return ask_next(now, AddToCase(reference), Wishes(reference, NO_OF[step]), first=now.reply("answer_kept", reference))
    wish = Wishes(reference, WISH_OF[step])
    if said.tier or said.attachments or said.not_english:
        turn = add(now, reference)
        return replace(turn, actions=(*turn.actions, wish))
    return ask_next(now, AddToCase(reference), wish, first=now.reply(KEPT_OF.get(step, "answer_kept"), reference))


def is_readable(said: Said) -> bool:
    """Whether there is something for a person to read, hear or see. What the safety words found is never unreadable."""
    return has_words(said.text) or bool(said.tier) or any(kind in KEPT for kind in said.attachments)


def case_for(now: Moment) -> str:
    """The reference of the case that these words are more about; empty when they are a new matter."""
    conversation, said = now.conversation, now.said
    if conversation.step in (Step.TELLING, Step.THANKING):
        return ""
    if conversation.step in (Step.ADDING, Step.MENDING) and now.surroundings.case(conversation.reference):
        return conversation.reference
    matter = matter_in_hand(conversation, now.surroundings)
    if matter is None:
        return ""
    # A problem added to a thank-you would have no clock and no answer.
    is_new = matter.kind is Kind.COMPLIMENT and has_words(said.text) and (bool(said.tier) or not said.suggests_thanks)
    return "" if is_new else matter.reference


def matter_in_hand(conversation: Conversation, surroundings: Surroundings) -> KnownCase | None:
    """The open case that loose words belong to; without one in hand, the newest open one of this chat."""
    if conversation.reference:
        case = surroundings.case(conversation.reference)
        return case if case and case.is_open else None
    return next((case for case in surroundings.cases if case.is_open), None)


def open_case(now: Moment) -> Turn:
    """A new case, and what was kept, by when it is read, and (once) who they are."""
    kind = _kind(now)
    fresh = replace(now, conversation=replace(now.conversation, reference="", words_in_a_row=0, added_since=None))
    first = help_first(fresh)
    screen = _receipt(now.said, kind, is_below_help=first is not None and first.screen in FULL_HELP)
    asks_role = screen in ("sent", "sent_voice", "sent_photo", "sent_file")
    knows_role = now.conversation.role is not Role.UNKNOWN
    return fresh.screen(
        screen,
        OpenCase(kind, now.conversation.role),
        buttons=ROLE_KNOWN if asks_role and knows_role else None,
        first=first,
        last=soft_line(fresh),
        step=Step.IDLE,
    )


def _kind(now: Moment) -> Kind:
    """The person's word before the reading's; a danger in the words is a complaint, whatever was tapped."""
    said, step = now.said, now.conversation.step
    if is_serious(said.tier) or step is Step.TELLING:
        return Kind.COMPLAINT
    if step is Step.THANKING or (said.suggests_thanks and not said.tier):
        return Kind.COMPLIMENT
    return Kind.COMPLAINT


def _receipt(said: Said, kind: Kind, is_below_help: bool) -> str:
    if said.not_english:
        return "other_language"
    if "too_big" in said.attachments:
        return "file_big"
    if is_below_help and "voice" not in said.attachments:
        return "sent_safe"
    for attachment, screen in (("voice", "sent_voice"), ("photo", "sent_photo"), ("video", "sent_photo"), ("file", "sent_file")):
        if attachment in said.attachments:
            return screen
    return "sent_thanks" if kind is Kind.COMPLIMENT else "sent"


def add(now: Moment, reference: str) -> Turn:
    """More words for a case. Answered at most once a minute, so that a flood is kept and not echoed."""
    before, said = now.conversation, now.said
    # The doors may bring two messages in the wrong order: a clock that runs back is no pause.
    is_burst = before.last_said_at is not None and said.at - before.last_said_at < MINUTE
    is_of_the_album = bool(said.album) and said.album == before.album
    in_a_row = before.words_in_a_row + (0 if is_of_the_album else 1) if is_burst else 1
    on = replace(now, conversation=replace(before, step=Step.IDLE, reference=reference, words_in_a_row=in_a_row))
    answer = "" if is_of_the_album and not set(said.attachments) & {"voice", "too_big"} else _answer_to_addition(on)
    if answer == "added":
        on = replace(on, conversation=replace(on.conversation, added_since=said.at))
    return on.aside(answer, AddToCase(reference), reference=reference, first=help_first(on), last=soft_line(on))


def _answer_to_addition(now: Moment) -> str:
    """The screen that answers an addition; empty for silence."""
    said, in_a_row = now.said, now.conversation.words_in_a_row
    for attachment, screen in (("voice", "voice"), ("too_big", "file_big")):
        if attachment in said.attachments:
            return screen
    case = now.surroundings.case(now.conversation.reference)
    if said.says_yes and case is not None and case.has_list:
        return "list_right"
    if in_a_row >= MANY_IN_A_ROW:
        return "busy" if in_a_row == MANY_IN_A_ROW else ""
    if said.not_english and not now.was_shown("other_language", LANGUAGE_AGAIN_AFTER):
        return "other_language"
    for attachment, screen in (("photo", "photo"), ("video", "photo"), ("file", "file")):
        if attachment in said.attachments:
            return "" if now.was_shown(screen, MINUTE) else screen
    return "" if now.was_shown("added", MINUTE) else "added"


def hear_edit(now: Moment) -> Turn:
    """A changed message: both versions are kept, and said so once. An edit is never a command."""
    said = now.said
    reference = now.surroundings.edited_reference
    if not reference:
        # Its first version opened nothing ("hi"), or its case is not known: now it may say something.
        return hear(now) if is_readable(said) else now.silence()
    if is_blank(said.text) and not said.attachments:
        return now.silence(AddToCase(reference, is_edit=True))
    answer = "" if now.was_shown("edited", MINUTE) else "edited"
    return now.aside(answer, AddToCase(reference, is_edit=True), reference=reference, first=help_first(now), last=soft_line(now))


def _place(now: Moment) -> Turn:
    """A place on a map: locked away, and answered at most once a minute. It opens no case and answers no question."""
    matter = matter_in_hand(now.conversation, now.surroundings)
    is_in_danger = any(now.was_shown(screen, PLACES_KEPT_FOR) for screen in _NOT_SAFE)
    screen = "place_alert" if is_in_danger else "place"
    action = KeepPlace(matter.reference if matter else "", is_in_danger)
    return now.silence(action) if now.was_shown(screen, MINUTE) else now.aside(screen, action)


def _unreadable(now: Moment) -> Turn:
    """Nothing that a person could read: no case, and a way on."""
    if "place" in now.said.attachments:
        return _place(now)
    if "unreadable" in now.said.attachments:
        return now.silence() if now.was_shown("cannot_open", MINUTE) else now.aside("cannot_open")
    matter = matter_in_hand(now.conversation, now.surroundings)
    if matter and not is_blank(now.said.text):
        # A face or "???" after a message belongs to it.
        return add(now, matter.reference)
    return now.silence() if now.was_shown("unknown", MINUTE / 6) else now.aside("unknown")
