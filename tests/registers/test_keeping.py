"""A report that was kept is printed the same for ever; what is stated otherwise later stands beside it, with its reason."""

from datetime import date
from pathlib import Path

import pytest

from reports.figures.periods import year_of
from reports.making import NotKept, Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory
from tests.registers.shelf import NOW, OFFICE, bring_in, complaint, report, write

YEAR = ("2024-04-01", "2025-03-31")
AT = "2025-05-12"


async def test_the_same_command_prints_the_same_after_the_register_changed(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))
    first = await report(memory, *YEAR, as_at=AT, is_kept=True, software="heard 1")

    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2024-06-03")]))

    assert await report(memory, *YEAR, as_at=AT, software="heard 2") == first
    assert (await report(memory, *YEAR))["complaints"]["received"]["count"] == 2


async def test_a_restatement_stands_beside_the_first_print_with_its_reason(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2024-06-03")]))

    await report(memory, *YEAR, as_at=AT, restated="One was logged in the wrong year.")
    again = await printed(memory, Wanted(year_of("2024-25"), date.fromisoformat(AT)), Printing(OFFICE, NOW, "json"))

    [received] = [one for one in again.restated if one.figure == "complaints.received.count"]
    assert (received.was.value, received.now.value, received.why) == (1, 2, "One was logged in the wrong year.")
    assert any(
        "complaints, received was printed as 1" in note and "is 2. One was logged" in note for note in again.figures["notes"]
    )


async def test_next_years_report_says_where_it_compares_with_other_figures(memory: Memory, tmp_path: Path) -> None:
    """Bexley printed 90 complaints, and compared the year after with 86 (law.md §7.1)."""
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2024-06-03")]))

    found = await report(memory, "2025-04-01", "2026-03-31")

    assert found["complaints"]["received"]["previous"] == 2
    assert any("complaints, received was printed as 1" in note for note in found["notes"])


async def test_what_was_never_kept_is_not_restated(memory: Memory) -> None:
    with pytest.raises(NotKept, match="never kept"):
        await report(memory, *YEAR, as_at=AT, restated="because")


async def test_a_published_report_says_nothing_of_an_internal_one(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2024-06-03")]))

    found = await report(memory, *YEAR, is_published=True)

    assert not any("printed as" in note for note in found["notes"])
    assert found["complaints"]["received"]["count"] is None
