"""What stands in the letters that we write, whoever they go to: by it their end is found where one of them is sent on."""

import re
from collections.abc import Collection, Iterator
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
_PARAGRAPHS = re.compile(r"\n(?:[> \t]*\n)+")
_RECEIPTS = ("receipt", "_base")
_LOOKED_AT = 100_000
FEWEST_PARAGRAPHS = 2
"""With words of the receipt alone, for a letter to be one."""
FEWEST_OF_THEIRS = 3
FEWEST_WORDS = 5
"""A shorter sentence may be somebody's own: "Thank you."."""


def below_ours(text: str) -> str:
    """Return what stands below the last sentence of ours in a letter that is sent on; all of it where none is ours."""
    lines = text.split("\n")
    last = max((at for at, line in enumerate(lines) if any(each in _standing() for each in _sentences(line))), default=-1)
    rest = "\n".join(lines[last + 1 :])
    closing = _CLOSING.match(rest) if last >= 0 else None
    return rest[closing.end() :] if closing else rest


def between_ours(text: str) -> str:
    """Return what stands between the paragraphs of a receipt of ours and is not of it; empty where the letter is another.

    A receipt has no words but standing ones and a few facts, so what else stands in it is the answer of somebody whose mail
    program marks no quotation. Our other letters have words of officers: of those nothing is sure.
    """
    if not text:
        return ""
    found = [(f" {' '.join(_WORDS.findall(one.casefold()))} ", one) for one in _PARAGRAPHS.split(text[:_LOOKED_AT])]
    ours = [any(piece in words for piece in _of_receipt()) for words, _ in found]
    if sum(any(piece in words for piece in _of_receipts_alone()) for words, _ in found) < FEWEST_PARAGRAPHS:
        return ""
    first, last = ours.index(True), len(ours) - ours[::-1].index(True)
    within = zip(found[first:last], ours[first:last], strict=True)
    theirs = (one for (words, one), is_ours in within if not is_ours and words.count(" ") > FEWEST_OF_THEIRS)
    return "\n\n".join(one.strip("\n") for one in theirs)


def _sentences(text: str) -> Iterator[str]:
    """Give each sentence's words, in lower case, with one blank between two."""
    for sentence in _ENDS.split(text):
        words = _WORDS.findall(sentence.casefold())
        if len(words) >= FEWEST_WORDS:
            yield " ".join(words)


@cache
def _of_receipt() -> frozenset[str]:
    """Words of the receipt and of what it includes, as far as no fact stands among them."""
    return frozenset(_pieces(_RECEIPTS, 3)) | {" hello ", " your number is "}


@cache
def _of_receipts_alone() -> frozenset[str]:
    """What stands in no other letter of ours."""
    folders = {one.name for language in languages() for one in (files("templates") / language).iterdir() if one.is_dir()}
    others = "".join(_pieces(sorted(folders - {"receipt"}), 1))
    return frozenset(piece for piece in _pieces(["receipt"], FEWEST_WORDS) if piece not in others)


def _pieces(folders: Collection[str], fewest: int) -> Iterator[str]:
    for language in languages():
        for folder in folders:
            if not (place := files("templates") / language / folder).is_dir():
                continue
            for path in _texts(place):
                for piece in _TAGS.sub("\n", _PHONE.sub(r"\1", path.read_text("utf-8"))).splitlines():
                    words = _WORDS.findall(piece.casefold())
                    if len(words) >= fewest:
                        yield f" {' '.join(words)} "


@cache
def _standing() -> frozenset[str]:
    """Our sentences that no fact is put into."""
    found: set[str] = set()
    for language in languages():
        for path in _texts(files("templates") / language):
            found.update(_sentences(_TAGS.sub("\n", _PHONE.sub(r"\1", path.read_text("utf-8")))))
    return frozenset(found)


def _texts(folder: Traversable) -> Iterator[Traversable]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _texts(one)
        elif one.name.endswith(".txt"):
            yield one
