"""What typed words are: something to keep, a command, or a button pressed by its words or its number."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Command(StrEnum):
    """What can be asked for by a command or by its word."""

    START = "start"
    MENU = "menu"
    NEW = "new"
    ADD = "add"
    STATUS = "status"
    HELP = "help"
    ADVOCATE = "advocate"
    STOP = "stop"
    HOW = "how"
    PROCEDURE = "procedure"
    WORDS = "words"
    """Which words their letters are in."""
    PRIVATE = "private"
    """How what we start comes to them."""
    HIDE = "hide"
    """The quick exit, at once."""
    LEAVE = "leave"
    """A word that may be one: it asks first."""
    UNKNOWN = "unknown"
    """A slash and a word that means nothing here, alone."""


_SLASHED = {
    "start": Command.START,
    "new": Command.NEW,
    "add": Command.ADD,
    "check": Command.STATUS,
    "status": Command.STATUS,
    "help": Command.HELP,
    "advocate": Command.ADVOCATE,
    "stop": Command.STOP,
    "cancel": Command.STOP,
    "privacy": Command.HOW,
    "procedure": Command.PROCEDURE,
    "policy": Command.PROCEDURE,
    "words": Command.WORDS,
    "private": Command.PRIVATE,
    "hide": Command.HIDE,
}
_TYPED = {
    "hi": Command.MENU,
    "hello": Command.MENU,
    "hey": Command.MENU,
    "hiya": Command.MENU,
    "menu": Command.MENU,
    "start": Command.MENU,
    "check": Command.STATUS,
    "status": Command.STATUS,
    "help": Command.HELP,
    "advocate": Command.ADVOCATE,
    "stop": Command.STOP,
    "procedure": Command.PROCEDURE,
    "policy": Command.PROCEDURE,
    "words": Command.WORDS,
    "private": Command.PRIVATE,
    "hide": Command.HIDE,
    "x": Command.LEAVE,
    "bye": Command.LEAVE,
}
# "/start@YourSayBot payload": a payload is one word of A-Z, a-z, 0-9, _ and -, at most 64 long, and is thrown away.
_COMMAND = re.compile(r"/(?P<word>[A-Za-z_]+)(?:@\w+)?(?P<payload>\s+[A-Za-z0-9_-]{1,64})?")
_SHORT_ANSWERS = {"yes": ("yes",), "no": ("no", "not")}

_PLAIN_NO = re.compile(
    r"no|nope|nah|none|(?:no )?(?:nobody|no ?one|nothing|none)|no (?:thanks|thank you)|not anyone|not really|not now|not yet|"
    r"no there(?:'s| is) (?:not|nobody|no one)|no there isn't"
)
_OURS = r"(?:(?:me|back|all|the|your|those|these|old) )*(?:(?:my |our )?(?:old )?(?:messages?|chats?)|letters?)"
_SHOW = r"(?:(?:can|could|may) (?:you|i) |i (?:want|need|would like) to |let me |how (?:do|can) i )?(?:show|see|find|get|bring)"
_AGAIN = re.compile(
    rf"(?:please )?(?:{_SHOW} {_OURS}|where (?:are|did|have) {_OURS}|(?:my|the|your|our) messages? again)"
    r"(?: go| gone)?(?: again| back)?(?: please)?"
)


def command_in(text: str) -> Command | None:
    """The command that is all there is in the words; with more words it is a message ("stop ignoring me")."""
    if found := _COMMAND.fullmatch(text.strip()):
        command = _SLASHED.get(found["word"].lower(), Command.UNKNOWN)
        return command if command is Command.START or not found["payload"] else None
    return _TYPED.get(folded(text))


def asks_for_ours_again(text: str) -> bool:
    """Whether the words only ask for what we wrote. "My letters" are not among it: they may be those that somebody took."""
    return _AGAIN.fullmatch(folded(text)) is not None


def is_plain_no(text: str) -> bool:
    """Whether the words are a no and nothing else: what says more is for a person to read."""
    return _PLAIN_NO.fullmatch(folded(text)) is not None


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in any script: something that a person can read."""
    return any(symbol.isalnum() for symbol in text)


def is_blank(text: str) -> bool:
    """Nothing to see: empty, spaces, zero-width and control characters."""
    return not any(unicodedata.category(symbol)[0] in "LNPS" for symbol in text)


def pressed_by_words(text: str, numbered: Sequence[str], offered: Sequence[str], labels: Mapping[str, str]) -> str:
    """The button meant by its number or its label; "yes" and "no" where exactly one button begins so. Empty: none."""
    words = folded(text)
    if words.isascii() and words.isdigit() and len(words) <= 2:
        number = int(words)
        return numbered[number - 1] if 1 <= number <= len(numbered) else ""
    if not words:
        return ""
    said = {button: folded(labels.get(button, "")) for button in offered}
    if exact := [button for button, label in said.items() if label == words]:
        return exact[0]
    meant = [button for button, label in said.items() if label.split()[0:1] and label.split()[0] in _SHORT_ANSWERS.get(words, ())]
    return meant[0] if len(meant) == 1 else ""


def folded(text: str) -> str:
    """Words for comparison: small letters, plain apostrophes, no marks around them, single spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    kept = "".join(symbol if symbol.isalnum() or symbol in " '" else " " for symbol in plain)
    return " ".join(kept.split())
