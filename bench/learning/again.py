"""The second look at the procedure: learned from what is said of a message by what was learned from other hands.

So the scores that it is learned from are as good, and as bad, as those of a message that is read at the desk. A share is that of
a logistic regression, in which a rare procedure counts more.
"""

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]  # the library has no types

from bench.learning.learning import Matrix, Told

Record = dict[str, Any]
Scores = Mapping[str, Mapping[int, float]]
OF_SCORE, OF_SIGN = 3.0, 0.7
"""How much a score and a sign of the lists may say."""
_FEWEST = 15
"""In how many complaints a sign must stand."""
_RIDGE, _ROUNDS, _RARE_COUNT_MORE = 3.0, 80, 0.5
_DIGITS = 4


def looked_again(records: Sequence[Record], told: Sequence[Told], scores: Scores, favours: Mapping[str, float]) -> bytes:
    """Return what `intake.classification.second_look.unpack` reads.

    `scores` are those of hands left out; `favours` what each label's score has beside that when a message is read.
    """
    inputs = sorted(scores)
    procedures = [label.removeprefix("procedure=") for label in inputs if label.startswith("procedure=")]
    rows = [row for row in sorted(scores[f"procedure={procedures[0]}"]) if all(row in scores[label] for label in inputs)]
    often = Counter(sign for row in rows for sign in told[row].signs)
    signs = sorted(sign for sign, times in often.items() if times >= _FEWEST)
    answers = np.array([procedures.index(records[row]["procedure"]) for row in rows])
    learned = fitted(_shown(rows, inputs, signs, scores, told), answers, len(procedures))
    of_scores, of_signs = learned[1 : len(inputs) + 1] * OF_SCORE, learned[len(inputs) + 1 :] * OF_SIGN
    starts = learned[0] - np.array([favours.get(label, 0.0) for label in inputs]) @ of_scores
    kept = {
        "procedures": procedures,
        "inputs": inputs,
        "starts": _rounded(starts),
        "of_scores": [_rounded(column) for column in of_scores.T],
        "of_signs": {sign: _rounded(row) for sign, row in zip(signs, of_signs, strict=True)},
    }
    return zlib.compress(json.dumps(kept, separators=(",", ":")).encode(), 9)


def _shown(rows: Sequence[int], inputs: Sequence[str], signs: Sequence[str], scores: Scores, told: Sequence[Told]) -> Matrix:
    place = {sign: number for number, sign in enumerate(signs, 1 + len(inputs))}
    shown = np.zeros((len(rows), 1 + len(inputs) + len(signs)), np.float32)
    shown[:, 0] = 1
    for line, row in zip(shown, rows, strict=True):
        line[1 : len(inputs) + 1] = [OF_SCORE * scores[label][row] for label in inputs]
        line[[place[sign] for sign in told[row].signs if sign in place]] = OF_SIGN
    return shown


def fitted(shown: Matrix, answers: Any, number: int) -> Matrix:
    """Return what each column of `shown` says for each of so many answers."""
    rows, columns = shown.shape
    often = np.maximum(1, np.bincount(answers, minlength=number))
    heavy = ((rows / often / number) ** _RARE_COUNT_MORE)[answers]
    heavy = np.asarray(heavy / heavy.mean(), np.float32)
    wanted = np.eye(number, dtype=np.float32)[answers]

    def loss(flat: Any) -> tuple[float, Any]:
        says = flat.reshape(columns, number).astype(np.float32)
        sums = shown @ says
        parts = np.exp(sums - sums.max(1, keepdims=True))
        shares = parts / parts.sum(1, keepdims=True)
        missed = -(heavy * np.log(shares[np.arange(rows), answers] + 1e-12)).sum() + _RIDGE / 2 * (says**2).sum()
        slope = shown.T @ ((shares - wanted) * heavy[:, None]) + _RIDGE * says
        return float(missed), slope.astype(np.float64).ravel()

    found = minimize(loss, np.zeros(columns * number), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x.reshape(columns, number), np.float32)


def _rounded(numbers: Matrix) -> list[float]:
    return [round(float(number), _DIGITS) for number in numbers]
