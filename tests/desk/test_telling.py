"""Where a telling word stands first: the same place as if every word were looked at in turn."""

import time

import pytest

from intake.classification.folding import fold
from intake.classification.telling import _first_of, _first_places
from intake.classification.weighing import LONGEST_WORD, pattern_of_words

TEXTS = (
    "That cat sat at the gate. At last!",
    "No!! Never? no",
    f"{'a' * 40} aa {'a' * 29} a",
    "Moved m o v e d, unmoved; moved2 2moved moved_on _moved",
    "Café cafés: der Fuß £20 \U0001f600\U0001f600 caf",
    "",
)


def by_looking_at_each(text: str) -> dict[str, tuple[int, int]]:
    first: dict[str, tuple[int, int]] = {}
    for match in pattern_of_words(text).finditer(text):
        first.setdefault(match[0][:LONGEST_WORD], match.span())
    return first


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("subject", ["", "A cat is moved, no?"])
def test_a_word_within_another_is_not_the_word(text: str, subject: str) -> None:
    body, heading = fold(text), fold(subject)
    stands = {word: (True, *place) for word, place in by_looking_at_each(heading.text).items()}
    stands |= {word: (False, *place) for word, place in by_looking_at_each(body.text).items()}
    assert _first_places(stands, heading, body) == stands
    assert "unheardof" not in _first_places({"unheardof"}, heading, body)


def test_within_a_word_without_end_no_place_is_looked_at_twice() -> None:
    """Each of its 60,000 places would be matched as far as the word goes."""
    text = "son" * 60_000 + " my son"
    began = time.process_time()

    assert _first_of("son", text, pattern_of_words(text)) == (180_004, 180_007)
    assert time.process_time() - began < 1
