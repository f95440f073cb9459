"""Small numbers are withheld, and with them whatever would let a reader work them out again, here or with the report before.

Counts of 1 to 4 are withheld. Then, as long as a reader who knows every sum can narrow one down to a range of five, the smallest
count beside it is withheld as well. What is worked out from a withheld count goes with it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from reports.disclosure.bounding import narrowed
from reports.disclosure.relations import Relation, counts_of, relations_of
from reports.figures.complaints import TEAMS
from reports.figures.measured import MEANS, MEASURED

SMALL = range(1, 5)
FEW = 10
"""Of fewer than so many no share is told."""
_EARLIER = {"complaints.outcomes.": "complaints.previous_outcomes."}
_STEP = re.compile(rf"{MEASURED}\.(?P<procedure>\w+)\.stage_(?P<one>\d)_to_(?P<other>\d)_percent")
_MONTH = re.compile(r"(complaints\.by_month\.)([0-9]{4})(-[0-9]{2})")


def hide(
    data: Mapping[str, Any],
    before: Mapping[str, Any],
    *,
    also: Collection[str] = (),
    also_before: Collection[str] | None = (),
    moved: Collection[str] = (),
) -> dict[str, Any]:
    """The figures as they may be published. `before` are those of the period that they are compared with.

    What the report of that period withheld is withheld here too: the two together tell no more than each. `also` is what other
    published reports keep to themselves of this period, `also_before` of the one before, each by its path in a report of that
    period; None keeps everything of the one before. `moved` is what an earlier print of this period showed otherwise
    (`disclosure.moved`): counts, shares, means and medians.
    """
    counts = counts_of(data)
    if also_before is None:
        earlier = {path for path in counts if is_of_before(path)}
    else:
        kept = hidden_counts(before, ()) | set(also_before)
        earlier = {path for one in kept for path in as_previous(one) if path in counts}
    hidden = hidden_counts(data, earlier | ((set(also) | set(moved)) & counts.keys()))
    lost = hidden | set(_worked_out(data, counts, hidden)) | set(moved)
    if also_before is None:
        lost |= {"complaints.escalation.previous_stage_1_to_2_percent"}
    shown: dict[str, Any] = _without(data, "", lost)
    parts, means = ({path: pair for path, pair in data.get(name, {}).items() if path not in lost} for name in ("parts", MEANS))
    shown.pop(TEAMS, None)  # nearly every one is small
    return shown | {"parts": parts, MEANS: means, "hidden": sorted(lost)}


def is_of_before(path: str) -> bool:
    """Whether a count stands in the columns of the period that the report is compared with."""
    return path.endswith(".previous") or any(path.startswith(then) for then in _EARLIER.values())


def hidden_counts(data: Mapping[str, Any], earlier: Collection[str]) -> set[str]:
    """The paths of the counts to withhold."""
    counts, relations = counts_of(data), relations_of(data)
    hidden = {path for path, count in counts.items() if count in SMALL} | set(earlier) | set(_late(data, counts))
    of_path: dict[str, list[Relation]] = {}
    for one in relations:
        for path in (*one.total, *one.parts):
            of_path.setdefault(path, []).append(one)
    while True:
        alone = {path for one in relations if one.is_whole for path in _alone(one, hidden)}
        weak = sorted(alone) or narrowed(relations, counts, hidden)
        more = {found for path in weak if (found := _nearest(path, of_path, counts, hidden))}
        more |= set(_with_few_left(relations, counts, hidden))
        if not more:
            return hidden
        hidden |= more


def _with_few_left(relations: Iterable[Relation], counts: Mapping[str, int], hidden: Collection[str]) -> Iterator[str]:
    """The smallest part of a sum that is printed whole and leaves 1 to 4 for what is not: those without an answer, late, open."""
    for one in relations:
        if one.is_whole or any(path in hidden or path not in counts for path in (*one.total, *one.parts)):
            continue
        left = sum(counts[path] for path in one.total) - sum(counts[path] for path in one.parts)
        if left in SMALL and (parts := [path for path in one.parts if counts[path]]):
            yield min(parts, key=lambda path: (counts[path], path))


def _late(data: Mapping[str, Any], counts: Mapping[str, int]) -> Iterator[str]:
    """Those in time where 1 to 4 were not: out of how many stands in the share beside."""
    for path, (part, of) in data["parts"].items():
        counted = path.removesuffix("_percent")
        if of - part in SMALL and counted in counts:
            yield counted


def _alone(one: Relation, hidden: Collection[str]) -> list[str]:
    """The count that stands withheld alone in a sum: it is the difference of the others."""
    found = [path for path in (*one.total, *one.parts) if path in hidden]
    return found if len(found) == 1 else []


def _nearest(path: str, of_path: Mapping[str, list[Relation]], counts: Mapping[str, int], hidden: Collection[str]) -> str | None:
    """The count to withhold for one that can be narrowed down: beside it, or beside what is withheld beside it, and so on."""
    ring, seen = {path}, {path}
    while ring:
        relations = [one for other in sorted(ring) for one in of_path.get(other, ())]
        if found := _beside(path, relations, counts, hidden):
            return found
        ring = {other for one in relations for other in (*one.total, *one.parts)} - seen
        seen |= ring
    return None


def _beside(path: str, relations: Iterable[Relation], counts: Mapping[str, int], hidden: Collection[str]) -> str | None:
    """The count to withhold beside one that can be narrowed down: the smallest that is not 0, a part rather than a total."""
    candidates = []
    for one in relations:
        for is_total, paths in ((False, one.parts), (True, one.total)):
            candidates += [
                (not one.is_whole, counts[other] == 0, is_total, counts[other], other)
                for other in paths
                if other not in hidden and other != path and other in counts
            ]
    return min(candidates)[-1] if candidates else None


def as_previous(path: str) -> Iterator[str]:
    """The paths at which the report a year later tells the same count: of a month, under its own month."""
    if path.endswith(".count"):
        yield f"{_moved(path.removesuffix('.count'), 1)}.previous"
    for now, then in _EARLIER.items():
        if path.startswith(now):
            yield then + path.removeprefix(now)


def as_counted(path: str) -> Iterator[str]:
    """Of a count of the period before, the path at which that period's own report tells it."""
    if path.endswith(".previous"):
        yield f"{_moved(path.removesuffix('.previous'), -1)}.count"
    for now, then in _EARLIER.items():
        if path.startswith(then):
            yield now + path.removeprefix(then)


