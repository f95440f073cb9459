"""Phrases of the word lists, found in time that grows with the text's length.

A phrase is words; `word*` is any ending, `(one|other)` a choice, `(this)?` may be missing (not at the beginning), ` ... `
at most 50 characters of the same sentence. A phrase is only tried where its first word stands.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.classification.folding import Folded

# Vowel signs of Arabic and Indian scripts are no word characters to `re`, and are to everyone else.
_LETTER = r"[\w\u064b-\u065f\u0900-\u0dff]"
_WORD = re.compile(f"{_LETTER}+")
_BETWEEN = r"[\s\-–—/,.&\"“”*_]{1,4}"
_GAP = r"(?!\w)[^.!?\n]{0,50}?(?<!\w)"
_SYMBOLS = {"(": "(?:", "*": _LETTER + "{0,20}", " ": _BETWEEN, "-": r"\W{0,3}"}
_SHORTEST_STEM = 3


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

    __slots__ = ("_pattern", "rule", "words")

    def __init__(self, words: str, rule: Rule) -> None:
        self.words, self.rule = words, rule
        self._pattern: re.Pattern[str] | None = None

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
        for word in _WORD.finditer(text):
            start, letters = word.start(), word[0]
            candidates = [*self._whole.get("#" if letters[0].isdigit() else letters, ())]
            stems = self._stems.get(letters[:_SHORTEST_STEM], ())
            candidates += [phrase for stem, phrase in stems if letters.startswith(stem)]
            for phrase in candidates:
                if match := phrase.match(text, start):
                    yield Hit(phrase.rule, start, match.end())


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


def _split(phrase: str, separator: str) -> list[str]:
    """Split at the separators that stand in no choice."""
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
