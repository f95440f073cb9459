"""Phrases of the word lists, found in time that grows with the text's length.

A phrase is words; `word*` is any ending, `(one|other)` a choice, `(this)?` may be missing, ` ... ` at most 50 characters of the
same sentence. Accents count for nothing, nor which of two kin letters of Arabic is written: on a phone they are left out. Chinese
and Japanese put no space between words: there a phrase stands wherever its signs stand.

A phrase is only tried where its first two words stand; one that is a single word, or has a gap after the first, where that
stands, in a text that has all its other pieces.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from intake.classification.folding import Folded

# Vowel signs of Arabic and Indian scripts are no word characters to `re`, and are to everyone else.
_LETTER = r"[\w\u064b-\u065f\u0900-\u0dff]"
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff]"
_HAS_IDEOGRAPH = re.compile(_IDEOGRAPH)
_WORD = re.compile(f"{_IDEOGRAPH}|(?:(?!_|{_IDEOGRAPH}){_LETTER})+")
"""A word; an ideograph is one by itself."""
_PLAIN_WORD = re.compile("[a-z0-9]+")
_BETWEEN = r"[\s\-/,.&\"*_]{1,4}"
_ACCENTED = [*map(chr, (*range(0xC0, 0x250), *range(0x386, 0x3CF), *range(0x1E00, 0x1F00))), "ё"]
_MARKS = str.maketrans("–—“”", '--""')
_KIN = {"اأإآٱ": "ا", "ىیې": "ي", "ک": "ك", "ةە": "ه", "ł": "l", "đ": "d", "ø": "o", "ı": "i"}
_PLAIN = (
    _MARKS
    | {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in _ACCENTED}
    | {ord(letter): kin for letters, kin in _KIN.items() for letter in letters}
)
"""Letters without their accents, and marks as their plain kin: in a pattern these would make it take twice as long to compile."""
_GAP = r"(?!\w)[^.!?\n]{0,50}?(?<!\w)"
_GAP_OF_IDEOGRAPHS = "[^.!?。！？\n]{0,15}?"
_SYMBOLS = {"(": "(?:", "*": _LETTER + "{0,20}", " ": _BETWEEN, "-": r"\W{0,3}"}
_CHOICE = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_SHORTEST_STEM = 3
_NUMBER = "#"
_UNCERTAIN = ""
"""The key of what may be any word."""
_MANY_PAIRS = 80
"""Of a phrase that can begin with more pairs of words than that, only the first word is filed."""
_REMEMBERED = 20_000
"""Words of which it is kept what begins with them: a language has not many more, and inventing them does not fill the memory."""


@dataclass(frozen=True)
class Rule:
    """Words that show one thing, how strongly, and on whose authority."""

    name: str
    field: str
    value: str
    weight: int
    source: str
    counts_accents: bool = False
    """Whether a letter with an accent is another letter than one without: to an English list a Turkish "gün" is no gun."""


class Hit(NamedTuple):
    """A rule that matched: where in the folded text."""

    rule: Rule
    start: int
    end: int


class _Phrase:
    """One phrase; its pattern, and what it needs, are made when it is first tried, since most never are."""

    def __init__(self, number: int, words: str, rule: Rule) -> None:
        self.number, self.words, self.rule = number, words, rule
        begins = _beginnings(_split(words, " "), 2)
        if len(begins) > _MANY_PAIRS:
            begins = {(first, _UNCERTAIN) for first, _ in begins}
        if any(first == _UNCERTAIN for first, *_ in begins):
            raise ValueError(f"a phrase must begin with words, or with three letters of one: {words!r}")
        self.begins = {two for two in begins if _UNCERTAIN not in two}
        """The keys of two neighbours, of which a text has one pair where this begins, or else:"""
        self.alone = frozenset(first for first, second in begins if second == _UNCERTAIN)
        """the keys of a word that may be followed by any other."""

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """For each of its pieces, the keys of which a text that holds it has one."""
        return _needs(self.words)

    @cached_property
    def needs_later(self) -> tuple[frozenset[str], ...]:
        """The same of the pieces after the two that it is found by."""
        return _needs(self.words, since=2)

    @cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        return re.compile(_pattern(self.words)).match


class _Word(NamedTuple):
    """What a word is looked for by, which phrases begin with it alone, and which with it and a second word, by that one's key."""

    keys: tuple[str, ...]
    alone: list[_Phrase]
    before: dict[str, list[_Phrase]]


