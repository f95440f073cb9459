"""How hard a text is to read: sentences, syllables, and the school grade that Flesch and Kincaid give it."""

import re
from collections.abc import Iterator

_DATE = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2} (?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)(?: \d{4})?(?: at \d{1,2}(?::\d\d)?[ap]m)?"
)
_NUMBER = re.compile(r"\+?\d[\d ]{2,}\d|\b\d+\b")
_WORD = re.compile(r"[A-Za-z']+")


def own_words(text: str) -> str:
    """The text with each date, phone number and reference as one plain word: what is ours to make plain."""
    text = re.sub("\u2066[^\u2069]*\u2069", "this", text)
    text = _DATE.sub("Monday", text)
    text = re.sub(r"(?m)^\s*(?:-|\d+\.) ", "", text)
    return _NUMBER.sub("ten", text)


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence; a line ends one."""
    for sentence in re.split(r"[.!?\n]+", own_words(text)):
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
