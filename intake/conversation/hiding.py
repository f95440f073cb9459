"""The quick exit: what can be taken out of the chat goes, and nothing in it leads back (people-and-safety.md §2.11).

What was sent was sent: the team keeps it, and the chat says so.
"""

from dataclasses import replace

from intake.conversation.actions import HideChat
from intake.conversation.showing import Moment
from intake.conversation.values import DELETABLE_FOR, MOST_HEARD, Conversation, Said, Step, Turn


def hide(now: Moment, _button: str = "") -> Turn:
    """Take out what can be taken out, and say what cannot. Works in the middle of anything."""
    heard = noted_number(now.conversation, now.said).heard
    return now.screen("hide_done", HideChat(tuple(number for number, _ in heard)), step=Step.IDLE)


def forget(conversation: Conversation) -> Conversation:
    """Nothing stands in the chat any more: no button counts, and no number means one."""
    return replace(conversation, screen="", nonce="", buttons=(), beside=(), numbered=(), heard=(), emptied=True)


def noted_number(conversation: Conversation, said: Said) -> Conversation:
    """With the message that was just written, and without those that are too old to be deleted."""
    oldest = int((said.at - DELETABLE_FOR).timestamp())
    here = ((said.number, int(said.at.timestamp())),) if said.number and not said.button and not said.is_edit else ()
    heard = tuple(one for one in (*conversation.heard, *here) if one[1] > oldest)[-MOST_HEARD:]
    return conversation if heard == conversation.heard else replace(conversation, heard=heard)
