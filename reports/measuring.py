"""M1 to M34: every measure with its definition, its numerator, its denominator and its values, from the figures of a report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reports.composing.data import Data, data_of
from reports.composing.wording import Wording, wording
from reports.figures.before import BEFORE
from reports.figures.measured import LONGEST, MEANS, MEASURED
from reports.figures.rounding import rounded
from reports.values import Cell, Line, Measure, Unit
from templates.words import read_words

FILE = "report/measures.toml"
IDS = tuple(f"M{number}" for number in range(1, 35))
STAGES = ("1", "2", "3")
_MONEY, _DAYS = "pence", "advocate_days"


def measures_of(
    figures: Mapping[str, Any],
    daily: Mapping[str, int],
    daily_before: Mapping[str, int] | None = None,
    *,
    is_published: bool,
    language: str = "en",
) -> tuple[Measure, ...]:
    """Every measure, in order, with the period before where that was counted.

    Of the daily work nothing is published: its counts are small, and add up to nothing.
    """
    words, data, called = read_words(FILE, language), data_of(figures), wording(language)
    work = _Daily({}, {}) if is_published else _Daily(daily, daily_before or {})
    return tuple(_measure(name, words, data, work, called) for name in IDS)


@dataclass(frozen=True)
class _Daily:
    """Counts of the daily work by name: of the period, and of the one before."""

    now: Mapping[str, int]
    before: Mapping[str, int]


def _measure(name: str, words: Mapping[str, Any], data: Data, daily: _Daily, called: Wording) -> Measure:
    said = words[name]
    lines = tuple(_lines(said, data, daily, words, called))
    why_empty = "" if lines else words["internal" if said.get("daily") and not daily.now else "not_recorded"]
    return Measure(name, said["title"], said["definition"], said["numerator"], said["denominator"], lines, why_empty)


def _lines(said: Mapping[str, Any], data: Data, daily: _Daily, words: Mapping[str, Any], called: Wording) -> Iterator[Line]:
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
    if daily.now:
        yield from _daily(said, daily, titles)


def _line(title: str, path: str, data: Data, *steps: str) -> Line:
    """A measure has the period before beside it; any other figure has what a staff's report counts of it."""
    walked = steps or tuple(path.split("."))
    found = data.at(*walked)
    if isinstance(found, Mapping) and "previous" in found:
        return Line(title, data.cell(*walked, "count"), data.cell(*walked, "previous"))
    return Line(title, data.cell(*walked), data.before(*walked))


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
            decided = (*steps, "decided", word)
            yield Line(f"{name}: {called.term('outcome', word).lower()}", data.cell(*decided), data.before(*decided))


def _of_themes(names: Iterable[str], data: Data, called: Wording) -> Iterator[Line]:
    steps = ("complaints", "issues", "by_theme")
    for theme in data.words(*steps):
        for name in names:
            title, path = called.term("theme", theme), (*steps, theme, name)
            said = title if name == "count" else f"{title}: {called.term('outcome', name).lower()}"
            yield Line(said, data.cell(*path), data.before(*path))


def _of_times(names: Iterable[str], data: Data, called: Wording) -> Iterator[Line]:
    for procedure in data.words("complaints", "timeliness"):
        for one in names:
            stage, share = one.split(".")
            steps = ("complaints", "timeliness", procedure, stage)
            if share in data.words(*steps):
                name = share.removesuffix("_percent").removesuffix("_working_days")
                title = f"{called.term('procedure', procedure)}: {called.term('share', name).lower()}"
                yield Line(title, data.cell(*steps, share), data.before(*steps, share))


def _daily(said: Mapping[str, Any], daily: _Daily, titles: Mapping[str, str]) -> Iterator[Line]:
    """What a version before this one kept has not every count."""
    for name in said.get("daily", ()):
        if name in daily.now:
            unit = Unit.PENCE if name == _MONEY else Unit.COUNT
            yield Line(titles[name], Cell(daily.now[name], unit), _counted(daily.before.get(name), unit))
    for made in said.get("daily_shares", ()):
        now, before = (_shared(made["of"], counts) for counts in (daily.now, daily.before))
        if now or before:
            yield Line(made["title"], now or Cell(None), before)
    for beginning in said.get("answers", ()):
        for name, count in daily.now.items():
            if name.startswith(beginning):
                yield Line(_answer(name), Cell(count), _counted(daily.before.get(name)))


def _counted(count: int | None, unit: Unit = Unit.COUNT) -> Cell | None:
    return None if count is None else Cell(count, unit)


def _shared(names: Sequence[str], counts: Mapping[str, int]) -> Cell | None:
    """A share or a mean of the daily work; None of nothing."""
    part, of = (counts.get(name, 0) for name in names)
    if not of:
        return None
    is_share = names[0] != _DAYS
    value = Decimal(str(rounded(Fraction(100 * part if is_share else part, of), 1)))
    return Cell(value, Unit.PERCENT if is_share else Unit.WORKING_DAYS, numerator=part, denominator=of)


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
    for path, _ in measured_in(said, data.figures):
        now, before = _divided(data, data.cell(*path.split("."))), _divided(data, data.before(*path.split(".")))
        if now is not None or before is not None:
            _, procedure, name = path.split(".", 2)
            yield Line(f"{called.term('procedure', procedure)}: {titles[name]}", now or Cell(None), before)


def _divided(data: Data, cell: Cell | None) -> Cell | None:
    """With what it was divided from; None for a mean or a share of nothing."""
    if cell is None or (cell.value is None and not cell.is_hidden):
        return None
    part, of = data.figures.get(MEANS, {}).get(cell.path) or (cell.numerator, cell.denominator)
    return replace(cell, path="", numerator=part, denominator=of)


def _longest(stage: str, data: Data, titles: Mapping[str, str], called: Wording) -> Iterator[Line]:
    """Without a path, as means are. A published report, and one that an earlier version kept, have none."""
    for procedure in dict.fromkeys((*data.words(LONGEST), *data.words(BEFORE, LONGEST))):
        now, before = (
            replace(data.cell(*steps, stage, "working_days"), path="") if stage in data.words(*steps) else None
            for steps in ((LONGEST, procedure), (BEFORE, LONGEST, procedure))
        )
        if now or before:
            yield Line(f"{called.term('procedure', procedure)}: {titles[LONGEST]}", now or Cell(None), before)


def _title(word: str) -> str:
    """A question on equality, as its key has it."""
    return word.replace("_", " ").capitalize() if word.islower() and word.isascii() else word
