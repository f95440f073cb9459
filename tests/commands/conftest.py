"""Fixtures of the command line: `heard` on SQLite and PostgreSQL, `heard_here` on ./heard.db, `heard_bare` in an empty folder."""

import shutil
from pathlib import Path

import pytest

from tests.commands.hearing import Heard


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
