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
_ASKED = {"role": "complainant", "matter": "procedure"}
SOURCE = "learned from labelled messages (docs/classification.md); labelling guide"


def reasons_by_weight(shown: Listed, settled: Settled, weighed: Weighed) -> list[Reason]:
    """Return a reason for each conclusion that the weights drew: its most telling words, or none where only the whole tells."""
    labels = [_label(field, value, settled, weighed) for field, value in settled.by_weight]
    telling = [weighed.telling(*label, _MOST) for label in labels]
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
        scores = weighed.of("procedure")
        return "procedure", max(scores, key=lambda name: scores[name])
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
        found = pattern.match(text, start)
        if found and found[0][:LONGEST_WORD] == word and not _goes_on(text, start, pattern):
            return found.span()
        start = text.find(word, start + 1)
    return None


def _goes_on(text: str, start: int, pattern: re.Pattern[str]) -> bool:
    """Whether the word that stands at `start` began before it."""
    before = pattern.match(text, start - 1) if start else None
    return before is not None and before.end() > start
