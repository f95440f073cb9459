"""`case bundle`: everything on a case for the Ombudsman, and nothing that is nobody's business there."""

import csv
import io
import zipfile
from pathlib import Path

from tests.commands.hearing import MANAGER, OFFICER, Heard
from tests.commands.test_issues import a_complaint

WHY = ("--why", "Ombudsman 25 001 234")


def test_a_bundle_holds_the_case_with_an_index_and_says_on_the_case_that_it_was_made(heard: Heard) -> None:
    reference, file = a_complaint(heard), Path(heard.folder) / "file.zip"
    assert heard("case", "issue", "add", reference, "=Nobody called.", person=OFFICER).code == 0
    assert heard("case", "note", reference, "=1+1 is not counted", person=OFFICER).code == 0
    wall = ("case", "wall", "up", reference, "--person", MANAGER, "--why", "named in it")
    assert heard(*wall, person=OFFICER).code == 0

    made = heard("case", "bundle", reference, "--out", str(file), *WHY, person=OFFICER)
    kept = heard("case", "bundle", reference, "--out", str(file) + "2.zip", *WHY, person=MANAGER)
    again = heard("case", "bundle", reference, "--out", str(file), *WHY, person=OFFICER)
    without = heard("case", "bundle", reference, "--out", str(file) + "3.zip", person=OFFICER)

    assert made.code == 0 and "Begin with 0 Index.txt" in made.flat
    assert (kept.code, again.code, without.code) == (1, 1, 1)
    assert [path.name for path in file.parent.glob("file.zip*")] == ["file.zip"] and file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as bundled:
        names = bundled.namelist()
        index = bundled.read("0 Index.txt").decode()
        rows = list(csv.reader(io.StringIO(bundled.read("1 Chronology.csv").decode("utf-8-sig"))))
        every = b"".join(bundled.read(name) for name in names[1:])
        issues = bundled.read("2 Issues.txt").decode()
    assert names[0] == "0 Index.txt" and all(f"\n{name}: " in index for name in names[1:])
    assert any(name.startswith("5 Letters in/001 ") for name in names)
    assert "Nothing in these files is redacted" in index and "Ombudsman 25 001 234" in index
    assert sorted({row[1] for row in rows} & {"route", "received"}, reverse=True) == ["route", "received"]
    assert "'=1+1 is not counted" in {row[2] for row in rows} and issues.startswith("1. =Nobody called.")
    assert "r.green@family.example" not in index and b"equality" not in every
    history = [one["words"] for one in heard("case", "show", reference, "--json", person=OFFICER).json["history"]]
    assert any(words and words.startswith("bundle of ") and "25 001 234" in words for words in history)
