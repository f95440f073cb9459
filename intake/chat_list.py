"""The numbered list in the chat: the buttons beneath it, and when a typed yes is one to it."""

from dataclasses import replace

from casework.issues.answering import answers_list, confirm, hear_wrong, list_press
from intake.chat_desk import ChatDesk
from intake.conversation import ListYes, Said


def after_list(desk: ChatDesk, said: Said) -> Said:
    """A button beneath the numbered list: a yes is recorded as theirs, to the very list that they have before them."""
    press = list_press(said.button)
    if press is None or (hearing := desk.hearing(press.reference)) is None:
        return said
    sent = desk.known.lists.get(press.reference)
    taken = ListYes.TAKEN
    if not press.is_right:
        hear_wrong(hearing)
    elif sent is not None and confirm(hearing, sent, "their button in the chat", press.name):
        del desk.known.lists[press.reference]
    elif sent is not None:
        taken = ListYes.CHANGED if press.name != sent.name else ListYes.KEPT
    return replace(said, button="", about_list=press.reference, says_yes=press.is_right, list_yes=taken)


def no_list_is_last(desk: ChatDesk) -> None:
    """Something was shown after the list: a yes is one to that from now on."""
    for reference in desk.own & desk.known.lists.keys():
        sent = desk.known.lists[reference]
        desk.known.lists[reference] = replace(sent, last_shown_to=sent.last_shown_to - {str(desk.letter.chat_id)})


def may_say_yes(desk: ChatDesk, reference: str) -> bool:
    """Whether a typed yes is one to the numbered list, and theirs to say."""
    sent, hearing = desk.known.lists.get(reference), desk.hearing(reference)
    if sent is None or hearing is None:
        return False
    return answers_list(hearing, sent) and hearing.writer.recipient in sent.may_confirm
