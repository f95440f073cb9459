"""M1 to M34: every measure with its definition, its numerator, its denominator and its values, from the figures of a report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reports.composing.data import Data, data_of
from reports.composing.wording import Wording, wording
from reports.figures.measured import LONGEST, MEANS, MEASURED
from reports.figures.rounding import rounded
from reports.values import Cell, Line, Measure, Unit
from templates.words import read_words

FILE = "report/measures.toml"
IDS = tuple(f"M{number}" for number in range(1, 35))
STAGES = ("1", "2", "3")
_MONEY, _DAYS = "pence", "advocate_days"


def measures_of(
    figures: Mapping[str, Any], daily: Mapping[str, int], *, is_published: bool, language: str = "en"
) -> tuple[Measure, ...]:
    """Every measure, in order. Of the daily work nothing is published: its counts are small, and add up to nothing."""
    words, data, called = read_words(FILE, language), data_of(figures), wording(language)
    return tuple(_measure(name, words, data, {} if is_published else daily, called) for name in IDS)


def _measure(name: str, words: Mapping[str, Any], data: Data, daily: Mapping[str, int], called: Wording) -> Measure:
    said = words[name]
    lines = tuple(_lines(said, data, daily, words, called))
    why_empty = "" if lines else words["internal" if said.get("daily") and not daily else "not_recorded"]
    return Measure(name, said["title"], said["definition"], said["numerator"], said["denominator"], lines, why_empty)


def _lines(
    said: Mapping[str, Any], data: Data, daily: Mapping[str, int], words: Mapping[str, Any], called: Wording
) -> Iterator[Line]:
    titles = words["titles"]
    for path in said.get("lines", ()):
        yield _line(titles[path], path, data)
    for path in (*said.get("maps", ()), *said.get("counts", ())):
        steps, kind = path.split("."), words["kinds"][path]
        for word in data.words(*steps):
            title = str(titles.get(path, "{word}")).format(word=called.term(kind, word))
            yield _line(title, f"{path}.{word}", data, *steps, word)
    if said.get("stages"):
        yield from _of_stages(data, called)
    if said.get("outcomes"):
        yield from _of_outcomes(data, called)
    if said.get("bodies"):
        yield from _of_bodies(data, titles["enquiries"], called)
    yield from _of_themes(said.get("themes", ()), data, called)
    yield from _of_times(said.get("times", ()), data, called)
    yield from _beyond(said, data, titles, called)
    yield from _longest(said.get(LONGEST, ""), data, titles, called)
    if daily:
        yield from _daily(said, daily, titles)


def _line(title: str, path: str, data: Data, *steps: str) -> Line:
    """A measure has the period before beside it; any other figure stands alone."""
    walked = steps or tuple(path.split("."))
    found = data.at(*walked)
    if isinstance(found, Mapping) and "previous" in found:
        return Line(title, data.cell(*walked, "count"), data.cell(*walked, "previous"))
    return Line(title, data.cell(*walked))


def _of_stages(data: Data, called: Wording) -> Iterator[Line]:
    for procedure in data.words("complaints", "stages"):
        for stage in STAGES:
            steps = ("complaints", "stages", procedure, stage)
            title = f"{called.term('procedure', procedure)}: {called['stage'].format(stage=stage).lower()}"
            yield Line(title, data.cell(*steps, "count"), data.cell(*steps, "previous"))


def _of_outcomes(data: Data, called: Wording) -> Iterator[Line]:
    for procedure in data.words("complaints", "outcomes"):
        for word in data.words("complaints", "outcomes", procedure):
            now, before = (data.cell("complaints", name, procedure, word) for name in ("outcomes", "previous_outcomes"))
            yield Line(f"{called.term('procedure', procedure)}: {called.term('outcome', word).lower()}", now, before)


def _of_bodies(data: Data, enquiries: str, called: Wording) -> Iterator[Line]:
    for body in data.words("ombudsman"):
        steps = ("ombudsman", body)
        name = called.term("body", body)
        yield Line(f"{name}: {enquiries}", data.cell(*steps, "enquiries", "count"), data.cell(*steps, "enquiries", "previous"))
        for word in data.words(*steps, "decided"):
            yield Line(f"{name}: {called.term('outcome', word).lower()}", data.cell(*steps, "decided", word))


def _of_themes(names: Iterable[str], data: Data, called: Wording) -> Iterator[Line]:
    steps = ("complaints", "issues", "by_theme")
    for theme in data.words(*steps):
        for name in names:
            title = called.term("theme", theme)
            yield Line(
                title if name == "count" else f"{title}: {called.term('outcome', name).lower()}", data.cell(*steps, theme, name)
            )


def _of_times(names: Iterable[str], data: Data, called: Wording) -> Iterator[Line]:
    for procedure in data.words("complaints", "timeliness"):
        for one in names:
            stage, share = one.split(".")
            steps = ("complaints", "timeliness", procedure, stage)
            if share in data.words(*steps):
                name = share.removesuffix("_percent").removesuffix("_working_days")
                title = f"{called.term('procedure', procedure)}: {called.term('share', name).lower()}"
                yield Line(title, data.cell(*steps, share))


def _daily(said: Mapping[str, Any], daily: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Line]:
    """What a version before this one kept has not every count."""
    for name in said.get("daily", ()):
        if name in daily:
            yield Line(titles[name], Cell(daily[name], Unit.PENCE if name == _MONEY else Unit.COUNT))
    for made in said.get("daily_shares", ()):
        part, of = (daily.get(name, 0) for name in made["of"])
        if of:
            is_share = made["of"][0] != _DAYS
            value = Decimal(str(rounded(Fraction(100 * part if is_share else part, of), 1)))
            cell = Cell(value, Unit.PERCENT if is_share else Unit.WORKING_DAYS, numerator=part, denominator=of)
            yield Line(made["title"], cell)
    for beginning in said.get("answers", ()):
        yield from (Line(_answer(name), Cell(count)) for name, count in daily.items() if name.startswith(beginning))


def _answer(name: str) -> str:
    """`equality.age.16 to 17` is "Age: 16 to 17"."""
    _, question, answer = name.split(".", 2)
    return f"{_title(question)}: {answer}"


def measured_in(said: Mapping[str, Any], figures: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The figures of a measure that stand in no JSON, by their path: of each procedure that has them."""
    for procedure, found in figures.get(MEASURED, {}).items():
        for name in said.get(MEASURED, ()):
            value: Any = found
            for step in name.split("."):
                value = value.get(step) if isinstance(value, Mapping) else None
            yield f"{MEASURED}.{procedure}.{name}", value


def _beyond(said: Mapping[str, Any], data: Data, titles: Mapping[str, str], called: Wording) -> Iterator[Line]:
    """Without a path in the printed cell, since the JSON has none."""
    for path, value in measured_in(said, data.figures):
        cell = data.cell(*path.split("."))
        if value is None and not cell.is_hidden:
            continue
        part, of = data.figures.get(MEANS, {}).get(path) or (cell.numerator, cell.denominator)
        _, procedure, name = path.split(".", 2)
        yield Line(
            f"{called.term('procedure', procedure)}: {titles[name]}", replace(cell, path="", numerator=part, denominator=of)
        )


def _longest(stage: str, data: Data, titles: Mapping[str, str], called: Wording) -> Iterator[Line]:
    """Without a path, as means are. A published report, and one that an earlier version kept, have none."""
    for procedure in data.words(LONGEST):
        if stage in data.words(LONGEST, procedure):
            cell = replace(data.cell(LONGEST, procedure, stage, "working_days"), path="")
            yield Line(f"{called.term('procedure', procedure)}: {titles[LONGEST]}", cell)


def _title(word: str) -> str:
    """A question on equality, as its key has it."""
    return word.replace("_", " ").capitalize() if word.islower() and word.isascii() else word
