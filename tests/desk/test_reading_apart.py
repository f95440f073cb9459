"""Letters read in a process beside this one: the same readings, and no letter that stops the others."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.arrival import Arrival, Wire
from intake.reader import WORTH_A_TWIN, read_each
from intake.reading import NotRead, Reading
from intake.reading_apart import FEW_BYTES, WORTH_IT, ReadingApart, is_worth_a_reader, start_reader

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def letter(number: int, words: str = "My social worker did not come. " * 20) -> Arrival:
    raw = f"From: a{number}@example.org\r\nMessage-ID: <{number}@example.org>\r\nSubject: Visit {number}\r\n\r\n{words}\r\n"
    return Arrival("import", Wire.EMAIL, raw.encode(), NOW, position=number)


def letters(count: int = WORTH_IT) -> list[Arrival]:
    return [letter(number) for number in range(1, count + 1)]


@pytest.fixture
async def apart() -> AsyncIterator[ReadingApart]:
    async with aclosing(ReadingApart("mx.council.example", ["complaints@council.example"])) as readers:
        yield readers


def process_of(readers: ReadingApart) -> int:
    assert readers.process is not None
    return readers.process.pid


async def test_many_letters_are_read_beside_us_as_they_are_read_here(apart: ReadingApart) -> None:
    expected = read_each(letters(), boundary="mx.council.example", our_addresses=["complaints@council.example"])
    assert await apart.read(letters()) == expected
    assert process_of(apart) != os.getpid()
    assert all(isinstance(one, Reading) and one.letter.arrival.raw for one in expected)


async def test_what_a_letter_quotes_is_looked_at_beside_us_too(apart: ReadingApart) -> None:
    quoting = "Please see below.\r\n\r\nOn 1 June 2026 Sam wrote:\r\n> he hits me every night and i want to die\r\n"
    some = [*letters(), letter(99, quoting)]

    expected = read_each(some, boundary="mx.council.example", our_addresses=["complaints@council.example"])
    assert [one.is_danger_quoted for one in expected if isinstance(one, Reading)] == [False] * WORTH_IT + [True]
    assert await apart.read(some) == expected


async def test_few_letters_start_no_process(apart: ReadingApart) -> None:
    assert len(await apart.read(letters(WORTH_IT - 1))) == WORTH_IT - 1
    assert apart.process is None


async def test_one_process_answers_group_after_group(apart: ReadingApart) -> None:
    await apart.read(letters())
    first = process_of(apart)
    await asyncio.gather(apart.read(letters()), apart.read(letters(20)))
    assert process_of(apart) == first


async def test_a_reader_that_dies_is_followed_by_another_and_no_letter_is_missed(apart: ReadingApart) -> None:
    await apart.read(letters())
    first = process_of(apart)
    os.kill(first, signal.SIGKILL)
    readings = await apart.read(letters())
    assert [one.letter.subject for one in readings if isinstance(one, Reading)] == [f"Visit {n}" for n in range(1, WORTH_IT + 1)]
    assert process_of(apart) != first


async def test_a_letter_that_takes_too_long_is_kept_as_not_read() -> None:
    readers = ReadingApart(seconds_a_group=0.0, seconds_a_letter=0.0)
    async with aclosing(readers):
        readings = await readers.read(letters())
    assert [one.problem for one in readings if isinstance(one, NotRead)] == ["took too long"] * WORTH_IT
    assert [one.arrival for one in readings if isinstance(one, NotRead)] == letters()


async def test_a_letter_that_nobody_can_read_comes_back_with_its_bytes(apart: ReadingApart) -> None:
    broken = Arrival("import", Wire.EMAIL, b"", NOW, problem="unfetchable")
    readings = await apart.read([*letters(), broken])
    assert readings[-1] == NotRead(broken, "unfetchable")


async def test_an_idle_reader_ends() -> None:
    readers = ReadingApart(idle_seconds=0.0)
    async with aclosing(readers):
        await readers.read(letters())
        assert readers._idling is not None
        await readers._idling
        assert readers.process is None
        assert len(await readers.read(letters())) == WORTH_IT


async def test_the_reader_knows_no_secret(apart: ReadingApart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_TELEGRAM_TOKEN", "1:hush")
    await apart.read(letters())
    held = await asyncio.to_thread(Path(f"/proc/{process_of(apart)}/environ").read_bytes)
    assert b"1:hush" not in held


async def test_a_reader_that_was_started_ahead_is_asked_and_ended() -> None:
    ahead = start_reader()
    async with aclosing(ReadingApart("mx.council.example", ["complaints@council.example"], process=ahead)) as readers:
        assert len(await readers.read(letters())) == WORTH_IT
        assert process_of(readers) == ahead.pid
    assert ahead.poll() is not None


def test_a_reader_is_started_ahead_for_many_letters_only(tmp_path: Path) -> None:
    for number in range(WORTH_IT - 1):
        (tmp_path / f"{number}.eml").write_bytes(b"x")
    box = tmp_path / "0.eml"
    assert not is_worth_a_reader(tmp_path)
    assert not is_worth_a_reader(box)

    box.write_bytes(b"x" * (WORTH_IT * FEW_BYTES + 1))
    (tmp_path / "one more.eml").write_bytes(b"x")
    assert is_worth_a_reader(tmp_path)
    assert is_worth_a_reader(box)


def is_at_work(process: int) -> bool:
    """Neither gone nor dead and waiting to be noticed."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until_it_ends(process: int) -> None:
    deadline = time.monotonic() + 10
    while is_at_work(process):
        assert time.monotonic() < deadline, "it is at work still"
        time.sleep(0.02)


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a second reader wants a second core")
async def test_a_second_reader_reads_half_of_many_letters_and_they_come_back_in_their_order(apart: ReadingApart) -> None:
    many = letters(2 * WORTH_A_TWIN + 1)
    await apart.read(letters(WORTH_A_TWIN))
    assert children_of(process_of(apart)) == []

    assert await apart.read(many) == read_each(many, boundary="mx.council.example", our_addresses=["complaints@council.example"])
    [twin] = children_of(process_of(apart))
    await apart.read(many)
    assert children_of(process_of(apart)) == [twin]
    await apart.aclose()
    assert not is_at_work(twin)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a second reader wants a second core")
async def test_where_the_second_reader_dies_all_letters_are_read_by_another(apart: ReadingApart) -> None:
    many = letters(2 * WORTH_A_TWIN)
    await apart.read(many)
    first = process_of(apart)
    [twin] = children_of(first)
    os.kill(twin, signal.SIGKILL)

    readings = await apart.read(many)

    assert [one.letter.subject for one in readings if isinstance(one, Reading)] == [f"Visit {n}" for n in range(1, len(many) + 1)]
    assert process_of(apart) != first


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a second reader wants a second core")
async def test_a_second_reader_that_would_never_end_ends_with_the_first(apart: ReadingApart) -> None:
    await apart.read(letters(2 * WORTH_A_TWIN))
    [twin] = children_of(process_of(apart))
    os.kill(twin, signal.SIGSTOP)  # it hears of no pipe that was closed

    os.kill(process_of(apart), signal.SIGKILL)
    await asyncio.to_thread(until_it_ends, twin)
