"""Whether a pooler between us and PostgreSQL shares one session among several clients, as PgBouncer does in transaction mode.

Then no lock of a session is anybody's (`storage.presence`), and the driver's prepared statements are somebody else's. A pool that
gives each client a session of its own (session mode) does no harm.
"""

import asyncio
import inspect
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it has no types of its own
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

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
    """SessionsShared where a session is not ours alone. That nobody answers is for who opens the database to say.

    OperationalError where somebody answers and does not let us look: then nothing is known of the sessions.
    """
    place = make_url(url)
    if place.get_backend_name() != "postgresql":
        return
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
            shared = await _are_shared(_for_the_driver(place))
    except (OSError, TimeoutError):
        return
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as refused:
        raise OperationalError("whose the sessions are", None, refused) from refused
    if shared:
        raise SessionsShared


def _for_the_driver(place: URL) -> dict[str, Any]:
    """What `open_memory` would give the driver; what SQLAlchemy keeps for itself is left out."""
    _, given = place.get_dialect()().create_connect_args(place)
    taken = inspect.signature(asyncpg.connect).parameters
    # Nothing is prepared: it would be left to the next client of that session.
    return {name: value for name, value in given.items() if name in taken} | {"statement_cache_size": 0}


async def _are_shared(wanted: dict[str, Any]) -> bool:
    """Two clients at once: each must be served by one server process all the time, and they by two."""
    one = await asyncpg.connect(**wanted)
    try:
        other = await asyncpg.connect(**wanted)
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
