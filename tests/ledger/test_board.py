"""The board's layout leaves no directorate out, no finding and no Ombudsman."""

from datetime import date
from pathlib import Path

import pytest

from reports.composing.composing import Head, compose
from reports.figures.periods import Period
from reports.layouts.arranging import arranged
from reports.layouts.reading import read_layout
from reports.making import Printing, printed
from reports.reckoning import Wanted
from storage.unit_of_work import Memory
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, write

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FOUND = ("upheld", "partially_upheld", "not_upheld", "no_finding", "")
DIRECTORATES = ("children", "adults", "public_health", "corporate", "housing", "Children", "Parks, Ltd. & Co", "")
BODIES = ("lgsco", "housing_ombudsman", "phso")


async def test_every_stage_finding_and_enquiry_stands_in_the_boards_report(memory: Memory, tmp_path: Path) -> None:
    cases = [
        complaint(f"C{number}{found}", "2024-07-02", procedure="corporate", directorate=directorate, service="Duty")
        | ({"stage_1_responded_on": "2024-07-09", "stage_1_outcome": found} if found else {})
        for number, directorate in enumerate(DIRECTORATES)
        for found in FOUND
    ]
    enquiries = [{"body_reference": body, "body": body, "received_on": "2024-08-01", "kind": "assessment"} for body in BODIES]
    await bring_in(memory, write(tmp_path / "board", cases=cases, ombudsman=enquiries))
    wanted = Wanted(Period(date(2024, 7, 1), date(2024, 9, 30)), TODAY)
    whole = compose((await printed(memory, wanted, Printing(OFFICE, NOW, "html"))).figures, Head("A", "heard", "england"))

    tables = arranged(whole, read_layout("quarterly_board")).tables
    shown = [cell for table in tables for row in table.rows for cell in row.cells if cell.path]

    parts = ("complaints.by_directorate.", "ombudsman.")
    told = [cell for table in whole.tables for row in table.rows for cell in row.cells if cell.path.startswith(parts)]
    left_out = {cell.path for cell in told if cell.value} - {cell.path for cell in shown}
    assert len(told) > 100
    assert sorted(path for path in left_out if not path.endswith("_percent")) == []
    paths = [cell.path for cell in shown]
    assert len([path for path in paths if path.startswith(parts)]) == len({path for path in paths if path.startswith(parts)})
