"""`case bundle`: everything on a case in one file, for the Ombudsman."""

import io
import os
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, Answer, err, run, safe

if TYPE_CHECKING:
    from casework.bundle import File


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
    from casework.bundle import bundle as files_of

    wanted, file = reference_of(reference), Path(to)
    if file.suffix.lower() != ".zip":
        raise typer.BadParameter("Say where to, with --out, a name that ends in .zip.")
    if file.exists():
        raise Answer(f"{safe(to)} is there already. Give another name with --out. Nothing was written.")

    async def making() -> int:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            found = await files_of(uow, wanted, why, acting(at, who))
            _write(file, zipped(found, at.now))
            return len(found)

    count = run(making)
    err().print(f"Written: {safe(to)}, {count} files. Begin with 0 Index.txt. Delete the file once it is with who asked.")


def zipped(files: Sequence["File"], made_at: datetime) -> bytes:
    """The files in one ZIP, all dated when the bundle was made."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundled:
        for one in files:
            bundled.writestr(zipfile.ZipInfo(one.name, made_at.timetuple()[:6]), one.content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _write(file: Path, content: bytes) -> None:
    """Into a new file that only who runs the command may read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
