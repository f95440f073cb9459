"""A second look at the procedure: what the scores of all questions say of it together, and what the lists showed.

Each procedure is weighed by itself first. But who writes, about which service and with which wish are tied to it: a daughter who
writes of her mother's carers does not complain of children's services. How, is learned from scores of hands that were left out of
the learning (bench/learning/again.py). It never makes a complaint statutory: it says which of the others it is, and where the
statutory procedure is all but excluded.
"""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, inf
from operator import add, mul

STATUTORY = "statutory"
_ALL_BUT_EXCLUDED = 0.02
"""Below this share the statutory procedure is none of the answers, by hands that were left out (docs/classification.md)."""


@dataclass(frozen=True)
class SecondLook:
    """What each procedure starts from, and what the score of each label (`inputs`) and each sign of the lists adds to it."""

    procedures: tuple[str, ...]
    inputs: tuple[str, ...]
    starts: tuple[float, ...]
    of_scores: tuple[tuple[float, ...], ...]
    """A row a procedure, in the order of `inputs`."""
    of_signs: Mapping[str, tuple[float, ...]]

    def shares(self, scores: Sequence[float], shown: Collection[str]) -> dict[str, float]:
        """Return how likely each procedure is, 1 in all, of a complaint with these scores, in the order of `inputs`."""
        sums = [start + sum(map(mul, row, scores)) for start, row in zip(self.starts, self.of_scores, strict=True)]
        for sign in shown:
            if (row := self.of_signs.get(sign)) is not None:
                sums = list(map(add, sums, row))
        highest = max(sums)
        parts = [exp(one - highest) for one in sums]
        whole = sum(parts)
        return {name: part / whole for name, part in zip(self.procedures, parts, strict=True)}


def seen_again(scores: Mapping[str, float], shares: Mapping[str, float]) -> dict[str, float]:
    """Return the scores of the procedures, after the second look.

    Of the procedures beside the statutory one the likeliest gets the highest score. Where the statutory one is all but excluded
    it has none.
    """
    seen = dict(scores)
    others = [name for name in seen if name != STATUTORY]
    best, likeliest = max(others, key=scores.__getitem__), max(others, key=shares.__getitem__)
    seen[best], seen[likeliest] = seen[likeliest], seen[best]
    if shares[STATUTORY] < _ALL_BUT_EXCLUDED:
        seen[STATUTORY] = -inf
    return seen


@cache
def learned_second_look() -> SecondLook:
    """Return what ships with heard, read once."""
    return unpack(resources.files("intake.classification").joinpath("words", "second_look.bin").read_bytes())


def unpack(kept: bytes) -> SecondLook:
    """Return what `bench.learning.again` packed."""
    told = json.loads(zlib.decompress(kept))
    return SecondLook(
        procedures=tuple(told["procedures"]),
        inputs=tuple(told["inputs"]),
        starts=tuple(told["starts"]),
        of_scores=tuple(map(tuple, told["of_scores"])),
        of_signs={sign: tuple(row) for sign, row in told["of_signs"].items()},
    )
