"""What every command needs to speak: options, exit codes, tables and JSON. Light: a command opens the memory with `at_work`."""

import asyncio
import gc
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from procedures.working_days import LONDON, WorkingCalendar, read_calendars

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")


def flag(name: str, words: str) -> Any:
    """An option that is there or not. Without a name for its value: typer would write `<bool>`, as if one were wanted."""
    return typer.Option(False, name, metavar="", help=words)


_WHO: ContextVar[str] = ContextVar("who", default="")


def who_is_there() -> str:
    """Who runs the command, as they say: with --as, or by HEARD_PERSON. What is kept from them is not shown to them."""
    return _WHO.get()


def is_there(who: str) -> str:
    """Remember who runs the command from here on."""
    _WHO.set(who)
    return who


AS = typer.Option(
    "",
    "--as",
    envvar="HEARD_PERSON",
    callback=is_there,
    help="Who acts: the address of a person in the settings.",
    show_default=False,
)
JSON = flag("--json", "Print JSON instead of a table.")
TRAINING = flag("--training", "Only what is about cases to learn on, which no other list shows.")
ON = typer.Option("", "--date", metavar="YYYY-MM-DD", help="Show it as it was on this day.", show_default=False)
WHY_LONGEST = 70
"""Symbols of a long text that a table shows; the whole stands in the JSON."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    NO = 1
    USAGE = 2
    TRY_LATER = 3


class Answer(Exception):
    """The answer is no: said on stderr, with an exit code. Nothing was changed."""

    def __init__(self, words: str, code: Exit = Exit.NO) -> None:
        super().__init__(words)
        self.code = code


class BadLine(ValueError):
    """A line of a file cannot be answered; the message says why, for who made it."""


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Do the asynchronous work of a command."""

    async def doing() -> T:
        return await work()

    collect_garbage()
    return asyncio.run(doing())


def collect_garbage() -> None:
    """From here on garbage is collected, where a start had put it off: what it made is kept and not looked through again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


# What is given


def read_day(text: str) -> date:
    """A day as it is typed: YYYY-MM-DD and nothing else; ValueError says what is wrong."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # a day that no month has
    raise ValueError(f"{text[:40]!r} is not a date of the form YYYY-MM-DD, like 2026-03-02.")


def as_day(text: str) -> date:
    """A day that was given as an option."""
    try:
        return read_day(text)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


def shown_by_our_clocks(at: datetime) -> datetime:
    """The moment when clocks in London showed this; in autumn the first of two. An hour that spring skipped is refused."""
    moment = at.replace(tzinfo=LONDON)
    if moment.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != at:
        raise Answer(f"No clock here showed {at:%H:%M on %d %B %Y}: they went forward that night. Nothing was kept.")
    return moment


def as_nation(text: str) -> str:
    """A nation whose bank holidays are known."""
    if text not in read_calendars():
        raise typer.BadParameter(f"{text[:40]!r} is not one of {', '.join(sorted(read_calendars()))}.")
    return text


@lru_cache
def calendar_of(nation: str) -> WorkingCalendar:
    """The calendar that ships with heard: made once, since its table takes longer than a thousand answers."""
    return WorkingCalendar.of(nation)


def words_of(words: str, words_from: str) -> str:
    """Words given on the line, in a text file, or on stdin."""
    if not words_from:
        return words
    if words:
        raise typer.BadParameter("Give --words or --words-from, not both.")
    name, held = ("stdin", sys.stdin.buffer.read()) if words_from == "-" else (words_from, Path(words_from).read_bytes())
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Answer(f"{safe(name)} is not UTF-8 text. Nothing was changed.") from None


def json_lines(path: str, answer: Callable[[dict[str, Any]], Any]) -> None:
    """Answer each JSON object of a file (or of stdin, `-`) with one line of JSON, in order. A bad line ends it, by its number.

    `answer` raises BadLine or another ValueError with words for the person who made the line.
    """
    collect_garbage()
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            answered = answer(_object(line))
        except ValueError as problem:
            sys.stdout.flush()
            raise Answer(f"Line {number}: {problem} The lines before it were answered, none after it.") from None
        print_json(answered)
        if path == "-":
            sys.stdout.flush()


def _lines(path: str) -> Iterator[bytes]:
    if path == "-":
        yield from sys.stdin.buffer
        return
    with Path(path).open("rb") as opened:
        yield from opened


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8 text.") from None
    except (ValueError, RecursionError):
        raise BadLine("it is not JSON.") from None
    if not isinstance(found, dict):
        raise BadLine("it is JSON, but not an object.")
    return found


# What is said


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def out() -> "Console":
    """Where answers go. What strangers wrote is never read as markup or as the name of a picture."""
    return _console(sys.stdout)


def err() -> "Console":
    """Where progress and errors go."""
    return _console(sys.stderr)


def _console(stream: Any) -> "Console":
    from rich.console import Console

    # In a pipe nothing is wide: rich would break lines after 80 symbols there, and a script could not read them.
    width = None if stream.isatty() or "COLUMNS" in os.environ else 10_000
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


@dataclass(frozen=True)
class Table:
    """The head of a plain table. The columns that are `whole` are never broken: half a reference reads as another one."""

    columns: tuple[str, ...]
    whole: frozenset[str]
    title: str


def table(*columns: str, whole: Iterable[str] = (), title: str = "") -> Table:
    return Table(columns, frozenset(whole), title)


def show(made: Table, rows: Iterable[Iterable[object]]) -> None:
    """Print a table: fitted to a terminal, or a line a row in a pipe, however long it is."""
    cells = [[safe(str(cell)) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _fitted(made, cells)
        return
    lines = [list(made.columns), *([" ".join(cell.split()) for cell in row] for row in cells)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    head = f"{made.title}\n" if made.title else ""
    body = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)
    sys.stdout.write(head + "".join(body))


def _fitted(made: Table, cells: Iterable[list[str]]) -> None:
    from rich import table as rich_table

    drawn = rich_table.Table(title=made.title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in made.columns:
        drawn.add_column(column, overflow="fold", no_wrap=column in made.whole)
    for row in cells:
        drawn.add_row(*row)
    out().print(drawn)


def short(text: str, longest: int = WHY_LONGEST) -> str:
    """A long text, cut at a word for a table."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def safe(text: str) -> str:
    """Text for a terminal: no control characters and no change of direction, whatever a stranger wrote.

    Marks that only keep a reference together are dropped; what could turn a line around is shown as a sign.
    """
    return "".join(
        character if character in _KEPT or character.isprintable() else "\ufffd"
        for character in text
        if character not in _ISOLATES
    )


_KEPT = frozenset("\n\t\u200c\u200d")
"""Among them the joiners: Persian is written with them, and families of emoji are."""
_ISOLATES = frozenset("\u200e\u200f\u2066\u2067\u2068\u2069")


def local(moment: datetime | None) -> str:
    """A moment as people at the desk read it."""
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}" if moment else ""
