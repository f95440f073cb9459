"""Ridge regression in its dual form: one system of equations for all answers, and each hand left out in turn from it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack, solve  # type: ignore[import-untyped]  # the library has no types

from intake.classification.listed import decided, listed
from intake.classification.phrases import Phrasebook
from intake.classification.weighing import grams, length_of, words_in
from intake.classification.wordlists import LISTS, OF_DANGER, phrases_of

Matrix = npt.NDArray[np.float32]
OF_WORD, OF_PAIR, OF_PIECE, OF_LIST = 1.0, 1.0, 0.3, 0.15
"""How much each kind of feature may say, chosen by cross-validation."""
FEWEST = {"w": 2, "b": 2, "c": 4, "l": 2, "a": 2}
"""In how many messages a feature of each kind must stand."""
RIDGE = 1.0
_OFTEN, _AT_ONCE = 60, 4_000


@dataclass
class Told:
    """A message as features: the words that are in it and what the lists show."""

    words: list[str]
    signs: list[str]
    language: str


@cache
def _book() -> Phrasebook:
    """The lists but those of danger in other languages: written with these messages at hand, they would be leant on."""
    return Phrasebook(phrase for name in LISTS if name not in OF_DANGER for phrase in phrases_of(name))


def tell(record: dict[str, Any]) -> Told:
    """Return the features of a record, as reading it at the desk would give them but for those lists (decision 086)."""
    shown = listed(str(record["text"]), str(record.get("subject") or ""), _book())
    signs = shown.signs(decided(shown).procedure.value)
    return Told(words_in(f"{shown.subject.text}\n{shown.text.text}"), signs, shown.language)


def features_of(told: Told) -> Counter[str]:
    """Return each feature and how often it counts, before it is weighed; those of words by their distinct words."""
    found: Counter[str] = Counter()
    for word in set(told.words):
        found[f"w:{word}"] += 1
        found.update(grams(word))
    found.update({f"b:{first} {second}" for first, second in pairwise(told.words)})
    return found


def weight_of(feature: str) -> float:
    """What a feature's value is multiplied with."""
    return {"w": OF_WORD, "b": OF_PAIR, "c": OF_PIECE, "l": OF_LIST, "a": OF_LIST}[feature[0]]


class Table:
    """Messages as rows, features that enough messages have as columns; most of it is nothing, and is not kept."""

    def __init__(self, messages: Sequence[Told]) -> None:
        counted = [features_of(told) for told in messages]
        often = Counter(feature for found in counted for feature in found)
        often.update(sign for told in messages for sign in told.signs)
        self.messages = len(messages)
        self.features = sorted(feature for feature, times in often.items() if times >= FEWEST[feature[0]])
        kept: dict[str, list[tuple[int, float]]] = {feature: [] for feature in self.features}
        for row, (told, found) in enumerate(zip(messages, counted, strict=True)):
            length = length_of(set(told.words))
            for feature, times in found.items():
                if feature in kept:
                    kept[feature].append((row, times * weight_of(feature) / length))
            for sign in told.signs:
                if sign in kept:
                    kept[sign].append((row, weight_of(sign)))
        self.columns = [
            (np.array([row for row, _ in cells]), np.array([value for _, value in cells], np.float32))
            for cells in (kept[feature] for feature in self.features)
        ]

    def kernel(self) -> Matrix:
        """Return how much each message has in common with each other."""
        often = [column for column in self.columns if len(column[0]) > _OFTEN]
        dense = self._dense(often)
        kernel: Matrix = dense @ dense.T
        for rows, values in self.columns:
            if len(rows) <= _OFTEN:
                kernel[np.ix_(rows, rows)] += np.outer(values, values)
        return kernel

    def weights(self, rows: npt.NDArray[np.int_], counts: Matrix) -> Matrix:
        """Return what each feature weighs for each answer, from how much each of the messages `rows` counts towards it."""
        whole = np.zeros((self.messages, counts.shape[1]), np.float32)
        whole[rows] = counts
        starts = range(0, len(self.columns), _AT_ONCE)
        return np.concatenate([self._dense(self.columns[start : start + _AT_ONCE]).T @ whole for start in starts])

    def _dense(self, columns: Sequence[tuple[npt.NDArray[np.int_], Matrix]]) -> Matrix:
        matrix = np.zeros((self.messages, len(columns)), np.float32)
        for number, (rows, values) in enumerate(columns):
            matrix[rows, number] = values
        return matrix


def heavier_if_rare(wanted: Matrix, how_much: float) -> Matrix:
    """Return what each message counts: one of a rare answer more, as the power `how_much` of how rare it is; 1 in the mean."""
    often = np.maximum(1, wanted.sum(0))
    heavy = ((len(wanted) / often / len(often)) ** how_much)[wanted.argmax(1)]
    return np.asarray(heavy / heavy.mean(), np.float32)


def solved(kernel: Matrix, wanted: Matrix, heavy: Matrix, hands: npt.NDArray[np.str_]) -> tuple[Matrix, Matrix, Matrix]:
    """Return how much each message counts towards each answer, the mean of each answer, and what an unknown writer would get.

    The last are the scores of each message as learned from the messages of other hands. One inverse gives them all: what is left
    over of a hand's messages when they are left out is the inverse's own block, solved for what they count (the usual identity of
    leaving out rows of a ridge regression), with the others' means.
    """
    inverse = _inverse(kernel + np.diag(np.float32(RIDGE) / heavy))
    of_answers, of_one = inverse @ wanted, inverse.sum(1, keepdims=True)
    weighed = wanted * heavy[:, None]
    mean = weighed.sum(0) / heavy.sum()
    by_others = np.empty_like(wanted)
    for hand in sorted(set(hands)):
        own = hands == hand
        mean_of_others = weighed[~own].sum(0) / heavy[~own].sum()
        block = inverse[np.ix_(own, own)]
        left = solve(block, of_answers[own] - of_one[own] * mean_of_others, assume_a="pos")
        by_others[own] = wanted[own] - left
    return of_answers - of_one * mean, mean, by_others


def _inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a matrix that is symmetric and positive definite."""
    root, _ = lapack.spotrf(matrix, lower=True, overwrite_a=True)
    half, _ = lapack.spotri(root, lower=True, overwrite_c=True)
    lower: Matrix = np.tril(half)
    return lower + np.tril(lower, -1).T
