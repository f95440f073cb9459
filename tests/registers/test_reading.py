"""Other councils' files, and hostile ones: each mistake is named by file, line, column and value, and all of them at once."""

from pathlib import Path

import pytest

from reports.registers.checking import check
from reports.registers.columns import CASES
from reports.registers.reading import read_folder
from tests.registers.shelf import TODAY

HEAD = "reference,kind,procedure,received_on"
ROW = "A1,complaint,statutory,2024-05-01"


def mistakes(folder: Path, **files: str | bytes) -> list[tuple[str, int, str, str]]:
    """Where mistakes are: file, line, column, value."""
    given = {"cases": f"{HEAD}\n{ROW}\n"} | files
    for name, text in given.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(one.file, one.line, one.column, one.shown) for one in check(read_folder(folder, TODAY))]


def cases(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def test_a_good_register_has_no_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + cases(ROW).encode(),
        cases(ROW).replace("\n", "\r\n"),
        cases(ROW).replace("\n", "\r"),
        cases(ROW, "", ""),
        cases("  A1 , complaint,statutory ,2024-05-01"),
        cases('"A1","complaint","statutory","2024-05-01"'),
        HEAD,
        f"received_on,procedure,kind,reference\n{','.join(reversed(ROW.split(',')))}",
        cases('A1,compliment,,"2024-05-01"'),
        cases('"=1+1\n",complaint,statutory,2024-05-01'),
    ],
    ids=["BOM", "CRLF", "CR", "blank lines", "spaces", "quoted", "no rows", "other order", "no procedure", "formula-like"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str | bytes) -> None:
    assert mistakes(tmp_path, cases=text) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (cases("A1,complaint,statutory,01/05/2024"), (2, "received_on", "01/05/2024")),
        (cases("A1,complaint,statutory,24-05-01"), (2, "received_on", "24-05-01")),
        (cases("A1,complaint,statutory,2023-02-29"), (2, "received_on", "2023-02-29")),
        (cases("A1,complaint,statutory,2026-11-23"), (2, "received_on", "2026-11-23")),
        (cases("A1,complaint,statutory,٢٠٢٤-٠٥-٠١"), (2, "received_on", "٢٠٢٤-٠٥-٠١")),
        (cases("A1,Complaint,statutory,2024-05-01"), (2, "kind", "Complaint")),
        (cases("A1,complaint,,2024-05-01"), (2, "procedure", "")),
        (cases("A1,complaint,member_enquiry,2024-05-01"), (2, "procedure", "member_enquiry")),
        (cases(",complaint,statutory,2024-05-01"), (2, "reference", "")),
        (cases("   ,complaint,statutory,2024-05-01"), (2, "reference", "")),
        (cases(ROW, ROW), (3, "reference", "A1")),
        (cases("A1,complaint,statutory"), (2, "", "")),
        (cases(ROW + ","), (2, "", "")),
        (cases('A1,"comp\nlaint",statutory,2024-05-01', "A2,x,statutory,2024-05-01"), (2, "kind", "comp\nlaint")),
        (cases('A1,"complaint,statutory,2024-05-01'), (2, "", "")),
        (cases('A1,"complaint"x,statutory,2024-05-01'), (2, "", "")),
        (cases(ROW, head="reference,kind,procedure,recieved_on"), (1, "recieved_on", "recieved_on")),
        (cases(ROW + ",x", head=f"{HEAD},kind"), (1, "kind", "kind")),
        ("", (1, "", "")),
        ("\n\n", (1, "", "")),
        (b"\xff\xfe" + cases(ROW).encode("utf-16-le"), (1, "", "")),
        (cases("A\x00,complaint,statutory,2024-05-01"), (2, "reference", "A\x00")),
        (cases(f"{'x' * 10_001},complaint,statutory,2024-05-01"), (2, "reference", "x" * 100)),
    ],
)
def test_a_mistake_is_named_by_line_column_and_value(tmp_path: Path, text: str | bytes, where: tuple[int, str, str]) -> None:
    assert ("cases.csv", *where) in mistakes(tmp_path, cases=text)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("stage_1_responded_on=2024-05-03", ("stage_1_responded_on", "2024-05-03")),
        ("stage_1_outcome=upheld", ("stage_1_outcome", "upheld")),
        ("stage_2_requested_on=2024-04-30", ("stage_2_requested_on", "2024-04-30")),
        ("stage_1_started_on=2024-05-10,stage_1_responded_on=2024-05-09", ("stage_1_responded_on", "2024-05-09")),
        ("stage_3_requested_on=2024-05-10,stage_3_panel_on=2024-05-09", ("stage_3_panel_on", "2024-05-09")),
        ("on_behalf_of_child=yes", ("on_behalf_of_child", "yes")),
        ("channel=alarm", ("channel", "alarm")),
    ],
)
def test_dates_that_cannot_be_are_mistakes(tmp_path: Path, more: str, where: tuple[str, str]) -> None:
    extra = dict(pair.split("=") for pair in more.split(","))

    found = mistakes(tmp_path, cases=cases(f"{ROW},{','.join(extra.values())}", head=f"{HEAD},{','.join(extra)}"))

    assert found == [("cases.csv", 2, *where)]


