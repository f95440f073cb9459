"""`case bundle`: everything on a case for the Ombudsman, and nothing that is nobody's business there."""

import asyncio
import csv
import io
import zipfile
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cli.bundle import new_file
from intake.arrival import OVERSIZED
from storage.tables import ArrivalRow, AttachmentRow, LetterRow
from storage.unit_of_work import open_memory
from tests.commands.hearing import MANAGER, OFFICER, Heard
from tests.commands.test_issues import a_complaint
from tests.servers.clamd import HARMFUL, clamd_beside

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


async def one_more_file(database: str) -> None:
    """Beside the only letter, one that could not be fetched."""
    memory = open_memory(database)
    async with memory.unit_of_work() as uow:
        letter = (await uow.exec(select(LetterRow))).one()
        why = "Telegram no longer has it"
        uow.add(AttachmentRow(arrival_id=letter.arrival_id, number=3, kind="photo", name="kitchen.jpg", problem=why))
    await memory.close()


def test_a_bundle_holds_each_scan_and_names_what_is_missing(heard: Heard) -> None:
    scans = [heard.folder / folder / "scan.pdf" for folder in ("one", "two")]
    for number, scan in enumerate(scans):
        scan.parent.mkdir()
        scan.write_bytes(b"%%PDF-1.4 page %d" % number)
    reference = heard.log("--by", "letter", *(part for scan in scans for part in ("--file", str(scan))))
    asyncio.run(one_more_file(heard.database))

    made = heard("case", "bundle", reference, "--out", "all.zip", *WHY, person=OFFICER)

    assert made.code == 0 and "1 that came are not in it" in made.flat
    with zipfile.ZipFile(heard.folder / "all.zip") as bundled:
        names, index = bundled.namelist(), bundled.read("0 Index.txt").decode()
        held = [bundled.read(name) for name in names if name.endswith("scan.pdf")]
    assert held == [scan.read_bytes() for scan in scans] and len(set(names)) == len(names)
    listed, _, missing = index.partition("Not in this bundle, though it came:\n")
    assert all(name in listed for name in names[1:]) and "kitchen.jpg" not in listed
    assert (
        missing.count("\n") == 1
        and "file 3 kitchen.jpg: letter of " in missing
        and missing.endswith("file 3: Telegram no longer has it\n")
    )


@pytest.mark.parametrize("name", ["nowhere/all.zip", "all.zip"], ids=["no such folder", "a part is there"])
def test_a_bundle_that_cannot_be_written_is_not_on_record(heard: Heard, name: str) -> None:
    reference = a_complaint(heard)
    (heard.folder / "all.zip.part").write_bytes(b"of another")

    made = heard("case", "bundle", reference, "--out", name, *WHY, person=OFFICER)

    assert made.code == 1 and ("cannot be written: No such file" in made.flat or "all.zip.part is there" in made.flat)
    assert [path.name for path in heard.folder.glob("**/*.zip*")] == ["all.zip.part"]
    history = [one["words"] or "" for one in heard("case", "show", reference, "--json", person=OFFICER).json["history"]]
    assert not any(words.startswith("bundle of ") for words in history)


def test_of_a_bundle_that_fails_midway_nothing_is_left(tmp_path: Path) -> None:
    file = tmp_path / "all.zip"

    with pytest.raises(RuntimeError), new_file(file) as opened:
        opened.write(b"half")
        [part] = tmp_path.iterdir()
        assert part.name == "all.zip.part" and part.stat().st_mode & 0o077 == 0
        raise RuntimeError("stopped")

    assert list(tmp_path.iterdir()) == []


def test_with_a_virus_scanner_nothing_leaves_before_it_has_looked(heard: Heard) -> None:
    scans = [heard.folder / name for name in ("good.txt", "bad.txt")]
    for scan, words in zip(scans, (b"page 1", b"page " + HARMFUL), strict=True):
        scan.write_bytes(words)
    reference = heard.log("--by", "letter", *(part for scan in scans for part in ("--file", str(scan))))

    def taken_out() -> list[int]:
        commands = (("file", reference, "1", "1"), ("file", reference, "1", "2"), ("original", reference))
        return [heard("case", *one, person=OFFICER).code for one in commands]

    heard.settings["HEARD_FILES_CLAMD"] = str(heard.folder / "clamd.ctl")
    nobody = taken_out()
    with clamd_beside(heard.folder):
        said = heard("case", "file", reference, "1", "2", person=OFFICER)
        somebody = taken_out()
        made = heard("case", "bundle", reference, "--out", "some.zip", *WHY, person=OFFICER)

    assert (nobody, somebody) == ([1, 1, 1], [0, 1, 1])
    assert "The file is held: the virus scanner found Test.Harm in it." in said.flat and said.out == ""
    assert made.code == 0
    with zipfile.ZipFile(heard.folder / "some.zip") as bundled:
        index = bundled.read("0 Index.txt").decode()
        inside = b"".join(bundled.read(name) for name in bundled.namelist())
    assert "page 1" in inside.decode(errors="replace") and HARMFUL not in inside
    assert "Held back, though it came:" in index and "found Test.Harm in it" in index


async def cut_short(database: str) -> None:
    """As a letter is kept that was too big to fetch."""
    memory = open_memory(database)
    async with memory.unit_of_work() as uow:
        arrival = (await uow.exec(select(ArrivalRow).where(ArrivalRow.wire == "email"))).one()
        arrival.problem = OVERSIZED
        uow.add(arrival)
    await memory.close()


def test_a_bundle_says_of_a_letter_too_big_to_fetch_that_only_its_headers_are_in_it(heard: Heard) -> None:
    letter = heard.folder / "big.eml"
    letter.write_bytes(b"From: nan@family.example\r\nSubject: The whole file\r\n\r\nNobody came to see him.\r\n")
    [told] = [one for one in heard("import-mail", str(letter), "--json").lines if "reference" in one]
    asyncio.run(cut_short(heard.database))

    made = heard("case", "bundle", told["reference"], "--out", "big.zip", *WHY, person=OFFICER)

    assert made.code == 0
    with zipfile.ZipFile(heard.folder / "big.zip") as bundled:
        index = bundled.read("0 Index.txt").decode()
    assert "its headers only: it was too big to fetch" in index and "as it came with its files" not in index
