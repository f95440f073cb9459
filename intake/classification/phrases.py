"""Phrases of the word lists, found in time that grows with the text's length.

A phrase is words; `word*` is any ending, `(one|other)` a choice, `(this)?` may be missing (not at the beginning), ` ... `
at most 50 characters of the same sentence. A phrase is only tried where its first word stands, in a text that has its other
words, and, where it is short, soon after: of three thousand tries a letter a hundred remain, and most patterns are never made.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from intake.classification.folding import Folded

# Vowel signs of Arabic and Indian scripts are no word characters to `re`, and are to everyone else.
_LETTER = r"[\w\u064b-\u065f\u0900-\u0dff]"
_WORD = re.compile(f"{_LETTER}+")
_PLAIN_WORD = re.compile("[a-z0-9]+")
_BETWEEN = r"[\s\-–—/,.&\"“”*_]{1,4}"
_GAP = r"(?!\w)[^.!?\n]{0,50}?(?<!\w)"
_SYMBOLS = {"(": "(?:", "*": _LETTER + "{0,20}", " ": _BETWEEN, "-": r"\W{0,3}"}
_CHOICE = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_SHORTEST_STEM = 3
ANYTHING = frozenset({""})
"""The key that every text has."""
_NEAR = 12
"""Words after its first among which all of a short phrase must stand."""


@dataclass(frozen=True)
class Rule:
    """Words that show one thing, how strongly, and on whose authority."""

    name: str
    field: str
    value: str
    weight: int
    source: str


@dataclass(frozen=True)
class Hit:
    """A rule that matched: where in the folded text."""

    rule: Rule
    start: int
    end: int


class _Phrase:
    """One phrase; its pattern is made when its first word is first met, since most are never met."""

    __slots__ = ("_pattern", "is_short", "needs", "rarest", "rule", "words")

    def __init__(self, words: str, rule: Rule) -> None:
        self.words, self.rule = words, rule
        self.rarest, *self.needs = _needs(words) or (ANYTHING,)
        self.is_short = "..." not in words and _most_words(words) <= _NEAR
        self._pattern: re.Pattern[str] | None = None

    def may_stand_in(self, keys: Set[str]) -> bool:
        """Whether a text of words with these keys can hold it: of each of its pieces but the rarest one."""
        for need in self.needs:  # noqa: SIM110  # the loop that all reading hangs on: any() takes twice as long
            if keys.isdisjoint(need):
                return False
        return True

    def match(self, text: str, start: int) -> re.Match[str] | None:
        if self._pattern is None:
            self._pattern = re.compile(_pattern(self.words))
        return self._pattern.match(text, start)


class Phrasebook:
    """All phrases, filed under the words they begin with."""

    def __init__(self, phrases: Iterable[tuple[str, Rule]]) -> None:
        self._whole: dict[str, list[_Phrase]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, _Phrase]]] = defaultdict(list)
        for words, rule in phrases:
            phrase = _Phrase(words, rule)
            for key in dict.fromkeys(_first_words(words)):
                if key.endswith("*"):
                    self._stems[key[:_SHORTEST_STEM]].append((key[:-1], phrase))
                else:
                    self._whole[key].append(phrase)

    def hits(self, folded: Folded) -> Iterator[Hit]:
        """Yield each rule's matches, in the text's order."""
        text = folded.text
        plain = [(word.start(), word[0]) for word in _PLAIN_WORD.finditer(text)]
        starts, keys = [start for start, _ in plain], [_keys(letters) for _, letters in plain]
        everywhere = ANYTHING.union(*keys)
        tried: dict[str, list[_Phrase]] = {}
        for word in _WORD.finditer(text):
            letters, start = word[0], word.start()
            if letters not in tried:
                tried[letters] = [
                    phrase
                    for phrase in self._beginning(letters)
                    if not everywhere.isdisjoint(phrase.rarest) and phrase.may_stand_in(everywhere)
                ]
            if not tried[letters]:
                continue
            first = bisect_left(starts, start)
            near = ANYTHING.union(*keys[first : first + _NEAR])
            for phrase in tried[letters]:
                if phrase.is_short and (near.isdisjoint(phrase.rarest) or not phrase.may_stand_in(near)):
                    continue
                if match := phrase.match(text, start):
                    yield Hit(phrase.rule, start, match.end())

    def _beginning(self, letters: str) -> list[_Phrase]:
        """The phrases that may begin with this word."""
        stems = self._stems.get(letters[:_SHORTEST_STEM], ())
        whole = self._whole.get("#" if letters[0].isdigit() else letters, ())
        return [*whole, *(phrase for stem, phrase in stems if letters.startswith(stem))]


def _pattern(phrase: str) -> str:
    """Return a phrase as a regular expression without unbounded runs."""
    first, *rest = _split(phrase, " ")
    out = f"(?:{_piece(first[:-1])}{_BETWEEN})?" if first.endswith(")?") else _piece(first)
    if first.endswith(")?"):
        out, rest = out + _piece(rest[0]), rest[1:]
    between = _BETWEEN
    for piece in rest:
        if piece == "...":
            between = _GAP
        elif piece.endswith(")?"):
            out += f"(?:{_BETWEEN}{_piece(piece[:-1])})?"
        else:
            out += between + _piece(piece)
            between = _BETWEEN
    return f"{out}(?!{_LETTER})"


@lru_cache(maxsize=20_000)
def _keys(word: str) -> tuple[str, str]:
    """What a plain word is looked for by: itself, and how it begins."""
    return word, f"{word[:_SHORTEST_STEM]}*"


def _needs(phrase: str) -> tuple[frozenset[str], ...]:
    """For each piece that must be there, the keys of which one must stand in the text; the fewest first.

    A first word needs none: the phrase is found by it.
    """
    needs = set()
    for number, piece in enumerate(_split(phrase, " ")):
        if number == 0 and not any(" " in option for option in _options(piece)):
            continue
        keys = [[key for word in _split(option, " ") if (key := _key_of(word))] for option in _options(piece)]
        if all(keys):
            needs.add(frozenset(found[-1] for found in keys))
    return tuple(sorted(needs, key=len))


def _key_of(word: str) -> str:
    """The key that any text has where this word of a phrase matches; empty where none is certain."""
    if _PLAIN_WORD.fullmatch(word):
        return word
    begins = _PLAIN_WORD.match(word)
    is_stem = begins and len(begins[0]) >= _SHORTEST_STEM and word[begins.end()] in "*-"
    return f"{word[:_SHORTEST_STEM]}*" if is_stem else ""


def _most_words(phrase: str) -> int:
    """Into how many plain words what matches a phrase without a gap can fall. The ending of a stem may be foreign letters."""
    choices = [_options(piece.removesuffix("?")) for piece in _split(phrase, " ")]
    return sum(max(len(_PLAIN_WORD.findall(option)) + 10 * option.count("*") for option in options) for options in choices)


def _options(piece: str) -> list[str]:
    """What a piece may be: each of a choice, or itself."""
    if not _CHOICE.fullmatch(piece):
        return [piece]
    return _split(piece[1:-1], "|")


def _split(phrase: str, separator: str) -> list[str]:
    """Split at the separators that stand in no choice."""
    if "(" not in phrase:
        return phrase.split(separator)
    pieces, depth = [""], 0
    for symbol in phrase:
        depth += (symbol == "(") - (symbol == ")")
        if symbol == separator and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += symbol
    if depth:
        raise ValueError(f"a choice is not closed: {phrase!r}")
    return pieces


def _piece(token: str) -> str:
    return "".join(_SYMBOLS.get(symbol, symbol) for symbol in token)


def _first_words(phrase: str) -> list[str]:
    """Return the words a phrase may begin with; a stem keeps its asterisk, `#` stands for any number."""
    first, *rest = _split(phrase, " ")
    may_be_missing = first.endswith(")?")
    options = _split(first.removesuffix("?")[1:-1], "|") if first.startswith("(") else [first]
    words = [
        "#" if option.startswith(r"\d") or option[0].isdigit() else re.split(r"[ -]", option, maxsplit=1)[0] for option in options
    ]
    if not all(word == "#" or _WORD.fullmatch(word.removesuffix("*")) for word in words):
        raise ValueError(f"a phrase must begin with words: {phrase!r}")
    return words + (_first_words(" ".join(rest)) if may_be_missing else [])
