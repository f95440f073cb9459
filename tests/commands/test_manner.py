"""The manner of every command: exit codes, two streams, help, settings, bad days, and how soon it begins."""

import re
import shlex
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.every import app
from casework.decisions.by_an_officer import DECIDED_BY_AN_OFFICER
from casework.reference import read_reference
from tests.commands.hearing import OFFICER, PATIENCE_SECONDS, PROJECT, Heard
from tests.memory_fixtures import NewDatabase
from tests.servers.postgres import Postgres

COMMANDS = (
    "init login run demo preview check health backup restore migrate copy-database import-mail import-register "
    "export-register exports report log classify remind "
    "digest deadlines case list|case show|case assign|case route|case steps|case record|case correct|case letter|"
    "alert list|alert take|alert close|"
    "case people|case person add|case person appoint|case person end|case person standing|case authority|case link|"
    "case need add|case need list|case need end|"
    "case wall up|case wall confirm|case wall lift|"
    "case acknowledge|case respond|case note|case close|case kind|case original|calendar add|calendar list|calendar holiday|"
    "outbox list|outbox retry|outbox cancel|outbox release|quarantine list|quarantine show|quarantine retry|quarantine done|"
    "loose list|loose show|loose done|"
    "case draft|case drafts|case check|case sign|case send|case sent|case reached|"
    "redact words|redact take|redact list|redact show|redact confirm|redact export|"
    "decide interest|decide late|decide late-panel|decide freeze|decide early-referral|decide withdrawal|decide reopen|"
    "decide overrun|decide transfer|decide list|hold put|hold none|hold ended|hold resubmitted|hold list|"
    "case facts|case call|case file|case place|case seal|case erase|advocacy list|advocacy offer|advocacy ask|advocacy appoint|"
    "equality keep|equality questions|equality figures|cover add|cover end|cover list|cover handover|"
    "pool add|pool check|pool list|pool appoint|pool leave|pool hours|pool costs|plan warn|plan begin|plan review|plan list|"
    "joint ask|joint came|joint apart|joint list|"
    "case issues|case issue add|case issue mend|case issue split|case issue withdraw|case issue ask|case issue confirm|"
    "case issue find|case remedy|case given|case learn|case pass-on|case bundle|"
    "actions list|actions add|actions done|actions give|actions move|actions tell|"
    "tasks list|tasks done"
)
WIDE = "x" * 300
LIGHT = [
    ("--help",),
    ("--version",),
    ("case", "list", "--help"),
    ("calendar", "add", "--from", "2024-08-29", "--working-days", "65"),
    ("deadlines", "--procedure", "statutory", "--received", "2025-04-04"),
    ("calendar", "add", "--from", "never", "--working-days", "65"),
    ("calendar", "add", "--from", "2050-01-03", "--working-days", "65"),
]


