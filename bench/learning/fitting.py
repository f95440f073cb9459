"""From examples to weights: what is asked, who answers it, and where each bound is set."""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.learning.again import looked_again
from bench.learning.examples import DANGER, MOSTLY_OF_DANGER, hand_of
from bench.learning.learning import Matrix, Table, heavier_if_rare, solved, tell, weight_of
from bench.learning.meant import Meant

Record = dict[str, Any]
Labels = dict[str, list[float]]
_SINGLE = ("kind", "service", "complainant")
_RARE_COUNT_MORE = 0.5
"""For the answers of `_SINGLE`: a message of a rare kind counts as the square root of how rare it is (cross-validated)."""
_SEVERAL = ("themes", "wants")


def fit(records: Sequence[Record], vectors: tuple[list[str], Matrix]) -> tuple[dict[str, bytes], dict[str, float]]:
    """Return what is kept of it by the names of the files, and what the weights reach on hands not learned from."""
    told = [tell(record) for record in records]
    table, meant = Table(told), Meant(told, *vectors)
    kernel = table.kernel()
    kernel += meant.kernel()
    hands = np.array([hand_of(record) for record in records])
    columns: list[tuple[str, Matrix, float]] = []
    says: list[Matrix] = []
    scores: dict[str, dict[int, float]] = {}
    for labels, chosen in _questions(records):
        rows = np.array(chosen)
        wanted = np.array(list(labels.values()), np.float32).T
        part = kernel[np.ix_(rows, rows)]
        scores |= {label: {} for label in labels}
        how_much = _RARE_COUNT_MORE if next(iter(labels)).startswith(_SINGLE) else 0.0
        counts, mean, by_others = solved(part, wanted, heavier_if_rare(wanted, how_much), hands[rows])
        for row, line in zip(rows, by_others, strict=True):
            for label, score in zip(labels, line, strict=True):
                scores[label][int(row)] = float(score)
        weights = table.weights(rows, counts)
        says.append(meant.says(rows, counts))
        columns += [(label, weights[:, number], float(mean[number])) for number, label in enumerate(labels)]
    bounds, figures = chosen_bounds(records, [one.language for one in told], scores)
    files = {
        "learned.bin": packed(table, columns, bounds),
        "meaning.bin": meant.packed([label for label, _, _ in columns], np.concatenate(says, axis=1)),
        "second_look.bin": looked_again(records, told, scores, favours({label: mean for label, _, mean in columns})),
    }
    return files, figures | figures_of(records, scores)


def favours(means: Mapping[str, float]) -> dict[str, float]:
    """Return what each label's score has beside what was learned, from its mean."""
    return {label: _bias(label, mean) - mean for label, mean in means.items()}


def _questions(records: Sequence[Record]) -> list[tuple[Labels, list[int]]]:
    """Each group of labels that are asked of the same messages, and which those are."""
    asked: list[tuple[Labels, list[int]]] = []

    def ask(name: str, has: Callable[[Record], bool], values: Callable[[Record], Sequence[str]]) -> None:
        chosen = [number for number, record in enumerate(records) if has(record)]
        known = sorted({value for number in chosen for value in values(records[number])})
        labels = {f"{name}={value}": [float(value in values(records[number])) for number in chosen] for value in known}
        asked.append((labels, chosen))

    ask("risk", lambda record: True, lambda record: [record["risk"]] + ["danger"] * (record["risk"] in DANGER))
    for name in _SINGLE:
        ask(name, partial(_has, name), partial(_one, name))
    ask("procedure", lambda record: record.get("kind") == "complaint", lambda record: [record["procedure"]])
    ask("theme", lambda record: bool(record.get("themes")), lambda record: record["themes"])
    ask("wants", lambda record: "wants" in record, lambda record: record["wants"])
    ask("on_behalf", lambda record: "on_behalf" in record, lambda record: ["yes"] * record["on_behalf"])
    return asked


def _has(name: str, record: Record) -> bool:
    return name in record


def _one(name: str, record: Record) -> list[str]:
    return [record[name]]


