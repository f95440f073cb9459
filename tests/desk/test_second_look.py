"""A second look at the procedure: what all scores say of it together, and what it may not do."""

import json
import zlib
from math import inf

import numpy as np
import pytest

from bench.learning.again import fitted, looked_again
from bench.learning.learning import Told
from intake.classification.folding import fold
from intake.classification.second_look import learned_second_look, seen_again, unpack
from intake.classification.weighing import learned, weigh

PROCEDURES = ("adult_social_care", "corporate", "statutory")
SCORES = {"adult_social_care": 0.2, "corporate": 0.4, "statutory": 0.3}


def shares(adults: float, corporate: float, statutory: float) -> dict[str, float]:
    return dict(zip(PROCEDURES, (adults, corporate, statutory), strict=True))


def test_of_the_others_the_likeliest_gets_the_highest_score() -> None:
    assert seen_again(SCORES, shares(0.6, 0.1, 0.3)) == {"adult_social_care": 0.4, "corporate": 0.2, "statutory": 0.3}


def test_where_the_first_look_was_right_nothing_changes() -> None:
    assert seen_again(SCORES, shares(0.1, 0.6, 0.3)) == SCORES


def test_the_statutory_procedure_never_gains_by_it() -> None:
    assert seen_again(SCORES, shares(0.0, 0.01, 0.99))["statutory"] == SCORES["statutory"]


def test_what_is_all_but_excluded_is_not_statutory() -> None:
    assert seen_again(SCORES, shares(0.01, 0.98, 0.01))["statutory"] == -inf


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("My social worker has cancelled every visit since I came into care and my review is overdue.", "statutory"),
        ("Our bins have not been emptied for a month and nobody answers.", "corporate"),
        ("The home care for my mother, who is 84, came two hours late again.", "adult_social_care"),
    ],
)
def test_it_says_of_plain_complaints_what_the_guide_says(text: str, likeliest: str) -> None:
    said = weigh(learned(), fold(""), fold(text), ["a:language=en"])
    found = learned_second_look().shares([said.scores[lane] for lane in learned().looked_at], ["a:language=en"])

    assert max(found, key=found.__getitem__) == likeliest
    assert sum(found.values()) == pytest.approx(1)


def test_it_is_of_the_same_questions_as_the_weights() -> None:
    again = learned_second_look()

    assert sorted(again.inputs) == sorted(learned().labels)
    assert [learned().labels[lane] for lane in learned().looked_at] == list(again.inputs)
    assert set(again.procedures) == set(learned().lanes["procedure"])


def test_a_common_answer_does_not_drown_a_rare_one() -> None:
    shown = np.array([[1, 0]] * 90 + [[1, 1]] * 10, np.float32)
    answers = np.array([0] * 90 + [1] * 10)

    says = shown @ fitted(shown, answers, 2)

    assert says[0].argmax() == 0
    assert says[-1].argmax() == 1


def test_what_a_score_has_beside_what_was_learned_changes_nothing() -> None:
    """A label's favour when a message is read is taken out again: the second look was learned without it."""
    records = [{"procedure": "corporate"}] * 20 + [{"procedure": "statutory"}] * 20
    told = [Told(["bin"], ["l:matter=waste"], "en")] * 20 + [Told(["care"], ["l:matter=looked_after"], "en")] * 20
    scores = {
        "procedure=corporate": {row: float(row < 20) for row in range(40)},
        "procedure=statutory": {row: float(row >= 20) for row in range(40)},
    }

    plain = unpack(looked_again(records, told, scores, {}))
    favoured = unpack(looked_again(records, told, scores, {"procedure=corporate": 0.2}))

    assert plain.shares([1.0, 0.0], ["l:matter=waste"])["corporate"] > 0.9
    assert favoured.shares([1.2, 0.0], ["l:matter=waste"]) == pytest.approx(
        plain.shares([1.0, 0.0], ["l:matter=waste"]), abs=1e-3
    )
    assert "l:matter=waste" in json.loads(zlib.decompress(looked_again(records, told, scores, {})))["of_signs"]
