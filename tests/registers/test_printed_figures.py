"""Five councils' registers give the figures that the five councils printed: 86 of 86."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.registers.columns import FILES
from reports.registers.giving import rows_of_register, write_folder
from storage.unit_of_work import Memory
from tests.registers.shelf import COUNCILS, DATA, TODAY, bring_in, report, rows_of

TOLD = {council: json.loads((DATA / council / "expected.json").read_text("utf-8")) for council in COUNCILS}
SAYS_EACH = {"complaints.issues.by_procedure.statutory.top_themes"}
"""Printed without an order: which three there are is what the council said."""


def at(figures: Any, path: str) -> Any:
    """What the report has at a path; a word that is absent means 0."""
    for step in path.split("."):
        if not isinstance(figures, dict) or step not in figures:
            return 0
        figures = figures[step]
    return figures


def agrees(value: Any, told: dict[str, Any]) -> bool:
    if isinstance(told["value"], list) and told["path"] in SAYS_EACH:
        return sorted(value) == sorted(told["value"])
    if isinstance(told["value"], str | list):
        return bool(value == told["value"])
    return value is not None and abs(value - told["value"]) <= told["tolerance"] + 1e-9


def test_the_councils_printed_eighty_six_figures() -> None:
    assert sum(len(told["figures"]) for told in TOLD.values()) == 86


@pytest.mark.parametrize("council", COUNCILS)
async def test_every_printed_figure_comes_out(memory: Memory, council: str) -> None:
    await bring_in(memory, DATA / council)
    told = TOLD[council]

    found = await report(memory, told["report"]["from"], told["report"]["to"])

    wrong = {
        one["path"]: (at(found, one["path"]), one["value"]) for one in told["figures"] if not agrees(at(found, one["path"]), one)
    }
    assert wrong == {}


@pytest.mark.parametrize("council", COUNCILS)
async def test_out_and_in_again_is_the_identity(memory: Memory, tmp_path: Path, council: str) -> None:
    first, again = await bring_in(memory, DATA / council), await bring_in(memory, DATA / council)
    async with memory.reading() as uow:
        rows = await rows_of_register(uow, TODAY)
    write_folder(tmp_path / "out", rows)
    from_export = await bring_in(memory, tmp_path / "out")

    assert (first.added, first.mistakes) == (len(rows_of(DATA / council, "cases")), [])
    assert (again.added, again.changed, again.mistakes) == (0, 0, [])
    assert (from_export.cases, from_export.added, from_export.changed) == (first.cases, 0, 0)
    for file in FILES:
        name = file.name.removesuffix(".csv")
        as_written = [{key: value for key, value in row.items() if value} for row in rows_of(tmp_path / "out", name)]
        as_it_was = [{key: value for key, value in row.items() if value} for row in rows_of(DATA / council, name)]
        assert sorted(as_written, key=sorted_cells) == sorted(as_it_was, key=sorted_cells)


def sorted_cells(row: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(row.items())
