"""docs/hard-cases.md names tests and letters that exist."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "hard-cases.md").read_text()


def test_every_test_that_is_named_exists() -> None:
    defined = {
        name
        for file in (PROJECT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }

    named = set(re.findall(r"`(test_\w+)`", PAGE))

    assert len(named) > 40
    assert named - defined == set()


def test_every_letter_that_is_named_exists() -> None:
    named = {
        name for row in PAGE.splitlines() if "letters:" in row for name in re.findall(r"`(\w+)`", row.partition("letters:")[2])
    }

    letters = {file.stem for file in (PROJECT / "tests" / "letters").glob("*.eml")}
    assert len(named) > 60
    assert {name for name in named if not name.startswith("test_")} - letters == set()


def test_every_hard_case_of_mail_is_answered_by_its_number() -> None:
    """Getting mail, reading it, belonging, machines and sending, notices: those about chats and clocks stand elsewhere."""
    rows = [row.split("|") for row in PAGE.splitlines() if row.startswith("| ") and row.count("|") >= 4]
    told = {number for row in rows for number in row[1].split() if row[3].strip()}
    letters = [("A", 1, 25), ("B", 26, 47), ("C", 48, 60), ("D", 61, 71), ("G", 106, 111)]

    assert {f"{letter}{number}" for letter, first, last in letters for number in range(first, last + 1)} - told == set()
