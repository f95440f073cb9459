"""heard.example.toml is the one place where settings are explained: reasons are read from it, and files written along it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from bot.settings.sources import FILES
from bot.settings.table import BY_PATH

EXAMPLE = Path(__file__).parents[1] / "settings" / "heard.example.toml"
HEAD = "# The settings of heard, written by `heard init`: run it again to change them, or change them here."
_SECTION = re.compile(r"\[(\w+)\]")
_LIST = re.compile(r"\[\[(\w+)\]\]")
_VALUE = re.compile(r"(?:# )?(\w+) = .*")

Values = Mapping[str, Any]
"""What a settings file says: TOML's own values by path, people and teams as lists of tables."""


@cache
def lines() -> tuple[str, ...]:
    return tuple(EXAMPLE.read_text("utf-8").splitlines())


@cache
def reasons() -> dict[str, str]:
    """Why each setting, section and list is there: the comment above it, or above the one before it in its section."""
    found: dict[str, str] = {}
    section, told = "", ""
    comment: list[str] = []
    for line in lines():
        if heading := _LIST.fullmatch(line) or _SECTION.fullmatch(line):
            section, told = heading[1], " ".join(comment)
            found.setdefault(section, told)
            comment = []
        elif path := _path_of(line, section):
            told = " ".join(comment) or told
            found[path] = told
            comment = []
        elif line.startswith("#"):
            comment.append(line.lstrip("# "))
        else:
            comment = []
    return found


def written(values: Values) -> str:
    """A settings file with these values and the example's comments. What is not said stands there as a comment."""
    text = "\n".join([HEAD, *_lines_with(values)])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _lines_with(values: Values) -> Iterator[str]:
    section, rows_of = "", ""
    said: set[str] = set()
    for line in lines()[1:]:
        if heading := _LIST.fullmatch(line):
            section = rows_of = heading[1]
            if values.get(rows_of) and rows_of not in said:
                yield from _rows(rows_of, values[rows_of])
            said.add(rows_of)
        if rows_of and line:
            if not values.get(rows_of):
                yield f"# {line}"
            continue
        rows_of = ""
        if heading := _SECTION.fullmatch(line):
            section = heading[1]
        path = _path_of(line, section)
        if path in values:
            yield f"{path.rpartition('.')[2]} = {literal(values[path])}"
        else:
            yield f"# {line}" if path and not line.startswith("#") else line


def _rows(name: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield from ["", f"[[{name}]]"] if number else [f"[[{name}]]"]
        yield from (f"{key} = {literal(value)}" for key, value in row.items())


def _path_of(line: str, section: str) -> str:
    """The setting that a line of the example shows, commented or not; nothing where it shows none."""
    found = _VALUE.fullmatch(line)
    path = f"{section}.{found[1]}".removeprefix(".") if found else ""
    return path if path in BY_PATH or path in FILES else ""


def literal(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
