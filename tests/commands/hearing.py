"""The command line as a person uses it: in a folder, with an environment, and nothing but words and a number coming back."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from procedures.working_days import date_at_the_desk

OFFICER = "officer@anytown.example"
MANAGER = "manager@anytown.example"
HEAD = "head@anytown.example"
PEOPLE = [
    {"address": OFFICER, "name": "Ravi Shah", "role": "officer"},
    {"address": MANAGER, "name": "Jo Field", "role": "manager", "team": "Team North"},
    {"address": HEAD, "name": "Ama Owusu", "role": "head_of_service"},
]
CHECKED = ("--checked-by", MANAGER, "--signed-by", HEAD)
"""What the command line wants of an answer that is no draft."""
SETTINGS = {
    "HEARD_PEOPLE": json.dumps(PEOPLE),
    "HEARD_TEAMS": json.dumps([{"name": "Team North", "manager": MANAGER}]),
    "HEARD_DUTY_ADDRESS": "duty@anytown.example",
    "HEARD_FROM_ADDRESS": "yoursay@anytown.example",
}
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120.0
MONDAY = "2025-03-10"
"""Ten working days later is Monday 24 March 2025, five working days later Monday 17 March."""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode("utf-8")

    @property
    def json(self) -> Any:
        """The one value on stdout; fails when there is anything else."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def flat(self) -> str:
        """Both streams in one line: help and mistakes are drawn in boxes, whose lines are broken somewhere."""
        return " ".join((self.out + " " + self.err).replace("│", " ").split())


@dataclass
class Heard:
    """`heard` in a folder of its own. `database` is the URL of its memory, or nothing for ./heard.db."""

    folder: Path
    database: str = ""
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    @property
    def environment(self) -> dict[str, str]:
        without = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_") and name != "COLUMNS"}
        named = {"HEARD_DATABASE_URL": self.database} if self.database else {}
        return without | self.settings | named

    def __call__(self, *words: str, given: bytes = b"", person: str = "") -> Said:
        """Run a command inside this process, as `main` does it."""
        out, err = _stream(), _stream()
        with pytest.MonkeyPatch.context() as world, redirect_stdout(out), redirect_stderr(err):
            world.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith("HEARD_") or name == "COLUMNS"]:
                world.delenv(name)
            for name, value in (self.environment | ({"HEARD_PERSON": person} if person else {})).items():
                world.setenv(name, value)
            world.setattr(sys, "argv", ["heard", *words])
            world.setattr(sys, "stdin", _stream(given))
            code = _code_of_main()
        return Said(code, _bytes(out), _bytes(err).decode("utf-8"))

    def alone(self, *words: str, given: bytes = b"", **environment: str) -> Said:
        """Run a command in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment | {"PYTHONPATH": str(PROJECT)} | environment,
            input=given,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def log(self, *words: str, said: str = "Nobody has called me back.", received: str = MONDAY) -> str:
        """Take a complaint down; its reference."""
        taken = self("log", "--by", "letter", "--words", said, "--received", received, *words, person=OFFICER)
        assert taken.code == 0, taken.err
        return taken.out.strip()

    def show(self, reference: str, person: str = "") -> Any:
        return self("case", "show", reference, "--json", person=person).json


def _code_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _stream(holds: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(holds), encoding="utf-8")


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()


def letter(
    number: int = 1,
    *,
    sender: str = "Rosalind Green <r.green@family.example>",
    words: str = "Nobody calls me back about my son. I want to complain.",
    at: str = "Mon, 10 Mar 2025 10:00:00 +0000",
) -> bytes:
    """A letter from the past."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SETTINGS["HEARD_FROM_ADDRESS"], f"Letter {number}"
    mail["Date"], mail["Message-ID"] = at, f"<letter.{number}@family.example>"
    mail.set_content(words)
    return mail.as_bytes()


def the_day(days: int = 0) -> date:
    """A day counted from today, at the desk."""
    return date_at_the_desk(datetime.now(UTC)) + timedelta(days=days)
