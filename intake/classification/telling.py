"""The words that weighed most for a conclusion, where they stand, and what that weight comes from."""

from collections.abc import Iterable

from intake.classification.folding import Folded
from intake.classification.listed import Listed
from intake.classification.settling import ALARMS, Settled
from intake.classification.values import Reason
from intake.classification.weighing import LONGEST_WORD, WORD, Weighed
from procedures.terms import Risk

_MOST = 3
_ASKED = {"role": "complainant", "matter": "procedure"}
SOURCE = "learned from labelled messages (docs/classification.md); labelling guide"


def reasons_by_weight(shown: Listed, settled: Settled, weighed: Weighed) -> list[Reason]:
    """Return a reason for each conclusion that the weights drew: its most telling words, or none where only the whole tells."""
    found = []
    for field, value in settled.by_weight:
        label = _label(field, value, settled, weighed)
        words = weighed.telling(*label, _MOST)
        places = list(_places(words, shown.subject, shown.text)) or [("text", 0, 0)]
        found += [Reason(field, value, *place, f"learned:{label[0]}", SOURCE) for place in places]
    return found


def _label(field: str, value: str, settled: Settled, weighed: Weighed) -> tuple[str, str]:
    """Return which learned answer stands behind a conclusion."""
    if field == "risk":
        return "risk", "danger" if Risk(value) in ALARMS else value
    if field == "matter":
        scores = weighed.of("procedure")
        return "procedure", max(scores, key=lambda name: scores[name])
    return _ASKED.get(field, field), value


def _places(words: Iterable[str], subject: Folded, text: Folded) -> Iterable[tuple[str, int, int]]:
    """Return where each word stands first, in the text before the subject."""
    wanted = set(words)
    for place, folded in (("text", text), ("subject", subject)):
        for match in WORD.finditer(folded.text):
            if not wanted:
                return
            if (word := match[0][:LONGEST_WORD]) in wanted:
                wanted.discard(word)
                yield (place, *folded.span(match.start(), match.end()))
