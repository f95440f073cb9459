"""`backup`, `restore`, `migrate` and the release, as a person or a timer types them."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.migrating import HEAD, REVISIONS
from tests.commands.hearing import OFFICER, PATIENCE_SECONDS, PROJECT, Heard
from tests.commands.serving import QUICK, Rehearsal, pretend, running


def test_a_backup_is_made_looked_at_and_put_back(heard: Heard) -> None:
    first = heard.log()
    made = heard("backup", "b.zip", "--json")
    heard.log()

    looked = heard("backup", "b.zip", "--verify", "--json")
    done = heard("restore", "b.zip", "--as", OFFICER)

    assert (made.code, looked.code, done.code, done.out) == (0, 0, 0, "")
    assert made.json == looked.json
    assert (made.json["file"], made.json["council"], made.json["revision"]) == ("b.zip", "Anytown Council", HEAD)
    assert made.json["rows"]["cases"] == 1
    assert [case["reference"] for case in heard("case", "list", "--json").json] == [first]
    assert "What was there before is kept in the" in done.flat
    assert "The outbox is held" in done.flat


def test_what_is_in_a_backup_can_be_read_by_a_person(heard_here: Heard) -> None:
    heard_here.log()
    assert heard_here("backup", "b.zip").out == "b.zip\n"

    said = heard_here("backup", "b.zip", "--verify")

    assert said.code == 0
    for words in ("Anytown Council", "rows of cases", HEAD):
        assert words in said.out
    assert "is whole" in said.err


def test_after_a_restore_nothing_leaves_before_the_release(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example")
    heard("backup", "b.zip")
    heard("restore", "b.zip", "--as", OFFICER)
    late = heard.log("--email", "m.brown@family.example")

    shown = heard("outbox", "release", "--show", "--json")
    health, check, listed = heard("health", "--json"), heard("check", "--json"), heard("outbox", "list")

    waiting = {(row["notice"], row["reference"]): row["origin"] for row in shown.json["waiting"]}
    assert waiting[("receipt", reference)] == "copy"
    assert ("receipt", late) in waiting
    assert shown.json["held_by"] == OFFICER
    assert health.json["held"]["waiting"] == len(waiting)
    assert "a restore holds the outbox" in next(row["words"] for row in check.json if row["what"] == "database")
    assert "The outbox is held" in listed.err


def test_an_officer_drops_what_is_stale_and_lets_the_rest_go(heard: Heard) -> None:
    heard.log("--email", "r.green@family.example")
    heard("backup", "b.zip")
    heard("restore", "b.zip")

    said = heard("outbox", "release", "--drop", "receipt", "--as", OFFICER)

    states = {row["notice"]: (row["state"], row["problem"]) for row in heard("outbox", "list", "--all", "--json").json}
    assert said.code == 0
    assert "1 dropped" in said.err
    assert states["receipt"] == ("cancelled", f"dropped at the release by {OFFICER}")
    assert {state for notice, (state, _) in states.items() if notice != "receipt"} == {"queued"}
    assert heard("health", "--json").json["held"] is None
    assert "is not held" in heard("outbox", "release", "--show").err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--drop", "wine", "--as", OFFICER), 2, "not a kind of message"),
        (("--drop-before", "yesterday", "--as", OFFICER), 2, "not a date"),
        ((), 1, "Say who acts"),
        (("--as", "somebody@else.example"), 1, "not one of the people"),
    ],
)
def test_a_release_that_is_not_understood_releases_nothing(
    heard_here: Heard, words: tuple[str, ...], code: int, told: str
) -> None:
    heard_here.log("--email", "r.green@family.example")
    heard_here("backup", "b.zip")
    heard_here("restore", "b.zip")

    said = heard_here("outbox", "release", *words)

    assert said.code == code
    assert told in said.flat
    assert heard_here("health", "--json").json["held"]


def test_by_age_it_drops_what_answers_older_letters_and_never_an_alert(heard_here: Heard) -> None:
    heard_here.log("--email", "r.green@family.example", received="2025-03-10")
    heard_here.log("--email", "s.green@family.example", said="He hits me every night.", received="2025-03-10")
    heard_here("backup", "b.zip")
    heard_here("restore", "b.zip")
    before = {row["notice"] for row in heard_here("outbox", "release", "--show", "--json").json["waiting"]}

    heard_here("outbox", "release", "--drop-before", "2025-04-01", "--as", OFFICER)

    states: dict[str, set[str]] = {}
    for row in heard_here("outbox", "list", "--all", "--json").json:
        states.setdefault(row["notice"], set()).add(row["state"])
    assert {"receipt", "safety_alert"} <= before
    assert (states["receipt"], states["safety_alert"]) == ({"cancelled"}, {"queued"})


# A nightly timer


def test_a_folder_gets_a_name_of_the_moment_and_keeps_the_newest(heard_here: Heard) -> None:
    heard_here.log()
    folder = heard_here.folder / "kept"
    folder.mkdir()
    made = heard_here("backup", "kept/").out.strip()
    for day in ("01", "02", "03"):
        shutil.copy(heard_here.folder / made, folder / f"heard-202501{day}T020000Z.zip")
    (heard_here.folder / made).unlink()
    others = [folder / "notes.txt", folder / "heard-20250101T020000Z.zip.old", folder / "heard-20240101T020000Z.zip"]
    for other in others:
        other.write_text("not ours to delete")

    said = heard_here("backup", "kept", "--keep", "2")

    kept = {path.name for path in folder.iterdir()}
    assert said.code == 0
    assert {path.name for path in others} <= kept
    assert "heard-20250101T020000Z.zip" not in kept
    assert {Path(said.out.strip()).name, "heard-20250103T020000Z.zip"} == kept - {path.name for path in others}
    assert "Deleted heard-20250102T020000Z.zip: 2 newer ones are kept." in said.err
    assert "heard-20240101T020000Z.zip cannot be read as a backup" in said.err


def test_another_councils_backups_in_the_same_folder_are_left(heard_here: Heard) -> None:
    heard_here.log()
    (heard_here.folder / "kept").mkdir()
    made = heard_here.folder / heard_here("backup", "kept").out.strip()
    theirs = made.with_name("heard-20250101T020000Z.zip")
    made.rename(theirs)

    Heard(heard_here.folder, settings=heard_here.settings | {"HEARD_COUNCIL_NAME": "Othertown"})("backup", "kept", "--keep", "1")

    assert theirs.exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("backup",), 2, "Missing argument"),
        (("backup", "b.zip", "--keep", "3"), 2, "--keep is for a folder"),
        (("backup", "kept/", "--keep", "0"), 2, "greater than or equal to 1"),
        (("backup", "nowhere/"), 1, "There is no folder"),
        (("backup", "nowhere/b.zip"), 1, "There is no folder"),
        (("backup", "/sys/b.zip"), 1, "may not write to /sys"),
        (("backup", "nowhere.zip", "--verify"), 1, "No such file"),
        (("restore", "nowhere.zip"), 1, "No such file"),
        (("restore", "heard.toml"), 1, "is not a backup of heard"),
        (("restore", "b.zip", "--as", "somebody@else.example"), 1, "not one of the people"),
        (("migrate", "--to", "0815"), 1, "There is no revision 0815"),
        (("migrate", "--to", "base"), 1, "take every table away"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(heard_here: Heard, words: tuple[str, ...], code: int, told: str) -> None:
    (heard_here.folder / "heard.toml").write_text("")
    reference = heard_here.log()

    said = heard_here(*words)

    assert (said.code, said.out) == (code, "")
    assert told in said.flat
    assert "Traceback" not in said.err
    assert [case["reference"] for case in heard_here("case", "list", "--json").json] == [reference]


def test_where_there_is_no_room_nothing_is_left_and_it_is_said(heard_here: Heard) -> None:
    heard_here.log()
    command = f"ulimit -f 100; exec {sys.executable} -m bot backup b.zip"  # 100 kB or 51 kB; the database has more
    environment = heard_here.environment | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}

    done = subprocess.run(
        ["sh", "-c", command], cwd=heard_here.folder, env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )

    assert (done.returncode, done.stdout) == (1, b"")
    assert b"There is no room in" in done.stderr
    assert not [path for path in heard_here.folder.iterdir() if "b.zip" in path.name or path.name.startswith(".heard")]


def test_a_restore_without_room_leaves_the_database_as_it_is(heard_here: Heard) -> None:
    reference = heard_here.log()
    heard_here("backup", "b.zip")
    command = f"ulimit -f 100; exec {sys.executable} -m bot restore b.zip"
    environment = heard_here.environment | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}

    done = subprocess.run(
        ["sh", "-c", command], cwd=heard_here.folder, env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )

    assert (done.returncode, done.stdout) == (1, b"")
    assert b"There is no room in" in done.stderr
    assert [case["reference"] for case in heard_here("case", "list", "--json").json] == [reference]
    assert heard_here("health", "--json").json["held"] is None


def test_a_backup_of_another_council_wants_to_be_meant(heard_here: Heard) -> None:
    heard_here.log()
    Heard(heard_here.folder, settings=heard_here.settings | {"HEARD_COUNCIL_NAME": "Othertown"})("backup", "b.zip")

    refused, meant = heard_here("restore", "b.zip"), heard_here("restore", "b.zip", "--other-council")

    assert (refused.code, meant.code) == (1, 0)
    assert "a backup of Othertown" in refused.err
    assert "--other-council" in refused.err


def test_a_backup_that_was_cut_short_changes_nothing(heard: Heard) -> None:
    reference = heard.log()
    heard("backup", "b.zip")
    whole = (heard.folder / "b.zip").read_bytes()
    (heard.folder / "b.zip").write_bytes(whole[: len(whole) // 2])

    for words in (("restore", "b.zip"), ("backup", "b.zip", "--verify")):
        said = heard(*words)
        assert (said.code, said.out) == (1, "")
        assert "cut short" in said.err
    assert [case["reference"] for case in heard("case", "list", "--json").json] == [reference]


def test_beside_a_running_service_a_backup_is_made_and_a_restore_and_a_migration_are_refused(served: Heard) -> None:
    with running(served) as service:
        service.says("ready")
        made = served("backup", "b.zip")
        refused = [served(*words) for words in (("restore", "b.zip"), ("migrate", "--to", REVISIONS[-2]))]
        nothing = served("migrate")
        service.ends(signal.SIGTERM)
    after = served("restore", "b.zip")

    assert made.code == 0
    for said in refused:
        assert (said.code, said.out) == (1, "")
        assert "A service is at work on this database. Nothing was changed." in said.err
    assert (nothing.code, after.code) == (0, 0)


# migrate


def test_migrate_goes_down_with_a_warning_and_a_copy_and_up_again(heard: Heard) -> None:
    reference = heard.log()

    down = heard("migrate", "--to", "0001")
    up = heard("migrate")

    assert (down.code, up.code, down.out, up.out) == (0, 0, "", "")
    assert f"Going down from {HEAD} to 0001" in down.flat
    assert "What it was before is kept in" in down.flat
    assert [case["reference"] for case in heard("case", "list", "--json").json] == [reference]


def test_without_a_backup_none_is_made(heard: Heard) -> None:
    heard.log()

    said = heard("migrate", "--to", "0001", "--no-backup")

    assert said.code == 0
    assert "no copy is made of it" in said.flat
    assert [path.name for path in heard.folder.iterdir() if "before" in path.name] == []


def test_the_copy_of_a_migration_is_put_back_like_a_backup(heard: Heard) -> None:
    reference = heard.log()
    down = heard("migrate", "--to", "0001")
    copy = down.err.split("is kept in ")[1].strip().rstrip(".")

    said = heard("restore", copy)

    assert said.code == 0, said.err
    assert [case["reference"] for case in heard("case", "list", "--json").json] == [reference]


def test_a_newer_database_is_refused_by_every_command_and_the_revisions_are_named(heard_here: Heard) -> None:
    heard_here.log()
    pretend(heard_here, "9999")

    for words in (("migrate",), ("case", "list"), ("migrate", "--to", "0001")):
        said = heard_here(*words)
        assert said.code == 1
        assert f"it is at 9999, and this one knows up to {HEAD}" in said.flat
        assert "Install that version" in said.flat
    assert heard_here("backup", "b.zip").code == 0  # whatever wrote it, a copy of it can be made
    assert "newer version" in heard_here("restore", "b.zip").flat


def test_without_postgresqls_programs_a_backup_says_what_to_install(
    heard: Heard, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend == "sqlite":
        pytest.skip("SQLite needs none")
    heard.log()
    monkeypatch.setattr("storage.backup.postgres.Path.glob", lambda _path, _pattern: iter(()))
    heard.settings["PATH"] = str(heard.folder)

    said, migrated = heard("backup", "b.zip"), heard("migrate", "--to", "0001")

    assert (said.code, migrated.code) == (1, 1)
    assert "pg_dump is not on this machine" in said.flat
    assert "--no-backup" in migrated.flat
    assert not (heard.folder / "b.zip").exists()


def _hold(heard: Heard) -> Any:
    with closing(sqlite3.connect(heard.folder / "heard.db")) as memory:
        return memory.execute("SELECT held_by, released_by, released, dropped FROM hold").fetchone()


def test_who_put_it_back_and_who_let_go_is_on_record(heard_here: Heard) -> None:
    heard_here.log()
    heard_here("backup", "b.zip")
    heard_here("restore", "b.zip")
    heard_here("outbox", "release", "--as", OFFICER)

    assert _hold(heard_here)[1:] == (OFFICER, len(heard_here("outbox", "list", "--json").json), 0)
    assert _hold(heard_here)[0]


def test_nothing_is_sent_by_a_service_that_begins_after_a_restore(heard_here: Heard, rehearsal: Rehearsal) -> None:
    heard_here.log("--email", "after.restore@family.example")
    heard_here("backup", "b.zip")
    heard_here("restore", "b.zip")
    heard_here.settings |= rehearsal.environment | QUICK

    with running(heard_here) as service:
        service.says("ready")
        rehearsal.post("letter", sender="new.letter@family.example", subject="Help", text="He hits me every night. I am scared.")
        service.says("outbox sent notice=safety_alert")
        before = [row["state"] for row in heard_here("outbox", "list", "--json").json if row["notice"] == "receipt"]
        released = heard_here("outbox", "release", "--as", OFFICER)
        service.says("outbox sent notice=receipt")
        service.ends()

    assert released.code == 0, released.err
    assert len(before) == 2
    assert "sent" not in before
