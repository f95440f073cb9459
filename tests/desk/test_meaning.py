"""What words mean together, and how it is read back as it was learned."""

import numpy as np
import pytest

from bench.learning.learning import Told
from bench.learning.meant import Meant
from bench.learning.vectors import SIZE, pack
from bench.learning.vectors import unpack as unpack_vectors
from intake.classification import classify
from intake.classification.folding import fold
from intake.classification.meaning import learned_meaning, unpack
from intake.classification.weighing import learned, weigh

WORDS = ["bus", "late", "worker", "rude", "thanks", "kind", "money", "owed"]


def likeness(first: str, second: str) -> float:
    here, there = (learned_meaning().place_of(set(text.split())) for text in (first, second))
    assert here is not None
    assert there is not None
    return float(here @ there)


@pytest.mark.parametrize(
    ("told", "said_otherwise", "of_something_else"),
    [
        ("he punched my son", "she slapped her boy", "the bus pass was refused"),
        ("nobody phones me", "she never rings us", "the allowance is wrong"),
        ("thank you for your kindness", "we are so grateful", "the report names the wrong school"),
    ],
)
def test_messages_of_other_words_that_mean_the_same_stand_nearer(told: str, said_otherwise: str, of_something_else: str) -> None:
    assert likeness(told, said_otherwise) > likeness(told, of_something_else) + 0.1


def test_words_that_are_in_no_list_and_no_language_say_nothing() -> None:
    said = learned_meaning().scores({"qqxzv", "xqvvzz"})

    assert learned_meaning().place_of({"qqxzv", "xqvvzz"}) is None
    assert said == [0.0] * len(learned().labels)


def test_only_of_an_english_message_it_is_asked_what_its_words_mean() -> None:
    subject, text = fold(""), fold("my worker never rings and the money is late")
    english = weigh(learned(), subject, text, ["a:language=en"])
    other = weigh(learned(), subject, text, ["a:language=pl"])
    no_language = weigh(learned(), subject, text, [])

    by_sign = dict(zip(learned().labels, english.scores, strict=True))
    assert max(abs(by_sign[label] - no_language.scores[lane]) for lane, label in enumerate(learned().labels)) > 0.1
    assert all(abs(one - two) < 0.1 for one, two in zip(other.scores, no_language.scores, strict=True))


def test_weights_and_meanings_are_of_the_same_learning() -> None:
    assert learned_meaning().labels == learned().labels


def test_vectors_are_read_as_they_were_kept() -> None:
    vectors = np.random.default_rng(1).uniform(-3.9, 3.9, (len(WORDS), SIZE)).astype(np.float32)
    words, read = unpack_vectors(pack(WORDS, vectors))

    assert words == WORDS
    assert np.abs(read - vectors).max() < 0.02


def test_what_was_learned_of_a_message_is_what_reading_it_gives() -> None:
    """The sum over all messages, as it is learned, and the sum over places, as it is read."""
    vectors = np.random.default_rng(2).normal(size=(len(WORDS), SIZE)).astype(np.float32)
    said = [["bus", "late"], ["worker", "rude"], ["thanks", "kind"], ["money", "owed", "late"], ["autobus", "rude"]]
    languages = ["en", "en", "en", "en", "pl"]
    told = [Told(words, [], language) for words, language in zip(said, languages, strict=True)]
    meant = Meant(told, WORDS, vectors)
    counts = np.array([[1.0, 0.0], [-0.5, 0.2], [0.3, -1.0], [0.1, 0.4], [5.0, 5.0]], np.float32)
    expected = meant.kernel() @ counts

    read = unpack(meant.packed(["yes", "no"], meant.says(np.arange(5), counts)))

    for row in range(4):
        assert read.scores(set(said[row])) == pytest.approx(expected[row], abs=0.01)
    assert (expected[4] == 0).all()


def test_what_was_learned_is_shown_by_words_that_tell_something() -> None:
    text = "It was on the desk for weeks and on and on. Put a stop to it, say sorry, and pay back what we lost on the bus fares."
    told = {text[reason.start : reason.end].lower() for reason in classify(text).reasons if reason.rule.startswith("learned:")}

    assert told
    assert told.isdisjoint({"on", "it", "and", "a", "the", "was", "to"})


def test_a_word_of_which_every_message_is_full_is_shown_only_alone() -> None:
    weighed = weigh(learned(), fold(""), fold("on and on"), ["a:language=en"])
    both = [label for label in ("action", "none") if weighed.telling("wants", label, 3)]

    assert both
    for label in both:
        most = weighed.telling("wants", label, 3)
        assert weighed.telling("wants", label, 3, little=frozenset(most)) == most
        assert weighed.telling("wants", label, 3, little=frozenset(most[:1])) == (most[1:] or most)
