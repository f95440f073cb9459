"""What stands in the letters that we write, whoever they go to: by it their end is found where one of them is sent on."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from templates.engine import languages

_TAGS = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_PHONE = re.compile(r"\{\{\s*\"([^\"]*)\"\s*\|\s*phone\s*\}\}")
_ENDS = re.compile(r"(?<=[.?!])\s+|\n+")
_WORDS = re.compile(r"\w+")
_CLOSING = re.compile(
    r"\s*(?:(?:In danger now\? Call 999|- To stop, reply 'stop')\.[ \t]*\n)?\s*"
    r"(?:Your number is \S{1,40}(?: We wrote this on [^\n.]{1,40}\.)?[ \t]*(?:\n|\Z))?"
    r"(?:\s*[^\n]{1,80} team[ \t]*\n[+\d][\d ()]{6,20}, [^\n]{1,80}(?:\n|\Z))?"
)
"""Below the last of them only facts stand: the case's number, and who we are with the telephone."""
FEWEST_WORDS = 5
"""A shorter sentence may be somebody's own: "Thank you."."""


def below_ours(text: str) -> str:
    """Return what stands below the last sentence of ours in a letter that is sent on; all of it where none is ours."""
    lines = text.split("\n")
    last = max((at for at, line in enumerate(lines) if any(each in _standing() for each in _sentences(line))), default=-1)
    rest = "\n".join(lines[last + 1 :])
    closing = _CLOSING.match(rest) if last >= 0 else None
    return rest[closing.end() :] if closing else rest


def _sentences(text: str) -> Iterator[str]:
    """Give each sentence's words, in lower case, with one blank between two."""
    for sentence in _ENDS.split(text):
        words = _WORDS.findall(sentence.casefold())
        if len(words) >= FEWEST_WORDS:
            yield " ".join(words)


@cache
def _standing() -> frozenset[str]:
    """Our sentences that no fact is put into."""
    found: set[str] = set()
    for language in languages():
        for path in texts(files("templates") / language):
            found.update(_sentences(_TAGS.sub("\n", _PHONE.sub(r"\1", path.read_text("utf-8")))))
    return frozenset(found)


def texts(folder: Traversable) -> Iterator[Traversable]:
    """Give the templates of text in a folder and below it."""
    for one in folder.iterdir():
        if one.is_dir():
            yield from texts(one)
        elif one.name.endswith(".txt"):
            yield one