class Phrasebook:
    """All phrases, each filed under how it begins: by its first two words where these are certain, else by its first."""

    def __init__(self, phrases: Iterable[tuple[str, Rule]]) -> None:
        self._phrases = tuple(phrases)
        self._of: dict[str, Phrasebook] = {}
        self._by_two_words: dict[str, dict[str, list[_Phrase]]] = {}
        self._by_one: dict[str, list[_Phrase]] = {}
        self._words: dict[str, _Word] = {}
        for number, (words, rule) in enumerate(self._phrases):
            phrase = _Phrase(number, words.translate(_PLAIN), rule)
            for first, second in phrase.begins:
                self._by_two_words.setdefault(first, {}).setdefault(second, []).append(phrase)
            for first in phrase.alone:
                self._by_one.setdefault(first, []).append(phrase)
        self._first = self._by_two_words.keys() | self._by_one.keys()

    def of(self, field: str) -> "Phrasebook":
        """The phrases of one field: their hits are those of the whole book that are of this field, and sooner found."""
        if field not in self._of:
            self._of[field] = Phrasebook(pair for pair in self._phrases if pair[1].field == field)
        return self._of[field]

    def hits(self, folded: Folded) -> list[Hit]:
        """Each rule's matches, in the text's order."""
        text = folded.text if folded.text.isascii() else folded.text.translate(_PLAIN)
        forms = {False: text, True: text if text is folded.text else folded.text.translate(_MARKS)}
        places = [(match[0], match.start()) for match in (_PLAIN_WORD if text.isascii() else _WORD).finditer(text)]
        words = {word: self._words.get(word) or self._word(word) for word, _ in places}
        keys = set[str]().union(*[word.keys for word in words.values()])
        is_missing = keys.isdisjoint
        alone = {
            name: may_stand
            for name, word in words.items()
            if word.alone and (may_stand := [one for one in word.alone if not any(map(is_missing, one.needs))])
        }
        found = {}
        for (word, start), (following, _) in pairwise([*places, ("", 0)]):
            if word in alone:
                for phrase in alone[word]:
                    if match := phrase.match(forms[phrase.rule.counts_accents], start):
                        found[start, phrase.number] = Hit(phrase.rule, start, match.end())
            if (before := words[word].before) and following:
                for key in words[following].keys:
                    for phrase in before.get(key, ()):
                        if any(map(is_missing, phrase.needs_later)):
                            continue
                        if match := phrase.match(forms[phrase.rule.counts_accents], start):
                            found[start, phrase.number] = Hit(phrase.rule, start, match.end())
        return [found[place] for place in sorted(found)]

    def _word(self, word: str) -> _Word:
        keys = _keys(word)
        if self._first.isdisjoint(keys):  # as most words, and all of what is no language
            return self._remember(word, _Word(keys, [], {}))
        of_keys = [filed for key in keys if (filed := self._by_two_words.get(key))]
        before = of_keys[0] if len(of_keys) == 1 else {}  # of a number what any number has
        for of_key in of_keys if len(of_keys) > 1 else ():
            for second, phrases in of_key.items():
                before[second] = before.get(second, []) + phrases
        return self._remember(word, _Word(keys, [phrase for key in keys for phrase in self._by_one.get(key, ())], before))

    def _remember(self, word: str, known: _Word) -> _Word:
        if len(self._words) < _REMEMBERED:
            self._words[word] = known
        return known


def _keys(word: str) -> tuple[str, ...]:
    """What a word is looked for by: itself, how it begins, and whether it begins with a digit."""
    return (word, _stem_of(word), _NUMBER) if word[0].isdigit() else (word, _stem_of(word))


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
            between = _GAP_OF_IDEOGRAPHS if _HAS_IDEOGRAPH.match(phrase) else _GAP
        elif piece.endswith(")?"):
            out += f"(?:{_BETWEEN}{_piece(piece[:-1])})?"
        else:
            out += between + _piece(piece)
            between = _BETWEEN
    return out if _HAS_IDEOGRAPH.match(phrase) else f"{out}(?!{_LETTER})"


def _beginnings(pieces: list[str], most: int) -> set[tuple[str, ...]]:
    """The keys of the words that a phrase of these pieces can begin with, as far as they are certain; at most so many."""
    if most == 0:
        return {()}
    if not pieces or pieces[0] == "...":
        return {(_UNCERTAIN,)}
    piece, rest = pieces[0], pieces[1:]
    begins = _beginnings(rest, most) if piece.endswith(")?") else set()
    after = _beginnings(rest, most - 1)
    for option in _options(piece.removesuffix("?")):
        if key := _key_of(option):
            begins |= {(key, *others) for others in after}
        elif " " in option:
            begins |= _beginnings(_split(option, " ") + rest, most)
        elif "-" in option:
            for words in (option.split("-"), [option.replace("-", "")]):
                begins |= _beginnings(words + rest, most)
        else:
            begins.add((_UNCERTAIN,))
    return begins


def _needs(phrase: str, since: int = 0) -> tuple[frozenset[str], ...]:
    """For each piece that must be there, the keys of which one must stand in the text; the fewest first.

    A first word needs none: the phrase is found by it. Nor do the pieces before number `since`.
    """
    needs = set()
    for number, piece in enumerate(_split(phrase, " ")):
        if number < since:
            continue
        if number == 0 and not any(" " in option for option in _options(piece)):
            continue
        keys = [[key for word in _split(option, " ") if (key := _key_of(word))] for option in _options(piece)]
        if all(keys):
            needs.add(frozenset(found[-1] for found in keys))
    return tuple(sorted(needs, key=len))


@lru_cache(maxsize=20_000)
def _key_of(word: str) -> str:
    """The key that any text has where this word of a phrase matches; empty where none is certain."""
    if word[0].isdigit() or word.startswith(r"\d"):
        return _NUMBER
    if _HAS_IDEOGRAPH.match(word):
        return word[0]
    if _WORD.fullmatch(word):
        return word
    is_stem = word.endswith("*") and len(word) > _SHORTEST_STEM and _WORD.fullmatch(word[:-1])
    return _stem_of(word) if is_stem else _UNCERTAIN


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
