"""The virus scanner fails closed: whatever is not a clear yes holds the file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.checking.wires import look_at_the_scanner
from bot.scanner import PIECE, Held, answers, look
from tests.servers.clamd import HARMFUL, running_clamd


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """One that takes everything and never answers."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_file_is_shown_whole_by_socket_and_by_port(tmp_path: Path) -> None:
    big = bytes(range(256)) * (PIECE // 100)
    for folder in (tmp_path, None):
        async with running_clamd(folder) as clamd:
            await look(clamd.address, big)
            await look(clamd.address, b"")
            assert clamd.shown == [big, b""]
            assert (await answers(clamd.address)).startswith("ClamAV 1.4.3")


async def test_what_it_finds_is_held_and_named() -> None:
    async with running_clamd() as clamd:
        with pytest.raises(Held, match=r"found Test\.Harm in it") as held:
            await look(clamd.address, b"a" * 100 + HARMFUL)
    assert held.value.is_harmful


@pytest.mark.parametrize(
    "says", [b"INSTREAM size limit exceeded. ERROR", b"stream: Can't allocate memory ERROR", b"OK", b" ", b"stream: OK FOUND"]
)
async def test_whatever_is_no_clear_yes_holds_the_file(says: bytes) -> None:
    async with running_clamd() as clamd:
        clamd.says = says
        with pytest.raises(Held):
            await look(clamd.address, b"a letter")


async def test_a_scanner_that_is_silent_slow_or_away_holds_the_file(tmp_path: Path) -> None:
    async with running_clamd() as clamd:
        clamd.is_silent = True
        with pytest.raises(Held, match="did not answer"):
            await look(clamd.address, b"a letter")
    async with silent() as address:
        with pytest.raises(Held, match="TimeoutError"):
            await look(address, b"a letter", seconds=0.05)
    with pytest.raises(Held, match="did not answer"):
        await look(str(tmp_path / "nothing.ctl"), b"a letter")


async def test_check_says_whether_it_answers(tmp_path: Path) -> None:
    assert await look_at_the_scanner("") == []
    async with running_clamd(tmp_path) as clamd:
        [fine] = await look_at_the_scanner(clamd.address)
    [gone] = await look_at_the_scanner(clamd.address)
    assert (fine.result, gone.result) == ("ok", "failed")
    assert "no file is given out" in gone.words


async def test_check_warns_of_a_scanner_on_another_machine() -> None:
    async with running_clamd() as clamd:
        near = await look_at_the_scanner(clamd.address)
        _, port = clamd.address.rsplit(":", 1)
        far = await look_at_the_scanner(f"0.0.0.0:{port}")  # it answers here, by a number that is not loopback's

    assert [one.result for one in near] == ["ok"]
    assert [one.result for one in far] == ["ok", "warning"]
    assert "unencrypted" in far[1].words
