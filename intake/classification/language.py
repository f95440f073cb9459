"""A guess at the language, so that a person who reads it is found: scripts first, then small words."""

import tomllib
from collections import Counter
from functools import cache
from importlib import resources

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
_FEWEST = 2
_MANY = 400


@cache
def _small_words() -> dict[str, frozenset[str]]:
    text = resources.files("intake.classification").joinpath("words", "languages.toml").read_text("utf-8")
    return {language: frozenset(words.split()) for language, words in tomllib.loads(text).items()}


def language_of(*texts: Folded) -> str:
    """Return an ISO 639-1 code, empty when it can't be told. One too short to tell is English if it's plain ASCII."""
    text = " ".join(each.text for each in texts)[:20_000]
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return "en" if not text.strip() else ""
    foreign = sum(character > "\u024f" for character in letters)
    if foreign > len(letters) / 3:
        return _by_script(text)
    words = text.split()[:_MANY]
    counts = Counter(
        {language: sum(word.strip('.,!?:;"()') in known for word in words) for language, known in _small_words().items()}
    )
    (best, most), (_, second) = counts.most_common(2)
    if most < _FEWEST or (most == second and best != "en"):
        return "en" if text.isascii() and counts["en"] >= most else ""
    return best


def _by_script(text: str) -> str:
    present = Counter(text)
    for language, letters in _SCRIPTS:
        if sum(present[letter] for letter in letters) >= (1 if language in {"ur", "uk"} else _FEWEST):
            return language
    return ""
