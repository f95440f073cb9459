"""Where messages stand by what their words mean, and what places say: the part of the learning that `meaning.py` reads.

A message's likeness to another is exp(NARROW * (cosine - 1)) of where they stand, which tells more than any sum over words does.
So that not every message must be kept, PLACES of them, chosen by their digests, stand for all (Nyström's method).
"""

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular  # type: ignore[import-untyped]  # the library has no types

from bench.learning.learning import Matrix, Told
from intake.classification.meaning import NARROW, Meaning

PLACES = 1_024
OF_MEANING = 1.2
"""How much meaning may say beside words, whose likeness of a message to itself is some 2.4 in the mean."""
_COMMON = 1e-3
"""A word that is such a share of all words counts half (the usual smooth inverse frequency)."""
_JITTER = 1e-3
_FARTHEST, _STEPS = 0.9995, 10
"""A number of a word's vector is one of 21 steps: the mean over a message's words evens out what that rounds off, and the file is
half the size."""


class Meant:
    """The messages in the space of meanings. One in another language stands nowhere: the vectors know English."""

    def __init__(self, told: Sequence[Told], words: Sequence[str], vectors: Matrix) -> None:
        often = Counter(word for message in told for word in set(message.words))
        total = sum(often.values())
        weighed = vectors * np.array([[_COMMON / (_COMMON + often[word] / total)] for word in words], np.float32)
        scale = float(np.quantile(np.abs(weighed), _FARTHEST)) / _STEPS
        kept = np.clip(np.round(weighed / scale), -_STEPS, _STEPS).astype(np.int8)
        nothing = np.zeros((0, 0), np.float32)
        usual = np.zeros(vectors.shape[1], np.float32)
        rows = {word: row for row, word in enumerate(words)}
        self.space = Meaning((), rows, kept, scale, usual, nothing, nothing)
        self.english = np.array([message.language == "en" and any(word in rows for word in message.words) for message in told])
        sums = [self._sum(message.words) for message, is_known in zip(told, self.english, strict=True) if is_known]
        self.space = Meaning((), rows, kept, scale, _short(np.mean(sums, 0)), nothing, nothing)
        stands = [self.space.place_of(set(m.words)) for m, is_known in zip(told, self.english, strict=True) if is_known]
        digests = [sha256(" ".join(message.words).encode()).digest() for message in told]
        number = np.where(self.english)[0]
        chosen = sorted(range(len(number)), key=lambda each: digests[number[each]])[:PLACES]
        stand = np.array(stands, np.float32)
        self.places = _short(stand[chosen])
        like = np.exp(NARROW * (self.places @ self.places.T - 1)).astype(np.float64) + _JITTER * np.eye(len(chosen))
        self.root: npt.NDArray[np.float64] = cholesky(like, lower=True)
        near = np.exp(NARROW * (stand @ self.places.T - 1))
        self.shown = np.zeros((len(told), len(chosen)), np.float32)
        self.shown[number] = solve_triangular(self.root, near.T, lower=True).T

    def _sum(self, words: Sequence[str]) -> Matrix:
        distinct = set(words)
        found = [self.space.rows[word] for word in distinct if word in self.space.rows]
        summed = self.space.vectors[found].sum(0, dtype=np.float32) * self.space.scale
        return np.asarray(summed / np.sqrt(max(4, len(distinct))), np.float32)

    def kernel(self) -> Matrix:
        """Return how near each message stands to each other, as far as the places show it."""
        return np.asarray(OF_MEANING * (self.shown @ self.shown.T), np.float32)

    def says(self, rows: npt.NDArray[np.int_], counts: Matrix) -> Matrix:
        """Return what each place says for each answer, from how much each of the messages `rows` counts towards it."""
        summed = self.shown[rows].T.astype(np.float64) @ counts
        return np.asarray(OF_MEANING * solve_triangular(self.root, summed, lower=True, trans="T"), np.float32)

    def packed(self, labels: Sequence[str], says: Matrix) -> bytes:
        """Return what `intake.classification.meaning.unpack` reads."""
        heading = {
            "labels": list(labels),
            "size": len(self.space.usual),
            "places": len(self.places),
            "scale": self.space.scale,
            "words": list(self.space.rows),
        }
        start = json.dumps(heading, ensure_ascii=False, separators=(",", ":")).encode()
        numbers = b"".join(part.astype("<f2").tobytes() for part in (self.space.usual, self.places, says))
        return zlib.compress(len(start).to_bytes(4, "little") + start + self.space.vectors.tobytes() + numbers, 9)


def _short(numbers: Matrix) -> Matrix:
    """Return them as they are kept, in sixteen bits, so that what is learned is what is read."""
    return np.asarray(numbers, np.float16).astype(np.float32)
