"""How hard a text is to read: its sentences, the school grade that Flesch and Kincaid give it, what is hard in it. Pure.

A British reader's age is about the grade plus five. Such formulae help to find what to mend, and prove nothing
(people-and-safety.md §1.3): whom the words are for must read them too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SENTENCE = 15
"""Words in a sentence."""
HARDEST_GRADE = 5.0
HARD_SYLLABLES = 3
ENOUGH_WORDS = 8
"""Below this the formula says nothing."""

_DATE = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2} (?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)(?: \d{4})?(?: at \d{1,2}(?::\d\d)?[ap]m)?"
)
_NUMBER = re.compile(r"\+?\d[\d ]{2,}\d|\b\d+\b")
_MARK = re.compile(r"(?m)^\s*(?:-|\d+\.) ")
_ISOLATED = re.compile("\u2066[^\u2069]*\u2069")
_ADDRESS = re.compile(r"https?://\S+?(?=[.,;:)]?(?:\s|$))|\S+@\S+\.\w+")
_WORD = re.compile(r"[A-Za-z']+")
_END = re.compile(r"[.!?\n]+")
_WHOLE = re.compile(r"[^.!?\n]*(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
KNOWN_LONG = frozenset(
    {"advocate", "manager", "ombudsman", "computer", "family", "photo", "video", "saturday", "january", "february"}
    | {"september", "october", "november", "december"}
)
"""Long words that people know, or that we explain where we use them."""


@dataclass(frozen=True)
class Hard:
    """A sentence that is hard to read, and why."""

    sentence: str
    why: str


@dataclass(frozen=True)
class Readability:
    """How a text reads."""

    words: int
    sentences: int
    grade: float
    hard: tuple[Hard, ...]

    @property
    def age(self) -> int:
        """About how old a reader must be."""
        return max(5, round(self.grade + 5))

    @property
    def is_plain(self) -> bool:
        """Whether it passes: no hard sentence, and a grade of five or less."""
        return not self.hard and self.grade <= HARDEST_GRADE


def read(text: str) -> Readability:
    """How a text reads as a whole, with each hard sentence in its own words."""
    every = list(sentences(text))
    return Readability(sum(map(len, every)), len(every), grade(text) if every else 0.0, tuple(_hard_ones(text)))


def _hard_ones(text: str) -> Iterator[Hard]:
    for line in _MARK.sub("", text).split("\n"):
        for found in _WHOLE.findall(line):
            words = [word for sentence in sentences(found) for word in sentence]
            long = [word for word in words if syllables(word) >= HARD_SYLLABLES and word.lower() not in KNOWN_LONG]
            if len(words) > LONGEST_SENTENCE:
                yield Hard(found.strip(), f"{len(words)} words; at most {LONGEST_SENTENCE} are easy to follow")
            elif len(long) > 1:
                yield Hard(found.strip(), f"long words: {', '.join(dict.fromkeys(long))}")


def own_words(text: str) -> str:
    """The text with each date, number, reference and address as one plain word: what is ours to make plain."""
    text = _ADDRESS.sub("this", _ISOLATED.sub("this", text))
    text = _DATE.sub("Monday", text)
    text = _MARK.sub("", text)
    return _NUMBER.sub("ten", text)


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence; a line ends one."""
    for sentence in _END.split(own_words(text)):
        words = _WORD.findall(sentence)
        if words:
            yield words


def syllables(word: str) -> int:
    """Groups of vowels, without the silent e."""
    word = word.lower().replace("'", "")
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    return max(groups, 1)


def words_of(text: str) -> list[str]:
    return [word for sentence in sentences(text) for word in sentence]


def grade(text: str) -> float:
    """Flesch-Kincaid: a British reader's age is about five more."""
    all_words = words_of(text)
    return 0.39 * len(all_words) / len(list(sentences(text))) + 11.8 * sum(map(syllables, all_words)) / len(all_words) - 15.59
