"""What is said first when words may show danger (people-and-safety.md §2.9, practice.md §2). It adds help; it gates nothing.

The words themselves need the sign-off of the council's safeguarding lead: see `screens.toml`.
"""

from datetime import timedelta

from intake.conversation.showing import Moment
from intake.conversation.values import Reply

FULL_WORDS_AGAIN_AFTER = timedelta(minutes=10)
SHORT_WORDS_AGAIN_AFTER = timedelta(seconds=10)
_FIRST = {"harm": "danger", "suicide": "low", "threat": "threat"}
FULL_HELP = frozenset(("danger", "low"))
"""Screens below which nothing is asked."""
_BELOW = {"worry": "worry"}


def is_serious(tier: str) -> bool:
    """Whether help comes before anything else is said."""
    return tier in _FIRST


def help_first(now: Moment) -> Reply | None:
    """The full words; within ten minutes of them one line, so that a child in distress is not buried in text."""
    screen = _FIRST.get(now.said.tier)
    if screen is None:
        return None
    if not now.was_shown(screen, FULL_WORDS_AGAIN_AFTER):
        return now.reply(screen)
    again = f"{screen}_again"
    if screen == "threat" or now.was_shown(again, SHORT_WORDS_AGAIN_AFTER):
        return None
    return now.reply(again)


def soft_line(now: Moment) -> Reply | None:
    """One line after the normal answer, for words that worry."""
    screen = _BELOW.get(now.said.tier)
    return now.reply(screen) if screen and not now.was_shown(screen, FULL_WORDS_AGAIN_AFTER) else None
