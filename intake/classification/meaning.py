"""What the words of an English message mean together, and what messages that mean the like were found to be.

Two words that mean the same stand near each other in a space of some hundred numbers a word. A message stands where its words
stand in the mean, and each of a number of places in that space (those of messages that were learned from) says the more about it
the nearer it is. Adds to the scores of `weighing`, and by itself decides nothing. Where the numbers came from: bench/learning,
docs/classification.md. numpy is imported with this module, which is why it is read only when a message is.
"""

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import sqrt

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
NARROW = 2.0
"""How fast a place says less with the distance: exp(NARROW * (cosine - 1))."""
_FEWEST_WORDS = 4
_BLOCK = 64


@dataclass(frozen=True)
class Meaning:
    """`rows` says which row of `vectors` is a word's. `usual` is where the mean message stands, `says` what each place tells.

    `places` and `says` are in blocks of places (`in_blocks`).
    """

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    vectors: npt.NDArray[np.int8]
    scale: float
    usual: Numbers
    places: Numbers
    says: Numbers

    def place_of(self, distinct: Collection[str]) -> Numbers | None:
        """Return where a message of these words stands, at distance 1 from where the mean one does; None if no word is known."""
        found = [row for row in map(self.rows.get, distinct) if row is not None]
        if not found:
            return None
        length = sqrt(max(_FEWEST_WORDS, len(distinct)))
        place = self.vectors[found].sum(0, dtype=np.float32) * np.float32(self.scale / length) - self.usual
        return np.asarray(place / (np.sqrt((place * place).sum()) + np.float32(1e-6)), np.float32)

    def scores(self, distinct: Collection[str]) -> list[float]:
        """Return what is added to each answer's score, in the order of `labels`.

        The sums are taken some places at a time: products so small are not worth waking another core, and do not.
        """
        place = self.place_of(distinct)
        if place is None:
            return [0.0] * len(self.labels)
        near = np.exp(NARROW * (self.places @ place - 1))
        said: list[float] = (near[:, None, :] @ self.says).sum((0, 1)).tolist()
        return said


def in_blocks(numbers: Numbers) -> Numbers:
    """Return the rows as blocks of at most _BLOCK of them; where the last would be shorter, all in one."""
    return numbers.reshape(-1, _BLOCK if len(numbers) % _BLOCK == 0 else len(numbers), numbers.shape[1])


def unpack(kept: bytes) -> Meaning:
    """Return what `bench.learning.meant` packed: the length of the heading, the heading, then the numbers one after another."""
    plain = zlib.decompress(kept)
    begins = 4 + int.from_bytes(plain[:4], "little")
    heading = json.loads(plain[4:begins])
    words, labels, size, places = heading["words"], tuple(heading["labels"]), heading["size"], heading["places"]
    vectors = np.frombuffer(plain, np.int8, len(words) * size, begins).reshape(-1, size).copy()
    rest = np.frombuffer(plain, "<f2", offset=begins + len(words) * size).astype(np.float32)
    return Meaning(
        labels=labels,
        rows={word: row for row, word in enumerate(words)},
        vectors=vectors,
        scale=heading["scale"],
        usual=rest[:size],
        places=in_blocks(rest[size : size * (places + 1)].reshape(places, size)),
        says=in_blocks(rest[size * (places + 1) :].reshape(places, len(labels))),
    )


@cache
def learned_meaning() -> Meaning:
    """Return what ships with heard, read once."""
    return unpack(resources.files("intake.classification").joinpath("words", "meaning.bin").read_bytes())
