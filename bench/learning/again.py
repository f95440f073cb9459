"""The second look: learned from what is said of a message by what was learned from other hands.

So the scores that it is learned from are as good, and as bad, as those of a message that is read at the desk. A share is that of
a logistic regression; for the procedure a rare one counts more.
"""

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]  # the library has no types

from bench.learning.learning import Matrix, Told
from intake.classification.second_look import together

Record = dict[str, Any]
Scores = Mapping[str, Mapping[int, float]]
RARE_COUNT_MORE = {"procedure": 0.5, "complainant": 0.0, "service": 0.0}
"""What is looked at again, and by which power of how rare it is an answer counts more."""
_OF_EVERY_MESSAGE = ("risk", "kind", "service", "complainant", "wants", "on_behalf")
"""The other questions are asked of some messages only, and only what is asked of complaints sees them."""
OF_NUMBER, OF_SIGN = 3.0, 0.7
"""How much a number and a sign may say."""
_FEWEST = 15
"""In how many messages a sign must stand."""
RIDGE, _ROUNDS = 10.0, 80
_DIGITS = 4


def looked_again(records: Sequence[Record], told: Sequence[Told], scores: Scores, favours: Mapping[str, float]) -> bytes:
    """Return what `intake.classification.second_look.unpack` reads.

    `scores` are those of hands left out; `favours` what each label's score has beside that when a message is read.
    """
    kept = {question: look(question, records, told, scores, favours) for question in RARE_COUNT_MORE}
    return zlib.compress(json.dumps(kept, separators=(",", ":")).encode(), 9)


def look(
    question: str,
    records: Sequence[Record],
    told: Sequence[Told],
    scores: Scores,
    favours: Mapping[str, float],
    left_out: frozenset[int] = frozenset(),
) -> dict[str, Any]:
    """Return the second look at one question, learned from all that is known of it but the rows `left_out`."""
    inputs = tuple(label for label in sorted(scores) if question == "procedure" or label.startswith(_OF_EVERY_MESSAGE))
    answers = [label.removeprefix(f"{question}=") for label in inputs if label.startswith(f"{question}=")]
    rows = sorted(set.intersection(*(set(scores[label]) for label in inputs)) - left_out)
    shown = [
        together(inputs, [scores[label][row] + favours.get(label, 0.0) for label in inputs], len(set(told[row].words)))
        for row in rows
    ]
    signs_of = [[*told[row].signs, *signs] for row, (_, signs) in zip(rows, shown, strict=True)]
    often = Counter(sign for signs in signs_of for sign in signs)
    signs = sorted(sign for sign, times in often.items() if times >= _FEWEST)
    numbers = np.array([one for one, _ in shown], np.float32)
    size = numbers.shape[1]
    place = {sign: number for number, sign in enumerate(signs, 1 + size)}
    matrix = np.zeros((len(rows), 1 + size + len(signs)), np.float32)
    matrix[:, 0], matrix[:, 1 : size + 1] = 1, numbers * OF_NUMBER
    for line, found in zip(matrix, signs_of, strict=True):
        line[[place[sign] for sign in found if sign in place]] = OF_SIGN
    wanted = np.array([answers.index(records[row][question]) for row in rows])
    learned = fitted(matrix, wanted, len(answers), RARE_COUNT_MORE[question])
    return {
        "answers": answers,
        "inputs": inputs,
        "starts": _rounded(learned[0]),
        "of_numbers": [_rounded(row) for row in learned[1 : size + 1] * OF_NUMBER],
        "signs": signs,
        "of_signs": [_rounded(row) for row in learned[size + 1 :] * OF_SIGN],
    }


def fitted(shown: Matrix, answers: Any, number: int, rare_count_more: float = 0.5) -> Matrix:
    """Return what each column of `shown` says for each of so many answers."""
    rows, columns = shown.shape
    often = np.maximum(1, np.bincount(answers, minlength=number))
    heavy = ((rows / often / number) ** rare_count_more)[answers]
    heavy = np.asarray(heavy / heavy.mean(), np.float32)
    wanted = np.eye(number, dtype=np.float32)[answers]

    def loss(flat: Any) -> tuple[float, Any]:
        says = flat.reshape(columns, number).astype(np.float32)
        sums = shown @ says
        parts = np.exp(sums - sums.max(1, keepdims=True))
        shares = parts / parts.sum(1, keepdims=True)
        missed = -(heavy * np.log(shares[np.arange(rows), answers] + 1e-12)).sum() + RIDGE / 2 * (says**2).sum()
        slope = shown.T @ ((shares - wanted) * heavy[:, None]) + RIDGE * says
        return float(missed), slope.astype(np.float64).ravel()

    found = minimize(loss, np.zeros(columns * number), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x.reshape(columns, number), np.float32)


def _rounded(numbers: Matrix) -> list[float]:
    return [round(float(number), _DIGITS) for number in numbers]
