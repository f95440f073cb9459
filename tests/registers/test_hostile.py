"""Registers as other councils' spreadsheets write them: odd, and within the contract. In, reported on and out again."""

import csv
import io
import shutil
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from reports.registers.columns import FILES
from reports.registers.giving import rows_of_register, write_folder
from storage.unit_of_work import open_memory
from tests.memory_fixtures import sqlite_url
from tests.registers.plain import Plain, Row
from tests.registers.shelf import TODAY, bring_in, complaint, report, rows_of, write

YEAR = ("2024-04-01", "2025-03-31")
ODD = 'Gofal, "plant"\r\na Ŵyr; =1+1'
Rows = list[dict[str, Any]]
Files = dict[str, Rows]


def only_compliments() -> Files:
    return {"cases": [{"reference": f"K{n}", "kind": "compliment", "received_on": "2024-06-03"} for n in range(3)]}


def nothing_at_all() -> Files:
    return {"cases": []}


def no_optional_column() -> Files:
    of = {"kind": "complaint", "procedure": "corporate"}
    return {"cases": [{"reference": f"K{n}", "received_on": f"2024-0{4 + n}-30", **of} for n in range(4)]}


def straight_to_stage_3() -> Files:
    days = {"stage_1_started_on": "", "stage_3_requested_on": "2024-07-01", "stage_3_panel_on": "2024-07-31"}
    late = {"stage_2_requested_on": "2025-03-31", "stage_2_responded_on": "2025-04-01", "stage_2_outcome": "no_finding"}
    return {"cases": [complaint("P", "2024-05-01", **days), complaint("Q", "2023-03-31", stage_1_started_on="", **late)]}


def a_leap_day_and_two_years() -> Files:
    over = {"stage_1_responded_on": "2025-04-30", "stage_1_outcome": "upheld"}
    return {
        "cases": [
            complaint("L", "2024-02-29"), complaint("N", "2025-03-31", **over),
            complaint("M", "2024-04-01", withdrawn_on="2024-04-01"),
        ]
    }  # fmt: skip


def odd_words_everywhere() -> Files:
    words = {"directorate": ODD, "service": ODD, "team": "  Tŷ  ", "source": "line 1\nline 2"}
    cases = [complaint(f"R/{n} é'; --", "2024-06-03", **words) for n in range(3)]
    issues = [{"reference": one["reference"], "number": "007", "theme": "other", "outcome": ""} for one in cases]
    learned = [{"reference": cases[0]["reference"], "action": ODD, "owner": "", "due_on": "2031-01-01"}]
    inquiries = [
        {"body": "phso", "body_reference": ODD[:20], "received_on": "2024-06-04", "kind": "assessment", "directorate": ODD}
    ]
    return {"cases": cases, "issues": issues, "learning": learned, "ombudsman": inquiries}


def every_procedure_once() -> Files:
    every = ("statutory", "corporate", "adults", "public_health", "undecided", "data_protection", "other_body")
    late = {
        "stage_1_responded_on": "2024-12-31",
        "stage_1_outcome": "partially_upheld",
        "channel": "in_person",
        "team": "unknown",
    }
    return {"cases": [complaint(one, "2024-09-02", procedure=one, **late) for one in every]}


REGISTERS = (
    only_compliments, nothing_at_all, no_optional_column, straight_to_stage_3, a_leap_day_and_two_years, odd_words_everywhere,
    every_procedure_once,
)  # fmt: skip


def backwards(text: str) -> str:
    """Every column in the opposite place, every row too."""
    head, *rows = [row[::-1] for row in csv.reader(io.StringIO(text, newline=""))]
    made = io.StringIO(newline="")
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows([head, *reversed(rows)])
    return made.getvalue()


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "with a byte-order mark": lambda text: f"\ufeff{text}",
    "with empty lines": lambda text: f"{text}\r\n  \r\n\r\n",
    "backwards and quoted": backwards,
    "in letters that are taken apart": lambda text: unicodedata.normalize("NFD", text),
    "without a last line end": lambda text: text.rstrip("\r\n"),
}


def text_rows(folder: Path) -> dict[str, list[Row]]:
    def said(cell: str | None) -> str:
        return unicodedata.normalize("NFC", (cell or "").strip())

    return {
        file.name[:-4]: [{name: said(row.get(name)) for name in file.names} for row in rows_of(folder, file.name[:-4])]
        for file in FILES
    }


@pytest.mark.parametrize("made", REGISTERS, ids=lambda made: made.__name__)
async def test_odd_registers_are_counted_and_go_out_and_in_again(
    made: Callable[[], Files], migrated_sqlite: Path, tmp_path: Path
) -> None:
    plain_folder = write(tmp_path / "plain", **made())
    expected = Plain(text_rows(plain_folder), date(2024, 4, 1), date(2025, 3, 31), TODAY).report()
    exported = []
    for place, way in enumerate(WAYS.values()):
        folder = tmp_path / f"{place}"
        folder.mkdir()
        for file in plain_folder.iterdir():
            (folder / file.name).write_bytes(way(file.read_bytes().decode()).encode())
        shutil.copy(migrated_sqlite, tmp_path / f"{place}.db")
        memory = open_memory(sqlite_url(tmp_path / f"{place}.db"))
        assert (await bring_in(memory, folder)).mistakes == []
        found = await report(memory, *YEAR)
        assert all(found.pop("notes"))
        assert found == expected
        async with memory.reading() as uow:
            out = await rows_of_register(uow, TODAY)
        write_folder(tmp_path / f"out{place}", out)
        again = await bring_in(memory, tmp_path / f"out{place}", datetime(2026, 11, 23, tzinfo=UTC))
        assert (again.mistakes, again.added, again.changed) == ([], 0, 0)
        exported.append({file.name: sorted(rows, key=repr) for file, rows in out.items()})
        await memory.close()

    assert all(one == exported[0] for one in exported)
    assert len(exported[0]["cases.csv"]) == len(made()["cases"])


@pytest.mark.parametrize(("between", "word"), [(";", "semicolons"), ("\t", "tabs")])
async def test_columns_apart_by_anything_but_commas_are_told_so_once(
    migrated_sqlite: Path, tmp_path: Path, between: str, word: str
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "heard.db")
    memory = open_memory(sqlite_url(tmp_path / "heard.db"))
    (tmp_path / "register").mkdir()
    rows = (("reference", "kind", "received_on"), ("A", "compliment", "2024-05-01"))
    (tmp_path / "register" / "cases.csv").write_text("\n".join(between.join(row) for row in rows), encoding="utf-8")

    found = await bring_in(memory, tmp_path / "register")
    await memory.close()

    assert [(one.line, one.why) for one in found.mistakes] == [
        (1, f"its columns stand apart by {word}: save it with commas between them")
    ]
