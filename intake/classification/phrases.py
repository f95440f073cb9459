"""Phrases of the word lists, found in time that grows with the text's length.

A phrase is words; `word*` is any ending, `(one|other)` a choice, `(this)?` may be missing (not at the beginning), ` ... `
at most 50 characters of the same sentence. A phrase is only looked at in a text that has its rarest word, and only tried where
its first word stands with all others, where it is short soon after: of three thousand a letter a hundred remain.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

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

    __slots__ = ("_pattern", "needs", "number", "rule", "stems", "whole", "words")

    def __init__(self, number: int, words: str, rule: Rule) -> None:
        self.number, self.words, self.rule = number, words, rule
        self.whole = frozenset(first for first in _first_words(words) if not first.endswith("*"))
        self.stems = tuple(dict.fromkeys(first[:-1] for first in _first_words(words) if first.endswith("*")))
        self.needs = _needs(words)
        self._pattern: re.Pattern[str] | None = None

    @property
    def first(self) -> frozenset[str]:
        """What a text has where one of its first words stands."""
        return self.whole.union(_stem_of(stem) for stem in self.stems)

    def may_stand_in(self, keys: Set[str]) -> bool:
        """Whether a text of words with these keys can hold it: of each of its pieces one."""
        for need in self.needs:  # noqa: SIM110  # the loop that all reading hangs on: any() takes twice as long
            if keys.isdisjoint(need):
                return False
        return True

    def match(self, text: str, start: int) -> re.Match[str] | None:
        if self._pattern is None:
            self._pattern = re.compile(_pattern(self.words))
        return self._pattern.match(text, start)


class Phrasebook:
    """All phrases, each filed under the piece of it that the fewest others share: most are never looked at."""

    def __init__(self, phrases: Iterable[tuple[str, Rule]]) -> None:
        made = [_Phrase(number, words, rule) for number, (words, rule) in enumerate(phrases)]
        common = Counter(key for phrase in made for keys in (phrase.first, *phrase.needs) for key in keys)
        self._filed: dict[str, list[_Phrase]] = defaultdict(list)
        for phrase in made:
            for key in min((phrase.first, *phrase.needs), key=lambda keys: sum(common[key] for key in keys)):
                self._filed[key].append(phrase)

    def hits(self, folded: Folded) -> list[Hit]:
        """Each rule's matches, in the text's order."""
        text = folded.text
        whole, stems = _places(text)
        keys = ANYTHING.union(*(_keys(letters) for letters in _PLAIN_WORD.findall(text)))
        found = []
        for phrase in self._that_may_stand(keys | whole.keys() | stems.keys()):
            if not phrase.may_stand_in(keys):
                continue
            firsts = [(False, letters) for letters in phrase.whole & whole.keys()]
            for stem in phrase.stems:
                firsts += [(True, letters) for letters in stems.get(_stem_of(stem), ()) if letters.startswith(stem)]
            for is_stem, letters in firsts:
                matches = [match for start in whole[letters] if (match := phrase.match(text, start))]
                found += [(match.start(), is_stem, phrase.number, match.end(), phrase.rule) for match in matches]
        return [Hit(rule, start, end) for start, _, _, end, rule in sorted(found, key=itemgetter(0, 1, 2))]

    def _that_may_stand(self, keys: Set[str]) -> Iterable[_Phrase]:
        """The phrases of which the rarest piece stands there, each once."""
        filed = self._filed
        return {phrase.number: phrase for key in filed.keys() & keys for phrase in filed[key]}.values()


def _places(text: str) -> tuple[dict[str, list[int]], dict[str, list[str]]]:
    """Where each word of a text begins (under `#` all numbers), and its words by how they begin."""
    whole: dict[str, list[int]] = defaultdict(list)
    for word in _WORD.finditer(text):
        letters = word[0]
        whole["#" if letters[0].isdigit() else letters].append(word.start())
    stems: dict[str, list[str]] = defaultdict(list)
    for letters in whole:
        stems[_stem_of(letters)].append(letters)
    return whole, stems


def _stem_of(letters: str) -> str:
    """The key for how a word begins."""
    return f"{letters[:_SHORTEST_STEM]}*"


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
    return word, _stem_of(word)


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
