"""A council's own words in each layout: full stops, signs and capitals change no figure and no name."""

import json
from datetime import date
from pathlib import Path

import pytest

from reports.composing.composing import Head, compose
from reports.figures.periods import Period
from reports.layouts.arranging import arranged
from reports.layouts.reading import names, read_layout
from reports.making import Printing, as_json, make, printed
from reports.measuring import measures_of
from reports.reckoning import Wanted
from reports.values import Report
from storage.unit_of_work import Memory
from tests.ledger.reading_back import from_page
from tests.ledger.test_composed import leaves
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, write

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

HOME, TEAM, CLINIC = "St. Mary's Home", "Miss J. Smith's team", "Dr. Ali's clinic"
QUARTER = Period(date(2024, 7, 1), date(2024, 9, 30))


async def of_odd_names(memory: Memory, folder: Path, *, is_published: bool) -> Report:
    about = [HOME] * 12 + ["Duty"] * 15 + ["NRS. Placements"] * 3
    cases = [
        complaint(f"C{place}", f"2024-07-{place % 28 + 1:02}", directorate="children", service=service, team=TEAM)
        for place, service in enumerate(about)
    ]
    for place, service in enumerate([CLINIC] * 8 + ["Adoption"] * 6):
        cases.append({"reference": f"K{place}", "kind": "compliment", "received_on": "2024-08-05", "service": service})
    await bring_in(memory, write(folder / "odd", cases=cases))
    wanted = Wanted(QUARTER, TODAY, None, is_published)
    figures = (await printed(memory, wanted, Printing(OFFICE, NOW, "html"))).figures
    return compose(figures, Head("Odd", "heard", "england", is_published))


@pytest.mark.parametrize("is_published", [False, True], ids=["for staff", "published"])
async def test_each_figure_of_a_layout_is_that_of_the_whole_report(memory: Memory, tmp_path: Path, is_published: bool) -> None:
    report = await of_odd_names(memory, tmp_path, is_published=is_published)
    data, hidden = dict(leaves(json.loads(as_json(dict(report.figures))))), set(report.figures["hidden"])

    for name in names(None):
        for table in arranged(report, read_layout(name)).tables:
            for row in table.rows:
                for cell in (one for one in row.cells if one.path):
                    assert cell.is_hidden == (cell.path in hidden), (name, cell)
                    known = cell.path in data or (cell.value == 0 and not any(one.startswith(f"{cell.path}.") for one in data))
                    assert known and (cell.value or 0) == (data.get(cell.path) or 0), (name, table.name, cell)


async def test_services_are_called_what_the_council_calls_them(memory: Memory, tmp_path: Path) -> None:
    report = await of_odd_names(memory, tmp_path, is_published=False)

    tables = {table.name: table for table in arranged(report, read_layout("quarterly_board")).tables}
    shown = {name: [(row.title, row.cells[0].value) for row in tables[name].rows] for name in tables}

    assert shown["board_children_services"] == [("Duty", 15), (HOME, 12), ("NRS. Placements", 3)]
    assert shown["board_compliments"] == [(CLINIC, 8), ("Adoption", 6)]


async def test_a_layout_names_a_word_with_full_stops_as_it_is(memory: Memory, tmp_path: Path) -> None:
    report = await of_odd_names(memory, tmp_path, is_published=False)
    (tmp_path / "ours.toml").write_text(
        f'''
        about = "For us."
        [[chapter]]
        title = "All"
        needs = "complaints.by_team.{TEAM}"
        text = ["""{{{{ figure("complaints.by_service.{HOME}.count") }}}} about {HOME}."""]
        [[chapter.table]]
        name = "own"
        title = "Own"
        row_title = "What"
        row = [{{ title = "Home", path = "complaints.by_service.{HOME}" }},
               {{ title = "None", path = "complaints.by_service.St. Nobody's" }}]
        ''',
        "utf-8",
    )

    [section] = arranged(report, read_layout("ours", tmp_path)).sections

    assert section.lines == (f"12 about {HOME}.",)
    assert [row.cells[0].value for row in section.tables[0].rows] == [12, 0]


async def test_a_service_that_is_called_a_change_is_a_count_and_is_withheld_as_one(memory: Memory, tmp_path: Path) -> None:
    """And a real change keeps its sign, in the list of measures too."""
    services = ["Behaviour.change"] * 3 + ["Wait_percent"] * 4 + ["Duty"] * 20
    cases = [complaint(f"R{n}", "2024-07-03", directorate="children", service=one) for n, one in enumerate(services)]
    before = [complaint(f"B{n}", "2023-07-03", directorate="housing", service="Duty") for n in range(20)]
    await bring_in(memory, write(tmp_path / "odd", cases=[*cases, *before]))
    reports = []
    for is_published in (False, True):
        page = await make(memory, Wanted(QUARTER, TODAY, None, is_published), Printing(OFFICE, NOW, "html"))
        reports.append(from_page(page))

    table = reports[0].tables["Children's services: stage 1 by service"]
    assert table[1:] == [["Duty", "20", "0"], ["Wait_percent", "4", "0"], ["Behaviour.change", "3", "0"]]
    path = "complaints.by_directorate.children.stage_1_by_service.{}"
    shown = {one: set(reports[1].figures[path.format(one)]) for one in ("Behaviour.change", "Wait_percent")}
    assert shown == {"Behaviour.change": {"withheld"}, "Wait_percent": {"withheld"}}
    assert set(reports[0].figures["complaints.received.change_percent"]) == {"+35.0%"}


async def test_measures_are_called_what_the_rest_of_the_report_calls_them(memory: Memory, tmp_path: Path) -> None:
    rows = [complaint("R1", "2024-07-03", team="Duty"), complaint("R2", "2024-07-03", procedure="other_body")]
    issues = [{"reference": "R1", "number": 1, "theme": "non_delivery", "outcome": "upheld"}]
    enquiry = {"body": "lgsco", "body_reference": "24 001", "received_on": "2024-08-01", "kind": "assessment"}
    decided = enquiry | {"decided_on": "2024-08-09", "outcome": "premature"}
    await bring_in(memory, write(tmp_path / "few", cases=rows, issues=issues, ombudsman=[decided]))
    figures = (await printed(memory, Wanted(QUARTER, TODAY), Printing(OFFICE, NOW, "html"))).figures

    titles = {one.id: [line.title for line in one.lines] for one in measures_of(figures, {}, is_published=False)}

    assert titles["M2"] == ["For another body", "Children Act (statutory)"]
    assert titles["M3"][3] == "Children Act (statutory): stage 1"
    assert titles["M9"][:2] == ["Issues", "Service not delivered: upheld"]
    assert titles["M10"] == ["Children Act (statutory): within 10 working days"]
    assert titles["M13"] == ["Children Act (statutory): median, in working days"]
    lgsco = "Local Government and Social Care Ombudsman"
    assert titles["M20"] == [f"{lgsco}: enquiries", f"{lgsco}: premature"]
    assert titles["M23"] == ["Service: Not known", "Team: Duty", "Team: Not known"]
    assert titles["M31"] == ["For another body", "Children Act (statutory)"]
