"""The servers as fixtures: `dovecot`, `postgres_url`, `bot_api`, `post_office`, and the `clock` that they go by."""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
from tests.servers import missing
from tests.servers.clock import Clock
from tests.servers.dovecot import Dovecot, DovecotMailbox, PymapMailbox, RealMailbox, program, running_dovecot
from tests.servers.postfix import Postfix, is_possible, running_postfix
from tests.servers.postgres import Postgres, programs, running_postgres

_users = itertools.count(1)


@pytest.fixture
def clock() -> Clock:
    """Wednesday 1 July 2026, 10:00 in London, until the test moves it."""
    return Clock()


@pytest.fixture
async def bot_api(clock: Clock) -> AsyncIterator[BotApi]:
    """The Bot API on loopback, with nobody in it."""
    async with BotApi(clock) as api:
        yield api


@pytest.fixture
async def post_office(clock: Clock) -> AsyncIterator[PostOffice]:
    """A mail server and the council's mailbox on loopback, both empty."""
    async with PostOffice(clock) as office:
        yield office


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot | None]:
    """Dovecot for the whole run; None where it is not installed."""
    if program() is None:
        missing("dovecot")
        yield None
        return
    with running_dovecot() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot | None, post_office: PostOffice) -> RealMailbox:
    """An empty mailbox on Dovecot; on pymap where Dovecot is missing."""
    if dovecot_server is None:
        return PymapMailbox(post_office)
    return DovecotMailbox(dovecot_server, f"office {next(_users)}@anytown.example")


@pytest.fixture(scope="session")
def postfix() -> Iterator[Postfix]:
    """Postfix for the whole run; tests that need it are skipped where it cannot be started."""
    if not is_possible():
        missing("postfix")
        pytest.skip("postfix is not installed, or we are not root")
    with running_postfix() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL for the whole run; tests that need it are skipped where it is not installed."""
    found = programs()
    if found is None:
        missing("postgresql")
        pytest.skip("postgresql is not installed")
    with running_postgres(found) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a new, empty database."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)
