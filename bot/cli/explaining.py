"""What went wrong, in words: what happened, what is safe, what to do next."""

import os
import sys
from pathlib import Path

from bot.cli.common import Answer, Exit, safe
from procedures.clocks import ExtensionRefused
from procedures.working_days import UnknownDates

_DATABASE = "The database cannot be used just now. Nothing was changed. Try again; `heard check` says what is wrong."


def explain(problem: Exception) -> int:
    """Say on stderr what went wrong; return the exit code."""
    words, code = _said(problem)
    sys.stderr.write(f"{safe(words)}\n")
    return code


def _said(problem: Exception) -> tuple[str, Exit]:
    if isinstance(problem, Answer):
        return str(problem), problem.code
    if isinstance(problem, UnknownDates | ExtensionRefused):
        return str(problem), Exit.NO
    if isinstance(problem, OSError) and problem.filename is not None:
        name = Path(os.fsdecode(problem.filename)).name
        return f"Cannot use {name}: {problem.strerror}. Nothing was changed.", Exit.NO
    if isinstance(problem, OSError):
        return _DATABASE, Exit.TRY_LATER
    return _said_by_the_house(problem)


def _said_by_the_house(problem: Exception) -> tuple[str, Exit]:
    from sqlalchemy.exc import InterfaceError, OperationalError

    from bot.checking import why_refused
    from bot.logs import where
    from bot.settings import SettingsError
    from casework.acting import Refused
    from procedures.rulebook import RulebookError
    from storage.erasing import WrongKey
    from storage.migrating import SchemaBusy, SchemaTrouble
    from storage.walls import BehindAWall

    if isinstance(problem, SchemaBusy):
        return str(problem), Exit.TRY_LATER
    if isinstance(problem, SettingsError | Refused | BehindAWall | SchemaTrouble | WrongKey | RulebookError):
        return str(problem), Exit.NO
    if why := why_refused(problem):
        return f"The database cannot be used: {why}. Nothing was changed.", Exit.NO
    if isinstance(problem, OperationalError | InterfaceError):
        return _DATABASE, Exit.TRY_LATER
    return f"Something broke here, and nothing was half done: {where(problem)}\nPlease report it with this line.", Exit.NO
