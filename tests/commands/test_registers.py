"""`import-register`, `export-register` and `report` as they are typed."""

import csv
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest

from tests.commands.hearing import MANAGER, OFFICER, Heard

DATA = Path(__file__).resolve().parents[1] / "registers" / "data"
HEAD = "reference,kind,procedure,received_on\n"


@pytest.fixture
def dudley(heard_here: Heard) -> Heard:
    heard_here("import-register", str(DATA / "dudley"))
    return heard_here


def test_a_register_goes_in_and_out_and_its_report_is_printed(dudley: Heard) -> None:
    again = dudley("import-register", str(DATA / "dudley"), "--json")
    out = dudley("export-register", "out")
    year = dudley("report", "--year", "2024-25")

    assert (again.code, again.json) == (0, {"summary": {"cases": 556, "added": 0, "changed": 0, "errors": 0}})
    assert (out.code, sorted(path.name for path in (dudley.folder / "out").iterdir())) == (
        0,
        ["activity.csv", "cases.csv", "exported.json", "issues.csv"],
    )
    assert (year.code, year.json["complaints"]["received"]["count"]) == (0, 301)
    assert dudley("case", "show", "DUD-0001", "--as", OFFICER).code == 0


def test_who_takes_rows_out_stands_beside_them_and_on_record(dudley: Heard) -> None:
    """The digest is that of the files as they lie there: whoever finds one knows whose it was."""
    dudley("export-register", "out", "--as", OFFICER)
    dudley("report", "--year", "2024-25", "--format", "csv", "--out", "tables", "--as", MANAGER)
    dudley("report", "--year", "2024-25", "--format", "xlsx", "--out", "year.xlsx", "--as", OFFICER)
    listed = dudley("report", "--year", "2024-25", "--references", "complaints.received.count", "--as", OFFICER)
    dudley("report", "--year", "2024-25", "--format", "html", "--out", "year.html", "--as", OFFICER)

    references, book, tables, register = dudley("exports", "--json").json

    assert [(one["what"], one["exported_by"]) for one in (references, book, tables, register)] == [
        ("references", OFFICER), ("report xlsx", OFFICER), ("report csv", MANAGER), ("register", OFFICER),
    ]  # fmt: skip
    for folder, noted in (("out", register), ("tables", tables)):
        beside = json.loads((dudley.folder / folder / "exported.json").read_text("utf-8"))
        files = sorted((dudley.folder / folder).glob("*.csv"))
        held = {path.name: sha256(path.read_bytes()).hexdigest() for path in files}
        assert {one["name"]: one["sha256"] for one in beside["files"]} == held
        assert noted == {name: value for name, value in beside.items() if name != "files"}
        assert noted["sha256"] == sha256("".join(f"{held[path.name]}  {path.name}\n" for path in files).encode()).hexdigest()
        texts = (StringIO(path.read_bytes().decode("utf-8-sig"), newline="") for path in files)
        assert noted["rows"] == sum(len(list(csv.reader(text))) - 1 for text in texts)
    assert tables["which"].startswith("2024-04-01 to 2025-03-31, as at ") and tables["which"].endswith(", staff")
    assert book["sha256"] == sha256((dudley.folder / "year.xlsx").read_bytes()).hexdigest()
    assert (references["rows"], references["sha256"]) == (301, sha256(listed.raw).hexdigest())
    assert dudley("import-register", "out").out.endswith("0 added, 0 changed.\n")
    assert f"{OFFICER}: register; " in dudley("exports").out


def test_beside_what_is_published_stands_nobody_s_name_and_it_is_the_same_whoever_takes_it(dudley: Heard) -> None:
    publish = ("report", "--year", "2024-25", "--as-at", "2026-03-01", "--format", "csv", "--published", "--out")
    for folder, officer in (("one", OFFICER), ("two", MANAGER)):
        assert dudley(*publish, folder, "--as", officer).code == 0

    one, two = ({path.name: path.read_bytes() for path in (dudley.folder / folder).iterdir()} for folder in ("one", "two"))
    assert "00_notes.csv" in one and one == two
    assert not [name for name, held in one.items() if name == "exported.json" or OFFICER.encode() in held]
    latest, first = dudley("exports", "--json").json
    assert (first["exported_by"], latest["exported_by"]) == (OFFICER, MANAGER)
    assert first["sha256"] == latest["sha256"] and first["which"].endswith(", published")