def chosen_bounds(
    records: Sequence[Record], languages: Sequence[str], scores: dict[str, dict[int, float]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Set where a score becomes an answer, by scores that were learned without the message."""
    figures: dict[str, float] = {}
    bounds: dict[str, float] = {}
    danger = scores["risk=danger"]
    english = [row for row, one in enumerate(languages) if one == "en" and "kind" in records[row]]
    others = [row for row, one in enumerate(languages) if one != "en" and records[row]["from"] not in MOSTLY_OF_DANGER]

    def heard(bound: float, chosen: list[int]) -> float:
        in_danger = [row for row in chosen if records[row]["risk"] in DANGER]
        return sum(danger[row] >= bound for row in in_danger) / len(in_danger)

    def right(bound: float, chosen: list[int]) -> float:
        rings = [row for row in chosen if danger[row] >= bound]
        return sum(records[row]["risk"] in DANGER for row in rings) / max(1, len(rings))

    bounds["danger"] = max(bound for bound in BOUNDS if heard(bound, english) >= HEARD_IN_ENGLISH)
    bounds["danger_elsewhere"] = min(bound for bound in BOUNDS if right(bound, others) >= RIGHT_ELSEWHERE)
    for name, chosen in (("danger", english), ("danger_elsewhere", others)):
        figures[f"{name} recall"], figures[f"{name} precision"] = heard(bounds[name], chosen), right(bounds[name], chosen)
    bounds |= BESIDE_THE_LISTS
    return bounds, figures


def figures_of(records: Sequence[Record], scores: dict[str, dict[int, float]]) -> dict[str, float]:
    """Return how often the best answer by weight alone is the right one."""
    figures: dict[str, float] = {}
    for name in (*_SINGLE, "procedure"):
        labels = [label for label in scores if label.startswith(f"{name}=")]
        rows = list(scores[labels[0]])
        hits = [max(labels, key=lambda label: scores[label][row]) == f"{name}={records[row][name]}" for row in rows]
        figures[f"{name} accuracy"] = sum(hits) / len(hits)
    for name, field in (("theme", "themes"), ("wants", "wants")):
        _, figures[f"{name} F1"] = _best_bound(records, scores, name, field)
    return figures


FEWER_OF_THE_MANY = 0.75
"""What remains of the advantage that the commonest service and writer have by being common."""
BESIDE_THE_LISTS = {"theme": 0.35, "wants": 0.4}
"""From this score on a theme or a wish is added. By hand, by what the lists and the weights together reach on hands left out."""
HEARD_IN_ENGLISH = 0.95
"""In English the highest bound is taken at which so many in danger ring, on the messages of hands that were left out of the
learning: the aim, for recall comes first (people-and-safety.md 2.9)."""
RIGHT_ELSEWHERE = 0.65
"""In other languages the lowest at which so many alerts are right, as in English at its bound, on hands that wrote in natural
proportions; a person looks at each of those messages within two hours all the same."""
BOUNDS = [round(0.2 + number / 100, 2) for number in range(60)]
"""What a bound for danger may be, the lowest first."""
KINDS = {"safeguarding": -0.05, "complaint": 0.1}
"""Added to a kind's score. Of the messages learned from every fifth reports danger, so that danger is learned; of a day's post it
is one in twenty, and most of what sounds so is a complaint. In doubt it is a complaint (Code 1.4)."""


_HIGHEST, _STEP, _WORTH_LEAST = 127, 4, 0.2
_LAST = _HIGHEST // _STEP * _STEP
"""The root of a weight is kept in steps of four, and of all features the fifth that weighs least is left out: a score differs by
0.008 in the mean, and the file is smaller by a third."""


def _best_bound(records: Sequence[Record], scores: dict[str, dict[int, float]], name: str, field: str) -> tuple[float, float]:
    labels = [label for label in scores if label.startswith(f"{name}=")]
    rows = list(scores[labels[0]])
    best = (0.0, 0.0)
    for bound in np.arange(0.15, 0.6, 0.025):
        said = {(row, label.removeprefix(f"{name}=")) for row in rows for label in labels if scores[label][row] >= bound}
        said |= {(row, max(labels, key=lambda label: scores[label][row]).removeprefix(f"{name}=")) for row in rows}
        gold = {(row, value) for row in rows for value in records[row][field]}
        best = max(best, (2 * len(said & gold) / (len(said) + len(gold)), float(bound)))
    return round(best[1], 3), best[0]


def packed(table: Table, columns: list[tuple[str, Matrix, float]], bounds: dict[str, float]) -> bytes:
    """Return what `intake.classification.weighing.unpack` reads."""
    matrix = np.stack([weights for _, weights, _ in columns], axis=1)
    rows = matrix * np.array([[weight_of(feature)] for feature in table.features], np.float32)
    scales = np.abs(rows).max(0) / _HIGHEST**2
    steps = np.round(np.sign(rows) * np.sqrt(np.abs(rows) / scales) / _STEP) * _STEP
    roots: npt.NDArray[np.int8] = np.clip(steps, -_LAST, _LAST).astype(np.int8)
    worth = ((rows / rows.std(0)) ** 2).mean(1)
    kept: list[bool] = (worth > np.quantile(worth, _WORTH_LEAST)).tolist()
    heading = {
        "labels": [label for label, _, _ in columns],
        "scales": [float(scale) for scale in scales],
        "biases": [round(_bias(label, mean), 5) for label, _, mean in columns],
        "bounds": bounds,
        "features": [feature for feature, has in zip(table.features, kept, strict=True) if has],
    }
    start = json.dumps(heading, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(start).to_bytes(4, "little") + start + roots[kept].tobytes(), 9)


def _bias(label: str, mean: float) -> float:
    name, _, value = label.partition("=")
    if name == "kind":
        return mean + KINDS.get(value, 0.0)
    return mean * (FEWER_OF_THE_MANY if name in _SINGLE else 1)
