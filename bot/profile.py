"""What people should see of the bot before they write to it, and what is wrong with what they do see."""

import re

from casework.council import Council
from notifications.wires import BotSeen, Profile
from templates.words import ENGLISH, read_words

TELLING = ("complain", "social", "child", "safeguard", "abuse", "care", "council", "harm")
"""Words that a name must not hold: it stands in the chat list and on a locked screen (people-and-safety.md 2.1)."""
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,28}bot", re.IGNORECASE)


def wanted_profile(council: Council) -> Profile:
    """The bot's own words, with this council's names in them."""
    words = read_words("bot.toml", ENGLISH)
    given = {"service": council.service_name, "council": council.name}
    name, short, long = (words[key].format(**given).strip() for key in ("name", "short_description", "description"))
    return Profile(name[:64], short[:120], long[:512], words["commands"])


def suggested_username(council: Council) -> str:
    """A neutral user name: the service's, and a word of the place so that it is free."""
    words = re.findall(r"[A-Za-z0-9]+", f"{council.service_name} {council.name}".replace("Council", ""))
    return "".join(word[:1].upper() + word[1:] for word in words)[:29] + "Bot"


def told_by_name(name: str, council: Council) -> str:
    """The word in a name that tells too much on a locked screen, or nothing."""
    own = [word for word in re.findall(r"\w+", council.name.lower()) if len(word) > 3]
    return next((word for word in (*TELLING, *own) if word in name.lower()), "")


def told_wrongly_to_botfather(seen: BotSeen) -> list[str]:
    """What only BotFather can set, and is set otherwise than it should be: what is wrong, and the command that mends it."""
    wrong = []
    if seen.joins_groups:
        wrong.append("it can be added to groups: tell BotFather /setjoingroups, this bot, Disable")
    if seen.reads_groups:
        wrong.append("it hears all that is said in a group: tell BotFather /setprivacy, this bot, Enable")
    if seen.is_inline:
        wrong.append("it can be called from other chats (inline): tell BotFather /setinline, this bot, /empty")
    return wrong


def differs(seen: Profile, wanted: Profile) -> list[str]:
    """Which parts of the profile are not as they should be."""
    parts = {
        "the name": (seen.name, wanted.name),
        "the short description": (seen.short_description, wanted.short_description),
        "the description": (seen.description, wanted.description),
        "the commands": (dict(seen.commands), dict(wanted.commands)),
    }
    return [part for part, (is_so, should_be) in parts.items() if is_so != should_be]