def test_the_list_of_what_left_has_the_times_of_this_country(dudley: Heard) -> None:
    dudley("export-register", "out", "--as", OFFICER)
    with closing(sqlite3.connect(dudley.folder / "heard.db")) as memory, memory:
        rest = "made_by, what, which, row_count, sha256, software"
        memory.execute(f"INSERT INTO export (made_at, {rest}) SELECT '2026-06-30 23:30:00.000000', {rest} FROM export")

    assert dudley("exports").out.startswith(f"Wed 01 Jul 2026 00:30  {OFFICER}: register; ")


def test_with_a_mistake_nothing_is_stored_and_each_is_named(heard_here: Heard) -> None:
    folder = heard_here.folder / "register"
    folder.mkdir()
    (folder / "cases.csv").write_text(f"{HEAD}A1,complaint,statutory,2024-05-01\nA2,complaint,x,01.05.2024\n", encoding="utf-8")

    plain, as_json = heard_here("import-register", "register"), heard_here("import-register", "register", "--json")

    assert (plain.code, plain.out) == (1, "")
    assert 'cases.csv:3: received_on: "01.05.2024": a date is written YYYY-MM-DD' in plain.err
    assert "Nothing was stored." in plain.err
    *mistakes, last = as_json.lines
    assert [(one["file"], one["line"], one["column"], one["value"]) for one in mistakes] == [
        ("cases.csv", 3, "procedure", "x"),
        ("cases.csv", 3, "received_on", "01.05.2024"),
    ]
    assert last == {"summary": {"cases": 2, "added": 0, "changed": 0, "errors": 2}}
    assert heard_here("case", "list", "--json").json == []


def test_of_very_many_mistakes_the_first_two_hundred_are_told(heard_here: Heard) -> None:
    folder = heard_here.folder / "register"
    folder.mkdir()
    (folder / "cases.csv").write_text(HEAD + "A,complaint,x,2024-05-01\n" * 150, encoding="utf-8")

    said = heard_here("import-register", "register", "--json")

    assert (said.code, len(said.lines)) == (1, 201)
    assert said.lines[-1]["summary"]["errors"] == 299
    assert "and 99 more" in said.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report",), 2),
        (("report", "--year", "2024-26"), 2),
        (("report", "--from", "2024-05-01"), 2),
        (("report", "--from", "2024-05-02", "--to", "2024-05-01"), 2),
        (("report", "--year", "2024-25", "--quarter", "2024-25Q1"), 2),
        (("report", "--year", "2024-25", "--format", "pdf"), 2),
        (("report", "--year", "2024-25", "--as-at", "2999-01-01"), 1),
        (("report", "--year", "2024-25", "--layout", "nobody"), 1),
        (("report", "--year", "2024-25", "--restate", "a mistake", "--as", OFFICER), 1),
        (("report", "--year", "2024-25", "--keep"), 1),
        (("import-register", "nowhere"), 1),
    ],
)
def test_what_cannot_be_done_is_said(heard_here: Heard, words: tuple[str, ...], code: int) -> None:
    said = heard_here(*words)

    assert (said.code, said.out) == (code, "")
    assert said.err


def test_every_format_is_written_and_what_is_published_hides_small_numbers(dudley: Heard) -> None:
    page = dudley("report", "--year", "2024-25", "--format", "html", "--published")
    table = dudley("report", "--year", "2024-25", "--format", "csv", "--out", "tables")
    book = dudley("report", "--year", "2024-25", "--format", "xlsx", "--out", "report.xlsx")
    hidden = dudley("report", "--year", "2024-25", "--published").json

    assert page.out.startswith("<!")
    assert (table.code, book.code) == (0, 0)
    assert (dudley.folder / "report.xlsx").read_bytes().startswith(b"PK")
    written = [path for path in (dudley.folder / "tables").iterdir() if "by_procedure" in path.name]
    assert "301" in {cell for path in written for row in csv.reader(path.read_text("utf-8-sig").splitlines()) for cell in row}
    assert json.dumps(hidden["complaints"]["issues"]["by_theme"]).count("null") > 0


