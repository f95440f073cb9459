"""Ridge regression in its dual form: one system of equations for all answers, and each fold of a cross-validation from it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from intake.classification.listed import decided, listed
from intake.classification.weighing import grams, length_of, words_in

Matrix = npt.NDArray[np.float32]
OF_WORD, OF_PAIR, OF_PIECE, OF_LIST, OF_MEANING = 1.0, 0.7, 0.3, 0.3, 2.0
"""How much each kind of feature may say, chosen by cross-validation."""
RIDGE = 1.0
FOLDS = 6


@dataclass
class Told:
    """A message as features: the words that are in it and what the lists show."""

    words: list[str]
    signs: list[str]
    language: str


def tell(record: dict[str, Any]) -> Told:
    """Return the features of a record, as reading it at the desk would give them."""
    shown = listed(str(record["text"]), str(record.get("subject") or ""))
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
    """Messages as a matrix: a row a message, a column a feature that at least two messages have; then columns of meaning."""

    def __init__(self, messages: Sequence[Told], vectors: dict[str, Matrix]) -> None:
        self.vectors = vectors
        counted = [features_of(told) for told in messages]
        often = Counter(feature for found in counted for feature in found)
        often.update(sign for told in messages for sign in told.signs)
        fewest = {"w": 1, "b": 2, "c": 3, "l": 2, "a": 2}
        self.features = sorted(feature for feature, times in often.items() if times >= fewest[feature[0]])
        self.column = {feature: number for number, feature in enumerate(self.features)}
        width = len(next(iter(vectors.values()))) if vectors else 0
        self.matrix: Matrix = np.zeros((len(messages), len(self.features) + width), np.float32)
        for row, (told, found) in enumerate(zip(messages, counted, strict=True)):
            self._fill(self.matrix[row], told, found)

    def _fill(self, row: Matrix, told: Told, found: Counter[str]) -> None:
        length = length_of(set(told.words))
        for feature, times in found.items():
            if feature in self.column:
                row[self.column[feature]] = times * weight_of(feature) / length
        for sign in told.signs:
            if sign in self.column:
                row[self.column[sign]] = weight_of(sign)
        for word in set(told.words) & self.vectors.keys():
            row[len(self.features) :] += self.vectors[word] * np.float32(OF_MEANING / length)


def solved(kernel: Matrix, wanted: Matrix) -> tuple[Matrix, Matrix]:
    """Return how much each message counts towards each answer, and the mean of each answer."""
    mean = wanted.mean(0)
    return np.linalg.solve(kernel + RIDGE * np.eye(len(kernel), dtype=np.float32), wanted - mean), mean


def by_others(kernel: Matrix, wanted: Matrix, folds: npt.NDArray[np.int_]) -> Matrix:
    """Return the score of each message as learned from the other folds."""
    scores = np.zeros_like(wanted)
    for fold in range(FOLDS):
        others, own = np.where(folds != fold)[0], np.where(folds == fold)[0]
        counts, mean = solved(kernel[np.ix_(others, others)], wanted[others])
        scores[own] = kernel[np.ix_(own, others)] @ counts + mean
    return scores
