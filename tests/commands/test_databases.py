"""`copy-database`: from a file to a server, with the service stopped."""

import pytest

from bot.alone import alone_with
from tests.commands.hearing import Heard
from tests.memory_fixtures import NewDatabase

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def test_a_copied_database_is_worked_with_as_the_file_was(heard_here: Heard, new_database: NewDatabase) -> None:
    reference = heard_here.log()
    target = new_database().replace("+asyncpg", "")

    said = heard_here("copy-database", target, "--json")
    there = Heard(heard_here.folder, target)

    assert (said.code, said.json["tables"]["cases"]) == (0, 1)
    assert "each compared with its original" in said.err
    assert "HEARD_DATABASE_URL" in said.err
    assert [case["reference"] for case in there("case", "list", "--json").json] == [reference]
    assert there("case", "show", reference, "--json").json == heard_here("case", "show", reference, "--json").json
    assert there.log() != reference


def test_while_the_service_is_at_work_nothing_is_copied(heard_here: Heard, new_database: NewDatabase) -> None:
    heard_here.log()
    with alone_with(heard_here.folder / "heard.db"):
        said = heard_here("copy-database", new_database())

    assert (said.code, said.out) == (1, "")
    assert "Nothing was copied. Stop it first" in said.err


def test_a_target_in_use_is_refused_in_words(heard_here: Heard, database_url: str) -> None:
    heard_here.log()
    Heard(heard_here.folder, database_url).log()

    said = heard_here("copy-database", database_url)

    assert said.code == 1
    assert "The target is not empty" in said.err


def test_what_is_no_database_is_refused_before_anything_is_opened(heard_bare: Heard, backend: str) -> None:
    assert heard_bare("copy-database", "nonsense").code == 2
    assert "not there" in heard_bare("copy-database", "postgresql://heard@127.0.0.1/heard").err
    assert list(heard_bare.folder.iterdir()) == []


def test_a_target_that_does_not_answer_is_said(heard_here: Heard, backend: str) -> None:
    heard_here.log()

    said = heard_here("copy-database", "postgresql://heard@127.0.0.1:1/heard")

    assert said.code in (1, 3)
    assert "Nothing was changed" in said.err
