"""What leaves as rows: who took it, when, how many rows, and a digest by which the files are known again.

It is noted in the memory before anything is written, and stands beside the files as `exported.json`: the files themselves stay as
their contract has them, and the same bytes for the same rows. Beside what is published nobody's name stands: it is in the memory.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from sqlmodel import col, select

from reports.reckoning import Wanted
from storage.tables import ExportRow
from storage.unit_of_work import UnitOfWork

MANIFEST = "exported.json"


@dataclass(frozen=True)
class Content:
    """A file that leaves."""

    rows: int
    """Without its heads."""
    held: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.held).hexdigest()


@dataclass(frozen=True)
class Export:
    """Files that leave together."""

    what: str
    """register, references, or a report with its format."""
    which: str
    """The period, the directorate and the edition; empty for all there is."""
    by: str
    at: datetime
    software: str
    files: Mapping[str, Content]

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.files.values())

    @property
    def sha256(self) -> str:
        """Of one file its own; of several that of what `sha256sum` prints of them: `sha256sum *.csv | sha256sum`."""
        if len(self.files) == 1:
            return next(iter(self.files.values())).sha256
        return sha256("".join(f"{self.files[name].sha256}  {name}\n" for name in sorted(self.files)).encode()).hexdigest()

    @property
    def manifest(self) -> bytes:
        """What stands beside the files."""
        files = [{"name": name, "rows": one.rows, "sha256": one.sha256} for name, one in sorted(self.files.items())]
        said = {
            "what": self.what,
            "which": self.which,
            "exported_by": self.by,
            "exported_at": self.at.isoformat(timespec="seconds"),
            "software": self.software,
            "rows": self.rows,
            "sha256": self.sha256,
            "files": files,
        }
        return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def which_report(wanted: Wanted) -> str:
    """Which report's rows they are, in words."""
    edition = "published" if wanted.is_published else "staff"
    of = f", {wanted.directorate}" if wanted.directorate else ""
    return f"{wanted.period.begins} to {wanted.period.ends}, as at {wanted.as_at}{of}, {edition}"


def unpacked(packed: bytes) -> dict[str, Content]:
    """The CSV files of a zip, each with its rows."""
    with ZipFile(BytesIO(packed)) as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    return {name: Content(max(0, sum(1 for _ in csv.reader(_text(one))) - 1), one) for name, one in held.items()}


def _text(held: bytes) -> StringIO:
    return StringIO(held.decode("utf-8-sig"), newline="")


def packed_with(packed: bytes, manifest: bytes) -> bytes:
    """The zip with who took it."""
    made = BytesIO(packed)
    with ZipFile(made, "a") as opened:
        opened.writestr(MANIFEST, manifest)
    return made.getvalue()


def rows_in(workbook: bytes) -> Content:
    """A workbook with the rows of all its sheets, heads and notes among them."""
    with ZipFile(BytesIO(workbook)) as opened:
        sheets = (name for name in opened.namelist() if name.startswith("xl/worksheets/sheet"))
        return Content(sum(opened.read(name).count(b"<row ") for name in sheets), workbook)


def note(uow: UnitOfWork, export: Export) -> None:
    """Keep who takes what, and when."""
    uow.add(
        ExportRow(
            made_at=export.at,
            made_by=export.by,
            what=export.what,
            which=export.which,
            row_count=export.rows,
            sha256=export.sha256,
            software=export.software,
        )
    )


async def exports(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Everything that left, the latest first."""
    found = await uow.exec(select(ExportRow).order_by(col(ExportRow.id).desc()))
    return [
        {
            "exported_at": row.made_at.isoformat(timespec="seconds"),
            "exported_by": row.made_by,
            "what": row.what,
            "which": row.which,
            "rows": row.row_count,
            "sha256": row.sha256,
            "software": row.software,
        }
        for row in found
    ]