def test_a_kept_report_is_printed_again(dudley: Heard) -> None:
    first = dudley("report", "--year", "2024-25", "--as-at", "2025-05-12", "--keep", "--as", OFFICER)
    (dudley.folder / "more").mkdir()
    (dudley.folder / "more" / "cases.csv").write_text(f"{HEAD}NEW-1,complaint,statutory,2024-05-01\n", encoding="utf-8")
    dudley("import-register", "more")

    again = dudley("report", "--year", "2024-25", "--as-at", "2025-05-12")

    assert again.json == first.json


def test_of_the_whole_and_its_parts_only_one_is_published(dudley: Heard) -> None:
    """Their difference would be the small number that each withholds."""
    part = ("report", "--year", "2024-25", "--directorate", "children", "--published")
    first = dudley(*part)
    kept = dudley("report", "--year", "2024-25", "--published", "--keep", "--as", OFFICER)
    then = dudley(*part)
    quarter = dudley("report", "--quarter", "2024-25Q2", "--directorate", "children", "--published")
    staff = dudley("report", "--year", "2024-25", "--directorate", "children")

    assert first.code == 0
    assert "not beside it" in first.flat
    assert kept.code == 0
    for refused in (then, quarter):
        assert (refused.code, refused.out) == (1, "")
        assert "The report of all directorates from 1 April 2024 to 31 March 2025 was kept as published" in refused.flat
    assert staff.code == 0


def test_the_cases_behind_a_figure_are_listed_for_staff_and_other_councils_stand_beside(dudley: Heard) -> None:
    others = dudley.folder / "others.csv"
    head, row = "council,figure,value,from,to,source", "Kent,complaints.received.count,318,2024-04-01,2025-03-31,a page"
    others.write_text(f"{head}\n{row}\n", encoding="utf-8")
    (dudley.folder / "wrong.csv").write_text(f"{head}\nKent,nothing,x,2024,2025-03-31,\n", encoding="utf-8")

    behind = dudley("report", "--year", "2024-25", "--references", "complaints.by_procedure.statutory.count")
    refused = dudley("report", "--year", "2024-25", "--references", "M1", "--published")
    unknown = dudley("report", "--year", "2024-25", "--references", "M99")
    beside = dudley("report", "--year", "2024-25", "--compare", "others.csv")
    wrong = dudley("report", "--year", "2024-25", "--compare", "wrong.csv")
    forgotten = dudley("report", "--forget", "DUD-0001", "--as", OFFICER)

    assert (behind.code, behind.json["count"], len(set(behind.json["references"]))) == (0, 49, 49)
    assert (refused.code, unknown.code, wrong.code) == (2, 1, 1)
    assert "References are for staff" in refused.err
    assert "M1 to M34" in unknown.err
    assert beside.json["comparison"][0] | {"source": ""} == {
        "council": "Kent", "figure": "complaints.received.count", "value": 318, "from": "2024-04-01", "to": "2025-03-31",
        "source": "", "own": 301,
    }  # fmt: skip
    assert 'wrong.csv:2: value: "x": a number like 301' in wrong.err
    assert "4 mistakes in the figures of other councils. Nothing was written." in wrong.err
    assert (forgotten.code, "No kept report has words of DUD-0001. Nothing was changed." in forgotten.flat) == (1, True)
    assert "Only a complaints officer" in dudley("report", "--forget", "DUD-0001", "--as", MANAGER).flat


def test_that_words_were_taken_out_of_kept_reports_stands_in_the_history_of_their_case(dudley: Heard) -> None:
    folder = dudley.folder / "promised"
    folder.mkdir()
    (folder / "cases.csv").write_text(f"{HEAD}NEW-1,complaint,statutory,2024-05-01\n", encoding="utf-8")
    (folder / "learning.csv").write_text("reference,action,owner\nNEW-1,Ring his mother,Nia\n", encoding="utf-8")
    dudley("import-register", "promised")
    dudley("report", "--year", "2024-25", "--keep", "--as", OFFICER)
    before = dudley("report", "--year", "2024-25")

    taken = dudley("report", "--forget", "NEW-1", "--as", OFFICER)

    assert "taken out of 1 kept report. Their figures stay." in taken.flat
    history = dudley("case", "show", "NEW-1", "--json").json["history"]
    [noted] = [one for one in history if "words were taken out" in (one["words"] or "")]
    assert (noted["words"], noted["who"]) == ("its words were taken out of 1 kept report; their figures stay", "Ravi Shah")
    assert dudley("report", "--year", "2024-25").json == before.json
