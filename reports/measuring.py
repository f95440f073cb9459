"""M1 to M34: every measure with its definition, its numerator, its denominator and its values, from the figures of a report."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.composing.data import Data, data_of
from reports.values import Cell, Line, Measure, Unit
from templates.engine import read_words

FILE = "report/measures.toml"
IDS = tuple(f"M{number}" for number in range(1, 35))
STAGES = ("1", "2", "3")
_MONEY = "pence"


def measures_of(
    figures: Mapping[str, Any], daily: Mapping[str, int], *, is_published: bool, language: str = "en"
) -> tuple[Measure, ...]:
    """Every measure, in order. Of the daily work nothing is published: its counts are small, and add up to nothing."""
    words, data = read_words(FILE, language), data_of(figures)
    return tuple(_measure(name, words, data, {} if is_published else daily) for name in IDS)


def _measure(name: str, words: Mapping[str, Any], data: Data, daily: Mapping[str, int]) -> Measure:
    said = words[name]
    lines = tuple(_lines(said, data, daily, words["titles"]))
    why_empty = "" if lines else words["internal" if said.get("daily") and not daily else "not_recorded"]
    return Measure(name, said["title"], said["definition"], said["numerator"], said["denominator"], lines, why_empty)


def _lines(said: Mapping[str, Any], data: Data, daily: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Line]:
    for path in said.get("lines", ()):
        yield _line(titles[path], path, data)
    for path in said.get("maps", ()):
        yield from (_line(_title(word), f"{path}.{word}", data, *path.split("."), word) for word in data.words(*path.split(".")))
    for path in said.get("counts", ()):
        yield from (Line(_title(word), data.cell(*path.split("."), word)) for word in data.words(*path.split(".")))
    if said.get("stages"):
        yield from _of_stages(data)
    if said.get("outcomes"):
        yield from _of_outcomes(data)
    if said.get("bodies"):
        yield from _of_bodies(data)
    yield from _of_themes(said.get("themes", ()), data)
    yield from _of_times(said.get("times", ()), data)
    for name in said.get("daily", ()) if daily else ():
        yield Line(titles[name], Cell(daily[name], Unit.PENCE if name == _MONEY else Unit.COUNT))


def _line(title: str, path: str, data: Data, *steps: str) -> Line:
    """A measure has the period before beside it; any other figure stands alone."""
    walked = steps or tuple(path.split("."))
    found = data.at(*walked)
    if isinstance(found, Mapping) and "previous" in found:
        return Line(title, data.cell(*walked, "count"), data.cell(*walked, "previous"))
    return Line(title, data.cell(*walked))


def _of_stages(data: Data) -> Iterator[Line]:
    for procedure in data.words("complaints", "stages"):
        for stage in STAGES:
            steps = ("complaints", "stages", procedure, stage)
            yield Line(f"{_title(procedure)}, stage {stage}", data.cell(*steps, "count"), data.cell(*steps, "previous"))


def _of_outcomes(data: Data) -> Iterator[Line]:
    for procedure in data.words("complaints", "outcomes"):
        for word in data.words("complaints", "outcomes", procedure):
            now, before = (data.cell("complaints", name, procedure, word) for name in ("outcomes", "previous_outcomes"))
            yield Line(f"{_title(procedure)}: {_title(word).lower()}", now, before)


def _of_bodies(data: Data) -> Iterator[Line]:
    for body in data.words("ombudsman"):
        steps = ("ombudsman", body)
        yield Line(
            f"{body.upper()}: enquiries", data.cell(*steps, "enquiries", "count"), data.cell(*steps, "enquiries", "previous")
        )
        for word in data.words(*steps, "decided"):
            yield Line(f"{body.upper()}: {_title(word).lower()}", data.cell(*steps, "decided", word))


def _of_themes(names: Iterable[str], data: Data) -> Iterator[Line]:
    steps = ("complaints", "issues", "by_theme")
    for theme in data.words(*steps):
        for name in names:
            title = _title(theme) if name == "count" else f"{_title(theme)}: {_title(name).lower()}"
            yield Line(title, data.cell(*steps, theme, name))


def _of_times(names: Iterable[str], data: Data) -> Iterator[Line]:
    for procedure in data.words("complaints", "timeliness"):
        for name in names:
            stage, share = name.split(".")
            steps = ("complaints", "timeliness", procedure, stage)
            if share in data.words(*steps):
                yield Line(f"{_title(procedure)}: {_title(share.removesuffix('_percent')).lower()}", data.cell(*steps, share))


def _title(word: str) -> str:
    return word.replace("_", " ").capitalize() if word.islower() and word.isascii() else word
