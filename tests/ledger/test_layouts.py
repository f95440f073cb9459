"""A council's own layout: a file that is read strictly, says what is wrong with it, and can print figures and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.formats.showing import shown, words_in
from reports.layouts.arranging import arranged
from reports.layouts.reading import LayoutError, names, read_layout
from reports.sample import SAMPLE
from reports.values import Cell, Column, Line, Measure, Section, Unit

FIGURES = {
    **SAMPLE.figures,
    "complaints": {
        "received": {"count": 301, "previous": 255, "change": 46, "change_percent": 18.0},
        "informal_percent": 8.0,
        "outcomes": {"statutory": {"not_upheld": 11}},
        "by_service": {"North": {"count": None, "previous": 6, "change": None, "change_percent": None}},
        "by_directorate": {"children": {"informal": {"count": 2, "previous": 1}, "stages": {"1": {"count": 3, "previous": 4}}}},
    },
    "hidden": ["complaints.by_service.North.count", "complaints.by_service.North.change"],
}
REPORT = type(SAMPLE)(**{**{name: getattr(SAMPLE, name) for name in SAMPLE.__dataclass_fields__}, "figures": FIGURES})


def own(folder: Path, text: str, name: str = "ours") -> Path:
    (folder / f"{name}.toml").write_text(f'about = "For us."\n{text}', "utf-8")
    return folder


def test_a_council_prints_its_own_chapters_with_figures_in_its_own_sentences(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        """
        title = "Ours: {{ period }}"
        [[chapter]]
        title = "All"
        text = ["{{ council }}: {{ figure('complaints.received.count') }} ({{ change('complaints.received.change') }})."]
        tables = ["by_procedure", "stages*", "panels_*"]
        [[chapter.table]]
        name = "own"
        title = "Own"
        row_title = "What"
        row = [{ title = "Received", path = "complaints.received" },
               { title = "Upheld", path = "complaints.outcomes.statutory.upheld" },
               { path = "complaints.by_service", top = 3 }]
        [[chapter]]
        title = "Housing"
        needs = "complaints.by_directorate.housing"
        """,
    )

    report = arranged(REPORT, read_layout("ours", folder))

    assert names(folder) == ("annual_children", "annual_statutory", "ours", "quarterly_board")
    assert report.title == "Ours: 1 April 2024 to 31 March 2025"
    assert [section.title for section in report.sections] == ["All"]
    assert report.sections[0].lines == ("Example Council: 301 (+46).",)
    assert [table.name for table in report.tables] == ["own", "by_procedure", "stages"]
    rows = {row.title: [(cell.value, cell.is_hidden) for cell in row.cells] for row in report.tables[0].rows}
    assert rows["Received"] == [(301, False), (255, False), (46, False)]
    assert rows["Upheld"] == [(0, False), (None, False), (None, False)]
    assert rows["North"] == [(None, True), (6, False), (None, True)], "what is withheld stays so in every layout"


def test_a_sentence_of_which_a_figure_is_withheld_or_not_there_is_left_out(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        """
        title = "Ours: {{ figure('complaints.by_service.North.count') }}"
        [[chapter]]
        title = "All"
        text = ["Came: {{ figure('complaints.received.count') }}.",
                "North: {{ figure('complaints.by_service.North.count') }} of {{ figure('complaints.received.count') }}.",
                "A change of {{ change('complaints.by_service.North.change_percent') }}."]
        """,
    )

    report = arranged(REPORT, read_layout("ours", folder))

    assert report.sections[0].lines == ("Came: 301.",)
    assert report.title == REPORT.title


def test_a_table_of_a_layout_says_how_it_is_counted_and_can_hold_a_measure(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        """
        [[chapter]]
        title = "All"
        [[chapter.table]]
        name = "own"
        title = "Own"
        row_title = "What"
        row = [{ title = "Statutory", path = "complaints.by_procedure.statutory" }]
        [[chapter.table]]
        name = "told"
        title = "Told"
        row_title = "What"
        row = [{ title = "Statutory", path = "complaints.by_procedure.statutory" }]
        footnotes = ["In our words."]
        [[chapter.table]]
        name = "limits"
        title = "Limits"
        row_title = "What"
        row = [{ measure = "M32" }]
        """,
    )
    path = "complaints.by_procedure.statutory.count"
    (known,) = (table for table in SAMPLE.tables if table.name == "by_procedure")
    known = replace(known, rows=(replace(known.rows[0], cells=(Cell(49, path=path), *known.rows[0].cells[1:])), *known.rows[1:]))
    figures = {**REPORT.figures["complaints"], "by_procedure": {"statutory": {"count": 49, "previous": 41, "change": 8}}}
    limits = Measure("M32", "Limits", "d", "n", "", (Line("In force", Cell(2)),))
    sections = (Section("received", "What came in", (), (known,)),)
    report = replace(REPORT, figures={**REPORT.figures, "complaints": figures}, measures=(limits,), sections=sections)
    none = replace(report, measures=(replace(limits, lines=(), why_empty="Not published."),))

    own_table, told, measured = arranged(report, read_layout("ours", folder)).tables

    assert (own_table.footnotes, own_table.measures) == (known.footnotes, known.measures)
    assert (told.footnotes, told.measures) == (("In our words.",), known.measures)
    assert [(row.title, row.cells[0].value) for row in measured.rows] == [("Limits: in force", 2)]
    assert measured.measures == ("M32",)
    assert [(table.rows, table.empty) for table in arranged(none, read_layout("ours", folder)).tables[2:]] == [
        ((), "Not published.")
    ]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (Column("count", "2024-25"), "no figure"),
        (Column("change_percent", "Change in %", Unit.PERCENT), "none to compare with"),
        (Column("done_on", "Done on", Unit.DAY), "no date"),
    ],
)
def test_what_is_not_there_is_said_in_plain_words(column: Column, says: str) -> None:
    assert shown(Cell(None), column, words_in("en")) == says


@pytest.mark.parametrize("path", ["stages.statutory.2.count", "stages.statutory.3.count"])
def test_the_statutory_layout_says_of_stages_that_they_were_asked_for(path: str) -> None:
    [line] = [line for plan in read_layout("annual_statutory").chapters for line in plan.text if path in line]

    assert "asked for" in line
    assert not any(word in line for word in ("heard", "were investigated"))


def test_the_statutory_layout_counts_complaints_and_those_of_its_procedure() -> None:
    lines = " ".join(line for plan in read_layout("annual_statutory").chapters for line in plan.text)

    assert "people came" not in lines
    assert "complaints.formal" not in lines
    assert "complaints.by_procedure.statutory.count" in lines


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no [[chapter]]"),
        ('[[chapter]]\ntitel = "x"', "unknown: titel"),
        ("[[chapter]]\ntext = []", "title is missing"),
        ("[[chapter]]\ntitle = 5", "title is missing, or is no text"),
        ('[[chapter]]\ntitle = "x"\ntables = "received"', "tables is a list"),
        ('[[chapter]]\ntitle = "x"\ntables = ["recieved"]', 'there is no table "recieved". There are: by_procedure'),
        ('[[chapter]]\ntitle = "x"\nsentences_of = ["nothing"]', 'no chapter "nothing"'),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ figure(\'complaints.recieved.count\') }}"]', "nothing is called recieved"),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ figure(\'complaints.by_directorate.children.informl\') }}"]', "called informl"),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ figure(\'complaints\') }}"]', "several"),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ nothing }}"]', "'nothing' is undefined"),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ figure }"]', "cannot be filled in"),
        ('[[chapter]]\ntitle = "x"\ntext = ["{{ figure.__globals__ }}"]', "cannot be filled in"),
        ('[[chapter]]\ntitle = "x"\n[[chapter.table]]\nname = "A b"\ntitle = "t"\nrow_title = "r"', "small letters"),
        (
            '[[chapter]]\ntitle = "x"\n[[chapter.table]]\nname = "a"\ntitle = "t"\nrow_title = "r"\n'
            'row = [{path = "a", top = -1}]',
            "top",
        ),
        (
            '[[chapter]]\ntitle = "x"\n[[chapter.table]]\nname = "a"\ntitle = "t"\nrow_title = "r"\nrow = [{measure = "M35"}]',
            "M1 to M34",
        ),
        (
            '[[chapter]]\ntitle = "x"\nwithout = ["complaints.by_directorate.childrens"]',
            "no complaints.by_directorate.childrens in this report. Under complaints.by_directorate there are: children.",
        ),
        (
            '[[chapter]]\ntitle = "x"\nwithout = ["complaint.by_directorate.children"]',
            "without: there is no complaint.by_directorate",
        ),
        ("[[chapter", "cannot be read as TOML"),
    ],
)
def test_a_layout_with_a_mistake_says_which_file_where_and_why(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LayoutError) as refused:
        arranged(REPORT, read_layout("ours", own(tmp_path, text)))

    assert says in str(refused.value)


def test_what_a_chapter_is_without_may_be_missing_from_a_report_where_it_is_a_word_of_ours(tmp_path: Path) -> None:
    """The board's chapter on every other directorate stands also in a quarter without public health."""
    text = '[[chapter]]\ntitle = "x"\ntext = ["Here."]\nwithout = ["complaints.by_directorate.public_health"]'

    assert arranged(REPORT, read_layout("ours", own(tmp_path, text))).sections[0].lines == ("Here.",)


