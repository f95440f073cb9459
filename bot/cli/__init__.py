"""The command line: parse, call, print. stdout carries only the answer; progress and errors go to stderr."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

import typer

from bot import __version__
from bot.cli.common import is_there
from bot.cli.explaining import explain

ALONE = {"run": "bot.cli.running", "import-mail": "bot.cli.intake"}
"""Commands whose start is waited for, and where they stand: each is put together without the others."""


def bare() -> typer.Typer:
    """Return the command line without a command."""
    app = typer.Typer(
        name="heard",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        help="Takes in what children, young people and families tell the council, and sees that they are heard.\n\n"
        "Try [bold]heard demo[/bold] first. Exit codes: 0 done, 1 the answer is no, 2 usage, 3 try later.",
    )
    app.callback()(heard)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"heard {__version__}")
        raise typer.Exit


def heard(
    version: bool = typer.Option(False, "--version", metavar="", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Complaints and compliments about children's services, by chat and email."""
    is_there(os.environ.get("HEARD_PERSON", ""))


def command_line(arguments: Sequence[str]) -> Callable[..., object]:
    """Return what runs such arguments: every command put together, or only the one that is asked for."""
    return _put_together(arguments[0] if arguments and arguments[0] in ALONE else "")


@cache
def _put_together(name: str) -> Callable[..., object]:
    """Put the commands together, once a process: for all of them it takes longer than most commands."""
    if not name:
        from bot.cli.every import app  # to load them takes longer than most commands, too

        return typer.main.get_command(app)
    alone = bare()
    import_module(ALONE[name]).add_to(alone)
    return typer.main.get_command(alone)


def main() -> None:
    """Run a command. What goes wrong is said in words: what happened, what is safe, what to do next."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the locale; half a character in somebody's words stops no answer.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        command_line(sys.argv[1:])(prog_name="heard")
    except Exception as problem:  # noqa: BLE001  # the last edge before a person: a traceback would show words and addresses
        sys.exit(explain(problem))
    finally:
        _flush()


def _flush() -> None:
    """Write what is left. Whoever read the answer may have seen enough and gone: then it goes nowhere, without a word."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
