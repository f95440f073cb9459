"""What a start does without, and what it makes up for when the work begins."""

import gc
from collections.abc import Iterator

import pytest

from bot.cli.common import run


@pytest.fixture
def put_off() -> Iterator[None]:
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("put_off")
def test_garbage_is_collected_from_the_moment_a_command_works() -> None:
    """A start makes much and throws nothing away; a service that ran on without collecting would grow."""
    assert not gc.isenabled()

    async def work() -> tuple[bool, int]:
        return gc.isenabled(), gc.get_freeze_count()

    is_collecting, kept = run(work)

    assert is_collecting
    assert kept > 10_000


def test_what_runs_already_is_left_as_it_is() -> None:
    before = gc.get_freeze_count()

    async def work() -> int:
        return gc.get_freeze_count()

    assert run(work) == before
