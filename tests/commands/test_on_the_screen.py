"""What every command prints: on a terminal, in a pipe, in any script, and never what steers a terminal."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from tests.commands.hearing import OFFICER, PATIENCE_SECONDS, PROJECT, Heard, letter

COMMANDS = (
    "init login run demo preview check health backup restore migrate copy-database import-mail import-register "
    "export-register exports report log classify remind "
    "digest deadlines case list|case show|case assign|case route|case steps|case record|case correct|case letter|"
    "alert list|alert take|alert close|"
    "case people|case person add|case person appoint|case person end|case person standing|case authority|case link|"
    "case wall up|case wall confirm|case wall lift|"
    "case acknowledge|case respond|case note|case close|case kind|case original|calendar add|calendar list|calendar holiday|"
    "outbox list|outbox retry|outbox cancel|outbox release|quarantine list|quarantine show|quarantine retry|quarantine done|"
    "case draft|case drafts|case check|case sign|case send|case sent|case reached|"
    "redact words|redact take|redact list|redact show|redact confirm|redact export|"
    "decide interest|decide late|decide late-panel|decide freeze|decide early-referral|decide withdrawal|decide reopen|"
    "decide overrun|decide transfer|decide list|hold put|hold none|hold ended|hold resubmitted|hold list|"
    "case facts|case call|case file|case place|case seal|advocacy list|advocacy offer|advocacy ask|advocacy appoint|"
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


def test_in_a_pipe_nothing_is_broken_into_lines(heard_here: Heard) -> None:
    reference = heard_here.log(said=f"Nobody calls {WIDE} back.")

    shown = heard_here("case", "show", reference).out

    assert f"Nobody calls {WIDE} back." in shown.splitlines()
    assert "\x1b" not in shown


def test_on_a_terminal_of_80_columns_a_row_keeps_its_reference_and_its_date_whole(heard_here: Heard) -> None:
    reference = heard_here.log(received="2025-03-10")
    heard_here("case", "assign", reference, OFFICER, "--as", OFFICER)

    lines = on_a_terminal(heard_here, "case", "list")

    assert max(map(len, lines)) <= 80
    [row] = [line for line in lines if reference in line]
    assert row.startswith("# late")
    assert "2025-03-17" in row


def test_colour_stays_on_the_terminal(heard_here: Heard) -> None:
    reference = heard_here.log()

    assert "\x1b" not in heard_here.alone("case", "list").out
    assert any(reference in line for line in on_a_terminal(heard_here, "case", "list", NO_COLOR="1"))


def on_a_terminal(heard: Heard, *words: str, **environment: str) -> list[str]:
    """What somebody sees who sits before 80 columns, without colours."""
    mine, theirs = pty.openpty()
    try:
        environment = {"TERM": "xterm", "COLUMNS": "80", "LINES": "24", "PYTHONPATH": str(PROJECT), **environment}
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=heard.folder,
            env=heard.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        assert done.stderr == b""
        seen = os.read(mine, 100_000).decode()
    finally:
        os.close(mine)
        os.close(theirs)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen).replace("\r", "").splitlines()


def test_json_is_utf_8_whatever_the_locale(heard_here: Heard) -> None:
    reference = heard_here.log(said="Café ✓ 🙂 nobody calls.")

    said = heard_here.alone(
        "case", "show", reference, "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"
    )

    assert said.code == 0
    assert said.json["messages"][0]["words"] == "Café ✓ 🙂 nobody calls."


def test_whoever_reads_only_the_beginning_hears_no_complaint(heard_here: Heard) -> None:
    """`heard … | head -1`: the reader goes, and the command ends without a word."""
    asked = (json.dumps({"from": "2024-02-29", "working_days": 1}) + "\n") * 20_000
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "calendar", "add", "--batch", "asked.jsonl"],
        cwd=heard_here.folder,
        env=heard_here.environment | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        (heard_here.folder / "asked.jsonl").write_text(asked)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""


def test_a_child_may_name_pictures_and_markup(heard_here: Heard) -> None:
    """Words are shown as they are: neither `[bold]` nor `:smile:` means anything here."""
    reference = heard_here.log(said="[red]Nobody[/red] calls :thumbs_up: [/] \\[x]")
    heard_here("case", "note", reference, "[link=http://else.example]look[/link] :100:", "--as", OFFICER)

    said = heard_here("case", "show", reference)

    assert said.code == 0
    assert "[red]Nobody[/red] calls :thumbs_up: [/] \\[x]" in said.out
    assert "[link=http://else.example]look[/link] :100:" in said.out


def test_a_stranger_cannot_steer_the_terminal(heard_here: Heard) -> None:
    (heard_here.folder / "one.eml").write_bytes(
        letter(sender="x@family.example", words="Hello \x1b[2J\x1b]0;owned\x07 \u202eevil I want to complain")
    )
    reference = heard_here("import-mail", "one.eml", "--json").lines[0]["reference"]

    for said in (heard_here("case", "show", reference), heard_here("case", "list"), heard_here("case", "show", "\x1b[2J")):
        assert not {"\x1b", "\x07", "\u202e"} & set(said.out + said.err)


@pytest.mark.parametrize("words", ["مرحبا", "می\u200cخواهم", "👨\u200d👩\u200d👧", "naïve ✓", "ひらがな"])
def test_every_script_is_shown_as_it_was_written(heard_here: Heard, words: str) -> None:
    reference = heard_here.log(said=f"{words} nobody calls.")

    assert f"{words} nobody calls." in heard_here("case", "show", reference).out


def test_what_breaks_is_told_by_its_place_and_not_by_its_words(heard_here: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: object) -> None:
        raise RuntimeError("Rosalind Green of r.green@family.example")

    monkeypatch.setattr("bot.cli.listing.print_list", breaks)

    said = heard_here("case", "list")

    assert (said.code, said.out) == (1, "")
    assert "RuntimeError at" in said.err
    assert "Green" not in said.err
