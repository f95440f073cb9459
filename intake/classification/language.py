"""A guess at the language, so that a person who reads it is found: scripts first, then small words."""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from operator import itemgetter

from intake.classification.folding import Folded

_SCRIPTS = (
    ("ur", "ٹڈڑںےہ"),
    ("fa", "پچژگ"),
    ("ar", "ابتثجحخدذرزسشصضطظعغفقكلمنهويةأإىء"),
    ("uk", "іїєґ"),
    ("ru", "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    ("pa", "ਅਆਇਈਉਊਏਐਓਔਕਖਗਘਙਚਛਜਝਞਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵਸਹਾਿੀ"),
    ("bn", "অআইঈউঊএঐওঔকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহািী"),
    ("hi", "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािी"),
    ("ta", "அஆஇஈஉஊஎஏஐஒஓகஙசஞடணதநபமயரலவழளறனாிீ"),
    ("el", "αβγδεζηθικλμνξοπρστυφχψω"),
    ("zh", "的一是不了人我在有他这"),
)
_LATIN, _NO_LATIN = re.compile("[\0-\u024f]+"), re.compile("[^\0-\u024f]+")
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
    present = Counter(text)
    for language, letters in _SCRIPTS:
        if sum(present[letter] for letter in letters) >= (1 if language in {"ur", "uk"} else _FEWEST):
            return language
    return ""
