"""A council's own words in each layout: full stops, signs and capitals change no figure and no name."""

import json
from datetime import date
from pathlib import Path

import pytest

from reports.composing.composing import Head, compose
from reports.figures.periods import Period
from reports.layouts.arranging import arranged
from reports.layouts.reading import names, read_layout
from reports.making import Printing, as_json, printed
from reports.reckoning import Wanted
from reports.values import Report
from storage.unit_of_work import Memory
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
