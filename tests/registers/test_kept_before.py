"""What the first version that kept reports wrote into its database is printed by this one: the same figures, in every format.

kept_by_an_earlier_version.json is its row, as that version wrote it: without measures, promises and teams, which it did not keep.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from reports.figures.periods import year_of
from reports.formats import FORMATS
from reports.making import Printing, make, printed
from reports.reckoning import Wanted
from storage.tables import ReportRow
from storage.unit_of_work import Memory
from tests.ledger.reading_back import from_page
from tests.ledger.test_composed import leaves
from tests.registers.shelf import NOW, OFFICE, bring_in, complaint, report, write

KEPT = json.loads((Path(__file__).parent / "kept_by_an_earlier_version.json").read_text("utf-8"))
AS_AT = date(2025, 5, 12)
WANTED = Wanted(year_of("2024-25"), AS_AT)
YEAR = ("2024-04-01", "2025-03-31")


@pytest.fixture
async def upgraded(memory: Memory, tmp_path: Path) -> Memory:
    """The memory of a council that kept its report then; since, another case of that year was logged."""
    made: dict[str, Any] = {"software": KEPT["software"], "rules": KEPT["rules"], "figures": KEPT["figures"], "why": ""}
    made |= {"made_at": datetime(2025, 5, 12, 9, tzinfo=UTC), "made_by": "officer@anytown.example", "is_published": False}
    async with memory.unit_of_work() as uow:
        uow.add(ReportRow(from_on=WANTED.period.begins, until_on=WANTED.period.ends, directorate="", as_at=AS_AT, **made))
    await bring_in(memory, write(tmp_path / "since", cases=[complaint("NEW", "2024-06-03", service="Duty")]))
    return memory


async def test_the_same_figures_are_printed_with_who_made_them_by_which_rules(upgraded: Memory) -> None:
    kept = {name: value for name, value in KEPT["figures"].items() if name not in ("parts", "hidden")}

    again = await report(upgraded, *YEAR, as_at=AS_AT.isoformat(), software="heard 9.9.9")

    assert again == kept
    assert again["complaints"]["received"]["count"] == 20
    assert (await report(upgraded, *YEAR))["complaints"]["received"]["count"] == 1, "counted now, it is another report"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_format_prints_them(upgraded: Memory) -> None:
    page = from_page(await make(upgraded, WANTED, Printing(OFFICE, NOW, "html", software="heard 9.9.9")))
    data = dict(leaves(KEPT["figures"]))

    assert "heard 0.1.0" in page.words and "heard 9.9.9" not in page.words
    counts = {path: said for path, said in page.figures.items() if path.endswith((".count", ".previous"))}
    assert len(counts) > 30
    assert {path: set(said) for path, said in counts.items()} == {path: {f"{data.get(path, 0):,}"} for path in counts}
    for form in FORMATS.keys() - {"html", "pdf"}:
        assert await make(upgraded, WANTED, Printing(OFFICE, NOW, form))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_stated_otherwise_stands_beside_it_with_its_reason(upgraded: Memory) -> None:
    why = "One was logged late, and those of the old system were counted twice."

    found = await printed(upgraded, WANTED, Printing(OFFICE, NOW, "json", software="heard 9.9.9", restated=why))

    [received] = [one for one in found.restated if one.figure == "complaints.received.count"]
    assert (received.was.value, received.now.value, received.why) == (20, 1, why)
    assert found.made.software == "heard 9.9.9"
    assert received.printed_on == date(2025, 5, 12)
