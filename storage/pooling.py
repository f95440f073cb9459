"""Whether a pooler between us and PostgreSQL shares one session among several clients, as PgBouncer does in transaction mode.

Then no lock of a session is anybody's (`storage.presence`), and the driver's prepared statements are somebody else's. A pool that
gives each client a session of its own (session mode) does no harm.
"""

import asyncio

import asyncpg  # type: ignore[import-untyped]  # it has no types of its own
from sqlalchemy.engine import make_url

LOOKS = 6
"""How often each of two sessions is asked who serves it; a pool that goes round its servers shows itself by the third."""
ANSWERS_WITHIN_SECONDS = 10.0
WORDS = (
    "a pooler shares database sessions among its clients (PgBouncer in transaction or statement mode): locks would be nobody's, "
    "and two services would both lead. Reach the server directly, or by a pool in session mode: see database.url"
)


class SessionsShared(Exception):
    """A pooler shares sessions. Nothing was begun."""

    def __str__(self) -> str:
        return WORDS


async def require_own_sessions(url: str) -> None:
    """SessionsShared where a session is not ours alone. Whatever else is wrong with a server is for who opens it to say."""
    place = make_url(url)
    if place.get_backend_name() != "postgresql":
        return
    address = place.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
            shared = await _are_shared(address)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return
    if shared:
        raise SessionsShared


async def _are_shared(address: str) -> bool:
    """Two clients at once: each must be served by one server process all the time, and they by two."""
    # Nothing is prepared: it would be left to the next client of that session.
    one = await asyncpg.connect(address, statement_cache_size=0)
    try:
        other = await asyncpg.connect(address, statement_cache_size=0)
        try:
            served = [{await _server_of(client) for _ in range(LOOKS)} for client in (one, other)]
        except asyncpg.PostgresError as error:
            if "statement pooling" not in str(error):
                raise
            return True  # PgBouncer allows no transaction at all there, and hangs up
        finally:
            await other.close()
    finally:
        await one.close()
    return len(served[0]) > 1 or len(served[1]) > 1 or served[0] == served[1]


async def _server_of(client: "asyncpg.Connection") -> int:
    async with client.transaction():
        return int(await client.fetchval("SELECT pg_backend_pid()"))
