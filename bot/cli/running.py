"""`run`, `demo`, `check`, `health`, `migrate`."""

import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from bot.cli.common import JSON, Answer, Exit, at_work, err, out, print_json, run, show, table


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="run", epilog="Example: HEARD_SETTINGS=/etc/heard/heard.toml heard run")(run_service)
    app.command(epilog="Example: heard demo --out /tmp/demo")(demo)
    app.command(epilog="Example: heard check")(check)
    app.command(epilog="Example: heard health --json")(health)
    app.command(epilog="Example: heard migrate")(migrate)


def run_service() -> None:
    """Run the service: listen at the doors, answer, remind. Ends well on SIGTERM or Ctrl-C."""
    from bot.logs import set_up
    from bot.settings import load

    settings = load()
    set_up(settings.log_level)
    if settings.mailbox is None and settings.telegram is None:
        raise Answer("There is no door: set a mailbox or a Telegram bot first (see heard.example.toml). Nothing was started.")
    for warning in settings.warnings:
        logging.getLogger("bot").warning("setting %s", warning)
    run(lambda: _run(settings))


async def _run(settings: "object") -> None:
    from bot.service import Service, WallClock, office_of
    from bot.settings import Settings
    from storage.migrating import ensure_current
    from storage.unit_of_work import open_memory

    assert isinstance(settings, Settings)
    memory = open_memory(settings.database_url)
    try:
        await ensure_current(settings.database_url)
        service = Service(settings, memory, await office_of(settings, memory), WallClock())
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, service.stop.set)
        await service.run()
    finally:
        await memory.close()


def demo(
    folder: Path = typer.Option(Path("demo-mails"), "--out", help="Where the mails of the story are left, as .eml and .html."),
) -> None:
    """Play a whole story over real wires: a young person, a parent, an officer, a missed deadline, the Monday digest."""
    from bot.rehearsal.story import play

    sys.exit(run(lambda: play(folder, out())))


def check(json: bool = JSON) -> None:
    """Look at settings, database, calendar and both doors, and say all that is missing before they may open."""
    from bot.checking import check_everything
    from bot.settings import load

    settings = load(doors=False)
    findings = run(lambda: check_everything(settings, datetime.now(UTC)))
    if json:
        print_json([{"what": one.what, "result": one.result, "words": one.words} for one in findings])
    else:
        marks = {"ok": "+ ok", "warning": "^ look", "failed": "# no"}
        show(table("", "What", "Words"), ((marks[one.result], one.what, one.words) for one in findings))
    if any(one.result == "failed" for one in findings):
        raise typer.Exit(Exit.NO)


def health(json: bool = JSON) -> None:
    """Is every door and the outbox turning? Exit 1 when one is silent, for a monitor to ask."""
    from bot.health import look_at_health
    from bot.settings import load

    settings = load(doors=False)

    async def look() -> "object":
        async with at_work(settings) as at:
            doors = [name for name, there in (("mailbox", settings.mailbox), ("telegram", settings.telegram)) if there]
            silent_after = timedelta(seconds=settings.alarms.silent_after_seconds)
            return await look_at_health(at.memory, at.office, [*doors, "outbox"], at.now, silent_after)

    from bot.health import Health

    found = run(look)
    assert isinstance(found, Health)
    if json:
        print_json(found.as_json())
    else:
        rows = [
            ("+ well" if loop.is_well else "# silent", loop.name, loop.turned_at or "never", loop.trouble or "")
            for loop in found.loops
        ]
        show(table("", "Loop", "Last good turn", "Trouble"), rows)
        waiting = ", ".join(f"{count} {state}" for state, count in found.outbox.items()) or "nothing waits"
        out().print(
            f"Outbox: {waiting}. Quarantine: {found.quarantined}. Bank holidays known until {found.calendar_known_until}."
        )
    if not found.is_well:
        raise typer.Exit(Exit.NO)


def migrate() -> None:
    """Bring the database to this program's schema. An SQLite file is backed up first."""
    from bot.settings import load
    from storage.migrating import migrate as bring_up

    settings = load(doors=False)
    done = run(lambda: bring_up(settings.database_url, now=datetime.now(UTC)))
    if done.before == done.after:
        err().print("The database is up to date. Nothing was changed.")
    else:
        err().print(f"The database is now at {done.after} (it was {done.before or 'empty'}).")
    if done.backup:
        err().print(f"What it was before is kept in {done.backup}.")
