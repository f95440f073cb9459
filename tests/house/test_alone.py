"""One service to one SQLite file."""

from pathlib import Path

import pytest

from bot.alone import NotAlone, alone_with


def test_a_second_service_on_the_same_file_is_refused_and_told_why(tmp_path: Path) -> None:
    file = tmp_path / "heard.db"
    with alone_with(file), pytest.raises(NotAlone, match="Nothing was started"), alone_with(file):
        raise AssertionError


def test_when_the_first_has_ended_another_may_start(tmp_path: Path) -> None:
    file = tmp_path / "heard.db"
    with alone_with(file):
        pass
    with alone_with(file):
        held = True

    assert held


def test_a_database_server_is_not_locked() -> None:
    with alone_with(None), alone_with(None):
        held = True

    assert held
