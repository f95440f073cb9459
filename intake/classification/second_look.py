"""A second look at a question: what the scores of all questions say of it together, and what the lists showed.

Each question is weighed by itself first. But who writes, about which service and with which wish are tied to each other, and to
the procedure: a daughter who writes of her mother's carers does not complain of children's services. How, is learned from scores
of hands that were left out of the learning (bench/learning/again.py). numpy is imported with this module, which is why it is read
only when a message is.
"""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
_LEADS = ("complainant", "kind", "procedure", "service")
"""The questions whose first answer counts by itself, beside the scores."""
_LENGTH = "length"
_FEW_WORDS = (12, 25)


@dataclass(frozen=True)
class SecondLooks:
    """What the answers of all questions that are looked at again start from, and what a message adds to them (`together`).

    They stand beside each other, so that one product is all.
    """

    labels: tuple[str, ...]
    """The labels in the order of the scores."""
    answers: Mapping[str, tuple[str, ...]]
    starts: Numbers
    of_numbers: Numbers
    """A row a number, a column an answer."""
    rows: Mapping[str, int]
    """Which row of `of_signs` is a sign's."""
    of_signs: Numbers

    def sums(self, scores: Sequence[float], shown: Collection[str], words: int) -> dict[str, dict[str, float]]:
        """Return what speaks for each answer to each question, of a message with these scores, signs and distinct words."""
        numbers, signs = together(self.labels, scores, words)
        found = [row for row in map(self.rows.get, (*shown, *signs)) if row is not None]
        sums = self.starts + np.array(numbers, np.float32) @ self.of_numbers + self.of_signs[found].sum(0)
        each = iter(sums.tolist())
        return {question: dict(zip(answers, each, strict=False)) for question, answers in self.answers.items()}


def together(labels: tuple[str, ...], scores: Sequence[float], words: int) -> tuple[list[float], list[str]]:
    """Return what a second look is taken at beside the lists' signs: the scores, the highest of each question and how long it is.

    Its own signs are which answer comes first, and that there are few distinct `words`.
    """
    highest, signs = [], [f"words<{few}" for few in _FEW_WORDS if words < few]
    for _, first, last in _places(labels):
        most = max(scores[first:last])
        highest.append(most)
        signs.append(f"first:{labels[scores.index(most, first, last)]}")
    return [*scores, *highest, log(words + 1) / 10], signs


@cache
def _places(labels: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
    """Return the questions of `_LEADS`, and from where to where the answers of each stand."""
    groups = [(name, list(group)) for name, group in groupby(enumerate(labels), key=lambda one: one[1].partition("=")[0])]
    return tuple((name, group[0][0], group[-1][0] + 1) for name, group in groups if name in _LEADS)


def learned_second_looks(labels: tuple[str, ...]) -> SecondLooks:
    """Return what ships with heard, for scores in the order of these labels."""
    return unpack(resources.files("intake.classification").joinpath("words", "second_look.bin").read_bytes(), labels)


def unpack(kept: bytes, labels: tuple[str, ...]) -> SecondLooks:
    """Return what `bench.learning.again` packed; where a question was not looked at by a number or a sign, that adds nothing."""
    looks: dict[str, dict[str, Any]] = json.loads(zlib.decompress(kept))
    leads = _leads(labels)
    row_of = {name: row for row, name in enumerate((*labels, *leads, _LENGTH))}
    rows = {sign: row for row, sign in enumerate(sorted({sign for look in looks.values() for sign in look["signs"]}))}
    of_numbers, of_signs = [], []
    for look in looks.values():
        own = np.zeros((len(row_of), len(look["answers"])), np.float32)
        own[[row_of[name] for name in (*look["inputs"], *_leads(tuple(look["inputs"])), _LENGTH)]] = look["of_numbers"]
        of_numbers.append(own)
        signs = np.zeros((len(rows), len(look["answers"])), np.float32)
        signs[[rows[sign] for sign in look["signs"]]] = look["of_signs"]
        of_signs.append(signs)
    return SecondLooks(
        labels=labels,
        answers={question: tuple(look["answers"]) for question, look in looks.items()},
        starts=np.concatenate([np.array(look["starts"], np.float32) for look in looks.values()]),
        of_numbers=np.concatenate(of_numbers, axis=1),
        rows=rows,
        of_signs=np.concatenate(of_signs, axis=1),
    )


def _leads(labels: tuple[str, ...]) -> list[str]:
    return [name for name, _, _ in _places(labels)]