@pytest.mark.parametrize(
    "more",
    ["stage_2_requested_on=2024-05-10", "stage_1_started_on=2024-05-01,stage_1_outcome=upheld", "stage_1_started_on=2024-05-01"],
    ids=["straight to stage 2", "outcome without the day of the reply", "begun"],
)
def test_what_the_contract_settles_is_taken(tmp_path: Path, more: str) -> None:
    extra = dict(pair.split("=") for pair in more.split(","))

    assert mistakes(tmp_path, cases=cases(f"{ROW},{','.join(extra.values())}", head=f"{HEAD},{','.join(extra)}")) == []


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("issues", "reference,number,theme\nA2,1,delay\n", (2, "reference", "A2")),
        ("issues", "reference,number,theme\nA1,1,delay\nA1,1,delay\n", (3, "number", "1")),
        ("issues", "reference,number,theme\nA1,+1,delay\n", (2, "number", "+1")),
        ("issues", "reference,number\nA1,1\n", (1, "theme", "")),
        ("learning", "reference,action\nA2,Call\n", (2, "reference", "A2")),
        ("learning", "reference,action,done_on\nA1,Call,2027-01-01\n", (2, "done_on", "2027-01-01")),
        ("ombudsman", "body,body_reference,received_on,kind\nlgsco,1,2024-05-01,visit\n", (2, "kind", "visit")),
        ("activity", "measure,from,to,count\ncontacts,2024-04-02,2024-04-01,5\n", (2, "from", "2024-04-02")),
        ("activity", "measure,from,to,count\ncontacts,2024-04-01,2024-04-01,1e3\n", (2, "count", "1e3")),
        (
            "activity",
            "measure,from,to,count\ncontacts,2024-04-01,2024-04-30,5\ncontacts,2024-04-30,2024-05-01,5\n",
            (3, "from", "2024-04-30"),
        ),
        ("complaints", HEAD, (1, "", "")),
    ],
)
def test_the_other_files_are_checked_too(tmp_path: Path, name: str, text: str, where: tuple[int, str, str]) -> None:
    assert mistakes(tmp_path, **{name: text}) == [(f"{name}.csv", *where)]


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    bad = cases("A1,x,statutory,2024-05-01", "A2,complaint,statutory,soon", "A3,complaint,y,")

    found = mistakes(tmp_path, cases=bad, issues="reference,number,theme\nA1,1,delay\nA9,1,late\n")

    assert [(file, line, column) for file, line, column, _ in found] == [
        ("cases.csv", 2, "kind"),
        ("cases.csv", 3, "received_on"),
        ("cases.csv", 4, "procedure"),
        ("cases.csv", 4, "received_on"),
        ("issues.csv", 3, "theme"),
        ("issues.csv", 3, "reference"),
    ]


def test_other_files_are_passed_over_and_cases_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "folder.csv").mkdir()

    [only] = check(read_folder(tmp_path, TODAY))

    assert (only.file, only.line, only.why) == ("cases.csv", 1, "cases.csv is missing")


def test_text_is_compared_in_one_form(tmp_path: Path) -> None:
    """W with a circumflex as one character and as two is the same reference."""
    found = mistakes(tmp_path, cases=cases("Ŵ1,complaint,statutory,2024-05-01", "W\u03021,complaint,statutory,2024-05-01"))

    assert found == [("cases.csv", 3, "reference", "Ŵ1")]


def test_every_column_of_the_contract_is_known() -> None:
    assert len(CASES.names) == 26
