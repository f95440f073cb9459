"""The words that weighed most for a conclusion, where they stand, and what that weight comes from."""

import re
from collections.abc import Collection

from intake.classification.folding import Folded
from intake.classification.listed import Listed
from intake.classification.settling import ALARMS, Settled
from intake.classification.values import Reason
from intake.classification.weighing import LONGEST_WORD, Weighed, pattern_of_words
from procedures.terms import Risk

_MOST = 3
_WORDS = """
a an the this that these those and or but nor so if then than as at by for from in into of off on onto out over to under up upon
with about after again all also am any are be because been before being both can cannot could did do does doing done dont down
each even ever few get got had has have having he hed her here hers hes him his how i id ill im is isnt it its ive just like
may me might more most much must my no not now nt one ones only other our own s same shall she shes should since some still
such t them theirs their there they theyre thing things too till until us very was we were weve what when where whether which
while who whom whose why will within would yes yet you your yours youre ! ? £
"""
_WORDS_OF_WHO_WRITES = "i id ill im ive me my our us we weve he her him his she their them they"
_LITTLE = frozenset(_WORDS.split())
"""Words of which every message is full: they may weigh something, and tell a reader nothing."""
_LITTLE_OF_WHO = _LITTLE - frozenset(_WORDS_OF_WHO_WRITES.split())
"""The same where it is asked who writes: there it tells whether somebody says "my" or "her"."""
_ASKED = {"role": "complainant", "matter": "procedure"}
SOURCE = "learned from labelled messages (docs/classification.md); labelling guide"


def reasons_by_weight(shown: Listed, settled: Settled, weighed: Weighed) -> list[Reason]:
    """Return a reason for each conclusion that the weights drew: its most telling words, or none where only the whole tells.

    Words of which every message is full stand there only where no other word tells.
    """
    labels = [_label(field, value, settled, weighed) for field, value in settled.by_weight]
    telling = [weighed.telling(*label, _MOST, _LITTLE_OF_WHO if label[0] == "complainant" else _LITTLE) for label in labels]
    first, found = _first_places({word for words in telling for word in words}, shown.subject, shown.text), []
    for (field, value), label, words in zip(settled.by_weight, labels, telling, strict=True):
        stands = sorted(first[word] for word in words)
        for in_subject, start, end in stands or [(False, 0, 0)]:
            folded = shown.subject if in_subject else shown.text
            place = ("subject" if in_subject else "text", *(folded.span(start, end) if stands else (0, 0)))
            found.append(Reason(field, value, *place, f"learned:{label[0]}", SOURCE))
    return found


def _label(field: str, value: str, settled: Settled, weighed: Weighed) -> tuple[str, str]:
    """Return which learned answer stands behind a conclusion."""
    if field == "risk":
        return "risk", "danger" if Risk(value) in ALARMS else value
    if field == "matter":
        return "procedure", weighed.procedure()
    return _ASKED.get(field, field), value


def _first_places(words: Collection[str], subject: Folded, text: Folded) -> dict[str, tuple[bool, int, int]]:
    """Return where each word stands first, in the text before the subject: whether in the subject, and from where to where."""
    places: dict[str, tuple[bool, int, int]] = {}
    for in_subject, folded in ((False, text), (True, subject)):
        pattern = pattern_of_words(folded.text)
        for word in words:
            if word not in places and (found := _first_of(word, folded.text, pattern)) is not None:
                places[word] = (in_subject, *found)
    return places


def _first_of(word: str, text: str, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """Return from where to where the first word stands that is this one: found by its letters, sooner than through all words."""
    start = text.find(word)
    while start >= 0:
        # In this order: within a word without end each match would be as long as what is left of it.
        if not _goes_on(text, start, pattern) and (found := pattern.match(text, start)) and found[0][:LONGEST_WORD] == word:
            return found.span()
        start = text.find(word, start + 1)
    return None


def _goes_on(text: str, start: int, pattern: re.Pattern[str]) -> bool:
    """Whether the word that stands at `start` began before it."""
    before = pattern.match(text, start - 1, start + LONGEST_WORD) if start else None
    return before is not None and before.end() > start
