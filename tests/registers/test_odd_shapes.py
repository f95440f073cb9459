"""Registers in the shapes that spreadsheets leave, by the command line: taken as they are, or refused with every mistake told."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.common import safe
from tests.commands.hearing import Heard

HEAD = "reference,kind,procedure,received_on"
ROW = "A1,complaint,statutory,2024-05-01"
Told = list[tuple[int, str, str]]
"""Line, column, and what is said of it."""


def cases(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


@pytest.fixture
def desk(migrated_sqlite: Path, tmp_path: Path) -> Heard:
    """With one case taken in already."""
    folder = tmp_path / "desk"
    (folder / "first").mkdir(parents=True)
    shutil.copy(migrated_sqlite, folder / "heard.db")
    (folder / "first" / "cases.csv").write_text(cases("G1,compliment,,2024-05-02"), encoding="utf-8")
    heard = Heard(folder)
    assert heard("import-register", "first").code == 0
    (folder / "register").mkdir()
    return heard


def held(desk: Heard) -> list[str]:
    """Everything that the memory holds."""
    with sqlite3.connect(desk.folder / "heard.db") as opened:
        return list(opened.iterdump())


def put(desk: Heard, text: str | bytes, name: str = "cases.csv") -> None:
    (desk.folder / "register" / name).write_bytes(text if isinstance(text, bytes) else text.encode())


TAKEN: dict[str, tuple[str | bytes, list[str]]] = {
    "a byte-order mark": (b"\xef\xbb\xbf" + cases(ROW).encode(), ["A1"]),
    "lines that end as on Windows": (cases(ROW).replace("\n", "\r\n"), ["A1"]),
    "lines that end as on an old Mac": (cases(ROW).replace("\n", "\r"), ["A1"]),
    "columns in another order": ("received_on,procedure,kind,reference\n2024-05-01,statutory,complaint,A1\n", ["A1"]),
    "without what may be missing": ("reference,kind,received_on\nA1,compliment,2024-05-01\n", ["A1"]),
    "a header and nothing else": (f"{HEAD}\n", []),
    "a header without an end": (HEAD, []),
    "quotation marks and line ends in cells": (cases('"A ""1""\nof 2",complaint,statutory,2024-05-01'), ['A "1"\nof 2']),
    "empty lines behind": (cases(ROW, "", "  ", ""), ["A1"]),
    "spaces around values and headings": (
        cases(" A1 , complaint,statutory ,2024-05-01\t", head=HEAD.replace(",", " , ")),
        ["A1"],
    ),
    "spaces that do not break": (cases("\u00a0A1,complaint,statutory\u00a0,2024-05-01"), ["A1"]),
    "29 February of a leap year": (cases("A1,complaint,statutory,2024-02-29"), ["A1"]),
    "what looks like a formula": (cases("=1+1,complaint,statutory,2024-05-01"), ["=1+1"]),
    "ten thousand symbols in a cell": (cases(f"{ROW},{'x' * 10_000}", head=f"{HEAD},source"), ["A1"]),
    "references that differ in a capital": (cases(ROW, ROW.lower()), ["A1", "a1"]),
    "a name whose script joins its letters": (
        cases(f"{ROW},\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", head=f"{HEAD},service"),
        ["A1"],
    ),
}


@pytest.mark.parametrize("shape", TAKEN)
def test_what_the_contract_allows_is_taken_as_it_is(desk: Heard, shape: str) -> None:
    text, references = TAKEN[shape]
    put(desk, text)

    said = desk("import-register", "register")

    assert (said.code, said.out) == (0, f"{len(references)} cases read: {len(references)} added, 0 changed.\n"), said.err
    with sqlite3.connect(desk.folder / "heard.db") as opened:
        found = {row[0] for row in opened.execute("SELECT reference FROM register")}
    assert found == {"G1", *references}


REFUSED: dict[str, tuple[str | bytes, Told]] = {
    "UTF-16 with its mark": (cases(ROW).encode("utf-16"), [(1, "", "this is not UTF-8 text: save it as CSV UTF-8")]),
    "UTF-16 without": (cases(ROW).encode("utf-16-be"), [(1, "", "this is not UTF-8 text: save it as CSV UTF-8")]),
    "Windows' own letters": (cases("Zoë,complaint,,2024-05-01").encode("cp1252"), [(1, "", "this is not UTF-8 text")]),
    "an empty file": ("", [(1, "", "there is no header")]),
    "empty lines alone": ("\n \n", [(1, "", "there is no header")]),
    "semicolons": (cases(ROW).replace(",", ";"), [(1, "", "stand apart by semicolons: save it with commas")]),
    "upright bars": (cases(ROW).replace(",", "|"), [(1, "", "stand apart by upright bars: save it with commas")]),
    "a line for a spreadsheet": (f"sep=,\n{cases(ROW)}", [(1, "", "this line is for a spreadsheet: take it out")]),
    "columns that nobody knows": (
        cases(f"{ROW},x,y", head=f"{HEAD},Notes,RAG"),
        [(1, "Notes", "no column of cases.csv; there are reference, kind"), (1, "RAG", "no column of cases.csv")],
    ),
    "columns without a heading": (
        cases(f"{ROW},,", head=f"{HEAD},,"),
        [(1, "", "column 5 has no heading"), (1, "", "column 6 has no heading")],
    ),
    "headings with capitals and spaces": (
        "Reference,kind,procedure,Received on\n",
        [
            (1, "Reference", "write this heading as reference"),
            (1, "Received on", "write this heading as received_on"),
            (1, "reference", "this column is missing"),
            (1, "received_on", "this column is missing"),
        ],
    ),
    "dates of all kinds": (
        cases(
            *(f"A{n},complaint,statutory,{day}" for n, day in enumerate(("01/04/2024", "45383", "2024-04-01 00:00:00", "soon")))
        ),
        [
            (2, "received_on", "a date is written YYYY-MM-DD, like 2024-11-07"),
            (3, "received_on", "this is a spreadsheet's own number for a day"),
            (4, "received_on", "a date is written YYYY-MM-DD"),
            (5, "received_on", "a date is written YYYY-MM-DD"),
        ],
    ),
    "29 February of another year": (
        cases("A1,complaint,statutory,2023-02-29"),
        [(2, "received_on", "no such day in any calendar")],
    ),
    "capitals in words": (
        cases("A1,Complaint,Statutory,2024-05-01,FALSE", head=f"{HEAD},on_behalf_of_child"),
        [
            (2, "kind", "write it as complaint"),
            (2, "procedure", "write it as statutory"),
            (2, "on_behalf_of_child", "write it as false"),
        ],
    ),
    "spaces in words": (cases("A1,complaint,Public health,2024-05-01"), [(2, "procedure", "write it as public_health")]),
    "the same reference again": (
        cases(ROW, "B1,compliment,,2024-05-01", ROW, ROW),
        [(4, "reference", "the same reference as on line 2"), (5, "reference", "the same reference as on line 2")],
    ),
    "rows of commas behind": (
        cases(ROW, ",,,", ",,,"),
        [(3, "reference", "the whole row is empty: delete it"), (4, "reference", "the whole row is empty: delete it")],
    ),
    "a NUL": (cases("A\x001,complaint,statutory,2024-05-01"), [(2, "reference", "a control character that no text needs")]),
    "references with signs that nobody sees": (
        cases(
            *(f"A{sign}1,complaint,statutory,2024-05-01" for sign in ("\u200b", "\ufeff", "\u00ad", "\u2060", "\u3164", "\ufe0f"))
        ),
        [
            (line, "reference", f"a sign that nobody sees is in it ({sign}): type it anew")
            for line, sign in enumerate(("U+200B", "U+FEFF", "U+00AD", "U+2060", "U+3164", "U+FE0F"), start=2)
        ],
    ),
    "such a sign in a word, a date and a heading": (
        cases("A1,complaint\u200b,statutory,2024-\u00ad05-01,x", head=f"{HEAD},so\u200burce"),
        [
            (1, "so\u200burce", "in this heading is a sign that nobody sees (U+200B): type the heading anew"),
            (2, "kind", "a sign that nobody sees is in it (U+200B)"),
            (2, "received_on", "a sign that nobody sees is in it (U+00AD)"),
        ],
    ),
    "cells with such signs and nothing else": (
        cases("\u200b,complaint,statutory,2024-05-01,\u200b\u200b", head=f"{HEAD},team"),
        [(2, "reference", "type it anew"), (2, "team", "a sign that nobody sees is in it (U+200B): empty this cell")],
    ),
    "a huge cell": (
        cases(f"{ROW},{'x' * 300_000}", head=f"{HEAD},source"),
        [(2, "source", "a cell has at most 10,000 symbols; this one has 300,000")],
    ),
    "a quotation mark that is never closed": (
        cases('A1,"complaint,statutory,2024-05-01', *(f"B{n},compliment,,2024-05-01" for n in range(500))),
        [(2, "", "a quotation mark is not closed")],
    ),
    "a word of two lines before a mistake": (
        cases('"A\n1",complaint,statutory,2024-05-01', "A2,complaint,statutory,never"),
        [(4, "received_on", "a date is written YYYY-MM-DD")],
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_it_does_not_allow_is_refused_with_every_mistake_and_changes_nothing(desk: Heard, shape: str) -> None:
    text, told = REFUSED[shape]
    put(desk, text)
    before = held(desk)

    said, as_json = desk("import-register", "register"), desk("import-register", "register", "--json")

    *found, last = as_json.lines
    assert [(one["line"], one["column"]) for one in found] == [(line, column) for line, column, _ in told]
    assert [one["why"] for one, (_, _, why) in zip(found, told, strict=True) if why not in one["why"]] == []
    lines = said.err.splitlines()
    assert [line.startswith(f"cases.csv:{at}: {safe(column)}: ") for line, (at, column, _) in zip(lines, told, strict=False)] == [
        True
    ] * len(told)
    mistakes = "1 mistake" if len(told) == 1 else f"{len(told)} mistakes"
    assert (said.code, said.out, lines[-1]) == (1, "", f"{mistakes} in the register. Nothing was stored.")
    assert (as_json.code, last["summary"]["errors"], last["summary"]["added"]) == (1, len(told), 0)
    assert held(desk) == before


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("gone.csv")


def nothing(path: Path) -> None:
    """The file is not there."""


@pytest.mark.parametrize(
    ("name", "made", "why"),
    [
        ("cases.csv", a_folder, "this is a folder or something else, and no file"),
        ("issues.csv", a_folder, "this is a folder or something else, and no file"),
        ("issues.csv", a_link_to_nothing, "this is a link to a file that is not there"),
        ("cases.csv", a_link_to_nothing, "this is a link to a file that is not there"),
        ("cases.csv", nothing, "cases.csv is missing"),
        ("Cases.CSV", Path.touch, "no file of a register; there are activity.csv, cases.csv"),
    ],
)
def test_a_file_that_is_none_is_told(desk: Heard, name: str, made: Callable[[Path], None], why: str) -> None:
    if name == "issues.csv":
        put(desk, cases(ROW))
    made(desk.folder / "register" / name)
    before = held(desk)

    said = desk("import-register", "register")

    assert (said.code, said.out) == (1, "")
    assert f'{name}:1: : "": {why}' in said.err and "Nothing was stored." in said.err
    assert held(desk) == before


@pytest.mark.parametrize("name", ["nowhere", "register/cases.csv"])
def test_a_folder_that_is_none_is_told(desk: Heard, name: str) -> None:
    put(desk, cases(ROW))

    said = desk("import-register", name)

    assert (said.code, said.out, said.err) == (1, "", f"{name} is not a folder. Nothing was stored.\n")


def test_the_mistakes_of_every_file_are_told_together(desk: Heard) -> None:
    put(desk, cases(ROW, "A2,complaint,statutory,01/05/2024"))
    put(desk, cases(ROW).encode("utf-16"), "issues.csv")
    put(desk, "measure;from;to;count\n", "activity.csv")
    put(desk, "reference,action,due_on\nA1,Call,45383\n", "learning.csv")
    put(desk, "", "ombudsman.csv")
    before = held(desk)

    said = desk("import-register", "register")

    assert [line.partition(": ")[0] for line in said.err.splitlines()[:-1]] == [
        "cases.csv:3", "issues.csv:1", "ombudsman.csv:1", "activity.csv:1", "learning.csv:2",
    ]  # fmt: skip
    assert said.err.endswith("5 mistakes in the register. Nothing was stored.\n")
    assert held(desk) == before
