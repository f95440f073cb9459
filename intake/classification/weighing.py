"""What words weigh for each answer: many small weights, learned offline from labelled messages, added up here.

The lists say what certain words show; this adds what words like them showed elsewhere. A weight is a whole number in a lane of
32 bits, and the weights of one feature stand beside each other in one large integer: to add two integers is to add all answers.
Nothing is fetched, and nothing of a message is kept. How the weights came about: bench/learning, docs/classification.md.
"""

import json
import re
import zlib
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from math import exp, sqrt
from operator import add, itemgetter
from typing import TYPE_CHECKING

from intake.classification.folding import Folded

if TYPE_CHECKING:
    from intake.classification.meaning import Meaning
    from intake.classification.second_look import SecondLooks

ZERO = 1 << 15
"""What stands in a lane for a weight of nothing."""
WORD = re.compile(r"[^\W_]+|[!?£\U0001f300-\U0001faff]")
_PLAIN_WORD = re.compile("[a-z0-9]+|[!?]")
LONGEST_WORD = 30
_FEWEST_WORDS = 4
_LANE = 4
_FIRST, _SECOND = itemgetter(0), itemgetter(1)
_ENGLISH = "a:language=en"
"""A sign of the lists: only of English words it is known what they mean together."""
_STATUTORY, _IN_DOUBT = "statutory", 0.14
"""From this share on a complaint is of the statutory procedure: the Act displaces the corporate one, and a child loses more by
the other error. Chosen by hands that were left out (docs/classification.md)."""
_REMEMBERED = 20_000
"""Words of which the sum is kept: a language has not many more, and whoever invents them cannot fill the memory."""


def grams(word: str) -> list[str]:
    """Return the pieces of a word, of three to five letters; `<` and `>` are where it begins and ends."""
    marked = f"<{word}>"
    if len(word) <= 2:
        return []
    return ["c:" + marked[start : start + size] for size in (3, 4, 5) for start in range(len(marked) - size + 1)]


def words_in(text: str) -> list[str]:
    """Return the words of a folded text, overlong ones cut."""
    return [word[:LONGEST_WORD] for word in pattern_of_words(text).findall(text)]


def pattern_of_words(folded: str) -> re.Pattern[str]:
    """Return what a word of a folded text is; of a plain one the same, found sooner."""
    return _PLAIN_WORD if folded.isascii() else WORD


def length_of(distinct: Collection[str]) -> float:
    """What the sum over words is divided by, so that a long letter weighs no more than a short one."""
    return sqrt(max(_FEWEST_WORDS, len(distinct)))


@dataclass
class Weights:
    """The learned weights. `labels` are `field=value`, `bounds` what was chosen with them.

    `rows` says which row of `roots` is a feature's, a byte an answer; a row becomes an integer of lanes when it is asked for.
    """

    labels: tuple[str, ...]
    scales: tuple[float, ...]
    biases: tuple[float, ...]
    rows: Mapping[str, int]
    roots: bytes
    bounds: Mapping[str, float]
    meaning: "Meaning | None" = None
    """What the words of an English message mean together, added to the scores where it is there."""
    second_looks: "SecondLooks | None" = None
    """What the scores together say."""
    remembered: dict[str, tuple[int, int]] = field(default_factory=dict)
    often: dict[str, int] = field(default_factory=dict)
    lanes: dict[str, dict[str, int]] = field(init=False)
    """The lane of each value of each field."""

    def __post_init__(self) -> None:
        self.lanes = {}
        for lane, label in enumerate(self.labels):
            name, _, value = label.partition("=")
            self.lanes.setdefault(name, {})[value] = lane

    def row(self, name: str) -> int:
        """Return the weights of a feature that has some, in their lanes."""
        if (known := self.often.get(name)) is not None:
            return known
        width, number = len(self.labels), self.rows[name]
        roots = self.roots[number * width : (number + 1) * width]
        lanes = bytearray(_LANE * width)
        lanes[0::_LANE] = roots.translate(_LOW)
        lanes[1::_LANE] = roots.translate(_HIGH)
        row = int.from_bytes(lanes, "little")
        if name[0] != "c" and len(self.often) < _REMEMBERED // 2:
            self.often[name] = row
        return row

    def of_word(self, word: str) -> tuple[int, int]:
        """Return the sum for a word and its pieces, and of how many features."""
        known = self.remembered.get(word)
        if known is None:
            found = [self.row(name) for name in (f"w:{word}", *grams(word)) if name in self.rows]
            known = sum(found), len(found)
            if len(self.remembered) < _REMEMBERED:
                self.remembered[word] = known
        return known

    def unpacked(self, total: int, count: int) -> list[int]:
        """Return the lanes of a sum of `count` features."""
        lanes = array("I", total.to_bytes(_LANE * len(self.labels), "little"))
        nothing = count * ZERO
        return [lane - nothing for lane in lanes]


