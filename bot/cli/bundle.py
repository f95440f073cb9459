"""`case bundle`: everything on a case in one file, for the Ombudsman."""

import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, Answer, err, run, safe
from bot.scanner import Held, look

if TYPE_CHECKING:
    from casework.bundle import File


CAME = "5 Letters in/"


def add_to(case: typer.Typer) -> None:
    case.command(epilog='Example: heard case bundle K7M-W92-RXHC --out K7M.zip --why "Ombudsman 25 001 234"')(bundle)


def bundle(
    reference: str = REFERENCE,
    to: str = typer.Option("", "--out", metavar="FILE.zip", help="The file to write; it must not be there yet."),
    why: str = typer.Option("", "--why", help="Who asked for it, and their reference."),
    who: str = AS,
) -> None:
    """Write everything on a case into one ZIP file: an index, the chronology, issues, decisions, letters, answers, redactions.

    It holds the words of people as they wrote them, and is not redacted: send it by a safe way. That it was made is recorded.
    Left out are equality answers, the forms of safety alerts and mails among staff.
    """
    from bot.cli.at_work import at_work
    from bot.cli.originals import files_within
    from casework.bundle import bundle as files_of
    from casework.bundle import record_bundle, without

    wanted, file = reference_of(reference), Path(to)
    if file.suffix.lower() != ".zip":
        raise typer.BadParameter("Say where to, with --out, a name that ends in .zip.")
    if file.exists():
        raise Answer(f"{safe(to)} is there already. Give another name with --out. Nothing was written.")

    async def making() -> tuple[int, int]:
        async with at_work() as at:
            async with at.memory.reading() as uow:
                found = await files_of(uow, wanted, why, acting(at, who), files_within)
            found = without(found, await _held(at.settings.files.clamd, found))
            here = [one for one in found if one.content is not None]
            with new_file(file) as opened:
                try:
                    zip_into(opened, here, at.now)
                except OSError as problem:
                    raise _unwritten(file, problem) from None
                async with at.memory.unit_of_work() as uow:
                    await record_bundle(uow, wanted, len(here), why, acting(at, who))
            return len(here), len(found) - len(here)

    count, missing = run(making)
    lacks = f" {missing} that came are not in it: the index says why." if missing else ""
    err().print(f"Written: {safe(to)}, {count} files.{lacks} Begin with 0 Index.txt. Delete the file once it is with who asked.")


async def _held(clamd: str, files: Sequence["File"]) -> dict[str, str]:
    """What of the letters that came is not to be given out, by name, and why; nothing where no virus scanner is set."""
    found: dict[str, str] = {}
    for one in files if clamd else ():
        if one.content is not None and one.name.startswith(CAME):
            try:
                await look(clamd, one.content)
            except Held as held:
                found[one.name] = held.why
    return found


def zip_into(opened: IO[bytes], files: Sequence["File"], made_at: datetime) -> None:
    """The files in one ZIP, all dated when the bundle was made; it is on the disk when this returns. Raises OSError."""
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as bundled:
        for one in files:
            bundled.writestr(zipfile.ZipInfo(one.name, made_at.timetuple()[:6]), one.content or b"", zipfile.ZIP_DEFLATED)
    opened.flush()
    os.fsync(opened.fileno())


@contextmanager
def new_file(file: Path) -> Iterator[IO[bytes]]:
    """A file that only who runs the command may read. It gets its name once all has gone well; else nothing of it stays."""
    part = file.with_name(f"{file.name}.part")
    try:
        opened = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise Answer(
            f"{safe(str(part))} is there: another bundle is being made, or one was stopped. Delete it if none is. "
            "Nothing was written."
        ) from None
    except OSError as problem:
        raise _unwritten(file, problem) from None
    try:
        with opened:
            yield opened
        try:
            part.rename(file)
        except OSError as problem:
            raise _unwritten(file, problem) from None
    finally:
        part.unlink(missing_ok=True)


def _unwritten(file: Path, problem: OSError) -> Answer:
    return Answer(f"{safe(str(file))} cannot be written: {problem.strerror or problem}. Nothing is left of it; make it again.")
