"""Fixtures for every room, and the list of servers that a run had to do without."""

import os
from typing import Any

import pytest

from tests.servers import missing_servers

pytest_plugins = ["tests.servers.fixtures", "tests.memory_fixtures"]
MISSING = "missing_servers"


WHOLE_DAYS = ("tests/commands/", "tests/stories/", "tests/memory/test_upgrades.py")
"""Where a test is half a day at the desk: on SQLite with every change, on PostgreSQL with the long proofs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of whole days at the desk the second database is left to `make prove`, so that the first run stays short."""
    for item in items:
        if "postgresql" in item.name and item.nodeid.startswith(WHOLE_DAYS):
            item.add_marker("prove")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: a third of what tests take is waiting for servers and for other processes."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of the tests has ended: what it missed is named with the rest."""
    missing_servers.extend(name for name in getattr(node, "workeroutput", {}).get(MISSING, ()) if name not in missing_servers)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that leads the run what this one missed."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[MISSING] = missing_servers


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the servers that were missing: what was skipped or tested on a stand-in should not look tested."""
    if missing_servers:
        terminalreporter.section("servers that this machine lacks")
        terminalreporter.line(", ".join(sorted(missing_servers)))