@pytest.mark.parametrize("name", ["nothing", "../settings", "/etc/passwd", ""])
def test_a_name_that_is_no_layout_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(LayoutError, match="annual_children, annual_statutory, quarterly_board"):
        read_layout(name)


def test_rows_of_nothing_are_left_out_where_a_layout_says_so_and_what_is_withheld_stays(tmp_path: Path) -> None:
    """North has 0 now, and what was before is withheld: a row that vanished would say that it was 0 as well."""
    parts = ("count", "previous", "change", "change_percent")
    services = {"North": (0, None, None, None), "South": (0, 0, 0, None), "West": (0, 7, -7, -100.0)}
    of = {name: dict(zip(parts, values, strict=True)) for name, values in services.items()}
    hidden = ["complaints.by_service.North.previous", "complaints.by_service.North.change"]
    figures = {**FIGURES, "complaints": {**FIGURES["complaints"], "by_service": of}, "hidden": hidden}
    row = 'row = [{ path = "complaints.by_service" }]'
    nothing = 'row = [{ title = "South", path = "complaints.by_service.South" }]'
    table = "[[chapter.table]]\nname = '{}'\ntitle = 'T'\nrow_title = 'What'\nwithout_zeros = true\n{}\n"
    own(tmp_path, "[[chapter]]\ntitle = 'All'\n" + table.format("some", row) + table.format("none", nothing))

    some, none = arranged(replace(REPORT, figures=figures), read_layout("ours", tmp_path)).sections[0].tables

    assert [row.title for row in some.rows] == ["North", "West"]
    assert some.footnotes[-1] == "What is not listed was 0."
    assert (none.rows, none.empty) == ((), "There was none.")


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ('name = "by_procedure"', "the report has a table called by_procedure already: give yours another name"),
        ('name = "measures"', "the report has a table called measures already"),
        ('name = "notes"', "a part of every report is called notes: give the table another name"),
        ('name = "own"\ntitle = "\\u202e "', "title is missing, or is no text"),
        ('name = "own"\ntitle = "\\u200b\\u200b"', "title is missing, or is no text that can be seen"),
    ],
)
def test_a_table_whose_name_or_title_is_none_of_its_own_is_refused(tmp_path: Path, table: str, why: str) -> None:
    """Links within a report lead to its parts and tables by their names."""
    title = "" if "title" in table else 'title = "Ours"'
    row = 'row = [{ title = "Received", path = "complaints.received" }]'
    text = f'[[chapter]]\ntitle = "All"\n[[chapter.table]]\n{table}\n{title}\nrow_title = "What"\n{row}\n'

    with pytest.raises(LayoutError, match=why):
        arranged(REPORT, read_layout("ours", own(tmp_path, text)))


@pytest.mark.parametrize(
    "said", ["{{ 1 / 0 }}", "{{ figure() }}", "{{ figure(1) }}", "{{ [][0].x }}", "{{ 'a' * -1 + 1 }}", "{{ range(10 ** 9) }}"]
)
def test_a_sentence_that_cannot_be_filled_in_is_told_with_its_chapter(tmp_path: Path, said: str) -> None:
    text = f'[[chapter]]\ntitle = "All"\ntext = ["{said}"]\n'

    with pytest.raises(LayoutError, match=r"chapter 1 \(All\): a sentence cannot be filled in"):
        arranged(REPORT, read_layout("ours", own(tmp_path, text)))
