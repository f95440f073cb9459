"""What a reader knows of the counts in a report without being told: which of them add up to which others.

Every relation is a sum: `total` is the sum of `parts`, or at least that much where something that is not printed is missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STAGES = ("1", "2", "3")
BOTH = ("count", "previous")
_NO_COUNTS = (".change", "_percent", "median_working_days")
_OWN_WORDS = "stage_1_by_service"
"""The map of plain counts under a council's own words: a service may be called "Behaviour.change"."""


@dataclass(frozen=True)
class Relation:
    """A sum that every reader can check."""

    total: tuple[str, ...]
    """Paths whose sum is the total."""
    parts: tuple[str, ...]
    is_whole: bool = True
    """Whether the parts are all of it."""


def counts_of(data: Mapping[str, Any]) -> dict[str, int]:
    """Every count that the report prints, by its path. Shares, changes, medians and lists are worked out from counts."""
    found: dict[str, int] = {}
    for name in ("complaints", "compliments", "comments", "enquiries", "ombudsman", "learning"):
        _walk(data.get(name, {}), name, found)
    return found


def _walk(value: Any, path: str, found: dict[str, int]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _walk(inner, f"{path}.{name}", found)
    elif type(value) is int and (f".{_OWN_WORDS}." in path or not path.endswith(_NO_COUNTS)):
        found[path] = value


def relations_of(data: Mapping[str, Any]) -> list[Relation]:
    """Every sum between counts of the report."""
    return [one for one in (*_received(data), *_stages(data), *_times(data), *_issues(data), *_others(data)) if one.parts]


def _received(data: Mapping[str, Any]) -> Iterator[Relation]:
    complaints, c = data["complaints"], "complaints"
    for which in BOTH:
        total = (f"{c}.received.{which}",)
        for name in ("by_procedure", "by_service", "by_team", "by_channel", "raised_by"):
            yield Relation(total, tuple(f"{c}.{name}.{word}.{which}" for word in complaints[name]))
        yield Relation(total, (f"{c}.formal.{which}", f"{c}.informal.{which}"), is_whole=False)
        yield Relation(total, tuple(f"{c}.by_month.{month}.{which}" for month in complaints["by_month"]))
        of_directorates = tuple(f"{c}.by_directorate.{name}.informal.{which}" for name in complaints["by_directorate"])
        yield Relation((f"{c}.informal.{which}",), of_directorates)
    for procedure in complaints["by_procedure"]:
        for name, which in (("outcomes", "count"), ("previous_outcomes", "previous")):
            parts = [f"{c}.{name}.{procedure}.{word}" for word in complaints[name].get(procedure, {})]
            if which == "count" and procedure in complaints["withdrawn"]:
                parts.append(f"{c}.withdrawn.{procedure}")
            yield Relation((f"{c}.by_procedure.{procedure}.{which}",), tuple(parts), is_whole=False)


def _stages(data: Mapping[str, Any]) -> Iterator[Relation]:
    complaints, c = data["complaints"], "complaints"
    directorates = complaints["by_directorate"]
    for stage in STAGES:
        for which in BOTH:
            of_procedures = tuple(f"{c}.stages.{name}.{stage}.{which}" for name in complaints["stages"])
            yield Relation(of_procedures, tuple(f"{c}.by_directorate.{name}.stages.{stage}.{which}" for name in directorates))
        left = {f"{c}.stage_outcomes.{name}": found.get(stage, {}) for name, found in complaints["stage_outcomes"].items()}
        right = {
            f"{c}.by_directorate.{name}.stage_outcomes": of["stage_outcomes"].get(stage, {}) for name, of in directorates.items()
        }
        for word in sorted({word for found in left.values() for word in found}):
            yield Relation(_where(left, stage, word), _where(right, stage, word))
        for path, found in (left | right).items():
            total = (
                path.replace("stage_outcomes", "stages", 1) if path in left else path.removesuffix("stage_outcomes") + "stages"
            )
            yield Relation((f"{total}.{stage}.count",), _each(f"{path}.{stage}", found))
        began = tuple(f"{c}.stages.{name}.{stage}.count" for name in complaints["stages"])
        yield Relation(began, (f"{c}.resolved_at_stage.{stage}",), is_whole=False)
    for name, found in directorates.items():
        services = _each(f"{c}.by_directorate.{name}.stage_1_by_service", found["stage_1_by_service"])
        yield Relation((f"{c}.by_directorate.{name}.stages.1.count",), services)


def _where(of: Mapping[str, Mapping[str, int]], stage: str, word: str) -> tuple[str, ...]:
    """The paths at which a word stands."""
    return tuple(f"{path}.{stage}.{word}" for path, found in of.items() if word in found)


def _times(data: Mapping[str, Any]) -> Iterator[Relation]:
    """Answered stages are some of those that began; those in a shorter time are some of those in a longer one."""
    for procedure, stages in data["complaints"]["timeliness"].items():
        for stage, found in stages.items():
            path = f"complaints.timeliness.{procedure}.{stage}"
            began = f"complaints.stages.{procedure}.{stage}.count"
            yield Relation((began,), (f"{path}.answered",), is_whole=False)
            within = [name for name in found if name.startswith(("within_", "panel_")) and not name.endswith("_percent")]
            if stage == "3":
                yield Relation((began,), (f"{path}.panel_within_30",), is_whole=False)
                yield Relation((f"{path}.answered",), (f"{path}.within_20",), is_whole=False)
                continue
            shorter, longer = within
            yield Relation((f"{path}.{longer}",), (f"{path}.{shorter}",), is_whole=False)
            yield Relation((f"{path}.answered",), (f"{path}.{longer}",), is_whole=False)


def _issues(data: Mapping[str, Any]) -> Iterator[Relation]:
    issues, path = data["complaints"]["issues"], "complaints.issues"
    blocks = {path: issues} | {f"{path}.by_procedure.{name}": block for name, block in issues["by_procedure"].items()}
    for of, block in blocks.items():
        yield Relation((f"{of}.count",), tuple(f"{of}.by_theme.{theme}.count" for theme in block["by_theme"]))
        for theme in block["by_theme"]:
            parts = tuple(f"{of}.by_theme.{theme}.{word}" for word in ("upheld", "partially_upheld", "not_upheld"))
            yield Relation((f"{of}.by_theme.{theme}.count",), parts, is_whole=False)
    procedures = issues["by_procedure"]
    yield Relation((f"{path}.count",), tuple(f"{path}.by_procedure.{name}.count" for name in procedures))
    for theme in issues["by_theme"]:
        for word in ("count", "upheld", "partially_upheld", "not_upheld"):
            having = [name for name, of in procedures.items() if theme in of["by_theme"]]
            of_procedures = tuple(f"{path}.by_procedure.{name}.by_theme.{theme}.{word}" for name in having)
            yield Relation((f"{path}.by_theme.{theme}.{word}",), of_procedures)


def _others(data: Mapping[str, Any]) -> Iterator[Relation]:
    compliments = data["compliments"]
    yield Relation(("compliments.received.count",), _each("compliments.by_source", compliments["by_source"]))
    for which in BOTH:
        services = tuple(f"compliments.by_service.{word}.{which}" for word in compliments["by_service"])
        yield Relation((f"compliments.received.{which}",), services)
    for body, found in data["ombudsman"].items():
        yield Relation((f"ombudsman.{body}.enquiries.count",), _each(f"ombudsman.{body}.by_kind", found["by_kind"]))
    yield Relation(("learning.actions",), ("learning.done", "learning.overdue", "learning.open"))


def _each(path: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{path}.{word}" for word in words)
