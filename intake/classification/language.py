"""A guess at the language, so that a person who reads it is found: scripts first, then small words."""

import re
import tomllib
from functools import cache
from importlib import resources
from operator import itemgetter

from intake.classification.folding import Folded

_SCRIPTS = tuple(
    (language, re.compile(letters), fewest)
    for language, letters, fewest in (
        ("ckb", "[ێۆڵڕڤ\u06d5]", 2),
        ("ps", "[ښځڅډړټڼۍې]", 1),
        ("ur", "[ٹڈڑںےہ]", 1),
        ("fa", "[پچژگیک]", 2),
        ("ar", "[\u0621-\u064a]", 2),
        ("uk", "[іїєґ]", 1),
        ("ru", "[ыэё]", 1),
        ("bg", "ъ", 1),
        ("ru", "[а-я]", 2),
        ("pa", "[\u0a00-\u0a7f]", 2),
        ("bn", "[\u0980-\u09ff]", 2),
        ("hi", "[\u0900-\u097f]", 2),
        ("gu", "[\u0a80-\u0aff]", 2),
        ("ta", "[\u0b80-\u0bff]", 2),
        ("te", "[\u0c00-\u0c7f]", 2),
        ("ml", "[\u0d00-\u0d7f]", 2),
        ("si", "[\u0d80-\u0dff]", 2),
        ("el", "[α-ω]", 2),
        ("ti", "[ኣቐቑቓቕኸኹኻኽሓ]", 1),
        ("am", "[\u1200-\u137f]", 2),
        ("ja", "[\u3040-\u30ff]", 1),
        ("zh", "[\u3400-\u9fff]", 2),
        ("ko", "[\uac00-\ud7af]", 2),
        ("th", "[\u0e00-\u0e7f]", 2),
        ("he", "[\u05d0-\u05ea]", 2),
    )
)
"""Letters that tell a language, the surest first, and how many of them a text must have."""
_LATIN, _NO_LATIN = re.compile("[\0-\u024f\u1e00-\u1eff]+"), re.compile("[^\0-\u024f\u1e00-\u1eff]+")
_FEWEST = 2
_MANY = 400


@cache
def _small_words() -> dict[str, frozenset[str]]:
    text = resources.files("intake.classification").joinpath("words", "languages.toml").read_text("utf-8")
    return {language: frozenset(words.split()) for language, words in tomllib.loads(text).items()}


@cache
def _languages_of() -> dict[str, list[str]]:
    """Small word → the languages that have it."""
    languages: dict[str, list[str]] = {}
    for language, known in _small_words().items():
        for word in known:
            languages.setdefault(word, []).append(language)
    return languages


def language_of(*texts: Folded) -> str:
    """Return an ISO 639-1 code, empty when it can't be told. One too short to tell is English if it's plain ASCII."""
    text = " ".join(each.text for each in texts)[:20_000]
    if not any(map(str.isalpha, text)):
        return "en" if not text.strip() else ""
    if not text.isascii() and _is_mostly_foreign(text):
        return _by_script(text)
    counts = dict.fromkeys(_small_words(), 0)
    languages = _languages_of()
    for word in text.split()[:_MANY]:
        for language in languages.get(word.strip('.,!?:;"()'), ()):
            counts[language] += 1
    (best, most), (_, second) = sorted(counts.items(), key=itemgetter(1), reverse=True)[:2]
    if most < _FEWEST or (most == second and best != "en"):
        return "en" if text.isascii() and counts["en"] >= most else ""
    return best


def _is_mostly_foreign(text: str) -> bool:
    """Whether more than a third of the letters are of no Latin alphabet."""
    latin = sum(map(str.isalpha, _NO_LATIN.sub("", text)))
    return 2 * sum(map(str.isalpha, _LATIN.sub("", text))) > latin


def _by_script(text: str) -> str:
    return next((language for language, letters, fewest in _SCRIPTS if len(letters.findall(text)) >= fewest), "")
