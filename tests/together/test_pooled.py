"""PgBouncer between several `heard run` and their PostgreSQL: in session mode nothing changes, in the others nothing starts."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from bot.checking.database import look_at_database, why_refused
from bot.leading import AmongOthers
from bot.settings import load
from storage.pooling import SessionsShared, require_own_sessions
from storage.unit_of_work import Memory, open_memory
from tests.commands.hearing import SETTINGS, Heard
from tests.house.giving import LOOPBACK
from tests.memory import rows
from tests.memory.rows import NOW, put
from tests.servers import missing
from tests.servers.pgbouncer import pooled, program

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def pgbouncer() -> None:
    if program() is None:
        missing("pgbouncer")
        pytest.skip("pgbouncer is not installed")


@pytest.mark.parametrize(("mode", "round_robin"), [("transaction", False), ("transaction", True), ("statement", False)])
async def test_a_pooler_that_shares_sessions_is_found_out(memory: Memory, mode: str, round_robin: bool) -> None:
    async with pooled(memory.url, mode, round_robin=round_robin) as url:
        with pytest.raises(SessionsShared, match="PgBouncer in transaction or statement mode"):
            await require_own_sessions(url)


@pytest.mark.parametrize(
    "query", ["ssl=prefer", "ssl=disable", "prepared_statement_cache_size=0", "ssl=prefer&command_timeout=60"]
)
async def test_however_the_driver_is_to_connect_it_is_found_out(memory: Memory, query: str) -> None:
    async with pooled(memory.url, "transaction") as url:
        with pytest.raises(SessionsShared):
            await require_own_sessions(f"{url}?{query}")
    await require_own_sessions(f"{memory.url}?{query}")


async def test_a_server_that_does_not_let_us_look_is_not_passed_over(memory: Memory) -> None:
    with pytest.raises(DBAPIError) as refused:
        await require_own_sessions(memory.url + "_of_nobody")

    assert "no such database" in why_refused(refused.value)


async def test_a_server_itself_and_one_that_is_away_are_no_poolers(memory: Memory) -> None:
    await require_own_sessions(memory.url)
    await require_own_sessions("postgresql+asyncpg://heard@127.0.0.1:1/heard")
    await require_own_sessions("sqlite+aiosqlite:///heard.db")


async def test_in_session_mode_one_leads_and_another_follows_it(memory: Memory) -> None:
    async with pooled(memory.url, "session") as url:
        await require_own_sessions(url)
        memories = [open_memory(url), open_memory(url)]
        one, other = (AmongOthers(each, lambda: NOW) for each in memories)
        await one.enter()
        await other.enter()
        await put(memories[0], rows.message("receipt:1"))

        assert await one.leads("mornings")
        assert not await other.leads("mornings")
        await one.leave()
        async with asyncio.timeout(20):
            while not await other.leads("mornings"):  # noqa: ASYNC110  # the pooler ends the session in its own time
                await asyncio.sleep(0.02)
        assert await other.leads("mornings")

        await other.leave()
        for each in memories:
            await each.close()


def test_run_refuses_and_check_says_why(database_url: str, tmp_path: Path) -> None:
    heard = Heard(tmp_path, database_url, SETTINGS | LOOPBACK)

    async def through() -> tuple[int, str, str]:
        async with pooled(database_url, "transaction") as url:
            run = await asyncio.to_thread(heard.alone, "run", HEARD_DATABASE_URL=url)
            found = await look_at_database(load({"HEARD_DATABASE_URL": url}))
            return run.code, run.err, found.finding.words

    code, said, words = asyncio.run(through())

    assert code == 1
    assert "in session mode" in said
    assert "Nothing was started" in said
    assert "in session mode" in words
