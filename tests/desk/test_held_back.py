"""Messages by other hands, scored and not read: what is reached today is the least that is reached tomorrow.

docs/classification.md says which of the aims these figures meet, and which they do not yet.
"""

from functools import cache
from typing import Any

import pytest

from bench.learning.examples import DANGER, DESK, examples, held, is_blind, read
from intake.classification import classify, predict

Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


@cache
def scored() -> Pairs:
    return [(record, predict(record)) for record in held()]


@cache
def blind() -> Pairs:
    return [(record, predict(record)) for record in read(DESK / "messages_unseen.jsonl") if is_blind(record["id"])]


def share(pairs: Pairs, field: str) -> float:
    return sum(record[field] == shown[field] for record, shown in pairs) / len(pairs)


def overlap(pairs: Pairs, field: str) -> float:
    """F1 over all labels of all messages."""
    both = sum(len(set(record[field]) & set(shown[field])) for record, shown in pairs)
    return 2 * both / sum(len(record[field]) + len(shown[field]) for record, shown in pairs)


def in_danger(pairs: Pairs) -> tuple[float, float]:
    """Recall and precision of what rings."""
    true = sum(record["risk"] in DANGER for record, _ in pairs)
    rings = [record for record, shown in pairs if shown["risk"] in DANGER]
    right = sum(record["risk"] in DANGER for record in rings)
    return right / true, right / len(rings)


def test_who_is_in_danger_is_noticed_in_messages_never_seen() -> None:
    """103 of 387 are in danger; the lists alone notice 18 of them. The aim is 0.95 at 0.60: not reached on these at once."""
    recall, precision = in_danger(scored())

    assert recall >= 0.91
    assert precision >= 0.54


def test_most_of_what_is_said_guardedly_rings_in_the_half_that_nothing_was_learned_from() -> None:
    """137 messages, 71 of them in danger: the lists alone notice 20."""
    recall, precision = in_danger(blind())

    assert recall >= 0.70
    assert precision >= 0.66


def test_a_message_in_another_language_goes_to_a_person_unless_it_is_taken_for_english() -> None:
    """Of 66 five are: a language that is written in English letters, without a word that gives it away."""
    others = [record for record in held() if record["language"] != "en"]
    shown = [classify(record["text"], record.get("subject") or "") for record in others]

    assert sum(one.needs_a_look or one.risk.value in DANGER for one in shown) / len(shown) >= 0.92


@pytest.mark.parametrize(("field", "least"), [("kind", 0.70), ("service", 0.47), ("complainant", 0.45), ("on_behalf", 0.96)])
def test_what_a_message_is_about_and_who_writes(field: str, least: float) -> None:
    assert share(scored(), field) >= least


def test_the_statutory_procedure_is_seen() -> None:
    """128 of 228 complaints belong to it; the aim is 0.95."""
    complaints = [(record, shown) for record, shown in scored() if record["kind"] == "complaint"]
    statutory = [(record, shown) for record, shown in complaints if record["procedure"] == "statutory"]

    assert share(complaints, "procedure") >= 0.71
    assert share(statutory, "procedure") >= 0.88


def test_themes_and_wishes() -> None:
    feedback = [(record, shown) for record, shown in scored() if record["kind"] in {"complaint", "compliment", "comment"}]

    assert overlap(feedback, "themes") >= 0.41
    assert overlap(scored(), "wants") >= 0.68


def test_nothing_that_is_scored_was_learned_from() -> None:
    learned = {record["text"] for record in examples()}
    kept = [*held(), *(record for record in read(DESK / "messages_unseen.jsonl") if is_blind(record["id"]))]
    tested = read(DESK / "messages_dev.jsonl")

    assert not learned & {record["text"] for record in [*kept, *tested]}
