"""A report that was kept is printed the same for ever; what is stated otherwise later stands beside it, with its reason."""

from datetime import date
from pathlib import Path

import pytest

from reports.figures.periods import year_of
from reports.keeping import FORGOTTEN, forget
from reports.making import NotKept, Printing, make, printed
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


async def test_what_was_promised_is_printed_as_it_was_kept(memory: Memory, tmp_path: Path) -> None:
    promised = {"reference": "A", "action": "Ring back", "owner": "Duty", "due_on": "2025-09-01"}
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")], learning=[promised]))
    wanted = Wanted(year_of("2024-25"), date.fromisoformat(AT))
    first = await make(memory, wanted, Printing(OFFICE, NOW, "html", is_kept=True))

    again = {"reference": "A", "action": "Write first", "owner": "Placements", "due_on": "2025-10-01"}
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("A", "2024-05-01")], learning=[again]))

    assert await make(memory, wanted, Printing(OFFICE, NOW, "html")) == first
    assert b"Ring back" in first


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


async def test_a_restatement_has_the_day_on_which_it_was_made(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2024-06-03")]))

    found = await report(memory, *YEAR, as_at=AT, restated="One was logged in the wrong year.")

    assert any(note.startswith("Restated on 22 November 2026: complaints, received was") for note in found["notes"])


async def test_the_reason_of_a_restatement_is_not_that_of_other_years(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2023-05-01"), complaint("C", "2024-05-01")]))
    await report(memory, "2023-04-01", "2024-03-31", as_at=AT, is_kept=True)
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    await bring_in(memory, write(tmp_path / "later", cases=[complaint("B", "2023-06-03"), complaint("D", "2024-06-03")]))

    found = await printed(
        memory,
        Wanted(year_of("2024-25"), date.fromisoformat(AT)),
        Printing(OFFICE, NOW, "json", restated="D was logged late."),
    )

    why = {one.figure: one.why for one in found.restated}
    assert why["complaints.received.count"] == "D was logged late."
    assert why["complaints.received.previous"] == ""


async def test_of_very_many_changes_the_notes_say_how_many_more_there_are(memory: Memory, tmp_path: Path) -> None:
    teams = [complaint(f"A{number}", "2024-05-01", team=f"Team {number}", service=f"Service {number}") for number in range(30)]
    await bring_in(memory, write(tmp_path / "first", cases=teams))
    await report(memory, *YEAR, as_at=AT, is_kept=True)
    again = [row | {"reference": f"B{number}"} for number, row in enumerate(teams)]
    await bring_in(memory, write(tmp_path / "later", cases=again))

    found = await printed(memory, Wanted(year_of("2024-25"), NOW.date()), Printing(OFFICE, NOW, "json"))

    named = [note for note in found.figures["notes"] if note.startswith("Restated on")]
    assert len(found.restated) > len(named) == 40
    assert found.figures["notes"][-1].startswith(
        f"And more figures that were printed otherwise before, {len(found.restated) - 40} in"
    )


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


async def test_the_words_of_a_case_can_be_taken_out_of_kept_reports(memory: Memory, tmp_path: Path) -> None:
    promised = [{"reference": one, "action": f"Ring {one}'s mother", "owner": "Nia Roberts"} for one in ("A", "B")]
    cases = [complaint(one, "2024-05-01") for one in ("A", "B")]
    await bring_in(memory, write(tmp_path / "first", cases=cases, learning=promised))
    wanted = Wanted(year_of("2024-25"), date.fromisoformat(AT))
    before = await report(memory, *YEAR, as_at=AT, is_kept=True)

    async with memory.unit_of_work() as uow:
        assert await forget(uow, "A", {"Ring A's mother"}) == 1
        assert await forget(uow, "A", {"Ring A's mother"}) == 0

    page = (await make(memory, wanted, Printing(OFFICE, NOW, "html"))).decode()
    assert ("Ring A" in page, "Ring B" in page, FORGOTTEN in page) == (False, True, True)
    assert await report(memory, *YEAR, as_at=AT) == before


async def test_a_published_print_that_is_not_kept_says_as_data_too_that_it_is_a_draft(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[complaint("A", "2024-05-01")]))

    draft = await report(memory, *YEAR, as_at=AT, is_published=True)
    for_staff = await report(memory, *YEAR, as_at=AT)
    kept = await report(memory, *YEAR, as_at=AT, is_published=True, is_kept=True)

    assert draft["notes"][0].startswith("This is a draft and not for publication yet")
    assert draft["notes"][1:] == kept["notes"]
    assert not any("draft" in note for note in (*for_staff["notes"], *kept["notes"]))
    assert await report(memory, *YEAR, as_at=AT, is_published=True) == kept
