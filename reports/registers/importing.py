"""A folder is read, checked, compared with what stands, and only then taken in: all of it or nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.office import Office
from procedures.working_days import date_at_the_desk
from reports.registers.checking import check
from reports.registers.columns import CASES
from reports.registers.reading import Mistake, read_folder
from reports.registers.standing import what_stands
from reports.registers.taking import Import, stage, take
from storage.unit_of_work import Memory

Bars = Callable[[str, int], AbstractContextManager[Any]]
"""Makes what shows progress: from words and a total, something with `advance`."""


@dataclass(frozen=True)
class Imported:
    """What became of an import. With a mistake nothing was stored."""

    cases: int
    added: int = 0
    changed: int = 0
    mistakes: list[Mistake] = field(default_factory=list)


class _Silent:
    def advance(self, count: int) -> None:
        """Nobody watches."""


def _no_bar(words: str, total: int) -> AbstractContextManager[Any]:
    return nullcontext(_Silent())


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.csv") if path.is_file())


async def import_folder(memory: Memory, folder: Path, name: str, office: Office, now: datetime, bars: Bars = _no_bar) -> Imported:
    """Take in the register of a folder; `name` is what the histories call this import. Raises OSError for unreadable files."""
    today = date_at_the_desk(now)
    with bars("Reading", _size(folder)) as bar:
        register = read_folder(folder, today, bar.advance)
    mistakes = check(register)
    if mistakes:
        return Imported(len(register.of(CASES)), mistakes=mistakes)
    async with memory.reading() as uow:
        standing = await what_stands(uow, today)
    this = Import(name, now, office)
    staged = stage(register, standing, this)
    if staged.mistakes:
        return Imported(staged.cases, mistakes=staged.mistakes)
    with bars("Storing", staged.whole_size) as bar:
        await take(memory, staged, this, bar.advance)
    return Imported(staged.cases, staged.added, staged.changed)
