"""What somebody wrote between the lines of our receipt, where their mail program marks no quotation.

The receipt has no words but standing ones and a few facts (a number, dates, telephones, a name), so what else stands in it is
theirs. It is found word by word, since mail programs wrap our lines and leave blank ones among them as they like. Our other
letters have words of officers: of those nothing is sure.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from intake.standing import texts
from templates.engine import languages

FEWEST_OF_THEIRS = 3
"""Fewer words between ours are a mark of the mail program or a fact of ours."""
FEWEST_OF_OURS = 3
"""Sentences that no other letter of ours has, for a letter to be a receipt."""
LONGEST_FACT = 12
"""In words: a date, a telephone number, the name of the advocacy service."""
LONGEST_NAME = 4
_LOOKED_AT = 100_000
_WORD = re.compile(r"\w+")
_RECEIPTS = ("receipt", "_base")
_STATEMENT = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)
_FACT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_SAID = re.compile(r"\"([^\"]*)\"")
_END_OF_SENTENCE = re.compile(r"[.?!](?=\s|$)")
_BEHIND_A_SENTENCE = re.compile(r"(?<=[.?!])\s")
_HEADING = re.compile(
    r"^[> \t]*+(?:From|Sent|Date|To|Cc|Subject)[ \t]?:[^\n]*|^[^\n]{0,300}\bwrote:[ \t]*$|<(?:tel|mailto|https?):[^<>\s]{1,300}>",
    re.IGNORECASE | re.MULTILINE,
)
"""What mail programs put in: a letter's head, and behind words where a link of theirs leads."""
_Words = tuple[str, ...]
_GREETING = (("hello",),)


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a template as its words; between two pieces, and before the full stop if `ends_open`, stands a fact."""

    pieces: tuple[_Words, ...]
    ends_open: bool


def between_ours(text: str) -> str:
    """Return what stands between the first and the last sentence of a receipt of ours and is not of it; else nothing.

    The cost is the text's length times the sentences that begin with one word.
    """
    looked_at = _HEADING.sub(lambda found: " " * len(found[0]), text[:_LOOKED_AT])
    found = list(_WORD.finditer(looked_at))
    words = [one[0].casefold() for one in found]
    ours, only_receipts = _ours(looked_at, found, words)
    if only_receipts < FEWEST_OF_OURS:
        return ""
    gaps = ((first, last) for (_, first), (last, _) in pairwise(ours) if last - first >= FEWEST_OF_THEIRS)
    return "\n\n".join(text[found[first].start() : found[last].start()].rstrip(" \t\n>-*•·") for first, last in gaps)


def _ours(text: str, found: list[re.Match[str]], words: list[str]) -> tuple[list[tuple[int, int]], int]:
    """Return which words are ours, as ranges in their order, and how many sentences stand in no other letter of ours."""
    ranges: list[tuple[int, int]] = []
    only_receipts: set[_Sentence] = set()
    at = 0
    while at < len(words):
        for sentence in _sentences().get(words[at], ()):
            if (end := _end_of(sentence, text, found, words, at)) > 0:
                ranges.append((at, end))
                only_receipts |= {sentence} & _of_receipts_alone()
                at = end
                break
        else:
            at += 1
    return ranges, len(only_receipts)


def _end_of(sentence: _Sentence, text: str, found: list[re.Match[str]], words: list[str], at: int) -> int:
    """Return where this sentence, begun at word `at`, ends; 0 if it is not this one."""
    first, *others = sentence.pieces
    if tuple(words[at : at + len(first)]) != first:
        return 0
    at += len(first)
    for piece in others:
        starts = range(at, min(at + LONGEST_FACT, len(words)) + 1)
        start = next((start for start in starts if tuple(words[start : start + len(piece)]) == piece), -1)
        if start < 0:
            return 0
        at = start + len(piece)
    return _end_of_fact(text, found, at, is_number=_length(sentence)[0] == 1) if sentence.ends_open else at


def _end_of_fact(text: str, found: list[re.Match[str]], at: int, *, is_number: bool) -> int:
    """Return where a fact ends that a full stop closes; 0 where none does soon. A number has digits only, a name few words."""
    has_digits = False
    for end in range(at + 1, min(at + LONGEST_FACT, len(found)) + 1):
        word = found[end - 1][0]
        has_digits |= any(map(str.isdigit, word))
        if (is_number and not word.isdigit()) or (not has_digits and end - at > LONGEST_NAME):
            return 0
        behind = found[end].start() if end < len(found) else len(text)
        if _END_OF_SENTENCE.search(text, found[end - 1].end(), behind):
            return end
    return 0


@cache
def _sentences() -> dict[str, tuple[_Sentence, ...]]:
    """What may stand in a receipt, by its first word, the longest first."""
    by_word: defaultdict[str, set[_Sentence]] = defaultdict(set)
    for folder in _RECEIPTS:
        for sentence in _written_in(folder):
            by_word[sentence.pieces[0][0]].add(sentence)
    return {word: tuple(sorted(some, key=_length, reverse=True)) for word, some in by_word.items()}


def _length(sentence: _Sentence) -> tuple[int, tuple[_Words, ...]]:
    return sum(map(len, sentence.pieces)), sentence.pieces


@cache
def _of_receipts_alone() -> frozenset[_Sentence]:
    """What stands in no other letter of ours, and is long enough to be nobody's else."""
    folders = {one.name for language in languages() for one in (files("templates") / language).iterdir() if one.is_dir()}
    others = {sentence for folder in sorted(folders - {"receipt"}) for sentence in _written_in(folder)}
    return frozenset(sentence for sentence in _written_in("receipt") if sentence not in others and _length(sentence)[0] >= 4)


def _written_in(folder: str) -> Iterator[_Sentence]:
    """Give each sentence of a folder's templates, in every form that its tags give it."""
    for language in languages():
        if not (place := files("templates") / language / folder).is_dir():
            continue
        for path in texts(place):
            for line in _STATEMENT.sub("\n", path.read_text("utf-8")).splitlines():
                for form in _forms(line):
                    for part in _BEHIND_A_SENTENCE.split(form):
                        yield from _parted(part)


def _forms(line: str) -> list[str]:
    """The line with each of the words that a tag may say, or as a fact where the tag says none by itself."""
    forms = [""]
    rest = 0
    for tag in _FACT.finditer(line):
        said = [one for one in _SAID.findall(tag[1]) if _WORD.search(one)] if "|" not in tag[1] or "phone" in tag[1] else []
        said = [*said, "\0"] if "if" in tag[1].split() or not said else said
        forms = [f"{form}{line[rest : tag.start()]}{word}" for form in forms for word in said]
        rest = tag.end()
    return [form + line[rest:] for form in forms]


def _parted(sentence: str) -> Iterator[_Sentence]:
    """Give the sentence, if it begins with words of ours and what it ends with can be told from what follows."""
    *before, last = (tuple(_WORD.findall(piece.casefold())) for piece in sentence.split("\0"))
    pieces = tuple(piece for piece in (*before, last) if piece)
    ends_open = bool(before) and not last
    begins_open = bool(before) and not before[0]
    is_sure = sum(map(len, pieces)) > 1 or (len(pieces) == 1 and (ends_open or pieces == _GREETING))
    if pieces and not begins_open and is_sure and (not ends_open or sentence.rstrip().endswith(".")):
        yield _Sentence(pieces, ends_open)