@dataclass(frozen=True)
class Weighed:
    """The scores of one message, near 1 where an answer is sure and near 0 where it is not."""

    weights: Weights
    scores: tuple[float, ...]
    words: tuple[str, ...]
    """The distinct words of the message."""
    shown: Collection[str] = ()
    """What the lists showed."""
    sums: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """For each of the words, what it and its pieces say of all answers, and how many features they are."""

    def score(self, field_name: str, value: str) -> float:
        """Return the score of one answer; nothing is known of an answer that was never learned."""
        lane = self.weights.lanes[field_name].get(value)
        return 0.0 if lane is None else self.scores[lane]

    def of(self, field_name: str) -> dict[str, float]:
        """Return the scores of all answers of a field."""
        return {value: self.scores[lane] for value, lane in self.weights.lanes[field_name].items()}

    def likeliest(self, question: str) -> str:
        """Return the answer that a second look at all scores finds likeliest; without one, that of the highest score."""
        speaks = self._seen_again.get(question) or self.of(question)
        return max(speaks, key=speaks.__getitem__)

    def procedure(self) -> str:
        """Return the procedure of a complaint, in the labelling guide's word: in doubt the statutory one."""
        likely = self.procedures()
        return _STATUTORY if likely[_STATUTORY] >= _IN_DOUBT else max(likely, key=likely.__getitem__)

    def procedures(self) -> dict[str, float]:
        """Return how likely each procedure is, taken for a complaint; the scores where no second look was learned."""
        speaks = self._seen_again.get("procedure")
        if speaks is None:
            return self.of("procedure")
        highest = max(speaks.values())
        parts = {name: exp(one - highest) for name, one in speaks.items()}
        whole = sum(parts.values())
        return {name: part / whole for name, part in parts.items()}

    @cached_property
    def _seen_again(self) -> dict[str, dict[str, float]]:
        looks = self.weights.second_looks
        return {} if looks is None else looks.sums(self.scores, self.shown, len(self.words))

    def telling(self, field_name: str, value: str, most: int, little: Collection[str] = ()) -> list[str]:
        """Return the words that speak most for an answer, the most telling first; those that say `little` only alone."""
        lane = self.weights.lanes[field_name].get(value)
        if lane is None:
            return []
        shift, shares = 8 * _LANE * lane, []
        for word, (total, count) in self.sums.items():
            share = (total >> shift & 0xFFFFFFFF) - count * ZERO
            if share > 0:
                shares.append((share, word))
        words = [word for _, word in sorted(shares, reverse=True)]
        return ([word for word in words if word not in little] or words)[:most]


def weigh(weights: Weights, subject: Folded, text: Folded, shown: Collection[str]) -> Weighed:
    """Add up the weights of the words, of pairs of neighbours, and of what the lists showed (`shown`), and what they mean."""
    words = words_in(f"{subject.text}\n{text.text}")
    distinct = set(words)
    rows = weights.rows
    remembered = weights.remembered
    sums = {word: remembered.get(word) or weights.of_word(word) for word in distinct}
    pairs = [weights.row(pair) for pair in rows.keys() & {f"b:{first} {second}" for first, second in pairwise(words)}]
    of_each = sums.values()
    of_words = weights.unpacked(sum(map(_FIRST, of_each)) + sum(pairs), sum(map(_SECOND, of_each)) + len(pairs))
    seen = [weights.row(name) for name in shown if name in rows]
    of_lists = weights.unpacked(sum(seen), len(seen))
    length = length_of(distinct)
    lanes = zip(weights.biases, weights.scales, of_words, of_lists, strict=True)
    scores = [bias + scale * (word / length + listed) for bias, scale, word, listed in lanes]
    if weights.meaning is not None and _ENGLISH in shown:
        scores = list(map(add, scores, weights.meaning.scores(distinct)))
    return Weighed(weights, tuple(scores), tuple(sorted(distinct)), shown, sums)


@cache
def learned() -> Weights:
    """Return the weights that ship with heard, read once."""
    from intake.classification.meaning import learned_meaning  # noqa: PLC0415 - numpy is imported where a message is read
    from intake.classification.second_look import learned_second_looks  # noqa: PLC0415 - the same

    weights = unpack(resources.files("intake.classification").joinpath("words", "learned.bin").read_bytes())
    return replace(weights, meaning=learned_meaning(), second_looks=learned_second_looks(weights.labels))


def unpack(kept: bytes) -> Weights:
    """Return weights from what `bench.learning` packed: the length of the heading, the heading, then a byte a weight.

    A byte is the root of the weight, so that small ones keep their difference: 5 stands for 25 of 16,129, -5 for -25.
    """
    plain = zlib.decompress(kept)
    begins = 4 + int.from_bytes(plain[:4], "little")
    heading = json.loads(plain[4:begins])
    rows = {name: number for number, name in enumerate(heading["features"])}
    return Weights(
        labels=tuple(heading["labels"]),
        scales=tuple(heading["scales"]),
        biases=tuple(heading["biases"]),
        rows=rows,
        roots=plain[begins:],
        bounds=heading["bounds"],
    )


_MEANT = [ZERO + (byte if byte < 128 else byte - 256) * abs(byte if byte < 128 else byte - 256) for byte in range(256)]
"""What each byte stands for in a lane."""
_LOW, _HIGH = bytes(value & 255 for value in _MEANT), bytes(value >> 8 for value in _MEANT)
