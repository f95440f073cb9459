"""`backup`, `restore`, `migrate`: keeping what people wrote, whatever happens to the machine or the program."""

import getpass
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.common import AS, JSON, Answer, Exit, err, flag, local, print_json, run, safe, show, table

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.backup import Manifest, Origin
    from storage.migrating import Migrated
    from storage.unit_of_work import UnitOfWork

TELL_EVERY_SECONDS = 5.0
_NIGHTLY = re.compile(r"heard-[0-9]{8}T[0-9]{6}Z\.zip")
FILE = typer.Argument(metavar="FILE", help="A file, or a folder in which each backup gets the name of its moment.")


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(epilog="Example: heard backup /var/backups/heard/ --keep 35")(backup)
    app.command(epilog="Example: heard restore /var/backups/heard/heard-20260302T020000Z.zip")(restore)
    app.command(epilog="Example: heard migrate")(migrate)


def backup(
    named: str = FILE,
    verify: bool = flag("--verify", "Only look: is this backup whole, and what is in it? Nothing is made."),
    keep: int | None = typer.Option(
        None, "--keep", min=1, help="In a folder: keep the newest so many, delete older ones.", show_default=False
    ),
    overwrite: bool = flag("--overwrite", "Replace the file if it is there."),
    json: bool = JSON,
) -> None:
    """Copy the database into one file, also while the service runs. It is read again before it gets its name."""
    file = Path(named)
    if verify:
        _verify(file, json)
        return
    is_folder = file.is_dir() or named.endswith("/")
    if keep and not is_folder:
        raise typer.BadParameter("--keep is for a folder: it deletes older backups there.")
    from bot.settings import load
    from storage.backup import make_backup

    settings, now = load(doors=False), datetime.now(UTC)
    target = file / f"heard-{now:%Y%m%dT%H%M%SZ}.zip" if is_folder else file
    with _troubles():
        made = run(
            lambda: make_backup(
                settings.database_url, target, _origin(settings), now, overwrite=overwrite, tell=Steps("Backing up").tell
            )
        )
    if json:
        print_json({"file": str(target)} | made.as_json())
    else:
        typer.echo(str(target))
    err().print(f"Kept {_what_is_in(made)}. It holds what people wrote: keep it as safe as the database.")
    if keep:
        _drop_older(file, keep, made)


def _verify(file: Path, json: bool) -> None:
    from storage.backup import look_into

    with _troubles():
        found = look_into(file, Steps("Reading").tell)
    if json:
        print_json({"file": str(file)} | found.as_json())
        return
    facts = [("council", found.council or "it does not say"), ("service", found.service), ("made", local(found.made_at))]
    facts += [("by heard", found.program), ("database", found.database), ("revision", found.revision)]
    rows = [(f"rows of {name}", f"{count:,}") for name, count in sorted(found.rows.items())]
    show(table("What", "Is", whole=["What"]), [*((name, said) for name, said in facts if said), *rows])
    err().print(f"{safe(file.name)} is whole.")


def _drop_older(folder: Path, keep: int, made: "Manifest") -> None:
    """Delete what is older than the newest so many: only backups of the same council, with names that this command gives."""
    from storage.backup import BackupTrouble
    from storage.backup.container import look_at

    ours = []
    for path in sorted((one for one in folder.iterdir() if _NIGHTLY.fullmatch(one.name)), reverse=True):
        try:
            said = look_at(path)
        except (BackupTrouble, OSError):
            err().print(f"{path.name} cannot be read as a backup. It was left where it is.")
            continue
        if (said.council, said.service) == (made.council, made.service):
            ours.append(path)
    for path in ours[keep:]:
        path.unlink()
        err().print(f"Deleted {path.name}: {keep} newer ones are kept.")


def restore(
    file: Path = typer.Argument(metavar="FILE", help="A backup, or the copy that `heard migrate` made."),
    other_council: bool = flag("--other-council", "It is another council's backup, and that is meant."),
    who: str = AS,
) -> None:
    """Put a backup back. What is there is kept aside, and nothing is sent before `heard outbox release`."""
    from bot.settings import load
    from storage.backup import Restoring
    from storage.backup import restore as put_back

    settings, now = load(doors=False), datetime.now(UTC)
    asked = Restoring(file, settings.council.name, now, _by(settings, who), other_council, settings.erasure_key, _forget_words)
    with _troubles(), _nobody_at_work(settings, alone=True):
        done = run(lambda: put_back(settings.database_url, asked, tell=err().print, share=Steps("Reading").tell))
    say = err().print
    say(f"Put back {_what_is_in(done.manifest)}.")
    if done.aside:
        what = "file" if settings.database_url.startswith("sqlite") else "schema"
        say(f"What was there before is kept in the {what} {done.aside}. Delete it when all is well: it holds what people wrote.")
    if done.erased:
        say(f"Cases erased since it was made, and erased again in it: {done.erased}.")
    say(f"The outbox is held: {done.held} messages waited in the copy, and what is queued from now on waits with them.")
    say("Next: start the service, look at `heard outbox release --show`, then: heard outbox release --as ADDRESS")
    say("Letters that came since are read from the mailbox again. What was said in the chat since is gone: docs/disaster/disk.md")


