"""What every command needs: settings, memory, office, who acts, and how to say what went wrong."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import Settings, SettingsError, load
from casework.office import Office
from storage.unit_of_work import Memory, open_memory

T = TypeVar("T")

AS = typer.Option(
    "", "--as", envvar="HEARD_PERSON", help="Who acts: the address of a person in the settings.", show_default=False
)
JSON = typer.Option(False, "--json", help="Print JSON instead of a table.")
ON = typer.Option("", "--date", metavar="YYYY-MM-DD", help="Show it as it was on this day.", show_default=False)


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


@dataclass(frozen=True)
class At:
    """Where a command works: the settings, the open memory and the office."""

    settings: Settings
    memory: Memory
    office: Office
    now: datetime


@asynccontextmanager
async def at_work(settings: Settings | None = None, *, create: bool = True) -> AsyncIterator[At]:
    """Open what the settings name. A fresh SQLite file is made and migrated on first use; another schema is refused."""
    from bot.service import office_of
    from storage.migrating import ensure_current

    settings = settings or load(doors=False)
    if create:
        await ensure_current(settings.database_url)
    memory = open_memory(settings.database_url)
    try:
        yield At(settings, memory, await office_of(settings, memory), datetime.now(UTC))
    finally:
        await memory.close()


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Do the asynchronous work of a command."""

    async def doing() -> T:
        return await work()

    return asyncio.run(doing())


def as_day(text: str, what: str = "date") -> date:
    """A day as it is typed: YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a {what} of the form YYYY-MM-DD, like 2026-03-02.") from None


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def out() -> Console:
    """Where answers go."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(file=sys.stderr, highlight=False)


def table(*columns: str, title: str = "") -> Table:
    """A plain table."""
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def show(made: Table, rows: Iterable[Iterable[object]]) -> None:
    """Fill a table and print it. Nobody's words are read as markup."""
    from rich.markup import escape

    for row in rows:
        made.add_row(*(escape(safe(str(cell))) for cell in row))
    out().print(made)


def safe(text: str) -> str:
    """Text for a terminal: no control characters and no change of direction, whatever a stranger wrote.

    Marks that only keep a reference together are dropped; what could turn a line around is shown as a sign.
    """
    return "".join(
        character if character in "\n\t" or (character.isprintable() and character not in _TURNS) else "\ufffd"
        for character in text
        if character not in _ISOLATES
    )


_ISOLATES = frozenset("\u200e\u200f\u2066\u2067\u2068\u2069")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")


def local(moment: datetime | None) -> str:
    """A moment as people at the desk read it."""
    from procedures.working_days import LONDON

    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}" if moment else ""


def explain(problem: Exception) -> int:
    """Say on stderr what happened, what is safe, and what to do next; return the exit code."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    from casework.actions import Refused
    from procedures.clocks import ExtensionRefused
    from procedures.working_days import UnknownDates
    from storage.migrating import SchemaTrouble

    if isinstance(problem, Answer):
        sys.stderr.write(f"{safe(str(problem))}\n")
        return problem.code
    if isinstance(problem, SettingsError | Refused | SchemaTrouble | UnknownDates | ExtensionRefused):
        sys.stderr.write(f"{safe(str(problem))}\n")
        return Exit.NO
    if isinstance(problem, OperationalError | InterfaceError | ConnectionError):
        sys.stderr.write(
            "The database cannot be used just now. Nothing was changed. Try again; `heard check` says what is wrong.\n"
        )
        return Exit.TRY_LATER
    if isinstance(problem, FileNotFoundError | IsADirectoryError | PermissionError):
        name = Path(os.fsdecode(problem.filename)).name if problem.filename else "a file"
        sys.stderr.write(f"Cannot read {name}: {problem.strerror}. Nothing was changed.\n")
        return Exit.NO
    from bot.logs import where

    sys.stderr.write(f"Something broke here, and nothing was half done: {where(problem)}\nPlease report it with this line.\n")
    return Exit.NO
