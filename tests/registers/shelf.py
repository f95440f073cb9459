"""A register as a test writes it: folders of CSV from rows, taken in, and reported on."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from casework.council import Council
from casework.office import Office
from procedures.rulebook import read_rulebook
from procedures.working_days import WorkingCalendar
from reports.figures.periods import Period
from reports.making import Printing, make
from reports.reckoning import Wanted
from reports.registers.columns import CASES, FILES
from reports.registers.importing import Imported, import_folder
from storage.unit_of_work import Memory

DATA = Path(__file__).parent / "data"
COUNCILS = sorted(folder.name for folder in DATA.iterdir() if folder.is_dir())
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
OFFICE = Office(Council(), read_rulebook(), WorkingCalendar.of("england"))

_COLUMNS = {file.name[:-4]: list(file.names) for file in FILES}

Rows = Sequence[Mapping[str, Any]]


def complaint(reference: str, received_on: str, **more: Any) -> dict[str, Any]:
    """A row of cases.csv: a statutory complaint that began on the day it came."""
    row = {"reference": reference, "kind": "complaint", "procedure": "statutory", "received_on": received_on}
    return row | {"stage_1_started_on": received_on} | more


def write(folder: Path, **files: Rows) -> Path:
    """Write files by their names without `.csv`; each has the columns that its rows name. cases.csv is always there."""
    folder.mkdir(parents=True, exist_ok=True)
    empty: dict[str, Rows] = {"cases": []}
    for name, rows in (empty | files).items():
        columns = list(dict.fromkeys(key for row in rows for key in row)) or _COLUMNS[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


async def bring_in(memory: Memory, folder: Path, now: datetime = NOW) -> Imported:
    return await import_folder(memory, folder, folder.name, OFFICE, now)


async def report(memory: Memory, begins: str, ends: str, **more: Any) -> dict[str, Any]:
    """The report of a period as data."""
    as_at = date.fromisoformat(more.pop("as_at", TODAY.isoformat()))
    printing = {name: more.pop(name) for name in ("is_kept", "restated", "software") if name in more}
    wanted = Wanted(Period(date.fromisoformat(begins), date.fromisoformat(ends)), as_at, **more)
    found: dict[str, Any] = json.loads(await make(memory, wanted, Printing(OFFICE, NOW, "json", **printing)))
    return found


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a file, by column; none where there is no such file."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def full(rows: Rows) -> list[dict[str, Any]]:
    """Rows of cases.csv with every column."""
    return [dict.fromkeys(CASES.names, "") | dict(row) for row in rows]
