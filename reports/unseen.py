"""Signs that nobody sees: they make another word of one that looks the same, and a title of nothing."""

import unicodedata

_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks by their kind, and drawn as nothing (Default_Ignorable_Code_Point; U+2800 is Braille's empty cell)."""


def first_unseen(text: str) -> str:
    """The first sign of a text that is drawn as nothing, as `U+200B`; empty where all are seen. A space is seen by its room."""
    if text.isascii():
        return ""
    return next((f"U+{ord(one):04X}" for one in text if _is_unseen(one)), "")


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it: spaces, control characters and signs that are drawn as nothing."""
    return all(one.isspace() or unicodedata.category(one) == "Cc" or _is_unseen(one) for one in text)


def _is_unseen(one: str) -> bool:
    return unicodedata.category(one) == "Cf" or one in _FILLERS or "\ufe00" <= one <= "\ufe0f"
