"""Fixtures: `heard` on both databases, `heard_here` on ./heard.db, `heard_bare` in an empty folder, `served` with open doors."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.hearing import PATIENCE_SECONDS, PROJECT, Heard
from tests.commands.serving import QUICK, Rehearsal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person stands who types."""
    made = tmp_path / "desk"
    made.mkdir()
    return made


@pytest.fixture
def heard(folder: Path, database_url: str) -> Heard:
    """With people in the settings, and an empty memory on each database."""
    return Heard(folder, database_url)


@pytest.fixture
def heard_here(folder: Path, migrated_sqlite: Path) -> Heard:
    """With people in the settings, and an empty ./heard.db since no database is named."""
    shutil.copy(migrated_sqlite, folder / "heard.db")
    return Heard(folder)


@pytest.fixture
def heard_bare(folder: Path) -> Heard:
    """With no settings at all, and nothing in the folder."""
    return Heard(folder, settings={})


@pytest.fixture(scope="package")
def rehearsal() -> Iterator[Rehearsal]:
    yield from rehearsing()


@pytest.fixture
def own_rehearsal() -> Iterator[Rehearsal]:
    """For a test that leaves faults or unread messages behind."""
    yield from rehearsing()


def rehearsing() -> Iterator[Rehearsal]:
    process = subprocess.Popen([sys.executable, "-m", "bot.rehearsal"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield Rehearsal(told["control_url"], told["environment"])
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


@pytest.fixture
def served(heard: Heard, rehearsal: Rehearsal) -> Heard:
    """With every door open."""
    heard.settings |= rehearsal.environment | QUICK
    return heard
