"""`heard init`: the settings of a council, asked for, tried and written."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import Answer, Exit, err, flag, out, run, safe

if TYPE_CHECKING:
    from bot.initiating.asking import Interview

NOTHING = "Nothing was written."
OUT = Path("heard.toml")


def add_to(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command(epilog="Example: heard init --out heard.toml")(init)


def init(
    place: Path = typer.Option(OUT, "--out", envvar="HEARD_SETTINGS", show_envvar=False, help="The settings file."),
    answers: Path | None = typer.Option(None, "--answers", help="Ask nothing: the answers are in a file of settings."),
    defaults: bool = flag("--defaults", "Ask nothing: take every default."),
    overwrite: bool = flag("--overwrite", "With --answers or --defaults: replace a settings file that is there."),
    wait: float = typer.Option(60.0, "--wait", min=1, max=3600, help="How many seconds to wait for a test letter."),
) -> None:
    """Ask what a council must decide, try mailbox, mail server and bot, and write the settings with their explanations.

    Secrets go into files of their own or stay in the environment. Nothing is sent and nothing changed without asking.
    """
    from bot.cli.asking import is_there

    _must_be_writable(place.absolute().parent)
    if answers is not None or defaults:
        _write_unasked(place, answers, overwrite)
        return
    if not is_there():
        raise Answer(
            f"There is no terminal to ask at. {NOTHING} For scripts: heard init --answers FILE, or --defaults.", Exit.USAGE
        )
    try:
        _ask_and_write(place, wait)
    except (KeyboardInterrupt, EOFError):
        err().print()
        raise Answer(f"Stopped. {NOTHING} What was there is as it was.") from None


def _must_be_writable(folder: Path) -> None:
    """Say so before forty questions are answered for nothing."""
    if not folder.is_dir():
        raise Answer(f"There is no folder {folder}. {NOTHING} Make it, or give another --out.")
    if not os.access(folder, os.W_OK):
        raise Answer(f"You may not write to {folder}. {NOTHING} Give another --out, or ask whoever may.")


def _ask_and_write(place: Path, wait: float) -> None:
    from bot.cli.asking import Terminal
    from bot.initiating.asking import Interview
    from bot.initiating.interviewing import interview_all
    from bot.initiating.wires import Trying
    from procedures.working_days import date_at_the_desk

    talk = Terminal()
    values, mistakes = _there_already(place)
    for mistake in mistakes:
        talk.say(f" # {mistake}")
    now = datetime.now(UTC)
    interview = Interview(talk, place.absolute().parent, date_at_the_desk(now), values, is_resumed=bool(values))
    interview_all(interview, Trying(run, lambda: datetime.now(UTC), wait), str(place))
    talk.say()
    if place.exists() and not interview.sure(f"{place} is there. Replace it? (It is kept as {place.name}.before)", default=True):
        raise Answer(NOTHING)
    _write(place, interview.values, interview)


def _write_unasked(place: Path, answers: Path | None, overwrite: bool) -> None:
    from bot.initiating.asking import as_toml
    from bot.initiating.questions import FIRST_TIME_DEFAULTS
    from bot.settings.sources import flattened

    values, mistakes = _there_already(place)
    if place.exists() and not overwrite:
        raise Answer(f"{place} is there already. {NOTHING} To replace it: --overwrite; it is kept as {place.name}.before.")
    if mistakes:
        raise Answer(_listed(f"{place} has mistakes. {NOTHING}", mistakes))
    for question in FIRST_TIME_DEFAULTS:
        if question.default and question.path not in values and not (place.exists() and question.is_optional):
            values[question.path] = as_toml(question.setting, question.default)
    if answers is not None:
        values |= dict(flattened(_toml_of(answers)))
        _must_load(answers)
    _write(place, values, None)


def _write(place: Path, values: dict[str, Any], interview: "Interview | None") -> None:
    from bot.initiating.drafting import draft
    from bot.initiating.example import written
    from bot.initiating.writing import write_settings
    from bot.readiness import demands
    from bot.settings import SettingsError
    from procedures.working_days import date_at_the_desk

    try:
        settings = draft(values, interview.secrets if interview else {})
    except SettingsError as problem:
        raise Answer(_listed(f"These answers do not go together. {NOTHING}", problem.mistakes)) from None
    kept = write_settings(place, written(values), values, interview.secret_files if interview else {})
    if kept:
        err().print(f"What {place.name} was before is kept in {kept.name}.")
    for secret in interview.secret_files if interview else ():
        err().print(f"A secret is in {secret}, which only you can read: the service must run as you, or be made its owner.")
    missing = [one for one in demands(settings, date_at_the_desk(datetime.now(UTC))) if not one.is_met]
    for one in missing:
        err().print(f"Still to do, {one.what}: {one.words}")
    err().print(f"Next: HEARD_SETTINGS={safe(str(place))} heard check")
    out().print(str(place))


def _there_already(place: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values of a settings file that is there, as far as they are settings, and the mistakes in it."""
    from bot.settings.sources import FILES, flattened
    from bot.settings.table import BY_PATH, LISTS

    if not place.exists():
        return {}, ()
    found = dict(flattened(_toml_of(place)))
    known = {path: value for path, value in found.items() if path in FILES or path in LISTS or path in BY_PATH}
    secret = {path for path in known if path in BY_PATH and BY_PATH[path].is_secret}
    return {path: value for path, value in known.items() if path not in secret}, _mistakes_in(place)


def _toml_of(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise Answer(f"{file} is not UTF-8 text. {NOTHING}") from None
    except tomllib.TOMLDecodeError as problem:
        raise Answer(f"{file} is not TOML: {problem}. {NOTHING}") from None


def _mistakes_in(file: Path) -> tuple[str, ...]:
    from bot.settings import SettingsError, load

    try:
        load({"HEARD_SETTINGS": str(file)}, doors=False)
    except SettingsError as problem:
        return problem.mistakes
    return ()


def _must_load(answers: Path) -> None:
    if mistakes := _mistakes_in(answers):
        raise Answer(_listed(f"{answers} has mistakes. {NOTHING}", mistakes))


def _listed(head: str, mistakes: Iterable[str]) -> str:
    return "\n".join([head, *(f"  - {mistake}" for mistake in mistakes)])
