"""Registers of three invented councils, written from the contract alone, each its own way: every figure is that of plain Python.

Northmoor: no statutory procedure, housing, its own column order, byte-order marks, CRLF, words of two lines, denominators in
quarters. Ostrey: the four columns that are required, and leap days. Sir Newydd: Welsh words, everything in quotes, spaces
around references, what looks like formulas, cases over several years, all three stages, learning.
"""

import csv
import shutil
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from reports.registers.columns import FILES
from storage.unit_of_work import open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.plain import Plain, Row
from tests.registers.shelf import TODAY, bring_in, report

STRANGERS = Path(__file__).parent / "strangers"
PERIODS = (
    ("2024-04-01", "2025-03-31"),
    ("2024-07-01", "2024-09-30"),
    ("2024-02-01", "2024-02-29"),
    ("2025-02-28", "2025-02-28"),
    ("2023-12-15", "2025-01-02"),
)


def as_written(folder: Path) -> dict[str, list[Row]]:
    """The rows of every file, read again by Python's own reader: trimmed, in form NFC, absent columns empty."""
    found: dict[str, list[Row]] = {}
    for file in FILES:
        path, rows = folder / file.name, list[dict[str, str]]()
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as opened:
                rows = list(csv.DictReader(opened))
        found[file.name[:-4]] = [
            {name: unicodedata.normalize("NFC", (row.get(name) or "").strip()) for name in file.names} for row in rows
        ]
    return found


@pytest.mark.parametrize("council", sorted(folder.name for folder in STRANGERS.iterdir()))
async def test_every_figure_of_a_strange_register_is_that_of_plain_python(
    council: str, migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    files = as_written(STRANGERS / council)

    taken = await bring_in(memory, STRANGERS / council)

    assert (taken.mistakes, taken.cases, taken.added) == ([], len(files["cases"]), len(files["cases"]))
    assert (await bring_in(memory, STRANGERS / council)).changed == 0
    names = sorted({row["directorate"] for row in files["cases"]} - {""})
    for begins, ends in PERIODS:
        is_year = (begins, ends) == PERIODS[0]
        for directorate in (None, *names) if is_year else (None,):
            for as_at in (TODAY, date(2024, 12, 31)) if is_year else (TODAY,):
                found = await report(memory, begins, ends, as_at=as_at.isoformat(), directorate=directorate)
                del found["notes"]
                period = date.fromisoformat(begins), date.fromisoformat(ends)
                assert found == Plain(files, *period, as_at, directorate).report(), (begins, directorate, as_at)
    await memory.close()
