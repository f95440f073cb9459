"""A backup is locked for another machine's key and opened again, by the very lines of docs/operating.md."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.hearing import OFFICER, PROJECT, Heard
from tests.servers import missing

NAME = "heard-20260302T020000Z.zip"


def documented(program: str) -> list[list[str]]:
    """The two lines of a program: how to lock, and how to open."""
    lines = re.findall(rf"^{program} .*{NAME}.*$", (PROJECT / "docs/operating.md").read_text("utf-8"), re.MULTILINE)
    assert len(lines) == 2, lines
    return [shlex.split(line) for line in lines]


def doing(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "GNUPGHOME": str(folder / "keys")}, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def wanted(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            missing(program)
            pytest.skip(f"{program} is not installed")


def locked_and_opened(heard: Heard, lock: list[str], unlock: list[str]) -> None:
    reference = heard.log(said="Nobody has called me back about Rosalind.")
    assert heard("backup", NAME).code == 0
    plain = (heard.folder / NAME).read_bytes()

    doing(lock, heard.folder)
    held = b"".join(file.read_bytes() for file in heard.folder.glob(f"{NAME}.*"))
    (heard.folder / NAME).unlink()
    doing(unlock, heard.folder)

    assert held, "nothing was locked away"
    assert b"PK\x03\x04" not in held
    assert b"manifest" not in held
    assert (heard.folder / NAME).read_bytes() == plain
    assert heard("backup", NAME, "--verify").code == 0
    assert heard("restore", NAME, "--as", OFFICER).code == 0
    assert [case["reference"] for case in heard("case", "list", "--json").json] == [reference]


def test_with_age(heard_here: Heard) -> None:
    wanted("age", "age-keygen")
    doing(["age-keygen", "--output", "backup-key.txt"], heard_here.folder)
    recipient = re.search(r"age1\w+", (heard_here.folder / "backup-key.txt").read_text())
    assert recipient is not None
    lock, unlock = documented("age")

    locked_and_opened(heard_here, [recipient[0] if word.startswith("age1") else word for word in lock], unlock)

    assert (heard_here.folder / f"{NAME}.age").read_bytes().startswith(b"age-encryption.org/v1\n")


def test_with_gnupg(heard_here: Heard) -> None:
    wanted("gpg", "gpgconf")
    (heard_here.folder / "keys").mkdir(mode=0o700)
    make = "gpg --batch --passphrase '' --quick-generate-key backup@anytown.gov.uk future-default default never"
    try:
        doing(shlex.split(make), heard_here.folder)
        locked_and_opened(heard_here, *documented("gpg"))
        [locked] = heard_here.folder.glob(f"{NAME}.*")
        assert locked.read_bytes()[0] & 0x80, "a packet of OpenPGP (RFC 9580, 4.2)"
    finally:
        doing(["gpgconf", "--kill", "all"], heard_here.folder)