def tree(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every command by its words; groups too."""
    found = {path: command}
    for name, inner in getattr(command, "commands", {}).items():
        found |= tree(inner, (*path, name))
    return found


TREE = tree(typer.main.get_command(app))
LEAVES = [path for path, command in TREE.items() if not hasattr(command, "commands")]


def test_the_commands_are_those_that_were_agreed() -> None:
    first, *rest = COMMANDS.split("|")
    *alone, group, name = first.split()
    agreed = [(one,) for one in alone] + [(group, name)] + [tuple(words.split()) for words in rest]

    assert sorted(LEAVES) == sorted(agreed)


def test_each_decision_of_an_officer_names_commands_that_there_are() -> None:
    """Who is refused to end its task is told which command decides it; that it is whole: `test_named_commands.py`."""
    named = [command.partition(" {reference}") for commands in DECIDED_BY_AN_OFFICER.values() for command in commands]

    assert {tuple(words.split()[1:]) for words, _, _ in named} <= set(LEAVES)


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_command_has_help(heard_bare: Heard, path: tuple[str, ...]) -> None:
    said = heard_bare(*path, "--help")

    assert (said.code, said.err) == (0, "")
    assert f"Usage: {' '.join(('heard', *path))}" in said.flat
    assert path not in LEAVES or "Example:" in said.out
    assert "--json <bool>" not in said.flat  # a flag wants no value
    assert list(heard_bare.folder.iterdir()) == []


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_example_can_be_typed(path: tuple[str, ...]) -> None:
    """Its words are known to the command, and a reference in it is one: whoever copies it is not told that it is none."""
    example = str(TREE[path].epilog).removeprefix("Example: ")
    words = [word for word in shlex.split(example.split(" > ")[0]) if not word.startswith("HEARD_")]

    assert tuple(words[: len(path) + 1]) == ("heard", *path)
    TREE[path].make_context(path[-1], words[len(path) + 1 :])  # exits when something is wrong
    for reference in re.findall(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}\b", example):
        assert read_reference(reference) == reference


@pytest.mark.parametrize(
    "words", [("sing",), ("case", "sing"), ("health", "--loudly"), ("health", "now"), ("calendar", "add", "--from")]
)
def test_what_nobody_knows_is_usage_and_said_on_stderr(heard_bare: Heard, words: tuple[str, ...]) -> None:
    said = heard_bare(*words)

    assert (said.code, said.out) == (2, "")
    assert said.err


def test_python_m_bot_is_heard(heard_bare: Heard) -> None:
    said = heard_bare.alone("--version")

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("heard 0.")


@pytest.mark.parametrize("words", LIGHT, ids=" ".join)
def test_a_light_command_opens_neither_the_database_nor_a_wire(heard_bare: Heard, words: tuple[str, ...]) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *words],
        cwd=heard_bare.folder,
        env=heard_bare.environment | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    ).stderr.decode()
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines() if line.startswith("import time:")
    }

    assert "typer" in imported
    assert not imported & {"sqlalchemy", "sqlmodel", "telegram", "aiosmtplib", "aioimaplib", "jinja2", "aiohttp", "storage"}
    assert list(heard_bare.folder.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("case", "list"),
        ("tasks", "list"),
        ("outbox", "list"),
        ("quarantine", "list"),
        ("digest",),
        ("remind",),
        ("calendar", "list", "--year", "2026"),
    ],
    ids=" ".join,
)
def test_without_settings_a_memory_is_made_on_first_use(heard_bare: Heard, words: tuple[str, ...]) -> None:
    said = heard_bare(*words, "--json")

    assert (said.code, said.err) == (0, "")
    assert isinstance(said.json, list)
    assert (heard_bare.folder / "heard.db").is_file()


def test_settings_come_from_the_file_that_is_named_or_from_heard_toml(heard_bare: Heard) -> None:
    (heard_bare.folder / "heard.toml").write_text('[database]\nurl = "sqlite:///here.db"\n')
    (heard_bare.folder / "other.toml").write_text('[database]\nurl = "sqlite:///there.db"\n')

    heard_bare("case", "list")
    assert (heard_bare.folder / "here.db").exists()
    heard_bare.settings["HEARD_SETTINGS"] = "other.toml"
    heard_bare("case", "list")
    assert (heard_bare.folder / "there.db").exists()
    heard_bare.settings["HEARD_DATABASE_URL"] = "sqlite+aiosqlite:///won.db"
    heard_bare("case", "list")
    assert (heard_bare.folder / "won.db").exists()


def test_mistakes_in_the_settings_are_all_told_and_nothing_is_made(heard_bare: Heard) -> None:
    heard_bare.settings |= {"HEARD_NATION": "atlantis", "HEARD_SMTP_PORT": "many", "HEARD_DATABASE_URL": "mysql://there"}

    said = heard_bare("case", "list")

    assert (said.code, said.out) == (1, "")
    assert [name for name in ("HEARD_NATION", "HEARD_SMTP_PORT", "HEARD_DATABASE_URL") if name in said.err] == [
        "HEARD_NATION",
        "HEARD_SMTP_PORT",
        "HEARD_DATABASE_URL",
    ]
    assert list(heard_bare.folder.iterdir()) == []


def test_a_database_that_does_not_answer_is_try_later(heard_bare: Heard) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        heard_bare.settings["HEARD_DATABASE_URL"] = f"postgresql://heard:secret@127.0.0.1:{nobody.getsockname()[1]}/heard"
        said = heard_bare("case", "list", "--json")

    assert (said.code, said.out) == (3, "")
    assert "Try again" in said.err
    assert "secret" not in said.err


def test_a_host_that_is_none_is_try_later(heard_bare: Heard) -> None:
    heard_bare.settings["HEARD_DATABASE_URL"] = "postgresql://heard@nowhere.invalid/heard"

    said = heard_bare("case", "list", "--json")

    assert (said.code, said.out) == (3, "")


def test_a_database_that_was_never_made_is_said_to_be_missing(heard_bare: Heard, postgres: Postgres) -> None:
    heard_bare.database = postgres.url("never_made")

    said = heard_bare("case", "list", "--json")

    assert (said.code, said.out) == (1, "")
    assert "there is no such database" in said.err


def test_a_database_server_without_tables_names_the_command_that_makes_them(heard: Heard, new_database: NewDatabase) -> None:
    heard.database = new_database()

    refused = heard("case", "list", "--json") if heard.database.startswith("postgresql") else None
    made = heard("migrate")

    assert refused is None or ((refused.code, refused.out) == (1, "") and "heard migrate" in refused.err)
    assert (made.code, made.out) == (0, "")
    assert heard("case", "list", "--json").json == []


def test_a_writer_that_holds_the_database_is_try_later(heard_here: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.unit_of_work.BUSY_MILLISECONDS", 50)
    reference = heard_here.log()
    with closing(sqlite3.connect(heard_here.folder / "heard.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = heard_here("case", "note", reference, "They called.", "--as", OFFICER)
        listed = heard_here("case", "list", "--json")

    assert (said.code, said.out) == (3, "")
    assert "Nothing was changed" in said.err
    assert listed.code == 0


@pytest.mark.parametrize("held", [b"this is no database", b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_left_as_it_is(heard_bare: Heard, held: bytes) -> None:
    file = heard_bare.folder / "heard.db"
    file.write_bytes(held)

    for words in (("case", "list"), ("migrate",), ("health",)):
        said = heard_bare(*words)
        assert said.code == 1
        assert said.out == ""
        assert "Something broke" not in said.err
        assert file.read_bytes() == held


def test_a_folder_that_is_not_there_is_named(heard_bare: Heard) -> None:
    heard_bare.settings["HEARD_DATABASE_URL"] = "sqlite:///nowhere/heard.db"

    said = heard_bare("case", "list")

    assert (said.code, said.out) == (1, "")
    assert "Make its folder" in said.err


@pytest.mark.parametrize("revision", ["9999", "0000"])
def test_a_schema_of_another_version_is_refused_with_what_mends_it(heard_here: Heard, revision: str) -> None:
    with closing(sqlite3.connect(heard_here.folder / "heard.db")) as memory, memory:
        memory.execute("UPDATE alembic_version SET version_num = ?", (revision,))

    for words in (("case", "list"), ("migrate",)):
        said = heard_here(*words)
        assert (said.code, said.out) == (1, "")
        assert "newer version of heard" in said.err
        assert "Nothing was changed" in said.err


def test_the_example_settings_are_read(heard_bare: Heard, tmp_path: Path) -> None:
    text = (PROJECT / "heard.example.toml").read_text("utf-8")
    (heard_bare.folder / "heard.toml").write_text(text)

    assert heard_bare("case", "list", "--json").json == []
