"""Who of the council's staff is named in the words of a complaint. Pure: from the day's people and the words alone."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from casework.council import Person

_JOB_WORDS = """
adviser advisor advocate adults and assistant board care carer chair chief children childrens clerk complaint complaints
coordinator council customer data deputy desk director duty early executive family feedback for fostering governance head
help hub inbox independent interim lead leader legal manager member monitoring of office officer person placements
practice principal protection reception relations reviewing safeguarding senior service services social staff support
supervisor team test the trainee visiting worker workers young youth
"""
JOBS = frozenset(_JOB_WORDS.split())
"""A name made of these is a job: `Complaints Team` in a complaint names nobody."""
TITLES = r"(?:mr|mrs|ms|miss|mx|dr|prof|sir|councillor|cllr)"
_GREETING = re.compile(
    r"^\W*(?:dear|hi|hello|hey|hiya|to|fao|attn|attention|for the attention of|good (?:morning|afternoon|evening))\b"
    r"[^.!?\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that only addresses somebody: whom one writes to is not whom one writes about."""


def named_in(words: str, people: Iterable[Person], *, writer: str = "") -> tuple[Person, ...]:
    """The members of staff whose full name, title and surname, or address stands in the words; not who writes them.

    A first name alone is nobody's: too many share it. A greeting names nobody.
    """
    told = _GREETING.sub(" ", _unaccented(words))
    letters, lowered = _plain(told.casefold()), told.casefold()
    return tuple(
        person
        for person in people
        # Most surnames stand nowhere in a letter: looking for the bare letters first takes a thousandth of the time.
        if (_surname(person.name) in letters or person.address.casefold() in lowered)
        and not _is_same(person.name, writer)
        and _pattern(person.name, person.address).search(told)
    )


@lru_cache(maxsize=4096)
def _pattern(name: str, address: str) -> re.Pattern[str]:
    """How somebody may stand in a text: the address, the name in full or without the middle names, the surname after a title."""
    ways = [rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"]
    parts = _parts(name)
    if len(parts) > 1 and any(len(_plain(one)) > 1 and _plain(one) not in JOBS for one in parts):
        every = [r"\W?".join(re.findall(r"\w", part)) for part in parts]
        full = r"[\s.,-]+".join(every)
        ways += [rf"\b{full}\b", rf"\b{every[0]}[\s.,-]+{every[-1]}\b"]
        if _plain(parts[-1]) not in JOBS:
            ways.append(rf"\b{TITLES}\b\.?\s+{every[-1]}\b")
    return re.compile("|".join(ways), re.IGNORECASE)


@lru_cache(maxsize=4096)
def _surname(name: str) -> str:
    """The letters of the last name; of no name, what stands in no letter."""
    return _plain((_parts(name) or ["\0"])[-1]) or "\0"


def _parts(name: str) -> list[str]:
    return [part for part in _unaccented(name).casefold().split() if not re.fullmatch(TITLES, _plain(part)) and _plain(part)]


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _plain(part: str) -> str:
    return re.sub(r"\W+", "", part)


def _is_same(name: str, other: str) -> bool:
    return bool(other) and _parts(name) == _parts(other)
