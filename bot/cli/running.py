"""`run`, `demo`, `check`, `health`."""

import contextlib
import os
import resource
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.common import JSON, Answer, Exit, flag, local, print_json, run, show, table
from bot.cli.findings import print_findings

if TYPE_CHECKING:
    from bot.cli.at_work import At
    from bot.health import Health
    from bot.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="run", epilog="Example: HEARD_SETTINGS=/etc/heard/heard.toml heard run")(run_service)
    app.command(epilog="Example: heard demo --out /tmp/demo")(demo)
    app.command(epilog="Example: heard check --letters")(check)
    app.command(epilog="Example: heard health --json")(health)


def run_service(
    open_anyway: bool = flag("--open-anyway", "Open a live service's doors although something is missing that safety demands."),
) -> None:
    """Run the service: listen at the doors, answer, remind. Ends well on SIGTERM or Ctrl-C."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(Exit.DONE))  # until there is a unit in hand to be finished
    import logging

    from bot.logs import set_up, speak_for_all
    from bot.settings import LogFormat, LogTo, load

    settings = load()
    stream = sys.stdout if settings.log.to is LogTo.STDOUT else sys.stderr
    set_up(settings.log_level, stream, settings.secrets, as_json=settings.log.format is LogFormat.JSON)
    speak_for_all()
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of our memory on a disk would hold every letter in it
    if settings.mailbox is None and settings.telegram is None:
        raise Answer(_no_door())
    _refuse_unready(settings, open_anyway)
    for warning in settings.warnings:
        logging.getLogger("bot").warning("setting %s", warning)
    from bot.cli.serving import serve  # all that runs is made here, before garbage is looked for

    run(lambda: serve(settings))


def _no_door() -> str:
    """Why nothing was started; whoever forgot to name the settings file is told so."""
    from bot.settings.sources import NO_FILE, settings_file

    why = "" if settings_file(os.environ) else f" Perhaps this is why: {NO_FILE}."
    return f"There is no door: set a mailbox or a Telegram bot first (see heard.example.toml). Nothing was started.{why}"


def _refuse_unready(settings: "Settings", open_anyway: bool) -> None:
    """Keep the doors shut where people would be served before safety is ready (practice.md §2, §4)."""
    import logging

    from bot.readiness import unmet
    from procedures.working_days import date_at_the_desk

    missing = unmet(settings, date_at_the_desk(datetime.now(UTC)))
    if missing and not open_anyway:
        lines = "\n".join(f"  - {one.what}: {one.words}" for one in missing)
        raise Answer(
            f"The doors stay shut. This is no trial, and safety is not ready:\n{lines}\nNothing was started. For a trial set "
            "council.environment; to open all the same, and answer for it: heard run --open-anyway"
        )
    for one in missing:
        logging.getLogger("bot").error("opened without what=%s", one.what.replace(" ", "-"))


def demo(
    folder: Path = typer.Option(Path("demo-mails"), "--out", help="Where the mails are left, as .eml and .html."),
    story: bool = flag("--story", "Play the scripted story also in a terminal."),
) -> None:
    """Try everything on this machine: in a terminal be the young person, the parent and the officer, and move the clock.

    Without a terminal, or with --story, a whole story is played: a young person, a parent, a missed deadline, the Monday digest.
    """
    if not story and sys.stdin.isatty() and sys.stdout.isatty():
        sys.stdout.write("heard: you play every part. A moment, please.\n")
        sys.stdout.flush()
        from bot.rehearsal.play.playing import play
        from bot.rehearsal.play.screen import console_of

        sys.exit(run(lambda: play(folder, console_of())))
    from rich.console import Console

    from bot.rehearsal.story import play as play_story

    sys.exit(run(lambda: play_story(folder, Console(file=sys.stdout, highlight=False))))


def check(
    json: bool = JSON,
    letters: bool = flag("--letters", "Also send test letters to the service's own address, and see that they come back."),
    wait: float = typer.Option(60.0, "--wait", min=1, max=3600, help="How many seconds to wait for the test letters."),
) -> None:
    """Look at settings, database, calendar and both doors, and say all that is missing before they may open."""
    from bot.checking import check_everything

    findings = run(lambda: check_everything(lambda: datetime.now(UTC), letters_for=wait if letters else None))
    if json:
        print_json([{"group": one.group, "what": one.what, "result": one.result, "words": one.words} for one in findings])
    else:
        print_findings(findings)
    if any(one.result == "failed" for one in findings):
        raise typer.Exit(Exit.NO)


def health(json: bool = JSON) -> None:
    """Is every door and the outbox turning? Exit 1 when one is silent, for a monitor to ask."""
    from bot.cli.at_work import at_work
    from bot.health import look_at_health

    async def look() -> "Health":
        async with at_work() as at:
            silent_after = timedelta(seconds=at.settings.alarms.silent_after_seconds)
            expected = await _expected(at, silent_after)
            return await look_at_health(at.memory, at.office, expected, at.now, silent_after, counts_loose=True)

    found = run(look)
    if json:
        print_json(found.as_json())
    else:
        _print_health(found)
    if not found.is_well:
        raise typer.Exit(Exit.NO)


async def _expected(at: "At", silent_after: timedelta) -> list[str]:
    """The loops to watch: the doors and the outbox that the service began with, and whatever has been failing for long.

    They are read from the memory: whoever asks may not have the service's own settings. Without any, the settings say.
    """
    from storage import heartbeats

    wires = {"mailbox": at.settings.mailbox, "telegram": at.settings.telegram}
    set_up = [name for name, there in wires.items() if there] + ["outbox"]
    async with at.memory.reading() as uow:
        rows = {row.loop: row for row in await heartbeats.every(uow)}
    began = [name for name in (*wires, "outbox") if name in rows]
    ailing = [
        name
        for name, row in rows.items()
        if name not in began and row.trouble_since is not None and at.now - row.trouble_since > silent_after
    ]
    return [*(began or set_up), *sorted(ailing)]


def _print_health(found: "Health") -> None:
    rows = (
        ("+ well" if loop.is_well else "# silent", loop.name, local(loop.turned_at) or "never", loop.trouble)
        for loop in found.loops
    )
    from bot.cli.health_rows import health_rows

    show(table("How", "Loop", "Last good turn", "Trouble", whole=["How", "Loop"]), rows)
    show(table("How", "What", "Now", whole=["How", "What"]), health_rows(found))