async def _forget_words(uow: "UnitOfWork", reference: str) -> None:
    """Take the words of a case out of kept reports, before it is erased."""
    from reports.keeping import forget
    from reports.promising import words_promised

    await forget(uow, reference, await words_promised(uow, reference))


def migrate(
    to: str = typer.Option("head", "--to", metavar="REVISION", help="A revision; an older one takes newer tables away."),
    no_backup: bool = flag("--no-backup", "Make no copy first. Say so only if you have one."),
    folder: Path = typer.Option(Path(), "--backup-to", help="Where the copy of a PostgreSQL database is put."),
) -> None:
    """Bring the database to this program's schema. It is copied first; no service may be at work."""
    from bot.settings import load
    from storage.migrating import HEAD, REVISIONS

    settings = load(doors=False)
    if to == "base":
        raise Answer("Going down to nothing would take every table away. Nothing was changed. Name an empty database instead.")
    before = run(lambda: _revision(settings))
    target = HEAD if to == "head" else to
    if before == target:
        err().print("The database is up to date. Nothing was changed.")
        return
    if before in REVISIONS and target in REVISIONS and REVISIONS.index(target) < REVISIONS.index(before):
        kept = "no copy is made of it" if no_backup else "the copy keeps it"
        err().print(f"Going down from {before} to {target}: what only the newer tables hold is taken away; {kept}.")
    with _troubles(), _nobody_at_work(settings, alone=False):
        done = run(lambda: _migrate(settings, to, no_backup, folder))
    if done.before == done.after:
        err().print("The database is up to date. Nothing was changed.")
        return
    err().print(f"The database is now at {done.after} (it was {done.before or 'empty'}).")
    if done.backup:
        err().print(f"What it was before is kept in {done.backup}.")


async def _migrate(settings: "Settings", to: str, no_backup: bool, folder: Path) -> "Migrated":
    from storage.backup import BackupTrouble, make_backup
    from storage.migrating import migrate as bring_up

    now = datetime.now(UTC)

    async def dump(target: str) -> Path:
        file = folder / f"heard-before-{target}-{now:%Y%m%dT%H%M%SZ}.zip"
        try:
            await make_backup(settings.database_url, file, _origin(settings), now, tell=Steps("Backing up").tell)
        except BackupTrouble as problem:
            raise BackupTrouble(f"{problem} Without a copy nothing is migrated; if you have one, say --no-backup.") from problem
        return file

    return await bring_up(settings.database_url, to, now=now, progress=err().print, copying=dump, makes_copy=not no_backup)


async def _revision(settings: "Settings") -> str | None:
    from storage.migrating import revision_of
    from storage.unit_of_work import open_memory

    memory = open_memory(settings.database_url)
    try:
        return await revision_of(memory)
    finally:
        await memory.close()


@contextmanager
def _nobody_at_work(settings: "Settings", *, alone: bool) -> Iterator[None]:
    """Refuse beside a running service. On SQLite none can begin meanwhile; `alone` keeps a second restore out, too."""
    from bot.alone import NotAlone, alone_with, without_a_service
    from storage.migrating import sqlite_file

    busy = Answer("A service is at work on this database. Nothing was changed. Stop every `heard run`, then give it again.")
    file = sqlite_file(settings.database_url)
    if file is None:
        if run(lambda: _processes(settings)):
            raise busy
        yield
        return
    try:
        with alone_with(file) if alone else without_a_service(file):
            yield
    except NotAlone:
        raise busy from None


async def _processes(settings: "Settings") -> int:
    """How many services have a connection to a PostgreSQL database. One that crashed is missed after seconds."""
    from storage.presence import at_work
    from storage.unit_of_work import open_memory

    memory = open_memory(settings.database_url)
    try:
        async with memory.reading() as uow:
            return len(await at_work(uow))
    finally:
        await memory.close()


def _origin(settings: "Settings") -> "Origin":
    from bot import __version__
    from storage.backup import Origin

    return Origin(settings.council.name, settings.council.service_name, __version__)


def _by(settings: "Settings", who: str) -> str:
    """Who puts a backup back: a person of the settings, or, since the machine's people need not be among them, the account."""
    if who:
        person = settings.council.person(who)
        if person is None:
            raise Answer(f"{safe(who)} is not one of the people in the settings. Nothing was changed.")
        return person.address
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _what_is_in(manifest: "Manifest") -> str:
    made = f", made {local(manifest.made_at)}" if manifest.made_at else ""
    cases, messages = manifest.rows.get("cases", 0), manifest.rows.get("arrival", 0)
    return f"{cases:,} cases and {messages:,} messages at revision {manifest.revision}{made}"


@contextmanager
def _troubles() -> Iterator[None]:
    from storage.backup import BackupTrouble

    try:
        yield
    except BackupTrouble as problem:
        raise Answer(safe(str(problem)), Exit.NO) from problem


class Steps:
    """Says on stderr how far long work has got, and nothing of short work."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._said_at = time.monotonic()

    def tell(self, share: float) -> None:
        if time.monotonic() - self._said_at >= TELL_EVERY_SECONDS:
            self._said_at = time.monotonic()
            err().print(f"{self._what}: {share:.0%}")
