"""The whole register is written as a folder of CSV files, imported and live cases alike: out and in again is the identity."""

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from reports.exporting import Content
from reports.registers import standing
from reports.registers.columns import ACTIVITY, CASES, ISSUES, LEARNING, OMBUDSMAN, File
from storage.unit_of_work import UnitOfWork

Row = tuple[Any, ...]


async def rows_of_register(uow: UnitOfWork, today: date) -> dict[File, list[Row]]:
    """Every row of every file, in order."""
    cases = await standing.case_rows(uow, today)
    complaints = {row[0] for row in cases if row[1] == "complaint"}
    return {
        CASES: cases,
        ISSUES: [row for row in await standing.issue_rows(uow) if row[0] in complaints],
        OMBUDSMAN: await standing.ombudsman_rows(uow),
        ACTIVITY: await standing.activity_rows(uow),
        LEARNING: await standing.learning_rows(uow),
    }


def files_of(rows: dict[File, list[Row]]) -> dict[str, Content]:
    """The files by name; those without a row but cases.csv are left out."""
    return {file.name: Content(len(of_file), as_csv(file, of_file)) for file, of_file in rows.items() if of_file or file is CASES}


def write_folder(folder: Path, rows: dict[File, list[Row]]) -> None:
    """Write the files. Raises OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files_of(rows).items():
        (folder / name).write_bytes(content.held)


def as_csv(file: File, rows: list[Row]) -> bytes:
    """A file as RFC 4180 has it, in UTF-8. Cells are data: what looks like a formula is kept as it is, for it goes in again."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(file.names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return made.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return text if text.isascii() else unicodedata.normalize("NFC", text)
