"""Layout files: TOML, strictly read. heard's own lie with the words that people read; a council's in a folder of its own.

A layout is chapters; a chapter is sentences, tables of the report by name, and tables that it makes of figures by their path.
What each key means is in docs/reports.md. Whatever is unknown or missing is an error that names the file and the place.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from reports.measuring import IDS
from reports.unseen import is_blank

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
PLACES = frozenset({"about", "contents", "definitions", "main", "methods", "notes", "summary"})
"""What the parts of every report are called: links within it lead there."""
OWN = "layout_"
"""What the names of heard's own files begin with, in templates/en/report."""


class LayoutError(ValueError):
    """A layout that is not there, or cannot be used: which file, where, why."""


@dataclass(frozen=True)
class RowPlan:
    """One figure, all figures of a map, or all values of a measure."""

    path: str
    """Empty for a measure."""
    title: str = ""
    """Empty for a map: its rows are called what they are called elsewhere in the report."""
    top: int = 0
    """Of a map, only this many, the greatest first; 0 is all."""
    measure: str = ""
    """M1 to M34: what is counted from the daily work stands in no figure with a path."""


@dataclass(frozen=True)
class TablePlan:
    """A table that the layout makes of figures."""

    name: str
    title: str
    row_title: str
    rows: tuple[RowPlan, ...]
    footnotes: tuple[str, ...] = ()
    without_zeros: bool = False
    """Whether rows that are 0 in both periods stay out. One of which anything is withheld stays."""


@dataclass(frozen=True)
class ChapterPlan:
    """A chapter: its sentences, then the report's tables, then its own."""

    title: str
    needs: str = ""
    """The path of a figure without which the chapter is left out."""
    sentences_of: tuple[str, ...] = ()
    """Chapters of the report whose sentences stand here too."""
    text: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Paths: of the tables that `tables` names, those with figures under one of them stay out."""
    own: tuple[TablePlan, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A layout as it was written."""

    name: str
    about: str
    """For whom and for what it is: the command line lists it."""
    title: str
    chapters: tuple[ChapterPlan, ...]


def names(folder: Path | None) -> tuple[str, ...]:
    """The layouts there are: heard's own and those of the council's folder."""
    own = [file.name.removesuffix(".toml").removeprefix(OWN) for file in _own_folder().iterdir() if file.name.startswith(OWN)]
    theirs = [file.stem for file in folder.glob("*.toml")] if folder else []
    return tuple(sorted({*own, *theirs}))


def read_layout(name: str, folder: Path | None = None) -> Layout:
    """The layout of this name; the council's own wins over heard's. Raises LayoutError."""
    known = names(folder)
    if not _NAME.fullmatch(name) or name not in known:
        raise LayoutError(f'There is no layout "{name[:40]}". There are: {", ".join(known)}.')
    theirs = folder / f"{name}.toml" if folder else None
    source = theirs if theirs and theirs.is_file() else _own_folder() / f"{OWN}{name}.toml"
    where = str(theirs) if source is theirs else f"the layout {name}"
    try:
        return _layout(name, tomllib.loads(source.read_text(encoding="utf-8")), where)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LayoutError(f"{where} cannot be read as TOML: {error}") from error


def _own_folder() -> Any:
    return files("templates") / "en" / "report"


def _layout(name: str, found: Mapping[str, Any], where: str) -> Layout:
    _only(found, {"about", "title", "chapter"}, where)
    chapters = _list(found, "chapter", where)
    if not chapters:
        raise LayoutError(f"{where} has no [[chapter]].")
    plans = tuple(_chapter(one, f"{where}, chapter {place}") for place, one in enumerate(chapters, start=1))
    taken = [table.name for plan in plans for table in plan.own]
    if twice := sorted({one for one in taken if taken.count(one) > 1}):
        raise LayoutError(f"{where} has two tables called {twice[0]}: each needs its own name.")
    return Layout(name, _text(found, "about", where), _text(found, "title", where, required=False), plans)


def _chapter(found: Mapping[str, Any], where: str) -> ChapterPlan:
    _only(found, {"title", "needs", "sentences_of", "text", "tables", "without", "table"}, where)
    own = tuple(_table(one, f"{where}, table {place}") for place, one in enumerate(_list(found, "table", where), start=1))
    return ChapterPlan(
        _text(found, "title", where),
        _text(found, "needs", where, required=False),
        _texts(found, "sentences_of", where),
        _texts(found, "text", where),
        _texts(found, "tables", where),
        _texts(found, "without", where),
        own,
    )


def _table(found: Mapping[str, Any], where: str) -> TablePlan:
    _only(found, {"name", "title", "row_title", "row", "footnotes", "without_zeros"}, where)
    name = _text(found, "name", where)
    if not _NAME.fullmatch(name):
        raise LayoutError(f"{where}: the name may have small letters, digits and _, and begins with a letter.")
    if name in PLACES:
        raise LayoutError(f"{where}: a part of every report is called {name}: give the table another name.")
    rows = tuple(_row(one, f"{where}, row {place}") for place, one in enumerate(_list(found, "row", where), start=1))
    without_zeros = found.get("without_zeros", False)
    if not isinstance(without_zeros, bool):
        raise LayoutError(f"{where}: without_zeros is true or false.")
    titles = _text(found, "title", where), _text(found, "row_title", where)
    return TablePlan(name, *titles, rows, _texts(found, "footnotes", where), without_zeros)


def _row(found: Mapping[str, Any], where: str) -> RowPlan:
    _only(found, {"path", "title", "top", "measure"}, where)
    measure = _text(found, "measure", where, required=False)
    if measure and (set(found) != {"measure"} or measure not in IDS):
        raise LayoutError(f"{where}: a measure is one of M1 to M34, and stands alone in its row.")
    top = found.get("top", 0)
    if not isinstance(top, int) or isinstance(top, bool) or top < 0:
        raise LayoutError(f"{where}: top is a whole number.")
    return RowPlan(_text(found, "path", where, required=not measure), _text(found, "title", where, required=False), top, measure)


def _only(found: object, known: set[str], where: str) -> None:
    if not isinstance(found, Mapping):
        raise LayoutError(f"{where} is no table of TOML.")
    if unknown := sorted(set(found) - known):
        raise LayoutError(f"{where}: unknown: {unknown[0]}. It may have: {', '.join(sorted(known))}.")


def _list(found: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise LayoutError(f"{where}: {name} is written as [[{name}]].")
    return value


def _text(found: Mapping[str, Any], name: str, where: str, *, required: bool = True) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or ((required or value) and is_blank(value)):
        raise LayoutError(f"{where}: {name} is missing, or is no text that can be seen.")
    return value


def _texts(found: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise LayoutError(f"{where}: {name} is a list of texts.")
    return tuple(value)