def _moved(path: str, years: int) -> str:
    """The path a year later or earlier: of a month the same month of that year."""
    found = _MONTH.fullmatch(path)
    return f"{found[1]}{int(found[2]) + years:04}{found[3]}" if found else path


def _worked_out(data: Mapping[str, Any], counts: Mapping[str, int], hidden: AbstractSet[str]) -> Iterator[str]:
    """What is no count itself and would tell of a withheld one, or of very few."""
    for path in hidden:
        if path.endswith((".count", ".previous")):
            measure = path.rpartition(".")[0]
            yield from (f"{measure}.change", f"{measure}.change_percent")
    for path, (part, of) in data["parts"].items():
        is_few = of < FEW or part in SMALL or of - part in SMALL
        if is_few or any(one in hidden for one in _made_of(path, data)):
            yield path
    yield from _of_times(data, counts, hidden)
    yield from _of_means(data, hidden)
    yield from _of_themes(data, hidden)


def _made_of(path: str, data: Mapping[str, Any]) -> Iterator[str]:
    """The counts that a share is made of, or stands beside."""
    c = "complaints"
    name = path.removeprefix(f"{c}.")
    yield f"{c}.received.count"
    if name == "informal_percent":
        yield f"{c}.informal.count"
    elif name == "successful_per_contact_percent":
        for procedure in data[c]["outcomes"]:
            yield from (f"{c}.outcomes.{procedure}.{word}" for word in ("upheld", "partially_upheld"))
    elif name == "directly_by_young_people_percent":
        yield from (f"{c}.raised_by.{word}.count" for word in ("child", "care_leaver"))
    elif name.startswith("escalation."):
        which = "previous" if "previous" in name else "count"
        yield from (f"{c}.formal.{which}", f"{c}.received.{which}")
    elif found := _STEP.fullmatch(path):
        yield from (f"{c}.stages.{found['procedure']}.{stage}.count" for stage in (found["one"], found["other"]))
    elif name.startswith("timeliness.") or path.endswith(".beyond_percent"):
        stage = path.rpartition(".")[0].replace(f"{MEASURED}.", f"{c}.timeliness.", 1)
        yield from (f"{stage}.{one}" for one in _at(data, stage))
        yield f"{stage.replace('.timeliness.', '.stages.')}.count"


def _at(data: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The times of a stage: the last two steps of its path are its procedure and its stage."""
    procedure, stage = path.split(".")[-2:]
    found: Mapping[str, Any] = data["complaints"]["timeliness"][procedure][stage]
    return found


def _of_times(data: Mapping[str, Any], counts: Mapping[str, int], hidden: AbstractSet[str]) -> Iterator[str]:
    """A median of ten days says that half of those answered were in time: it goes where one of these numbers is withheld."""
    for procedure, stages in data["complaints"]["timeliness"].items():
        for stage, found in stages.items():
            path = f"complaints.timeliness.{procedure}.{stage}"
            if counts[f"{path}.answered"] < FEW or not hidden.isdisjoint(f"{path}.{one}" for one in found):
                yield f"{path}.median_working_days"


def _of_means(data: Mapping[str, Any], hidden: AbstractSet[str]) -> Iterator[str]:
    """A mean with its number is a sum: it is told of ten or more, where all that is counted of the stage is told, too."""
    for path, (_, of) in data.get(MEANS, {}).items():
        stage = path.rpartition(".")[0].replace(f"{MEASURED}.", "complaints.timeliness.", 1)
        counts = (f"{stage}.{one}" for one in _at(data, stage))
        if of < FEW or f"{stage.replace('.timeliness.', '.stages.')}.count" in hidden or not hidden.isdisjoint(counts):
            yield path


def _of_themes(data: Mapping[str, Any], hidden: Collection[str]) -> Iterator[str]:
    """Which theme comes before which says something of how many there are."""
    issues, path = data["complaints"]["issues"], "complaints.issues"
    blocks = {path: issues} | {f"{path}.by_procedure.{name}": block for name, block in issues["by_procedure"].items()}
    for of, block in blocks.items():
        themes = block["by_theme"]
        if any(f"{of}.by_theme.{theme}.count" in hidden for theme in themes):
            yield from (f"{of}.top_theme", f"{of}.top_themes", f"{of}.top_themes_upheld_percent")
        if any(f"{of}.by_theme.{theme}.upheld" in hidden for theme in themes):
            yield f"{of}.top_themes_upheld_percent"
        if any(f"{of}.by_theme.{theme}.{word}" in hidden for theme in themes for word in ("upheld", "partially_upheld")):
            yield f"{of}.upheld_themes"


def _without(value: Any, path: str, lost: Collection[str]) -> Any:
    if path in lost:
        return None
    if isinstance(value, Mapping) and path not in ("parts", MEANS, "hidden"):
        between = f"{path}." if path else ""
        return {name: _without(inner, f"{between}{name}", lost) for name, inner in value.items()}
    return value
