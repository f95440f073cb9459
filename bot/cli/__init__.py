"""The command line: parse, call, print. stdout carries only the answer; progress and errors go to stderr."""

import io
import os
import sys
from collections.abc import Callable
from functools import cache

import typer

from bot import __version__
from bot.cli import (
    actions,
    advocacy,
    alert,
    bundle,
    calendar,
    calls,
    case,
    cover,
    databases,
    days,
    decide,
    drafts,
    erasing,
    facts,
    hold,
    init,
    intake,
    issues,
    joint,
    keeping,
    law,
    login,
    needs,
    people,
    places,
    plans,
    pool,
    post,
    preview,
    redact,
    registers,
    reporting,
    running,
    sealing,
    tasks,
)
from bot.cli.common import is_there
from bot.cli.explaining import explain

app = typer.Typer(
    name="heard",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Takes in what children, young people and families tell the council, and sees that they are heard.\n\n"
    "Try [bold]heard demo[/bold] first. Exit codes: 0 done, 1 the answer is no, 2 usage, 3 try later.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"heard {__version__}")
        raise typer.Exit


@app.callback()
def heard(
    version: bool = typer.Option(False, "--version", metavar="", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Complaints and compliments about children's services, by chat and email."""
    is_there(os.environ.get("HEARD_PERSON", ""))


init.add_to(app)
running.add_to(app)
keeping.add_to(app)
databases.add_to(app)
intake.add_to(app)
app.add_typer(case.app, name="case")
issues.add_to(case.app)
actions.add_to(case.app)
app.add_typer(actions.app, name="actions")
calls.add_to(case.app)
places.add_to(case.app)
erasing.add_to(case.app)
sealing.add_to(case.app)
facts.add_to(case.app)
people.add_to(case.app)
needs.add_to(case.app)
drafts.add_to(case.app)
bundle.add_to(case.app)
app.add_typer(redact.app, name="redact")
app.add_typer(decide.app, name="decide")
app.add_typer(hold.app, name="hold")
app.add_typer(tasks.tasks, name="tasks")
app.add_typer(alert.app, name="alert")
app.add_typer(advocacy.app, name="advocacy")
app.add_typer(advocacy.equality, name="equality")
app.add_typer(cover.app, name="cover")
app.add_typer(plans.app, name="plan")
app.add_typer(joint.app, name="joint")
app.add_typer(pool.app, name="pool")
days.add_to(app)
registers.add_to(app)
reporting.add_to(app)
app.add_typer(post.outbox, name="outbox")
app.add_typer(post.quarantine, name="quarantine")
app.add_typer(calendar.app, name="calendar")
law.add_to(app)
login.add_to(app)
preview.add_to(app)


@cache
def command_line() -> Callable[..., object]:
    """Every command put together, once a process: it takes longer than most commands."""
    return typer.main.get_command(app)


def main() -> None:
    """Run a command. What goes wrong is said in words: what happened, what is safe, what to do next."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the locale; half a character in somebody's words stops no answer.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        command_line()(prog_name="heard")
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
